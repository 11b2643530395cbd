"""Runs the command `gap`: options to settings, settings to an answer, the answer to an exit code."""

import shutil
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import typer

from gapcalc.cli.bar import progress_bar
from gapcalc.cli.streams import deliver, exit_codes, silent, tell, tell_inputs
from gapcalc.errors import UsageError
from gapcalc.jobs.answer import answer_gap
from gapcalc.model import Gap, GapResult
from gapcalc.reports.document import Document
from gapcalc.settings import Settings, environment, settle
from gapcalc.workspace import private_workspace

_LIMIT_EXCEEDED, _UNKNOWN = 1, 4
_NO_ANSWER = ("insufficient-data", "target-only")
_NO_SETTINGS = ("inputs", "json", "config", "no_color", "quiet", "verbose")


def answer(options: Mapping[str, object], inputs: Sequence[str]) -> None:
    """Answer, print, and exit with the code that the contract gives."""
    quiet, verbose = bool(options["quiet"]), bool(options["verbose"])
    with exit_codes():
        if not inputs:
            raise UsageError("no input. Name a SERP export or link exports; see gapcalc gap --help")
        settings = _settings(options)
        with (
            progress_bar(shown=not quiet and sys.stderr.isatty()) as advance,
            private_workspace(silent if quiet else tell, advance) as workspace,
        ):
            answered = answer_gap(inputs, settings, date.today(), workspace)  # noqa: DTZ011  (the user's day)
            text = _write(answered.result, settings, colour=_colour(options, settings))
            if not quiet:
                tell_inputs(answered.result.inputs, answered.problems, verbose=verbose)
            deliver(text, settings.output)
        code = _exit_code(answered.result, settings)
    if code:
        raise typer.Exit(code)


def _settings(options: Mapping[str, object]) -> Settings:
    flags = {
        name: _value(name, value)
        for name, value in options.items()
        if name not in _NO_SETTINGS and value is not None and value not in ([], ())
    }
    if options["json"]:
        flags["format"] = "json"
    config = options["config"]
    path = config if isinstance(config, Path) else None
    return settle(flags, environment(), path, Path.cwd())


def _value(name: str, value: object) -> object:
    if name == "as_of":
        return _date(str(value))
    if name in {"drop", "ugc_patterns"}:
        return _choices(name, str(value))
    return tuple(value) if isinstance(value, list) else value


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"--as-of {text} is no date; write it as 2026-01-31") from error


def _choices(name: str, text: str) -> tuple[str, ...]:
    known = {
        "drop": ("platform", "homepage", "duplicate-domain"),
        "ugc_patterns": ("comment", "forum", "profile"),
    }[name]
    chosen = tuple(part.strip() for part in text.split(",") if part.strip())
    for part in chosen:
        if part not in known:
            option = name.replace("_", "-")
            raise UsageError(f"--{option} {part}: it takes {', '.join(known)}, with commas between")
    return chosen


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
            from gapcalc.reports.gap_view import view

            return drawn(view(result), colour=colour)


def drawn(document: Document, *, colour: bool = False) -> str:
    """Draw a document as wide as the terminal, or 100 columns where there is none."""
    from gapcalc.reports.table import draw

    return draw(document, width=shutil.get_terminal_size((100, 24)).columns, colour=colour)


def _within(gap: Gap, limit: int) -> bool | None:
    """Say whether a gap keeps within the limit; a gap that may be larger is not known to."""
    if gap.median is None:
        return None
    if gap.median > limit:
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
