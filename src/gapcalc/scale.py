"""Converts an Ahrefs Keyword Difficulty into referring domains, and back.

The curve is RD = k * KD / (100 - KD) with k linear in KD between the published points: exact at
each of them and rising throughout (docs/method.md, KD benchmark).
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from math import floor, sqrt
from pathlib import Path
from typing import Any, NamedTuple

from gapcalc import data
from gapcalc.errors import KdVendorError, UsageError, unreadable

VENDOR = "ahrefs"
HARDEST = 100
CEILING = 99  # the odds grow without end towards 100, so beyond this KD no number means anything
BAND = 0.25
KEYS = ("vendor", "date", "source", "band", "points")


class Point(NamedTuple):
    """A published pair: a KD from 0 to below 100 and the referring domains it stands for."""

    kd: float
    rd: int


class Benchmark(NamedTuple):
    """A KD in referring domains, with the band around it.

    Beyond the published points `extrapolated` is true, there is no band, and `over` is a lower
    limit: the last published figure, or `rd` itself from KD 99 on.
    """

    kd: float
    rd: int
    low: int | None
    high: int | None
    extrapolated: bool
    over: int | None


class Difficulty(NamedTuple):
    """The KD, to one decimal, that some number of referring domains stands for."""

    kd: float
    extrapolated: bool


@dataclass(frozen=True)
class Scale:
    """A published scale; points that cannot carry a rising curve are a ValueError."""

    vendor: str
    date: str
    source: str
    points: tuple[Point, ...]
    band: float = BAND

    def __post_init__(self) -> None:
        if self.vendor != VENDOR:
            raise ValueError(
                f"only Ahrefs KD stands for referring domains, not that of {self.vendor!r}: "
                "other vendors measure more than referring domains"
            )
        if not 0 <= self.band <= 1:
            raise ValueError(f"the band is a share from 0 to 1, not {self.band}")
        _check_ends(self.points)
        for index in range(1, len(self.points)):
            _check_rise(self.points, index)


@cache
def default_scale() -> Scale:
    """Read the scale that ships with the package.

    >>> default_scale().points[5]
    Point(kd=50, rd=84)
    """
    return _scale(data.load("scale"))


def load_scale(path: Path) -> Scale:
    """Read a scale from a TOML file: `vendor`, `date`, `source`, `points` and perhaps `band`.

    ValueError names the file and what is wrong in it; an unreadable file is an OSError.
    """
    document = data.read(path)
    try:
        return _scale(document)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error


def read_scale(path: Path | None) -> Scale:
    """Read the scale that the user named, else the one of the package; raises UsageError."""
    if path is None:
        return default_scale()
    try:
        return load_scale(path)
    except OSError as error:
        raise unreadable("--kd-scale", path, error) from error
    except ValueError as error:
        raise UsageError(f"--kd-scale: {error}") from error


def read_kd(given: str | float | None) -> float | None:
    """Read a KD; a per cent sign or a vendor's name in front tells whose score it is.

    Raises UsageError, KdVendorError.
    """
    if given is None:
        return None
    text = str(given)
    vendor, _, number = text.rpartition(":")
    if vendor and vendor.casefold() != "ahrefs":
        raise KdVendorError(vendor)
    if number.strip().endswith("%"):
        raise KdVendorError("Semrush (KD %)")
    try:
        score = float(number)
    except ValueError:
        score = -1.0
    if not 0 <= score <= HARDEST:
        raise UsageError(f"--kd {text} is not a Keyword Difficulty; it is a number from 0 to 100")
    return score


def rd_for_kd(kd: float, scale: Scale) -> Benchmark:
    """Turn an Ahrefs KD from 0 to 100 into referring domains (method: KD benchmark).

    Rounded half up; the band is computed from the rounded figure, so that a reader can check it. A
    KD outside the range is a ValueError.

    >>> rd_for_kd(77, default_scale())
    Benchmark(kd=77, rd=294, low=221, high=368, extrapolated=False, over=None)
    >>> rd_for_kd(95, default_scale())
    Benchmark(kd=95, rd=1596, low=None, high=None, extrapolated=True, over=756)
    """
    rd = _half_up(curve(kd, scale))
    last = scale.points[-1]
    if kd > last.kd:
        over = last.rd if kd < CEILING else rd
        return Benchmark(kd, rd, None, None, extrapolated=True, over=over)
    low, high = _half_up(rd * (1 - scale.band)), _half_up(rd * (1 + scale.band))
    return Benchmark(kd, rd, low, high, extrapolated=False, over=None)


def kd_for_rd(rd: float, scale: Scale) -> Difficulty:
    """Turn referring domains into an Ahrefs KD: the inverse of `rd_for_kd`.

    Source: method, KD benchmark. Never above KD 99, where the curve ends. Fewer than 0 referring
    domains are a ValueError.

    >>> kd_for_rd(84, default_scale())
    Difficulty(kd=50.0, extrapolated=False)
    """
    if not rd >= 0:
        raise ValueError(f"a number of referring domains is 0 or more, not {rd}")
    extrapolated = rd > scale.points[-1].rd
    end = _end(scale)
    if rd >= curve(end, scale):
        return Difficulty(float(end), extrapolated)
    level, slope = _line(scale.points, bisect_left(scale.points, rd, lo=1, key=lambda p: p.rd))
    # The positive root of slope * KD^2 + (level + rd) * KD - 100 * rd = 0, which is the curve
    # solved for KD, in the form that holds for a slope of 0 too.
    straight = level + rd
    root = straight + sqrt(straight**2 + 4 * HARDEST * slope * rd)
    return Difficulty(_half_up(10 * 2 * HARDEST * rd / root) / 10, extrapolated)


def curve(kd: float, scale: Scale) -> float:
    """Compute the referring domains for a KD before rounding (method: KD benchmark).

    From KD 99 on it stays at the value for KD 99. A KD outside 0 to 100 is a ValueError.

    >>> curve(45, default_scale()), curve(99.5, default_scale())
    (68.72727272727273, 8316.0)
    """
    if not 0 <= kd <= HARDEST:
        raise ValueError(f"a Keyword Difficulty is a number from 0 to 100, not {kd}")
    kd = min(kd, _end(scale))
    level, slope = _line(scale.points, bisect_left(scale.points, kd, lo=1, key=lambda p: p.kd))
    return (level + slope * kd) * kd / (HARDEST - kd)


def _end(scale: Scale) -> float:
    return max(CEILING, scale.points[-1].kd)


def _line(points: Sequence[Point], after: int) -> tuple[float, float]:
    """Find level and slope of k before the point of that index; flat outside the inner points."""
    left, right = points[max(after - 1, 1)], points[min(after, len(points) - 1)]
    if left == right:
        return _k(left), 0.0
    slope = (_k(right) - _k(left)) / (right.kd - left.kd)
    return _k(left) - slope * left.kd, slope


def _k(point: Point) -> float:
    return point.rd * (HARDEST - point.kd) / point.kd


def _half_up(value: float) -> int:
    # Half a domain is often exact on paper but slightly less in floats: 0.7 * 45 is 31.5.
    return floor(round(value, 9) + 0.5)


def _scale(document: Mapping[str, Any]) -> Scale:
    if strange := sorted(document.keys() - KEYS):
        raise ValueError(f"{strange[0]!r} is not a key of a scale; it has {', '.join(KEYS)}")
    return Scale(
        vendor=_text(document, "vendor").lower(),
        date=_text(document, "date"),
        source=_text(document, "source"),
        points=_points(document.get("points")),
        band=_number(document.get("band", BAND)),
    )


def _text(document: Mapping[str, Any], key: str) -> str:
    text = document.get(key)
    if not isinstance(text, str | date) or not str(text).strip():
        raise ValueError(f"a scale has a {key}, a text between quotes")
    return str(text).strip()


def _points(entries: object) -> tuple[Point, ...]:
    match entries:
        case list():
            return tuple(_point(entry) for entry in entries)
        case _:
            raise ValueError("a scale has points, a list of pairs [KD, referring domains]")


def _point(entry: object) -> Point:
    match entry:
        case [kd, int(rd)] if not isinstance(rd, bool):
            return Point(_number(kd), rd)
        case _:
            raise ValueError(f"a point is [KD, referring domains], the latter whole, not {entry}")


def _number(value: object) -> float:
    match value:
        case int() | float() if not isinstance(value, bool):
            return value
        case _:
            raise ValueError(f"{value!r} stands where a number belongs")


def _check_ends(points: Sequence[Point]) -> None:
    if not points[1:]:
        raise ValueError("a scale needs the point KD 0 and at least one more")
    if any(points[0]):
        raise ValueError("the first point of a scale is KD 0 with 0 referring domains")
    if not points[-1].kd < HARDEST:
        raise ValueError(f"the last point of a scale is below KD 100, not KD {points[-1].kd}")


def _check_rise(points: Sequence[Point], index: int) -> None:
    before, after = points[index - 1], points[index]
    if not (before.kd < after.kd and before.rd < after.rd):
        raise ValueError(
            f"KD and referring domains rise from point to point, but {list(after)} follows "
            f"{list(before)}"
        )
    _, slope = _line(points, index)
    # Rising points are not enough: where k falls fast, the curve climbs above the next point and
    # comes down to it. This is the sign of its slope there, where it is least.
    if HARDEST * after.rd + slope * after.kd**2 <= 0:
        raise ValueError(f"between KD {before.kd} and KD {after.kd} the curve would fall")
