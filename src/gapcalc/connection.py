"""Opens the engine closed: no extensions, no network, no file but those that were named."""

import errno
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from gapcalc.errors import EngineMemoryError, TemporarySpaceError, UsageError
from gapcalc.workspace import Terminated, Workspace

DEFAULT_MEMORY = "900MB"
"""Enough for millions of links; beyond it the engine works in the temporary folder."""


def quote(text: str) -> str:
    """Write text as an SQL string: the one place where text becomes part of a statement.

    >>> quote("it's")
    "'it''s'"
    """
    return "'" + text.replace("'", "''") + "'"


def escape_pattern(path: Path) -> str:
    """Write a path so that the engine, which reads paths as patterns, takes it literally.

    >>> escape_pattern(Path("r[1].csv"))
    'r[[]1].csv'
    """
    return "".join(f"[{c}]" if c in "*?[" else c for c in str(path))


def connect(
    workspace: Workspace, paths: Sequence[Path], memory: str | None, *, ordered: bool = False
) -> duckdb.DuckDBPyConnection:
    """Open an engine that can read `paths` and write its temporary files, and nothing else.

    `ordered` keeps rows in the order they are read in. Raises UsageError when `memory` is no
    amount of memory.
    """
    connection = duckdb.connect(
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "allow_community_extensions": "false",
        }
    )
    try:
        connection.execute(f"set memory_limit = {quote(memory or DEFAULT_MEMORY)}")
    except duckdb.Error as error:
        raise UsageError(
            f"--memory-limit {memory} is no amount of memory; write it as 512MB or 2GB"
        ) from error
    # The engine looks a path up in this list both as it is and as the pattern that names it.
    readable = [quote(text) for path in paths for text in (str(path), escape_pattern(path))]
    connection.execute(
        "set enable_progress_bar = false;"
        f"set preserve_insertion_order = {str(ordered).lower()};"
        f"set temp_directory = {quote(str(workspace.folder / 'engine'))};"
        f"set allowed_directories = [{quote(str(workspace.folder))}];"
        f"set allowed_paths = [{', '.join(readable)}];"
        "set enable_external_access = false;"
        "set lock_configuration = true;"
    )
    return connection


@contextmanager
def plain_errors(workspace: Workspace, memory: str | None) -> Iterator[None]:
    """Turn what the engine says about signals, memory and disks into what the user can act on."""
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
        return Terminated() if workspace.terminated else KeyboardInterrupt()
    if "max_temp_directory_size" in text or "No space left" in text:
        return TemporarySpaceError(folder, os.strerror(errno.ENOSPC))
    if isinstance(error, duckdb.OutOfMemoryException):
        return EngineMemoryError(memory or DEFAULT_MEMORY)
    if isinstance(error, OSError) and error.errno in {errno.EDQUOT, errno.EFBIG}:
        return TemporarySpaceError(folder, error.strerror)
    return None
