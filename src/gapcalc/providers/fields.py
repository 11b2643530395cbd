"""Which columns of a list of links are asked for: those that count, and those that a rule reads."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
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
