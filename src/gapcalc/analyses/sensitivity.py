"""What would the answer be with each rule switched off in turn?"""

from gapcalc import stats
from gapcalc.analyses.measure import Table
from gapcalc.model import Switched


def recount(table: Table) -> dict[str, Switched]:
    """Give median and gap, on the kept basis, with each rule of the common set switched off."""
    comparable = [page.links for page in table.comparable if page.links is not None]
    own = table.own.links if table.own else None
    found = {}
    for rule in comparable[0].without if comparable else {}:
        counts = [links.without[rule] for links in comparable]
        median = stats.median(counts)
        gap = None if own is None else stats.shortfall(median, own.without[rule])
        found[rule] = Switched(median, gap)
    return found
