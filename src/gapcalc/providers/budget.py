"""Counts what is spent, and lets nothing be asked that could exceed the limit."""

from collections import Counter
from threading import Lock

from gapcalc.errors import CostLimitError, FundsError
from gapcalc.providers.base import Access, Request, StepName, Unit


class Budget:
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
        self._funds: tuple[Access, int] | None = None
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

    def fund(self, access: Access, units: int) -> None:
        """Note what the account behind a key has left."""
        with self._lock:
            self._funds = access, units

    def reserve(self, request: Request) -> None:
        """Set aside what a request can cost; raises CostLimitError, FundsError if it is too much."""
        with self._lock:
            self.check(request.bound, request.about)
            self._draw(request, request.bound)
            self._open += request.bound

    def _draw(self, request: Request, units: int) -> None:
        """Take units from the account that a request is billed to, or give them back."""
        if self._funds is None or self._funds[0] != request.access:
            return
        left = self._funds[1] - units
        if left < 0:
            cost, has = self.unit.show(units), self.unit.show(self._funds[1])
            raise FundsError(request.about, cost, has)
        self._funds = request.access, left

    def settle(self, request: Request, units: int) -> None:
        """Book what the answer cost."""
        with self._lock:
            self._open -= request.bound
            self._draw(request, units - request.bound)
            self.spent[request.step] += units
            self.requests[request.step] += 1

    def release(self, request: Request, *, lost: bool) -> None:
        """Give back what was set aside for an answer that did not come, unless it may be billed."""
        with self._lock:
            self._open -= request.bound
            self._draw(request, 0 if lost else -request.bound)
            self.lost += request.bound if lost else 0
