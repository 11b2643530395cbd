"""Answers the gap question for every keyword in the inputs, and judges the limits on the gaps."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from gapcalc.analyses.candidates import settle_target
from gapcalc.analyses.gap import find_gap
from gapcalc.analyses.keywords import add_up, sort_keywords, tell_apart
from gapcalc.analyses.measure import Table, find_short_files, measure_in, page_lists
from gapcalc.analyses.plan import with_velocity
from gapcalc.analyses.question import Serp
from gapcalc.analyses.verdict import FEWEST_PAGES, NO_ANSWER
from gapcalc.commands.cautions import (
    file_cautions,
    old_inputs,
    unfound_site,
    unused_lists,
    unused_targets,
)
from gapcalc.commands.counts import (
    KeywordNetworks,
    LinkNeeds,
    fields_for_networks,
    files_of_all,
    open_counts,
    split_by_words,
)
from gapcalc.commands.describe import describe
from gapcalc.commands.prepare import Job, prepare, refuse_lists_alone
from gapcalc.commands.question import Targets
from gapcalc.commands.serps import by_keyword
from gapcalc.errors import Problem, UsageError
from gapcalc.inputs.find import unchanged
from gapcalc.results.gap import Gap, GapResult, KeywordResult, Unanswered
from gapcalc.results.shared import Caution
from gapcalc.rows import DomainMonths, LinkFile
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
        lists, rivals = page_lists(counts), _Rivals(counts, until)
        tables = [measure_in(lists, serp, question) for serp, question in asked]
        workspace.advance("Looking for networks", 0, None)
        networks = KeywordNetworks(counts, [question for _, question in asked], tables)
        keywords = []
        for place, (serp, question) in enumerate(asked):
            workspace.advance("Answering keywords", place, len(asked))
            if networks.mark(place):
                lists, rivals = page_lists(counts), _Rivals(counts, until)
            if networks.mark_links:
                tables[place] = measure_in(lists, serp, question)
            answer = find_gap(serp, tables[place], counts, question)
            answer = networks.add(answer, place, tables[place])
            keywords.append(rivals.add(answer, tables[place]))
        if counts:
            counts.explain()
        unused = tuple(unused_lists(job, [serp for part in split for serp in part], counts))
        return _Part(keywords, tables, counts.files if counts else (), problems, unused)


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


# --- the limits on the gaps ----------------------------------------------------------------------

KEPT, EXCEEDED, UNKNOWN = 0, 1, 4
"""The exit codes of the three answers; an exceeded limit outranks an unknown gap."""


class _Judged(NamedTuple):
    """A keyword, its limit and its gap; `within` is None where that is unknown."""

    keyword: str | None
    limit: int
    where: str
    gap: Gap | None
    within: bool | None


def tell_exceeded(result: GapResult, targets: Targets, settings: Settings) -> Iterator[str]:
    """Name each keyword that does not keep its limit, and by how much."""
    for one in _judge(result, targets, settings):
        name, gap = f"{one.where}: {one.keyword or 'the pages'}", one.gap
        if gap is None:
            if not settings.allow_unknown:
                yield f"{name}: there is no answer"
        elif one.within is None and not settings.allow_unknown:
            known = (
                "unknown" if gap.to_median is None else f"{gap.bound or 'about'} {gap.to_median:,}"
            )
            yield f"{name}: the gap is {known}"
        elif one.within is False and gap.to_median is not None:
            least = "at least " if gap.bound == "at least" else ""
            over = gap.to_median - one.limit
            yield f"{name}: the gap is {least}{gap.to_median:,}, {over:,} too many"


def judge_limits(result: GapResult, targets: Targets, settings: Settings) -> int:
    """Give the exit code for all keywords together; one without an answer is unknown."""
    judged = [one.within for one in _judge(result, targets, settings)]
    if False in judged:
        return EXCEEDED
    if None in judged and not settings.allow_unknown:
        return UNKNOWN
    unsure = any(answer.verdict.code in NO_ANSWER for answer in result.keywords)
    if settings.fail_unknown and (unsure or result.unanswered):
        return UNKNOWN
    return KEPT


def _judge(result: GapResult, targets: Targets, settings: Settings) -> Iterator[_Judged]:
    """Judge every keyword, if --fail-over asks for it; a limit in --targets outranks that one."""
    if settings.fail_over is None:
        return
    gaps = [*(None for _ in result.unanswered), *map(_told, result.keywords)]
    named: list[Unanswered | KeywordResult] = [*result.unanswered, *result.keywords]
    for one, name, gap in zip(named, tell_apart(named), gaps, strict=True):
        limit, where = settings.fail_over, f"--fail-over {settings.fail_over}"
        own = targets.limit_of(one.keyword)
        if own:
            limit, line = own
            where = f"limit {limit} in {settings.targets}, line {line}"
        yield _Judged(
            name if one.keyword else None, limit, where, gap, _within(gap, limit) if gap else None
        )


def _told(answer: KeywordResult) -> Gap:
    """Give the gap; it is unknown where there are too few pages for a median."""
    few = answer.goals.n < FEWEST_PAGES
    return replace(answer.gap, to_median=None) if few else answer.gap


def _within(gap: Gap, limit: int) -> bool | None:
    """Say whether a gap keeps within the limit; None where it is unknown or may be larger."""
    if gap.to_median is None:
        return None
    if gap.to_median > limit:
        return False
    return True if gap.bound in {"exact", "at most"} else None
