"""Answers the gap question for every keyword in the inputs."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from gapcalc.analyses.candidates import settle_target
from gapcalc.analyses.gap import find_gap
from gapcalc.analyses.keywords import add_up, sort_keywords
from gapcalc.analyses.measure import Table, find_short_files
from gapcalc.analyses.plan import with_velocity
from gapcalc.analyses.question import Serp
from gapcalc.commands.cautions import (
    file_cautions,
    old_inputs,
    unfound_site,
    unused_lists,
    unused_targets,
)
from gapcalc.commands.counts import (
    LinkNeeds,
    files_of_all,
    open_counts,
    split_by_words,
)
from gapcalc.commands.describe import describe
from gapcalc.commands.networks import KeywordNetworks, fields_for_networks
from gapcalc.commands.prepare import Job, prepare, refuse_lists_alone
from gapcalc.commands.serps import by_keyword
from gapcalc.commands.targets import Targets
from gapcalc.errors import UsageError
from gapcalc.inputs.find import unchanged
from gapcalc.results.gap import GapResult, KeywordResult
from gapcalc.results.shared import Caution
from gapcalc.rows import DomainMonths, LinkFile, Problem
from gapcalc.settings import Settings
from gapcalc.workspace import Workspace

if TYPE_CHECKING:
    from gapcalc.engine.count import Counts


SCHEMA = "gapcalc.gap/1"


class Answered(NamedTuple):
    """A result, what in the inputs could not be read, and what the file of --targets says."""

    result: GapResult
    problems: tuple[Problem, ...]
    targets: Targets = Targets({})


def answer_gap(
    names: Sequence[str],
    settings: Settings,
    today: date,
    workspace: Workspace,
    *,
    with_rivals: bool = True,
) -> Answered:
    """Read the named inputs and answer the question for every keyword in them.

    How fast rivals grow takes a third of the time of large lists: without `with_rivals` it is left
    unknown.

    Raises GapcalcError for whatever the user can mend.
    """
    job = prepare(names, settings, workspace)
    return answer_job(job, today, workspace, with_rivals=with_rivals)


def answer_job(
    job: Job, today: date, workspace: Workspace, *, with_rivals: bool = True
) -> Answered:
    """Answer the question for every keyword in inputs that are open already."""
    as_of = job.settings.as_of or today
    refuse_lists_alone(job)
    serps, unanswered = by_keyword(job)
    until = as_of if with_rivals and _has_plan(job) else None
    with unchanged(job.found):
        split = split_by_words(job, serps)
        parts = [_answer_part(job, split, n, until, workspace) for n in range(len(split))]
    keywords = [answer for part in parts for answer in part.keywords]
    files = _describe_short(
        files_of_all([part.files for part in parts]),
        [table for part in parts for table in part.tables],
    )
    cautions = (
        *file_cautions(job, files),
        *parts[0].unused,
        *unfound_site(job),
        *unused_targets(job),
        *_skipped(job, len(serps) - len(keywords), len(keywords)),
    )
    problems = (*job.row_problems, *parts[0].problems)
    head = describe(job, SCHEMA, as_of, files, problems)
    result = GapResult(
        *head,
        sorted_by=job.settings.sort,
        keywords=sort_keywords(keywords, job.settings.sort),
        unanswered=tuple(unanswered),
        totals=add_up(keywords),
        cautions=(*cautions, *old_inputs(head.inputs, as_of)),
    )
    return Answered(result, problems, job.targets)


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
    job: Job, split: Sequence[Sequence[Serp]], number: int, until: date | None, workspace: Workspace
) -> _Part:
    """Answer the keywords of one part of those that are split.

    How fast rivals grew is told up to the day `until`, or left unknown without one.
    """
    fields = (*fields_for_networks(job), *(_dates(job) if until else ()))
    needs = LinkNeeds(fields, passes=(number + 1, len(split)))
    with open_counts(job, split[number], workspace, needs) as (counts, problems):
        asked = [(serp, settle_target(serp, counts, job.question)) for serp in split[number]]
        if job.settings.skip_missing:
            asked = [(serp, q) for serp, q in asked if not (q.target and q.target.chosen == "new")]
        networks, rivals = KeywordNetworks(counts, asked, workspace), _Rivals(counts, until)
        keywords = []
        for place, (serp, question) in enumerate(asked):
            workspace.advance("Answering keywords", place, len(asked))
            if networks.mark(place):
                rivals = _Rivals(counts, until)
            table = networks.measure(place)
            answer = networks.add(find_gap(serp, table, counts, question), place)
            keywords.append(rivals.add(answer, table))
        if counts:
            counts.explain()
        unused = tuple(unused_lists(job, [serp for part in split for serp in part], counts))
        files = counts.files if counts else ()
        return _Part(keywords, networks.tables, files, problems, unused)


def _skipped(job: Job, count: int, left: int) -> Iterator[Caution]:
    """Say how many keywords --skip-missing leaves out; raises UsageError if none is left."""
    if not left:
        said = "".join(f". {caution.text}" for caution in unfound_site(job))
        raise UsageError(
            "--skip-missing: no page of yours is named or ranks for any keyword, so none is left"
            f"{said or '. Check --site and --targets'}"
        )
    if count:
        has, is_left = ("keyword has", "is") if count == 1 else ("keywords have", "are")
        said = f"{count} {has} no page of yours and {is_left} left out (--skip-missing)."
        yield Caution("keywords-skipped", said)


def _has_plan(job: Job) -> bool:
    """Say whether the user's page is known; without it there is no gap to close."""
    question = job.question
    named = question.target or question.site or question.targets
    return bool(named) or question.own_rds is not None


def _dates(job: Job) -> tuple[str, ...]:
    """Name the link columns that tell how fast rivals grow."""
    if not job.link_sources:
        return ()
    from gapcalc.engine.velocity import FIELDS

    return FIELDS


class _Rivals:
    """How fast the pages to compare with grow; lists judged by the same rules are asked once."""

    def __init__(self, counts: "Counts | None", until: date | None) -> None:
        self._counts, self._until = counts, until
        self._months: dict[frozenset[str], Mapping[str, DomainMonths]] = {}

    def add(self, answer: KeywordResult, table: Table) -> KeywordResult:
        """Add to an answer how fast the rivals grow."""
        if self._counts is None or self._until is None:
            return answer
        from gapcalc.engine.velocity import find_months

        if table.rules not in self._months:
            self._months[table.rules] = find_months(self._counts, table.rules, self._until)
        return with_velocity(answer, table, self._months[table.rules])


def _describe_short(files: Sequence[LinkFile], tables: Sequence[Table]) -> tuple[LinkFile, ...]:
    """Say what a file lacks, unless it is known already why it is cut."""
    short = find_short_files(tables, files)
    return tuple(file if file.cut else file._replace(short=short.get(file.input)) for file in files)
