"""Counts what is spent, and stops any request that could exceed the limit."""

from collections import Counter
from threading import Lock

from gapcalc.errors import CostLimitError, FundsError
from gapcalc.providers.base import Access, Request, StepName, Unit


class Budget:
    """The bill of one run, by step, in whole parts of the provider's unit.

    `lost` is the possible cost of answers that did not arrive or did not state a cost. It counts
    against the limit, because the provider may have billed it.
    """

    def __init__(self, unit: Unit, limit: int | None) -> None:
        self.unit, self.limit = unit, limit
        self.spent: Counter[StepName] = Counter()
        self.lost = 0
        self._open = 0
        self._funds: tuple[Access, int] | None = None
        self._lock = Lock()

    @property
    def total(self) -> int:
        """Give the cost of the answers that arrived."""
        return sum(self.spent.values())

    def left(self) -> int | None:
        """Give what may still be spent, None without a limit."""
        if self.limit is None:
            return None
        return self.limit - self.total - self.lost - self._open

    def check(self, bound: int, what: str) -> None:
        """Refuse an amount that could exceed the limit; raises CostLimitError."""
        left = self.left()
        if left is not None and bound > left:
            raise CostLimitError(
                what,
                self.unit.show(bound),
                self.unit.show(max(left, 0)),
                self.unit.show(self.limit or 0),
            )

    def fund(self, access: Access, units: int) -> None:
        """Note the balance of the account behind a key."""
        with self._lock:
            self._funds = access, units

    def reserve(self, request: Request) -> None:
        """Reserve the most a request can cost; raises CostLimitError, FundsError if too much."""
        with self._lock:
            self.check(request.bound, request.about)
            self._draw(request)
            self._open += request.bound

    def _draw(self, request: Request) -> None:
        """Take the most a request can cost from the account that it is billed to."""
        if self._funds is None or self._funds[0] != request.access:
            return
        left = self._funds[1] - request.bound
        if left < 0:
            cost, has = self.unit.show(request.bound), self.unit.show(self._funds[1])
            raise FundsError(request.about, cost, has)
        self._funds = request.access, left

    def _give_back(self, request: Request, units: int) -> None:
        if self._funds is not None and self._funds[0] == request.access:
            self._funds = request.access, self._funds[1] + units

    def settle(self, request: Request, units: int) -> None:
        """Book the cost of an answer, which may be an error, and release what was reserved."""
        with self._lock:
            self._open -= request.bound
            self._give_back(request, request.bound - units)
            self.spent[request.step] += units

    def lose(self, request: Request) -> None:
        """Book the reserved amount as lost: the provider may have billed it."""
        with self._lock:
            self._open -= request.bound
            self.lost += request.bound
