"""Which files hold others, and what is in them? Their bytes decide, never their names."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from gapcalc.inputs.gzipped import gzip_members
from gapcalc.inputs.packed import File, Member, Unpacking


class Container(NamedTuple):
    """A kind of file that holds others: how its bytes begin, and how what it holds is listed.

    `claims` looks closer where kinds begin alike. An archive holds files in their own right; of
    any other container the first content that a reader knows is the one that counts.
    """

    title: str
    signatures: tuple[bytes, ...]
    members: Callable[[File, Unpacking], Iterator[Member]]
    claims: Callable[[Path], bool] = lambda _path: True
    is_archive: bool = False


def _workbook_members(file: File, unpacking: Unpacking) -> Iterator[Member]:
    from gapcalc.inputs.workbook import workbook_members

    return workbook_members(file, unpacking)


def _is_workbook(path: Path) -> bool:
    from gapcalc.inputs.archive import holds

    return holds(path, "xl/workbook.xml")


def _zip_members(file: File, unpacking: Unpacking) -> Iterator[Member]:
    from gapcalc.inputs.archive import zip_members

    return zip_members(file, unpacking)


def _parquet_members(file: File, unpacking: Unpacking) -> Iterator[Member]:
    from gapcalc.inputs.parquet import parquet_members

    return parquet_members(file, unpacking)


_ZIP = (b"PK\x03\x04", b"PK\x05\x06")

CONTAINERS = (
    Container("a gzip file", (b"\x1f\x8b",), gzip_members),
    Container("a Parquet file", (b"PAR1",), _parquet_members),
    Container("a spreadsheet", _ZIP, _workbook_members, _is_workbook),
    Container("a ZIP archive", _ZIP, _zip_members, is_archive=True),
)
"""Every kind, the more special first."""

_LONGEST_SIGNATURE = 4


def container_of(path: Path) -> Container | None:
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
