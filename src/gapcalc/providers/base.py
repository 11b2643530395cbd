"""Questions and answers: what is asked of a provider, what it costs, what came back."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

StepName = Literal["serp", "counts", "links", "balance"]
STEPS: tuple[StepName, ...] = ("serp", "counts", "links")
Way = Literal["bearer", "apikey", "query", "basic"]


@dataclass(frozen=True, slots=True)
class Access:
    """How a request proves who asks: the names of its keys, and where they stand in it."""

    keys: tuple[str, ...]
    way: Way


@dataclass(frozen=True, slots=True)
class Price:
    """What an answer costs, in whole parts of the provider's unit."""

    row: int = 0
    request: int = 0
    minimum: int = 0

    def of(self, rows: int) -> int:
        """Give the price of an answer with so many rows."""
        return max(self.minimum, self.request + self.row * rows)


@dataclass(frozen=True, slots=True)
class Unit:
    """What a provider bills in; an amount is kept as whole `parts` of it."""

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
    """One question to a provider, without its key.

    `about` says what it is about, for messages; `asked` are the things that one answer tells of,
    where there are several; `rows` is the most rows that the answer can bill.
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

    @property
    def method(self) -> str:
        """GET, or POST for a question with a body."""
        return "GET" if self.body is None else "POST"

    @property
    def bound(self) -> int:
        """Give the most that the answer can cost."""
        return self.price.of(self.rows)

    @cached_property
    def key(self) -> str:
        """Give what is the same for two requests with the same answer, and holds no secret."""
        identity = [self.address, self.method, self.path, dict(self.params), self.body]
        return hashlib.sha256(json.dumps(identity, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class Answer:
    """What a provider said, as it came; `units` is what it cost, once that is known."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    asked: tuple[str, ...] = ()
    units: int = 0

    @cached_property
    def text(self) -> str:
        """Give the body as text; what is no UTF-8 is marked."""
        return self.body.decode("utf-8-sig", "replace")

    @cached_property
    def data(self) -> Any:  # noqa: ANN401  (any JSON)
        """Give the body as JSON, None where it is none."""
        try:
            return json.loads(self.text)
        except ValueError:
            return None


HALF = "half an answer, or none that can be read"
FaultKind = Literal["again", "key", "units", "refused"]


@dataclass(frozen=True, slots=True)
class Fault:
    """Why an answer is none: what the provider said, and whether asking again can help.

    One that is `billed` may have been paid for: it was good until something broke it.
    """

    kind: FaultKind
    said: str
    billed: bool = False
