"""Finds the lines of what could be read only in part: bad cells, addresses that are none."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import duckdb

from gapcalc.engine.links import HEADER_AGAIN
from gapcalc.facts import Problem
from gapcalc.readers.columns import Cell
from gapcalc.readers.pieces import Piece
from gapcalc.readers.records import LONGEST_RECORD, Record, read_records
from gapcalc.urls import host_of, page_of

_LINES_AT_ONCE = 20_000


@dataclass(slots=True)
class _Wanted:
    """The raw cells that stand in the rows looked for."""

    addresses: set[str] = field(default_factory=set)
    hosts: set[str] = field(default_factory=set)
    targets: set[str] = field(default_factory=set)


def locate_problems(
    connection: duckdb.DuckDBPyConnection, pieces: Sequence[Piece]
) -> list[Problem]:
    """Give a problem, with its line, for every row with a bad cell or without an address."""
    wanted = _wanted(connection)
    return [
        problem
        for piece in pieces
        for problem in (
            *_bad_bytes(piece),
            *(_search(piece, wanted[str(piece.path)]) if str(piece.path) in wanted else ()),
        )
    ]


def _bad_bytes(piece: Piece) -> Iterator[Problem]:
    for line in piece.bad_lines:
        yield Problem(
            piece.source.sheet.name, line, "bytes that are no text were replaced; the row was read"
        )


def _wanted(connection: duckdb.DuckDBPyConnection) -> dict[str, _Wanted]:
    wanted: dict[str, _Wanted] = defaultdict(_Wanted)
    statements = {
        "addresses": "select distinct path, address from suspect where path in "
        f"(select path from found where bad or record = {HEADER_AGAIN})",
        "hosts": "select distinct path, coalesce(host, '') from found left join host_name "
        "using (host) where record = 0 and name is null",
        "targets": "select distinct path, coalesce(target, '') from found join file using (path) "
        "left join page_name on url = target "
        "where record = 0 and page_name.page is null and file.page is null",
    }
    for kind, statement in statements.items():
        for path, cell in connection.execute(statement).fetchall():
            getattr(wanted[path], kind).add(cell or "")
    return wanted


def _search(piece: Piece, wanted: _Wanted) -> Iterator[Problem]:
    source = piece.source
    places = source.export.places(source.plain_header)
    name = source.sheet.name
    for record in _records(piece):
        if record.fault or not _may_be(record, places, wanted):
            continue
        if record.cells == source.header:
            yield Problem(name, record.line, "row not read: the header is repeated here")
            continue
        for reason in _faults(record, places, source.header):
            yield Problem(name, record.line, reason)


def _may_be(record: Record, places: dict[str, tuple[int, Cell]], wanted: _Wanted) -> bool:
    address = _cell(record, places, "source_url") or _cell(record, places, "source_domain")
    return (
        address in wanted.addresses
        or (bool(wanted.hosts) and _raw_host(address) in wanted.hosts)
        or _cell(record, places, "target_url") in wanted.targets
    )


def _raw_host(address: str) -> str:
    """Cut the host out as the engine does, before any normalising."""
    if address[:5] in {"http:", "https"}:
        return [*address.split("/", 3), "", ""][2]
    return address


def _cell(record: Record, places: dict[str, tuple[int, Cell]], name: str) -> str:
    return record.cells[places[name][0]] if name in places else ""


def _faults(
    record: Record, places: dict[str, tuple[int, Cell]], header: Sequence[str]
) -> Iterator[str]:
    for name, (index, cell) in places.items():
        text = record.cells[index]
        try:
            cell.parse(text)
        except ValueError as error:
            yield f"column {header[index].strip()!r} is unknown: {error}"
        if name in {"source_url", "source_domain"} and host_of(text) is None:
            yield f"row not counted: the source {text[:60]!r} is no URL"
        if name == "target_url" and page_of(text) is None:
            yield f"row not counted: the target {text[:60]!r} is no URL"


def _records(piece: Piece) -> Iterator[Record]:
    """Read a piece record by record with physical lines, holding few lines at a time."""
    width, delimiter = len(piece.source.header), piece.source.delimiter
    line, held = piece.line, list[str]()
    with piece.path.open(encoding="utf-8-sig", errors="replace", newline="\n") as file:
        if piece.has_header:
            file.readline()
            line += 1
        while True:
            fresh = [text.replace("\r\n", "\n") for _, text in zip(range(_LINES_AT_ONCE), file)]  # noqa: B905  (a slice)
            held += fresh
            safe = len(held) - LONGEST_RECORD if fresh else len(held)
            done = 0
            for record in read_records(held, delimiter, width):
                if record.line >= safe:
                    break
                done = record.line + record.lines
                yield Record(line + record.line, record.cells, record.fault)
            line, held = line + done, held[done:]
            if not fresh:
                return
