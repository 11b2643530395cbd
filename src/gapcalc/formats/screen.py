"""SERP tables as people copy them from a tool's screen."""

from gapcalc.formats.base import (
    AHREFS_SCREEN,
    REFERRING_DOMAINS,
    SEMRUSH_SCREEN,
    Column,
    Evidence,
    Export,
)
from gapcalc.formats.cells import COUNT, SCORE, TEXT, URL, Cell

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


AHREFS = Export(
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

SEMRUSH = Export(
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
