"""The page table, complete, as CSV; cells that a spreadsheet would run are made harmless."""

import csv
import io
from collections.abc import Iterator

from gapcalc.model import GapResult, KeywordResult, Page, TargetPage
from gapcalc.readers.native import shield
from gapcalc.reports.text import safe

HEADINGS = (
    "keyword",
    "country",
    "position",
    "url",
    "page",
    "domain",
    "metric",
    "authority",
    "raw",
    "kept",
    "followed",
    "count",
    "basis",
    "source",
    "complete",
    "comparable",
    "left_out",
    "flags",
    "vendor_total",
    "listed",
    "lost_links",
    "internal_links",
    "dropped",
)


def write_csv(result: GapResult) -> str:
    """Write one row a page and keyword, the own page always among them."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADINGS)
    for answer in result.keywords:
        for row in _rows(answer):
            writer.writerow([_write(value) for value in row])
    return text.getvalue()


def _rows(answer: KeywordResult) -> Iterator[tuple[object, ...]]:
    own = answer.target_page
    for page in answer.pages:
        yield _row(answer, page)
    if own is not None and all(page.page != own.page for page in answer.pages):
        yield _row(answer, own)


def _row(answer: KeywordResult, page: Page | TargetPage) -> tuple[object, ...]:
    domain, comparable, left_out, flags = _place(page)
    authority, aside = page.authority, page.set_aside
    return (
        answer.keyword,
        answer.country,
        page.position,
        page.url,
        page.page,
        domain,
        authority.metric if authority else None,
        authority.value if authority else None,
        page.raw,
        page.kept,
        page.followed,
        page.count,
        answer.basis,
        page.source,
        page.complete,
        comparable,
        left_out,
        " ".join(flags),
        page.vendor_total,
        page.listed,
        aside.lost if aside else None,
        aside.internal if aside else None,
        " ".join(f"{rule}={count}" for rule, count in (page.dropped or {}).items() if count),
    )


def _place(page: Page | TargetPage) -> tuple[str | None, bool, str | None, tuple[str, ...]]:
    if isinstance(page, Page):
        return page.domain, page.comparable, page.left_out, page.flags
    return None, False, "own-page", ()


def _write(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return shield(safe(value)) if isinstance(value, str) else str(value)
