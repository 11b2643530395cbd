"""How many referring domains does the page lack for a keyword? One answer, with its arithmetic."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields

from gapcalc import stats
from gapcalc.analyses import benchmark, cautions, plan, sensitivity, strength, totals, verdict
from gapcalc.analyses.ask import Ask
from gapcalc.analyses.candidates import Candidate, authority_of, from_links, from_serp
from gapcalc.analyses.measure import Measured, Table, choose_basis, measure
from gapcalc.analyses.statistics import Doubts, counted_pages, describe, outlying
from gapcalc.facts import KeywordRow, LinkCounts, PageRow, SerpRow
from gapcalc.model import (
    Authority,
    BasisFigures,
    Gap,
    GapBound,
    KeywordResult,
    Page,
    PlanOutline,
    SetAside,
    SiteStrength,
    Statistics,
    Surplus,
    TargetPage,
    VerdictSentence,
)
from gapcalc.words import Basis

BASES: tuple[Basis, ...] = ("kept", "raw", "followed")


@dataclass(frozen=True, slots=True)
class Serp:
    """The SERP rows of one keyword; without a SERP there are none and `keyword` may be None.

    `totals` are the rows of every page in lists of pages, `scores` what lists of keywords say of
    this one.
    """

    keyword: str | None
    country: str | None
    rows: tuple[SerpRow, ...]
    totals: Mapping[str, Sequence[PageRow]] = field(default_factory=dict)
    scores: tuple[KeywordRow, ...] = ()


@dataclass(frozen=True, slots=True)
class _About:
    """What bears on the answer on every basis."""

    has_serp: bool
    authority: Authority | None
    vendors: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class _Answer:
    """What is worked out on one basis."""

    basis: Basis
    figures: Statistics
    gap: Gap
    plan: PlanOutline | None
    strength: SiteStrength | None
    verdict: VerdictSentence
    own: int | None


def find_gap(serp: Serp, counts: LinkCounts | None, ask: Ask) -> KeywordResult:
    """Answer the question for one keyword; `counts` is None when no link files were given."""
    table, said_of_totals = _measure(serp, counts, ask)
    basis, lacking = choose_basis(table, ask.basis)
    authority = _own_authority(serp, ask)
    vendors = cautions.measuring_vendors(table, counts)
    about = _About(bool(serp.rows) and ask.target is not None, authority, vendors)
    answers = {name: _answer(table, name, about, ask) for name in BASES}
    answer = answers[basis]
    kd, kd_cautions = benchmark.find_kd(serp.rows, serp.scores, ask)
    scale = None if kd is None else benchmark.read_scale(kd, ask.scale)
    heard = cautions.Heard(
        serp.rows, lacking, scale, answers["raw"].figures.median, vendors, answer.strength
    )
    return KeywordResult(
        keyword=serp.keyword,
        country=serp.country,
        kd=kd,
        basis=basis,
        target_page=_target_page(table, basis, authority, ask),
        pages=_pages(table, basis),
        waterfall=_waterfall(table),
        statistics=answer.figures,
        gap=answer.gap,
        by_basis={name: _by_basis(answers[name]) for name in BASES},
        site_strength=answer.strength,
        benchmark=scale,
        sensitivity=sensitivity.recount(table, basis) if ask.sensitivity and counts else None,
        plan=answer.plan,
        verdict=answer.verdict,
        cautions=(
            *kd_cautions,
            *said_of_totals,
            *cautions.collect(table, answer.figures, basis, heard, ask),
        ),
    )


def _measure(serp: Serp, counts: LinkCounts | None, ask: Ask) -> tuple[Table, list[str]]:
    if serp.rows or counts is None:
        candidates = from_serp(serp.rows, ask)
    else:
        candidates = from_links(counts.count(frozenset()), ask)
    own = _own_candidate(serp, candidates, ask)
    filler = totals.make_filler(serp.totals, serp.rows, counts)
    said = filler.cautions([*candidates, *([own] if own else [])])
    filled = [filler.fill(candidate) for candidate in candidates]
    return measure(filled, filler.fill(own) if own else None, counts, ask), said


def _own_candidate(serp: Serp, candidates: Sequence[Candidate], ask: Ask) -> Candidate | None:
    """Find the own page: among the candidates, further down the SERP, or as it was named."""
    if ask.target is None:
        return Candidate(None, "", "", "") if ask.own_rds is not None else None
    listed = [c for c in candidates if c.page == ask.target.page]
    if listed:
        return listed[0]
    rows = [r for r in serp.rows if r.organic and r.page == ask.target.page]
    best = min(rows, key=lambda row: row.position or 10**6, default=None)
    if best is None:
        return Candidate(None, ask.target.url, ask.target.page, ask.target.domain)
    return Candidate(
        best.position,
        best.url,
        best.page,
        best.domain,
        authority_of(best),
        best.referring_domains,
    )


def _own_authority(serp: Serp, ask: Ask) -> Authority | None:
    """Give the own site's authority: the own page's row first, else any page of the site."""
    if ask.target is None:
        return None
    mine = [r for r in serp.rows if r.domain == ask.target.domain and r.authority is not None]
    page = ask.target.page
    mine.sort(key=lambda row: (row.page != page, row.position or 10**6, row.url))
    return authority_of(mine[0]) if mine else None


def _answer(table: Table, basis: Basis, about: _About, ask: Ask) -> _Answer:
    pages = counted_pages(table, basis)
    sources = {table.figure(page.page, basis)[1] for page in pages}
    comparable = table.comparable
    listed = [
        page.page.candidate.page for page in pages if table.figure(page.page, basis)[1] == "links"
    ]
    doubts = Doubts(
        vendor_only=sources == {"vendor"},
        mixed_vendors=len({about.vendors[page] for page in listed}) > 1,
        unknown_share=1 - len(pages) / len(comparable) if comparable else 0.0,
    )
    figures = describe(table, basis, doubts)
    own = table.count(table.own, basis) if table.own else None
    gap = _gap(table, basis, figures, own, ask)
    outline = plan.outline(gap.median, about.authority, ask)
    sites = strength.compare_sites(about.authority, pages)
    case = verdict.Case(
        figures=figures,
        basis=basis,
        own=own,
        position=table.own.candidate.position if table.own else None,
        has_serp=about.has_serp,
        tolerance=ask.tolerance,
        weaker=strength.is_weaker(sites),
        plan=outline,
        horizon=ask.horizon,
    )
    return _Answer(basis, figures, gap, outline, sites, verdict.judge(case), own)


def _gap(table: Table, basis: Basis, figures: Statistics, own: int | None, ask: Ask) -> Gap:
    targets = (figures.median, figures.entry, figures.stretch)
    lacks = [None if t is None or own is None else stats.shortfall(t, own) for t in targets]
    extra = [None if t is None or own is None else stats.surplus(t, own) for t in targets]
    start = None if figures.median is None else stats.range_start(figures.median, ask.tolerance)
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


def _pages(table: Table, basis: Basis) -> tuple[Page, ...]:
    unusual = outlying(counted_pages(table, basis))
    return tuple(_page(table, page, basis, unusual) for page in table.pages)


def _page(table: Table, page: Measured, basis: Basis, unusual: frozenset[str]) -> Page:
    candidate, links = page.candidate, page.links
    count, source = table.figure(page, basis)
    outlier = ("outlier",) if candidate.comparable and candidate.page in unusual else ()
    return Page(
        position=candidate.position,
        url=candidate.url,
        page=candidate.page,
        domain=candidate.domain,
        authority=candidate.authority,
        raw=table.count(page, "raw"),
        kept=table.count(page, "kept"),
        followed=table.count(page, "followed"),
        count=count,
        source=source,
        complete=page.complete,
        comparable=candidate.comparable,
        left_out=candidate.left_out,
        flags=candidate.flags + outlier,
        vendor_total=None if page.given else page.vendor_total,
        listed=links.raw if links else None,
        kept_by_own_rules=page.own_rules,
        unjudged=links.unjudged if links else None,
        set_aside=SetAside(links.lost, links.internal) if links else None,
        dropped=links.dropped if links else None,
    )


def _target_page(
    table: Table, basis: Basis, authority: Authority | None, ask: Ask
) -> TargetPage | None:
    if table.own is None:
        return None
    own = _page(table, table.own, basis, frozenset())
    shared = {field.name: getattr(own, field.name) for field in fields(TargetPage)}
    address = {"url": own.url or None, "page": own.page or None}
    return TargetPage(**{**shared, **address, "authority": authority if ask.target else None})


def _waterfall(table: Table) -> dict[str, int]:
    """Add up, over the comparable pages, the domains charged to each rule."""
    total: Counter[str] = Counter()
    for page in table.comparable:
        if page.links is not None:
            total.update(page.links.dropped)
    return dict(total)
