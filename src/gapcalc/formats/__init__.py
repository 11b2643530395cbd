"""Every export that can be read, and every one that is refused by name."""

from gapcalc.formats import (
    ahrefs,
    dataforseo,
    majestic,
    moz,
    own,
    screen,
    se_ranking,
    search_console,
    semrush,
)
from gapcalc.formats.base import Export

EXPORTS: tuple[Export, ...] = (
    ahrefs.BACKLINKS,
    ahrefs.REFERRING_DOMAINS,
    ahrefs.SERPS,
    ahrefs.KEYWORDS,
    ahrefs.ORGANIC_KEYWORDS,
    ahrefs.BEST_BY_LINKS,
    ahrefs.TOP_PAGES,
    screen.AHREFS,
    semrush.BACKLINKS,
    semrush.REFERRING_DOMAINS,
    semrush.BACKLINK_AUDIT,
    semrush.INDEXED_PAGES,
    semrush.POSITIONS,
    semrush.KEYWORDS,
    screen.SEMRUSH,
    moz.INBOUND_LINKS,
    moz.TOP_PAGES,
    majestic.BACKLINKS,
    majestic.REFERRING_DOMAINS,
    search_console.LATEST_LINKS,
    search_console.SAMPLE_LINKS,
    dataforseo.BACKLINKS,
    dataforseo.REFERRING_DOMAINS,
    se_ranking.BACKLINKS,
    screen.PLAIN,
    *own.OWN,
)
