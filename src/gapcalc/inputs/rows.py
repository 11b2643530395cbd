"""Reads the rows of small files (SERPs, pages, keywords) in plain Python, without the engine."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Generic, NamedTuple, TypeVar

from gapcalc.errors import InputError
from gapcalc.formats.base import Export
from gapcalc.formats.cells import Cell, Value
from gapcalc.inputs.records import Record, read_records
from gapcalc.inputs.source import Source, lines_below, names_result, records_of, settle_columns
from gapcalc.results.shared import Authority
from gapcalc.rows import HEADER_AGAIN, IntersectRow, KeywordRow, PageRow, Problem, SerpRow, Unread
from gapcalc.stats import whole
from gapcalc.suffixes import SuffixRules
from gapcalc.urls import host_of, page_and_host, page_of

_Row = TypeVar("_Row")
_Reason = str


class RowFile(NamedTuple, Generic[_Row]):
    """The rows of a file; `ignored` of its `records` hold nothing of use.

    `unread` are the columns with cells that cannot be read.
    """

    rows: tuple[_Row, ...]
    records: int
    ignored: int
    problems: tuple[Problem, ...]
    unread: tuple[Unread, ...] = ()


class _Fields(NamedTuple):
    """The cells of one record by field, and the line where it begins."""

    line: int
    values: Mapping[str, Value]

    def text(self, name: str) -> str | None:
        """Give a cell's text; None where it is empty or there is no such column."""
        value = self.values.get(name)
        return value.strip() or None if isinstance(value, str) else None

    def word(self, name: str) -> str | None:
        """Give a cell's text in small letters."""
        text = self.text(name)
        return None if text is None else text.casefold()

    def integer(self, name: str) -> int | None:
        """Give a cell's whole number, None where it is unknown."""
        value = self.values.get(name)
        return value if isinstance(value, int) else None

    def most(self, names: Sequence[str]) -> int | None:
        """Give the largest whole number in some cells, None where all are unknown."""
        return max((n for name in names if (n := self.integer(name)) is not None), default=None)

    def day(self, name: str) -> str | None:
        """Give a cell's date as 2026-01-31, None where it is unknown."""
        value = self.values.get(name)
        return value.isoformat() if isinstance(value, date) else None

    def score(self, name: str) -> float | None:
        """Give a cell's number, None where it is unknown."""
        value = self.values.get(name)
        return float(value) if isinstance(value, float | int) else None


_Make = Callable[[_Fields], _Row | _Reason | None]
"""Makes a row from a record, or gives the reason why it cannot be read; None ignores the record."""


def read_serp(source: Source, number: int, suffixes: SuffixRules) -> RowFile[SerpRow]:
    """Read a SERP file; `number` is its place among the inputs. Feature rows are ignored."""

    def make(fields: _Fields) -> SerpRow | _Reason | None:
        url = fields.text("url")
        is_organic = names_result(fields.text("type") or "")
        if url is None and not is_organic:
            return None
        address = page_and_host(url) if url else None
        if url is None or address is None:
            return _no_url(url)
        if is_organic and not fields.integer("position"):
            return "no position"
        page, host = address
        named = url, page, suffixes.domain(host)
        return _serp_row(source, number, fields, named, is_organic=is_organic)

    return _read(source, make)


def read_pages(source: Source, number: int) -> RowFile[PageRow]:
    """Read a list of pages; those without a number of referring domains are ignored."""

    def make(fields: _Fields) -> PageRow | _Reason | None:
        url, count = fields.text("url"), fields.integer("referring_domains")
        page = page_of(url) if url else None
        if url is None or page is None:
            return _no_url(url)
        if count is None:
            return None
        vendor = source.export.vendor or fields.word("vendor")
        return PageRow(number, fields.line, url, page, count, vendor)

    return _read(source, make)


def read_keywords(source: Source, number: int) -> RowFile[KeywordRow]:
    """Read a list of keywords; those without a difficulty are ignored."""

    def make(fields: _Fields) -> KeywordRow | _Reason | None:
        keyword, kd = fields.text("keyword"), fields.score("kd")
        if keyword is None:
            return "no keyword"
        if kd is None:
            return None
        vendor = source.export.vendor or fields.text("vendor")
        kd_vendor = fields.text("kd_vendor") or vendor or "ahrefs"
        return KeywordRow(number, fields.line, keyword, fields.text("country"), kd, kd_vendor)

    return _read(source, make)


def read_intersect(source: Source, number: int, suffixes: SuffixRules) -> RowFile[IntersectRow]:
    """Read which sites each domain links to.

    Raises InputError where no heading names a site, and where no row can be read.
    """
    sites: dict[str, list[str]] = {}
    for name, (place, _) in source.places.items():
        if "." in name and (page := page_of(source.header[place].strip())):
            sites.setdefault(page, []).append(name)
    if not sites:
        raise InputError(
            source.sheet.name,
            f"this is {source.export.title}, and none of its headings names a site",
            "Export it again, with a column for each site",
        )

    def make(fields: _Fields) -> IntersectRow | _Reason:
        address = fields.text("source_url") or fields.text("source_domain")
        host = host_of(address) if address else None
        if host is None:
            return _no_url(address)
        score, metric = fields.score("authority"), source.export.metric or "authority"
        return IntersectRow(
            number,
            fields.line,
            suffixes.domain(host),
            source.export.vendor or "",
            {page: fields.most(names) for page, names in sites.items()},
            None if score is None else Authority(metric, whole(score)),
            fields.integer("traffic"),
            fields.text("source_url"),
            fields.text("title"),
        )

    read = _read(source, make)
    if read.problems and not read.rows:
        first = read.problems[0]
        raise InputError(
            source.sheet.name,
            f"none of its rows can be read ({first.reason})",
            "Export it again",
            first.line,
        )
    return read


def _no_url(url: str | None) -> _Reason:
    return "no URL" if url is None else f"{url[:60]!r} is not a URL"


def _serp_row(
    source: Source,
    number: int,
    fields: _Fields,
    address: tuple[str, str, str],
    *,
    is_organic: bool,
) -> SerpRow:
    export, (url, page, domain) = source.export, address
    kd, authority = fields.score("kd"), fields.score("authority")
    metric = fields.text("metric") or export.metric
    vendor = export.vendor or fields.word("vendor")
    return SerpRow(
        input=number,
        line=fields.line,
        keyword=fields.text("keyword"),
        country=fields.text("country"),
        position=fields.integer("position"),
        organic=is_organic,
        url=url,
        page=page,
        domain=domain,
        title=fields.text("title"),
        authority=authority,
        metric=None if authority is None else metric or "authority",
        referring_domains=fields.integer("referring_domains"),
        kd=kd,
        kd_vendor=None if kd is None else fields.text("kd_vendor") or vendor or "ahrefs",
        vendor=vendor,
        kind=fields.text("type"),
        day=fields.day("day"),
        volume=fields.integer("volume"),
    )


def _read(source: Source, make: _Make[_Row]) -> RowFile[_Row]:
    """Read a file record by record; a record becomes a row or a problem, or is ignored.

    Raises InputError where a column that every answer needs cannot be read.
    """
    lines, bad_lines = lines_below(source)
    first = source.header_line + 1
    records = list(read_records(lines, source.delimiter, len(source.header)))
    source, doubtful = settle_columns(source, records)
    reader = _Reader(source, make)
    for column in source.unread:
        reader.report(column.line, f"{column}; it is not used")
    for record in records:
        reader.take(record, first + record.line)
    for line in bad_lines:
        reader.report(first + line, "bytes that are not UTF-8 were replaced")
    return RowFile(
        tuple(reader.rows),
        reader.records,
        reader.ignored,
        tuple(sorted(reader.problems, key=lambda problem: problem.line or 0)),
        doubtful,
    )


class _Reader(Generic[_Row]):
    def __init__(self, source: Source, make: _Make[_Row]) -> None:
        self.source, self._make = source, make
        # A column often repeats a number or date; each distinct text is read once.
        self._parsers = [
            (field, index, cache(cell.parse) if cell.fails else cell.parse)
            for field, (index, cell) in source.places.items()
        ]
        self.rows: list[_Row] = []
        self.problems: list[Problem] = []
        self.records = self.ignored = 0

    def report(self, line: int, reason: str) -> None:
        sheet = self.source.sheet
        self.problems.append(Problem(sheet.name, sheet.origin.row(line), reason))

    def take(self, record: Record, line: int) -> None:
        if record.fault:
            self.report(line, f"row not read: {record.fault}")
        elif record.cells == self.source.header:
            self.report(line, HEADER_AGAIN)
        else:
            self.records += 1
            row = self._make(_Fields(line, self._parse(record.cells, line)))
            if isinstance(row, str):
                self.report(line, f"row not read: {row}")
            elif row is None:
                self.ignored += 1
            else:
                self.rows.append(row)

    def _parse(self, cells: Sequence[str], line: int) -> dict[str, Value]:
        values = {}
        for field, index, parse in self._parsers:
            try:
                values[field] = parse(cells[index])
            except ValueError as error:
                heading = self.source.header[index].strip()
                self.report(line, f"column {heading!r} is unknown: {error}")
        return values


def own_rows(source: Source) -> Iterator[dict[str, Value]]:
    """Yield the rows of a file in the fields of our own formats.

    An unreadable cell becomes unknown; an unreadable column is copied unchanged. Records that would
    be ignored are rows too, so that reading them again gives the same result.
    """
    records = records_of(source)
    source, _ = settle_columns(source, records)
    places = source.places.items()
    for record in records:
        if not record.fault and record.cells != source.header:
            row = {field: _value(cell, record.cells[index]) for field, (index, cell) in places}
            row |= _provenance(row, source.export)
            yield row | {column.field: record.cells[column.place] for column in source.unread}


def _value(cell: Cell, text: str) -> Value:
    try:
        return cell.parse(text)
    except ValueError:
        return None


def _provenance(row: Mapping[str, Value], export: Export) -> dict[str, Value]:
    """Give the vendor and the names of scores, which an export states once and not in each row."""
    vendor = export.vendor or row.get("vendor")
    return {
        "vendor": vendor,
        "metric": None if row.get("authority") is None else row.get("metric") or export.metric,
        "kd_vendor": None if row.get("kd") is None else row.get("kd_vendor") or vendor,
    }
