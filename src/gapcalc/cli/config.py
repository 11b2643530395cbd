"""The command `config`: which settings are in force, and where were they given?"""

from gapcalc.cli.options import Call
from gapcalc.cli.output import print_report
from gapcalc.reports.views.reference import report_config as report


def run(call: Call) -> int:
    """Show every option that is set."""
    print_report(report(call.settings, call.given), json=call.settings.json)
    return 0
