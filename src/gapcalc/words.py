"""The few words that options, results and rules share; they cost nothing to import."""

from typing import Literal

Basis = Literal["kept", "raw", "followed"]
Profile = Literal["all", "balanced", "strict"]
Drop = Literal["platform", "homepage", "duplicate-domain"]
ProviderName = Literal["ahrefs", "semrush", "dataforseo"]
UgcPattern = Literal["comment", "forum", "profile"]
Depth = Literal["counts", "links"]

UNNAMED = "other"
"""Stands for the vendor of lists that nobody names one for; they count as one."""
