"""The few words that options, results and rules share; they cost nothing to import."""

from typing import Literal

Basis = Literal["kept", "raw", "followed"]
BASES: tuple[Basis, ...] = ("kept", "raw", "followed")
COUNT_NAMES: dict[Basis, str] = {
    "kept": "counted domains",
    "raw": "raw referring domains",
    "followed": "followed domains",
}
"""What is counted on each basis, as the screen names it."""
Profile = Literal["all", "balanced", "strict"]
Drop = Literal["platform", "homepage", "duplicate-domain"]
Format = Literal["table", "json", "jsonl", "csv"]
ProviderName = Literal["ahrefs", "semrush", "dataforseo"]
Depth = Literal["counts", "links"]

UNNAMED = "other"
"""Stands for the vendor of lists that nobody names one for; they count as one."""

VENDORS = {
    "ahrefs": "Ahrefs",
    "semrush": "Semrush",
    "moz": "Moz",
    "majestic": "Majestic",
    "google": "Google Search Console",
    "dataforseo": "DataForSEO",
    "se-ranking": "SE Ranking",
    UNNAMED: "vendor unnamed",
}
"""The vendors by their names in results."""


_PAGE_SCORES = ("ur", "pa")


def is_site_score(metric: str) -> bool:
    """Say whether an authority score is of a whole site, by its vendor's name for it.

    >>> is_site_score("DR"), is_site_score("UR"), is_site_score("Page Authority Score")
    (True, False, False)
    """
    name = metric.casefold()
    return name not in _PAGE_SCORES and not name.startswith(("page", "url"))


def vendor_name(vendor: str) -> str:
    """Write a vendor's name as it writes itself.

    >>> vendor_name("dataforseo"), vendor_name("acme")
    ('DataForSEO', 'Acme')
    """
    return VENDORS.get(vendor.casefold(), vendor.capitalize())
