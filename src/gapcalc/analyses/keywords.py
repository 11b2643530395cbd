"""Several keywords: in which order they are worth doing, and what they need together."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

from gapcalc import stats
from gapcalc.analyses.verdict import NO_ANSWER
from gapcalc.results.gap import KeywordResult
from gapcalc.results.shared import Bound, Months, Pace, PageNeed, PlanOutline, Totals
from gapcalc.words import SortBy

_WON = ("no-gap", "within-range")
_LAST = (True, 0)

_NAMELESS = "(no keyword)"

Key = tuple[bool, float]


class _Named(Protocol):
    @property
    def keyword(self) -> str | None: ...
    @property
    def country(self) -> str | None: ...


def tell_apart(keywords: Sequence[_Named]) -> list[str]:
    """Name keywords; the country is told where there are several."""
    several = len({one.country for one in keywords}) > 1
    return [
        " · ".join(part for part in (one.keyword or _NAMELESS, several and one.country) if part)
        for one in keywords
    ]


def known_need(answer: KeywordResult) -> int | None:
    """Give the need to the median; None where the verdict is that it cannot be told."""
    return None if answer.verdict.code in NO_ANSWER else answer.gap.to_median


def _small_first(value: float | None) -> Key:
    return _LAST if value is None else (False, value)


def _large_first(value: float | None) -> Key:
    return _LAST if value is None else (False, -value)


def _won(answer: KeywordResult) -> Key:
    return False, answer.verdict.code not in _WON


def _months(answer: KeywordResult) -> Key:
    need, plan = known_need(answer), answer.plan
    return _small_first(None if need is None or plan is None else plan.months.middle)


def _to_competitive(answer: KeywordResult) -> Key:
    return _small_first(None if known_need(answer) is None else answer.gap.to_competitive)


def _to_median(answer: KeywordResult) -> Key:
    return _small_first(known_need(answer))


def _volume(answer: KeywordResult) -> Key:
    return _large_first(answer.volume)


def _kd(answer: KeywordResult) -> Key:
    return _small_first(answer.kd)


def _position(answer: KeywordResult) -> Key:
    own = answer.target_page
    return _small_first(own.position if own else None)


class KeywordOrder(NamedTuple):
    """An order of keywords: the words for it, and what is compared first, second and so on."""

    words: str
    keys: tuple[Callable[[KeywordResult], Key], ...]


ORDERS: Mapping[SortBy, KeywordOrder] = {
    "winnable": KeywordOrder(
        "within range or no gap, then fewest months, least need to be competitive, most volume",
        (_won, _months, _to_competitive, _volume),
    ),
    "months": KeywordOrder("fewest months first", (_months, _to_competitive, _volume)),
    "need": KeywordOrder("least need to the median first", (_to_median, _to_competitive, _volume)),
    "volume": KeywordOrder("most volume first", (_volume,)),
    "kd": KeywordOrder("lowest KD first", (_kd, _volume)),
    "position": KeywordOrder("best position of your page first", (_position, _volume)),
    "keyword": KeywordOrder("by name", ()),
}
"""The orders by their names; what is unknown comes last, and equal keywords go by name."""


def sort_keywords(answers: Iterable[KeywordResult], by: SortBy) -> tuple[KeywordResult, ...]:
    """Put keywords in order (docs/keywords.md)."""
    keys = ORDERS[by].keys

    def place(answer: KeywordResult) -> tuple[object, ...]:
        name, country = answer.keyword or "", answer.country or ""
        # Unnamed keywords come first, as they did when they were read.
        return (*(key(answer) for key in keys), name.casefold(), country.casefold(), name, country)

    return tuple(sorted(answers, key=place))


def add_up(answers: Sequence[KeywordResult]) -> Totals | None:
    """Add up the largest need of each own page (docs/keywords.md).

    A page's links serve all its keywords, so its needs are not added. Each keyword without a page
    is a new page of its own; a count without a page, as given with --own-rds, is that of one page.
    None where no own page is known.
    """
    needs = _page_needs(answers)
    if not needs:
        return None
    known = [page.need for page in needs if page.need is not None]
    total = _sum(needs)
    pace = _shared_pace(answers)
    return Totals(
        pages=tuple(needs),
        need=total,
        within_reach=_sum(_page_needs([a for a in answers if a.verdict.code != "out-of-reach"])),
        bound=joint_bound(needs) if known else None,
        unknown=len(needs) - len(known),
        pace=pace.pace if pace else None,
        pace_source=pace.pace_source if pace else None,
        months=None if pace is None or total is None else _months_at(total, pace.pace),
    )


def _months_at(need: int, pace: Pace) -> Months:
    return Months(*(stats.months(need, each) for each in (pace.low, pace.middle, pace.high)))


def _page_needs(answers: Sequence[KeywordResult]) -> list[PageNeed]:
    """Give the need of each own page, the largest first."""
    pages: dict[tuple[str | None, ...], list[KeywordResult]] = {}
    for answer in answers:
        own = answer.target_page
        if own is not None:
            new = (answer.keyword, answer.country) if own.chosen == "new" else ()
            pages.setdefault((own.page, *new), []).append(answer)
    return sorted(map(_page_need, pages.values()), key=_largest_need_first)


def _sum(needs: Sequence[PageNeed]) -> int | None:
    known = [page.need for page in needs if page.need is not None]
    return sum(known) if known else None


def _page_need(answers: Sequence[KeywordResult]) -> PageNeed:
    known = [answer for answer in answers if known_need(answer) is not None]
    most = max(known, key=lambda a: known_need(a) or 0, default=answers[0])
    need, own = known_need(most), most.target_page
    # What a smaller need is at most cannot change the largest.
    bounds: list[Bound | None] = [
        a.gap.bound if known_need(a) == need else "at least"
        for a in known
        if known_need(a) == need or a.gap.bound not in {"exact", "at most"}
    ]
    lacking: list[Bound | None] = ["at least"] if len(known) < len(answers) else []
    return PageNeed(
        url=own.url if own else None,
        page=own.page if own else None,
        need=need,
        bound=None if need is None else _together([*bounds, *lacking]),
        keyword=most.keyword,
        keywords=len(answers),
    )


def _largest_need_first(page: PageNeed) -> tuple[object, ...]:
    return _large_first(page.need), page.page or "", page.keyword or ""


def joint_bound(needs: Iterable[PageNeed]) -> Bound | None:
    """Give the bound of a sum; a need that is unknown may add to it, and takes off nothing."""
    return _together(["at least" if page.need is None else page.bound for page in needs])


def _together(bounds: Sequence[Bound | None]) -> Bound | None:
    """Give the bound of a sum or maximum of figures; None where it may be off either way."""
    found = set(bounds) - {"exact"}
    return None if len(found) > 1 else next(iter(found), "exact")


def _shared_pace(answers: Sequence[KeywordResult]) -> PlanOutline | None:
    """Give the pace of the site: what every keyword says that knows one; None where they differ."""
    plans = [answer.plan for answer in answers if answer.plan is not None]
    paces = {plan.pace for plan in plans}
    return min(plans, key=lambda plan: plan.pace_source) if len(paces) == 1 else None
