"""Ahrefs' exports, declared."""

from gapcalc.readers.columns import COUNT, DATE, FILLED, FLAG, NONE_LEFT, SCORE, TEXT, URL
from gapcalc.readers.export import Column, Export

BACKLINKS = Export(
    id="ahrefs-backlinks",
    title="Ahrefs Backlinks",
    vendor="ahrefs",
    kind="links",
    metric="DR",
    how="Site Explorer, Exact URL, Backlinks, all links (not one per domain), Export",
    columns=(
        # "Referring Page URL" and "Link URL" are the names of 2020.
        Column("source_url", ("referring page url",), URL, required=True),
        Column("target_url", ("target url", "link url"), URL, required=True),
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
        Column("lost", ("lost", "day lost"), FILLED),
        Column("status", ("referring page http code",), COUNT),
    ),
    without=("target page http code", "ref. page checked"),
)

REFERRING_DOMAINS = Export(
    id="ahrefs-refdomains",
    title="Ahrefs Referring domains",
    vendor="ahrefs",
    kind="domains",
    metric="DR",
    how="Site Explorer, Exact URL, Referring domains, Export; bind it with --links-for URL=FILE",
    columns=(
        Column("source_domain", ("domain",), URL, required=True),
        Column("authority", ("dr",), SCORE, required=True),
        Column("links", ("links to target",), COUNT, required=True),
        Column("nofollow", ("dofollow links",), NONE_LEFT, required=True),
        Column("spam", ("is spam",), FLAG),
        Column("domain_traffic", ("traffic",), COUNT),
        Column("first_seen", ("first seen",), DATE),
        Column("lost", ("lost",), FILLED, required=True),
    ),
)

SERPS = Export(
    id="ahrefs-serps",
    title="Ahrefs keywords with SERPs",
    vendor="ahrefs",
    kind="serp",
    metric="DR",
    how="Keywords Explorer, a keyword list, Export, with SERPs",
    columns=(
        Column("keyword", ("keyword",), TEXT, required=True),
        Column("url", ("url",), URL, required=True),
        Column("position", ("position",), COUNT, required=True),
        Column("type", ("type",), TEXT, required=True),
        Column("referring_domains", ("referring domains",), COUNT, required=True),
        Column("kd", ("difficulty",), SCORE, required=True),
        Column("country", ("country",), TEXT),
        Column("authority", ("domain rating",), SCORE),
        Column("traffic", ("traffic",), COUNT),
        Column("title", ("title",), TEXT),
    ),
)
