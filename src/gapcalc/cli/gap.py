"""The command `gap`: how many referring domains does my page lack for this keyword?"""

import sys
from collections.abc import Sequence

from gapcalc.cli.options import Call
from gapcalc.cli.output import deliver, screen, silent, tell, tell_inputs, today
from gapcalc.cli.progress import progress_bar
from gapcalc.commands.gap import answer_gap
from gapcalc.commands.limits import judge_limits, tell_exceeded
from gapcalc.errors import UsageError
from gapcalc.outputs import format_for
from gapcalc.reports.views.gap import report
from gapcalc.settings import Settings, environment
from gapcalc.workspace import Workspace, private_workspace


def run(call: Call) -> int:
    """Answer from files, or from what --provider gives; 1 or 4 says that a limit is not kept."""
    settings = call.settings
    fetches = call.was_typed("provider")
    if not call.arguments and not settings.links_for and not fetches:
        raise UsageError("no input. Name a SERP export or link exports; see gapcalc gap --help")
    if fetches and settings.dry_run:
        from gapcalc.cli.fetch import show_cost

        return show_cost(call)
    with (
        progress_bar(shown=not settings.quiet and sys.stderr.isatty()) as bar,
        private_workspace(silent if settings.quiet else tell, bar.show_files) as workspace,
    ):
        inputs = _fetched(call, workspace) if fetches else call.arguments
        return _answer(inputs, settings, workspace)


def _fetched(call: Call, workspace: Workspace) -> Sequence[str]:
    from gapcalc.cli.fetch import fetch_for_gap

    return fetch_for_gap(call, workspace)


def _answer(inputs: Sequence[str], settings: Settings, workspace: Workspace) -> int:
    form = format_for(settings.output, settings.format)
    answered = answer_gap(inputs, settings, today(), workspace)
    text = form.write(
        report(answered.result, details=settings.details), screen(colour=_has_colour(settings))
    )
    if not settings.quiet:
        verbose = settings.verbose > 0
        tell_inputs(answered.result.inputs, answered.problems, verbose=verbose)
    deliver(text, settings.output, bom=form.bom)
    if not settings.quiet:
        for message in tell_exceeded(answered.result.keywords, settings):
            tell(message)
    return judge_limits(answered.result.keywords, settings)


def _has_colour(settings: Settings) -> bool:
    plain = settings.no_color or environment().get("NO_COLOR") or settings.output
    return sys.stdout.isatty() and not plain
