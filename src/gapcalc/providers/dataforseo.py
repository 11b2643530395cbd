"""DataForSEO v3, live endpoints: one task a request, billed in money, errors in inner codes."""

import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from gapcalc.errors import UsageError
from gapcalc.formats.dataforseo import BACKLINKS
from gapcalc.providers import base
from gapcalc.providers.columns import (
    Field,
    as_text,
    number,
    record,
    records,
    rows_under,
    text,
    usable,
    wanted,
    whole,
    write_row,
)
from gapcalc.urls import page_of
from gapcalc.words import ONE_PER_DOMAIN

_ask = partial(
    base.Request,
    access=base.Access(("DATAFORSEO_LOGIN", "DATAFORSEO_PASSWORD"), "basic"),
    address="https://api.dataforseo.com",
    slow=True,
)
_DOLLARS = base.Unit("US$", 10**6)
_PAGE = 10
"""Results on one billed page of a SERP; a page may hold fewer."""
_FIRST_PAGE, _FURTHER_PAGE = 2_000, 1_500
_DEEPEST = 200
_OPERATOR = re.compile(
    r"\b(allinanchor|allintext|allintitle|allinurl|cache|define|definition|filetype|id|inanchor|info"
    r"|intext|intitle|inurl|link|related|site):",
    re.IGNORECASE,
)
"""Search operators: DataForSEO bills a question with one fivefold, or refuses it."""
_UNWANTED = ["srsltid", "gclid", "fbclid", "msclkid", "mc_cid", "mc_eid"]
"""Parameters that identify visitors, not pages; DataForSEO accepts at most ten."""
# An empty list is billed as one row.
_BACKLINKS_PRICE = base.Price(request=20_000, row=30, minimum=20_030)
_MOST_ROWS = 1000
FARTHEST_OFFSET = 20_000
_LINK_FIELDS = (
    Field("source_url", "url_from", always=True),
    Field("target_url", "url_to", always=True),
    Field("nofollow", "dofollow", always=True),
    Field("lost", "is_lost", always=True),
    Field("ugc", "attributes", always=True),
    Field("anchor", "anchor", always=True),
    Field("title", "page_from_title"),
    Field("kind", "item_type", always=True),
    Field("external_links", "page_from_external_links", always=True),
    Field("language", "page_from_language", always=True),
)
_DONE, _NO_RESULTS = 20_000, 40_102
_AGAIN = (40_101, 40_202, 40_209)
_KEY_CODES = (40_100, 40_104)
_SERVER_CODES = 50_000
"""Codes from here on are server errors."""
_MONEY_CODES = range(40_200, 40_300)
_ADDRESS_REFUSED = 40_207


def declare(terms: base.Terms) -> base.Provider:
    """Declare DataForSEO for the given terms; raises UsageError for what it cannot do."""
    if terms.top > _DEEPEST:
        raise UsageError(f"--top {terms.top}: DataForSEO gives {_DEEPEST} results at most")
    return base.Provider(
        name="dataforseo",
        title="DataForSEO",
        unit=_DOLLARS,
        variable="GAPCALC_DATAFORSEO_URL",
        spacing=0.032,  # 2000 requests a minute
        at_once=25,  # of 30
        judge=_judge,
        bill=lambda _request, answer: _cost(answer.data),
        serp=base.SerpStep(
            via="serp/google/organic/live/advanced",
            ask=lambda phrase: _serp(phrase, terms),
            read=_read_serp,
        ),
        counts=base.BatchStep(
            via="backlinks/bulk_referring_domains/live",
            size=1000,
            ask=_counts,
            read=lambda answer: _read_counts(answer, terms),
        ),
        links=_links(terms),
        balance=base.BalanceStep(ask=_balance, read=_read_balance),
    )


def _result(answer: base.Answer) -> Mapping[str, Any]:
    """Give the result of the only task; empty where there is no data."""
    tasks = rows_under(answer.data, "tasks")
    if not tasks or "status_code" not in tasks[0]:
        raise base.UnreadableError("it has no task with a status")
    return next(records(tasks[0], "result"), {})


def _items(answer: base.Answer) -> list[Mapping[str, Any]]:
    result = _result(answer)
    return rows_under(result, "items") if result.get("items") is not None else []


def _serp(phrase: str, terms: base.Terms) -> base.Request:
    if operator := _OPERATOR.search(phrase):
        raise UsageError(
            f"{phrase!r} holds the search operator {operator[0]} DataForSEO bills it fivefold, and "
            "what it finds is not what people see; leave it out"
        )
    pages = -(-terms.top // _PAGE)
    task = {
        # DataForSEO decodes keywords as parts of a URL.
        "keyword": phrase.replace("%", "%25").replace("+", "%2B"),
        "location_code": terms.market.location,
        "language_code": terms.market.language,
        "device": "desktop",
        "depth": pages * _PAGE,
        # One page more than needed: a page often holds fewer than ten results.
        "max_crawl_pages": pages + 1,
        "remove_from_url": _UNWANTED,
    }
    return _ask(
        "serp",
        f"SERP of {phrase!r}",
        path="/v3/serp/google/organic/live/advanced",
        body=[task],
        price=base.Price(request=_FIRST_PAGE + pages * _FURTHER_PAGE),
        rows=pages * _PAGE,
    )


def _read_serp(answer: base.Answer) -> Sequence[base.Ranked]:
    organic = [item for item in _items(answer) if item.get("type") == "organic"]
    found = [
        # rank_group counts only organic results; rank_absolute also counts features between them.
        base.Ranked(
            whole(item.get("rank_group")),
            text(item.get("url")) or "",
            "organic",
            title=text(item.get("title")),
        )
        for item in organic
    ]
    return usable(found, organic)


def _counts(urls: Sequence[str]) -> base.Request:
    return _ask(
        "counts",
        f"counts of {urls[0]}" if len(urls) == 1 else f"counts of {len(urls)} pages",
        path="/v3/backlinks/bulk_referring_domains/live",
        body=[{"targets": list(urls)}],
        price=_BACKLINKS_PRICE,
        rows=len(urls),
        asked=tuple(urls),
    )


def _read_counts(answer: base.Answer, terms: base.Terms) -> dict[str, base.Count]:
    items = _items(answer)
    as_asked = {as_text(item.get("target")): item for item in items}
    # A target may come back in another form, such as its page with or without a slash.
    by_page = {page_of(target): item for target, item in as_asked.items()}
    found = {}
    for url in answer.asked:
        item = as_asked.get(url) or by_page.get(page_of(url))
        if item is not None:
            # gapcalc counts main domains; a list has at most one row for each host.
            domains = whole(item.get("referring_main_domains"))
            hosts = whole(item.get("referring_domains"))
            found[url] = base.Count(domains, _rows(domains, hosts, terms))
    return found


def _rows(domains: int | None, hosts: int | None, terms: base.Terms) -> int | None:
    """Give the number of rows of a page's list: unknown, but 0 if it has no referring domain."""
    if domains == 0 and hosts == 0:
        return 0
    return hosts if terms.one_per_domain else None


def _links(terms: base.Terms) -> base.LinksStep:
    mode = "one_per_domain" if terms.one_per_domain else "as_is"
    # Only a row that stands for a domain has a group count; 0 means nothing was grouped.
    theirs = "group_count" if terms.one_per_domain else "links_count"
    links = Field("links", theirs, always=True, write=lambda value: as_text(value or 1))
    fields = wanted((*_LINK_FIELDS, links), terms.reads)

    def read(answer: base.Answer) -> base.LinkRows:
        rows = tuple(write_row(fields, item) for item in _items(answer))
        return base.LinkRows(rows, text(_result(answer).get("search_after_token")))

    return base.LinksStep(
        via=f"backlinks/backlinks/live, {mode}",
        export=BACKLINKS,
        fields=tuple(field.name for field in fields),
        ask=lambda part: _ask_links(part, mode),
        read=read,
        size=_MOST_ROWS,
        farthest=FARTHEST_OFFSET,
        exact=False,
        note=ONE_PER_DOMAIN if terms.one_per_domain else None,
    )


def _ask_links(part: base.Part, mode: str) -> base.Request:
    far = part.offset > FARTHEST_OFFSET
    # A token is only valid while every other parameter stays the same.
    limit = _MOST_ROWS if far else part.rows
    task = {
        "target": part.url,
        "mode": mode,
        "limit": limit,
        "backlinks_status_type": "live",
        "include_subdomains": True,
        "include_indirect_links": True,
        "exclude_internal_backlinks": True,
        "rank_scale": "one_thousand",
        **({"search_after_token": part.token} if far else {"offset": part.offset}),
    }
    about, path = f"links of {part.url}", "/v3/backlinks/backlinks/live"
    return _ask("links", about, path=path, body=[task], price=_BACKLINKS_PRICE, rows=limit)


def _judge(answer: base.Answer) -> base.Fault | None:
    """Judge by the inner codes: the HTTP status is 200 for nearly everything."""
    if isinstance(answer.data, dict):
        task = next(records(answer.data, "tasks"), {})
        for said in (answer.data, task):
            code = whole(said.get("status_code"))
            if code not in {None, _DONE, _NO_RESULTS}:
                words = f"{code} {text(said.get('status_message')) or ''}"
                return base.Fault(_kind(code or 0), words, cost=_cost(answer.data) or 0)
    if answer.is_ok:
        return None
    kinds: Mapping[int, base.FaultKind] = {401: "key", 402: "units"}
    return base.Fault(
        kinds.get(answer.status, "again" if answer.is_busy else "refused"), answer.text
    )


def _kind(code: int) -> base.FaultKind:
    if code in _AGAIN or code >= _SERVER_CODES:
        return "again"
    if code in _KEY_CODES:
        return "key"
    return "units" if code in _MONEY_CODES and code != _ADDRESS_REFUSED else "refused"


def _cost(data: object) -> int | None:
    """Give the cost that an answer states; errors state one too."""
    cost = number(record({"": data}, "").get("cost"))
    return None if cost is None or cost < 0 else round(cost * _DOLLARS.parts)


def _balance() -> base.Request:
    return _ask("balance", "balance", path="/v3/appendix/user_data", slow=False)


def _read_balance(answer: base.Answer) -> base.Left:
    money = number(record(_result(answer), "money").get("balance"))
    if money is None:
        return base.Left((("left", "unknown"),))
    left = max(0, round(money * _DOLLARS.parts))
    return base.Left((("left", f"{_DOLLARS.name} {money:,.2f}"),), units=left)
