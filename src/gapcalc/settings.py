"""Every option in one frozen value: flag beats environment beats file beats default."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from math import inf
from pathlib import Path
from typing import Any

from gapcalc.data import read
from gapcalc.errors import UsageError, nearest
from gapcalc.words import Basis, Depth, Drop, Format, Profile, ProviderName

FILE_NAME = "gapcalc.toml"
_PREFIX = "GAPCALC_"
_HELP = "see gapcalc gap --help"


@dataclass(frozen=True)
class Settings:
    """What is asked and how; names are the option names in snake_case."""

    target: str | None = None
    top: int = 10
    own_rds: int | None = None
    keyword: str | None = None
    kd: str | float | None = None
    kd_scale: Path | None = None
    links_for: tuple[str, ...] = ()
    competitor: tuple[str, ...] = ()
    basis: Basis | None = None
    drop: tuple[Drop, ...] = ()
    exclude: tuple[str, ...] = ()
    tolerance: float = 0.25
    profile: Profile = "balanced"
    rule: tuple[str, ...] = ()
    no_rule: tuple[str, ...] = ()
    min_authority: int | None = None
    min_traffic: int | None = None
    max_outbound: int | None = None
    sitewide_links: int | None = None
    sitewide_share: float | None = None
    ugc_patterns: tuple[str, ...] = ()
    block_anchor: tuple[str, ...] = ()
    block_domains: Path | None = None
    language: tuple[str, ...] = ()
    topic: tuple[str, ...] = ()
    icann_suffixes: bool = False
    psl: Path | None = None
    sensitivity: bool = False
    by_vendor: bool = False
    pace: float | None = None
    competitive: bool = False
    horizon: int = 24
    fail_over: int | None = None
    allow_unknown: bool = False
    fail_unknown: bool = False
    memory_limit: str | None = None
    format: Format = "table"
    output: Path | None = None
    as_of: date | None = None
    provider: ProviderName | None = None
    country: str = "US"
    depth: Depth = "counts"
    max_rows: int = 1000
    one_per_domain: bool = False
    max_units: float | None = None
    cache: Path | None = None
    cache_days: int = 7


_RANGES = {
    "top": (1, inf),
    "own_rds": (0, inf),
    "tolerance": (0, 1),
    "pace": (0.1, inf),
    "horizon": (1, inf),
    "fail_over": (0, inf),
    "min_authority": (0, 100),
    "min_traffic": (0, inf),
    "max_outbound": (0, inf),
    "sitewide_links": (1, inf),
    "sitewide_share": (0, 1),
    "max_rows": (1, inf),
    "max_units": (0, inf),
    "cache_days": (1, 30),
}
"""The limits that the command line has typer check, for values from the file and elsewhere."""

_PATHS = ("kd_scale", "block_domains", "psl", "output", "cache")
_NO_OPTIONS = ("config", "keys", "ahrefs_url", "semrush_url", "dataforseo_url")
"""What the environment alone may set: where keys are, and whom they are handed to.

A settings file comes with a folder that others may have made.
"""
_LISTS = tuple(field.name for field in fields(Settings) if field.default == ())


def settle(
    flags: Mapping[str, object], environment: Mapping[str, str], config: Path | None, folder: Path
) -> Settings:
    """Put the options together; `flags` holds only what was typed.

    `config` is the file named by --config; without one, gapcalc.toml is looked for in `folder`
    and upwards. Raises UsageError for an unknown key or a value of the wrong kind.
    """
    named = environment.get(f"{_PREFIX}CONFIG")
    path = config or (Path(named) if named else _find(folder))
    given = _from_environment(environment)
    values = {**(_from_file(path) if path else {}), **given}
    settings = _validated(values, path) if values else Settings()
    return replace(settings, **dict(flags))  # type: ignore[arg-type]  # typer has checked the types


def _find(folder: Path) -> Path | None:
    places = (place / FILE_NAME for place in (folder, *folder.parents))
    return next((place for place in places if place.is_file()), None)


def _from_file(path: Path) -> dict[str, object]:
    try:
        values = dict(read(path))
    except OSError as error:
        raise UsageError(f"--config {path}: it cannot be read ({error.strerror})") from error
    except ValueError as error:
        raise UsageError(str(error)) from error
    for name in _PATHS:
        if isinstance(values.get(name), str):
            values[name] = path.parent / str(values[name])
    bindings = values.get("links_for")
    if isinstance(bindings, list):
        values["links_for"] = [_beside(str(binding), path.parent) for binding in bindings]
    return values


def _beside(binding: str, folder: Path) -> str:
    url, equals, file = binding.rpartition("=")
    return f"{url}{equals}{folder / file}" if equals else binding


def _from_environment(environment: Mapping[str, str]) -> dict[str, object]:
    found: dict[str, object] = {}
    for variable, text in environment.items():
        name = variable.removeprefix(_PREFIX).lower()
        if variable.startswith(_PREFIX) and text and name not in _NO_OPTIONS:
            found[name] = text.split(",") if name in _LISTS else text
    return found


def _validated(values: Mapping[str, object], path: Path | None) -> Settings:
    from pydantic import TypeAdapter, ValidationError

    known = {field.name for field in fields(Settings)}
    where = path or "the environment"
    for name in values:
        if name not in known:
            raise UsageError(f"{where}: there is no option {name}; {nearest(name, known, _HELP)}")
        if isinstance(values[name], bool) and not isinstance(getattr(Settings(), name), bool):
            raise UsageError(f"{where}: {name}: true and false are no value for this option")
    try:
        settings = TypeAdapter(Settings).validate_python(dict(values))
    except ValidationError as error:
        first: Any = error.errors()[0]
        name = ".".join(map(str, first["loc"]))
        raise UsageError(f"{where}: {name}: {first['msg'].lower()}") from error
    for name, (low, high) in _RANGES.items():
        value = getattr(settings, name)
        if value is not None and not low <= value <= high:
            wanted = f"at least {low:g}" if high == inf else f"from {low:g} to {high:g}"
            raise UsageError(f"{where}: {name}: {value:g} is out of range; it is {wanted}")
    return settings


def environment() -> Mapping[str, str]:
    """Give the process's environment, the only place where it is read."""
    return os.environ
