"""Records of every request to a fake provider, by its own clock."""

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal

from .chaos import NOT_UNDERSTOOD


@dataclass(slots=True)
class Entry:
    """A request and its outcome.

    `at` is in seconds of the server's clock; `cost` is in the provider's own unit, which for
    DataForSEO is the US dollar. `arrived` is false when the answer did not reach the client whole.
    """

    at: float
    method: str
    path: str
    parameters: Mapping[str, object]
    key: str | None
    status: int
    rows: int
    cost: Decimal
    fault: str | None
    arrived: bool

    @property
    def lost_in_flight(self) -> bool:
        return not self.arrived and self.cost > 0


@dataclass
class Books:
    """The entries, in the order of arrival, and sums over them."""

    entries: list[Entry] = field(default_factory=list)
    most_at_once: int = 0
    _now: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def open_request(self) -> Iterator[int]:
        """Count a request as being answered; give how many are."""
        with self._lock:
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)
            now = self._now
        try:
            yield now
        finally:
            with self._lock:
                self._now -= 1

    def write(self, entry: Entry) -> None:
        with self._lock:
            self.entries.append(entry)

    def clear(self) -> None:
        with self._lock:
            self.entries.clear()
            self.most_at_once = self._now

    @property
    def cost(self) -> Decimal:
        """Give all that was billed, lost answers included."""
        return sum((entry.cost for entry in self.entries), Decimal(0))

    @property
    def rows(self) -> int:
        """Give the rows billed, lost answers included."""
        return sum(entry.rows for entry in self.entries if entry.cost)

    @property
    def lost_cost(self) -> Decimal:
        return sum((entry.cost for entry in self.entries if entry.lost_in_flight), Decimal(0))

    @property
    def lost_rows(self) -> int:
        return sum(entry.rows for entry in self.entries if entry.lost_in_flight)

    @property
    def not_understood(self) -> list["Entry"]:
        """Give the answers that came whole, were billed, and could not be understood."""
        return [e for e in self.entries if e.fault == NOT_UNDERSTOOD and e.cost]

    @property
    def paid(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.cost]

    @property
    def faults(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.fault]

    def of(self, path: str) -> list[Entry]:
        return [entry for entry in self.entries if entry.path.endswith(path)]

    def busiest(self, seconds: float) -> int:
        """Give the most requests within any period of this many seconds."""
        times = sorted(entry.at for entry in self.entries)
        most = start = 0
        for end, at in enumerate(times):
            while at - times[start] >= seconds:
                start += 1
            most = max(most, end - start + 1)
        return most


@dataclass
class Window:
    """A limit of `requests` in any `seconds`; requests above it are refused and not counted."""

    requests: int
    seconds: float
    times: list[float] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def admits(self, at: float) -> bool:
        with self._lock:
            self.times = [time for time in self.times if at - time < self.seconds]
            if len(self.times) >= self.requests:
                return False
            self.times.append(at)
            return True


def clock() -> float:
    return time.monotonic()
