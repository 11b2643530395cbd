"""Figures that others published, each file with its source and date, and how they are read."""

import errno
import os
import stat
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


LARGEST_FILE = 16 * 1024 * 1024
"""What settings, manifests and lists may take: the Public Suffix List has 0.3 MB."""


def read_whole(path: Path) -> bytes:
    """Read a small file; OSError if it is not a regular file, or too large.

    A pipe would be waited for, and a device read without end.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        is_folder = path.is_dir()
        code = errno.EISDIR if is_folder else errno.EINVAL
        raise OSError(code, os.strerror(code) if is_folder else "it is not a regular file")
    with path.open("rb") as file:
        data = file.read(LARGEST_FILE + 1)
    if len(data) > LARGEST_FILE:
        raise OSError(errno.EFBIG, f"it is larger than {LARGEST_FILE // 1024**2} MiB")
    return data


def read(path: Path) -> Mapping[str, Any]:
    """Read any TOML file; ValueError names it and the place of the fault, OSError is as usual."""
    import tomllib

    try:
        return tomllib.loads(read_whole(path).decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ValueError(f"{path} is not UTF-8 text. Save it as UTF-8") from error
    except ValueError as error:
        raise ValueError(f"{path} is not valid TOML: {error}") from error
