"""What the results of several commands have in common."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

Number = int | float


@dataclass(frozen=True)
class Tool:
    """Which program and which suffix list made the result."""

    name: str
    version: str
    psl_date: str | None


@dataclass(frozen=True)
class Input:
    """One input as it was understood; `format` is None for a file that was skipped.

    `from_` and `to` are the first and the last day of its data. In JSON `from_` is `from`, which
    Python keeps for itself.
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


@dataclass(frozen=True)
class RuleUse:
    """A rule in effect, and whether every link file has the columns it needs."""

    id: str
    parameters: Mapping[str, int | float | str | tuple[str, ...]]
    applicable: bool
    not_applicable_to: tuple[str, ...]


@dataclass(frozen=True)
class Method:
    """The choices behind the numbers."""

    statistic: str
    top: int
    tolerance: float
    profile: str
    suffixes: str
    rules: tuple[RuleUse, ...]


@dataclass(frozen=True)
class Caution:
    """What the user must know before trusting the numbers."""

    code: str
    text: str


@dataclass(frozen=True)
class Network:
    """Domains that link to exactly the same compared pages, and may have one owner: a pattern, no proof.

    `address_range` and `anchors` are there where all of them share one.
    """

    domains: tuple[str, ...]
    pages: tuple[str, ...]
    median_authority: Number
    address_range: str | None
    anchors: tuple[str, ...] | None


@dataclass(frozen=True)
class NetworkEffect:
    """The median of the counted domains and the need with and without the networks' domains.

    `dropped` says whether the rule `network` leaves them out of the answer. `bounds` has, by the
    name of a figure, on which side the truth may lie; None where it may lie on both.
    """

    domains: int
    dropped: bool
    median_with: Number | None
    median_without: Number | None
    need_with: int | None
    need_without: int | None
    bounds: Mapping[str, Literal["exact", "at least", "at most"] | None]
