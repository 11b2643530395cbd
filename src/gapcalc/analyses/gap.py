"""How many referring domains does the page lack for a keyword? One answer, with its arithmetic."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from gapcalc import stats
from gapcalc.analyses import (
    benchmark,
    cautions,
    pages,
    plan,
    sensitivity,
    strength,
    totals,
    verdict,
)
from gapcalc.analyses.candidates import (
    Candidate,
    authority_of,
    from_links,
    from_serp,
    own_candidate,
)
from gapcalc.analyses.measure import Table, choose_basis, measure
from gapcalc.analyses.question import Question
from gapcalc.analyses.statistics import Doubts, counted_pages, describe
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
from gapcalc.rows import KeywordRow, LinkCounts, PageRow, SerpRow
from gapcalc.words import Basis

BASES: tuple[Basis, ...] = ("kept", "raw", "followed")


class Serp(NamedTuple):
    """The SERP rows of one keyword; without a SERP there are none and `keyword` may be None.

    `totals` are the rows of every page in lists of pages, `scores` what lists of keywords say of
    this one.
    """

    keyword: str | None
    country: str | None
    rows: tuple[SerpRow, ...]
    totals: Mapping[str, Sequence[PageRow]] = {}
    scores: tuple[KeywordRow, ...] = ()


class _About(NamedTuple):
    """What bears on the answer on every basis."""

    has_serp: bool
    authority: Authority | None
    vendors: Mapping[str, frozenset[str]]


class _Answer(NamedTuple):
    """What is worked out on one basis."""

    basis: Basis
    figures: Statistics
    gap: Gap
    plan: PlanOutline | None
    strength: SiteStrength | None
    verdict: VerdictSentence
    own: int | None


def find_gap(serp: Serp, counts: LinkCounts | None, question: Question) -> KeywordResult:
    """Answer the question for one keyword; `counts` is None when no link files were given."""
    table, said_of_totals = _measure(serp, counts, question)
    basis, lacking = choose_basis(table, question.basis)
    authority = _own_authority(serp, question)
    vendors = cautions.measuring_vendors(table, counts)
    about = _About(bool(serp.rows) and question.target is not None, authority, vendors)
    answers = {name: _answer(table, name, about, question) for name in BASES}
    answer = answers[basis]
    kd, kd_cautions = benchmark.find_kd(serp.rows, serp.scores, question)
    scale = None if kd is None else benchmark.read_scale(kd, question.scale)
    domains = pages.list_domains(table, counts) if counts and question.by_vendor else {}
    heard = cautions.CautionFacts(
        serp.rows, lacking, scale, answers["raw"].figures.median, vendors, answer.strength
    )
    return KeywordResult(
        keyword=serp.keyword,
        country=serp.country,
        kd=kd,
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
            *said_of_totals,
            *cautions.collect(table, answer.figures, basis, heard, question),
        ),
    )


def _measure(serp: Serp, counts: LinkCounts | None, question: Question) -> tuple[Table, list[str]]:
    if serp.rows or counts is None:
        candidates = from_serp(serp.rows, question)
    else:
        candidates = from_links(counts.count(frozenset()), question)
    own = _own_candidate(serp, candidates, question)
    filler = totals.make_filler(serp.totals, serp.rows, counts)
    said = filler.cautions([*candidates, *([own] if own else [])])
    filled = [filler.fill(candidate) for candidate in candidates]
    return measure(filled, filler.fill(own) if own else None, counts, question), said


def _own_candidate(
    serp: Serp, candidates: Sequence[Candidate], question: Question
) -> Candidate | None:
    """Find the own page: among the candidates, further down the SERP, or as it was named."""
    if question.target is None:
        return Candidate(None, "", "", "") if question.own_rds is not None else None
    listed = [c for c in candidates if c.page == question.target.page]
    if listed:
        return listed[0]
    target = Candidate(None, question.target.url, question.target.page, question.target.domain)
    return own_candidate(serp.rows, question) or target


def _own_authority(serp: Serp, question: Question) -> Authority | None:
    """Give the own site's authority: the own page's row first, else any page of the site."""
    if question.target is None:
        return None
    mine = [r for r in serp.rows if r.domain == question.target.domain and r.authority is not None]
    page = question.target.page
    mine.sort(key=lambda row: (row.page != page, row.position or 10**6, row.url))
    return authority_of(mine[0]) if mine else None


def _answer(table: Table, basis: Basis, about: _About, question: Question) -> _Answer:
    counted = counted_pages(table, basis)
    sources = {table.figure(page.page, basis)[1] for page in counted}
    comparable = table.comparable
    listed = [
        page.page.candidate.page for page in counted if table.figure(page.page, basis)[1] == "links"
    ]
    doubts = Doubts(
        vendor_only=sources == {"vendor"},
        mixed_vendors=len({about.vendors[page] for page in listed}) > 1,
        unknown_share=1 - len(counted) / len(comparable) if comparable else 0.0,
    )
    figures = describe(table, basis, doubts)
    own = table.count(table.own, basis) if table.own else None
    gap = _gap(table, basis, figures, own, question)
    outline = plan.outline(gap.median, about.authority, question)
    sites = strength.compare_sites(about.authority, counted)
    case = verdict.Case(
        figures=figures,
        basis=basis,
        own=own,
        position=table.own.candidate.position if table.own else None,
        has_serp=about.has_serp,
        tolerance=question.tolerance,
        weaker=strength.is_weaker(sites),
        plan=outline,
        horizon=question.horizon,
    )
    return _Answer(basis, figures, gap, outline, sites, verdict.judge(case), own)


def _gap(
    table: Table, basis: Basis, figures: Statistics, own: int | None, question: Question
) -> Gap:
    targets = (figures.median, figures.entry, figures.stretch)
    lacks = [None if t is None or own is None else stats.shortfall(t, own) for t in targets]
    extra = [None if t is None or own is None else stats.surplus(t, own) for t in targets]
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
    if table.own is not None and table.may_be_too_high(table.own, basis):
        return "unknown"
    own_is_low = table.own is not None and table.is_lower_bound(table.own, basis)
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
    figures = answer.figures
    return BasisFigures(
        n=figures.n,
        median=figures.median,
        own=answer.own,
        gap=answer.gap.median,
        verdict=answer.verdict.code,
    )
