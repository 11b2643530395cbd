"""Reads the tables and the numbers of an HTML report, without a browser."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser


@dataclass
class Cell:
    text: str = ""
    value: float | None = None
    href: str | None = None


@dataclass
class Table:
    """A table: the id of the section it stands in, its headings, the cells of its rows."""

    section: str | None
    heads: list[str] = field(default_factory=list)
    rows: list[list[Cell]] = field(default_factory=list)

    def column(self, head: str) -> list[float | None]:
        """Give the numbers in a column."""
        place = self.heads.index(head)
        return [row[place].value for row in self.rows]

    def texts(self, head: str) -> list[str]:
        """Give the texts in a column."""
        place = self.heads.index(head)
        return [row[place].text for row in self.rows]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tables: list[Table] = []
        self.numbers: list[float] = []
        self.links: list[str] = []
        self._section: str | None = None
        self._in_head = False
        self._cell: Cell | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given: Mapping[str, str | None] = dict(attrs)
        value = given.get("data-value")
        if value is not None:
            self.numbers.append(float(value))
        match tag:
            case "section" | "details":
                self._section = given.get("id")
            case "table":
                self.tables.append(Table(self._section))
            case "thead" | "tbody":
                self._in_head = tag == "thead"
            case "tr" if not self._in_head:
                self.tables[-1].rows.append([])
            case "th" | "td":
                self._cell = Cell(value=None if value is None else float(value))
            case "a":
                self._link(given.get("href") or "")
            case _:
                pass

    def _link(self, href: str) -> None:
        self.links.append(href)
        if self._cell is not None:
            self._cell.href = href

    def handle_endtag(self, tag: str) -> None:
        if tag in {"th", "td"} and self._cell is not None:
            self._cell.text = self._cell.text.strip()
            if self._in_head:
                self.tables[-1].heads.append(self._cell.text)
            else:
                self.tables[-1].rows[-1].append(self._cell)
            self._cell = None

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.text += data


@cache
def read_report(html: str) -> _Reader:
    """Read a page: its `tables`, every number in it, every link."""
    reader = _Reader()
    reader.feed(html)
    return reader


def table_of(html: str, section: str, head: str) -> Table:
    """Give the first table in a section that has a column of that name."""
    tables = read_report(html).tables
    return next(table for table in tables if table.section == section and head in table.heads)
