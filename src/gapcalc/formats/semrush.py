"""Semrush's exports."""

from gapcalc.formats.base import Column, Evidence, Export
from gapcalc.formats.cells import COUNT, DATE, FLAG, SCORE, TEXT, UNSET, URL

_TOXIC = ("toxic score", "toxicity score", "toxicity")

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
        Column("lost", ("lost link",), FLAG),
        # This score is the referring page's; only gapcalc fetch has the domain's score, from v4.
        Column("page_authority", ("page ascore",), SCORE),
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
    one_of=(
        "page ascore",
        "source title",
        "anchor",
        "external links",
        "internal links",
        "new link",
        "lost link",
        "sitewide",
    ),
    without=(*_TOXIC, "source page title", "source trust flow"),
)

API_BACKLINKS = Export(
    id="semrush-api-backlinks",
    title="Semrush API backlinks",
    vendor="semrush",
    kind="links",
    metric="Authority Score",
    how="the answer of the API's report backlinks (exact URL), as CSV, JSON or JSON lines",
    evidence=Evidence("page", reported="the fields of versions 3 and 4, from the documentation"),
    columns=(
        Column("source_url", ("source_url",), URL, required=True),
        Column("target_url", ("target_url",), URL, required=True),
        # Programs that write headings of the export in snake case add some names.
        Column("lost", ("lostlink", "is_lost", "lost_link"), FLAG),
        Column("authority", ("domain_score", "domain_ascore"), SCORE),
        Column("page_authority", ("page_ascore", "page_score"), SCORE),
        Column("title", ("source_title",), TEXT),
        Column("anchor", ("anchor",), TEXT),
        Column("external_links", ("external_num", "external_links_count", "external_links"), COUNT),
        Column("nofollow", ("nofollow", "is_nofollow"), FLAG),
        Column("ugc", ("ugc", "is_ugc"), FLAG),
        Column("sponsored", ("sponsored", "is_sponsored"), FLAG),
        Column("sitewide", ("sitewide", "is_sitewide_main"), FLAG),
        Column("language", ("lang",), TEXT),
        # The dates of version 3 are seconds, and they are not read.
        Column("first_seen", ("first_seen_at",), DATE),
        Column("last_seen", ("last_seen_at",), DATE),
    ),
    one_of=("page_ascore", "page_score", "source_title", "lostlink", "external_num"),
)

API_REFERRING_DOMAINS = Export(
    id="semrush-api-refdomains",
    title="Semrush API referring domains",
    vendor="semrush",
    kind="domains",
    metric="Authority Score",
    how="the answer of the API's report on referring domains (exact URL), as CSV, JSON or JSON lines; bind it with --links-for URL=FILE",
    evidence=Evidence("page", reported="the fields of versions 3 and 4, from the documentation"),
    columns=(
        Column("source_domain", ("domain",), URL, required=True),
        Column("authority", ("domain_ascore", "domain_score"), SCORE, required=True),
        Column("links", ("backlinks_num", "backlinks_count"), COUNT, required=True),
        Column("nofollow", ("is_follow",), UNSET),
        Column("lost", ("is_lost",), FLAG),
        Column("ip", ("ip", "ip_address"), TEXT),
        Column("first_seen", ("first_seen_at",), DATE),
        Column("last_seen", ("last_seen_at",), DATE),
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
    evidence=Evidence("bytes", reported="14 columns; the names of its other eras are guesses"),
    columns=(
        Column("source_url", ("source url",), URL, required=True),
        Column("target_url", ("target url",), URL, required=True),
        Column("authority", ("domain authority score", "domain ascore"), SCORE),
        Column("page_authority", ("page authority score", "page ascore"), SCORE),
        Column("title", ("source page title", "source title"), TEXT),
        Column("anchor", ("anchor",), TEXT),
        Column("nofollow", ("no follow", "nofollow"), FLAG),
        Column("ugc", ("ugc",), FLAG),
        Column("sponsored", ("sponsored",), FLAG),
        Column("lost", ("lost link",), FLAG),
        Column("first_seen", ("first seen",), DATE),
        Column("last_seen", ("last seen",), DATE),
    ),
    one_of=_TOXIC,
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

BACKLINK_GAP = Export(
    id="semrush-backlink-gap",
    title="Semrush Backlink Gap",
    vendor="semrush",
    kind="intersect",
    metric="Authority Score",
    how="Backlink Gap, your site first and those of rivals, Export",
    evidence=Evidence("bytes", files="four files of up to five sites, 2026, CRLF"),
    columns=(
        Column("source_domain", ("domain",), URL, required=True),
        Column("authority", ("domain ascore",), SCORE, required=True),
    ),
    with_also=("matches",),
    sites=COUNT,
)
