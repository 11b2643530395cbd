"""Markdown shows strangers' text as it is: no markup, no tag, no link, no mention of it works."""

import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from gapcalc.reports.document import (
    Document,
    Grid,
    GridColumn,
    Items,
    Report,
    Screen,
    Section,
    Sentence,
    numbers,
)
from gapcalc.reports.markdown import write
from gapcalc.text import safe
from running import run
from tables import write_rows

PIECES = (
    "<script>alert(1)</script>", "[a](http://b.example)", "![x](y)", "<https://e.example>", "<!-- ",
    "@team", "#12", "GH-3", "www.e.example", "https://e.example/a|b", "a@b.example", "org/repo#4",
    "`", "``", "|", "\\", "\\|", "*", "**", "_x_", "~~s~~", "$x$", "- ", "+ ", "1. ", "2) ", "# ",
    "---", "> ", "&lt;", "&#64;", "  ", "\n", "\x1b", "\u202e", "a", "b c", "[^1]", "!", "[", "](",
)  # fmt: skip
LINKED = re.compile(r"@\w|#\d|GH-\d|https?://|www\.", re.IGNORECASE)
ACTIVE = {"link_open", "image", "html_inline", "html_block", "em_open", "s_open", "hr", "fence"}


def tokens_of(markdown: str) -> list[Token]:
    """Read Markdown with tables, and give its tokens in one row."""
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    found = parser.parse(markdown)
    return [inner for token in found for inner in (token, *(token.children or ()))]


def texts_of(tokens: Sequence[Token], kind: str) -> list[str]:
    """Give what a reader reads in each block of a kind."""
    return [
        "".join(part.content for part in inline.children or ())
        for opened, inline in pairwise(tokens)
        if opened.type == f"{kind}_open" and inline.type == "inline"
    ]


def document(text: str) -> Document:
    grid = Grid(
        (GridColumn(text), GridColumn("Page", "url"), *numbers("N")),
        ((text, text, 1), (text, text, None)),
        frozenset({1}),
    )
    blocks = (Sentence(text), Sentence(text, stress=True), Items((text, text)), grid)
    return Document(text, (Section(text, blocks),))


def written(text: str) -> str:
    return write(Report(None, lambda: document(text)), Screen(80))


def read(text: str) -> str:
    return " ".join(safe(text).split())


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=6).map("".join))
def test_any_text_is_read_as_it_is_and_does_nothing(text: str) -> None:
    tokens = tokens_of(written(text))

    assert not ACTIVE & {token.type for token in tokens}
    assert not any(LINKED.search(token.content) for token in tokens if token.type == "text")
    headings = [" ".join(heading.split()) for heading in texts_of(tokens, "heading")]
    assert headings == [read(text)] * 2 or not read(text)
    paragraphs = [" ".join(found.split()) for found in texts_of(tokens, "paragraph")]
    assert paragraphs == [read(text)] * 4 or not read(text)
    rows = [token.type for token in tokens].count("tr_open")
    assert (rows, len(texts_of(tokens, "td"))) == (3, 6)
    assert " ".join(texts_of(tokens, "td")[0].split()) == read(text)


def test_a_document_becomes_headings_paragraphs_lists_and_tables() -> None:
    assert written("one two").splitlines() == [
        "## one two",
        "",
        "### one two",
        "",
        "one two",
        "",
        "**one two**",
        "",
        "- one two",
        "- one two",
        "",
        "| one two | Page | N |",
        "| :-- | :-- | --: |",
        "| one two | `one two` | 1 |",
        "| **one two** | **`one two`** | **-** |",
    ]


def test_rows_beyond_the_table_are_counted(tmp_path: Path) -> None:
    rows = [
        {"keyword": "lamp", "position": n, "url": f"https://rival{n}.example/"}
        for n in range(1, 36)
    ]

    out = run(write_rows(tmp_path / "s.csv", rows), "--top", "40", "--format", "markdown").out

    assert "\n\n+5 more; --format csv lists all of them\n\n" in out
