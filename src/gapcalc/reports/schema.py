"""The JSON Schema of an output, made from the result's own types."""

import json

from pydantic import TypeAdapter

from gapcalc.results import GapResult

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def write_schema(command: str) -> str:
    """Write the JSON Schema of a command's output."""
    document = TypeAdapter(GapResult).json_schema(mode="serialization")
    return (
        json.dumps({"$schema": _DIALECT, "$id": f"gapcalc.{command}/1", **document}, indent=2)
        + "\n"
    )
