"""Draws a document on a terminal of any width; the only module that uses rich."""

import io
import re
from collections.abc import Iterable, Sequence
from textwrap import wrap

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from gapcalc.reports.document import (
    BarCell,
    Block,
    Cell,
    Details,
    Document,
    Grid,
    GridColumn,
    Items,
    Kind,
    Notes,
    Picture,
    Report,
    Screen,
    Section,
    Sentence,
    Tone,
)
from gapcalc.text import cut_middle, cut_url, safe

_GAP = 2
_WIDE = 100
"""The largest width of running text."""
_CUT: frozenset[Kind] = frozenset({"keyword", "url"})
_LONGEST_BAR = 30
_COLOURS: dict[Tone, str] = {"good": "bold green", "bad": "bold red", "open": "bold magenta"}
"""These colours are readable on light and on dark ground."""
_FLAG = r"(\(--[a-z-]+) ([^ )]+\))"
"""An option in brackets, which is kept on one line with its value."""
_NO_BREAK = "\N{NO-BREAK SPACE}"
_NARROWEST = 10
_NAMED = 16
"""Down to this width, the first column, which names the row, is left whole and the others shrink."""
_CONCESSIONS: tuple[tuple[Kind, int], ...] = (
    ("bar", 20),
    ("text", 44),
    ("url", 36),
    ("keyword", 36),
    ("text", 22),
    ("url", 28),
    ("bar", 13),
    ("url", 20),
    ("keyword", 20),
    ("url", 16),
    ("keyword", 16),
    ("url", 14),
    ("keyword", 14),
    ("text", 12),
    ("number", 1),
    ("text", _NARROWEST),
    ("url", 10),
    ("keyword", 10),
    ("bar", 1),
    ("url", 6),
    ("keyword", 6),
    ("text", 4),
)
"""Which columns shrink, and down to what width, in this order, until the table fits.

Words are broken only then, and bars are dropped down to the first letter of their mark.
"""


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
    _draw_title(console, safe(document.title), safe(document.source))
    for section in document.sections:
        console.print()
        _draw_section(console, section)
    return "\n".join(line.rstrip() for line in stream.getvalue().split("\n"))


def _draw_title(console: Console, title: str, source: str) -> None:
    """Put the title on the left and the source of the data on the right, or below."""
    between = min(console.width, _WIDE) - cell_len(title) - cell_len(source)
    if between >= _GAP and source:
        console.print(Text.assemble((title, "bold"), " " * between, source), soft_wrap=True)
        return
    for text, style in ((title, "bold"), (source, "")):
        for line in wrap(text, console.width):
            console.print(Text(line, style=style), soft_wrap=True)


def _draw_section(console: Console, section: Section) -> None:
    if section.heading:
        console.print(Text(safe(section.heading), style="bold"))
    for block in section.blocks:
        _draw_block(console, block)


def _draw_block(console: Console, block: Block) -> None:
    match block:
        case Sentence():
            _draw_text(console, block.text, style="bold" if block.stress else "")
        case Items() | Details():
            first = "- " if isinstance(block, Items) else "  "
            for text in block.texts:
                _draw_text(console, text, first=first)
        case Grid():
            _draw_grid(console, block)
        case Notes():
            _draw_notes(console, block)
        case Picture():
            pass  # other outputs draw it


def _draw_notes(console: Console, block: Notes) -> None:
    label_width = max(len(label) for label, _ in block.notes) + _GAP
    style = _COLOURS[block.tone] if block.tone else ""
    following = [*(label for label, _ in block.notes[1:]), "none"]
    for (label, text), after in zip(block.notes, following, strict=True):
        # If a label has several texts, it must be visible where each one begins.
        hanging = "" if label and after else " " * _GAP
        lines = _wrap(text, min(console.width, _WIDE) - label_width, hanging) or [""]
        for number, line in enumerate(lines):
            head = Text(label if number == 0 else "", style=style)
            head.pad_right(label_width - len(head.plain))
            console.print(Text.assemble(head, line))


def _wrap(text: str, width: int, hanging: str) -> list[str]:
    whole = re.sub(_FLAG, f"\\1{_NO_BREAK}\\2", safe(text))
    lines = wrap(whole, max(width, 10), subsequent_indent=hanging, break_on_hyphens=False)
    return [line.replace(_NO_BREAK, " ") for line in lines]


def _draw_text(console: Console, text: str, *, first: str = "", style: str = "") -> None:
    lines = wrap(
        safe(text),
        min(console.width, _WIDE),
        initial_indent=first,
        subsequent_indent=" " * len(first),
        break_on_hyphens=False,
    )
    for line in lines:
        console.print(Text(line, style=style))


def _draw_grid(console: Console, grid: Grid) -> None:
    grid = _without_wide(grid, console.width)
    cells = [
        [column.write(cell) for column, cell in zip(grid.columns, row, strict=True)]
        for row in grid.rows
    ]
    widths = _widths(grid, cells, console.width)
    for place, column in enumerate(grid.columns):
        if column.kind == "bar":
            bars = _bars([row[place] for row in grid.rows], widths[place])
            for row, bar in zip(cells, bars, strict=True):
                row[place] = bar
    table = Table(
        box=None,
        padding=(0, _GAP, 0, 0),
        pad_edge=False,
        header_style="none",
        show_header=any(column.name for column in grid.columns),
    )
    for column, width in zip(grid.columns, widths, strict=True):
        table.add_column(
            Text(safe(column.name)),
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


def _without_wide(grid: Grid, width: int) -> Grid:
    shown = [place for place, column in enumerate(grid.columns) if column.wide <= width]
    return grid._replace(
        columns=tuple(grid.columns[place] for place in shown),
        rows=tuple(tuple(row[place] for place in shown) for row in grid.rows),
    )


def _bars(cells: Sequence[Cell], width: int) -> list[str]:
    """Draw bars to one scale; the longest fills the room that the marks behind the bars leave."""
    bars = [cell if isinstance(cell, BarCell) else BarCell(None) for cell in cells]
    if width < max((cell_len(bar.mark) for bar in bars), default=0):
        return [safe(bar.mark)[:1] for bar in bars]
    largest = max((bar.number or 0 for bar in bars), default=0)
    rooms = [
        (width - (1 + cell_len(bar.mark) if bar.mark else 0)) * largest / bar.number
        for bar in bars
        if bar.number
    ]
    scale = 2 * max(0.0, min([width, *rooms])) / largest if largest else 0.0
    return [f"{_bar(bar.number or 0, scale)} {safe(bar.mark)}".strip() for bar in bars]


def _bar(number: float, scale: float) -> str:
    """Draw a thin line: full blocks on adjacent lines would merge into one dark area."""
    halves = max(round(number * scale), 1) if number and scale else 0
    return "━" * (halves // 2) + "╸" * (halves % 2)


def _fit(text: str, column: GridColumn, width: int) -> Text:
    if column.kind == "url" and text.isascii():
        return Text(cut_url(text, width))
    return Text(_cut(text, width) if column.kind in _CUT else text)


def _cut(text: str, width: int) -> str:
    """Cut a text in the middle to a width in terminal cells; a character may take two."""
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
    """Give each column the width it needs, then shrink texts and URLs until all fits.

    Numbers are never cut: with a digit missing it would be another number.
    """
    needs = [
        _LONGEST_BAR
        if column.kind == "bar"
        else max([cell_len(safe(column.name)), *(cell_len(row[place]) for row in cells)])
        for place, column in enumerate(grid.columns)
    ]
    longest = [
        _longest_word(column, (row[place] for row in cells))
        for place, column in enumerate(grid.columns)
    ]
    room = width - _GAP * (len(needs) - 1)
    for kind, least in _CONCESSIONS:
        places = [place for place, column in enumerate(grid.columns) if column.kind == kind]
        if len(places) > 1 and least >= _NAMED:
            places = [place for place in places if place]
        for place in sorted(places, key=lambda place: -needs[place]):
            excess = max(0, sum(needs) - room)
            whole = longest[place] if kind == "number" or least > _NARROWEST else 0
            needs[place] = min(needs[place], max(least, whole, needs[place] - excess))
    return needs


def _longest_word(column: GridColumn, texts: Iterable[str]) -> int:
    """Give the width below which a column breaks a word, a number or the heading of a link."""
    if column.kind == "url":
        return cell_len(column.name)
    if column.kind == "number":
        return max(map(cell_len, (*texts, *column.name.split())), default=0)
    if column.kind != "text":
        return 0
    return max((cell_len(word) for text in texts for word in text.split()), default=0)
