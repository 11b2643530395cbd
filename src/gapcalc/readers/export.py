"""What an export is: a declaration of the headings it has and what each column feeds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from gapcalc.readers.columns import Cell

Kind = Literal["serp", "links", "domains", "pages", "keywords"]
LINK_KINDS: tuple[Kind, ...] = ("links", "domains")


def plain_heading(heading: str) -> str:
    """Write a heading the one way: no BOM, no outer or repeated spaces, no capitals."""
    return " ".join(heading.lstrip("\ufeff").split()).casefold()


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the field it feeds, its headings through the years, the type of its cells."""

    field: str
    headings: tuple[str, ...]
    cell: Cell
    required: bool = False

    def place(self, header: Sequence[str]) -> int | None:
        """Give the index of the column in a header of plain headings, None when it is not there."""
        return next((header.index(name) for name in self.headings if name in header), None)


@dataclass(frozen=True, slots=True)
class Export:
    """A readable export.

    `with_also` are headings that belong to it though nothing reads them, `without` are headings
    of its look-alikes; both only serve to tell files apart.
    """

    id: str
    title: str
    vendor: str | None
    kind: Kind
    columns: tuple[Column, ...]
    how: str
    metric: str | None = None
    with_also: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

    def missing(self, header: Sequence[str]) -> tuple[str, ...]:
        """Name the required headings that a header of plain headings lacks; none means claimed."""
        lacking = [
            column.headings[0]
            for column in self.columns
            if column.required and column.place(header) is None
        ]
        lacking += [heading for heading in self.with_also if heading not in header]
        return tuple(lacking)

    def claims(self, header: Sequence[str]) -> bool:
        """Say whether a file with this header of plain headings is such an export."""
        return not self.missing(header) and not any(name in header for name in self.without)

    def places(self, header: Sequence[str]) -> dict[str, tuple[int, Cell]]:
        """Give index and cell type of each field that the header of plain headings holds.

        Where two columns feed one field, the first declared wins.
        """
        found: dict[str, tuple[int, Cell]] = {}
        for column in self.columns:
            index = column.place(header)
            if index is not None and column.field not in found:
                found[column.field] = (index, column.cell)
        return found


@dataclass(frozen=True, slots=True)
class LookAlike:
    """A file that is recognised in order to be refused by name."""

    id: str
    title: str
    headings: tuple[str, ...]
    reason: str
    advice: str
    without: tuple[str, ...] = ()

    def claims(self, header: Sequence[str]) -> bool:
        """Say whether a file with this header of plain headings is such a file."""
        return all(name in header for name in self.headings) and not any(
            name in header for name in self.without
        )
