"""A question made ready: inputs opened, files bound to pages, settings understood."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gapcalc.analyses.ask import Ask
from gapcalc.errors import InputError, UsageError
from gapcalc.jobs.asking import active_rules, check_memory, make_ask, suffixes_for
from gapcalc.readers.detect import Source
from gapcalc.readers.inputs import Skipped, find_sources
from gapcalc.readers.serp_rows import SerpFile, read_serp
from gapcalc.readers.sheet import place_of
from gapcalc.rules.base import ActiveRule
from gapcalc.settings import Settings
from gapcalc.suffixes import SuffixRules
from gapcalc.urls import page_of
from gapcalc.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Job:
    """A question made ready: inputs opened, words turned into pages and domains."""

    settings: Settings
    suffixes: SuffixRules
    active: tuple[ActiveRule, ...]
    ask: Ask
    found: tuple[Source | Skipped, ...]
    bound: Mapping[int, str]
    serps: Mapping[int, SerpFile]

    @property
    def link_sources(self) -> list[tuple[int, Source]]:
        return [
            (number, item)
            for number, item in enumerate(self.found)
            if isinstance(item, Source) and item.export.kind != "serp"
        ]


def prepare(names: Sequence[str], settings: Settings, workspace: Workspace) -> Job:
    suffixes = suffixes_for(settings)
    check_memory(settings.memory_limit)
    active = active_rules(settings)
    ask = make_ask(settings, suffixes, active)
    bindings = [_binding(text) for text in settings.links_for]
    named = [*names, *(file for _, file in bindings if file not in names)]
    found = find_sources(named, workspace)
    bound = _bound(found, bindings)
    serps = {
        number: read_serp(item, number, suffixes)
        for number, item in enumerate(found)
        if isinstance(item, Source) and item.export.kind == "serp"
    }
    _refuse_empty(found, bound, serps)
    return Job(settings, suffixes, active, ask, found, bound, serps)


def _binding(text: str) -> tuple[str, str]:
    url, equals, file = text.rpartition("=")
    if not equals or not url or not file or page_of(url) is None:
        raise UsageError(f"--links-for {text!r}: write it as URL=FILE, the page and its link file")
    return url, file


def _bound(
    found: Sequence[Source | Skipped], bindings: Sequence[tuple[str, str]]
) -> dict[int, str]:
    bound: dict[int, str] = {}
    for url, file in bindings:
        number = _number_of(file, found)
        if number is None:
            raise UsageError(f"--links-for {url}={file}: name one file, not several")
        _check_binding(found[number], url, file)
        page = page_of(url) or ""
        if bound.setdefault(number, page) != page:
            raise UsageError(f"--links-for {url}={file}: the file is bound to another page already")
    return bound


def _number_of(file: str, found: Sequence[Source | Skipped]) -> int | None:
    """Find the input that a file is; None where it holds several, or none that is read."""
    sources = [(n, item.sheet) for n, item in enumerate(found) if isinstance(item, Source)]
    path, member = place_of(Path(file))
    numbers = [number for number, sheet in sources if sheet.name == file] or [
        number
        for number, sheet in sources
        if sheet.origin.file == path and member in {"", sheet.origin.member}
    ]
    return numbers[0] if len(numbers) == 1 else None


def _check_binding(item: Source | Skipped, url: str, file: str) -> None:
    if isinstance(item, Skipped):
        return
    if item.export.kind == "serp":
        raise UsageError(f"--links-for {url}={file}: this is a SERP, not a list of links")
    if "target_url" in item.export.places(item.plain_header) and item.has_rows:
        raise UsageError(
            f"--links-for {url}={file}: the file names the target of every link itself. Leave it out"
        )


def _refuse_empty(
    found: Sequence[Source | Skipped], bound: Mapping[int, str], serps: Mapping[int, SerpFile]
) -> None:
    for number, item in enumerate(found):
        if isinstance(item, Skipped) or number in bound:
            continue
        is_empty = not serps[number].records if number in serps else not item.has_rows
        if is_empty:
            raise InputError(
                item.sheet.name,
                f"it has the header of {item.export.title} and no rows",
                "Export it again; an empty link list of a page is bound with --links-for URL=FILE",
            )
