"""Finds the domains that link to the pages of every keyword and not to the target page."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from gapcalc.analyses.candidates import settle_target
from gapcalc.analyses.intersect import SiteLeads, judge_sites
from gapcalc.analyses.prospects import (
    AskedKeyword,
    Leads,
    join_leads,
    judge_leads,
    why_left_out,
)
from gapcalc.analyses.question import Serp, Target
from gapcalc.commands.cautions import (
    cut_intersects,
    file_cautions,
    left_out_keywords,
    old_inputs,
    unfound_site,
    unused_targets,
)
from gapcalc.commands.counts import (
    LinkNeeds,
    files_of_all,
    open_counts,
    split_by_words,
)
from gapcalc.commands.describe import describe
from gapcalc.commands.networks import KeywordNetworks
from gapcalc.commands.prepare import Job, prepare, refuse_lists_alone
from gapcalc.commands.serps import by_keyword
from gapcalc.errors import UsageError
from gapcalc.inputs.find import unchanged
from gapcalc.inputs.source import metric_of, vendor_of
from gapcalc.linkfacts import FoundLeads
from gapcalc.results.prospects import KeywordLeads, ProspectsResult
from gapcalc.rows import LinkFile, Problem
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
    return prospects_of(prepare(names, settings, workspace, with_sites=True), today, workspace)


def prospects_of(job: Job, today: date, workspace: Workspace) -> FoundProspects:
    """Find the leads of every keyword in inputs that are open already."""
    settings = job.settings
    site = _own_site(job)
    serps, unanswered = by_keyword(job)
    with unchanged(job.found):
        parts = _find_parts(job, serps, site, workspace)
    workspace.advance("Judging leads", 0, None)
    leads = _judge(job, parts)
    sites = _judge_sites(job, site, leads)
    files = files_of_all([part.files for part in parts])
    cautions = (
        *file_cautions(job, files),
        *unfound_site(job),
        *unused_targets(job),
        *left_out_keywords(unanswered),
        *sites.cautions,
    )
    problems = (*job.row_problems, *parts[0].problems)
    as_of = settings.as_of or today
    head = describe(job, SCHEMA, as_of, files, problems)
    result = ProspectsResult(
        *head,
        min_competitors=settings.min_competitors,
        note=_note(leads.keywords, settings.min_competitors),
        keywords=leads.keywords,
        prospects=leads.prospects,
        lost_to_us=leads.lost_to_us,
        site_level=sites.level,
        site_leads=sites.leads,
        cautions=(*cautions, *old_inputs(head.inputs, as_of)),
    )
    return FoundProspects(result, problems)


def _own_site(job: Job) -> Target:
    """Give the target page, or a page of the site that all target pages belong to.

    Raises UsageError where there is none, or no list of links.
    """
    question, rows = job.question, job.targets.rows.values()
    named = [t for t in (question.target, question.site, *(row.target for row in rows)) if t]
    if not named:
        raise UsageError(
            "prospects needs your page: --target https://your-site.com/page/, or --site for the "
            "best-ranking page of each keyword"
        )
    domains = sorted({target.domain for target in named})
    if len(domains) > 1:
        raise UsageError(
            f"prospects is for one site of yours, and the target pages are on {' and '.join(domains[:3])}"
        )
    if question.target is None and not job.intersects:
        refuse_lists_alone(job)
    if not job.link_sources and not job.intersects:
        raise UsageError(
            "there are no lists of links, so nobody knows who links to these pages. Add link exports "
            "of the pages that rank, and of yours, or an intersect export of sites"
        )
    return named[0]


class _CountedTogether(NamedTuple):
    """What was found for keywords that are counted together, by their places among all keywords."""

    asked: Mapping[int, AskedKeyword]
    found: Sequence[FoundLeads]
    files: Sequence[LinkFile]
    problems: Sequence[Problem]


def _find_parts(
    job: Job, serps: Sequence[Serp], site: Target, workspace: Workspace
) -> list[_CountedTogether]:
    """Find the leads of all keywords; those that allow other words in anchors are counted apart."""
    places = {(serp.keyword, serp.country): place for place, serp in enumerate(serps)}
    split = split_by_words(job, serps)
    found = []
    for number, part in enumerate(split, start=1):
        asked = {places[serp.keyword, serp.country]: serp for serp in part}
        found.append(_find_part(job, asked, (number, len(split)), site, workspace))
    return found


def _find_part(
    job: Job,
    serps: Mapping[int, Serp],
    passes: tuple[int, int],
    site: Target,
    workspace: Workspace,
) -> _CountedTogether:
    """Find the leads of some of the keywords, in a pass over the links of their own."""
    from gapcalc.engine.leads import FIELDS

    needs = LinkNeeds(FIELDS, site=site.domain, passes=passes)
    with open_counts(job, [*serps.values()], workspace, needs) as (counts, problems):
        if counts is None:
            return _CountedTogether({}, (), (), problems)
        asked, found = _find(job, serps, counts, site, workspace)
        counts.explain()
        return _CountedTogether(asked, found, counts.files, problems)


def _find(
    job: Job, serps: Mapping[int, Serp], counts: "Counts", site: Target, workspace: Workspace
) -> tuple[Mapping[int, AskedKeyword], Sequence[FoundLeads]]:
    """Find the leads; keywords whose networks leave out the same links are asked together."""
    places = [*serps]
    questions = [(serp, settle_target(serp, counts, job.question)) for serp in serps.values()]
    networks = KeywordNetworks(counts, questions, workspace)
    workspace.advance("Looking for leads", 0, None)
    asked: dict[int, AskedKeyword] = {}
    parts = []
    for alike in networks.alike():
        networks.mark(alike[0])
        for n in alike:
            serp, question = questions[n]
            table, found, effect = networks.measure(n), networks.of(n), networks.effect(n)
            if question.target is not None:
                asked[places[n]] = AskedKeyword(
                    serp, table, question, question.target, found, effect, places[alike[0]]
                )
        together = {places[n]: asked[places[n]] for n in alike}
        parts.append(_look(job, counts, together, site.domain))
    return asked, parts


def _judge(job: Job, parts: Sequence[_CountedTogether]) -> Leads:
    """Judge what was found for all keywords."""
    asked = {place: one for part in parts for place, one in part.asked.items()}
    if not asked:
        return Leads((), (), ())
    found = join_leads([found for part in parts for found in part.found])
    in_order = [asked[place] for place in sorted(asked)]
    return judge_leads(in_order, found, job.settings.min_competitors, _metrics(job))


def _look(job: Job, counts: "Counts", asked: Mapping[int, AskedKeyword], site: str) -> FoundLeads:
    """Look for the leads of some keywords in the links, as they are marked now."""
    from gapcalc.engine.leads import find_leads

    question = job.question
    return find_leads(
        counts,
        {number: one.for_engine() for number, one in asked.items()},
        site,
        job.settings.min_competitors,
        lambda domain: why_left_out(domain, question, site) is None,
    )


def _judge_sites(job: Job, target: Target, leads: Leads) -> SiteLeads:
    """Judge what the intersect exports say, and name them."""
    rows = [row for file in job.intersects.values() for row in file.rows]
    known = {lead.domain for lead in leads.prospects}
    found = judge_sites(rows, target, job.question, job.settings.min_competitors, known)
    if found.level is None:
        return found
    sources = job.sources
    names = tuple(sources[number].name for number in job.intersects)
    return found._replace(
        level=replace(found.level, inputs=names),
        cautions=(*cut_intersects(job), *found.cautions),
    )


def _metrics(job: Job) -> Mapping[str, str]:
    """Name the authority score of each vendor's link files."""
    named: dict[str, str] = {}
    for _, source in sorted(job.link_sources, key=lambda found: found[1].name):
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
    if not counts.behind:
        return f"{said}."
    share = f"Of the {counts.behind:,} domains behind these pages, {counts.enough:,} link to"
    return f"{said}. {share} {'one' if least == 1 else least} or more of them."
