"""The exports of vendors that have one or two: search engines' own tools, Ubersuggest, two APIs.

Search Console lists linking pages and nothing else. Its headings are in the language of the user; a
file in another one is known by its cells. Bing Webmaster Tools' lists cover a whole site.

The headings of DataForSEO's and SE Ranking's answers saved as CSV are the names of the APIs' fields.
No export of SE Ranking's site was found, so none is read. DataForSEO's rank is not read as an
authority, so the rule `authority` does not apply: the rank runs from 0 to 1000 or, by a parameter
that no column shows, from 0 to 100. In a list of referring domains it is only what those links pass
on (DataForSEO help center, "Why do I get different rank values for the same domain?").

Spam scores are not read: DataForSEO's and Ubersuggest's are estimates, not flags.
"""

from gapcalc.formats.base import Column, Evidence, Export, FileFacts
from gapcalc.formats.cells import (
    COUNT,
    DATE,
    DATED,
    FLAG,
    RANK,
    SCORE,
    SPONSORED,
    TEXT,
    UGC,
    UNSET,
    URL,
)

_HOW = "Search Console, Links, Export external links, {}; bind it with --links-for URL=FILE"
_SAMPLE = "it is Google's sample of the links, not all of them"


LATEST_LINKS = Export(
    id="search-console-latest-links",
    title="Search Console Latest links",
    vendor="google",
    kind="links",
    how=_HOW.format("Latest links"),
    evidence=Evidence("bytes", files="2 columns: 2020 with CRLF, 2026 with LF"),
    columns=(
        Column("source_url", ("linking page",), URL, required=True),
        Column("last_seen", ("last crawled",), DATE, required=True),
    ),
    partial=_SAMPLE,
    read_facts=lambda _preamble, _header: FileFacts(site="a whole property of Search Console"),
)

SAMPLE_LINKS = Export(
    id="search-console-sample-links",
    title="Search Console More sample links",
    vendor="google",
    kind="links",
    how=_HOW.format("More sample links"),
    evidence=Evidence("bytes", files="one column, 2026, LF"),
    columns=(Column("source_url", ("linking page",), URL, required=True),),
    without=("last crawled",),
    partial=_SAMPLE,
    read_facts=lambda _preamble, _header: FileFacts(site="a whole property of Search Console"),
)

BING_BACKLINKS = Export(
    id="bing-backlinks",
    title="Bing Webmaster backlinks, pages",
    vendor="bing",
    kind="links",
    how="Bing Webmaster Tools, Backlinks, Pages, Download all",
    evidence=Evidence("text", reported="three columns, all quoted, UTF-8 with a mark, 2026"),
    columns=(
        Column("source_url", ("source url",), URL, required=True),
        Column("target_url", ("target url",), URL, required=True),
        Column("anchor", ("anchor text",), TEXT, required=True),
    ),
    width=3,
)

BING_REFERRING_DOMAINS = Export(
    id="bing-refdomains",
    title="Bing Webmaster backlinks, domains",
    vendor="bing",
    kind="domains",
    how="Bing Webmaster Tools, Backlinks, Domains, Download all; better the list of pages",
    evidence=Evidence("text", reported="two columns, all quoted, UTF-8 with a mark, 2026"),
    columns=(
        Column("source_domain", ("domain",), URL, required=True),
        Column("links", ("backlinks count",), COUNT, required=True),
    ),
    read_facts=lambda _preamble, _header: FileFacts(site="a whole site of Bing Webmaster Tools"),
)


UBERSUGGEST_BACKLINKS = Export(
    id="ubersuggest-backlinks",
    title="Ubersuggest backlinks",
    vendor="ubersuggest",
    kind="links",
    metric="Domain Authority",
    how="Backlinks, the exact URL, Export to CSV",
    evidence=Evidence("text", reported="ten columns, UTF-8 with a mark, titles of several lines"),
    columns=(
        Column("source_url", ("source url",), URL, required=True),
        Column("target_url", ("target url",), URL, required=True),
        Column("title", ("source page title",), TEXT),
        Column("authority", ("domain authority",), SCORE),
        Column("page_authority", ("page authority",), SCORE),
        Column("anchor", ("anchor text", "anchor"), TEXT),
        Column("first_seen", ("first seen",), DATE),
        Column("last_seen", ("last seen",), DATE),
    ),
    one_of=("domain authority", "page authority", "spam score"),
    without=("toxic score", "toxicity score"),
)


DATAFORSEO_BACKLINKS = Export(
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

DATAFORSEO_REFERRING_DOMAINS = Export(
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


SE_RANKING_BACKLINKS = Export(
    id="se-ranking-backlinks",
    title="SE Ranking backlinks",
    vendor="se-ranking",
    kind="links",
    metric="Domain InLink Rank",
    how="the backlinks of the API's /v1/backlinks, for the exact URL, saved as CSV",
    evidence=Evidence(
        "code", reported="the names of the API's fields, from programs that read them"
    ),
    columns=(
        Column("source_url", ("url_from",), URL, required=True),
        Column("target_url", ("url_to",), URL, required=True),
        Column("nofollow", ("nofollow",), FLAG),
        Column("authority", ("domain_inlink_rank",), SCORE),
        Column("page_authority", ("inlink_rank",), SCORE),
        Column("anchor", ("anchor",), TEXT),
        Column("title", ("title",), TEXT),
        Column("first_seen", ("first_seen",), DATE),
        Column("last_seen", ("last_visited",), DATE),
    ),
    one_of=("domain_inlink_rank", "inlink_rank"),
)
