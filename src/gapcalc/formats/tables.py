"""Tables that people made: lists cut down to addresses, SERPs copied from a tool's screen.

Nothing tells the vendor of a list that was cut down.
"""

from gapcalc.formats import ahrefs, link_indexes, others, semrush
from gapcalc.formats.base import (
    AHREFS_SCREEN,
    REFERRING_DOMAINS,
    SEMRUSH_SCREEN,
    Column,
    Evidence,
    Export,
)
from gapcalc.formats.cells import COUNT, FLAG, SCORE, TEXT, URL, Cell

# A list with a heading that tells the vendor is the vendor's.
_SPACED = (
    *semrush.BACKLINKS.one_of,
    *semrush.BACKLINK_AUDIT.one_of,
    *others.UBERSUGGEST_BACKLINKS.one_of,
    *link_indexes.MAJESTIC_BACKLINKS.one_of,
    "anchor text",
    "referring page url",
)
_JOINED = (
    *ahrefs.API_BACKLINKS.one_of,
    *others.DATAFORSEO_BACKLINKS.one_of,
    *others.SE_RANKING_BACKLINKS.one_of,
)

PAIRS = Export(
    id="link-table",
    title="Table of source and target URLs",
    vendor=None,
    kind="links",
    how="any table with the headings Source URL and Target URL",
    evidence=Evidence("page", reported="exports that their owners cut down to these columns"),
    columns=(
        Column("source_url", ("source url",), URL, required=True),
        Column("target_url", ("target url",), URL, required=True),
        Column("title", ("source page title",), TEXT),
        Column("nofollow", ("nofollow",), FLAG),
    ),
    without=_SPACED,
)

API_PAIRS = Export(
    id="api-link-table",
    title="Table of url_from and url_to",
    vendor=None,
    kind="links",
    how="answers of an API as JSON, JSON lines or CSV, with url_from and url_to",
    evidence=Evidence("page", reported="answers that their owners cut down to these fields"),
    columns=(
        Column("source_url", ("url_from",), URL, required=True),
        Column("target_url", ("url_to",), URL, required=True),
        Column("anchor", ("anchor",), TEXT),
        Column("title", ("title",), TEXT),
        Column("nofollow", ("nofollow",), FLAG),
        Column("lost", ("is_lost",), FLAG),
    ),
    without=_JOINED,
)

URLS = Export(
    id="url-list",
    title="List of linking pages",
    vendor=None,
    kind="links",
    how="one column of URLs, with or without a heading; bind it with --links-for URL=FILE",
    evidence=Evidence("own", reported="not a vendor's format"),
    columns=(
        Column(
            "source_url",
            ("source url", "source_url", "url_from", "url", "urls", "page"),
            URL,
            required=True,
        ),
    ),
    width=1,
)

DOMAINS = Export(
    id="domain-list",
    title="List of linking domains",
    vendor=None,
    kind="domains",
    how="one column of domains, with or without a heading; bind it with --links-for URL=FILE",
    evidence=Evidence("own", reported="not a vendor's format"),
    columns=(
        Column(
            "source_domain",
            (
                "domain",
                "domains",
                "referring domain",
                "referring domains",
                "linking domain",
                "linking domains",
                "website",
                "site",
                "host",
            ),
            URL,
            required=True,
        ),
    ),
    width=1,
)


_EXPORTS_OF_MANY_KEYWORDS = ("difficulty", "search volume", "previous position")


def _serp(**kinds: tuple[str, Cell]) -> tuple[Column, ...]:
    return (
        Column("position", ("position", "#", "pos", "pos.", "rank"), COUNT, required=True),
        Column("url", ("url", "page url", "address", "page"), URL, required=True),
        Column("referring_domains", (*REFERRING_DOMAINS, "referring_domains"), COUNT),
        Column("type", ("type",), TEXT),
        Column("title", ("title",), TEXT),
        Column("backlinks", ("backlinks",), COUNT),
        *(Column(field, tuple(names.split("|")), cell) for field, (names, cell) in kinds.items()),
    )


AHREFS_SERP = Export(
    id="ahrefs-serp-table",
    title="SERP table from Ahrefs' screen",
    vendor="ahrefs",
    kind="serp",
    metric="DR",
    how="Keywords Explorer, Overview, SERP overview: copy the table, with its headings, into a file",
    evidence=Evidence(
        "page",
        reported="all of it: headings as tools and guides name them, and as the API's answers do",
    ),
    columns=(
        *_serp(
            keyword=("keyword", TEXT),
            traffic=("traffic", COUNT),
            page_authority=("ur|url rating|url_rating", SCORE),
        ),
        Column("authority", ("dr", "domain rating", "domain_rating"), SCORE, required=True),
    ),
    without=(*SEMRUSH_SCREEN, *_EXPORTS_OF_MANY_KEYWORDS),
)

SEMRUSH_SERP = Export(
    id="semrush-serp-table",
    title="SERP table from Semrush's screen",
    vendor="semrush",
    kind="serp",
    metric="Page Authority Score",
    how="Keyword Overview, SERP Analysis: copy the table, with its headings, into a file",
    evidence=Evidence("page", reported="all of it, likewise"),
    columns=(
        *_serp(
            keyword=("keyword", TEXT),
            traffic=("search traffic", COUNT),
            kd=("keyword difficulty|kd|kd %", SCORE),
        ),
        Column("authority", SEMRUSH_SCREEN, SCORE, required=True),
    ),
    without=(*AHREFS_SCREEN, *_EXPORTS_OF_MANY_KEYWORDS),
)

SERP = Export(
    id="serp-table",
    title="SERP table of positions, URLs and referring domains",
    vendor=None,
    kind="serp",
    how="any table with the headings Position, URL and Referring domains",
    evidence=Evidence("own", reported="not a vendor's format"),
    columns=_serp(traffic=("traffic", COUNT)),
    one_of=(*REFERRING_DOMAINS, "referring_domains"),
    without=("keyword", *AHREFS_SCREEN, *SEMRUSH_SCREEN, *_EXPORTS_OF_MANY_KEYWORDS),
)
