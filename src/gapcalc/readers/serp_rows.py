"""Reads the rows of SERP files: few rows, so plain Python and no engine."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gapcalc.facts import Problem, SerpRow
from gapcalc.readers.columns import Value
from gapcalc.readers.detect import Source
from gapcalc.readers.records import Record, read_records
from gapcalc.suffixes import SuffixRules
from gapcalc.urls import host_of, page_of


@dataclass(frozen=True, slots=True)
class SerpFile:
    """What one SERP file holds; `features` counts the rows that name no page."""

    rows: tuple[SerpRow, ...]
    records: int
    features: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Fields:
    line: int
    values: Mapping[str, Value]

    def text(self, name: str) -> str | None:
        value = self.values.get(name)
        return value.strip() or None if isinstance(value, str) else None

    def count(self, name: str) -> int | None:
        value = self.values.get(name)
        return value if isinstance(value, int) else None

    def score(self, name: str) -> float | None:
        value = self.values.get(name)
        return float(value) if isinstance(value, float | int) else None


def read_lines(source: Source) -> tuple[list[str], list[int]]:
    """Give the physical lines below the header, and which of them (from 0) hold bad bytes."""
    data = source.sheet.path.read_bytes()[source.sheet.start :]
    text = data.decode(source.sheet.encoding, errors="replace")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")[source.header_line :]
    bad = [number for number, line in enumerate(lines) if "\ufffd" in line]
    return [line + "\n" for line in lines], bad if bad and _differs(data, source) else []


def _differs(data: bytes, source: Source) -> bool:
    try:
        data.decode(source.sheet.encoding)
    except UnicodeDecodeError:
        return True
    return False


def read_serp(source: Source, number: int, suffixes: SuffixRules) -> SerpFile:
    """Read a SERP file; `number` is its place among the inputs."""
    lines, bad_lines = read_lines(source)
    first = source.header_line + 1
    reader = _Reader(source, number, suffixes)
    for record in read_records(lines, source.delimiter, len(source.header)):
        reader.take(record, first + record.line)
    reader.problems += [
        reader.problem(first + line, "bytes that are not UTF-8 were replaced") for line in bad_lines
    ]
    return SerpFile(
        tuple(reader.rows),
        reader.records,
        reader.features,
        tuple(sorted(reader.problems, key=lambda problem: problem.line or 0)),
    )


class _Reader:
    def __init__(self, source: Source, number: int, suffixes: SuffixRules) -> None:
        self.source, self.number, self.suffixes = source, number, suffixes
        self.places = source.export.places(source.plain_header)
        self.rows: list[SerpRow] = []
        self.problems: list[Problem] = []
        self.records = self.features = 0

    def problem(self, line: int, reason: str) -> Problem:
        sheet = self.source.sheet
        return Problem(sheet.name, sheet.origin.row(line), reason)

    def take(self, record: Record, line: int) -> None:
        if record.fault:
            self.problems.append(self.problem(line, f"row not read: {record.fault}"))
        elif record.cells == self.source.header:
            self.problems.append(self.problem(line, "row not read: the header is repeated here"))
        else:
            self.records += 1
            self._take_row(_Fields(line, self._parse(record.cells, line)))

    def _parse(self, cells: Sequence[str], line: int) -> dict[str, Value]:
        values: dict[str, Value] = {}
        for field, (index, cell) in self.places.items():
            try:
                values[field] = cell.parse(cells[index])
            except ValueError as error:
                heading = self.source.header[index].strip()
                self.problems.append(self.problem(line, f"column {heading!r} is unknown: {error}"))
        return values

    def _take_row(self, fields: _Fields) -> None:
        url, kind = fields.text("url"), fields.text("type")
        organic = kind is None or "organic" in kind.casefold()
        if url is None and not organic:
            self.features += 1
            return
        page, host = (page_of(url), host_of(url)) if url else (None, None)
        if url is None or page is None or host is None:
            reason = "no URL" if url is None else f"{url[:60]!r} is no URL"
            self.problems.append(self.problem(fields.line, f"row not read: {reason}"))
            return
        if organic and not fields.count("position"):
            self.problems.append(self.problem(fields.line, "row not read: no position"))
            return
        self.rows.append(self._row(fields, url, page, host))

    def _row(self, fields: _Fields, url: str, page: str, host: str) -> SerpRow:
        export, kind = self.source.export, fields.text("type")
        kd = fields.score("kd")
        authority = fields.score("authority")
        metric = fields.text("metric") or export.metric
        return SerpRow(
            input=self.number,
            line=fields.line,
            keyword=fields.text("keyword"),
            country=fields.text("country"),
            position=fields.count("position"),
            organic=kind is None or "organic" in kind.casefold(),
            url=url.strip(),
            page=page,
            domain=self.suffixes.domain(host),
            title=fields.text("title"),
            authority=authority,
            metric=None if authority is None else metric or "authority",
            referring_domains=fields.count("referring_domains"),
            kd=kd,
            kd_vendor=None if kd is None else fields.text("kd_vendor") or export.vendor or "ahrefs",
        )
