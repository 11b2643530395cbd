"""Moz's exports; their preambles name the target and the filters.

Spam Score is not read. It is the percentage of similar sites that were found penalised, and Moz
itself says (Help Hub, Spam Score) that a high score does not mean that a site is spam; the rule
`spam` needs a flag that does. Outbound Links from Page is not read either, because Moz does not say
whether it includes links within the site.
"""

from collections.abc import Sequence

from gapcalc.formats.base import Column, Evidence, Export, FileFacts
from gapcalc.formats.cells import COUNT, DATE, FOLLOW, GONE, SCORE, TEXT, URL

_LEAVES_LIVE_LINKS = ("all", "external", "not_deleted")
"""Filters that remove only links that are not counted anyway: internal and lost ones."""


_DOMAIN = (
    *("root domain", "linking domain", "linking root domain", "referring domain"),
    *("source domain", "domain", "url"),
)


def read_preamble(preamble: Sequence[str], _header: Sequence[str]) -> FileFacts:
    r"""Read target, scope and filters; a filter that removes live links makes the list incomplete.

    >>> read_preamble(["Inbound Links for,a.example\n", "Filters:,external+follow\n"], []).cut
    'it was exported with the filter follow'
    """
    values = dict(_pair(line) for line in preamble)
    target, scope = values.get("inbound links for"), values.get("scope")
    filters = [word for word in values.get("filters", "").split("+") if word]
    notes = [f"links to {target} (scope {scope})"] if target and scope else []
    if "not_deleted" in filters:
        notes.append("lost links were left out of the export")
    return FileFacts(cut=_cut(values, filters), note="; ".join(notes) or None)


def _pair(line: str) -> tuple[str, str]:
    name, _, value = line.strip(' \r\n"').partition(",")
    return name.strip(' :"').casefold(), value.strip(' ,"')


def _cut(values: dict[str, str], filters: Sequence[str]) -> str | None:
    used = [word for word in filters if word not in _LEAVES_LIVE_LINKS]
    used += [
        f"{name} {values[name]}"
        for name in ("anchor text", "source pld")
        if values.get(name, "all") not in {"all", ""}
    ]
    return f"it was exported with the filter {', '.join(used)}" if used else None


INBOUND_LINKS = Export(
    id="moz-inbound-links",
    title="Moz Inbound links",
    vendor="moz",
    kind="links",
    metric="DA",
    how="Link Explorer, Exact page, Inbound Links, no filter but external, Export CSV",
    evidence=Evidence(
        "bytes",
        reported="17 columns below nine lines of preamble, 2022; every state but active is a guess",
    ),
    columns=(
        Column("source_url", ("url",), URL, required=True),
        Column("target_url", ("target url",), URL, required=True),
        # Date Lost is not read: a link that was found again keeps its date.
        Column("lost", ("link state",), GONE),
        Column("nofollow", ("link type",), FOLLOW),
        Column("title", ("title",), TEXT),
        Column("anchor", ("anchor text",), TEXT),
        Column("authority", ("da",), SCORE),
        Column("page_authority", ("pa",), SCORE),
        Column("first_seen", ("date first seen",), DATE),
        Column("last_seen", ("date last seen",), DATE),
    ),
    without=("referring page url", "source url"),
    read_facts=read_preamble,
)

TOP_PAGES = Export(
    id="moz-top-pages",
    title="Moz Top pages",
    vendor="moz",
    kind="pages",
    how="Link Explorer, the whole site, Top Pages, Export CSV",
    evidence=Evidence("code", reported="five lines of preamble; the names of its columns"),
    columns=(
        Column("url", ("url",), URL, required=True),
        Column("referring_domains", ("linking domains to page",), COUNT, required=True),
    ),
    with_also=("pa", "total links"),
    without=("target url", "link state"),
)

LINK_INTERSECT = Export(
    id="moz-link-intersect",
    title="Moz Link Intersect",
    vendor="moz",
    kind="intersect",
    metric="DA",
    how="Link Explorer, Link Intersect, your site and those of rivals, Export CSV",
    evidence=Evidence(
        "guess",
        reported="what the report tells, from Moz's help; nobody published a file or its headings",
    ),
    columns=(
        Column("source_domain", _DOMAIN, URL, required=True),
        Column("authority", ("da", "domain authority"), SCORE, required=True),
    ),
    one_of=("sites intersecting", "intersecting sites", "intersections", "intersects", "intersect"),
    sites=COUNT,
)
