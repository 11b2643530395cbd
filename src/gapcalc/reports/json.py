"""The result itself, as JSON."""

from collections.abc import Iterable

from gapcalc.model import GapResult
from gapcalc.reports.text import safe_json


def plain(value: object) -> object:
    """Turn a result into what JSON knows, field for field."""
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    names = _names(type(value))
    if names is not None:
        return {name: plain(getattr(value, name)) for name in names}
    return [plain(item) for item in value] if isinstance(value, list | tuple) else value


def _names(kind: type) -> Iterable[str] | None:
    """Give the field names of a dataclass or a named tuple, None for any other type."""
    # `dataclasses.fields` gives the same several times slower, and a result has many parts.
    return getattr(kind, "__dataclass_fields__", None) or getattr(kind, "_fields", None)


def dump(value: object) -> str:
    """Write any result as one JSON object: a line for each of its values, and of its keywords."""
    import json

    values = plain(value)
    if not isinstance(values, dict):
        raise TypeError(f"a result is an object, not {type(value).__name__}")

    def line(item: object) -> str:
        return json.dumps(item, ensure_ascii=False)

    def lines(item: object) -> str:
        if not isinstance(item, list) or not item:
            return line(item)
        return "[\n    " + ",\n    ".join(map(line, item)) + "\n  ]"

    members = ",\n".join(f"  {line(key)}: {lines(item)}" for key, item in values.items())
    # One line an item, because the standard library indents several times slower than it writes.
    return safe_json("{\n" + members + "\n}\n")


def write_jsonl(result: GapResult) -> str:
    """Write one JSON object a keyword, each with the schema."""
    import json

    return "".join(
        safe_json(json.dumps({"schema": result.schema, **_as_dict(answer)}, ensure_ascii=False))
        + "\n"
        for answer in result.keywords
    )


def _as_dict(answer: object) -> dict[str, object]:
    values = plain(answer)
    return values if isinstance(values, dict) else {}
