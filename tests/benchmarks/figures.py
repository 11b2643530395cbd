"""Measured figures beside the limits they have to keep, as a Markdown table."""

from collections.abc import Iterable
from typing import NamedTuple

from paired import Timing


class Figure(NamedTuple):
    what: str
    measured: str
    limit: str = ""
    kept: bool = True


def at_most(what: str, value: float, limit: float, unit: str = "x") -> Figure:
    return Figure(what, f"{value:.2f} {unit}", f"at most {limit:g} {unit}", value <= limit)


def at_least(what: str, value: float, limit: float, unit: str = "x") -> Figure:
    return Figure(what, f"{value:.2f} {unit}", f"at least {limit:g} {unit}", value >= limit)


def must_be_empty(what: str, differences: Iterable[str]) -> Figure:
    found = list(differences)
    shown = "; ".join(found[:3]) + (f"; {len(found) - 3} more" if len(found) > 3 else "")
    return Figure(what, shown or "none", "none", not found)


def seconds(what: str, timing: Timing) -> Figure:
    return Figure(what, f"{timing.seconds:.3f} s (CPU {timing.processor_seconds:.3f})")


def markdown(figures: Iterable[Figure]) -> str:
    rows = [
        f"| {figure.what} | {figure.measured} | {figure.limit} | {_verdict(figure)} |"
        for figure in figures
    ]
    return "\n".join(["| what | measured | limit | |", "|---|--:|--:|---|", *rows])


def _verdict(figure: Figure) -> str:
    if not figure.limit:
        return ""
    return "kept" if figure.kept else "**missed**"
