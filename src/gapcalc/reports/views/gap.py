"""Says the answer to the gap question: one keyword in full, or a row for each of many."""

from collections.abc import Iterator, Sequence
from math import floor

from gapcalc.reports.document import Cell, Column, Document, Grid, Section, count_pages
from gapcalc.reports.views.gap_facts import facts
from gapcalc.reports.views.vendors import bare, every_page, vendor_grid
from gapcalc.results import (
    Caution,
    GapResult,
    KeywordResult,
    Number,
    Page,
    TargetPage,
)
from gapcalc.text import show

MOST_PAGES = 30
_YARDSTICK = (0.7, 0.8)


def view(result: GapResult) -> Document:
    """Say a result: in full when it has one keyword, else as a summary."""
    if len(result.keywords) == 1:
        return Document(_title(result.keywords[0]), tuple(_sections(result, result.keywords[0])))
    return Document(
        f"{len(result.keywords)} keywords; --keyword shows one in full",
        (_summary(result.keywords), *_ending(result, _shared_cautions(result.keywords))),
    )


def _title(answer: KeywordResult) -> str:
    ranked = any(page.position for page in answer.pages)
    nameless = "SERP without a keyword" if ranked else "Links without a SERP"
    parts = [answer.keyword or nameless, answer.country]
    return " · ".join(part for part in parts if part)


def _sections(result: GapResult, answer: KeywordResult) -> Iterator[Section]:
    features = answer.left_out_features
    noted = (f"{features} pages in SERP features are left out.",)
    yield Section(grid=_page_grid(answer))
    if features:
        yield Section(lines=noted)
    yield Section(f"Referring domains, {answer.basis} counts", grid=_target_grid(result, answer))
    yield Section("On every basis", grid=_basis_grid(answer))
    sentences = tuple(facts(result, answer))
    if sentences:
        yield Section(lines=sentences)
    if answer.sensitivity:
        yield Section("With one rule switched off", grid=_sensitivity_grid(answer))
    if any(page.domains is not None for page in every_page(answer)):
        yield Section("By vendor", grid=vendor_grid(answer))
    yield Section(
        lines=(f"Verdict: {answer.verdict.code}. {answer.verdict.sentence}",), stress=True
    )
    yield from _ending(result, answer.cautions)


def _ending(result: GapResult, cautions: Sequence[Caution]) -> Iterator[Section]:
    every = (*result.cautions, *cautions)
    if every:
        yield Section("Cautions", lines=tuple(f"- {caution.text}" for caution in every))


def _shared_cautions(keywords: Sequence[KeywordResult]) -> tuple[Caution, ...]:
    """Give the cautions that hold for every keyword."""
    first, *others = (answer.cautions for answer in keywords)
    return tuple(caution for caution in first if all(caution in other for other in others))


def _page_grid(answer: KeywordResult) -> Grid:
    pages = answer.pages
    own = answer.target_page
    shown = pages[:MOST_PAGES]
    outside = own is not None and own.page and all(page.page != own.page for page in shown)
    rows = [_page_row(page) for page in shown]
    marked = {place for place, page in enumerate(shown) if page.left_out == "own-page"}
    if outside and own is not None:
        marked.add(len(rows))
        rows.append(_own_row(own))
    metric = next((page.authority.metric for page in pages if page.authority), "Authority")
    columns = (
        Column("#", "number"),
        Column("Page", "url"),
        Column(metric if len(metric) < 6 else "Auth.", "number"),  # noqa: PLR2004  (a narrow column)
        Column("Raw", "number"),
        Column("Kept", "number"),
        Column("Followed", "number"),
        Column("Note"),
    )
    return Grid(columns, tuple(rows), frozenset(marked), len(pages) - len(shown))


def _page_row(page: Page) -> tuple[Cell, ...]:
    score = page.authority.value if page.authority else None
    return (page.position, bare(page.url), score, page.raw, page.kept, page.followed, _note(page))


def _own_row(own: TargetPage) -> tuple[Cell, ...]:
    score = own.authority.value if own.authority else None
    note = "your page" + _source_note(own.complete)
    return (own.position, bare(own.url or ""), score, own.raw, own.kept, own.followed, note)


def _note(page: Page) -> str:
    if page.left_out == "own-page":
        return "your page" + _source_note(page.complete)
    notes = [f"out: {page.left_out}"] if page.left_out else list(page.flags)
    if page.source == "vendor" and page.listed is None and page.comparable and page.kept is None:
        notes.append("vendor total")
    if page.listed is not None and page.raw != page.listed:
        notes.append("raw: vendor total")
    return ", ".join(notes) + _source_note(page.complete)


def _source_note(complete: bool | None) -> str:  # noqa: FBT001  (it is a value, not a switch)
    return " (list cut off)" if complete is False else ""


def _target_grid(result: GapResult, answer: KeywordResult) -> Grid:
    rows = (*_target_rows(answer), *_range_row(result, answer), *_yardstick_rows(answer))
    columns = (Column(""), Column("Domains", "number"), Column("Gap", "number"), Column(""))
    return Grid(columns, rows, frozenset({0}))


def _target_rows(answer: KeywordResult) -> Iterator[tuple[Cell, ...]]:
    figures, gap, extra = answer.goals, answer.gap, answer.gap.surplus
    at_least = "at least " if figures.bound == "at least" else ""
    bound = "" if gap.bound == "exact" or gap.to_median is None else f" ({gap.bound or 'unsure'})"
    lack = _lack(gap.to_median, extra.median) + bound
    yield "Target (median)", _number(figures.median, at_least), lack, _median_note(answer)
    entry = _lack(gap.to_entry, extra.entry)
    yield "Entry target", _number(figures.entry), entry, "median of the lower half"
    stretch, note = _lack(gap.to_stretch, extra.stretch), _top_note(figures.stretch_pages)
    yield "Stretch target", _number(figures.stretch), stretch, note


def _range_row(result: GapResult, answer: KeywordResult) -> Iterator[tuple[Cell, ...]]:
    start, median = answer.goals.competitive, answer.goals.median
    if start is not None and median is not None:
        note = f"{result.method.tolerance:.0%} below the median of {show(median)}"
        yield "Competitive from", show(start), _number(answer.gap.to_competitive), note


def _yardstick_rows(answer: KeywordResult) -> Iterator[tuple[Cell, ...]]:
    figures, own = answer.goals, answer.target_page
    if own is not None:
        yield "Your page", _number(own.count), "", _own_note(own)
    if figures.outranking is not None:
        above = figures.outranking
        note = f"median of those above; the least has {show(above.min)}"
        yield "Outranking you", show(above.median), "", note
    if figures.leader is not None:
        low, high = (floor(share * figures.leader.count + 0.5) for share in _YARDSTICK)
        yield "Leader", show(figures.leader.count), "", f"70-80% of it: {show(low)}-{show(high)}"
    if figures.mean is not None:
        ratio = figures.mean_to_median
        times = "" if ratio is None else f"{ratio:g} times the median; "
        yield "Mean", show(figures.mean), "", f"{times}for the skew only"


def _number(value: Number | None, prefix: str = "") -> str:
    return "unknown" if value is None else prefix + show(value)


def _lack(gap: int | None, surplus: int | None) -> str:
    if gap is None:
        return "unknown"
    return f"none (+{show(surplus)})" if gap == 0 and surplus else show(gap)


def _median_note(answer: KeywordResult) -> str:
    figures = answer.goals
    parts = [f"of {count_pages(figures.n)}"]
    if figures.spread is not None:
        spread = figures.spread
        parts.append(f"spread {show(spread.low)}-{show(spread.high)} ({spread.coverage:.1%})")
    if figures.leave_one_out is not None:
        one = figures.leave_one_out
        parts.append(f"{show(one.low)}-{show(one.high)} without any one")
    return ", ".join(parts)


def _top_note(pages: int) -> str:
    if not pages:
        return "no comparable page at positions 1-3"
    return f"median of {count_pages(pages)} at positions 1-3"


def _own_note(own: TargetPage) -> str:
    parts = [f"position {own.position}"] if own.position else []
    if own.source == "given":
        parts.append("as given with --own-rds")
    elif own.source == "vendor":
        parts.append("vendor total")
    if own.authority:
        parts.append(f"{own.authority.metric} {own.authority.value:g}")
    return ", ".join(parts)


def _basis_grid(answer: KeywordResult) -> Grid:
    rows = tuple(
        (name, by.n, by.median, by.own, by.need, by.verdict)
        for name, by in answer.by_basis.items()
        if by.n or name == answer.basis
    )
    columns = (
        Column("Basis"),
        Column("Pages", "number"),
        Column("Median", "number"),
        Column("Own", "number"),
        Column("Gap", "number"),
        Column("Verdict"),
    )
    marked = frozenset(place for place, row in enumerate(rows) if row[0] == answer.basis)
    return Grid(columns, rows, marked)


def _sensitivity_grid(answer: KeywordResult) -> Grid:
    switched = answer.sensitivity or {}
    rows = tuple((f"without {rule}", s.median, s.need) for rule, s in switched.items())
    return Grid((Column("Rules"), Column("Median", "number"), Column("Gap", "number")), rows)


def _bounded(number: Number | None, bound: str | None) -> Cell:
    return number if number is None or bound == "exact" else f"{bound or 'about'} {show(number)}"


def _summary(keywords: Sequence[KeywordResult]) -> Section:
    rows = tuple(
        (
            answer.keyword or "(no keyword)",
            answer.kd,
            answer.goals.n,
            _bounded(answer.goals.median, answer.goals.bound),
            answer.target_page.count if answer.target_page else None,
            _bounded(answer.gap.to_median, answer.gap.bound),
            answer.verdict.code,
        )
        for answer in keywords
    )
    columns = (
        Column("Keyword", "url"),
        Column("KD", "number"),
        Column("Pages", "number"),
        Column("Median", "number"),
        Column("Own", "number"),
        Column("Gap", "number"),
        Column("Verdict"),
    )
    return Section(grid=Grid(columns, rows))
