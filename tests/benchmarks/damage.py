"""The faults that a link export can have, and where they are put in a file.

Every fault is an extra record after a good one, made from that good one; only the odd line end is
on a good row, which stays good. What a reader must refuse comes from a domain of its own, so that
counting it by mistake changes the result; what it may read repeats the good link. Used by generate.py; nothing to run here.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from headers import BACKLINKS

ODD_LINE_END = "mixed line end"
BAD_BYTES = {"utf-8": b"caf\xe9 \xff", "utf-16-le": b"\x00\xdc \x00"}
BAD_BYTES_MARK = "\ufdd0"  # a code point that no text uses
SHORT_ROW_CELLS = 20
ANCHOR = BACKLINKS.index("Anchor")
RATING = BACKLINKS.index("Domain rating")
URL = BACKLINKS.index("Referring page URL")
LIVE_AND_CLEAN = {"Is spam": "false", "UGC": "false", "Sponsored": "false"} | dict.fromkeys(
    ("Lost status", "Drop reason", "Lost"), ""
)


@dataclass(frozen=True, slots=True)
class Fault:
    kind: str
    after_row: int
    number: int


@dataclass(frozen=True, slots=True)
class FoundFault:
    kind: str
    line: int


@dataclass(frozen=True, slots=True)
class Dialect:
    delimiter: str
    encoding: str
    byte_order_mark: str = ""

    @property
    def separator(self) -> str:
        return f'"{self.delimiter}"'

    def line(self, cells: Iterable[str]) -> str:
        quoted = (cell.replace('"', '""') for cell in cells)
        return f'"{self.separator.join(quoted)}"\n'

    def cells(self, row: str) -> list[str]:
        return next(csv.reader(io.StringIO(row, newline=""), delimiter=self.delimiter))

    def encoded(self, text: str) -> bytes:
        before, *rest = text.split(BAD_BYTES_MARK)
        parts = [before.encode(self.encoding)]
        for part in rest:
            parts += [BAD_BYTES[self.encoding], part.encode(self.encoding)]
        return b"".join(parts)


def spread_faults(faults: int, rows: int) -> Iterator[Fault]:
    for number in range(faults):
        after_row = (number + 1) * rows // (faults + 1)
        yield Fault(KINDS[number % len(KINDS)], after_row, number)


def faulty_record(fault: Fault, good_row: str, dialect: Dialect) -> str:
    return EXTRA_RECORDS[fault.kind](fault, dialect.cells(good_row), dialect)


def with_odd_line_end(good_row: str) -> str:
    return good_row.removesuffix("\n") + "\r\n"


def _stranger(fault: Fault, cells: list[str]) -> list[str]:
    known = dict(zip(BACKLINKS, cells, strict=True)) | LIVE_AND_CLEAN
    known["Referring page URL"] = f"https://faulty-{fault.number:04}.example/"
    return list(known.values())


def _short_row(fault: Fault, cells: list[str], dialect: Dialect) -> str:
    return dialect.line(_stranger(fault, cells)[:SHORT_ROW_CELLS])


def _long_row(fault: Fault, cells: list[str], dialect: Dialect) -> str:
    return dialect.line([*_stranger(fault, cells), "one", "two", "three"])


def _bare_quote(fault: Fault, cells: list[str], dialect: Dialect) -> str:
    row = _stranger(fault, cells)
    row[ANCHOR] = "a bare quote"
    return dialect.line(row).replace("a bare quote", 'a "bare" quote')


def _unterminated_quote(fault: Fault, cells: list[str], dialect: Dialect) -> str:
    """Leave a middle cell open, or the last one, which pulls the next row into the record."""
    row = _stranger(fault, cells)
    if fault.number // len(KINDS) % 2:
        return dialect.line(row).removesuffix('"\n') + "\n"
    row[ANCHOR] = "an open cell"
    return dialect.line(row).replace('an open cell"', "an open cell")


def _bad_bytes(_fault: Fault, cells: list[str], dialect: Dialect) -> str:
    """Repeat the good link, for a reader may count the row with its bytes replaced."""
    cells[ANCHOR] = f"{cells[ANCHOR]} {BAD_BYTES_MARK}"
    return dialect.line(cells)


def _repeated_header(_fault: Fault, _cells: list[str], dialect: Dialect) -> str:
    return dialect.line(BACKLINKS)


def _bad_number(_fault: Fault, cells: list[str], dialect: Dialect) -> str:
    """Repeat the good link: whether a reader counts the row or not, no domain is added."""
    cells[RATING] = "n/a"
    return dialect.line(cells)


EXTRA_RECORDS: dict[str, Callable[[Fault, list[str], Dialect], str]] = {
    "short row": _short_row,
    "long row": _long_row,
    "bare quote": _bare_quote,
    "unterminated quote": _unterminated_quote,
    "bad bytes": _bad_bytes,
    "repeated header": _repeated_header,
    "bad number": _bad_number,
}
KINDS = (*EXTRA_RECORDS, ODD_LINE_END)
