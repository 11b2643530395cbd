"""What a cell can hold: a closed list of types, each with a Python parser and its SQL twin.

A cell is unknown (None, NULL) when it is empty or holds a vendor's mark for "not known". It is bad
(ValueError, `bad` is true) when it holds something that its type does not allow.
"""

import re
from collections.abc import Callable
from datetime import date
from typing import NamedTuple

Value = str | int | float | bool | date | None

UNKNOWN = ("", "-", "--", "--%", "-1", "—")
"""Marks for "not known" seen in exports; never zero."""

_INTEGER = r"[0-9]{1,18}([.]0+)?"
_GROUPED = r"[0-9]{1,3}(,[0-9]{3}){1,5}"
_ROUNDED = r"[0-9]{1,9}([.][0-9]{1,3})?[KkMmBb]"
_DECIMAL = r"[0-9]{1,15}([.,][0-9]{1,24})?"
_ISO = r"[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?(Z| ?[+-][0-9]{2}:?[0-9]{2})?)?"
_DAY_FIRST = r"[0-9]{2}/[0-9]{2}/[0-9]{4}( [0-9]{2}:[0-9]{2}(:[0-9]{2})?)?"
_TRUE = ("true", "1", "yes")
_FALSE = ("false", "0", "no")
_POWERS = {"k": 1_000, "m": 1_000_000, "b": 1_000_000_000}


class Plain(NamedTuple):
    """Which cells can be read by a cast: an RE2 pattern, or cheaper SQL on a cell and its cast."""

    pattern: str | None = None
    condition: Callable[[str, str], str] = "({} is null)".format


class Cell(NamedTuple):
    """A cell type: how Python reads it, and the SQL expression that reads it alike.

    `sql` takes an SQL expression of type VARCHAR and gives one that is NULL where the cell is
    unknown or bad. Where `plain` holds, as it does for most cells, the cheaper `cast` gives the
    same value. Types without `plain` accept every cell.
    """

    name: str
    parse: Callable[[str], Value]
    sql: Callable[[str], str]
    plain: Plain | None = None
    cast: Callable[[str], str] = str

    @property
    def fails(self) -> bool:
        """Say whether a cell of this type can be bad."""
        return self.plain is not None

    def bad(self, column: str) -> str:
        """Give the SQL condition that a cell is bad."""
        marks = ", ".join(f"'{mark}'" for mark in UNKNOWN if mark)
        return f"({column} is not null and ({self.sql(column)}) is null and trim({column}, ' ') not in ('', {marks}))"


def _unless_unknown(parse: Callable[[str], Value]) -> Callable[[str], Value]:
    def parse_cell(cell: str) -> Value:
        cell = cell.strip(" ")
        return None if cell in UNKNOWN else parse(cell)

    return parse_cell


def _bad(cell: str, wanted: str) -> ValueError:
    return ValueError(f"{wanted} expected, found {cell[:40]!r}")


def _count(cell: str) -> int:
    if re.fullmatch(_INTEGER, cell, re.ASCII):
        return int(cell.partition(".")[0])
    if re.fullmatch(_GROUPED, cell, re.ASCII):
        return int(cell.replace(",", ""))
    if re.fullmatch(_ROUNDED, cell, re.ASCII):
        return round(float(cell[:-1]) * _POWERS[cell[-1].lower()])
    raise _bad(cell, "a whole number")


def _count_sql(column: str) -> str:
    trimmed = f"trim({column}, ' ')"
    powers = " ".join(f"when '{letter}' then {power}" for letter, power in _POWERS.items())
    return (
        f"case when regexp_full_match({column}, '[0-9]{{1,18}}') then try_cast({column} as bigint) "
        f"when regexp_full_match({trimmed}, '{_INTEGER}') "
        f"then try_cast(split_part({trimmed}, '.', 1) as bigint) "
        f"when regexp_full_match({trimmed}, '{_GROUPED}') "
        f"then try_cast(replace({trimmed}, ',', '') as bigint) "
        f"when regexp_full_match({trimmed}, '{_ROUNDED}') "
        f"then try_cast(round(try_cast(substr({trimmed}, 1, length({trimmed}) - 1) as double) "
        f"* case lower(right({trimmed}, 1)) {powers} end) as bigint) end"
    )


def _number(cell: str, most: int) -> float:
    if re.fullmatch(_DECIMAL, cell, re.ASCII):
        number = float(cell.replace(",", "."))
        if number <= most:
            return number
    raise _bad(cell, f"a score from 0 to {most}")


def _number_sql(column: str, most: int) -> str:
    number = f"try_cast(replace({column}, ',', '.') as double)"
    return (
        f"case when regexp_full_match(trim({column}, ' '), '{_DECIMAL}') "
        f"and {number} <= {most} then {number} end"
    )


def _up_to(name: str, most: int, plain: str) -> Cell:
    """Make the type of a score from 0 to `most`; `plain` is the pattern of most of its cells."""
    return Cell(
        name,
        _unless_unknown(lambda cell: _number(cell, most)),
        lambda column: _number_sql(column, most),
        plain=Plain(pattern=plain),
        cast=lambda column: f"try_cast({column} as double)",
    )


def _in(words: tuple[str, ...]) -> str:
    return "(" + ", ".join(f"'{word}'" for word in words) + ")"


def _either(name: str, true: tuple[str, ...], false: tuple[str, ...]) -> Cell:
    """Make the type of a cell with words for yes and no; the first of each is the usual one."""

    def parse(cell: str) -> bool:
        lowered = cell.lower()
        if lowered in true or lowered in false:
            return lowered in true
        raise _bad(cell, f"{true[0]} or {false[0]}")

    def sql(column: str) -> str:
        cell = f"lower(trim({column}, ' '))"
        return (
            f"case when {cell} in {_in(true)} then true when {cell} in {_in(false)} then false end"
        )

    usual = " ".join(
        f"when '{word}' then {says}"
        for says, words in (("true", true), ("false", false))
        for word in (words[0], words[0].upper())
    )
    return Cell(
        name,
        _unless_unknown(parse),
        sql,
        plain=Plain(condition="({0} is null or {1} is not null)".format),
        cast=lambda column: f"case {column} {usual} end",
    )


def _date(cell: str, *, day_first: bool = False) -> date:
    written = None
    if re.fullmatch(_ISO, cell, re.ASCII):
        written = cell[:10]
    elif day_first and re.fullmatch(_DAY_FIRST, cell, re.ASCII):
        written = f"{cell[6:10]}-{cell[3:5]}-{cell[:2]}"
    wanted = "a date as 2026-01-31" + (" or 31/01/2026" if day_first else "")
    if written is None:
        raise _bad(cell, wanted)
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise _bad(cell, wanted) from None


def _date_sql(column: str, *, day_first: bool = False) -> str:
    cell = f"trim({column}, ' ')"
    iso = f"when regexp_full_match({cell}, '{_ISO}') then substr({cell}, 1, 10)"
    turned = f"concat(substr({cell}, 7, 4), '-', substr({cell}, 4, 2), '-', substr({cell}, 1, 2))"
    other = f"when regexp_full_match({cell}, '{_DAY_FIRST}') then {turned}" if day_first else ""
    written = f"case {iso} {other} end"
    # The engine knows a year 0, Python does not.
    return f"case when left({written}, 4) <> '0000' then try_cast({written} as date) end"


def _rel(token: str) -> Cell:
    # Vendors separate the words by spaces, commas or bars, or write a JSON or Python list.
    between = r"[\[\] ,|\x22\x27]"
    pattern = f"(^|{between}){token}({between}|$)"
    return Cell(
        f"rel={token}",
        lambda cell: bool(re.search(pattern.replace("$)", r"\Z)"), cell.lower())),
        lambda column: f"regexp_matches(lower(coalesce({column}, '')), '{pattern}')",
    )


_PLAIN_COUNT = Plain(
    condition=(
        "case when {1} is null then coalesce({0}, '') = '' "
        f"else {{1}} between 0 and {10**18 - 1} and {{1}}::varchar = {{0}} end"
    ).format
)
_PLAIN_DATE = Plain(
    pattern="([12][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])( [0-9]{2}:[0-9]{2}:[0-9]{2})?)?"
)

TEXT = Cell("text", lambda cell: cell or None, lambda column: f"nullif({column}, '')")
URL = Cell("URL", TEXT.parse, TEXT.sql)
COUNT = Cell(
    "count",
    _unless_unknown(_count),
    _count_sql,
    plain=_PLAIN_COUNT,
    cast=lambda column: f"try_cast({column} as bigint)",
)
SCORE = _up_to("score", 100, "([0-9]{1,2}([.][0-9]{1,12})?|100)?")
RANK = _up_to("rank", 1000, "([0-9]{1,3}([.][0-9]{1,12})?|1000)?")
FLAG = _either("flag", _TRUE, _FALSE)
UNSET = _either("flag, true when false", _FALSE, _TRUE)
FOLLOW = _either("follow or nofollow", ("nofollow",), ("follow",))
GONE = _either("state of a link", ("deleted", "lost"), ("active",))
DATE = Cell(
    "date",
    _unless_unknown(_date),
    _date_sql,
    plain=_PLAIN_DATE,
    cast=lambda column: f"try_cast(substr({column}, 1, 10) as date)",
)
DAY_FIRST = Cell(
    "date, day first",
    _unless_unknown(lambda cell: _date(cell, day_first=True)),
    lambda column: _date_sql(column, day_first=True),
    plain=Plain(
        pattern="((0[1-9]|1[0-9]|2[0-8])/(0[1-9]|1[0-2])/[12][0-9]{3}( [0-9]{2}:[0-9]{2})?)?"
    ),
    cast=lambda column: (
        f"try_cast(concat(substr({column}, 7, 4), '-', substr({column}, 4, 2), '-', "
        f"substr({column}, 1, 2)) as date)"
    ),
)
DATED = Cell(
    "date, true when there is one",
    lambda cell: None if DAY_FIRST.parse(cell) is None else True,
    lambda column: f"case when ({_date_sql(column, day_first=True)}) is not null then true end",
    plain=_PLAIN_DATE,
    cast=lambda column: f"case when {column} <> '' then true end",
)
FILLED = Cell(
    "filled or empty",
    lambda cell: bool(cell.strip(" ")),
    lambda column: f"coalesce(regexp_matches({column}, '[^ ]'), false)",
)
NONE_LEFT = Cell(
    "count, true when 0",
    lambda cell: None if (count := COUNT.parse(cell)) is None else count == 0,
    lambda column: f"({_count_sql(column)}) = 0",
    plain=Plain(pattern="[0-9]{0,18}"),
    cast=lambda column: f"try_cast({column} as bigint) = 0",
)
REDIRECT = Cell(
    "flag, a redirect when true",
    lambda cell: None if (flag := FLAG.parse(cell)) is None else "redirect" if flag else "link",
    lambda column: (
        f"case ({FLAG.sql(column)}) when true then 'redirect' when false then 'link' end"
    ),
    plain=FLAG.plain,
    cast=lambda column: (
        f"case ({FLAG.cast(column)}) when true then 'redirect' when false then 'link' end"
    ),
)
NOFOLLOW, UGC, SPONSORED = _rel("nofollow"), _rel("ugc"), _rel("sponsored")
