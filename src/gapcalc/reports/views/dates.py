"""Names the vendors whose data the answer rests on, and the days of the data."""

from collections.abc import Iterator, Sequence
from datetime import date

from gapcalc.results.shared import Input
from gapcalc.text import vendor_name

KINDS = {
    "serp": "SERP",
    "links": "links",
    "domains": "links",
    "pages": "page totals",
    "keywords": "keyword list",
    "intersect": "intersect of sites",
}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def describe_data(inputs: Sequence[Input]) -> str:
    """Name each vendor's data and its days: ``Ahrefs: SERP 11 Nov 2026, links 12-13 Nov 2026``."""
    vendors: dict[str, dict[str, list[Input]]] = {}
    for item in inputs:
        if item.format is not None and item.kind is not None:
            name = vendor_name(item.vendor) if item.vendor else "Own file"
            vendors.setdefault(name, {}).setdefault(KINDS[item.kind], []).append(item)
    return "; ".join(
        f"{name}: {', '.join(_with_days(kinds))}" for name, kinds in sorted(vendors.items())
    )


def _with_days(kinds: dict[str, list[Input]]) -> Iterator[str]:
    for kind in dict.fromkeys(KINDS.values()):
        days = [item.to for item in kinds.get(kind, ()) if item.to]
        if kind in kinds:
            yield f"{kind} {write_span(min(days), max(days))}" if days else kind


def write_span(first: str, last: str) -> str:
    """Write the days from the first to the last, each given as 2026-01-31.

    >>> write_span("2026-11-12", "2026-11-13"), write_span("2025-12-31", "2026-01-02")
    ('12-13 Nov 2026', '31 Dec 2025 - 2 Jan 2026')
    """
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    if start == end:
        return _write(end)
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day}-{_write(end)}"
    return f"{_write(start)} - {_write(end)}"


def write_month(month: str) -> str:
    """Write a month that is given as 2026-01.

    >>> write_month("2026-01")
    'Jan 2026'
    """
    year, _, number = month.partition("-")
    return f"{_MONTHS[int(number) - 1]} {year}"


def _write(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
