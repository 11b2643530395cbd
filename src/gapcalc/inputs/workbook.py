"""Writes the sheets of an XLSX workbook as CSV, so that they are read as any other export is."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

from gapcalc.errors import InputError
from gapcalc.inputs.archive import open_archive
from gapcalc.inputs.packed import AGAIN, File, Member, Unpacking
from gapcalc.inputs.sheet import Break
from gapcalc.inputs.special_cells import PERCENT, Marks, look_through

_Value = str | float | bool | date | datetime | time | timedelta
_ROWS_AT_ONCE = 500


def workbook_members(file: File, unpacking: Unpacking) -> Iterator[Member]:
    """Give the sheets of a workbook, in their order, as CSV.

    Raises InputError when the workbook is damaged or absurdly large.
    """
    with open_archive(file.name, file.path) as archive:
        marks = look_through(file, archive, unpacking)
    with file.path.open("rb") as data:
        with _sound(file.name):
            book = CalamineWorkbook.from_filelike(data)
        names = [each.name for each in book.sheets_metadata if each.typ == SheetTypeEnum.WorkSheet]
        for name in names:
            sheet = _Sheet(file, book, name, marks.get(name, {}))
            note = f"sheet {name!r} of {len(names)}" if len(names) > 1 else None
            yield Member(file.name, partial(sheet.convert, unpacking, note))


@contextmanager
def _sound(name: str) -> Iterator[None]:
    try:
        yield
    except (CalamineError, OSError, ValueError) as error:
        raise InputError(name, "it is damaged, no sound spreadsheet", AGAIN) from error


class _Sheet:
    """A sheet on its way to CSV; its line and row numbers part where a cell has line breaks."""

    def __init__(self, file: File, book: CalamineWorkbook, name: str, marks: Marks) -> None:
        self._file, self._book, self._name, self._marks = file, book, name, marks
        self._long_rows: list[tuple[int, int]] = []

    def convert(self, unpacking: Unpacking, note: str | None) -> File:
        with _sound(self._file.name):
            rows = self._book.get_sheet_by_name(self._name).iter_rows()
        path = unpacking.write(self._blocks(rows))
        breaks = tuple(Break.each(self._long_rows))
        return self._file._replace(
            path=path, origin=self._file.origin._replace(note=note, breaks=breaks)
        )

    def _blocks(self, rows: Iterable[Sequence[_Value]]) -> Iterator[bytes]:
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        for number, row in enumerate(rows):
            cells = [_WRITE[type(value)](value) for value in row]
            if self._marks:
                cells = [self._marked(cell, (number, at)) for at, cell in enumerate(cells)]
            writer.writerow(cells)
            more = sum(cell.count("\n") for cell in cells)
            if more:
                self._long_rows.append((number + 1, more))
            if number % _ROWS_AT_ONCE == 0:
                yield text.getvalue().encode()
                text.seek(0)
                text.truncate()
        yield text.getvalue().encode()

    def _marked(self, cell: str, place: tuple[int, int]) -> str:
        mark = self._marks.get(place)
        if mark == PERCENT:
            return f"{(Decimal(cell) * 100).normalize():f}%" if cell else ""
        return mark or cell


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
