"""Writes the sheets of an XLSX workbook as CSV, so that they are read as any other export is.

The spreadsheet library holds a sheet as a full rectangle and copies a shared string into every cell
that uses it, so that a small file can take all memory. It also gives 4% as 0.04 and #N/A as nothing.
So the XML of the sheets is scanned first: for its extent, its shared strings, and such cells.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from itertools import pairwise
from posixpath import normpath
from typing import Any, NamedTuple
from xml.etree import ElementTree as ET
from zipfile import ZipFile

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

from gapcalc.errors import InputError
from gapcalc.inputs.sheet import Break
from gapcalc.inputs.unpack import AGAIN, File, Member, Unpacking, open_archive, read_member

MOST_CELLS = 40_000_000
"""What a sheet may span: a full one of 38 columns."""

_SMALL = 2_000_000
_SPARSEST = 50
"""A sheet that spans more than `_SMALL` cells must hold one in so many."""

_MOST_IN_MEMORY = 1024**3
_LONGEST_ELEMENT = 16 * 1024 * 1024
"""Of the rows and shared strings; a spreadsheet allows 32,767 characters in a cell."""
_LONGEST_PART = 8 * 1024 * 1024
_ROWS_AT_ONCE = 500
_DAMAGED = "it is damaged, no sound spreadsheet"
_STRINGS = "xl/sharedstrings.xml"
_HELD = re.compile(r"xl/(worksheets/[^/]+|sharedStrings|styles|workbook)[.]xml")

# No pattern looks past the next tag or quote, so that scanning takes linear time.
_COLUMN = re.compile(rb"""[\s"']r\s*=\s*["']([A-Za-z]+)[0-9]+["']""")
_NUMBER = re.compile(rb"""[\s"']r\s*=\s*["'][A-Za-z]*([0-9]+)["']""")
_ROW = re.compile(rb"<(?:[\w.-]+:)?row[\s/>]")
_CELL = re.compile(rb"<(?:[\w.-]+:)?c[\s/>]")
_ATTRIBUTE = re.compile(rb"""([rst])\s*=\s*["']([^"']*)["']""")
_VALUE = re.compile(rb"<(?:[\w.-]+:)?v>([^<]*)<")
_STRING = re.compile(rb"<(?:[\w.-]+:)?si[\s/>]")
_TEXT = re.compile(rb"<(?:[\w.-]+:)?t(?:\s[^<>]*)?>([^<]*)<")
_PERCENT = "%"
_PERCENT_FORMATS = ("9", "10")
"""The numbers of the two percentages that every workbook knows."""

_Value = str | float | bool | date | datetime | time | timedelta
_Special = Mapping[tuple[int, int], str]
"""By row and column, from 0: `%` where a share is shown as a percentage, else an error value."""


def workbook_members(file: File, unpacking: Unpacking) -> Iterator[Member]:
    """Give the sheets of a workbook, in their order, as CSV.

    Raises InputError when the workbook is damaged or absurdly large.
    """
    with open_archive(file.name, file.path) as archive:
        parts = _Parts(file, archive, unpacking)
        scans = parts.scan()
        with file.path.open("rb") as data:
            with _sound(file.name):
                book = CalamineWorkbook.from_filelike(data)
            sheets = [each for each in book.sheets_metadata if each.typ == SheetTypeEnum.WorkSheet]
            for sheet in sheets:
                note = f"sheet {sheet.name!r} of {len(sheets)}" if len(sheets) > 1 else None
                scan = scans.get(sheet.name, _Scan("", 0, {}))
                converted = _Conversion(parts, book, sheet.name, scan)
                yield Member(file.name, partial(converted.write, note))


@contextmanager
def _sound(name: str) -> Iterator[None]:
    try:
        yield
    except (CalamineError, OSError, ValueError) as error:
        raise InputError(name, _DAMAGED, AGAIN) from error


class _Scan(NamedTuple):
    """What the XML of one sheet shows: where it is, how many cells it has, and special ones."""

    part: str
    cells: int
    special: _Special


class _Parts:
    """The parts of a workbook, as the archive holds them."""

    def __init__(self, file: File, archive: ZipFile, unpacking: Unpacking) -> None:
        self.file, self.unpacking = file, unpacking
        self._archive = archive
        self._strings: list[int] = []

    def scan(self) -> dict[str, _Scan]:
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

    def check_strings(self, scan: _Scan) -> None:
        """Refuse a sheet whose shared strings, each as often as it is used, are absurdly long."""
        allowance = self.unpacking.allowance
        if max(self._strings, default=0) * scan.cells > allowance.left:
            allowance.check(sum(self._used_lengths(scan)))

    def _used_lengths(self, scan: _Scan) -> Iterator[int]:
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
        """Join blocks to chunks that end after a tag that ends with `end`, or with the last block."""
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

    def _scan_sheet(self, part: str, blocks: Iterable[bytes], percent: frozenset[bytes]) -> _Scan:
        extent, special = _Extent(), dict[tuple[int, int], str]()
        for rows in self._chunks(blocks, b"row>"):
            extent.take(rows)
            if extent.is_absurd:
                raise InputError(
                    self.file.name,
                    "a sheet spans more cells than fit into memory, most of them empty",
                    "Delete what stands far from the table, or save the sheet as CSV",
                )
            if b"e" in _values_of(b"t", rows) or not percent.isdisjoint(_values_of(b"s", rows)):
                special.update(_special_cells(rows, percent))
        return _Scan(part, extent.cells, special)

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
        """Find the part of each sheet, in small letters."""
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
            raise InputError(self.file.name, _DAMAGED, AGAIN) from error


class _Extent:
    """How far a sheet reaches at most; rows and cells without a place follow the one before."""

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


def _values_of(attribute: bytes, rows: bytes) -> set[bytes]:
    pattern = rb"""[\s"']%s\s*=\s*["']([^"']*)["']""" % attribute
    return set(re.findall(pattern, rows))


def _cells(rows: bytes) -> Iterator[tuple[Mapping[bytes, bytes], bytes]]:
    """Yield the attributes of each cell and all that follows them up to the next cell."""
    starts = [match.start() for match in _CELL.finditer(rows)]
    for start, end in pairwise((*starts, len(rows))):
        attributes, _, content = rows[start:end].partition(b">")
        yield dict(_ATTRIBUTE.findall(attributes)), content


def _special_cells(rows: bytes, percent: frozenset[bytes]) -> Iterator[tuple[tuple[int, int], str]]:
    for attributes, content in _cells(rows):
        place = re.fullmatch(rb"([A-Za-z]{1,3})([0-9]{1,7})", attributes.get(b"r", b""))
        if place is None:
            continue
        at = int(place[2]) - 1, _column(place[1]) - 1
        if attributes.get(b"t") == b"e":
            value = _VALUE.search(content)
            yield at, value[1].decode("ascii", "replace") if value else "#ERROR"
        elif attributes.get(b"t", b"n") == b"n" and attributes.get(b"s") in percent:
            yield at, _PERCENT


class _Conversion:
    """A sheet being written as CSV; line and row numbers part where a cell has line breaks."""

    def __init__(self, parts: _Parts, book: CalamineWorkbook, name: str, scan: _Scan) -> None:
        self._parts, self._book, self._name, self._scan = parts, book, name, scan
        self._long_rows: list[tuple[int, int]] = []

    def write(self, note: str | None) -> File:
        file = self._parts.file
        self._parts.check_strings(self._scan)
        with _sound(file.name):
            rows = self._book.get_sheet_by_name(self._name).iter_rows()
        path = self._parts.unpacking.write(self._readable(rows))
        breaks = tuple(Break.each(self._long_rows))
        return file._replace(path=path, origin=file.origin._replace(note=note, breaks=breaks))

    def _readable(self, rows: Iterable[Sequence[_Value]]) -> Iterator[bytes]:
        try:
            yield from self._blocks(rows)
        except OverflowError as error:
            reason = "a cell holds a duration of a billion days or more"
            raise InputError(
                self._parts.file.name, reason, "Mend the cell, or save as CSV"
            ) from error

    def _blocks(self, rows: Iterable[Sequence[_Value]]) -> Iterator[bytes]:
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        for number, row in enumerate(rows):
            cells = [_WRITE[type(value)](value) for value in row]
            if self._scan.special:
                cells = [self._as_shown(cell, (number, at)) for at, cell in enumerate(cells)]
            writer.writerow(cells)
            more = sum(cell.count("\n") for cell in cells)
            if more:
                self._long_rows.append((number + 1, more))
            if number % _ROWS_AT_ONCE == 0:
                yield text.getvalue().encode()
                text.seek(0)
                text.truncate()
        yield text.getvalue().encode()

    def _as_shown(self, cell: str, place: tuple[int, int]) -> str:
        special = self._scan.special.get(place)
        if special == _PERCENT:
            return f"{(Decimal(cell) * 100).normalize():f}%" if cell else ""
        return special or cell


def _text(value: str) -> str:
    return value.replace("\r\n", "\n").replace("\r", "\n")


def _number(value: float) -> str:
    """Write a number as exports do: a spreadsheet has only floats, and 12 is 12.0 to it."""
    return f"{value:.0f}" if value == value // 1 else format(Decimal(repr(value)), "f")


def _moment(value: datetime) -> str:
    return value.isoformat(" ", "seconds")


_WRITE: dict[type, Callable[[Any], str]] = {
    str: _text,
    float: _number,
    int: str,
    bool: lambda value: str(value).lower(),
    datetime: _moment,
    date: date.isoformat,
    time: time.isoformat,
    timedelta: str,
}
