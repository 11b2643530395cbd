"""Composes an audit as a report to hand over."""

from collections.abc import Iterator

from gapcalc.reports.document import (
    Chapter,
    Figure,
    FullReport,
    Grid,
    GridColumn,
    Notes,
    Section,
    bounded,
    numbers,
)
from gapcalc.reports.views import audit
from gapcalc.reports.views.pictures import bands_picture, history_picture
from gapcalc.reports.whole.closing import closing, opening, pictures, taken_out
from gapcalc.results.audit import AuditResult

_MOST_NAMES = 50
_MOST_MONTHS = 60
_MOST_LINKS = 5_000
_QUESTION = "What is this link profile worth?"


def compose(result: AuditResult) -> FullReport:
    """Give the whole report: what stands out first."""
    domains = result.domains
    drawn = pictures(bands_picture(result))
    return FullReport(
        opening(result, _QUESTION, audit.title_of(result)),
        audit.headline(result),
        (
            Figure("counted referring domains", bounded(domains.bound, domains.counted)),
            Figure("live referring domains", bounded(domains.bound, domains.live)),
            Figure("live links", result.links_listed.live),
            Figure("domains lost", domains.lost),
        ),
        (
            Section(None, (Notes(tuple(audit.stands_out(result))),)),
            *((Section(None, drawn),) if drawn else ()),
        ),
        tuple(_chapters(result)),
    )


def _chapters(result: AuditResult) -> Iterator[Chapter]:
    shares = tuple(audit.share_blocks(result, _MOST_NAMES))
    yield Chapter("shares", "The shares", (Section(None, shares), *_many_links(result)))
    months = (*pictures(history_picture(result)), *audit.month_blocks(result, _MOST_MONTHS))
    yield Chapter("months", "New and lost by month", (Section(None, months),))
    if result.links is not None:
        links = audit.link_grid(result, _MOST_LINKS)
        yield Chapter("links", "Every link, and what became of it", (Section(None, (links,)),))
    yield taken_out(result, result.domains.dropped)
    yield from closing(result, result.cautions)


def _many_links(result: AuditResult) -> Iterator[Section]:
    if result.many_links:
        columns = (GridColumn("Domain", "url"), *numbers("Live links"))
        rows = tuple((one.domain, one.links) for one in result.many_links)
        yield Section("Domains with most links", (Grid(columns, rows),))
