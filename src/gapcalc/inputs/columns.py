"""Decides how the columns of a small file are read, by its records, and which cannot be read."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from gapcalc.errors import InputError
from gapcalc.formats.cells import trim
from gapcalc.inputs.records import Record, read_records
from gapcalc.inputs.sheet import code_page
from gapcalc.inputs.source import Source, settle
from gapcalc.rows import Unread
from gapcalc.urls import page_of

_NEEDED = {
    "serp": ("referring_domains", "position"),
    "pages": ("referring_domains",),
    "keywords": ("kd",),
    "intersect": (),
}
"""The columns that a file of a kind cannot do without."""


def settle_columns(source: Source, records: Sequence[Record]) -> tuple[Source, tuple[Unread, ...]]:
    """Decide how the columns of a file are read; also give the columns with unreadable cells.

    Raises InputError where a column that every answer needs cannot be read.
    """
    whole = [r for r in records if not r.fault and r.cells != source.header]
    clues = {
        field: cell.clues_in({record.cells[index] for record in whole})
        for field, (index, cell) in source.places.items()
    }
    source = settle(source, clues)
    kind, _ = source.places.get("type", (None, None))
    # SERP features may have words where results have numbers.
    results = [r for r in whole if kind is None or names_result(r.cells[kind])]
    doubtful = tuple(_doubtful_columns(source, results))
    for column in doubtful:
        # An unreadable count might have been the largest, so it must not drop out of a median.
        in_serp = source.export.kind == "serp" and column.field == "referring_domains"
        is_needed = column.field in _NEEDED[source.export.kind] or _names_site(source, column)
        if in_serp or (column.is_whole and is_needed):
            raise _unreadable(source, column, results)
    unread = tuple(column for column in doubtful if column.is_whole)
    return source._replace(unread=unread), doubtful


def _names_site(source: Source, column: Unread) -> bool:
    """Say whether a column holds the links to one of the sites that a file compares."""
    return source.export.sites is not None and "." in column.field and bool(page_of(column.heading))


def _doubtful_columns(source: Source, records: Sequence[Record]) -> Iterator[Unread]:
    for field, (index, cell) in source.places.items():
        texts = {record.cells[index] for record in records} if cell.fails else set()
        wrong = {text for text in texts if cell.is_bad(text)}
        if not wrong:
            continue
        bad = [record for record in records if record.cells[index] in wrong]
        filled = sum(trim(record.cells[index]) not in cell.unknown for record in records)
        heading, line = source.header[index].strip(), source.header_line + 1 + bad[0].line
        yield Unread(field, index, heading, len(bad), filled, line, bad[0].cells[index])


def _unreadable(source: Source, column: Unread, records: Sequence[Record]) -> InputError:
    """Make the error for a needed column, with the first cells that cannot be read."""
    _, cell = source.places[column.field]
    bad = [
        (text, source.sheet.origin.row(source.header_line + 1 + record.line))
        for record in records
        if cell.is_bad(text := record.cells[column.place])
    ]
    found = [f"{text[:40]!r} on line {line}" for text, line in bad]
    more = f" and {len(found) - _SHOWN:,} more" if len(found) > _SHOWN else ""
    return InputError(
        source.sheet.name,
        f"its column {column.heading!r} has cells that cannot be read: {', '.join(found[:_SHOWN])}{more}",
        "Write plain numbers such as 1234, leave unknown ones empty, or export the file again",
        bad[0][1],
    )


_SHOWN = 3


@lru_cache  # a column repeats few words
def names_result(kind: str) -> bool:
    """Say whether a vendor's word for the type of a row means an organic result."""
    return not kind.strip() or re.search(_ORGANIC, kind) is not None


_ORGANIC = r"(?i)(?<!\bin)(?<!\bnon)(?<!\b(?:non|not)\W)org[aáâ]ni[csq]"
"""Organic, organisch, organique, orgánico, organico and their like, but not non-organic."""


def settled(source: Source) -> Source:
    """Give a source with what its rows tell: how its columns are read, and which are unreadable."""
    return settle_columns(source, records_of(source))[0]


def records_of(source: Source) -> list[Record]:
    """Read the records below the header of a small file."""
    lines, _ = lines_below(source)
    return list(read_records(lines, source.delimiter, len(source.header)))


def lines_below(source: Source) -> tuple[list[str], list[int]]:
    """Give the physical lines below the header, and which of them (from 0) hold bad bytes."""
    data = source.sheet.path.read_bytes()[source.sheet.start :]
    page = code_page(data) if source.sheet.encoding == "utf-8" else None
    text = data.decode(page or source.sheet.encoding, errors="replace")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")[source.header_line :]
    bad = [number for number, line in enumerate(lines) if "\ufffd" in line]
    is_told = bool(bad) and not page and _is_faulty(data, source)
    return [line + "\n" for line in lines], bad if is_told else []


def _is_faulty(data: bytes, source: Source) -> bool:
    try:
        data.decode(source.sheet.encoding)
    except UnicodeDecodeError:
        return True
    return False
