"""Majestic's exports; a file of referring domains names its target in its headings.

The authority of a site is its Trust Flow: it weighs where links come from, as the other vendors'
scores do. Citation Flow only counts links.
"""

from collections.abc import Sequence

from gapcalc.formats.base import Column, Evidence, Export, FileFacts
from gapcalc.formats.cells import (
    COUNT,
    DATED,
    DAY_FIRST,
    FLAG,
    REDIRECT,
    SCORE,
    TEXT,
    URL,
)

_TARGET = "backlinks_"


def read_target(_preamble: Sequence[str], header: Sequence[str]) -> FileFacts:
    """Read the target from the headings: a page, or a whole site. A file of several is refused.

    >>> read_target([], ["Domain", "BackLinks_site.example"]).site
    'the whole site site.example'
    >>> read_target([], ["Domain", "BackLinks_https://site.example/page"]).page
    'https://site.example/page'
    """
    targets = [
        name.strip()[len(_TARGET) :]
        for name in header
        if name.strip().casefold().startswith(_TARGET)
    ]
    if len(targets) > 1:
        return FileFacts(
            refused=f"it compares {len(targets)} targets, and its rows are not of one page"
        )
    target = targets[0] if targets else ""
    if "://" in target or "/" in target.rstrip("/"):
        return FileFacts(page=target, note="its headings name the page")
    return FileFacts(site=f"the whole site {target}") if target else FileFacts()


REFERRING_DOMAINS = Export(
    id="majestic-refdomains",
    title="Majestic Referring domains",
    vendor="majestic",
    kind="domains",
    metric="TF",
    how="Site Explorer, the exact URL, Ref Domains, Export",
    evidence=Evidence(
        "bytes",
        files="20 columns, 2013, UTF-8 with a mark, CRLF, dates with the day first; of a whole site",
        reported="a page as target in the headings",
    ),
    columns=(
        Column("source_domain", ("domain",), URL, required=True),
        Column("authority", ("trustflow",), SCORE, required=True),
        Column("links", ("backlinks_*",), COUNT, required=True),
        Column("ip", ("ip",), TEXT),
        Column("first_seen", ("firstlinkdate_*",), DAY_FIRST),
        Column("last_seen", ("lastlinkdate_*",), DAY_FIRST),
    ),
    with_also=("citationflow",),
    read_facts=read_target,
)

BACKLINKS = Export(
    id="majestic-backlinks",
    title="Majestic Backlinks",
    vendor="majestic",
    kind="links",
    metric="TF",
    how="Site Explorer, the exact URL, Backlinks, with deleted links, Export",
    evidence=Evidence("code", reported="two families of headings; what the cells hold"),
    columns=(
        Column("source_url", ("source url", "sourceurl"), URL, required=True),
        Column("target_url", ("target url", "targeturl"), URL, required=True),
        Column("page_authority", ("source trust flow", "sourcetrustflow"), SCORE),
        Column("authority", ("domain trust flow",), SCORE),
        Column("anchor", ("anchor text", "anchortext"), TEXT),
        Column("lost", ("flagdeleted",), FLAG),
        Column("lost", ("datelost",), DATED),
        Column("nofollow", ("flagnofollow",), FLAG),
        Column("kind", ("flagredirect",), REDIRECT),
        Column("external_links", ("sourceoutgoingexternallinks",), COUNT),
        Column("first_seen", ("link first indexed date", "firstindexeddate"), DAY_FIRST),
        Column("last_seen", ("lastseendate",), DAY_FIRST),
    ),
    one_of=(
        "source trust flow",
        "sourceurl",
        "targeturl",
        "sourcetrustflow",
        "source citation flow",
        "sourcecitationflow",
        "domain trust flow",
        "domain citation flow",
        "link first indexed date",
        "firstindexeddate",
        "flagdeleted",
        "flagnofollow",
    ),
)
