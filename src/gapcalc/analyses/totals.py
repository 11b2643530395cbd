"""Which vendor total does a page have, where the SERP has none and lists of pages do?"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from gapcalc.analyses.candidates import Candidate
from gapcalc.results.shared import Caution
from gapcalc.rows import LinkCounts, LinkFile, PageLinks, PageRow, SerpRow
from gapcalc.text import vendor_name

Totals = Mapping[str, Sequence[PageRow]]
_SHOWN = 3


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
