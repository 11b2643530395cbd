"""A file of a known format: where its header and its columns are, and whose data it holds."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from gapcalc.errors import InputError
from gapcalc.formats.base import LINK_KINDS, Export, FileFacts, plain_heading
from gapcalc.formats.cells import Cell
from gapcalc.inputs.manifest import ManifestEntry
from gapcalc.inputs.records import read_records
from gapcalc.inputs.sheet import SAMPLE, Sheet
from gapcalc.rows import Unread

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
    def places(self) -> dict[str, tuple[int, Cell]]:
        """Index and cell type of every field that the file holds."""
        places = _places(self.export, self.plain_header)
        return {name: (i, self.cells.get(name, cell)) for name, (i, cell) in places.items()}

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
    """Give `Export.places`; cached for the same reason."""
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
