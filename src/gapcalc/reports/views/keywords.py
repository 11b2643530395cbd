"""Says the answers for several keywords: a row for each, and what the rows add up to."""

from collections import Counter
from collections.abc import Iterator, Sequence
from math import ceil

from gapcalc.reports.document import (
    Cell,
    Grid,
    GridColumn,
    Notes,
    Section,
    Sentence,
    bounded,
    numbers,
)
from gapcalc.reports.views.advice import split_cautions
from gapcalc.reports.views.wording import short_months, word_for
from gapcalc.results.gap import Caution, GapResult, KeywordResult
from gapcalc.text import show


def keyword_sections(result: GapResult) -> Iterator[Section]:
    """Give the table of the keywords, the sums, and what to check and do next."""
    keywords = result.keywords
    yield Section(None, (_grid(keywords), Sentence(_sums(keywords))))
    shared = (*result.cautions, *_shared_cautions(keywords))
    checks, _ = split_cautions(shared, keywords[0])
    checks += _own_cautions(keywords, shared)
    notes = [("" if place else "Check", text) for place, text in enumerate(checks)]
    if all(answer.target_page is None for answer in keywords):
        notes.append(("Next", "Name your page to see what it needs: --target URL"))
    notes.append(("More", "--keyword NAME shows one in full, -o FILE.csv has every page"))
    yield Section(None, (Notes(tuple(notes)),))


def _shared_cautions(keywords: Sequence[KeywordResult]) -> tuple[Caution, ...]:
    """Give the cautions that hold for every keyword."""
    first, *others = (answer.cautions for answer in keywords)
    return tuple(caution for caution in first if all(caution in other for other in others))


def _own_cautions(keywords: Sequence[KeywordResult], shared: Sequence[Caution]) -> Iterator[str]:
    """Say which page is ours, and how many keywords have cautions that the others lack."""
    own = [answer.target_page for answer in keywords if answer.target_page]
    if any(page.chosen == "best-ranking" for page in own):
        yield "Yours is the page of your site that ranks best for each keyword."
    left = [
        tuple(c for c in answer.cautions if c not in shared and c.code != "best-ranking-page")
        for answer in keywords
    ]
    count = sum(
        bool(split_cautions(cautions, answer)[0])
        for cautions, answer in zip(left, keywords, strict=True)
    )
    if count:
        has = "keyword has" if count == 1 else "keywords have"
        yield f"{count} {has} further cautions: --keyword NAME shows them."


def _grid(keywords: Sequence[KeywordResult]) -> Grid:
    grid = Grid(
        (
            GridColumn("Keyword", "keyword"),
            *numbers("Volume", "KD", "#", "Yours", "Goal", "Need", "Months"),
            GridColumn("Verdict"),
        ),
        tuple(map(_row, keywords)),
    )
    return grid.without_empty(frozenset({1, 2, 3, 7}))


def _row(answer: KeywordResult) -> tuple[Cell, ...]:
    goals, gap, own = answer.goals, answer.gap, answer.target_page
    months = short_months(answer.plan, gap.bound) if answer.plan and gap.to_median else None
    return (
        answer.keyword or "(no keyword)",
        answer.volume,
        answer.kd,
        own.position if own else None,
        own.count if own else None,
        None if goals.median is None else bounded(goals.bound, ceil(goals.median)),
        bounded(gap.bound, gap.to_median),
        months,
        word_for(answer),
    )


def _sums(keywords: Sequence[KeywordResult]) -> str:
    words = Counter(map(word_for, keywords))
    parts = ", ".join(f"{count} {word}" for word, count in words.most_common())
    needs = [answer.gap.to_median for answer in keywords if answer.gap.to_median is not None]
    total = f"; together they need {show(sum(needs))} domains" if sum(needs) else ""
    return f"{len(keywords)} keywords: {parts}{total}."
