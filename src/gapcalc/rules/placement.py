"""Rules on how the link reaches the page: sitewide, or through a redirect."""

from gapcalc.rules.base import Rule

SITEWIDE = Rule(
    id="sitewide",
    drops_when="the vendor marks it sitewide (strict: also when the domain sends sitewide_links or"
    " more live links to the page, sitewide_share of them with one anchor)",
    reason="a footer or blogroll link is one decision, not many; balanced trusts only the flag",
    source="Semrush, column 'Sitewide'; thresholds are gapcalc's",
    needs=("sitewide",),
    gathers=("anchor",),
    also_reads=("links",),
    condition="sitewide",
    balanced={},
    strict={"sitewide_links": 100, "sitewide_share": 0.9},
    given=("sitewide_links", "sitewide_share"),
)

_BARE = r"regexp_replace(rtrim({}, '/'), '^https?://(www[.])?', '')"

REDIRECT = Rule(
    id="redirect",
    drops_when="it reaches the page only through a redirect or canonical",
    reason="what a redirect passes on is unsure; http to https of one page is no redirect",
    source="Ahrefs, columns 'Type' and 'Redirect Chain URLs'",
    needs=("kind",),
    also_reads=("redirects", "target_url"),
    condition=f"lower(kind) in ('redirect', 'canonical') or coalesce({_BARE.format('redirects')}"
    f" <> {_BARE.format('target_url')}, false)",
    strict={},
)
