"""Statistics of a few counts: numbers in, numbers out, by the formulas of docs/method.md."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from math import ceil, fsum, inf, isinf, log1p
from typing import Literal, NamedTuple

FEWEST = 5  # below five pages neither a 90 % pair nor an outlier can be told from chance
CONSISTENT_MEDIAN = 0.6745  # makes the median deviation comparable with a standard deviation
CONSISTENT_MEAN = 1.253314  # the same for the mean deviation: the root of pi / 2
CUT_OFF = 3.5
BILLIONTHS = 10**9
YEAR = 12
"""Months."""


class Spread(NamedTuple):
    """Two of the counts, and the share (0 to 1) of cases in which such a pair holds the median."""

    low: float
    high: float
    coverage: float


class Bounded(NamedTuple):
    """A figure and how far the truth may lie from it; all five are equal when nothing is missing.

    `low` and `high` are the least and the most it can be, by the vendors' totals. `floor` and
    `limit` are the same when every count that is a lower bound is taken as infinite: the figure is
    exact when they equal it (method: completeness).
    """

    floor: float
    low: float
    value: float
    high: float
    limit: float

    @property
    def bound(self) -> Literal["exact", "at least", "at most"] | None:
        """Say on which side the truth may lie; None when it may lie on both.

        >>> Bounded(3, 3, 3, 5, 9).bound, Bounded(0, 2, 3, 3, 3).bound
        ('at least', 'at most')
        """
        below, above = self.floor < self.value, self.value < self.limit
        if below:
            return None if above else "at most"
        return "at least" if above else "exact"


def exactly(value: float) -> Bounded:
    """Give an exact figure: all five values are equal."""
    return Bounded(value, value, value, value, value)


def carry(
    figures: Callable[[Sequence[float]], Mapping[str, float]], counts: Iterable[Bounded]
) -> dict[str, Bounded]:
    """Compute figures that never fall when a count rises, with the bounds of the counts.

    Without counts there are no figures. A figure that rests on a count that may be too high may be
    off on either side.

    >>> carry(lambda c: {"middle": median(c)}, [Bounded(20, 20, 20, 25, 99), exactly(30), exactly(40)])
    {'middle': Bounded(floor=30, low=30, value=30, high=30, limit=40)}
    """
    known = list(counts)
    if not known:
        return {}
    if all(count.floor == count.limit for count in known):
        found = figures([count.value for count in known])
        return {name: exactly(value) for name, value in found.items()}
    columns = [figures(column) for column in zip(*known, strict=True)]
    return {
        name: _either_side(Bounded(*(column[name] for column in columns))) for name in columns[0]
    }


def _either_side(figure: Bounded) -> Bounded:
    return figure._replace(high=inf, limit=inf) if figure.floor < figure.value else figure


def whole(value: float) -> float:
    """Give a whole number as an int, because a count is whole.

    >>> whole(3.0), whole(3.5)
    (3, 3.5)
    """
    return int(value) if value == int(value) else value


def median(values: Sequence[float]) -> float:
    """Take the middle value, or the mean of the two middle ones (method: the numbers).

    Takes one or more numbers in any order and keeps their unit; a whole result is an int,
    because a count is whole. An empty sequence is a ValueError.

    >>> median([55, 1, 15]), median([28, 43, 19]), median([43, 178, 221])
    (15, 28, 178)
    >>> median([10, 20, 30, 41])
    25
    >>> median([10, 21])
    15.5
    """
    ordered = _ordered(values, "median")
    size = len(ordered)
    total = ordered[(size - 1) // 2] + ordered[size // 2]
    half = total // 2
    # Whole sums are halved as integers, so no count passes through a float.
    return int(half) if half * 2 == total else total / 2


def lower_hinge(values: Sequence[float]) -> float:
    """Take the median of the lower half: the entry goal (method: the numbers; Tukey 1977).

    With an odd number of values the middle one belongs to both halves. Takes one or more
    numbers in any order; a whole result is an int. An empty sequence is a ValueError.

    >>> lower_hinge([1, 2, 3, 4, 5]), lower_hinge([10, 20, 30, 41])
    (2, 15)
    """
    ordered = _ordered(values, "lower hinge")
    return median(ordered[: (len(ordered) + 1) // 2])


def mean(values: Sequence[float]) -> float:
    """Take the arithmetic mean, shown beside the median for the skew (method: the numbers).

    Always a float, and the same for every order of the values. An empty sequence is a ValueError.

    >>> round(mean([55, 1, 15]), 2)
    23.67
    """
    return fsum(_ordered(values, "mean")) / len(values)


def spread(values: Sequence[float]) -> Spread | None:
    """Pick the symmetric pair that covers the median in about 90 % of cases (method: the numbers).

    x(k) and x(n+1-k) of the n ordered values, the sign-test interval, with the k whose coverage 1 -
    2 P(Bin(n, 1/2) <= k-1) is nearest to 0.9. None for fewer than five values, where no pair comes
    near.

    >>> spread([100, 150, 491, 546, 635, 900, 17525])
    Spread(low=150, high=900, coverage=0.875)
    """
    if len(values) < FEWEST:
        return None
    rank, coverage = _nearest_pair(len(values))
    ordered = sorted(values)
    return Spread(ordered[rank - 1], ordered[-rank], coverage)


def leave_one_out(values: Sequence[float]) -> tuple[float, float] | None:
    """Find the smallest and largest median when any one value is left out (method: the numbers).

    None for fewer than two values, because leaving one out leaves nothing.

    >>> leave_one_out([10, 20, 30, 41])
    (20, 30)
    """
    ordered = sorted(values)
    if not ordered[1:]:
        return None
    # No other omission moves the median further than that of the largest or the smallest value.
    return median(ordered[:-1]), median(ordered[1:])


def outliers(values: Sequence[float]) -> tuple[int, ...]:
    """Find the outliers among counts, as indices in the given order (method: comparable pages).

    Modified z-score of log(1 + count) beyond 3.5 on either side (Iglewicz and Hoaglin 1993), with
    the mean absolute deviation where the median one is 0. Counts are 0 or more; a number of -1 or
    less is a ValueError. Empty below five values.

    >>> outliers([100, 150, 491, 546, 635, 900, 17525])
    (6,)
    """
    if len(values) < FEWEST:
        return ()
    logs = [log1p(value) for value in values]
    middle = median(logs)
    unit = _deviation_unit([abs(log - middle) for log in logs])
    return tuple(i for i, log in enumerate(logs) if abs(log - middle) > CUT_OFF * unit)


def shortfall(goal: float, own: float) -> float:
    """Count what is missing to the goal: the gap, 0 or more (method: the numbers).

    Both in one unit and on one basis; half a domain is rounded up to one. An int, unless the goal
    is infinite.

    >>> shortfall(178, 5), shortfall(49, 2), shortfall(24.5, 24), shortfall(10, 12)
    (173, 47, 1, 0)
    """
    missing = goal - own
    if isinf(missing):
        return max(0, missing)
    return max(0, ceil(missing))


def surplus(goal: float, own: float) -> float:
    """Count what is above the goal: the opposite of the shortfall (method: the numbers).

    >>> surplus(10, 12), surplus(178, 5)
    (2, 0)
    """
    return shortfall(own, goal)


def bounded_shortfall(goal: Bounded, own: Bounded) -> Bounded:
    """Count what is missing to the goal, with the bounds of both: own links narrow the gap.

    >>> bounded_shortfall(exactly(40), Bounded(7, 7, 7, 50, 50)).bound
    'at most'
    """
    if goal.floor == goal.limit and own.floor == own.limit:
        return exactly(shortfall(goal.value, own.value))
    return Bounded(*map(shortfall, goal, reversed(own)))


def range_start(goal: float, tolerance: float) -> float:
    """Round (1 - tolerance) of the goal up: the competitive range starts there.

    Source: method, the numbers. The tolerance is a share from 0 to 1, read to the billionth;
    another one is a ValueError. An int, unless the goal is infinite.

    >>> range_start(178, 0.25), range_start(10, 0.3)
    (134, 7)
    """
    if not 0 <= tolerance <= 1:
        raise ValueError(f"a tolerance is a share from 0 to 1, not {tolerance}")
    if isinf(goal):
        return goal
    # In integers: in floats (1 - 0.45) * 100 is slightly over 55, and rounding up would add a whole
    # domain.
    kept = BILLIONTHS - round(tolerance * BILLIONTHS)
    numerator, denominator = goal.as_integer_ratio()
    return -(-kept * numerator // (BILLIONTHS * denominator))


def months(need: int, pace: float) -> int:
    """Round need / pace up: whole months at a pace in domains a month (method: plan).

    The pace is above 0 and read to the billionth: in floats, 21 / 0.7 is slightly over 30.

    >>> months(21, 0.7), months(37, 27.5), months(0, 5)
    (30, 2, 0)
    """
    return -(-need * BILLIONTHS // round(pace * BILLIONTHS))


def moving_months(need: int, pace: float, twelfths: int) -> int | None:
    """Round need / (pace - velocity) up, for a velocity in twelfths of a domain a month.

    None where the pace does not exceed the velocity: such a need is never met (method: plan). The
    pace is above 0 and read to the billionth.

    >>> moving_months(10, 5, 20), moving_months(10, 5, 60), moving_months(0, 5, 60)
    (3, None, 0)
    """
    if need == 0:
        return 0
    closed = round(pace * BILLIONTHS) * YEAR - twelfths * BILLIONTHS
    return -(-need * BILLIONTHS * YEAR // closed) if closed > 0 else None


def _ordered(values: Sequence[float], figure: str) -> list[float]:
    if not values:
        raise ValueError(f"there is no {figure} of no counts")
    return sorted(values)


@cache
def _nearest_pair(size: int) -> tuple[int, float]:
    """Find the rank k whose pair covers nearest to 90 %, and that coverage.

    Counted in subsets out of 2 ** size, so that nothing overflows or rounds: `outside` of them lie
    on either side of the pair, `edge` is the next binomial coefficient.
    """
    subsets = 2**size
    rank, outside, edge = 1, 1, size
    # Coverage falls with the rank; |coverage - 0.9| is |subsets - 20 * outside| in tenths.
    while abs(subsets - 20 * (outside + edge)) < abs(subsets - 20 * outside):
        outside += edge
        rank += 1
        edge = edge * (size - rank + 1) // rank
    return rank, (subsets - 2 * outside) / subsets


def _deviation_unit(deviations: Sequence[float]) -> float:
    """Estimate a standard deviation from the median deviation, or else from the mean one."""
    if typical := median(deviations):
        return typical / CONSISTENT_MEDIAN
    return CONSISTENT_MEAN * mean(deviations)


def apart(places: Sequence[float], distance: float) -> list[float]:
    """Move places up, no more than needed, so that all keep this distance from each other.

    >>> apart([10, 0, 11], 5)
    [10, 0, 15]
    """
    moved, free = list(places), min(places, default=0.0)
    for n in sorted(range(len(places)), key=lambda n: places[n]):
        moved[n] = max(moved[n], free)
        free = moved[n] + distance
    return moved
