"""Every export that can be read, and every one that is refused by name."""

from gapcalc.readers import ahrefs, native, semrush, serp_table
from gapcalc.readers.export import Export

EXPORTS: tuple[Export, ...] = (
    ahrefs.BACKLINKS,
    ahrefs.REFERRING_DOMAINS,
    ahrefs.SERPS,
    semrush.BACKLINKS,
    semrush.REFERRING_DOMAINS,
    serp_table.AHREFS,
    serp_table.SEMRUSH,
    serp_table.PLAIN,
    *native.OWN,
)
