"""Presents a plan: the months at each pace, how fast rivals grow, the cost, and the order."""

from collections.abc import Iterator, Sequence
from functools import partial
from math import ceil
from typing import get_args

from gapcalc.analyses.keywords import tell_apart
from gapcalc.reports.document import (
    Block,
    Cell,
    Document,
    Grid,
    GridColumn,
    Notes,
    Report,
    Section,
    Sentence,
    labelled,
    numbers,
)
from gapcalc.reports.views.rows import moving_months, plan_rows
from gapcalc.reports.views.wording import (
    describe_data,
    precise,
    say_amount,
    say_months,
    short_pace,
    write_month,
)
from gapcalc.results.plan import PlannedKeyword, PlanResult, Schedule, ScheduledMonth, YearlyPace
from gapcalc.results.shared import (
    Bound,
    Caution,
    Number,
    PageVelocity,
    PlanOutline,
    Scenario,
    Velocity,
)
from gapcalc.text import count_of, count_pages, show, with_bound

MOST_ROWS = 25
_MOST_CAUTIONS = 3
_NEVER = "never at this pace"

_WHAT_A_RANGE_IS = (
    "Practitioners plan such ranges for a whole site; they are no rule of a search engine. The months "
    "hold if all of it goes to this page."
)


def report(result: PlanResult) -> Report:
    """Give a plan in every form that output formats are made from."""
    return Report(
        result,
        partial(view, result),
        records=lambda: ({"schema": result.schema, **vars(one)} for one in result.keywords),
        rows=partial(plan_rows, result),
    )


def view(result: PlanResult) -> Document:
    """Present a plan: in full for one keyword, by month and keyword for several."""
    sections = [Section(None, (headline(result),)), *main_sections(result, MOST_ROWS)]
    if notes := notes_on(result):
        sections.append(Section(None, (Notes(notes),)))
    return Document(title_of(result), tuple(sections), describe_data(result.inputs))


def title_of(result: PlanResult) -> str:
    """Name the subject of the plan."""
    if len(result.keywords) > 1:
        return f"Plan for {len(result.keywords):,} keywords"
    (one,) = result.keywords
    return " · ".join(part for part in (one.keyword or "Plan", one.country) if part)


def headline(result: PlanResult) -> Notes:
    """Say the plan in a sentence or two."""
    return Notes((("PLAN", _say_plan(result)),))


def _say_plan(result: PlanResult) -> str:
    if len(result.keywords) == 1:
        return _say_one(result.keywords[0])
    if result.schedule is not None:
        return _say_schedule(result.schedule)
    return "No months are known: no keyword has a known need and a pace. Give --target and --pace."


def main_sections(result: PlanResult, most: int) -> Iterator[Section]:
    """Give the months, with at most `most` rows in a table."""
    if len(result.keywords) > 1:
        return _several(result, most)
    return _alone(result.keywords[0], most)


def notes_on(result: PlanResult) -> tuple[tuple[str, str], ...]:
    """Give what to check and know, each behind its label."""
    if len(result.keywords) > 1:
        moving = any(one.plan and one.plan.moving for one in result.keywords)
        shared = _shared_notes(result.schedule, moving=moving) if result.schedule else ()
        return (*_checks_of(result.cautions), *shared)
    (one,) = result.keywords
    notes = _checks_of((*one.cautions, *result.cautions))
    if one.own is None:
        notes.append(("Next", "Name your page, or give its count: --target URL, --own-rds N"))
    return tuple(notes)


def _alone(one: PlannedKeyword, most: int) -> Iterator[Section]:
    if one.need:
        blocks: list[Block] = [_scenario_grid(one, one.plan)] if one.plan else []
        yield Section(None, (*blocks, Notes(tuple(_facts(one)))))
    if one.velocity and one.velocity.by_page:
        grid = _rival_grid(one.velocity, most)
        yield Section("Rivals", (grid, Sentence(_explain(one.velocity))))


def _say_one(one: PlannedKeyword) -> str:
    """Say what is needed, how long it takes at each pace, and what it costs."""
    if not one.need or one.plan is None:
        return one.sentence
    time = say_months(one.plan.months, one.bound)
    cost = f" and costs {say_amount(one.bound, one.cost)}" if one.cost is not None else ""
    return f"{one.sentence} At {short_pace(one.plan.pace)} a month that takes {time}{cost}."


def _scenario_grid(one: PlannedKeyword, plan: PlanOutline) -> Grid:
    names = get_args(Scenario) if plan.pace.low < plan.pace.high else ("middle",)
    moves = plan.moving is not None
    return Grid(
        (
            GridColumn("Pace" if len(names) > 1 else ""),
            *numbers("Domains a month", "Months"),
            *(numbers("If rivals grow") if moves else ()),
        ),
        tuple(
            (
                name if len(names) > 1 else "your pace",
                precise(getattr(plan.pace, name)),
                _bounded(one.bound, getattr(plan.months, name)),
                *((_moving_cell(one, name),) if moves else ()),
            )
            for name in names
        ),
    )


def _moving_cell(one: PlannedKeyword, name: Scenario) -> Cell:
    months = moving_months(one, name)
    return _NEVER if months == "never" else _bounded(one.bound, months)


def _bounded(bound: Bound | None, months: Cell) -> Cell:
    return with_bound(bound, show(months)) if isinstance(months, int) else months


def _facts(one: PlannedKeyword) -> Iterator[tuple[str, str]]:
    yield "Pace", _explain_pace(one.plan)
    if one.velocity:
        yield "Rivals", _say_velocity(one.velocity)
    if one.in_a_year and one.need:
        yield "One year", _say_year(one.bound, one.in_a_year)
    if one.cost is not None:
        price = "" if one.price is None else f" at {say_amount('exact', one.price)}"
        yield "Cost", f"{_say_cost(one.bound, one.cost, one.need or 0)}{price}"


def _explain_pace(plan: PlanOutline | None) -> str:
    if plan is None:
        return (
            "unknown, and so are the months: --pace N gives it, N new domains a month for this page; "
            "so does the Ahrefs DR of your site in a SERP export"
        )
    if plan.pace_source == "--pace":
        return "as given with --pace, for this page"
    return f"{plan.pace_source}. {_WHAT_A_RANGE_IS}"


def _say_velocity(velocity: Velocity) -> str:
    if velocity.per_month is None:
        return (
            f"unknown; {velocity.pages} of {count_pages(velocity.of)} to compare with have a list "
            "that tells when links were first seen, and it takes 3"
        )
    said = (
        f"they win {show(velocity.per_month)} a month ({velocity.kind}, counted domains, median of "
        f"{count_pages(velocity.pages)}, {_span(velocity)})"
    )
    if velocity.kind == "gross":
        said += ". Some lists show no lost links, so the true figure may be lower"
    if velocity.incomplete:
        lists = "list is" if velocity.incomplete == 1 else "lists are"
        said += f". {velocity.incomplete} of their {lists} incomplete, so it may be off"
    return said


def _span(velocity: Velocity) -> str:
    first, last = velocity.first_month or "", velocity.last_month or ""
    return f"{write_month(first)} - {write_month(last)}"


def _say_year(bound: Bound | None, year: YearlyPace) -> str:
    pace = with_bound(bound, _round_up(year.standing))
    said = f"{pace} a month would close the gap in 12 months"
    if year.moving is not None and year.moving != year.standing:
        said += f", and {_round_up(year.moving)} if rivals go on growing"
    return said


def _round_up(pace: Number) -> str:
    """Write a sufficient pace, rounded up to a tenth.

    >>> _round_up(37 / 12), _round_up(3)
    ('3.1', '3')
    """
    # A pace is in twelfths, so one this close to a tenth is that tenth with a float error.
    return show(ceil(round(pace * 10, 6)) / 10)


def _say_cost(bound: Bound | None, cost: Number, need: int) -> str:
    return f"{say_amount(bound, cost)}: {count_of(need, 'domain')}"


def _rival_grid(velocity: Velocity, most: int) -> Grid:
    columns = (
        GridColumn("Page", "url"),
        *numbers("Won", "Lost", unknown="unknown"),
        *numbers("A month"),
        GridColumn(""),
    )
    return Grid.listing(columns, velocity.by_page, _rival_row, most).without_empty({4})


def _rival_row(page: PageVelocity) -> tuple[Cell, ...]:
    return page.url, page.won, page.lost, page.per_month, page.unknown or ""


def _explain(velocity: Velocity) -> str:
    if velocity.first_month is None:
        return "Counted domains won and lost in the last 6 full months of data."
    return (
        f"Counted domains won and lost, {_span(velocity)}. A domain is won when its first link was "
        "first seen, and lost with its last link."
    )


def _checks_of(cautions: Sequence[Caution]) -> list[tuple[str, str]]:
    texts = [caution.text for caution in cautions]
    shown = texts[:_MOST_CAUTIONS]
    if more := len(texts) - len(shown):
        shown.append(f"{more} more: gapcalc gap --details shows them")
    return labelled("Check", shown)


def _several(result: PlanResult, most: int) -> Iterator[Section]:
    if result.schedule and result.schedule.by_month:
        yield Section("By month", (_month_grid(result.schedule, most),))
    yield Section("By keyword", (_keyword_grid(result, most),))


def _say_schedule(shared: Schedule) -> str:
    count = sum(page.need > 0 for page in shared.pages)
    if shared.bound == "exact" and not shared.domains:
        return "No page of yours needs more domains."
    domains = with_bound(shared.bound, show(shared.domains))
    months = with_bound(shared.bound, count_of(shared.months, "month"))
    return (
        f"{count_pages(count)} of yours {'needs' if count == 1 else 'need'} {domains} domains, which "
        f"takes {months} at {precise(shared.pace)} a month. A page counts once, with its largest need."
    )


def _month_grid(shared: Schedule, most: int) -> Grid:
    columns = (
        *numbers("Month"),
        GridColumn("Page", "url"),
        *numbers("Domains"),
        GridColumn("Reached by its end", "keyword"),
    )
    return Grid.listing(columns, shared.by_month, _month_row, most)._replace(more_in="json")


def _month_row(share: ScheduledMonth) -> tuple[Cell, ...]:
    month = "now" if share.month == 0 else share.month
    return month, share.page, share.domains or None, ", ".join(share.keywords)


def _keyword_grid(result: PlanResult, most: int) -> Grid:
    order = sorted(result.keywords, key=lambda one: (one.reached_in is None, one.reached_in or 0))
    columns = (
        GridColumn("Keyword", "keyword"),
        GridColumn("Page", "url"),
        *numbers("Yours", "Goal", "Need", unknown="unknown"),
        *numbers("Alone", "Moving", "Month"),
    )
    named = [*zip(tell_apart(order), order, strict=True)]
    grid = Grid.listing(columns, named, lambda one: _keyword_row(*one), most)
    return grid.without_empty({1, 5, 6, 7})


def _keyword_row(name: str, one: PlannedKeyword) -> tuple[Cell, ...]:
    return (
        name,
        "new page" if one.is_new else one.url,
        one.own,
        None if one.goal is None else _bounded(one.goal_bound, ceil(one.goal)),
        _bounded(one.bound, one.need),
        _bounded(one.bound, one.plan.months.middle) if one.plan else None,
        _bounded(one.bound, moving_months(one, "middle")),
        one.reached_in,
    )


def _shared_notes(shared: Schedule, *, moving: bool) -> Iterator[tuple[str, str]]:
    order = "most keywords are reached earliest. Alone: the months of a keyword by itself"
    yield "Order", f"{order}. Moving: the same if its rivals go on growing" if moving else order
    given = shared.pace_source == "--pace"
    source = "as given with --pace" if given else f"{shared.pace_source}. {_WHAT_A_RANGE_IS}"
    yield "Pace", f"{precise(shared.pace)} a month for all pages together, {source}"
    if shared.cost is not None:
        yield "Cost", _say_cost(shared.bound, shared.cost, shared.domains)
    if shared.months > shared.horizon:
        yield "Later", f"what comes after month {shared.horizon} of --horizon is in By keyword only"
    if shared.unplanned:
        yield "Unknown", f"no need is known for {', '.join(shared.unplanned)}"
    yield "More", "gapcalc gap --keyword NAME shows one keyword in full"
