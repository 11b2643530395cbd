"""Finds the lines of what could be read only in part: bad cells, addresses that are none."""

from collections import defaultdict, deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

import duckdb

from gapcalc.formats.cells import Cell
from gapcalc.inputs.detect import Source
from gapcalc.inputs.records import Record, read_records
from gapcalc.inputs.utf8_parts import HEADER_AGAIN, REPLACED, Piece
from gapcalc.rows import Problem
from gapcalc.urls import host_of, page_of

SMALL = 16 * 1024 * 1024
"""Bytes up to which every cell is checked, used or not; beyond, only where a fault shows."""

_AROUND = 40
"""Lines before and after a hit in which its record is looked for."""


def locate_problems(
    connection: duckdb.DuckDBPyConnection, pieces: Mapping[int, Piece], faulty: Collection[str]
) -> list[Problem]:
    """Give a problem, with its line, for every row with a bad cell or without an address.

    The engine checks the bytes of the columns it reads; those of the others are looked through
    in small inputs, and in the `faulty` ones, which have other problems.
    """
    wanted, hosts = _wanted(connection), _bad_hosts(connection)
    problems: list[Problem] = []
    small = sum(piece.source.sheet.size for piece in pieces.values()) < SMALL
    for number, piece in pieces.items():
        source = piece.source
        sought = _Sought(wanted.get(number, set()), hosts.get(number, set()))
        problems += [Problem(source.sheet.name, line, reason) for line, reason in piece.notes]
        odd = sought or source.sheet.name in faulty
        if odd or (small and not _is_text(piece.path.read_bytes())):
            problems += _search(piece, sought)
    return problems


def _wanted(connection: duckdb.DuckDBPyConnection) -> dict[int, set[str]]:
    """Give, for each file, cells that stand in the rows looked for."""
    statements = (
        "select piece, address from suspect",
        """
select piece, coalesce(target, '') from found join file using (piece)
where file.page is null
    and (target is null or target in (select url from page_name where page_name.page is null))
""",
    )
    return _by_file(connection, statements)


def _bad_hosts(connection: duckdb.DuckDBPyConnection) -> dict[int, set[str]]:
    """Give, for each file, what stands where the host of a source should."""
    statement = """
select piece, coalesce(host, '') from found
where (host is null or host in (select host from host_name where name is null))
"""
    return _by_file(connection, (statement,))


def _by_file(
    connection: duckdb.DuckDBPyConnection, statements: Sequence[str]
) -> dict[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    for statement in statements:
        for number, text in connection.execute(statement).fetchall():
            found[number].add(text or "")
    return found


class _Sought(NamedTuple):
    """What stands in the rows looked for: whole cells, and hosts within cells."""

    cells: set[str]
    hosts: set[str]

    def __bool__(self) -> bool:
        return bool(self.cells or self.hosts)


class _Window(NamedTuple):
    """The lines around a hit, and where they begin."""

    first: int
    lines: list[str]
    hit: int


def _search(piece: Piece, sought: _Sought) -> Iterator[Problem]:
    source = piece.source
    seen: set[int] = set()
    for window in _windows(piece, sought):
        record = _record_at(window, source)
        if record is None or record.line in seen:
            continue
        seen.add(record.line)
        for reason in _faults(record, source):
            yield Problem(source.sheet.name, record.line, reason)


def _longest_part(cell: str, delimiter: str) -> bytes:
    """Give what of a cell is surely found when a line is cut at every delimiter."""
    return max(cell.replace('"', "").split(delimiter), key=len).encode()


def _windows(piece: Piece, sought: _Sought) -> Iterator[_Window]:
    """Yield the surroundings of every line that holds what is sought, or bytes that are no text."""
    delimiter = piece.source.delimiter.encode()
    needles = {_longest_part(cell, piece.source.delimiter) for cell in sought.cells}
    hosts = [host.replace('"', '""').encode() for host in sought.hosts]
    recent: deque[bytes] = deque(maxlen=2 * _AROUND + 1)
    hits: deque[int] = deque()
    with piece.path.open("rb") as file:
        number = piece.line - 1
        for number, line in enumerate(file, start=piece.line):
            recent.append(line)
            cells = line.rstrip(b"\r\n").replace(b'"', b"").split(delimiter)
            holds = not needles.isdisjoint(cells) or any(host in line for host in hosts)
            if holds or not _is_text(line):
                hits.append(number)
            if hits and number - hits[0] == _AROUND:
                yield _window(recent, number, hits.popleft())
    for hit in hits:
        yield _window(recent, number, hit)


def _window(recent: Sequence[bytes], last: int, hit: int) -> _Window:
    first = last - len(recent) + 1
    lines = [line.decode("utf-8", "surrogateescape").replace("\r\n", "\n") for line in recent]
    return _Window(first, lines, hit)


def _is_text(data: bytes) -> bool:
    if data.isascii():
        return True
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _record_at(window: _Window, source: Source) -> Record | None:
    """Find the record that the hit belongs to, which may have begun on a line before it."""
    for start in range(window.hit - window.first, -1, -1):
        lines = window.lines[start:]
        record = next(read_records(lines, source.delimiter, len(source.header)), None)
        if record is None or record.fault or record.line:
            continue
        if window.first + start + record.lines > window.hit:
            return Record(window.first + start, record.cells, lines=record.lines)
    return None


def _faults(record: Record, source: Source) -> Iterator[str]:
    if record.cells == source.header:
        if record.line != source.header_line:
            yield HEADER_AGAIN
        return
    if any("\udc80" <= character <= "\udcff" for cell in record.cells for character in cell):
        yield REPLACED
    for name, (index, cell) in source.export.places(source.plain_header).items():
        text = record.cells[index]
        yield from _bad_cell(source.header[index].strip(), text, cell)
        if name in {"source_url", "source_domain"} and host_of(text) is None:
            yield f"row not counted: the source {text[:60]!r} is no URL"
        if name == "target_url" and page_of(text) is None:
            yield f"row not counted: the target {text[:60]!r} is no URL"


def _bad_cell(heading: str, text: str, cell: Cell) -> Iterator[str]:
    try:
        cell.parse(text)
    except ValueError as error:
        yield f"column {heading!r} is unknown: {error}"
