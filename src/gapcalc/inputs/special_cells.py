"""What the spreadsheet library keeps to itself: how large a sheet is, percentages, error values.

The library holds a sheet as a full rectangle, so that one cell far out would take all memory, and
it gives 4% as 0.04 and #N/A as nothing. The sheets' XML is looked through for that beforehand.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from posixpath import normpath
from xml.etree import ElementTree as ET
from zipfile import ZipFile

from gapcalc.errors import InputError
from gapcalc.inputs.archive import read_member
from gapcalc.inputs.packed import AGAIN, File, Unpacking

Marks = Mapping[tuple[int, int], str]
"""By row and column, from 0: `%` where a share is shown as a percentage, else an error value."""

PERCENT = "%"
MOST_CELLS = 40_000_000
"""What a sheet may span: a full one of 38 columns."""

_SMALL = 2_000_000
_SPARSEST = 50
"""A sheet that spans more than `_SMALL` cells has to hold one in so many."""

_MOST_IN_MEMORY = 1024**3
_LONGEST_ROW = 64 * 1024 * 1024
_LONGEST_PART = 8 * 1024 * 1024
_SHEET = re.compile(r"xl/worksheets/[^/]+[.]xml")
_HELD = re.compile(r"xl/(worksheets/[^/]+|sharedStrings|styles|workbook)[.]xml")
_COLUMN = re.compile(rb"""[\s"']r\s*=\s*["']([A-Za-z]+)[0-9]+["']""")
_NUMBER = re.compile(rb"""[\s"']r\s*=\s*["'][A-Za-z]*([0-9]+)["']""")
_ROW = re.compile(rb"<(?:[\w.-]+:)?row[\s/>]")
_CELL = re.compile(rb"<(?:[\w.-]+:)?c[\s/>]")
_WHOLE_CELL = re.compile(rb"<(?:[\w.-]+:)?c\s([^>]*?)(?:/>|>(.*?)</(?:[\w.-]+:)?c>)", re.DOTALL)
_ATTRIBUTE = re.compile(rb"""([rst])\s*=\s*["']([^"']*)["']""")
_VALUE = re.compile(rb"<(?:[\w.-]+:)?v>([^<]*)<")
_PERCENT_FORMATS = ("9", "10")
"""The numbers of the two percentages that every workbook knows."""


def look_through(file: File, archive: ZipFile, unpacking: Unpacking) -> dict[str, Marks]:
    """Give the marks of each sheet, by its name, of those that have any.

    Raises InputError when the workbook is damaged, or its sheets span more than fits into memory.
    """
    size = sum(
        member.file_size for member in archive.infolist() if _HELD.fullmatch(member.filename)
    )
    if size > _MOST_IN_MEMORY:
        reason = f"its sheets take {size / 1e9:.1f} GB"
        raise InputError(file.name, reason, "Save the sheet as CSV")
    percent = _percent_styles(file, archive)
    found = {}
    for member in archive.infolist():
        unpacked = _counted(read_member(file.name, archive, member), unpacking)
        if _SHEET.fullmatch(member.filename):
            found[member.filename] = _look(file, unpacked, percent)
        else:
            for _ in unpacked:
                pass  # read to its end, because its size may be told wrongly
    if not any(found.values()):
        return {}
    return {name: found.get(path, {}) for name, path in _sheet_paths(file, archive).items()}


def _counted(blocks: Iterable[bytes], unpacking: Unpacking) -> Iterator[bytes]:
    for block in blocks:
        unpacking.allowance.take(len(block))
        yield block


def _look(file: File, blocks: Iterable[bytes], percent: frozenset[bytes]) -> Marks:
    span, marks = _Span(), dict[tuple[int, int], str]()
    for rows in _whole_rows(file, blocks):
        span.take(rows)
        if span.is_absurd:
            raise InputError(
                file.name,
                "a sheet spans more cells than fit into memory, most of them empty",
                "Delete what stands far from the table, or save the sheet as CSV",
            )
        if b"e" in _values_of(b"t", rows) or not percent.isdisjoint(_values_of(b"s", rows)):
            marks.update(_marks(rows, percent))
    return marks


def _values_of(attribute: bytes, rows: bytes) -> set[bytes]:
    pattern = rb"""[\s"']%s\s*=\s*["']([^"']*)["']""" % attribute
    return set(re.findall(pattern, rows))


def _whole_rows(file: File, blocks: Iterable[bytes]) -> Iterator[bytes]:
    rest = b""
    for block in blocks:
        rest += block
        cut = rest.rfind(b"row>") + 1
        if cut:
            yield rest[:cut]
            rest = rest[cut:]
        elif len(rest) > _LONGEST_ROW:
            raise InputError(file.name, "a row of a sheet is absurdly long", AGAIN)
    yield rest


class _Span:
    """How far a sheet reaches at most; cells and rows that do not say where they are follow on."""

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


def _marks(rows: bytes, percent: frozenset[bytes]) -> Iterator[tuple[tuple[int, int], str]]:
    for attributes, content in _WHOLE_CELL.findall(rows):
        told = dict(_ATTRIBUTE.findall(attributes))
        place = re.fullmatch(rb"([A-Za-z]{1,3})([0-9]{1,7})", told.get(b"r", b""))
        if place is None:
            continue
        at = int(place[2]) - 1, _column(place[1]) - 1
        if told.get(b"t") == b"e":
            value = _VALUE.search(content)
            yield at, value[1].decode("ascii", "replace") if value else "#ERROR"
        elif told.get(b"t", b"n") == b"n" and told.get(b"s") in percent:
            yield at, PERCENT


def _percent_styles(file: File, archive: ZipFile) -> frozenset[bytes]:
    """Find the styles that show a share as a percentage."""
    styles = _parse(file, archive, "xl/styles.xml")
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


def _sheet_paths(file: File, archive: ZipFile) -> dict[str, str]:
    """Find where in the archive each sheet is."""
    relations = _parse(file, archive, "xl/_rels/workbook.xml.rels")
    targets = {item.get("Id"): item.get("Target", "") for item in relations}
    paths = {}
    for sheet in _parse(file, archive, "xl/workbook.xml").iterfind("{*}sheets/{*}sheet"):
        relation = next((value for key, value in sheet.items() if key.endswith("}id")), None)
        target = targets.get(relation, "")
        path = target[1:] if target.startswith("/") else normpath(f"xl/{target}")
        paths[sheet.get("name", "")] = path
    return paths


def _parse(file: File, archive: ZipFile, path: str) -> ET.Element:
    if path not in archive.namelist():
        return ET.Element("none")
    if archive.getinfo(path).file_size > _LONGEST_PART:
        raise InputError(file.name, "its description of itself is absurdly long", AGAIN)
    data = b"".join(read_member(file.name, archive, archive.getinfo(path)))
    try:
        return ET.fromstring(data)  # noqa: S314  (expat itself limits how entities grow)
    except ET.ParseError as error:
        raise InputError(file.name, "it is damaged, no sound spreadsheet", AGAIN) from error
