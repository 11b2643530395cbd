"""Fills ``link_row``: reads files of one kind, and those with faulty cells or rows with more care."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

import duckdb

from gapcalc.connection import Engine, plain_errors, plainly_named
from gapcalc.engine import schema
from gapcalc.engine.judge import CountRequest
from gapcalc.engine.kept import KeptColumn
from gapcalc.engine.problems import filled_at_first, first_bad
from gapcalc.engine.raw import Rows, rows_of_parquet, rows_of_text
from gapcalc.engine.read import Reading
from gapcalc.engine.rejected import (
    TOO_MANY,
    RejectedSpan,
    bytes_to_judge,
    forget_rejects,
    is_mostly_faulty,
    is_text_file,
    mend,
    read_again,
    rejected_spans,
)
from gapcalc.formats.cells import Cell
from gapcalc.inputs.parquet import damaged
from gapcalc.inputs.records import count_records
from gapcalc.inputs.sheet import code_page
from gapcalc.inputs.source import settle, vendor_of
from gapcalc.inputs.utf8 import ReadableFile, count_lines, rewrite
from gapcalc.rows import Problem, Unread, is_unreadable
from gapcalc.words import UNNAMED
from gapcalc.workspace import Workspace

ROWS_AT_ONCE = 2_000


class Loader:
    """Fills ``link_row``, one kind of files at a time."""

    def __init__(self, engine: Engine, workspace: Workspace, request: CountRequest) -> None:
        self.files: dict[int, ReadableFile] = {}
        self.problems: list[Problem] = []
        self.engine = engine
        self._workspace, self._request = workspace, request

    def create_tables(self, kept: Sequence[KeptColumn]) -> None:
        """Make the tables that are filled file by file."""
        columns = "".join(f", {column.name} {column.type}" for column in kept)
        self.engine.execute(schema.FILE)
        self.engine.execute(schema.LINK_ROW.replace("{kept_columns}", columns))
        self.engine.execute(schema.FAULTY_ROW)

    def load(self, reading: Reading, files: Sequence[ReadableFile]) -> None:
        """Read files of one kind; text files are read together, with and without header apart."""
        text: dict[bool, list[ReadableFile]] = defaultdict(list)
        for file in files:
            if file.is_parquet:
                self._load_parquet(reading, file)
            else:
                sound = mend(file, self._workspace) if is_mostly_faulty(file) else file
                text[sound.has_header].append(sound)
        for alike in text.values():
            self._load_text(reading, alike)

    def _load_text(self, reading: Reading, files: Sequence[ReadableFile]) -> None:
        """Read files of one kind; rewrite them if the engine cannot read them (mixed line ends)."""
        forget_rejects(self.engine)
        self._note(files)
        rows = rows_of_text(reading.source, files)
        try:
            self.engine.execute(reading.insert_rows(rows.query), {**rows.values, **reading.values})
        except duckdb.InvalidInputException:
            if not all(file.has_header for file in files):
                raise
            numbers = [file.input for file in files]
            self.engine.execute(_FORGET.format(table="file"), {"files": numbers})
            new = [rewrite(file.source, file.input, self._workspace) for file in files]
            self._load_text(reading, new)
            return
        by_path = {str(file.path): file.input for file in files}
        spans = {by_path[path]: found for path, found in rejected_spans(self.engine).items()}
        anew = [file for number in spans for file in self._anew(self.files[number], spans[number])]
        if reading.checks_all or len(files) > _SAFE:
            known = {file.input for file in anew}
            anew += self._swallowing([f for f in files if f.input not in known], spans)
        again = {file.input for file in anew}
        for table in ("file", "link_row") if anew else ():
            self.engine.execute(_FORGET.format(table=table), {"files": [*again]})
        left = [file for file in files if file.input not in again]
        if left:
            spans = {number: found for number, found in spans.items() if number not in again}
            self._recheck(reading, spans, rows_of_text(reading.source, left) if anew else rows)
        for file in anew:
            self.load(reading, [file])

    def _swallowing(
        self, files: Sequence[ReadableFile], spans: Mapping[int, Sequence[RejectedSpan]]
    ) -> Iterator[ReadableFile]:
        """Give anew the files with fewer rows than lines in which an open quote swallowed rows.

        When DuckDB 2.0.1 reads more files than twice its threads, it drops an open quote and all
        rows below it without an error. It rejects them when it reads the file alone.
        """
        counted = self.engine.query(_COUNT, {"files": [file.input for file in files]})
        rows: dict[int, int] = dict(counted)
        for file in files:
            found = rows.get(file.input, 0) + len(spans.get(file.input, ()))
            if file.mended or found >= count_lines(file):
                continue
            with file.path.open("rb") as lines:
                records = count_records(lines, file.source.delimiter, len(file.source.header))
            if records is None:
                yield mend(file, self._workspace)
            elif len(files) > _SAFE and records - file.has_header > found:
                yield file

    def _anew(self, file: ReadableFile, spans: Sequence[RejectedSpan]) -> Iterator[ReadableFile]:
        """Rewrite a file that turns out to have another code page, or too many faults."""
        sheet = file.source.sheet
        if file.has_header and sheet.encoding == "utf-8" and not sheet.start:
            if is_text_file(file.path):
                file = self.files[file.input] = file._replace(text=True)
            elif page := code_page(bytes_to_judge(file, spans)):
                source = file.source._replace(sheet=sheet._replace(encoding=page))
                new = rewrite(source, file.input, self._workspace)
                note = (file.source.header_line + 1, f"it is not UTF-8 text and was read as {page}")
                path = plainly_named(new.path, self._workspace)
                yield new._replace(path=path, notes=(*new.notes, note))
                return
        if spans is TOO_MANY:
            yield mend(file, self._workspace)

    def _load_parquet(self, reading: Reading, file: ReadableFile) -> None:
        self._note([file])
        rows = rows_of_parquet(self.engine, file)
        try:
            with plain_errors(self._workspace, self._request.memory):
                self.engine.execute(reading.insert_rows(rows.query), reading.values)
                self._recheck(reading, {}, rows)
        except duckdb.Error as error:
            raise damaged(file.name) from error

    def _note(self, files: Sequence[ReadableFile]) -> None:
        rows = []
        for file in files:
            source, number = file.source, file.input
            vendor = vendor_of(source) or UNNAMED
            page = self._request.bound.get(number)
            rows.append((number, str(file.path), page, vendor, source.has_rel))
        self.engine.insert("file", rows)
        self.files |= {file.input: file for file in files}

    def _recheck(
        self,
        reading: Reading,
        spans: Mapping[int, Sequence[RejectedSpan]],
        rows: Rows,
    ) -> None:
        """Judge again the rows that are not written plainly; judge the rejected rows too.

        `rows` are all rows of the files.
        """
        engine = self.engine
        ((not_plain,),) = engine.query("select count(*) from link_row where not plain")
        if not spans and not not_plain:
            return
        engine.execute(reading.create_recheck())
        if not_plain or not reading.checks_all:
            engine.execute(reading.insert_recheck(rows.query), rows.values)
            forget_rejects(engine)
        for number, found in spans.items():
            self._insert_rejected(reading, self.files[number], found)
        engine.execute("delete from link_row where not plain")
        self._judge_again(reading, rows)

    def _judge_again(self, reading: Reading, rows: Rows) -> None:
        """Judge the rows in ``recheck``; files with a column that cannot be read are read anew."""
        engine = self.engine
        settled = self._settle(reading)
        unread = self._unread(settled, rows)
        for number in unread:
            for table in ("file", "link_row", "recheck"):
                engine.execute(_FORGET.format(table=table), {"files": [number]})
        for alike, numbers in settled:
            files = {"files": [number for number in numbers if number not in unread]}
            engine.execute(alike.insert_rechecked(), {**alike.values, **files})
            engine.execute(alike.insert_faulty(), files)
        for file in unread.values():
            self.load(reading.of(file.source), [file])

    def _settle(self, reading: Reading) -> list[tuple[Reading, list[int]]]:
        """Decide how each file's columns in ``recheck`` are read; group files that are read alike."""
        groups: list[tuple[Reading, list[int]]] = []
        fields = [field for field, _, _ in reading.checked]
        ((*odd,),) = self.engine.query(reading.find_odd()) if fields else ((),)
        # Few columns have an odd cell; planning a careful reading of all columns takes far longer.
        odd_fields = frozenset(field for field, is_odd in zip(fields, odd, strict=True) if is_odd)
        reading = reading._replace(odd=odd_fields)
        telling = [field for field, _, _ in reading.telling]
        for number, *found in self.engine.query(reading.find_clues()):
            clues = {name: set(ways) for name, ways in zip(telling, found, strict=False) if ways}
            file = self.files[number]
            file = file._replace(source=settle(file.source, clues))
            self.files[number] = file
            for known, numbers in groups:
                if known.source.cells == file.source.cells:
                    numbers.append(number)
                    break
            else:
                groups.append((reading._replace(source=file.source), [number]))
        return groups

    def _unread(
        self, settled: Sequence[tuple[Reading, Sequence[int]]], rows: Rows
    ) -> dict[int, ReadableFile]:
        """Give the files in ``recheck`` that have unreadable columns, without those columns."""
        found = {}
        for reading, numbers in settled:
            columns = reading.doubtful
            bad = self.engine.query(reading.count_bad(), {"files": numbers}) if columns else ()
            by_file = {number: counts for number, *counts in bad if any(counts)}
            columns = [c for n, c in enumerate(columns) if self._may_be_unreadable(c, n, by_file)]
            filled = self._filled(reading, columns, rows) if columns else {}
            for number, counts in by_file.items():
                by_column = dict(zip(reading.doubtful, counts, strict=True))
                unread = tuple(
                    self._described(self.files[number], column, by_column[column], total)
                    for column, total in zip(columns, filled.get(number, ()), strict=False)
                    if is_unreadable(by_column[column], max(total, by_column[column]))
                )
                if unread:
                    found[number] = self.files[number].without(unread)
        return found

    def _may_be_unreadable(
        self, column: tuple[str, int, Cell], place: int, bad: Mapping[int, Sequence[int]]
    ) -> bool:
        return any(
            is_unreadable(counts[place], filled_at_first(self.files[number], column))
            for number, counts in bad.items()
        )

    def _filled(
        self, reading: Reading, columns: Sequence[tuple[str, int, Cell]], rows: Rows
    ) -> dict[int, Sequence[int]]:
        """Count the filled cells of some columns, by file."""
        found = self.engine.query(reading.count_filled(rows.query, columns), rows.values)
        forget_rejects(self.engine)
        return {number: counts for number, *counts in found}

    def _described(
        self, file: ReadableFile, column: tuple[str, int, Cell], bad: int, filled: int
    ) -> Unread:
        field, index, cell = column
        line, example = first_bad(self.engine, file, index, cell)
        heading = file.source.header[index].strip()
        return Unread(field, index, heading, bad, max(filled, bad), line, example)

    def _insert_rejected(
        self, reading: Reading, file: ReadableFile, spans: Sequence[RejectedSpan]
    ) -> None:
        columns = reading.columns
        found = (
            (file.input, True, *(cells[index] or None for index in columns))
            for cells in read_again(file, spans, self.problems)
        )
        while some := list(islice(found, ROWS_AT_ONCE)):
            self.engine.insert("recheck", some)


_SAFE = 2
"""As many files never exceed twice the engine's threads: see `_swallowing`."""
_COUNT = "select file, count(*) from link_row where file in (select unnest($files)) group by file"
_FORGET = "delete from {table} where file in (select unnest($files))"
