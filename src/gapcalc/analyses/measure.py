"""Puts figures to pages: counts from link lists, totals from the vendor, and which basis they allow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from gapcalc.analyses.candidates import Candidate
from gapcalc.analyses.question import Question
from gapcalc.results import Authority, Source
from gapcalc.rows import LinkCounts, LinkFile, PageLinks
from gapcalc.words import UNNAMED, Basis

CLEARLY_FEWER = 0.8
"""A list with fewer live domains than this share of the vendor's own total is cut off."""
_FEWER_BY = 5


class Measured(NamedTuple):
    """A page with every figure known of it.

    `links` are its counts under the rules common to all measured pages, `own_rules` the kept
    count under every rule its own files allow; `complete` is None where nobody can tell. `wide`
    tells that links to the whole site are counted as the page's, so the count may be too high.
    """

    candidate: Candidate
    links: PageLinks | None
    own_rules: int | None
    vendor_total: int | None
    complete: bool | None
    given: bool = False
    wide: bool = False

    @property
    def has_figure(self) -> bool:
        """Say whether anything at all is known of the page's referring domains."""
        return self.links is not None or self.vendor_total is not None


@dataclass(frozen=True)
class Table:
    """All measured pages of one keyword, the own one apart, and how their raw counts are taken.

    `rules` apply to every measured page, `left_rules` do not, `some_rules` to one file at least.
    """

    pages: tuple[Measured, ...]
    own: Measured | None
    rules: frozenset[str]
    left_rules: tuple[str, ...]
    some_rules: frozenset[str]
    raw_from_vendor: bool

    @cached_property
    def comparable(self) -> tuple[Measured, ...]:
        """The pages that take part in the statistics."""
        return tuple(page for page in self.pages if page.candidate.comparable)

    def figure(self, page: Measured, basis: Basis) -> tuple[int | None, Source | None]:
        """Give a page's count on a basis, and where it comes from."""
        if basis == "raw":
            return self._raw(page)
        if page.links is None:
            return None, None
        count = page.links.kept if basis == "kept" else page.links.followed
        return count, None if count is None else "links"

    def _raw(self, page: Measured) -> tuple[int | None, Source | None]:
        total: tuple[int | None, Source | None] = (
            page.vendor_total,
            "given" if page.given else "vendor",
        )
        # A vendor total beats a list known to be cut; otherwise a list can be checked, so it wins.
        prefer_total = self.raw_from_vendor or page.complete is False
        if page.vendor_total is not None and (prefer_total or page.links is None):
            return total
        return (page.links.raw, "links") if page.links is not None else (None, None)

    def count(self, page: Measured, basis: Basis) -> int | None:
        """Give a page's count on a basis, None where it is unknown."""
        return self.figure(page, basis)[0]

    def is_lower_bound(self, page: Measured, basis: Basis) -> bool:
        """Say whether the page's count is known to miss domains."""
        listed = self.figure(page, basis)[1] == "links"
        return listed and page.complete is False and not page.wide

    def may_be_too_high(self, page: Measured, basis: Basis) -> bool:
        """Say whether links to other pages may be among those counted."""
        return page.wide and self.figure(page, basis)[1] == "links"


def measure(
    candidates: Sequence[Candidate],
    own: Candidate | None,
    counts: LinkCounts | None,
    question: Question,
) -> Table:
    """Measure all candidates and the own page, under the rules that apply to all of them."""
    files = {file.input: file for file in counts.files} if counts else {}
    some = frozenset(rule for file in files.values() for rule in file.rules)
    full = counts.count(some) if counts else {}
    common = _common_rules(candidates, own, full, files, some)
    links = counts.count(common) if counts else {}

    def measured(candidate: Candidate) -> Measured:
        page = candidate.page
        mine = full.get(page)
        return Measured(
            candidate=candidate,
            links=links.get(page),
            own_rules=None if mine is None else mine.kept,
            vendor_total=candidate.vendor_total,
            complete=_complete(mine, candidate, files),
            wide=mine is not None and any(files[number].site_scope for number in mine.inputs),
        )

    table = tuple(measured(candidate) for candidate in candidates)
    own_measured = _own(measured(own), question) if own else None
    return Table(
        pages=table,
        own=own_measured,
        rules=common,
        left_rules=tuple(rule for rule in question.rules if rule not in common),
        some_rules=some,
        raw_from_vendor=_all_by_vendor(table, own_measured),
    )


def _own(own: Measured, question: Question) -> Measured:
    """Use the count the user gave where no file has one."""
    if own.has_figure or question.own_rds is None:
        return own
    return Measured(own.candidate, None, None, question.own_rds, None, given=True)


def _all_by_vendor(pages: Sequence[Measured], own: Measured | None) -> bool:
    """Say whether raw counts are vendor totals throughout: all known so, and lists do not suffice."""
    concerned = [page for page in pages if page.candidate.comparable and page.has_figure]
    if own is not None and own.has_figure:
        concerned.append(own)
    lists_do = all(page.links is not None and page.complete is not False for page in concerned)
    return not lists_do and all(page.vendor_total is not None for page in concerned)


def _common_rules(
    candidates: Sequence[Candidate],
    own: Candidate | None,
    links: Mapping[str, PageLinks],
    files: Mapping[int, LinkFile],
    some: frozenset[str],
) -> frozenset[str]:
    """Give the rules whose columns every file of every measured page has."""
    measured = [candidate.page for candidate in candidates if candidate.comparable]
    if own is not None:
        measured.append(own.page)
    inputs = {number for page in measured if page in links for number in links[page].inputs}
    return some.intersection(*(files[number].rules for number in inputs))


def _complete(
    links: PageLinks | None, candidate: Candidate, files: Mapping[int, LinkFile]
) -> bool | None:
    if links is None:
        return None
    if any(files[number].cut for number in links.inputs):
        return False
    if links.inputs and all(files[number].complete for number in links.inputs):
        return True
    listed = _listed_by(candidate.total_vendor, links)
    if candidate.vendor_total is None or listed is None:
        return None
    return not is_clearly_fewer(listed, candidate.vendor_total)


def _listed_by(vendor: str | None, links: PageLinks) -> int | None:
    """Give the raw count that a vendor's total can be held against; None where there is none.

    A total or a list of which nobody says whose it is is held against all there is.
    """
    known = links.by_vendor
    if vendor is not None and vendor in known:
        return known[vendor].raw
    return links.raw if vendor is None or UNNAMED in known or not known else None


def is_clearly_fewer(raw: int, vendor_total: int) -> bool:
    """Say whether a list holds so few live domains that it must be cut off.

    >>> is_clearly_fewer(70, 100), is_clearly_fewer(85, 100), is_clearly_fewer(1, 3)
    (True, False, False)
    """
    return raw < CLEARLY_FEWER * vendor_total and vendor_total - raw >= _FEWER_BY


def choose_basis(table: Table, forced: Basis | None) -> tuple[Basis, tuple[str, ...]]:
    """Give the answer's basis, and the pages whose missing list kept it from being `kept`."""
    concerned = [page for page in table.comparable if page.has_figure]
    if table.own is not None and table.own.has_figure:
        concerned.append(table.own)
    lacking = tuple(
        page.candidate.url or "your own page" for page in concerned if page.links is None
    )
    if forced is not None:
        return forced, ()
    return ("raw", lacking) if lacking or not concerned else ("kept", ())


def authority_in(page: Candidate, metric: str) -> Authority | None:
    """Give a page's authority if it is in that measure."""
    return page.authority if page.authority and page.authority.metric == metric else None
