"""What would the answer be with each rule switched off in turn?"""

from gapcalc import stats
from gapcalc.analyses.measure import Table
from gapcalc.results import Switched
from gapcalc.rows import PageLinks
from gapcalc.words import Basis


def recount(table: Table, basis: Basis) -> dict[str, Switched]:
    """Give median and gap on the answer's basis, with each rule of the common set switched off."""
    if basis == "raw":
        return _unmoved(table)
    listed = [page.links for page in table.counted(basis) if page.links is not None]
    own = table.own.links if table.own and basis in table.own.counts else None
    found = {}
    for rule in listed[0].without if listed else {}:
        median = stats.median([_without(links, rule, basis) for links in listed])
        gap = None if own is None else stats.shortfall(median, _without(own, rule, basis))
        found[rule] = Switched(median, gap)
    return found


def _unmoved(table: Table) -> dict[str, Switched]:
    """Give the same figures for every rule: in raw counts none plays a part."""
    counts = [page.counts["raw"].value for page in table.counted("raw")]
    own = table.own.value("raw") if table.own else None
    median = stats.median(counts) if counts else None
    gap = None if median is None or own is None else stats.shortfall(median, own)
    return dict.fromkeys(sorted(table.rules), Switched(median, gap))


def _without(links: PageLinks, rule: str, basis: Basis) -> int:
    kept, followed = links.without[rule]
    return kept if basis == "kept" else followed
