"""Which columns are asked for, and how their values are read from an answer."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from gapcalc.rules.base import ActiveRule


def as_text(value: Any) -> str:  # noqa: ANN401  (whatever JSON holds)
    """Write a value of a JSON answer as a cell; null is an empty one.

    >>> as_text(True), as_text(None), as_text(["en", "de"]), as_text(63.0)
    ('true', '', 'en, de', '63')
    """
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer():
            return str(int(value))
        case list():
            return ", ".join(map(as_text, value))
        case _:
            return str(value)


@dataclass(frozen=True, slots=True)
class Field:
    """A field of gapcalc's links, the provider's name for it, and what it adds to a row's price.

    A field that is `always` there is asked for whatever the rules are.
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
    """Give the cells of a row of an answer, by our names; what is missing is empty."""
    return {field.name: field.write(row.get(field.theirs)) for field in fields}


def records(data: Any, name: str) -> Iterator[Mapping[str, Any]]:  # noqa: ANN401  (any JSON)
    """Give the objects of the list that stands under a name."""
    found = data.get(name) if isinstance(data, Mapping) else None
    yield from (item for item in found or () if isinstance(item, Mapping))


def record(data: Any, name: str) -> Mapping[str, Any]:  # noqa: ANN401
    """Give the object under a name, an empty one where there is none."""
    found = data.get(name) if isinstance(data, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def text(value: Any) -> str | None:  # noqa: ANN401
    """Give a text that is not blank, None for anything else."""
    return value.strip() or None if isinstance(value, str) else None


def whole(value: Any) -> int | None:  # noqa: ANN401
    """Give a number of things; text of digits counts as one."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        return int(value) if value.strip().isdecimal() else None
    return int(value) if isinstance(value, int | float) and value >= 0 else None


def number(value: Any) -> float | None:  # noqa: ANN401
    """Give a number, None for anything else."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def day_of(seen: Any) -> str:  # noqa: ANN401  (text or number)
    """Write a date, which v3 gives in seconds since 1970 and v4 perhaps as ISO 8601.

    >>> day_of("1707574800"), day_of("2024-02-10T14:20:00Z"), day_of("")
    ('2024-02-10', '2024-02-10', '')
    """
    seconds = whole(seen)
    if seconds is not None:
        return datetime.fromtimestamp(seconds, UTC).date().isoformat() if seconds else ""
    found = re.match(r"\d{4}-\d{2}-\d{2}", str(seen or ""))
    return found[0] if found else ""
