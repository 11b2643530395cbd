"""Writes JSON Schemas: of outputs, from result types; of the settings file, from the options."""

import json
from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from gapcalc.option import LARGEST, Declared
from gapcalc.results.audit import AuditResult
from gapcalc.results.gap import GapResult
from gapcalc.results.plan import PlanResult
from gapcalc.results.prospects import ProspectsResult
from gapcalc.settings import declarations

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TYPES: Mapping[type, Mapping[str, Any]] = {
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    str: {"type": "string"},
    Path: {"type": "string"},
    date: {"type": "string", "format": "date"},
}


def write_result_schema(command: str, kind: type) -> str:
    """Write the JSON Schema of what a command prints with --json, from the type of its result."""
    document = TypeAdapter(kind).json_schema(mode="serialization")
    return _write(f"gapcalc.{command}/1", document)


def write_settings_schema() -> str:
    """Write the JSON Schema of gapcalc.toml."""
    options = {d.name: _property(d) for d in declarations() if "file" in d.option.where}
    document = {"type": "object", "properties": options, "additionalProperties": False}
    return _write("gapcalc.settings/1", document)


_RESULTS: Mapping[str, type] = {
    "gap": GapResult,
    "prospects": ProspectsResult,
    "audit": AuditResult,
    "plan": PlanResult,
}
SCHEMAS: Mapping[str, Callable[[], str]] = {
    **{name: partial(write_result_schema, name, kind) for name, kind in _RESULTS.items()},
    "settings": write_settings_schema,
}
"""The schemas that can be printed, by name."""


def _write(name: str, document: Mapping[str, Any]) -> str:
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
