"""Writes a report to hand over as one HTML page, which loads nothing else.

Jinja fills the template in `page`; Altair draws the charts. Both belong to the extra `report`.
`safe` makes hidden characters visible in every text, and the template escapes it.
"""

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from gapcalc.formats.own import FORMULA
from gapcalc.reports.document import (
    BarCell,
    BoundedNumber,
    Cell,
    Chapter,
    FullReport,
    Grid,
    GridColumn,
    Kind,
    Notes,
    Report,
    Screen,
)
from gapcalc.reports.draw import draw
from gapcalc.reports.views.wording import write_span
from gapcalc.reports.whole import compose
from gapcalc.results.shared import Number
from gapcalc.text import safe

_PAGE = Path(__file__).with_name("page")
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_NO_PART_OF_A_URL = re.compile(r"[\s\"'<>\[\\\]^`{|}]")
_OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")
"""The name of an option in running text, which browsers must not break at its hyphens."""
_LONGEST_LINK = 2_000
_SHORT = 44
_SORTED_FROM, _FILTERED_FROM, _TALL_FROM = 6, 12, 24
"""The number of rows from which a table can be sorted and copied, filtered, and scrolled."""
_UNNAMED: Mapping[Kind, str] = {"bar": "Chart"}
"""The name for screen readers of a column without a name."""


def write(report: Report, _screen: Screen) -> str:
    """Write the page."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup, escape

    def visible(value: object) -> object:
        return safe(value) if isinstance(value, str) and not isinstance(value, Markup) else value

    def prose(text: str) -> Markup:
        return Markup(_OPTION.sub(r"<code>\g<0></code>", str(escape(safe(text)))))

    environment = Environment(
        loader=FileSystemLoader(_PAGE),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=visible,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["prose"] = prose
    script = (_PAGE / "report.js").read_text(encoding="utf-8")
    return environment.get_template("report.html.jinja").render(
        report=compose(report),
        cover=report.cover,
        parts=_parts,
        kind=lambda block: type(block).__name__,
        draw=lambda picture: Markup(draw(picture, "svg")),
        table=_table,
        figure=_figure,
        groups=_groups,
        day=lambda date: write_span(date, date),
        unnamed=_UNNAMED,
        style=Markup((_PAGE / "report.css").read_text(encoding="utf-8")),
        script=Markup(script),
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        formula=FORMULA,
    )


def _parts(report: FullReport) -> list[tuple[bool, list[Chapter]]]:
    """Group consecutive folded chapters."""
    found = groupby(report.chapters, lambda chapter: chapter.folded)
    return [(folded, list(chapters)) for folded, chapters in found]


def _groups(notes: Notes) -> list[tuple[str, list[str]]]:
    """Group the texts of each label."""
    groups: list[tuple[str, list[str]]] = []
    for label, text in notes.notes:
        if label or not groups:
            groups.append((label, []))
        groups[-1][1].append(text)
    return groups


class _WrittenCell(NamedTuple):
    """A cell as written: its text, its number, its link, and the length of its bar as a share."""

    text: str
    value: Number | None = None
    href: str | None = None
    bar: str | None = None
    css: str = ""
    is_name: bool = False


class _WrittenTable(NamedTuple):
    """A table as written: columns with their class, and rows of cells, marked or not."""

    columns: list[tuple[GridColumn, str]]
    rows: list[tuple[bool, list[_WrittenCell]]]
    rest: str | None
    is_sorted: bool
    is_filtered: bool
    is_tall: bool


def _figure(cell: Cell) -> tuple[str, str, Number | None]:
    """Give the words before a number, the number in words, and the number."""
    text = GridColumn("", "number", "unknown").write(cell)
    number = _NUMBER.search(text)
    start = number.start() if number else 0
    return text[:start].strip(), text[start:], _value(cell)


def _table(grid: Grid) -> _WrittenTable:
    bars = [cell.number or 0 for row in grid.rows for cell in row if isinstance(cell, BarCell)]
    longest = max(bars, default=0)
    name = next((at for at, column in enumerate(grid.columns) if column.kind in _NAMES), -1)
    rows = [
        (place in grid.marked, list(_cells(grid, place, name, longest)))
        for place in range(len(grid.rows))
    ]
    # Sorting would separate rows from the name of their group.
    alone = all(row[name] not in {None, ""} for row in grid.rows)
    return _WrittenTable(
        [(column, _class(grid, at)) for at, column in enumerate(grid.columns)],
        rows,
        grid.rest,
        is_sorted=alone and len(grid.rows) >= _SORTED_FROM,
        is_filtered=alone and len(grid.rows) >= _FILTERED_FROM,
        is_tall=len(grid.rows) > _TALL_FROM,
    )


_NAMES: frozenset[Kind] = frozenset({"text", "keyword", "url"})
_CSS: Mapping[Kind, str] = {"number": "n", "url": "u", "bar": "b", "keyword": "k", "text": "t"}


def _class(grid: Grid, at: int) -> str:
    """Name the class of a column: its kind, and whether its texts are long."""
    kind = grid.columns[at].kind
    texts = (row[at] for row in grid.rows) if kind == "text" else ()
    is_long = any(isinstance(text, str) and len(text) > _SHORT for text in texts)
    return f"{_CSS[kind]} long" if is_long else _CSS[kind]


def _cells(grid: Grid, place: int, name: int, longest: Number) -> Iterator[_WrittenCell]:
    row = grid.rows[place]
    for at, (column, cell) in enumerate(zip(grid.columns, row, strict=True)):
        text = column.write(cell)
        inside = grid.leads_to[place] if at == name and grid.leads_to else None
        outside = _href(cell) if column.kind == "url" and isinstance(cell, str) else None
        bar = _share(cell.number, longest) if isinstance(cell, BarCell) else None
        value = _value(cell) if column.kind in {"number", "bar"} else None
        href = f"#{inside}" if inside else outside
        yield _WrittenCell(text, value, href, bar, _CSS[column.kind], at == name and bool(text))


def _share(number: Number | None, longest: Number) -> str | None:
    return f"{100 * number / longest:.1f}" if number and longest else None


def _value(cell: Cell) -> Number | None:
    """Give the number in a cell, the first of several.

    >>> _value("+1,234"), _value("24-37"), _value("unknown")
    (1234, 24, None)
    """
    match cell:
        case int() | float():
            return cell
        case BoundedNumber(_, number) | BarCell(number, _):
            return number
        case str():
            found = _NUMBER.search(cell)
            return _read(found.group().replace(",", "")) if found else None
        case _:
            return None


def _read(digits: str) -> Number:
    return float(digits) if "." in digits else int(digits)


def _href(url: str) -> str | None:
    """Give a URL that is safe to link: http or https, with a host, without a user, as shown.

    >>> _href("https://a.example/b"), _href("javascript:alert(1)"), _href("https://a@b.example/")
    ('https://a.example/b', None, None)
    """
    if len(url) > _LONGEST_LINK or _NO_PART_OF_A_URL.search(url) or safe(url) != url:
        return None
    try:
        parts = urlsplit(url)
        is_fit = parts.scheme in {"http", "https"} and parts.hostname and "@" not in parts.netloc
    except ValueError:
        return None
    return url if is_fit else None
