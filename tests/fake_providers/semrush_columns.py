"""The columns of Semrush's v3 reports: code, human heading, value."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .world import Link, Totals, site


@dataclass(frozen=True, slots=True)
class Column:
    """A column; `heading` is what reports of `/` are headed with, in place of the code."""

    value: Callable[[Any], str]
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """A target and the links it covers."""

    target: str
    kind: str
    rating: float
    links: tuple[Link, ...]

    @property
    def totals(self) -> Totals:
        return Totals.of(self.links, grouped=False)


@dataclass(frozen=True, slots=True)
class Hosts:
    """What one host sends to a target."""

    host: str
    links: tuple[Link, ...]

    @classmethod
    def of(cls, links: Iterable[Link]) -> "list[Hosts]":
        hosts: dict[str, list[Link]] = {}
        for link in links:
            if link.lost is None:
                hosts.setdefault(link.host, []).append(link)
        return [cls(host, tuple(found)) for host, found in hosts.items()]


def unix(at: datetime) -> str:
    return str(int(at.timestamp()))


def flag(value: object) -> str:
    return "true" if value else "false"


BACKLINKS: Mapping[str, Column] = {
    "page_ascore": Column(lambda link: str(round(link.page_rating))),
    "page_score": Column(lambda link: str(round(link.page_rating))),
    "response_code": Column(lambda _: "200"),
    "source_size": Column(lambda _: "20480"),
    "external_num": Column(lambda link: str(link.external)),
    "internal_num": Column(lambda link: str(link.internal)),
    "redirect_url": Column(lambda _: ""),
    "source_url": Column(lambda link: link.source_url),
    "source_title": Column(lambda link: link.title),
    "image_url": Column(lambda _: ""),
    "target_url": Column(lambda link: link.target_url),
    "target_title": Column(lambda _: ""),
    "anchor": Column(lambda link: link.anchor),
    "image_alt": Column(lambda _: ""),
    "last_seen": Column(lambda link: unix(link.last_seen)),
    "first_seen": Column(lambda link: unix(link.first_seen)),
    "nofollow": Column(lambda link: flag(link.nofollow)),
    "form": Column(lambda _: "false"),
    "frame": Column(lambda _: "false"),
    "image": Column(lambda link: flag(link.kind == "image")),
    "sitewide": Column(lambda link: flag(link.sitewide)),
    "newlink": Column(lambda _: "false"),
    "lostlink": Column(lambda link: flag(link.lost)),
}

REFDOMAINS: Mapping[str, Column] = {
    "domain_ascore": Column(lambda row: str(round(row.links[0].rating))),
    "domain_score": Column(lambda row: str(round(row.links[0].rating))),
    "domain": Column(lambda row: row.host),
    "backlinks_num": Column(lambda row: str(len(row.links))),
    "ip": Column(lambda _: "203.0.113.7"),
    "country": Column(lambda _: "us"),
    "first_seen": Column(lambda row: unix(min(link.first_seen for link in row.links))),
    "last_seen": Column(lambda row: unix(max(link.last_seen for link in row.links))),
}

_NUMBERS: Mapping[str, Column] = {
    "ascore": Column(lambda scope: str(round(scope.rating))),
    "domains_num": Column(lambda scope: str(scope.totals.domains)),
    "ips_num": Column(lambda scope: str(scope.totals.domains)),
    "follows_num": Column(lambda scope: str(scope.totals.followed_links)),
    "nofollows_num": Column(lambda scope: str(scope.totals.links - scope.totals.followed_links)),
    "texts_num": Column(lambda scope: str(scope.totals.links)),
    "images_num": Column(lambda _: "0"),
    "forms_num": Column(lambda _: "0"),
    "frames_num": Column(lambda _: "0"),
}

OVERVIEW: Mapping[str, Column] = {
    "ascore": _NUMBERS["ascore"],
    "total": Column(lambda scope: str(scope.totals.links)),
    "domains_num": _NUMBERS["domains_num"],
    "urls_num": Column(lambda scope: str(len(scope.links))),
    "ips_num": _NUMBERS["ips_num"],
    "ipclassc_num": _NUMBERS["ips_num"],
    "follows_num": _NUMBERS["follows_num"],
    "nofollows_num": _NUMBERS["nofollows_num"],
    "sponsored_num": Column(lambda scope: str(sum(link.sponsored for link in scope.links))),
    "ugc_num": Column(lambda scope: str(sum(link.ugc for link in scope.links))),
    "texts_num": _NUMBERS["texts_num"],
    "images_num": _NUMBERS["images_num"],
    "forms_num": _NUMBERS["forms_num"],
    "frames_num": _NUMBERS["frames_num"],
}

COMPARISON: Mapping[str, Column] = {
    "target": Column(lambda scope: scope.target),
    "target_type": Column(lambda scope: scope.kind),
    "ascore": _NUMBERS["ascore"],
    "backlinks_num": Column(lambda scope: str(scope.totals.links)),
    **{code: column for code, column in _NUMBERS.items() if code != "ascore"},
}

ORGANIC: Mapping[str, Column] = {
    "Po": Column(lambda row: str(row.position), "Position"),
    "Pt": Column(lambda row: "0" if row.organic else "7", "Position type"),
    "Dn": Column(lambda row: site(row.url), "Domain"),
    "Ur": Column(lambda row: row.url, "Url"),
    "Fk": Column(lambda _: "1", "Keywords SERP Features"),
    "Fp": Column(lambda _: "6", "SERP Features"),
}

DIFFICULTY: Mapping[str, Column] = {
    "Ph": Column(lambda row: row[0], "Keyword"),
    "Kd": Column(lambda row: f"{row[1]:.2f}", "Keyword Difficulty Index"),
    "Nq": Column(lambda _: "900", "Search Volume"),
    "Cp": Column(lambda _: "2.50", "CPC"),
    "Co": Column(lambda _: "0.58", "Competition"),
    "Nr": Column(lambda _: "1850000", "Number of Results"),
    "Td": Column(lambda _: "1.00", "Trends"),
    "In": Column(lambda _: "0", "Intents"),
}
