"""How long it takes to close gaps, and how fast rivals grow; unknown is None, never 0."""

from typing import Literal

from gapcalc.results.shared import Bound, Number, ResultPart

Growth = Literal["net", "gross"]
Scenario = Literal["low", "middle", "high"]


class Pace(ResultPart):
    """New referring domains a month."""

    low: Number
    middle: Number
    high: Number


class Months(ResultPart):
    """Months at the low, middle and high pace: the first is the longest."""

    low: int
    middle: int
    high: int


class MovingMonths(ResultPart):
    """Months at each pace if rivals go on growing; None means never at this pace."""

    low: int | None
    middle: int | None
    high: int | None


class MovingGoal(ResultPart):
    """Months if rivals go on growing; at the paces in `never` the gap is never closed.

    `closes_in_a_year` is the pace that closes it in twelve months.
    """

    months: MovingMonths
    never: tuple[Scenario, ...]
    closes_in_a_year: Number


class PlanOutline(ResultPart):
    """Months to close the gap if rivals stand still; their bound is that of the gap.

    `moving` is the same if rivals grow, None where their velocity is unknown. `cost` is None
    without a price.
    """

    pace: Pace
    pace_source: str
    months: Months
    cost: Number | None
    moving: MovingGoal | None


class PageNeed(ResultPart):
    """The largest need of an own page among its keywords, and the keyword that has it.

    A new page has no URL. `keywords` is their number; `need` is None where it is unknown for all of
    them.
    """

    url: str | None
    page: str | None
    need: int | None
    bound: Bound | None
    keyword: str | None
    keywords: int


class Totals(ResultPart):
    """The total need of the own pages: each page once, with the largest need of its keywords.

    `within_reach` is the total without the keywords whose gap is out of reach. `unknown` is the
    number of pages whose need is not in the sum. The months assume one pace shared by all pages;
    they are unknown where the keywords' paces differ or none is known.
    """

    pages: tuple[PageNeed, ...]
    need: int | None
    within_reach: int | None
    bound: Bound | None
    unknown: int
    pace: Pace | None
    pace_source: str | None
    months: Months | None


class PageVelocity(ResultPart):
    """Counted domains that a page won and lost from the first to the last month (2026-05).

    `lost` is None where its list shows no lost links, `unknown` says why nothing is known.
    """

    url: str
    won: int | None
    lost: int | None
    per_month: Number | None
    first_month: str | None
    last_month: str | None
    unknown: str | None


class Velocity(ResultPart):
    """New counted domains a month of the comparable pages: their median, 0 or more.

    It is gross where a page's losses are unknown. It rests on `pages` out of `of` comparable pages;
    `incomplete` of them have incomplete lists. `twelfths` is the exact figure, in twelfths.
    """

    per_month: Number | None
    kind: Growth | None
    twelfths: int | None
    pages: int
    of: int
    incomplete: int
    first_month: str | None
    last_month: str | None
    by_page: tuple[PageVelocity, ...]
