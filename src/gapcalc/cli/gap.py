"""The command `gap`: how many referring domains does my page lack for this keyword?"""

from collections.abc import Sequence

from gapcalc.cli.options import Call
from gapcalc.cli.output import (
    deliver,
    has_colour,
    screen,
    tell,
    tell_inputs,
    tell_unanswered,
    today,
)
from gapcalc.cli.progress import working
from gapcalc.commands.gap import answer_gap
from gapcalc.commands.limits import judge_limits, tell_exceeded
from gapcalc.errors import UsageError
from gapcalc.outputs import format_for
from gapcalc.reports.views.gap import report
from gapcalc.settings import Settings
from gapcalc.workspace import Workspace


def run(call: Call) -> int:
    """Answer from files, or from what --provider gives; 1 or 4 says that a limit is not kept."""
    settings = call.settings
    fetches = call.was_typed("provider")
    if not call.arguments and not settings.links_for and not fetches:
        raise UsageError("no input. Name a SERP export or link exports; see gapcalc gap --help")
    if fetches and settings.dry_run:
        from gapcalc.cli.fetch import show_cost

        return show_cost(call)
    with working(settings) as workspace:
        inputs = _fetched(call, workspace) if fetches else call.arguments
        return _answer(inputs, settings, workspace)


def _fetched(call: Call, workspace: Workspace) -> Sequence[str]:
    from gapcalc.cli.fetch import fetch_for_gap

    return fetch_for_gap(call, workspace)


def _answer(inputs: Sequence[str], settings: Settings, workspace: Workspace) -> int:
    form = format_for(settings.output, settings.format)
    # The table shows rivals' growth only among the details.
    with_rivals = settings.details or form.name != "table"
    answered = answer_gap(inputs, settings, today(), workspace, with_rivals=with_rivals)
    text = form.write(
        report(answered.result, details=settings.details, kind=settings.rows),
        screen(colour=has_colour(settings)),
    )
    if not settings.quiet:
        verbose = settings.verbose > 0
        tell_inputs(answered.result.inputs, answered.problems, verbose=verbose)
        tell_unanswered(answered.result.unanswered)
    deliver(text, settings.output, bom=form.bom)
    if not settings.quiet:
        for message in tell_exceeded(answered.result, answered.targets, settings):
            tell(message)
    return judge_limits(answered.result, answered.targets, settings)
