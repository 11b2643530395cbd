"""The queries of the raw rows of files: cells as text, c0, c1 and so on."""

from collections.abc import Sequence
from typing import NamedTuple

from gapcalc.connection import Engine, escape_pattern, quote
from gapcalc.inputs.parquet import columns_as_text, numbered
from gapcalc.inputs.source import Source
from gapcalc.inputs.utf8 import ReadableFile

_LONGEST_LINE = 16 * 1024 * 1024
"""Bytes of the longest readable line, and of the block a core reads at a time. With larger blocks,
one of two cores finishes well before the other."""

MOST_REJECTS = 10_000
"""How many faults of a file the engine keeps. A short row takes one for every missing cell."""


class Rows(NamedTuple):
    """A query of the raw rows of some files, as columns c0, c1 and so on, with its values."""

    query: str
    values: dict[str, object]


def rows_of_text(source: Source, files: Sequence[ReadableFile]) -> Rows:
    """Give the query of the rows of text files of one kind."""
    values: dict[str, object] = {
        "paths": [escape_pattern(file.path) for file in files],
        "has_header": files[0].has_header,
    }
    if len(files) == 1:  # a lookup is needed only where there are several
        return Rows(f"select {files[0].input} as file, * from {_read_csv(source)}", values)
    return Rows(
        f"select file.file, raw.* from {_read_csv(source)} as raw join file using (path)", values
    )


def rows_of_parquet(engine: Engine, file: ReadableFile, more: str = "") -> Rows:
    """Give the query of the rows of a Parquet file; `more` are columns beside its own."""
    texts = columns_as_text(engine, file.path).values()
    cells = ", ".join(f"nullif({text}, '') as c{place}" for place, text in enumerate(texts))
    source = numbered(file.path, len(texts))
    return Rows(f"select {file.input} as file, {cells}{more} from {source}", {})


def _read_csv(source: Source) -> str:
    """Give the table function that reads text, from ``$paths`` with or without $has_header.

    The engine looks into as few files as it can before reading: their columns are known.
    """
    names = ", ".join(f"c{index}: 'VARCHAR'" for index in range(len(source.header)))
    return f"""read_csv($paths, columns = {{{names}}}, header = $has_header,
    auto_detect = false, files_to_sniff = 1,
    delim = {quote(source.delimiter)}, quote = '"', escape = '"',
    compression = 'none', hive_partitioning = false, union_by_name = false, filename = 'path',
    store_rejects = true, rejects_table = 'reject', rejects_scan = 'reject_scan',
    rejects_limit = {MOST_REJECTS}, max_line_size = {_LONGEST_LINE}, buffer_size = {_LONGEST_LINE})"""
