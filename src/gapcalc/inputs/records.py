"""Reads records one by one where the fast way failed: every line is either a row or a problem."""

import csv
from collections.abc import Iterator, Sequence
from typing import NamedTuple

LONGEST_RECORD = 200
"""Lines that one record may span; a quote that stays open longer was never closed."""


class Record(NamedTuple):
    """A record at a line (0 is the first given one): its cells, or the fault that forbids them.

    `lines` is how many physical lines it takes.
    """

    line: int
    cells: tuple[str, ...]
    fault: str | None = None
    lines: int = 1


def read_records(lines: Sequence[str], delimiter: str, width: int) -> Iterator[Record]:
    """Read lines (with their ends) as CSV records of `width` cells, resuming after every fault.

    A line that is no record, alone or with the lines after it, is a fault and the next line
    starts afresh, so that one bad row never takes a good one with it. Blank lines are skipped.
    """
    at = 0
    while at < len(lines):
        if not lines[at].strip():
            at += 1
            continue
        record, at = _read_one(lines, at, delimiter, width)
        if any(cell.strip() for cell in record.cells) or record.fault:
            yield record


def _read_one(lines: Sequence[str], at: int, delimiter: str, width: int) -> tuple[Record, int]:
    for end in range(at + 1, min(at + LONGEST_RECORD, len(lines)) + 1):
        try:
            found = list(csv.reader(lines[at:end], delimiter=delimiter, strict=True))
        except csv.Error as error:
            if "unexpected end of data" in str(error):
                continue
            if end > at + 1:
                break
            return Record(
                at, (), "a quote stands inside a quoted cell without being doubled"
            ), at + 1
        cells = tuple(found[0])
        if end > at + 1 and len(cells) != width:
            break
        return Record(at, cells, _width_fault(len(cells), width), end - at), end
    return Record(at, (), "a quote is opened and not closed"), at + 1


def _width_fault(found: int, width: int) -> str | None:
    if found == width:
        return None
    return f"{found} {'cell' if found == 1 else 'cells'} where the header has {width}"
