"""Chooses the columns of a link list to request, and reads the values of an answer.

A value that is missing, of the wrong type or absurd is unknown, never an error.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from gapcalc.providers.base import Ranked, UnreadableError
from gapcalc.providers.keys import redact
from gapcalc.rules.base import ActiveRule
from gapcalc.urls import page_of

_MOST_DIGITS = 15
"""The largest plausible count; beyond it a value is a fault, and floats lose digits."""
_LAST_DAY = 4_102_444_800
"""2100-01-01 in Unix seconds: a larger number is not a date in seconds."""
_SHOWN = 120
_UNPRINTABLE = re.compile("[\x00\ud800-\udfff]")


def clean(text: str) -> str:
    """Replace characters that no file can hold: NUL, and surrogates without a partner."""
    return _UNPRINTABLE.sub("\ufffd", text)


def as_text(value: object) -> str:
    """Write a JSON value as a cell; null, and what no cell can hold, is an empty cell.

    >>> as_text(True), as_text(None), as_text(["en", "de"]), as_text(63.0), as_text(1e999)
    ('true', '', 'en, de', '63', '')
    """
    match value:
        case str():
            return clean(value)
        case bool():
            return "true" if value else "false"
        case int() | float():
            known = number(value)
            return "" if known is None else f"{known:.{_MOST_DIGITS}g}"
        case list():
            return ", ".join(as_text(item) for item in value if not isinstance(item, list))
        case _:
            return ""


class Field(NamedTuple):
    """A field of gapcalc's links, the provider's name for it, and its price per row.

    An `always` field is requested whatever the rules are.
    """

    name: str
    theirs: str
    always: bool = False
    price: int = 1
    write: Callable[[Any], str] = as_text


def columns_read(active: Sequence[ActiveRule]) -> frozenset[str]:
    """Name the columns that rules in effect read."""
    return frozenset(name for rule in active for name in rule.rule.reads)


def wanted(fields: Sequence[Field], reads: Collection[str]) -> tuple[Field, ...]:
    """Choose the fields that are worth their price."""
    return tuple(field for field in fields if field.always or field.name in reads)


def write_row(fields: Sequence[Field], row: Mapping[str, Any]) -> dict[str, str]:
    """Give the cells of a row of an answer, by gapcalc's names; missing ones are empty."""
    return {field.name: field.write(row.get(field.theirs)) for field in fields}


def rows_under(data: object, name: str) -> list[Mapping[str, Any]]:
    """Give the objects of the list that an answer must have; raises UnreadableError without it."""
    found = data.get(name) if isinstance(data, Mapping) else None
    if not isinstance(found, list) or not all(isinstance(item, Mapping) for item in found):
        raise UnreadableError(f"it has no list of {name}")
    return found


def records(data: object, name: str) -> Iterator[Mapping[str, Any]]:
    """Give the objects of the list under a name, none where there is no list."""
    found = data.get(name) if isinstance(data, Mapping) else None
    items = found if isinstance(found, list) else ()
    yield from (item for item in items if isinstance(item, Mapping))


def record(data: object, name: str) -> Mapping[str, Any]:
    """Give the object under a name, an empty one where there is none."""
    found = data.get(name) if isinstance(data, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def text(value: object) -> str | None:
    """Give a text that is not blank, None for anything else."""
    return clean(value).strip() or None if isinstance(value, str) else None


def whole(value: object) -> int | None:
    """Give a count; a text of digits is read as a number.

    >>> whole("12"), whole(3.0), whole(-1), whole(1e999), whole("9" * 5000)
    (12, 3, None, None, None)
    """
    if isinstance(value, str):
        digits = value.strip()
        plain = digits.isascii() and digits.isdecimal() and len(digits) <= _MOST_DIGITS
        return int(digits) if plain else None
    known = number(value)
    return None if known is None or known < 0 else int(known)


def number(value: object) -> float | None:
    """Give a number, None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) < 10**_MOST_DIGITS else None  # nor infinite, nor NaN


def day_of(seen: object) -> str:
    """Write a date, which v3 gives in seconds since 1970 and v4 perhaps as ISO 8601.

    Numbers beyond the year 2100 are milliseconds or smaller units, not dates.

    >>> day_of("1707574800"), day_of("2024-02-10T14:20:00Z"), day_of(""), day_of(1735689600000)
    ('2024-02-10', '2024-02-10', '', '')
    """
    seconds = whole(seen)
    if seconds is not None:
        known = 0 < seconds < _LAST_DAY
        return datetime.fromtimestamp(seconds, UTC).date().isoformat() if known else ""
    found = re.match(r"\d{4}-\d{2}-\d{2}", seen) if isinstance(seen, str) else None
    return found[0] if found else ""


def usable(found: Sequence[Ranked], rows: Sequence[Mapping[str, Any]]) -> Sequence[Ranked]:
    """Give the results of a SERP; raises UnreadableError when rows came and no result is usable.

    A result is usable when it has a position and a URL that names a page.
    """
    if rows and not any(r.position is not None and page_of(r.url) is not None for r in found):
        first = ", ".join(f"{name}: {as_text(value)}" for name, value in rows[0].items())
        raise UnreadableError(
            f"{len(rows)} rows came, and none has a position and a URL (the first: {shown(first)})"
        )
    return found


def shown(text: str) -> str:
    """Give the beginning of what came, on one line and without a key."""
    # Keys are masked before the text is cut, because half a key would not be found.
    line = " ".join(redact(clean(text)).split())
    return line if len(line) <= _SHOWN else line[:_SHOWN] + "…"
