"""Writes each input in our own format, with everything that is known about it."""

import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, NamedTuple

from gapcalc import __version__
from gapcalc.commands.describe import describe_inputs
from gapcalc.commands.prepare import Job, prepare
from gapcalc.errors import TemporarySpaceError, UsageError, unreadable
from gapcalc.formats.base import LINK_KINDS
from gapcalc.formats.own import own_export, write
from gapcalc.inputs.detect import detect
from gapcalc.inputs.find import unchanged
from gapcalc.inputs.manifest import NAME, ManifestEntry, write_manifest
from gapcalc.inputs.rows import own_rows
from gapcalc.inputs.sheet import open_sheet
from gapcalc.inputs.source import Source, metric_of, settled, vendor_of
from gapcalc.results.shared import Input
from gapcalc.rows import Problem
from gapcalc.settings import Settings
from gapcalc.workspace import Workspace, kind_of

if TYPE_CHECKING:
    from gapcalc.engine.export import LinkFiles

FILES = (".csv", ".parquet")
ARCHIVE = ".zip"
_LONGEST_STEM = 60
_PACKED = {".csv", ".tsv", ".txt", ".gz", ".zip", ".xlsx", ".parquet"}


class Exported(NamedTuple):
    """What was written, a file or a folder in the workspace, and what could not be read."""

    path: Path
    inputs: tuple[Input, ...]
    problems: tuple[Problem, ...]


def export_inputs(
    names: Sequence[str], settings: Settings, output: str, workspace: Workspace
) -> Exported:
    """Read the named inputs whole and write them in the form that the name `output` asks for.

    Raises UsageError when nothing can be written under that name.
    """
    form = form_of(output)
    job = prepare(names, settings, workspace)
    sources = job.sources
    _refuse_targetless(job, sources)
    if form in FILES and len(sources) > 1:
        raise UsageError(
            f"--output {output}: one file cannot hold {len(sources)} inputs, because what is known "
            "of each would be lost. Name a folder DIR/ or an archive NAME.zip"
        )
    with (
        unchanged(job.found),
        _full_disk_reported(workspace),
        _opened(job, workspace) as writer,
    ):
        inputs = describe_inputs(job, writer.files, writer.problems)
        if form in FILES:
            path = workspace.new_path(form)
            for number, source in sources.items():
                _refuse_lossy(writer, number, source, output)
                writer.write(number, source, path)
        else:
            path = _write_folder(writer, sources, inputs)
        made = _packed(path, workspace) if form == ARCHIVE else path
    return Exported(made, inputs, writer.problems)


@contextmanager
def _full_disk_reported(workspace: Workspace) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise TemporarySpaceError(str(workspace.folder), error.strerror) from error


def form_of(output: str) -> str:
    """Give the suffix of an output's name, or "" for a folder; raises UsageError for any other."""
    suffix = PurePath(output).suffix.lower()
    is_folder = kind_of(output) == "folder"
    if output.endswith("/") or is_folder:
        if is_folder and not _is_empty(Path(output)):
            raise UsageError(
                f"--output {output}: the folder is not empty, and what is in it would be read with "
                "the export. Name a new one"
            )
        return ""
    if suffix in {*FILES, ARCHIVE}:
        return suffix
    raise UsageError(
        f"--output {output}: the name says what is written: a file NAME.csv or NAME.parquet, an "
        "archive NAME.zip, or a folder DIR/"
    )


def _is_empty(folder: Path) -> bool:
    try:
        return not any(folder.iterdir())
    except OSError as error:
        raise unreadable("--output", folder, error) from error


def _refuse_targetless(job: Job, sources: Mapping[int, Source]) -> None:
    for number, source in sources.items():
        fields = source.places
        if source.export.kind == "links" and "target_url" not in fields and number not in job.bound:
            name = source.sheet.name
            raise UsageError(
                f"{name} does not say which page its links point to: add --links-for URL={name}"
            )


def _refuse_lossy(writer: "_Writer", number: int, source: Source, output: str) -> None:
    """Refuse to write a single file where that would lose what is known about the input."""
    if writer.shows_in_rows(number, source):
        return
    raise UsageError(
        f"--output {output}: more is known of {source.sheet.name} than its rows tell (whose list it "
        "is, or whether it is whole), and a file alone would lose it. Name a folder DIR/ or an "
        "archive NAME.zip"
    )


@contextmanager
def _opened(job: Job, workspace: Workspace) -> Iterator["_Writer"]:
    if not job.link_sources:
        yield _Writer(job, workspace, None)
        return
    from gapcalc.engine.export import open_again
    from gapcalc.engine.judge import CountRequest

    memory = job.settings.memory_limit
    request = CountRequest(rules=(), suffixes=job.suffixes, bound=job.bound, memory=memory)
    with open_again(job.link_sources, request, workspace) as links:
        yield _Writer(job, workspace, links)


class _Writer:
    """Writes one input after the other: links through the engine, everything else row by row."""

    def __init__(self, job: Job, workspace: Workspace, links: "LinkFiles | None") -> None:
        self.job, self.workspace, self._links = job, workspace, links
        self.files = links.files if links else ()
        self.problems = (
            *job.row_problems,
            *(links.problems if links else ()),
        )

    def write(self, number: int, source: Source, path: Path) -> None:
        """Write an input to `path` as CSV or Parquet, as its suffix says."""
        if self._links is None or source.export.kind not in LINK_KINDS:
            self._write_rows(source, path)
            return
        columns = source.places
        known = {
            "vendor": vendor_of(source),
            "metric": metric_of(source),
            "target_url": self.job.bound.get(number),
        }
        constants = {name: value for name, value in known.items() if value and name not in columns}
        self._links.write(number, constants, path)

    def _write_rows(self, source: Source, path: Path) -> None:
        # A SERP that has no column of counts and one that has an empty column are told apart.
        counts = {"referring_domains"} & source.places.keys()
        text = write(own_export(source.export.kind), own_rows(source), counts)
        plain = path if path.suffix == ".csv" else self.workspace.new_path(".csv")
        plain.write_text(text, encoding="utf-8", newline="")
        if plain != path:
            from gapcalc.engine.export import write_parquet

            own = settled(detect(open_sheet(source.sheet.name, plain)))
            write_parquet(own, path, self.workspace, self.job.settings.memory_limit)

    def shows_in_rows(self, number: int, source: Source) -> bool:
        """Say whether the rows of an input hold everything that is known about it."""
        if source.manifest_entry and (
            source.manifest_entry.note or source.manifest_entry.complete is not None
        ):
            return False
        if source.facts.site:
            return False
        if self._links is None or source.export.kind not in LINK_KINDS:
            return True
        return self._links.shows_in_rows(number)


def _write_folder(writer: _Writer, sources: Mapping[int, Source], inputs: Sequence[Input]) -> Path:
    """Write every input and a manifest; numbers in front keep the inputs in their order."""
    folder = writer.workspace.new_path("")
    folder.mkdir()
    entries = {}
    width = len(str(len(sources)))
    for place, (number, source) in enumerate(sources.items(), start=1):
        name = f"{place:0{width}}-{_stem(source.sheet.name)}.csv"
        writer.write(number, source, folder / name)
        item = inputs[number]
        page, site = writer.job.bound.get(number), source.facts.site
        entries[name] = ManifestEntry(page, item.complete, item.note, item.vendor, site)
    manifest = write_manifest(entries, f"gapcalc export {__version__}")
    (folder / NAME).write_text(manifest, encoding="utf-8", newline="")
    return folder


def _stem(name: str) -> str:
    """Give the name of an input without its folder and the suffixes of its form, safe anywhere.

    >>> _stem("a/Links (1).csv.gz"), _stem("-")
    ('Links-1', 'input')
    """
    path = PurePath(re.split(r"[/\\]", name)[-1])
    while path.suffix.lower() in _PACKED:
        path = path.with_suffix("")
    return re.sub(r"[^\w.]+", "-", path.name).strip("-.")[:_LONGEST_STEM] or "input"


def _packed(folder: Path, workspace: Workspace) -> Path:
    """Pack a folder; the same files give the same bytes."""
    from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

    path = workspace.new_path(ARCHIVE)
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for file in sorted(folder.iterdir()):
            entry = ZipInfo(file.name)
            entry.compress_type, entry.external_attr = ZIP_DEFLATED, 0o644 << 16
            with file.open("rb") as source, archive.open(entry, "w", force_zip64=True) as target:
                shutil.copyfileobj(source, target)
    return path
