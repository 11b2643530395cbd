"""DataForSEO's answers saved as CSV: the headings are the names of the API's fields.

DataForSEO's rank is not read as an authority, so the rule `authority` does not apply: the rank runs
from 0 to 1000 or, by a parameter that no column shows, from 0 to 100. In a list of referring
domains it is only what those links pass on (DataForSEO help center, "Why do I get different rank
values for the same domain?"). Spam scores are not read: they are estimates in percent, not flags.
"""

from gapcalc.formats.base import Column, Evidence, Export
from gapcalc.formats.cells import (
    COUNT,
    DATE,
    DATED,
    FLAG,
    RANK,
    SPONSORED,
    TEXT,
    UGC,
    UNSET,
    URL,
)

BACKLINKS = Export(
    id="dataforseo-backlinks",
    title="DataForSEO backlinks",
    vendor="dataforseo",
    kind="links",
    how="the items of /v3/backlinks/backlinks/live (mode as_is, an absolute URL), as JSON, JSON lines or CSV",
    evidence=Evidence("page", reported="the names of the API's fields, from its documentation"),
    columns=(
        Column("source_url", ("url_from",), URL, required=True),
        Column("target_url", ("url_to",), URL, required=True),
        # DataForSEO calls a link dofollow when it is neither nofollow nor ugc nor sponsored.
        Column("nofollow", ("dofollow",), UNSET),
        Column("lost", ("is_lost",), FLAG),
        Column("ugc", ("attributes",), UGC),
        Column("sponsored", ("attributes",), SPONSORED),
        Column("anchor", ("anchor",), TEXT),
        Column("title", ("page_from_title",), TEXT),
        Column("kind", ("item_type",), TEXT),
        Column("rank", ("domain_from_rank",), RANK),
        Column("external_links", ("page_from_external_links",), COUNT),
        Column("language", ("page_from_language",), TEXT),
        # In the mode as_is group_count is 0: it belongs to one_per_domain.
        Column("links", ("links_count",), COUNT),
        Column("first_seen", ("first_seen",), DATE),
        Column("last_seen", ("last_seen",), DATE),
    ),
    one_of=("dofollow", "domain_from", "domain_from_rank", "page_from_title", "page_from_rank"),
)

REFERRING_DOMAINS = Export(
    id="dataforseo-refdomains",
    title="DataForSEO referring domains",
    vendor="dataforseo",
    kind="domains",
    how="the items of /v3/backlinks/referring_domains/live, as JSON, JSON lines or CSV; bind it with --links-for URL=FILE",
    evidence=Evidence("page", reported="the names of the API's fields, from its documentation"),
    columns=(
        Column("source_domain", ("domain",), URL, required=True),
        Column("links", ("backlinks",), COUNT, required=True),
        Column("lost", ("lost_date",), DATED, required=True),
        Column("first_seen", ("first_seen",), DATE, required=True),
    ),
    with_also=("backlinks_spam_score",),
)
