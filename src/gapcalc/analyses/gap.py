"""How many referring domains does the page lack for a keyword? One answer, with its arithmetic."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import fields
from math import isinf
from typing import NamedTuple

from gapcalc import stats
from gapcalc.analyses import cautions, kd, plan, statistics, verdict
from gapcalc.analyses.candidates import FEATURE, own_authority
from gapcalc.analyses.measure import Measured, Table, choose_basis
from gapcalc.analyses.question import Question, Serp
from gapcalc.analyses.statistics import Figures, compute, describe, outlying, value_of
from gapcalc.results.gap import (
    BasisFigures,
    Gap,
    Goals,
    KeywordResult,
    KnownDomain,
    OwnRules,
    Page,
    SetAside,
    SiteProfile,
    SiteStrength,
    Summary,
    Surplus,
    Switched,
    TargetPage,
    VerdictSentence,
)
from gapcalc.results.shared import Authority, PlanOutline
from gapcalc.rows import LinkCounts
from gapcalc.stats import Bounded
from gapcalc.words import BASES, Basis

_GOALS = ("median", "entry", "stretch", "competitive")
Domains = Mapping[str, tuple[KnownDomain, ...]]
"""The referring domains of pages, by the page's identity."""


class _Answer(NamedTuple):
    """The answer on one basis."""

    goals: Goals
    own: int | None
    gap: Gap
    plan: PlanOutline | None
    strength: SiteStrength | None
    verdict: VerdictSentence


class _Shared(NamedTuple):
    """What the answers on all bases share."""

    table: Table
    question: Question
    authority: Authority | None
    top: int | None


def find_gap(
    serp: Serp, table: Table, counts: LinkCounts | None, question: Question
) -> KeywordResult:
    """Answer the question for one keyword, whose pages have been measured."""
    basis, lacking = choose_basis(table, question.basis)
    authority = own_authority(serp, question)
    shared = _Shared(table, question, authority, question.top if serp.rows else None)
    answers = {name: _answer(shared, name) for name in BASES}
    answer = answers[basis]
    difficulty, kd_cautions = kd.find_kd(serp.rows, serp.scores, question)
    scale = None if difficulty is None else kd.read_scale(difficulty, question.scale)
    facts = cautions.CautionFacts(
        basis, answer.goals, answer.gap, lacking, answer.strength, scale, answers["raw"].goals
    )
    domains = _list_domains(table, counts) if counts and question.list_domains else {}
    known = (*serp.cautions, *kd_cautions, *table.differing_totals)
    return KeywordResult(
        keyword=serp.keyword,
        country=serp.country,
        volume=max((row.volume for row in serp.rows if row.volume is not None), default=None),
        kd=difficulty,
        basis=basis,
        summary=_summary(answer),
        target_page=_own_page(table, basis, authority, question, domains),
        pages=_every_page(table, basis, domains),
        left_out_features=_count_features(table),
        waterfall=_waterfall(table),
        goals=answer.goals,
        gap=answer.gap,
        by_basis={name: _by_basis(answers[name]) for name in BASES},
        site_strength=answer.strength,
        benchmark=scale,
        sensitivity=_recount(table, question) if counts else None,
        plan=answer.plan,
        velocity=None,
        site_profile=_profile_site(table, counts) if counts and not serp.rows else None,
        networks=(),
        network_effect=None,
        verdict=answer.verdict,
        cautions=(*known, *cautions.collect(table, facts, question)),
    )


def _recount(table: Table, question: Question) -> Mapping[str, Switched] | None:
    return statistics.recount(table, question.rules) if question.sensitivity else None


def _answer(shared: _Shared, basis: Basis) -> _Answer:
    table, question = shared.table, shared.question
    counted = table.counted(basis)
    figures = compute(counted, basis, question.tolerance, table.own)
    goals = describe(table, basis, figures)
    # Every goal is the same or higher without a rule, so the need without it is the larger one.
    widest = _under_own_rules(table, basis, question) or figures
    own = table.own.counts.get(basis) if table.own else None
    needs = (
        {}
        if own is None
        else {n: stats.bounded_shortfall(widest[n], own) for n in _GOALS if n in widest}
    )
    gap = _gap(table, widest, own, needs)
    outline = plan.outline(gap.to_median, shared.authority, question)
    sites = statistics.compare_sites(shared.authority, counted, basis)
    case = verdict.Case(
        n=goals.n,
        figures=widest,
        basis=basis,
        own=own,
        need=needs.get("median"),
        to_competitive=needs.get("competitive"),
        top=shared.top,
        position=table.own.candidate.position if table.own else None,
        has_serp=shared.top is not None and question.target is not None,
        weaker=statistics.is_weaker(sites),
        plan=outline,
        horizon=question.horizon,
        unsure=cautions.unsure_pages(table, basis),
        unreadable=tuple(page.candidate.url for page in table.unreadable(basis)),
        without=table.own_lacks if widest is not figures else (),
        median_with=figures.get("median"),
    )
    value = None if own is None else int(own.value)
    return _Answer(goals, value, gap, outline, sites, verdict.judge(case))


def _under_own_rules(table: Table, basis: Basis, question: Question) -> Figures | None:
    """Give the figures without the rules that the target page's list cannot be judged by."""
    readable = () if table.unreadable(basis) else table.under_own_rules
    counted = [page for page in readable if basis in page.counts]
    return compute(counted, basis, question.tolerance, table.own) if counted else None


def _gap(table: Table, figures: Figures, own: Bounded | None, needs: Mapping[str, Bounded]) -> Gap:
    extra = {} if own is None else {n: stats.bounded_shortfall(own, figures[n]) for n in needs}
    bounds = {f"to_{name}": need.bound for name, need in needs.items()}
    bounds |= {f"surplus_{n}": extra[n].bound for n in _GOALS[:3] if n in extra}
    median = needs.get("median")
    return Gap(
        to_median=_whole(median),
        to_entry=_whole(needs.get("entry")),
        to_stretch=_whole(needs.get("stretch")),
        to_competitive=_whole(needs.get("competitive")),
        surplus=Surplus(*(_whole(extra.get(name)) for name in _GOALS[:3])),
        bound=median.bound if median else None,
        bounds=bounds,
        least=int(median.low) if median else None,
        most=None if median is None or isinf(median.high) else int(median.high),
        under_own_rules=OwnRules(table.own_lacks, value_of(figures, "median"), _whole(median))
        if table.own_lacks
        else None,
    )


def _whole(number: Bounded | None) -> int | None:
    return None if number is None else int(number.value)


def _summary(answer: _Answer) -> Summary:
    """Put the answer in short; figures that the verdict does not rely on are unknown."""
    tells = answer.verdict.code not in verdict.NO_ANSWER
    return Summary(
        verdict=answer.verdict.code,
        own=answer.own,
        goal=answer.goals.median if answer.goals.n >= verdict.FEWEST_PAGES else None,
        need=answer.gap.to_median if tells else None,
        to_competitive=answer.gap.to_competitive if tells else None,
        months_middle=answer.plan.months.middle if tells and answer.plan else None,
        confidence=answer.goals.confidence,
        sentence=answer.verdict.sentence,
    )


def _by_basis(answer: _Answer) -> BasisFigures:
    return BasisFigures(
        n=answer.goals.n,
        median=answer.goals.median,
        bound=answer.goals.bound,
        own=answer.own,
        need=answer.gap.to_median,
        need_bound=answer.gap.bound,
        verdict=answer.verdict.code,
    )


def _list_domains(table: Table, counts: LinkCounts) -> Domains:
    """List the referring domains of every page that is shown, under the rules common to all."""
    every = [*table.pages, *([table.own] if table.own else [])]
    listed = [page.candidate.page for page in every if page.links is not None]
    return counts.domains(table.rules, listed)


def _every_page(table: Table, basis: Basis, domains: Domains) -> tuple[Page, ...]:
    """Give every page of the table but those of SERP features as the result shows it."""
    unusual = outlying(table, basis)
    shown = [page for page in table.pages if page.candidate.left_out != FEATURE]
    return tuple(_shown_page(page, basis, domains, unusual) for page in shown)


def _count_features(table: Table) -> int:
    """Count the pages that stand in SERP features only."""
    return sum(page.candidate.left_out == FEATURE for page in table.pages)


def _own_page(
    table: Table,
    basis: Basis,
    authority: Authority | None,
    question: Question,
    domains: Domains,
) -> TargetPage | None:
    """Give the target page as the result shows it, None where nothing is known of one."""
    if table.own is None:
        return None
    own = _shown_page(table.own, basis, domains, frozenset())
    known = {**vars(own), "chosen": question.target.chosen if question.target else "given"}
    known |= {"authority": authority, "url": own.url or None, "page": own.page or None}
    return TargetPage(**{field.name: known[field.name] for field in fields(TargetPage)})


def _profile_site(table: Table, counts: LinkCounts) -> SiteProfile | None:
    """Sum up the links of all pages; None where there are pages to compare with."""
    listed = {p.candidate.page: p for p in (*table.pages, table.own) if p and p.links}
    if table.comparable or not listed:
        return None
    known = [d for found in counts.domains(table.rules, list(listed)).values() for d in found]
    sites = {page.links.domain for page in listed.values() if page.links}
    return SiteProfile(
        site=sites.pop() if len(sites) == 1 else None,
        pages=sum(page.links.raw > 0 for page in listed.values() if page.links),
        domains=len({domain.domain for domain in known}),
        kept=len({domain.domain for domain in known if domain.kept}),
        lost=sum(page.links.lost for page in listed.values() if page.links),
    )


def _waterfall(table: Table) -> dict[str, int]:
    """Add up, over the comparable pages, the domains charged to each rule."""
    total: Counter[str] = Counter()
    for page in table.comparable:
        if page.links is not None:
            total.update(page.links.dropped)
    return dict(total)


def _shown_page(page: Measured, basis: Basis, domains: Domains, unusual: frozenset[str]) -> Page:
    candidate, links = page.candidate, page.links
    total = None if page.given else candidate.vendor_total
    outlier = ("outlier",) if candidate.comparable and candidate.page in unusual else ()
    several = links is not None and len(links.by_vendor) > 1
    return Page(
        position=candidate.position,
        authority=candidate.authority,
        raw=page.value("raw"),
        kept=page.value("kept"),
        followed=page.value("followed"),
        count=page.value(basis),
        source=page.sources.get(basis),
        complete=page.wholeness.complete,
        vendor_total=total,
        total_vendor=None if total is None else candidate.total_vendor,
        listed=links.raw if links else None,
        kept_by_own_rules=page.own_rules,
        unjudged=links.unjudged if links else None,
        set_aside=SetAside(links.lost, links.internal) if links else None,
        dropped=links.dropped if links else None,
        by_vendor=links.by_vendor if links else None,
        shared=links.shared if links and several else None,
        disputed=links.disputed if links and several else None,
        domains=domains.get(candidate.page),
        url=candidate.url,
        page=candidate.page,
        domain=candidate.domain,
        comparable=candidate.comparable,
        left_out=candidate.left_out,
        flags=candidate.flags + outlier,
    )
