"""What the user named: files, folders, globs and standard input become a list of sources."""

import glob
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from gapcalc.errors import InputError, NothingReadableError, RefusedFormatError, UsageError
from gapcalc.inputs.containers import Container, container_of
from gapcalc.inputs.detect import Source, detect
from gapcalc.inputs.manifest import NAME, ManifestEntry, Manifests, check_listed, read_manifest
from gapcalc.inputs.packed import Allowance, File, Member, Unpacking
from gapcalc.inputs.sheet import Origin, open_sheet, place_of
from gapcalc.workspace import Workspace

_DEEPEST = 1
"""An export may be packed twice: a gzip file in an archive, a spreadsheet in a gzip file."""

_UNPACK = "Unpack it first"


class Skipped(NamedTuple):
    """A file in a folder, glob or archive that is not read, and why."""

    name: str
    reason: str


Found = Source | Skipped


def find_sources(names: Sequence[str], workspace: Workspace) -> tuple[Found, ...]:
    """Open everything that is named, each file once, in the order given (folders by name).

    A file that the manifest beside it lists is wanted as much as one that is named. Raises
    InputError for a named file that cannot be read, NothingReadableError for a folder, glob or
    archive without a readable file, UsageError for a URL.
    """
    found: list[Found] = []
    seen: set[tuple[Path, str]] = set()
    manifests = Manifests()
    for name in dict.fromkeys(names):
        _check_folder(Path(name), manifests)
        group = [
            item
            for shown, path, named in _each(list(_expand(name, workspace)), workspace)
            if place_of(path) not in seen
            for item in _look(_Named(shown, named, manifests.about(path)), path, workspace)
            if isinstance(item, Skipped) or item.sheet.origin.place not in seen
        ]
        seen |= {item.sheet.origin.place for item in group if isinstance(item, Source)}
        if group and all(isinstance(item, Skipped) for item in group):
            raise NothingReadableError(
                name, [f"{i.name}: {i.reason}" for i in group if isinstance(i, Skipped)]
            )
        found += group
    return tuple(found)


def _each(
    files: Sequence[tuple[str, Path, bool]], workspace: Workspace
) -> Iterator[tuple[str, Path, bool]]:
    for done, file in enumerate(files):
        workspace.advance("Opening files", done, len(files))
        yield file
    workspace.advance("Opening files", len(files), len(files))


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


class _Named(NamedTuple):
    """A file by the name to show, whether it was named itself, and what a manifest tells of it."""

    shown: str
    named: bool = False
    manifest_entry: ManifestEntry | None = None

    @property
    def wanted(self) -> bool:
        """Say whether the file must be readable; any other may be skipped."""
        return self.named or self.manifest_entry is not None


def _look(name: _Named, path: Path, workspace: Workspace) -> Iterator[Found]:
    place, member = place_of(path)
    archive = name.shown.removesuffix(f"/{member}") if member else name.shown
    file = File(archive, place if member else path, Origin(place))
    try:
        size = file.path.stat().st_size
    except OSError:
        size = 0  # opening it will tell what is wrong
    unpacking = Unpacking(workspace, Allowance(archive, size))
    yield from _Opening(unpacking, name.shown if member else None).look(file, name)


class _Opening(NamedTuple):
    """The opening of one file of the user's; `chosen` names the one file to read of an archive."""

    unpacking: Unpacking
    chosen: str | None

    def look(self, file: File, name: _Named, depth: int = 0) -> Iterator[Found]:
        """Yield what a file is, or each file in an archive; what is not wanted may be skipped."""
        try:
            yield from self._open(file, name, depth)
        except InputError as error:
            if name.wanted:
                raise
            yield Skipped(file.name, error.reason)

    def _open(self, file: File, name: _Named, depth: int) -> Iterator[Found]:
        container = container_of(file.path)
        if container and container.is_archive and not depth:
            yield from self._members(container, file)
        elif self.chosen and not depth:
            raise InputError(self.chosen, "there is no such file", "Check the path")
        elif container is None:
            yield _read(file, name)
        elif container.is_archive or depth > _DEEPEST:
            raise InputError(file.name, f"it is {container.title} within another file", _UNPACK)
        else:
            yield self._first_known(container, file, name, depth)

    def _members(self, container: Container, file: File) -> Iterator[Found]:
        told = self._told(container, file)
        found = False
        for member in container.members(file, self.unpacking):
            inner = member.name.removeprefix(f"{file.name}/")
            if self.chosen in {None, member.name} and inner != NAME:
                found = True
                name = _Named(member.name, self.chosen is not None, told.get(inner))
                yield from self._member(member, name)
        if self.chosen and not found:
            raise InputError(self.chosen, "there is no such file in the archive", "Check the path")
        if not found:
            raise NothingReadableError(file.name, ())

    def _told(self, container: Container, file: File) -> Mapping[str, ManifestEntry]:
        """Read the manifest of an archive, where it has one."""
        names, told, place = set(), {}, f"{file.name}/{NAME}"
        for member in container.members(file, self.unpacking):
            names.add(member.name.removeprefix(f"{file.name}/"))
            if member.name == place:
                told = read_manifest(member.unpack().path.read_bytes(), place)
        check_listed(told, names, place)
        return told

    def _member(self, member: Member, name: _Named) -> Iterator[Found]:
        try:
            file = member.unpack()
        except InputError as error:
            if name.wanted:
                raise
            yield Skipped(member.name, error.reason)
        else:
            yield from self.look(file, name, depth=1)

    def _first_known(self, container: Container, file: File, name: _Named, depth: int) -> Found:
        errors: list[InputError] = []
        for member in container.members(file, self.unpacking):
            try:
                return next(self._open(member.unpack(), name, depth + 1))
            except InputError as error:
                errors.append(error)
        if not errors:
            raise InputError(file.name, "it holds no table", "Export it again")
        raise next((e for e in errors if isinstance(e, RefusedFormatError)), errors[0])


def _read(file: File, name: _Named) -> Found:
    source = detect(open_sheet(file.name, file.path, file.origin))._replace(
        manifest_entry=name.manifest_entry
    )
    if not name.wanted and not source.has_rows:
        return Skipped(file.name, f"it has the header of {source.export.title} and no rows")
    return source
