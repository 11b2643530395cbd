"""The rows of SERPs, pages and keywords in the fields of our own formats, to be written again."""

from collections.abc import Iterator

from gapcalc.formats.base import Export
from gapcalc.formats.cells import Cell, Value
from gapcalc.inputs.detect import Source
from gapcalc.inputs.records import read_records
from gapcalc.inputs.rows import read_lines

Row = dict[str, Value]


def own_rows(source: Source) -> Iterator[Row]:
    """Yield every row that is a whole record, its unreadable cells unknown.

    Rows that answer nothing stay in: reading them again gives the same problems.
    """
    places = source.export.places(source.plain_header).items()
    lines, _ = read_lines(source)
    for record in read_records(lines, source.delimiter, len(source.header)):
        if not record.fault and record.cells != source.header:
            row = {field: _value(cell, record.cells[index]) for field, (index, cell) in places}
            yield row | _provenance(row, source.export)


def _value(cell: Cell, text: str) -> Value:
    try:
        return cell.parse(text)
    except ValueError:
        return None


def _provenance(row: Row, export: Export) -> Row:
    """Say in the row what a vendor's export says as a whole."""
    vendor = export.vendor or row.get("vendor")
    return {
        "vendor": vendor,
        "metric": None if row.get("authority") is None else row.get("metric") or export.metric,
        "kd_vendor": None if row.get("kd") is None else row.get("kd_vendor") or vendor,
    }
