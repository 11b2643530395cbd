"""How strong is our site beside the sites of the comparable pages?"""

from collections.abc import Sequence

from gapcalc import stats
from gapcalc.analyses.candidates import site_score
from gapcalc.analyses.measure import Measured
from gapcalc.results.gap import SiteStrength
from gapcalc.results.shared import Authority, Number
from gapcalc.words import Basis

WEAKER = 20
"""Points below the median site from which on the real need is likely above the median."""
_FEWEST_SIMILAR = 3


def compare_sites(
    own: Authority | None, pages: Sequence[Measured], basis: Basis
) -> SiteStrength | None:
    """Set our site's authority beside the median site's, in the same vendor's score of sites.

    None when our own authority is unknown, or no comparable site has the same score. The median
    count of similar sites is over one page a site, the one that ranks first.
    """
    if own is None:
        return None
    sites: dict[str, tuple[Number, int]] = {}
    for page in pages:
        authority = site_score(page.candidate.authority)
        if authority is not None and authority.metric == own.metric:
            # A site with several results counts once, with the one that ranks first.
            count = int(page.counts[basis].value)
            sites.setdefault(page.candidate.domain, (authority.value, count))
    if not sites:
        return None
    similar = [count for value, count in sites.values() if abs(value - own.value) <= WEAKER]
    enough = len(similar) >= _FEWEST_SIMILAR
    return SiteStrength(
        metric=own.metric,
        own=own.value,
        median=stats.median([value for value, _ in sites.values()]),
        similar_n=len(similar),
        similar_median=stats.median(similar) if enough else None,
    )


def is_weaker(strength: SiteStrength | None) -> bool:
    """Say whether our site is more than 20 points weaker than the median site."""
    return strength is not None and strength.median - strength.own > WEAKER
