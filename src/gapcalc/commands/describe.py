"""Describes the inputs and the method, as every result begins with them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from gapcalc import __version__
from gapcalc.commands.prepare import Job
from gapcalc.formats.base import LINK_KINDS, at_limit
from gapcalc.inputs.contents import Skipped
from gapcalc.inputs.source import Source, vendor_of
from gapcalc.results.shared import NO_LOST, Input, Method, RuleUse, Tool
from gapcalc.rows import LinkFile, Problem
from gapcalc.rules.base import ActiveRule

_GROUPED = "some rows stand for several similar links"
_IGNORED = {
    "serp": "rows of SERP features name no page",
    "pages": "pages have no number of referring domains",
    "keywords": "keywords have no difficulty",
}


class ResultHead(NamedTuple):
    """The first fields of a result, in order."""

    schema: str
    tool: Tool
    as_of: str
    inputs: tuple[Input, ...]
    method: Method


def describe(
    job: Job, schema: str, as_of: date, files: Sequence[LinkFile], problems: Sequence[Problem]
) -> ResultHead:
    """Describe what a result rests on."""
    return ResultHead(
        schema,
        Tool("gapcalc", __version__, job.suffixes.date),
        as_of.isoformat(),
        describe_inputs(job, files, problems),
        describe_method(job, files),
    )


def describe_inputs(
    job: Job, files: Sequence[LinkFile], problems: Sequence[Problem]
) -> tuple[Input, ...]:
    """Describe every input, in their order."""
    by_number = {file.input: file for file in files}
    found = Counter(problem.input for problem in problems)
    return tuple(
        _skipped(item)
        if isinstance(item, Skipped)
        else _input(job, number, item, by_number.get(number), found[item.sheet.name])
        for number, item in enumerate(job.found)
    )


def _skipped(item: Skipped) -> Input:
    return Input(item.name, None, None, None, None, 0, None, None, None, f"skipped: {item.reason}")


def _input(job: Job, number: int, item: Source, file: LinkFile | None, problems: int) -> Input:
    name, read = item.sheet.name, job.row_files.get(number)
    first, last = _days(job, number, file)
    listed_as = item.manifest_entry.complete if item.manifest_entry else None
    is_cut = (file and (file.cut or file.short)) or cut_intersect(job, number)
    return Input(
        name=name,
        format=item.export.id,
        vendor=vendor_of(item),
        kind=item.export.kind,
        rows=file.rows if file else read.records if read else None,
        problems=problems,
        complete=False if is_cut else listed_as,
        from_=first,
        to=last,
        note="; ".join(_notes(job, number, item, file)) or None,
    )


def _days(job: Job, number: int, file: LinkFile | None) -> tuple[str | None, str | None]:
    """Give the first and the last day of an input's data."""
    if file:
        return _iso(file.first_day), _iso(file.last_day)
    serp = job.serps.get(number)
    days = [row.day for row in serp.rows if row.day] if serp else []
    return min(days, default=None), max(days, default=None)


def cut_intersect(job: Job, number: int) -> str | None:
    """Say why an intersect export may be cut off; None for any other file, and where it is whole."""
    read = job.intersects.get(number)
    return at_limit(read.records) if read else None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _notes(job: Job, number: int, item: Source, file: LinkFile | None) -> Iterator[str]:
    """Give the notes on an input: that of its manifest entry, then those it does not repeat."""
    listed = item.manifest_entry.note if item.manifest_entry else None
    known = {listed, *(listed or "").split("; ")}
    if listed:
        yield listed
    ignored = job.row_files[number].ignored if number in job.row_files else 0
    found = (
        item.sheet.origin.note,
        item.assumed,
        file.cut if file else None,
        _GROUPED if file and file.grouped else None,
        item.facts.note,
        None if marks_lost(item) else _all_live(item),
        f"bound to {job.bound[number]}" if number in job.bound else None,
        f"{ignored:,} {_IGNORED[item.export.kind]}" if ignored else None,
        file.short if file else None,
        cut_intersect(job, number),
        file.repeated if file else None,
    )
    yield from (note for note in found if note and note not in known)


def marks_lost(item: Source) -> bool:
    """Say whether a list of links marks lost ones; those in our own formats need not."""
    is_own = item.export.evidence.grade == "own"
    return is_own or item.export.kind not in LINK_KINDS or "lost" in item.places


def _all_live(item: Source) -> str:
    if "status" in item.places:
        return f"{NO_LOST}: those of pages that answer 404 or 410 are"
    return f"{NO_LOST}, so all count as live"


def describe_method(job: Job, files: Sequence[LinkFile]) -> Method:
    """Describe how the figures were made, and which files a rule does not apply to."""
    sources = job.sources

    def use(active: ActiveRule) -> RuleUse:
        lacking = tuple(sources[file.input].name for file in files if active.id not in file.rules)
        return RuleUse(active.id, dict(active.parameters), bool(files) and not lacking, lacking)

    asked, rules = job.settings, tuple(map(use, job.active))
    return Method("median", asked.top, asked.tolerance, asked.profile, job.suffixes.section, rules)
