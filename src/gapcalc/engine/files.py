"""Describes each link file: its rules, whether it is cut off, which page or site it covers."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from gapcalc.connection import Engine
from gapcalc.engine import schema
from gapcalc.engine.kept import KeptColumn, seen_field
from gapcalc.formats.base import at_limit
from gapcalc.inputs.records import read_records
from gapcalc.inputs.source import Source
from gapcalc.rows import LinkFile, Problem, Unread, is_lost_row
from gapcalc.rules.base import ActiveRule
from gapcalc.words import ONE_PER_DOMAIN, UNNAMED

_FEWEST_TO_TELL = 10
"""In files with fewer rows, one link per host may be chance."""
_SHOWN = 3
_COUNTED_BY = ("lost", "nofollow", "ugc", "sponsored")
"""The columns that counts need whatever the rules are."""
_ONE_PER_DOMAIN = "it holds one link per domain, so each domain shows only one page it links to"


def fields_used(rules: Sequence[ActiveRule], kept: Sequence[KeptColumn]) -> frozenset[str]:
    """Give the columns that the answer rests on."""
    read = (field for active in rules for field in active.rule.reads)
    return frozenset((*_COUNTED_BY, *read, *(column.field for column in kept)))


def describe_files(
    engine: Engine,
    sources: Sequence[tuple[int, Source]],
    rules: Sequence[ActiveRule],
    bound: Mapping[int, str],
    kept: Sequence[KeptColumn],
) -> tuple[LinkFile, ...]:
    """Describe every link file, in the order of the inputs; `kept` are columns of ``link_row``."""
    shown = {number: _Shown(*figures) for number, *figures in engine.query(_SHOWN_BY_FILES)}
    single = _one_link_per_domain(engine, shown)
    elsewhere = _pages_elsewhere(engine, shown)
    hosts = _hosts_of_sites(engine, sources, shown)
    days = {number: found for number, *found in engine.query("from file_days")}
    repeated = _repeated(engine, {n: source.sheet.name for n, source in sources})
    files = []
    for number, source in sources:
        fields = frozenset(source.places)
        vendor, count, *_ = shown[number]
        first_day, last_day, groups = days.get(number, (None, None, None))
        files.append(
            LinkFile(
                input=number,
                vendor=vendor,
                rows=count,
                rules=frozenset(a.id for a in rules if a.applies_to(fields)),
                has_rel=source.has_rel,
                unread=source.unread,
                unbound="target_url" not in fields and number not in bound,
                elsewhere=elsewhere.get(number, ()),
                site_scope=_is_of_site(source, is_bound=number in bound),
                cut=_why_cut(source, vendor, count, single=number in single),
                grouped=_is_grouped(source, kept, says_so=bool(groups)),
                first_day=first_day if seen_field(source) == "last_seen" else None,
                last_day=last_day,
                repeated=repeated.get(number),
                complete=_is_told_whole(source),
                one_per_domain=_is_one_per_domain(source, looks_so=number in single),
                hosts=hosts.get(number, frozenset()),
            )
        )
    return tuple(files)


class _Shown(NamedTuple):
    """The rows of a file and the pages that its targets name.

    `paged` is the number of targets that name a page; `counted`, of those that name a counted page.
    """

    vendor: str
    rows: int
    names_several: bool
    paged: int
    counted: int


_SHOWN_BY_FILES = """
select file, file.vendor, coalesce(sum(rows), 0)::bigint,
    coalesce(min(target_url.page) < max(target_url.page), false),
    count(coalesce(file.page, target_url.page)), count(page.page)
from file left join target_url using (file)
left join page on page.page = coalesce(file.page, target_url.page)
group by file, file.vendor
"""

_MANY = 50
"""A list counts as complete if at most one row in this many cannot be read."""


def with_lacking_rows(
    sources: Sequence[tuple[int, Source]], files: Sequence[LinkFile], problems: Sequence[Problem]
) -> Iterator[LinkFile]:
    """Mark files with too many unreadable rows as cut: each such row may hold one more domain."""
    lacking = Counter(problem.input for problem in problems if is_lost_row(problem))
    for (_, source), file in zip(sources, files, strict=True):
        found = lacking[source.sheet.name]
        if file.cut is None and found * _MANY > file.rows:
            rows = "row" if found == 1 else "rows"
            yield file._replace(cut=f"{found:,} {rows} of it cannot be read")
        else:
            yield file


def with_bad_cells(
    sources: Sequence[tuple[int, Source]],
    files: Sequence[LinkFile],
    problems: Sequence[Problem],
    used: frozenset[str],
) -> Iterator[LinkFile]:
    """Add the columns that have a few unreadable cells, except those that are not `used`."""
    by_input: dict[str, dict[str, Unread]] = defaultdict(dict)
    for problem in problems:
        if column := problem.column:
            columns = by_input[problem.input]
            known = columns.get(column.field, column._replace(bad=0))
            first = min(known, column, key=lambda found: found.line)
            columns[column.field] = first._replace(bad=known.bad + 1)
    for (_, source), file in zip(sources, files, strict=True):
        columns = by_input[source.sheet.name]
        unread = (*file.unread, *columns.values())
        yield file._replace(unread=tuple(c for c in unread if c.field in used))


_UNUSED = """
select less, min(more) from covered_file
where less not in (select file from file_page join page using (page)) group by less
"""


def without_covered(
    engine: Engine, sources: Sequence[tuple[int, Source]], used: frozenset[str]
) -> dict[int, str]:
    """Set aside lists of a page whose domains a list of the same vendor has and says more of.

    Such are a list of domains beside that of their links, and a copy without the column of lost
    links. The first has no columns for most rules; both would make lost links live. Gives, for each
    list that is not used at all, the name of the other. `used` are the columns that the answer
    rests on.
    """
    known = [(s.export.kind, used.intersection(s.places)) for _, s in sources]
    kinds = list(dict.fromkeys(known))
    pairs = [
        (less, more)
        for less, (poor, few) in enumerate(kinds)
        for more, (rich, many) in enumerate(kinds)
        if (poor, rich) == ("domains", "links") or ("lost" in many - few and few < many)
    ]
    if not pairs or not engine.query("from shared_page limit 1"):
        return {}
    values = {
        "less": [less for less, _ in pairs],
        "more": [more for _, more in pairs],
        "files": [number for number, _ in sources],
        "kinds": [kinds.index(one) for one in known],
    }
    engine.execute(schema.COVERED_FILE, values)
    for statement in schema.SET_ASIDE:
        engine.execute(statement)
    names = {number: source.name for number, source in sources}
    return {less: names[more] for less, more in engine.query(_UNUSED)}


def without_gone_links(engine: Engine, files: Sequence[LinkFile]) -> Iterator[LinkFile]:
    """Count links as lost that only older exports of a list have; note how many in each file."""
    found: dict[int, int] = {}
    repeated = any(file.repeated for file in files)
    if repeated and engine.query("from shared_page where dated limit 1"):
        cut = [file.input for file in files if file.cut]
        engine.execute(schema.GONE_SOURCE, {"cut": cut})
        engine.execute(schema.TAKE_AS_LOST)
        found = dict(engine.query("select file, count(*) from gone_source group by file"))
    for file in files:
        if found.get(file.input):
            pages = "1 page" if found[file.input] == 1 else f"{found[file.input]:,} pages"
            gone = f"links from {pages} that the newer export lacks count as lost"
            yield file._replace(repeated=f"{file.repeated}; {gone}")
        else:
            yield file


def _is_told_whole(source: Source) -> bool:
    return source.manifest_entry is not None and source.manifest_entry.complete is True


def _is_one_per_domain(source: Source, *, looks_so: bool) -> bool:
    note = source.manifest_entry.note if source.manifest_entry else None
    fetched_so = note is not None and ONE_PER_DOMAIN in note
    return source.export.kind == "links" and (looks_so or fetched_so)


def _is_of_site(source: Source, *, is_bound: bool) -> bool:
    """Say whether the user or a manifest binds a whole-site file to one page."""
    told_page = source.manifest_entry is not None and source.manifest_entry.page is not None
    return source.facts.site is not None and (is_bound or told_page)


def _why_cut(source: Source, vendor: str, rows: int, *, single: bool) -> str | None:
    told = source.manifest_entry.complete if source.manifest_entry else None
    if source.manifest_entry and told is False:
        return source.manifest_entry.note or "it was cut off when it was fetched"
    said = source.export.partial or source.facts.cut
    if said:
        return said
    # A manifest beats the guess from a round number of rows.
    if told is None and vendor != UNNAMED and (limit := at_limit(rows)):
        return limit
    return _ONE_PER_DOMAIN if single and source.export.kind == "links" else None


def shows_in_rows(file: LinkFile) -> bool:
    """Say whether a copy of the rows alone would hold all that is known about the file."""
    return not file.complete and file.cut in {None, _ONE_PER_DOMAIN, at_limit(file.rows)}


def _pages_elsewhere(engine: Engine, shown: Mapping[int, _Shown]) -> dict[int, tuple[str, ...]]:
    """Give up to three pages of each file that has no link to a counted page."""
    inputs = [number for number, file in shown.items() if file.paged and not file.counted]
    if not inputs:
        return {}
    found = engine.query(
        """
select file, list(page order by page)[:3] from file_page
where page is not null and file in (select unnest($inputs)) group by file
""",
        {"inputs": inputs},
    )
    return {number: tuple(pages) for number, pages in found}


_MOST_HOSTS = 50


def _hosts_of_sites(
    engine: Engine, sources: Sequence[tuple[int, Source]], shown: Mapping[int, _Shown]
) -> dict[int, frozenset[str]]:
    """Give the hosts of each vendor's file that lists several pages on few hosts.

    Files in gapcalc's own formats are left out: they may join lists of single pages.
    """
    inputs = [
        number
        for number, source in sources
        if source.export.kind == "links"
        and source.export.evidence.grade != "own"
        and shown[number].names_several
    ]
    if not inputs:
        return {}
    found = engine.query(
        """
select file, list(distinct regexp_extract(page, '^[^/?]*')) as hosts from file_page
where page is not null and file in (select unnest($inputs))
group by file having count(*) > 1 and len(hosts) <= $most
""",
        {"inputs": inputs, "most": _MOST_HOSTS},
    )
    return {number: frozenset(hosts) for number, hosts in found}


def _is_grouped(source: Source, kept: Sequence[KeptColumn], *, says_so: bool) -> bool:
    """Say whether a file has rows that stand for several links.

    Big files do not keep the column, so only their first rows are checked.
    """
    is_kept = any(column.name == "links" for column in kept)
    return source.export.kind == "links" and (says_so if is_kept else _groups_at_first(source))


def _groups_at_first(source: Source) -> bool:
    index, cell = source.places.get("links", (0, None))
    if cell is None:
        return False
    lines = source.sheet.lines[source.header_line :]
    return any(
        not record.fault and record.cells[index].strip() not in {"", "0", "1"}
        for record in read_records(lines, source.delimiter, len(source.header))
    )


def _repeated(engine: Engine, names: Mapping[int, str]) -> dict[int, str]:
    """Note how links are counted in each file that shares a page with others of its vendor.

    Only the first few files are named: n files that each name all others make n² names.
    """
    others: dict[int, list[int]] = defaultdict(list)
    together: dict[int, int] = defaultdict(int)
    dated: dict[int, bool] = {}
    for files, told in engine.query("select files, dated from shared_page order by page_id"):
        for number in files:
            others[number] += [n for n in files[: _SHOWN + 1] if n != number]
            together[number] = max(together[number], len(files) - 1)
            dated[number] = told and dated.get(number, True)
    return {
        number: _counted_once(
            [names[n] for n in sorted(set(found))], together[number], dated=dated[number]
        )
        for number, found in others.items()
    }


def _counted_once(others: Sequence[str], known: int, *, dated: bool) -> str:
    shown = ", ".join(others[:_SHOWN])
    more = max(known, len(others)) - _SHOWN
    shown += f" and {more} more" if more > 0 else ""
    holds = (
        "as the file with the newest date has it"
        if dated
        else "as live if any file has it as live, because no dates tell which file is newer"
    )
    return f"a link that is in {shown} too counts once, {holds}"


def _one_link_per_domain(engine: Engine, shown: Mapping[int, _Shown]) -> frozenset[int]:
    """Find the files with as many hosts as rows and several target pages.

    Hosts are compared by their normal spelling, however the file writes them. Rows without a host,
    such as one of totals, are no links.
    """
    several = {number: file.rows for number, file in shown.items() if file.names_several}
    if not several:
        return frozenset()
    ((hosts,),) = engine.query("select count(*) from host_name")
    inputs = [number for number, count in several.items() if _FEWEST_TO_TELL <= count <= hosts]
    if not inputs:
        return frozenset()
    found = engine.query(
        """
select file from link_row left join host_name using (host)
where file in (select unnest($inputs)) group by file having count(distinct name) = count(name)
""",
        {"inputs": inputs},
    )
    return frozenset(number for (number,) in found)
