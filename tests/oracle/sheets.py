"""Writes lists and SERPs in a vendor's form: encoding, headings and other cells are the fixture's."""

import csv
import io
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

from oracle.forms import Form
from oracle.worlds import Link, Listing, Serp

FIXTURES = Path(__file__).parents[2] / "fixtures" / "vendors"
Grid = list[list[str]]


class Style(NamedTuple):
    """How a text file is written."""

    encoding: str
    delimiter: str
    line_end: str
    quote_all: bool


@lru_cache
def _fixture(name: str) -> tuple[Style, Grid]:
    data = (FIXTURES / name).read_bytes()
    marks = {b"\xff\xfe": "utf-16", b"\xef\xbb": "utf-8-sig"}
    encoding = marks.get(data[:2], "utf-8")
    content = data.decode(encoding)
    first = (
        content.strip("-\r\n").split("\n")[0] if name.startswith("moz") else content.split("\n")[0]
    )
    delimiter = max(",;\t", key=first.count)
    line_end = "\r\n" if "\r\n" in content else "\n"
    style = Style(encoding, delimiter, line_end, content.startswith('"'))
    return style, list(csv.reader(io.StringIO(content, newline=""), delimiter=delimiter))


def grid_of(form: Form, rows: Iterable[Any], page: str | None) -> tuple[Style, Grid]:
    """Write rows in a form, below its preamble; `page` is the one that headings or lines name."""
    style, fixture = _fixture(form.fixture)
    marker = next(iter(form.cells))
    top = next(place for place, row in enumerate(fixture) if marker in row)
    header, filler = fixture[top], fixture[top + 1 :]
    heads = [
        [_named(cell, page or "https://site.example/") for cell in row]
        for row in fixture[: top + 1]
    ]

    def cell(column: int, number: int, row: Any) -> str:  # noqa: ANN401  (a link or a result)
        if header[column] not in form.cells:
            return filler[number % len(filler)][column]
        fact, write = form.cells[header[column]]
        return write(row if fact == "*" else getattr(row, fact))

    return style, [
        *heads,
        *([cell(c, n, row) for c in range(len(header))] for n, row in enumerate(rows)),
    ]


def _named(cell: str, page: str) -> str:
    return cell.replace("https://www.lampkin.example/desk-lamp/", page).replace(
        "www.lampkin.example/desk-lamp/", page.partition("://")[2]
    )


def grid_of_serp(serp: Serp, keyword: str | None) -> tuple[Style, Grid]:
    """Write a SERP in its form."""
    rows = [SimpleNamespace(keyword=keyword, **row._asdict()) for row in serp.rows]
    return grid_of(serp.form, rows, None)


def said(link: Link, form: Form) -> Link:
    """Keep of a link what a list of this form says of it."""
    told = {*form.says, "source", "target"}
    return Link._make(
        value if fact in told else None for fact, value in form.sees(link)._asdict().items()
    )


def grid_of_list(listing: Listing) -> tuple[Style, Grid]:
    """Write a link list in its form."""
    form = listing.form
    return grid_of(form, map(form.sees, listing.links), listing.page)
