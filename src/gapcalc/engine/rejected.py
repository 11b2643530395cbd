"""Reads again what the engine rejected: each record proves to be a row or a problem."""

import csv
from codecs import getincrementaldecoder
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from os import SEEK_CUR
from pathlib import Path
from typing import BinaryIO, NamedTuple

from gapcalc.connection import Engine
from gapcalc.engine.raw import MOST_REJECTS
from gapcalc.inputs.records import LONGEST_RECORD, Record, read_record, read_records
from gapcalc.inputs.utf8 import ODD_END, REPLACED, ReadableFile
from gapcalc.rows import HEADER_AGAIN, Problem
from gapcalc.workspace import Workspace, real_path

_LINES_AT_ONCE = 4_000
_BLOCK = 1 << 20
_SPOTS = 8
_SPOT = 32 * 1024
_GLANCE = 4 * 1024
_WORTH_SPOTS = 1 << 20
_ONE_OF = 16
"""With one short row in this many, mending a large file beats waiting for the engine's errors."""
_MOST_EXTRA = 1_000

_CUT = 10_000
"""The most bytes of a rejected record that the engine keeps. Where a longer one ends is unknown."""

_REJECTED = f"""
select file_path, start, max(ends), sum(count(*)) over (partition by file_path) as faults,
    max(max(strlen(csv_line))) over (partition by file_path) >= {_CUT} as is_cut
from (
    select file_path, byte_position, csv_line,
        coalesce(line_byte_position, byte_position) - 1 as start,
        greatest(start + strlen(csv_line), byte_position) as ends
    from reject join reject_scan using (scan_id, file_id)
)
group by file_path, start order by file_path, start
"""


class RejectedSpan(NamedTuple):
    """A stretch of bytes that the engine could not read as records."""

    start: int
    end: int


TOO_MANY: Sequence[RejectedSpan] = ()
"""Stands for more or longer faults than the engine keeps."""


def forget_rejects(engine: Engine) -> None:
    """Make room for the rejects of the next file."""
    engine.execute("drop table if exists reject; drop table if exists reject_scan")


def rejected_spans(engine: Engine) -> dict[str, Sequence[RejectedSpan]]:
    """Give the stretches of each file, by path, that were rejected by the last statement.

    A file with more or longer faults than the engine keeps gets `TOO_MANY`.
    """
    spans: dict[str, list[RejectedSpan]] = defaultdict(list)
    unkept = set()
    # Nearly always there are none, and checking that is far quicker.
    any_rejects = engine.query("from reject limit 1")
    for path, start, end, count, is_cut in engine.query(_REJECTED) if any_rejects else ():
        spans[path].append(RejectedSpan(start, end))
        if is_cut or count >= MOST_REJECTS:
            unkept.add(path)
    forget_rejects(engine)
    return {path: TOO_MANY if path in unkept else found for path, found in spans.items()}


def bytes_to_judge(file: ReadableFile, spans: Sequence[RejectedSpan]) -> bytes:
    """Give the beginning of a file and the bytes of some spans: enough to tell its encoding."""
    with file.path.open("rb") as data:
        found = [data.read(_MOST_LOOKED_AT)]
        for span in spans[:_SPANS]:
            data.seek(span.start)
            found.append(data.read(min(span.end - span.start, _BLOCK)))
    return b"".join(found)


_SPANS = 1_000
_MOST_LOOKED_AT = 64 << 20


def is_mostly_faulty(file: ReadableFile) -> bool:
    """Say whether many rows in a sample of a file are too short, or one line is far too long.

    The engine takes long over such files: it makes an error for every missing or surplus cell, and
    each error holds the whole line.
    """
    source = file.source
    if file.mended:
        return False
    if _is_faulty(source.sheet.lines[source.header_line :], file, 2) or _has_endless_line(file):
        return True
    size = file.path.stat().st_size
    if size < _WORTH_SPOTS:
        return False
    with file.path.open("rb") as data:
        for spot in range(1, _SPOTS):
            data.seek(size * spot // _SPOTS)
            data.readline()
            start = data.tell()
            lines = [line.decode(errors="replace") for line in data.readlines(_SPOT)]
            # After an odd number of quotes the spot lies within a cell, where no row begins.
            if _is_faulty(lines, file, _ONE_OF) and _count(b'"', file.path, 0, start) % 2 == 0:
                return True
    return False


def _has_endless_line(file: ReadableFile) -> bool:
    most, delimiter = len(file.source.header) + _MOST_EXTRA, file.source.delimiter.encode()
    with file.path.open("rb", buffering=0) as data:
        while block := data.read(_GLANCE):
            if b"\n" in block:  # as in nearly every block, whose rest need not be read
                data.seek(_SPOT - _GLANCE, SEEK_CUR)
                continue
            block += data.read(_SPOT - _GLANCE)
            if b"\n" not in block and block.count(delimiter) > most:
                return True
    return False


def _is_faulty(lines: Sequence[str], file: ReadableFile, one_of: int) -> bool:
    width, delimiter = len(file.source.header), file.source.delimiter
    if any(line.count(delimiter) > width + _MOST_EXTRA for line in lines):
        return True
    short = sum(line.count(delimiter) < width - 1 for line in lines)
    if short * one_of <= len(lines):
        return False
    cells = [len(record.cells) for record in read_records(lines, delimiter, width)]
    # An open quote (no cells) may begin a cell of many lines; these are not short rows.
    return 0 not in cells and sum(count < width for count in cells) * one_of > len(cells)


def read_again(
    file: ReadableFile, spans: Sequence[RejectedSpan], problems: list[Problem]
) -> Iterator[tuple[str, ...]]:
    """Read stretches of a file record by record: yield what is whole, report what is not."""
    line, at = file.first_line, 0
    for span in _whole_lines(file.path, spans):
        line += _count(b"\n", file.path, at, span.start)
        at = span.start
        for number, raw, record in _records(file, span):
            if not record.fault and record.cells != file.source.header:
                yield record.cells
            reason = _reason(record, raw, file)
            if reason is not None and line + number != file.source.header_line:
                problems.append(Problem(file.name, line + number, reason))


def every_record(file: ReadableFile) -> Iterator[tuple[int, Record]]:
    """Read a file record by record: yield each with its line."""
    for number, _, record in _records(file, _all_of(file)):
        yield file.first_line + number, record


def _whole_lines(path: Path, spans: Sequence[RejectedSpan]) -> list[RejectedSpan]:
    """Extend every span to the end of its line, and join spans that then touch."""
    whole: list[RejectedSpan] = []
    with path.open("rb") as file:
        for span in spans:
            file.seek(max(span.start, span.end - 1))
            file.readline()
            end = file.tell()
            if whole and span.start <= whole[-1].end:
                whole[-1] = RejectedSpan(whole[-1].start, max(end, whole[-1].end))
            else:
                whole.append(RejectedSpan(span.start, end))
    return whole


def _all_of(file: ReadableFile) -> RejectedSpan:
    start = file.source.sheet.start if file.has_header else 0  # after the byte order mark
    return RejectedSpan(start, file.path.stat().st_size)


def mend(file: ReadableFile, workspace: Workspace) -> ReadableFile:
    """Rewrite a file, with faulty rows as empty lines, so that lines keep their numbers.

    The engine takes far longer over a faulty row than this does.
    """
    workspace.expect(file.name, file.path.stat().st_size)
    path, end = real_path(workspace.new_path(".mended")), _usual_end(file)
    notes, written = [*file.notes], 0
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, delimiter=file.source.delimiter, lineterminator=end)
        for line, raw, record in _records(file, _all_of(file), _IsSound(file, end)):
            number = file.first_line + line
            if number == file.source.header_line:
                continue
            out.write(end * (line - written))
            is_row = not record.fault and record.cells != file.source.header
            written = line + len(raw) * is_row
            if record is _SOUND:
                out.write(raw[0].decode())
            elif is_row:
                writer.writerow(record.cells)
            if record is not _SOUND and (reason := _reason(record, raw, file)):
                notes.append((number, reason))
    return file._replace(path=path, has_header=False, notes=tuple(notes), text=True, mended=True)


def _usual_end(file: ReadableFile) -> str:
    usual = file.has_header and file.source.sheet.lines[0].endswith("\r\n")
    return "\r\n" if usual else "\n"


_SOUND = Record(0, ())
"""Stands for a record that is known to be sound; its cells were not read."""


class _IsSound:
    """Tells lines that surely are one sound record, without reading their cells.

    Either no cell has a quote around it, or every cell has, and no quote stands elsewhere.
    """

    def __init__(self, file: ReadableFile, end: str) -> None:
        self._delimiter, self._end = file.source.delimiter.encode(), end.encode()
        self._between = b'"' + self._delimiter + b'"'
        self._width = len(file.source.header)

    def __call__(self, line: bytes) -> bool:
        if not line.endswith(self._end) or line.count(b"\r") != self._end.count(b"\r"):
            return False
        quotes = line.count(b'"')
        if quotes == 0:
            return line.count(self._delimiter) == self._width - 1 and is_text(line)
        text = line.removesuffix(self._end)
        return (
            quotes == 2 * self._width
            and text.count(self._between) == self._width - 1
            and text.startswith(b'"')
            and text.endswith(b'"')
            and not text.startswith(self._between)
            and not text.endswith(self._between)
            and is_text(line)
        )


def _records(
    file: ReadableFile, span: RejectedSpan, is_sound: Callable[[bytes], bool] | None = None
) -> Iterator[tuple[int, Sequence[bytes], Record]]:
    """Yield each record of a span with its line in the span, from 0, and its bytes.

    Lines that are one record according to `is_sound` are given as `_SOUND`.
    """
    delimiter, width = file.source.delimiter, len(file.source.header)
    raw: list[bytes] = []
    line = 0
    with file.path.open("rb") as data:
        data.seek(span.start)
        left = span.end - span.start
        while left > 0 or raw:
            left = _read_lines(data, raw, left)
            texts = [_text(part) for part in raw]
            at = 0
            while at < len(raw) and (left <= 0 or at + LONGEST_RECORD <= len(raw)):
                start = at
                if is_sound and is_sound(raw[at]):
                    at += 1
                    yield line + start, raw[start:at], _SOUND
                elif not texts[at].strip():
                    at += 1
                else:
                    record, at = read_record(texts, at, delimiter, width)
                    if not record.is_blank:
                        yield line + start, raw[start:at], record
            line += at
            raw = raw[at:]


def _read_lines(data: BinaryIO, raw: list[bytes], left: int) -> int:
    """Add lines to `raw` until they are enough; give how many bytes of the span are left."""
    while left > 0 and len(raw) < _LINES_AT_ONCE:
        part = data.readline()
        # The engine may place a fault behind the end of the file.
        left = left - len(part) if part else 0
        raw += [part] if part else []
    return left


def _text(raw: bytes) -> str:
    return raw.decode(errors="replace").removesuffix("\n").removesuffix("\r") + "\n"


def _reason(record: Record, raw: Sequence[bytes], file: ReadableFile) -> str | None:
    """Say what made the engine reject a record; None where only its neighbour was at fault."""
    if record.fault:
        return f"row not read: {record.fault}"
    if record.cells == file.source.header:
        return HEADER_AGAIN
    if not is_text(b"".join(raw)):
        return REPLACED
    end = "\r\n" if raw[-1].endswith(b"\r\n") else "\n"
    return ODD_END if raw[-1].endswith(b"\n") and end != _usual_end(file) else None


def is_text(data: bytes) -> bool:
    """Say whether bytes are UTF-8 text."""
    if data.isascii():
        return True
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def is_text_file(path: Path) -> bool:
    """Say whether a file is UTF-8 text; blocks that fit the cache are read twice as fast."""
    decoder = getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        try:
            while block := file.read(_TEXT_BLOCK):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


_TEXT_BLOCK = 64 * 1024


def _count(byte: bytes, path: Path, start: int, end: int) -> int:
    count = 0
    with path.open("rb") as file:
        file.seek(start)
        while start < end:
            block = file.read(min(_BLOCK, end - start))
            if not block:
                break
            count += block.count(byte)
            start += len(block)
    return count
