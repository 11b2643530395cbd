"""Turns what was typed into settings."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from pathlib import Path

from gapcalc.errors import UsageError
from gapcalc.settings import Settings, environment, settle

_OPTIONS = frozenset(field.name for field in fields(Settings))


def settings_of(options: Mapping[str, object]) -> Settings:
    """Put together what was typed, the environment and the settings file; raises UsageError."""
    flags = {
        name: _value(name, value)
        for name, value in options.items()
        if name in _OPTIONS and value is not None and value not in ([], ())
    }
    if options.get("json"):
        flags["format"] = "json"
    config = options["config"]
    path = config if isinstance(config, Path) else None
    return settle(flags, environment(), path, Path.cwd())


def _value(name: str, value: object) -> object:
    if name == "as_of":
        return _date(str(value))
    if name in {"drop", "ugc_patterns"}:
        return _choices(name, str(value))
    return tuple(value) if isinstance(value, list) else value


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"--as-of {text} is no date; write it as 2026-01-31") from error


def _choices(name: str, text: str) -> tuple[str, ...]:
    known = {
        "drop": ("platform", "homepage", "duplicate-domain"),
        "ugc_patterns": ("comment", "forum", "profile"),
    }[name]
    chosen = tuple(part.strip() for part in text.split(",") if part.strip())
    for part in chosen:
        if part not in known:
            option = name.replace("_", "-")
            raise UsageError(f"--{option} {part}: it takes {', '.join(known)}, with commas between")
    return chosen
