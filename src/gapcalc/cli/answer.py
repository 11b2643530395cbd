"""Runs the command `gap`: options to settings, settings to an answer, the answer to an exit code."""

import shutil
import sys
from collections.abc import Mapping, Sequence
from datetime import date

import typer

from gapcalc.cli.bar import progress_bar
from gapcalc.cli.given import settings_of
from gapcalc.cli.streams import deliver, exit_codes, silent, tell, tell_inputs
from gapcalc.commands.gap import answer_gap
from gapcalc.errors import UsageError
from gapcalc.reports.document import Document
from gapcalc.results import Gap, GapResult
from gapcalc.settings import Settings, environment
from gapcalc.workspace import private_workspace

_LIMIT_EXCEEDED, _UNKNOWN = 1, 4
_NO_ANSWER = ("too-little-data", "own-count-unknown")


def answer(options: Mapping[str, object], inputs: Sequence[str]) -> None:
    """Answer, print, and exit with the code that the contract gives."""
    quiet, verbose = bool(options["quiet"]), bool(options["verbose"])
    with exit_codes():
        fetches = options["provider"] is not None
        if not inputs and not fetches:
            raise UsageError("no input. Name a SERP export or link exports; see gapcalc gap --help")
        settings = settings_of(options)
        with (
            progress_bar(shown=not quiet and sys.stderr.isatty()) as advance,
            private_workspace(silent if quiet else tell, advance) as workspace,
        ):
            if fetches:
                from gapcalc.cli.fetching import fetch_for_gap

                inputs = fetch_for_gap(inputs, settings, options, workspace)
            answered = answer_gap(inputs, settings, date.today(), workspace)  # noqa: DTZ011  (the user's day)
            text = _write(answered.result, settings, colour=_colour(options, settings))
            if not quiet:
                tell_inputs(answered.result.inputs, answered.problems, verbose=verbose)
            deliver(text, settings.output)
        code = _exit_code(answered.result, settings)
    if code:
        raise typer.Exit(code)


def _colour(options: Mapping[str, object], settings: Settings) -> bool:
    plain = options["no_color"] or environment().get("NO_COLOR") or settings.output
    return sys.stdout.isatty() and not plain


def _write(result: GapResult, settings: Settings, *, colour: bool) -> str:
    match settings.format:
        case "json":
            from gapcalc.reports.json import dump

            return dump(result)
        case "jsonl":
            from gapcalc.reports.json import write_jsonl

            return write_jsonl(result)
        case "csv":
            from gapcalc.reports.csv import write_csv

            return write_csv(result)
        case "table":
            from gapcalc.reports.views.gap import view

            return drawn(view(result), colour=colour)


def drawn(document: Document, *, colour: bool = False) -> str:
    """Draw a document as wide as the terminal, or 100 columns where there is none."""
    from gapcalc.reports.table import draw

    return draw(document, width=shutil.get_terminal_size((100, 24)).columns, colour=colour)


def _within(gap: Gap, limit: int) -> bool | None:
    """Say whether a gap keeps within the limit; a gap that may be larger is not known to."""
    if gap.to_median is None:
        return None
    if gap.to_median > limit:
        return False
    return True if gap.bound in {"exact", "at most"} else None


def _exit_code(result: GapResult, settings: Settings) -> int:
    limit = settings.fail_over
    if limit is not None:
        judged = [_within(answer.gap, limit) for answer in result.keywords]
        if False in judged:
            return _LIMIT_EXCEEDED
        if None in judged and not settings.allow_unknown:
            return _UNKNOWN
    if settings.fail_unknown and any(a.verdict.code in _NO_ANSWER for a in result.keywords):
        return _UNKNOWN
    return 0
