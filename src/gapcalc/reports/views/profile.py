"""Presents a site by its own links, where no input has pages to compare it with."""

from collections.abc import Iterator

from gapcalc.reports.document import BarCell, Grid, GridColumn, Notes, Section, labelled, numbers
from gapcalc.reports.views.advice import split_cautions
from gapcalc.reports.views.rows import AnyPage, every_page
from gapcalc.results.gap import GapResult, KeywordResult, SiteProfile
from gapcalc.text import count_pages, show

_MOST_PAGES = 10
_SAID = frozenset({"site-scope"})
"""Cautions that the advice covers as well."""


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
    pages = sorted(every_page(answer), key=_most_domains_first)
    shown = pages[:_MOST_PAGES]
    return Grid(
        (
            GridColumn("Pages with most domains", "url"),
            *numbers("Raw", "Counted"),
            GridColumn("", "bar"),
        ),
        tuple((page.url or "", page.listed, page.kept, BarCell(page.kept)) for page in shown),
        more=len(pages) - len(shown),
    )


def _most_domains_first(page: AnyPage) -> tuple[int, int, str]:
    return -(page.kept or 0), -(page.listed or 0), page.page or ""
