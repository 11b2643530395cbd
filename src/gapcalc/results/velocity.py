"""How fast rivals grow, field for field as in the JSON; unknown is None, never 0."""

from typing import Literal

from gapcalc.results.shared import ResultPart

Growth = Literal["net", "gross"]


class PageVelocity(ResultPart):
    """Counted domains that a page won and lost from the first to the last month (2026-05).

    `lost` is None where its list shows no lost links, `unknown` says why nothing is known.
    """

    url: str
    won: int | None
    lost: int | None
    per_month: int | float | None
    first_month: str | None
    last_month: str | None
    unknown: str | None


class Velocity(ResultPart):
    """New counted domains a month of the comparable pages: their median, 0 or more.

    It is gross where a page's losses are unknown. It rests on `pages` out of `of` comparable pages;
    `incomplete` of them have incomplete lists. `twelfths` is the exact figure, in twelfths.
    """

    per_month: int | float | None
    kind: Growth | None
    twelfths: int | None
    pages: int
    of: int
    incomplete: int
    first_month: str | None
    last_month: str | None
    by_page: tuple[PageVelocity, ...]
