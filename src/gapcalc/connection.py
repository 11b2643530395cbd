"""Opens the engine locked down: no extensions, no network, no files but the named ones."""

import errno
import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from gapcalc.errors import EngineMemoryError, TemporarySpaceError, UsageError
from gapcalc.text import safe_sql
from gapcalc.workspace import Workspace, opens_in_engine, real_path

DEFAULT_MEMORY = "900MB"
"""Enough for millions of links; beyond it the engine uses the temporary folder."""

Row = tuple[Any, ...]
Values = Mapping[str, object]

_STRING_OR_NAME = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|[$]([a-z_]+)""")


def quote(text: str) -> str:
    """Write text as an SQL string: the one place where text becomes part of a statement.

    >>> quote("it's")
    "'it''s'"
    """
    return safe_sql(text)


def literal(value: object) -> str:
    """Write a parameter's value as SQL.

    >>> literal(["a", None, 2])
    "['a', null, 2]"
    """
    if value is None:
        return "null"
    if isinstance(value, str):
        return quote(value)
    if isinstance(value, Sequence):
        return f"[{', '.join(map(literal, value))}]"
    return str(value).lower() if isinstance(value, bool) else str(value)


def decimal(number: str) -> str:
    """Give the SQL that writes a number without an exponent, and a whole one without a point."""
    return (
        f"case when contains({number}::varchar, 'e') "
        f"then rtrim(rtrim(format('{{:.24f}}', ({number}::varchar)::double), '0'), '.') "
        f"else regexp_replace({number}::varchar, '[.]0$', '') end"
    )


def escape_pattern(path: Path) -> str:
    """Write a path so that the engine, which reads paths as patterns, takes it literally.

    >>> escape_pattern(Path("r[1].csv"))
    'r[[]1].csv'
    """
    return "".join(f"[{c}]" if c in "*?[" else c for c in str(path))


def plainly_named(path: Path, workspace: Workspace) -> Path:
    """Give a file's absolute path; if that looks like a pattern, the path of a link or copy.

    The engine would look up a pattern in the file's folder, where other names may match it.
    """
    path = real_path(path)
    is_opened = opens_in_engine(str(path))
    is_pattern = any(mark in str(path) for mark in "*?[")
    if path.is_relative_to(workspace.folder) or (is_opened and not is_pattern):
        return path
    plain = workspace.new_path(".named")
    if is_opened:
        plain.symlink_to(path)
    else:  # the engine follows no link to such a path
        workspace.expect(path.name, path.stat().st_size)
        shutil.copyfile(path, plain)
    return plain


_ROWS_AT_ONCE = 10_000


class Engine:
    """An open engine. Into `script` go the statements that change something, if it is a list."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self.script: list[str] | None = None

    def execute(self, statement: str, values: Values | None = None) -> None:
        """Run a statement that changes something; `values` are those of its ``$names``."""
        self._connection.execute(statement, dict(values or {}))
        self._keep(statement, values or {})

    def query(self, statement: str, values: Values | None = None) -> list[Row]:
        """Give the rows of a query."""
        return self._connection.execute(statement, dict(values or {})).fetchall()

    def stream(self, statement: str, values: Values | None = None) -> Iterator[Row]:
        """Yield the rows of a large query; no other query may run meanwhile."""
        result = self._connection.execute(statement, dict(values or {}))
        while rows := result.fetchmany(_ROWS_AT_ONCE):
            yield from rows

    def insert(self, table: str, rows: Sequence[Sequence[object]]) -> None:
        """Add rows made in Python to a table."""
        if len(rows) == 1:  # a plan for lists takes longer than the row
            marks = ", ".join("?" for _ in rows[0])
            self._connection.execute(f"insert into {table} select {marks}", list(rows[0]))
        elif rows:
            columns = [list(column) for column in zip(*rows, strict=True)]
            lists = ", ".join("unnest(?)" for _ in columns)
            self._connection.execute(f"insert into {table} select {lists}", columns)
        if self.script is not None and rows:
            written = ",\n".join(f"({', '.join(map(literal, row))})" for row in rows)
            self._keep(f"insert into {table} values\n{written}", {})

    def show(self, query: str) -> None:
        """Add a query to the script; it is not run here."""
        self._keep(query, {})

    def close(self) -> None:
        """Close the engine."""
        self._connection.close()

    def _keep(self, statement: str, values: Values) -> None:
        if self.script is not None:
            self.script.append(with_values(statement, values).strip().removesuffix(";") + ";\n")


def with_values(statement: str, values: Values) -> str:
    """Put the values of a statement's ``$names`` in their places.

    >>> with_values("select $a, '$a'", {"a": 1})
    "select 1, '$a'"
    """

    def write(found: re.Match[str]) -> str:
        return literal(values[found[1]]) if found[1] in values else found[0]

    return _STRING_OR_NAME.sub(write, statement)


def connect(
    workspace: Workspace,
    paths: Sequence[Path],
    memory: str | None,
    *,
    ordered: bool = False,
    small: bool = False,
) -> Engine:
    """Open an engine that can read `paths` and write its temporary files, and nothing else.

    `ordered` keeps rows in the order in which they are read. With `small` inputs a second thread
    costs more than it saves: each compiles every pattern again. Raises UsageError if `memory` is
    not an amount of memory.
    """
    connection = duckdb.connect(
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "allow_community_extensions": "false",
            **({"threads": "1"} if small else {}),
        }
    )
    try:
        connection.execute(f"set memory_limit = {quote(memory or DEFAULT_MEMORY)}")
    except duckdb.Error as error:
        raise UsageError(
            f"--memory-limit {memory} is not an amount of memory; write it as 512MB or 2GB"
        ) from error
    # The engine checks a path as written, as a pattern, and as the file that a link leads to.
    readable = dict.fromkeys(
        quote(text)
        for path in paths
        for text in (str(path), escape_pattern(path), str(real_path(path)))
    )
    connection.execute(
        "set enable_progress_bar = false;"
        f"set preserve_insertion_order = {str(ordered).lower()};"
        f"set temp_directory = {quote(str(workspace.folder / 'engine'))};"
        f"set allowed_directories = [{quote(str(workspace.folder))}];"
        f"set allowed_paths = [{', '.join(readable)}];"
        "set enable_external_access = false;"
        "set lock_configuration = true;"
    )
    return Engine(connection)


@contextmanager
def plain_errors(workspace: Workspace, memory: str | None) -> Iterator[None]:
    """Turn the engine's errors about signals, memory and disks into errors a user can act on."""
    try:
        yield
    except (RuntimeError, OSError, duckdb.Error) as error:
        known = _explained(error, workspace, memory)
        if known is None:
            raise
        raise known from error


def _explained(error: Exception, workspace: Workspace, memory: str | None) -> BaseException | None:
    text, folder = str(error), str(workspace.folder)
    if isinstance(error, RuntimeError) and "interrupt" in text.casefold():
        # The engine puts an exception of its own in place of the signal's.
        return workspace.ended_by or KeyboardInterrupt()
    if "max_temp_directory_size" in text or "No space left" in text:
        return TemporarySpaceError(folder, os.strerror(errno.ENOSPC))
    if isinstance(error, duckdb.OutOfMemoryException):
        return EngineMemoryError(memory or DEFAULT_MEMORY)
    if isinstance(error, OSError) and error.errno in {errno.EDQUOT, errno.EFBIG}:
        return TemporarySpaceError(folder, error.strerror)
    return None
