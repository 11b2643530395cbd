"""JSON Schemas: of an output, from the result's own types; of the settings file, from the options."""

import json
from collections.abc import Callable, Mapping
from datetime import date
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


def write_gap_schema() -> str:
    """Write the JSON Schema of what `gapcalc gap --json` prints."""
    return _write("gapcalc.gap/1", TypeAdapter(GapResult).json_schema(mode="serialization"))


def write_prospects_schema() -> str:
    """Write the JSON Schema of what `gapcalc prospects --json` prints."""
    schema = TypeAdapter(ProspectsResult).json_schema(mode="serialization")
    return _write("gapcalc.prospects/1", schema)


def write_audit_schema() -> str:
    """Write the JSON Schema of what `gapcalc audit --json` prints."""
    return _write("gapcalc.audit/1", TypeAdapter(AuditResult).json_schema(mode="serialization"))


def write_plan_schema() -> str:
    """Write the JSON Schema of what `gapcalc plan --json` prints."""
    return _write("gapcalc.plan/1", TypeAdapter(PlanResult).json_schema(mode="serialization"))


def write_settings_schema() -> str:
    """Write the JSON Schema of gapcalc.toml."""
    options = {d.name: _property(d) for d in declarations() if "file" in d.option.where}
    document = {"type": "object", "properties": options, "additionalProperties": False}
    return _write("gapcalc.settings/1", document)


SCHEMAS: Mapping[str, Callable[[], str]] = {
    "gap": write_gap_schema,
    "prospects": write_prospects_schema,
    "audit": write_audit_schema,
    "plan": write_plan_schema,
    "settings": write_settings_schema,
}
"""What a schema can be asked for, by name."""


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
