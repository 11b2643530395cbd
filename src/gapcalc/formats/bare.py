"""Lists of links that some tool cut down to addresses, so that the vendor cannot be told."""

from gapcalc.formats import ahrefs, dataforseo, majestic, se_ranking, semrush, ubersuggest
from gapcalc.formats.base import Column, Evidence, Export
from gapcalc.formats.cells import FLAG, TEXT, URL

# A list with a heading that tells the vendor is the vendor's.
_SPACED = (
    *semrush.BACKLINKS.one_of,
    *semrush.BACKLINK_AUDIT.one_of,
    *ubersuggest.BACKLINKS.one_of,
    *majestic.BACKLINKS.one_of,
    "anchor text",
    "referring page url",
)
_JOINED = (
    *ahrefs.API_BACKLINKS.one_of,
    *dataforseo.BACKLINKS.one_of,
    *se_ranking.BACKLINKS.one_of,
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
