"""Reads the XML of an XLSX workbook: the extent of its sheets, percentages, error values.

The spreadsheet library holds a sheet as a full rectangle and copies a shared string into every cell
that uses it, so that a small file can take all memory. It gives 4% as 0.04, and rejects a whole
workbook for one error value unknown to Excel. So the XML of the sheets is scanned first.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from posixpath import normpath
from typing import NamedTuple
from xml.etree import ElementTree as ET
from zipfile import ZIP_DEFLATED, ZipFile

from gapcalc.errors import InputError
from gapcalc.inputs.unpack import AGAIN, File, Unpacking, read_member

MOST_CELLS = 40_000_000
"""The most cells a sheet may span: a full sheet of 38 columns."""

_SMALL = 2_000_000
_SPARSEST = 50
"""A sheet that spans more than `_SMALL` cells must have at least one in this many filled."""

_MOST_IN_MEMORY = 1024**3
_LONGEST_ELEMENT = 16 * 1024 * 1024
"""The longest row or shared string in bytes; a spreadsheet allows 32,767 characters in a cell."""
_LONGEST_PART = 8 * 1024 * 1024
DAMAGED = "it is a damaged spreadsheet, or none"
_STRINGS = "xl/sharedstrings.xml"
_HELD = re.compile(r"xl/(worksheets/[^/]+|sharedStrings|styles|workbook)[.]xml")

# No pattern looks past the next tag or quote, so that scanning takes linear time.
_COLUMN = re.compile(rb"""[\s"']r\s*=\s*["']([A-Za-z]+)[0-9]+["']""")
_NUMBER = re.compile(rb"""[\s"']r\s*=\s*["'][A-Za-z]*([0-9]+)["']""")
_STYLE = re.compile(rb"""[\s"']s\s*=\s*["']([^"']*)["']""")
_ROW = re.compile(rb"<(?:[\w.-]+:)?row[\s/>]")
_CELL = re.compile(rb"<(?:[\w.-]+:)?c[\s/>]")
_CELL_VALUE = re.compile(rb"<((?:[\w.-]+:)?)v(?:\s[^<>]*)?>[^<]*</\1v>")
_ATTRIBUTE = re.compile(rb"""([rst])\s*=\s*["']([^"']*)["']""")
_VALUE = re.compile(rb"<(?:[\w.-]+:)?v(?:\s[^<>]*)?>([^<]*)<")
_ERROR_CELL = re.compile(rb"""[\s"']t\s*=\s*["']e["']""")
_ERROR_NUMBER = re.compile(
    rb"""<(?:[\w.-]+:)?c(?:\s+[rs]\s*=\s*["'][^"'<>]*["'])*\s*>\s*<v>(?:#|Err:)"""
)
_NOT_COMPUTED = re.compile(rb"</f>\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>")
_STRING = re.compile(rb"<(?:[\w.-]+:)?si[\s/>]")
_TEXT = re.compile(rb"<(?:[\w.-]+:)?t(?:\s[^<>]*)?>([^<]*)<")
_READ_ERRORS = (b"#DIV/0!", b"#N/A", b"#NAME?", b"#NULL!", b"#NUM!", b"#REF!", b"#VALUE!")
"""The error values that the spreadsheet library knows; it reads them as empty."""

_PERCENT_FORMATS = ("9", "10")
"""The numbers of the two percentage formats that every workbook has."""

_Places = frozenset[tuple[int, int]]
"""Row and column of cells, from 0."""


class Scan(NamedTuple):
    """What the XML of one sheet shows: its part, how many cells it has, which are percentages.

    `errors` is the number of cells that hold an error value, `empty` of those with a formula whose
    value no program has written.
    """

    part: str
    cells: int = 0
    shares: _Places = frozenset()
    errors: int = 0
    empty: int = 0


class Parts:
    """The parts of a workbook, as the archive holds them."""

    def __init__(self, file: File, archive: ZipFile, unpacking: Unpacking) -> None:
        self.file, self.unpacking = file, unpacking
        self.odd_errors = False
        self._archive = archive
        self._strings: list[int] = []

    def scan(self) -> dict[str, Scan]:
        """Scan every sheet, by its name.

        Raises InputError when the workbook is damaged, or its sheets do not fit into memory.
        """
        members = self._archive.infolist()
        size = sum(member.file_size for member in members if _HELD.fullmatch(member.filename))
        if size > _MOST_IN_MEMORY:
            reason = f"its sheets take {size / 1e9:.1f} GB"
            raise InputError(self.file.name, reason, "Save the sheet as CSV")
        percent, paths = self._percent_styles(), self._sheet_paths()
        scans = {}
        for member in members:
            part = member.filename.casefold()  # as the spreadsheet library looks them up
            blocks = self._counted(self._blocks(member.filename))
            if part in paths.values():
                scans[part] = self._scan_sheet(member.filename, blocks, percent)
            elif part == _STRINGS:
                self._strings = list(self._lengths(blocks))
            else:
                for _ in blocks:
                    pass  # the archive may state a wrong size, so all of it is counted
        return {name: scans[part] for name, part in paths.items() if part in scans}

    def without_errors(self, scans: Mapping[str, Scan]) -> Path:
        """Rewrite the workbook without the error values that the library cannot read."""
        path = self.unpacking.workspace.new_path(".xlsx")
        parts = {scan.part for scan in scans.values()}
        with ZipFile(path, "w", ZIP_DEFLATED, compresslevel=1) as copy:
            for member in self._archive.infolist():
                blocks: Iterable[bytes] = self._blocks(member.filename)
                if member.filename in parts:
                    blocks = map(_without_errors, self._chunks(blocks, b"row>"))
                with copy.open(member.filename, "w", force_zip64=True) as out:
                    for block in blocks:
                        out.write(block)
        return path

    def check_strings(self, scan: Scan) -> None:
        """Refuse a sheet whose shared strings, counted at every use, are absurdly long."""
        allowance = self.unpacking.allowance
        if max(self._strings, default=0) * scan.cells > allowance.left:
            allowance.check(sum(self._used_lengths(scan)))

    def _used_lengths(self, scan: Scan) -> Iterator[int]:
        for rows in self._chunks(self._blocks(scan.part), b"row>"):
            for attributes, content in _cells(rows):
                value = _VALUE.search(content) if attributes.get(b"t") == b"s" else None
                if value and value[1].isdigit() and int(value[1]) < len(self._strings):
                    yield self._strings[int(value[1])]

    def _lengths(self, blocks: Iterable[bytes]) -> Iterator[int]:
        """Measure each shared string, in bytes."""
        for strings in self._chunks(blocks, b"si>"):
            for string in _STRING.split(strings)[1:]:
                yield sum(map(len, _TEXT.findall(string)))

    def _blocks(self, part: str) -> Iterator[bytes]:
        return read_member(self.file.name, self._archive, self._archive.getinfo(part))

    def _counted(self, blocks: Iterable[bytes]) -> Iterator[bytes]:
        for block in blocks:
            self.unpacking.allowance.take(len(block))
            yield block

    def _chunks(self, blocks: Iterable[bytes], end: bytes) -> Iterator[bytes]:
        """Join blocks into chunks that end after a tag ending with `end`, or at the last block."""
        held: list[bytes] = []
        for block in blocks:
            cut = block.rfind(end) + len(end)
            if cut >= len(end):
                yield b"".join([*held, block[:cut]])
                held = [block[cut:]]
            else:
                held.append(block)
            if sum(map(len, held)) > _LONGEST_ELEMENT:
                raise InputError(self.file.name, "one of its rows or texts is absurdly long", AGAIN)
        yield b"".join(held)

    def _scan_sheet(self, part: str, blocks: Iterable[bytes], percent: frozenset[bytes]) -> Scan:
        extent, shares, errors, empty = _Extent(), set[tuple[int, int]](), 0, 0
        for rows in self._chunks(blocks, b"row>"):
            extent.take(rows)
            if extent.is_absurd:
                raise InputError(
                    self.file.name,
                    "a sheet spans more cells than fit into memory, most of them empty",
                    "Delete what stands far from the table, or save the sheet as CSV",
                )
            self.odd_errors = self.odd_errors or _without_errors(rows) is not rows
            if not percent.isdisjoint(_STYLE.findall(rows)):
                shares.update(_shares(rows, percent))
            errors += len(_ERROR_CELL.findall(rows)) + len(_ERROR_NUMBER.findall(rows))
            empty += len(_NOT_COMPUTED.findall(rows)) if b"<f" in rows else 0
        return Scan(part, extent.cells, frozenset(shares), errors, empty)

    def _percent_styles(self) -> frozenset[bytes]:
        """Find the styles that show a share as a percentage."""
        styles = self._parse("xl/styles.xml")
        formats = set(_PERCENT_FORMATS)
        formats |= {
            item.get("numFmtId", "")
            for item in styles.iterfind("{*}numFmts/{*}numFmt")
            if "%" in item.get("formatCode", "")
        }
        cells = styles.iterfind("{*}cellXfs/{*}xf")
        return frozenset(
            str(number).encode() for number, xf in enumerate(cells) if xf.get("numFmtId") in formats
        )

    def _sheet_paths(self) -> dict[str, str]:
        """Find the path of each sheet in the archive, in lower case."""
        relations = self._parse("xl/_rels/workbook.xml.rels")
        targets = {item.get("Id"): item.get("Target", "") for item in relations}
        paths = {}
        for sheet in self._parse("xl/workbook.xml").iterfind("{*}sheets/{*}sheet"):
            relation = next((value for key, value in sheet.items() if key.endswith("}id")), None)
            target = targets.get(relation, "")
            path = target[1:] if target.startswith("/") else normpath(f"xl/{target}")
            paths[sheet.get("name", "")] = path.casefold()
        return paths

    def _parse(self, part: str) -> ET.Element:
        if part not in self._archive.namelist():
            return ET.Element("none")
        if self._archive.getinfo(part).file_size > _LONGEST_PART:
            reason = "its description of itself is absurdly long"
            raise InputError(self.file.name, reason, AGAIN)
        try:
            return ET.fromstring(b"".join(self._blocks(part)))  # noqa: S314  (expat itself limits how entities grow)
        except ET.ParseError as error:
            raise InputError(self.file.name, DAMAGED, AGAIN) from error


class _Extent:
    """The furthest extent of a sheet; rows and cells without a place follow the previous one."""

    def __init__(self) -> None:
        self.rows = self.columns = self.cells = 0
        self._uncounted = self._widest = 0

    def take(self, rows: bytes) -> None:
        columns = _COLUMN.findall(rows)
        cells = len(_CELL.findall(rows))
        self.cells += cells
        self.columns = max(self.columns, max(map(_column, set(columns)), default=0))
        self.rows = max(self.rows, max(map(int, set(_NUMBER.findall(rows))), default=0))
        if cells > len(columns):
            each = _ROW.split(rows)
            self._uncounted += len(each)
            self._widest = max(self._widest, *(len(_CELL.findall(row)) for row in each))

    @property
    def is_absurd(self) -> bool:
        area = (self.rows + self._uncounted) * (self.columns + self._widest)
        return area > MOST_CELLS or area > max(_SMALL, _SPARSEST * self.cells)


def _column(letters: bytes) -> int:
    """Give the number of a column, from 1.

    >>> _column(b"A"), _column(b"AA")
    (1, 27)
    """
    number = 0
    for letter in letters.upper()[:9]:
        number = number * 26 + letter - 64
    return number


def _cells(rows: bytes) -> Iterator[tuple[Mapping[bytes, bytes], bytes]]:
    """Yield the attributes of each cell, and everything after them up to the next cell."""
    starts = [match.start() for match in _CELL.finditer(rows)]
    for start, end in pairwise((*starts, len(rows))):
        attributes, _, content = rows[start:end].partition(b">")
        yield dict(_ATTRIBUTE.findall(attributes)), content


def _shares(rows: bytes, percent: frozenset[bytes]) -> Iterator[tuple[int, int]]:
    for attributes, _ in _cells(rows):
        place = re.fullmatch(rb"([A-Za-z]{1,3})([0-9]{1,7})", attributes.get(b"r", b""))
        if place is None:
            continue
        if attributes.get(b"t", b"n") == b"n" and attributes.get(b"s") in percent:
            yield int(place[2]) - 1, _column(place[1]) - 1


def _without_errors(rows: bytes) -> bytes:
    """Empty the cells with error values that the library cannot read."""
    if b">#" not in rows and b">Err:" not in rows and b'"e"' not in rows and b"'e'" not in rows:
        return rows
    starts = [match.start() for match in _CELL.finditer(rows)]
    cells = [rows[start:end] for start, end in pairwise((*starts, len(rows)))]
    emptied = [_CELL_VALUE.sub(b"", cell) if _has_odd_error(cell) else cell for cell in cells]
    return rows if emptied == cells else b"".join([rows[: starts[0]], *emptied])


def _has_odd_error(cell: bytes) -> bool:
    attributes, _, content = cell.partition(b">")
    kind = dict(_ATTRIBUTE.findall(attributes)).get(b"t", b"n")
    value = _VALUE.search(content)
    if value is None or kind not in {b"e", b"n", b"b", b"d"}:
        return False
    if kind == b"e":
        return value[1] not in _READ_ERRORS
    return value[1].startswith((b"#", b"Err:"))
