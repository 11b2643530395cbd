"""Writes a document as GitHub-flavoured Markdown, for tickets and pull requests."""

import re
from collections.abc import Sequence

from gapcalc.reports.document import (
    Block,
    Details,
    Grid,
    Items,
    Notes,
    Picture,
    Report,
    Screen,
    Section,
    Sentence,
)
from gapcalc.text import safe

_MARKUP = re.compile(r"[\\`*_\[\]~$#]")
_HTML = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
# GitHub links addresses, people and issues after parsing the Markdown, so an escape does not
# prevent it. Only code is left alone.
_LINKED = re.compile(r"@\w|#\d|GH-\d|://|www\.", re.IGNORECASE)
# At the start of a paragraph these would start a list or draw a line.
_STARTS = re.compile(r"^(\d*)([-+.)])(?=[-\s]|$)")
_ALIGNMENTS = {"number": "--:"}


def write(report: Report, _screen: Screen) -> str:
    """Write a report as Markdown; every character of strangers' text is shown literally."""
    document = report.document()
    blocks = [f"## {_escape(document.title)}"]
    blocks += [_paragraph(document.source)] if document.source else []
    for section in document.sections:
        blocks += _write_section(section)
    return "\n\n".join(blocks) + "\n"


def _write_section(section: Section) -> list[str]:
    heading = [f"### {_escape(section.heading)}"] if section.heading else []
    return [*heading, *filter(None, map(_write_block, section.blocks))]


def _write_block(block: Block) -> str:
    match block:
        case Sentence(text, stress):
            return _stress(_escape(text)) if stress else _paragraph(text)
        case Items(texts) | Details(texts):
            return "\n".join(f"- {_paragraph(text)}" for text in texts)
        case Notes(notes):
            return _write_notes(notes)
        case Grid():
            rest = f"\n\n{_escape(block.rest)}" if block.rest else ""
            return "\n".join(_lines(block)) + rest
        case Picture():
            return ""  # other outputs draw it


def _write_notes(notes: Sequence[tuple[str, str]]) -> str:
    """Write labelled texts; several texts of one label become a list below it."""
    groups: list[tuple[str, list[str]]] = []
    for label, text in notes:
        if label or not groups:
            groups.append((label, []))
        groups[-1][1].append(text)
    written = [_write_group(label, texts) for label, texts in groups]
    return written[0] if len(notes) == 1 else "\n".join(f"- {group}" for group in written)


def _write_group(label: str, texts: Sequence[str]) -> str:
    head = _stress(_escape(label))
    if len(texts) == 1:
        return f"{head} {_escape(texts[0])}".strip()
    return "\n".join([head, *(f"  - {_paragraph(text)}" for text in texts)])


def _lines(grid: Grid) -> list[str]:
    lines = [
        _line([_escape(column.name) for column in grid.columns]),
        _line([_ALIGNMENTS.get(column.kind, ":--") for column in grid.columns]),
    ]
    for place, row in enumerate(grid.rows):
        cells = [
            _code(column.write(cell)) if column.kind == "url" else _escape(column.write(cell))
            for column, cell in zip(grid.columns, row, strict=True)
        ]
        lines.append(_line([_stress(cell) for cell in cells] if place in grid.marked else cells))
    return lines


def _line(cells: list[str]) -> str:
    # A pipe ends a cell even in code, so it is escaped there too.
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _stress(markdown: str) -> str:
    return f"**{markdown}**" if markdown else ""


def _paragraph(text: str) -> str:
    return _STARTS.sub(r"\1\\\2", _escape(text))


def _escape(text: str) -> str:
    r"""Write a text so that nothing in it works as markup, a tag or a link.

    >>> print(_escape("*a* <b> [c](d) @team https://e.example"))
    \*a\* &lt;b&gt; \[c\](d) `@team` `https://e.example`
    """
    words = [
        _code(word) if _LINKED.search(word) else _escape_word(word)
        for word in safe(text).split(" ")
        if word
    ]
    return " ".join(words)


def _escape_word(word: str) -> str:
    escaped = _MARKUP.sub(r"\\\g<0>", word)
    return "".join(_HTML.get(character, character) for character in escaped)


def _code(text: str) -> str:
    r"""Write a text as code, between more backticks than its longest run of them.

    >>> print(_code("a"), _code("a`b"), _code("`"))
    `a` ``a`b`` `` ` ``
    """
    if not text:
        return ""
    fence = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    room = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{room}{text}{room}{fence}"
