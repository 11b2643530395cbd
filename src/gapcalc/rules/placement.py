"""Rules on how the link reaches the page: sitewide, or through a redirect."""

from gapcalc.rules.base import Aggregate, Rule

_MANY_WITH_ONE_ANCHOR = """
select page_id, domain
from (
    select page_id, domain, vendor, anchor, sum(links) as links
    from live_link
    where anchor is not null
    group by all
)
group by page_id, domain, vendor
having sum(links) >= $sitewide_links and max(links) >= $sitewide_share * sum(links)
"""

SITEWIDE = Rule(
    id="sitewide",
    drops_when="the vendor marks it sitewide (strict: also when the domain sends sitewide_links or"
    " more live links to the page, sitewide_share of them with one anchor)",
    reason="a footer or blogroll link is one decision, not many; balanced trusts only the flag",
    source="Semrush, column 'Sitewide'; thresholds are gapcalc's",
    needs=("sitewide",),
    condition="sitewide",
    aggregate=Aggregate(
        _MANY_WITH_ONE_ANCHOR,
        by_page=True,
        columns=("anchor", "links"),
        when=("sitewide_links", "sitewide_share"),
    ),
    needs_for_aggregate=("anchor",),
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
