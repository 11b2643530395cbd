"""Draws a document on a terminal of any width; the only module that uses rich."""

import io
from textwrap import wrap

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from gapcalc.reports.document import (
    Block,
    Column,
    Details,
    Document,
    Grid,
    Items,
    Kind,
    Report,
    Screen,
    Section,
    Sentence,
)
from gapcalc.text import cut_middle, safe

_GAP = 2
_CUT: frozenset[Kind] = frozenset({"keyword", "url"})
_CONCESSIONS: tuple[tuple[frozenset[Kind], int], ...] = (
    (frozenset({"text"}), 44),
    (_CUT, 36),
    (frozenset({"text"}), 22),
    (_CUT, 20),
    (frozenset({"text"}), 10),
    (_CUT, 10),
)
"""Which columns give way, and down to what width, in turn until the table fits."""


def write(report: Report, screen: Screen) -> str:
    """Draw what a report says."""
    return draw(report.document(), screen)


def draw(document: Document, screen: Screen) -> str:
    """Give a document as text for a screen."""
    stream = io.StringIO()
    console = Console(
        file=stream,
        width=screen.width,
        color_system="standard" if screen.colour else None,
        force_terminal=screen.colour,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )
    console.print(Text(safe(document.title), style="bold"))
    for section in document.sections:
        console.print()
        _draw_section(console, section)
    return "\n".join(line.rstrip() for line in stream.getvalue().split("\n"))


def _draw_section(console: Console, section: Section) -> None:
    if section.heading:
        console.print(Text(safe(section.heading), style="bold"))
    for block in section.blocks:
        _draw_block(console, block)


def _draw_block(console: Console, block: Block) -> None:
    match block:
        case Sentence():
            _draw_text(console, block.text, style="bold" if block.stress else "")
        case Items():
            for text in block.texts:
                _draw_text(console, text, first="- ")
        case Details():
            for text in block.texts:
                _draw_text(console, text, first="  ")
        case Grid():
            _draw_grid(console, block)


def _draw_text(console: Console, text: str, *, first: str = "", style: str = "") -> None:
    lines = wrap(
        safe(text),
        console.width,
        initial_indent=first,
        subsequent_indent=" " * len(first),
        break_on_hyphens=False,
    )
    for line in lines:
        console.print(Text(line, style=style))


def _draw_grid(console: Console, grid: Grid) -> None:
    cells = [
        [column.write(cell) for column, cell in zip(grid.columns, row, strict=True)]
        for row in grid.rows
    ]
    widths = _widths(grid, cells, console.width)
    table = Table(
        box=None,
        padding=(0, _GAP, 0, 0),
        pad_edge=False,
        show_header=any(column.name for column in grid.columns),
    )
    for column, width in zip(grid.columns, widths, strict=True):
        table.add_column(
            Text(safe(column.name), style="dim"),
            justify="right" if column.kind == "number" else "left",
            width=width,
            overflow="fold",
        )
    for place, row in enumerate(cells):
        style = "bold" if place in grid.marked else ""
        table.add_row(
            *(_fit(*cell) for cell in zip(row, grid.columns, widths, strict=True)), style=style
        )
    console.print(table)
    if grid.rest:
        console.print(grid.rest)


def _fit(text: str, column: Column, width: int) -> Text:
    return Text(_cut(text, width) if column.kind in _CUT else text)


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
    for kinds, least in _CONCESSIONS:
        places = [place for place, column in enumerate(grid.columns) if column.kind in kinds]
        for place in sorted(places, key=lambda place: -needs[place]):
            excess = max(0, sum(needs) - room)
            needs[place] = min(needs[place], max(least, needs[place] - excess))
    return needs
