"""Writes the sheets of an XLSX workbook as CSV, to be read like any other export.

An error value is an unknown cell.
"""

import csv
import io
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    SheetMetadata,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from gapcalc import data
from gapcalc.errors import InputError
from gapcalc.inputs.sheet import HEADER_LINES, Break
from gapcalc.inputs.unpack import AGAIN, File, Member, Unpacking, open_archive
from gapcalc.inputs.workbook_xml import DAMAGED, Parts, Scan

_ROWS_AT_ONCE = 500
_CODED_ERROR = re.compile("(Err|Fehler|Erreur|Errore|Erro|Fout|Błąd|Ошибка|Fel):[0-9]{3}")
_Value = str | float | bool | date | datetime | time | timedelta


def workbook_members(
    file: File, unpacking: Unpacking, left_out: Collection[str] = ()
) -> Iterator[Member]:
    """Give the sheets of a workbook that are not empty, hidden ones too, in order, as CSV.

    Sheets named in `left_out` are not read.

    Raises InputError when the workbook is damaged or absurdly large.
    """
    with open_archive(file.name, file.path) as archive:
        parts = Parts(file, archive, unpacking)
        scans = parts.scan()
        path = parts.without_errors(scans) if parts.odd_errors else file.path
        # The caller may abandon this generator, which then must not keep a file open.
        with _sound(file.name):
            book = CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
        sheets = [each for each in book.sheets_metadata if each.typ == SheetTypeEnum.WorkSheet]
        filled = [
            each
            for each in sheets
            if each.name in scans and scans[each.name].cells and each.name not in left_out
        ]
        for sheet in filled or sheets[:1]:
            member = _named_after(sheet.name, file) if filled[1:] else file
            converted = _Conversion(parts, book, sheet.name, scans.get(sheet.name, Scan("")))
            write = partial(converted.write, member, _note(sheet, len(sheets)))
            yield Member(member.name, write, sheet.name)


def _named_after(sheet: str, file: File) -> File:
    place = f"{file.origin.member}/{sheet}" if file.origin.member else sheet
    return file._replace(name=f"{file.name}/{sheet}", origin=file.origin._replace(member=place))


def _note(sheet: SheetMetadata, sheets: int) -> str | None:
    hidden = "" if sheet.visible == SheetVisibleEnum.Visible else "hidden "
    return f"{hidden}sheet {sheet.name!r} of {sheets}" if hidden or sheets > 1 else None


@contextmanager
def _sound(name: str) -> Iterator[None]:
    try:
        yield
    except (CalamineError, OSError, ValueError) as error:
        raise InputError(name, DAMAGED, AGAIN) from error


class _Conversion:
    """A sheet being written as CSV; after a cell with line breaks, line and row numbers differ."""

    def __init__(self, parts: Parts, book: CalamineWorkbook, name: str, scan: Scan) -> None:
        self._parts, self._book, self._name, self._scan = parts, book, name, scan
        self._errors = scan.errors
        self._shown_errors = frozenset(data.load("errors")["values"])
        self._long_rows: list[tuple[int, int]] = []

    def write(self, file: File, note: str | None) -> File:
        self._parts.check_strings(self._scan)
        with _sound(file.name):
            rows = self._book.get_sheet_by_name(self._name).iter_rows()
        path = self._parts.unpacking.write(self._readable(rows))
        said = (
            f"cells with an error value, taken as unknown: {self._errors:,}"
            if self._errors
            else None
        )
        empty = (
            f"formulas without a value, taken as unknown: {self._scan.empty:,}; open it in a "
            "spreadsheet program and save it"
            if self._scan.empty
            else None
        )
        notes = "; ".join(filter(None, (note, said, empty))) or None
        breaks = tuple(Break.each(self._long_rows))
        return file._replace(path=path, origin=file.origin._replace(note=notes, breaks=breaks))

    def _readable(self, rows: Iterable[Sequence[_Value]]) -> Iterator[bytes]:
        try:
            yield from self._blocks(rows)
        except OverflowError as error:
            reason = "a cell holds a duration of a billion days or more"
            raise InputError(
                self._parts.file.name, reason, "Fix the cell, or save as CSV"
            ) from error

    def _blocks(self, rows: Iterable[Sequence[_Value]]) -> Iterator[bytes]:
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        for number, row in enumerate(rows):
            cells = [self._without_error(_WRITE[type(value)](value)) for value in row]
            if self._scan.shares:
                cells = [self._as_shown(cell, (number, at)) for at, cell in enumerate(cells)]
            if number < HEADER_LINES and not any("://" in cell for cell in cells):
                cells = [cell.replace("\n", " ") for cell in cells]  # headings stand in one line
            writer.writerow(cells)
            more = sum(cell.count("\n") for cell in cells)
            if more:
                self._long_rows.append((number + 1, more))
            if number % _ROWS_AT_ONCE == 0:
                yield text.getvalue().encode()
                text.seek(0)
                text.truncate()
        yield text.getvalue().encode()

    def _without_error(self, cell: str) -> str:
        if not (
            cell in self._shown_errors or (cell[-4:-3] == ":" and _CODED_ERROR.fullmatch(cell))
        ):
            return cell
        self._errors += 1
        return ""

    def _as_shown(self, cell: str, place: tuple[int, int]) -> str:
        is_share = cell and place in self._scan.shares
        return f"{(Decimal(cell) * 100).normalize():f}%" if is_share else cell


def _number(value: float) -> str:
    """Write a number as exports do: a spreadsheet has only floats and stores 12 as 12.0."""
    return f"{value:.0f}" if value == value // 1 else format(Decimal(repr(value)), "f")


_WRITE: dict[type, Callable[[Any], str]] = {
    str: lambda value: value.replace("\r\n", "\n").replace("\r", "\n"),
    float: _number,
    int: str,
    bool: lambda value: str(value).lower(),
    datetime: lambda value: value.isoformat(" ", "seconds"),
    date: date.isoformat,
    time: time.isoformat,
    timedelta: str,
}
