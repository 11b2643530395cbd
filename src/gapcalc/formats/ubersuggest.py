"""Ubersuggest's export. Its spam score is an estimate, not a flag, and is not read."""

from gapcalc.formats.base import Column, Evidence, Export
from gapcalc.formats.cells import DATE, SCORE, TEXT, URL

BACKLINKS = Export(
    id="ubersuggest-backlinks",
    title="Ubersuggest backlinks",
    vendor="ubersuggest",
    kind="links",
    metric="Domain Authority",
    how="Backlinks, the exact URL, Export to CSV",
    evidence=Evidence("text", reported="ten columns, UTF-8 with a mark, titles of several lines"),
    columns=(
        Column("source_url", ("source url",), URL, required=True),
        Column("target_url", ("target url",), URL, required=True),
        Column("title", ("source page title",), TEXT),
        Column("authority", ("domain authority",), SCORE),
        Column("page_authority", ("page authority",), SCORE),
        Column("anchor", ("anchor text", "anchor"), TEXT),
        Column("first_seen", ("first seen",), DATE),
        Column("last_seen", ("last seen",), DATE),
    ),
    one_of=("domain authority", "page authority", "spam score"),
    without=("toxic score", "toxicity score"),
)
