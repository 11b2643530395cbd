"""The figures over the comparable pages: median, hinges, spread, and how far they can be trusted."""

from collections.abc import Sequence
from dataclasses import dataclass

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


@dataclass(frozen=True)
class Counted:
    """A comparable page with its count on the basis of the answer."""

    page: Measured
    count: int


@dataclass(frozen=True)
class Doubts:
    """What keeps the confidence from being high."""

    vendor_only: bool
    mixed_vendors: bool
    unknown_share: float


def counted_pages(table: Table, basis: Basis) -> tuple[Counted, ...]:
    """Give the comparable pages whose count is known on the basis."""
    return tuple(
        Counted(page, count)
        for page in table.comparable
        if (count := table.count(page, basis)) is not None
    )


def describe(table: Table, basis: Basis, doubts: Doubts) -> Statistics:
    """Compute every figure of docs/method.md, The numbers, on one basis."""
    pages = counted_pages(table, basis)
    counts = [page.count for page in pages]
    median = stats.median(counts) if counts else None
    spread = stats.spread(counts) if counts else None
    bound = median is not None and any(
        table.is_lower_bound(page.page, basis) and page.count < median for page in pages
    )
    top = [p.count for p in pages if (p.page.candidate.position or 99) <= TOP_THREE]
    confidence, reason = _confidence(len(counts), median, spread, doubts, at_least=bound)
    mean = stats.mean(counts) if counts else None
    return Statistics(
        n=len(counts),
        median=median,
        bound="at least" if bound else "exact",
        mean=None if mean is None else round(mean, 2),
        mean_to_median=round(mean / median, 2) if mean is not None and median else None,
        min=min(counts, default=None),
        max=max(counts, default=None),
        leader=_leader(pages),
        entry=stats.lower_hinge(counts) if counts else None,
        stretch=stats.median(top) if top else None,
        stretch_pages=len(top),
        outranking=_outranking(table, pages),
        spread=None
        if spread is None
        else SpreadPair(int(spread.low), int(spread.high), round(spread.coverage, 4)),
        leave_one_out=_leave_one_out(counts),
        without_flagged=_without_flagged(pages, median),
        confidence=confidence,
        confidence_reason=reason,
    )


def outlying(pages: Sequence[Counted]) -> frozenset[str]:
    """Name the pages whose count is a statistical outlier; they are flagged, never dropped."""
    places = stats.outliers([page.count for page in pages])
    return frozenset(pages[place].page.candidate.page for place in places)


def _leader(pages: Sequence[Counted]) -> Leader | None:
    if not pages:
        return None
    best = max(
        pages, key=lambda p: (p.count, -(p.page.candidate.position or 10**6), p.page.candidate.page)
    )
    return Leader(best.page.candidate.url, best.count)


def _outranking(table: Table, pages: Sequence[Counted]) -> Outranking | None:
    position = table.own.candidate.position if table.own else None
    if position is None:
        return None
    above = [p.count for p in pages if (p.page.candidate.position or 10**6) < position]
    return Outranking(min(above), stats.median(above)) if above else None


def _leave_one_out(counts: Sequence[int]) -> Range | None:
    found = stats.leave_one_out(counts) if counts else None
    return None if found is None else Range(*found)


def _without_flagged(pages: Sequence[Counted], median: Number | None) -> WithoutFlagged | None:
    left = [page.count for page in pages if not page.page.candidate.flags]
    if len(left) == len(pages):
        return None
    without = stats.median(left) if left else None
    return None if without == median else WithoutFlagged(without, len(left))


def _confidence(
    n: int, median: Number | None, spread: stats.Spread | None, doubts: Doubts, *, at_least: bool
) -> tuple[Confidence, str]:
    if median is None or spread is None or n < _FEW:
        count = (
            "no comparable page" if n == 0 else f"only {n} comparable page{'s' if n > 1 else ''}"
        )
        return "low", f"{count} with a count"
    width = spread.high - spread.low
    if width > 3 * median:
        return (
            "low",
            f"the spread {spread.low:g}-{spread.high:g} is wider than three times the median",
        )
    limits = _limits(doubts, at_least=at_least)
    if n < _MANY:
        limits.insert(0, f"{n} pages, fewer than {_MANY}")
    if width > median:
        limits.insert(0, f"the spread {spread.low:g}-{spread.high:g} is wider than the median")
    if limits:
        return "medium", "; ".join(limits)
    return "high", f"{n} pages, and a spread of {spread.low:g}-{spread.high:g}"


def _limits(doubts: Doubts, *, at_least: bool) -> list[str]:
    return [
        reason
        for holds, reason in (
            (doubts.vendor_only, "vendor totals only, no link was checked"),
            (doubts.mixed_vendors, "pages were measured with different vendors"),
            (at_least, "the median is a lower bound"),
            (
                doubts.unknown_share > _MOST_UNKNOWN,
                f"{doubts.unknown_share:.0%} of the pages have no figure",
            ),
        )
        if holds
    ]
