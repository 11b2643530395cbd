"""What the numbers mean for the page: the first verdict that applies, in a sentence with them."""

from collections.abc import Callable
from typing import NamedTuple

from gapcalc import stats
from gapcalc.analyses.statistics import TOP_THREE
from gapcalc.results import Number, PlanOutline, Statistics, VerdictSentence
from gapcalc.text import show
from gapcalc.words import Basis

_FEWEST_PAGES = 3
_FEW_LINKS = 5


class Case(NamedTuple):
    """Everything the verdict rests on."""

    figures: Statistics
    basis: Basis
    own: int | None
    position: int | None
    has_serp: bool
    tolerance: float
    weaker: bool
    plan: PlanOutline | None
    horizon: int

    @property
    def gap(self) -> int:
        """The gap to the median, 0 where either is unknown."""
        if self.own is None or self.figures.median is None:
            return 0
        return stats.shortfall(self.figures.median, self.own)


def judge(case: Case) -> VerdictSentence:
    """Give the first verdict that applies (docs/method.md, The numbers)."""
    n, median, own = case.figures.n, case.figures.median, case.own
    if n < _FEWEST_PAGES or median is None:
        return VerdictSentence(
            "insufficient-data",
            f"{'Only ' if n else ''}{_pages(n)} with a {case.basis} count: "
            f"a median needs at least {_FEWEST_PAGES}.",
        )
    if own is None:
        return VerdictSentence(
            "target-only",
            f"The median of {_pages(n)} is {show(median)} referring domains; "
            "your own count is unknown, so there is no gap.",
        )
    return next(verdict for rule in _RULES if (verdict := rule(case, median, own)) is not None)


def _enough(case: Case, median: Number, own: int) -> VerdictSentence | None:
    if own < median:
        return None
    stretch = case.figures.stretch
    outside = case.has_serp and (case.position is None or case.position > TOP_THREE)
    if outside and (stretch is None or own >= stretch):
        place = f"ranks {case.position}" if case.position else "is not among the results"
        return VerdictSentence(
            "links-not-the-lever",
            f"Your page has {show(own)} referring domains, the median is {show(median)}"
            + ("" if stretch is None else f" and the top three's is {show(stretch)}")
            + f", and yet it {place}: more links are not what it lacks.",
        )
    return VerdictSentence(
        "no-gap",
        f"Your page has {show(own)} referring domains, the median is {show(median)}: there is no gap.",
    )


def _few_links_suffice(case: Case, median: Number, _own: int) -> VerdictSentence | None:
    stretch = case.figures.stretch
    if median >= _FEW_LINKS or stretch is None or stretch >= _FEW_LINKS or case.weaker:
        return None
    return VerdictSentence(
        "links-not-the-lever",
        f"The median is {show(median)} and the top three's {show(stretch)} referring domains, "
        f"both below {_FEW_LINKS}: links do not decide this keyword.",
    )


def _within_range(case: Case, median: Number, own: int) -> VerdictSentence | None:
    start = stats.range_start(median, case.tolerance)
    if own < start:
        return None
    return VerdictSentence(
        "within-range",
        f"Your page has {show(own)} of {show(median)} referring domains, within the competitive range "
        f"that starts at {show(start)}; {show(case.gap)} more would reach the median.",
    )


def _out_of_reach(case: Case, median: Number, own: int) -> VerdictSentence | None:
    if case.plan is None or case.plan.months[2] <= case.horizon:
        return None
    return VerdictSentence(
        "out-of-reach",
        f"Your page has {show(own)} referring domains and lacks {show(case.gap)} to the median of "
        f"{show(median)}: at {case.plan.pace[2]:g} a month that takes {case.plan.months[2]} months, "
        f"more than the {case.horizon} planned for.",
    )


def _gap(case: Case, median: Number, own: int) -> VerdictSentence:
    return VerdictSentence(
        "gap",
        f"Your page has {show(own)} referring domains and lacks {show(case.gap)} to the median of {show(median)}.",
    )


_RULES: tuple[Callable[[Case, Number, int], VerdictSentence | None], ...] = (
    _enough,
    _few_links_suffice,
    _within_range,
    _out_of_reach,
    _gap,
)


def _pages(n: int) -> str:
    return f"{n or 'No'} comparable {'page' if n == 1 else 'pages'}"
