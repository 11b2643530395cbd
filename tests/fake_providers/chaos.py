"""Faults that a seed scatters over the answers, and which of them were paid for."""

import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Literal

Fault = Literal[
    "429",
    "429 with Retry-After",
    "429 as HTML",
    "500",
    "500 as HTML",
    "503",
    "reset before the request is worked on",
    "reset before the body",
    "reset within the body",
    "shorter than its Content-Length",
    "cut, with a fitting Content-Length",
    "slow body",
    "inner 50000",
    "inner 50401",
    "inner 40202",
    "inner 40209",
    "inner 50000, billed",
    "ERROR line",
    "500 that quotes the request",
    "403 that quotes the request",
    "200 and nothing",
    "200 and {}",
    "200 and an error",
    "whole, but not understood",
    "a redirect",
    "captive portal",
    "silence",
    "headers without end",
    "1xx answers without end",
    "a chunk extension without end",
    "trailers without end",
    "a gzip name without end",
    "a body without end",
]

REFUSED: tuple[Fault, ...] = (
    "429",
    "429 with Retry-After",
    "429 as HTML",
    "500",
    "500 as HTML",
    "503",
    "reset before the request is worked on",
)
"""Nothing was done, and nothing billed."""

LOST: tuple[Fault, ...] = (
    "reset before the body",
    "reset within the body",
    "shorter than its Content-Length",
    "cut, with a fitting Content-Length",
)
"""The answer was made and billed, and did not arrive whole."""

INNER: tuple[Fault, ...] = ("inner 50000", "inner 50401", "inner 40202", "inner 40209")
QUOTING: tuple[Fault, ...] = ("500 that quotes the request", "403 that quotes the request")
"""Error pages that show address and headers, key and all, as some proxies write them."""

HOLLOW: tuple[Fault, ...] = ("200 and nothing", "200 and {}", "200 and an error")
"""What says that all is well, and is no answer."""

NOT_UNDERSTOOD: Fault = "whole, but not understood"
"""The answer was made, billed and delivered, and is in a form that nobody knows."""

DRIPPING: tuple[Fault, ...] = (
    "headers without end",
    "1xx answers without end",
    "a chunk extension without end",
    "trailers without end",
    "a gzip name without end",
    "a body without end",
)
"""A byte now and then, for ever: no read takes long, and the answer never comes."""

EVERYWHERE: tuple[Fault, ...] = (*REFUSED, *LOST, "slow body")


@dataclass
class Chaos:
    """Which requests go wrong, and how: by seed, request and attempt, whatever the order.

    `share` of all answers are faulty, and the share `odd` of all answers is complete but
    unreadable. At most `at_most` faults in a row hit one request, so that a client that retries
    often enough gets through; None means no such limit.
    """

    share: float = 0.0
    seed: int = 0
    faults: Sequence[Fault] = EVERYWHERE
    at_most: int | None = None
    drip: float = 0.2
    retry_after: str = "1"
    odd: float = 0.0
    _attempts: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def fault(self, request: str) -> Fault | None:
        """Say what goes wrong with this attempt at a request, None when nothing does."""
        if not self.share and not self.odd:
            return None
        with self._lock:
            attempt = self._attempts[request]
            self._attempts[request] += 1
        random = Random(f"{self.seed} {attempt} {request}")
        if self.at_most is not None and attempt % (self.at_most + 1) == self.at_most:
            return None
        if self.odd and random.random() < self.odd:
            return NOT_UNDERSTOOD
        return random.choice(self.faults) if random.random() < self.share else None
