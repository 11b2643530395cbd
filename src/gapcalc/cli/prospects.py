"""The command `prospects`: which domains link to the pages that rank and not to mine?"""

from gapcalc.cli.answer import check_files, deliver_answer, hand_over, require_input
from gapcalc.cli.options import Call
from gapcalc.cli.output import today, write_answer
from gapcalc.cli.progress import working
from gapcalc.commands.prospects import find_prospects
from gapcalc.reports.views.prospects import report


def run(call: Call) -> int:
    """Find the leads in files."""
    settings = call.settings
    require_input("prospects", call, "a SERP export and link exports")
    check_files(settings)
    with working(settings) as workspace:
        found = find_prospects(call.arguments, settings, today(), workspace)
    said = hand_over("prospects", report(found.result), found.result.as_of, call)
    text = write_answer(said, settings, found.result.inputs, found.problems)
    deliver_answer("prospects", text, found.result, settings)
    return 0
