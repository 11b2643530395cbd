"""Which vendor total does a page have? Is its link list whole, compared with it?"""

from collections.abc import Mapping, Sequence
from math import inf
from typing import NamedTuple

from gapcalc.analyses.candidates import Candidate
from gapcalc.results.shared import Caution
from gapcalc.rows import LinkCounts, LinkFile, PageLinks, PageRow, SerpRow
from gapcalc.stats import Bounded
from gapcalc.text import vendor_name
from gapcalc.words import UNNAMED

Totals = Mapping[str, Sequence[PageRow]]
_SHOWN = 3
_WHOLE_PER_CENT = 98
_WHOLE_BUT = 2
_OTHER_SCOPE_PER_CENT = 125
_OTHER_SCOPE_BY = 5


class Filler(NamedTuple):
    """Fills in vendor totals from lists of pages, the SERP's vendors before all others.

    `counted` are the pages with link lists, and `files` these lists: another vendor's total cannot
    tell whether such a list is whole, so there it is left out.
    """

    totals: Totals
    vendors: frozenset[str]
    counted: Mapping[str, PageLinks]
    files: Mapping[int, LinkFile]

    def choose(self, page: str) -> PageRow | None:
        """Give the row that counts for a page: of the SERP's vendor if any is, the largest."""
        rows: Sequence[PageRow] = self.totals.get(page, ())
        links = self.counted.get(page) if rows else None
        listed = None if links is None else {self.files[number].vendor for number in links.inputs}
        fit = [row for row in rows if listed is None or row.vendor in listed]
        return min(fit, key=self._order, default=None)

    def _order(self, row: PageRow) -> tuple[bool, int, int, int]:
        return row.vendor not in self.vendors, -row.referring_domains, row.input, row.line

    def fill(self, candidate: Candidate) -> Candidate:
        """Give a candidate its total, if it has none."""
        row = self.choose(candidate.page) if candidate.vendor_total is None else None
        return (
            candidate
            if row is None
            else candidate._replace(vendor_total=row.referring_domains, total_vendor=row.vendor)
        )

    def cautions(self, candidates: Sequence[Candidate]) -> list[Caution]:
        """Say, of candidates before they are filled, where totals differ."""
        open_pages = dict.fromkeys(c.page for c in candidates if c.vendor_total is None)
        chosen = [row for page in open_pages if (row := self.choose(page))]
        differing = [said for row in chosen if (said := self._differences(row))]
        more = len(differing) - _SHOWN
        if more > 0:
            text = f"Lists of pages differ on {more} more pages; the same is done."
            differing[_SHOWN:] = [Caution("totals-differ", text)]
        return differing

    def _differences(self, row: PageRow) -> Caution | None:
        counts = sorted({other.referring_domains for other in self.totals[row.page]})
        if len(counts) == 1:
            return None
        *more, last = (f"{count:,}" for count in counts)
        vendor = vendor_name(row.vendor) if row.vendor else "one list"
        return Caution(
            "totals-differ",
            f"Lists of pages give {row.page} {', '.join(more)} and {last} referring domains, under "
            f"several addresses or by several vendors. Used: {row.referring_domains:,}, the largest "
            f"of {vendor}; the true count may be higher.",
        )


def make_filler(
    totals: Totals,
    rows: Sequence[SerpRow],
    counts: LinkCounts | None,
    files: Mapping[int, LinkFile],
) -> Filler:
    """Make the filler for one keyword."""
    found = counts.count(frozenset()) if counts and totals else {}
    said = {row.vendor for row in rows if row.vendor and row.referring_domains is not None}
    return Filler(totals, frozenset(said), found, files)


class Wholeness(NamedTuple):
    """What is known of a list; `complete` is None where nobody can tell.

    `missing` is the most domains it may lack, infinite where nothing limits it. `other_scope` says
    that links to other pages seem to be in it. `listed` is its raw count that the vendor's total
    was compared with, None without one.
    """

    complete: bool | None
    missing: float = 0
    other_scope: bool = False
    listed: int | None = None

    def bound(self, count: int) -> Bounded:
        """Give a count of the list with its bounds."""
        if self.other_scope:
            return Bounded(0, 0, count, inf, inf)
        limit = inf if self.missing else count
        return Bounded(count, count, count, count + self.missing, limit)


UNKNOWN = Wholeness(None)
"""Of a page without a list."""


def judge_list(
    links: PageLinks, files: Sequence[LinkFile], total: int | None, vendor: str | None
) -> Wholeness:
    """Compare a page's list with its vendor's total (docs/method.md, Incomplete lists)."""
    listed = None if total is None else _listed_by(vendor, links)
    missing = inf if total is None or listed is None or listed > total else total - listed
    cut = any(file.cut for file in files)
    if any(file.site_scope for file in files) or _is_other_scope(listed, total):
        return Wholeness(
            complete=False if cut else None, missing=inf, other_scope=True, listed=listed
        )
    if cut:
        return Wholeness(complete=False, missing=missing, listed=listed)
    if files and all(file.complete for file in files):
        return Wholeness(complete=True, listed=listed)
    if total is None or listed is None:
        return Wholeness(None)
    if is_whole(listed, total):
        return Wholeness(complete=True, listed=listed)
    return Wholeness(complete=False, missing=missing, listed=listed)


def is_whole(listed: int, total: int) -> bool:
    """Say whether a list with so many live domains is the vendor's whole list.

    >>> is_whole(98, 100), is_whole(97, 100), is_whole(1, 3)
    (True, False, True)
    """
    return 100 * listed >= _WHOLE_PER_CENT * total or total - listed <= _WHOLE_BUT


def _is_other_scope(listed: int | None, total: int | None) -> bool:
    if listed is None or total is None:
        return False
    return 100 * (listed - _OTHER_SCOPE_BY) > _OTHER_SCOPE_PER_CENT * total


def _listed_by(vendor: str | None, links: PageLinks) -> int | None:
    """Give the raw count that a vendor's total can be compared with; None where there is none.

    Where the vendor of the total or of the list is unknown, compare with all links.
    """
    known = links.by_vendor
    if vendor is not None and vendor in known:
        return known[vendor].raw
    return links.raw if vendor is None or UNNAMED in known or not known else None
