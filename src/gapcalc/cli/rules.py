"""The command `rules`: which links count, and why do the others not?"""

from gapcalc.cli.options import Call
from gapcalc.cli.output import print_report
from gapcalc.reports.views.reference import report_rules as report


def run(call: Call) -> int:
    """Explain each quality rule."""
    print_report(report(), json=call.settings.json)
    return 0
