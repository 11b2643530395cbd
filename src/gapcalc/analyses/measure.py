"""Measures the pages: what each has on every basis, where the count comes from, how sure it is."""

from collections.abc import Mapping, Sequence
from math import inf
from typing import NamedTuple

from gapcalc.analyses.candidates import Candidate, find_candidates
from gapcalc.analyses.question import Question, Serp
from gapcalc.analyses.totals import make_filler
from gapcalc.results import Source
from gapcalc.rows import LinkCounts, LinkFile, PageLinks
from gapcalc.words import BASES, UNNAMED, Basis

CLEARLY_FEWER = 0.8
"""A list with fewer live domains than this share of the vendor's own total is cut off."""
_FEWER_BY = 5


class BoundedCount(NamedTuple):
    """A page's referring domains on one basis; the true number lies from `low` to `high`."""

    value: int
    source: Source
    low: int
    high: float


class Measured(NamedTuple):
    """A page with everything known of it; `counts` lacks the bases on which it is unknown.

    `links` are its links counted under the rules common to all measured pages, `own_rules` is the
    kept count under every rule its own files allow, `vendors` are the vendors of those files.
    `complete` is None where nobody can tell. `given` says that the user gave the count.
    """

    candidate: Candidate
    counts: Mapping[Basis, BoundedCount]
    links: PageLinks | None
    own_rules: int | None
    vendor_total: int | None
    complete: bool | None
    vendors: frozenset[str] = frozenset()
    given: bool = False

    @property
    def has_figure(self) -> bool:
        """Say whether anything at all is known of the page's referring domains."""
        return self.links is not None or self.vendor_total is not None

    def value(self, basis: Basis) -> int | None:
        """Give the count on a basis, None where it is unknown."""
        count = self.counts.get(basis)
        return count.value if count else None

    def is_lower_bound(self, basis: Basis) -> bool:
        """Say whether the count is known to miss domains."""
        count = self.counts.get(basis)
        return count is not None and count.low == count.value < count.high


class Table(NamedTuple):
    """All measured pages of one keyword, the target page apart.

    `rules` apply to every measured page, `left_rules` do not, `some_rules` to one file at least.
    `differing_totals` says where lists of pages disagree.
    """

    pages: tuple[Measured, ...]
    own: Measured | None
    rules: frozenset[str]
    left_rules: tuple[str, ...]
    some_rules: frozenset[str]
    differing_totals: tuple[str, ...]

    @property
    def comparable(self) -> tuple[Measured, ...]:
        """The pages that take part in the statistics."""
        return tuple(page for page in self.pages if page.candidate.comparable)

    @property
    def measured(self) -> tuple[Measured, ...]:
        """The comparable pages and the target page."""
        return (*self.comparable, *([self.own] if self.own else []))

    def counted(self, basis: Basis) -> tuple[Measured, ...]:
        """Give the comparable pages whose count is known on a basis."""
        return tuple(page for page in self.comparable if basis in page.counts)


def measure(serp: Serp, counts: LinkCounts | None, question: Question) -> Table:
    """Measure all pages of a keyword under the rules that apply to all of them.

    `counts` is None when no link files were given.
    """
    candidates, own = find_candidates(serp, counts, question)
    filler = make_filler(serp.totals, serp.rows, counts)
    differing = filler.cautions([*candidates, *([own] if own else [])])
    filled = [filler.fill(candidate) for candidate in candidates]
    lists = _count_lists(filled, own, counts)
    pages = [lists.measure(candidate) for candidate in filled]
    mine = _use_given(lists.measure(filler.fill(own)), question) if own else None
    from_vendor = _all_by_vendor(pages, mine)
    return Table(
        pages=tuple(_with_counts(page, lists, from_vendor=from_vendor) for page in pages),
        own=_with_counts(mine, lists, from_vendor=from_vendor) if mine else None,
        rules=lists.rules,
        left_rules=tuple(rule for rule in question.rules if rule not in lists.rules),
        some_rules=lists.some_rules,
        differing_totals=tuple(differing),
    )


class _Lists(NamedTuple):
    """The link lists, counted under the common rules and under every rule there is."""

    files: Mapping[int, LinkFile]
    rules: frozenset[str]
    some_rules: frozenset[str]
    links: Mapping[str, PageLinks]
    full: Mapping[str, PageLinks]

    def measure(self, candidate: Candidate) -> Measured:
        full = self.full.get(candidate.page)
        return Measured(
            candidate=candidate,
            counts={},
            links=self.links.get(candidate.page),
            own_rules=full.kept if full else None,
            vendor_total=candidate.vendor_total,
            complete=_complete(full, candidate, self.files),
            vendors=frozenset(self.files[n].vendor for n in full.inputs) if full else frozenset(),
        )

    def of_a_site(self, page: Measured) -> bool:
        """Say whether links to a whole site are counted as the page's."""
        return page.links is not None and any(self.files[n].site_scope for n in page.links.inputs)


def _count_lists(
    candidates: Sequence[Candidate], own: Candidate | None, counts: LinkCounts | None
) -> _Lists:
    if counts is None:
        return _Lists({}, frozenset(), frozenset(), {}, {})
    files = {file.input: file for file in counts.files}
    some = frozenset(rule for file in files.values() for rule in file.rules)
    full = counts.count(some)
    measured = [candidate.page for candidate in candidates if candidate.comparable]
    if own is not None:
        measured.append(own.page)
    inputs = {number for page in measured if page in full for number in full[page].inputs}
    common = some.intersection(*(files[number].rules for number in inputs))
    return _Lists(files, common, some, counts.count(common), full)


def _use_given(own: Measured, question: Question) -> Measured:
    """Use the count the user gave where no file has one."""
    if own.has_figure or question.own_rds is None:
        return own
    return own._replace(vendor_total=question.own_rds, complete=None, given=True)


def _all_by_vendor(pages: Sequence[Measured], own: Measured | None) -> bool:
    """Say whether raw counts are vendor totals throughout: all known so, and lists do not suffice."""
    concerned = [page for page in pages if page.candidate.comparable and page.has_figure]
    if own is not None and own.has_figure:
        concerned.append(own)
    lists_do = all(page.links is not None and page.complete is not False for page in concerned)
    return not lists_do and all(page.vendor_total is not None for page in concerned)


def _with_counts(page: Measured, lists: _Lists, *, from_vendor: bool) -> Measured:
    """Settle the count on every basis."""
    found: dict[Basis, BoundedCount | None] = {"raw": _raw(page, lists, from_vendor=from_vendor)}
    if page.links is not None:
        found["kept"] = _listed(page.links.kept, page, lists)
        found["followed"] = _listed(page.links.followed, page, lists)
    known = {basis: count for basis in BASES if (count := found.get(basis))}
    return page._replace(counts=known)


def _raw(page: Measured, lists: _Lists, *, from_vendor: bool) -> BoundedCount | None:
    # A vendor total beats a list known to be cut; otherwise a list can be checked, so it wins.
    prefer_total = from_vendor or page.complete is False
    total = page.vendor_total
    if total is not None and (prefer_total or page.links is None):
        return BoundedCount(total, "given" if page.given else "vendor", total, total)
    return _listed(page.links.raw, page, lists) if page.links is not None else None


def _listed(value: int | None, page: Measured, lists: _Lists) -> BoundedCount | None:
    if value is None:
        return None
    if lists.of_a_site(page):
        return BoundedCount(value, "links", 0, inf)
    return BoundedCount(value, "links", value, inf if page.complete is False else value)


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
    """Give the raw count that a vendor's total can be compared with; None where there is none.

    Where the vendor of the total or of the list is unknown, compare with all links.
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
    concerned = [page for page in table.measured if page.has_figure]
    lacking = tuple(
        page.candidate.url or "your own page" for page in concerned if page.links is None
    )
    if forced is not None:
        return forced, ()
    return ("raw", lacking) if lacking or not concerned else ("kept", ())


def find_short_files(tables: Sequence[Table], files: Sequence[LinkFile]) -> dict[int, str]:
    """Find the files with clearly fewer domains than their vendor counts for a page.

    Says what each lacks, by the number of its input.
    """
    known = {file.input: file for file in files}
    short: dict[int, dict[str, str]] = {}
    for page in (page for table in tables for page in (*table.pages, table.own) if page):
        total, vendor = page.vendor_total, page.candidate.total_vendor
        if page.links is None or page.complete is not False or not total or page.given:
            continue
        by_vendor = page.links.by_vendor.get(vendor or "")
        listed = by_vendor.raw if by_vendor else page.links.raw
        if not is_clearly_fewer(listed, total):
            continue
        name = page.candidate.page
        lacks = f"it holds {listed:,} live domains of {name}, and the vendor counts {total:,}"
        for number in page.links.inputs:
            if vendor is None or known[number].vendor in {vendor, UNNAMED}:
                short.setdefault(number, {})[name] = lacks
    return {number: _first_of(pages) for number, pages in short.items()}


def _first_of(pages: Mapping[str, str]) -> str:
    more = f" (so with {len(pages) - 1} more pages)" if len(pages) > 1 else ""
    return pages[min(pages)] + more
