"""The gap answer as a list: a record for each keyword, a row for each page or referring domain."""

from collections.abc import Callable, Iterator, Mapping

from gapcalc.results.gap import GapResult, KeywordResult, KnownDomain, Page, TargetPage

AnyPage = Page | TargetPage
Row = tuple[object, ...]

COLUMNS: dict[str, Callable[[KeywordResult, AnyPage], object]] = {
    "keyword": lambda answer, _: answer.keyword,
    "country": lambda answer, _: answer.country,
    "position": lambda _, page: page.position,
    "url": lambda _, page: page.url,
    "page": lambda _, page: page.page,
    "domain": lambda _, page: page.domain if isinstance(page, Page) else None,
    "metric": lambda _, page: page.authority and page.authority.metric,
    "authority": lambda _, page: page.authority and page.authority.value,
    "raw": lambda _, page: page.raw,
    "kept": lambda _, page: page.kept,
    "followed": lambda _, page: page.followed,
    "count": lambda _, page: page.count,
    "basis": lambda answer, _: answer.basis,
    "source": lambda _, page: page.source,
    "complete": lambda _, page: page.complete,
    "comparable": lambda _, page: isinstance(page, Page) and page.comparable,
    "left_out": lambda _, page: page.left_out if isinstance(page, Page) else "own-page",
    "flags": lambda _, page: " ".join(page.flags) if isinstance(page, Page) else "",
    "vendor_total": lambda _, page: page.vendor_total,
    "listed": lambda _, page: page.listed,
    "lost_links": lambda _, page: page.set_aside and page.set_aside.lost,
    "internal_links": lambda _, page: page.set_aside and page.set_aside.internal,
    "dropped": lambda _, page: _pairs({r: n for r, n in (page.dropped or {}).items() if n}),
    "vendors": lambda _, page: _pairs({v: k.raw for v, k in (page.by_vendor or {}).items()}),
    "shared": lambda _, page: page.shared,
    "disputed": lambda _, page: page.disputed,
}
"""The columns of a row for a page, in their order."""

DOMAIN_COLUMNS: dict[str, Callable[[KnownDomain], object]] = {
    "referring_domain": lambda known: known.domain,
    "kept": lambda known: known.kept,
    "vendors": lambda known: " ".join(known.vendors),
    "verdicts": lambda known: _pairs(known.vendors),
}
"""The columns of a row for a referring domain, after those that name the page."""
_PAGE_NAMES = ("keyword", "country", "position", "url", "page")


def every_page(answer: KeywordResult) -> tuple[AnyPage, ...]:
    """Give the pages of an answer, the own one among them wherever it ranks."""
    own = answer.target_page
    outside = own is not None and all(page.page != own.page for page in answer.pages)
    return (*answer.pages, own) if outside and own is not None else answer.pages


def rows(result: GapResult) -> Iterator[Row]:
    """Give the headings, then a row for each page; where domains are listed, for each of them."""
    pages = [(answer, page) for answer in result.keywords for page in every_page(answer)]
    if any(page.domains is not None for _, page in pages):
        yield (*_PAGE_NAMES, *DOMAIN_COLUMNS)
        for answer, page in pages:
            yield from _domain_rows(answer, page)
        return
    yield tuple(COLUMNS)
    for answer, page in pages:
        yield tuple(value(answer, page) for value in COLUMNS.values())


def records(result: GapResult) -> Iterator[Mapping[str, object]]:
    """Give each keyword's answer, with the schema that it follows."""
    for answer in result.keywords:
        yield {"schema": result.schema, **vars(answer)}


def _domain_rows(answer: KeywordResult, page: AnyPage) -> Iterator[Row]:
    names = tuple(COLUMNS[name](answer, page) for name in _PAGE_NAMES)
    for known in page.domains or ():
        yield (*names, *(value(known) for value in DOMAIN_COLUMNS.values()))


def _pairs(values: Mapping[str, int] | Mapping[str, str]) -> str:
    return " ".join(f"{name}={value}" for name, value in values.items())
