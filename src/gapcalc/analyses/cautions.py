"""What the user must know before trusting the numbers, each in a sentence with a code."""

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from gapcalc.analyses import kd
from gapcalc.analyses.measure import Table
from gapcalc.analyses.question import Question, Target
from gapcalc.analyses.statistics import is_weaker, vendors_of
from gapcalc.results.gap import Gap, Goals, KdBenchmark, SiteStrength
from gapcalc.results.shared import Caution
from gapcalc.text import name_first, show, vendor_name
from gapcalc.words import COUNT_NAMES, Basis

_EFFECTS_OF_LISTS = {
    "exact": "but the median is the same",
    "at least": 'so the median is "at least"',
}
_EFFECTS_OF_OWN_LIST = {"exact": "but the gap is the same", "at most": 'so the gap is "at most"'}
"""What incomplete lists mean, by the bound of the median and of the gap."""


class CautionFacts(NamedTuple):
    """What bears on the answer beside the measured pages.

    `lacking` are the pages whose missing link list kept the basis from being `kept`; `raw` are the
    goals on the basis `raw`.
    """

    basis: Basis
    goals: Goals
    gap: Gap
    lacking: tuple[str, ...]
    strength: SiteStrength | None
    scale: KdBenchmark | None
    raw: Goals


def collect(table: Table, facts: CautionFacts, question: Question) -> Iterator[Caution]:
    """Give the cautions that hold, the weightiest first."""
    yield from _about_basis(table, facts)
    yield from _about_lists(table, facts)
    yield from _about_own_page(table, facts.basis, question)
    yield from _about_pages(table, facts.basis)
    yield from _about_vendors(table, facts.basis)
    yield from _about_rules(table, facts)
    yield from _about_goals(facts.goals)
    yield from _about_strength(facts.strength)
    yield from kd.disagreement(facts.scale, facts.raw.median)


def unsure_pages(table: Table, basis: Basis) -> tuple[str, ...]:
    """Name the measured pages whose count has bounds: their list is cut, or of another scope."""
    counted = [page for page in table.measured if basis in page.counts]
    return tuple(page.candidate.url for page in counted if page.counts[basis].bound != "exact")


def _about_basis(table: Table, facts: CautionFacts) -> Iterator[Caution]:
    sources = {page.sources[facts.basis] for page in table.counted(facts.basis)}
    if sources == {"vendor"}:
        yield Caution(
            "vendor-totals-only",
            "The counts are the vendor's own totals: junk links are still inside them. "
            "Add link exports of the pages to have them checked.",
        )
    if facts.lacking and any(page.vendors for page in table.measured):
        yield Caution(
            "no-link-list",
            "The answer is on raw counts, because there is no link list for: "
            f"{name_first(facts.lacking)}.",
        )
    if sources == {"vendor", "links"}:
        yield Caution(
            "mixed-raw-counts",
            "Raw counts mix vendor totals and counts of link lists, because neither is known for "
            "every page.",
        )


def _about_lists(table: Table, facts: CautionFacts) -> Iterator[Caution]:
    basis = facts.basis
    cut = [page.candidate.url for page in table.comparable if page.is_lower_bound(basis)]
    if cut:
        effect = _EFFECTS_OF_LISTS.get(facts.goals.bound or "", "so the median may be higher")
        lists = "list" if len(cut) == 1 else "lists"
        said = (
            f"The link {lists} of {name_first(cut)} {'is' if len(cut) == 1 else 'are'} incomplete"
        )
        yield Caution("incomplete-lists", f"{said}, {effect}.")
    if table.own is not None and table.own.is_lower_bound(basis):
        effect = _EFFECTS_OF_OWN_LIST.get(facts.gap.bound or "", "so you may need less")
        said = f"The link list of your own page is incomplete, {effect}."
        yield Caution("incomplete-own-list", said)
    other = [p.candidate.url for p in table.measured if p.may_be_of_another_scope(basis)]
    if other:
        yield _of_another_scope(other)


def _of_another_scope(pages: Sequence[str]) -> Caution:
    words = ("list", "seems", "it is", "has", "it")
    if len(pages) > 1:
        words = ("lists", "seem", "they are", "have", "them")
    lists, seem, they_are, have, them = words
    return Caution(
        "list-of-another-scope",
        f"The link {lists} of {name_first(pages)} {seem} to hold links to other pages: {they_are} of "
        f"the whole site, or {have} far more domains than the vendor counts for the page. Figures "
        f"from {them} may be too high or too low. Export the links to the exact page.",
    )


def _about_own_page(table: Table, basis: Basis, question: Question) -> Iterator[Caution]:
    own, name = table.own, COUNT_NAMES[basis]
    if own is None:
        yield Caution(
            "no-own-page",
            "No --target and no --own-rds: your own page is not known, so there is no gap.",
        )
        return
    yield from about_choice(table, basis, question.target)
    if own.unlisted:
        said = (
            "No link in the export of your whole site goes to your page, so it counts as 0. If the "
            "export was filtered, add the link export of the page itself."
        )
        yield Caution("page-not-in-site-export", said)
    if basis not in own.counts:
        if own.given:
            said = f"--own-rds is a raw count; your own number of {name} is unknown."
        elif own.has_figure:
            said = f"Your own page has no known number of {name}."
        else:
            said = (
                "No input has a count for your own page: add its link export, "
                "an empty one bound with --links-for, or --own-rds."
            )
        yield Caution("own-count-unknown", said)
    if not own.given and question.own_rds is not None:
        said = f"--own-rds {question.own_rds} is not used: the input has a count for your page."
        yield Caution("own-rds-not-used", said)


def about_choice(table: Table, basis: Basis, target: Target | None) -> Iterator[Caution]:
    """Say which page was taken for the one that was named, or which one may be meant."""
    if target is None:
        return
    if target.chosen == "best-ranking":
        position = table.own.candidate.position if table.own else None
        said = (
            f"--target {target.instead_of} is a site. Its best-ranking page stands for it"
            if target.instead_of
            else "Of the pages of your site, the one that ranks best here is taken"
        )
        yield Caution("best-ranking-page", f"{said}: {target.url} (#{position}).")
    elif target.chosen == "new":
        yield Caution(
            "new-page",
            "No page of yours is named or ranks for this keyword. A new page is assumed: it has 0 "
            "referring domains, so it needs the whole goal.",
        )
    elif target.instead_of:
        yield Caution(
            "target-matched",
            f"--target {target.instead_of} is taken as {target.url}: they differ only in upper and "
            "lower case.",
        )
    elif target.sibling is not None:
        url, page, position = target.sibling
        known = (p.value(basis) for p in table.pages if p.candidate.page == page)
        name = COUNT_NAMES[basis]
        counts = (f", {show(n)} {name[:-1] if n == 1 else name}" for n in known if n is not None)
        count = next(counts, "")
        yield Caution(
            "target-not-found",
            f"{target.url} does not rank here. Did you mean {url} (#{position}{count})?",
        )


def _about_pages(table: Table, basis: Basis) -> Iterator[Caution]:
    unknown = [p.candidate.url for p in table.comparable if basis not in p.counts]
    name = COUNT_NAMES[basis]
    if unreadable := [page.candidate.url for page in table.unreadable(basis)]:
        lists, them = ("list", "it") if len(unreadable) == 1 else ("lists", "them")
        said = (
            f"There is no median of {name}, because the link {lists} of {name_first(unreadable)} cannot "
            f"be read: without {them} the median might be too low."
        )
        yield Caution("unreadable-lists", said)
    elif unknown:
        said = (
            f"Left out of the median, because no number of {name} is known: {name_first(unknown)}."
        )
        yield Caution("pages-without-count", said)
    if scope := [page for page in table.pages if page.candidate.left_out == "site-scope"]:
        yield Caution(
            "site-scope",
            f"{len(scope)} pages belong to sites with several target pages (a site-scope export), and "
            "none of them is compared. Name those that rank with --competitor, or add a SERP.",
        )


def _about_vendors(table: Table, basis: Basis) -> Iterator[Caution]:
    groups = _grouped([(vendors, page) for page, vendors in vendors_of(table, basis).items()])
    if len(groups) > 1:
        parts = "; ".join(f"{names}: {name_first(pages)}" for names, pages in groups)
        yield Caution(
            "mixed-vendors",
            f"Pages are measured with different vendors, so the gap may be skewed ({parts}).",
        )
    disputed = sum(page.links.disputed for page in table.measured if page.links)
    if disputed:
        yield Caution(
            "disputed-domains",
            f"{disputed} {'domain is' if disputed == 1 else 'domains are'} counted although one vendor's "
            "links would drop it: another vendor's link passes every rule.",
        )


def _grouped(pages: Sequence[tuple[Collection[str], str]]) -> list[tuple[str, list[str]]]:
    """Put pages together by the names of their vendors, in order of the names."""
    groups: dict[str, list[str]] = {}
    for vendors, page in pages:
        groups.setdefault(" and ".join(map(vendor_name, sorted(vendors))), []).append(
            page or "yours"
        )
    return sorted(groups.items())


def _about_rules(table: Table, facts: CautionFacts) -> Iterator[Caution]:
    if facts.basis == "raw":
        return
    partly = [rule for rule in table.left_rules if rule in table.some_rules]
    if partly:
        yield Caution(
            "rules-left-out",
            f"Some files lack the columns for: {', '.join(partly)}. These rules are left out "
            "for all pages, so that no page is judged more strictly than another.",
        )
    own = facts.gap.under_own_rules
    if own is not None and own.median is not None and facts.goals.median is not None:
        yield Caution(
            "own-list-lacks-rules",
            f"Your own list has no columns for: {', '.join(own.left_out)}. Judged without these "
            f"rules, the median of the other pages is {show(own.median)} instead of "
            f"{show(facts.goals.median)}, and the gap is measured against that.",
        )


def _about_goals(goals: Goals) -> Iterator[Caution]:
    if goals.stretch is not None and goals.entry is not None and goals.stretch < goals.entry:
        said = f"The top three rank with fewer links (median {show(goals.stretch)}) than the lower half."
        yield Caution("top-three-below-entry", said)
    without = goals.without_flagged
    if without is not None and without.median is not None and goals.median is not None:
        yield Caution(
            "flagged-pages",
            f"Without the flagged pages the median is {show(without.median)} over {without.n} pages "
            f"(with them {show(goals.median)}).",
        )


def _about_strength(strength: SiteStrength | None) -> Iterator[Caution]:
    if strength is not None and is_weaker(strength):
        yield Caution(
            "weaker-site",
            f"Your site is {show(strength.median - strength.own)} points of {strength.metric} weaker "
            "than the median site: the real need is likely above the median.",
        )
