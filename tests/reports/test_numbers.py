"""Every number in Markdown is the JSON's, in each fixture; workbooks are compared in their own tests."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from math import ceil
from typing import Any

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from gapcalc.text import bare_url, safe, show
from running import FIXTURES

REPORTS = FIXTURES / "reports"
CASES = sorted(path.parent.name for path in REPORTS.glob("*/expected.md"))
NUMBER = re.compile(r"(?<![\w.])\d[\d,]*(?:\.\d+)?")
GOALS = {"Competitive": "competitive", "Entry": "entry", "Top 10": "median", "Top 3": "stretch"}

Table = list[dict[str, str]]


@cache
def said(case: str) -> Any:  # noqa: ANN401  (JSON)
    return json.loads((REPORTS / case / "expected.json").read_text(encoding="utf-8"))


@cache
def tokens(case: str) -> list[Token]:
    markdown = (REPORTS / case / "expected.md").read_text(encoding="utf-8")
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(markdown)


def text_of(token: Token) -> str:
    return "".join(part.content for part in token.children or ())


def tables(case: str) -> Iterator[Table]:
    """Give the tables of a case as GitHub draws them, each row by its headings."""
    rows: list[list[str]] = []
    for before, token in zip(tokens(case), tokens(case)[1:], strict=False):
        if before.type == "tr_open":
            rows.append([])
        if before.type in {"th_open", "td_open"}:
            rows[-1].append(text_of(token))
        if token.type == "table_close":
            head, *body = rows
            yield [dict(zip(head, row, strict=True)) for row in body]
            rows = []


def table_with(case: str, *headings: str) -> Table:
    found = [table for table in tables(case) if table and set(headings) <= set(table[0])]
    return found[0] if found else []


def numbers_in(value: object) -> Iterator[str]:
    """Give every number of a JSON value as people write it: whole domains, tenths, per cent."""
    match value:
        case bool() | None:
            pass
        case int() | float():
            size = abs(value)
            yield from (show(size), show(ceil(size)), show(ceil(size * 10) / 10), f"{size:g}")
            yield from (f"{size:.0%}"[:-1], f"{1 - size:.0%}"[:-1])
        case str():
            yield from NUMBER.findall(value)
        case dict():
            yield show(len(value))
            for name, item in value.items():
                yield from (*NUMBER.findall(name), *numbers_in(item))
        case list():
            yield show(len(value))
            for item in value:
                yield from numbers_in(item)
        case _:
            raise TypeError(value)


@pytest.mark.parametrize("case", CASES)
def test_no_number_in_markdown_is_another_than_in_json(case: str) -> None:
    known = set(numbers_in(said(case)))

    inline = [part for token in tokens(case) for part in token.children or ()]
    plain = [part.content for part in inline if part.type == "text"]
    found = {number.rstrip(",") for text in plain for number in NUMBER.findall(text)}
    assert found - known == set()
    assert found


def own_and_others(one: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    own = [one["target_page"]] if one["target_page"] and one["target_page"]["url"] else []
    return {safe(bare_url(page["url"])): page for page in (*one["pages"], *own)}


def as_shown(page: Mapping[str, Any], heading: str, basis: str) -> str:
    raw = page["raw"] if basis == "raw" or page["listed"] is None else page["listed"]
    counts = {"Raw": raw, "Counted": page["kept"], "Followed": page["followed"]}
    found = {**counts, "#": page["position"]}[heading]
    listed = heading in {"Counted", "Followed"} or page["source"] == "links"
    cut = page["complete"] is False and heading in counts and listed
    return "-" if found is None else f"{show(found)}{'+' if cut else ''}"


@pytest.mark.parametrize("case", CASES)
def test_each_page_of_a_table_has_its_own_counts(case: str) -> None:
    keywords = said(case)["keywords"]
    rows = table_with(case, "Page", "Raw")

    assert bool(rows) == (len(keywords) == 1 and not case.startswith("plan"))
    for row in rows:
        page = own_and_others(keywords[0])[row["Page"]]
        for heading in {"#", "Raw", "Counted", "Followed"} & set(row):
            assert row[heading] == as_shown(page, heading, keywords[0]["basis"])


def bounded(bound: str | None, text: str) -> str:
    return text if bound == "exact" else f"{bound or 'about'} {text}"


@pytest.mark.parametrize("case", CASES)
def test_each_goal_of_a_table_is_rounded_up_with_its_need(case: str) -> None:
    for row in table_with(case, "Goal", "Domains"):
        (one,) = said(case)["keywords"]
        name = next(
            (key for start, key in GOALS.items() if row["Goal"].startswith(start)), "median"
        )
        goals, gap = one["goals"], one["gap"]
        assert row["Domains"] == bounded(goals["bounds"][name], show(ceil(goals[name])))
        need = gap[f"to_{name}"]
        if "You need" in row and need:
            assert row["You need"] == bounded(gap["bounds"][f"to_{name}"], f"+{show(need)}")


@pytest.mark.parametrize("case", CASES)
def test_each_keyword_of_a_table_has_its_own_goal(case: str) -> None:
    answers = {safe(one["keyword"] or ""): one for one in said(case)["keywords"]}
    for row in table_with(case, "Keyword", "Goal"):
        if row["Goal"] != "-":
            goal = (
                answers[row["Keyword"]].get("goals", {}).get("median")
                or answers[row["Keyword"]]["goal"]
            )
            assert NUMBER.findall(row["Goal"]) == [show(ceil(goal))]


@pytest.mark.parametrize("case", CASES)
def test_github_draws_what_was_meant(case: str) -> None:
    lines = (REPORTS / case / "expected.md").read_text(encoding="utf-8").splitlines()
    kinds = [token.type for token in tokens(case)]

    inline = {part.type for token in tokens(case) for part in token.children or ()}
    assert inline <= {"text", "strong_open", "strong_close", "code_inline", "softbreak"}
    assert set(kinds) & {"html_block", "code_block", "fence", "hr", "blockquote_open"} == set()
    # The line below the headings is not a row.
    table_lines = sum(line.startswith("|") for line in lines)
    assert kinds.count("tr_open") == table_lines - kinds.count("table_open")
    assert kinds.count("list_item_open") == sum(line.lstrip().startswith("- ") for line in lines)
    assert kinds[0] == "heading_open"
