"""The command `benchmark`: what does a KD score mean, and what are the published figures?"""

from gapcalc.cli.options import Call
from gapcalc.cli.output import print_report
from gapcalc.commands.benchmark import find_benchmark
from gapcalc.reports.views.reference import report_benchmark as report


def run(call: Call) -> int:
    """Show the KD scale, and what it says for a KD or a number of referring domains."""
    settings = call.settings
    found = find_benchmark(settings.kd, settings.rd, settings.kd_scale)
    print_report(report(found), json=settings.json)
    return 0
