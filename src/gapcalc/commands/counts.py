"""Opens the counted links, if link files were given."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from gapcalc.analyses.question import Serp
from gapcalc.commands.prepare import Job
from gapcalc.data import read_whole
from gapcalc.errors import UsageError
from gapcalc.rows import Problem
from gapcalc.rules.base import Known
from gapcalc.urls import host_of
from gapcalc.workspace import Workspace

if TYPE_CHECKING:
    from gapcalc.engine.count import Counts


@contextmanager
def open_counts(
    job: Job,
    serps: Sequence[Serp],
    workspace: Workspace,
    fields: tuple[str, ...] = (),
    *,
    every_page: bool = False,
) -> Iterator[tuple["Counts | None", Sequence[Problem]]]:
    """Give the counts of the link files, and what could not be read; no counts without such files.

    `fields` are the link columns that further questions to the counts need. With `every_page` the
    pages that do not rank are counted too.
    """
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
        pages=None if every_page else _pages(job, serps),
        sensitivity=job.settings.sensitivity,
        fields=fields,
        memory=job.settings.memory_limit,
        explain=job.settings.explain,
    )
    with open_links(sources, request, workspace) as opened:
        yield opened


def _pages(job: Job, serps: Sequence[Serp]) -> frozenset[str] | None:
    """Give the pages that can take part in an answer; None, so every page, without a SERP."""
    ranking = {row.page for serp in serps for row in serp.rows}
    if not ranking:
        return None
    own = {job.question.target.page} if job.question.target else set()
    return frozenset(ranking | own | {page for _, page, _ in job.question.competitors})


def _topic_and(job: Job, serps: Sequence[Serp]) -> str:
    """Give the words allowed in anchors to pages outside the SERPs: the topic's, every keyword's."""
    return " ".join([*job.settings.topic, *(serp.keyword or "" for serp in serps)])


def _allowed_words(job: Job, serps: Sequence[Serp]) -> dict[str, str]:
    """Give, for each ranking page, the keywords it ranks for and the topic."""
    allowed: dict[str, str] = {}
    for serp in serps:
        for page in {row.page for row in serp.rows}:
            text = allowed.get(page, " ".join(job.settings.topic))
            allowed[page] = f"{text} {serp.keyword or ''}"
    if job.question.target is not None:
        allowed[job.question.target.page] = _topic_and(job, serps)
    return allowed


def _blocked_domains(job: Job) -> frozenset[str]:
    path = job.settings.block_domains
    if path is None:
        return frozenset()
    try:
        lines = read_whole(path).decode("utf-8-sig").splitlines()
    except OSError as error:
        reason = error.strerror
        raise UsageError(f"--block-domains {path}: it cannot be read ({reason})") from error
    except UnicodeError as error:
        raise UsageError(f"--block-domains {path}: it is no UTF-8 text") from error
    # The disavow format is understood, so that such a file serves as it is.
    hosts = {
        number: host_of(line.strip().removeprefix("domain:"))
        for number, line in enumerate(lines, start=1)
        if line.strip() and line[0] != "#"
    }
    bad = next((number for number, host in hosts.items() if host is None), None)
    if bad is not None:
        # The line itself is not shown: a settings file can name any file here.
        raise UsageError(f"--block-domains {path}: line {bad} is no domain; write one a line")
    return frozenset(job.suffixes.domain(host) for host in hosts.values() if host)
