"""Finds the domains that link to the pages of every keyword and not to the target page."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from gapcalc import __version__
from gapcalc.analyses.candidates import settle_target
from gapcalc.analyses.measure import measure
from gapcalc.analyses.prospects import AskedKeyword, Leads, judge_leads, why_left_out
from gapcalc.analyses.question import Serp, Target
from gapcalc.commands.counts import Further, open_counts
from gapcalc.commands.describe import (
    describe_inputs,
    describe_method,
    file_cautions,
    left_out_keywords,
    old_inputs,
)
from gapcalc.commands.networks import KeywordNetworks
from gapcalc.commands.prepare import Job, prepare
from gapcalc.commands.serps import by_keyword
from gapcalc.errors import UsageError
from gapcalc.inputs.detect import metric_of, vendor_of
from gapcalc.inputs.find import unchanged
from gapcalc.results.prospects import KeywordLeads, ProspectsResult
from gapcalc.results.shared import Tool
from gapcalc.rows import Problem
from gapcalc.settings import Settings
from gapcalc.words import UNNAMED
from gapcalc.workspace import Workspace

if TYPE_CHECKING:
    from gapcalc.engine.count import Counts

SCHEMA = "gapcalc.prospects/1"


class FoundProspects(NamedTuple):
    """A result, and what in the inputs could not be read."""

    result: ProspectsResult
    problems: tuple[Problem, ...]


def find_prospects(
    names: Sequence[str], settings: Settings, today: date, workspace: Workspace
) -> FoundProspects:
    """Read the named inputs and find the leads of every keyword in them.

    Raises GapcalcError for whatever the user can mend.
    """
    job = prepare(names, settings, workspace)
    target = _needed_target(job)
    serps, unanswered = by_keyword(job)
    from gapcalc.engine.leads import FIELDS

    with (
        unchanged(job.found),
        open_counts(job, serps, workspace, Further(FIELDS, site=target.domain)) as (
            counts,
            link_problems,
        ),
    ):
        files = counts.files if counts else ()
        leads = _find(job, serps, counts)
        cautions = (*file_cautions(job, files), *left_out_keywords(unanswered))
    problems = (*job.row_problems, *link_problems)
    as_of = settings.as_of or today
    inputs = describe_inputs(job, files, problems)
    result = ProspectsResult(
        schema=SCHEMA,
        tool=Tool("gapcalc", __version__, job.suffixes.date),
        as_of=as_of.isoformat(),
        inputs=inputs,
        method=describe_method(job, files),
        min_competitors=settings.min_competitors,
        note=_note(leads.keywords, settings.min_competitors),
        keywords=leads.keywords,
        prospects=leads.prospects,
        lost_to_us=leads.lost_to_us,
        cautions=(*cautions, *old_inputs(inputs, as_of)),
    )
    return FoundProspects(result, problems)


def _needed_target(job: Job) -> Target:
    """Give the target page; raises UsageError where it or every list of links is missing."""
    if job.question.target is None:
        raise UsageError("prospects needs your page: --target https://your-site.com/page/")
    if not job.link_sources:
        raise UsageError(
            "there are no lists of links, so nobody knows who links to these pages. Add link exports "
            "of the pages that rank, and of yours"
        )
    return job.question.target


def _find(job: Job, serps: Sequence[Serp], counts: "Counts | None") -> Leads:
    from gapcalc.engine.leads import find_leads

    questions = [(serp, settle_target(serp, counts, job.question)) for serp in serps]
    networks = KeywordNetworks(counts, questions)
    networks.mark_all()
    asked = []
    for place, (serp, question) in enumerate(questions):
        table = measure(serp, counts, question)
        found, effect = networks.of(place), networks.effect(place, table)
        if question.target is not None:
            asked.append(AskedKeyword(serp, table, question, question.target, found, effect))
    if counts is None or not asked:
        return Leads((), (), ())
    question, site = asked[0].question, asked[0].target.domain
    leads = find_leads(
        counts,
        [one.for_engine() for one in asked],
        site,
        job.settings.min_competitors,
        lambda domain: why_left_out(domain, question, site) is None,
    )
    counts.explain()
    return judge_leads(asked, leads, job.settings.min_competitors, _metrics(job))


def _metrics(job: Job) -> Mapping[str, str]:
    """Name the authority score of each vendor's link files."""
    named: dict[str, str] = {}
    for _, source in sorted(job.link_sources, key=lambda found: found[1].sheet.name):
        metric = metric_of(source)
        if metric is not None:
            named.setdefault(vendor_of(source) or UNNAMED, metric)
    return named


def _note(keywords: Sequence[KeywordLeads], least: int) -> str:
    """Say how little copying alone does."""
    said = "These are leads, not links: copying what rivals have does little alone"
    if len(keywords) != 1:
        return f"{said}, because most of a page's links are its own."
    counts = keywords[0].counts
    share = f"Of the {counts.behind:,} domains behind these pages, {counts.enough:,} link to"
    return f"{said}. {share} {'one' if least == 1 else least} or more of them."
