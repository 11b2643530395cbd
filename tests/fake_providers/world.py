"""One invented web behind all three fake providers: keywords, their pages, and the links.

Everything follows from the seed, and a page's links are made when somebody asks for them, so a
world of thousands of pages costs no memory.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache
from random import Random
from typing import Literal
from urllib.parse import urlsplit

LinkKind = Literal["text", "image", "redirect", "canonical"]
FeatureKind = Literal["ai_overview", "question", "video"]

NOW = datetime(2026, 11, 18, 3, 12, 45, tzinfo=UTC)
TARGET = "https://www.our-shop.example/desk-lamp-guide/"

_SUFFIXES = ("example", "example", "example", "co.uk", "com.au", "github.io")
_WORDS = ("lamp", "desk", "chair", "light", "wood", "paper", "office", "garden", "glass", "stone")
_ANCHORS = (
    "the guide",
    "",
    "https://a.example/x?a=1;b=2",
    'a "quoted" anchor; with a semicolon',
    "two\nlines",
    "casino bonus",
    "=cmd()",
    "Schreibtischlampe für Zuhause",
    "灯",
    "click here",
)
_TYPICAL = (3, 8, 21, 34, 55, 13, 89, 5, 40, 17, 60, 28)


@dataclass(frozen=True, slots=True)
class Link:
    """A link, or a group of similar ones: `group` is how many the row stands for."""

    source_url: str
    target_url: str
    host: str
    domain: str
    title: str
    anchor: str
    kind: LinkKind
    nofollow: bool
    ugc: bool
    sponsored: bool
    spam: bool
    sitewide: bool
    lost: datetime | None
    rating: float
    page_rating: float
    rank: int
    traffic: int
    domain_traffic: int
    external: int
    internal: int
    language: str | None
    first_seen: datetime
    last_seen: datetime
    group: int

    @property
    def followed(self) -> bool:
        return not (self.nofollow or self.ugc or self.sponsored)


@dataclass(frozen=True, slots=True)
class Totals:
    """What a vendor counts for a page: live links, and the domains behind them."""

    links: int
    followed_links: int
    domains: int
    followed_domains: int
    nofollow_domains: int
    hosts: int
    ever_links: int
    ever_domains: int

    @classmethod
    def of(cls, links: "Sequence[Link]", *, grouped: bool = True) -> "Totals":
        """Count; a vendor that does not group similar links has a row for each, and no more."""
        live = [link for link in links if link.lost is None]
        followed = [link for link in live if link.followed]
        return cls(
            links=sum(link.group for link in live) if grouped else len(live),
            followed_links=sum(link.group for link in followed) if grouped else len(followed),
            domains=len({link.domain for link in live}),
            followed_domains=len({link.domain for link in followed}),
            nofollow_domains=len({link.domain for link in live if not link.followed}),
            hosts=len({link.host for link in live}),
            ever_links=sum(link.group for link in links) if grouped else len(links),
            ever_domains=len({link.domain for link in links}),
        )


@dataclass(frozen=True, slots=True)
class SerpRow:
    """A row of a SERP: a page at an organic position, or a feature beside one."""

    position: int
    url: str | None
    title: str
    feature: FeatureKind | None = None

    @property
    def organic(self) -> bool:
        return self.feature is None


@dataclass(frozen=True)
class World:
    """The keywords `keyword 0` ... and what ranks for them.

    `rankings` are the organic pages per keyword. The page `crowded` of every keyword (an index)
    has `crowd` links, every page listed in `empty` has none. The first `shared` pages of all
    keywords are those of the first.
    """

    seed: int = 7
    keywords: int = 3
    rankings: int = 12
    crowded: int = 1
    crowd: int = 1200
    empty: tuple[int, ...] = (3, 9)
    shared: int = 0
    tracked: str = ""

    @cached_property
    def phrases(self) -> tuple[str, ...]:
        return tuple(f"desk lamp {number}" for number in range(self.keywords))

    @cached_property
    def pages(self) -> dict[str, int]:
        """Give every page with how many rows its list of links has."""
        pages = {
            url: self._size(number, place)
            for number in range(self.keywords)
            for place, url in enumerate(self._urls(number))
        }
        return {**pages, TARGET: 26}

    @cached_property
    def _plain(self) -> dict[str, str]:
        return {_bare(url): url for url in self.pages}

    def page(self, url: str) -> str | None:
        """Give the page meant by a URL: the scheme may differ, all else must be as written."""
        return self._plain.get(_bare(url))

    def difficulty(self, phrase: str) -> int | None:
        known = phrase.casefold() in self.phrases
        return Random(f"{self.seed} {phrase.casefold()}").randrange(5, 80) if known else None

    def serp(self, phrase: str) -> tuple[SerpRow, ...]:
        """Give the rows that a search for a phrase shows, features among the pages."""
        phrase = phrase.casefold()
        if phrase not in self.phrases:
            return ()
        number = self.phrases.index(phrase)
        rows = [SerpRow(1, None, "An overview", "ai_overview")]
        for place, url in enumerate(self._urls(number)):
            rows.append(SerpRow(place + 1, url + self.tracked, f"Page {place + 1} on {phrase}"))
            if place == 0:
                rows.append(SerpRow(2, None, f"what is a {phrase}?", "question"))
            if place == 4:
                video = f"https://video.example/watch?v={number}"
                rows.append(SerpRow(6, video, "A video", "video"))
        return tuple(rows)

    def links(self, url: str) -> tuple[Link, ...]:
        """Give the links to a page; none for a page the world does not know."""
        page = self.page(url)
        return _links(self.seed, page, self.pages[page]) if page else ()

    def totals(self, url: str) -> Totals:
        return Totals.of(self.links(url))

    def site_links(self, host: str) -> tuple[Link, ...]:
        """Give the links to a whole site, as a wrong scope would request them."""
        host = site(host)
        pages = [url for url in self.pages if site(url) == host]
        deep = [link for url in pages for link in self.links(url)]
        return (*deep, *_links(self.seed, f"https://{host}/", 300)) if pages else ()

    def site_rating(self, url: str) -> float:
        return Random(f"{self.seed} site {site(url)}").randrange(0, 900) / 10

    def _urls(self, number: int) -> list[str]:
        urls = [
            f"https://www.rival{0 if place < self.shared else number}-{place}.example/guide/{place}/"
            for place in range(self.rankings)
        ]
        if self.rankings > 7 and (number == 0 or self.shared > 7):
            urls[7] = TARGET
        return urls

    def _size(self, number: int, place: int) -> int:
        if place == self.crowded and number == 0:
            return self.crowd
        return 0 if place in self.empty else _TYPICAL[(number + place) % len(_TYPICAL)]


def _bare(url: str) -> str:
    return url.strip().removeprefix("https://").removeprefix("http://")


def site(url: str) -> str:
    """Give the host of a URL or of a bare host, without `www.`"""
    host = urlsplit(url if "//" in url else f"//{url}").hostname
    return (host or "").removeprefix("www.")


@lru_cache(maxsize=64)
def _links(seed: int, page: str, size: int) -> tuple[Link, ...]:
    random = Random(f"{seed} {page}")
    # Sites come from one pool, so that they link to several pages, and some to one page twice.
    pool = random.sample(range(40_000), max(1, size))
    return tuple(_link(random, page, random.choice(pool), row) for row in range(size))


def _link(random: Random, page: str, site: int, row: int) -> Link:
    word = _WORDS[site % len(_WORDS)]
    domain = f"{word}{site}.{_SUFFIXES[site % len(_SUFFIXES)]}"
    host = random.choice(("", "", "www.", "blog.")) + domain
    about = Random(site)  # facts about the site are equal in every list
    shares = (10, 90, 0, 0) if about.random() < 0.15 else (82, 8, 6, 4)
    rel = random.choices(("", "nofollow", "ugc", "sponsored"), shares)[0]
    first = NOW - timedelta(days=random.randrange(60, 2000), seconds=random.randrange(86_400))
    last = NOW - timedelta(days=random.randrange(1, 50))
    return Link(
        source_url=f"https://{host}/posts/{word}-{row}?page={random.randrange(9)}",
        target_url=page + random.choice(("", "", "", "#comparison")),
        host=host,
        domain=domain,
        title=random.choice((f"On {word}s", f'The "{word}" test; part {row}', "Wood\tand glass")),
        anchor=_ANCHORS[row % len(_ANCHORS)],
        kind=random.choices(("text", "image", "redirect", "canonical"), (85, 10, 3, 2))[0],
        nofollow=bool(rel) and (rel == "nofollow" or random.random() < 0.5),
        ugc=rel == "ugc",
        sponsored=rel == "sponsored",
        spam=about.random() < 0.1,
        sitewide=random.random() < 0.04,
        lost=last if random.random() < 0.12 else None,
        rating=about.randrange(0, 950) / 10,
        page_rating=random.randrange(0, 400) / 10,
        rank=about.randrange(0, 700),
        traffic=random.randrange(0, 900),
        domain_traffic=about.randrange(0, 90_000),
        external=random.choice((12, 40, 180, 260, 900)),
        internal=random.randrange(5, 300),
        language=random.choice(("en", "en", "en", "de", None)),
        first_seen=first,
        last_seen=last,
        group=random.choice((1, 1, 1, 2, 7)),
    )
