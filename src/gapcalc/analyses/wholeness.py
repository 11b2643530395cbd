"""Is a page's link list the whole list? How many domains may it lack?"""

from collections.abc import Sequence
from math import inf
from typing import NamedTuple

from gapcalc.rows import LinkFile, PageLinks
from gapcalc.stats import Bounded
from gapcalc.words import UNNAMED

_WHOLE_PER_CENT = 98
_WHOLE_BUT = 2
_OTHER_SCOPE_PER_CENT = 125
_OTHER_SCOPE_BY = 5


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
