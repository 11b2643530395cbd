"""Semrush's exports, declared."""

from gapcalc.readers.columns import COUNT, DATE, FLAG, SCORE, TEXT, URL
from gapcalc.readers.export import Column, Export

BACKLINKS = Export(
    id="semrush-backlinks",
    title="Semrush Backlinks",
    vendor="semrush",
    kind="links",
    how="Backlink Analytics, Exact URL, Backlinks, Export",
    columns=(
        Column("source_url", ("source url",), URL, required=True),
        Column("target_url", ("target url",), URL, required=True),
        # A fifth of the rows of a plain export are lost links: without the flag no count is right.
        Column("lost", ("lost link",), FLAG, required=True),
        # It scores the referring page; this export has no score of the domain.
        Column("page_authority", ("page ascore",), SCORE, required=True),
        Column("title", ("source title",), TEXT),
        Column("anchor", ("anchor",), TEXT),
        Column("external_links", ("external links",), COUNT),
        Column("nofollow", ("nofollow",), FLAG),
        Column("ugc", ("ugc",), FLAG),
        Column("sponsored", ("sponsored",), FLAG),
        Column("sitewide", ("sitewide",), FLAG),
        Column("first_seen", ("first seen",), DATE),
        Column("last_seen", ("last seen",), DATE),
    ),
)

REFERRING_DOMAINS = Export(
    id="semrush-refdomains",
    title="Semrush Referring domains",
    vendor="semrush",
    kind="domains",
    metric="Authority Score",
    how="Backlink Analytics, Exact URL, Referring Domains, Export; bind it with --links-for URL=FILE",
    columns=(
        Column("source_domain", ("domain",), URL, required=True),
        Column("authority", ("domain ascore",), SCORE, required=True),
        Column("links", ("backlinks",), COUNT, required=True),
        Column("ip", ("ip address",), TEXT),
        Column("first_seen", ("first seen",), DATE, required=True),
        Column("last_seen", ("last seen",), DATE),
    ),
)
