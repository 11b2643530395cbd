"""Says what each vendor's links alone say of the pages, and what they say together."""

from collections.abc import Iterator

from gapcalc.reports.document import Cell, Column, Grid
from gapcalc.results import KeywordResult, Page, TargetPage


def bare(url: str) -> str:
    """Write a URL without what every URL begins with."""
    return url.removeprefix("https://").removeprefix("http://").removeprefix("www.")


def every_page(answer: KeywordResult) -> tuple[Page | TargetPage, ...]:
    """Give the pages of an answer, the own one among them wherever it ranks."""
    own = answer.target_page
    outside = own is not None and all(page.page != own.page for page in answer.pages)
    return (*answer.pages, own) if outside and own is not None else answer.pages


def vendor_grid(answer: KeywordResult) -> Grid:
    """Lay out the vendors' counts, page by page."""
    columns = (
        Column("Page", "url"),
        Column("Vendor"),
        Column("Raw", "number"),
        Column("Kept", "number"),
        Column("Followed", "number"),
        Column("Only it", "number"),
        Column("Note"),
    )
    rows = [row for page in every_page(answer) for row in _rows(page)]
    marked = frozenset(place for place, row in enumerate(rows) if row[1] == "together")
    return Grid(columns, tuple(rows), marked)


def _rows(page: Page | TargetPage) -> Iterator[tuple[Cell, ...]]:
    url = bare(page.url or "")
    for vendor, known in (page.by_vendor or {}).items():
        yield url, vendor, known.raw, known.kept, known.followed, known.only, ""
        url = ""
    if page.shared is not None:
        note = f"{page.shared:,} shared"
        note += f", {page.disputed:,} disputed" if page.disputed else ""
        yield "", "together", page.listed, page.kept, page.followed, None, note
