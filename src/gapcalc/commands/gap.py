"""Answers the gap question for every keyword in the inputs."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from gapcalc import __version__
from gapcalc.analyses.gap import find_gap
from gapcalc.analyses.measure import Table, find_short_files, measure
from gapcalc.commands.counts import open_counts
from gapcalc.commands.describe import (
    describe_inputs,
    describe_method,
    missing_columns,
    not_read,
    unbound_files,
    unused_lists,
)
from gapcalc.commands.prepare import prepare, refuse_lists_alone
from gapcalc.commands.serps import by_keyword
from gapcalc.results import GapResult, Tool
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
    serps = by_keyword(job)
    with open_counts(job, serps, workspace) as (counts, link_problems):
        tables = [measure(serp, counts, job.question) for serp in serps]
        files = _describe_short(counts.files, tables) if counts else ()
        keywords = tuple(
            find_gap(serp, table, counts, job.question)
            for serp, table in zip(serps, tables, strict=True)
        )
        if counts:
            counts.explain()
        cautions = (
            *not_read(job),
            *missing_columns(job, files),
            *unbound_files(job, files),
            *unused_lists(job, serps, counts),
        )
    problems = (*(p for file in job.row_files.values() for p in file.problems), *link_problems)
    result = GapResult(
        schema=SCHEMA,
        tool=Tool("gapcalc", __version__, job.suffixes.date),
        as_of=(settings.as_of or today).isoformat(),
        inputs=describe_inputs(job, files, problems),
        method=describe_method(job, files),
        keywords=keywords,
        cautions=cautions,
    )
    return Answered(result, problems)


def _describe_short(files: Sequence[LinkFile], tables: Sequence[Table]) -> tuple[LinkFile, ...]:
    """Say what a file lacks, unless it is known already why it is cut."""
    short = find_short_files(tables, files)
    return tuple(file if file.cut else file._replace(short=short.get(file.input)) for file in files)
