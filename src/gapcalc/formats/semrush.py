"""Semrush's exports."""

from gapcalc.formats.base import Column, Evidence, Export
from gapcalc.formats.cells import COUNT, DATE, FLAG, SCORE, TEXT, URL

BACKLINKS = Export(
    id="semrush-backlinks",
    title="Semrush Backlinks",
    vendor="semrush",
    kind="links",
    metric="Authority Score",
    how="Backlink Analytics, Exact URL, Backlinks, Export",
    evidence=Evidence(
        "bytes", files="one header from 2023 to 2026, CRLF and LF", reported="semicolons between"
    ),
    columns=(
        Column("source_url", ("source url",), URL, required=True),
        Column("target_url", ("target url",), URL, required=True),
        # Required, because a fifth of the rows of an unfiltered export are lost links.
        Column("lost", ("lost link",), FLAG, required=True),
        # It scores the referring page; only gapcalc fetch has the score of the domain, from v4.
        Column("page_authority", ("page ascore",), SCORE, required=True),
        Column("authority", ("domain ascore",), SCORE),
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
    evidence=Evidence("bytes", files="2026, CRLF and LF", reported="semicolons between"),
    columns=(
        Column("source_domain", ("domain",), URL, required=True),
        Column("authority", ("domain ascore",), SCORE, required=True),
        Column("links", ("backlinks",), COUNT, required=True),
        Column("ip", ("ip address",), TEXT),
        Column("first_seen", ("first seen",), DATE, required=True),
        Column("last_seen", ("last seen",), DATE),
    ),
)

BACKLINK_AUDIT = Export(
    id="semrush-backlink-audit",
    title="Semrush Backlink Audit",
    vendor="semrush",
    kind="links",
    metric="Authority Score",
    how="Backlink Audit, Audit, Export; Backlink Analytics gives more links",
    evidence=Evidence("bytes", reported="14 columns"),
    columns=(
        Column("source_url", ("source url",), URL, required=True),
        Column("target_url", ("target url",), URL, required=True),
        Column("authority", ("domain authority score",), SCORE),
        Column("page_authority", ("page authority score",), SCORE),
        Column("title", ("source page title",), TEXT),
        Column("anchor", ("anchor",), TEXT),
        Column("nofollow", ("no follow",), FLAG),
        Column("first_seen", ("first seen",), DATE),
        Column("last_seen", ("last seen",), DATE),
    ),
    with_also=("toxic score",),
    partial="a Backlink Audit shows one link per host",
)

INDEXED_PAGES = Export(
    id="semrush-indexed-pages",
    title="Semrush Indexed pages",
    vendor="semrush",
    kind="pages",
    how="Backlink Analytics, the whole site, Indexed Pages, Export",
    evidence=Evidence("bytes", files="8 columns, 2025, LF"),
    columns=(
        # In this export Source url is a page of the site, and Domains counts those that link to it.
        Column("url", ("source url",), URL, required=True),
        Column("referring_domains", ("domains",), COUNT, required=True),
    ),
    with_also=("response code", "backlinks"),
)

POSITIONS = Export(
    id="semrush-positions",
    title="Semrush Organic positions",
    vendor="semrush",
    kind="keywords",
    how="Organic Research, Positions, Export; its difficulty is Semrush's",
    evidence=Evidence("bytes", files="17 columns, 2026, LF"),
    columns=(
        Column("keyword", ("keyword",), TEXT, required=True),
        Column("kd", ("keyword difficulty",), SCORE, required=True),
    ),
    with_also=("position", "previous position", "url"),
)

KEYWORDS = Export(
    id="semrush-keywords",
    title="Semrush Keyword Magic",
    vendor="semrush",
    kind="keywords",
    how="Keyword Magic Tool, with the column Keyword Difficulty, Export; it is Semrush's own",
    evidence=Evidence("bytes", files="6 and 9 columns, 2026, LF"),
    columns=(
        Column("keyword", ("keyword",), TEXT, required=True),
        Column("kd", ("keyword difficulty",), SCORE, required=True),
    ),
    with_also=("volume",),
    without=("url", "position", "competition density"),
)
