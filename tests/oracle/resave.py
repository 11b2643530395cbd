"""Opens a table as a spreadsheet of some country does, and saves it again; and damages tables.

What the programs do was looked up in their documentation, not measured: a CSV cell that looks like
a number, a truth value or a date becomes one, and saving writes what the cell shows.
"""

import csv
import gzip
import io
import re
import zipfile
from datetime import datetime
from random import Random
from typing import Any, NamedTuple

from openpyxl import Workbook

from oracle.sheets import Grid, Style

Cell = str | bool | int | float | datetime


class Locale(NamedTuple):
    """How a spreadsheet in some country writes; `dates` may be ISO where the program keeps it.

    `months` are the names that a decimal with a point turns into: 4.5 is the fourth of May.
    """

    name: str
    true: str
    false: str
    thousands: str
    decimal: str
    dates: tuple[str, ...]
    delimiter: str
    codepage: str
    months: tuple[str, ...] = ()


ISO = "%Y-%m-%d"
LOCALES = (
    Locale(
        *("german", "WAHR", "FALSCH", ".", ",", ("%d.%m.%Y", ISO), ";", "cp1252"),
        ("Jan", "Feb", "Mrz", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez"),
    ),
    Locale("french", "VRAI", "FAUX", "\u202f", ",", ("%d/%m/%Y", ISO), ";", "cp1252"),
    Locale("spanish", "VERDADERO", "FALSO", ".", ",", ("%d/%m/%Y", ISO), ";", "cp1252"),
    Locale("polish", "PRAWDA", "FAŁSZ", "\u00a0", ",", ("%d.%m.%Y", ISO), ";", "cp1250"),
    Locale(
        *("russian", "ИСТИНА", "ЛОЖЬ", "\u00a0", ",", ("%d.%m.%Y", ISO), ";", "cp1251"),
        ("янв", "фев", "мар", "апр", "май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"),
    ),
    Locale("japanese", "TRUE", "FALSE", ",", ".", ("%Y/%m/%d", ISO), ",", "cp932"),
    Locale("swiss", "WAHR", "FALSCH", "\u2019", ".", ("%d.%m.%Y", ISO), ";", "cp1252"),
)
DAMAGES = ("drop", "rename", "garble", "one-column")
FLAGS = ("nofollow", "ugc", "sponsored", "spam", "lost", "sitewide")


def typed(cell: str) -> Cell:
    """Give what a spreadsheet makes of a CSV cell."""
    if cell.lower() in {"true", "false"}:
        return cell.lower() == "true"
    if re.fullmatch(r"-?(0|[1-9]\d{0,14})", cell):
        return int(cell)
    if re.fullmatch(r"-?\d{1,12}\.\d{1,6}", cell):
        return float(cell)
    for pattern in ("%Y-%m-%d %H:%M:%S", ISO, "%d/%m/%Y %H:%M"):
        try:
            return datetime.strptime(cell, pattern)  # noqa: DTZ007  (spreadsheets know no zones)
        except ValueError:
            continue
    return cell


def resave(grid: Grid, locale: Locale, dice: Random) -> bytes:
    """Give the bytes of a table that was opened and saved in a country."""
    rows = [[typed(cell) for cell in row] for row in grid]
    width = max(map(len, rows))
    grouped = {
        column
        for column in range(width)
        if dice.random() < 0.5 and any(_large(row[column : column + 1]) for row in rows)
    }
    pattern, turned = dice.choice(locale.dates), bool(locale.months) and dice.random() < 0.3
    shown = [
        [
            _show(cell, locale, pattern, grouped=c in grouped, turned=turned)
            for c, cell in enumerate(row)
        ]
        for row in rows
    ]
    encodings = ("utf-8-sig", "utf-16", locale.codepage)
    style = Style(dice.choice(encodings), locale.delimiter, "\r\n", quote_all=False)
    if style.encoding == "utf-16":
        style = style._replace(delimiter="\t")
    return written(shown, style)


def _large(cells: list[Cell]) -> bool:
    return any(type(cell) is int and cell >= 1000 for cell in cells)


def _show(cell: Cell, locale: Locale, dates: str, *, grouped: bool, turned: bool) -> str:
    match cell:
        case bool():
            return locale.true if cell else locale.false
        case int():
            return f"{cell:,}".replace(",", locale.thousands) if grouped else str(cell)
        case float() if turned:
            return _as_day(cell, locale)
        case float():
            return str(cell).replace(".", locale.decimal)
        case datetime():
            midnight = cell.time() == datetime.min.time()
            return cell.strftime(dates if midnight else f"{dates} %H:%M")
        case _:
            return cell


def _as_day(number: float, locale: Locale) -> str:
    """Write 4.5 as the fourth of May where it can be a day, else leave the text as it was."""
    day, _, month = str(number).partition(".")
    possible = 1 <= int(day) <= 28 and 1 <= int(month) <= 12
    return f"{int(day):02}. {locale.months[int(month) - 1]}" if possible else str(number)


def written(grid: Grid, style: Style) -> bytes:
    """Write a table as text; what the encoding lacks makes it UTF-8 with a mark instead."""
    out = io.StringIO(newline="")
    more: dict[str, Any] = {"quoting": csv.QUOTE_ALL} if style.quote_all else {}
    writer = csv.writer(out, delimiter=style.delimiter, lineterminator=style.line_end, **more)
    writer.writerows(grid)
    try:
        data = out.getvalue().encode(style.encoding)
    except UnicodeEncodeError:
        data = out.getvalue().encode("utf-8-sig")
    return data


def repack(grid: Grid, style: Style, dice: Random) -> tuple[str, bytes]:
    """Write a table with another delimiter or encoding, or into another container."""
    encoding = dice.choice(("utf-8", "utf-8-sig", "utf-16"))
    data = written(grid, style._replace(encoding=encoding, delimiter=dice.choice(",;\t")))
    match dice.choice(("csv", "gz", "zip", "xlsx")):
        case "gz":
            return ".csv.gz", gzip.compress(data, mtime=0)
        case "zip":
            packed = io.BytesIO()
            with zipfile.ZipFile(packed, "w") as archive:
                archive.writestr("list.csv", data)
            return ".zip", packed.getvalue()
        case "xlsx":
            return ".xlsx", workbook(grid)
        case _:
            return ".csv", data


def workbook(grid: Grid) -> bytes:
    """Write a table as a workbook, with the types that a spreadsheet gives its cells."""
    book, out = Workbook(), io.BytesIO()
    sheet = book.worksheets[0]
    for row in grid:
        sheet.append([None if cell == "" else typed(cell) for cell in row])
    book.save(out)
    return out.getvalue()


def damaged(grid: Grid, heading: str, damage: str, dice: Random) -> Grid:
    """Drop, rename or garble the column of a heading, or put each row into one cell."""
    if damage == "one-column":
        out = io.StringIO(newline="")
        csv.writer(out, lineterminator="\n").writerows(grid)
        return [[line] for line in out.getvalue().split("\n") if line]
    top = next(place for place, row in enumerate(grid) if heading in row)
    column = grid[top].index(heading)
    word = dice.choice(("?", "ok", "#REF!", "hm", "x", "evet"))

    def changed(number: int, row: list[str]) -> list[str]:
        if number < top:
            return row
        if damage == "drop":
            return row[:column] + row[column + 1 :]
        if number == top:
            new = f"{heading} (old)" if damage == "rename" else heading
        else:
            new = word if damage == "garble" and row[column] else row[column]
        return [*row[:column], new, *row[column + 1 :]]

    return [changed(number, row) for number, row in enumerate(grid)]
