"""Reads lists of pages with their referring domains, and of keywords with their difficulty."""

from gapcalc.inputs.detect import Source
from gapcalc.inputs.rows import Fields, RowFile, read_rows
from gapcalc.rows import KeywordRow, PageRow
from gapcalc.urls import page_of


def read_pages(source: Source, number: int) -> RowFile[PageRow]:
    """Read a list of pages; those without a number of referring domains are silent."""

    def take(fields: Fields) -> PageRow | str | None:
        url, count = fields.text("url"), fields.count("referring_domains")
        page = page_of(url) if url else None
        if url is None or page is None:
            return "no URL" if url is None else f"{url[:60]!r} is no URL"
        if count is None:
            return None
        vendor = source.export.vendor or fields.word("vendor")
        return PageRow(number, fields.line, url, page, count, vendor)

    return read_rows(source, take)


def read_keywords(source: Source, number: int) -> RowFile[KeywordRow]:
    """Read a list of keywords; those without a difficulty are silent."""

    def take(fields: Fields) -> KeywordRow | str | None:
        keyword, kd = fields.text("keyword"), fields.score("kd")
        if keyword is None:
            return "no keyword"
        if kd is None:
            return None
        vendor = (
            fields.text("kd_vendor") or source.export.vendor or fields.text("vendor") or "ahrefs"
        )
        return KeywordRow(number, fields.line, keyword, fields.text("country"), kd, vendor)

    return read_rows(source, take)
