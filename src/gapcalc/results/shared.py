"""What the results of several commands have in common."""

from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, fields
from typing import Any, ClassVar, Literal, dataclass_transform

Number = int | float
Bound = Literal["exact", "at least", "at most"]


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
