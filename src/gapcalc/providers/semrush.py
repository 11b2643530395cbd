"""Semrush: the SERP by API v3 alone; counts and links by v4 where it has a key, else by v3."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from functools import partial

from gapcalc.errors import UsageError
from gapcalc.formats.semrush import BACKLINKS
from gapcalc.providers import base, semrush_v4
from gapcalc.providers.columns import Field, day_of, shown, text, usable, whole, write_row
from gapcalc.urls import page_of

_ask = partial(
    base.Request,
    access=base.Access(("SEMRUSH_API_KEY",), "query"),
    address=semrush_v4.ADDRESS,
    path="/analytics/v1/",
    price=base.Price(row=40),
)
_SERP_LINE = base.Price(row=10)
_TARGETS = 20
"""200 are allowed, but their URLs are part of the request's URL, which must not be too long."""
_NOTHING_FOUND = 50
_HEADINGS = {"Url", "target", "source_url"}
"""Every requested report has one of these headings."""
_KEYS: dict[int, base.FaultKind] = dict.fromkeys((120, 121, 122, 130), "key")
_UNITS: dict[int, base.FaultKind] = dict.fromkeys((131, 132, 134), "units")
_KINDS: Mapping[int, base.FaultKind] = {**_KEYS, **_UNITS, 429: "again", 500: "again"}
_FIELDS = (
    Field("page_authority", "page_ascore"),
    Field("source_url", "source_url"),
    Field("target_url", "target_url"),
    Field("external_links", "external_num"),
    Field("nofollow", "nofollow"),
    Field("sitewide", "sitewide"),
    Field("lost", "lostlink"),
    Field("first_seen", "first_seen", write=day_of),
    Field("last_seen", "last_seen", write=day_of),
    # Last, because it is free text: surplus cells of a line belong to it.
    Field("anchor", "anchor"),
)


def _ask_counts(urls: Sequence[str]) -> base.Request:
    params: dict[str, str | tuple[str, ...]] = {
        "type": "backlinks_comparison",
        "targets[]": tuple(urls),
        "target_types[]": ("url",) * len(urls),
        "export_columns": "target,backlinks_num,domains_num",
    }
    about = f"counts of {urls[0]}" if len(urls) == 1 else f"counts of {len(urls)} pages"
    return _ask("counts", about, params=params, rows=len(urls), asked=tuple(urls))


def _read_counts(answer: base.Answer) -> dict[str, base.Count]:
    known = {page_of(row.get("target", "")): row for row in _rows(answer)}
    return {
        url: base.Count(whole(row.get("domains_num")), whole(row.get("backlinks_num")))
        for url in answer.asked
        if (row := known.get(page_of(url))) is not None
    }


def _ask_links(part: base.Part) -> base.Request:
    params = {
        "type": "backlinks",
        "target": part.url,
        "target_type": "url",
        "export_columns": ",".join(field.theirs for field in _FIELDS),
        "export_escape": "1",
        # Lost links are billed like live ones, but never count.
        "display_filter": "-|lostlink||",
        "display_limit": str(part.rows),
    }
    return _ask("links", f"links of {part.url}", params=params, rows=part.rows)


def _read_links(answer: base.Answer) -> base.LinkRows:
    return base.LinkRows(tuple(write_row(_FIELDS, row) for row in _rows(answer)))


_COUNTS = base.BatchStep(
    via="v3 backlinks_comparison (deprecated)",
    size=_TARGETS,
    ask=_ask_counts,
    read=_read_counts,
)
_LINKS = base.LinksStep(
    via="v3 backlinks (deprecated)",
    export=BACKLINKS,
    fields=tuple(field.name for field in _FIELDS),
    ask=_ask_links,
    read=_read_links,
)


def _rows(answer: base.Answer) -> list[dict[str, str]]:
    """Give the lines as rows by heading; no rows for an answer without results.

    Raises UnreadableError for a report that breaks off, and for anything else.
    """
    if _error(answer) is not None:
        return []
    report = _table(answer.text)
    header = report[0]
    last = len(header) - 1
    return [
        dict(zip(header, [*cells[:last], ";".join(cells[last:])], strict=True))
        for cells in report[1:]
    ]


def _table(lines: str) -> list[list[str]]:
    """Cut a report into cells by the rules of CSV, whether its header or its rows are quoted.

    In unquoted reports a quotation mark is an ordinary character.
    """
    for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_NONE):
        file = io.StringIO(lines, newline="")
        try:
            rows = list(filter(None, csv.reader(file, delimiter=";", quoting=quoting, strict=True)))
        except csv.Error:
            rows = []
        if rows and _HEADINGS & set(rows[0]) and all(len(row) >= len(rows[0]) for row in rows):
            return rows
        if '\n"' in lines:
            break
    raise base.UnreadableError(f"the report is incomplete: {shown(lines)}")


def _error(answer: base.Answer) -> tuple[int, str] | None:
    found = re.match(r"\s*ERROR (\d{1,5}) ::\s*(.*)", answer.text)
    return (int(found[1]), found[0].strip()) if found else None


def declare(terms: base.Terms) -> base.Provider:
    """Declare Semrush for the given terms; raises UsageError for what it cannot do."""
    database = terms.market.semrush
    if database is None:
        raise UsageError(f"--country {terms.market.code}: Semrush has no database for it")
    if terms.one_per_domain:
        raise UsageError("--one-per-domain: Semrush lists every link; leave it out")
    newer = semrush_v4.ACCESS.keys[0] in terms.keys
    return base.Provider(
        name="semrush",
        title="Semrush",
        unit=base.Unit("units"),
        variable="GAPCALC_SEMRUSH_URL",
        spacing=0.12,  # 10 requests a second, and requests do not arrive as evenly as they leave
        at_once=8,  # of 10
        judge=_judge,
        bill=_bill,
        serp=base.SerpStep(
            via="v3 phrase_organic",
            ask=lambda phrase: _serp(phrase, database, terms.top),
            read=_read_serp,
        ),
        counts=semrush_v4.COUNTS if newer else _COUNTS,
        links=semrush_v4.LINKS if newer else _LINKS,
        balance=base.BalanceStep(ask=_balance, read=_read_balance),
        partial=True,
    )


def _serp(phrase: str, database: str, top: int) -> base.Request:
    params = {
        "type": "phrase_organic",
        "phrase": phrase,
        "database": database,
        "display_limit": str(top),
        "positions_type": "organic",
        "export_columns": "Po,Dn,Ur",
        "export_escape": "1",
    }
    about = f"SERP of {phrase!r}"
    return _ask("serp", about, path="/", params=params, price=_SERP_LINE, rows=top)


def _read_serp(answer: base.Answer) -> Sequence[base.Ranked]:
    rows = _rows(answer)
    found = [
        base.Ranked(whole(row.get("Position")), text(row.get("Url")) or "", "organic")
        for row in rows
    ]
    return usable(found, rows)


def _judge(answer: base.Answer) -> base.Fault | None:
    """Judge by the body: the HTTP status of v3 is unreliable."""
    if answer.text.lstrip().startswith("{"):
        return semrush_v4.judge(answer)
    error = _error(answer)
    if error is not None and error[0] == _NOTHING_FOUND:
        return None
    if error is not None and error[0] in _KINDS:
        return base.Fault(_KINDS[error[0]], error[1])
    if answer.is_ok and error is None:
        return None
    return base.Fault("again" if answer.is_busy else "refused", answer.text)


def _bill(request: base.Request, answer: base.Answer) -> int | None:
    """Compute the cost of an answer: Semrush does not state it, but prices are per line."""
    if request.step == "balance":
        return 0
    try:
        rows = (
            semrush_v4.count_rows(answer)
            if request.access == semrush_v4.ACCESS
            else len(_rows(answer))
        )
        return request.price.of(rows)
    except base.UnreadableError:
        return None


def _balance() -> base.Request:
    address, path = "https://www.semrush.com", "/users/countapiunits.html"
    return _ask("balance", "balance", address=address, path=path, price=base.Price())


def _read_balance(answer: base.Answer) -> base.Left:
    units = whole(answer.text.replace(",", ""))
    if units is None:
        raise base.UnreadableError("it is not a number of units")
    return base.Left((("left", f"{units:,} units"),), units=units)
