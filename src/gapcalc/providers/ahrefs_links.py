"""Ahrefs' lists of links: the columns, what they cost, and how they are asked for."""

from gapcalc.formats.ahrefs import BACKLINKS
from gapcalc.providers.ahrefs_request import get
from gapcalc.providers.base import Answer, Request
from gapcalc.providers.fields import Field, wanted, write_row
from gapcalc.providers.reading import records
from gapcalc.providers.steps import ONE_PER_DOMAIN, Links, Listed, Part, Terms

_LINK_FIELDS = (
    Field("source_url", "url_from", always=True),
    Field("target_url", "url_to", always=True),
    Field("nofollow", "is_nofollow", always=True),
    Field("ugc", "is_ugc", always=True),
    Field("sponsored", "is_sponsored", always=True),
    # Live links are asked for; should a lost one come along, its row says so.
    Field("lost", "is_lost", always=True, write=lambda lost: "lost" if lost else ""),
    Field("anchor", "anchor"),
    Field("context_left", "snippet_left"),
    Field("context_right", "snippet_right"),
    Field("title", "title"),
    Field("kind", "link_type"),
    Field("page_type", "page_type_source"),
    Field("spam", "is_spam"),
    Field("authority", "domain_rating_source"),
    Field("domain_traffic", "traffic_domain", price=10),
    Field("external_links", "links_external"),
    Field("language", "languages"),
)
_GROUP = Field("links", "link_group_count")
_CAPS = (25, 100, 250, 500)
"""Rows at which plans end a list, without a word in the answer."""


def links_of(terms: Terms) -> Links:
    """Give the step that lists links, with the columns that are worth their price."""
    fields = wanted(_LINK_FIELDS, terms.reads)
    if not terms.one_per_domain:
        fields = (*fields, _GROUP)
    price = sum(field.price for field in fields)
    aggregation = "1_per_domain" if terms.one_per_domain else "similar_links"

    def ask(part: Part) -> Request:
        params = {
            "target": part.url,
            "mode": "exact",
            "protocol": "both",
            "history": "live",
            "aggregation": aggregation,
            "limit": str(part.rows),
            "select": ",".join(field.theirs for field in fields),
        }
        path = "site-explorer/all-backlinks"
        return get("links", f"links of {part.url}", path, params, (price, part.rows))

    def read(answer: Answer) -> Listed:
        return Listed(tuple(write_row(fields, row) for row in records(answer.data, "backlinks")))

    return Links(
        via=f"all-backlinks, {aggregation}",
        export=BACKLINKS,
        fields=tuple(field.name for field in fields),
        ask=ask,
        read=read,
        exact=terms.one_per_domain,
        caps=_CAPS,
        note=ONE_PER_DOMAIN if terms.one_per_domain else None,
    )
