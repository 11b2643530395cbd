"""What a report says, before it is a table or anything else: headings, sentences, grids."""

from typing import Literal, NamedTuple

Kind = Literal["text", "url", "number"]
Cell = str | int | float | None


class Column(NamedTuple):
    """A column's name, and what its cells hold; `number` is written to the right."""

    name: str
    kind: Kind = "text"


class Grid(NamedTuple):
    """Rows of cells under named columns; `marked` are the indices of rows to stand out.

    `more` counts the rows that are not shown.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    marked: frozenset[int] = frozenset()
    more: int = 0


class Section(NamedTuple):
    """A heading, then sentences, then a grid; each may be missing."""

    heading: str | None = None
    lines: tuple[str, ...] = ()
    grid: Grid | None = None
    stress: bool = False


class Document(NamedTuple):
    """A whole report."""

    title: str
    sections: tuple[Section, ...]


def count_pages(count: int) -> str:
    """Write a number of pages.

    >>> count_pages(1), count_pages(3)
    ('1 page', '3 pages')
    """
    return f"{count} {'page' if count == 1 else 'pages'}"
