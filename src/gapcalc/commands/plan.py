"""Plans how the gaps of all keywords are closed: in which order, in how many months, for how much."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from gapcalc.analyses.keywords import joint_bound, known_need, tell_apart
from gapcalc.analyses.plan import (
    KeywordNeed,
    Stage,
    add_costs,
    by_month,
    cost_of,
    order,
    reached_in,
    yearly_pace,
)
from gapcalc.analyses.verdict import FEWEST_PAGES
from gapcalc.commands.gap import Answered, answer_gap
from gapcalc.results.gap import KeywordResult
from gapcalc.results.plan import (
    PlannedKeyword,
    PlanResult,
    Schedule,
    ScheduledMonth,
    SharedNeed,
    YearlyPace,
)
from gapcalc.results.shared import PlanOutline, Totals, Velocity
from gapcalc.settings import Settings
from gapcalc.stats import months, whole
from gapcalc.workspace import Workspace

SCHEMA = "gapcalc.plan/1"


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
    return plan_for(answer_gap(names, settings, today, workspace), settings)


def plan_for(answered: Answered, settings: Settings) -> Planned:
    """Plan how the gaps of an answer are closed."""
    found, targets = answered.result, answered.targets
    keywords = tuple(
        _planned(answer, targets.price_of(answer.keyword, settings.price))
        for answer in found.keywords
    )
    shared = None
    if len(keywords) > 1:
        keywords, shared = _plan_together(keywords, found.totals, settings.horizon)
    result = PlanResult(
        schema=SCHEMA,
        tool=found.tool,
        as_of=found.as_of,
        inputs=found.inputs,
        method=found.method,
        keywords=keywords,
        schedule=shared,
        cautions=found.cautions,
    )
    return Planned(result, answered)


def _planned(answer: KeywordResult, price: float | None) -> PlannedKeyword:
    """Give what it takes for a keyword; with too little data no need is given as an answer."""
    own, code = answer.target_page, answer.verdict.code
    need = known_need(answer)
    knows_goal = answer.goals.n >= FEWEST_PAGES
    return PlannedKeyword(
        keyword=answer.keyword,
        country=answer.country,
        url=own.url if own else None,
        page=own.page if own else None,
        is_new=own is not None and own.chosen == "new",
        basis=answer.basis,
        own=own.count if own else None,
        goal=answer.goals.median if knows_goal else None,
        need=need,
        bound=None if need is None else answer.gap.bound,
        goal_bound=answer.goals.bound if knows_goal else None,
        verdict=code,
        sentence=answer.verdict.sentence,
        price=None if price is None else whole(price),
        cost=cost_of(need, price),
        plan=None if need is None else answer.plan,
        velocity=answer.velocity,
        in_a_year=_in_a_year(need, answer.velocity),
        reached_in=None,
        cautions=answer.cautions,
    )


def _in_a_year(need: int | None, velocity: Velocity | None) -> YearlyPace | None:
    if need is None:
        return None
    twelfths = velocity.twelfths if velocity else None
    moving = None if twelfths is None else yearly_pace(need, twelfths)
    return YearlyPace(yearly_pace(need, 0), moving)


def _plan_together(
    keywords: Sequence[PlannedKeyword], totals: Totals | None, horizon: int
) -> tuple[tuple[PlannedKeyword, ...], Schedule | None]:
    """Order the pages under one shared pace: the middle one, of the keyword where it is lowest.

    There is no schedule where no need or no pace is known.
    """
    names = tell_apart(keywords)
    wanted = [
        KeywordNeed(_page_of(one, name), name, one.need) if one.need is not None else None
        for one, name in zip(keywords, names, strict=True)
    ]
    known = [one for one in wanted if one]
    plans = [one.plan for one in keywords if one.plan]
    if not plans or not known:
        return tuple(keywords), None
    slowest = min(plans, key=lambda plan: plan.pace.middle)
    stages = order(known)
    reached = reached_in(stages, slowest.pace.middle)
    found = (
        replace(one, reached_in=reached[to_reach.page, to_reach.keyword] if to_reach else None)
        for one, to_reach in zip(keywords, wanted, strict=True)
    )
    shared = _schedule(stages, slowest, tuple(_share(keywords, wanted)), horizon)
    unplanned = tuple(name for name, one in zip(names, wanted, strict=True) if one is None)
    bound = joint_bound(page for page in totals.pages if page.need is not None) if totals else None
    return tuple(found), replace(shared, bound=bound, unplanned=unplanned)


def _schedule(
    stages: Sequence[Stage], plan: PlanOutline, pages: tuple[SharedNeed, ...], horizon: int
) -> Schedule:
    """Spread the stages over months at the middle pace of a plan."""
    pace = plan.pace.middle
    domains = sum(stage.domains for stage in stages)
    return Schedule(
        pace=pace,
        pace_source=plan.pace_source,
        domains=domains,
        months=months(domains, pace),
        cost=add_costs([page.cost for page in pages]),
        bound="exact",
        horizon=horizon,
        pages=pages,
        by_month=tuple(ScheduledMonth(*share) for share in by_month(stages, pace, horizon)),
        unplanned=(),
    )


def _page_of(keyword: PlannedKeyword, name: str) -> str:
    """Name the page that gets the domains; one that does not exist yet serves one keyword only."""
    return f"new page for {name}" if keyword.is_new else keyword.page or "your page"


def _share(
    keywords: Sequence[PlannedKeyword], wanted: Sequence[KeywordNeed | None]
) -> Iterator[SharedNeed]:
    """Give the largest need of each page, and the cost of its domains."""
    pages: dict[str, list[tuple[KeywordNeed, PlannedKeyword]]] = defaultdict(list)
    for to_reach, keyword in zip(wanted, keywords, strict=True):
        if to_reach:
            pages[to_reach.page].append((to_reach, keyword))
    for page, served in sorted(pages.items()):
        largest, keyword = max(served, key=lambda one: (one[0].need, one[0].keyword))
        names = tuple(sorted(to_reach.keyword for to_reach, _ in served))
        yield SharedNeed(keyword.url, page, largest.need, keyword.cost, names)
