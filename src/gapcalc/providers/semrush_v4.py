"""Semrush API v4: JSON in envelopes, for counts and links; it has no SERP."""

from collections.abc import Sequence
from functools import partial

from gapcalc.formats.semrush import BACKLINKS
from gapcalc.providers import base
from gapcalc.providers.columns import Field, day_of, record, rows_under, text, whole, write_row

ADDRESS = "https://api.semrush.com"
ACCESS = base.Access(("SEMRUSH_V4_KEY",), "apikey")
# A row of links and an overview cost the same.
_ask = partial(base.Request, access=ACCESS, address=ADDRESS, price=base.Price(row=45))
_PATH = "/apis/v4/backlinks/v1/"
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


def _ask_count(urls: Sequence[str]) -> base.Request:
    params = {
        "url": urls[0],
        "scope": "PAGE",
        "fields": "domains_count,backlinks_count",
        "format": "json",
    }
    about, path = f"counts of {urls[0]}", f"{_PATH}overview"
    return _ask("counts", about, path=path, params=params, rows=1, asked=tuple(urls))


def _read_count(answer: base.Answer) -> dict[str, base.Count]:
    row = record(answer.data, "data")
    if not row:
        raise base.UnreadableError("it has no data")
    count = base.Count(whole(row.get("domains_count")), whole(row.get("backlinks_count")))
    return dict.fromkeys(answer.asked, count)


def _ask_links(part: base.Part) -> base.Request:
    params = {
        "url": part.url,
        "scope": "PAGE",
        "fields": ",".join(field.theirs for field in _FIELDS),
        # Lost links are billed like live ones, but never count.
        "filter": "is_lost IN (false)",
        "limit": str(part.rows),
        "offset": str(part.offset),
        "format": "json",
    }
    about, path = f"links of {part.url}", f"{_PATH}links"
    return _ask("links", about, path=path, params=params, rows=part.rows)


def _read_links(answer: base.Answer) -> base.LinkRows:
    return base.LinkRows(tuple(write_row(_FIELDS, row) for row in rows_under(answer.data, "data")))


COUNTS = base.BatchStep(via="v4 backlinks/v1/overview", size=1, ask=_ask_count, read=_read_count)
LINKS = base.LinksStep(
    via="v4 backlinks/v1/links",
    export=BACKLINKS,
    fields=tuple(field.name for field in _FIELDS),
    ask=_ask_links,
    read=_read_links,
    size=_MOST_ROWS,
    capped=True,
)


def count_rows(answer: base.Answer) -> int:
    """Count the billed rows: those of a list, or one for an overview."""
    return 1 if record(answer.data, "data") else len(rows_under(answer.data, "data"))


def judge(answer: base.Answer) -> base.Fault | None:
    """Find the error that an envelope states."""
    data = answer.data
    if not isinstance(data, dict):
        return None if answer.is_ok else base.Fault("again", answer.text)
    if "errors" in data:
        # The balance page answers a bad key with this, and repeats the key in its message.
        return base.Fault("key", "the key is not accepted")
    error = record(data, "error")
    code = whole(error.get("code")) or answer.status
    said = text(error.get("message")) or answer.text
    if not error and answer.is_ok:
        return base.Fault("again", said) if "error" in data else None
    if code in _AGAIN or error.get("retryable") is True:
        return base.Fault("again", said)
    if "unit" in said.lower():
        return base.Fault("units", said)
    return base.Fault("key" if code in {401, 403} else "refused", said)
