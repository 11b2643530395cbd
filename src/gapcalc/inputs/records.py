"""Reads CSV records one by one; every line is part of a record or a fault."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

LONGEST_RECORD = 200
"""The most lines of one record; a quote that stays open longer is taken as never closed."""

_NOT_CLOSED = "a quote is opened and not closed"
_NOT_DOUBLED = "a quote stands inside a quoted cell without being doubled"


class Record(NamedTuple):
    """A record with its first line (from 0) and its cells, or why it cannot be read.

    `lines` is the number of physical lines it takes.
    """

    line: int
    cells: tuple[str, ...]
    fault: str | None = None
    lines: int = 1

    @property
    def is_blank(self) -> bool:
        """Say whether all cells of the record are empty."""
        return not self.fault and not any(cell.strip() for cell in self.cells)


def read_records(lines: Sequence[str], delimiter: str, width: int) -> Iterator[Record]:
    """Read lines (with their ends) as CSV records of `width` cells, resuming after every fault.

    A line where no record begins is a fault, and reading resumes at the next line: a bad row never
    swallows a good one. Blank lines are skipped.
    """
    at = 0
    while at < len(lines):
        if not lines[at].strip():
            at += 1
            continue
        record, at = read_record(lines, at, delimiter, width)
        if not record.is_blank:
            yield record


def read_record(lines: Sequence[str], at: int, delimiter: str, width: int) -> tuple[Record, int]:
    """Read the record that begins at a line; also give the line where the next one begins."""
    last = min(at + LONGEST_RECORD, len(lines))
    reader = csv.reader((lines[i] for i in range(at, last)), delimiter=delimiter, strict=True)
    try:
        cells = tuple(next(reader))
    except csv.Error as error:
        is_open = reader.line_num > 1 or "unexpected end of data" in str(error)
        return Record(at, (), _NOT_CLOSED if is_open else _NOT_DOUBLED), at + 1
    taken = reader.line_num
    if taken > 1 and (len(cells) != width or _holds_rows(lines[at : at + taken], cells, delimiter)):
        return Record(at, (), _NOT_CLOSED), at + 1
    cells = _unwrapped(cells, delimiter, width)
    return Record(at, cells, _width_fault(len(cells), width), taken), at + taken


def _holds_rows(lines: Sequence[str], cells: Sequence[str], delimiter: str) -> bool:
    """Say whether the first line of a record and a later one are rows, with addresses in its columns.

    Then a stray quote further down closed the quote that was open.
    """
    places = [place for place, cell in enumerate(cells) if _ADDRESS.fullmatch(cell)]
    first, *others = csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE)
    found = sum(_is_address(cell) for cell in first)
    # The text before a line break in a cell is no row, though the text after it may look like one.
    return 0 < len(places) <= found and any(
        len(row) == len(cells) and all(_is_address(row[place]) for place in places)
        for row in others
    )


def _is_address(cell: str) -> bool:
    return bool(_ADDRESS.fullmatch(cell.strip('"')))


_ADDRESS = re.compile(r"(https?://)?[\w-]+(\.[\w-]+)+([/?#:][^\s\"]*)?", re.IGNORECASE)


def count_records(lines: Iterable[bytes], delimiter: str, width: int) -> int | None:
    """Count the records of UTF-8 text, by its quotes; None where an open quote hides rows.

    Such a quote stays open, or its record holds rows: see `_holds_rows`.
    """
    count = 0
    taken: list[bytes] = []
    for line in lines:
        turns = line.count(b'"') % 2 == 1
        if not taken and not turns:
            count += not line.isspace()
            continue
        taken.append(line)
        if turns and len(taken) > 1:
            # Few lines within a record have as many cells as a row, so few records are split.
            if any(one.count(delimiter.encode()) == width - 1 for one in taken[1:]):
                text = [one.decode("utf-8", "replace") for one in taken]
                if _holds_rows(text, next(csv.reader(text, delimiter=delimiter)), delimiter):
                    return None
            count += 1
            taken.clear()
    return None if taken else count


def _unwrapped(cells: tuple[str, ...], delimiter: str, width: int) -> tuple[str, ...]:
    """Split a row that a spreadsheet quoted as one cell into its cells.

    >>> _unwrapped(('a,"b, c",d',), ",", 3)
    ('a', 'b, c', 'd')
    """
    if len(cells) != 1 or width == 1 or delimiter not in cells[0]:
        return cells
    try:
        within = next(csv.reader([cells[0]], delimiter=delimiter, strict=True))
    except csv.Error:
        return cells
    return tuple(within) if len(within) == width else cells


def _width_fault(found: int, width: int) -> str | None:
    if found == width:
        return None
    return f"{found} {'cell' if found == 1 else 'cells'} where the header has {width}"
