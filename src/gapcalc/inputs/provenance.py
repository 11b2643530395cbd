"""Whose data is a file? A vendor's export is that vendor's; our own CSVs say it in a column."""

from collections.abc import Iterator, Sequence
from itertools import islice

from gapcalc.errors import InputError
from gapcalc.formats.base import LINK_KINDS
from gapcalc.inputs.detect import Source
from gapcalc.inputs.records import read_records

_ENOUGH = 200
"""Rows at the beginning of a file that are looked at."""


def vendor_of(source: Source) -> str | None:
    """Give the vendor of a file; None where nothing tells it, or where each row says its own.

    Raises InputError for a list of links that mixes vendors: their scores and completeness differ.
    """
    if source.export.vendor is not None:
        return source.export.vendor
    if source.manifest_entry and source.manifest_entry.vendor:
        return source.manifest_entry.vendor.casefold()
    found = sorted({name.casefold() for name in _first_values(source, "vendor")})
    if len(found) > 1 and source.export.kind in LINK_KINDS:
        raise mixed_vendors(source, found)
    return found[0] if len(found) == 1 else None


def mixed_vendors(source: Source, names: Sequence[str]) -> InputError:
    """Say that a list of links mixes vendors; their scores and completeness differ."""
    shown = ", ".join(name[:40] for name in names)
    return InputError(
        source.sheet.name,
        f"its column vendor mixes vendors ({shown})",
        "Write one file per vendor",
    )


def metric_of(source: Source) -> str | None:
    """Name the authority score of a file, where all rows agree on it."""
    if source.export.metric is not None:
        return source.export.metric
    found = set(_first_values(source, "metric"))
    return found.pop() if len(found) == 1 else None


def _first_values(source: Source, field: str) -> Iterator[str]:
    """Yield what the first rows hold in a column of text, where they hold anything."""
    place = source.export.places(source.plain_header).get(field)
    if place is None:
        return
    index, cell = place
    lines = source.sheet.lines[source.header_line :]
    for record in islice(read_records(lines, source.delimiter, len(source.header)), _ENOUGH):
        value = None if record.fault else cell.parse(record.cells[index])
        if isinstance(value, str) and value.strip():
            yield value.strip()
