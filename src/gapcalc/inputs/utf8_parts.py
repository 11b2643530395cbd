"""Makes link files fit for the engine: UTF-8, LF or CRLF throughout, the header on the first line.

Most files are so already and are read where they lie; the others are rewritten into the private
workspace, big ones in stretches by several processes.
"""

import errno
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from gapcalc.inputs import transcode
from gapcalc.inputs.detect import Source
from gapcalc.workspace import Workspace

_WORTH_A_PROCESS = 8 * 1024 * 1024
_MOST_STRETCHES = 8
_MOST_NOTES = 100
REPLACED = "bytes that are no text were replaced; the row was read"
HEADER_AGAIN = "row not read: the header is repeated here"
ODD_END = "the line ends unlike the others; the row was read"
_WINDOW = 1024 * 1024
_BOUNDARY = re.compile('[^"]"\n"[^"]')
"""Where a fully quoted record ends for sure: inside a cell a quote is always doubled."""


class Piece(NamedTuple):
    """A file, or a stretch of one, that the engine can read.

    `line` is the physical line of the original at which the piece begins; `notes` are (line,
    reason) of what the rewriting had to mend.
    """

    source: Source
    input: int
    path: Path
    line: int
    has_header: bool
    notes: tuple[tuple[int, str], ...] = ()


def fits_engine(source: Source) -> bool:
    """Say whether the engine can read the file where it lies."""
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


def cut_pieces(
    sources: Sequence[tuple[int, Source]], workspace: Workspace
) -> Iterator[list[Piece]]:
    """Yield the pieces of each (input number, file), rewriting those that need it.

    All rewriting by other processes is started before the first result is awaited.
    """
    started = [
        [Piece(source, number, source.sheet.path, 1, has_header=True)]
        if fits_engine(source)
        else Rewrite(source, number, workspace)
        for number, source in sources
    ]
    try:
        for done, item in enumerate(started, start=1):
            yield item if isinstance(item, list) else item.pieces()
            workspace.advance("Rewriting files", done, len(started))
    finally:
        for item in started:
            if isinstance(item, Rewrite):
                item.stop()


def rewrite(piece: Piece, workspace: Workspace) -> list[Piece]:
    """Rewrite the file of a piece that the engine could not read where it lies."""
    return Rewrite(piece.source, piece.input, workspace).pieces()


class Rewrite:
    """The rewriting of one file, under way in as many processes as it is worth."""

    def __init__(self, source: Source, number: int, workspace: Workspace) -> None:
        self.source, self.number = source, number
        workspace.expect(source.sheet.name, source.sheet.size - source.sheet.start)
        self.stretches = _stretches(source)
        self.paths = []
        for _ in self.stretches:
            path = workspace.new_path(".utf8")
            path.touch()
            self.paths.append(path)
        self._processes = (
            [
                self._start(stretch, path)
                for stretch, path in zip(self.stretches, self.paths, strict=True)
            ]
            if len(self.stretches) > 1
            else []
        )

    def _skip(self, start: int) -> int:
        return self.source.header_line if start == self.source.sheet.start else 0

    def _start(self, stretch: tuple[int, int], path: Path) -> subprocess.Popen[bytes]:
        sheet = self.source.sheet
        numbers = map(str, (*stretch, self._skip(stretch[0])))
        command = [sys.executable, "-I", "-S", transcode.__file__]
        command += [str(sheet.path), str(path), sheet.encoding, *numbers]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # noqa: S603

    def pieces(self) -> list[Piece]:
        """Wait for the rewriting, and give its pieces in the order of the file."""
        results = [self._wait(process) for process in self._processes] or [self._here()]
        pieces, line = [], 1
        for (start, _), path, (lines, bad) in zip(self.stretches, self.paths, results, strict=True):
            notes = [(line + number, REPLACED) for number in bad]
            pieces.append(
                Piece(
                    self.source,
                    self.number,
                    path,
                    line + self._skip(start),
                    has_header=False,
                    notes=tuple(notes + self._odd_line_ends()),
                )
            )
            line += lines
        return pieces

    def _here(self) -> tuple[int, list[int]]:
        sheet, stretch = self.source.sheet, self.stretches[0]
        done = transcode.transcode(
            str(sheet.path), str(self.paths[0]), sheet.encoding, stretch, self._skip(stretch[0])
        )
        return done.lines, done.bad_lines

    def _odd_line_ends(self) -> list[tuple[int, str]]:
        """Name the lines that end unlike most others; UTF-16 exports have never been seen mixed."""
        sheet = self.source.sheet
        if sheet.encoding != "utf-8":
            return []
        with sheet.path.open("rb") as file:
            ends = _line_ends(file)
        usual = Counter(ends.values()).most_common(1)[0][0] if ends else b""
        odd = [line for line, end in ends.items() if end != usual]
        if len(odd) > _MOST_NOTES:
            return [
                (
                    odd[0],
                    f"the first of {len(odd):,} lines that end unlike the others; all were read",
                )
            ]
        return [(line, ODD_END) for line in odd]

    def _wait(self, process: subprocess.Popen[bytes]) -> tuple[int, list[int]]:
        out, err = process.communicate()
        if process.returncode:
            last = err.decode(errors="replace").strip().rpartition("\n")[2]
            number = re.search(r"\[Errno (\d+)\]", last)
            code = int(number.group(1)) if number else errno.EIO
            raise OSError(code, os.strerror(code))
        lines, *bad = map(int, out.split())
        return lines, bad

    def stop(self) -> None:
        """End the processes that still run."""
        for process in self._processes:
            if process.poll() is None:
                process.kill()
                process.wait()


def _stretches(source: Source) -> list[tuple[int, int]]:
    sheet = source.sheet
    whole = sheet.size - sheet.start
    count = min(os.cpu_count() or 1, _MOST_STRETCHES, whole // _WORTH_A_PROCESS)
    if count < 2 or sheet.encoding == "utf-8":  # noqa: PLR2004
        return [(sheet.start, sheet.size)]
    wanted = [sheet.start + whole * part // count // 2 * 2 for part in range(1, count)]
    cuts = [_boundary(source, offset) for offset in wanted]
    edges = [sheet.start, *sorted({cut for cut in cuts if cut is not None}), sheet.size]
    return list(pairwise(edges))


def _boundary(source: Source, offset: int) -> int | None:
    with source.sheet.path.open("rb") as file:
        file.seek(offset)
        text = file.read(_WINDOW).decode(source.sheet.encoding, errors="replace")
    match = _BOUNDARY.search(text)
    if match is None:
        return None
    before = text[: match.start() + 3]
    return offset + 2 * (len(before) + sum(character > "\uffff" for character in before))
