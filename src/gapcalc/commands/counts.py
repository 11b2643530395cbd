"""Opens the counted links, if there are any; anchors may repeat the words of their keyword."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from gapcalc.analyses.question import Serp, keyword_key
from gapcalc.commands.prepare import Job
from gapcalc.data import read_whole
from gapcalc.errors import UsageError, unreadable
from gapcalc.rows import LinkFile, Problem
from gapcalc.rules.base import Known
from gapcalc.urls import host_of
from gapcalc.workspace import Workspace

if TYPE_CHECKING:
    from gapcalc.engine.count import Counts


class LinkNeeds(NamedTuple):
    """What questions beyond the counts need: link columns, and pages that do not rank.

    Counted are the ranking pages, those of `site`, or with `every_page` all. `passes` says which
    pass over the links this is, and of how many.
    """

    fields: tuple[str, ...] = ()
    site: str | None = None
    every_page: bool = False
    passes: tuple[int, int] = (1, 1)


@contextmanager
def open_counts(
    job: Job,
    serps: Sequence[Serp],
    workspace: Workspace,
    needs: LinkNeeds,
) -> Iterator[tuple["Counts | None", Sequence[Problem]]]:
    """Give the counts of the link files, if there are any, and what could not be read."""
    sources = job.link_sources
    if not sources:
        if job.settings.explain is not None:
            raise UsageError(
                f"--explain {job.settings.explain}: no list of links was given, so there are no "
                "statements to write"
            )
        yield None, ()
        return
    from gapcalc.engine.count import open_links
    from gapcalc.engine.judge import CountRequest

    request = CountRequest(
        rules=job.active,
        suffixes=job.suffixes,
        bound=job.bound,
        known=Known(_allowed_words(job, serps), _topic_and(job, serps), _blocked_domains(job)),
        pages=None if needs.every_page else _pages(job, serps),
        site=needs.site,
        sensitivity=job.settings.sensitivity,
        fields=needs.fields,
        memory=job.settings.memory_limit,
        explain=job.settings.explain,
        passes=needs.passes,
    )
    with open_links(sources, request, workspace) as opened:
        workspace.advance("Counting domains", 0, None)
        yield opened


def _pages(job: Job, serps: Sequence[Serp]) -> frozenset[str] | None:
    """Give the pages that can take part in an answer; None, so every page, without a SERP."""
    ranking = {row.page for serp in serps for row in serp.rows}
    if not ranking:
        return None
    targets = (job.question.target, *(row.target for row in job.targets.rows.values()))
    own = {target.page for target in targets if target}
    return frozenset(ranking | own | {page for _, page, _ in job.question.competitors})


def _topic_and(job: Job, serps: Sequence[Serp]) -> str:
    """Give the words allowed in anchors to pages outside the SERPs: the topic's, every keyword's."""
    said = dict(zip(reversed(_allowances(job, serps)), reversed(serps), strict=True))
    return " ".join([*job.settings.topic, *(serp.keyword or "" for serp in said.values())])


def _allowed_words(job: Job, serps: Sequence[Serp]) -> dict[str, str]:
    """Give, for each page of a keyword, the keyword and the topic.

    Of a page's keywords that allow the same words, one says them all.
    """
    allowed: dict[str, dict[Allowance, str]] = {}
    for serp, allowance in zip(serps, _allowances(job, serps), strict=True):
        for page in _pages_of(job, serp):
            allowed.setdefault(page, {}).setdefault(allowance, serp.keyword or "")
    topic = " ".join(job.settings.topic)
    words = {page: " ".join([topic, *texts.values()]) for page, texts in allowed.items()}
    if job.question.target is not None:
        words[job.question.target.page] = _topic_and(job, serps)
    return words


Allowance = tuple[tuple[str, str], ...]
"""By rule, what remains of its condition after a keyword has allowed its own words."""


def _allowances(job: Job, serps: Sequence[Serp]) -> list[Allowance]:
    """Give the allowance of each keyword: most are empty, as they hold no blocked word."""
    topic = " ".join(job.settings.topic)
    texts = {str(place): f"{topic} {serp.keyword or ''}" for place, serp in enumerate(serps)}
    found: dict[str, list[tuple[str, str]]] = {name: [] for name in texts}
    for active in job.active:
        if active.rule.exception is not None:
            known = Known(words=texts)
            for values, names in active.rule.exception.values(active.parameters, known, [*texts]):
                for name in names:
                    found[name].append((active.id, repr(sorted(values.items()))))
    return [tuple(allowance) for allowance in found.values()]


def _pages_of(job: Job, serp: Serp) -> set[str]:
    row = job.targets.rows.get(keyword_key(serp.keyword))
    named = {row.target.page} if row is not None and row.target is not None else set()
    return named.union(line.page for line in serp.rows)


def split_by_words(job: Job, serps: Sequence[Serp]) -> list[list[Serp]]:
    """Part keywords so that each is answered as if it were alone: nearly always into one part.

    Anchors may repeat the words of the keyword. Where two keywords with a page in common allow
    different words, its links count differently for each, so the keywords are counted apart.
    """
    if len(serps) == 1 or not job.link_sources:
        return [list(serps)]
    parts: dict[Allowance, list[Serp]] = {}
    seen: dict[str, Allowance] = {}
    differs = False
    for serp, allowance in zip(serps, _allowances(job, serps), strict=True):
        parts.setdefault(allowance, []).append(serp)
        differs = differs or any(
            seen.setdefault(p, allowance) != allowance for p in _pages_of(job, serp)
        )
    shared = job.question.target is not None or job.question.competitors
    return list(parts.values()) if differs or (shared and len(parts) > 1) else [list(serps)]


def files_of_all(parts: Sequence[Sequence[LinkFile]]) -> tuple[LinkFile, ...]:
    """Give the link files of keywords that were counted apart.

    A file is of other pages only if no part has a page of it.
    """
    return tuple(
        files[0]._replace(elsewhere=min((file.elsewhere for file in files), key=len))
        for files in zip(*parts, strict=True)
    )


def _blocked_domains(job: Job) -> frozenset[str]:
    path = job.settings.block_domains
    if path is None:
        return frozenset()
    try:
        lines = read_whole(path).decode("utf-8-sig").splitlines()
    except OSError as error:
        raise unreadable("--block-domains", path, error) from error
    except UnicodeError as error:
        raise UsageError(f"--block-domains {path}: it is not UTF-8 text") from error
    # The disavow format is understood, so that such a file serves as it is.
    hosts = {
        number: host_of(line.strip().removeprefix("domain:"))
        for number, line in enumerate(lines, start=1)
        if line.strip() and line[0] != "#"
    }
    bad = next((number for number, host in hosts.items() if host is None), None)
    if bad is not None:
        # The line itself is not shown: a settings file can name any file here.
        message = f"--block-domains {path}: line {bad} is no domain; write one a line"
        raise UsageError(message, file=str(path), line=bad)
    return frozenset(job.suffixes.domain(host) for host in hosts.values() if host)
