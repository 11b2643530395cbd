"""What the results of several commands have in common; unknown is None, never 0."""

from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, fields
from typing import Any, ClassVar, Literal, dataclass_transform

Number = int | float
Bound = Literal["exact", "at least", "at most"]
Growth = Literal["net", "gross"]
Scenario = Literal["low", "middle", "high"]


@dataclass_transform(frozen_default=True)
class ResultPart:
    """A part of a result; each subclass becomes a dataclass that type checkers see as frozen.

    Dataclasses generate a constructor, comparison, repr and freezing anew for every class, which
    takes twelve times as long as the rest: a tenth of a start. Here they are written once for all
    classes. For the same reason the classes have no slots, which would create each class twice.
    """

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]
    _names: ClassVar[tuple[str, ...]]

    def __init_subclass__(cls, *, kw_only: bool = False) -> None:
        """Make the subclass a dataclass."""
        dataclass(init=False, eq=False, repr=False, kw_only=kw_only)(cls)
        cls._names = tuple(field.name for field in fields(cls))

    def __init__(self, *values: object, **named: object) -> None:
        """Set every field; raises TypeError where one is missing or unknown."""
        given = dict(zip(self._names, values, strict=False), **named) if values else named
        if tuple(given) != self._names:  # in another order, or some are left to their defaults
            given = {**{field.name: field.default for field in fields(self)}, **given}
            wrong = [n for n, value in given.items() if value is MISSING or n not in self._names]
            if wrong:
                raise TypeError(f"{type(self).__name__}: missing or unknown: {', '.join(wrong)}")
        self.__dict__ = given
        self.__post_init__()

    def __post_init__(self) -> None:
        """Take the fields as they are; a subclass may check them."""

    def __eq__(self, other: object) -> bool:
        """Compare with a record of the same class, field by field."""
        return vars(self) == vars(other) if type(self) is type(other) else NotImplemented

    def __hash__(self) -> int:
        """Agree with the comparison; a record that holds a mapping has no hash."""
        return hash(tuple(vars(self).values()))

    def __repr__(self) -> str:
        """Show the class and its fields."""
        fields = ", ".join(f"{name}={value!r}" for name, value in vars(self).items())
        return f"{type(self).__qualname__}({fields})"


class Tool(ResultPart):
    """The program and the suffix list that made the result."""

    name: str
    version: str
    psl_date: str | None


NO_LOST = "no column tells which links are lost"
"""The beginning of a note on a list of a vendor."""


class Input(ResultPart):
    """One input as it was understood; `format` is None for a file that was skipped.

    `from_` and `to` are the first and the last day of its data. In JSON `from_` is `from`, a
    reserved word in Python.
    """

    __pydantic_config__: ClassVar[Mapping[str, object]] = {
        "alias_generator": lambda name: name.rstrip("_")
    }

    name: str
    format: str | None
    vendor: str | None
    kind: str | None
    rows: int | None
    problems: int
    complete: bool | None
    from_: str | None
    to: str | None
    note: str | None


class RuleUse(ResultPart):
    """A rule in effect, and whether every link file has the columns it needs."""

    id: str
    parameters: Mapping[str, int | float | str | tuple[str, ...]]
    applicable: bool
    not_applicable_to: tuple[str, ...]


class Method(ResultPart):
    """The choices behind the numbers."""

    statistic: str
    top: int
    tolerance: float
    profile: str
    suffixes: str
    rules: tuple[RuleUse, ...]


class Caution(ResultPart):
    """What the user must know before trusting the numbers."""

    code: str
    text: str


class CommandResult(ResultPart):
    """What the results of all commands begin with."""

    schema: str
    tool: Tool
    as_of: str
    inputs: tuple[Input, ...]
    method: Method


class Authority(ResultPart):
    """A score on its vendor's own scale; scores on two scales are never compared."""

    metric: str
    value: Number


class Network(ResultPart):
    """Domains that link to exactly the same compared pages and may have one owner (not proven).

    `address_range` and `anchors` are given if all domains share one.
    """

    domains: tuple[str, ...]
    pages: tuple[str, ...]
    median_authority: Number
    address_range: str | None
    anchors: tuple[str, ...] | None


class NetworkEffect(ResultPart):
    """The median of the counted domains and the need with and without the networks' domains.

    `dropped` says whether the rule `network` leaves them out of the answer. `bounds` says for each
    figure, by name, on which side the truth may lie; None where it may lie on both.
    """

    domains: int
    dropped: bool
    median_with: Number | None
    median_without: Number | None
    need_with: int | None
    need_without: int | None
    bounds: Mapping[str, Bound | None]


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
