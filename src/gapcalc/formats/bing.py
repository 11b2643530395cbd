"""Bing Webmaster Tools' lists of backlinks, which cover a whole site."""

from gapcalc.formats.base import Column, Evidence, Export, FileFacts
from gapcalc.formats.cells import COUNT, TEXT, URL

BACKLINKS = Export(
    id="bing-backlinks",
    title="Bing Webmaster backlinks, pages",
    vendor="bing",
    kind="links",
    how="Bing Webmaster Tools, Backlinks, Pages, Download all",
    evidence=Evidence("text", reported="three columns, all quoted, UTF-8 with a mark, 2026"),
    columns=(
        Column("source_url", ("source url",), URL, required=True),
        Column("target_url", ("target url",), URL, required=True),
        Column("anchor", ("anchor text",), TEXT, required=True),
    ),
    width=3,
)

REFERRING_DOMAINS = Export(
    id="bing-refdomains",
    title="Bing Webmaster backlinks, domains",
    vendor="bing",
    kind="domains",
    how="Bing Webmaster Tools, Backlinks, Domains, Download all; better the list of pages",
    evidence=Evidence("text", reported="two columns, all quoted, UTF-8 with a mark, 2026"),
    columns=(
        Column("source_domain", ("domain",), URL, required=True),
        Column("links", ("backlinks count",), COUNT, required=True),
    ),
    read_facts=lambda _preamble, _header: FileFacts(site="a whole site of Bing Webmaster Tools"),
)
