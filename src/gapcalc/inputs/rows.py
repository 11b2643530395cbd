"""Reads the rows of files that hold few: plain Python and no engine."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, NamedTuple, TypeVar

from gapcalc.formats.cells import Value
from gapcalc.inputs.detect import Source
from gapcalc.inputs.records import Record, read_records
from gapcalc.rows import Problem

Row = TypeVar("Row")


class RowFile(NamedTuple, Generic[Row]):
    """What one such file holds: its rows, and how many records say nothing that is asked for."""

    rows: tuple[Row, ...]
    records: int
    silent: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Fields:
    """The cells of one record by field, and the line where it begins."""

    line: int
    values: Mapping[str, Value]

    def text(self, name: str) -> str | None:
        """Give a cell's text; None where it is empty or there is no such column."""
        value = self.values.get(name)
        return value.strip() or None if isinstance(value, str) else None

    def word(self, name: str) -> str | None:
        """Give a cell's text without capitals."""
        text = self.text(name)
        return None if text is None else text.casefold()

    def count(self, name: str) -> int | None:
        """Give a cell's whole number, None where it is unknown."""
        value = self.values.get(name)
        return value if isinstance(value, int) else None

    def day(self, name: str) -> str | None:
        """Give a cell's date as 2026-01-31, None where it is unknown."""
        value = self.values.get(name)
        return value.isoformat() if isinstance(value, date) else None

    def score(self, name: str) -> float | None:
        """Give a cell's number, None where it is unknown."""
        value = self.values.get(name)
        return float(value) if isinstance(value, float | int) else None


Take = Callable[[Fields], Row | str | None]
"""Makes a row of a record; a text says why it cannot be read, None that it says nothing."""


def read_lines(source: Source) -> tuple[list[str], list[int]]:
    """Give the physical lines below the header, and which of them (from 0) hold bad bytes."""
    data = source.sheet.path.read_bytes()[source.sheet.start :]
    text = data.decode(source.sheet.encoding, errors="replace")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")[source.header_line :]
    bad = [number for number, line in enumerate(lines) if "\ufffd" in line]
    return [line + "\n" for line in lines], bad if bad and _differs(data, source) else []


def _differs(data: bytes, source: Source) -> bool:
    try:
        data.decode(source.sheet.encoding)
    except UnicodeDecodeError:
        return True
    return False


def read_rows(source: Source, take: Take[Row]) -> RowFile[Row]:
    """Read a file record by record; every record is a row, silent or a problem."""
    lines, bad_lines = read_lines(source)
    first = source.header_line + 1
    reader = _Reader(source, take)
    for record in read_records(lines, source.delimiter, len(source.header)):
        reader.take(record, first + record.line)
    for line in bad_lines:
        reader.report(first + line, "bytes that are not UTF-8 were replaced")
    return RowFile(
        tuple(reader.rows),
        reader.records,
        reader.silent,
        tuple(sorted(reader.problems, key=lambda problem: problem.line or 0)),
    )


class _Reader(Generic[Row]):
    def __init__(self, source: Source, take: Take[Row]) -> None:
        self.source, self._take_row = source, take
        self.places = source.export.places(source.plain_header)
        self.rows: list[Row] = []
        self.problems: list[Problem] = []
        self.records = self.silent = 0

    def report(self, line: int, reason: str) -> None:
        sheet = self.source.sheet
        self.problems.append(Problem(sheet.name, sheet.origin.row(line), reason))

    def take(self, record: Record, line: int) -> None:
        if record.fault:
            self.report(line, f"row not read: {record.fault}")
        elif record.cells == self.source.header:
            self.report(line, "row not read: the header is repeated here")
        else:
            self.records += 1
            row = self._take_row(Fields(line, dict(self._parse(record.cells, line))))
            if isinstance(row, str):
                self.report(line, f"row not read: {row}")
            elif row is None:
                self.silent += 1
            else:
                self.rows.append(row)

    def _parse(self, cells: Sequence[str], line: int) -> Iterator[tuple[str, Value]]:
        for field, (index, cell) in self.places.items():
            try:
                yield field, cell.parse(cells[index])
            except ValueError as error:
                heading = self.source.header[index].strip()
                self.report(line, f"column {heading!r} is unknown: {error}")
