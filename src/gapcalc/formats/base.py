"""What an export is: a declaration of the headings it has and what each column feeds."""

import re
from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

from gapcalc.formats.cells import Cell

Kind = Literal["serp", "links", "domains", "pages", "keywords", "intersect"]
"""What the rows are: results of a SERP, links, referring domains of one page, pages of a site with
their referring domains, keywords with their difficulty, domains with the sites they link to."""
LINK_KINDS: tuple[Kind, ...] = ("links", "domains")
REFERRING_DOMAINS = (
    "referring domains",
    "ref. domains",
    "ref domains",
    "refdomains",
    "ref.domains",
    "ref_domains",
    "referring domains (page)",
    "linking domains",
    "linking root domains",
    "domains",
    "rds",
    "rd",
)
"""Headings of the SERP column with the pages' referring domains."""

_SITE = r"(https?://)?[^\s/.]+([.][^\s/.]+)+(/\S*)?"
"""Matches a heading that is the address of a site or page."""

AHREFS_SCREEN = ("dr", "domain rating", "domain_rating", "ur", "url rating", "url_rating")
SEMRUSH_SCREEN = ("as", "ascore", "page as", "page ascore", "authority score", "domain as")
"""Headings that show which vendor's screen or API a SERP table comes from."""

_LIMITS = (1_000, 5_000, 10_000, 25_000, 30_000, 50_000, 100_000)
"""Row counts at which vendors' plans cut an export off without a note in the file."""

Grade = Literal["bytes", "text", "code", "page", "guess", "own"]


def plain_heading(heading: str) -> str:
    """Normalise a heading: no BOM, no outer or repeated spaces, small letters."""
    return " ".join(heading.lstrip("\ufeff").split()).casefold()


def at_limit(rows: int) -> str | None:
    """Say why a vendor's export with this many rows may be cut off; None if it is not."""
    return f"it holds exactly {rows:,} rows, an export limit" if rows in _LIMITS else None


class Evidence(NamedTuple):
    """The evidence for a declaration: its best grade, and what each kind of source showed.

    The grades are the bytes of a file, its text only, somebody's code that reads such files, a
    page that describes them, a guess at the headings, and `own` for gapcalc's formats. `files` is
    what real files showed, `reported` what is known only from others.
    """

    grade: Grade
    files: str = ""
    reported: str = ""


class FileFacts(NamedTuple):
    """What a file states outside its rows.

    `page` is the one page that it covers; `site` names a whole site instead. `cut` is the reason
    why it is incomplete, `refused` the reason why it cannot be read at all.
    """

    page: str | None = None
    site: str | None = None
    cut: str | None = None
    note: str | None = None
    refused: str | None = None


def _no_facts(_preamble: Sequence[str], _header: Sequence[str]) -> FileFacts:
    return FileFacts()


class Column(NamedTuple):
    """One column: the field it fills, its headings over the years, the type of its cells.

    A heading that ends in ``*`` matches every heading with that beginning.
    """

    field: str
    headings: tuple[str, ...]
    cell: Cell
    required: bool = False

    def place(self, header: Sequence[str]) -> int | None:
        """Give the index of the column in a header of plain headings, None where it is missing."""
        for name in self.headings:
            if name.endswith("*"):
                alike = (n for n, heading in enumerate(header) if heading.startswith(name[:-1]))
                if (place := next(alike, None)) is not None:
                    return place
            elif name in header:
                return header.index(name)
        return None


class Export(NamedTuple):
    """A readable export.

    Some fields only tell files apart. The file has all headings in `with_also`, which are not read;
    at least one in `one_of`; and none in `without`, which its look-alikes have. `width` is the
    number of its columns, where that is fixed.

    `how` says how to export it. `partial` is the reason why such a file never lists all links.
    `sites` is the cell type of the columns that a site or page heads; each of them fills the field
    of that name. `read_facts` reads what the lines of the preamble and the header state about the
    file.
    """

    id: str
    title: str
    vendor: str | None
    kind: Kind
    columns: tuple[Column, ...]
    how: str
    evidence: Evidence
    metric: str | None = None
    with_also: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    width: int | None = None
    partial: str | None = None
    sites: Cell | None = None
    read_facts: Callable[[Sequence[str], Sequence[str]], FileFacts] = _no_facts

    def __hash__(self) -> int:
        """Hash by the id: to hash every column takes longer than what is cached by export."""
        return hash(self.id)

    @property
    def needs(self) -> tuple[str, ...]:
        """The headings that identify a file, each by the first of its names."""
        required = (c.headings[0] for c in self.columns if c.required)
        return (*required, *self.with_also, *self.one_of[:1])

    def missing(self, header: Sequence[str]) -> tuple[str, ...]:
        """Name the required headings that are missing from a header of plain headings."""
        lacking = [
            column.headings[0]
            for column in self.columns
            if column.required and column.place(header) is None
        ]
        lacking += [heading for heading in self.with_also if heading not in header]
        if self.one_of and not any(heading in header for heading in self.one_of):
            lacking.append(self.one_of[0])
        return tuple(lacking)

    def claims(self, header: Sequence[str]) -> bool:
        """Say whether a file with this header of plain headings is such an export."""
        return (
            not self.missing(header)
            and self.width in {None, len(header)}
            and not any(name in header for name in self.without)
        )

    def places(self, header: Sequence[str]) -> dict[str, tuple[int, Cell]]:
        """Give index and cell type of each field that the header of plain headings holds.

        If two columns fill one field, the first declared wins.
        """
        found: dict[str, tuple[int, Cell]] = {}
        for column in self.columns:
            index = column.place(header)
            if index is not None and column.field not in found:
                found[column.field] = (index, column.cell)
        if self.sites is not None:
            for index, heading in enumerate(header):
                if re.fullmatch(_SITE, heading):
                    found.setdefault(heading, (index, self.sites))
        return found


class LookAlike(NamedTuple):
    """A file that is recognised only to be refused by name."""

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
