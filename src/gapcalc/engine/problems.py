"""Finds the lines of rows that were read only in part, by reading the faulty file again.

Only rows that may have a fault are checked cell by cell: the engine's tables tell which sources and
targets such rows have.
"""

import re
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from io import BytesIO
from itertools import islice
from typing import BinaryIO, NamedTuple

from gapcalc.connection import Engine
from gapcalc.engine.rejected import every_record, is_text, is_text_file
from gapcalc.formats.cells import Cell, trim
from gapcalc.inputs.parquet import columns_as_text, numbered
from gapcalc.inputs.records import LONGEST_RECORD, Record, read_records
from gapcalc.inputs.source import Source
from gapcalc.inputs.utf8 import REPLACED, ReadableFile
from gapcalc.rows import HEADER_AGAIN, Problem, Unread
from gapcalc.urls import host_of, page_of

SMALL = 16 * 1024 * 1024
"""Up to this many bytes every cell is checked, used or not; beyond, only where a fault shows."""

_FEW = 10
"""Up to this many texts are searched for in whole blocks of a file before single lines."""
_BLOCK = 64 * 1024

_HOST = re.compile(rb"https?:(//[^/]*)")

_FAULTY_CELLS = """
select distinct file, 'addresses', coalesce(address, '') from faulty_row
union all
select distinct file, 'hosts', coalesce(host, '') from link_row
where host is null or host in (select host from host_name where name is null)
union all
select distinct file, 'targets', coalesce(url, '') from target_url
where page is null and file not in (select file from file where page is not null)
"""


class FaultyCells(NamedTuple):
    """The cells, and hosts of sources, that mark a row that may have a fault."""

    addresses: frozenset[bytes] = frozenset()
    hosts: frozenset[bytes] = frozenset()
    targets: frozenset[bytes] = frozenset()

    def fits(self, address: bytes, target: bytes | None) -> bool:
        """Say whether a row with these cells may have a fault."""
        if address in self.addresses or target in self.targets:
            return True
        if not self.hosts:
            return False
        # Without its quotes, an odd address may look like one with a scheme.
        host = _HOST.match(address)
        return address in self.hosts or (host is not None and host[1] in self.hosts)


def find_problems(
    engine: Engine, files: Sequence[ReadableFile], known: Sequence[Problem]
) -> list[Problem]:
    """Give a problem, with its line, for every row with a bad cell or without an address.

    The engine checks the bytes of the columns it reads. The other columns are checked here, in
    small inputs and in files with already `known` problems.
    """
    faulty_cells_of = _faulty_cells(engine)
    faulty = {problem.input for problem in known}
    small = sum(file.source.sheet.size for file in files) < SMALL
    problems = list(known)
    for file in files:
        problems += [
            Problem(file.name, column.line, f"{column}; it is not used")
            for column in file.source.unread
        ]
        faulty_cells = faulty_cells_of.get(file.input, FaultyCells())
        problems += [Problem(file.name, line, reason) for line, reason in file.notes]
        if file.is_parquet:
            problems += _search_parquet(engine, file, faulty_cells) if any(faulty_cells) else []
        elif any(faulty_cells) or ((file.name in faulty or small) and not _is_text(file)):
            problems += _search_text(file, faulty_cells)
    return problems


def _faulty_cells(engine: Engine) -> dict[int, FaultyCells]:
    found: dict[int, dict[str, set[bytes]]] = defaultdict(lambda: defaultdict(set))
    for number, kind, text in engine.query(_FAULTY_CELLS):
        found[number][kind].add(text.encode())
    return {
        number: FaultyCells(**{kind: frozenset(texts) for kind, texts in kinds.items()})
        for number, kinds in found.items()
    }


def first_bad(engine: Engine, file: ReadableFile, index: int, cell: Cell) -> tuple[int, str]:
    """Give the line of the first bad cell of a column, and what it holds."""
    if file.is_parquet:
        text = list(columns_as_text(engine, file.path).values())[index]
        found = engine.query(
            f"select file_row_number + 2, {text} as cell from "
            f"{numbered(file.path, len(file.source.header))} where {cell.bad('cell')} limit 1"
        )
        return next(iter(found), (2, ""))
    for line, record in every_record(file):
        if (
            not record.fault
            and record.cells != file.source.header
            and cell.is_bad(record.cells[index])
        ):
            return line, record.cells[index]
    return file.source.header_line + 1, ""


def filled_at_first(file: ReadableFile, column: tuple[str, int, Cell]) -> int:
    """Count the filled cells of a column in the first rows of a file: a lower bound."""
    source, (_, index, cell) = file.source, column
    lines = source.sheet.lines[source.header_line :]
    records = read_records(lines, source.delimiter, len(source.header))
    texts = [r.cells[index] for r in records if not r.fault and r.cells != source.header]
    return sum(trim(text) not in cell.unknown for text in texts)


def _is_text(file: ReadableFile) -> bool:
    return file.text or is_text_file(file.path)


def _search_text(file: ReadableFile, faulty_cells: FaultyCells) -> Iterator[Problem]:
    places = file.source.places
    for record in _records_in_doubt(file, faulty_cells):
        for fault in _faults(record, file.source, places):
            yield Problem(file.name, record.line, *fault)


def _records_in_doubt(file: ReadableFile, faulty_cells: FaultyCells) -> Iterator[Record]:
    """Yield, in one pass, the records that have faulty cells, or bytes that are not text."""
    row_filter = _RowFilter(file.source, faulty_cells, all_text=file.text)
    number = file.first_line
    with file.path.open("rb") as lines:
        for block, is_whole in iter(partial(_next_records, lines), (b"", True)):
            if is_whole and row_filter.is_free(block):
                number += block.count(b"\n")
                continue
            ahead = deque(BytesIO(block))
            while ahead:
                line = ahead.popleft()
                record = (
                    row_filter.read_whole(line, ahead, lines)
                    if row_filter.is_doubtful(line)
                    else None
                )
                if record is not None:
                    rest = [ahead.popleft() for _ in range(record.lines - 1)]
                    if row_filter.fits(record) or not is_text(b"".join([line, *rest])):
                        yield record._replace(line=number)
                number += record.lines if record else 1


def _next_records(lines: BinaryIO) -> tuple[bytes, bool]:
    """Take a block of lines up to one that closes every quote; also say whether one did."""
    block = lines.read(_BLOCK) + lines.readline()
    is_open = block.count(b'"') % 2 == 1
    for line in islice(lines, LONGEST_RECORD) if is_open else ():
        block += line
        if line.count(b'"') % 2:
            return block, True
    return block, not is_open


class _RowFilter:
    """Looks for faulty cells in the lines and records of one file."""

    def __init__(self, source: Source, faulty_cells: FaultyCells, *, all_text: bool) -> None:
        places = source.places
        self._delimiter, self._width = source.delimiter.encode(), len(source.header)
        self._source = places.get("source_url", places.get("source_domain", (0, None)))[0]
        self._target = places.get("target_url", (None, None))[0]
        self._faulty, self._all_text = faulty_cells, all_text
        self._texts = frozenset[bytes]().union(*faulty_cells)
        self._is_plain = len(self._texts) <= _FEW and not any(
            mark in text or not text for text in self._texts for mark in (b'"', b"\n")
        )
        self._unquoted = FaultyCells(
            *(frozenset(t.replace(b'"', b"") for t in texts) for texts in faulty_cells)
        )

    def is_free(self, block: bytes) -> bool:
        """Say whether whole records surely have neither faulty cells nor bytes that are not text.

        Searching a block for a few texts takes a tenth of the time of cutting it into cells.
        """
        return (
            self._is_plain
            and not any(text in block for text in self._texts)
            and (self._all_text or is_text(block))
        )

    def is_doubtful(self, line: bytes) -> bool:
        """Say whether a line must be read as a record to tell whether it has faulty cells."""
        quotes = line.count(b'"')
        if quotes % 2 or not is_text(line):
            return True
        cells = line.rstrip(b"\r\n").replace(b'"', b"").split(self._delimiter)
        if len(cells) != self._width:
            return quotes > 0  # without a quote it is a faulty row, known before
        return self._fits(self._unquoted, cells)

    def fits(self, record: Record) -> bool:
        """Say whether a record has faulty cells."""
        return self._fits(
            self._faulty, [cell.encode("utf-8", "surrogateescape") for cell in record.cells]
        )

    def _fits(self, faulty_cells: FaultyCells, cells: Sequence[bytes]) -> bool:
        return faulty_cells.fits(
            cells[self._source], None if self._target is None else cells[self._target]
        )

    def read_whole(self, line: bytes, ahead: deque[bytes], lines: Iterator[bytes]) -> Record | None:
        """Read the record that begins on a line; None if none begins there.

        Further lines are taken from `lines` and put into `ahead` until every quote is closed.
        """
        record, taken = self._read([line]), [line]
        while record is None and len(taken) < LONGEST_RECORD:
            if len(ahead) < len(taken):
                ahead.extend(islice(lines, 1))
            if len(ahead) < len(taken):
                return None
            taken.append(ahead[len(taken) - 1])
            if taken[-1].count(b'"') % 2:
                return self._read(taken)
        return record

    def _read(self, lines: Sequence[bytes]) -> Record | None:
        texts = [line.decode("utf-8", "surrogateescape").replace("\r\n", "\n") for line in lines]
        record = next(read_records(texts, self._delimiter.decode(), self._width), None)
        return None if record is None or record.fault or record.line else record


def _search_parquet(
    engine: Engine, file: ReadableFile, faulty_cells: FaultyCells
) -> Iterator[Problem]:
    places = file.source.places
    texts = [f"coalesce({text}, '')" for text in columns_as_text(engine, file.path).values()]
    address = texts[places.get("source_url", places.get("source_domain", (0, None)))[0]]
    target = texts[places["target_url"][0]] if "target_url" in places else "null"
    rows = engine.query(
        f"""
select file_row_number + 2, {", ".join(texts)} from {numbered(file.path, len(texts))}
where {address} in (select unnest($addresses::varchar[]))
    or coalesce(nullif(regexp_extract({address}, '^https?:(//[^/]*)', 1), ''), {address})
        in (select unnest($hosts::varchar[]))
    or {target} in (select unnest($targets::varchar[]))
""",
        {name: [text.decode() for text in texts] for name, texts in faulty_cells._asdict().items()},
    )
    for line, *cells in rows:  # the header counts as line 1
        for fault in _faults(Record(line, tuple(cells)), file.source, places):
            yield Problem(file.name, line, *fault)


def _faults(
    record: Record, source: Source, places: Mapping[str, tuple[int, Cell]]
) -> Iterator[tuple[str, Unread | None]]:
    """Say what is wrong in a record, and give the column of a bad cell."""
    # Files that were put together have the second one's byte order mark in their middle.
    if (record.cells[0].lstrip("\ufeff"), *record.cells[1:]) == source.header:
        if record.line != source.header_line:
            yield HEADER_AGAIN, None
        return
    if any("\udc80" <= character <= "\udcff" for cell in record.cells for character in cell):
        yield REPLACED, None
    for name, (index, cell) in places.items():
        text = record.cells[index]
        try:
            cell.parse(text)
        except ValueError as error:
            heading = source.header[index].strip()
            column = Unread(name, index, heading, 1, None, record.line, text)
            yield f"column {heading!r} is unknown: {error}", column
        if name in {"source_url", "source_domain"} and host_of(text) is None:
            yield f"row not counted: the source {text[:60]!r} is not a URL", None
        if name == "target_url" and page_of(text) is None:
            yield f"row not counted: the target {text[:60]!r} is not a URL", None
