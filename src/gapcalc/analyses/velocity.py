"""How fast do the rivals grow, and does the goal move away from the plan?"""

from collections.abc import Mapping
from dataclasses import replace

from gapcalc import stats
from gapcalc.analyses.measure import Measured, Table
from gapcalc.analyses.plan import move_goal
from gapcalc.results.gap import KeywordResult
from gapcalc.results.pace import Growth, PageVelocity, PlanOutline, Velocity
from gapcalc.rows import DomainMonths

FULL_MONTHS = 6
FEWEST_PAGES = 3
"""Of fewer pages no median is taken, as for the goal."""
_NO_LIST = "it has no link list"
_UNREADABLE = "its link list cannot be read"
_OTHER_SCOPE = "its list seems to be of more than this page"


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
