"""What a file holds: a table, or other files with tables. Its bytes decide, not its name."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from gapcalc.data import read_whole
from gapcalc.errors import InputError, NothingReadableError, RefusedFormatError, unopened
from gapcalc.formats.own import OWN_SHEETS, OWN_WORKBOOK, READABLE_SHEET
from gapcalc.inputs.answers import is_json, json_members
from gapcalc.inputs.detect import detect
from gapcalc.inputs.manifest import NAME, ManifestEntry, check_listed, read_manifest
from gapcalc.inputs.sheet import Origin, open_sheet, place_of, state_of
from gapcalc.inputs.source import Source
from gapcalc.inputs.unpack import (
    Allowance,
    File,
    Member,
    Unpacking,
    gzip_members,
    holds,
    peek,
    zip_members,
)
from gapcalc.workspace import Workspace

_DEEPEST = 1
"""An export may be packed twice: a gzip file in an archive, a spreadsheet in a gzip file."""

_UNPACK = "Unpack it first"


class Container(NamedTuple):
    """A kind of file that holds others: how its bytes begin, and how its contents are listed.

    `claims` looks closer where two kinds begin alike. Every file of an archive is an input. In any
    other container, every table of a known format is read, and there must be at least one. A report
    of gapcalc is read only if the user names it: found beside its own inputs, it would count as one
    more input.
    """

    title: str
    signatures: tuple[bytes, ...]
    members: Callable[[File, Unpacking], Iterator[Member]]
    claims: Callable[[Path], bool] = lambda _path: True
    is_archive: bool = False
    is_answer: bool = False


def _workbook_members(file: File, unpacking: Unpacking) -> Iterator[Member]:
    from gapcalc.inputs.workbook import workbook_members

    return workbook_members(file, unpacking)


def _report_members(file: File, unpacking: Unpacking) -> Iterator[Member]:
    from gapcalc.inputs.workbook import workbook_members

    return workbook_members(file, unpacking, set(OWN_SHEETS) - {READABLE_SHEET})


def _is_report(path: Path) -> bool:
    return f'name="{OWN_WORKBOOK}"'.encode() in peek(path, "docProps/custom.xml")


def _parquet_members(file: File, unpacking: Unpacking) -> Iterator[Member]:
    from gapcalc.inputs.parquet import parquet_members

    return parquet_members(file, unpacking)


_JSON = (b"{", b"[", b" ", b"\n", b"\r", b"\t", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_ZIP, _WORKBOOK = (b"PK\x03\x04", b"PK\x05\x06"), "xl/workbook.xml"

CONTAINERS = (
    Container("a gzip file", (b"\x1f\x8b",), gzip_members),
    Container("a Parquet file", (b"PAR1",), _parquet_members),
    Container("JSON", _JSON, json_members, is_json),
    Container("a report of gapcalc", _ZIP, _report_members, _is_report, is_answer=True),
    Container("a spreadsheet", _ZIP, _workbook_members, lambda path: holds(path, _WORKBOOK)),
    Container("a ZIP archive", _ZIP, zip_members, is_archive=True),
)
"""Every kind; of two that begin alike, the more specific one comes first."""

_LONGEST_SIGNATURE = 4


def _container_of(path: Path) -> Container | None:
    """Tell which kind of container a file is; None when it is none, or cannot be opened."""
    try:
        with path.open("rb") as file:
            start = file.read(_LONGEST_SIGNATURE)
    except OSError:
        return None
    return next(
        (kind for kind in CONTAINERS if start.startswith(kind.signatures) and kind.claims(path)),
        None,
    )


class Skipped(NamedTuple):
    """A file in a folder, glob or archive that is not read, and why."""

    name: str
    reason: str


Found = Source | Skipped


class Named(NamedTuple):
    """A file: the name to show, whether the user named it, and its entry in a manifest."""

    shown: str
    named: bool = False
    manifest_entry: ManifestEntry | None = None

    @property
    def wanted(self) -> bool:
        """Say whether the file must be readable; any other may be skipped."""
        return self.named or self.manifest_entry is not None


def open_file(name: Named, path: Path, workspace: Workspace) -> Iterator[Found]:
    """Yield the table in a file, or each file in an archive.

    `path` may lead into an archive. Raises InputError for a wanted file that cannot be read.
    """
    place, member = place_of(path)
    archive = name.shown.removesuffix(f"/{member}") if member else name.shown
    state = state_of(place)  # where that fails, opening the file reports why
    file = File(archive, place if member else path, Origin(place, state=state))
    unpacking = Unpacking(workspace, Allowance(archive, state[0]))
    yield from _Opening(unpacking, name.shown if member else None).open(file, name)


class _Opening(NamedTuple):
    """Opens one input; `chosen` names the one file to read in an archive."""

    unpacking: Unpacking
    chosen: str | None

    def open(self, file: File, name: Named, depth: int = 0) -> Iterator[Found]:
        """Yield the table in a file, or each file in an archive; unwanted files may be skipped."""
        try:
            yield from self._open(file, name, depth)
        except (InputError, OSError) as error:
            fault = unopened(file.name, error) if isinstance(error, OSError) else error
            if name.wanted:
                raise fault from error
            yield Skipped(file.name, fault.reason)

    def _open(self, file: File, name: Named, depth: int) -> Iterator[Found]:
        container = _container_of(file.path)
        if container and container.is_archive and not depth:
            yield from self._open_archive(container, file, named=name.named)
        elif container is None:
            if self.chosen and self.chosen != file.name:
                raise InputError(self.chosen, "there is no such file", "Check the path")
            yield _read(file, name)
        elif container.is_archive or depth > _DEEPEST:
            raise InputError(file.name, f"it is {container.title} within another file", _UNPACK)
        elif container.is_answer and not name.wanted:
            raise InputError(file.name, f"it is {container.title}", "Name it to have it read")
        else:
            yield from self._open_tables(container, file, name, depth)

    def _open_archive(self, container: Container, file: File, *, named: bool) -> Iterator[Found]:
        """Yield the files of an archive; naming an archive with a single file names that file."""
        names, entries = self._manifest(container, file)
        chosen = self.chosen is not None or (named and len(names - {NAME}) == 1)
        found = False
        for member in container.members(file, self.unpacking):
            inner = member.name.removeprefix(f"{file.name}/")
            is_chosen = self.chosen is None or f"{self.chosen}/".startswith(f"{member.name}/")
            if is_chosen and inner != NAME:
                found = True
                yield from self._open_member(member, Named(member.name, chosen, entries.get(inner)))
        if self.chosen and not found:
            raise InputError(self.chosen, "there is no such file in the archive", "Check the path")
        if not found:
            raise NothingReadableError(file.name, ())

    def _manifest(
        self, container: Container, file: File
    ) -> tuple[set[str], Mapping[str, ManifestEntry]]:
        """Give the names in an archive, and the entries of its manifest, where it has one."""
        names: set[str] = set()
        entries: Mapping[str, ManifestEntry] = {}
        place = f"{file.name}/{NAME}"
        for member in container.members(file, self.unpacking):
            names.add(member.name.removeprefix(f"{file.name}/"))
            if member.name == place:
                entries = read_manifest(read_whole(member.unpack().path), place)
        check_listed(entries, names, place)
        return names, entries

    def _open_member(self, member: Member, name: Named) -> Iterator[Found]:
        try:
            file = member.unpack()
        except InputError as error:
            if name.wanted:
                raise
            yield Skipped(member.name, error.reason)
        else:
            yield from self.open(file, name, depth=1)

    def _open_tables(
        self, container: Container, file: File, name: Named, depth: int
    ) -> Iterator[Found]:
        """Yield every table of a known format and skip the others; one must be known."""
        found: list[Found] = []
        errors: list[InputError] = []
        wanted = self.chosen if (self.chosen or "").startswith(f"{file.name}/") else None
        for member in container.members(file, self.unpacking):
            if wanted in {None, member.name, f"{file.name}/{member.title}"}:
                try:
                    found += self._open_table(member, name, wanted or member.name, depth)
                except InputError as error:
                    errors.append(error)
                    found.append(Skipped(member.name, error.reason))
        if not found:
            sheet = (wanted or "").removeprefix(f"{file.name}/")
            reason = f"there is no sheet {sheet!r}" if sheet else "it holds no table"
            raise InputError(file.name, reason, "Check the name" if wanted else "Export it again")
        if len(errors) == len(found):
            raise next((e for e in errors if isinstance(e, RefusedFormatError)), errors[0])
        yield from found

    def _open_table(self, member: Member, name: Named, shown: str, depth: int) -> list[Found]:
        """Open one table; it must have rows if it is the only one, or was named."""
        is_named = shown in {name.shown, self.chosen}
        own = name if is_named else Named(shown, manifest_entry=name.manifest_entry)
        return list(self._open(member.unpack()._replace(name=shown), own, depth + 1))


def _read(file: File, name: Named) -> Found:
    source = detect(open_sheet(file.name, file.path, file.origin))._replace(
        manifest_entry=name.manifest_entry
    )
    if not name.wanted and not source.has_rows:
        return Skipped(file.name, f"it has the header of {source.export.title} and no rows")
    return source
