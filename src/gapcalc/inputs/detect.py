"""Tells which vendor's export a file is: exactly one format must claim its header."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from gapcalc.errors import InputError, RefusedFormatError, UnknownFormatError
from gapcalc.formats import EXPORTS, LOOK_ALIKES, bare, search_console
from gapcalc.formats.base import Export, LookAlike, plain_heading
from gapcalc.inputs.sheet import DELIMITERS, HEADER_LINES, SAMPLE, Sheet, split_line
from gapcalc.inputs.source import FIRST_RECORDS, Source, plain_headings
from gapcalc.text import name_first

_SHOWN_HEADINGS = 8
_LONGEST_HEADING = 40
_MOST_BREAKS = 9
"""Line breaks in the headings of a file."""


def detect(sheet: Sheet) -> Source:
    """Find the one export that claims a line of the sheet as its header; else judge by the cells.

    Raises RefusedFormatError for a known look-alike, UnknownFormatError when none or several claim
    it; the message names the headings found and the nearest format.
    """
    for spaced in (False, True):
        for number, delimiter, cells in _header_candidates(sheet):
            claims, look_alikes = claimants(plain_headings(cells, spaced=spaced))
            if claims:
                found = Source(sheet, _only(sheet, claims), number, delimiter, cells, spaced=spaced)
                return _accepted(found)
            if look_alikes:
                look = look_alikes[0]
                raise RefusedFormatError(
                    sheet.name, f"this is {look.title}: {look.reason}", look.advice
                )
    by_cells = _by_cells(sheet)
    if by_cells is None:
        raise _unknown(sheet)
    return by_cells


def _header_candidates(sheet: Sheet) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    """Yield (number of its last line, delimiter, cells) of every row that might be the header."""
    for number, line in enumerate(sheet.lines[:HEADER_LINES], start=1):
        for delimiter in sorted(DELIMITERS, key=line.count, reverse=True):
            last, cells = number, split_line(line, delimiter)
            while cells is None and '"' in line and last < number + _MOST_BREAKS:
                last += 1  # a heading may have line breaks
                cells = split_line("".join(sheet.lines[number - 1 : last]), delimiter)
            if cells and len(cells) == 1:  # a spreadsheet took the line for one cell
                cells = split_line(cells[0], delimiter)
            if cells and any(cell.strip() for cell in cells):
                yield last, delimiter, cells


def _accepted(source: Source) -> Source:
    if source.is_header_cut:
        raise InputError(
            source.sheet.name,
            f"its header is longer than {SAMPLE // 1024} kB",
            "Delete the columns that are not needed",
        )
    reason = source.facts.refused
    if reason is not None:
        raise RefusedFormatError(
            source.sheet.name,
            f"this is {source.export.title}: {reason}",
            f"Export it so: {source.export.how}",
        )
    return source


@lru_cache
def claimants(header: tuple[str, ...]) -> tuple[tuple[Export, ...], tuple[LookAlike, ...]]:
    """Give every export and every look-alike that claims a header of plain headings."""
    exports = tuple(export for export in EXPORTS if export.claims(header))
    return exports, tuple(look for look in LOOK_ALIKES if look.claims(header))


def _only(sheet: Sheet, claims: Sequence[Export]) -> Export:
    if len(claims) == 1:
        return claims[0]
    titles = " and ".join(export.title for export in claims)
    raise UnknownFormatError(
        sheet.name,
        f"its header fits more than one format: {titles}",
        "Delete the columns of the other one, or export the file again",
    )


def _by_cells(sheet: Sheet) -> Source | None:
    """Recognise a list of addresses by its cells, whatever its headings; else give None."""
    lines = [(number, line) for number, line in enumerate(sheet.lines, start=1) if line.strip()]
    if not lines or sheet.origin.parquet:
        return None
    number, first = lines[0]
    below = [line for _, line in lines[1:FIRST_RECORDS]]
    has_columns = _has_columns([first, *below])
    for export, header, shapes, assumed in _LISTS:
        if has_columns and len(shapes) == 1:
            continue
        for delimiter in DELIMITERS if len(shapes) > 1 else ("\t",):
            if below and not _is_shaped(below, delimiter, shapes):
                continue
            if _is_shaped([first], delimiter, shapes):
                return Source(sheet, export, number - 1, delimiter, header, assumed=assumed)
            cells = split_line(first, delimiter) or ()
            if below and not (_looks_like_data(cells) or _names_site(cells)):
                return Source(sheet, export, number, delimiter, header, assumed=assumed)
    return None


def _has_columns(lines: Sequence[str]) -> bool:
    """Say whether every line has the same number of cells, and more than one; URLs have commas too."""
    widths = [{len(split_line(line, mark) or ()) for line in lines} for mark in DELIMITERS]
    return any(len(found) == 1 and found != {1} for found in widths)


def _is_shaped(lines: Sequence[str], delimiter: str, shapes: Sequence[str]) -> bool:
    records = [split_line(line, delimiter) for line in lines]
    return all(
        cells is not None
        and len(cells) == len(shapes)
        and all(
            re.fullmatch(shape, cell.strip()) for shape, cell in zip(shapes, cells, strict=True)
        )
        for cells in records
    )


_URL = r"(?i)https?://\S+\.\S.*"
_DOMAIN = r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]*[^\W_]\.?/?"
_DATE = r"(?=.*\d{4})(?=.*\d{1,2}\D|.*\D\d{1,2}).{6,30}"
_LISTS: tuple[tuple[Export, tuple[str, ...], tuple[str, ...], str], ...] = (
    (
        search_console.LATEST_LINKS,
        ("linking page", ""),
        (_URL, _DATE),
        "assumed to be Search Console's Latest links, by its columns of URLs and dates",
    ),
    (bare.URLS, ("url",), (_URL,), "assumed to be a list of linking pages: its cells are URLs"),
    (
        bare.DOMAINS,
        ("domain",),
        (_DOMAIN,),
        "assumed to be a list of linking domains: its cells are domains",
    ),
)
"""Formats recognised by cells: the format, its headings, the cells' shapes, the note to show."""


def _looks_like_data(cells: Sequence[str]) -> bool:
    """Say whether a row looks like data, not a header: it has an address, a date or a number."""
    texts = [cell.strip() for cell in cells]
    return any(re.fullmatch(_URL, text) or re.fullmatch(_DATA, text) for text in texts)


def _names_site(cells: Sequence[str]) -> bool:
    """Say whether the first line of a list names a site, so that it is no heading."""
    return any(re.fullmatch(_DOMAIN, cell.strip().rpartition(":")[2]) for cell in cells)


_DATA = r"(?i)[-+]?\d[\d.,\s]*%?|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}.*|true|false"


def _unknown(sheet: Sheet) -> InputError:
    candidates = list(_header_candidates(sheet))
    if not candidates:
        return UnknownFormatError(sheet.name, "it has no header", "Give an export with headings")
    best = _likely_header(candidates)
    if best is None:
        return UnknownFormatError(
            sheet.name,
            "it has no line of headings, only rows",
            f"Add the headings of the export as its first line. {_SEE_FORMATS}",
        )
    headings = [shorten(cell.strip()) for cell in best]
    return UnknownFormatError(
        sheet.name,
        f"its headings are not known (found: {name_first(headings, _SHOWN_HEADINGS)})",
        _nearest_advice(best),
    )


def _likely_header(
    candidates: Sequence[tuple[int, str, tuple[str, ...]]],
) -> tuple[str, ...] | None:
    """Give the line most like a header: known headings, as many cells as the rows have, no data."""
    lines = {number: cells for number, _, cells in reversed(candidates)}
    rows = [cells for cells in lines.values() if not _looks_like_data(cells)]
    widest = Counter(map(len, lines.values())).most_common(1)[0][0]
    return max(
        reversed(rows),
        key=lambda cells: (_nearness(cells), len(cells) == widest and widest > 1, len(cells)),
        default=None,
    )


def shorten(text: str) -> str:
    """Shorten a heading of the file for a message."""
    return text if len(text) <= _LONGEST_HEADING else text[: _LONGEST_HEADING - 1] + "…"


def _nearness(cells: Sequence[str]) -> int:
    return max(_shared(export, tuple(map(plain_heading, cells))) for export in EXPORTS)


def _shared(export: Export, header: Sequence[str]) -> int:
    return len(export.places(header)) - len(export.missing(header))


_SEE_FORMATS = (
    "Run gapcalc formats to see what is read, or give a CSV with "
    "keyword,position,url,referring_domains"
)


def _nearest_advice(cells: Sequence[str]) -> str:
    """Name the nearest format, if all these headings point to one vendor."""
    header = tuple(map(plain_heading, cells))
    vendors = {vendor for vendor, names in _own_headings().items() if names.intersection(header)}
    near = [e for e in EXPORTS if {_maker(e)} == vendors and e.missing(header)]
    nearest = max(near, key=lambda export: _shared(export, header), default=None)
    if nearest is None or _shared(nearest, header) <= 0:
        return _SEE_FORMATS
    return f"Nearest is {nearest.title}, which also needs: {', '.join(nearest.missing(header))}"


@lru_cache
def _own_headings() -> Mapping[str, frozenset[str]]:
    """Give the headings that only one vendor's formats have, by vendor."""
    used: dict[str, set[str]] = {}
    for export in EXPORTS:
        names = {name for column in export.columns for name in column.headings}
        for name in names.union(export.with_also, export.one_of):
            used.setdefault(name, set()).add(_maker(export))
    makers = {maker for makers in used.values() for maker in makers}
    return {m: frozenset(name for name, by in used.items() if by == {m}) for m in makers}


def _maker(export: Export) -> str:
    return export.vendor or "gapcalc"
