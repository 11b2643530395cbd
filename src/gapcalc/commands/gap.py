"""Answers the gap question for every keyword in the inputs."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from gapcalc import __version__
from gapcalc.analyses.candidates import settle_target
from gapcalc.analyses.gap import find_gap
from gapcalc.analyses.measure import Table, find_short_files, measure
from gapcalc.analyses.velocity import with_velocity
from gapcalc.commands.counts import open_counts
from gapcalc.commands.describe import (
    describe_inputs,
    describe_method,
    missing_columns,
    not_read,
    old_inputs,
    unbound_files,
    unreadable_columns,
    unused_lists,
)
from gapcalc.commands.prepare import Job, prepare, refuse_lists_alone
from gapcalc.commands.serps import by_keyword
from gapcalc.inputs.find import unchanged
from gapcalc.results.gap import GapResult, KeywordResult, Tool
from gapcalc.rows import LinkFile, Problem
from gapcalc.settings import Settings
from gapcalc.workspace import Workspace

if TYPE_CHECKING:
    from gapcalc.engine.count import Counts

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
    serps = by_keyword(job)
    with (
        unchanged(job.found),
        open_counts(job, serps, workspace, _dates(job)) as (counts, link_problems),
    ):
        asked = [settle_target(serp, counts, job.question) for serp in serps]
        tables = [
            measure(serp, counts, question) for serp, question in zip(serps, asked, strict=True)
        ]
        files = _describe_short(counts.files, tables) if counts else ()
        keywords = tuple(
            find_gap(serp, table, counts, question)
            for serp, table, question in zip(serps, tables, asked, strict=True)
        )
        if counts and _has_plan(job):
            keywords = _beside_rivals(keywords, tables, counts, settings.as_of or today)
        if counts:
            counts.explain()
        cautions = (
            *unreadable_columns(job, files),
            *not_read(job),
            *missing_columns(job, files),
            *unbound_files(job, files),
            *unused_lists(job, serps, counts),
        )
    problems = (*(p for file in job.row_files.values() for p in file.problems), *link_problems)
    as_of = settings.as_of or today
    inputs = describe_inputs(job, files, problems)
    result = GapResult(
        schema=SCHEMA,
        tool=Tool("gapcalc", __version__, job.suffixes.date),
        as_of=as_of.isoformat(),
        inputs=inputs,
        method=describe_method(job, files),
        keywords=keywords,
        cautions=(*cautions, *old_inputs(inputs, as_of)),
    )
    return Answered(result, problems)


def _has_plan(job: Job) -> bool:
    """Say whether there is a page of the user's, without which there is no gap to close."""
    return job.question.target is not None or job.question.own_rds is not None


def _dates(job: Job) -> tuple[str, ...]:
    """Name the link columns that tell how fast rivals grow, where there is something to plan."""
    if not _has_plan(job) or not job.link_sources:
        return ()
    from gapcalc.engine.velocity import FIELDS

    return FIELDS


def _beside_rivals(
    keywords: Sequence[KeywordResult], tables: Sequence[Table], counts: "Counts", as_of: date
) -> tuple[KeywordResult, ...]:
    """Add to the answers how fast the rivals grow; lists judged by the same rules are asked once."""
    from gapcalc.engine.velocity import find_months

    months = {rules: find_months(counts, rules, as_of) for rules in {t.rules for t in tables}}
    return tuple(
        with_velocity(answer, table, months[table.rules])
        for answer, table in zip(keywords, tables, strict=True)
    )


def _describe_short(files: Sequence[LinkFile], tables: Sequence[Table]) -> tuple[LinkFile, ...]:
    """Say what a file lacks, unless it is known already why it is cut."""
    short = find_short_files(tables, files)
    return tuple(file if file.cut else file._replace(short=short.get(file.input)) for file in files)
