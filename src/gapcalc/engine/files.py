"""What each link file is, beyond its links: its rules, whether it is cut off, whose page it shows."""

from collections.abc import Mapping, Sequence

from gapcalc.connection import Engine
from gapcalc.engine.read import Kept, seen_field
from gapcalc.inputs.detect import Source
from gapcalc.inputs.records import read_records
from gapcalc.rows import LinkFile
from gapcalc.rules.base import ActiveRule
from gapcalc.words import ONE_PER_DOMAIN, UNNAMED

EXPORT_LIMITS = (1_000, 10_000, 30_000, 50_000, 100_000)
"""Rows at which the vendors' plans cut an export off, without a word in the file."""

_FEWEST_TO_TELL = 10
"""Below so many rows, one link per host may be chance."""
_SHOWN = 3
_ONE_PER_DOMAIN = "it holds one link per domain, so each domain shows only one page it links to"


def describe_files(
    engine: Engine,
    sources: Sequence[tuple[int, Source]],
    rules: Sequence[ActiveRule],
    bound: Mapping[int, str],
    kept: Sequence[Kept],
) -> tuple[LinkFile, ...]:
    """Describe every link file, in the order of the inputs; `kept` are columns of ``link_row``."""
    counted = engine.query(
        "select file, file.vendor, sum(rows)::bigint from file_page join file using (file) group by all"
    )
    rows = {number: count for number, _, count in counted}
    vendors = {number: vendor for number, vendor, _ in counted}
    single = _one_link_per_domain(engine, rows)
    elsewhere = _pages_elsewhere(engine)
    grouped = _grouped(engine, sources, kept)
    days = {n: (first, last) for n, first, last in engine.query("from file_days")}
    repeated = _repeated(engine, {n: source.sheet.name for n, source in sources})
    files = []
    for number, source in sources:
        fields = frozenset(source.places)
        used = {"lost", "nofollow", "ugc", "sponsored", *(f for a in rules for f in a.rule.reads)}
        first_day, last_day = days.get(number, (None, None))
        files.append(
            LinkFile(
                input=number,
                vendor=vendors[number],
                rows=rows[number],
                rules=frozenset(a.id for a in rules if a.applies_to(fields)),
                says_rel=source.says_rel,
                unread=tuple(column for column in source.unread if column.field in used),
                unbound="target_url" not in fields and number not in bound,
                elsewhere=elsewhere.get(number, ()),
                site_scope=source.facts.site is not None
                and (number in bound or _told_page(source)),
                cut=_why_cut(source, vendors[number], rows[number], single=number in single),
                grouped=number in grouped,
                first_day=first_day if seen_field(source) == "last_seen" else None,
                last_day=last_day,
                repeated=repeated.get(number),
                complete=_is_told_whole(source),
                one_per_domain=_is_one_per_domain(source, looks_so=number in single),
            )
        )
    return tuple(files)


def _is_told_whole(source: Source) -> bool:
    return source.manifest_entry is not None and source.manifest_entry.complete is True


def _is_one_per_domain(source: Source, *, looks_so: bool) -> bool:
    note = source.manifest_entry.note if source.manifest_entry else None
    fetched_so = note is not None and ONE_PER_DOMAIN in note
    return source.export.kind == "links" and (looks_so or fetched_so)


def _told_page(source: Source) -> bool:
    return source.manifest_entry is not None and source.manifest_entry.page is not None


def _why_cut(source: Source, vendor: str, rows: int, *, single: bool) -> str | None:
    told = source.manifest_entry.complete if source.manifest_entry else None
    if source.manifest_entry and told is False:
        return source.manifest_entry.note or "it was cut off when it was fetched"
    said = source.export.partial or source.facts.cut
    if said:
        return said
    # A manifest beats the guess from a round number of rows.
    if told is None and rows in EXPORT_LIMITS and vendor != UNNAMED:
        return _at_limit(rows)
    return _ONE_PER_DOMAIN if single and source.export.kind == "links" else None


def _at_limit(rows: int) -> str:
    return f"it holds exactly {rows:,} rows, an export limit"


def shows_in_rows(file: LinkFile) -> bool:
    """Say whether a copy of the rows alone would tell all that is known of the file."""
    return not file.complete and file.cut in {None, _ONE_PER_DOMAIN, _at_limit(file.rows)}


def _pages_elsewhere(engine: Engine) -> dict[int, tuple[str, ...]]:
    """Find the files that hold no link to a page that takes part, and some of their pages."""
    found = engine.query("""
select file, list(page order by page)[:3] from file_page
where page is not null and file not in (select file from file_page join page using (page))
group by file
""")
    return {number: tuple(pages) for number, pages in found}


def _grouped(
    engine: Engine, sources: Sequence[tuple[int, Source]], kept: Sequence[Kept]
) -> frozenset[int]:
    """Find the files with rows that stand for several links.

    Of big files, whose column is not kept, only the first rows are looked at.
    """
    groups = [(n, source) for n, source in sources if source.export.kind == "links"]
    if not any(column.name == "links" for column in kept):
        return frozenset(number for number, source in groups if _groups_at_first(source))
    found = engine.query("select distinct file from link_row where links > 1")
    return frozenset(number for (number,) in found) & {number for number, _ in groups}


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
    """Say of each file that has a page in common with others of its vendor how links are counted."""
    found = engine.query("""
select file, list(distinct other order by other), bool_and(dated)
from (
    -- Pages of the same files count once: a thousand files make a million pairs.
    select unnest(files) as file, files, bool_and(dated) as dated from shared_page group by files
), unnest(files) as more(other)
where other <> file group by file
""")
    return {
        number: _counted_once([names[n] for n in others], dated=dated)
        for number, others, dated in found
    }


def _counted_once(others: Sequence[str], *, dated: bool) -> str:
    shown = ", ".join(others[:_SHOWN])
    shown += f" and {len(others) - _SHOWN} more" if len(others) > _SHOWN else ""
    holds = (
        "as the file with the newest date has it"
        if dated
        else "as live if any file has it as live, because no dates tell which file is newer"
    )
    return f"a link that is in {shown} too counts once, {holds}"


def _one_link_per_domain(engine: Engine, rows: Mapping[int, int]) -> frozenset[int]:
    """Find the files with as many hosts as rows and several target pages.

    A host counts by its one spelling, however the file writes it.
    """
    ((hosts,),) = engine.query("select count(*) from host_name")
    inputs = [number for number, count in rows.items() if _FEWEST_TO_TELL <= count <= hosts]
    if not inputs:
        return frozenset()
    found = engine.query(
        """
select file from link_row left join host_name using (host) left join page_name on url = target
where file in (select unnest($inputs)) group by file
having count(distinct host_name.name) = count(*) and count(distinct page_name.page) > 1
""",
        {"inputs": inputs},
    )
    return frozenset(number for (number,) in found)
