"""Reads the rows of SERP files."""

from gapcalc.inputs.detect import Source
from gapcalc.inputs.rows import Fields, RowFile, read_rows
from gapcalc.rows import SerpRow
from gapcalc.suffixes import SuffixRules
from gapcalc.urls import host_of, page_of


def read_serp(source: Source, number: int, suffixes: SuffixRules) -> RowFile[SerpRow]:
    """Read a SERP file; `number` is its place among the inputs. Rows of features are silent."""

    def take(fields: Fields) -> SerpRow | str | None:
        url = fields.text("url")
        if url is None and not _is_organic(fields):
            return None
        page, host = (page_of(url), host_of(url)) if url else (None, None)
        if url is None or page is None or host is None:
            return "no URL" if url is None else f"{url[:60]!r} is no URL"
        if _is_organic(fields) and not fields.count("position"):
            return "no position"
        return _row(source, number, fields, (url, page, suffixes.domain(host)))

    return read_rows(source, take)


def _is_organic(fields: Fields) -> bool:
    kind = fields.text("type")
    return kind is None or "organic" in kind.casefold()


def _row(source: Source, number: int, fields: Fields, address: tuple[str, str, str]) -> SerpRow:
    export, (url, page, domain) = source.export, address
    kd, authority = fields.score("kd"), fields.score("authority")
    metric = fields.text("metric") or export.metric
    vendor = export.vendor or fields.word("vendor")
    return SerpRow(
        input=number,
        line=fields.line,
        keyword=fields.text("keyword"),
        country=fields.text("country"),
        position=fields.count("position"),
        organic=_is_organic(fields),
        url=url,
        page=page,
        domain=domain,
        title=fields.text("title"),
        authority=authority,
        metric=None if authority is None else metric or "authority",
        referring_domains=fields.count("referring_domains"),
        kd=kd,
        kd_vendor=None if kd is None else fields.text("kd_vendor") or vendor or "ahrefs",
        vendor=vendor,
        kind=fields.text("type"),
        day=fields.day("day"),
    )
