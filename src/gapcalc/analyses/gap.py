"""How many referring domains does the page lack for a keyword? One answer, with its arithmetic."""

from typing import NamedTuple

from gapcalc import stats
from gapcalc.analyses import cautions, kd, pages, plan, sensitivity, strength, verdict
from gapcalc.analyses.candidates import own_authority
from gapcalc.analyses.measure import Table, choose_basis
from gapcalc.analyses.question import Question, Serp
from gapcalc.analyses.statistics import describe
from gapcalc.results import (
    Authority,
    BasisFigures,
    Gap,
    GapBound,
    KeywordResult,
    PlanOutline,
    SiteStrength,
    Statistics,
    Surplus,
    VerdictSentence,
)
from gapcalc.rows import LinkCounts
from gapcalc.words import BASES, Basis


class _Answer(NamedTuple):
    """The answer on one basis."""

    figures: Statistics
    own: int | None
    gap: Gap
    plan: PlanOutline | None
    strength: SiteStrength | None
    verdict: VerdictSentence


def find_gap(
    serp: Serp, table: Table, counts: LinkCounts | None, question: Question
) -> KeywordResult:
    """Answer the question for one keyword, whose pages have been measured."""
    basis, lacking = choose_basis(table, question.basis)
    authority = own_authority(serp, question)
    has_serp = bool(serp.rows) and question.target is not None
    answers = {name: _answer(table, name, authority, question, has_serp=has_serp) for name in BASES}
    answer = answers[basis]
    difficulty, kd_cautions = kd.find_kd(serp.rows, serp.scores, question)
    scale = None if difficulty is None else kd.read_scale(difficulty, question.scale)
    facts = cautions.CautionFacts(
        basis, answer.figures, lacking, answer.strength, scale, answers["raw"].figures.median
    )
    domains = pages.list_domains(table, counts) if counts and question.by_vendor else {}
    return KeywordResult(
        keyword=serp.keyword,
        country=serp.country,
        kd=difficulty,
        basis=basis,
        target_page=pages.own_page(table, basis, authority, domains),
        pages=pages.every_page(table, basis, domains),
        waterfall=pages.waterfall(table),
        statistics=answer.figures,
        gap=answer.gap,
        by_basis={name: _by_basis(answers[name]) for name in BASES},
        site_strength=answer.strength,
        benchmark=scale,
        sensitivity=sensitivity.recount(table, basis) if question.sensitivity and counts else None,
        plan=answer.plan,
        verdict=answer.verdict,
        cautions=(
            *kd_cautions,
            *table.differing_totals,
            *cautions.collect(table, facts, question),
        ),
    )


def _answer(
    table: Table, basis: Basis, authority: Authority | None, question: Question, *, has_serp: bool
) -> _Answer:
    figures = describe(table, basis)
    own = table.own.value(basis) if table.own else None
    gap = _gap(table, basis, figures, question)
    outline = plan.outline(gap.median, authority, question)
    sites = strength.compare_sites(authority, table.counted(basis), basis)
    case = verdict.Case(
        figures=figures,
        basis=basis,
        own=own,
        position=table.own.candidate.position if table.own else None,
        has_serp=has_serp,
        tolerance=question.tolerance,
        weaker=strength.is_weaker(sites),
        plan=outline,
        horizon=question.horizon,
    )
    return _Answer(figures, own, gap, outline, sites, verdict.judge(case))


def _gap(table: Table, basis: Basis, figures: Statistics, question: Question) -> Gap:
    own = table.own.value(basis) if table.own else None
    goals = (figures.median, figures.entry, figures.stretch)
    lacks = [None if g is None or own is None else stats.shortfall(g, own) for g in goals]
    extra = [None if g is None or own is None else stats.surplus(g, own) for g in goals]
    start = (
        None if figures.median is None else stats.range_start(figures.median, question.tolerance)
    )
    return Gap(
        median=lacks[0],
        entry=lacks[1],
        stretch=lacks[2],
        surplus=Surplus(*extra),
        competitive_from=start,
        to_competitive=None if start is None or own is None else max(0, start - own),
        bound=_gap_bound(table, basis, figures),
    )


def _gap_bound(table: Table, basis: Basis, figures: Statistics) -> GapBound:
    own = table.own.counts.get(basis) if table.own else None
    if own is not None and own.low < own.value:
        return "unknown"
    own_is_low = own is not None and own.high > own.value
    match figures.bound, own_is_low:
        case "exact", False:
            return "exact"
        case "exact", True:
            return "at most"
        case _, False:
            return "at least"
        case _:
            return "unknown"


def _by_basis(answer: _Answer) -> BasisFigures:
    return BasisFigures(
        n=answer.figures.n,
        median=answer.figures.median,
        own=answer.own,
        gap=answer.gap.median,
        verdict=answer.verdict.code,
    )
