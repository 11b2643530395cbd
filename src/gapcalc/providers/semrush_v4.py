"""Semrush API v4: JSON in envelopes, for counts and links; it has no SERP."""

from collections.abc import Sequence

from gapcalc.formats.semrush import BACKLINKS
from gapcalc.providers.base import (
    Access,
    Answer,
    BatchStep,
    Count,
    Fault,
    LinkRows,
    LinksStep,
    Part,
    Price,
    Request,
    UnreadableError,
)
from gapcalc.providers.columns import Field, day_of, record, rows_under, text, whole, write_row

_ADDRESS = "https://api.semrush.com"
ACCESS = Access(("SEMRUSH_V4_KEY",), "apikey")
_PATH = "/apis/v4/backlinks/v1/"
_PRICE = Price(row=45)
"""A row of links and an overview cost the same."""
_MOST_ROWS = 1000
_AGAIN = (409, 429, 499, 500, 503, 504)
_FIELDS = (
    Field("authority", "domain_score"),
    Field("page_authority", "page_score"),
    Field("source_url", "source_url"),
    Field("target_url", "target_url"),
    Field("anchor", "anchor"),
    Field("external_links", "external_links_count"),
    Field("nofollow", "is_nofollow"),
    Field("ugc", "is_ugc"),
    Field("sponsored", "is_sponsored"),
    Field("sitewide", "is_sitewide_main"),
    Field("lost", "is_lost"),
    Field("first_seen", "first_seen_at", write=day_of),
    Field("last_seen", "last_seen_at", write=day_of),
)


def _ask_count(urls: Sequence[str]) -> Request:
    params = {"fields": "domains_count,backlinks_count"}
    return Request(
        step="counts",
        about=f"counts of {urls[0]}",
        access=ACCESS,
        address=_ADDRESS,
        path=f"{_PATH}overview",
        params={"url": urls[0], "scope": "PAGE", **params, "format": "json"},
        price=_PRICE,
        rows=1,
        asked=tuple(urls),
    )


def _read_count(answer: Answer) -> dict[str, Count]:
    row = record(answer.data, "data")
    if not row:
        raise UnreadableError("it has no data")
    count = Count(whole(row.get("domains_count")), whole(row.get("backlinks_count")))
    return dict.fromkeys(answer.asked, count)


def _ask_links(part: Part) -> Request:
    params = {
        "fields": ",".join(field.theirs for field in _FIELDS),
        # Lost links are billed like live ones, but never count.
        "filter": "is_lost IN (false)",
        "limit": str(part.rows),
        "offset": str(part.offset),
        "format": "json",
    }
    return Request(
        step="links",
        about=f"links of {part.url}",
        access=ACCESS,
        address=_ADDRESS,
        path=f"{_PATH}links",
        params={"url": part.url, "scope": "PAGE", **params},
        price=_PRICE,
        rows=part.rows,
    )


def _read_links(answer: Answer) -> LinkRows:
    return LinkRows(tuple(write_row(_FIELDS, row) for row in rows_under(answer.data, "data")))


COUNTS = BatchStep(via="v4 backlinks/v1/overview", size=1, ask=_ask_count, read=_read_count)
LINKS = LinksStep(
    via="v4 backlinks/v1/links",
    export=BACKLINKS,
    fields=tuple(field.name for field in _FIELDS),
    ask=_ask_links,
    read=_read_links,
    size=_MOST_ROWS,
    capped=True,
)


def count_rows(answer: Answer) -> int:
    """Count the billed rows: those of a list, or one for an overview."""
    return 1 if record(answer.data, "data") else len(rows_under(answer.data, "data"))


def judge(answer: Answer) -> Fault | None:
    """Find the error that an envelope states."""
    data = answer.data
    if not isinstance(data, dict):
        return None if answer.is_ok else Fault("again", answer.text)
    if "errors" in data:
        # The balance page answers a bad key with this, and repeats the key in its message.
        return Fault("key", "the key is not accepted")
    error = record(data, "error")
    code = whole(error.get("code")) or answer.status
    said = text(error.get("message")) or answer.text
    if not error and answer.is_ok:
        return Fault("again", said) if "error" in data else None
    if code in _AGAIN or error.get("retryable") is True:
        return Fault("again", said)
    if "unit" in said.lower():
        return Fault("units", said)
    return Fault("key" if code in {401, 403} else "refused", said)
