"""The figures over the comparable pages: goals, spread, and how far they can be trusted."""

from collections.abc import Sequence

from gapcalc import stats
from gapcalc.analyses.measure import Measured, Table
from gapcalc.results import (
    Confidence,
    Leader,
    Number,
    Outranking,
    Range,
    SpreadPair,
    Statistics,
    WithoutFlagged,
)
from gapcalc.words import Basis

TOP_THREE = 3
_FEW, _MANY = 5, 8
_MOST_UNKNOWN = 0.2
_LAST = 10**6
"""Stands for the position of a page that has none."""


def describe(table: Table, basis: Basis) -> Statistics:
    """Compute every figure of docs/method.md, The numbers, on one basis."""
    pages = table.counted(basis)
    counts = _counts(pages, basis)
    median = stats.median(counts) if counts else None
    spread = stats.spread(counts) if counts else None
    bound = median is not None and any(
        page.is_lower_bound(basis) and page.counts[basis].value < median for page in pages
    )
    top = _counts([page for page in pages if _position(page) <= TOP_THREE], basis)
    confidence, reason = _confidence(len(counts), median, spread, _limits(table, basis, bound))
    mean = stats.mean(counts) if counts else None
    return Statistics(
        n=len(counts),
        median=median,
        bound="at least" if bound else "exact",
        mean=None if mean is None else round(mean, 2),
        mean_to_median=round(mean / median, 2) if mean is not None and median else None,
        min=min(counts, default=None),
        max=max(counts, default=None),
        leader=_leader(pages, basis),
        entry=stats.lower_hinge(counts) if counts else None,
        stretch=stats.median(top) if top else None,
        stretch_pages=len(top),
        outranking=_outranking(table, basis),
        spread=None
        if spread is None
        else SpreadPair(int(spread.low), int(spread.high), round(spread.coverage, 4)),
        leave_one_out=_leave_one_out(counts),
        without_flagged=_without_flagged(pages, basis, median),
        confidence=confidence,
        confidence_reason=reason,
    )


def outlying(table: Table, basis: Basis) -> frozenset[str]:
    """Name the pages whose count is a statistical outlier; they are flagged, never dropped."""
    pages = table.counted(basis)
    places = stats.outliers(_counts(pages, basis))
    return frozenset(pages[place].candidate.page for place in places)


def _counts(pages: Sequence[Measured], basis: Basis) -> list[int]:
    return [page.counts[basis].value for page in pages]


def _position(page: Measured) -> int:
    return page.candidate.position or _LAST


def _leader(pages: Sequence[Measured], basis: Basis) -> Leader | None:
    if not pages:
        return None
    best = max(pages, key=lambda p: (p.counts[basis].value, -_position(p), p.candidate.page))
    return Leader(best.candidate.url, best.counts[basis].value)


def _outranking(table: Table, basis: Basis) -> Outranking | None:
    if table.own is None or table.own.candidate.position is None:
        return None
    position = table.own.candidate.position
    above = _counts([page for page in table.counted(basis) if _position(page) < position], basis)
    return Outranking(min(above), stats.median(above)) if above else None


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


def _confidence(
    n: int, median: Number | None, spread: stats.Spread | None, limits: Sequence[str]
) -> tuple[Confidence, str]:
    if median is None or spread is None or n < _FEW:
        count = (
            "no comparable page" if n == 0 else f"only {n} comparable page{'s' if n > 1 else ''}"
        )
        return "low", f"{count} with a count"
    width = spread.high - spread.low
    pair = f"the spread {spread.low:g}-{spread.high:g}"
    if width > 3 * median:
        return "low", f"{pair} is wider than three times the median"
    doubts = [f"{pair} is wider than the median"] if width > median else []
    doubts += [f"{n} pages, fewer than {_MANY}"] if n < _MANY else []
    doubts += limits
    if doubts:
        return "medium", "; ".join(doubts)
    return "high", f"{n} pages, and a spread of {spread.low:g}-{spread.high:g}"


def _limits(table: Table, basis: Basis, at_least: bool) -> list[str]:  # noqa: FBT001
    """Say what keeps the confidence from being high, besides the counts themselves."""
    pages, comparable = table.counted(basis), table.comparable
    sources = {page.counts[basis].source for page in pages}
    listed = {page.vendors for page in pages if page.counts[basis].source == "links"}
    unknown = 1 - len(pages) / len(comparable) if comparable else 0.0
    limits = (
        (sources == {"vendor"}, "vendor totals only, no link was checked"),
        (len(listed) > 1, "pages were measured with different vendors"),
        (at_least, "the median is a lower bound"),
        (unknown > _MOST_UNKNOWN, f"{unknown:.0%} of the pages have no figure"),
    )
    return [reason for holds, reason in limits if holds]
