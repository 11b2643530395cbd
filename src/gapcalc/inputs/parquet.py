"""Writes a Parquet file as CSV, so that it is read as any other export is."""

from collections.abc import Iterator
from contextlib import closing

import duckdb

from gapcalc.connection import connect, escape_pattern, plain_errors, quote
from gapcalc.errors import EngineMemoryError, InputError
from gapcalc.inputs.sheet import Break
from gapcalc.inputs.unpack import AGAIN, File, Member, Unpacking

_MEMORY = "450MB"
_SIGNATURE = b"PAR1"
_TABLE = "read_parquet($path, binary_as_string = true)"
_NUMBER = """case when isnan({0}) then null
    when {0} = trunc({0}) and abs({0}) < 1e15 then ({0}::bigint)::varchar else {0}::varchar end"""
_WRITTEN = {
    "BOOLEAN": "{0}::varchar",
    "DOUBLE": _NUMBER,
    "FLOAT": _NUMBER,
    "TIMESTAMP WITH TIME ZONE": "make_timestamp(epoch_us({0}))::varchar",
}
"""How a column of a type is written, where plain text would not be what exports hold."""

_LINES = "replace(replace({0}, chr(13) || chr(10), chr(10)), chr(13), chr(10))"


def parquet_members(file: File, unpacking: Unpacking) -> Iterator[Member]:
    """Give the one table that a Parquet file holds, as CSV."""
    yield Member(file.name, lambda: _convert(file, unpacking))


def _convert(file: File, unpacking: Unpacking) -> File:
    """Write the table as CSV; raises InputError when the file is cut off, damaged or absurd."""
    _check_end(file)
    workspace = unpacking.workspace
    try:
        with (
            plain_errors(workspace, _MEMORY),
            closing(connect(workspace, [file.path], _MEMORY, ordered=True)) as connection,
        ):
            return _Table(connection, file).write(unpacking)
    except EngineMemoryError as error:
        reason = f"its row groups do not fit into {_MEMORY} of memory"
        raise InputError(file.name, reason, "Write it with smaller ones, or as CSV") from error
    except (duckdb.Error, UnicodeError) as error:
        raise InputError(file.name, "it is damaged, no sound Parquet file", AGAIN) from error


def _check_end(file: File) -> None:
    with file.path.open("rb") as data:
        size = data.seek(0, 2)
        data.seek(max(0, size - len(_SIGNATURE)))
        if data.read() != _SIGNATURE:
            raise InputError(file.name, "it ends too early: the download was cut off", AGAIN)


class _Table:
    """The table of a Parquet file, with each column as the text that an export would hold."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, file: File) -> None:
        self._connection, self._file = connection, file
        self._path = {"path": escape_pattern(file.path)}
        described = connection.execute(f"describe select * from {_TABLE}", self._path).fetchall()
        self._columns = {str(name): str(kind) for name, kind, *_ in described}

    def write(self, unpacking: Unpacking) -> File:
        self._check_size(unpacking)
        path = unpacking.workspace.new_path(".csv")
        # COPY takes no parameter for the file that it writes.
        target = f"{quote(str(path))} (format csv, header true)"
        self._connection.execute(
            f"copy (select {self._texts()} from {_TABLE}) to {target}", self._path
        )
        origin = self._file.origin._replace(breaks=self._breaks())
        return self._file._replace(path=path, origin=origin)

    def _texts(self) -> str:
        return ", ".join(
            f"{_text(name, kind)} as {_quoted(name)}" for name, kind in self._columns.items()
        )

    def _check_size(self, unpacking: Unpacking) -> None:
        """Reckon what will be written: a few bytes can stand for any number of equal cells."""
        (rows,) = self._one(f"select count(*) from {_TABLE}")
        unpacking.allowance.take(rows * len(self._columns))
        lengths = " + ".join(
            f"coalesce(strlen({_text(n, k)}), 0)" for n, k in self._columns.items()
        )
        (size,) = self._one(f"select coalesce(sum({lengths}), 0) from {_TABLE}")
        unpacking.allowance.take(int(size))
        unpacking.workspace.expect(self._file.name, int(size))

    def _one(self, statement: str) -> tuple[int, ...]:
        found: tuple[int, ...] | None = self._connection.execute(statement, self._path).fetchone()
        return found or (0,)

    def _breaks(self) -> tuple[Break, ...]:
        """Find the rows with line breaks in cells, where line and row numbers part."""
        text = f"concat({', '.join(_text(name, kind) for name, kind in self._columns.items())})"
        found = self._connection.execute(
            f"select row, length(text) - length(replace(text, chr(10), '')) from ("
            f"select file_row_number as row, {text} as text "
            f"from read_parquet($path, binary_as_string = true, file_row_number = true)"
            ") where contains(text, chr(10)) order by row",
            self._path,
        ).fetchall()
        return tuple(Break.each((row + 2, lines) for row, lines in found))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(name: str, kind: str) -> str:
    column = _quoted(name)
    if kind.endswith("[]"):
        return _LINES.format(f"array_to_string({column}::varchar[], ',')")
    written = _WRITTEN.get(kind)
    # Not by format: a column may be called {0}.
    return (
        written.replace("{0}", column) if written else _LINES.replace("{0}", f"{column}::varchar")
    )
