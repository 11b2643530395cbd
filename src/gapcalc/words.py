"""The few words that options, results and rules share; they cost nothing to import."""

from typing import Literal

Basis = Literal["kept", "raw", "followed"]
BASES: tuple[Basis, ...] = ("kept", "raw", "followed")
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


def vendor_name(vendor: str) -> str:
    """Write a vendor's name as it writes itself.

    >>> vendor_name("dataforseo"), vendor_name("acme")
    ('DataForSEO', 'Acme')
    """
    return VENDORS.get(vendor.casefold(), vendor.capitalize())
