"""Reads the file of --targets: which page of ours is for which keyword."""

import csv
from collections.abc import Callable, Mapping, Sequence
from math import isfinite
from pathlib import Path
from typing import NamedTuple

from gapcalc.analyses.question import Target, TargetRow, keyword_key
from gapcalc.commands.question import make_target
from gapcalc.data import read_whole
from gapcalc.errors import UsageError, nearest
from gapcalc.formats.base import plain_heading
from gapcalc.formats.own import unshield
from gapcalc.inputs.records import read_records
from gapcalc.option import LARGEST
from gapcalc.scale import read_kd
from gapcalc.suffixes import SuffixRules

_REQUIRED, _OPTIONAL = ("keyword", "url"), ("kd", "price", "limit")
_DELIMITERS = ",;\t"
_SHOWN = 60
_ADVICE = (
    f"Its first line is {','.join(_REQUIRED)}[,{','.join(_OPTIONAL)}], and each line a keyword"
)


class TargetsError(UsageError):
    """The file of target pages cannot be used."""

    def __init__(self, path: Path, line: int | None, reason: str, advice: str = _ADVICE) -> None:
        where = "" if line is None else f" line {line}:"
        message = f"--targets {path}:{where} {reason}. {advice}"
        super().__init__(message, file=str(path), line=line)
        self.advice = advice


class Targets(NamedTuple):
    """The rows of the file by `keyword_key`, and the headings of columns that are not read."""

    rows: Mapping[str, TargetRow]
    unread: tuple[str, ...] = ()

    def price_of(self, keyword: str | None, given: float | None) -> float | None:
        """Give the price of a domain for a keyword: that of its row, else the one given."""
        row = self.rows.get(keyword_key(keyword))
        return given if row is None or row.price is None else row.price

    def limit_of(self, keyword: str | None) -> tuple[int, int] | None:
        """Give the limit in a keyword's row and the line of the row; None where there is none."""
        row = self.rows.get(keyword_key(keyword))
        return None if row is None or row.limit is None else (row.limit, row.line)


def read_targets(path: Path | None, suffixes: SuffixRules) -> Targets:
    """Read keyword,url[,kd,price,limit]; an empty file name gives no rows.

    A row without a URL leaves the choice of the page to --site. Raises TargetsError, with the line,
    for the first fault: a row that is left out would change the answer.
    """
    if path is None:
        return Targets({})
    lines = _lines(path)
    start = next((n for n, line in enumerate(lines) if line.strip()), None)
    if start is None:
        raise TargetsError(path, None, "it is empty")
    header, delimiter = _header(path, lines[start], start + 1)
    reader = _RowReader(path, header, suffixes)
    rows: dict[str, TargetRow] = {}
    for record in read_records(lines[start + 1 :], delimiter, len(header)):
        line = start + 2 + record.line
        if record.fault:
            raise TargetsError(path, line, record.fault, "Fix the line, or quote its cells")
        row = reader.read(record.cells, line)
        first = rows.setdefault(keyword_key(row.keyword), row)
        if first is not row:
            said = f"the keyword {row.keyword[:_SHOWN]!r} stands on line {first.line} already"
            raise TargetsError(path, line, said, "Keep one of them: a keyword has one page")
    if not rows:
        raise TargetsError(path, None, "it has a header and no rows")
    known = {*_REQUIRED, *_OPTIONAL}
    return Targets(rows, tuple(name for name in header if name and name not in known))


def _lines(path: Path) -> list[str]:
    try:
        data = read_whole(path)
    except OSError as error:
        reason = f"it cannot be read ({error.strerror or error})"
        raise TargetsError(path, None, reason, "Check the path and its permissions") from error
    utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = data.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeError as error:
        raise TargetsError(path, None, "it is not UTF-8 text", "Save it as CSV UTF-8") from error
    if "\0" in text:
        raise TargetsError(path, None, "it is not text", "Save it as CSV UTF-8")
    return text.replace("\r\n", "\n").replace("\r", "\n").splitlines(keepends=True)


def _header(path: Path, line: str, number: int) -> tuple[list[str], str]:
    """Give the plain headings, and the delimiter that gives most of them a meaning."""
    known = {*_REQUIRED, *_OPTIONAL}

    def cut(delimiter: str) -> list[str]:
        return [plain_heading(cell) for cell in next(csv.reader([line], delimiter=delimiter))]

    delimiter = max(_DELIMITERS, key=lambda sign: len(known.intersection(cut(sign))))
    header = cut(delimiter)
    for name in _REQUIRED:
        if name not in header:
            advice = nearest(name, header, "")
            near = f" ({advice.replace('did you mean', 'is it')})" if advice else ""
            raise TargetsError(path, number, f"there is no column {name}{near}")
    twice = next((name for name in known if header.count(name) > 1), None)
    if twice:
        raise TargetsError(path, number, f"the column {twice} appears twice")
    return header, delimiter


class _RowReader(NamedTuple):
    path: Path
    header: Sequence[str]
    suffixes: SuffixRules

    def read(self, cells: Sequence[str], line: int) -> TargetRow:
        """Make a row of the cells of one line; raises TargetsError."""
        texts = {
            name: unshield(cell.strip()) for name, cell in zip(self.header, cells, strict=True)
        }
        if not texts["keyword"]:
            raise TargetsError(self.path, line, "the keyword is empty")

        def value(name: str, read: Callable[[str], float | None]) -> float | None:
            return self._value(line, name, texts.get(name, ""), read)

        limit = value("limit", _whole_number)
        return TargetRow(
            line,
            texts["keyword"],
            self._target(line, texts["url"]),
            value("kd", read_kd),
            value("price", _number),
            None if limit is None else int(limit),
        )

    def _target(self, line: int, url: str) -> Target | None:
        if not url:
            return None
        try:
            return make_target(url, "url", self.suffixes)
        except UsageError as error:
            raise TargetsError(
                self.path,
                line,
                f"{url[:_SHOWN]!r} is not a URL",
                "Write it as https://example.com/page/, or leave the cell empty",
            ) from error

    def _value(
        self, line: int, name: str, text: str, read: Callable[[str], float | None]
    ) -> float | None:
        if not text:
            return None
        try:
            return read(text)
        except UsageError as error:
            reason = str(error).removeprefix("--kd ").rstrip(".")
            raise TargetsError(self.path, line, reason, f"Fix {name}, or leave it empty") from error
        except ValueError as error:
            reason = f"{name} {text[:_SHOWN]!r} is not {error}"
            raise TargetsError(self.path, line, reason, "Fix it, or leave it empty") from error


def _number(text: str) -> float:
    wanted = "a number such as 150 or 99.50"
    try:
        number = float(text)
    except ValueError as error:
        raise ValueError(wanted) from error
    if not isfinite(number) or not 0 <= number <= LARGEST:
        raise ValueError(wanted)
    return number


def _whole_number(text: str) -> float:
    if not (text.isascii() and text.isdecimal() and int(text[:20]) <= LARGEST):
        raise ValueError("a whole number such as 10")
    return int(text)
