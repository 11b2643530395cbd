"""What a report says, before it is a table or anything else: headings, sentences, lists, grids.

It holds no layout. An output format decides on bullets, widths, line breaks and alignment.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Literal, NamedTuple, Never

from gapcalc.errors import UsageError
from gapcalc.results.shared import Number
from gapcalc.text import bare_url, safe, show

Kind = Literal["text", "keyword", "url", "number", "bar"]
Tone = Literal["good", "bad", "open"]
"""What the colour of a verdict says."""


class BoundedNumber(NamedTuple):
    """A number that is known only as a bound, such as ``at least 52``."""

    bound: str
    number: Number


def bounded(bound: str | None, number: Number | None) -> "Cell":
    """Give a number with its bound, or the number alone where it is exact or not known."""
    return number if number is None or bound == "exact" else BoundedNumber(bound or "about", number)


class Span(NamedTuple):
    """All numbers from the low to the high one."""

    low: Number
    high: Number


class BarCell(NamedTuple):
    """A number to be drawn as a bar, as long as it is large, and a few words behind it."""

    number: Number | None
    mark: str = ""


Cell = str | int | float | BoundedNumber | Span | BarCell | None


class GridColumn(NamedTuple):
    """A column's name, what its cells hold, and what stands for a value that is not known.

    A `keyword` or `url` may be cut where room is short; a `number` is written to the right. A `bar`
    is drawn where there is room for it, else only its mark is written. A column that is `wide` is
    shown on wide screens only.
    """

    name: str
    kind: Kind = "text"
    unknown: str = "-"
    wide: bool = False

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
    """Rows of cells under named columns; `marked` are the indices of rows to stand out.

    `more` counts the rows that are not shown, and `more_in` is the format that has all of them.
    """

    columns: tuple[GridColumn, ...]
    rows: tuple[tuple[Cell, ...], ...]
    marked: frozenset[int] = frozenset()
    more: int = 0
    more_in: str = "csv"

    def without_empty(self, places: Collection[int]) -> "Grid":
        """Leave out those of the columns at these places that say nothing in any row."""
        empty = {place for place in places if all(row[place] in {None, ""} for row in self.rows)}
        kept = [place for place in range(len(self.columns)) if place not in empty]
        return self._replace(
            columns=tuple(self.columns[place] for place in kept),
            rows=tuple(tuple(row[place] for place in kept) for row in self.rows),
        )

    @property
    def rest(self) -> str | None:
        """Say how many rows are not shown, if any, and where they are."""
        return (
            f"+{self.more:,} more; --format {self.more_in} lists all of them" if self.more else None
        )


class Sentence(NamedTuple):
    """One or more sentences of running text; `stress` makes it stand out."""

    text: str
    stress: bool = False


class Items(NamedTuple):
    """A list of things of one kind."""

    texts: tuple[str, ...]


class Details(NamedTuple):
    """Further facts about what stands before them, one a line."""

    texts: tuple[str, ...]


class Notes(NamedTuple):
    """Short texts, each behind a label; the next text of a label has an empty one.

    With a tone, the label is a verdict.
    """

    notes: tuple[tuple[str, str], ...]
    tone: Tone | None = None


def labelled(label: str, texts: Iterable[str]) -> list[tuple[str, str]]:
    """Put texts behind one label, which stands before the first."""
    return [("" if place else label, text) for place, text in enumerate(texts)]


Block = Sentence | Items | Details | Grid | Notes


class Section(NamedTuple):
    """Blocks in their order, perhaps under a heading."""

    heading: str | None
    blocks: tuple[Block, ...]


class Document(NamedTuple):
    """A whole report; the `source` of its data stands beside the title."""

    title: str
    sections: tuple[Section, ...]
    source: str = ""


def _none() -> Never:
    raise UsageError("this answer is not a list; write it as a table, as JSON or as Markdown")


class Report(NamedTuple):
    """A result in the forms that output formats are made from; the callables run when needed.

    `data` becomes one JSON object, each of the `records` a JSON line, `document` what people read.
    `rows` are all there are, the headings first, for a spreadsheet.
    """

    data: object
    document: Callable[[], Document]
    records: Callable[[], Iterable[object]] = _none
    rows: Callable[[], Iterable[Sequence[object]]] = _none


class Screen(NamedTuple):
    """Where text is shown: its width in columns, and whether it has colours."""

    width: int
    colour: bool = False
