"""From link files to the tables of the schema: reads them, names pages and domains, judges."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from itertools import islice
from typing import NamedTuple

import duckdb

from gapcalc.connection import Engine, connect, plain_errors, plainly_named
from gapcalc.engine import names, schema
from gapcalc.engine.files import (
    describe_files,
    fields_used,
    with_bad_cells,
    with_lacking_rows,
    without_covered,
    without_gone_links,
)
from gapcalc.engine.judge import CountRequest, changes_links, columns_to_keep, judge
from gapcalc.engine.problems import SMALL, filled_at_first, find_problems, first_bad
from gapcalc.engine.read import (
    SEEN,
    SOURCE,
    VENDOR_CELL,
    Kept,
    Reading,
    Rows,
    rows_of_parquet,
    rows_of_text,
    seen_field,
)
from gapcalc.engine.rejected import (
    TOO_MANY,
    RejectedSpan,
    bytes_to_judge,
    forget_rejects,
    has_odd_quotes,
    is_mostly_faulty,
    is_text_file,
    mend,
    read_again,
    rejected_spans,
)
from gapcalc.errors import InputError
from gapcalc.formats.cells import Cell
from gapcalc.inputs.parquet import damaged
from gapcalc.inputs.sheet import code_page
from gapcalc.inputs.source import Source, mixed_vendors, settle, share_a_target, vendor_of
from gapcalc.inputs.utf8 import ReadableFile, make_readable, rewrite
from gapcalc.rows import LinkFile, Problem, Unread, is_unreadable
from gapcalc.rules.base import ActiveRule
from gapcalc.words import UNNAMED
from gapcalc.workspace import Workspace

ROWS_AT_ONCE = 2_000


class Loaded(NamedTuple):
    """Link files that were read: the engine with their rows, their descriptions, their problems."""

    engine: Engine
    kept: tuple[Kept, ...]
    readable: tuple[ReadableFile, ...]
    files: tuple[LinkFile, ...]
    problems: list[Problem]


@contextmanager
def load_links(
    sources: Sequence[tuple[int, Source]], request: CountRequest, workspace: Workspace
) -> Iterator[Loaded]:
    """Read all link files into the engine, name their pages and domains, judge their links.

    Raises TemporarySpaceError or EngineMemoryError when disk or memory run out, InputError for a
    file in which nothing can be read.
    """
    with plain_errors(workspace, request.memory):
        readable = [
            file._replace(path=plainly_named(file.path, workspace))
            for file in make_readable(sources, workspace)
        ]
        checks_all = request.whole or sum(f.path.stat().st_size for f in readable) < SMALL
        kept = _kept(sources, request, checks_all=checks_all)
        with ExitStack() as opened:
            loader = opened.enter_context(
                _read(readable, request, workspace, kept, checks_all=checks_all)
            )
            more = () if request.whole else _to_tell_links_apart(kept)
            # Usually no page has two files of one vendor.
            if more and loader.engine.query("from shared_page limit 1"):
                opened.close()
                kept = (*kept, *more)
                loader = opened.enter_context(
                    _read(readable, request, workspace, kept, checks_all=checks_all)
                )
            engine = loader.engine
            sources = [(number, loader.files[number].source) for number, _ in sources]
            used = fields_used(request.rules, kept)
            covered = {} if request.whole else without_covered(engine, sources, used)
            _join_links(engine, request, kept)
            files = describe_files(engine, sources, request.rules, request.bound, kept)
            files = tuple(file._replace(covered=covered.get(file.input)) for file in files)
            problems = find_problems(engine, list(loader.files.values()), loader.problems)
            problems = _by_row(sources, problems)
            _refuse_unread(sources, files, problems)
            files = tuple(with_bad_cells(sources, files, problems, used))
            found = with_lacking_rows(sources, files, problems)
            files = tuple(found if request.whole else without_gone_links(engine, [*found]))
            yield Loaded(engine, kept, tuple(loader.files.values()), files, _in_order(problems))


@contextmanager
def _read(
    readable: Sequence[ReadableFile],
    request: CountRequest,
    workspace: Workspace,
    kept: tuple[Kept, ...],
    *,
    checks_all: bool,
) -> Iterator["Loader"]:
    """Read files into an engine of their own, and name the pages and domains in them."""
    engine = connect(
        workspace,
        [file.path for file in readable],
        request.memory,
        ordered=request.whole,
        keeps_script=request.explain is not None,
    )
    with closing(engine):
        loader = Loader(engine, workspace, request)
        loader.create_tables(kept)
        for reading, alike in _readings(readable, request.rules, kept, checks_all=checks_all):
            loader.load(reading, alike)
        _refuse_mixed_vendors(engine, {f.input: f.source for f in readable}, kept)
        _name(engine, request, kept)
        yield loader


def _kept(
    sources: Sequence[tuple[int, Source]], request: CountRequest, *, checks_all: bool
) -> tuple[Kept, ...]:
    """Name the further columns of ``link_row`` that this request and these files need."""
    kept = columns_to_keep(request)
    if checks_all and not any(column.field == "links" for column in kept):
        kept = (*kept, Kept("links", "links"))
    if len({vendor_of(source) or UNNAMED for _, source in sources}) > 1:
        kept = (*kept, Kept(SOURCE, "source_url"))
    if any("vendor" in source.places for _, source in sources):
        kept = (*kept, Kept(VENDOR_CELL, "vendor"))
    if any(seen_field(source) for _, source in sources):
        kept = (*kept, Kept(SEEN, SEEN))
    if not request.whole and share_a_target([source for _, source in sources]):
        kept = (*kept, *_to_tell_links_apart(kept))
    return kept


def _to_tell_links_apart(kept: Sequence[Kept]) -> tuple[Kept, ...]:
    """Name the missing columns that tell links apart when a vendor has several files."""
    names = {column.name for column in kept}
    needed = (Kept(SOURCE, "source_url"), Kept("anchor", "anchor"))
    return tuple(column for column in needed if column.name not in names)


def _readings(
    files: Sequence[ReadableFile],
    active: Sequence[ActiveRule],
    kept: tuple[Kept, ...],
    *,
    checks_all: bool,
) -> list[tuple[Reading, list[ReadableFile]]]:
    """Group files of one kind: same format, same header, same delimiter."""
    kinds: dict[tuple[str, str, tuple[str, ...]], list[ReadableFile]] = defaultdict(list)
    for file in files:
        source = file.source
        kinds[source.export.id, source.delimiter, source.header].append(file)
    readings = []
    for alike in kinds.values():
        source = alike[0].source
        readings.append((Reading(source, tuple(active), kept, checks_all).of(source), alike))
    return readings


class Loader:
    """Fills ``link_row``, one kind of files at a time."""

    def __init__(self, engine: Engine, workspace: Workspace, request: CountRequest) -> None:
        self.files: dict[int, ReadableFile] = {}
        self.problems: list[Problem] = []
        self.engine = engine
        self._workspace, self._request = workspace, request

    def create_tables(self, kept: Sequence[Kept]) -> None:
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
            alone = [file for file in alike if len(alike) > _SAFE and has_odd_quotes(file)]
            for file in alone:
                self._load_text(reading, [file])
            if together := [file for file in alike if file not in alone]:
                self._load_text(reading, together)

    def _load_text(self, reading: Reading, files: Sequence[ReadableFile]) -> None:
        """Read files of one kind; rewrite them if the engine cannot read them (mixed line ends)."""
        forget_rejects(self.engine)
        self._note(files)
        rows = rows_of_text(reading, files)
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
        again = {file.input for file in anew}
        for table in ("file", "link_row") if anew else ():
            self.engine.execute(_FORGET.format(table=table), {"files": [*again]})
        left = [file for file in files if file.input not in again]
        if left:
            spans = {number: found for number, found in spans.items() if number not in again}
            self._recheck(reading, spans, rows_of_text(reading, left) if anew else rows)
        for file in anew:
            self.load(reading, [file])

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
"""As many files never exceed twice the engine's threads: see `has_odd_quotes`."""
_FORGET = "delete from {table} where file in (select unnest($files))"


def _refuse_mixed_vendors(
    engine: Engine, sources: Mapping[int, Source], kept: Sequence[Kept]
) -> None:
    """Refuse a list that mixes links of several vendors; the first rows need not show it."""
    if not any(column.name == VENDOR_CELL for column in kept):
        return
    mixed = engine.query(f"""
select file, list(distinct {VENDOR_CELL} order by {VENDOR_CELL}) as vendors
from link_row where {VENDOR_CELL} is not null
group by file having len(vendors) > 1 order by file
""")
    for number, vendors in mixed:
        raise mixed_vendors(sources[number], vendors)


def _name(engine: Engine, request: CountRequest, kept: Sequence[Kept]) -> None:
    """Name the pages, hosts and domains, and find the days of the data."""
    engine.execute(names.MACROS)
    names.name_pages(engine)
    names.name_hosts(engine)
    engine.execute(schema.FILE_PAGE)
    wanted = "page in (select unnest($pages::varchar[]))" + (
        f" or {names.is_of_site(request.site)}" if request.site else ""
    )
    if request.pages is None:
        engine.execute(schema.PAGE.replace("{wanted}", "true"))
    else:
        engine.execute(schema.PAGE.replace("{wanted}", wanted), {"pages": sorted(request.pages)})
    names.find_domains(engine, request.suffixes)
    engine.execute(schema.PAGE_TARGET)
    columns = {column.name for column in kept}
    days = schema.FILE_DAYS.replace("{seen}", SEEN if SEEN in columns else "null")
    engine.execute(days.replace("{links}", "links" if "links" in columns else "null"))
    engine.execute(schema.SHARED_PAGE)


def _join_links(engine: Engine, request: CountRequest, kept: Sequence[Kept]) -> None:
    """Make ``link``, with each link once, and judge the links."""
    columns = [c.name for c in kept if c.name not in {VENDOR_CELL, SEEN}]
    kept_columns = "".join(f", {name}" for name in columns)
    repeats = not request.whole and bool(engine.query("from shared_page limit 1"))
    ((several_vendors,),) = engine.query("select min(vendor) < max(vendor) from file")
    engine.execute(schema.PAGE_ROW)
    if repeats:
        engine.execute(schema.REPEATED_ROW + schema.COMPARED_ROW)
    if repeats or several_vendors:
        names.name_sources(engine, "link_row" if several_vendors else schema.ROWS_TO_NAME)
    if repeats:
        engine.execute(schema.HIDDEN_ROW.replace("{kept_columns}", kept_columns))
    # A view saves writing a million links. A table is needed where rules update links. It also pays
    # with several vendors, where every count reads the links three times.
    kind = "table" if changes_links(request, kept) or SOURCE in columns else "view"
    engine.execute(
        schema.LINK.replace("{kind}", kind)
        .replace("{but_hidden}", schema.BUT_HIDDEN if repeats else "")
        .replace("{kept_columns}", kept_columns)
    )
    judge(engine, request, kept)


def _by_row(sources: Sequence[tuple[int, Source]], problems: Sequence[Problem]) -> list[Problem]:
    """Give problems in spreadsheets their row numbers instead of line numbers."""
    origins = {source.sheet.name: source.sheet.origin for _, source in sources}
    return [
        problem._replace(line=problem.line and origins[problem.input].row(problem.line))
        for problem in problems
    ]


def _in_order(problems: Iterable[Problem]) -> list[Problem]:
    return sorted(
        dict.fromkeys(problems),
        key=lambda problem: (problem.input, problem.line or 0, problem.reason),
    )


def _refuse_unread(
    sources: Sequence[tuple[int, Source]], files: Sequence[LinkFile], problems: Sequence[Problem]
) -> None:
    """Refuse a file with rows if none could be read: it must not pass for an empty list."""
    for (_, source), file in zip(sources, files, strict=True):
        if file.rows == 0 and source.has_rows:
            faults = [p for p in problems if p.input == source.sheet.name]
            first = f" (line {faults[0].line}: {faults[0].reason})" if faults else ""
            raise InputError(
                source.sheet.name,
                f"it has rows below its header, and none can be read{first}",
                "Export it again",
                faults[0].line if faults else None,
            )
