"""Figures that others published, each file with its source and date, and how they are read."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any


@cache
def load(name: str) -> Mapping[str, Any]:
    """Read the packaged TOML file of that name: `scale`, `context`.

    >>> load("scale")["vendor"]
    'ahrefs'
    """
    return read(Path(__file__).with_name(f"{name}.toml"))


def read(path: Path) -> Mapping[str, Any]:
    """Read any TOML file; ValueError names it and the place of the fault, OSError is as usual."""
    import tomllib

    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except ValueError as error:
        raise ValueError(f"{path} is no readable TOML: {error}") from error
