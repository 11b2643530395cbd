"""Counts what is spent, and lets nothing be asked that could exceed the limit."""

from collections import Counter
from threading import Lock

from gapcalc.errors import CostLimitError
from gapcalc.providers.base import Request, StepName, Unit


class Ledger:
    """The bill of one run, by step, in whole parts of the provider's unit.

    `lost` is what answers may have cost that did not arrive: it counts against the limit, because
    the provider may have billed it.
    """

    def __init__(self, unit: Unit, limit: int | None) -> None:
        self.unit, self.limit = unit, limit
        self.spent: Counter[StepName] = Counter()
        self.requests: Counter[StepName] = Counter()
        self.lost = 0
        self._open = 0
        self._lock = Lock()

    @property
    def total(self) -> int:
        """Give what the answers that arrived have cost."""
        return sum(self.spent.values())

    def left(self) -> int | None:
        """Give what may still be spent, None without a limit."""
        if self.limit is None:
            return None
        return self.limit - self.total - self.lost - self._open

    def check(self, bound: int, what: str) -> None:
        """Refuse what could exceed the limit; raises CostLimitError."""
        left = self.left()
        if left is not None and bound > left:
            raise CostLimitError(
                what,
                self.unit.show(bound),
                self.unit.show(max(left, 0)),
                self.unit.show(self.limit or 0),
            )

    def reserve(self, request: Request) -> None:
        """Set aside what a request can cost; raises CostLimitError when that is too much."""
        with self._lock:
            self.check(request.bound, request.about)
            self._open += request.bound

    def settle(self, request: Request, units: int) -> None:
        """Book what the answer cost."""
        with self._lock:
            self._open -= request.bound
            self.spent[request.step] += units
            self.requests[request.step] += 1

    def release(self, request: Request, *, lost: bool) -> None:
        """Give back what was set aside for an answer that did not come, unless it may be billed."""
        with self._lock:
            self._open -= request.bound
            self.lost += request.bound if lost else 0
