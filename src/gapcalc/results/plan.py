"""The result of `plan`, field for field the JSON `gapcalc.plan/1`; unknown is None, never 0."""

from dataclasses import dataclass

from gapcalc.results.gap import (
    Bound,
    Caution,
    Input,
    Method,
    Number,
    PlanOutline,
    Tool,
    Velocity,
    Verdict,
)
from gapcalc.words import Basis


@dataclass(frozen=True)
class YearlyPace:
    """New referring domains a month that close the gap in twelve months."""

    standing: Number
    moving: Number | None


@dataclass(frozen=True)
class PlannedKeyword:
    """What it takes for one keyword; without a `need` there is none of the rest.

    `url` and `page` are the target page's. `reached_in` is the month of the schedule in which it
    is reached, None without a schedule.
    """

    keyword: str | None
    country: str | None
    url: str | None
    page: str | None
    basis: Basis
    own: int | None
    goal: Number | None
    need: int | None
    bound: Bound | None
    verdict: Verdict
    sentence: str
    plan: PlanOutline | None
    velocity: Velocity | None
    in_a_year: YearlyPace | None
    reached_in: int | None
    cautions: tuple[Caution, ...]


@dataclass(frozen=True)
class PageNeed:
    """A page of ours, its largest need, and the keywords that the same domains serve."""

    url: str
    page: str
    need: int
    keywords: tuple[str, ...]


@dataclass(frozen=True)
class ScheduledMonth:
    """Domains that a page gets in a month of the plan, and the keywords reached by its end."""

    month: int
    page: str
    domains: int
    keywords: tuple[str, ...]


@dataclass(frozen=True)
class Schedule:
    """The order that reaches most keywords earliest under one shared pace, rivals standing still.

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
    pages: tuple[PageNeed, ...]
    by_month: tuple[ScheduledMonth, ...]
    unplanned: tuple[str, ...]


@dataclass(frozen=True)
class PlanResult:
    """The whole output of the command `plan`; the schedule is there for several keywords."""

    schema: str
    tool: Tool
    as_of: str
    inputs: tuple[Input, ...]
    method: Method
    price: Number | None
    keywords: tuple[PlannedKeyword, ...]
    schedule: Schedule | None
    cautions: tuple[Caution, ...]
