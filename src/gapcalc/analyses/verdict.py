"""What the numbers mean for the page: the first verdict that applies, in a sentence with them."""

from collections.abc import Callable
from math import ceil, inf, isinf
from typing import NamedTuple

from gapcalc.analyses.statistics import TOP_THREE, Figures
from gapcalc.results.gap import Verdict, VerdictSentence
from gapcalc.results.shared import PlanOutline
from gapcalc.stats import Bounded, months
from gapcalc.text import count_pages, name_first, show, with_bound
from gapcalc.words import Basis

FEWEST_PAGES = 3
NO_ANSWER = ("too-little-data", "own-count-unknown")
"""The verdicts that tell no need."""
_FEW_LINKS = 5


class Case(NamedTuple):
    """Everything the verdict rests on.

    `figures` are those that the gap was taken to: where the target page's list cannot be judged by
    some rules, `without` names them, and `median_with` is the median with them. `unsure` names the
    pages whose list is incomplete or may hold links to other pages, `unreadable` the pages whose list
    cannot be read. `top` is how far down the SERP
    was compared, None without a SERP.
    """

    n: int
    figures: Figures
    basis: Basis
    own: Bounded | None
    need: Bounded | None
    to_competitive: Bounded | None
    top: int | None
    position: int | None
    has_serp: bool
    weaker: bool
    plan: PlanOutline | None
    horizon: int
    unsure: tuple[str, ...] = ()
    unreadable: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    median_with: Bounded | None = None


class _Known(NamedTuple):
    """A case whose goal and own count are known."""

    case: Case
    median: Bounded
    own: Bounded
    need: Bounded

    @property
    def has(self) -> str:
        """Say what the page has, as the beginning of a sentence."""
        return f"Your page has {amount(self.own)} referring {_domains(self.own)}"

    @property
    def goal(self) -> str:
        """Say what the typical page has."""
        case = self.case
        said = f"{_typical(case)} has {_goal_amount(self.median)}"
        if not case.without or case.median_with is None or case.median_with == self.median:
            return said
        rules = ", ".join(case.without)
        return (
            f"{said} without the rules that your list has no columns for ({rules}; "
            f"{_goal_amount(case.median_with)} with them)"
        )

    @property
    def needed(self) -> str:
        """Say how many are missing."""
        return f"It needs {_at_least(self.need)} more to match it"

    @property
    def top(self) -> str:
        """Say what the top three have, after a comma; nothing where that is unknown."""
        stretch = self.case.figures.get("stretch")
        return "" if stretch is None else f", the top three have {_goal_amount(stretch)}"


def judge(case: Case) -> VerdictSentence:
    """Give the first verdict that applies (docs/method.md, The numbers).

    One that the bounds of the counts could turn is not given as a fact.
    """
    median = case.figures.get("median")
    if case.n < FEWEST_PAGES or median is None:
        return VerdictSentence("too-little-data", _too_few(case))
    if case.own is None or case.need is None:
        return VerdictSentence(
            "own-count-unknown",
            f"{_typical(case).capitalize()} has {_goal_amount(median)} referring "
            f"{_domains(median)}. The count of your own page is unknown.",
        )
    known = _Known(case, median, case.own, case.need)
    return next(verdict for rule in _RULES if (verdict := rule(known)) is not None)


def _too_few(case: Case) -> str:
    if case.unreadable:
        return (
            f"These link lists cannot be read: {name_first(case.unreadable)}. Without them a median "
            "might be too low. Export them again."
        )
    has = "has" if case.n <= 1 else "have"
    pages = f"Only {count_pages(case.n)} to compare with" if case.n else "No page to compare with"
    return f"{pages} {has} a known count; a median needs at least {FEWEST_PAGES}."


def _enough(known: _Known) -> VerdictSentence | None:
    case, median, own = known.case, known.median, known.own
    if own.value < median.value:
        return None
    if own.low < median.high:
        return _too_unsure(known)
    stretch = case.figures.get("stretch")
    outside = case.has_serp and (case.position is None or case.position > TOP_THREE)
    if outside and (stretch is None or own.low >= stretch.high):
        place = f"ranks {case.position}" if case.position else "is not among the results"
        return VerdictSentence(
            "links-not-the-lever",
            f"{known.has}, {known.goal}{known.top}, and yet it {place}. Links are probably not what "
            "holds it back.",
        )
    level = own.value == ceil(median.value) and own.bound == median.bound == "exact"
    end = "It has as many as it needs" if level else "There is no gap"
    return VerdictSentence("no-gap", f"{known.has}, {known.goal}. {end}.")


def _few_links_suffice(known: _Known) -> VerdictSentence | None:
    stretch = known.case.figures.get("stretch")
    if known.case.weaker or stretch is None:
        return None
    if max(known.median.value, stretch.value) >= _FEW_LINKS:
        return None
    if max(known.median.high, stretch.high) >= _FEW_LINKS:
        return _too_unsure(known)
    return VerdictSentence(
        "links-not-the-lever",
        f"{known.has}, {known.goal}{known.top}. {known.needed}, but at such small counts other "
        "things decide.",
    )


def _within_range(known: _Known) -> VerdictSentence | None:
    start = known.case.figures["competitive"]
    if known.own.value < start.value:
        return None
    if known.own.low < start.high:
        return _too_unsure(known)
    return VerdictSentence(
        "within-range",
        f"{known.has}, {known.goal}. That is within the competitive range, which starts at "
        f"{_goal_amount(start)}. {known.needed}.",
    )


def _out_of_reach(known: _Known) -> VerdictSentence | None:
    case, need = known.case, known.need
    if case.plan is None or months(int(need.low), case.plan.pace.high) <= case.horizon:
        return None
    takes = with_bound(need.bound, show(case.plan.months.high))
    return VerdictSentence(
        "out-of-reach",
        f"{known.has}, {known.goal}. {known.needed}, and at {case.plan.pace.high:,.12g} a month that "
        f"takes {takes} months, more than the {case.horizon} of --horizon.",
    )


def _gap(known: _Known) -> VerdictSentence:
    first = known.case.to_competitive
    start = f", {_at_least(first)} more to be competitive" if first and first.value else ""
    return VerdictSentence("gap", f"{known.has}, {known.goal}. {known.needed}{start}.")


_RULES: tuple[Callable[[_Known], VerdictSentence | None], ...] = (
    _enough,
    _few_links_suffice,
    _within_range,
    _out_of_reach,
    _gap,
)


def _too_unsure(known: _Known) -> VerdictSentence:
    code: Verdict = "too-little-data"
    return VerdictSentence(
        code,
        f"{known.has}, {known.goal}, but these link lists are incomplete or of another scope: "
        f"{name_first(known.case.unsure)}. Export all links to exactly these pages to know more.",
    )


def _typical(case: Case) -> str:
    return "the typical page" if case.top is None else f"the typical top-{case.top} page"


def _at_least(need: Bounded) -> str:
    """Write a need with its bound, but not how far it may go: the goal says that."""
    return amount(need._replace(high=inf)) if need.bound == "at least" else amount(need)


def _goal_amount(number: Bounded) -> str:
    """Write a goal with its bound, in whole domains: half a domain cannot be won."""
    return amount(Bounded(*(figure if isinf(figure) else ceil(figure) for figure in number)))


def amount(number: Bounded) -> str:
    """Write a figure with its bound.

    >>> amount(Bounded(5, 5, 5, 5, 5)), amount(Bounded(5, 5, 5, 9, 9))
    ('5', 'at least 5 (9 at most)')
    """
    limited = number.bound == "at least" and not isinf(number.high)
    end = f" ({show(number.high)} at most)" if limited else ""
    return with_bound(number.bound, show(number.value)) + end


def _domains(number: Bounded) -> str:
    return "domain" if number.value == number.high == 1 else "domains"
