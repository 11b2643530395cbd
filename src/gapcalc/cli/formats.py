"""The command `formats`: which files are read, and how are they exported?"""

from gapcalc.cli.options import Call
from gapcalc.cli.output import print_report
from gapcalc.reports.views.reference import report_formats as report


def run(call: Call) -> int:
    """List every export that is read."""
    print_report(report(), json=call.settings.json)
    return 0
