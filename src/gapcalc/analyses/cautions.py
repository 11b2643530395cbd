"""What the user must know before trusting the numbers, each in a sentence."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from gapcalc.analyses import benchmark
from gapcalc.analyses.measure import Table
from gapcalc.analyses.question import Question
from gapcalc.analyses.strength import is_weaker
from gapcalc.results import KdBenchmark, Number, SiteStrength, Statistics
from gapcalc.rows import LinkCounts, SerpRow
from gapcalc.text import show, vendor_name
from gapcalc.words import Basis

_NAMED = 3


class CautionFacts(NamedTuple):
    """What else bears on the answer.

    `lacking` are the pages whose missing link list kept the basis from being `kept`; `vendors`
    are the vendors whose lists measured each page.
    """

    rows: tuple[SerpRow, ...]
    lacking: tuple[str, ...]
    scale: KdBenchmark | None
    raw_median: Number | None
    vendors: Mapping[str, frozenset[str]]
    strength: SiteStrength | None


def _about_strength(strength: SiteStrength | None) -> str | None:
    if strength is None or not is_weaker(strength):
        return None
    return (
        f"Your site is {show(strength.median - strength.own)} points of {strength.metric} weaker than "
        "the median site: the real need is likely above the median."
    )


def measuring_vendors(table: Table, counts: LinkCounts | None) -> dict[str, frozenset[str]]:
    """Give, for each page with a link list, the vendors of its files."""
    vendors = {file.input: file.vendor for file in counts.files} if counts else {}
    every = [*table.comparable, *([table.own] if table.own else [])]
    return {
        page.candidate.page: frozenset(vendors[number] for number in page.links.inputs)
        for page in every
        if page.links is not None
    }


def collect(
    table: Table, figures: Statistics, basis: Basis, heard: CautionFacts, question: Question
) -> tuple[str, ...]:
    """Give the cautions that hold, the weightiest first."""
    return tuple(
        caution
        for caution in (
            *_about_basis(table, basis, heard),
            *_about_lists(table, basis, figures),
            *_about_own_page(table, basis, question),
            *_about_pages(table, basis),
            *_about_vendors(table, basis, heard),
            *_about_rules(table, basis),
            *_about_figures(figures),
            _about_strength(heard.strength),
            benchmark.disagreement(heard.scale, heard.raw_median),
        )
        if caution
    )


def _names(pages: list[str]) -> str:
    shown = ", ".join(pages[:_NAMED])
    return f"{shown} and {len(pages) - _NAMED} more" if len(pages) > _NAMED else shown


def _about_basis(table: Table, basis: Basis, heard: CautionFacts) -> Iterator[str]:
    sources = {table.figure(page, basis)[1] for page in table.comparable} - {None}
    if sources == {"vendor"}:
        yield (
            "The counts are the vendor's own totals: junk links are still inside them. "
            "Add link exports of the pages to have them checked."
        )
    if heard.lacking and heard.vendors:
        yield f"The answer is on raw counts, because there is no link list for: {_names(list(heard.lacking))}."
    if sources == {"vendor", "links"}:
        yield "Raw counts mix vendor totals and counted links, because not every page has a vendor total."


def _about_lists(table: Table, basis: Basis, figures: Statistics) -> Iterator[str]:
    cut = [page for page in table.comparable if table.is_lower_bound(page, basis)]
    if cut:
        effect = (
            'so the median is "at least"'
            if figures.bound == "at least"
            else "but they stand at or above the median, which is exact"
        )
        yield f"The link lists of {_names([p.candidate.url for p in cut])} are incomplete, {effect}."
    if table.own is not None and table.is_lower_bound(table.own, basis):
        yield 'The link list of your own page is incomplete, so the gap is "at most".'


def _about_own_page(table: Table, basis: Basis, question: Question) -> Iterator[str]:
    own = table.own
    if own is None:
        yield "No --target and no --own-rds: your own page is not known, so there is no gap."
    elif table.count(own, basis) is None:
        if question.own_rds is not None and own.given:
            yield f"--own-rds is a raw count; on the {basis} basis your own count is unknown."
        elif own.has_figure:
            yield f"Your own page has no {basis} count."
        else:
            yield (
                "No input has a count for your own page: add its link export, "
                "an empty one bound with --links-for, or --own-rds."
            )
    if own is not None and not own.given and question.own_rds is not None:
        yield f"--own-rds {question.own_rds} is not used: the input has a count for your page."


def _about_pages(table: Table, basis: Basis) -> Iterator[str]:
    unknown = [p.candidate.url for p in table.comparable if table.count(p, basis) is None]
    if unknown:
        yield f"Left out of the median, because their {basis} count is unknown: {_names(unknown)}."
    scope = [page for page in table.pages if page.candidate.left_out == "site-scope"]
    if scope:
        yield (
            f"{len(scope)} pages belong to sites with several target pages (a site-scope export), and "
            "none of them is taken as comparable. Name those that rank with --competitor, or add a SERP."
        )


def _about_vendors(table: Table, basis: Basis, heard: CautionFacts) -> Iterator[str]:
    measured = [*table.comparable, *([table.own] if table.own else [])]
    lists = [(vendors, page) for page, vendors in heard.vendors.items()]
    totals = [
        (frozenset({page.candidate.total_vendor}), page.candidate.page)
        for page in measured
        if page.candidate.total_vendor and table.figure(page, basis)[1] == "vendor"
    ]
    for what, groups in (("links", _grouped(lists)), ("totals", _grouped(totals))):
        if len(groups) > 1:
            parts = "; ".join(f"{names}: {_names(pages)}" for names, pages in groups)
            yield f"Pages are measured with different vendors' {what}, which bends the gap ({parts})."
    disputed = sum(page.links.disputed for page in measured if page.links)
    if disputed:
        yield (
            f"{disputed} {'domain counts' if disputed == 1 else 'domains count'} as kept though one "
            "vendor's links would drop it: another's link passes every rule."
        )


def _grouped(pages: Sequence[tuple[Collection[str], str]]) -> list[tuple[str, list[str]]]:
    """Put pages together by the names of their vendors, in order of the names."""
    groups: dict[str, list[str]] = {}
    for vendors, page in pages:
        groups.setdefault(" and ".join(map(vendor_name, sorted(vendors))), []).append(page)
    return sorted(groups.items())


def _about_rules(table: Table, basis: Basis) -> Iterator[str]:
    partly = [rule for rule in table.left_rules if rule in table.some_rules]
    if partly and basis != "raw":
        yield (
            f"Some files lack the columns for: {', '.join(partly)}. These rules are left out "
            "for all pages, so that no page is judged more strictly than another."
        )


def _about_figures(figures: Statistics) -> Iterator[str]:
    if (
        figures.stretch is not None
        and figures.entry is not None
        and figures.stretch < figures.entry
    ):
        yield f"The top three rank with fewer links (median {show(figures.stretch)}) than the lower half."
    without = figures.without_flagged
    if without is not None and without.median is not None and figures.median is not None:
        yield (
            f"Without the flagged pages the median is {show(without.median)} over {without.n} pages "
            f"(with them {show(figures.median)})."
        )
