"""Writes a report as a workbook: a sheet for each list, typed cells, no formula, no link.

XlsxWriter belongs to the extra `report`. Every text is written as text, so nothing in it runs.
"""

import io
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from gapcalc import __version__
from gapcalc.formats.own import OWN_SHEETS, OWN_WORKBOOK, shield
from gapcalc.reports.document import BookSheet, Report, Screen, SheetChart, SheetColumn, Value
from gapcalc.reports.views.sheets import sheets_of
from gapcalc.text import safe

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

MOST_ROWS = 1_048_575
"""The most rows that a sheet holds below its headings."""
_LONGEST_TEXT = 32_767
_NARROWEST, _WIDEST, _MEASURED, _PRINTABLE, _LINE = 9, 50, 500, 230, 15
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_DARK, _LIGHT, _OWN = "#4D4D4D", "#C9C9C9", "#2F77D0"
_FIRST_DAY = "1980-01-01"
_BARS = {
    "type": "data_bar",
    "bar_solid": True,
    "bar_color": _LIGHT,
    "min_type": "num",
    "min_value": 0,
}


def write(report: Report, _screen: Screen) -> bytes:
    """Write the sheets of a report, and further sheets of the reports beside it."""
    from xlsxwriter import Workbook

    file = io.BytesIO()
    with Workbook(file, _OPTIONS) as book:
        _Book(book, str(getattr(report.data, "as_of", ""))).write(_all_sheets(report))
    return file.getvalue()


def _all_sheets(report: Report) -> list[BookSheet]:
    sheets: dict[str, BookSheet] = {}
    for one in (report, *report.beside.values()):
        for sheet in sheets_of(one):
            sheets.setdefault(sheet.name, sheet)
    return list(cut(sorted(sheets.values(), key=lambda sheet: OWN_SHEETS.index(sheet.name))))


def cut(sheets: Sequence[BookSheet], most: int = MOST_ROWS) -> Iterator[BookSheet]:
    """Cut sheets with more rows than fit, and say so on the first sheet."""
    said: list[list[Value]] = []
    first, *others = sheets
    for sheet in others:
        if len(sheet.rows) > most:
            left = f"{sheet.name}: the first {most:,} of {len(sheet.rows):,} rows are here"
            said.append(["Cut", left, *[None] * (len(first.columns) - 2)])
    yield first._replace(rows=[*first.rows, *said])
    for sheet in others:
        yield sheet._replace(rows=sheet.rows[:most])


class _CellStyle(NamedTuple):
    """How a cell looks: its number format, bold in highlighted rows, and so on.

    A `quoted` cell stays text when it is edited and would otherwise become a formula.
    """

    side: str
    number: str = "General"
    bold: bool = False
    quoted: bool = False
    wraps: bool = False


class _Book:
    """A workbook being written; the same sheets give the same bytes."""

    def __init__(self, book: "Workbook", as_of: str) -> None:
        self._book = book
        made = datetime.fromisoformat(as_of or _FIRST_DAY)
        book.set_properties({"created": made, "author": "gapcalc"})
        book.set_custom_property(OWN_WORKBOOK, __version__)
        self._formats: dict[_CellStyle, Format] = {}
        self._head = book.add_format(
            {"bold": True, "bottom": 1, "bg_color": "#EDEDED", "text_wrap": True, "valign": "top"}
        )

    def write(self, sheets: Sequence[BookSheet]) -> None:
        """Write sheets in their order, and their charts onto the first."""
        pages = [(self._book.add_worksheet(sheet.name), sheet) for sheet in sheets]
        row = len(sheets[0].rows) + 2
        for page, sheet in pages:
            self._fill(page, sheet)
            if sheet.chart is not None:
                self._draw(pages[0][0], row, sheet, sheet.chart)

    def _fill(self, page: "Worksheet", sheet: BookSheet) -> None:
        self._fill_head(page, sheet)
        for number, row in enumerate(sheet.rows):
            if lines := _lines(sheet, row):
                page.set_row(number + 1, _LINE * lines)
            for place, value in enumerate(row):
                style = _style_of(value, sheet.columns[place], bold=number in sheet.marked)
                self._write_cell(page, (number + 1, place), value, self._format(style))

    def _fill_head(self, page: "Worksheet", sheet: BookSheet) -> None:
        last = max(1, len(sheet.rows))
        widths = [_width(sheet, place) for place in range(len(sheet.columns))]
        page.set_landscape()
        page.repeat_rows(0)
        if sum(widths) <= _PRINTABLE:
            page.fit_to_pages(1, 0)
        page.freeze_panes(1, 0)
        page.autofilter(0, 0, last, len(sheet.columns) - 1)
        page.set_row(0, 2 * _LINE)
        for place, column in enumerate(sheet.columns):
            page.write_string(0, place, column.name, self._head)
            page.set_column(place, place, widths[place])
            if column.bars and sheet.rows[1:]:
                page.conditional_format(1, place, last, place, _BARS)

    def _format(self, style: _CellStyle) -> "Format":
        if style not in self._formats:
            self._formats[style] = self._book.add_format(
                {
                    "align": style.side,
                    "indent": int(style.side == "right"),
                    "num_format": style.number,
                    "bold": style.bold,
                    "quote_prefix": style.quoted,
                    "text_wrap": style.wraps,
                    "valign": "top",
                }
            )
        return self._formats[style]

    def _write_cell(
        self, page: "Worksheet", place: tuple[int, int], value: Value, cell_format: "Format"
    ) -> None:
        match value:
            case bool():
                page.write_boolean(*place, value, cell_format)
            case int() | float():
                page.write_number(*place, value, cell_format)
            case date():
                page.write_datetime(*place, datetime.combine(value, time()), cell_format)
            case str():
                page.write_string(*place, _text(value), cell_format)
            case None:
                pass

    def _draw(self, page: "Worksheet", row: int, sheet: BookSheet, chart: SheetChart) -> None:
        """Draw a chart of some rows of a sheet; on `page`, below what stands there."""
        from xlsxwriter.chart_bar import ChartBar

        drawn = self._book.add_chart({"type": "bar"})
        if not isinstance(drawn, ChartBar):
            return
        names = [column.name for column in sheet.columns]
        first = names.index(chart.names)
        own = {"fill": {"color": _OWN}}
        for name, colour in zip(reversed(chart.lengths), (_DARK, _LIGHT), strict=False):
            place = names.index(name)
            points = [own if at in sheet.marked else None for at in range(chart.rows)]
            drawn.add_series(
                {
                    "name": [sheet.name, 0, place],
                    "categories": [sheet.name, 1, first, chart.rows, first],
                    "values": [sheet.name, 1, place, chart.rows, place],
                    "fill": {"color": colour},
                    "points": points if colour == _DARK else None,
                    "gap": 40,
                }
            )
        grid = {"visible": True, "line": {"color": "#DDDDDD"}}
        drawn.set_title({"name": chart.title, "name_font": {"size": 12}})
        drawn.set_y_axis({"reverse": True, "num_font": {"size": 9}})
        drawn.set_x_axis(
            {"major_gridlines": grid, "label_position": "high", "num_font": {"size": 9}}
        )
        drawn.set_legend({"position": "bottom"})
        drawn.set_size({"width": 760, "height": 140 + 34 * chart.rows})
        page.insert_chart(row, 0, drawn)


def _style_of(value: Value, column: SheetColumn, *, bold: bool) -> _CellStyle:
    side = "left" if column.mixed or isinstance(value, str) else "right"
    match value:
        case int() | float() if not isinstance(value, bool):
            whole = "#,##0" if isinstance(value, int) else "#,##0.0##"
            return _CellStyle(side, "0.0%" if column.shares else whole, bold)
        case date():
            return _CellStyle(side, "yyyy-mm-dd", bold)
        case str():
            return _CellStyle(side, bold=bold, quoted=shield(value) != value, wraps=column.wraps)
        case _:
            return _CellStyle(side, bold=bold)


def _text(text: str) -> str:
    return safe(text)[:_LONGEST_TEXT]


def _lines(sheet: BookSheet, row: Sequence[Value]) -> int:
    """Count the lines of a row with a sentence that wraps; 0 where there is none."""
    wrapped = [str(value) for value, column in zip(row, sheet.columns, strict=True) if column.wraps]
    longest = max(map(len, wrapped), default=0)
    return ceil(longest / _WIDEST) if longest > _WIDEST else 0


def _width(sheet: BookSheet, place: int) -> int:
    """Give the width of a column in characters, by its heading and its first cells."""
    shown = [len(str(row[place])) for row in sheet.rows[:_MEASURED] if row[place] is not None]
    heading = max(map(len, sheet.columns[place].name.split()), default=0)
    return min(_WIDEST, max(_NARROWEST, heading + 3, *(length + 1 for length in shown)))
