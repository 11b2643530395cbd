"""The content of a report, independent of its output format: headings, sentences, lists, grids.

A document holds no layout. The output format decides on bullets, widths, breaks and alignment.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Literal, NamedTuple, Never, TypeVar

from gapcalc.errors import UsageError
from gapcalc.results.shared import Number
from gapcalc.text import bare_url, safe, show

Kind = Literal["text", "keyword", "url", "number", "bar"]
Tone = Literal["good", "bad", "open"]
"""The meaning of a verdict's colour."""


class BoundedNumber(NamedTuple):
    """A number that is known only as a bound, such as ``at least 52``."""

    bound: str
    number: Number


def bounded(bound: str | None, number: Number | None) -> "Cell":
    """Give a number with its bound; the number alone where it is exact or unknown."""
    return number if number is None or bound == "exact" else BoundedNumber(bound or "about", number)


class Span(NamedTuple):
    """All numbers from the low to the high one."""

    low: Number
    high: Number


class BarCell(NamedTuple):
    """A number to be drawn as a bar of its length, and a few words behind it."""

    number: Number | None
    mark: str = ""


Record = TypeVar("Record")
Cell = str | int | float | BoundedNumber | Span | BarCell | None


class GridColumn(NamedTuple):
    """A column's name, the kind of its cells, and the text for an unknown value.

    A `keyword` or `url` may be cut where room is short; a `number` is aligned right. A `bar` is
    drawn if there is room, else only its mark is written. A column that is `wide` is shown on
    screens of at least so many characters.
    """

    name: str
    kind: Kind = "text"
    unknown: str = "-"
    wide: int = 0

    def write(self, cell: Cell) -> str:
        """Write a cell as safe text.

        >>> GridColumn("RD", "number").write(1234), GridColumn("Page", "url").write("https://a.example/")
        ('1,234', 'a.example/')
        """
        match cell:
            case None:
                return self.unknown
            case str():
                return safe(bare_url(cell) if self.kind == "url" else cell)
            case BoundedNumber(bound, number):
                return f"{bound} {show(number)}"
            case BarCell(_, mark):
                return safe(mark)
            case Span(low, high):
                return f"{show(low)}-{show(high)}"
            case _:
                return show(cell)


def numbers(*names: str, unknown: str = "-") -> tuple[GridColumn, ...]:
    """Give columns of numbers."""
    return tuple(GridColumn(name, "number", unknown) for name in names)


class Grid(NamedTuple):
    """Rows of cells under named columns; `marked` are the indices of highlighted rows.

    `more` counts the rows that are not shown, and `more_in` is the format that has all of them.
    `leads_to` names for each row the chapter with more about it, if there is one.
    """

    columns: tuple[GridColumn, ...]
    rows: tuple[tuple[Cell, ...], ...]
    marked: frozenset[int] = frozenset()
    more: int = 0
    more_in: str = "csv"
    leads_to: tuple[str | None, ...] = ()

    @classmethod
    def listing(
        cls,
        columns: tuple[GridColumn, ...],
        records: Sequence[Record],
        row: Callable[[Record], tuple[Cell, ...]],
        most: int,
    ) -> "Grid":
        """Give a row for each of the first `most` records, and count the others."""
        return cls(columns, tuple(map(row, records[:most])), more=max(0, len(records) - most))

    def without_empty(self, places: Collection[int]) -> "Grid":
        """Leave out those of the columns at these places that are empty in every row."""
        empty = {place for place in places if all(row[place] in {None, ""} for row in self.rows)}
        kept = [place for place in range(len(self.columns)) if place not in empty]
        return self._replace(
            columns=tuple(self.columns[place] for place in kept),
            rows=tuple(tuple(row[place] for place in kept) for row in self.rows),
        )

    @property
    def rest(self) -> str | None:
        """Say how many rows are not shown, if any, and where to find them."""
        return (
            f"+{self.more:,} more; --format {self.more_in} lists all of them" if self.more else None
        )


class Sentence(NamedTuple):
    """One or more sentences of running text; `stress` highlights them."""

    text: str
    stress: bool = False


class Items(NamedTuple):
    """A list of things of one kind."""

    texts: tuple[str, ...]


class Details(NamedTuple):
    """Further facts about the previous block, one a line."""

    texts: tuple[str, ...]


class Notes(NamedTuple):
    """Short texts, each behind a label; further texts of the same label have an empty label.

    With a tone, the label is a verdict.
    """

    notes: tuple[tuple[str, str], ...]
    tone: Tone | None = None


def labelled(label: str, texts: Iterable[str]) -> list[tuple[str, str]]:
    """Put texts behind one label, which is written only before the first."""
    return [("" if place else label, text) for place, text in enumerate(texts)]


class Picture(NamedTuple):
    """Numbers for the chart of this name in `reports.charts`, for outputs with pictures.

    `text` describes the picture in words and numbers, for those who do not see it.
    """

    chart: str
    title: str
    text: str
    rows: tuple[Mapping[str, str | int | float | bool | None], ...]


Block = Sentence | Items | Details | Grid | Notes | Picture


class Section(NamedTuple):
    """Blocks in order, with or without a heading."""

    heading: str | None
    blocks: tuple[Block, ...]


class Document(NamedTuple):
    """A whole report; the `source` of its data is shown beside the title."""

    title: str
    sections: tuple[Section, ...]
    source: str = ""


class Figure(NamedTuple):
    """A number shown by itself, and what it counts."""

    label: str
    number: Cell


class Chapter(NamedTuple):
    """Sections on one subject; `anchor` is the name for links; `folded` ones open on demand."""

    anchor: str
    heading: str
    sections: tuple[Section, ...]
    folded: bool = False


class Opening(NamedTuple):
    """The question that a report answers, its subject, the vendors of its data, and its date.

    `made_by` names the program.
    """

    question: str
    title: str
    source: str
    as_of: str
    made_by: str


class FullReport(NamedTuple):
    """A report to hand over: the verdict and a first page for the client, chapters for the specialist.

    The first of the `figures` is the most important.
    """

    opening: Opening
    verdict: Notes
    figures: tuple[Figure, ...]
    first: tuple[Section, ...]
    chapters: tuple[Chapter, ...]


class Cover(NamedTuple):
    """What the user says of a report: its title, who it is for, and the command that makes it."""

    title: str | None = None
    client: str | None = None
    command: str = ""


Value = str | int | float | bool | date | None
"""The value of a workbook cell; None is an empty cell."""


class SheetColumn(NamedTuple):
    """A column of a sheet: its heading, and what its cells look like.

    Cells may have bars, be shares of a whole, hold sentences that wrap, or values of any kind.
    """

    name: str
    bars: bool = False
    shares: bool = False
    wraps: bool = False
    mixed: bool = False


class SheetChart(NamedTuple):
    """A bar chart on the first sheet.

    The first column names the bars; the columns with the given headings are their lengths. It shows
    the first `rows` rows.
    """

    title: str
    names: str
    lengths: tuple[str, ...]
    rows: int


class BookSheet(NamedTuple):
    """A sheet of a workbook: its columns and its rows; `marked` rows are highlighted."""

    name: str
    columns: tuple[SheetColumn, ...]
    rows: Sequence[Sequence[Value]]
    marked: frozenset[int] = frozenset()
    chart: SheetChart | None = None


def _none() -> Never:
    raise UsageError("this answer is no list, and JSON lines are one. Write it as JSON")


class Report(NamedTuple):
    """A result in the forms that output formats need; the callables run only when needed.

    `data` becomes one JSON object, each of the `records` a JSON line, `document` the text for
    people. `rows` are all rows for a CSV, the headings first. `beside` are reports of other commands
    on the same inputs, by command, for outputs that are sent to somebody; `left_out` says which are
    missing, and why.
    """

    data: object
    document: Callable[[], Document]
    records: Callable[[], Iterable[object]] = _none
    rows: Callable[[], Iterable[Sequence[object]]] = _none
    beside: Mapping[str, "Report"] = {}
    left_out: Sequence[str] = ()
    cover: Cover = Cover()


class Screen(NamedTuple):
    """The screen: its width in columns, and whether it has colours."""

    width: int
    colour: bool = False
