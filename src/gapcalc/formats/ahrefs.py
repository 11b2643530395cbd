"""Ahrefs' exports."""

from gapcalc.formats.base import Column, Evidence, Export
from gapcalc.formats.cells import COUNT, DATE, FLAG, LOST, NONE_LEFT, SCORE, TEXT, UNSET, URL

BACKLINKS = Export(
    id="ahrefs-backlinks",
    title="Ahrefs Backlinks",
    vendor="ahrefs",
    kind="links",
    metric="DR",
    how="Site Explorer, Exact URL, Backlinks, all links (not one per domain), Export",
    evidence=Evidence(
        "bytes",
        files="34, 35 and 37 columns, 2025 to 2026: native UTF-16 and through Google Sheets",
        reported="UTF-8 with commas; headings and cells of 2020",
    ),
    columns=(
        # "Referring Page URL" and "Link URL" are the names of 2020.
        Column("source_url", ("referring page url",), URL, required=True),
        Column("target_url", ("target url", "link url"), URL),
        Column("anchor", ("anchor", "link anchor"), TEXT),
        Column("context_left", ("left context", "textpre"), TEXT),
        Column("context_right", ("right context", "textpost"), TEXT),
        Column("title", ("referring page title",), TEXT),
        Column("kind", ("type",), TEXT),
        Column("redirects", ("redirect chain urls",), TEXT),
        Column("page_type", ("page type",), TEXT),
        Column("nofollow", ("nofollow",), FLAG),
        Column("ugc", ("ugc",), FLAG),
        Column("sponsored", ("sponsored",), FLAG),
        Column("spam", ("is spam",), FLAG),
        Column("authority", ("domain rating",), SCORE),
        Column("page_authority", ("ur", "url rating"), SCORE),
        Column("domain_traffic", ("domain traffic",), COUNT),
        Column("page_traffic", ("page traffic", "traffic"), COUNT),
        Column("external_links", ("external links", "external links count"), COUNT),
        Column("language", ("language",), TEXT),
        Column("links", ("links in group",), COUNT),
        Column("first_seen", ("first seen",), DATE),
        Column("last_seen", ("last seen", "last check"), DATE),
        Column("lost", ("lost", "day lost"), LOST),
        Column("status", ("referring page http code",), COUNT),
    ),
    without=("target page http code", "ref. page checked", "intersect"),
)

API_BACKLINKS = Export(
    id="ahrefs-api-backlinks",
    title="Ahrefs API all-backlinks",
    vendor="ahrefs",
    kind="links",
    metric="DR",
    how="the answer of /v3/site-explorer/all-backlinks (mode exact), as JSON, JSON lines or CSV",
    evidence=Evidence("page", reported="the names of the API's fields, from its documentation"),
    columns=(
        Column("source_url", ("url_from",), URL, required=True),
        Column("target_url", ("url_to",), URL),
        Column("anchor", ("anchor",), TEXT),
        Column("context_left", ("snippet_left",), TEXT),
        Column("context_right", ("snippet_right",), TEXT),
        Column("title", ("title",), TEXT),
        Column("kind", ("link_type",), TEXT),
        Column("page_type", ("page_type_source",), TEXT),
        Column("nofollow", ("is_nofollow",), FLAG),
        Column("nofollow", ("is_dofollow",), UNSET),
        Column("ugc", ("is_ugc",), FLAG),
        Column("sponsored", ("is_sponsored",), FLAG),
        Column("spam", ("is_spam",), FLAG),
        Column("authority", ("domain_rating_source",), SCORE),
        Column("page_authority", ("url_rating_source",), SCORE),
        Column("domain_traffic", ("traffic_domain",), COUNT),
        Column("page_traffic", ("traffic",), COUNT),
        Column("external_links", ("links_external",), COUNT),
        Column("language", ("languages",), TEXT),
        Column("links", ("link_group_count",), COUNT),
        Column("first_seen", ("first_seen",), DATE),
        Column("last_seen", ("last_visited",), DATE),
        Column("lost", ("is_lost",), FLAG),
        Column("status", ("http_code",), COUNT),
    ),
    one_of=(
        "domain_rating_source",
        "url_rating_source",
        "name_source",
        "is_dofollow",
        "is_nofollow",
        "link_type",
        "first_seen_link",
        "traffic_domain",
    ),
)

API_REFERRING_DOMAINS = Export(
    id="ahrefs-api-refdomains",
    title="Ahrefs API refdomains",
    vendor="ahrefs",
    kind="domains",
    metric="DR",
    how="the answer of /v3/site-explorer/refdomains (mode exact), as JSON, JSON lines or CSV; bind it with --links-for URL=FILE",
    evidence=Evidence("page", reported="the names of the API's fields, from its documentation"),
    columns=(
        Column("source_domain", ("domain",), URL, required=True),
        Column("authority", ("domain_rating",), SCORE, required=True),
        Column("links", ("links_to_target",), COUNT, required=True),
        Column("nofollow", ("dofollow_links",), NONE_LEFT),
        Column("spam", ("is_spam",), FLAG),
        Column("domain_traffic", ("traffic_domain",), COUNT),
        Column("first_seen", ("first_seen",), DATE),
        # The documentation has last_seen null while a domain links.
        Column("lost", ("last_seen",), LOST),
    ),
)

REFERRING_DOMAINS = Export(
    id="ahrefs-refdomains",
    title="Ahrefs Referring domains",
    vendor="ahrefs",
    kind="domains",
    metric="DR",
    how="Site Explorer, Exact URL, Referring domains, Export; bind it with --links-for URL=FILE",
    evidence=Evidence("text", reported="all of it: 11 columns, 13 with a comparison period"),
    columns=(
        Column("source_domain", ("domain",), URL, required=True),
        Column("authority", ("dr",), SCORE, required=True),
        Column("links", ("links to target",), COUNT, required=True),
        Column("nofollow", ("dofollow links",), NONE_LEFT, required=True),
        Column("spam", ("is spam",), FLAG),
        Column("domain_traffic", ("traffic",), COUNT),
        Column("first_seen", ("first seen",), DATE),
        Column("lost", ("lost",), LOST, required=True),
    ),
)

SERPS = Export(
    id="ahrefs-serps",
    title="Ahrefs keywords with SERPs",
    vendor="ahrefs",
    kind="serp",
    metric="DR",
    how="Keywords Explorer, a keyword list, Export, with SERPs",
    evidence=Evidence("code", reported="all of it"),
    columns=(
        Column("keyword", ("keyword",), TEXT, required=True),
        Column("url", ("url",), URL, required=True),
        Column("position", ("position",), COUNT, required=True),
        Column("type", ("type",), TEXT, required=True),
        Column("referring_domains", ("referring domains",), COUNT, required=True),
        Column("kd", ("difficulty",), SCORE, required=True),
        Column("volume", ("volume",), COUNT),
        Column("country", ("country",), TEXT),
        Column("authority", ("domain rating",), SCORE),
        Column("traffic", ("traffic",), COUNT),
        Column("title", ("title",), TEXT),
        Column("day", ("last update",), DATE),
    ),
)

BEST_BY_LINKS = Export(
    id="ahrefs-best-by-links",
    title="Ahrefs Best by links",
    vendor="ahrefs",
    kind="pages",
    how="Site Explorer, the whole site, Best by links, Export",
    evidence=Evidence("bytes", files="16 columns, 2026, native UTF-16"),
    columns=(
        Column("url", ("page url",), URL, required=True),
        Column("referring_domains", ("referring domains",), COUNT, required=True),
    ),
    with_also=("top dr", "links to target"),
)

TOP_PAGES = Export(
    id="ahrefs-top-pages",
    title="Ahrefs Top pages",
    vendor="ahrefs",
    kind="pages",
    how="Site Explorer, the whole site, Top pages, with the column Referring domains, Export",
    evidence=Evidence(
        "bytes",
        files="20 columns of 2025, which lack the referring domains and are refused",
        reported="23 columns of 2026, which have them",
    ),
    columns=(
        Column("url", ("url",), URL, required=True),
        Column("referring_domains", ("current referring domains",), COUNT, required=True),
    ),
    with_also=("current traffic",),
)

KEYWORDS = Export(
    id="ahrefs-keywords",
    title="Ahrefs Keywords Explorer",
    vendor="ahrefs",
    kind="keywords",
    how="Keywords Explorer, a keyword list, Export (with SERPs it is the SERP as well)",
    evidence=Evidence(
        "bytes",
        files="16 columns of 2026, native UTF-16",
        reported="12 columns of 2022, UTF-8 with commas",
    ),
    columns=(
        Column("keyword", ("keyword",), TEXT, required=True),
        Column("kd", ("difficulty",), SCORE, required=True),
        Column("country", ("country",), TEXT),
    ),
    with_also=("volume",),
    without=("url", "position"),
)

ORGANIC_KEYWORDS = Export(
    id="ahrefs-organic-keywords",
    title="Ahrefs Organic keywords",
    vendor="ahrefs",
    kind="keywords",
    how="Site Explorer, Organic keywords, one date, Export",
    evidence=Evidence("bytes", files="21 columns, 2026, native UTF-16, one date"),
    columns=(
        Column("keyword", ("keyword",), TEXT, required=True),
        Column("kd", ("kd",), SCORE, required=True),
        Column("country", ("country code", "country"), TEXT),
    ),
    with_also=("current position",),
)

LINK_INTERSECT = Export(
    id="ahrefs-link-intersect",
    title="Ahrefs Link intersect, domains",
    vendor="ahrefs",
    kind="intersect",
    metric="DR",
    how="Link Intersect, your site and those of rivals, referring domains, Export",
    evidence=Evidence(
        "code", reported="its columns; what the cells below the sites hold is a guess"
    ),
    columns=(
        Column("source_domain", ("domain",), URL, required=True),
        Column("authority", ("domain rating",), SCORE, required=True),
        Column("traffic", ("domain traffic",), COUNT),
    ),
    with_also=("intersect",),
    without=("referring page url",),
    sites=COUNT,
)

LINK_INTERSECT_PAGES = Export(
    id="ahrefs-link-intersect-pages",
    title="Ahrefs Link intersect, pages",
    vendor="ahrefs",
    kind="intersect",
    metric="DR",
    how="Link Intersect, your site and those of rivals, referring pages, Export",
    evidence=Evidence(
        "code", reported="its columns; what the cells below the sites hold is a guess"
    ),
    columns=(
        Column("source_url", ("referring page url",), URL, required=True),
        Column("title", ("referring page title",), TEXT),
        Column("authority", ("domain rating",), SCORE, required=True),
        Column("page_authority", ("ur",), SCORE),
        Column("traffic", ("domain traffic",), COUNT),
    ),
    with_also=("intersect",),
    sites=COUNT,
)
