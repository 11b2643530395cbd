"""Warns about inputs: what was not read, what is missing, old, or not used."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from gapcalc.analyses.candidates import is_of_host
from gapcalc.analyses.question import Serp, keyword_key
from gapcalc.commands.describe import cut_intersect, marks_lost
from gapcalc.commands.prepare import Job
from gapcalc.errors import most_similar
from gapcalc.inputs.contents import Skipped
from gapcalc.inputs.detect import shorten
from gapcalc.inputs.rows import RowFile
from gapcalc.inputs.source import Source
from gapcalc.results.gap import Unanswered
from gapcalc.results.shared import Caution, Input
from gapcalc.rows import LinkCounts, LinkFile, SerpRow, is_lost_row
from gapcalc.text import name_first
from gapcalc.urls import host_of_page
from gapcalc.words import UNNAMED

OLD_AFTER = 90
"""Days after which data is called old."""
_NAMED = 3
_SAYS_NO_PAGE = "does not say which page its links point to"


def file_cautions(job: Job, files: Sequence[LinkFile]) -> Iterator[Caution]:
    """Warn about what in the files could not be read, or not be used."""
    yield from unreadable_columns(job, files)
    yield from _unread_results(job)
    yield from not_read(job)
    yield from missing_columns(job, files)
    yield from unbound_files(job, files)


def cut_intersects(job: Job) -> Iterator[Caution]:
    """Warn about intersect exports that may be cut off."""
    for number in job.intersects:
        why = cut_intersect(job, number)
        if why:
            said = f"{job.found[number].name} may be cut off: {why}. Leads may be missing."
            yield Caution("cut-intersect", said)


def not_read(job: Job) -> Iterator[Caution]:
    """Name the files and sheets of the named inputs that were not read, and why."""
    skipped = [f"{i.name} ({i.reason})" for i in job.found if isinstance(i, Skipped)]
    if skipped:
        were = "was" if len(skipped) == 1 else "were"
        said = f"{len(skipped)} of the inputs {were} not read: {name_first(skipped, _NAMED, '; ')}."
        yield Caution("not-read", said)


def left_out_keywords(unanswered: Sequence[Unanswered]) -> Iterator[Caution]:
    """Name the keywords that have no answer, and why."""
    for item in unanswered:
        yield Caution("keyword-left-out", f"{item.keyword or UNNAMED!r} is left out: {item.reason}")


def _pages_of_other_keywords(job: Job) -> set[str]:
    """Give the pages that rank for keywords that --keyword leaves out."""
    asked = job.settings.keyword
    rows = [row for file in job.serps.values() for row in file.rows] if asked else []
    return {row.page for row in rows if keyword_key(row.keyword) != keyword_key(asked)}


def unbound_files(job: Job, files: Sequence[LinkFile]) -> Iterator[Caution]:
    """Warn about lists of links that count for no page, or whose count may be too high."""
    others, sources = _pages_of_other_keywords(job), job.sources
    for file in files:
        item = sources[file.input]
        # A fetched folder has lists for all keywords; its manifest names the page of each.
        is_listed = item.manifest_entry is not None and item.manifest_entry.page
        if file.elsewhere and others.isdisjoint(file.elsewhere) and not is_listed:
            yield Caution(
                "file-not-used",
                f"{item.name} is not used: no link in it goes to a page that is compared, "
                f"only to others such as {', '.join(file.elsewhere)}",
            )
        if file.covered:
            yield Caution(
                "file-not-used",
                f"{item.name} is not used: {file.covered} has its domains and says more of them.",
            )
        if file.unbound:
            site = item.facts.site
            why = f"is of {site}, not of one page" if site else _SAYS_NO_PAGE
            yield Caution(
                "file-of-unknown-page",
                f"{item.name} {why}, so it is not counted: add --links-for URL={item.name}",
            )
        if file.site_scope:
            yield Caution(
                "file-of-a-site",
                f"{item.name} is of {item.facts.site}, and it is bound to one page: links to "
                "other pages count as if they went to this one, so its count may be too high.",
            )


_EFFECTS = {
    "lost": (
        "So nothing tells which of its links are lost, and no page that it lists is counted.",
        "Such a link counts as live.",
    ),
    **dict.fromkeys(
        ("nofollow", "ugc", "sponsored"),
        (
            "So nothing tells which of its links are followed, and rules that need it are left out.",
            "Nothing tells whether such a link is followed.",
        ),
    ),
    "referring_domains": ("", "The count of such a page is unknown."),
}
"""What follows from a column that cannot be read, and from a cell."""
_OTHER_EFFECT = ("It is treated as if the file did not have it.", "Such a cell counts as empty.")


def unreadable_columns(job: Job, files: Sequence[LinkFile]) -> Iterator[Caution]:
    """Warn about columns and cells that bear on the answer and cannot be read, weighty ones first."""
    columns = [(file.input, column) for file in files for column in file.unread]
    columns += [
        (number, column)
        for number, read in job.row_files.items()
        for column in read.unread
        if column.field in _ROW_FIELDS or number in job.intersects
    ]
    weight = {field: place for place, field in enumerate(_EFFECTS)}
    columns.sort(key=lambda c: (c[0], weight.get(c[1].field, len(weight)), c[1].field))
    sources = job.sources
    for number, column in columns:
        item = sources[number]
        line = item.sheet.origin.row(column.line)
        of_column, of_cell = _EFFECTS.get(column.field, _OTHER_EFFECT)
        yield Caution(
            "unreadable-column" if column.is_whole else "unreadable-cells",
            f"{item.name}: {column} (line {line}). {of_column if column.is_whole else of_cell}",
        )


_ROW_FIELDS = ("referring_domains", "kd", "authority", "day", "volume")


def old_inputs(inputs: Sequence[Input], as_of: date) -> Iterator[Caution]:
    """Warn about data that ends long before the day of the answer.

    A list that tells only when its links were seen first may be new and have no new links.
    """
    limit = (as_of - timedelta(days=OLD_AFTER)).isoformat()
    old = [(i.to, i.name) for i in inputs if i.from_ and i.to and i.to < limit]
    if old:
        (day, name), count = min(old), len(old)
        said = f"The data of {name} ends" if count == 1 else f"The data of {count} files end"
        yield Caution(
            "old-data",
            f"{said} more than {OLD_AFTER} days before {as_of} "
            f"({'on' if count == 1 else 'the oldest on'} {day}). Links come and go: export "
            f"{'it' if count == 1 else 'them'} again.",
        )


def _unread_results(job: Job) -> Iterator[Caution]:
    """Warn about rows of SERPs that are not read as results: each may be a page to compare with."""
    for number, read in job.serps.items():
        for said in _why_not_results(read):
            yield Caution("rows-not-read", f"{job.found[number].name}: {said}")


def _why_not_results(read: RowFile[SerpRow]) -> Iterator[str]:
    lost = [p for p in read.problems if is_lost_row(p)]
    if lost:
        rows = "1 row" if len(lost) == 1 else f"{len(lost):,} rows"
        yield (
            f"{rows} cannot be read, so pages that rank may be missing; the first is on line "
            f"{lost[0].line} ({lost[0].reason})."
        )
    nameless = [row.line for row in read.rows if row.keyword is None]
    if 0 < len(nameless) < len(read.rows):
        yield (
            f"{len(nameless):,} of its rows name no keyword, the first on line {nameless[0]}, and "
            "count as a SERP of their own. Write the keyword in every row."
        )
    if read.rows and not any(row.organic for row in read.rows):
        kinds = ", ".join(repr(kind) for kind in dict.fromkeys(r.kind for r in read.rows))
        yield (
            f"none of its rows is an organic result, by its column of types ({shorten(kinds)}), so "
            "no page is compared. Write organic there, or delete the column."
        )


def unused_lists(job: Job, serps: Sequence[Serp], counts: LinkCounts | None) -> Iterator[Caution]:
    """Warn about lists of pages and keywords that have nothing on what is asked."""
    pages = {row.page for serp in serps for row in serp.rows}
    if not pages and counts is not None:
        pages.update(counts.pages)
    pages |= {page for _, page, _ in job.question.competitors}
    pages |= {job.question.target.page} if job.question.target else set()
    pages |= {row.target.page for row in job.targets.rows.values() if row.target}
    names = {keyword_key(serp.keyword) for serp in serps}
    scored = {row.input for name in names for row in job.scores.get(name, ())}
    for number, item in enumerate(job.found):
        why = ""
        if number in job.pages and not any(row.page in pages for row in job.pages[number].rows):
            why = "none of its pages takes part in the answer"
        elif number in job.keywords and number not in scored:
            why = "it has the difficulty of none of these keywords"
        if why:
            yield Caution("file-not-used", f"{item.name} is not used: {why}.")


def unfound_site(job: Job) -> Iterator[Caution]:
    """Say that no result of any SERP is on --site, and which site may be meant."""
    site = job.question.site
    rows = [row for file in job.serps.values() for row in file.rows if row.organic]
    if site is None or any(is_of_host(row.page, site.page) for row in rows):
        return
    hosts = {_own_name(job, host): host for row in rows if (host := host_of_page(row.page))}
    # What all hosts of a country end in makes none of them similar.
    near = most_similar(_own_name(job, host_of_page(site.page)), hosts)
    meant = f"Did you mean {hosts[near]}?" if near else ""
    said = f"No result of any SERP is on --site {job.settings.site}. {meant}".strip()
    yield Caution("site-not-found", said)


def _own_name(job: Job, host: str) -> str:
    return job.suffixes.domain(host).partition(".")[0]


def unused_targets(job: Job) -> Iterator[Caution]:
    """Name the keywords of --targets that no SERP is of, and its columns that are not read."""
    path, targets = job.settings.targets, job.targets
    known = {keyword_key(job.settings.keyword)}
    if targets.rows:
        known |= {keyword_key(row.keyword) for file in job.serps.values() for row in file.rows}
    lost = [row for key, row in targets.rows.items() if key not in known]
    if lost:
        named = name_first([f"{row.keyword} (line {row.line})" for row in lost])
        yield Caution("targets-not-used", f"No SERP covers these keywords of {path}: {named}.")
    if targets.unread:
        columns = ", ".join(targets.unread[:_NAMED])
        yield Caution("columns-not-read", f"{path} has columns that are not read: {columns}.")


_COUNTS = r"(?i)domains?\b(?!.*(rat|auth|score|name|traffic))|\b(link|refer)\w* sites|\brds?\b"
"""A heading that may stand above numbers of referring domains."""


def missing_columns(job: Job, files: Sequence[LinkFile]) -> Iterator[Caution]:
    """Name the columns that a SERP or a list lacks where the answer depends on them."""
    sources = job.sources
    for number in job.serps:
        if "referring_domains" in sources[number].places:
            yield from _several_counts(sources[number])
        else:
            yield from _without_counts(sources[number], has_links=bool(files))
    used = [f for f in files if f.rows and not (f.unbound or f.elsewhere or f.covered)]
    known = frozenset(rule for file in used for rule in file.rules)
    for file in used:
        lacking = [active.id for active in job.active if active.id in known - file.rules]
        if lacking:
            yield Caution(
                "rule-columns-missing",
                f"{sources[file.input].name} lacks columns for the rules {', '.join(lacking)}, "
                "which other lists have.",
            )
        yield from _renamed(job, sources[file.input])
    marking = {file.input for file in used if marks_lost(sources[file.input])}
    for file in used:
        if marking and file.input not in marking:
            yield Caution(
                "columns-missing",
                f"{sources[file.input].name} has no column of lost links, which other lists "
                "have: its lost links count as live.",
            )
        elif file.input not in marking:
            yield from _renamed_lost(sources[file.input])


def _renamed(job: Job, item: Source) -> Iterator[Caution]:
    """Name the columns that rules lack, where a heading is much like that of the column."""
    rules: dict[str, list[str]] = defaultdict(list)
    for active in job.active:
        for field in {*active.rule.needs} - item.places.keys():
            rules[field].append(active.id)
    unread = item.unread_headings
    for column in (column for column in item.export.columns if column.field in rules):
        name = column.headings[0]
        alike = re.compile(rf"\b{re.escape(name)}\b", re.IGNORECASE)
        if like := [heading for heading in unread if alike.search(heading)]:
            yield Caution(
                "columns-missing",
                f"{item.name} has no column {name!r}, though it has {like[0]!r}, so these "
                f"rules go without it: {', '.join(rules[column.field])}. Rename that column, or "
                "export the list again.",
            )


def _renamed_lost(item: Source) -> Iterator[Caution]:
    """Name the column that may tell the lost links, where the one that does is missing."""
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
    near = [heading for heading in item.unread_headings if re.search(_COUNTS, heading)]
    if near or not has_links:
        advice = "Add one called referring_domains, or link exports of the pages."
        if near:
            advice = f"If {near[0]!r} holds them, call it referring_domains."
        said = f"{item.name} has no column of referring domains. {advice}"
        yield Caution("columns-missing", said)


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
