"""A folder that is written whole or not at all, and that replaces only what fetch wrote before."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from gapcalc.errors import InputError, UsageError
from gapcalc.inputs.manifest import NAME, read_manifest

MADE_BY = "gapcalc fetch"
_LONGEST_SLUG = 60


def check_folder(folder: Path) -> None:
    """Refuse a folder that holds anything but what an earlier fetch wrote; raises UsageError."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise UsageError(f"-o {folder}: it is a file, and a folder is to be written")
    foreign = sorted({path.name for path in folder.iterdir()} - _written_by_fetch(folder))
    if foreign:
        raise UsageError(
            f"-o {folder}: it holds {foreign[0]}, which gapcalc fetch did not write. "
            "Name a new or an empty folder"
        )


def _written_by_fetch(folder: Path) -> set[str]:
    manifest = folder / NAME
    try:
        data = manifest.read_bytes()
        told = read_manifest(data, str(manifest))
    except (OSError, InputError):
        return set()
    return {NAME, *told} if MADE_BY.encode() in data else set()


@contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """Give an empty folder that takes the place of `folder` once all is written into it.

    Raises UsageError when it cannot be written.
    """
    # A link keeps pointing where it does: the folder behind it is the one to replace.
    target = folder.resolve()
    partial, old = (target.with_name(f".{target.name}.{os.getpid()}.{s}") for s in ("part", "old"))
    try:
        partial.mkdir(parents=True)
        yield partial
        check_folder(folder)
        if target.exists():
            target.rename(old)
        partial.rename(target)
    except OSError as error:
        if old.exists() and not target.exists():
            old.rename(target)
        raise UsageError(f"-o {folder}: it cannot be written ({error.strerror})") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


def slug(text: str) -> str:
    """Give a file name for a keyword or a page: readable, and different for different texts.

    >>> slug("Desk lamp?"), slug("desk lamp")
    ('desk-lamp-d0f5f4', 'desk-lamp-295a25')
    """
    plain = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:_LONGEST_SLUG].strip("-")
    mark = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:6]
    return f"{plain}-{mark}" if plain else mark
