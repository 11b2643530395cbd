"""Writes files again as gapcalc read them: every row, in gapcalc's own formats."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from gapcalc.connection import Engine, connect, decimal, plain_errors, plainly_named, quote
from gapcalc.engine.files import shows_in_rows
from gapcalc.engine.insert import ROWS_AT_ONCE
from gapcalc.engine.judge import CountRequest
from gapcalc.engine.load import Loaded, load_links
from gapcalc.engine.raw import rows_of_parquet, rows_of_text
from gapcalc.engine.read import Reading
from gapcalc.engine.rejected import forget_rejects, read_again, rejected_spans
from gapcalc.formats.base import LINK_KINDS, Column
from gapcalc.formats.cells import TEXT
from gapcalc.formats.own import REPLACEMENT, own_export, shield_sql
from gapcalc.inputs.source import Source
from gapcalc.inputs.utf8 import ReadableFile
from gapcalc.workspace import Workspace

_TYPES = {"flag": "boolean", "count": "bigint", "score": "double", "rank": "double", "date": "date"}
"""The SQL types of the cell types in gapcalc's own formats; all others are text."""

_FORMS = {".csv": "(format csv, header true)", ".parquet": "(format parquet)"}


class LinkFiles:
    """Link files that were read and can be written again."""

    def __init__(self, loaded: Loaded) -> None:
        self.files, self.problems = loaded.files, loaded.problems
        self._loaded = loaded

    def write(self, number: int, constants: Mapping[str, str], path: Path) -> None:
        """Write the links of an input to `path`; its suffix selects CSV or Parquet.

        `constants` are values that are not in the rows. Rows that the engine rejects but that can
        be read one by one come last.
        """
        (file,) = (file for file in self._loaded.readable if file.input == number)
        rewriting = _Rewriting(file.source, constants)
        _write(self._loaded.engine, file, rewriting, path)

    def shows_in_rows(self, number: int) -> bool:
        """Say whether the rows of an input alone hold all that is known about it."""
        (file,) = (file for file in self.files if file.input == number)
        return file.rows > 0 and shows_in_rows(file)


@contextmanager
def open_again(
    sources: Sequence[tuple[int, Source]], request: CountRequest, workspace: Workspace
) -> Iterator[LinkFiles]:
    """Read link files whole, to write them again; raises as `load_links` does."""
    with load_links(sources, request._replace(whole=True), workspace) as loaded:
        yield LinkFiles(loaded)


def write_parquet(own: Source, path: Path, workspace: Workspace, memory: str | None) -> None:
    """Write one of our own CSVs, made by `own.write`, as Parquet."""
    file = ReadableFile(own, 0, plainly_named(own.sheet.path, workspace))
    with (
        plain_errors(workspace, memory),
        closing(connect(workspace, [file.path], memory, ordered=True)) as engine,
    ):
        _write(engine, file, _Rewriting(own, {}), path)


class _Rewriting(NamedTuple):
    """How one file is written again; `constants` are values that are not in the rows."""

    source: Source
    constants: Mapping[str, str]

    @property
    def reading(self) -> Reading:
        """How the file is read: with all its columns."""
        return Reading(self.source, (), (), checks_all=True)

    def statement(self, rows: str, path: Path) -> str:
        """Give the statement that writes the rows of a query, in our own columns."""
        csv = path.suffix == ".csv"
        cells = ", ".join(
            f"{_written(value, column, csv=csv)} as {column.headings[0]}"
            for column, value in self._values()
        )
        return f"copy (select {cells} from ({rows})) to {quote(str(path))} {_FORMS[path.suffix]}"

    def _values(self) -> list[tuple[Column, str]]:
        """Give the columns that are written, each with the SQL of its value.

        A column that the file lacks is left out, so that a rule that needs it does not apply.
        """
        places = self.reading.places
        values = {name: cell.sql(f"c{index}") for name, (index, cell) in places.items()}
        values |= {name: quote(value) for name, value in self.constants.items()}
        if "lost" in values or "status" in values:
            values["lost"] = self.reading.is_lost
        # An unreadable column is copied unchanged: without it, lost links would be live when read
        # again.
        as_it_is = {column.field: f"c{column.place}" for column in self.source.unread}
        if text := as_it_is.get("lost"):
            # Our own column takes dates as well, so what was bad might be read.
            _, cell = self.source._replace(unread=()).places["lost"]
            as_it_is["lost"] = f"case when {cell.bad(text)} then 'unreadable' else {text} end"
        columns: dict[str, Column] = {}
        for column in own_export(self.source.export.kind).columns:
            raw = column._replace(cell=TEXT)
            columns.setdefault(column.field, raw if column.field in as_it_is else column)
        values |= as_it_is
        return [(column, values[field]) for field, column in columns.items() if field in values]


def _written(value: str, column: Column, *, csv: bool) -> str:
    """Write a value in its column's form: typed in Parquet, in one fixed notation in CSV."""
    kind = _TYPES.get(column.cell.name)
    if kind is None:
        text = f"replace({value}, chr(0), '{REPLACEMENT}')"
        return shield_sql(text, csv=csv)
    if not csv:
        return f"cast({value} as {kind})"
    return decimal(f"({value})") if kind == "double" else f"cast({value} as {kind})::varchar"


def _write(engine: Engine, file: ReadableFile, rewriting: _Rewriting, path: Path) -> None:
    columns = [f"c{index}" for index in range(len(rewriting.source.header))]
    if file.is_parquet:
        rows = rows_of_parquet(engine, file)
        engine.execute(rewriting.statement(_only_links(rows.query, rewriting), path))
        return
    rows = rows_of_text(rewriting.reading.source, [file])
    query = f"select {', '.join(columns)} from ({rows.query})"
    _create_rejected(engine, columns)
    forget_rejects(engine)
    engine.execute(rewriting.statement(_only_links(query, rewriting), path), rows.values)
    spans = rejected_spans(engine)
    if not spans:
        return
    rejected = read_again(file, next(iter(spans.values())), [])
    while some := list(islice(rejected, ROWS_AT_ONCE)):
        engine.insert("rejected", [[cell or None for cell in row] for row in some])
    every = _only_links(f"{query} union all from rejected", rewriting)
    engine.execute(rewriting.statement(every, path), rows.values)
    forget_rejects(engine)


def _create_rejected(engine: Engine, columns: Sequence[str]) -> None:
    kinds = ", ".join(f"{column} varchar" for column in columns)
    engine.execute(f"create or replace temp table rejected ({kinds})")


def _only_links(rows: str, rewriting: _Rewriting) -> str:
    """Leave out of a list of links what the counting leaves out: repeated headers, empty rows."""
    if rewriting.source.export.kind not in LINK_KINDS:
        return rows
    reading = rewriting.reading
    filled = ", ".join(f"c{index}" for index, _ in reading.places.values())
    return (
        f"select * from ({rows}) where coalesce({filled}) is not null "
        f"and coalesce(c{reading.marker} <> {quote(reading.heading)}, true)"
    )
