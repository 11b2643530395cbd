"""What the user named: files, folders, globs and standard input become a list of sources."""

import glob
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from gapcalc.errors import InputError, NothingReadableError, UsageError
from gapcalc.readers.detect import Source, detect
from gapcalc.readers.manifest import NAME, Manifests, Told, check_listed
from gapcalc.readers.sheet import open_sheet
from gapcalc.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file in a folder or glob that is not read, and why."""

    name: str
    reason: str


Found = Source | Skipped


def find_sources(names: Sequence[str], workspace: Workspace) -> tuple[Found, ...]:
    """Open everything that is named, each file once, in the order given (folders by name).

    A file that the manifest beside it lists is wanted as much as one that is named. Raises
    InputError for a named file that cannot be read, NothingReadableError for a folder or glob
    without a readable file, UsageError for a URL.
    """
    found: list[Found] = []
    seen: set[Path] = set()
    manifests = Manifests()
    for name in dict.fromkeys(names):
        _check_folder(Path(name), manifests)
        group = [
            _look(shown, path, manifests.about(path), named=named)
            for shown, path, named in _expand(name, workspace)
            if path.resolve() not in seen
        ]
        seen |= {item.sheet.path.resolve() for item in group if isinstance(item, Source)}
        if group and all(isinstance(item, Skipped) for item in group):
            raise NothingReadableError(
                name, [f"{i.name}: {i.reason}" for i in group if isinstance(i, Skipped)]
            )
        found += group
    return tuple(found)


def _check_folder(folder: Path, manifests: Manifests) -> None:
    """Refuse a folder whose manifest lists a file that is not there."""
    told = manifests.in_folder(folder)
    present = [name for name in told if os.path.isfile(folder / name)]  # noqa: PTH113  (odd names are no error)
    check_listed(told, present, (folder / NAME).as_posix())


def _expand(name: str, workspace: Workspace) -> Iterator[tuple[str, Path, bool]]:
    """Yield (name to show, path, whether named itself) for one argument."""
    path = Path(name)
    if name == "-":
        yield name, workspace.keep_stream(sys.stdin.buffer), True
    elif "://" in name and not path.exists():
        message = (
            f"{name} is a URL, and inputs are files. Give the page with --target, exports as files"
        )
        raise UsageError(message)
    elif path.is_dir():
        files = _listed(name, sorted(item for item in path.iterdir() if item.name[0] != "."))
        yield from ((workspace.show(file), file, named) for _, file, named in files)
    elif any(mark in name for mark in "*?[") and not path.exists():
        # Path.glob knows no absolute patterns.
        matches = sorted(glob.glob(name))  # noqa: PTH207
        yield from _listed(name, [Path(match) for match in matches])
    elif path.is_fifo():
        with path.open("rb") as pipe:
            yield name, workspace.keep_stream(pipe), True
    else:
        yield name, path, True


def _listed(name: str, paths: Sequence[Path]) -> Iterator[tuple[str, Path, bool]]:
    files = [path for path in paths if path.is_file() and path.name != NAME]
    if not files:
        raise NothingReadableError(name, ())
    yield from ((path.as_posix(), path, False) for path in files)


def _look(name: str, path: Path, told: Told | None, *, named: bool) -> Found:
    wanted = named or told is not None
    try:
        source = replace(detect(open_sheet(name, path)), told=told)
    except InputError as error:
        if wanted:
            raise
        return Skipped(name, error.reason)
    if not wanted and not source.has_rows:
        return Skipped(name, f"it has the header of {source.export.title} and no rows")
    return source
