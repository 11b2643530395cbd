"""Composes leads as a report to hand over."""

from collections.abc import Iterator

from gapcalc.reports.document import Chapter, Figure, FullReport, Grid, Notes, Section, Sentence
from gapcalc.reports.views import prospects
from gapcalc.reports.whole.closing import closing, opening, taken_out, without_more
from gapcalc.results.prospects import ProspectsResult

_MOST_LEADS = 5_000
_MOST_LOST = 1_000
_MOST_KEYWORDS = 1_000
_BEST = 10
_QUESTION = "Which domains link to these pages and not to ours?"


def compose(result: ProspectsResult) -> FullReport:
    """Give the whole report: the best leads first, then every one."""
    cautions = (*(c for one in result.keywords for c in one.cautions), *result.cautions)
    best = (_best(result),) if result.prospects else ()
    return FullReport(
        opening(result, _QUESTION, prospects.title_of(result)),
        prospects.headline(result),
        tuple(_figures(result)),
        (Section(None, (Sentence(result.note),)), *best),
        (
            Chapter("leads", "Every lead", tuple(lead_sections(result, _MOST_LEADS))),
            taken_out(result, None),
            *closing(result, cautions),
        ),
    )


def _best(result: ProspectsResult) -> Section:
    """Give the first leads; the others follow further down."""
    (grid, legend) = prospects.lead_section(result, _BEST).blocks
    shown = grid._replace(more=0) if isinstance(grid, Grid) else grid
    return Section("The first ones", (shown, legend))


def _figures(result: ProspectsResult) -> Iterator[Figure]:
    yield Figure("domains to ask", len(result.prospects))
    if len(result.keywords) == 1:
        counts = result.keywords[0].counts
        yield Figure("domains behind the compared pages", counts.behind)
        yield Figure("link to your page already", counts.links_to_target)
    else:
        yield Figure("keywords", len(result.keywords))
    yield Figure("lost to you", len(result.lost_to_us))


def lead_sections(result: ProspectsResult, most: int) -> Iterator[Section]:
    """Give at most `most` leads, those of each keyword, those lost, and what to do next."""
    if result.prospects:
        yield prospects.lead_section(result, most)
    if len(result.keywords) > 1:
        yield prospects.keyword_section(result, _MOST_KEYWORDS)
    if result.lost_to_us:
        yield prospects.lost_section(result, _MOST_LOST)
    if notes := without_more(prospects.notes(result)):
        yield Section(None, (Notes(notes),))
