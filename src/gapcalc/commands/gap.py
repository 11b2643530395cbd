"""Answers the gap question for every keyword in the inputs."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from gapcalc import __version__
from gapcalc.analyses.candidates import settle_target
from gapcalc.analyses.gap import find_gap
from gapcalc.analyses.keywords import add_up, sort_keywords
from gapcalc.analyses.measure import Table, find_short_files, measure_in, page_lists
from gapcalc.analyses.question import Serp
from gapcalc.commands.counts import open_counts, split_by_words
from gapcalc.commands.describe import (
    describe_inputs,
    describe_method,
    missing_columns,
    not_read,
    old_inputs,
    unbound_files,
    unreadable_columns,
    unused_lists,
    unused_targets,
)
from gapcalc.commands.prepare import Job, prepare, refuse_lists_alone
from gapcalc.commands.serps import by_keyword
from gapcalc.errors import UsageError
from gapcalc.inputs.find import unchanged
from gapcalc.results.gap import Caution, GapResult, KeywordResult, Tool
from gapcalc.rows import LinkFile, Problem
from gapcalc.settings import Settings
from gapcalc.workspace import Workspace

SCHEMA = "gapcalc.gap/1"


class Answered(NamedTuple):
    """A result, and what in the inputs could not be read."""

    result: GapResult
    problems: tuple[Problem, ...]


def answer_gap(
    names: Sequence[str], settings: Settings, today: date, workspace: Workspace
) -> Answered:
    """Read the named inputs and answer the question for every keyword in them.

    Raises GapcalcError for whatever the user can mend.
    """
    job = prepare(names, settings, workspace)
    refuse_lists_alone(job)
    serps, unanswered = by_keyword(job)
    with unchanged(job.found):
        first, *_ = parts = [
            _answer_part(job, part, serps, workspace) for part in split_by_words(job, serps)
        ]
    keywords = [answer for part in parts for answer in part.keywords]
    files = _describe_short(_used_by_any(parts), [table for part in parts for table in part.tables])
    cautions = (
        *unreadable_columns(job, files),
        *not_read(job),
        *missing_columns(job, files),
        *unbound_files(job, files),
        *first.unused,
        *unused_targets(job),
        *_skipped(len(serps) - len(keywords), len(keywords)),
    )
    problems = (
        *(p for file in job.row_files.values() for p in file.problems),
        *first.problems,
    )
    as_of = settings.as_of or today
    inputs = describe_inputs(job, files, problems)
    result = GapResult(
        schema=SCHEMA,
        tool=Tool("gapcalc", __version__, job.suffixes.date),
        as_of=as_of.isoformat(),
        inputs=inputs,
        method=describe_method(job, files),
        sorted_by=settings.sort,
        keywords=sort_keywords(keywords, settings.sort),
        unanswered=tuple(unanswered),
        totals=add_up(keywords),
        cautions=(*cautions, *old_inputs(inputs, as_of)),
    )
    return Answered(result, problems)


class _Part(NamedTuple):
    """The answers for keywords that are counted together, and what was found on the way.

    `unused` warns about lists that no keyword of any part uses.
    """

    keywords: Sequence[KeywordResult]
    tables: Sequence[Table]
    files: Sequence[LinkFile]
    problems: Sequence[Problem]
    unused: Sequence[Caution]


def _answer_part(
    job: Job, part: Sequence[Serp], serps: Sequence[Serp], workspace: Workspace
) -> _Part:
    """Answer some of the keywords; `serps` are all of them."""
    with open_counts(job, part, workspace) as (counts, problems):
        asked = [(serp, settle_target(serp, counts, job.question)) for serp in part]
        if job.settings.skip_missing:
            asked = [(serp, q) for serp, q in asked if not (q.target and q.target.chosen == "new")]
        lists = page_lists(counts)
        tables = [measure_in(lists, serp, question) for serp, question in asked]
        keywords = [
            find_gap(serp, table, counts, question)
            for (serp, question), table in zip(asked, tables, strict=True)
        ]
        if counts:
            counts.explain()
        unused = tuple(unused_lists(job, serps, counts))
        return _Part(keywords, tables, counts.files if counts else (), problems, unused)


def _used_by_any(parts: Sequence[_Part]) -> tuple[LinkFile, ...]:
    """Give the link files; one is of other pages only if no part has a page of it."""
    return tuple(
        files[0]._replace(elsewhere=min((file.elsewhere for file in files), key=len))
        for files in zip(*(part.files for part in parts), strict=True)
    )


def _skipped(count: int, left: int) -> Iterator[Caution]:
    """Say how many keywords --skip-missing leaves out; raises UsageError if none is left."""
    if not left:
        raise UsageError(
            "--skip-missing: no page of yours is named or ranks for any keyword, so none is left. "
            "Check --site and --targets"
        )
    if count:
        has, is_left = ("keyword has", "is") if count == 1 else ("keywords have", "are")
        said = f"{count} {has} no page of yours and {is_left} left out (--skip-missing)."
        yield Caution("keywords-skipped", said)


def _describe_short(files: Sequence[LinkFile], tables: Sequence[Table]) -> tuple[LinkFile, ...]:
    """Say what a file lacks, unless it is known already why it is cut."""
    short = find_short_files(tables, files)
    return tuple(file if file.cut else file._replace(short=short.get(file.input)) for file in files)
