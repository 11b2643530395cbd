"""Says the answer to the gap question: one keyword in full, or a row for each of many."""

from collections.abc import Iterator, Sequence
from functools import partial
from math import floor

from gapcalc.reports.document import (
    Cell,
    Column,
    Document,
    Grid,
    Items,
    Report,
    Section,
    Sentence,
    bounded,
    numbers,
)
from gapcalc.reports.views.rows import AnyPage, every_page, records, rows
from gapcalc.results import (
    Caution,
    GapResult,
    KdBenchmark,
    KeywordResult,
    Page,
    PlanOutline,
    SiteStrength,
    TargetPage,
)
from gapcalc.text import count_pages, show, vendor_name

MOST_PAGES = 30
_SHORT_NAME = 5
_YARDSTICK = (0.7, 0.8)


def report(result: GapResult) -> Report:
    """Give a result in every form that output formats are made from."""
    return Report(
        result, partial(view, result), records=partial(records, result), rows=partial(rows, result)
    )


def view(result: GapResult) -> Document:
    """Say a result: in full when it has one keyword, else as a summary."""
    if len(result.keywords) == 1:
        return Document(_title(result.keywords[0]), tuple(_sections(result, result.keywords[0])))
    return Document(
        f"{len(result.keywords)} keywords; --keyword shows one in full",
        (
            Section(None, (_summary_grid(result.keywords),)),
            *_cautions(result, _shared_cautions(result.keywords)),
        ),
    )


def _title(answer: KeywordResult) -> str:
    ranked = any(page.position for page in answer.pages)
    nameless = "SERP without a keyword" if ranked else "Links without a SERP"
    parts = [answer.keyword or nameless, answer.country]
    return " · ".join(part for part in parts if part)


def _sections(result: GapResult, answer: KeywordResult) -> Iterator[Section]:
    yield Section(None, (_page_grid(answer),))
    if answer.left_out_features:
        left_out = f"{answer.left_out_features} pages in SERP features are left out."
        yield Section(None, (Sentence(left_out),))
    goals = _goal_grid(result, answer)
    yield Section(f"Referring domains, {answer.basis} counts", (goals,))
    yield Section("On every basis", (_basis_grid(answer),))
    yield Section(None, tuple(map(Sentence, _facts(result, answer))))
    if answer.sensitivity:
        yield Section("With one rule switched off", (_sensitivity_grid(answer),))
    if any(page.domains is not None for page in every_page(answer)):
        yield Section("By vendor", (_vendor_grid(answer),))
    verdict = f"Verdict: {answer.verdict.code}. {answer.verdict.sentence}"
    yield Section(None, (Sentence(verdict, stress=True),))
    yield from _cautions(result, answer.cautions)


def _cautions(result: GapResult, cautions: Sequence[Caution]) -> Iterator[Section]:
    every = (*result.cautions, *cautions)
    if every:
        yield Section("Cautions", (Items(tuple(caution.text for caution in every)),))


def _shared_cautions(keywords: Sequence[KeywordResult]) -> tuple[Caution, ...]:
    """Give the cautions that hold for every keyword."""
    first, *others = (answer.cautions for answer in keywords)
    return tuple(caution for caution in first if all(caution in other for other in others))


def _page_grid(answer: KeywordResult) -> Grid:
    pages = answer.pages
    own = answer.target_page
    shown: list[AnyPage] = list(pages[:MOST_PAGES])
    if own is not None and own.page and all(page.page != own.page for page in shown):
        shown.append(own)
    metric = next((page.authority.metric for page in pages if page.authority), "Authority")
    columns = (
        *numbers("#"),
        Column("Page", "url"),
        *numbers(metric if len(metric) <= _SHORT_NAME else "Auth.", "Raw", "Kept", "Followed"),
        Column("Note"),
    )
    return Grid(
        columns,
        tuple(_page_row(page) for page in shown),
        frozenset(place for place, page in enumerate(shown) if _is_own(page)),
        max(0, len(pages) - MOST_PAGES),
    )


def _is_own(page: AnyPage) -> bool:
    return isinstance(page, TargetPage) or page.left_out == "own-page"


def _page_row(page: AnyPage) -> tuple[Cell, ...]:
    score = page.authority.value if page.authority else None
    note = ", ".join(_notes(page)) + (" (list cut off)" if page.complete is False else "")
    return (page.position, page.url or "", score, page.raw, page.kept, page.followed, note)


def _notes(page: AnyPage) -> Iterator[str]:
    if not isinstance(page, Page) or page.left_out == "own-page":
        yield "your page"
        return
    yield from [f"out: {page.left_out}"] if page.left_out else page.flags
    if page.source == "vendor" and page.listed is None and page.comparable and page.kept is None:
        yield "vendor total"
    if page.listed is not None and page.raw != page.listed:
        yield "raw: vendor total"


def _goal_grid(result: GapResult, answer: KeywordResult) -> Grid:
    columns = (Column(""), *numbers("Domains", "Gap", unknown="unknown"), Column(""))
    found = (*_goal_rows(answer), *_range_row(result, answer), *_yardstick_rows(answer))
    return Grid(columns, found, frozenset({0}))


def _goal_rows(answer: KeywordResult) -> Iterator[tuple[Cell, ...]]:
    figures, gap, surplus = answer.goals, answer.gap, answer.gap.surplus
    median, need = bounded(figures.bound, figures.median), _need(gap.to_median, surplus.median)
    if need is not None and gap.bound != "exact":
        need = f"{need if isinstance(need, str) else show(need)} ({gap.bound})"
    yield "Target (median)", median, need, _median_note(answer)
    entry = _need(gap.to_entry, surplus.entry)
    yield "Entry target", figures.entry, entry, "median of the lower half"
    stretch, first = _need(gap.to_stretch, surplus.stretch), figures.stretch_pages
    note = f"median of {count_pages(first)}" if first else "no comparable page"
    yield "Stretch target", figures.stretch, stretch, f"{note} at positions 1-3"


def _range_row(result: GapResult, answer: KeywordResult) -> Iterator[tuple[Cell, ...]]:
    start, median = answer.goals.competitive, answer.goals.median
    if start is not None and median is not None:
        note = f"{result.method.tolerance:.0%} below the median of {show(median)}"
        yield "Competitive from", start, answer.gap.to_competitive, note


def _yardstick_rows(answer: KeywordResult) -> Iterator[tuple[Cell, ...]]:
    figures, own = answer.goals, answer.target_page
    if own is not None:
        yield "Your page", own.count, "", _own_note(own)
    if figures.outranking is not None:
        above = figures.outranking
        note = f"median of those above; the least has {show(above.min)}"
        yield "Outranking you", above.median, "", note
    if figures.leader is not None:
        low, high = (floor(share * figures.leader.count + 0.5) for share in _YARDSTICK)
        yield "Leader", figures.leader.count, "", f"70-80% of it: {show(low)}-{show(high)}"
    if figures.mean is not None:
        ratio = figures.mean_to_median
        times = "" if ratio is None else f"{ratio:g} times the median; "
        yield "Mean", figures.mean, "", f"{times}for the skew only"


def _need(gap: int | None, surplus: int | None) -> int | str | None:
    return f"none (+{show(surplus)})" if gap == 0 and surplus else gap


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
    found = [(name, by) for name, by in answer.by_basis.items() if by.n or name == answer.basis]
    return Grid(
        (Column("Basis"), *numbers("Pages", "Median", "Own", "Gap"), Column("Verdict")),
        tuple((name, by.n, by.median, by.own, by.need, by.verdict) for name, by in found),
        frozenset(place for place, (name, _) in enumerate(found) if name == answer.basis),
    )


def _sensitivity_grid(answer: KeywordResult) -> Grid:
    switched = answer.sensitivity or {}
    found = tuple((f"without {rule}", s.median, s.need) for rule, s in switched.items())
    return Grid((Column("Rules"), *numbers("Median", "Gap")), found)


def _vendor_grid(answer: KeywordResult) -> Grid:
    found = [row for page in every_page(answer) for row in _vendor_rows(page)]
    return Grid(
        (
            Column("Page", "url"),
            Column("Vendor"),
            *numbers("Raw", "Kept", "Followed", "Only it"),
            Column("Note"),
        ),
        tuple(found),
        frozenset(place for place, row in enumerate(found) if row[1] == "together"),
    )


def _vendor_rows(page: AnyPage) -> Iterator[tuple[Cell, ...]]:
    url = page.url or ""
    for vendor, known in (page.by_vendor or {}).items():
        yield url, vendor, known.raw, known.kept, known.followed, known.only, ""
        url = ""
    if page.shared is not None:
        note = f"{page.shared:,} shared"
        note += f", {page.disputed:,} disputed" if page.disputed else ""
        yield "", "together", page.listed, page.kept, page.followed, None, note


def _summary_grid(keywords: Sequence[KeywordResult]) -> Grid:
    return Grid(
        (
            Column("Keyword", "keyword"),
            *numbers("KD", "Pages", "Median", "Own", "Gap"),
            Column("Verdict"),
        ),
        tuple(
            (
                answer.keyword or "(no keyword)",
                answer.kd,
                answer.goals.n,
                bounded(answer.goals.bound, answer.goals.median),
                answer.target_page.count if answer.target_page else None,
                bounded(answer.gap.bound, answer.gap.to_median),
                answer.verdict.code,
            )
            for answer in keywords
        ),
    )


def _facts(result: GapResult, answer: KeywordResult) -> Iterator[str]:
    listed = [page for page in answer.pages if page.comparable and page.listed is not None]
    if listed:
        yield from _rule_facts(result, answer, listed)
    yield from _vendor_facts(answer)
    if answer.benchmark is not None:
        yield _scale_fact(answer.benchmark)
    if answer.plan is not None and answer.gap.to_median:
        yield _plan_fact(answer.plan)
    if answer.site_strength is not None:
        yield _strength_fact(answer.site_strength)
    figures = answer.goals
    yield f"Confidence: {figures.confidence}, {figures.confidence_reason}."


def _rule_facts(result: GapResult, answer: KeywordResult, listed: Sequence[Page]) -> Iterator[str]:
    total, kept = sum(page.listed or 0 for page in listed), sum(page.kept or 0 for page in listed)
    steps = "".join(f" - {rule} {show(count)}" for rule, count in answer.waterfall.items() if count)
    yield (
        f"Rules ({result.method.profile}): {show(total)} domains{steps} = {show(kept)} kept "
        f"over {count_pages(len(listed))}."
    )
    files = sum(item.kind in {"links", "domains"} for item in result.inputs)
    lacking: dict[int, list[str]] = {}
    for rule in result.method.rules:
        if rule.not_applicable_to:
            lacking.setdefault(len(rule.not_applicable_to), []).append(rule.id)
    for count, rules in sorted(lacking.items(), reverse=True):
        which = "every file" if count == files else f"{count} of {files} files"
        yield f"Not applicable, for want of a column in {which}: {', '.join(rules)}."
    unjudged = sum(page.unjudged or 0 for page in listed)
    if unjudged:
        yield f"{show(unjudged)} links passed only because a value was unknown."
    lost = sum(page.set_aside.lost for page in listed if page.set_aside)
    internal = sum(page.set_aside.internal for page in listed if page.set_aside)
    yield f"Set aside before counting: {show(lost)} lost and {show(internal)} internal links."


def _vendor_facts(answer: KeywordResult) -> Iterator[str]:
    shared = [page.shared for page in every_page(answer) if page.shared is not None]
    vendors = {vendor for page in every_page(answer) for vendor in page.by_vendor or {}}
    if shared:
        yield (
            f"Links of {' and '.join(map(vendor_name, sorted(vendors)))} are counted together; "
            f"{show(sum(shared))} domains are known to more than one of them."
        )


def _scale_fact(scale: KdBenchmark) -> str:
    if scale.over is None:
        amount = f"about {show(scale.rd)} referring domains"
        amount += f" ({show(scale.low or 0)}-{show(scale.high or 0)})"
    else:
        about = f" (about {show(scale.rd)} if the curve continues)"
        amount = f"over {show(scale.over)}{'' if scale.over == scale.rd else about}"
        amount += " referring domains"
    return f"KD {scale.kd:g}: {amount}, scale of {scale.scale}; compare with raw."


def _plan_fact(plan: PlanOutline) -> str:
    low, high = plan.pace.low, plan.pace.high
    slow, fast = plan.months.low, plan.months.high
    pace = f"{low:g}" if low == high else f"{low:g}-{high:g}"
    months = f"{fast}" if fast == slow else f"{fast}-{slow}"
    return (
        f"Pace: at {pace} new domains a month ({plan.pace_source}) the gap takes {months} "
        f"{'month' if months == '1' else 'months'}, if rivals stand still and the site's whole pace "
        "goes to this page."
    )


def _strength_fact(sites: SiteStrength) -> str:
    similar = ""
    if sites.similar_median is not None:
        similar = f"; the {sites.similar_n} sites within 20 points have a median of {show(sites.similar_median)}"
    return f"Site strength: {sites.metric} {sites.own:g}, the median site has {sites.median:g}{similar}."
