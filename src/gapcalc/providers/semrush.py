"""Semrush: the SERP by the old API (v3) alone; counts and links by the new one, where it has a key."""

from gapcalc.errors import UsageError
from gapcalc.providers import semrush_v3, semrush_v4
from gapcalc.providers.base import Answer, Fault, Price, Request, Unit
from gapcalc.providers.reading import text, whole
from gapcalc.providers.steps import Balance, Provider, Ranked, Serp, Terms

_SERP_LINE = 10
_COLUMNS = "Po,Dn,Ur"


def declare(terms: Terms) -> Provider:
    """Give Semrush as it is asked under these terms; raises UsageError for what it cannot do."""
    database = terms.market.semrush
    if database is None:
        raise UsageError(f"--country {terms.market.code}: Semrush has no database for it")
    if terms.one_per_domain:
        raise UsageError("--one-per-domain: Semrush lists every link; leave it out")
    newer = semrush_v4.ACCESS.keys[0] in terms.keys
    return Provider(
        name="semrush",
        title="Semrush",
        unit=Unit("units"),
        variable="GAPCALC_SEMRUSH_URL",
        spacing=0.12,  # 10 requests a second, and requests do not arrive as evenly as they leave
        at_once=8,  # of 10
        judge=_judge,
        bill=_bill,
        serp=Serp(
            via="v3 phrase_organic",
            ask=lambda phrase: _serp(phrase, database, terms.top),
            read=_read_serp,
        ),
        counts=semrush_v4.COUNTS if newer else semrush_v3.COUNTS,
        links=semrush_v4.LINKS if newer else semrush_v3.LINKS,
        balance=Balance(ask=_balance, read=_read_balance, units=_left),
    )


def _serp(phrase: str, database: str, top: int) -> Request:
    return Request(
        step="serp",
        about=f"SERP of {phrase!r}",
        access=semrush_v3.ACCESS,
        address=semrush_v3.ADDRESS,
        path="/",
        params={
            "type": "phrase_organic",
            "phrase": phrase,
            "database": database,
            "display_limit": str(top),
            "positions_type": "organic",
            "export_columns": _COLUMNS,
            "export_escape": "1",
        },
        price=Price(row=_SERP_LINE),
        rows=top,
    )


def _read_serp(answer: Answer) -> list[Ranked]:
    return [
        Ranked(whole(row.get("Position")), url, "organic")
        for row in semrush_v3.rows_of(answer)
        if (url := text(row.get("Url")))
    ]


def _judge(answer: Answer) -> Fault | None:
    """Judge by the body: the HTTP status of v3 is not to be relied on."""
    if answer.text.lstrip().startswith("{"):
        return semrush_v4.judge(answer)
    return semrush_v3.judge(answer)


def _bill(request: Request, answer: Answer) -> int:
    """Reckon what an answer cost: Semrush does not say, its prices are by line."""
    if request.access == semrush_v4.ACCESS:
        return request.price.of(semrush_v4.count_rows(answer))
    return request.price.of(len(semrush_v3.rows_of(answer)))


def _balance() -> Request:
    return Request(
        step="balance",
        about="balance",
        access=semrush_v3.ACCESS,
        address="https://www.semrush.com",
        path="/users/countapiunits.html",
    )


def _left(answer: Answer) -> int | None:
    return whole(answer.text.replace(",", ""))


def _read_balance(answer: Answer) -> list[tuple[str, str]]:
    units = _left(answer)
    return [("left", "unknown" if units is None else f"{units:,} units")]
