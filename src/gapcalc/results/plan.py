"""The result of `plan`, field for field the JSON `gapcalc.plan/1`; unknown is None, never 0."""

from gapcalc.results.gap import Verdict
from gapcalc.results.shared import (
    Bound,
    Caution,
    CommandResult,
    Number,
    PlanOutline,
    ResultPart,
    Velocity,
)
from gapcalc.words import Basis


class YearlyPace(ResultPart):
    """New referring domains a month that close the gap in twelve months."""

    standing: Number
    moving: Number | None


class PlannedKeyword(ResultPart):
    """The plan for one keyword; without a `need` all other figures are None.

    `url` and `page` are the target page's; `is_new` says that it does not exist yet. `bound` is
    that of the need, `goal_bound` that of the goal. `price` is per domain and `cost` is for the
    need; both are None without a price. `reached_in` is the month of the schedule in which the goal
    is reached, None without a schedule.
    """

    keyword: str | None
    country: str | None
    url: str | None
    page: str | None
    is_new: bool
    basis: Basis
    own: int | None
    goal: Number | None
    need: int | None
    bound: Bound | None
    goal_bound: Bound | None
    verdict: Verdict
    sentence: str
    price: Number | None
    cost: Number | None
    plan: PlanOutline | None
    velocity: Velocity | None
    in_a_year: YearlyPace | None
    reached_in: int | None
    cautions: tuple[Caution, ...]


class SharedNeed(ResultPart):
    """A page of ours, its largest need with its cost, and the keywords that the domains serve."""

    url: str | None
    page: str
    need: int
    cost: Number | None
    keywords: tuple[str, ...]


class ScheduledMonth(ResultPart):
    """The domains a page gets in one month of the plan, and the keywords reached by month's end."""

    month: int
    page: str
    domains: int
    keywords: tuple[str, ...]


class Schedule(ResultPart):
    """The order that reaches most keywords earliest, at one shared pace, if rivals stand still.

    `domains` is the sum of the largest needs of the pages, `months` and `cost` are what they take,
    `bound` is exact unless some need is a bound. `by_month` ends with the horizon. `unplanned` are
    keywords without a known need.
    """

    pace: Number
    pace_source: str
    domains: int
    months: int
    cost: Number | None
    bound: Bound | None
    horizon: int
    pages: tuple[SharedNeed, ...]
    by_month: tuple[ScheduledMonth, ...]
    unplanned: tuple[str, ...]


class PlanResult(CommandResult):
    """The whole output of the command `plan`; the schedule is there for several keywords."""

    keywords: tuple[PlannedKeyword, ...]
    schedule: Schedule | None
    cautions: tuple[Caution, ...]
