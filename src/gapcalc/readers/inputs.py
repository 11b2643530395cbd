"""What the user named: files, folders, globs and standard input become a list of sources."""

import glob
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from gapcalc.errors import InputError, NothingReadableError, RefusedFormatError, UsageError
from gapcalc.readers.containers import Container, container_of
from gapcalc.readers.detect import Source, detect
from gapcalc.readers.packed import Allowance, File, Member, Unpacking
from gapcalc.readers.sheet import Origin, open_sheet, place_of
from gapcalc.workspace import Workspace

_DEEPEST = 1
"""An export may be packed twice: a gzip file in an archive, a spreadsheet in a gzip file."""

_UNPACK = "Unpack it first"


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file in a folder, glob or archive that is not read, and why."""

    name: str
    reason: str


Found = Source | Skipped


def find_sources(names: Sequence[str], workspace: Workspace) -> tuple[Found, ...]:
    """Open everything that is named, each file once, in the order given (folders by name).

    Raises InputError for a named file that cannot be read, NothingReadableError for a folder,
    glob or archive without a readable file, UsageError for a URL.
    """
    found: list[Found] = []
    seen: set[tuple[Path, str]] = set()
    for name in dict.fromkeys(names):
        group = [
            item
            for shown, path, named in _each(list(_expand(name, workspace)), workspace)
            if place_of(path) not in seen
            for item in _look(shown, path, workspace, named=named)
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
        yield from _listed(name, sorted(item for item in path.iterdir() if item.name[0] != "."))
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
    files = [path for path in paths if path.is_file()]
    if not files:
        raise NothingReadableError(name, ())
    yield from ((path.as_posix(), path, False) for path in files)


def _look(name: str, path: Path, workspace: Workspace, *, named: bool) -> Iterator[Found]:
    place, member = place_of(path)
    archive = name.removesuffix(f"/{member}") if member else name
    file = File(archive, place if member else path, Origin(place))
    try:
        size = file.path.stat().st_size
    except OSError:
        size = 0  # opening it will tell what is wrong
    opening = _Opening(Unpacking(workspace, Allowance(archive, size)), name if member else None)
    yield from opening.look(file, named=named)


@dataclass(frozen=True, slots=True)
class _Opening:
    """The opening of one file of the user's; `wanted` names the one file to read of an archive."""

    unpacking: Unpacking
    wanted: str | None

    def look(self, file: File, *, named: bool, depth: int = 0) -> Iterator[Found]:
        """Yield what a file is, or each file in an archive; what is not `named` may be skipped."""
        try:
            yield from self._open(file, named=named, depth=depth)
        except InputError as error:
            if named:
                raise
            yield Skipped(file.name, error.reason)

    def _open(self, file: File, *, named: bool, depth: int) -> Iterator[Found]:
        container = container_of(file.path)
        if container and container.is_archive and not depth:
            yield from self._members(container, file)
        elif self.wanted and not depth:
            raise InputError(self.wanted, "there is no such file", "Check the path")
        elif container is None:
            yield _read(file, named=named)
        elif container.is_archive or depth > _DEEPEST:
            raise InputError(file.name, f"it is {container.title} within another file", _UNPACK)
        else:
            yield self._first_known(container, file, named=named, depth=depth)

    def _members(self, container: Container, file: File) -> Iterator[Found]:
        found = False
        for member in container.members(file, self.unpacking):
            if self.wanted in {None, member.name}:
                found = True
                yield from self._member(member)
        if self.wanted and not found:
            raise InputError(self.wanted, "there is no such file in the archive", "Check the path")
        if not found:
            raise NothingReadableError(file.name, ())

    def _member(self, member: Member) -> Iterator[Found]:
        try:
            file = member.unpack()
        except InputError as error:
            if self.wanted:
                raise
            yield Skipped(member.name, error.reason)
        else:
            yield from self.look(file, named=self.wanted is not None, depth=1)

    def _first_known(self, container: Container, file: File, *, named: bool, depth: int) -> Found:
        errors: list[InputError] = []
        for member in container.members(file, self.unpacking):
            try:
                return next(self._open(member.unpack(), named=named, depth=depth + 1))
            except InputError as error:
                errors.append(error)
        if not errors:
            raise InputError(file.name, "it holds no table", "Export it again")
        raise next((e for e in errors if isinstance(e, RefusedFormatError)), errors[0])


def _read(file: File, *, named: bool) -> Found:
    source = detect(open_sheet(file.name, file.path, file.origin))
    if not named and not source.has_rows:
        return Skipped(file.name, f"it has the header of {source.export.title} and no rows")
    return source
