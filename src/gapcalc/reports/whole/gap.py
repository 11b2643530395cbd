"""Composes a gap answer as a report to hand over, with its leads and its plan."""

from collections.abc import Iterator, Sequence
from math import ceil
from typing import NamedTuple

from gapcalc.analyses.keywords import known_need
from gapcalc.analyses.verdict import FEWEST_PAGES
from gapcalc.reports.document import (
    Block,
    Chapter,
    Figure,
    FullReport,
    Items,
    Notes,
    Section,
    Sentence,
    bounded,
    labelled,
)
from gapcalc.reports.views import gap, keywords
from gapcalc.reports.views.advice import advise
from gapcalc.reports.views.details import figures, profile_sections, vendor_sections
from gapcalc.reports.views.pictures import (
    kd_picture,
    keywords_picture,
    pages_picture,
    waterfall_picture,
)
from gapcalc.reports.views.prospects import headline
from gapcalc.reports.views.wording import bound_of_own, short_months
from gapcalc.reports.whole.closing import closing, opening, taken_out
from gapcalc.reports.whole.plan import plan_sections
from gapcalc.reports.whole.prospects import lead_sections
from gapcalc.results.gap import GapResult, KeywordResult, SiteProfile
from gapcalc.results.plan import PlanResult
from gapcalc.results.prospects import ProspectsResult
from gapcalc.text import count_of

MOST_IN_FULL = 100
"""The most keywords with a chapter of their own; the table has all of them."""
MOST_DRAWN = 25
"""The most keywords with a chart of their pages; a chart takes a tenth of a second."""
_MOST_PAGES = 100
_MOST_LEADS = 500
_MOST_KEYWORDS = 5_000
_ON_FIRST_PAGE = 15
"""The most keywords with a table on the first page."""
_QUESTION = "How many referring domains does this page need?"


def compose(
    result: GapResult,
    prospects: ProspectsResult | None = None,
    plan: PlanResult | None = None,
    left_out: Sequence[str] = (),
) -> FullReport:
    """Give the whole report; `prospects` and `plan` are of the same inputs, where there are any.

    `left_out` says which of them is missing, and why.
    """
    beside = _Beside(prospects, plan, left_out)
    if len(result.keywords) + len(result.unanswered) > 1:
        return _several(result, beside)
    (answer,) = result.keywords
    if answer.site_profile is not None:
        return _profile(result, answer, answer.site_profile)
    return FullReport(
        opening(result, _QUESTION, gap.title_of(answer)),
        gap.headline(answer),
        tuple(_figures(answer)),
        (*_drawn(pages_picture(answer)), *gap.goal_sections(result, answer)),
        tuple(_chapters(result, answer, beside)),
    )


class _Beside(NamedTuple):
    """The leads and the plan beside a gap; which of them are missing, and why."""

    leads: ProspectsResult | None
    plan: PlanResult | None
    left_out: Sequence[str]

    def chapters(self) -> Iterator[Chapter]:
        """Give the leads and the plan, each as a chapter."""
        if self.leads is not None:
            ((_, said),) = headline(self.leads).notes
            opening = Section(None, (Sentence(said), Sentence(self.leads.note)))
            sections = (opening, *lead_sections(self.leads, _MOST_LEADS))
            yield Chapter("leads", "Domains to win first", sections)
        if self.plan is not None:
            yield Chapter("plan", "The plan", tuple(plan_sections(self.plan)))

    def notes(self) -> list[tuple[str, str]]:
        """Say what is missing."""
        return labelled("Left out", self.left_out)


def _figures(answer: KeywordResult) -> Iterator[Figure]:
    """Give the need first, or the goal if the need is unknown."""
    goal, own = answer.goals.median, answer.target_page
    need = known_need(answer)
    if need is not None:
        yield Figure("more referring domains to match the median", bounded(answer.gap.bound, need))
    if goal is not None and answer.goals.n >= FEWEST_PAGES:
        yield Figure("the typical page has", bounded(answer.goals.bound, ceil(goal)))
    if own is not None and own.count is not None:
        yield Figure("your page has", bounded(bound_of_own(own, answer.basis), own.count))
    if need and answer.gap.to_competitive is not None:
        bound = answer.gap.bounds.get("to_competitive", "exact")
        yield Figure("to be competitive", bounded(bound, answer.gap.to_competitive))
    if need and answer.plan is not None:
        yield Figure("months it takes", short_months(answer.plan.months, answer.gap.bound))


def _drawn(*found: Block | None) -> tuple[Section, ...]:
    blocks = tuple(block for block in found if block is not None)
    return (Section(None, blocks),) if blocks else ()


def _chapters(result: GapResult, answer: KeywordResult, beside: _Beside) -> Iterator[Chapter]:
    pages = tuple(gap.page_sections(answer, _MOST_PAGES))
    if pages:
        yield Chapter("pages", "The pages that rank", pages)
    yield from beside.chapters()
    checks, advice, _ = advise(result, answer, details=True)
    notes = (*labelled("Check", checks), *labelled("Next", advice), *beside.notes())
    yield Chapter("next", "What to check, and what to do next", (Section(None, (Notes(notes),)),))
    listed = any(page.listed is not None for page in answer.pages)
    dropped = answer.waterfall if listed else None
    yield taken_out(result, dropped, waterfall_picture(answer))
    more = (*_drawn(kd_picture(answer)), *_all_figures(result, answer))
    yield Chapter("figures", "All figures", more)
    yield from closing(result, (*answer.cautions, *result.cautions))


def _all_figures(result: GapResult, answer: KeywordResult) -> Iterator[Section]:
    yield from figures(result, answer, every=True)
    yield from vendor_sections(answer, fewest=2)


def _several(result: GapResult, beside: _Beside) -> FullReport:
    count = len(result.keywords)
    full = tuple(_chapters_in_full(result))
    leads_to = (*(chapter.anchor for chapter in full), *(None for _ in range(count - len(full))))
    table = keywords.table_section(result, _MOST_KEYWORDS, leads_to)
    drawn = _drawn(keywords_picture(result))
    first, then = ((table,), drawn) if count <= _ON_FIRST_PAGE else (drawn, (table,))
    notes = (*keywords.notes(result), *beside.notes())
    then = (*then, *_say_cut(result), *_what_next(notes))
    return FullReport(
        opening(result, _QUESTION, count_of(count, "keyword")),
        Notes((("SUMMARY", keywords.count_verdicts(result.keywords)),)),
        tuple(_total_figures(result)),
        (*first, *_drawn(*keywords.totals_blocks(result))),
        (
            *([Chapter("keywords", "The keywords", then)] if then else ()),
            *beside.chapters(),
            *full,
            taken_out(result, None),
            *closing(result, result.cautions),
        ),
    )


def _chapters_in_full(result: GapResult) -> Iterator[Chapter]:
    for place, answer in enumerate(result.keywords[:MOST_IN_FULL], start=1):
        sections = tuple(_in_full(result, answer, drawn=place <= MOST_DRAWN))
        yield Chapter(f"keyword-{place}", gap.title_of(answer), sections, folded=True)


def _total_figures(result: GapResult) -> Iterator[Figure]:
    totals = result.totals
    if totals is not None and totals.need is not None:
        yield Figure("more domains, for all your pages", bounded(totals.bound, totals.need))
    yield Figure("keywords", len(result.keywords))
    if totals is not None and totals.need is not None:
        yield Figure("pages of yours", len(totals.pages))
    if totals is not None and totals.months is not None and totals.need:
        yield Figure("months it takes", short_months(totals.months, totals.bound))


def _what_next(notes: tuple[tuple[str, str], ...]) -> tuple[Section, ...]:
    return (Section("To check, and what to do next", (Notes(notes),)),) if notes else ()


def _say_cut(result: GapResult) -> tuple[Section, ...]:
    more = len(result.keywords) - MOST_IN_FULL
    if more <= 0:
        return ()
    said = (
        f"The first {MOST_IN_FULL} keywords are shown in full further down, the first {MOST_DRAWN} of "
        f"them with a chart. The other {more:,} are in the table only: --keyword NAME gives a report "
        "on one of them."
    )
    return (Section(None, (Sentence(said),)),)


def _in_full(result: GapResult, answer: KeywordResult, *, drawn: bool) -> Iterator[Section]:
    yield Section(None, (gap.headline(answer),))
    yield from gap.goal_sections(result, answer)
    if drawn:
        yield from _drawn(pages_picture(answer))
    yield from gap.page_sections(answer, _MOST_PAGES)
    yield from _all_figures(result, answer)
    if answer.cautions:
        texts = tuple(caution.text for caution in answer.cautions)
        yield Section("Cautions", (Items(texts),))


def _profile(result: GapResult, answer: KeywordResult, profile: SiteProfile) -> FullReport:
    """Give the report on links alone, without a gap."""
    headline, *rest = profile_sections(result, answer, profile)
    (verdict,) = headline.blocks
    return FullReport(
        opening(result, _QUESTION, profile.site or "Several sites"),
        verdict if isinstance(verdict, Notes) else Notes(()),
        (
            Figure("counted referring domains", profile.kept),
            Figure("live referring domains", profile.domains),
            Figure("pages with links", profile.pages),
        ),
        tuple(rest),
        (
            Chapter("figures", "All figures", tuple(_all_figures(result, answer))),
            taken_out(result, None),
            *closing(result, (*answer.cautions, *result.cautions)),
        ),
    )
