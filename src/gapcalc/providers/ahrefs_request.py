"""How every question to Ahrefs is put, and what it costs at least."""

from collections.abc import Mapping

from gapcalc.providers.base import Access, Price, Request, StepName

ADDRESS = "https://api.ahrefs.com"
KEY = Access(("AHREFS_API_KEY",), "bearer")
MINIMUM = 50
"""Units that every request costs, however few rows it brings."""


def get(
    step: StepName, about: str, path: str, params: Mapping[str, str], bill: tuple[int, int]
) -> Request:
    """Make a request; `bill` is the price of a row, and how many rows there can be."""
    row, rows = bill
    return Request(
        step=step,
        about=about,
        access=KEY,
        address=ADDRESS,
        path=f"/v3/{path}",
        params={**params, "output": "json"},
        price=Price(row=row, minimum=MINIMUM if row else 0),
        rows=rows,
    )
