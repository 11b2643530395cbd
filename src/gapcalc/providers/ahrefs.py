"""Ahrefs API v3: one answer per SERP, a batch for the counts, a list per page; no pagination."""

import itertools
from collections.abc import Sequence
from functools import partial

from gapcalc.formats.ahrefs import BACKLINKS
from gapcalc.providers import base
from gapcalc.providers.columns import (
    Field,
    as_text,
    number,
    record,
    rows_under,
    text,
    usable,
    wanted,
    whole,
    write_row,
)
from gapcalc.words import ONE_PER_DOMAIN

_KEY = base.Access(("AHREFS_API_KEY",), "bearer")
_ask = partial(base.Request, access=_KEY, address="https://api.ahrefs.com")
# Every request costs 50 units, however few rows it brings.
_price = partial(base.Price, minimum=50)
_SERP_FIELDS = ("position", "type", "url", "title", "domain_rating")
_COUNT_FIELDS = {"index": 1, "refdomains": 5, "backlinks": 1}
_DIFFICULTY_FIELDS = {"keyword": 1, "difficulty": 10}
_LINK_FIELDS = (
    Field("source_url", "url_from", always=True),
    Field("target_url", "url_to", always=True),
    Field("nofollow", "is_nofollow", always=True),
    Field("ugc", "is_ugc", always=True),
    Field("sponsored", "is_sponsored", always=True),
    # Only live links are requested; if a lost link comes anyway, its row is marked as lost.
    Field("lost", "is_lost", always=True, write=lambda lost: "lost" if lost else ""),
    Field("anchor", "anchor"),
    Field("context_left", "snippet_left"),
    Field("context_right", "snippet_right"),
    Field("title", "title"),
    Field("kind", "link_type"),
    Field("page_type", "page_type_source"),
    Field("spam", "is_spam"),
    Field("authority", "domain_rating_source"),
    Field("domain_traffic", "traffic_domain", price=10),
    Field("external_links", "links_external"),
    Field("language", "languages"),
)
_GROUP = Field("links", "link_group_count")
_PLANS = {"lite": 100, "standard": 250, "advanced": 500}
"""The most rows of one list, by plan (ahrefs.com/pricing, August 2026); Enterprise has no limit."""
_CAPS = (25, *_PLANS.values())
"""The row limits at which plans cut a list off without a note."""


def declare(terms: base.Terms) -> base.Provider:
    """Declare Ahrefs for the given terms."""
    return base.Provider(
        name="ahrefs",
        title="Ahrefs",
        unit=base.Unit("units"),
        variable="GAPCALC_AHREFS_URL",
        spacing=1.05,  # 60 requests a minute
        at_once=8,
        judge=_judge,
        bill=_bill,
        serp=base.SerpStep(
            via="serp-overview",
            ask=lambda phrase: _serp(phrase, terms),
            read=_read_serp,
            metric="DR",
        ),
        difficulty=base.BatchStep(
            via="keywords-explorer/overview",
            size=100,
            ask=lambda phrases: _difficulty(phrases, terms),
            read=_read_difficulty,
        ),
        counts=base.BatchStep(
            via="batch-analysis",
            size=100,
            ask=_counts,
            read=lambda answer: _read_counts(answer, terms),
        ),
        links=_links(terms),
        balance=base.BalanceStep(ask=_balance, read=_read_balance),
    )


def _serp(phrase: str, terms: base.Terms) -> base.Request:
    params = {
        "keyword": phrase,
        "country": terms.market.ahrefs,
        "select": ",".join(_SERP_FIELDS),
        "top_positions": str(terms.top),
        "type": "organic",
        "output": "json",
    }
    path, price = "/v3/serp-overview/serp-overview", _price(row=len(_SERP_FIELDS))
    # The request cannot limit rows, and SERP features may be billed along with the pages.
    rows = 2 * terms.top + 20
    return _ask("serp", f"SERP of {phrase!r}", path=path, params=params, price=price, rows=rows)


def _read_serp(answer: base.Answer) -> Sequence[base.Ranked]:
    rows = rows_under(answer.data, "positions")
    organic = [row for row in rows if "organic" in as_text(row.get("type") or "organic")]
    found = [
        base.Ranked(
            position=whole(row.get("position")),
            url=url,
            kind=as_text(row.get("type")) or "organic",
            title=text(row.get("title")),
            authority=number(row.get("domain_rating")),
        )
        for row in rows
        if (url := text(row.get("url")) or "") or row in organic
    ]
    return usable(found, organic)


def _difficulty(phrases: Sequence[str], terms: base.Terms) -> base.Request:
    params = {
        "country": terms.market.ahrefs,
        "select": ",".join(_DIFFICULTY_FIELDS),
        "keywords": ",".join(map(_without_comma, phrases)),
        "limit": str(len(phrases)),
        "output": "json",
    }
    return _ask(
        "serp",
        "keyword difficulty",
        path="/v3/keywords-explorer/overview",
        params=params,
        price=_price(row=sum(_DIFFICULTY_FIELDS.values())),
        rows=len(phrases),
        asked=tuple(phrases),
    )


def _without_comma(phrase: str) -> str:
    """Write a keyword so that the comma between keywords does not cut it in two."""
    return " ".join(phrase.replace(",", " ").split())


def _read_difficulty(answer: base.Answer) -> dict[str, float | None]:
    known = {
        phrase.casefold(): number(row.get("difficulty"))
        for row in rows_under(answer.data, "keywords")
        if (phrase := text(row.get("keyword")))
    }
    return {phrase: known.get(_without_comma(phrase).casefold()) for phrase in answer.asked}


def _counts(urls: Sequence[str]) -> base.Request:
    targets = [{"url": url, "mode": "exact", "protocol": "both"} for url in urls]
    return _ask(
        "counts",
        urls[0] if len(urls) == 1 else f"counts of {len(urls)} pages",
        path="/v3/batch-analysis/batch-analysis",
        body={"select": list(_COUNT_FIELDS), "targets": targets, "output": "json"},
        price=_price(row=sum(_COUNT_FIELDS.values())),
        rows=len(urls),
        asked=tuple(urls),
    )


def _read_counts(answer: base.Answer, terms: base.Terms) -> dict[str, base.Count]:
    rows = rows_under(answer.data, "targets")
    # Rows without positions can only be matched to their pages when none is missing.
    order = range(len(rows)) if len(rows) == len(answer.asked) else ()
    found = {}
    for place, row in itertools.zip_longest(order, rows):
        index = whole(row.get("index"))
        index = place if index is None else index
        if index is not None and index < len(answer.asked):
            domains, links = whole(row.get("refdomains")), whole(row.get("backlinks"))
            found[answer.asked[index]] = base.Count(
                domains, domains if terms.one_per_domain else links
            )
    return found


def _links(terms: base.Terms) -> base.LinksStep:
    """Give the step that lists links, requesting only the columns that are worth their price."""
    fields = wanted(_LINK_FIELDS, terms.reads)
    if not terms.one_per_domain:
        fields = (*fields, _GROUP)
    price = _price(row=sum(field.price for field in fields))
    aggregation = "1_per_domain" if terms.one_per_domain else "similar_links"

    def ask(part: base.Part) -> base.Request:
        params = {
            "target": part.url,
            "mode": "exact",
            "protocol": "both",
            "history": "live",
            "aggregation": aggregation,
            "limit": str(part.rows),
            "select": ",".join(field.theirs for field in fields),
            "output": "json",
        }
        about, path = f"links of {part.url}", "/v3/site-explorer/all-backlinks"
        return _ask("links", about, path=path, params=params, price=price, rows=part.rows)

    def read(answer: base.Answer) -> base.LinkRows:
        rows = rows_under(answer.data, "backlinks")
        return base.LinkRows(tuple(write_row(fields, row) for row in rows))

    return base.LinksStep(
        via=f"all-backlinks, {aggregation}",
        export=BACKLINKS,
        fields=tuple(field.name for field in fields),
        ask=ask,
        read=read,
        exact=terms.one_per_domain,
        caps=_CAPS,
        note=ONE_PER_DOMAIN if terms.one_per_domain else None,
    )


def _judge(answer: base.Answer) -> base.Fault | None:
    error = _error(answer.data)
    if answer.is_ok and error is None:
        return None
    said = error or answer.text
    match answer.status:
        case 401:
            return base.Fault("key", said)
        case 403:
            # Only errors that name units mean that they ran out; "Insufficient plan" and
            # "Forbidden" do not.
            return base.Fault("units" if "unit" in said.lower() else "plan", said)
        case _:
            return base.Fault("again" if answer.is_ok or answer.is_busy else "refused", said)


def _error(data: object) -> str | None:
    """Give the text of an error, which comes as {"error": text} or as ["Error", text]."""
    match data:
        case {"error": str(said)} | ["Error", str(said), *_] | ["Error", [str(said), *_]]:
            return said
        case _:
            return None


def _bill(request: base.Request, answer: base.Answer) -> int | None:
    for name in ("x-api-units-cost-total-actual", "x-api-units-cost-total"):
        stated = whole(answer.headers.get(name))
        if stated is not None:
            return stated
    rows = whole(answer.headers.get("x-api-rows"))
    return None if rows is None and request.price.row else request.price.of(rows or 0)


def _balance() -> base.Request:
    path = "/v3/subscription-info/limits-and-usage"
    return _ask("balance", "balance", path=path, params={"output": "json"})


def _read_balance(answer: base.Answer) -> base.Left:
    known = record(answer.data, "limits_and_usage")
    if not known:
        raise base.UnreadableError("it has no limits_and_usage")
    plan = text(known.get("subscription"))
    lines = [("plan", plan or "unknown")]
    left = []
    for name in ("workspace", "api_key"):
        limit, used = (whole(known.get(f"units_{what}_{name}")) for what in ("limit", "usage"))
        what = name.replace("_", " ").replace("api", "API")
        lines.append((f"units used, {what}", "unknown" if used is None else f"{used:,}"))
        lines.append((f"limit, {what}", "none stated" if limit is None else f"{limit:,}"))
        if limit is not None and used is not None:
            left.append(max(0, limit - used))
            lines.append((f"left, {what}", f"{left[-1]:,}"))
    lines.append(("reset", text(known.get("usage_reset_date")) or "unknown"))
    lines.append(("key expires", text(known.get("api_key_expiration_date")) or "unknown"))
    if (rows := _PLANS.get((plan or "").casefold())) is not None:
        lines.append(("rows of one list, by the plan", f"{rows:,}"))
    return base.Left(tuple(lines), units=min(left, default=None), rows=rows)
