"""Filters on rows: Ahrefs' `where`, and as much of Semrush v4's `filter` as has a plain form."""

import json
import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

Row = Mapping[str, Any]
Test = Callable[[Row], bool]

_OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "eq": lambda cell, value: cell == value,
    "neq": lambda cell, value: cell != value,
    "gt": lambda cell, value: cell > value,
    "gte": lambda cell, value: cell >= value,
    "lt": lambda cell, value: cell < value,
    "lte": lambda cell, value: cell <= value,
    "substring": lambda cell, value: value in cell,
    "isubstring": lambda cell, value: value.casefold() in cell.casefold(),
    "phrase_match": lambda cell, value: value in cell,
    "iphrase_match": lambda cell, value: value.casefold() in cell.casefold(),
    "prefix": lambda cell, value: cell.startswith(value),
    "suffix": lambda cell, value: cell.endswith(value),
    "regex": lambda cell, value: bool(re.search(value, cell)),
}


class BadFilterError(Exception):
    """The expression does not follow the grammar, or names a field that is not there."""


def compile_where(expression: object, known: Mapping[str, type]) -> tuple[Test, set[str]]:
    """Give the test that an expression is, and the fields it reads, which are billed."""
    fields: set[str] = set()

    def build(node: object) -> Test:
        match node:
            case {"and": list(parts), **rest} if not rest and parts:
                tests = [build(part) for part in parts]
                return lambda row: all(test(row) for test in tests)
            case {"or": list(parts), **rest} if not rest and parts:
                tests = [build(part) for part in parts]
                return lambda row: any(test(row) for test in tests)
            case {"not": part, **rest} if not rest:
                test = build(part)
                return lambda row: not test(row)
            case {"field": str(name), "is": condition, **rest} if not rest:
                if name not in known:
                    raise BadFilterError(f"column '{name}' not found")
                fields.add(name)
                return _condition(name, condition, known[name])
            case _:
                raise BadFilterError("bad where: parsing error")

    return build(expression), fields


def _condition(name: str, condition: object, kind: type) -> Test:
    match condition:
        case "empty" | "is_null":
            return lambda row: row[name] in (None, "", [])
        case [str(operator), value] if operator in _OPERATORS:
            if not _fits(value, kind):
                raise BadFilterError(f"bad where: wrong type of value for '{name}'")
            compare = _OPERATORS[operator]
            return lambda row: row[name] is not None and compare(row[name], value)
        case _:
            raise BadFilterError("bad where: unknown operator")


def _fits(value: object, kind: type) -> bool:
    if kind is bool or isinstance(value, bool):
        return kind is bool and isinstance(value, bool)
    return isinstance(value, int | float) if kind in (int, float) else isinstance(value, kind)


_TERM = re.compile(r"(\w+) (?:(IN|NOT_IN) \(([^()]+)\)|(>=|<=|>|<) (\d+))")


def compile_filter(text: str, known: Collection[str]) -> Test:
    """Give the test that terms like `is_lost IN (false)` or `page_score > 50` are, AND between."""
    tests = [_term(part, known) for part in text.split(" AND ")]
    return lambda row: all(test(row) for test in tests)


def _term(text: str, known: Collection[str]) -> Test:
    found = _TERM.fullmatch(text.strip())
    if found is None or found[1] not in known:
        raise BadFilterError(f"filter: cannot understand {text}")
    name, word, values, sign, number = found.groups()
    if word:
        wanted = [json.loads(value) for value in values.split(",")]
        return lambda row: (row[name] in wanted) == (word == "IN")
    compare = _OPERATORS[{">": "gt", ">=": "gte", "<": "lt", "<=": "lte"}[sign]]
    return lambda row: compare(row[name], int(number))
