"""Presents the gap answer: the verdict first, then what it rests on and what to do."""

from collections.abc import Iterator, Mapping
from functools import partial
from math import ceil

from gapcalc.analyses.verdict import FEWEST_PAGES
from gapcalc.reports.document import (
    BarCell,
    Block,
    Cell,
    Document,
    Grid,
    GridColumn,
    Notes,
    Report,
    Section,
    Sentence,
    Tone,
    bounded,
    labelled,
    numbers,
)
from gapcalc.reports.views.advice import advise, explain_flags
from gapcalc.reports.views.details import detail, profile_sections
from gapcalc.reports.views.rows import AnyPage, gap_records, gap_rows, is_left_out, is_own
from gapcalc.reports.views.wording import (
    PAGE_FLAGS,
    REASONS,
    describe_data,
    months,
    say_amount,
    word_for,
)
from gapcalc.results.gap import GapResult, KeywordResult, Page
from gapcalc.text import count_of, count_pages, show, with_bound
from gapcalc.words import Basis, RowKind

MOST_PAGES = 30
_LONG_NAME = 5
_MANY = 8
_TOP_THREE = 3
_BASIS_WORDS: dict[Basis, str] = {"kept": "counted", "raw": "raw", "followed": "followed"}
_TONES: dict[str, Tone] = {
    "gap": "bad",
    "out-of-reach": "bad",
    "within-range": "good",
    "no-gap": "good",
}


def report(result: GapResult, *, details: bool = False, kind: RowKind | None = None) -> Report:
    """Give a result in every form that output formats are made from; `kind` is that of its rows."""
    return Report(
        result,
        partial(view, result, details=details),
        records=partial(gap_records, result),
        rows=partial(gap_rows, result, kind),
    )


def view(result: GapResult, *, details: bool = False) -> Document:
    """Present a result: in full for one keyword, else a row for each keyword."""
    source = describe_data(result.inputs)
    if len(result.keywords) + len(result.unanswered) > 1:
        from gapcalc.reports.views.keywords import keyword_sections

        count = len(result.keywords)
        title = count_of(count, "keyword")
        return Document(title, tuple(keyword_sections(result, details=details)), source)
    (answer,) = result.keywords
    if answer.site_profile is not None:
        profile = answer.site_profile
        sections = profile_sections(result, answer, profile)
        rest = detail(result, answer, every=details)
        return Document(profile.site or "Several sites", (*sections, *rest), source)
    main = _sections(result, answer, details=details)
    rest = detail(result, answer, every=details)
    return Document(title_of(answer), (*main, *rest), source)


def title_of(answer: KeywordResult) -> str:
    """Name the subject of an answer: its keyword and country, or its kind if it has no keyword."""
    ranked = any(page.position for page in answer.pages)
    nameless = "SERP without a keyword" if ranked else "Links without a SERP"
    return " · ".join(part for part in (answer.keyword or nameless, answer.country) if part)


def _sections(result: GapResult, answer: KeywordResult, *, details: bool) -> Iterator[Section]:
    yield Section(None, (headline(answer),))
    yield from (*goal_sections(result, answer), *page_sections(answer, MOST_PAGES))
    checks, advice, more = advise(result, answer, details=details)
    found = [
        *labelled("Check", checks),
        *labelled("Next", advice),
        *labelled("More", more),
    ]
    if found:
        yield Section(None, (Notes(tuple(found)),))


def headline(answer: KeywordResult) -> Notes:
    """Give the verdict's word, and the sentence with its numbers."""
    tone = _TONES.get(answer.verdict.code, "open")
    return Notes(((word_for(answer), answer.summary.sentence),), tone)


def goal_sections(result: GapResult, answer: KeywordResult) -> Iterator[Section]:
    """Give the goals, if there are enough pages for them."""
    if answer.goals.n >= FEWEST_PAGES:
        yield Section(None, tuple(_goal_blocks(result, answer)))


def page_sections(answer: KeywordResult, most: int) -> Iterator[Section]:
    """Give at most `most` of the pages that the goals rest on, if there are any."""
    if answer.pages or answer.target_page:
        yield Section(None, (_page_grid(answer, most), Sentence(_explain_counts(answer))))


def _goal_blocks(result: GapResult, answer: KeywordResult) -> Iterator[Block]:
    asks = answer.gap.to_median is not None
    needs = (GridColumn("You need", "number", "unknown"),) if asks else ()
    names, goals = zip(*_goal_rows(result, answer), strict=True)
    yield Grid(
        (GridColumn("Goal"), GridColumn("Domains", "number", "unknown"), *needs),
        tuple(row[: 2 + len(needs)] for row in goals),
        marked=frozenset({names.index("median")}),
    )
    notes = [("Confidence", _confidence(answer))]
    if asks and answer.gap.to_median:
        notes.append(("Time", months(answer)))
        if answer.plan is not None and answer.plan.cost is not None:
            notes.append(("Cost", say_amount(answer.gap.bound, answer.plan.cost)))
    yield Notes(tuple(notes))


def _goal_rows(result: GapResult, answer: KeywordResult) -> Iterator[tuple[str, tuple[Cell, ...]]]:
    """Give each goal's name and its row."""
    share = f"{show(100 * (1 - result.method.tolerance))}%"
    ranked = any(page.position for page in answer.pages)
    typical = f"Top {result.method.top} (median)" if ranked else "Typical page (median)"
    names = {
        "competitive": f"Competitive ({share} of the median)",
        "entry": "Entry (median of the weaker half)",
        "median": typical,
        "stretch": "Top 3 (median of positions 1-3)",
    }
    for name, shown in names.items():
        goal = getattr(answer.goals, name)
        if goal is not None and not (name == "stretch" and result.method.top <= _TOP_THREE):
            bound = answer.goals.bounds.get(name, "exact")
            yield name, (shown, bounded(bound, ceil(goal)), _need(answer, name, ceil(goal)))


def _need(answer: KeywordResult, name: str, goal: int) -> Cell:
    need, bound = getattr(answer.gap, f"to_{name}"), answer.gap.bounds.get(f"to_{name}", "exact")
    own = answer.target_page.count if answer.target_page else None
    if need is None or own is None:
        return None
    if need == 0 and own > goal and bound == "exact":
        return f"0 ({show(own - goal)} ahead)"
    return with_bound(bound, f"+{show(need)}" if need else "0")


def _confidence(answer: KeywordResult) -> str:
    goals = answer.goals
    is_high = goals.confidence == "high"
    reason = f"{goals.n} similar pages" if is_high else goals.confidence_reason
    parts = [f"{goals.confidence}: {reason}"]
    if goals.leave_one_out is not None:
        low, high = (show(ceil(end)) for end in (goals.leave_one_out.low, goals.leave_one_out.high))
        between = low if low == high else f"{low}-{high}"
        them = "them" if is_high or goals.n < _MANY else count_pages(goals.n)
        parts.append(f"without any one of {them} the median is {between}")
    return "; ".join(parts)


def _page_grid(answer: KeywordResult, most: int) -> Grid:
    own, pages = answer.target_page, answer.pages
    shown: list[AnyPage] = list(pages[:most])
    if own is not None and own.page and all(page.page != own.page for page in shown):
        shown.append(own)
    metric = next((page.authority.metric for page in pages if page.authority), "Auth.")
    counted = answer.basis != "raw" or any(page.kept is not None for page in pages)
    columns = (
        *numbers("#"),
        GridColumn("Page", "url"),
        GridColumn(""),
        *numbers(metric if len(metric) <= _LONG_NAME else "Auth.", "Raw"),
        *(numbers("Counted") if counted else ()),
        GridColumn("Followed", "number", wide=0 if answer.basis == "followed" else 100),
        GridColumn("", "bar"),
    )
    grid = Grid(
        columns,
        tuple(_page_row(page, answer, counted=counted) for page in shown),
        frozenset(place for place, page in enumerate(shown) if is_own(page)),
        max(0, len(pages) - most),
    )
    # Positions, letters, scores and counts get no column if no page has one.
    return grid.without_empty({*range(len(columns) - 1)} - {1})


def _page_row(page: AnyPage, answer: KeywordResult, *, counted: bool) -> tuple[Cell, ...]:
    flags = page.flags if isinstance(page, Page) else ()
    raw = page.raw if answer.basis == "raw" or page.listed is None else page.listed
    cut = page.complete is False
    return (
        page.position,
        page.url or "",
        "".join(PAGE_FLAGS[flag].letter for flag in flags),
        page.authority.value if page.authority else None,
        _at_least(raw, cut=cut and page.source == "links"),
        *((_at_least(page.kept, cut=cut),) if counted else ()),
        _at_least(page.followed, cut=cut),
        BarCell(None if is_left_out(page) else page.count, _mark(page, answer)),
    )


def _at_least(count: int | None, *, cut: bool) -> Cell:
    return f"{show(count)}+" if cut and count is not None else count


def _mark(page: AnyPage, answer: KeywordResult) -> str:
    if is_own(page):
        return "◄ your page"
    if isinstance(page, Page) and is_left_out(page):
        return REASONS.get(page.left_out or "", page.left_out or "")
    return f"{_BASIS_WORDS[answer.basis]} unknown" if page.count is None else ""


def _explain_counts(answer: KeywordResult) -> str:
    parts = [_explain_basis(answer)]
    if answer.target_page is not None and answer.target_page.source == "given":
        new = answer.target_page.chosen == "new"
        parts.append("Yours: a new page." if new else "Yours: as given with --own-rds.")
    shown = [*answer.pages, *([answer.target_page] if answer.target_page else [])]
    if any(page.complete is False and page.count is not None for page in shown):
        parts.append('A "+" follows the count of an incomplete list.')
    return " ".join([*parts, *explain_flags(answer)])


def _explain_basis(answer: KeywordResult) -> str:
    own, pages = answer.target_page, answer.pages
    if answer.basis == "raw":
        vendor = any(page.source == "vendor" and page.comparable for page in pages)
        total = ", as the vendor counts them" if vendor else ""
        return f"Raw: all live domains{total}."
    said = "Counted: live domains known to the vendor that pass the quality rules"
    if own is not None and own.listed is not None and own.kept is not None:
        said += f" (yours: {_waterfall(own.listed, own.dropped or {}, own.kept)})."
    else:
        listed = [page for page in pages if page.comparable and page.listed is not None]
        live, kept = sum(p.listed or 0 for p in listed), sum(p.kept or 0 for p in listed)
        said += f" (all pages: {_waterfall(live, answer.waterfall, kept)})."
    if answer.basis == "followed":
        said += " Followed: the counted ones with a followed link; the answer rests on them."
    return said


def _waterfall(live: int, dropped: Mapping[str, int], kept: int) -> str:
    steps = [f"{show(count)} {rule}" for rule, count in dropped.items() if count]
    return (
        f"{show(live)} live, less {', '.join(steps)} = {show(kept)}"
        if steps
        else (f"{show(live)} live, none dropped")
    )
