"""The fields of Ahrefs' answers: what one costs per row, its type, and its value."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from .world import NOW, Link, SerpRow, World

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Field(Generic[T]):
    """A field of a row; one that is only for filters cannot be selected."""

    value: Callable[[T], Any]
    type: type = str
    cost: int = 1
    only_filter: bool = False


def stamp(at: datetime | None) -> str | None:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ") if at else None


def _rel(link: Link) -> bool:
    return not link.followed


BACKLINKS: Mapping[str, Field[Link]] = {
    "url_from": Field(lambda link: link.source_url),
    "url_to": Field(lambda link: link.target_url),
    "name_source": Field(lambda link: link.host),
    "root_name_source": Field(lambda link: link.domain),
    "domain_rating_source": Field(lambda link: link.rating, float),
    "url_rating_source": Field(lambda link: link.page_rating, float),
    "anchor": Field(lambda link: link.anchor),
    "title": Field(lambda link: link.title),
    "link_type": Field(lambda link: link.kind),
    "is_dofollow": Field(lambda link: link.followed, bool),
    "is_nofollow": Field(lambda link: link.nofollow, bool),
    "is_ugc": Field(lambda link: link.ugc, bool),
    "is_sponsored": Field(lambda link: link.sponsored, bool),
    "is_content": Field(lambda link: link.kind == "text", bool),
    "is_spam": Field(lambda link: link.spam, bool),
    "is_lost": Field(lambda link: link.lost is not None, bool),
    "is_new": Field(lambda _: False, bool),
    "is_redirect": Field(lambda link: link.kind == "redirect", bool),
    "is_canonical": Field(lambda link: link.kind == "canonical", bool),
    "is_text": Field(lambda link: link.kind == "text", bool),
    "is_image": Field(lambda link: link.kind == "image", bool),
    "noindex": Field(lambda _: False, bool),
    "http_code": Field(lambda _: 200, int),
    "first_seen": Field(lambda link: stamp(link.first_seen)),
    "first_seen_link": Field(lambda link: stamp(link.first_seen)),
    "last_visited": Field(lambda link: stamp(link.last_seen)),
    "last_seen": Field(lambda link: stamp(link.lost)),
    "lost_reason": Field(lambda link: "removedfromhtml" if link.lost else None),
    "drop_reason": Field(lambda _: None),
    "discovered_status": Field(lambda _: "pagefound"),
    "languages": Field(lambda link: [link.language] if link.language else [], list),
    "snippet_left": Field(lambda _: ""),
    "snippet_right": Field(lambda _: ""),
    "alt": Field(lambda _: None),
    "links_external": Field(lambda link: link.external, int),
    "links_internal": Field(lambda link: link.internal, int),
    "linked_domains_source_page": Field(lambda link: link.external // 2, int),
    "tld_class_source": Field(lambda _: "normal"),
    "page_type_source": Field(lambda _: None),
    "page_category_source": Field(lambda _: None),
    "positions": Field(lambda _: 0, int),
    "redirect_code": Field(lambda link: 301 if link.kind == "redirect" else None, int),
    "url_redirect": Field(lambda _: []),
    "class_c": Field(lambda _: 1, int, 5),
    "refdomains_source": Field(lambda _: 1, int, 5),
    "refdomains_source_domain": Field(lambda _: 90, int, 5),
    "traffic": Field(lambda link: link.traffic, int, 10),
    "traffic_domain": Field(lambda link: link.domain_traffic, int, 10),
    "link_group_count": Field(lambda link: link.group, int),
    "is_homepage_link": Field(lambda _: False, bool, 1, only_filter=True),
    "is_non_html": Field(lambda _: False, bool, 1, only_filter=True),
    "len_url_redirect": Field(lambda _: 0, int, 1, only_filter=True),
    "positions_source_domain": Field(lambda _: 0, int, 1, only_filter=True),
}


@dataclass(frozen=True, slots=True)
class Referring:
    """What one host sends to a page."""

    host: str
    links: tuple[Link, ...]

    @property
    def live(self) -> tuple[Link, ...]:
        return tuple(link for link in self.links if link.lost is None)


REFDOMAINS: Mapping[str, Field[Referring]] = {
    "domain": Field(lambda row: row.host),
    "domain_rating": Field(lambda row: row.links[0].rating, float),
    "is_root_domain": Field(lambda row: row.host == row.links[0].domain, bool),
    "is_spam": Field(lambda row: row.links[0].spam, bool),
    "links_to_target": Field(lambda row: sum(link.group for link in row.live), int),
    "dofollow_links": Field(
        lambda row: sum(link.group for link in row.live if not _rel(link)), int
    ),
    "new_links": Field(lambda _: 0, int),
    "lost_links": Field(lambda row: len(row.links) - len(row.live), int),
    "first_seen": Field(lambda row: stamp(min(link.first_seen for link in row.links))),
    "last_seen": Field(
        lambda row: (
            None if row.live else stamp(max(link.last_seen for link in row.links if link.lost))
        )
    ),
    "dofollow_refdomains": Field(lambda _: 40, int, 5),
    "dofollow_linked_domains": Field(lambda _: 12, int),
    "positions_source_domain": Field(lambda _: 0, int),
    "traffic_domain": Field(lambda row: row.links[0].domain_traffic, int, 10),
    "ip_source": Field(lambda _: None),
    "root_domain_name": Field(lambda row: row.links[0].domain, str, 1, only_filter=True),
    "is_dofollow": Field(
        lambda row: any(link.followed for link in row.live), bool, 1, only_filter=True
    ),
    "is_nofollow": Field(
        lambda row: any(link.nofollow for link in row.live), bool, 1, only_filter=True
    ),
    "refdomains": Field(lambda _: 90, int, 5, only_filter=True),
    "traffic_page": Field(lambda _: 0, int, 10, only_filter=True),
}


@dataclass(frozen=True, slots=True)
class Ranked:
    """A row of a SERP, with what the world knows of its page."""

    world: World
    row: SerpRow

    @property
    def page(self) -> str | None:
        return self.row.url if self.row.organic else None


def _kinds(ranked: Ranked) -> list[str]:
    if ranked.row.feature:
        return [ranked.row.feature]
    return ["organic", "snippet"] if ranked.row.position == 1 else ["organic"]


def _of_page(value: Callable[[World, str], Any]) -> Callable[[Ranked], Any]:
    return lambda ranked: value(ranked.world, ranked.page) if ranked.page else None


SERP: Mapping[str, Field[Ranked]] = {
    "position": Field(lambda ranked: ranked.row.position, int),
    "type": Field(_kinds, list),
    "update_date": Field(lambda _: stamp(NOW)),
    "url": Field(lambda ranked: ranked.row.url),
    "title": Field(lambda ranked: ranked.row.title),
    "domain_rating": Field(_of_page(lambda world, url: world.site_rating(url)), float),
    "url_rating": Field(_of_page(lambda _, __: 31.0), float),
    "ahrefs_rank": Field(_of_page(lambda _, __: 641), int),
    "backlinks": Field(_of_page(lambda world, url: world.totals(url).links), int),
    "refdomains": Field(_of_page(lambda world, url: world.totals(url).domains), int, 5),
    "traffic": Field(_of_page(lambda _, __: 120), int, 10),
    "value": Field(_of_page(lambda _, __: 900), int, 10),
    "keywords": Field(_of_page(lambda _, __: 12), int),
    "top_keyword": Field(_of_page(lambda _, __: "desk lamp")),
    "top_keyword_volume": Field(_of_page(lambda _, __: 900), int, 10),
    "page_type": Field(_of_page(lambda _, __: None)),
}


@dataclass(frozen=True, slots=True)
class Phrase:
    """A keyword as it was asked for, and its difficulty, None where Ahrefs does not know it."""

    text: str
    difficulty: int | None


def _known(value: Any) -> Callable[[Phrase], Any]:  # noqa: ANN401  (whatever JSON holds)
    return lambda phrase: None if phrase.difficulty is None else value


KEYWORDS: Mapping[str, Field[Phrase]] = {
    "keyword": Field(lambda phrase: phrase.text),
    "difficulty": Field(lambda phrase: phrase.difficulty, int, 10),
    "volume": Field(_known(900), int, 10),
    "global_volume": Field(_known(1900), int, 10),
    "traffic_potential": Field(_known(400), int, 10),
    "parent_topic": Field(_known("desk lamp")),
    "parent_volume": Field(_known(5400), int, 10),
    "intents": Field(_known({"commercial": True}), dict, 10),
    "cpc": Field(_known(250), int),
    "clicks": Field(_known(700), int),
    "cps": Field(_known(0.8), float),
    "first_seen": Field(_known("2016-02-01")),
    "serp_last_update": Field(_known(stamp(NOW))),
    "serp_features": Field(lambda _: [], list),
}


@dataclass(frozen=True, slots=True)
class Target:
    """One of the targets of a batch, with the links its scope covers."""

    index: int
    url: str
    mode: str
    protocol: str
    rating: float
    links: tuple[Link, ...]

    def live(self, *, followed: bool | None = None) -> list[Link]:
        return [
            link for link in self.links if link.lost is None and followed in (None, link.followed)
        ]

    def domains(self, *, followed: bool | None = None) -> int:
        return len({link.domain for link in self.live(followed=followed)})

    def count(self, *, followed: bool | None = None) -> int:
        return sum(link.group for link in self.live(followed=followed))


BATCH: Mapping[str, Field[Target]] = {
    "index": Field(lambda target: target.index, int),
    "url": Field(lambda target: target.url),
    "mode": Field(lambda target: target.mode),
    "protocol": Field(lambda target: target.protocol),
    "domain_rating": Field(lambda target: target.rating, float),
    "url_rating": Field(lambda _: 31.0, float),
    "ahrefs_rank": Field(lambda _: 641, int),
    "backlinks": Field(lambda target: target.count(), int),
    "backlinks_dofollow": Field(lambda target: target.count(followed=True), int),
    "backlinks_nofollow": Field(lambda target: target.count(followed=False), int),
    "refdomains": Field(lambda target: target.domains(), int, 5),
    "refdomains_dofollow": Field(lambda target: target.domains(followed=True), int, 5),
    "refdomains_nofollow": Field(lambda target: target.domains(followed=False), int, 5),
    "refips": Field(lambda target: target.domains(), int),
    "org_traffic": Field(lambda _: 120, int, 10),
    "org_cost": Field(lambda _: 900, int, 10),
}
