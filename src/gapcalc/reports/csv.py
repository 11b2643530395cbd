"""The page table, complete, as CSV; cells that a spreadsheet would run are made harmless."""

import csv
import io
from collections.abc import Iterator

from gapcalc.formats.own import shield
from gapcalc.reports.views.vendors import every_page
from gapcalc.results import GapResult, KeywordResult, Page, TargetPage
from gapcalc.text import safe

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
    "vendors",
    "shared",
    "disputed",
)
DOMAIN_HEADINGS = (
    "keyword",
    "country",
    "position",
    "url",
    "page",
    "referring_domain",
    "kept",
    "vendors",
    "verdicts",
)


def write_csv(result: GapResult) -> str:
    """Write one row a page and keyword, the own page always among them.

    Where the referring domains of the pages are listed, it is one row a domain.
    """
    pages = [(answer, page) for answer in result.keywords for page in every_page(answer)]
    listed = any(page.domains is not None for _, page in pages)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(DOMAIN_HEADINGS if listed else HEADINGS)
    for answer, page in pages:
        for row in _domain_rows(answer, page) if listed else (_row(answer, page),):
            writer.writerow([_write(value) for value in row])
    return text.getvalue()


def _domain_rows(answer: KeywordResult, page: Page | TargetPage) -> Iterator[tuple[object, ...]]:
    for known in page.domains or ():
        yield (
            answer.keyword,
            answer.country,
            page.position,
            page.url,
            page.page,
            known.domain,
            known.kept,
            " ".join(known.vendors),
            " ".join(f"{vendor}={verdict}" for vendor, verdict in known.vendors.items()),
        )


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
        " ".join(f"{vendor}={known.raw}" for vendor, known in (page.by_vendor or {}).items()),
        page.shared,
        page.disputed,
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
