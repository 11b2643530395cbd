"""Makes sheets for a workbook: of rows, of facts in short, of the method and its cautions."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import zip_longest
from typing import NamedTuple

from gapcalc.reports.document import BookSheet, SheetColumn, Value
from gapcalc.results.audit import AuditResult
from gapcalc.results.gap import GapResult, KeywordResult
from gapcalc.results.plan import PlannedKeyword, PlanResult
from gapcalc.results.prospects import KeywordLeads, ProspectsResult
from gapcalc.results.shared import Input, Method, Tool

Row = Sequence[object]

_NAMES = {
    "count": "Referring domains",
    "kept": "Counted",
    "url": "URL",
    "kd": "KD",
    "own": "Yours",
    "goal": "Goal (median)",
    "to_median": "Need",
}
_BARS = frozenset({"raw", "count", "own", "goal", "to_median", "need", "competitors", "domains"})
_DATES = frozenset({"first_seen", "lost_on", "from", "to"})
_SHARES = frozenset({"share", "rivals_median", "rivals_most"})
_SENTENCES = frozenset({"note"})


class Fact(NamedTuple):
    """A line of the summary, whose columns have the names of `_SUMMARY`."""

    name: str
    value: object = None
    bound: str | None = None
    need: int | None = None
    need_bound: str | None = None
    note: str | None = None


_SUMMARY = ("Fact", "Value", "Bound", "You need", "Bound of the need", "Note")


def sheet_of(
    name: str, rows: Iterable[Row], *, names: Mapping[str, str] | None = None
) -> BookSheet:
    """Make a sheet of rows whose first are headings in snake_case, as they are in a CSV."""
    first, *others = rows
    headings = [str(heading) for heading in first]
    said = {**_NAMES, **(names or {})}
    columns = tuple(
        SheetColumn(
            said.get(heading, _plain(heading)),
            bars=heading in _BARS,
            shares=heading in _SHARES,
            wraps=heading in _SENTENCES,
        )
        for heading in headings
    )
    cells = [
        [_cell(value, is_date=name in _DATES) for name, value in zip_longest(headings, row)]
        for row in others
    ]
    return BookSheet(name, columns, cells)


def _plain(heading: str) -> str:
    """Write a heading as people do.

    >>> _plain("links_to_my_site")
    'Links to my site'
    """
    words = heading.replace("_", " ")
    return words[:1].upper() + words[1:]


def _cell(value: object, *, is_date: bool) -> Value:
    match value:
        case None | bool() | int() | float():
            return value
        case str() if is_date:
            return _day(value)
        case _:
            return str(value)


def _day(text: str) -> Value:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text


def summary(facts: Iterable[Fact]) -> BookSheet:
    """Give one fact a line; columns that no fact fills are left out."""
    lines = list(facts)
    kept = [n for n in range(len(_SUMMARY)) if any(line[n] is not None for line in lines)]
    return BookSheet(
        "Summary",
        tuple(
            SheetColumn(_SUMMARY[n], wraps=_SUMMARY[n] == "Note", mixed=_SUMMARY[n] == "Value")
            for n in kept
        ),
        [[_cell(line[n], is_date=line.name == "As of") for n in kept] for line in lines],
    )


_METHOD = ("part", "name", "value", "rows", "problems", "complete", "from", "to", "note")


def method_sheet(
    result: GapResult | ProspectsResult | AuditResult | PlanResult,
    keywords: Sequence[KeywordResult | KeywordLeads | PlannedKeyword],
) -> BookSheet:
    """Give the choices behind the numbers, the inputs, and the cautions of keywords and result."""
    about = [(one.keyword, caution) for one in keywords for caution in one.cautions]
    about += [(None, caution) for caution in result.cautions]
    rows: list[Row] = [
        _METHOD,
        *_choices(result.tool, result.method),
        *map(_input_row, result.inputs),
    ]
    rows += [("caution", name, c.code, *[None] * 5, c.text) for name, c in about]
    return sheet_of("Method", rows)


def _choices(tool: Tool, method: Method) -> Iterator[Row]:
    yield "tool", tool.name, tool.version
    yield "tool", "public suffix list", tool.psl_date
    for name in ("statistic", "top", "tolerance", "profile", "suffixes"):
        yield "method", name, getattr(method, name)
    for rule in method.rules:
        values = " ".join(f"{name}={_write(value)}" for name, value in rule.parameters.items())
        lacking = ", ".join(rule.not_applicable_to)
        note = f"not applied to {lacking}: the columns it needs are missing" if lacking else None
        yield "rule", rule.id, values or None, None, None, rule.applicable, None, None, note


def _write(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _input_row(item: Input) -> Row:
    facts = (item.rows, item.problems, item.complete, item.from_, item.to, item.note)
    return "input", item.name, item.format, *facts
