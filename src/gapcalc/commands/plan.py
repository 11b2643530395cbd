"""Plans how the gaps of all keywords are closed: in which order, in how many months, for how much."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from gapcalc.analyses import schedule
from gapcalc.analyses.plan import cost_of, yearly_pace
from gapcalc.analyses.schedule import Wanted
from gapcalc.commands.gap import Answered, answer_gap
from gapcalc.results.gap import Bound, KeywordResult
from gapcalc.results.plan import (
    PageNeed,
    PlannedKeyword,
    PlanResult,
    Schedule,
    ScheduledMonth,
    YearlyPace,
)
from gapcalc.settings import Settings
from gapcalc.stats import months, whole
from gapcalc.workspace import Workspace

SCHEMA = "gapcalc.plan/1"
_NAMELESS = "(no keyword)"


class Planned(NamedTuple):
    """A plan, and the answers that it rests on."""

    result: PlanResult
    answered: Answered


def answer_plan(
    names: Sequence[str], settings: Settings, today: date, workspace: Workspace
) -> Planned:
    """Answer the gap question for the named inputs, and plan how the gaps are closed.

    Raises GapcalcError for whatever the user can mend.
    """
    answered = answer_gap(names, settings, today, workspace)
    found = answered.result
    keywords = tuple(map(_planned, found.keywords))
    shared = plan_together(keywords, settings) if len(keywords) > 1 else None
    result = PlanResult(
        schema=SCHEMA,
        tool=found.tool,
        as_of=found.as_of,
        inputs=found.inputs,
        method=found.method,
        price=None if settings.price is None else whole(settings.price),
        keywords=_with_months(keywords, shared) if shared else keywords,
        schedule=shared,
        cautions=found.cautions,
    )
    return Planned(result, answered)


def _planned(answer: KeywordResult) -> PlannedKeyword:
    """Give what it takes for a keyword; with too little data no need is given as an answer."""
    own, code = answer.target_page, answer.verdict.code
    need = None if code == "too-little-data" else answer.gap.to_median
    twelfths = answer.velocity.twelfths if answer.velocity else None
    return PlannedKeyword(
        keyword=answer.keyword,
        country=answer.country,
        url=own.url if own else None,
        page=own.page if own else None,
        basis=answer.basis,
        own=own.count if own else None,
        goal=answer.goals.median,
        need=need,
        bound=None if need is None else answer.gap.bound,
        verdict=code,
        sentence=answer.verdict.sentence,
        plan=None if need is None else answer.plan,
        velocity=answer.velocity,
        in_a_year=None
        if need is None
        else YearlyPace(
            yearly_pace(need, 0), None if twelfths is None else yearly_pace(need, twelfths)
        ),
        reached_in=None,
        cautions=answer.cautions,
    )


def plan_together(keywords: Sequence[PlannedKeyword], settings: Settings) -> Schedule | None:
    """Order the pages under one shared pace: the middle one, of the keyword where it is lowest.

    None where no need or no pace is known.
    """
    plans = [keyword.plan for keyword in keywords if keyword.plan]
    known = [keyword for keyword in keywords if keyword.need is not None]
    if not plans or not known:
        return None
    slowest = min(plans, key=lambda plan: plan.pace.middle)
    pace = slowest.pace.middle
    stages = schedule.order(map(_wanted, known))
    domains = sum(stage.domains for stage in stages)
    return Schedule(
        pace=pace,
        pace_source=slowest.pace_source,
        domains=domains,
        months=months(domains, pace),
        cost=cost_of(domains, settings.price),
        bound=_bound_of(known),
        horizon=settings.horizon,
        pages=tuple(_pages(known)),
        by_month=tuple(
            ScheduledMonth(*share) for share in schedule.by_month(stages, pace, settings.horizon)
        ),
        unplanned=tuple(sorted(_name(one) for one in keywords if one.need is None)),
    )


def _with_months(
    keywords: Sequence[PlannedKeyword], shared: Schedule
) -> tuple[PlannedKeyword, ...]:
    stages = schedule.order(_wanted(one) for one in keywords if one.need is not None)
    reached = schedule.reached_in(stages, shared.pace)
    return tuple(
        replace(one, reached_in=reached.get((one.page or "", _name(one)))) for one in keywords
    )


def _wanted(keyword: PlannedKeyword) -> Wanted:
    return Wanted(keyword.page or "", _name(keyword), keyword.need or 0)


def _name(keyword: PlannedKeyword) -> str:
    name = keyword.keyword or _NAMELESS
    return f"{name} · {keyword.country}" if keyword.country else name


def _bound_of(known: Sequence[PlannedKeyword]) -> Bound | None:
    bounds = {keyword.bound for keyword in known} - {"exact"}
    return "exact" if not bounds else bounds.pop() if len(bounds) == 1 else None


def _pages(known: Sequence[PlannedKeyword]) -> list[PageNeed]:
    pages = {keyword.page or "": keyword.url or "" for keyword in known}
    found = []
    for page, url in sorted(pages.items()):
        mine = [keyword for keyword in known if (keyword.page or "") == page]
        need = max(keyword.need or 0 for keyword in mine)
        found.append(PageNeed(url, page, need, tuple(sorted(map(_name, mine)))))
    return found
