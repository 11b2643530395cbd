"""Facts about the files of a folder that are not in them: gapcalc-manifest.json beside them."""

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from gapcalc.data import read_whole
from gapcalc.errors import InputError, unopened
from gapcalc.text import safe_json
from gapcalc.urls import page_of

NAME = "gapcalc-manifest.json"
SCHEMA = "gapcalc.manifest/1"
_ADVICE = "Fix it, or delete it to read the files without it"


class ManifestEntry(NamedTuple):
    """What a manifest says about one file: its page, whether it is complete, and why not.

    `vendor` is needed only for an empty list, which has no row to name its vendor. `site` names the
    whole site that a list covers, where it does not cover one page.
    """

    page: str | None = None
    complete: bool | None = None
    note: str | None = None
    vendor: str | None = None
    site: str | None = None


@dataclass(eq=False, repr=False)
class _ListedFile:
    name: str
    page: str | None = None
    complete: bool | None = None
    note: str | None = None
    vendor: str | None = None
    site: str | None = None


@dataclass(eq=False, repr=False)
class _Manifest:
    schema: str
    files: tuple[_ListedFile, ...]


class Manifests:
    """The manifests beside files, each read once."""

    def __init__(self) -> None:
        self._known: dict[Path, Mapping[str, ManifestEntry]] = {}

    def in_folder(self, folder: Path) -> Mapping[str, ManifestEntry]:
        """Give the entries of a folder's manifest, by file name; none where there is no manifest.

        Raises InputError for a manifest that cannot be used.
        """
        if folder not in self._known:
            self._known[folder] = _read_in(folder)
        return self._known[folder]


def _read_in(folder: Path) -> Mapping[str, ManifestEntry]:
    path = folder / NAME
    # If the folder may not be searched, opening its files reports that.
    if not os.path.lexists(path):
        return {}
    try:
        data = read_whole(path)
    except OSError as error:
        raise unopened(path.as_posix(), error) from error
    return read_manifest(data, path.as_posix())


def read_manifest(data: bytes, name: str) -> dict[str, ManifestEntry]:
    """Read a manifest, in a folder or an archive; `name` is its name in messages.

    The keys of the result are file names, without a folder: the files stand beside the manifest.
    Raises InputError for anything that is no manifest of this schema.
    """
    manifest = _validated(data, name)
    if manifest.schema != SCHEMA:
        raise InputError(name, f"its schema is {manifest.schema[:40]!r}, not {SCHEMA!r}", _ADVICE)
    entries: dict[str, ManifestEntry] = {}
    for file in manifest.files:
        fault = _fault(file, entries)
        if fault:
            raise InputError(name, fault, _ADVICE)
        entries[file.name] = ManifestEntry(
            file.page, file.complete, file.note, file.vendor, file.site
        )
    return entries


def check_listed(entries: Mapping[str, ManifestEntry], present: Collection[str], name: str) -> None:
    """Refuse a manifest that lists a missing file: a lost list must not count as no links."""
    missing = [file for file in entries if file not in present]
    if missing:
        more = f" (and {len(missing) - 1} more)" if len(missing) > 1 else ""
        raise InputError(
            name,
            f"it lists {missing[0]}{more}, which is not there",
            "Put the file back, or take its entry out of the manifest",
        )


def _validated(data: bytes, name: str) -> _Manifest:
    from pydantic import TypeAdapter, ValidationError

    try:
        return TypeAdapter(_Manifest).validate_json(data.removeprefix(b"\xef\xbb\xbf"), strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        reason = f"{where}: {first['msg']}" if where else first["msg"]
        raise InputError(name, f"it is not a manifest ({reason})", _ADVICE) from error


def _fault(file: _ListedFile, entries: Mapping[str, ManifestEntry]) -> str | None:
    shown = repr(file.name[:60])
    if file.name in {"", ".", ".."} or any(mark in file.name for mark in "/\\:\0"):
        return f"it lists {shown}, which is no name of a file beside it"
    if file.name in entries:
        return f"it lists {shown} twice"
    if file.page is not None and page_of(file.page) is None:
        return f"the page of {shown} is not a URL: {file.page[:60]!r}"
    return None


def write_manifest(
    entries: Mapping[str, ManifestEntry],
    made_by: str,
    details: Mapping[str, object] | None = None,
) -> str:
    """Write a manifest of files by name.

    `details` are about all of them, such as provider, made_at, parameters and units; readers
    ignore them.
    """
    from json import dumps

    files = [{"name": name, **entry._asdict()} for name, entry in entries.items()]
    manifest = {"schema": SCHEMA, "made_by": made_by, **(details or {}), "files": files}
    return safe_json(dumps(manifest, indent=2, ensure_ascii=False)) + "\n"
