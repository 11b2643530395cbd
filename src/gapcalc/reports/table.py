"""Draws a document on a terminal of any width; the only module that uses rich."""

import io
from textwrap import wrap

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from gapcalc.reports.document import Cell, Column, Document, Grid, Kind, Section
from gapcalc.text import cut_middle, safe, show

_GAP = 2
_CONCESSIONS: tuple[tuple[Kind, int], ...] = (
    ("text", 44),
    ("url", 36),
    ("text", 22),
    ("url", 20),
    ("text", 10),
    ("url", 10),
)
"""Which columns give way, and down to what width, in turn until the table fits."""


def draw(document: Document, *, width: int, colour: bool) -> str:
    """Give the document as text for a terminal of `width` columns."""
    stream = io.StringIO()
    console = Console(
        file=stream,
        width=width,
        color_system="standard" if colour else None,
        force_terminal=colour,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )
    console.print(Text(safe(document.title), style="bold"))
    for section in document.sections:
        console.print()
        _draw_section(console, section, width)
    return "\n".join(line.rstrip() for line in stream.getvalue().split("\n"))


def _draw_section(console: Console, section: Section, width: int) -> None:
    if section.heading:
        console.print(Text(safe(section.heading), style="bold"))
    for line in section.lines:
        hang = " " * (len(line) - len(line.lstrip(" -")))
        for part in wrap(safe(line), width, subsequent_indent=hang, break_on_hyphens=False):
            console.print(Text(part, style="bold" if section.stress else ""))
    if section.grid is not None:
        _draw_grid(console, section.grid, width)


def _draw_grid(console: Console, grid: Grid, width: int) -> None:
    cells = [[_write(cell) for cell in row] for row in grid.rows]
    widths = _widths(grid, cells, width)
    table = Table(
        box=None,
        padding=(0, _GAP, 0, 0),
        pad_edge=False,
        show_header=any(c.name for c in grid.columns),
    )
    for column, wide in zip(grid.columns, widths, strict=True):
        table.add_column(
            Text(safe(column.name), style="dim"),
            justify="right" if column.kind == "number" else "left",
            width=wide,
            overflow="fold",
        )
    for place, row in enumerate(cells):
        style = "bold" if place in grid.marked else ""
        table.add_row(
            *(_fit(*cell) for cell in zip(row, grid.columns, widths, strict=True)), style=style
        )
    console.print(table)
    if grid.more:
        console.print(f"+{grid.more:,} more; --format csv lists all of them")


def _write(cell: Cell) -> str:
    if cell is None:
        return "-"
    return safe(cell) if isinstance(cell, str) else show(cell)


def _fit(text: str, column: Column, width: int) -> Text:
    return Text(_cut(text, width) if column.kind == "url" else text)


def _cut(text: str, width: int) -> str:
    """Cut a text in the middle to a width in terminal cells, of which a character may take two."""
    if text.isascii() or cell_len(text) <= width:
        return cut_middle(text, width)
    head = _fitting(text[:width], width // 2)
    tail = _fitting(text[-width:][::-1], width - 1 - cell_len(head))[::-1]
    return f"{head}…{tail}"


def _fitting(text: str, room: int) -> str:
    size = len(text)
    while cell_len(text[:size]) > room:
        size -= 1
    return text[:size]


def _widths(grid: Grid, cells: list[list[str]], width: int) -> list[int]:
    """Give each column what it needs, then take from texts and URLs what is too much.

    Numbers are never cut: a digit less would be another number.
    """
    needs = [
        max([cell_len(safe(column.name)), *(cell_len(row[place]) for row in cells)])
        for place, column in enumerate(grid.columns)
    ]
    room = width - _GAP * (len(needs) - 1)
    for kind, least in _CONCESSIONS:
        places = [place for place, column in enumerate(grid.columns) if column.kind == kind]
        for place in sorted(places, key=lambda place: -needs[place]):
            excess = max(0, sum(needs) - room)
            needs[place] = min(needs[place], max(least, needs[place] - excess))
    return needs
