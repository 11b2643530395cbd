"""Reads the pieces of all link files into the table ``found``, and what was rejected a second time."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from gapcalc.engine.connection import escape_pattern
from gapcalc.engine.links import CREATE_FOUND, Reading
from gapcalc.facts import Problem
from gapcalc.readers.detect import Source
from gapcalc.readers.pieces import ODD_END, REPLACED, Piece, rewrite
from gapcalc.readers.records import read_records
from gapcalc.workspace import Workspace

_BLOCK = 1 << 20
_Files = Mapping[str, list[str] | bool]


@dataclass(frozen=True, slots=True)
class _Span:
    """A stretch of bytes that the engine could not read as records."""

    start: int
    end: int


def load(
    connection: duckdb.DuckDBPyConnection,
    readings: Sequence[tuple[Reading, list[Piece]]],
    workspace: Workspace,
) -> list[Problem]:
    """Fill ``found`` from all pieces; give the rows that could not be read, with their lines.

    Where the engine gives a file up, as it does on mixed line ends, its pieces are rewritten in
    place of the list's and read once more.
    """
    connection.execute(CREATE_FOUND)
    connection.execute("create table suspect (path varchar, address varchar, surely boolean)")
    problems: list[Problem] = []
    for reading, pieces in readings:
        for has_header in (True, False):
            batch = [piece for piece in pieces if piece.has_header is has_header]
            if not batch:
                continue
            try:
                problems += _load_batch(connection, reading, batch)
            except duckdb.InvalidInputException:
                again = [rewritten for piece in batch for rewritten in rewrite(piece, workspace)]
                pieces[:] = [piece for piece in pieces if piece not in batch] + again
                problems += _load_batch(connection, reading, again)
    return problems


def _load_batch(
    connection: duckdb.DuckDBPyConnection, reading: Reading, batch: Sequence[Piece]
) -> list[Problem]:
    connection.execute("drop table if exists rejects; drop table if exists reject_scans")
    paths = [escape_pattern(piece.path) for piece in batch]
    files: _Files = {"files": paths, "header": batch[0].has_header}
    connection.execute(reading.insert_plain(), {**files, **reading.bound})
    by_path = {str(piece.path): piece for piece in batch}
    problems: list[Problem] = []
    rows: list[tuple[str, ...]] = []
    for path, spans in _rejected_spans(connection).items():
        problems += _read_again(by_path[path], spans, rows)
    odd = connection.execute("select count(*) from found where not plain").fetchone() != (0,)
    if rows or odd:
        _judge_aside(connection, reading, rows, files if odd else None)
    if not reading.thorough and (problems or odd):
        _suspect_all(connection, replace(reading, thorough=True), files)
    return problems


def _judge_aside(
    connection: duckdb.DuckDBPyConnection,
    reading: Reading,
    rows: Sequence[tuple[str, ...]],
    files: _Files | None,
) -> None:
    """Judge with more care the rows that are not written plainly, and `rows`, rejected before."""
    cells = ", ".join(f"c{index} varchar" for index in reading.columns)
    connection.execute(f"create or replace temp table aside (path varchar, n hugeint, {cells})")
    if files is not None:
        _scan_again(connection, reading, files, f"insert into aside {reading.select_aside()}")
    _add_rows(connection, reading, rows)
    connection.execute("delete from found where not plain")
    connection.execute(reading.insert_aside("aside"), reading.bound)
    connection.execute(f"insert into suspect select path, c{reading.marker}, false from aside")


def _suspect_all(connection: duckdb.DuckDBPyConnection, reading: Reading, files: _Files) -> None:
    """Where a big file has one fault, look for those in the columns that nothing uses, too."""
    rows = f"select path, c{reading.marker}, true from ({reading.select_aside()})"
    _scan_again(connection, reading, files, f"insert into suspect {rows}")


def _scan_again(
    connection: duckdb.DuckDBPyConnection, reading: Reading, files: _Files, statement: str
) -> None:
    marker = {"first_heading": reading.bound["first_heading"]}
    connection.execute(statement, {**files, **marker})
    connection.execute("drop table rejects; drop table reject_scans")


def _add_rows(
    connection: duckdb.DuckDBPyConnection, reading: Reading, rows: Sequence[tuple[str, ...]]
) -> None:
    if rows:
        marks = ", ".join("?" for _ in reading.columns)
        connection.executemany(
            f"insert into aside values (?, 1, {marks})",
            [[path, *(cells[i] or None for i in reading.columns)] for path, *cells in rows],
        )


def _rejected_spans(connection: duckdb.DuckDBPyConnection) -> dict[str, list[_Span]]:
    rejects = connection.execute(
        "select s.file_path, r.byte_position, coalesce(r.line_byte_position, r.byte_position), "
        "strlen(r.csv_line) from rejects r join reject_scans s using (scan_id, file_id) "
        "order by all"
    ).fetchall()
    connection.execute("drop table rejects; drop table reject_scans")
    spans: dict[str, list[_Span]] = defaultdict(list)
    for path, _, position, length in rejects:
        start, end = position - 1, position - 1 + length
        known = spans[path]
        if known and start < known[-1].end:
            known[-1] = _Span(known[-1].start, max(end, known[-1].end))
        else:
            known.append(_Span(start, end))
    return spans


def _read_again(
    piece: Piece, spans: Sequence[_Span], rows: list[tuple[str, ...]]
) -> Iterator[Problem]:
    """Read rejected stretches record by record: keep what is whole, report what is not."""
    with piece.path.open("rb") as file:
        line, at = piece.line, 0
        for span in sorted(spans, key=lambda span: span.start):
            line += _newlines(piece.path, at, span.start)
            at = span.start
            file.seek(span.start)
            data = _to_line_end(file.read(span.end - span.start), file.readline())
            yield from _read_span(piece, data, line, rows)


def _read_span(
    piece: Piece, data: bytes, line: int, rows: list[tuple[str, ...]]
) -> Iterator[Problem]:
    source = piece.source
    raw = data.removesuffix(b"\n").split(b"\n")
    lines = [part.decode("utf-8", errors="replace").removesuffix("\r") + "\n" for part in raw]
    for record in read_records(lines, source.delimiter, len(source.header)):
        where = line + record.line
        reason = f"row not read: {record.fault}" if record.fault else None
        if reason is None and record.cells != source.header:
            rows.append((str(piece.path), *record.cells))
            reason = _oddity(raw[record.line : record.line + record.lines], source)
        if reason is not None:
            yield Problem(source.sheet.name, where, reason)


def _oddity(lines: Sequence[bytes], source: Source) -> str | None:
    """Say what made the engine reject a row that could be read after all."""
    try:
        b"\n".join(lines).decode("utf-8")
    except UnicodeDecodeError:
        return REPLACED
    if lines[-1].endswith(b"\r") != source.sheet.lines[0].endswith("\r\n"):
        return ODD_END
    return None


def _to_line_end(data: bytes, rest: bytes) -> bytes:
    return data if data.endswith(b"\n") else data + rest


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
