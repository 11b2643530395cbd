"""Turns what the user named (files, folders, globs, standard input) into a list of sources."""

import glob
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from gapcalc.errors import InputError, NothingReadableError, UsageError, unopened
from gapcalc.inputs.contents import Found, Named, Skipped, open_file
from gapcalc.inputs.manifest import NAME, Manifests, check_listed
from gapcalc.inputs.sheet import place_of, state_of
from gapcalc.inputs.source import Source
from gapcalc.workspace import Workspace, kind_of

_File = tuple[Named, Path]


def find_sources(names: Sequence[str], workspace: Workspace) -> tuple[Found, ...]:
    """Open everything that is named, each file once, in the order given (in folders, by name).

    A file that is listed in the manifest beside it must be readable, like one that is named.
    Raises InputError for such a file that cannot be read, NothingReadableError for a folder, glob
    or archive without a readable file, UsageError for a URL.
    """
    found: list[Found] = []
    seen: set[tuple[Path, str]] = set()
    manifests = Manifests()
    workspace.advance("Opening files", 0, None)
    for name in dict.fromkeys(names):
        _check_folder(Path(name), manifests)
        group = [
            item
            for file in _with_progress(list(_expand(name, workspace)), workspace)
            if place_of(file[1]) not in seen
            for item in _open(*file, manifests, workspace)
            if isinstance(item, Skipped) or item.sheet.origin.place not in seen
        ]
        seen |= {item.sheet.origin.place for item in group if isinstance(item, Source)}
        skipped = [item for item in group if isinstance(item, Skipped)]
        if group and len(skipped) == len(group):
            raise NothingReadableError(name, [f"{item.name}: {item.reason}" for item in skipped])
        found += group
    read = {item.sheet.name for item in found if isinstance(item, Source)}
    return tuple(item for item in found if isinstance(item, Source) or item.name not in read)


def _open(name: Named, path: Path, manifests: Manifests, workspace: Workspace) -> Iterator[Found]:
    """Yield the table or tables in a file; a pipe or device in a folder is skipped."""
    if not name.named and kind_of(path) in {"pipe", "other"}:
        yield Skipped(name.shown, "it is a pipe or device, and no file")
    else:
        entry = manifests.in_folder(path.parent).get(path.name)
        yield from open_file(name._replace(manifest_entry=entry), path, workspace)


@contextmanager
def unchanged(found: Sequence[Found]) -> Iterator[None]:
    """Check after reading that no file was changed meanwhile; else raises InputError."""
    try:
        yield
    except Exception:
        _check_unchanged(found)
        raise
    _check_unchanged(found)


def _check_unchanged(found: Sequence[Found]) -> None:
    states = {i.sheet.origin.file: i for i in found if isinstance(i, Source)}
    for file, source in states.items():
        before = source.sheet.origin.state
        if before and state_of(file) != before:
            raise InputError(
                source.sheet.name,
                "it was changed while it was read",
                "Run it again when nothing writes to the file",
            )


def _with_progress(files: Sequence[_File], workspace: Workspace) -> Iterator[_File]:
    for done, file in enumerate(files):
        workspace.advance("Opening files", done, len(files))
        yield file


def _check_folder(folder: Path, manifests: Manifests) -> None:
    """Refuse a folder whose manifest lists a file that is not there."""
    entries = manifests.in_folder(folder)
    present = {name for name in entries if kind_of(folder / name) == "file"}
    check_listed(entries, present, (folder / NAME).as_posix())


def _expand(name: str, workspace: Workspace) -> Iterator[_File]:
    path, kind, named = Path(name), kind_of(name), Named(name, named=True)
    if name == "-":
        yield named, workspace.keep_stream(sys.stdin.buffer)
    elif "://" in name and kind is None:
        raise UsageError(
            f"{name} is a URL, and inputs are files. Give the page with --target, exports as files"
        )
    elif kind == "folder":
        yield from ((Named(workspace.show(f)), f) for f in _only_files(name, _files_in(path)))
    elif any(mark in name for mark in "*?[") and kind is None:
        yield from ((Named(f.as_posix()), f) for f in _only_files(name, _matches(name)))
    elif kind == "pipe":
        with path.open("rb") as pipe:
            yield named, workspace.keep_stream(pipe)
    else:
        yield named, path


def _matches(pattern: str) -> list[Path]:
    try:
        return [Path(match) for match in sorted(glob.glob(pattern))]  # noqa: PTH207  (Path.glob takes no absolute patterns)
    except RecursionError:  # a thousand folders deep
        return []


def _files_in(folder: Path) -> list[Path]:
    try:
        return sorted(item for item in folder.iterdir() if item.name[0] != ".")
    except OSError as error:
        raise unopened(folder.as_posix(), error) from error


def _only_files(name: str, paths: Sequence[Path]) -> list[Path]:
    """Leave out folders and manifests; an uncheckable path stays, and opening it reports why."""
    files = [path for path in paths if path.name != NAME and kind_of(path) != "folder"]
    if not files:
        raise NothingReadableError(
            name, () if kind_of(name) == "folder" else ("no file matches it",)
        )
    return files
