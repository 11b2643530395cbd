"""Every export that can be read, and every one that is refused by name."""

from gapcalc.readers import (
    ahrefs,
    dataforseo,
    majestic,
    moz,
    native,
    se_ranking,
    search_console,
    semrush,
    serp_table,
)
from gapcalc.readers.export import Export

EXPORTS: tuple[Export, ...] = (
    ahrefs.BACKLINKS,
    ahrefs.REFERRING_DOMAINS,
    ahrefs.SERPS,
    ahrefs.KEYWORDS,
    ahrefs.ORGANIC_KEYWORDS,
    ahrefs.BEST_BY_LINKS,
    ahrefs.TOP_PAGES,
    serp_table.AHREFS,
    semrush.BACKLINKS,
    semrush.REFERRING_DOMAINS,
    semrush.BACKLINK_AUDIT,
    semrush.INDEXED_PAGES,
    semrush.POSITIONS,
    semrush.KEYWORDS,
    serp_table.SEMRUSH,
    moz.INBOUND_LINKS,
    moz.TOP_PAGES,
    majestic.BACKLINKS,
    majestic.REFERRING_DOMAINS,
    search_console.LATEST_LINKS,
    search_console.SAMPLE_LINKS,
    dataforseo.BACKLINKS,
    dataforseo.REFERRING_DOMAINS,
    se_ranking.BACKLINKS,
    serp_table.PLAIN,
    *native.OWN,
)
