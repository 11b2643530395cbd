"""The figures over the comparable pages: goals, spread, confidence, sites, each rule left out."""

from collections.abc import Mapping, Sequence
from functools import partial
from math import isinf

from gapcalc import stats
from gapcalc.analyses.candidates import place_of, site_score
from gapcalc.analyses.measure import Measured, Table
from gapcalc.results.gap import (
    Confidence,
    Goals,
    Leader,
    Outranking,
    Range,
    SiteStrength,
    SpreadPair,
    Switched,
    WithoutFlagged,
)
from gapcalc.results.shared import Authority, Number
from gapcalc.stats import Bounded, carry
from gapcalc.text import show, vendor_name
from gapcalc.words import Basis

TOP_THREE = 3
WEAKER = 20
"""Points below the median site from which on the real need is likely above the median."""
_FEWEST_SIMILAR = 3
_FEW, _MANY = 5, 8
_MOST_UNKNOWN = 0.2
_LIMITED = ("median", "entry", "stretch", "competitive", "leader")
_FIGURES = (
    *("median", "entry", "stretch", "competitive", "leader", "outranking_min"),
    *("outranking_median", "spread_low", "spread_high", "leave_one_out_low", "leave_one_out_high"),
)
"""The figures in the order of the result."""
_BLIND_SPOT = "links the vendor has not found are missing"

Figures = Mapping[str, Bounded]
"""Figures by name, with their bounds; those that are unknown are missing."""


def compute(
    pages: Sequence[Measured], basis: Basis, tolerance: float, own: Measured | None
) -> Figures:
    """Compute the figures of docs/method.md, The numbers, over pages with a count on the basis."""
    counts = [page.counts[basis] for page in pages]
    top = [page.counts[basis] for page in pages if place_of(page.candidate) <= TOP_THREE]
    place = own.candidate.position if own else None
    above = [page.counts[basis] for page in pages if place and place_of(page.candidate) < place]
    found = carry(partial(_over_all, tolerance), counts)
    found |= carry(lambda c: {"stretch": stats.median(c)}, top)
    found |= carry(
        lambda c: {"outranking_min": min(c), "outranking_median": stats.median(c)}, above
    )
    return {name: found[name] for name in _FIGURES if name in found}


def _over_all(tolerance: float, counts: Sequence[float]) -> dict[str, float]:
    """Compute the figures that rest on all counts."""
    median = stats.median(counts)
    found = {
        "median": median,
        "entry": stats.lower_hinge(counts),
        "competitive": stats.range_start(median, tolerance),
        "leader": max(counts),
    }
    if spread := stats.spread(counts):
        found |= {"spread_low": spread.low, "spread_high": spread.high}
    if pair := stats.leave_one_out(counts):
        found |= {"leave_one_out_low": pair[0], "leave_one_out_high": pair[1]}
    return found


def describe(table: Table, basis: Basis, figures: Figures) -> Goals:
    """Give the figures as the result shows them, and how far they can be trusted."""
    pages = table.counted(basis)
    counts = _counts(pages, basis)
    median, mean = value_of(figures, "median"), stats.mean(counts) if counts else None
    confidence, reason = _confidence(table, basis, figures)
    return Goals(
        n=len(counts),
        median=median,
        bound=figures["median"].bound if counts else "exact",
        entry=value_of(figures, "entry"),
        stretch=value_of(figures, "stretch"),
        stretch_pages=sum(place_of(page.candidate) <= TOP_THREE for page in pages),
        competitive=value_of(figures, "competitive"),
        leader=_leader(pages, basis),
        outranking=_outranking(figures),
        mean=None if mean is None else round(mean, 2),
        mean_to_median=round(mean / median, 2) if mean is not None and median else None,
        min=min(counts, default=None),
        max=max(counts, default=None),
        spread=_spread(counts),
        leave_one_out=_leave_one_out(counts),
        without_flagged=_without_flagged(pages, basis, median),
        bounds={name: figure.bound for name, figure in figures.items()},
        at_most={name: _finite(figures[name].high) for name in _LIMITED if name in figures},
        confidence=confidence,
        confidence_reason=reason,
    )


def outlying(table: Table, basis: Basis) -> frozenset[str]:
    """Name the pages whose count is a statistical outlier; they are flagged, never dropped."""
    pages = table.counted(basis)
    places = stats.outliers(_counts(pages, basis))
    return frozenset(pages[place].candidate.page for place in places)


def value_of(figures: Figures, name: str) -> Number | None:
    """Give a figure without its bounds, None where it is unknown."""
    return figures[name].value if name in figures else None


def _finite(number: float) -> Number | None:
    return None if isinf(number) else number


def _counts(pages: Sequence[Measured], basis: Basis) -> list[int]:
    return [int(page.counts[basis].value) for page in pages]


def _leader(pages: Sequence[Measured], basis: Basis) -> Leader | None:
    if not pages:
        return None
    best = max(
        pages, key=lambda p: (p.counts[basis].value, -place_of(p.candidate), p.candidate.page)
    )
    return Leader(best.candidate.url, int(best.counts[basis].value))


def _outranking(figures: Figures) -> Outranking | None:
    if "outranking_min" not in figures:
        return None
    return Outranking(int(figures["outranking_min"].value), figures["outranking_median"].value)


def _spread(counts: Sequence[int]) -> SpreadPair | None:
    spread = stats.spread(counts)
    if spread is None:
        return None
    return SpreadPair(int(spread.low), int(spread.high), round(spread.coverage, 4))


def _leave_one_out(counts: Sequence[int]) -> Range | None:
    found = stats.leave_one_out(counts) if counts else None
    return None if found is None else Range(*found)


def _without_flagged(
    pages: Sequence[Measured], basis: Basis, median: Number | None
) -> WithoutFlagged | None:
    left = _counts([page for page in pages if not page.candidate.flags], basis)
    if len(left) == len(pages):
        return None
    without = stats.median(left) if left else None
    return None if without == median else WithoutFlagged(without, len(left))


def _confidence(table: Table, basis: Basis, figures: Figures) -> tuple[Confidence, str]:
    pages = table.counted(basis)
    n, spread = len(pages), stats.spread(_counts(pages, basis))
    if spread is None or n < _FEW:
        count = f"only {n} comparable page{'s' if n > 1 else ''}" if n else "no comparable page"
        return "low", f"{count} with a count"
    median, width = figures["median"].value, spread.high - spread.low
    pair = f"{show(spread.low)}-{show(spread.high)}"
    unsure = sum(page.counts[basis].bound != "exact" for page in pages)
    lists = f"{unsure} of {n} lists {'is' if unsure == 1 else 'are'} incomplete or of another scope"
    too_low = [f"the counts differ extremely ({pair})"] if width > 3 * median else []
    too_low += [lists] if 3 * unsure > n else []
    if too_low:
        return "low", "; ".join(too_low)
    doubts = [f"the counts differ widely ({pair})"] if width > median else []
    doubts += [f"{n} pages, fewer than {_MANY}"] if n < _MANY else []
    doubts += [lists] if unsure else []
    doubts += _doubts_about_sources(table, basis)
    if doubts:
        return "medium", "; ".join(doubts)
    return "high", f"{n} pages with similar counts ({pair}); {_BLIND_SPOT}"


def _doubts_about_sources(table: Table, basis: Basis) -> list[str]:
    """Say what else keeps the confidence from being high: whose counts they are, how many lack."""
    pages, comparable = table.counted(basis), table.comparable
    measured = set(vendors_of(table, basis).values())
    vendors = sorted(frozenset().union(*measured))
    unknown = 1 - len(pages) / len(comparable) if comparable else 0.0
    doubts = (
        (
            {page.sources[basis] for page in pages} == {"vendor"},
            "vendor totals only, no link was checked",
        ),
        (
            len(measured) > 1,
            f"pages were measured with different vendors ({', '.join(map(vendor_name, vendors))})",
        ),
        (unknown > _MOST_UNKNOWN, f"{unknown:.0%} of the pages have no figure"),
    )
    return [reason for holds, reason in doubts if holds]


def vendors_of(table: Table, basis: Basis) -> dict[str, frozenset[str]]:
    """Give the vendors who measured each page on a basis, the target page among them.

    Left out are pages whose count has no vendor: the user gave it, the list is empty, or the vendor is
    not named.
    """
    found = {}
    for page in table.measured:
        vendors = page.vendors
        if page.sources.get(basis) == "vendor":
            vendors = frozenset(filter(None, [page.candidate.total_vendor]))
        if basis in page.counts and vendors and not page.given:
            found[page.candidate.page] = vendors
    return found


def recount(table: Table, rules: Sequence[str]) -> dict[str, Switched]:
    """Give the counted median and the need with each of the common rules switched off, in order.

    Rules play no part in raw counts, so this is on the basis `kept`, whatever the answer's is;
    both are None where no comparable page has a link list.
    """
    listed = [page.links for page in table.counted("kept") if page.links is not None]
    found = {}
    for rule in (rule for rule in rules if rule in table.rules):
        median = stats.median([links.without[rule][0] for links in listed]) if listed else None
        count = _count_without(table, rule)
        need = None if median is None or count is None else stats.shortfall(median, count)
        found[rule] = Switched(median, None if need is None else int(need))
    return found


def _count_without(table: Table, rule: str) -> int | None:
    """Give the target page's kept count without a rule; a page without links has 0 in any case."""
    own = table.own
    if own is None:
        return None
    if own.links is None:
        return own.value("kept")
    return own.links.without[rule][0] if rule in own.links.without else own.links.kept


def compare_sites(
    own: Authority | None, pages: Sequence[Measured], basis: Basis
) -> SiteStrength | None:
    """Set our site's authority beside the median site's, in the same vendor's score of sites.

    None when our own authority is unknown, or no comparable site has the same score. The median
    count of similar sites is over one page a site, the one that ranks first.
    """
    if own is None:
        return None
    sites: dict[str, tuple[Number, int]] = {}
    for page in pages:
        authority = site_score(page.candidate.authority)
        if authority is not None and authority.metric == own.metric:
            # A site with several results counts once, with the one that ranks first.
            count = int(page.counts[basis].value)
            sites.setdefault(page.candidate.domain, (authority.value, count))
    if not sites:
        return None
    similar = [count for value, count in sites.values() if abs(value - own.value) <= WEAKER]
    enough = len(similar) >= _FEWEST_SIMILAR
    return SiteStrength(
        metric=own.metric,
        own=own.value,
        median=stats.median([value for value, _ in sites.values()]),
        similar_n=len(similar),
        similar_median=stats.median(similar) if enough else None,
    )


def is_weaker(strength: SiteStrength | None) -> bool:
    """Say whether our site is more than 20 points weaker than the median site."""
    return strength is not None and strength.median - strength.own > WEAKER
