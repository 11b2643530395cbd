"""The result itself, as JSON: one object, or one object a line."""

from collections.abc import Mapping
from functools import cache

from gapcalc.reports.document import Report, Screen
from gapcalc.text import safe_json


def write(report: Report, _screen: Screen) -> str:
    """Write the whole result as one JSON object."""
    return dump(report.data)


def write_lines(report: Report, _screen: Screen) -> str:
    """Write one JSON object a line, for each record of the result."""
    return "".join(_line(record) + "\n" for record in report.records())


def dump(result: object) -> str:
    """Write any result as one JSON object: one line for each of its values and keywords.

    The result, like every object in it, is a dataclass without slots, or a mapping.
    """
    values = result if isinstance(result, Mapping) else _values(result)
    members = ",\n".join(f"  {_line(key)}: {_lines(item)}" for key, item in values.items())
    # One line per item: the standard library is several times slower when it indents.
    return "{\n" + members + "\n}\n"


def _lines(item: object) -> str:
    if not isinstance(item, list | tuple) or not item:
        return _line(item)
    return "[\n    " + ",\n    ".join(map(_line, item)) + "\n  ]"


def _line(item: object) -> str:
    import json

    # A result never contains itself, so the check for cycles is off.
    text = json.dumps(item, ensure_ascii=False, default=_values, check_circular=False)
    return safe_json(text)


def _values(item: object) -> Mapping[str, object]:
    # `vars` gives the fields of a dataclass in their order.
    kind: type = type(item)
    fields, renamed = vars(item), _renamed(kind)
    return {renamed.get(name, name): fields[name] for name in fields} if renamed else fields


@cache
def _renamed(kind: type) -> Mapping[str, str]:
    """Give the fields that end with an underscore, because Python reserves their JSON name."""
    fields = getattr(kind, "__dataclass_fields__", ())
    return {name: name[:-1] for name in fields if name[-1] == "_"}
