"""The parts of every report: its opening, what was taken out and why, the method, the glossary."""

from collections.abc import Iterator, Mapping, Sequence

from gapcalc.reports.document import (
    Block,
    Cell,
    Chapter,
    Grid,
    GridColumn,
    Items,
    Notes,
    Opening,
    Picture,
    Section,
    Sentence,
    numbers,
)
from gapcalc.reports.views.rules import HOW_RULES_JUDGE
from gapcalc.reports.views.wording import KINDS, describe_data, write_span
from gapcalc.results.shared import Caution, CommandResult, Input, Method
from gapcalc.rules import RULES, Rule
from gapcalc.text import show, vendor_name

_TAKEN_OUT = "What was taken out, and why"
GLOSSARY = (
    ("Referring domain", "a site that links to a page. However often it links, it counts once."),
    ("Your page", "the page of yours that should rank for the keyword."),
    ("Raw", "every referring domain whose link is live, junk included."),
    ("Counted", "the referring domains that the quality rules leave."),
    ("Followed", "counted domains with a link that passes its weight on: not nofollow, sponsored or UGC."),
    ("Median", "the middle count: half of the pages have more, half have fewer."),
    ("Goal", "a number of referring domains to reach: the median, unless another is named."),
    ("Need", "the goal minus your count, at least 0."),
    ("Competitive", "close enough to the median that other things can decide."),
    ("Confidence", "how far the pages and lists can be relied on."),
    ("KD", "keyword difficulty, a vendor's score from 0 to 100 for how hard it is to rank."),
    ("DR, authority", "a vendor's score for the strength of a whole site; no search engine uses it."),
    ("SERP", "the page of results that a search engine shows for a keyword."),
    ("UGC", "content by users, such as comments and forum posts."),
)  # fmt: skip
"""The words of a report, explained for a client."""


def opening(result: CommandResult, question: str, title: str) -> Opening:
    """Open the report on a result."""
    tool = result.tool
    made_by = f"{tool.name} {tool.version}, public suffix list of {tool.psl_date or 'unknown date'}"
    return Opening(question, title, describe_data(result.inputs), result.as_of, made_by)


def without_more(notes: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Leave out notes on where to see more, because the report has everything."""
    return tuple(note for note in notes if note[0] != "More")


def taken_out(
    result: CommandResult, dropped: Mapping[str, int] | None, *blocks: Block | None
) -> Chapter:
    """Explain the rules in effect below `blocks`, with the domains they took out, if known."""
    shown = tuple(block for block in blocks if block is not None)
    used = [rule for rule in RULES if any(rule.id == one.id for one in result.method.rules)]
    if not used:
        text = f"The profile {result.method.profile} uses no rule: every live domain is counted."
        return Chapter("taken-out", _TAKEN_OUT, (Section(None, (*shown, Sentence(text))),))
    grid = _rule_grid(used, dropped)
    explained = (*shown, Sentence(" ".join(HOW_RULES_JUDGE)), grid)
    return Chapter("taken-out", _TAKEN_OUT, (Section(None, explained),))


def _rule_grid(rules: Sequence[Rule], dropped: Mapping[str, int] | None) -> Grid:
    columns = (
        GridColumn("Rule"),
        *numbers("Domains taken out"),
        GridColumn("Drops a link when"),
        GridColumn("Why"),
    )
    rows = tuple(
        (
            rule.id,
            None if dropped is None else dropped.get(rule.id, 0),
            rule.drops_when,
            rule.reason,
        )
        for rule in rules
    )
    return Grid(columns, rows).without_empty({1})


def closing(
    result: CommandResult, cautions: Sequence[Caution], *sections: Section
) -> tuple[Chapter, ...]:
    """Give the cautions in full, the method with these sections, and the glossary."""
    texts = tuple(dict.fromkeys(caution.text for caution in cautions))
    said = Items(texts) if texts else Sentence("There are none.")
    return (
        Chapter("cautions", "Cautions", (Section(None, (said,)),)),
        Chapter("method", "Method", (*sections, *_method(result))),
        Chapter("words", "The words in plain language", (Section(None, (Notes(GLOSSARY),)),)),
    )


def _method(result: CommandResult) -> Iterator[Section]:
    method = result.method
    yield Section("How it is counted", (Items(tuple(_choices(method))),))
    yield Section("The data", (_input_grid(result.inputs),))


def _choices(method: Method) -> Iterator[str]:
    yield (
        f"Compared: the pages that rank down to position {method.top}; their {method.statistic} is "
        "the goal."
    )
    yield (
        f"Competitive is {show(100 * (1 - method.tolerance))}% of the median. Goals are shown as "
        "whole domains, rounded up."
    )
    yield (
        f"Domains are registrable domains, by the public suffix list ({method.suffixes} suffixes): "
        "blog.example.com and www.example.com are one."
    )
    on = ", ".join(rule.id for rule in method.rules) or "none"
    yield f"Quality rules: profile {method.profile}, which uses {on}."
    for rule in method.rules:
        if rule.not_applicable_to:
            files = len(rule.not_applicable_to)
            yield (
                f"The rule {rule.id} cannot judge {files} {'file' if files == 1 else 'files'}, which "
                "lack its column."
            )
    yield "What is unknown is shown as unknown, and never taken for 0."


def _input_grid(inputs: Sequence[Input]) -> Grid:
    columns = (
        GridColumn("File"),
        GridColumn("What it is"),
        *numbers("Rows", "Not read"),
        GridColumn("Days"),
        GridColumn("Whole", unknown="unknown"),
        GridColumn("Note"),
    )
    return Grid(columns, tuple(map(_input_row, inputs))).without_empty({2, 3, 4, 6})


def _input_row(item: Input) -> tuple[Cell, ...]:
    days = write_span(item.from_ or item.to, item.to) if item.to else None
    whole = None if item.complete is None else "yes" if item.complete else "no"
    return item.name, _what(item), item.rows, item.problems, days, whole, item.note


def _what(item: Input) -> str:
    if item.kind is None:
        return "not used"
    vendor = vendor_name(item.vendor) if item.vendor else "Own file"
    return f"{vendor}: {KINDS[item.kind]}"


def pictures(*found: Picture | None) -> tuple[Picture, ...]:
    """Leave out missing pictures."""
    return tuple(picture for picture in found if picture is not None)
