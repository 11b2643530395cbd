"""Makes link files fit for the engine: UTF-8, LF or CRLF throughout, the header on the first line.

Most files already are and are read in place. The others are rewritten in the private workspace.
"""

import codecs
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from gapcalc.inputs.source import Source
from gapcalc.rows import Unread
from gapcalc.workspace import Workspace

REPLACED = "bytes that are no text were replaced; the row was read"
ODD_END = "the line ends unlike the others; the row was read"

_BLOCK = 64 * 1024
"""Larger blocks were measured to be slower: they fall out of the processor's cache."""

_MOST_NOTES = 100


class ReadableFile(NamedTuple):
    """A link file as the engine reads it.

    `first_line` is the physical line of the original with which the text at `path` begins; `notes`
    are the (line, reason) of every repair. It is `text` if all of it is known to be UTF-8, and
    `mended` if its faulty rows were taken out.
    """

    source: Source
    input: int
    path: Path
    first_line: int = 1
    has_header: bool = True
    notes: tuple[tuple[int, str], ...] = ()
    text: bool = False
    mended: bool = False

    @property
    def name(self) -> str:
        """The name to show."""
        return self.source.sheet.name

    @property
    def is_parquet(self) -> bool:
        """Say whether it is a Parquet file instead of text."""
        return self.source.sheet.origin.parquet is not None

    def without(self, unread: Sequence[Unread]) -> "ReadableFile":
        """Give the file without columns that cannot be read."""
        source = self.source._replace(unread=(*self.source.unread, *unread), cells={})
        return self._replace(source=source)


def make_readable(
    sources: Sequence[tuple[int, Source]], workspace: Workspace
) -> Iterator[ReadableFile]:
    """Yield each (input number, file) as the engine can read it, rewritten where that needs it."""
    for done, (number, source) in enumerate(sources):
        parquet = source.sheet.origin.parquet
        if parquet or _fits_engine(source):
            yield ReadableFile(source, number, parquet or source.sheet.path)
        else:
            workspace.advance("Rewriting files", done, len(sources))
            yield rewrite(source, number, workspace)
    workspace.advance("Reading links", 0, None)


def count_lines(file: ReadableFile) -> int:
    """Count the lines below the header of a file; 0 without quotes, where each line is a row."""
    ends, quoted, block = 0, False, b""
    with file.path.open("rb") as data:
        while more := data.read(_BLOCK):
            block = more
            ends += block.count(b"\n")
            quoted = quoted or b'"' in block
    return ends + (not block.endswith(b"\n")) - file.has_header if quoted else 0


def _fits_engine(source: Source) -> bool:
    """Say whether the engine can read the file in place."""
    sheet = source.sheet
    return (
        sheet.encoding == "utf-8" and source.header_line == 1 and not mixes_line_ends(sheet.lines)
    )


def mixes_line_ends(lines: Sequence[str]) -> bool:
    """Say whether records end in more than one way, which the engine cannot read."""
    if not any("\r" in line for line in lines):
        return False
    ends = set(_line_ends(line.encode() for line in lines).values())
    return len(ends) > 1 or ends == {b"\r"}


def _line_ends(lines: Iterable[bytes]) -> dict[int, bytes]:
    """Give the line end of every line (from 1) that does not stand inside a quoted cell."""
    ends, quotes = {}, 0
    for number, line in enumerate(lines, start=1):
        quotes += line.count(b'"')
        if quotes % 2 == 0 and line[-1:] in {b"\n", b"\r"}:
            ends[number] = b"\r\n" if line.endswith(b"\r\n") else line[-1:]
    return ends


def rewrite(source: Source, number: int, workspace: Workspace) -> ReadableFile:
    """Write the rows of a file as UTF-8 with LF line ends, without its header."""
    sheet = source.sheet
    workspace.expect(sheet.name, sheet.size - sheet.start)
    path = workspace.new_path(".utf8")
    notes = [(line, REPLACED) for line in _write_utf8(source, path)] + _odd_line_ends(source)
    first_line = source.header_line + 1
    return ReadableFile(
        source, number, path, first_line, has_header=False, notes=tuple(notes), text=True
    )


def _write_utf8(source: Source, path: Path) -> list[int]:
    """Write the rows to `path`; give the lines whose bytes are not text, in order."""
    sheet, skip, line = source.sheet, source.header_line, 1
    bad_lines: dict[int, None] = {}
    decoder = codecs.getincrementaldecoder(sheet.encoding)()
    newlines = io.IncrementalNewlineDecoder(decoder, translate=True)
    with sheet.path.open("rb", buffering=0) as file, path.open("wb") as out:
        file.seek(sheet.start)
        block = None
        while block != b"":
            block = file.read(_BLOCK)
            try:
                text = newlines.decode(block, final=not block)
            except UnicodeDecodeError:
                decoder.errors = "replace"
                text = newlines.decode(block, final=not block)
                decoder.errors = "strict"
                bad_lines |= dict.fromkeys(_lines_replaced(text, line))
            line += text.count("\n")
            while skip and "\n" in text:
                text = text.partition("\n")[2]
                skip -= 1
            if not skip:
                out.write(text.encode())
    return list(bad_lines)


def _lines_replaced(text: str, line: int) -> Iterator[int]:
    for part in text.split("\ufffd")[:-1]:
        line += part.count("\n")
        yield line


def _odd_line_ends(source: Source) -> list[tuple[int, str]]:
    """Name the lines that end unlike most others; UTF-16 exports have never been seen mixed."""
    if source.sheet.encoding.startswith("utf-16"):
        return []
    with source.sheet.path.open("rb") as file:
        ends = _line_ends(file)
    usual = Counter(ends.values()).most_common(1)[0][0] if ends else b""
    odd = [line for line, end in ends.items() if end != usual]
    if len(odd) > _MOST_NOTES:
        return [
            (odd[0], f"the first of {len(odd):,} lines that end unlike the others; all were read")
        ]
    return [(line, ODD_END) for line in odd]
