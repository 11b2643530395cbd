"""Lists what a ZIP archive holds, and unpacks it member by member."""

import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from functools import partial
from pathlib import Path
from struct import error as StructError  # noqa: N812  (a class under a lower-case name)
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from gapcalc.errors import InputError
from gapcalc.inputs.packed import AGAIN, BLOCK, MOST_BYTES, File, Member, Unpacking

MOST_MEMBERS = 10_000
_END = b"PK\x05\x06"
_END_SIZE = 22
_LONGEST_COMMENT = 65_535
_LONGEST_DIRECTORY = 16 * 1024 * 1024
_HEADER_SIZE = 30
_ENCRYPTED = 0x41
_ADDED_BY_MACOS = "__MACOSX"
_DOCUMENT = ("[Content_Types].xml", "mimetype")
_DAMAGED = "it is damaged or cut off in the archive"
_FAULTS = (
    BadZipFile,
    EOFError,
    NotImplementedError,
    OSError,
    OverflowError,
    StructError,
    ValueError,
    zlib.error,
)
"""What the zipfile module raises over damaged archives."""


def zip_members(file: File, unpacking: Unpacking) -> Iterator[Member]:
    """Give the files of an archive by name; hidden ones and what macOS adds are passed over.

    Raises InputError for an archive that cannot be listed.
    """
    with open_archive(file.name, file.path) as archive:
        if not {member.filename for member in archive.infolist()}.isdisjoint(_DOCUMENT):
            reason = "it is an office document other than XLSX"
            raise InputError(file.name, reason, "Save the sheet as CSV or XLSX")
        for member in sorted(archive.infolist(), key=lambda member: member.filename):
            if not (member.is_dir() or _is_hidden(member.filename)):
                name = f"{file.name}/{member.filename}"
                origin = file.origin._replace(member=member.filename)
                yield Member(
                    name,
                    partial(_unpack, File(name, file.path, origin), archive, member, unpacking),
                )


def _is_hidden(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return any(part.startswith(".") or part == _ADDED_BY_MACOS for part in parts)


def _unpack(file: File, archive: ZipFile, member: ZipInfo, unpacking: Unpacking) -> File:
    return file._replace(path=unpacking.write(read_member(file.name, archive, member)))


@contextmanager
def open_archive(name: str, path: Path) -> Iterator[ZipFile]:
    """Open an archive; raises InputError when it is cut off, damaged or absurd."""
    _check_directory(name, path)
    try:
        archive = ZipFile(path)
    except _FAULTS as error:
        raise InputError(name, "the archive is damaged", AGAIN) from error
    with archive:
        _check_members(name, archive.infolist())
        yield archive


def _check_directory(name: str, path: Path) -> None:
    """Look at the end of an archive before the whole directory there is read into memory."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - _END_SIZE - _LONGEST_COMMENT))
        end = file.read()
    at = end.rfind(_END)
    if at < 0 or len(end) < at + _END_SIZE:
        raise InputError(name, "it ends too early: the download was cut off", AGAIN)
    members = int.from_bytes(end[at + 10 : at + 12], "little")
    length = int.from_bytes(end[at + 12 : at + 16], "little")
    if members > MOST_MEMBERS or length > _LONGEST_DIRECTORY:
        raise _too_many(name)


def _check_members(name: str, members: Sequence[ZipInfo]) -> None:
    if len(members) > MOST_MEMBERS:
        raise _too_many(name)
    if len({member.filename for member in members}) < len(members):
        raise InputError(name, "several of its files have the same name", "Unpack it first")
    end = 0
    for member in sorted(members, key=lambda member: member.header_offset):
        if member.header_offset < end:
            raise InputError(name, "its files overlap, as those of no export do", AGAIN)
        end = member.header_offset + _HEADER_SIZE + member.compress_size


def _too_many(name: str) -> InputError:
    reason = f"it holds more than {MOST_MEMBERS:,} files"
    return InputError(name, reason, "Unpack it and name the folder")


def read_member(name: str, archive: ZipFile, member: ZipInfo) -> Iterator[bytes]:
    """Read a member in blocks; raises InputError when that cannot be done to its end."""
    if member.flag_bits & _ENCRYPTED:
        raise InputError(name, "it is encrypted", "Unpack it with its password first")
    if member.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
        reason = f"it is compressed in a way that is not read (method {member.compress_type})"
        raise InputError(name, reason, "Unpack it first")
    told, size = member.file_size, 0
    try:
        with archive.open(_sized(member, MOST_BYTES)) as file:
            while block := file.read(BLOCK):
                size += len(block)
                yield block
    except _FAULTS as error:
        raise InputError(name, _DAMAGED, AGAIN) from error
    if size != told:
        raise InputError(name, _DAMAGED, AGAIN)


def _sized(member: ZipInfo, size: int) -> ZipInfo:
    """Tell of a member that it has another size, so that it is read to its real end."""
    other = copy(member)
    other.file_size = size
    return other


def holds(path: Path, member: str) -> bool:
    """Say whether an archive, sound enough to be listed, holds a member."""
    try:
        with open_archive(path.name, path) as archive:
            return member in archive.namelist()
    except InputError:
        return False
