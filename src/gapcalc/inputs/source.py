"""A file of a known format: where its header is, whose data it holds, how its columns are read."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from gapcalc.errors import InputError
from gapcalc.formats.base import LINK_KINDS, Export, FileFacts, plain_heading
from gapcalc.formats.cells import Cell, trim
from gapcalc.inputs.manifest import ManifestEntry
from gapcalc.inputs.records import Record, read_records
from gapcalc.inputs.sheet import SAMPLE, Sheet, code_page, first_fault
from gapcalc.rows import Unread
from gapcalc.urls import page_of

FIRST_RECORDS = 200
"""Records at the beginning of a file that are searched for its vendor and metric."""
_FIRST_TARGETS = 10
_ORDERS = {"day first", "month first", "year first"}


class Source(NamedTuple):
    """A file of a known format: where its header is, and how its rows are split.

    `header_line` is 0 where there is no header. `manifest_entry` is its entry in the manifest
    beside it. `cells` are the cell types of columns, by field, where the file itself shows the
    notation. Columns that are `unread` are treated as missing. `assumed` says what was concluded
    from the cells if there is no header to tell. `spaced`: its headings have other signs for spaces.
    """

    sheet: Sheet
    export: Export
    header_line: int
    delimiter: str
    header: tuple[str, ...]
    manifest_entry: ManifestEntry | None = None
    cells: Mapping[str, Cell] = {}
    unread: tuple[Unread, ...] = ()
    assumed: str | None = None
    spaced: bool = False

    @property
    def name(self) -> str:
        """The name of the file, as it is shown."""
        return self.sheet.name

    @property
    def plain_header(self) -> tuple[str, ...]:
        """The normalised headings of the header; empty where a column is unread."""
        header = plain_headings(self.header, spaced=self.spaced)
        if not self.unread:
            return header
        unread = {column.place for column in self.unread}
        return tuple("" if i in unread else heading for i, heading in enumerate(header))

    @property
    def places(self) -> Mapping[str, tuple[int, Cell]]:
        """Index and cell type of every field that the file holds."""
        places = _places(self.export, self.plain_header)
        if not self.cells:
            return places
        return {name: (i, self.cells.get(name, cell)) for name, (i, cell) in places.items()}

    @property
    def unread_headings(self) -> list[str]:
        """The headings of the columns that fill no field."""
        read = {index for index, _ in self.places.values()} | {c.place for c in self.unread}
        return [heading.strip() for n, heading in enumerate(self.header) if n not in read]

    @property
    def has_rel(self) -> bool:
        """Say whether the file tells which links are followed."""
        unread = {column.field for column in self.unread}
        return "nofollow" in self.places and unread.isdisjoint({"nofollow", "ugc", "sponsored"})

    @property
    def facts(self) -> FileFacts:
        """What the file states outside its rows; a site in its manifest entry takes precedence."""
        above = self.sheet.lines[: max(0, self.header_line - 1)]
        facts = self.export.read_facts(above, self.header)
        site = self.manifest_entry.site if self.manifest_entry else None
        return facts._replace(cut=facts.cut or self.sheet.origin.cut, site=site or facts.site)

    @property
    def has_rows(self) -> bool:
        """Say whether anything follows the header."""
        below = self.sheet.lines[self.header_line :]
        return any(line.strip() for line in below) or self.sheet.size > SAMPLE

    @property
    def is_header_cut(self) -> bool:
        """Say whether the header is longer than the part of the file that was read."""
        header = self.sheet.lines[max(0, self.header_line - 1)]
        return self.sheet.size > SAMPLE and not header.endswith(("\n", "\r"))


@lru_cache
def plain_headings(cells: tuple[str, ...], *, spaced: bool = False) -> tuple[str, ...]:
    """Normalise headings; cached, because files in a folder mostly share one header.

    In `spaced` headings a program wrote other signs for spaces: source_url, Source.url.
    """
    if spaced:
        cells = tuple(re.sub("[_.-]", " ", cell) for cell in cells)
    return tuple(map(plain_heading, cells))


@lru_cache
def _places(export: Export, header: tuple[str, ...]) -> Mapping[str, tuple[int, Cell]]:
    """Find the columns of a header; cached, because each step of a run asks for them again."""
    return export.places(header)


def settle(source: Source, clues: Mapping[str, Collection[str]]) -> Source:
    """Decide how the columns of a file are read, by the clues in each field's column.

    Only the United States put the month first. A file with 12,5 or VRAI comes from elsewhere, and
    so does a file with semicolons between cells, used where the comma is the decimal mark.
    """
    found = {clue for column in clues.values() for clue in column}
    orders = found & _ORDERS
    if not orders and (source.delimiter == ";" or not found.isdisjoint({"comma", "abroad"})):
        orders = {"inferred"}
    settled = {
        field: cell.read_as(clues.get(field, ()), orders)
        for field, (_, cell) in source.places.items()
        if cell.ways
    }
    return source._replace(cells=settled)


def vendor_of(source: Source) -> str | None:
    """Give the vendor of a file; None where nothing names it, or where rows name several.

    Raises InputError for a list of links that mixes vendors: their scores and completeness differ.
    """
    if source.export.vendor is not None:
        return source.export.vendor
    if source.manifest_entry and source.manifest_entry.vendor:
        return source.manifest_entry.vendor.casefold()
    found = sorted({name.casefold() for name in _first_values(source, "vendor")})
    if len(found) > 1 and source.export.kind in LINK_KINDS:
        raise mixed_vendors(source, found)
    return found[0] if len(found) == 1 else None


def share_a_target(sources: Sequence[Source]) -> bool:
    """Say whether first rows of several files of one vendor go to one target."""
    seen: set[tuple[str | None, str]] = set()
    for source in sources if len(sources) > 1 else ():
        targets = islice(_first_values(source, "target_url"), _FIRST_TARGETS)
        found = {(vendor_of(source), target) for target in targets}
        if not seen.isdisjoint(found):
            return True
        seen |= found
    return False


def mixed_vendors(source: Source, names: Sequence[str]) -> InputError:
    """Make the error for a list of links that mixes vendors."""
    shown = ", ".join(name[:40] for name in names)
    reason = f"its column vendor mixes vendors ({shown})"
    return InputError(source.sheet.name, reason, "Write one file per vendor")


def metric_of(source: Source) -> str | None:
    """Name the authority score of a file, where all rows agree on it."""
    if source.export.metric is not None:
        return source.export.metric
    found = set(_first_values(source, "metric"))
    return found.pop() if len(found) == 1 else None


def _first_values(source: Source, field: str) -> Iterator[str]:
    """Yield the texts that the first records hold in a column, where they are not empty."""
    place = source.places.get(field)
    if place is None:
        return
    index, cell = place
    lines = source.sheet.lines[source.header_line :]
    records = read_records(lines, source.delimiter, len(source.header))
    for record in islice(records, FIRST_RECORDS):
        value = None if record.fault else cell.parse(record.cells[index])
        if isinstance(value, str) and value.strip():
            yield value.strip()


_NEEDED = {
    "serp": ("referring_domains", "position"),
    "pages": ("referring_domains",),
    "keywords": ("kd",),
    "intersect": (),
}
"""The columns that a file of a kind cannot do without."""


def settle_columns(source: Source, records: Sequence[Record]) -> tuple[Source, tuple[Unread, ...]]:
    """Decide how the columns of a file are read; also give the columns with unreadable cells.

    Raises InputError where a column that every answer needs cannot be read.
    """
    whole = [r for r in records if not r.fault and r.cells != source.header]
    clues = {
        field: cell.clues_in({record.cells[index] for record in whole})
        for field, (index, cell) in source.places.items()
    }
    source = settle(source, clues)
    kind, _ = source.places.get("type", (None, None))
    # SERP features may have words where results have numbers.
    results = [r for r in whole if kind is None or names_result(r.cells[kind])]
    doubtful = tuple(_doubtful_columns(source, results))
    for column in doubtful:
        # An unreadable count might have been the largest, so it must not drop out of a median.
        in_serp = source.export.kind == "serp" and column.field == "referring_domains"
        is_needed = column.field in _NEEDED[source.export.kind] or _names_site(source, column)
        if in_serp or (column.is_whole and is_needed):
            raise _unreadable(source, column, results)
    unread = tuple(column for column in doubtful if column.is_whole)
    return source._replace(unread=unread), doubtful


def _names_site(source: Source, column: Unread) -> bool:
    """Say whether a column holds the links to one of the sites that a file compares."""
    return source.export.sites is not None and "." in column.field and bool(page_of(column.heading))


def _doubtful_columns(source: Source, records: Sequence[Record]) -> Iterator[Unread]:
    for field, (index, cell) in source.places.items():
        texts = {record.cells[index] for record in records} if cell.fails else set()
        wrong = {text for text in texts if cell.is_bad(text)}
        if not wrong:
            continue
        bad = [record for record in records if record.cells[index] in wrong]
        filled = sum(trim(record.cells[index]) not in cell.unknown for record in records)
        heading, line = source.header[index].strip(), source.header_line + 1 + bad[0].line
        yield Unread(field, index, heading, len(bad), filled, line, bad[0].cells[index])


def _unreadable(source: Source, column: Unread, records: Sequence[Record]) -> InputError:
    """Make the error for a needed column, with the first cells that cannot be read."""
    _, cell = source.places[column.field]
    bad = [
        (text, source.sheet.origin.row(source.header_line + 1 + record.line))
        for record in records
        if cell.is_bad(text := record.cells[column.place])
    ]
    found = [f"{text[:40]!r} on line {line}" for text, line in bad]
    more = f" and {len(found) - _SHOWN:,} more" if len(found) > _SHOWN else ""
    return InputError(
        source.sheet.name,
        f"its column {column.heading!r} has cells that cannot be read: {', '.join(found[:_SHOWN])}{more}",
        "Write plain numbers such as 1234, leave unknown ones empty, or export the file again",
        bad[0][1],
    )


_SHOWN = 3


@lru_cache  # a column repeats few words
def names_result(kind: str) -> bool:
    """Say whether a vendor's word for the type of a row means an organic result."""
    return not kind.strip() or re.search(_ORGANIC, kind) is not None


_ORGANIC = r"(?i)(?<!\bin)(?<!\bnon)(?<!\b(?:non|not)\W)org[aáâ]ni[csq]"
"""Organic, organisch, organique, orgánico, organico and their like, but not non-organic."""


def settled(source: Source) -> Source:
    """Give a source with what its rows tell: how its columns are read, and which are unreadable."""
    return settle_columns(source, records_of(source))[0]


def records_of(source: Source) -> list[Record]:
    """Read the records below the header of a small file."""
    lines, _ = lines_below(source)
    return list(read_records(lines, source.delimiter, len(source.header)))


def lines_below(source: Source) -> tuple[list[str], list[int]]:
    """Give the physical lines below the header, and which of them (from 0) hold bad bytes."""
    data = source.sheet.path.read_bytes()[source.sheet.start :]
    page = code_page(data) if source.sheet.encoding == "utf-8" else None
    text = data.decode(page or source.sheet.encoding, errors="replace")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")[source.header_line :]
    bad = [number for number, line in enumerate(lines) if "\ufffd" in line]
    if bad and (page or first_fault(data, source.sheet.encoding) is None):
        bad = []
    return [line + "\n" for line in lines], bad
