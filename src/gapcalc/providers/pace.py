"""Keeps to a provider's limits: so many seconds between requests, and a pause for all when told."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event, Lock


def _sleep(seconds: float, stop: Event) -> None:
    stop.wait(seconds)


@dataclass(frozen=True, slots=True)
class Clock:
    """Where time comes from, and how it is waited for: until the end, or until all stops."""

    now: Callable[[], float] = time.time
    ticks: Callable[[], float] = time.monotonic
    sleep: Callable[[float, Event], None] = _sleep


class Pace:
    """Hands out moments to start at, at least `spacing` seconds apart, to all threads in turn."""

    def __init__(self, spacing: float, clock: Clock, stop: Event) -> None:
        self._spacing, self._clock, self._stop = spacing, clock, stop
        self._next = 0.0
        self._lock = Lock()

    def wait(self) -> None:
        """Wait for the next free moment."""
        with self._lock:
            now = self._clock.ticks()
            start = max(now, self._next)
            self._next = start + self._spacing
        if start > now:
            self._clock.sleep(start - now, self._stop)

    def hold(self, seconds: float) -> None:
        """Let nobody start for so long: the provider has asked for a pause."""
        with self._lock:
            self._next = max(self._next, self._clock.ticks() + seconds)
