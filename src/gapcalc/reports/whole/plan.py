"""Composes a plan as a report to hand over."""

from collections.abc import Iterator

from gapcalc.reports.document import Chapter, Figure, FullReport, Notes, Section, Sentence, bounded
from gapcalc.reports.views import gap as gaps
from gapcalc.reports.views import keywords, plan
from gapcalc.reports.views.pictures import plan_picture
from gapcalc.reports.views.wording import precise, say_amount, short_months, short_pace
from gapcalc.reports.whole.closing import closing, opening, pictures, taken_out, without_more
from gapcalc.results.gap import GapResult
from gapcalc.results.plan import PlannedKeyword, PlanResult, Schedule

_MOST_ROWS = 2_000
_QUESTION = "How long does it take to close the gap?"


def compose(result: PlanResult, gap: GapResult | None = None) -> FullReport:
    """Give the whole report: the months first; `gap` is the answer that it rests on."""
    cautions = (*(c for one in result.keywords for c in one.cautions), *result.cautions)
    found = (
        _of_schedule(result.schedule)
        if result.schedule
        else (_of_keyword(result.keywords[0]) if len(result.keywords) == 1 else ())
    )
    drawn = pictures(plan_picture(result))
    sections = tuple(_plan_sections(result))
    # The plan of one keyword is short; of several, it is long.
    first, rest = (sections[:1], sections[1:]) if len(result.keywords) == 1 else ((), sections)
    return FullReport(
        opening(result, _QUESTION, plan.title_of(result)),
        plan.headline(result),
        tuple(found),
        (*((Section(None, drawn),) if drawn else ()), *first),
        (
            *([Chapter("plan", "The plan in full", rest)] if rest else ()),
            *([Chapter("gap", "The gap it closes", tuple(_gap(gap)))] if gap else ()),
            taken_out(result, None),
            *closing(result, cautions),
        ),
    )


def _gap(result: GapResult) -> Iterator[Section]:
    """Give the goals and the pages of one keyword, a row for each of several."""
    if len(result.keywords) == 1:
        (answer,) = result.keywords
        yield from gaps.goal_sections(result, answer)
        yield from gaps.page_sections(answer, _MOST_ROWS)
    else:
        yield keywords.table_section(result, _MOST_ROWS)


def _of_schedule(shared: Schedule) -> Iterator[Figure]:
    yield Figure("months for all pages", bounded(shared.bound, shared.months))
    yield Figure("domains to win", bounded(shared.bound, shared.domains))
    yield Figure("domains a month", precise(shared.pace))
    if shared.cost is not None:
        yield Figure("cost", say_amount(shared.bound, shared.cost))


def _of_keyword(one: PlannedKeyword) -> Iterator[Figure]:
    if one.need and one.plan:
        yield Figure("months to close the gap", short_months(one.plan.months, one.bound))
        yield Figure("domains a month", short_pace(one.plan.pace))
    if one.need is not None:
        yield Figure("domains to win", bounded(one.bound, one.need))
    if one.cost is not None:
        yield Figure("cost", say_amount(one.bound, one.cost))


def plan_sections(result: PlanResult) -> Iterator[Section]:
    """Give the plan in pictures and tables, for a report on more than it."""
    ((_, said),) = plan.headline(result).notes
    yield Section(None, (Sentence(said), *pictures(plan_picture(result))))
    yield from _plan_sections(result)


def _plan_sections(result: PlanResult) -> Iterator[Section]:
    yield from plan.main_sections(result, _MOST_ROWS)
    if notes := without_more(plan.notes_on(result)):
        yield Section(None, (Notes(notes),))
