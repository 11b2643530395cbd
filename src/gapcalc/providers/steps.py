"""What a provider is: a declaration of its steps, each asked for and read in the provider's words."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from gapcalc.formats.base import Export
from gapcalc.providers.base import Answer, Fault, Request, Unit

ONE_PER_DOMAIN = "one link of each domain: what a rule drops by it may have another that passes"


@dataclass(frozen=True, slots=True)
class Ranked:
    """A result of a SERP; None is what the provider did not say."""

    position: int | None
    url: str
    kind: str
    title: str | None = None
    authority: float | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """What a provider counts for a page: referring domains, and the rows its list of links has."""

    domains: int | None
    rows: int | None


@dataclass(frozen=True, slots=True)
class Listed:
    """A piece of a page's list of links: cells by field, and a token for the next piece."""

    rows: tuple[Mapping[str, str], ...]
    token: str | None = None


@dataclass(frozen=True, slots=True)
class Market:
    """A country, in the words of every provider; None where a provider does not have it."""

    code: str
    ahrefs: str
    semrush: str | None
    location: int
    language: str


Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Serp:
    """The step that tells which pages rank for a keyword."""

    via: str
    ask: Callable[[str], Request]
    read: Callable[[Answer], Sequence[Ranked]]
    metric: str | None = None


@dataclass(frozen=True, slots=True)
class Batch(Generic[Item]):
    """A step that tells of up to `size` things with one answer;"""

    via: str
    size: int
    ask: Callable[[Sequence[str]], Request]
    read: Callable[[Answer], Mapping[str, Item]]


@dataclass(frozen=True, slots=True)
class Part:
    """What is wanted of a list of links: how many rows, after how many, with which token."""

    url: str
    rows: int
    offset: int = 0
    token: str | None = None


@dataclass(frozen=True, slots=True)
class Links:
    """The step that lists the links to a page, in the form of one of the vendor's exports.

    `fields` are the columns, in order; `size` is the most rows of one answer, None without limit;
    beyond the row `farthest` only a token leads on. `exact` says that a list has just the rows that were counted; `caps` are numbers of rows at
    which plans of the provider end a list without a word.
    """

    via: str
    export: Export
    fields: tuple[str, ...]
    ask: Callable[[Part], Request]
    read: Callable[[Answer], Listed]
    size: int | None = None
    farthest: int | None = None
    exact: bool = True
    caps: tuple[int, ...] = ()
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Balance:
    """The free question what is left, read as (what, how much).

    `units` is declared where a provider that runs out of units answers in part, without a word: it
    gives what is left to the key that asked, None when the answer does not say.
    """

    ask: Callable[[], Request]
    read: Callable[[Answer], Sequence[tuple[str, str]]]
    units: Callable[[Answer], int | None] | None = None


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider: how it bills and how fast it may be asked, how its answers are judged, its steps.

    `spacing` are the seconds between two requests, `at_once` how many may be open. `judge` tells
    why an answer is none, `bill` what a good one cost.
    """

    name: str
    title: str
    unit: Unit
    variable: str
    spacing: float
    at_once: int
    judge: Callable[[Answer], Fault | None]
    bill: Callable[[Request, Answer], int]
    serp: Serp
    counts: Batch[Count]
    links: Links
    balance: Balance
    difficulty: Batch[float | None] | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """What of an order shapes the questions: the market, how deep, which columns, which keys."""

    market: Market
    top: int
    reads: frozenset[str]
    one_per_domain: bool = False
    keys: frozenset[str] = frozenset()
