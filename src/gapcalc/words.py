"""The few words that options, results and rules share; they cost nothing to import."""

from typing import Literal

Basis = Literal["kept", "raw", "followed"]
BASES: tuple[Basis, ...] = ("kept", "raw", "followed")
COUNT_NAMES: dict[Basis, str] = {
    "kept": "counted domains",
    "raw": "raw referring domains",
    "followed": "followed domains",
}
"""The name on screen of what each basis counts."""
Profile = Literal["all", "balanced", "strict"]
Drop = Literal["platform", "homepage", "duplicate-domain"]
ProviderName = Literal["ahrefs", "semrush", "dataforseo"]
UgcPattern = Literal["comment", "forum", "profile"]
Depth = Literal["counts", "links"]
RowKind = Literal["keywords", "pages", "domains"]
SortBy = Literal["winnable", "months", "need", "volume", "kd", "position", "keyword"]

UNNAMED = "other"
"""Stands for the vendor of lists without a known vendor; they count as one vendor."""
ONE_PER_DOMAIN = "one link of each domain: what a rule drops by it may have another that passes"
"""The note on lists that were fetched with one link of each domain."""


SAME_COUNTRIES = {"uk": "gb", "usa": "us"}
"""Codes that people write, and those of ISO 3166-1 that they mean."""
_PAGE_SCORES = ("ur", "pa")


def is_site_score(metric: str) -> bool:
    """Say whether an authority score is of a whole site, by its vendor's name for it.

    >>> is_site_score("DR"), is_site_score("UR"), is_site_score("Page Authority Score")
    (True, False, False)
    """
    name = metric.casefold()
    return name not in _PAGE_SCORES and not name.startswith(("page", "url"))
