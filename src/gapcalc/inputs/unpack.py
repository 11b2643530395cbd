"""Unpacks gzip files and ZIP archives into the private workspace, within limits."""

import struct
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from gapcalc.errors import InputError, TemporarySpaceError
from gapcalc.inputs.sheet import Origin
from gapcalc.workspace import Workspace

if TYPE_CHECKING:
    from zipfile import ZipFile, ZipInfo

GIB = 1024**3
MOST_BYTES = 20 * GIB
"""Bytes that one file may unpack to in all; no export comes near."""

MOST_TIMES = 200
"""How many times its own size a file may unpack to; exports unpack to 5 to 20 times."""

_SMALL = 100 * 1024 * 1024
"""Up to this many bytes, the ratio to the file's size does not matter."""

_BLOCK = 64 * 1024
"""A block fits into memory even when it unpacks to a thousand times its size."""

AGAIN = "Export or download it again"

MOST_MEMBERS = 10_000
_END = b"PK\x05\x06"
_END_SIZE = 22
_LONGEST_COMMENT = 65_535
_LONGEST_DIRECTORY = 16 * 1024 * 1024
_HEADER_SIZE = 30
_ENCRYPTED = 0x41
_ADDED_BY_MACOS = "__MACOSX"
_DOCUMENT = ("[Content_Types].xml", "mimetype")
_CUT_OFF = "it ends too early: the download was cut off"
_DAMAGED = "it is damaged or cut off in the archive"


class Allowance:
    """Counts the bytes that one input unpacks to, nested files included; refuses absurd amounts."""

    def __init__(self, name: str, size: int) -> None:
        self.name = name
        self._left = MOST_BYTES
        self._left_for_size = max(_SMALL, MOST_TIMES * size)

    @property
    def left(self) -> int:
        """How many more bytes may be unpacked."""
        return min(self._left, self._left_for_size)

    def take(self, size: int) -> None:
        """Count bytes that are about to be written; raises InputError beyond the limits."""
        self.check(size)
        self._left -= size
        self._left_for_size -= size

    def check(self, size: int) -> None:
        """Raise InputError if this many more bytes would exceed the limits."""
        if size > self._left:
            raise self._refusal(f"{MOST_BYTES // GIB} GiB")
        if size > self._left_for_size:
            raise self._refusal(f"{MOST_TIMES} times its size; no export does that")

    def _refusal(self, most: str) -> InputError:
        return InputError(self.name, f"it unpacks to more than {most}", "Give the exports alone")


class File(NamedTuple):
    """A file under the name that is shown; its bytes are at `path`, which may be temporary."""

    name: str
    path: Path
    origin: Origin


class Member(NamedTuple):
    """Something in a container that can become a file.

    `unpack` raises InputError when that fails, TemporarySpaceError when the disk is full. `title`
    is the name of a sheet; the only one of a workbook is shown under the workbook's name.
    """

    name: str
    unpack: Callable[[], File]
    title: str = ""


class Unpacking(NamedTuple):
    """Where the contents of one input are unpacked, and how many bytes are allowed."""

    workspace: Workspace
    allowance: Allowance

    def write(self, blocks: Iterable[bytes]) -> Path:
        """Write blocks to a new temporary file; on an error no part of it stays."""
        path = self.workspace.new_path(".unpacked")
        whole = False
        try:
            with path.open("wb") as out:
                for block in blocks:
                    self.allowance.take(len(block))
                    out.write(block)
            whole = True
        except OSError as error:
            raise TemporarySpaceError(str(self.workspace.folder), error.strerror) from error
        finally:
            if not whole:
                path.unlink(missing_ok=True)
        return path


def gzip_members(file: File, unpacking: Unpacking) -> Iterator[Member]:
    """Give the one file that a gzip file holds."""
    yield Member(file.name, lambda: file._replace(path=unpacking.write(_inflated(file))))


def _inflated(file: File) -> Iterator[bytes]:
    import gzip

    try:
        with gzip.open(file.path) as source:
            while block := source.read(_BLOCK):
                yield block
    except EOFError as error:
        raise InputError(file.name, _CUT_OFF, AGAIN) from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise InputError(file.name, "its compressed data is damaged", AGAIN) from error
    except OSError as error:
        reason = f"it cannot be read ({error.strerror or error})"
        raise InputError(file.name, reason, "Check the disk it is on") from error


def zip_members(file: File, unpacking: Unpacking) -> Iterator[Member]:
    """Give the files of an archive by name, without hidden ones and those that macOS adds.

    Raises InputError for an archive that cannot be listed.
    """
    with open_archive(file.name, file.path) as archive:
        if not {member.filename for member in archive.infolist()}.isdisjoint(_DOCUMENT):
            reason = "it is an office document other than XLSX"
            raise InputError(file.name, reason, "Save the sheet as CSV or XLSX")
        for member in sorted(archive.infolist(), key=lambda member: member.filename):
            # ZipInfo.is_dir fails on a member without a name, which is a file here.
            if not (member.filename.endswith("/") or _is_hidden(member.filename)):
                name = f"{file.name}/{member.filename}"
                origin = file.origin._replace(member=member.filename)
                packed = File(name, file.path, origin)
                yield Member(name, partial(_unpack, packed, archive, member, unpacking))


def _is_hidden(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return any(part.startswith(".") or part == _ADDED_BY_MACOS for part in parts)


def _unpack(file: File, archive: "ZipFile", member: "ZipInfo", unpacking: Unpacking) -> File:
    return file._replace(path=unpacking.write(read_member(file.name, archive, member)))


@contextmanager
def open_archive(name: str, path: Path) -> Iterator["ZipFile"]:
    """Open an archive; raises InputError when it is cut off, damaged or absurd."""
    from zipfile import ZipFile

    _check_directory(name, path)
    # The module keeps a file of its own open as long as a member is being read.
    with path.open("rb") as opened:
        try:
            archive = ZipFile(opened)
        except _zip_faults() as error:
            raise InputError(name, "the archive is damaged", AGAIN) from error
        with archive:
            _check_members(name, archive.infolist())
            yield archive


def _zip_faults() -> tuple[type[Exception], ...]:
    """Give the exceptions that the zipfile module raises for damaged archives."""
    from zipfile import BadZipFile

    others = (EOFError, IndexError, NotImplementedError, OSError, OverflowError, ValueError)
    return (BadZipFile, struct.error, zlib.error, *others)


def _check_directory(name: str, path: Path) -> None:
    """Check how large the directory is: the zipfile module reads all of it into memory at once."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - _END_SIZE - _LONGEST_COMMENT))
        end = file.read()
    at = end.rfind(_END)
    if at < 0 or len(end) < at + _END_SIZE:
        raise InputError(name, _CUT_OFF, AGAIN)
    members, length = struct.unpack_from("<HI", end, at + 10)
    if members > MOST_MEMBERS or length > _LONGEST_DIRECTORY:
        raise _too_many(name)


def _check_members(name: str, members: Sequence["ZipInfo"]) -> None:
    if len(members) > MOST_MEMBERS:
        raise _too_many(name)
    if len({member.filename for member in members}) < len(members):
        raise InputError(name, "several of its files have the same name", "Unpack it first")
    end = 0
    for member in sorted(members, key=lambda member: member.header_offset):
        if member.header_offset < end:
            raise InputError(name, "its files overlap; no export is packed so", AGAIN)
        end = member.header_offset + _HEADER_SIZE + member.compress_size


def _too_many(name: str) -> InputError:
    reason = f"it holds more than {MOST_MEMBERS:,} files"
    return InputError(name, reason, "Unpack it and name the folder")


def read_member(name: str, archive: "ZipFile", member: "ZipInfo") -> Iterator[bytes]:
    """Read a member in blocks; raises InputError when it cannot be read to its end."""
    from zipfile import ZIP_DEFLATED, ZIP_STORED

    if member.flag_bits & _ENCRYPTED:
        raise InputError(name, "it is encrypted", "Unpack it with its password first")
    if member.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
        reason = f"it is compressed in a way that is not read (method {member.compress_type})"
        raise InputError(name, reason, "Unpack it first")
    # If the directory states too small a size, the module stops there without an error.
    unlimited, size = copy(member), 0
    unlimited.file_size = MOST_BYTES
    try:
        with archive.open(unlimited) as file:
            while block := file.read(_BLOCK):
                size += len(block)
                yield block
    except _zip_faults() as error:
        raise InputError(name, _DAMAGED, AGAIN) from error
    if size != member.file_size:
        raise InputError(name, _DAMAGED, AGAIN)


def holds(path: Path, member: str) -> bool:
    """Say whether an archive, sound enough to be listed, holds a member."""
    try:
        with open_archive(path.name, path) as archive:
            return member in archive.namelist()
    except InputError:
        return False


def peek(path: Path, member: str) -> bytes:
    """Give the beginning of a member; nothing where it is missing or the archive is not sound."""
    try:
        with open_archive(path.name, path) as archive:
            if member not in archive.namelist():
                return b""
            return next(read_member(path.name, archive, archive.getinfo(member)), b"")
    except InputError:
        return b""
