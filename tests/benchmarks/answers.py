"""What gapcalc and pandas_gap.py answered, in one shape, and where two answers differ."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any, NamedTuple


class Counts(NamedTuple):
    raw: int | None
    kept: int | None
    followed: int | None


UNKNOWN = Counts(None, None, None)


@dataclass(frozen=True, slots=True)
class Answer:
    """The kept figures of one keyword, and the domain counts of its pages."""

    median: float | None
    own: int | None
    gap: int | None
    own_page: str | None
    pages: Mapping[str, Counts]


def gapcalc_answers(file: Path) -> dict[str, Answer]:
    document = json.loads(file.read_text(encoding="utf-8"))
    return {result["keyword"]: _answer(result) for result in document["keywords"]}


def _answer(result: Mapping[str, Any]) -> Answer:
    kept, own = result["by_basis"]["kept"], result["target_page"]
    pages = [*result["pages"], *([own] if own else [])]
    return Answer(
        median=kept["median"],
        own=kept["own"],
        gap=kept["need"],
        own_page=own["page"] if own else None,
        pages={page["page"]: Counts(page["raw"], page["kept"], page["followed"]) for page in pages},
    )


def differences(one: Mapping[str, Answer], other: Mapping[str, Answer]) -> Iterator[str]:
    for keyword in sorted(one.keys() | other.keys()):
        if one.get(keyword) != other.get(keyword):
            yield keyword


def differences_from_pandas(
    answers: Mapping[str, Answer], pandas: Mapping[str, Any]
) -> Iterator[str]:
    """Compare with the output of `pandas_gap.py --pages`, keyword by keyword and page by page.

    Which page is ours is taken from gapcalc's answer; its count, from pandas.
    """
    counts = {page: Counts(*figures) for page, figures in pandas["pages"].items()}
    if answers.keys() != pandas["keywords"].keys():
        yield "not the same keywords"
        return
    for keyword, answer in answers.items():
        own = counts[answer.own_page].kept if answer.own_page in counts else None
        median = pandas["keywords"][keyword]["median"]
        gap = None if median is None or own is None else max(0, ceil(median - own))
        pages = {page: counts.get(page, UNKNOWN) for page in answer.pages}
        if (answer.median, answer.own, answer.gap, answer.pages) != (median, own, gap, pages):
            yield keyword
