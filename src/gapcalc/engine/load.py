"""Reads the pieces of all link files into the table ``found``, and what was rejected a second time."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import duckdb

from gapcalc.connection import escape_pattern
from gapcalc.engine.links import CREATE_TABLES, EXTRAS, Reading
from gapcalc.inputs.detect import mixed_vendors
from gapcalc.inputs.records import Record, read_records
from gapcalc.inputs.utf8_parts import HEADER_AGAIN, ODD_END, REPLACED, Piece, rewrite
from gapcalc.rows import Problem
from gapcalc.workspace import Workspace

_BLOCK = 1 << 20


class Span(NamedTuple):
    """A stretch of bytes that the engine could not read as records."""

    start: int
    end: int


class Batch(NamedTuple):
    """Files of one kind that are read in one go, each with its number in the table ``file``."""

    reading: Reading
    pieces: Mapping[int, Piece]

    @property
    def files(self) -> dict[str, list[str] | bool]:
        """The parameters that name the files."""
        pieces = list(self.pieces.values())
        return {
            "files": [escape_pattern(piece.path) for piece in pieces],
            "header": pieces[0].has_header,
        }

    @property
    def number(self) -> str:
        """The SQL that gives a row's file: a lookup is needed only where there are several."""
        return str(next(iter(self.pieces))) if len(self.pieces) == 1 else "file.piece"


class Loader:
    """Fills ``found`` file by file, and keeps account of what could not be read.

    `known` are, by input number, the pages of files without a target column, and every vendor.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        known: tuple[Mapping[int, str], Mapping[int, str]],
        workspace: Workspace,
        extras: Sequence[str],
    ) -> None:
        self.pieces: dict[int, Piece] = {}
        self.problems: list[Problem] = []
        self._connection, self._workspace = connection, workspace
        self._bound, self._vendors = known
        columns = "".join(f", {name} {EXTRAS[name]}" for name in extras)
        connection.execute(CREATE_TABLES.replace("{extras}", columns))

    def load(self, reading: Reading, pieces: Sequence[Piece]) -> None:
        """Read files of one kind.

        Where the engine gives them up, as it does on mixed line ends, they are rewritten and read
        once more.
        """
        for has_header in (True, False):
            alike = [piece for piece in pieces if piece.has_header is has_header]
            if not alike:
                continue
            try:
                self._load(reading, alike)
            except duckdb.InvalidInputException:
                self._connection.execute("delete from file where piece >= ?", [len(self.pieces)])
                self._load(reading, [new for old in alike for new in rewrite(old, self._workspace)])

    def _load(self, reading: Reading, pieces: Sequence[Piece]) -> None:
        batch = Batch(reading, {len(self.pieces) + i: piece for i, piece in enumerate(pieces)})
        execute = self._connection.execute
        execute("drop table if exists rejects; drop table if exists reject_scans")
        self._note_files(batch)
        execute(reading.insert_plain(batch.number), {**batch.files, **reading.bound})
        self.pieces |= batch.pieces
        problems, rows = self._read_rejected_again(batch)
        self._check_vendors(batch)
        self.problems += problems
        odd = execute("select count(*) from found where not plain").fetchone() != (0,)
        if rows or odd:
            self._judge_aside(batch, rows, odd=odd)
        if not reading.thorough and (problems or odd):
            self._suspect_all(batch)

    def _note_files(self, batch: Batch) -> None:
        rows = [
            (n, str(p.path), p.input, self._bound.get(p.input), self._vendors[p.input])
            for n, p in batch.pieces.items()
        ]
        if len(rows) == 1:  # a plan for lists takes longer than the row
            self._connection.execute("insert into file values (?, ?, ?, ?, ?)", rows[0])
            return
        columns = [list(column) for column in zip(*rows, strict=True)]
        lists = ", ".join("unnest(?)" for _ in columns)
        self._connection.execute(f"insert into file select {lists}", columns)

    def _read_rejected_again(
        self, batch: Batch
    ) -> tuple[list[Problem], list[tuple[int, tuple[str, ...]]]]:
        numbers = {str(piece.path): number for number, piece in batch.pieces.items()}
        problems: list[Problem] = []
        rows: list[tuple[int, tuple[str, ...]]] = []
        for path, spans in rejected_spans(self._connection).items():
            number = numbers[path]
            read = read_again(batch.pieces[number], spans, problems)
            rows.extend((number, row) for row in read)
        return problems, rows

    def _judge_aside(
        self, batch: Batch, rows: Sequence[tuple[int, tuple[str, ...]]], *, odd: bool
    ) -> None:
        """Judge with more care the rows that are not written plainly, and `rows`, rejected before."""
        reading, execute = batch.reading, self._connection.execute
        cells = ", ".join(f"c{index} varchar" for index in reading.columns)
        execute(f"create or replace temp table aside (piece integer, {cells})")
        if odd:
            self._scan_again(batch, f"insert into aside {reading.select_aside(batch.number)}")
        if rows:
            marks = ", ".join("?" for _ in reading.columns)
            self._connection.executemany(
                f"insert into aside values (?, {marks})",
                [[number, *(row[i] or None for i in reading.columns)] for number, row in rows],
            )
        execute("delete from found where not plain")
        execute(reading.insert_aside("aside"), reading.bound)
        execute(reading.insert_suspect("aside"), reading.heading)

    def _check_vendors(self, batch: Batch) -> None:
        """Refuse a list in which links of several vendors are mixed; the first rows do not tell."""
        statement = batch.reading.select_vendors(batch.number)
        if statement is None:
            return
        found = self._connection.execute(statement, batch.files).fetchall()
        self._connection.execute("drop table rejects; drop table reject_scans")
        for number, names in found:
            if names and len(names) > 1:
                raise mixed_vendors(batch.pieces[number].source, names)

    def _suspect_all(self, batch: Batch) -> None:
        """Where a big file has one fault, look for those in the columns that nothing uses, too."""
        reading = batch.reading._replace(thorough=True)
        self._scan_again(batch, reading.insert_suspect(f"({reading.select_aside(batch.number)})"))

    def _scan_again(self, batch: Batch, statement: str) -> None:
        self._connection.execute(statement, {**batch.files, **batch.reading.heading})
        self._connection.execute("drop table rejects; drop table reject_scans")


def rejected_spans(connection: duckdb.DuckDBPyConnection) -> dict[str, list[Span]]:
    """Give the stretches of each file that were rejected; a fault may lie beyond its line's text."""
    rejects = connection.execute(
        "select s.file_path, coalesce(r.line_byte_position, r.byte_position) - 1, "
        "greatest(coalesce(r.line_byte_position, r.byte_position) - 1 + strlen(r.csv_line), "
        "r.byte_position) from rejects r join reject_scans s using (scan_id, file_id) order by all"
    ).fetchall()
    connection.execute("drop table rejects; drop table reject_scans")
    spans: dict[str, list[Span]] = defaultdict(list)
    for path, start, end in rejects:
        spans[path].append(Span(start, end))
    return spans


def _whole_lines(path: Path, spans: Sequence[Span]) -> list[Span]:
    """Let every span end with a line, and make one of those that then touch."""
    whole: list[Span] = []
    with path.open("rb") as file:
        for span in spans:
            file.seek(max(span.start, span.end - 1))
            file.readline()
            end = file.tell()
            if whole and span.start <= whole[-1].end:
                whole[-1] = Span(whole[-1].start, max(end, whole[-1].end))
            else:
                whole.append(Span(span.start, end))
    return whole


def read_again(
    piece: Piece, spans: Sequence[Span], problems: list[Problem]
) -> Iterator[tuple[str, ...]]:
    """Read rejected stretches record by record: yield what is whole, report what is not."""
    with piece.path.open("rb") as file:
        line, at = piece.line, 0
        for span in _whole_lines(piece.path, spans):
            line += _newlines(piece.path, at, span.start)
            at = span.start
            file.seek(span.start)
            yield from _read_span(piece, file.read(span.end - span.start), line, problems)


def _read_span(
    piece: Piece, data: bytes, line: int, problems: list[Problem]
) -> Iterator[tuple[str, ...]]:
    source = piece.source
    raw = data.removesuffix(b"\n").split(b"\n")
    lines = [part.decode("utf-8", errors="replace").removesuffix("\r") + "\n" for part in raw]
    for record in read_records(lines, source.delimiter, len(source.header)):
        if not record.fault and record.cells != source.header:
            yield record.cells
        after = record.line + record.lines
        ends = after < len(raw) or data.endswith(b"\n")
        reason = _reason(record, raw[record.line : after], piece, ends=ends)
        if reason is not None:
            problems.append(Problem(source.sheet.name, line + record.line, reason))


def _reason(record: Record, lines: Sequence[bytes], piece: Piece, *, ends: bool) -> str | None:
    """Say what made the engine reject a record; None where only its neighbour was at fault."""
    if record.fault:
        return f"row not read: {record.fault}"
    if record.cells == piece.source.header:
        return HEADER_AGAIN
    return _oddity(lines, piece, ends=ends)


def _oddity(lines: Sequence[bytes], piece: Piece, *, ends: bool) -> str | None:
    """Say what is odd about the bytes of a row that could be read after all."""
    try:
        b"\n".join(lines).decode("utf-8")
    except UnicodeDecodeError:
        return REPLACED
    usual = piece.has_header and piece.source.sheet.lines[0].endswith("\r\n")
    return ODD_END if ends and lines[-1].endswith(b"\r") != usual else None


def _newlines(path: Path, start: int, end: int) -> int:
    count = 0
    with path.open("rb") as file:
        file.seek(start)
        while start < end:
            block = file.read(min(_BLOCK, end - start))
            if not block:
                break
            count += block.count(b"\n")
            start += len(block)
    return count
