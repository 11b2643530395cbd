"""Google Search Console's link exports: linking pages and nothing else.

Its headings are in the language of the user; a file in another one is known by its cells.
"""

from gapcalc.formats.base import Column, Evidence, Export, FileFacts
from gapcalc.formats.cells import DATE, URL

_HOW = "Search Console, Links, Export external links, {}; bind it with --links-for URL=FILE"
_SAMPLE = "it is Google's sample of the links, not all of them"


LATEST_LINKS = Export(
    id="search-console-latest-links",
    title="Search Console Latest links",
    vendor="google",
    kind="links",
    how=_HOW.format("Latest links"),
    evidence=Evidence("bytes", files="2 columns: 2020 with CRLF, 2026 with LF"),
    columns=(
        Column("source_url", ("linking page",), URL, required=True),
        Column("last_seen", ("last crawled",), DATE, required=True),
    ),
    partial=_SAMPLE,
    read_facts=lambda _preamble, _header: FileFacts(site="a whole property of Search Console"),
)

SAMPLE_LINKS = Export(
    id="search-console-sample-links",
    title="Search Console More sample links",
    vendor="google",
    kind="links",
    how=_HOW.format("More sample links"),
    evidence=Evidence("bytes", files="one column, 2026, LF"),
    columns=(Column("source_url", ("linking page",), URL, required=True),),
    without=("last crawled",),
    partial=_SAMPLE,
    read_facts=lambda _preamble, _header: FileFacts(site="a whole property of Search Console"),
)
