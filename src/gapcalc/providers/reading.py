"""Reads answers leniently: what is missing or of another kind is unknown, never an error."""

from collections.abc import Iterator, Mapping
from typing import Any


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
