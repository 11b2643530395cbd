"""How dates are written, in any order of day, month and year: a Python parser and its SQL twin.

Nearly every order can be found: from the cell itself, from other cells of its column, or from the
file. If none of them shows it, the date is bad.
"""

import re
from collections.abc import Sequence
from datetime import date
from typing import Literal

from gapcalc.formats.numbers import bad_cell

Order = Literal["day first", "month first", "year first", "typed", "inferred", "either"]
"""What stands first where a cell does not tell it: the day too if "inferred" from the file's language,
but then 26/01/14 may still begin with the year.

Where the vendor puts the day first, 2026-07-11 may be the seventh of November, which an American
spreadsheet took for the eleventh of July. Where it is "typed" it is read as it stands.
"""

_TIME = (
    r"(,?[ T]+[0-9]{1,2}[:.][0-9]{2}([:.][0-9]{2}([.,][0-9]+)?)?( ?[AaPp][Mm])?"
    r"(Z| ?[+-][0-9]{2}:?[0-9]{2})?)?"
)
_YEAR_FIRST = rf"([0-9]{{4}})[./-] ?([0-9]{{1,2}})[./-] ?([0-9]{{1,2}})[.]?{_TIME}"
_YEAR_LAST = rf"([0-9]{{1,2}})[/-]([0-9]{{1,2}})[/-]([0-9]{{4}}){_TIME}"
_DOTTED = rf"([0-9]{{1,2}})[.] ?([0-9]{{1,2}})[.] ?([0-9]{{4}})[.]?{_TIME}"
_SHORT = rf"([0-9]{{1,2}})/([0-9]{{1,2}})/([0-9]{{2}}){_TIME}"
_SHORT_DOTTED = rf"([0-9]{{1,2}})[.]([0-9]{{1,2}})[.]([0-9]{{2}}){_TIME}"
_PATTERNS = (_YEAR_FIRST, _DOTTED, _SHORT_DOTTED, _YEAR_LAST, _SHORT)

_LATE = "(1[3-9]|2[0-9]|3[01])"
_NO_YEAR = "3[01]"
"""Two digits that can be a day but, for years to come, not a year with data."""

_DAYS = rf"{_LATE}[/-][0-9]{{1,2}}[/-][0-9]{{4}}{_TIME}|{_DOTTED}|{_SHORT_DOTTED}"
CLUES: tuple[tuple[Order, str], ...] = (
    ("day first", rf"{_DAYS}|{_NO_YEAR}/[0-9]{{1,2}}/[0-9]{{2}}{_TIME}"),
    (
        "month first",
        rf"[0-9]{{1,2}}[/-]{_LATE}[/-][0-9]{{4}}{_TIME}|[0-9]{{1,2}}/{_LATE}/[0-9]{{2}}{_TIME}",
    ),
    ("year first", rf"[0-9]{{2}}/[0-9]{{1,2}}/{_NO_YEAR}{_TIME}"),
    ("typed", rf"[0-9]{{4}}-[0-9]{{1,2}}-{_LATE}{_TIME}"),
)
"""Patterns of cells that only one order fits."""

A_DATE = "a date as 2026-01-31"
_MONTHS = 12
_CENTURY = 2000
_FIRST_YEAR, _LAST_YEAR = 1990, 2099
_YEAR = "(199[0-9]|20[0-9]{2})"
"""A year that a link can be of. Databases write 1900-01-01 or 9999-12-31 where there is no date, and
other calendars count other years."""
_NO_YEAR_OF_LINKS = "(0[0-9]{3}|1[0-8][0-9]{2}|19[0-8][0-9]|9999)"
ZERO = "[/:. TZ+-]*0[0/:. TZ+-]*"
SOME = "(?s)(.*[0-9]){4}.*"
NEVER = (
    rf"(?s){_NO_YEAR_OF_LINKS}[./-].*|"
    rf"[0-9]{{1,2}}[./-] ?[0-9]{{1,2}}[./-] ?{_NO_YEAR_OF_LINKS}([^0-9].*)?"
)
"""Patterns of zeros instead of a date, of a date in any form, and of one that no link can be of."""

# Every day; 29 February only in years that have it and end in two digits other than 00.
_EVERY, _OF_30, _OF_31 = "(0[1-9]|1[0-2])", "(0[13-9]|1[0-2])", "(0[13578]|1[02])"
_TO_28 = "(0[1-9]|1[0-9]|2[0-8])"
_MONTH_AND_DAY = f"({_EVERY}-{_TO_28}|{_OF_30}-(29|30)|{_OF_31}-31)"
_DAY_AND_MONTH = f"({_TO_28}/{_EVERY}|(29|30)/{_OF_30}|31/{_OF_31})"
_LEAP_DAY = "(199[26]|20(0[48]|[2468][048]|[13579][26]))-02-29"
PLAIN = (
    f"(({_YEAR}-{_MONTH_AND_DAY}|{_LEAP_DAY})"
    "([ T][0-9]{2}:[0-9]{2}:[0-9]{2}(Z| [+]00:00)?)?|--)?"
)
PLAIN_DAY_FIRST = f"({_DAY_AND_MONTH}/{_YEAR}( [0-9]{{2}}:[0-9]{{2}})?)?"
"""Patterns of the usual cells with a date, or without one."""


def parse(cell: str, order: Order) -> date:
    """Read a date; raises ValueError for a text that is no date, or can be two dates."""
    found = next((f for pattern in _PATTERNS if (f := re.fullmatch(pattern, cell))), None)
    if found is None:
        raise bad_cell(cell, A_DATE)
    first, second, third = map(int, found.group(1, 2, 3))
    if found.re.pattern == _YEAR_FIRST:
        year, month, day = first, second, third
        if order == "day first" and day <= _MONTHS and day != month:
            raise bad_cell(cell, A_DATE)
    else:
        year, month, day = _in_order(cell, (first, second, third), order, found.re.pattern)
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise bad_cell(cell, A_DATE)
    try:
        return date(year, month, day)
    except ValueError:
        raise bad_cell(cell, A_DATE) from None


def _in_order(
    cell: str, numbers: tuple[int, int, int], order: Order, pattern: str
) -> tuple[int, int, int]:
    """Give year, month and day of a date that does not begin with a year of four digits."""
    first, second, third = numbers
    year = third + (_CENTURY if pattern in {_SHORT, _SHORT_DOTTED} else 0)
    if pattern in {_DOTTED, _SHORT_DOTTED} or order in {"day first", "typed"}:
        return year, second, first
    if order == "inferred" and pattern == _YEAR_LAST:
        return year, second, first
    if order == "month first" or second > _MONTHS:
        return year, first, second
    if pattern == _SHORT:
        if order == "year first":
            return first + _CENTURY, second, third
        raise bad_cell(cell, A_DATE)
    if first <= _MONTHS and first != second:
        raise bad_cell(cell, A_DATE)
    return year, second, first


def sql(cell: str, order: Order) -> str:
    """Give the SQL of the same: a date, or NULL."""
    known = {"day first", "typed", "month first"}
    last = _case(_YEAR_LAST, order, apart=order not in {*known, "inferred"})
    short = _case(_SHORT, order, apart=order not in known)
    swapped = (
        f"when regexp_full_match({{0}}, '{_YEAR_FIRST}') and {_part('{0}', _YEAR_FIRST, 3)} <= {_MONTHS} "
        f"and {_part('{0}', _YEAR_FIRST, 3)} <> {_part('{0}', _YEAR_FIRST, 2)} then null "
        if order == "day first"
        else ""
    )
    return (
        f"case {swapped}"
        f"when regexp_full_match({{0}}, '{_YEAR_FIRST}') then {_day(_YEAR_FIRST, (1, 2, 3))} "
        f"when regexp_full_match({{0}}, '{_DOTTED}') then {_day(_DOTTED, (3, 2, 1))} "
        f"when regexp_full_match({{0}}, '{_SHORT_DOTTED}') then {_day(_SHORT_DOTTED, (3, 2, 1))} "
        f"{last} {short} end"
    ).replace("{0}", cell)


def _case(pattern: str, order: Order, *, apart: bool) -> str:
    """Write the SQL case of dates that end with the year; `apart` if nothing shows their order."""
    first, second = (_part("{0}", pattern, place) for place in (1, 2))
    day, month = _day(pattern, (3, 2, 1)), _day(pattern, (3, 1, 2))
    if not apart:
        value = month if order == "month first" else day
    elif pattern == _YEAR_LAST:
        alike = f"{first} > {_MONTHS} or {first} = {second}"
        value = f"case when {second} > {_MONTHS} then {month} when {alike} then {day} end"
    else:
        year = _day(pattern, (1, 2, 3)) if order == "year first" else "null"
        value = f"case when {second} > {_MONTHS} then {month} else {year} end"
    return f"when regexp_full_match({{0}}, '{pattern}') then {value}"


def _part(cell: str, pattern: str, place: int) -> str:
    return f"regexp_extract({cell}, '{pattern}', {place})::integer"


def _day(pattern: str, places: Sequence[int]) -> str:
    """Make a date from year, month and day in a match."""
    year, month, day = (f"regexp_extract({{0}}, '{pattern}', {n})" for n in places)
    century = "'20', " if pattern in {_SHORT, _SHORT_DOTTED} else ""
    two = f"lpad({year}, 2, '0')" if century else year
    text = f"concat({century}{two}, '-', lpad({month}, 2, '0'), '-', lpad({day}, 2, '0'))"
    first, last = (0, 99) if century else (_FIRST_YEAR, _LAST_YEAR)
    return f"case when {year}::integer between {first} and {last} then try_cast({text} as date) end"
