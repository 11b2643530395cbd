"""How many months and how much money until the gap is closed?"""

from collections.abc import Mapping, Sequence
from typing import Any

from gapcalc import data, stats
from gapcalc.analyses.question import Question
from gapcalc.results.pace import Months, MovingGoal, MovingMonths, Pace, PlanOutline, Scenario
from gapcalc.results.shared import Authority, Number


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
