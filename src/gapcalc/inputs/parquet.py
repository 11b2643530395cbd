"""Opens a Parquet file: its first rows, written as CSV, show its format.

The engine reads a list of links straight from the file. Any other table is written as CSV as a
whole, to be read like any other export.
"""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import duckdb

from gapcalc.connection import (
    Engine,
    connect,
    decimal,
    escape_pattern,
    plain_errors,
    plainly_named,
    quote,
)
from gapcalc.errors import EngineMemoryError, InputError
from gapcalc.formats.base import LINK_KINDS
from gapcalc.inputs.detect import detect
from gapcalc.inputs.sheet import Break, open_sheet
from gapcalc.inputs.unpack import AGAIN, File, Member, Unpacking

_MEMORY = "450MB"
_SIGNATURE = b"PAR1"
_FIRST_ROWS = 200
_NUMBER = f"case when isnan({{0}}) then null else {decimal('{0}')} end"
_WRITTEN = {
    "VARCHAR": "{0}",
    "BOOLEAN": "{0}::varchar",
    "DOUBLE": _NUMBER,
    "FLOAT": _NUMBER,
    "TIMESTAMP WITH TIME ZONE": "make_timestamp(epoch_us({0}))::varchar",
}
"""How a column of a type is written, if its plain text differs from that of exports."""

_LINES = "replace(replace({0}, chr(13) || chr(10), chr(10)), chr(13), chr(10))"


def parquet_members(file: File, unpacking: Unpacking) -> Iterator[Member]:
    """Give the one table that a Parquet file holds, as CSV."""
    yield Member(file.name, lambda: _open(file, unpacking))


def _open(file: File, unpacking: Unpacking) -> File:
    """Write the table as CSV, as much of it as is needed; raises InputError for a damaged file."""
    _check_end(file)
    workspace = unpacking.workspace
    path = plainly_named(file.path, workspace)
    try:
        with (
            plain_errors(workspace, _MEMORY),
            closing(connect(workspace, [path], _MEMORY, ordered=True)) as engine,
        ):
            table = _Table(engine, file, path)
            head = table.write_head(unpacking)
            return head if _is_link_list(head) else table.write(unpacking)
    except EngineMemoryError as error:
        reason = f"its row groups do not fit into {_MEMORY} of memory"
        raise InputError(file.name, reason, "Write it with smaller ones, or as CSV") from error
    except (duckdb.Error, UnicodeError) as error:
        raise damaged(file.name) from error


def damaged(name: str) -> InputError:
    """Make the error for a damaged Parquet file."""
    return InputError(name, "it is a damaged Parquet file, or none", AGAIN)


def read_parquet(path: Path) -> str:
    """Give the SQL that reads a file and adds no columns to it."""
    return (
        f"read_parquet({quote(escape_pattern(path))}, binary_as_string = true, "
        "hive_partitioning = false, union_by_name = false, filename = false)"
    )


def columns_as_text(engine: Engine, path: Path) -> dict[str, str]:
    """Give the columns of a file by name, each with the SQL of the text that an export would hold.

    The SQL names columns by their places: ``c0``, ``c1`` and so on.
    """
    described = engine.query(f"describe select * from {read_parquet(path)}")
    return {
        str(name): _text(f"c{place}", str(kind)) for place, (name, kind, *_) in enumerate(described)
    }


def numbered(path: Path, columns: int) -> str:
    """Give the SQL that reads a file with its columns called c0, c1 and so on."""
    return f"{read_parquet(path)} as numbered({', '.join(f'c{n}' for n in range(columns))})"


def _text(column: str, kind: str) -> str:
    if kind.endswith("[]"):
        return f"array_to_string({column}::varchar[], ',')"
    return _WRITTEN.get(kind, "{0}::varchar").replace("{0}", column)


def _check_end(file: File) -> None:
    with file.path.open("rb") as data:
        size = data.seek(0, 2)
        data.seek(max(0, size - len(_SIGNATURE)))
        if data.read() != _SIGNATURE:
            raise InputError(file.name, "it ends too early: the download was cut off", AGAIN)


def _is_link_list(head: File) -> bool:
    try:
        return detect(open_sheet(head.name, head.path, head.origin)).export.kind in LINK_KINDS
    except InputError:
        return False  # opening the whole table reports what is wrong


class _Table:
    """The table of a Parquet file, with each column as the text that an export would hold."""

    def __init__(self, engine: Engine, file: File, path: Path) -> None:
        self._engine, self._file, self._path = engine, file, path
        columns = columns_as_text(engine, path)
        self._columns = {name: _LINES.format(text) for name, text in columns.items()}
        self._source = numbered(path, len(columns))

    def write_head(self, unpacking: Unpacking) -> File:
        """Write the first rows as CSV."""
        rows = self._one(f"select count(*) from {self._source}")
        unpacking.allowance.take(rows * len(self._columns))
        path = self._copy(unpacking, f"limit {_FIRST_ROWS}")
        return self._file._replace(path=path, origin=self._file.origin._replace(parquet=self._path))

    def write(self, unpacking: Unpacking) -> File:
        """Write all rows as CSV."""
        self._check_size(unpacking)
        path = self._copy(unpacking, "")
        return self._file._replace(
            path=path, origin=self._file.origin._replace(breaks=self._breaks())
        )

    def _copy(self, unpacking: Unpacking, limit: str) -> Path:
        path = unpacking.workspace.new_path(".csv")
        cells = ", ".join(f"{text} as {_quoted(name)}" for name, text in self._columns.items())
        # COPY takes no parameter for the file that it writes.
        target = f"{quote(str(path))} (format csv, header true)"
        self._engine.execute(f"copy (select {cells} from {self._source} {limit}) to {target}")
        return path

    def _check_size(self, unpacking: Unpacking) -> None:
        """Estimate the size before writing: a few bytes can stand for any number of equal cells."""
        lengths = " + ".join(f"coalesce(strlen({text}), 0)" for text in self._columns.values())
        size = self._one(f"select coalesce(sum({lengths}), 0)::bigint from {self._source}")
        unpacking.allowance.take(size)
        unpacking.workspace.expect(self._file.name, size)

    def _one(self, query: str) -> int:
        ((number,),) = self._engine.query(query)
        return int(number)

    def _breaks(self) -> tuple[Break, ...]:
        """Find the rows with line breaks in cells: behind them, line and row numbers differ."""
        found = self._engine.query(
            "select row, length(text) - length(replace(text, chr(10), '')) from ("
            f"select file_row_number as row, concat({', '.join(self._columns.values())}) as text "
            f"from {self._source}) where contains(text, chr(10)) order by row"
        )
        in_header = sum(name.count("\n") for name in self._columns)
        header = [(-1, in_header)] if in_header else []
        return tuple(Break.each((row + 2, lines) for row, lines in [*header, *found]))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
