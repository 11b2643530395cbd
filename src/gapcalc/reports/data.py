"""Results as data: JSON with its schemas, JSON lines, and CSV."""

import csv
import io
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from typing import Any

from gapcalc.formats.own import shield
from gapcalc.option import LARGEST, Declared
from gapcalc.reports.document import Report, Screen
from gapcalc.settings import declarations
from gapcalc.text import safe, safe_json

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TYPES: Mapping[type, Mapping[str, Any]] = {
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    str: {"type": "string"},
    Path: {"type": "string"},
    date: {"type": "string", "format": "date"},
}


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
    members = ",\n".join(f"  {_line(key)}: {_item_lines(item)}" for key, item in values.items())
    # One line per item: the standard library is several times slower when it indents.
    return "{\n" + members + "\n}\n"


def _item_lines(item: object) -> str:
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


def write_csv(report: Report, _screen: Screen) -> str:
    """Write the headings, then every row."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([_cell(value) for value in row] for row in report.rows())
    return text.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return shield(safe(value)) if isinstance(value, str) else str(value)


def write_result_schema(command: str) -> str:
    """Write the JSON Schema of what a command prints with --json, from the type of its result."""
    from pydantic import TypeAdapter

    kind = getattr(import_module(f"gapcalc.results.{command}"), f"{command.capitalize()}Result")
    document = TypeAdapter(kind).json_schema(mode="serialization")
    return _schema(f"gapcalc.{command}/1", document)


def write_settings_schema() -> str:
    """Write the JSON Schema of gapcalc.toml."""
    options = {d.name: _property(d) for d in declarations() if "file" in d.option.where}
    document = {"type": "object", "properties": options, "additionalProperties": False}
    return _schema("gapcalc.settings/1", document)


SCHEMAS: Mapping[str, Callable[[], str]] = {
    **{name: partial(write_result_schema, name) for name in ("gap", "prospects", "audit", "plan")},
    "settings": write_settings_schema,
}
"""The schemas that can be printed, by name."""


def _schema(name: str, document: Mapping[str, Any]) -> str:
    import json

    return json.dumps({"$schema": _DIALECT, "$id": name, **document}, indent=2) + "\n"


def _property(declared: Declared) -> dict[str, Any]:
    kinds = [{**_TYPES[kind], **_range(kind, declared)} for kind in declared.kinds]
    value = {"enum": list(declared.words)} if declared.words else kinds[0]
    if len(kinds) > 1:
        value = {"anyOf": kinds}
    whole: dict[str, Any] = {"type": "array", "items": value} if declared.is_list else value
    default = {"default": declared.default} if declared.default not in (None, ()) else {}
    return {"description": declared.help, **whole, **default}


def _range(kind: type, declared: Declared) -> dict[str, Any]:
    if kind not in {int, float}:
        return {}
    low, high = declared.option.low, declared.option.high
    return {"minimum": low, **({} if high == LARGEST else {"maximum": high})}
