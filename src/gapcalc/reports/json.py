"""The result itself, as JSON: one object, or one object a line."""

from collections.abc import Mapping

from gapcalc.reports.document import Report, Screen
from gapcalc.text import safe_json


def write(report: Report, _screen: Screen) -> str:
    """Write the whole result as one JSON object."""
    return dump(report.data)


def write_lines(report: Report, _screen: Screen) -> str:
    """Write one JSON object a line, for each record of the result."""
    return "".join(safe_json(_line(record)) + "\n" for record in report.records())


def dump(result: object) -> str:
    """Write any result as one JSON object: a line for each of its values, and of its keywords.

    It is a dataclass without slots, as are those in it, or a mapping.
    """
    values = result if isinstance(result, Mapping) else _values(result)
    members = ",\n".join(f"  {_line(key)}: {_lines(item)}" for key, item in values.items())
    # One line an item, because the standard library indents several times slower than it writes.
    return safe_json("{\n" + members + "\n}\n")


def _lines(item: object) -> str:
    if not isinstance(item, list | tuple) or not item:
        return _line(item)
    return "[\n    " + ",\n    ".join(map(_line, item)) + "\n  ]"


def _line(item: object) -> str:
    import json

    return json.dumps(item, ensure_ascii=False, default=_values)


def _values(item: object) -> dict[str, object]:
    # A dataclass keeps its fields, in their order, where `vars` finds them. A field with a trailing
    # underscore has a name that is a word of Python.
    fields = vars(item)
    if not any(name[-1] == "_" for name in fields):
        return fields
    return {name.rstrip("_"): value for name, value in fields.items()}
