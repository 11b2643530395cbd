"""The gap answer as a list: a record for each keyword, a row for each page or referring domain."""

from collections.abc import Callable, Iterator, Mapping

from gapcalc.results.gap import GapResult, KeywordResult, KnownDomain, Page, TargetPage
from gapcalc.words import RowKind

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
KEYWORD_COLUMNS: dict[str, Callable[[KeywordResult], object]] = {
    "keyword": lambda answer: answer.keyword,
    "country": lambda answer: answer.country,
    "volume": lambda answer: answer.volume,
    "kd": lambda answer: answer.kd,
    "url": lambda answer: answer.target_page and answer.target_page.url,
    "page": lambda answer: answer.target_page and answer.target_page.page,
    "chosen": lambda answer: answer.target_page and answer.target_page.chosen,
    "position": lambda answer: answer.target_page and answer.target_page.position,
    "basis": lambda answer: answer.basis,
    "own": lambda answer: answer.summary.own,
    "goal": lambda answer: answer.goals.median,
    "goal_bound": lambda answer: answer.goals.bound,
    "to_competitive": lambda answer: answer.gap.to_competitive,
    "to_median": lambda answer: answer.gap.to_median,
    "need_bound": lambda answer: answer.gap.bound,
    "months_low": lambda answer: answer.plan and answer.plan.months.low,
    "months_middle": lambda answer: answer.plan and answer.plan.months.middle,
    "months_high": lambda answer: answer.plan and answer.plan.months.high,
    "pages": lambda answer: answer.goals.n,
    "confidence": lambda answer: answer.goals.confidence,
    "verdict": lambda answer: answer.verdict.code,
    "sentence": lambda answer: answer.verdict.sentence,
}
"""The columns of a row for a keyword, before the error of one that has no answer."""
_PAGE_NAMES = ("keyword", "country", "position", "url", "page")


def every_page(answer: KeywordResult) -> tuple[AnyPage, ...]:
    """Give the pages of an answer, the own one among them wherever it ranks."""
    own = answer.target_page
    outside = own is not None and all(page.page != own.page for page in answer.pages)
    return (*answer.pages, own) if outside and own is not None else answer.pages


def rows(result: GapResult, kind: RowKind | None = None) -> Iterator[Row]:
    """Give the headings, then a row for each keyword, page or referring domain of a page.

    Without a kind, the rows are referring domains if these are listed, else keywords if there are
    several, else pages.
    """
    pages = [(answer, page) for answer in result.keywords for page in every_page(answer)]
    listed = any(page.domains is not None for _, page in pages)
    several = len(result.keywords) + len(result.unanswered) > 1
    kind = kind or ("domains" if listed else "keywords" if several else "pages")
    if kind == "keywords":
        yield from _keyword_rows(result)
        return
    if kind == "domains":
        yield (*_PAGE_NAMES, *DOMAIN_COLUMNS)
        for answer, page in pages:
            yield from _domain_rows(answer, page)
        return
    yield tuple(COLUMNS)
    for answer, page in pages:
        yield tuple(value(answer, page) for value in COLUMNS.values())


def _keyword_rows(result: GapResult) -> Iterator[Row]:
    yield (*KEYWORD_COLUMNS, "error")
    for answer in result.keywords:
        yield (*(value(answer) for value in KEYWORD_COLUMNS.values()), None)
    for missing in result.unanswered:
        known = {"keyword": missing.keyword, "country": missing.country}
        yield (*map(known.get, KEYWORD_COLUMNS), missing.reason)


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
