"""All rows of a result, as CSV; cells that a spreadsheet would run are made harmless."""

import csv
import io

from gapcalc.formats.own import shield
from gapcalc.reports.document import Report, Screen
from gapcalc.text import safe


def write(report: Report, _screen: Screen) -> str:
    """Write the headings, then every row."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([_write(value) for value in row] for row in report.rows())
    return text.getvalue()


def _write(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return shield(safe(value)) if isinstance(value, str) else str(value)
