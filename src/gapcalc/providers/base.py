"""Declares what a provider is, and what it exchanges with gapcalc: requests, answers, prices."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from http import HTTPStatus
from importlib import import_module
from typing import Any, Generic, Literal, TypeVar

from gapcalc import data
from gapcalc.errors import UsageError
from gapcalc.formats.base import Export
from gapcalc.words import SAME_COUNTRIES, ProviderName

StepName = Literal["serp", "counts", "links", "balance"]
_SERVER_FAULTS = 500
KeyPlace = Literal["bearer", "apikey", "query", "basic"]


@dataclass(frozen=True, slots=True)
class Access:
    """How a request is authorised: the names of its keys, and where it carries them."""

    keys: tuple[str, ...]
    place: KeyPlace


@dataclass(frozen=True, slots=True)
class Price:
    """What an answer costs, in whole parts (`Unit.parts`) of the provider's unit."""

    row: int = 0
    request: int = 0
    minimum: int = 0

    def of(self, rows: int) -> int:
        """Give the price of an answer with this many rows."""
        return max(self.minimum, self.request + self.row * rows)


@dataclass(frozen=True, slots=True)
class Unit:
    """The unit a provider bills in; amounts are stored as whole numbers of its `parts`."""

    name: str
    parts: int = 1

    def show(self, amount: int) -> str:
        """Write an amount.

        >>> Unit("units").show(1200), Unit("US$", 10**6).show(20_030)
        ('1,200 units', 'US$ 0.02003')
        """
        if self.parts == 1:
            return f"{amount:,} {self.name}"
        text = f"{amount / self.parts:.6f}".rstrip("0")
        whole, _, rest = text.partition(".")
        return f"{self.name} {int(whole):,}.{rest.ljust(2, '0')}"

    def write(self, amount: int) -> int | float:
        """Give an amount as a plain number of units."""
        return amount if self.parts == 1 else amount / self.parts


@dataclass(frozen=True)
class Request:
    """One request to a provider, without its key.

    `about` is its subject, for messages; `asked` are the subjects of a batch; `rows` is the most
    rows that the answer can bill. `slow` marks a request that the provider may work on for two
    minutes before it sends the first byte.
    """

    step: StepName
    about: str
    access: Access
    address: str
    path: str
    params: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    body: Any = None
    price: Price = Price()
    rows: int = 0
    asked: tuple[str, ...] = ()
    slow: bool = False

    @property
    def method(self) -> str:
        """GET, or POST for a request with a body."""
        return "GET" if self.body is None else "POST"

    @property
    def bound(self) -> int:
        """Give the most that the answer can cost."""
        return self.price.of(self.rows)

    @cached_property
    def key(self) -> str:
        """Give a key that is equal for requests with the same answer, and holds no secret."""
        identity = [self.address, self.method, self.path, dict(self.params), self.body]
        return hashlib.sha256(json.dumps(identity, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class Answer:
    """A provider's answer, unchanged; `kept_at` is when the cache stored it (Unix seconds)."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    asked: tuple[str, ...] = ()
    kept_at: float | None = None

    @cached_property
    def text(self) -> str:
        """Give the body as text; bytes that are not UTF-8 are replaced."""
        return self.body.decode("utf-8-sig", "replace")

    @cached_property
    def data(self) -> object:
        """Give the body as JSON, None where it is not JSON or nested too deeply to be read."""
        try:
            return json.loads(self.text)
        except (ValueError, RecursionError):
            return None

    @property
    def is_ok(self) -> bool:
        """Say whether the HTTP status is 200."""
        return self.status == HTTPStatus.OK

    @property
    def is_busy(self) -> bool:
        """Say whether the HTTP status may be temporary: 429, or a server error."""
        return self.status == HTTPStatus.TOO_MANY_REQUESTS or self.status >= _SERVER_FAULTS


class UnreadableError(Exception):
    """A complete answer has an unknown form; the text says what came instead."""


FaultKind = Literal["again", "key", "plan", "units", "refused"]


@dataclass(frozen=True, slots=True)
class Fault:
    """An error that a provider states: its kind, its words, and what it cost nevertheless."""

    kind: FaultKind
    said: str
    cost: int = 0


@dataclass(frozen=True, slots=True)
class Ranked:
    """A result of a SERP; None, or an empty URL, is what the provider did not say."""

    position: int | None
    url: str
    kind: str
    title: str | None = None
    authority: float | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """A provider's counts for a page: its referring domains, and the rows of its link list."""

    domains: int | None
    rows: int | None


@dataclass(frozen=True, slots=True)
class LinkRows:
    """One part of a page's link list: cells by field, and a token for the next part."""

    rows: tuple[Mapping[str, str], ...]
    token: str | None = None


@dataclass(frozen=True, slots=True)
class Market:
    """A country, as each provider names it; None where a provider does not have it."""

    code: str
    ahrefs: str
    semrush: str | None
    location: int
    language: str


_FIRST_LOCATION = 2000
"""DataForSEO's location code of a country is this and its ISO 3166-1 number."""


def market(code: str) -> Market:
    """Give the country of an ISO code; `uk` is `gb`, `usa` is `us`. Raises UsageError.

    >>> market("USA").code, market("uk").code
    ('US', 'GB')
    """
    known = data.load("countries")["countries"]
    plain = SAME_COUNTRIES.get(code.strip().casefold(), code.strip().casefold())
    if plain not in known:
        codes = ", ".join(sorted(known)).upper()
        raise UsageError(f"--country {code}: there is no such country; known are {codes}")
    entry = known[plain]
    return Market(
        code=plain.upper(),
        ahrefs=plain,
        semrush=entry.get("semrush"),
        location=_FIRST_LOCATION + entry["number"],
        language=entry["language"],
    )


Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class SerpStep:
    """The step that fetches the pages that rank for a keyword; `read` raises UnreadableError."""

    via: str
    ask: Callable[[str], Request]
    read: Callable[[Answer], Sequence[Ranked]]
    metric: str | None = None


@dataclass(frozen=True, slots=True)
class BatchStep(Generic[Item]):
    """A step whose answers cover up to `size` pages or keywords each.

    `read` gives the answer's value for each; those that it does not mention are left out.
    """

    via: str
    size: int
    ask: Callable[[Sequence[str]], Request]
    read: Callable[[Answer], Mapping[str, Item]]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a link list to request: how many rows, after how many, with which token."""

    url: str
    rows: int
    offset: int = 0
    token: str | None = None


@dataclass(frozen=True, slots=True)
class LinksStep:
    """The step that lists the links to a page, in the form of one of the vendor's exports.

    `fields` are the columns, in order. `size` is the most rows of one answer, None without limit;
    where a server may give fewer (`capped`), only an empty part ends a list. Rows beyond `farthest`
    can only be reached with a token. `exact` says that a list has just the rows that were counted;
    `caps` are the row limits at which plans of the provider cut a list off without a note.
    """

    via: str
    export: Export
    fields: tuple[str, ...]
    ask: Callable[[Part], Request]
    read: Callable[[Answer], LinkRows]
    size: int | None = None
    capped: bool = False
    farthest: int | None = None
    exact: bool = True
    caps: tuple[int, ...] = ()
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Left:
    """The remaining balance at a provider: as lines to show, and in whole parts of its unit.

    `rows` is the most rows of one list that the user's plan allows, where the provider says so.
    """

    lines: tuple[tuple[str, str], ...]
    units: int | None = None
    rows: int | None = None


@dataclass(frozen=True, slots=True)
class BalanceStep:
    """The free request for the remaining balance; `read` raises UnreadableError."""

    ask: Callable[[], Request]
    read: Callable[[Answer], Left]


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider: how it bills, how fast it accepts requests, how to judge its answers, its steps.

    `spacing` is the time between two requests in seconds, `at_once` how many may be open. `judge`
    finds the error that an answer states; `bill` gives the cost of an answer, None where the answer
    does not show it. A `partial` provider sends incomplete answers without a note when the units
    run out.
    """

    name: str
    title: str
    unit: Unit
    variable: str
    spacing: float
    at_once: int
    judge: Callable[[Answer], Fault | None]
    bill: Callable[[Request, Answer], int | None]
    serp: SerpStep
    counts: BatchStep[Count]
    links: LinksStep
    balance: BalanceStep
    difficulty: BatchStep[float | None] | None = None
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """What shapes the requests of a fetch: the market, how deep, which columns, which keys."""

    market: Market
    top: int
    reads: frozenset[str]
    one_per_domain: bool = False
    keys: frozenset[str] = frozenset()


def declare(name: ProviderName, terms: Terms) -> Provider:
    """Declare a provider for the given terms, by its name, which is that of its module."""
    declared: Provider = import_module(f"gapcalc.providers.{name}").declare(terms)
    return declared
