"""DataForSEO v3, live endpoints: one task a request, billed in money, the truth in inner codes."""

from collections.abc import Mapping, Sequence
from typing import Any

from gapcalc.formats.dataforseo import BACKLINKS
from gapcalc.providers.base import (
    HALF,
    ONE_PER_DOMAIN,
    Access,
    Answer,
    Balance,
    Batch,
    Count,
    Fault,
    FaultKind,
    Links,
    Listed,
    Part,
    Price,
    Provider,
    Ranked,
    Request,
    Serp,
    StepName,
    Terms,
    Unit,
)
from gapcalc.providers.columns import Field, number, record, records, text, wanted, whole, write_row

_ADDRESS = "https://api.dataforseo.com"
_KEY = Access(("DATAFORSEO_LOGIN", "DATAFORSEO_PASSWORD"), "basic")
_DOLLARS = Unit("US$", 10**6)
_SCREEN = 10
"""Results that a SERP is billed by."""
_SCREEN_PRICE = 2_000
# A list with nothing in it is billed as one row.
_BACKLINKS_PRICE = Price(request=20_000, row=30, minimum=20_030)
_MOST_ROWS = 1000
_FARTHEST_OFFSET = 20_000
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
    Field("links", "group_count", always=True),
)
_DONE, _NO_RESULTS = 20_000, 40_102
_AGAIN = (40_101, 40_202, 40_209)
_KEY_CODES = (40_100, 40_104)
_SERVER_CODES = 50_000
"""Codes from here on are the server's own failures."""
_MONEY_CODES = range(40_200, 40_300)
_ADDRESS_REFUSED = 40_207


def declare(terms: Terms) -> Provider:
    """Give DataForSEO as it is asked under these terms."""
    return Provider(
        name="dataforseo",
        title="DataForSEO",
        unit=_DOLLARS,
        variable="GAPCALC_DATAFORSEO_URL",
        spacing=0.032,  # 2000 requests a minute
        at_once=25,  # of 30
        judge=_judge,
        bill=lambda _request, answer: _cost(answer),
        serp=Serp(
            via="serp/google/organic/live/advanced",
            ask=lambda phrase: _serp(phrase, terms),
            read=_read_serp,
        ),
        counts=Batch(
            via="backlinks/bulk_referring_domains/live",
            size=1000,
            ask=_counts,
            read=lambda answer: _read_counts(answer, terms),
        ),
        links=_links(terms),
        balance=Balance(ask=_balance, read=_read_balance),
    )


def _post(
    step: StepName, about: str, path: str, task: Mapping[str, Any], bill: tuple[Price, int]
) -> Request:
    price, rows = bill
    return Request(
        step=step,
        about=about,
        access=_KEY,
        address=_ADDRESS,
        path=f"/v3/{path}",
        body=[dict(task)],
        price=price,
        rows=rows,
        asked=tuple(task.get("targets", ())),
    )


def _results(answer: Answer) -> Mapping[str, Any]:
    """Give the result of the one task, an empty one where there is no data."""
    task = next(records(answer.data, "tasks"), {})
    return next(records(task, "result"), {})


def _serp(phrase: str, terms: Terms) -> Request:
    screens = -(-terms.top // _SCREEN)
    task = {
        "keyword": phrase,
        "location_code": terms.market.location,
        "language_code": terms.market.language,
        "device": "desktop",
        "depth": screens * _SCREEN,
    }
    bill = Price(request=screens * _SCREEN_PRICE), screens * _SCREEN
    return _post("serp", f"SERP of {phrase!r}", "serp/google/organic/live/advanced", task, bill)


def _read_serp(answer: Answer) -> list[Ranked]:
    return [
        # rank_group counts the organic results alone, rank_absolute what stands between them too.
        Ranked(whole(item.get("rank_group")), url, "organic", title=text(item.get("title")))
        for item in records(_results(answer), "items")
        if item.get("type") == "organic" and (url := text(item.get("url")))
    ]


def _counts(urls: Sequence[str]) -> Request:
    about = f"counts of {urls[0]}" if len(urls) == 1 else f"counts of {len(urls)} pages"
    bill = _BACKLINKS_PRICE, len(urls)
    path = "backlinks/bulk_referring_domains/live"
    return _post("counts", about, path, {"targets": list(urls)}, bill)


def _read_counts(answer: Answer, terms: Terms) -> dict[str, Count]:
    found = dict.fromkeys(answer.asked, Count(None, None))
    for item in records(_results(answer), "items"):
        url = item.get("target")
        if url in found:
            # Main domains are what gapcalc counts; a list has a row for each host at most.
            domains = whole(item.get("referring_main_domains"))
            hosts = whole(item.get("referring_domains"))
            found[url] = Count(domains, _rows(domains, hosts, terms))
    return found


def _rows(domains: int | None, hosts: int | None, terms: Terms) -> int | None:
    """Give the rows of a page's list: links are not counted, but no domain means no link."""
    if domains == 0 and hosts == 0:
        return 0
    return hosts if terms.one_per_domain else None


def _links(terms: Terms) -> Links:
    fields = wanted(_LINK_FIELDS, terms.reads)
    mode = "one_per_domain" if terms.one_per_domain else "as_is"

    def ask(part: Part) -> Request:
        far = part.offset > _FARTHEST_OFFSET
        # A token goes on only where everything else stays as it was.
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
        bill = _BACKLINKS_PRICE, limit
        return _post("links", f"links of {part.url}", "backlinks/backlinks/live", task, bill)

    def read(answer: Answer) -> Listed:
        found = _results(answer)
        rows = tuple(write_row(fields, item) for item in records(found, "items"))
        return Listed(rows, text(found.get("search_after_token")))

    return Links(
        via=f"backlinks/backlinks/live, {mode}",
        export=BACKLINKS,
        fields=tuple(field.name for field in fields),
        ask=ask,
        read=read,
        size=_MOST_ROWS,
        farthest=_FARTHEST_OFFSET,
        exact=False,
        note=ONE_PER_DOMAIN if terms.one_per_domain else None,
    )


def _judge(answer: Answer) -> Fault | None:
    """Judge by the inner codes: the HTTP status is 200 for nearly everything."""
    if not isinstance(answer.data, dict):
        return _judge_status(answer)
    task = next(records(answer.data, "tasks"), {})
    for said in (answer.data, task):
        code = whole(said.get("status_code"))
        if code not in {None, _DONE, _NO_RESULTS}:
            return Fault(_kind(code or 0), f"{code} {text(said.get('status_message')) or ''}")
    return None if "status_code" in task else _judge_status(answer)


def _judge_status(answer: Answer) -> Fault:
    match answer.status:
        case 200:
            return Fault("again", HALF, billed=True)
        case 401:
            return Fault("key", answer.text)
        case 402:
            return Fault("units", answer.text)
        case status if status == 429 or status >= 500:  # noqa: PLR2004  (HTTP)
            return Fault("again", answer.text)
        case _:
            return Fault("refused", answer.text)


def _kind(code: int) -> FaultKind:
    if code in _AGAIN or code >= _SERVER_CODES:
        return "again"
    if code in _KEY_CODES:
        return "key"
    return "units" if code in _MONEY_CODES and code != _ADDRESS_REFUSED else "refused"


def _cost(answer: Answer) -> int:
    return round((number(answer.data.get("cost")) or 0.0) * _DOLLARS.parts)


def _balance() -> Request:
    path = "/v3/appendix/user_data"
    return Request(step="balance", about="balance", access=_KEY, address=_ADDRESS, path=path)


def _read_balance(answer: Answer) -> list[tuple[str, str]]:
    money = number(record(_results(answer), "money").get("balance"))
    return [("left", "unknown" if money is None else f"{_DOLLARS.name} {money:,.2f}")]
