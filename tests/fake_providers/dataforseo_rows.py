"""The items of DataForSEO's link reports."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from .world import Link, Totals

_ITEM_TYPES = {
    "text": "anchor",
    "image": "image",
    "redirect": "redirect",
    "canonical": "canonical",
}


def stamp(at: datetime) -> str:
    """Write a time as DataForSEO does, which is not quite ISO 8601."""
    return at.strftime("%Y-%m-%d %H:%M:%S +00:00")


def attributes(link: Link) -> list[str] | None:
    """Give the rel attributes, None when there are none."""
    flags = {"nofollow": link.nofollow, "ugc": link.ugc, "sponsored": link.sponsored}
    return [name for name, has in flags.items() if has] or None


def link_item(link: Link, of_domain: Mapping[str, int] | None = None) -> dict[str, Any]:
    """Give a row of backlinks; `of_domain` counts the links of a domain that one row stands for."""
    target = urlsplit(link.target_url)
    return {
        "type": "backlink",
        "domain_from": link.host,
        "url_from": link.source_url,
        "url_from_https": True,
        "domain_to": (target.hostname or "").removeprefix("www."),
        "url_to": link.target_url,
        "url_to_https": True,
        "tld_from": link.host.rpartition(".")[2],
        "is_new": False,
        "is_lost": link.lost is not None,
        "backlink_spam_score": 80 if link.spam else 3,
        "rank": link.rank,
        "page_from_rank": round(link.page_rating * 10),
        "domain_from_rank": link.rank,
        "domain_from_country": None,
        "page_from_external_links": link.external,
        "page_from_internal_links": link.internal,
        "page_from_language": link.language,
        "page_from_title": link.title,
        "page_from_status_code": 200,
        "first_seen": stamp(link.first_seen),
        "prev_seen": None,
        "last_seen": stamp(link.last_seen),
        "item_type": _ITEM_TYPES[link.kind],
        "attributes": attributes(link),
        "dofollow": link.followed,
        "original": False,
        "alt": None,
        "anchor": link.anchor or None,
        "text_pre": None,
        "text_post": None,
        "semantic_location": "article",
        "links_count": link.group,
        "group_count": of_domain[link.domain] if of_domain else 0,
        "is_broken": False,
        "url_to_status_code": 200,
        "is_indirect_link": link.kind in ("redirect", "canonical"),
        "indirect_link_path": None,
    }


def referring_item(links: Sequence[Link]) -> dict[str, Any]:
    """Give an item of `referring_domains`: all links of one main domain."""
    totals = Totals.of(links)
    live = [link for link in links if link.lost is None]
    nofollow = sum(not link.followed for link in live)
    return {
        "type": "backlinks_referring_domain",
        "domain": links[0].domain,
        "rank": links[0].rank,
        "backlinks": totals.links,
        "first_seen": stamp(min(link.first_seen for link in links)),
        "lost_date": None if live else stamp(max(link.last_seen for link in links)),
        "backlinks_spam_score": 80 if links[0].spam else 3,
        "broken_backlinks": 0,
        "broken_pages": 0,
        "referring_domains": totals.hosts,
        "referring_domains_nofollow": min(nofollow, totals.hosts),
        "referring_main_domains": 1,
        "referring_main_domains_nofollow": min(nofollow, 1),
        "referring_ips": 1,
        "referring_subnets": 1,
        "referring_pages": len(links),
        "referring_links_tld": {links[0].domain.rpartition(".")[2]: totals.links},
        "referring_links_types": {"anchor": totals.links},
        "referring_links_attributes": {"nofollow": nofollow} if nofollow else None,
        "referring_links_platform_types": {"blogs": totals.links},
        "referring_links_semantic_locations": {"article": totals.links},
        "referring_links_countries": {"US": totals.links},
        "referring_pages_nofollow": nofollow,
    }
