"""What would the answer be with each rule switched off in turn?"""

from collections.abc import Sequence

from gapcalc import stats
from gapcalc.analyses.measure import Table
from gapcalc.results.gap import Switched


def recount(table: Table, rules: Sequence[str]) -> dict[str, Switched]:
    """Give the counted median and the need with each of the common rules switched off, in order.

    Rules play no part in raw counts, so this is on the basis `kept`, whatever the answer's is;
    both are None where no comparable page has a link list.
    """
    listed = [page.links for page in table.counted("kept") if page.links is not None]
    found = {}
    for rule in (rule for rule in rules if rule in table.rules):
        median = stats.median([links.without[rule][0] for links in listed]) if listed else None
        count = _own_count(table, rule)
        need = None if median is None or count is None else stats.shortfall(median, count)
        found[rule] = Switched(median, None if need is None else int(need))
    return found


def _own_count(table: Table, rule: str) -> int | None:
    """Give the target page's kept count without a rule; a page without links has 0 in any case."""
    own = table.own
    if own is None:
        return None
    if own.links is None:
        return own.value("kept")
    return own.links.without[rule][0] if rule in own.links.without else own.links.kept
