"""What the user must know before trusting the numbers, each in a sentence."""

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from gapcalc.analyses import kd
from gapcalc.analyses.measure import Measured, Table
from gapcalc.analyses.question import Question
from gapcalc.analyses.strength import is_weaker
from gapcalc.analyses.verdict import show
from gapcalc.results import KdBenchmark, Number, SiteStrength, Statistics
from gapcalc.words import Basis, vendor_name

_NAMED = 3


class CautionFacts(NamedTuple):
    """What bears on the answer beside the measured pages.

    `lacking` are the pages whose missing link list kept the basis from being `kept`.
    """

    basis: Basis
    figures: Statistics
    lacking: tuple[str, ...]
    strength: SiteStrength | None
    scale: KdBenchmark | None
    raw_median: Number | None


def collect(table: Table, facts: CautionFacts, question: Question) -> tuple[str, ...]:
    """Give the cautions that hold, the weightiest first."""
    basis, figures = facts.basis, facts.figures
    return tuple(
        caution
        for caution in (
            *_about_basis(table, facts),
            *_about_lists(table, basis, figures),
            *_about_own_page(table, basis, question),
            *_about_pages(table, basis),
            *_about_vendors(table, basis),
            *_about_rules(table, basis),
            *_about_figures(figures),
            _about_strength(facts.strength),
            kd.disagreement(facts.scale, facts.raw_median),
        )
        if caution
    )


def _about_strength(strength: SiteStrength | None) -> str | None:
    if strength is None or not is_weaker(strength):
        return None
    return (
        f"Your site is {show(strength.median - strength.own)} points of {strength.metric} weaker than "
        "the median site: the real need is likely above the median."
    )


def _names(pages: Sequence[str]) -> str:
    shown = ", ".join(pages[:_NAMED])
    return f"{shown} and {len(pages) - _NAMED} more" if len(pages) > _NAMED else shown


def _about_basis(table: Table, facts: CautionFacts) -> Iterator[str]:
    sources = {page.counts[facts.basis].source for page in table.counted(facts.basis)}
    any_list = any(page.vendors for page in table.measured)
    if sources == {"vendor"}:
        yield (
            "The counts are the vendor's own totals: junk links are still inside them. "
            "Add link exports of the pages to have them checked."
        )
    if facts.lacking and any_list:
        yield f"The answer is on raw counts, because there is no link list for: {_names(facts.lacking)}."
    if sources == {"vendor", "links"}:
        yield "Raw counts mix vendor totals and counted links, because not every page has a vendor total."


def _about_lists(table: Table, basis: Basis, figures: Statistics) -> Iterator[str]:
    cut = [page for page in table.comparable if page.is_lower_bound(basis)]
    if cut:
        effect = (
            'so the median is "at least"'
            if figures.bound == "at least"
            else "but they stand at or above the median, which is exact"
        )
        yield f"The link lists of {_names([p.candidate.url for p in cut])} are incomplete, {effect}."
    if table.own is not None and table.own.is_lower_bound(basis):
        yield 'The link list of your own page is incomplete, so the gap is "at most".'


def _about_own_page(table: Table, basis: Basis, question: Question) -> Iterator[str]:
    own = table.own
    if own is None:
        yield "No --target and no --own-rds: your own page is not known, so there is no gap."
    elif basis not in own.counts:
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
    unknown = [p.candidate.url for p in table.comparable if basis not in p.counts]
    if unknown:
        yield f"Left out of the median, because their {basis} count is unknown: {_names(unknown)}."
    scope = [page for page in table.pages if page.candidate.left_out == "site-scope"]
    if scope:
        yield (
            f"{len(scope)} pages belong to sites with several target pages (a site-scope export), and "
            "none of them is taken as comparable. Name those that rank with --competitor, or add a SERP."
        )


def _about_vendors(table: Table, basis: Basis) -> Iterator[str]:
    measured = table.measured
    lists = [(page.vendors, page.candidate.page) for page in measured if page.links]
    totals = [
        (frozenset({page.candidate.total_vendor}), page.candidate.page)
        for page in measured
        if page.candidate.total_vendor and _is_total(page, basis)
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


def _is_total(page: Measured, basis: Basis) -> bool:
    count = page.counts.get(basis)
    return count is not None and count.source == "vendor"


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
