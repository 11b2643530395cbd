"""Presents what --details adds to a gap, and a site by its own links where there is no gap."""

from collections.abc import Iterator, Sequence
from math import floor

from gapcalc.reports.document import (
    BarCell,
    Cell,
    Grid,
    GridColumn,
    Items,
    Notes,
    Section,
    Sentence,
    bounded,
    labelled,
    numbers,
)
from gapcalc.reports.views.advice import split_cautions
from gapcalc.reports.views.rows import AnyPage, every_page
from gapcalc.reports.views.wording import (
    WORDS,
    bound_of_own,
    precise,
    say_amount,
    say_months,
    short_pace,
)
from gapcalc.results.gap import (
    GapResult,
    Goals,
    KdBenchmark,
    KeywordResult,
    Page,
    SiteProfile,
    SiteStrength,
    SpreadPair,
)
from gapcalc.results.shared import MovingGoal, PlanOutline, Velocity
from gapcalc.text import count_pages, show, vendor_name, with_bound
from gapcalc.words import BASES, COUNT_NAMES

_YARDSTICK = (0.7, 0.8)
_MOST_PAGES = 10
_SAID = frozenset({"site-scope"})
"""Cautions that the advice covers as well."""


def detail(result: GapResult, answer: KeywordResult, *, every: bool) -> Iterator[Section]:
    """Give the sections of --sensitivity and --by-vendor, and all other details with `every`."""
    yield from figures(result, answer, every=every)
    if any(page.domains is not None for page in every_page(answer)):
        yield from vendor_sections(answer)
    cautions = (*answer.cautions, *result.cautions)
    if every and cautions:
        yield Section("Cautions", (Items(tuple(caution.text for caution in cautions)),))


def figures(result: GapResult, answer: KeywordResult, *, every: bool) -> Iterator[Section]:
    """Give the details without vendors and cautions."""
    if every:
        yield Section("On every basis", (_basis_grid(answer),))
        further = tuple(_further_rows(answer))
        if further:
            yield Section("Further figures", (_further_grid(further),))
        yield Section("Details", tuple(map(Sentence, _facts(result, answer))))
    if answer.sensitivity:
        yield Section("With one rule switched off", (_sensitivity_grid(answer),))


def vendor_sections(answer: KeywordResult, *, fewest: int = 1) -> Iterator[Section]:
    """Give each vendor's figures for each page, if some page has enough vendors."""
    if any(len(page.by_vendor or {}) >= fewest for page in every_page(answer)):
        yield Section("By vendor", (_vendor_grid(answer),))


def _basis_grid(answer: KeywordResult) -> Grid:
    own = answer.target_page
    shown = [name for name in BASES if answer.by_basis[name].n or name == answer.basis]
    found = [(name, answer.by_basis[name]) for name in shown]
    return Grid(
        (
            GridColumn("Basis"),
            *numbers("Pages", "Median", "Yours", "You need", unknown="unknown"),
            GridColumn("Verdict"),
        ),
        tuple(
            (
                COUNT_NAMES[name],
                by.n,
                bounded(by.bound, by.median),
                bounded(bound_of_own(own, name) if own else "exact", by.own),
                bounded(by.need_bound, by.need),
                WORDS[by.verdict],
            )
            for name, by in found
        ),
        frozenset(place for place, (name, _) in enumerate(found) if name == answer.basis),
    )


def _further_grid(rows: tuple[tuple[Cell, ...], ...]) -> Grid:
    return Grid((GridColumn("Figure"), *numbers("Domains"), GridColumn("")), rows)


def _further_rows(answer: KeywordResult) -> Iterator[tuple[Cell, ...]]:
    goals = answer.goals
    if goals.min is not None and goals.max is not None:
        yield "Least", goals.min, ""
        yield "Most", bounded(goals.bounds.get("leader", "exact"), goals.max), ""
    if goals.spread is not None:
        yield "Spread", _spread(goals, goals.spread), "most likely around the median"
    if goals.outranking is not None:
        above, bound = goals.outranking, goals.bounds.get("outranking_median", "exact")
        least = _at(goals, "outranking_min", show(above.min))
        yield "Above you", bounded(bound, above.median), f"their median; the least has {least}"
    if goals.leader is not None:
        count, bound = goals.leader.count, goals.bounds.get("leader", "exact")
        low, high = (show(floor(share * count + 0.5)) for share in _YARDSTICK)
        span = low if low == high else f"{low}-{high}"
        yield "Leader", bounded(bound, count), f"70-80% of it is {_at(goals, 'leader', span)}"
    if goals.mean is not None:
        ratio = "" if goals.mean_to_median is None else f"{goals.mean_to_median:g} times the median"
        yield "Mean", goals.mean, ratio


def _spread(goals: Goals, pair: SpreadPair) -> str:
    low = _at(goals, "spread_low", show(pair.low))
    high = _at(goals, "spread_high", show(pair.high))
    return f"{low} to {high}" if " " in low + high else f"{low}-{high}"


def _at(goals: Goals, name: str, figure: str) -> str:
    return with_bound(goals.bounds.get(name, "exact"), figure)


def _sensitivity_grid(answer: KeywordResult) -> Grid:
    switched = answer.sensitivity or {}
    found = tuple((f"without {rule}", s.median, s.need) for rule, s in switched.items())
    return Grid((GridColumn("Rules"), *numbers("Median", "You need")), found)


def _vendor_grid(answer: KeywordResult) -> Grid:
    found = [row for page in every_page(answer) for row in _vendor_rows(page)]
    return Grid(
        (
            GridColumn("Page", "url"),
            GridColumn("Vendor"),
            *numbers("Raw", "Counted", "Followed", "Only it"),
            GridColumn(""),
        ),
        tuple(found),
        frozenset(place for place, row in enumerate(found) if row[1] == "together"),
    )


def _vendor_rows(page: AnyPage) -> Iterator[tuple[Cell, ...]]:
    url = page.url or ""
    for vendor, known in (page.by_vendor or {}).items():
        yield url, vendor_name(vendor), known.raw, known.kept, known.followed, known.only, ""
        url = ""
    if page.shared is not None:
        note = f"{page.shared:,} shared"
        note += f", {page.disputed:,} disputed" if page.disputed else ""
        yield "", "together", page.listed, page.kept, page.followed, None, note


def _facts(result: GapResult, answer: KeywordResult) -> Iterator[str]:
    if answer.left_out_features:
        yield f"{count_pages(answer.left_out_features)} in SERP features are left out."
    listed = [page for page in answer.pages if page.comparable and page.listed is not None]
    if listed:
        yield from _rule_facts(result, answer, listed)
    yield from _vendor_facts(answer)
    if answer.benchmark is not None:
        yield _scale_fact(answer.benchmark)
    if answer.plan is not None and answer.gap.to_median:
        yield _plan_fact(answer.plan, answer.gap.bound)
        if answer.plan.moving is not None and answer.velocity is not None:
            yield _moving_fact(answer.plan, answer.plan.moving, answer.velocity, answer.gap.bound)
        if answer.plan.cost is not None:
            yield f"Cost: {say_amount(answer.gap.bound, answer.plan.cost)}, at the price given."
    if answer.site_strength is not None:
        yield _strength_fact(answer.site_strength)
    yield f"Confidence: {answer.goals.confidence}, {answer.goals.confidence_reason}."


def _rule_facts(result: GapResult, answer: KeywordResult, listed: Sequence[Page]) -> Iterator[str]:
    total, kept = sum(page.listed or 0 for page in listed), sum(page.kept or 0 for page in listed)
    steps = "".join(f" - {rule} {show(count)}" for rule, count in answer.waterfall.items() if count)
    yield (
        f"Rules ({result.method.profile}): {show(total)} domains{steps} = {show(kept)} counted "
        f"over {count_pages(len(listed))}."
    )
    files = sum(item.kind in {"links", "domains"} for item in result.inputs)
    lacking: dict[int, list[str]] = {}
    for rule in result.method.rules:
        if rule.not_applicable_to:
            lacking.setdefault(len(rule.not_applicable_to), []).append(rule.id)
    for count, rules in sorted(lacking.items(), reverse=True):
        which = "no file has" if count == files else f"{count} of {files} files lack"
        yield f"Skipped: {', '.join(rules)} ({which} the column)."
    if unjudged := sum(page.unjudged or 0 for page in listed):
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


def _plan_fact(plan: PlanOutline, bound: str | None) -> str:
    return (
        f"Pace: at {short_pace(plan.pace)} new domains a month ({plan.pace_source}) the gap takes "
        f"{say_months(plan.months, bound)}, if rivals stand still and the site's whole pace goes to this "
        "page."
    )


def _moving_fact(
    plan: PlanOutline, moving: MovingGoal, velocity: Velocity, bound: str | None
) -> str:
    """Say how long it takes if rivals go on growing."""
    found = [moving.months.high, moving.months.middle, moving.months.low]
    known = [count for count in found if count is not None]
    slowest = f"{precise(plan.pace.low)} a month"
    if not known:
        time = "it is never closed at this pace"
    else:
        span = show(known[0]) if known[0] == known[-1] else f"{show(known[0])}-{show(known[-1])}"
        time = f"it takes {with_bound(bound, span)} {'month' if span == '1' else 'months'}"
        time += f", and it is never closed at {slowest}" if moving.never else ""
    return (
        f"Moving goal: rivals win {show(velocity.per_month or 0)} a month ({velocity.kind}, counted "
        f"domains, median of {count_pages(velocity.pages)}). If they go on, {time}."
    )


def _strength_fact(sites: SiteStrength) -> str:
    similar = ""
    if sites.similar_median is not None:
        similar = f"; the {sites.similar_n} sites within 20 points have a median of {show(sites.similar_median)}"
    return f"Site strength: {sites.metric} {sites.own:g}, the median site has {sites.median:g}{similar}."


def profile_sections(
    result: GapResult, answer: KeywordResult, profile: SiteProfile
) -> Iterator[Section]:
    """Give the site's figures, its pages with most domains, and what to add for a gap."""
    yield Section(None, (Notes((("LINK PROFILE", _figures(profile)),)),))
    yield Section(None, (_page_grid(answer),))
    other = tuple(c for c in answer.cautions if c.code not in _SAID)
    checks, _ = split_cautions((*other, *result.cautions), answer)
    notes = labelled("Check", checks)
    advice = (
        "To see a gap, add the SERP export of a keyword and link exports of the pages that rank; "
        "--target URL is your page."
    )
    yield Section(None, (Notes((*notes, ("Next", advice))),))


def _figures(profile: SiteProfile) -> str:
    whose = profile.site or "These sites"
    has = "has" if profile.site else "have"
    return (
        f"{whose} {has} {show(profile.domains)} live referring domains on "
        f"{count_pages(profile.pages)}; {show(profile.kept)} pass the quality rules."
        + (f" {show(profile.lost)} links are lost." if profile.lost else "")
    )


def _page_grid(answer: KeywordResult) -> Grid:
    return Grid.listing(
        (
            GridColumn("Pages with most domains", "url"),
            *numbers("Raw", "Counted"),
            GridColumn("", "bar"),
        ),
        sorted(every_page(answer), key=_most_domains_first),
        lambda page: (page.url or "", page.listed, page.kept, BarCell(page.kept)),
        _MOST_PAGES,
    )


def _most_domains_first(page: AnyPage) -> tuple[int, int, str]:
    return -(page.kept or 0), -(page.listed or 0), page.page or ""
