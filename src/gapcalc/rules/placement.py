"""Rules on how the link reaches the page: sitewide, or through a redirect."""

from gapcalc.rules.base import Aggregate, Rule

# Two vendors may show the same links, so each vendor's links are added up and judged on their own.
_MANY_WITH_ONE_ANCHOR = """
select page_id, domain, vendor
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
        keys=("page_id", "domain", "vendor"),
        columns=("anchor", "links"),
        when=("sitewide_links", "sitewide_share"),
    ),
    needs_for_aggregate=("anchor",),
    balanced={},
    strict={"sitewide_links": 100, "sitewide_share": 0.9},
    given=("sitewide_links", "sitewide_share"),
)

_TRACKING = r"([?&])(utm_[^=&#]*|gclid|fbclid|msclkid|srsltid|mc_cid|mc_eid)=[^&#]*"


def _page(url: str) -> str:
    """Give the SQL of a URL without the parts that do not change the page."""
    short = f"regexp_replace(split_part({url}, '#', 1), '{_TRACKING}', '\\1', 'g')"
    bare = f"regexp_replace(rtrim({short}, '?&/'), '(?i)^https?://(www[.])?', '')"
    host = f"split_part({bare}, '/', 1)"
    return f"lower({host}) || substr({bare}, length({host}) + 1)"


# A URL may hold a comma, so a chain is cut only before the next scheme.
_HOPS = (
    r"string_split_regex(regexp_replace(trim(redirects), '[,;]?\s*(https?://)', ' \1', 'g'), '\s+')"
)
_ANOTHER_PAGE = f"hop <> '' and {_page('hop')} <> {_page('target_url')}"

REDIRECT = Rule(
    id="redirect",
    drops_when="it reaches the page only through a redirect or canonical",
    reason="it is unclear what a redirect passes on; hops within one page (http to https, with and"
    " without www.) are no redirect",
    source="Ahrefs, columns 'Type' and 'Redirect Chain URLs'",
    needs=("kind",),
    also_reads=("redirects", "target_url"),
    condition="lower(kind) in ('redirect', 'canonical')"
    f" or coalesce(len(list_filter({_HOPS}, lambda hop: {_ANOTHER_PAGE})) > 0, false)",
    strict={},
)
