"""How long until the gap is closed, in which order for several pages, and do rivals move the goal?"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from gapcalc import data, stats
from gapcalc.analyses.measure import Measured, Table
from gapcalc.analyses.question import Question
from gapcalc.results.gap import KeywordResult
from gapcalc.results.shared import (
    Authority,
    Growth,
    Months,
    MovingGoal,
    MovingMonths,
    Number,
    Pace,
    PageVelocity,
    PlanOutline,
    Scenario,
    Velocity,
)
from gapcalc.rows import DomainMonths

FULL_MONTHS = 6
FEWEST_PAGES = 3
"""Of fewer pages no median is taken, as for the goal."""
_NO_LIST = "it has no link list"
_UNREADABLE = "its link list cannot be read"
_OTHER_SCOPE = "its list seems to be of more than this page"


def outline(gap: int | None, authority: Authority | None, question: Question) -> PlanOutline | None:
    """Give months = ceil(gap / pace) at the low, middle and high pace (docs/method.md, Plan).

    None without a gap, or without a pace: for that it takes --pace or the own site's Ahrefs DR.
    """
    found = _pace(authority, question)
    if gap is None or found is None:
        return None
    low, high, source = found
    paces = [stats.whole(pace) for pace in (low, (low + high) / 2, high)]
    return PlanOutline(
        pace=Pace(*paces),
        pace_source=source,
        months=Months(*(stats.months(gap, pace) for pace in paces)),
        cost=cost_of(gap, question.price),
        moving=None,
    )


def cost_of(need: int | None, price: float | None) -> Number | None:
    """Give need * price, in decimal arithmetic; None where either is unknown.

    >>> cost_of(37, 12.1)
    447.7
    """
    if need is None or price is None:
        return None
    return stats.whole(need * round(price * stats.BILLIONTHS) / stats.BILLIONTHS)


def add_costs(costs: Sequence[Number | None]) -> Number | None:
    """Add costs up, in decimal arithmetic; None where one is unknown.

    >>> add_costs([0.1, 0.2]), add_costs([1, None])
    (0.3, None)
    """
    known = [round(cost * stats.BILLIONTHS) for cost in costs if cost is not None]
    return stats.whole(sum(known) / stats.BILLIONTHS) if len(known) == len(costs) else None


def move_goal(gap: int, pace: Pace, twelfths: int) -> MovingGoal:
    """Give the months if the goal moves by this many twelfths of a domain a month.

    Source: docs/method.md, Plan.
    """
    paces: dict[Scenario, Number] = {"low": pace.low, "middle": pace.middle, "high": pace.high}
    months = {name: stats.moving_months(gap, each, twelfths) for name, each in paces.items()}
    return MovingGoal(
        months=MovingMonths(**months),
        never=tuple(name for name, count in months.items() if count is None),
        closes_in_a_year=yearly_pace(gap, twelfths),
    )


def yearly_pace(gap: int, twelfths: int) -> Number:
    """Give the pace that closes a gap in twelve months while the goal moves: v + gap / 12.

    >>> yearly_pace(37, 24)
    5.083333333333333
    """
    return stats.whole((twelfths + gap) / stats.YEAR)


def _pace(authority: Authority | None, question: Question) -> tuple[float, float, str] | None:
    if question.pace is not None:
        return question.pace, question.pace, "--pace"
    published = data.load("paces")
    if question.competitive:
        return _read(published["competitive"])
    if authority is None or authority.metric != "DR":
        return None
    ranges = published["ranges"]
    fitting = (one for one in ranges if "below" not in one or authority.value < one["below"])
    return _read(next(fitting))


def _read(published: Mapping[str, Any]) -> tuple[float, float, str]:
    return published["low"], published["high"], published["source"]


class KeywordNeed(NamedTuple):
    """A keyword that a page of ours is to reach, and the domains that the page still needs."""

    page: str
    keyword: str
    need: int


class Stage(NamedTuple):
    """Domains that one page gets in a row, and the keywords that it reaches with the last of them."""

    page: str
    domains: int
    keywords: tuple[str, ...]


class MonthShare(NamedTuple):
    """Domains that a page gets in a month, counted from 1, and the keywords reached with them."""

    month: int
    page: str
    domains: int
    keywords: tuple[str, ...]


def order(wanted: Iterable[KeywordNeed]) -> tuple[Stage, ...]:
    """Order the work so that the domains that keywords wait for add up to the least.

    The domains of a page serve all of its keywords, so a page takes its largest need, not the sum.
    The stages with the fewest domains per keyword come next, after the smaller needs of the same page
    (chains of jobs with weights: W. A. Horn, SIAM J. Appl. Math. 23, 1972). Ties go to fewer domains,
    then to the page's name.
    """
    blocks = [block for chain in _chains(wanted) for block in _blocks(chain)]
    # The blocks of a page take ever more domains for a keyword, so sorting keeps their order.
    blocks.sort(key=lambda block: (_per_keyword(block), _domains(block), block[0].page))
    return tuple(stage for block in blocks for stage in block)


def by_month(stages: Sequence[Stage], pace: float, most: int) -> tuple[MonthShare, ...]:
    """Spread stages over the first `most` months, at a shared pace in domains a month.

    A stage without domains at the beginning is reached in month 0.
    """
    shares: dict[tuple[int, str], MonthShare] = {}
    done = 0
    for page, domains, keywords in stages:
        start, done = done, done + domains
        last = stats.months(done, pace)
        for month in range(stats.months(start + bool(domains), pace), min(last, most) + 1):
            got = min(done, _by_end_of(month, pace)) - max(start, _by_end_of(month - 1, pace))
            names = keywords if month == last else ()
            if got > 0 or names:
                before = shares.get((month, page), MonthShare(month, page, 0, ()))
                shares[month, page] = before._replace(
                    domains=before.domains + max(0, got), keywords=(*before.keywords, *names)
                )
    return tuple(shares.values())


def reached_in(stages: Sequence[Stage], pace: float) -> Mapping[tuple[str, str], int]:
    """Give the month in which each page reaches each of its keywords, at a shared pace."""
    months: dict[tuple[str, str], int] = {}
    done = 0
    for stage in stages:
        done += stage.domains
        months |= {(stage.page, name): stats.months(done, pace) for name in stage.keywords}
    return months


def _by_end_of(month: int, pace: float) -> int:
    """Give the whole domains won by the end of a month."""
    return month * round(pace * stats.BILLIONTHS) // stats.BILLIONTHS


def _chains(wanted: Iterable[KeywordNeed]) -> Iterator[list[Stage]]:
    """Give the stages of each page, from its smallest need on."""
    pages: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for page, keyword, need in wanted:
        pages[page][need].append(keyword)
    for page, needs in sorted(pages.items()):
        levels = sorted(needs)
        before = [0, *levels]
        yield [
            Stage(page, level - last, tuple(sorted(needs[level])))
            for level, last in zip(levels, before, strict=False)
        ]


def _blocks(chain: Sequence[Stage]) -> Iterator[Sequence[Stage]]:
    """Cut a chain after the stages that take the fewest domains per keyword, then do the same to the rest."""
    while chain:
        best = min(range(1, len(chain) + 1), key=lambda size: (_per_keyword(chain[:size]), -size))
        yield chain[:best]
        chain = chain[best:]


def _per_keyword(stages: Sequence[Stage]) -> float:
    return _domains(stages) / sum(len(stage.keywords) for stage in stages)


def _domains(stages: Sequence[Stage]) -> int:
    return sum(stage.domains for stage in stages)


def with_velocity(
    answer: KeywordResult, table: Table, months: Mapping[str, DomainMonths]
) -> KeywordResult:
    """Add to an answer how fast its rivals grow, and to its plan the moving goal."""
    velocity = find_velocity(table, months)
    return replace(answer, velocity=velocity, plan=_beside_rivals(answer, velocity))


def find_velocity(table: Table, months: Mapping[str, DomainMonths]) -> Velocity:
    """Give the net new counted domains a month of the comparable pages (docs/method.md, Plan).

    It is the median over the pages, of the last six full months before the data of each ends, and
    never below 0.
    """
    pages = table.comparable
    ends = [found.end for page in pages if (found := months.get(page.candidate.page))]
    by_page = [
        _of_page(page, months.get(page.candidate.page), max(ends, default=0)) for page in pages
    ]
    known = [one for one in by_page if one.unknown is None]
    lasts = [one.last_month for one in known if one.last_month]
    firsts = [one.first_month for one in known if one.first_month]
    incomplete = sum(
        page.wholeness.complete is False and one.unknown is None
        for page, one in zip(pages, by_page, strict=True)
    )
    twelfths = _twelfths(known)
    return Velocity(
        per_month=None if twelfths is None else stats.whole(twelfths / stats.YEAR),
        kind=None if twelfths is None else _kind(known),
        twelfths=twelfths,
        pages=len(known),
        of=len(pages),
        incomplete=incomplete,
        first_month=min(firsts, default=None),
        last_month=max(lasts, default=None),
        by_page=tuple(by_page),
    )


def _beside_rivals(answer: KeywordResult, velocity: Velocity) -> PlanOutline | None:
    plan, gap = answer.plan, answer.gap.to_median
    if plan is None or gap is None or velocity.twelfths is None:
        return plan
    return replace(plan, moving=move_goal(gap, plan.pace, velocity.twelfths))


def _twelfths(known: list[PageVelocity]) -> int | None:
    """Give the median in twelfths of a domain a month: exact, as six months are halved at most."""
    nets = sorted((one.won or 0) - (one.lost or 0) for one in known)
    if len(nets) < FEWEST_PAGES:
        return None
    return max(0, nets[(len(nets) - 1) // 2] + nets[len(nets) // 2])


def _kind(known: list[PageVelocity]) -> Growth:
    return "gross" if any(one.lost is None for one in known) else "net"


def _of_page(page: Measured, found: DomainMonths | None, newest: int) -> PageVelocity:
    unknown = _why_unknown(page, found)
    if found is None or unknown is not None:
        return PageVelocity(page.candidate.url, None, None, None, None, None, unknown)
    end = found.end if found.end_is_sure else newest
    window = range(end - FULL_MONTHS, end)
    won = sum(found.won.get(month, 0) for month in window)
    lost = sum(found.lost.get(month, 0) for month in window) if found.shows_lost else None
    return PageVelocity(
        url=page.candidate.url,
        won=won,
        lost=lost,
        per_month=stats.whole((won - (lost or 0)) / FULL_MONTHS),
        first_month=name_month(window[0]),
        last_month=name_month(window[-1]),
        unknown=None,
    )


def _why_unknown(page: Measured, found: DomainMonths | None) -> str | None:
    if page.links is None or found is None:
        return _UNREADABLE if page.unreadable else _NO_LIST
    return _OTHER_SCOPE if page.wholeness.other_scope else found.unknown


def name_month(month: int) -> str:
    """Write a month that is counted from the year 0.

    >>> name_month(2026 * 12 + 4)
    '2026-05'
    """
    return f"{month // 12:04}-{month % 12 + 1:02}"
