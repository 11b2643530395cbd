"""Packs tables into the containers that exports come in."""

import gzip
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import duckdb
import openpyxl
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

Cells = Sequence[object]


def write_zip(path: Path, members: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def write_gzip(path: Path, *parts: bytes) -> Path:
    path.write_bytes(b"".join(gzip.compress(part, mtime=0) for part in parts))
    return path


def write_workbook(path: Path, sheets: Mapping[str, Iterable[Cells]]) -> Path:
    """Write a workbook; a cell (value, number format) is shown in that format."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for number, row in enumerate(rows, start=1):
            for place, value in enumerate(row, start=1):
                cell = sheet.cell(number, place)
                if isinstance(value, tuple):
                    cell.value, cell.number_format = value
                elif isinstance(value, str):
                    # A workbook holds no control characters; openpyxl refuses them.
                    cell.value, cell.data_type = ILLEGAL_CHARACTERS_RE.sub("", value), "s"
                else:
                    cell.value = value
    book.save(path)
    return path


def write_parquet(path: Path, header: Sequence[str], rows: Iterable[Cells]) -> Path:
    """Write a table of text columns."""
    columns = ", ".join('"' + name.replace('"', '""') + '" varchar' for name in header)
    with duckdb.connect() as connection:
        connection.execute(f"create table t ({columns})")
        marks = ", ".join("?" for _ in header)
        for row in rows:
            connection.execute(f"insert into t values ({marks})", list(row))
        return write_query(path, "select * from t", connection)


def write_query(
    path: Path,
    query: str,
    connection: duckdb.DuckDBPyConnection | None = None,
    row_group_size: int = 122_880,
) -> Path:
    """Write the result of a query as Parquet, with its types."""
    with duckdb.connect() as own:
        form = f"format parquet, row_group_size {row_group_size}"
        (connection or own).execute(f"copy ({query}) to '{path}' ({form})")
    return path
