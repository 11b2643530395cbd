"""The words on screen for verdicts, flags, reasons, months, and the data that answers rest on."""

from collections.abc import Iterator, Sequence
from datetime import date
from math import ceil
from typing import NamedTuple

from gapcalc.results.gap import KeywordResult, TargetPage, Verdict
from gapcalc.results.shared import Input, Months, NetworkEffect, Number, Pace
from gapcalc.text import show, vendor_name, with_bound
from gapcalc.words import Basis

WORDS: dict[Verdict, str] = {
    "too-little-data": "TOO LITTLE DATA",
    "own-count-unknown": "GOAL ONLY",
    "no-gap": "AHEAD",
    "links-not-the-lever": "NOT A LINK PROBLEM",
    "within-range": "WITHIN RANGE",
    "out-of-reach": "OUT OF REACH",
    "gap": "BEHIND",
}


class PageFlag(NamedTuple):
    """A flag of a page: its letter in the table, and what the letter means."""

    letter: str
    meaning: str


PAGE_FLAGS = {
    "homepage": PageFlag("h", "home page"),
    "platform": PageFlag("p", "platform"),
    "duplicate-domain": PageFlag("d", "same site twice"),
    "outlier": PageFlag("o", "unusual count"),
}
REASONS = {
    "own-domain": "your site",
    "platform": "out: platform",
    "homepage": "out: home page",
    "duplicate-domain": "out: same site",
    "excluded": "out: --exclude",
    "site-scope": "out: whole site",
}
"""Why a page is not compared, as the table words it."""
KINDS = {
    "serp": "SERP",
    "links": "links",
    "domains": "links",
    "pages": "page totals",
    "keywords": "keyword list",
    "intersect": "intersect of sites",
}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def word_for(answer: KeywordResult) -> str:
    """Give the verdict's word; equal counts are level."""
    own = answer.target_page.count if answer.target_page else None
    goal = answer.goals.median
    if answer.verdict.code == "no-gap" and own is not None and goal is not None:
        return "LEVEL" if own == ceil(goal) else "AHEAD"
    return WORDS[answer.verdict.code]


def bound_of_own(page: TargetPage, basis: Basis) -> str:
    """Give the bound of the own count: the list it rests on may be incomplete."""
    from_list = basis != "raw" or page.source == "links"
    return "at least" if page.complete is False and from_list else "exact"


def months(answer: KeywordResult) -> str:
    """Say how long the gap takes, or which option makes that known."""
    if answer.plan is None:
        return "unknown; --pace N gives it, N new domains a month for this page"
    plan = answer.plan
    pace, one = short_pace(plan.pace), plan.pace.low == plan.pace.high
    whose = "if it gets" if one else "if all of"
    end = "" if one else " go to this page"
    domains = "domain" if pace == "1" else "domains"
    return f"{say_months(plan.months, answer.gap.bound)}, {whose} {pace} new {domains} a month{end}"


def precise(number: float) -> str:
    """Write a number that the user gave, with all its digits.

    >>> precise(2.25), precise(1500)
    ('2.25', '1,500')
    """
    return f"{number:,.12g}"


def short_pace(pace: Pace) -> str:
    """Write a pace, or the range from the slow to the fast one."""
    low, high = precise(pace.low), precise(pace.high)
    return low if low == high else f"{low}-{high}"


def say_months(months: Months, bound: str | None) -> str:
    """Write the months with their unit."""
    one = months.low == months.high == 1
    return f"{short_months(months, bound)} {'month' if one else 'months'}"


def say_amount(bound: str | None, cost: Number) -> str:
    """Write an amount of money, with the bound of the need it is for."""
    amount = f"{cost:,}" if isinstance(cost, int) else f"{cost:,.2f}"
    return with_bound(bound, amount)


def short_months(months: Months, bound: str | None) -> str:
    """Write the months from the fast to the slow pace, with the bound of the gap."""
    fast, slow = months.high, months.low
    return with_bound(bound, show(fast) if fast == slow else f"{show(fast)}-{show(slow)}")


def tell_network(effect: NetworkEffect) -> str | None:
    """Say briefly how domains of one network change the answer; None where that is unknown."""
    if effect.median_with is None or effect.median_without is None:
        return None
    count = show(effect.domains)
    if effect.dropped:
        full = _say(effect, "median_with")
        return (
            f"{count} domains that may be one network are left out; with them the median is {full}."
        )
    name, verb = "median", "the median is"
    if effect.need_with is not None and effect.need_without is not None:
        name, verb = "need", "you need"
    full, without = _say(effect, f"{name}_with"), _say(effect, f"{name}_without")
    changes = f"{without} as well" if full == without else f"{without}, not {full}"
    return f"{count} domains may be one network. Without them {verb} {changes} (--rule network)."


def _say(effect: NetworkEffect, name: str) -> str:
    """Write a figure in whole domains, with its bound."""
    return with_bound(effect.bounds[name], show(ceil(getattr(effect, name))))


def describe_data(inputs: Sequence[Input]) -> str:
    """Name each vendor's data and its days: ``Ahrefs: SERP 11 Nov 2026, links 12-13 Nov 2026``."""
    vendors: dict[str, dict[str, list[Input]]] = {}
    for item in inputs:
        if item.format is not None and item.kind is not None:
            name = vendor_name(item.vendor) if item.vendor else "Own file"
            vendors.setdefault(name, {}).setdefault(KINDS[item.kind], []).append(item)
    return "; ".join(
        f"{name}: {', '.join(_with_days(kinds))}" for name, kinds in sorted(vendors.items())
    )


def _with_days(kinds: dict[str, list[Input]]) -> Iterator[str]:
    for kind in dict.fromkeys(KINDS.values()):
        days = [item.to for item in kinds.get(kind, ()) if item.to]
        if kind in kinds:
            yield f"{kind} {write_span(min(days), max(days))}" if days else kind


def write_span(first: str, last: str) -> str:
    """Write the days from the first to the last, each given as 2026-01-31.

    >>> write_span("2026-11-12", "2026-11-13"), write_span("2025-12-31", "2026-01-02")
    ('12-13 Nov 2026', '31 Dec 2025 - 2 Jan 2026')
    """
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    if start == end:
        return _write(end)
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day}-{_write(end)}"
    return f"{_write(start)} - {_write(end)}"


def write_month(month: str) -> str:
    """Write a month that is given as 2026-01.

    >>> write_month("2026-01")
    'Jan 2026'
    """
    year, _, number = month.partition("-")
    return f"{_MONTHS[int(number) - 1]} {year}"


def _write(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
