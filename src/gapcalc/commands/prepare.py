"""Prepares a question: opens the inputs, binds files to pages, reads the settings."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from gapcalc.analyses.question import Question, keyword_key
from gapcalc.commands.question import active_rules, make_question, suffixes_for
from gapcalc.commands.targets import Targets, read_targets
from gapcalc.errors import InputError, RefusedFormatError, UsageError
from gapcalc.formats.base import LINK_KINDS, Kind
from gapcalc.inputs.contents import Found, Skipped
from gapcalc.inputs.find import find_sources, unchanged
from gapcalc.inputs.rows import RowFile, read_intersect, read_keywords, read_pages, read_serp
from gapcalc.inputs.sheet import place_of
from gapcalc.inputs.source import Source
from gapcalc.rows import IntersectRow, KeywordRow, PageRow, Problem, SerpRow
from gapcalc.rules.base import ActiveRule
from gapcalc.settings import Settings
from gapcalc.suffixes import SuffixRules
from gapcalc.urls import page_of
from gapcalc.workspace import Workspace, real_path

_WRITTEN = ("output", "export_to", "chart", "disavow", "explain")
_READ = ("targets", "psl", "kd_scale", "block_domains", "config")
"""The options that name files."""


class Job(NamedTuple):
    """A prepared question: its settings, and the inputs with what the small ones hold."""

    settings: Settings
    suffixes: SuffixRules
    active: tuple[ActiveRule, ...]
    question: Question
    found: tuple[Found, ...]
    bound: Mapping[int, str]
    serps: Mapping[int, RowFile[SerpRow]]
    pages: Mapping[int, RowFile[PageRow]]
    keywords: Mapping[int, RowFile[KeywordRow]]
    scores: Mapping[str, Sequence[KeywordRow]]
    """The rows of the lists of keywords, by `keyword_key`."""
    targets: Targets
    intersects: Mapping[int, RowFile[IntersectRow]] = {}

    @property
    def sources(self) -> dict[int, Source]:
        """Every input that is read, by its number."""
        return {n: item for n, item in enumerate(self.found) if isinstance(item, Source)}

    @property
    def link_sources(self) -> list[tuple[int, Source]]:
        return _of_kinds(self.found, *LINK_KINDS)

    @property
    def row_files(self) -> dict[int, RowFile[Any]]:
        """Every file that holds no links, by its number."""
        return {**self.serps, **self.pages, **self.keywords, **self.intersects}

    @property
    def row_problems(self) -> list[Problem]:
        """What in those files could not be read."""
        return [problem for file in self.row_files.values() for problem in file.problems]


def prepare(
    names: Sequence[str], settings: Settings, workspace: Workspace, *, with_sites: bool = False
) -> Job:
    """Open the named inputs and read the small ones; raises GapcalcError for what cannot be done.

    Exports that compare whole sites are refused unless the job is `with_sites`.
    """
    if "" in names:
        raise UsageError("an input has an empty name: '', perhaps an unset variable. Name a file")
    suffixes = suffixes_for(settings)
    active = active_rules(settings)
    targets = read_targets(settings.targets, suffixes)
    question = make_question(settings, suffixes, active)._replace(targets=targets.rows)
    bindings = [_binding(text) for text in settings.links_for]
    named = [*names, *(file for _, file in bindings if file not in names)]
    if not named:
        raise UsageError("no input. Name a SERP export or link exports")
    found = _without_targets(find_sources(named, workspace), settings.targets)
    found = found if with_sites else _without_sites(found, named)
    _refuse_overwriting(found, settings)
    bound = _bound(found, bindings)
    with unchanged(found):
        keywords = {n: read_keywords(item, n) for n, item in _of_kinds(found, "keywords")}
        job = Job(
            settings,
            suffixes,
            active,
            question,
            found,
            bound,
            serps={n: read_serp(item, n, suffixes) for n, item in _of_kinds(found, "serp")},
            pages={n: read_pages(item, n) for n, item in _of_kinds(found, "pages")},
            keywords=keywords,
            scores=_by_name(row for file in keywords.values() for row in file.rows),
            targets=targets,
            intersects={
                n: read_intersect(item, n, suffixes) for n, item in _of_kinds(found, "intersect")
            },
        )
        _refuse_empty(job)
    return job


def _without_targets(found: Sequence[Found], targets: Path | None) -> tuple[Found, ...]:
    """Leave out the file of --targets, which may lie in a folder that is an input."""
    if targets is None:
        return tuple(found)
    path = real_path(targets)
    return tuple(
        item for item in found if isinstance(item, Source) or real_path(Path(item.name)) != path
    )


def _refuse_overwriting(found: Sequence[Found], settings: Settings) -> None:
    """Refuse to write over a file that is read."""
    read = {item.sheet.origin.file for item in found if isinstance(item, Source)}
    read |= {real_path(path) for name in _READ if (path := getattr(settings, name))}
    for name in _WRITTEN:
        path = getattr(settings, name)
        if path and real_path(Path(path)) in read:
            option = "output" if name == "export_to" else name
            raise UsageError(f"--{option} {path}: this file is an input. Name another one")


def _without_sites(found: Sequence[Found], named: Collection[str]) -> tuple[Found, ...]:
    """Pass over exports that compare whole sites; raises RefusedFormatError for one that is named."""
    errors = {
        number: RefusedFormatError(
            item.sheet.name,
            f"this is {item.export.title}: it tells which domains link to whole sites, not to pages, "
            "and gapcalc prospects reads it",
            "For a gap, export Backlinks for the exact URL",
        )
        for number, item in _of_kinds(found, "intersect")
    }
    read = [i for n, i in enumerate(found) if isinstance(i, Source) and n not in errors]
    for error in errors.values():
        if error.file in named or not read:
            raise error
    return tuple(
        Skipped(errors[n].file or "", errors[n].reason) if n in errors else item
        for n, item in enumerate(found)
    )


def _of_kinds(found: Sequence[Found], *kinds: Kind) -> list[tuple[int, Source]]:
    return [
        (number, item)
        for number, item in enumerate(found)
        if isinstance(item, Source) and item.export.kind in kinds
    ]


def _by_name(rows: Iterable[KeywordRow]) -> dict[str, list[KeywordRow]]:
    named: dict[str, list[KeywordRow]] = {}
    for row in rows:
        named.setdefault(keyword_key(row.keyword), []).append(row)
    return named


def _binding(text: str) -> tuple[str, str]:
    url, equals, file = text.rpartition("=")
    if not equals or not url or not file or page_of(url) is None:
        raise UsageError(f"--links-for {text!r}: write it as URL=FILE, the page and its link file")
    return url, file


def _bound(found: Sequence[Found], bindings: Sequence[tuple[str, str]]) -> dict[int, str]:
    bound = {
        number: page
        for number, item in _of_kinds(found, *LINK_KINDS)
        if item.facts.page and (page := page_of(item.facts.page))
    }
    for url, file in bindings:
        numbers = _numbers_of(file, found)
        if len(numbers) != 1:
            raise UsageError(f"--links-for {url}={file}: {_several(found, numbers)}")
        number = numbers[0]
        _check_binding(found[number], url, file)
        page = page_of(url) or ""
        if bound.setdefault(number, page) != page:
            raise UsageError(f"--links-for {url}={file}: the file is bound to another page already")
    return _listed_pages(found) | bound


def _listed_pages(found: Sequence[Found]) -> dict[int, str]:
    """Give the pages in manifest entries of the link files that do not name pages themselves."""
    return {
        number: page
        for number, item in _of_kinds(found, *LINK_KINDS)
        if item.manifest_entry and item.manifest_entry.page and not _names_targets(item)
        if (page := page_of(item.manifest_entry.page))
    }


def _names_targets(item: Source) -> bool:
    return "target_url" in item.places and item.has_rows


def _numbers_of(file: str, found: Sequence[Found]) -> list[int]:
    """Find the numbers of a file's inputs; several where it holds several tables."""
    sources = [(n, item.sheet) for n, item in enumerate(found) if isinstance(item, Source)]
    path, member = place_of(Path(file))
    return [number for number, sheet in sources if sheet.name == file] or [
        number
        for number, sheet in sources
        if sheet.origin.file == path and member in {"", sheet.origin.member}
    ]


def _several(found: Sequence[Found], numbers: Sequence[int]) -> str:
    names = [item.sheet.name for n in numbers if isinstance(item := found[n], Source)]
    return f"name one file or sheet, not several{f', such as {names[0]}' if names else ''}"


def _check_binding(item: Found, url: str, file: str) -> None:
    if isinstance(item, Skipped):
        return
    if item.export.kind not in LINK_KINDS:
        title = item.export.title
        raise UsageError(f"--links-for {url}={file}: this is {title}, not a list of links")
    if _names_targets(item):
        raise UsageError(
            f"--links-for {url}={file}: the file names the target of every link itself. Leave it out"
        )


def _refuse_empty(job: Job) -> None:
    read = job.row_files
    for number, item in enumerate(job.found):
        if isinstance(item, Skipped) or number in job.bound:
            continue
        is_empty = not read[number].records if number in read else not item.has_rows
        if is_empty:
            raise InputError(
                item.sheet.name,
                f"it has the header of {item.export.title} and no rows",
                "Export it again; an empty link list of a page is bound with --links-for URL=FILE",
            )


def refuse_lists_alone(job: Job) -> None:
    """Refuse to answer where no input and no option names a page to compare with."""
    for option in ("site", "targets"):
        if getattr(job.settings, option) is not None and not job.serps:
            raise UsageError(
                f"--{option} gives each keyword of a SERP its page, and no SERP was given. Add a "
                "SERP export, or name your page with --target"
            )
    if job.serps or job.link_sources or job.question.competitors:
        return
    lists = _of_kinds(job.found, "pages", "keywords")
    names = ", ".join(item.sheet.name for _, item in lists)
    raise UsageError(
        f"there are no pages to compare with: {names} gave totals or difficulties, but neither a "
        "SERP nor links were given. Add a SERP export or table or link exports, or name pages with "
        "--competitor"
    )
