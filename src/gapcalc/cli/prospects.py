"""The command `prospects`: which domains link to the pages that rank and not to mine?"""

from gapcalc.cli.cover import hand_over
from gapcalc.cli.options import Call
from gapcalc.cli.output import deliver, today, write_answer
from gapcalc.cli.progress import working
from gapcalc.commands.prospects import find_prospects
from gapcalc.errors import UsageError
from gapcalc.outputs import format_for
from gapcalc.reports.views.prospects import report


def run(call: Call) -> int:
    """Find the leads in files."""
    settings = call.settings
    if not call.arguments and not settings.links_for:
        raise UsageError(
            "no input. Name a SERP export and link exports; see gapcalc prospects --help"
        )
    form = format_for(settings.output, settings.format)
    with working(settings) as workspace:
        found = find_prospects(call.arguments, settings, today(), workspace)
    said = hand_over("prospects", report(found.result), found.result.as_of, call)
    text = write_answer(said, settings, found.result.inputs, found.problems)
    deliver(text, settings.output, bom=form.bom)
    return 0
