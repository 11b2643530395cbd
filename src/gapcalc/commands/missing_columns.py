"""Warns about columns that files lack where the answer depends on them."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from gapcalc.commands.describe import marks_lost
from gapcalc.commands.prepare import Job
from gapcalc.inputs.contents import Found, Skipped
from gapcalc.inputs.source import Source
from gapcalc.results.shared import Caution
from gapcalc.rows import LinkFile

_COUNTS = r"(?i)domains?\b(?!.*(rat|auth|score|name|traffic))|\b(link|refer)\w* sites|\brds?\b"
"""A heading that may stand above numbers of referring domains."""


def missing_columns(job: Job, files: Sequence[LinkFile]) -> Iterator[Caution]:
    """Name the columns that a SERP or a list lacks where the answer depends on them."""
    for number in job.serps:
        item = job.found[number]
        if isinstance(item, Source):
            yield from _count_columns(item, has_links=bool(files))
    set_aside = (file for file in files if file.unbound or file.elsewhere or file.covered)
    unused = {file.input for file in set_aside}
    used = [file for file in files if file.rows and file.input not in unused]
    known = frozenset(rule for file in used for rule in file.rules)
    for file in used:
        lacking = [active.id for active in job.active if active.id in known - file.rules]
        if lacking:
            yield Caution(
                "rule-columns-missing",
                f"{job.found[file.input].name} lacks columns for the rules {', '.join(lacking)}, "
                "which other lists have.",
            )
        yield from _renamed(job, job.found[file.input])
    marking = {file.input for file in used if marks_lost(job.found[file.input])}
    for file in used:
        if marking and file.input not in marking:
            yield Caution(
                "columns-missing",
                f"{job.found[file.input].name} has no column of lost links, which other lists "
                "have: its lost links count as live.",
            )
        elif file.input not in marking:
            yield from _renamed_lost(job.found[file.input])


def _renamed(job: Job, item: Found) -> Iterator[Caution]:
    """Name the columns that rules lack, where a heading is much like that of the column."""
    if isinstance(item, Skipped):
        return
    unread = _unread_headings(item)
    rules: dict[str, list[str]] = defaultdict(list)
    for active in job.active:
        for field in {*active.rule.needs} - item.places.keys():
            rules[field].append(active.id)
    for column in (column for column in item.export.columns if column.field in rules):
        name = column.headings[0]
        like = [h for h in unread if re.search(rf"\b{re.escape(name)}\b", h, re.IGNORECASE)]
        if like:
            yield Caution(
                "columns-missing",
                f"{item.name} has no column {name!r}, though it has {like[0]!r}, so these "
                f"rules go without it: {', '.join(rules[column.field])}. Rename that column, or "
                "export the list again.",
            )


def _unread_headings(item: Source) -> list[str]:
    read = {index for index, _ in item.places.values()} | {column.place for column in item.unread}
    return [heading.strip() for n, heading in enumerate(item.header) if n not in read]


def _renamed_lost(item: Found) -> Iterator[Caution]:
    """Name the column that may tell the lost links, where the one that does is missing."""
    if isinstance(item, Skipped):
        return
    known = [column for column in item.export.columns if column.field == "lost"]
    # Ahrefs always has a Lost status, which says why a link was lost.
    near = sorted(
        (heading.strip() for heading in item.header if "lost" in heading.casefold()),
        key=lambda heading: "status" in heading.casefold(),
    )
    if known and near:
        yield Caution(
            "columns-missing",
            f"{item.name} has no column {known[0].headings[0]!r}, though it has {near[0]!r}: its "
            "lost links count as live. Export it again, or rename the column that marks them.",
        )


def _without_counts(item: Source, *, has_links: bool) -> Iterator[Caution]:
    near = [heading for heading in _unread_headings(item) if re.search(_COUNTS, heading)]
    if near or not has_links:
        advice = (
            f"If {near[0]!r} holds them, call it referring_domains."
            if near
            else "Add one called referring_domains, or link exports of the pages."
        )
        said = f"{item.name} has no column of referring domains. {advice}"
        yield Caution("columns-missing", said)


def _count_columns(item: Source, *, has_links: bool) -> Iterator[Caution]:
    if "referring_domains" in item.places:
        yield from _several_counts(item)
    else:
        yield from _without_counts(item, has_links=has_links)


def _several_counts(item: Source) -> Iterator[Caution]:
    """Name the columns of a SERP that may hold the counts as well as the one that is read."""
    known = {
        name
        for column in item.export.columns
        if column.field == "referring_domains"
        for name in column.headings
    }
    place, _ = item.places["referring_domains"]
    others = [i for i, name in enumerate(item.plain_header) if name in known and i != place]
    if others:
        yield Caution(
            "columns-not-read",
            f"{item.name} has {len(others) + 1} columns of referring domains: "
            f"{item.header[place].strip()!r} (column {place + 1}) is read, "
            f"{item.header[others[0]].strip()!r} (column {others[0] + 1}) is not. Keep only the one "
            "that counts the pages' own.",
        )
