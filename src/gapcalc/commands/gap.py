"""Answers the gap question for every keyword in the inputs."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from gapcalc import __version__
from gapcalc.analyses.candidates import settle_target
from gapcalc.analyses.gap import find_gap
from gapcalc.analyses.measure import Table, find_short_files, measure
from gapcalc.commands.counts import open_counts
from gapcalc.commands.describe import (
    describe_inputs,
    describe_method,
    file_cautions,
    old_inputs,
    unused_lists,
)
from gapcalc.commands.networks import KeywordNetworks, fields_for_networks
from gapcalc.commands.prepare import prepare, refuse_lists_alone
from gapcalc.commands.serps import by_keyword
from gapcalc.inputs.find import unchanged
from gapcalc.results.gap import GapResult, Tool
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
    with (
        unchanged(job.found),
        open_counts(job, serps, workspace, fields_for_networks(job)) as (counts, link_problems),
    ):
        asked = [settle_target(serp, counts, job.question) for serp in serps]
        networks = KeywordNetworks(counts, serps, asked)
        tables, keywords = [], []
        for place, (serp, question) in enumerate(zip(serps, asked, strict=True)):
            networks.mark(place)
            table = measure(serp, counts, question)
            tables.append(table)
            keywords.append(networks.add(find_gap(serp, table, counts, question), place, table))
        files = _describe_short(counts.files, tables) if counts else ()
        if counts:
            counts.explain()
        cautions = (*file_cautions(job, files), *unused_lists(job, serps, counts))
    problems = (*(p for file in job.row_files.values() for p in file.problems), *link_problems)
    as_of = settings.as_of or today
    inputs = describe_inputs(job, files, problems)
    result = GapResult(
        schema=SCHEMA,
        tool=Tool("gapcalc", __version__, job.suffixes.date),
        as_of=as_of.isoformat(),
        inputs=inputs,
        method=describe_method(job, files),
        keywords=tuple(keywords),
        cautions=(*cautions, *old_inputs(inputs, as_of)),
    )
    return Answered(result, problems)


def _describe_short(files: Sequence[LinkFile], tables: Sequence[Table]) -> tuple[LinkFile, ...]:
    """Say what a file lacks, unless it is known already why it is cut."""
    short = find_short_files(tables, files)
    return tuple(file if file.cut else file._replace(short=short.get(file.input)) for file in files)
