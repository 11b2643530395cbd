"""Write fixtures/: exports in the vendors' exact byte form, every name and text in them invented.

    python tests/make_fixtures.py

Standard library only, and the same bytes at every run. A link is told in the words of the widest
export (Ahrefs backlinks, 37 columns); every other shape of it is derived from that one row.
"""

import codecs
import csv
import gzip
import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain, groupby
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

T = TypeVar("T")
Row = dict[str, str]
Cells = Sequence[str]

ROOT = Path(__file__).resolve().parent.parent / "fixtures"


def split(names: str) -> list[str]:
    return names.split("|")


# --- bytes -------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Form:
    """How a vendor writes a table down."""

    delimiter: str = ","
    eol: str = "\n"
    quote_all: bool = False
    utf16: bool = False
    mark: bool = False
    final_eol: bool = True


PLAIN = Form()
CRLF = Form(eol="\r\n")
MARKED_CRLF = Form(eol="\r\n", mark=True)
SEMICOLON = Form(delimiter=";", eol="\r\n")
TABS = Form(delimiter="\t")
TABS_QUOTED = Form(delimiter="\t", quote_all=True)
AHREFS = Form(delimiter="\t", quote_all=True, utf16=True)
ALL_QUOTED = Form(quote_all=True)
OPEN_END = Form(final_eol=False)
CRLF_OPEN_END = Form(eol="\r\n", final_eol=False)


@dataclass(frozen=True)
class Fixture:
    path: str
    data: bytes
    about: str


def encode(rows: Iterable[Cells], form: Form) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(
        text,
        delimiter=form.delimiter,
        lineterminator=form.eol,
        quoting=csv.QUOTE_ALL if form.quote_all else csv.QUOTE_MINIMAL,
    ).writerows(rows)
    written = text.getvalue() if form.final_eol else text.getvalue().removesuffix(form.eol)
    if form.utf16:
        return codecs.BOM_UTF16_LE + written.encode("utf-16-le")
    return written.encode("utf-8-sig" if form.mark else "utf-8")


def table(columns: Cells, rows: Iterable[Mapping[str, str]], form: Form) -> bytes:
    body = ([row.get(column, "") for column in columns] for row in rows)
    return encode([list(columns), *body], form)


# --- chance ------------------------------------------------------------------------------------


class Dice:
    """Numbers that depend on the seed alone, whatever the version of Python."""

    def __init__(self, *seed: object) -> None:
        self._seed = "/".join(map(str, seed))
        self._count = 0

    def below(self, limit: int) -> int:
        self._count += 1
        digest = hashlib.sha256(f"{self._seed}#{self._count}".encode()).digest()
        return int.from_bytes(digest[:8], "big") % limit

    def between(self, low: int, high: int) -> int:
        return low + self.below(high - low + 1)

    def chance(self, percent: int) -> bool:
        return self.below(100) < percent

    def pick(self, items: Sequence[T]) -> T:
        return items[self.below(len(items))]

    def sample(self, items: Sequence[T], count: int) -> list[T]:
        left = list(items)
        return [left.pop(self.below(len(left))) for _ in range(count)]


def moment(dice: Dice, first: datetime, last: datetime) -> datetime:
    return first + timedelta(seconds=dice.below(int((last - first).total_seconds())))


def stamp(time: datetime) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S")


EARLIEST = datetime(2019, 3, 1, tzinfo=UTC)
RECENT = datetime(2025, 11, 1, tzinfo=UTC)
CRAWLED = datetime(2026, 9, 20, tzinfo=UTC)
EXPORTED = datetime(2026, 11, 11, tzinfo=UTC)


# --- words -------------------------------------------------------------------------------------

NAME_STARTS = split(
    "desk|office|home|studio|work|ergo|stand|posture|remote|study|craft|timber|maker|gadget|budget|"
    "tidy|urban|nordic|quiet|bright|daily|weekly|modern|honest|harbour|maple|copper|pixel|coffee|"
    "garden|family|student|freelance|startup|health|motion|simple|north"
)
NAME_ENDS = split(
    "journal|ledger|review|notes|atlas|digest|guide|lab|post|tribune|almanac|courier|gazette|watch|"
    "report|folk|hub|letter|shelf|compass|signal|cabin"
)
SUBDOMAINS = ("www.", "blog.", "forum.", "shop.", "news.", "old.", "desk_setups.")

TITLES = {
    "en": (
        "{n} best {topic}s we would buy again",
        "How a {topic} changed my working day",
        'The "sit less" experiment: week {n} with a {topic}',
        "Buying guide: size, load, noise and price of a {topic}",
        "Is a {topic} worth it? An honest answer after {n} months",
        "My home office setup \N{CHAIR}\N{PERSONAL COMPUTER} tour",
        "Small flat, big plans: where to put a {topic}",
        "Cable management for people who hate cables",
        "Back pain at work: {n} habits that help",
        "Links we liked, week {n}",
        "What we use: the tools behind the newsletter",
        "Office refit on a budget: {n} lessons",
        "Resources for remote teams",
        "Ergonomics checklist & worksheet",
        "Café, couch or desk? Where we get things done",
        "Wood, steel, glass: surfaces compared",
        "Ask the readers: which {topic} survived five years?",
        "Gift ideas for people who work from home \N{WRAPPED PRESENT}",
        '{n} {topic}s in the noise test: "quiet" is a matter of taste',
        "Tested: {n} weeks on our feet",
    ),
    "de": (
        "Höhenverstellbarer Schreibtisch: {n} Dinge, die Käufer wissen müssen",
        'Rückenschmerzen im Büro? Was "bewegtes Sitzen" bringt',
        "Das Heimbüro für unter 500 \N{EURO SIGN}",
    ),
    "fr": (
        "Bureau assis-debout : notre avis après {n} mois",
        "Télétravail : {n} idées pour aménager un coin bureau",
    ),
    "es": (
        "Los {n} mejores escritorios para trabajar en casa",
        "¿Merece la pena un escritorio elevable?",
    ),
    "ja": (
        "昇降式デスクの選び方 {n}選",
        "在宅勤務の机を見直す",
    ),
    "pl": ("Biurko z regulacją wysokości: {n} porad przed zakupem",),
}
LEFT = split(
    "||After a month of trying them all, we settled on the list in|"
    "For measurements and load tests see|A good place to start is|"
    "According to the figures collected by|We borrowed the checklist from|"
    'The phrase "sit less, move more" comes from|If you are short of space, have a look at|'
    "Our desk came from"
)
RIGHT = split(
    "||, which also covers frames and noise.|before you order anything.|"
    ". It is long but worth the time.|(the comparison table is at the end).|"
    "and measure your room first.|. \N{SPARKLES}|- thanks for the tip!"
)
ANCHORS = split(
    "{brand}|{brand}|{brand}|{topic}|best {topic}s|{url}|{host}|here|this guide|read more|source|"
    '{topic} comparison|their "{topic}" page|overview by {brand} \N{RIGHTWARDS ARROW}'
)
FOREIGN_ANCHORS = {
    "de": ("Schreibtisch im Test", "hier", "{brand}"),
    "fr": ("voir le comparatif", "{brand}"),
    "es": ("guía completa", "{brand}"),
    "ja": ("比較記事", "{brand}"),
    "pl": ("porównanie", "{brand}"),
}
SLUGS = split(
    "home-office-setup|{topic}-review|working-from-home-tips|best-{topic}s|what-we-use|"
    "ergonomics-checklist|back-pain-at-work|weekly-links|small-space-ideas|office-refit"
)
PATHS = split(
    "/{slug}/|/{slug}-{n}/|/blog/{slug}|/2024/0{digit}/{slug}.html|/posts/{n}/{slug}|/resources/|"
    "/?p={n}|/reviews/{slug}?page={digit}|/notes/caf%C3%A9-{slug}"
)
SPAM_ANCHORS = split(
    "@RANKHEAP on chat: bulk links from $0,10|buy 5000 links cheap|{host}|{url}|"
    "rank first in {n} days"
)
CASINO_ANCHORS = split(
    "online casino bonus|best casino sites 2026|cheap viagra pills|casino poker room no deposit"
)
NETWORK_ANCHOR = "best {topic}s 2026"
AUTHORS = split("||||Editorial team|Newsroom|The test bench")
PAGE_TYPES = (
    ("Article > Guide", "Home > Furniture > Desks; Business > Remote work"),
    ("Article > Roundup", "Home > Furniture > Desks"),
    ("Article > Review", "Computers > Peripherals; Home > Furniture"),
    ("Listing collection > Product", "Shopping > Home office"),
)

# --- sites -------------------------------------------------------------------------------------


def invented_names(count: int, seed: str) -> list[str]:
    every = [f"{start}{end}.example" for start in NAME_STARTS for end in NAME_ENDS]
    return Dice(seed, "names").sample(every, count)


NAMES = invented_names(420, "sites")
PORTAL = "dailyportal.example"
POOLS: dict[str, list[str]] = {
    "known": [PORTAL, *NAMES[:64]],
    "tail": NAMES[64:],
    "junk": [f"zz-desk-{number:02}.example" for number in range(1, 41)],
    "spam": [f"rank-heap-{number:02}.example" for number in range(1, 46)],
    "forum": [f"askround-{number:02}.example" for number in range(1, 17)],
    "directory": [f"linkfolder-{number:02}.example" for number in range(1, 13)],
    "network": [f"bestpicks-{number:02}.example" for number in range(1, 7)],
}
# highest rating, highest traffic of a pool's sites
STRENGTH = {
    "known": (88, 2_400_000),
    "tail": (56, 9_000),
    "junk": (3, 4),
    "spam": (34, 60),
    "forum": (62, 150_000),
    "directory": (41, 2_500),
    "network": (9, 12),
}
POOL_OF_KIND = {
    "junk": "junk",
    "casino": "junk",
    "spam": "spam",
    "two faults": "spam",
    "ugc": "forum",
    "comment": "forum",
    "outbound": "directory",
    "network": "network",
}
# hosts that are hard to reduce to a domain; the hosts of one entry are one domain
ODD_HOSTS: dict[str, tuple[str, ...]] = {
    "blogspot": ("deskdiary-example.blogspot.com",),
    "blogspot 2": ("sitlessnotes-example.blogspot.com",),
    "github": ("ergo-notes-example.github.io",),
    "github 2": ("opendesk-example.github.io",),
    "co.uk": ("www.northbench-example.co.uk", "blog.northbench-example.co.uk"),
    "com.au": ("www.officeoutback-example.com.au",),
    "idn": ("www.münchen-möbel.example", "xn--mnchen-mbel-yfb4e.example"),
    "ipv4": ("203.0.113.24",),
    "port": ("forum.postureclub.example:8080",),
    "underscore": ("desk_setups.tidycorner.example",),
    "trailing dot": ("www.paperherald.example.",),
    "own site": ("www.deskwise.example",),
}


@dataclass(frozen=True)
class Site:
    host: str
    rating: str
    traffic: int
    language: str
    platform: str


def domain_of(host: str) -> str:
    """Strip what `ODD_HOSTS` and the pools put around a domain; no suffix list is needed here."""
    bare = host.partition(":")[0].rstrip(".")
    if bare.startswith("xn--"):
        bare = bare.encode("ascii").decode("idna")
    prefix = next((sub for sub in SUBDOMAINS if bare.startswith(sub)), "")
    return bare.removeprefix(prefix)


def rating(dice: Dice, highest: int) -> str:
    whole = dice.between(highest // 4, highest)
    if whole < 10 and dice.chance(60):
        return f"{whole}.{dice.between(1, 9)}"
    return str(whole)


def site(host: str, pool: str) -> Site:
    domain = domain_of(host)
    if domain == PORTAL:
        return Site("www." + PORTAL, "94", 4_312_907_744, "en", "")
    dice = Dice("site", domain)
    highest, traffic = STRENGTH[pool]
    foreign = pool in {"known", "tail"} and dice.chance(18)
    languages = tuple(FOREIGN_ANCHORS) if foreign else ("en", "en", "en", "")
    return Site(
        host=dice.pick(("", "", "www.", "www.", "blog.")) + host if host == domain else host,
        rating=rating(dice, highest),
        traffic=dice.below(dice.between(1, traffic)),
        language=dice.pick(languages),
        platform=dice.pick(("", "", "wordpress", "wordpress", "ecommerce, wordpress", "cms")),
    )


# --- pages -------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Page:
    """A ranking page, how many domains link to it in which way, and what its vendor says."""

    url: str
    title: str
    brand: str
    topic: str
    rating: str
    traffic: int
    mix: Mapping[str, int]
    odd: tuple[str, ...] = ()
    off: int = 0  # vendor's total minus what its own list holds

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc


# What the links of one domain are, by kind of domain. The first group counts under the balanced
# rules, the second counts raw only, the third is set aside before anything is counted.
COUNTED: dict[str, tuple[str, ...]] = {
    "plain": ("plain",),
    "image": ("image",),
    "nofollow": ("nofollow",),
    "junk": ("plain",),
    "redirect": ("redirect",),
    "canonical": ("canonical",),
    "chain": ("chain",),
    "network": ("network",),
    "again": ("plain", "plain"),
    "old": ("plain", "lost"),
    "paid": ("plain", "sponsored"),
    "hit": ("plain", "casino", "ugc"),
    "sitewide": ("sitewide",) * 8,
}
FAILING: dict[str, tuple[str, ...]] = {
    "spam": ("spam",),
    "sponsored": ("sponsored",),
    "ugc": ("ugc",),
    "comment": ("comment",),
    "outbound": ("outbound",),
    "casino": ("casino",),
    "two faults": ("spam", "casino"),
}
SET_ASIDE: dict[str, tuple[str, ...]] = {"lost": ("lost",), "internal": ("internal",)}
LINKS_OF_KIND = COUNTED | FAILING | SET_ASIDE

# domains by kind: the pages at SERP positions 1 to 10, then the page of the vendors' folder
DOMAINS = {
    "plain": (43, 29, 36, 6, 23, 13, 18, 21, 5, 22, 3),
    "image": (5, 3, 6, 0, 4, 1, 2, 2, 1, 3, 1),
    "nofollow": (21, 16, 19, 10, 12, 7, 12, 9, 4, 11, 2),
    "junk": (7, 4, 5, 2, 3, 2, 2, 3, 1, 3, 1),
    "redirect": (1, 1, 2, 0, 1, 0, 1, 0, 0, 1, 1),
    "canonical": (1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1),
    "chain": (3, 2, 1, 1, 1, 1, 0, 1, 1, 1, 1),
    "network": (0, 6, 0, 0, 6, 0, 6, 0, 0, 0, 0),
    "again": (4, 4, 3, 1, 2, 1, 3, 2, 1, 2, 1),
    "old": (2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1),
    "paid": (1, 1, 1, 0, 1, 0, 1, 0, 0, 0, 0),
    "hit": (1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0),
    "sitewide": (0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0),
    "spam": (17, 13, 15, 6, 11, 5, 10, 8, 3, 9, 2),
    "sponsored": (4, 3, 4, 0, 3, 1, 2, 1, 0, 2, 1),
    "ugc": (6, 4, 5, 3, 3, 2, 3, 3, 2, 2, 1),
    "comment": (1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0),
    "outbound": (3, 2, 2, 1, 2, 1, 2, 1, 1, 2, 1),
    "casino": (2, 2, 3, 0, 1, 0, 2, 1, 1, 1, 1),
    "two faults": (1, 1, 0, 0, 1, 0, 0, 0, 0, 1, 0),
    "lost": (14, 11, 13, 5, 9, 6, 8, 6, 4, 7, 2),
    "internal": (3, 4, 4, 4, 3, 3, 3, 2, 3, 2, 1),
}


def mix(page: int) -> dict[str, int]:
    return {kind: numbers[page - 1] for kind, numbers in DOMAINS.items()}


def count(page: Page, kinds: Iterable[str]) -> int:
    return sum(page.mix[kind] for kind in kinds)


def kept(page: Page) -> int:
    return count(page, COUNTED) + len(page.odd)


def raw(page: Page) -> int:
    return kept(page) + count(page, FAILING)


STANDING = "standing desk"
OWN_PAGE = "https://www.deskwise.example/standing-desk/"
# by SERP position
STANDING_PAGES = (
    Page(
        url="https://www.standupright.example/best-standing-desks/",
        title="The 11 Best Standing Desks, Tested",
        brand="StandUpRight",
        topic=STANDING,
        rating="71",
        traffic=9120,
        mix=mix(1),
        odd=("blogspot", "blogspot 2", "github", "github 2", "co.uk", "own site"),
        off=3,
    ),
    Page(
        url="https://homeofficelab.example/reviews/standing-desks/",
        title="Standing Desk Reviews: 34 Frames on the Bench",
        brand="Home Office Lab",
        topic=STANDING,
        rating="64",
        traffic=6340,
        mix=mix(2),
        odd=("blogspot", "github 2", "idn", "own site"),
        off=-2,
    ),
    Page(
        url="https://www.flexistead.example/",
        title="Flexistead | Sit-Stand Desks Built to Order",
        brand="Flexistead",
        topic=STANDING,
        rating="58",
        traffic=5205,
        mix=mix(3),
        odd=("blogspot", "blogspot 2", "com.au", "ipv4", "port"),
        off=4,
    ),
    Page(
        url="https://www.reddit.com/r/StandingDesk/comments/gapcal/which_standing_desk_lasted/",
        title="Which standing desk lasted? : r/StandingDesk",
        brand="reddit thread",
        topic=STANDING,
        rating="95",
        traffic=3870,
        mix=mix(4),
        odd=("underscore",),
        off=1,
    ),
    Page(
        url="https://upliftwood.example/collections/standing-desks",
        title="Solid Wood Standing Desks - Upliftwood",
        brand="Upliftwood",
        topic=STANDING,
        rating="52",
        traffic=2480,
        mix=mix(5),
        odd=("co.uk", "trailing dot"),
        off=-3,
    ),
    Page(
        url="https://homeofficelab.example/reviews/cheap-standing-desks/",
        title="Cheap Standing Desks That Do Not Wobble",
        brand="Home Office Lab",
        topic=STANDING,
        rating="64",
        traffic=1930,
        mix=mix(6),
        odd=("blogspot 2", "github"),
        off=2,
    ),
    Page(
        url="https://buyersbench.example/standing-desk-guide",
        title="Standing Desk Guide: What to Look For",
        brand="Buyers Bench",
        topic=STANDING,
        rating="49",
        traffic=1410,
        mix=mix(7),
        odd=("idn", "ipv4", "underscore", "com.au", "github", "github 2"),
        off=-1,
    ),
    Page(
        url="https://www.deskandchair-example.co.uk/standing-desks/",
        title="Standing Desks UK - Free Delivery",
        brand="Desk & Chair",
        topic=STANDING,
        rating="44",
        traffic=1105,
        mix=mix(8),
        odd=("co.uk", "github 2"),
        off=2,
    ),
    Page(
        url=OWN_PAGE,
        title="Standing Desk Guide for Small Rooms | Deskwise",
        brand="Deskwise",
        topic=STANDING,
        rating="41",
        traffic=640,
        mix=mix(9),
        odd=("github",),
        off=1,
    ),
    Page(
        url="https://worksitter.example/desks/standing-desk/",
        title="Standing Desk Basics - Worksitter",
        brand="Worksitter",
        topic=STANDING,
        rating="41",
        traffic=520,
        mix=mix(10),
        odd=("port", "blogspot", "com.au"),
        off=-2,
    ),
)

LAMP = Page(
    url="https://www.lampkin.example/desk-lamp/",
    title="Desk Lamp Guide - Lampkin",
    brand="Lampkin",
    topic="desk lamp",
    rating="37",
    traffic=860,
    mix=mix(11),
    odd=("blogspot", "blogspot 2", "idn", "ipv4"),
)


# --- links -------------------------------------------------------------------------------------

BACKLINKS = split(
    "Referring page title|Referring page URL|Language|Platform|Referring page HTTP code|"
    "Domain rating|UR|Domain traffic|Referring domains|Linked domains|External links|Page traffic|"
    "Keywords|Target URL|Left context|Anchor|Right context|Redirect Chain URLs|"
    "Redirect Chain status codes|Type|Is spam|Content|Nofollow|UGC|Sponsored|Rendered|Raw|"
    "Lost status|Drop reason|Discovered status|First seen|Last seen|Lost|Author|Page type|"
    "Page category|Links in group"
)
BACKLINKS_2025 = [c for c in BACKLINKS if c not in {"Is spam", "Page type", "Page category"}]
# HTTP code of the referring page, lost status, drop reason
WAYS_TO_BE_LOST = (
    ("404", "notfound", ""),
    ("200", "removedfromhtml", ""),
    ("301", "pageredirected", ""),
    ("403", "pageerror", ""),
    ("200", "notcanonical", ""),
    ("200", "noindex", ""),
    ("200", "lostredirect", ""),
    ("0", "", "tooold"),
    ("0", "", "tooold"),
    ("0", "", "nxdomain"),
    ("0", "", "disallowed"),
)


def fill(template: str, page: Page, dice: Dice) -> str:
    return template.format(
        topic=page.topic,
        brand=page.brand,
        url=page.url,
        host=page.host,
        n=dice.between(3, 40),
        digit=dice.between(1, 9),
    )


def target_url(page: Page, dice: Dice) -> str:
    """Give one page the addresses it is linked under."""
    other_host = page.host.removeprefix("www.")
    if other_host == page.host:
        other_host = f"www.{page.host}"
    return dice.pick(
        (page.url,) * 17
        + (
            page.url.replace("https:", "http:"),
            page.url.rstrip("/"),
            page.url.replace(page.host, other_host),
            page.url + "?utm_source=newsletter&utm_medium=email",
            page.url + "#comparison",
        )
    )


def source_url(source: Site, page: Page, dice: Dice) -> str:
    slug = fill(dice.pick(SLUGS), page, dice).replace(" ", "-")
    path = dice.pick(PATHS).format(slug=slug, n=dice.between(11, 4999), digit=dice.between(1, 9))
    return dice.pick(("https", "https", "https", "http")) + f"://{source.host}{path}"


def dates(dice: Dice) -> Row:
    first = moment(dice, RECENT if dice.chance(25) else EARLIEST, CRAWLED)
    return {"First seen": stamp(first), "Last seen": stamp(moment(dice, CRAWLED, EXPORTED))}


def words(source: Site, page: Page, dice: Dice) -> Row:
    foreign = source.language in FOREIGN_ANCHORS
    titles = TITLES.get(source.language, TITLES["en"])
    anchors = FOREIGN_ANCHORS.get(source.language, ANCHORS)
    kind, category = dice.pick(PAGE_TYPES) if dice.chance(30) else ("", "")
    return {
        "Referring page title": fill(dice.pick(titles), page, dice),
        "Left context": "" if foreign else dice.pick(LEFT),
        "Anchor": fill(dice.pick(anchors), page, dice),
        "Right context": "" if foreign else dice.pick(RIGHT),
        "Author": dice.pick(AUTHORS),
        "Page type": kind,
        "Page category": category,
    }


def figures(source: Site, dice: Dice) -> Row:
    busy = dice.chance(4)
    external = dice.between(210, 480) if busy else dice.between(3, 60)
    grouped = dice.between(100, 2600) if dice.chance(2) else dice.pick((1, 1, 1, 1, 2, 2, 3, 4, 7))
    read = dice.chance(20)
    return {
        "Domain rating": source.rating,
        "UR": dice.pick(("0", "0", "4.5", "4.4", "4.6", "0.1", "4.7", "5", "8", "12")),
        "Domain traffic": str(source.traffic),
        "Referring domains": str(dice.pick((0, 0, 0, 0, 1, 2, 3, 14))),
        "Linked domains": str(external * 7 // 10 + 1),
        "External links": str(external),
        "Page traffic": str(dice.below(min(900, source.traffic) + 1) if read else 0),
        "Keywords": str(dice.between(1, 60) if read else 0),
        "Links in group": str(grouped),
    }


def live_link(source: Site, page: Page, dice: Dice) -> Row:
    flags = {"Is spam": "false", "Nofollow": "false", "UGC": "false", "Sponsored": "false"}
    return {
        "Referring page URL": source_url(source, page, dice),
        "Language": source.language,
        "Platform": source.platform,
        "Referring page HTTP code": "200",
        "Target URL": target_url(page, dice),
        "Type": "text",
        "Content": dice.pick(("true", "false")),
        "Rendered": "true" if (rendered := dice.chance(6)) else "false",
        "Raw": "false" if rendered and dice.chance(30) else "true",
        "Discovered status": dice.pick(("pagefound", "pagefound", "linkfound", "linkrestored")),
        **flags,
        **words(source, page, dice),
        **figures(source, dice),
        **dates(dice),
    }


@dataclass(frozen=True)
class Draft:
    """A plain live link, and what a treatment may use to change it."""

    row: Row
    page: Page
    dice: Dice

    def choose(self, templates: Sequence[str]) -> str:
        return fill(self.dice.pick(templates), self.page, self.dice)

    def address(self, path: str) -> str:
        parts = urlsplit(self.row["Referring page URL"])
        return f"{parts.scheme}://{parts.netloc}{path}"


Treatment = Callable[[Draft], Row]
NO_TEXT = {"Left context": "", "Anchor": "", "Right context": "", "Content": "false"}


def always(changes: Row) -> Treatment:
    return lambda _draft: changes


def image(draft: Draft) -> Row:
    alt = draft.choose(("", "{brand} logo", "{topic} in a bright room"))
    return NO_TEXT | {"Type": "image", "Anchor": alt}


def moved(draft: Draft) -> Row:
    bare = dict.fromkeys(("Page type", "Page category", "Author"), "")
    code = draft.dice.pick(("301", "302"))
    return NO_TEXT | bare | {"Type": "redirect", "Referring page HTTP code": code}


def through_chain(draft: Draft) -> Row:
    old = f"http://{draft.page.host}/old,desk-page.html"
    if draft.dice.chance(70):
        return {"Redirect Chain URLs": old, "Redirect Chain status codes": "301"}
    return {
        "Redirect Chain URLs": f"{old}, https://{draft.page.host}/desks",
        "Redirect Chain status codes": "301, 302",
    }


def networked(draft: Draft) -> Row:
    return {"Anchor": draft.choose((NETWORK_ANCHOR,)), "Language": "en"}


def sitewide(draft: Draft) -> Row:
    year, number = draft.dice.between(2015, 2026), draft.dice.between(1, 999)
    return {
        "Referring page URL": draft.address(f"/{year}/{number}/"),
        "Anchor": draft.page.brand,
        "Left context": "Partners:",
        "Right context": "",
        "Content": "false",
        "Links in group": str(draft.dice.between(40, 320)),
    }


def spam(draft: Draft) -> Row:
    return {
        "Is spam": "true",
        "Anchor": draft.choose(SPAM_ANCHORS),
        "Left context": draft.choose(("", "LINKS FOR EVERY BUDGET", "+++ order today +++")),
        "Nofollow": draft.choose(("true", "false", "false")),
    }


def sponsored(draft: Draft) -> Row:
    follow = draft.choose(("true", "false"))
    return {"Sponsored": "true", "Nofollow": follow, "Left context": "Advertisement:"}


def by_users(draft: Draft) -> Row:
    return {
        "UGC": "true",
        "Nofollow": draft.choose(("true", "true", "false")),
        "Platform": "message-boards",
        "Left context": draft.choose(("Same here,", "I second this:", "+1 for")),
    }


def in_comments(draft: Draft) -> Row:
    """Make it a comment that no flag gives away: only the address of the page does."""
    number = draft.dice.between(1000, 9999)
    address = draft.address(f"/sit-or-stand/comment-page-2/#comment-{number}")
    return {"Referring page URL": address, "Nofollow": "true", "Anchor": draft.page.brand}


def among_hundreds(draft: Draft) -> Row:
    external = draft.dice.between(520, 3900)
    return {"External links": str(external), "Linked domains": str(external * 8 // 10)}


def casino(draft: Draft) -> Row:
    anchor = draft.choose(CASINO_ANCHORS)
    return {"Left context": "", "Anchor": anchor, "Right context": ""}


def lost(draft: Draft) -> Row:
    code, status, reason = draft.dice.pick(WAYS_TO_BE_LOST)
    last = moment(draft.dice, RECENT, CRAWLED)
    return {
        "Referring page HTTP code": code,
        "Lost status": status,
        "Drop reason": reason,
        "First seen": stamp(moment(draft.dice, EARLIEST, RECENT)),
        "Last seen": stamp(last),
        "Lost": stamp(last + timedelta(minutes=draft.dice.between(600, 60_000))),
    }


TREATMENTS: dict[str, Treatment] = {
    "plain": always({}),
    "image": image,
    "nofollow": always({"Nofollow": "true"}),
    "redirect": moved,
    "canonical": always(NO_TEXT | {"Type": "canonical"}),
    "chain": through_chain,
    "network": networked,
    "sitewide": sitewide,
    "spam": spam,
    "sponsored": sponsored,
    "ugc": by_users,
    "comment": in_comments,
    "outbound": among_hundreds,
    "casino": casino,
    "lost": lost,
    "internal": always({"Content": "false", "Left context": "", "Right context": ""}),
}


def treated(treatment: str, source: Site, page: Page, dice: Dice) -> Row:
    draft = Draft(live_link(source, page, dice), page, dice)
    return draft.row | TREATMENTS[treatment](draft)


def draw(pool: str, page: Page, number: int) -> list[str]:
    """Draw domains of a pool; of the sites, two fifths are well known."""
    dice = Dice("draw", pool, page.url)
    if pool != "sites":
        return dice.sample(POOLS[pool], number)
    known = dice.sample(POOLS["known"], number * 2 // 5)
    return dice.sample([*known, *dice.sample(POOLS["tail"], number - len(known))], number)


def own_hosts(page: Page, number: int) -> list[str]:
    domain = page.host.removeprefix("www.")
    return [(f"www.{domain}", f"blog.{domain}")[turn % 2] for turn in range(number)]


def linking(page: Page) -> Iterator[tuple[str, Site]]:
    """Pair each domain that links to the page with the kind of its links."""
    pools = {kind: POOL_OF_KIND.get(kind, "sites") for kind in page.mix if kind != "internal"}
    for pool in dict.fromkeys(pools.values()):
        kinds = [kind for kind, at in pools.items() if at == pool for _ in range(page.mix[kind])]
        for kind, name in zip(kinds, draw(pool, page, len(kinds)), strict=True):
            strength = pool if pool != "sites" else ("known" if name in POOLS["known"] else "tail")
            yield kind, site(name, strength)
    for name in page.odd:
        for host in ODD_HOSTS[name]:
            yield "plain", site(host, "tail")
    for host in own_hosts(page, page.mix["internal"]):
        yield "internal", Site(host, page.rating, 40_000, "en", "wordpress")


def links(page: Page) -> list[Row]:
    """List the page's links as the vendor does: those that are read most come first."""
    rows = [
        treated(treatment, source, page, Dice("link", page.url, source.host, kind, turn, number))
        for number, (kind, source) in enumerate(linking(page))
        for turn, treatment in enumerate(LINKS_OF_KIND[kind])
    ]
    rows.sort(key=lambda row: (-int(row["Page traffic"]), row["Referring page URL"]))
    return rows


# --- SERPs -------------------------------------------------------------------------------------

SERPS = split(
    "Keyword|URL|Country|Difficulty|Volume|CPS|Parent Topic|Parent Topic Volume|Last Update|"
    "Referring Domains|Domain rating|Ahrefs Rank|Traffic|Keywords|CPC|Position|Type|Title|"
    "Global volume|Traffic potential|Global traffic potential|First seen|Intents|Languages|"
    "Page type|SV trend|SV Forecasting trend"
)
DATED_SERPS = [
    {
        "SV trend": "SV trend (Dec 2025 - Nov 2026)",
        "SV Forecasting trend": "SV Forecasting trend (Dec 2026 - Nov 2027)",
    }.get(column, column)
    for column in SERPS
]


@dataclass(frozen=True)
class Result:
    position: str
    kind: str
    url: str = ""
    title: str = ""
    rating: str = ""
    domains: str = ""
    traffic: str = ""


STANDING_KEYWORD = {
    "Keyword": STANDING,
    "Country": "us",
    "Difficulty": "34",
    "Volume": "61000",
    "CPS": "0.74",
    "Parent Topic": STANDING,
    "Parent Topic Volume": "61000",
    "Last Update": "2026-11-11 22:14:05",
    "CPC": "1.40",
    "Global volume": "164000",
    "Traffic potential": "38000",
    "Global traffic potential": "71000",
    "First seen": "2015-09-01",
    "Intents": "Commercial,Transactional,Non-branded,Non-local",
    "Languages": "English",
    "SV trend": "58000,60000,74000,69000,63000,61000,57000,55000,56000,59000,60000,61000",
    "SV Forecasting trend": "61000,62000,75000,70000,64000,61000,58000,56000,56000,60000,61000",
}
LAMP_KEYWORD = {
    "Keyword": "desk lamp",
    "Country": "us",
    "Difficulty": "27",
    "Volume": "49000",
    "CPS": "0.61",
    "Parent Topic": "desk lamp",
    "Parent Topic Volume": "49000",
    "Last Update": "2026-11-10 06:40:31",
    "CPC": "0.90",
    "Global volume": "112000",
    "Traffic potential": "21000",
    "Global traffic potential": "39000",
    "First seen": "2015-09-04",
    "Intents": "Commercial,Non-branded,Non-local",
    "Languages": "English",
}
LED_KEYWORD = LAMP_KEYWORD | {
    "Keyword": "led desk lamp with usb",
    "Difficulty": "",
    "Volume": "",
    "Parent Topic Volume": "",
    "CPC": "",
    "CPS": "",
    "First seen": "2019-02-11",
}

ORGANIC_KINDS = {1: "Organic,Thumbnail", 3: "Organic,Sitelinks", 4: "Organic,Discussions"}
FEATURES = tuple(
    Result(*split(line))
    for line in (
        "1|AI Overview",
        "1|AI Overview|https://www.standupright.example/best-standing-desks/|Tested|71|132|9120",
        "1|AI Overview|https://sitwellclinic.example/standing-at-work|Standing at Work|67|41|310",
        "1|Paid top|https://shop.flexistead.example/sale|Desk Sale|58|2|",
        "2|People also ask",
        "2|People also ask|https://worksitter.example/desks/how-long|How Long to Stand?|41|9|75",
        "3|Sitelinks|https://www.flexistead.example/frames/|Frames|58|12|140",
        "3|Sitelinks|https://www.flexistead.example/tops/|Tops|58|7|88",
        "5|Image pack",
        "7|Video|https://videos.example/watch?v=desk|Desk Build \N{CLAPPER BOARD}",
        "9|Shopping",
    )
)
# URL, title, DR, referring domains, traffic: by position
LAMP_RESULTS = (
    ("https://brightbench.example/desk-lamps/", "9 Desk Lamps, Measured", "66", "88", "4100"),
    ("https://www.lumenhaus.example/", "Lumenhaus | Lamps", "72", "240", "3900"),
    ("https://www.youtube.com/watch?v=gapcalc", "I Tested 20 Lamps", "99", "17", "1500"),
    ("https://studyroom.example/lamps", 'The "Right" Desk Lamp', "48", "36", "1210"),
    ("https://brightbench.example/led/", "LED Desk Lamps", "66", "21", "990"),
    ("https://www.lampkin.example/desk-lamp/", "Desk Lamp Guide - Lampkin", "37", "21", "860"),
    ("https://nachttisch.example/lampen?l=en&p=2", "Lamps & Shades", "39", "44", "510"),
    ("https://xn--lmpchen-5wa.example/desk", "Lämpchen Desk Lamps", "22", "9", "300"),
    ("https://www.lightfolk-example.co.uk/desk-lamps", "Desk Lamps UK", "55", "61", "280"),
    ("https://quietcorner.example/2026/desk-lamp.html", "One Lamp, Ten Years", "31", "13", "190"),
)


def serp_cells(keyword: Row, result: Result) -> Row:
    ranked = bool(result.domains)
    dice = Dice("serp", keyword["Keyword"], result.url)
    return keyword | {
        "URL": result.url,
        "Referring Domains": result.domains,
        "Domain rating": result.rating,
        "Ahrefs Rank": str((105 - int(result.rating)) ** 4 // 20) if ranked else "",
        "Traffic": result.traffic,
        "Keywords": str(int(result.traffic or 0) // 8 + dice.between(1, 30)) if ranked else "",
        "Position": result.position,
        "Type": result.kind,
        "Title": result.title,
        "Page type": "Article > Guide" if ranked and dice.chance(50) else "",
    }


def standing_results() -> Iterator[Result]:
    """Give each position's features, then its organic result, then the sitelinks below it."""
    for position, page in enumerate(STANDING_PAGES, start=1):
        features = [feature for feature in FEATURES if feature.position == str(position)]
        yield from (feature for feature in features if feature.kind != "Sitelinks")
        yield Result(
            str(position),
            ORGANIC_KINDS.get(position, "Organic"),
            page.url,
            page.title,
            page.rating,
            str(raw(page) + page.off),
            str(page.traffic),
        )
        yield from (feature for feature in features if feature.kind == "Sitelinks")


def lamp_results() -> Iterator[Result]:
    yield Result("1", "AI Overview")
    for position, cells in enumerate(LAMP_RESULTS, start=1):
        yield Result(str(position), "Organic", *cells)
    yield Result("10", "People also ask")


def led_results() -> Iterator[Result]:
    yield Result("1", "People also ask")
    for position, (url, *cells) in enumerate(LAMP_RESULTS[::-2], start=1):
        yield Result(str(position), "Organic", url, *cells)


# --- scenario A: one keyword in full -----------------------------------------------------------


def export_name(page: Page, report: str, position: int) -> str:
    """Name a file as the vendor does: the target cut short, the report, the time of day."""
    target = page.url.removeprefix("https://").rstrip("/").replace("/", "-")
    day, minute = divmod(position * 7, 60)
    start = f"{target}"[: 43 - len(report) - 1].rstrip("-")
    return f"{start}-{report}_2026-11-{12 + day}_09-{minute:02}-{position * 5:02}.csv"


def standing_desk() -> Iterator[Fixture]:
    results = (serp_cells(STANDING_KEYWORD, result) for result in standing_results())
    yield Fixture(
        "standing-desk/serp.csv",
        table(SERPS, results, AHREFS),
        "Ahrefs, keywords with SERPs: 'standing desk', KD 34, ten organic pages (reddit.com at 4, "
        "a home page at 3, a second page of position 2's site at 6, ours at 9), 11 feature rows",
    )
    for position, page in enumerate(STANDING_PAGES, start=1):
        rows = links(page)
        yield Fixture(
            f"standing-desk/{export_name(page, 'backlinks-exact', position)}",
            table(BACKLINKS, rows, AHREFS),
            f"Ahrefs backlinks of position {position}, {page.url}: {len(rows)} links, "
            f"{raw(page)} domains raw, {kept(page)} kept by the balanced rules",
        )


# --- scenario B: every format that is read -----------------------------------------------------

BACKLINKS_2020 = split(
    "#|Domain Rating|URL Rating|Referring Domains|Referring Page URL|Referring Page Title|"
    "Internal Links Count|External Links Count|Link URL|TextPre|Link Anchor|TextPost|Type|"
    "Backlink Status|First Seen|Last Check|Day Lost|Language|Traffic|Keywords|Js rendered|"
    "Linked Domains"
)
# where the cells of those columns come from
SOURCES_2020 = split(
    "#|Domain rating|UR|Referring domains|Referring page URL|Referring page title|Internal 2020|"
    "External links|Target URL|Left context|Anchor|Right context|Type 2020|Status 2020|"
    "First seen|Last seen|Lost|Language|Page traffic|Keywords|Rendered|Linked domains"
)
SEMRUSH = split(
    "Page ascore|Source title|Source url|Target url|Anchor|External links|Internal links|Nofollow|"
    "Sponsored|Ugc|Text|Frame|Form|Image|Sitewide|First seen|Last seen|New link|Lost link"
)
SEMRUSH_DOMAINS = split("Domain ascore|Domain|Backlinks|IP Address|Country|First seen|Last seen")
AHREFS_DOMAINS = split(
    "Domain|Is spam|DR|Dofollow ref. domains|Dofollow linked domains|Traffic |Keywords |"
    "Links to target|Dofollow links|First seen|Lost"
)
AHREFS_DOMAINS_COMPARED = [*AHREFS_DOMAINS[:8], "New links", "Lost links", *AHREFS_DOMAINS[8:]]
GAPCALC_SERP = ("keyword", "position", "url", "referring_domains")
GAPCALC_DOMAINS = ("source_domain", "target_url", "links")
GAPCALC_PAGES = ("url", "referring_domains", "vendor")
GAPCALC_KEYWORDS = ("keyword", "kd", "country", "kd_vendor")
GAPCALC_LINKS = ("source_url", "target_url", "rel", "anchor")


def link_host(row: Row) -> str:
    return urlsplit(row["Referring page URL"]).netloc


def rel(row: Row) -> str:
    flags = ("Nofollow", "UGC", "Sponsored")
    return " ".join(flag.lower() for flag in flags if row[flag] == "true")


def numbered(rows: Iterable[Row]) -> list[Row]:
    return [row | {"#": str(number)} for number, row in enumerate(rows, start=1)]


def in_sheets(rows: Iterable[Row]) -> list[Row]:
    spelled = {"true": "TRUE", "false": "FALSE"}
    return numbered({key: spelled.get(cell, cell) for key, cell in row.items()} for row in rows)


def in_2020(row: Row) -> Row:
    rels = ",".join(part.capitalize() for part in rel(row).split()).replace("Ugc", "UGC")
    kind = row["Type"].capitalize() if row["Type"] in {"redirect", "canonical"} else "Dofollow"
    known = row | {
        "Type 2020": rels or kind,
        "Status 2020": "Lost" if row.get("Lost") else "Live",
    }
    known["Internal 2020"] = str(int(row["External links"]) * 3)
    cells = (known.get(source, "") for source in SOURCES_2020)
    return dict(zip(BACKLINKS_2020, cells, strict=True))


def semrush_row(row: Row) -> Row:
    dice = Dice("semrush", row["Referring page URL"])
    kind = row["Type"].capitalize()
    return {
        "Page ascore": str(int(float(row["Domain rating"])) * 6 // 10),
        "Source title": row["Referring page title"],
        "Source url": row["Referring page URL"],
        "Target url": row["Target URL"],
        "Anchor": row["Anchor"],
        "External links": row["External links"],
        "Internal links": str(dice.between(8, 240)),
        "Nofollow": row["Nofollow"],
        "Sponsored": row["Sponsored"],
        "Ugc": row["UGC"],
        **dict.fromkeys(("Text", "Frame", "Form", "Image"), "false"),
        kind: "true",
        "Sitewide": "true" if int(row["Links in group"]) >= 100 else "false",
        "First seen": row["First seen"][:10],
        "Last seen": row["Last seen"][:10],
        "New link": "true" if row["First seen"] > "2026-03" else "false",
        "Lost link": "true" if row.get("Lost") else "false",
    }


def semrush_rows(rows: Iterable[Row]) -> list[Row]:
    """Tell the links in Semrush's words, which know neither redirects nor canonicals."""
    told = [semrush_row(row) for row in rows if row["Type"] in {"text", "image"}]
    for number, kind in ((3, "Frame"), (6, "Form")):
        told[number] |= {"Text": "false", "Image": "false", kind: "true"}
    told[5]["Sitewide"] = "true"
    return told


def by_domain(rows: Iterable[Row]) -> Iterator[tuple[str, list[Row]]]:
    external = (row for row in rows if domain_of(link_host(row)) != "lampkin.example")
    ordered = sorted(external, key=lambda row: domain_of(link_host(row)))
    for domain, group in groupby(ordered, key=lambda row: domain_of(link_host(row))):
        yield domain, list(group)


def ahrefs_domain(domain: str, rows: Sequence[Row]) -> Row:
    dice = Dice("refdomain", domain)
    live = [row for row in rows if not row.get("Lost")]
    return {
        "Domain": domain,
        "Is spam": rows[0]["Is spam"],
        "DR": rows[0]["Domain rating"],
        "Dofollow ref. domains": str(dice.between(0, 900)),
        "Dofollow linked domains": str(dice.between(5, 3000)),
        "Traffic ": rows[0]["Domain traffic"],
        "Keywords ": str(dice.between(0, 5000)),
        "Links to target": str(len(rows)),
        "New links": str(dice.below(2)),
        "Lost links": str(len(rows) - len(live)),
        "Dofollow links": str(sum(not rel(row) for row in live)),
        "First seen": min(row["First seen"] for row in rows),
        "Lost": "" if live else max(row["Lost"] for row in rows),
    }


def semrush_domain(domain: str, rows: Sequence[Row]) -> Row:
    dice = Dice("semrush domain", domain)
    return {
        "Domain ascore": str(int(float(rows[0]["Domain rating"])) * 7 // 10),
        "Domain": domain,
        "Backlinks": str(len(rows)),
        "IP Address": f"198.51.100.{dice.between(1, 254)}",
        "Country": dice.pick(("us", "de", "gb", "", "")),
        "First seen": min(row["First seen"] for row in rows)[:10],
        "Last seen": max(row["Last seen"] for row in rows)[:10],
    }


def backlinks_in_all_shapes(rows: list[Row]) -> Iterator[Fixture]:
    about = f"{len(rows)} links of {LAMP.url}"
    yield Fixture(
        "vendors/ahrefs-backlinks-2026.csv",
        table(BACKLINKS, rows, AHREFS),
        f"Ahrefs backlinks, 37 columns of 2026, native UTF-16: {about}, {raw(LAMP)} domains raw, "
        f"{kept(LAMP)} kept by the balanced rules",
    )
    yield Fixture(
        "vendors/ahrefs-backlinks-2025-comma.csv",
        table(BACKLINKS_2025, rows, PLAIN),
        "the same links in the 34 columns of 2025 (no spam flag), UTF-8, comma, few quotes",
    )
    yield Fixture(
        "vendors/ahrefs-backlinks-google-sheets.csv",
        table(["#", *BACKLINKS_2025], in_sheets(rows), OPEN_END),
        "the same through Google Sheets: # column, TRUE/FALSE, no newline at the end",
    )
    yield Fixture(
        "vendors/ahrefs-backlinks-2020.csv",
        table(BACKLINKS_2020, numbered(map(in_2020, rows)), AHREFS),
        "the same in the headings of 2020; what its Type and Backlink Status hold is a guess",
    )


def semrush_in_all_shapes(rows: list[Row]) -> Iterator[Fixture]:
    told = semrush_rows(rows)
    yield Fixture(
        "vendors/semrush-backlinks.csv",
        table(SEMRUSH, told, CRLF),
        f"Semrush backlinks, CRLF: {len(told)} of the same links (redirects and canonicals have "
        "no place in it)",
    )
    yield Fixture(
        "vendors/semrush-backlinks-semicolon.csv",
        table(SEMRUSH, told, SEMICOLON),
        "the same with semicolons",
    )


def domains_in_all_shapes(rows: list[Row]) -> Iterator[Fixture]:
    groups = list(by_domain(rows))
    ahrefs = [ahrefs_domain(domain, group) for domain, group in groups]
    gone = sum(bool(row["Lost"]) for row in ahrefs)
    yield Fixture(
        "vendors/ahrefs-refdomains.tsv",
        table(AHREFS_DOMAINS, ahrefs, TABS_QUOTED),
        f"Ahrefs referring domains, 11 columns, UTF-8, tab: {len(groups)} domains of the same "
        f"links, {gone} of them lost; no column names the page",
    )
    yield Fixture(
        "vendors/ahrefs-refdomains-compared.tsv",
        table(AHREFS_DOMAINS_COMPARED, ahrefs, TABS_QUOTED),
        "the same with a comparison period, 13 columns",
    )
    yield Fixture(
        "vendors/semrush-refdomains.csv",
        table(SEMRUSH_DOMAINS, (semrush_domain(*group) for group in groups), CRLF),
        "Semrush referring domains, CRLF: the same domains; nothing tells lost ones apart",
    )


SCREEN_AHREFS = split("#|Title|URL|DR|UR|Backlinks|Referring domains|Traffic|Keywords")
SCREEN_SEMRUSH = split("Position|URL|Page AS|Ref. Domains|Backlinks|Search Traffic|URL Keywords")


def screen_rows() -> Iterator[Row]:
    """Tell the SERP as the screens do: thousands set apart, or rounded to K."""
    for position, (url, title, rated, domains, traffic) in enumerate(LAMP_RESULTS, start=1):
        dice = Dice("screen", url)
        backlinks = int(domains) * dice.between(2, 19)
        yield {
            "#": str(position),
            "Position": str(position),
            "Title": title,
            "URL": url,
            "DR": rated,
            "UR": f"{dice.between(3, 30)}",
            "Backlinks": f"{backlinks:,}",
            "Referring domains": domains,
            "Traffic": f"{int(traffic):,}",
            "Keywords": str(dice.between(20, 900)),
        }


def in_semrush(row: Row) -> Row:
    backlinks = int(row["Backlinks"].replace(",", ""))
    traffic = int(row["Traffic"].replace(",", ""))
    return {
        "Position": row["Position"],
        "URL": row["URL"],
        "Page AS": str(int(row["DR"]) * 6 // 10),
        "Ref. Domains": row["Referring domains"],
        "Backlinks": rounded(backlinks),
        "Search Traffic": rounded(traffic),
        "URL Keywords": row["Keywords"],
    }


def rounded(number: int) -> str:
    return f"{number / 1000:.1f}K" if number >= 1000 else str(number)


def serps_in_all_shapes() -> Iterator[Fixture]:
    pairs = [(LAMP_KEYWORD, lamp_results()), (LED_KEYWORD, led_results())]
    rows = (serp_cells(keyword, result) for keyword, results in pairs for result in results)
    dated = ([row.get(column, "") for column in SERPS] for row in rows)
    yield Fixture(
        "vendors/ahrefs-serps.csv",
        encode([DATED_SERPS, *dated], AHREFS),
        "Ahrefs, two keywords with SERPs, dates in the trend headings; the second keyword has "
        "neither difficulty nor volume; 10 and 5 organic rows, 3 feature rows",
    )
    screen = list(screen_rows())
    yield Fixture(
        "vendors/serp-table-ahrefs-screen.txt",
        table(SCREEN_AHREFS, screen, TABS),
        "the SERP of 'desk lamp' as copied from Ahrefs' screen: tabs, 1,234",
    )
    yield Fixture(
        "vendors/serp-table-semrush-screen.csv",
        table(SCREEN_SEMRUSH, map(in_semrush, screen), PLAIN),
        "the same as copied from Semrush's screen: 1.2K",
    )


def gapcalc_shapes(rows: list[Row]) -> Iterator[Fixture]:
    results = [result for result in lamp_results() if result.kind == "Organic"]
    yield Fixture(
        "vendors/gapcalc-serp.csv",
        encode(
            [GAPCALC_SERP, *(("desk lamp", r.position, r.url, r.domains) for r in results)], PLAIN
        ),
        "gapcalc's own SERP table: the same SERP",
    )
    live = [row for row in rows if not row.get("Lost")]
    cells = ((r["Referring page URL"], r["Target URL"], rel(r), r["Anchor"]) for r in live)
    yield Fixture(
        "vendors/gapcalc-links.csv",
        encode([GAPCALC_LINKS, *cells], PLAIN),
        f"gapcalc's own link table: the {len(live)} live ones of the same links",
    )
    domains = [ahrefs_domain(domain, group) for domain, group in by_domain(rows)]
    yield Fixture(
        "vendors/gapcalc-domains.csv",
        encode(
            [
                GAPCALC_DOMAINS,
                *((d["Domain"], LAMP.url, d["Links to target"]) for d in domains),
            ],
            PLAIN,
        ),
        "gapcalc's own table of referring domains: those of the same links, lost or not",
    )
    yield Fixture(
        "vendors/gapcalc-pages.csv",
        encode([GAPCALC_PAGES, *((r.url, r.domains, "ahrefs") for r in results)], PLAIN),
        "gapcalc's own table of pages: those of the same SERP, with their vendor totals",
    )
    yield Fixture(
        "vendors/gapcalc-keywords.csv",
        encode([GAPCALC_KEYWORDS, ("desk lamp", "28", "us", "ahrefs")], PLAIN),
        "gapcalc's own table of keywords with their difficulty",
    )


# how each further vendor writes the same links: its columns, and what a cell is made from
Make = Callable[[Row], str]


def same(text: str) -> Make:
    return lambda _row: text


MOZ: dict[str, Make] = {
    "URL": lambda row: bare(row["Referring page URL"]),
    "Title": lambda row: "  " + row["Referring page title"],
    "Anchor Text": lambda row: row["Anchor"],
    "Spam Score": lambda row: "97%" if row["Is spam"] == "true" else some(row, ("4%", "--%")),
    "PA": lambda row: row["UR"].partition(".")[0],
    "DA": lambda row: row["Domain rating"].partition(".")[0],
    "Linking Domains to Page": lambda row: row["Referring domains"],
    "Target URL": lambda row: bare(row["Target URL"]),
    "Link Type": lambda row: "nofollow" if rel(row) else "follow",
    "Link State": lambda row: "deleted" if row.get("Lost") else "active",
    "Date First Seen": lambda row: row["First seen"][:10],
    "Date Last Seen": lambda row: some(row, (row["Last seen"][:10], "--")),
    "Date Lost": lambda row: row.get("Lost", "")[:10] or some(row, ("--", "2024-03-01")),
    "HTTP Status Code": lambda row: some(row, (row["Referring page HTTP code"], "")),
    "Links to Page": lambda row: row["Referring domains"],
    "Outbound Domains from Page": lambda row: row["Linked domains"],
    "Outbound Links from Page": lambda row: row["External links"],
}
RULER = "-" * 72
MOZ_PREAMBLE: tuple[Cells, ...] = (
    (RULER,),
    ("Inbound Links for", "www.lampkin.example/desk-lamp/"),
    ("Scope", "page"),
    ("Sorted by", "source_page_authority"),
    ("Filters:", "external+all"),
    ("Anchor text", "all"),
    ("Source PLD", "all"),
    (RULER,),
    (),
)
MAJESTIC: dict[str, Make] = {
    "SourceURL": lambda row: row["Referring page URL"],
    "ACRank": same("-1"),
    "AnchorText": lambda row: row["Anchor"],
    "Date": lambda row: day_first(row["Last seen"]),
    "FlagRedirect": lambda row: "1" if row["Type"] == "redirect" else "0",
    "FlagFrame": same("0"),
    "FlagNoFollow": lambda row: "1" if row["Nofollow"] == "true" else "0",
    "FlagImages": lambda row: "1" if row["Type"] == "image" else "0",
    "FlagDeleted": lambda row: "1" if row.get("Lost") else "0",
    "FlagAltText": same("0"),
    "FlagMention": same("0"),
    "TargetURL": lambda row: row["Target URL"],
    "FirstIndexedDate": lambda row: day_first(row["First seen"]),
    "LastSeenDate": lambda row: day_first(row["Last seen"]),
    "DateLost": lambda row: day_first(row.get("Lost", "")),
    "ReasonLost": lambda row: row.get("Lost status", ""),
    "LinkType": lambda row: {"image": "ImageLink"}.get(row["Type"], "TextLink"),
    "TargetTrustFlow": same("21"),
    "SourceCitationFlow": lambda row: row["UR"].partition(".")[0],
    "SourceTrustFlow": lambda row: some(row, (row["UR"].partition(".")[0], "-1")),
}
MAJESTIC_SPACED: dict[str, Make] = {
    "Source URL": MAJESTIC["SourceURL"],
    "Anchor Text": MAJESTIC["AnchorText"],
    "Target URL": MAJESTIC["TargetURL"],
    "Source Trust Flow": MAJESTIC["SourceTrustFlow"],
    "Source Citation Flow": MAJESTIC["SourceCitationFlow"],
    "Domain Trust Flow": lambda row: row["Domain rating"].partition(".")[0],
    "Domain Citation Flow": lambda row: row["Domain rating"].partition(".")[0],
    "Link First Indexed Date": lambda row: row["First seen"][:10],
}
AUDIT: dict[str, Make] = {
    "Domain Authority Score": lambda row: row["Domain rating"].partition(".")[0],
    "Page Authority Score": lambda row: row["UR"].partition(".")[0],
    "Source URL": lambda row: row["Referring page URL"],
    "Source Page Title": lambda row: row["Referring page title"],
    "Source Domain": lambda row: domain_of(link_host(row)),
    "Target URL": lambda row: row["Target URL"],
    "Anchor": lambda row: row["Anchor"],
    "Anchor Type": same("other"),
    "Link Type": lambda row: row["Type"],
    "No Follow": lambda row: row["Nofollow"],
    "Toxic Score": lambda row: "61" if row["Is spam"] == "true" else "0",
    "First Seen": lambda row: row["First seen"][:10],
    "Last Seen": lambda row: row["Last seen"][:10],
    "Comment": same(""),
}
DATAFORSEO: dict[str, Make] = {
    "type": same("backlink"),
    "domain_from": link_host,
    "url_from": lambda row: row["Referring page URL"],
    "url_to": lambda row: row["Target URL"],
    "is_new": same("false"),
    "is_lost": lambda row: "true" if row.get("Lost") else "false",
    "backlink_spam_score": lambda row: "88" if row["Is spam"] == "true" else "3",
    "rank": same("120"),
    "page_from_rank": same("88"),
    "domain_from_rank": lambda row: str(int(float(row["Domain rating"]) * 8)),
    "page_from_external_links": lambda row: row["External links"],
    "page_from_language": lambda row: row["Language"],
    "page_from_title": lambda row: row["Referring page title"],
    "first_seen": lambda row: row["First seen"] + " +00:00",
    "last_seen": lambda row: row["Last seen"] + " +00:00",
    "item_type": lambda row: {"text": "anchor"}.get(row["Type"], row["Type"]),
    "attributes": lambda row: json.dumps(rel(row).split()) if rel(row) else "",
    "dofollow": lambda row: "false" if rel(row) else "true",
    "anchor": lambda row: row["Anchor"],
    "group_count": lambda row: row["Links in group"],
    "is_indirect_link": same("false"),
}
SE_RANKING: dict[str, Make] = {
    "url_from": lambda row: row["Referring page URL"],
    "url_to": lambda row: row["Target URL"],
    "title": lambda row: row["Referring page title"],
    "anchor": lambda row: row["Anchor"],
    "alt": same(""),
    "nofollow": lambda row: "true" if rel(row) else "false",
    "image": lambda row: "true" if row["Type"] == "image" else "false",
    "image_source": same(""),
    "inlink_rank": lambda row: row["UR"].partition(".")[0],
    "domain_inlink_rank": lambda row: row["Domain rating"].partition(".")[0],
    "first_seen": lambda row: row["First seen"][:10],
    "last_visited": lambda row: row["Last seen"][:10],
}


def bare(url: str) -> str:
    return url.partition("://")[2]


def some(row: Row, choices: Sequence[str]) -> str:
    return Dice("some", row["Referring page URL"], *choices).pick(choices)


def day_first(time: str) -> str:
    return f"{time[8:10]}/{time[5:7]}/{time[:4]} 00:00" if time else ""


def told_by(columns: Mapping[str, Make], rows: Iterable[Row]) -> list[Cells]:
    return [list(columns), *([make(row) for make in columns.values()] for row in rows)]


def majestic_domains(rows: Iterable[Row], target: str) -> list[Cells]:
    columns = split(
        "Position|Domain|RefDomains|AlexaRank|Matches|MatchedLinks|ExtBackLinks|IndexedURLs|"
        "CrawledURLs|FirstCrawled|LastSuccessfulCrawl|IP|SubNet|CountryCode|TLD|CitationFlow|"
        f"TrustFlow|BackLinks_{target}|FirstLinkDate_{target}|LastLinkDate_{target}"
    )
    table: list[Cells] = [columns]
    for position, (domain, group) in enumerate(by_domain(rows), start=1):
        first, last = min(r["First seen"] for r in group), max(r["Last seen"] for r in group)
        count, score = str(len(group)), group[0]["Domain rating"].partition(".")[0]
        seen = (day_first(first), day_first(last))
        address = ["198.51.100.7", "198.51.100.0", "", "example"]
        trust = score if position % 5 else "-1"
        body = [str(position), domain, "504", "-1", "1", count, "301", "193", "180", *seen]
        table.append([*body, *address, score, trust, count, *seen])
    return table


def dataforseo_domains(rows: Iterable[Row]) -> list[Cells]:
    columns = split(
        "type|domain|rank|backlinks|first_seen|lost_date|backlinks_spam_score|broken_backlinks|"
        "referring_pages|referring_pages_nofollow"
    )
    table: list[Cells] = [columns]
    for domain, group in by_domain(rows):
        live = [row for row in group if not row.get("Lost")]
        lost = "" if live else max(row["Lost"] for row in group) + " +00:00"
        seen, count = min(row["First seen"] for row in group) + " +00:00", str(len(group))
        spam = "88" if group[0]["Is spam"] == "true" else "3"
        kind = "backlinks_referring_domain"
        table.append([kind, domain, "40", count, seen, lost, spam, "0", count, "0"])
    return table


def one_per_host(rows: Iterable[Row]) -> list[Row]:
    return list({link_host(row): row for row in rows}.values())


def further_vendors(rows: list[Row]) -> Iterator[Fixture]:
    live = [row for row in rows if not row.get("Lost")]
    told: dict[str, tuple[list[Cells], Form, str]] = {
        "semrush-backlink-audit.csv": (
            told_by(AUDIT, one_per_host(live)),
            CRLF,
            "Semrush Backlink Audit: the same links, one per host",
        ),
        "moz-inbound-links.csv": (
            [*MOZ_PREAMBLE, *told_by(MOZ, rows)],
            MARKED_CRLF,
            "Moz inbound links, CRLF, a byte order mark, nine lines above the header, no schemes",
        ),
        "majestic-refdomains.csv": (
            majestic_domains(rows, "lampkin.example"),
            MARKED_CRLF,
            "Majestic referring domains of a whole site, CRLF and a byte order mark, the day first",
        ),
        "majestic-refdomains-page.csv": (
            majestic_domains(rows, LAMP.url),
            MARKED_CRLF,
            "the same of one page, which three headings name; how a page stands there is a guess",
        ),
        "majestic-backlinks.csv": (
            told_by(MAJESTIC, rows),
            MARKED_CRLF,
            "Majestic backlinks under the names of the API; what the cells hold is a guess",
        ),
        "majestic-backlinks-spaced.csv": (
            told_by(MAJESTIC_SPACED, live),
            MARKED_CRLF,
            "the live ones under the headings with spaces",
        ),
        "dataforseo-backlinks.csv": (
            told_by(DATAFORSEO, rows),
            PLAIN,
            "DataForSEO backlinks saved as CSV, attributes as a JSON list",
        ),
        "dataforseo-refdomains.csv": (
            dataforseo_domains(rows),
            PLAIN,
            "DataForSEO referring domains saved as CSV; no column names the page",
        ),
        "se-ranking-backlinks.csv": (
            told_by(SE_RANKING, live),
            PLAIN,
            "SE Ranking backlinks saved as CSV: the live ones of the same links",
        ),
    }
    for name, (cells, form, about) in told.items():
        yield Fixture(f"vendors/{name}", encode(cells, form), about)


def vendors() -> Iterator[Fixture]:
    rows = links(LAMP)
    yield from backlinks_in_all_shapes(rows)
    yield from semrush_in_all_shapes(rows)
    yield from domains_in_all_shapes(rows)
    yield from serps_in_all_shapes()
    yield from gapcalc_shapes(rows)
    yield from further_vendors(rows)
    yield from lists()


# --- look-alikes: exports that are refused by name ---------------------------------------------


@dataclass(frozen=True)
class Look:
    """A table whose rows are written by a template over a few invented values."""

    path: str
    about: str
    columns: str
    row: str
    form: Form = PLAIN
    above: tuple[Cells, ...] = ()
    rows: int = 9
    first_slug: str = ""


GAP_TARGETS = "lampkin.example|brightbench.example|lumenhaus.example|studyroom.example"
LOOKS = (
    Look(
        "ahrefs-top-pages-2025.tsv",
        "Ahrefs top pages of 2025, without referring domains: some of the 20 columns, UTF-8, tab",
        "URL|Status|Previous traffic|Current traffic|Traffic change|Previous top keyword|"
        "Current top keyword|Current top keyword: Position",
        "https://www.lampkin.example/{slug}/||{few}|{links}|{few}|{words}|{words}|{few}",
        TABS,
    ),
    Look(
        "semrush-outgoing-domains.csv",
        "Semrush outgoing domains: whom a site links to",
        "Domain ascore|Domain|Links|First seen|Last seen",
        "{score}|{domain}|{links}|{first}|{last}",
    ),
    Look(
        "semrush-bulk-comparison.csv",
        "Semrush bulk comparison: totals of whole sites",
        "Target|Target type|Authority Score|Backlinks|Domains|IPs|Follow links|Nofollow links|"
        "Text links|Image links|Form links|Frame links|Visits",
        "{domain}|root_domain|{score}|{many}|{links}|{links}|{many}|{few}|{many}|{few}|0|0|0",
    ),
    Look(
        "semrush-backlink-gap.csv",
        "Semrush backlink gap of four sites, CRLF",
        f"Domain|Domain ascore|{GAP_TARGETS}|Matches",
        "{domain}|{score}|0|{few}|0|{links}|2",
        CRLF,
    ),
    Look(
        "ahrefs-refips.csv",
        "Ahrefs referring IPs, native UTF-16",
        "Subnet|Ref. domains|Top DR|Links to target|New links|Lost links|Dofollow links|"
        "First seen|Lost|IPs in subnet|Country|ISP",
        "198.51.{few}.xxx|{few}|{score}|{links}|1|0|{links}|{first} 04:11:09||{few}|DE|"
        "Example Hosting {few} GmbH",
        AHREFS,
    ),
    Look(
        "screaming-frog-outlinks.csv",
        "Screaming Frog, all outlinks: a title line above the header, rows of 7 and 8 cells",
        "Type|Source|Destination|Alt Text|Anchor|Status Code|Status|Follow",
        "HREF|https://www.lampkin.example/|https://{domain}/{slug}/||{title}|200|OK|true",
        ALL_QUOTED,
        (("All Outlinks",),),
    ),
)


# exports of a whole site, or of keywords: read, though they are no links
LISTS = (
    Look(
        "semrush-indexed-pages.csv",
        "Semrush indexed pages: pages of the target itself",
        "Source url|Source title|Response code|Backlinks|Domains|External links|Internal links|"
        "Last seen",
        "https://www.lampkin.example/{slug}/|{title}|200|{links}|{few}|{few}|{many}|{last}",
        first_slug="desk-lamp",
    ),
    Look(
        "search-console-latest-links.csv",
        "Search Console, latest links: CRLF, no newline at the end, a raw space in a URL",
        "Linking page|Last crawled",
        "https://{domain}/{slug}/page {few}|{last}",
        CRLF_OPEN_END,
    ),
    Look(
        "search-console-more-sample-links.csv",
        "Search Console, more sample links: one column, no newline at the end",
        "Linking page",
        "https://{domain}/{slug}",
        OPEN_END,
    ),
    Look(
        "semrush-keywords.csv",
        "Semrush Keyword Magic: keywords with Semrush's own difficulty",
        "Keyword|Intent|Volume|Trend|Keyword Difficulty|CPC (USD)|Competitive Density|"
        "SERP Features|Number of Results",
        "{words}|Commercial, Informational|{many}|0.55,0.66,0.83,1.00|{score}|1.10|0.85|"
        "Sitelinks, People also ask|{many}000",
        first_slug="desk-lamp",
    ),
    Look(
        "semrush-positions.csv",
        "Semrush organic positions: many keywords of one site",
        "Keyword|Position|Previous position|Search Volume|Keyword Difficulty|CPC|URL|Traffic|"
        "Traffic (%)|Traffic Cost|Competition|Number of Results|Trends|Timestamp|"
        "SERP Features by Keyword|Keyword Intents|Position Type",
        "{words}|{few}|{few}|{many}|{score}|0.46|https://www.lampkin.example/{slug}/|{links}|"
        "1.25|{few}.00|0.31|{many}000|[72,88,48,100]|{last}|Sitelinks, Image|informational|Organic",
        first_slug="desk-lamp",
    ),
    Look(
        "ahrefs-best-by-links.csv",
        "Ahrefs best by links, native UTF-16: pages of one site with their referring domains",
        "Page title|Page URL|Language|Platform|UR|Referring domains|Top DR|Links to target|"
        "New Links|Lost Links|Dofollow|Nofollow|Redirects|Page HTTP code|First seen|Last seen",
        "{title}|https://www.lampkin.example/{slug}/|en||4.5|{links}|{score}|{many}|3|1|{many}|"
        "{few}|0|200|{first} 04:11:09|{last} 04:11:09",
        AHREFS,
        first_slug="desk-lamp",
    ),
    Look(
        "ahrefs-top-pages.csv",
        "Ahrefs top pages of 2026 with a comparison: some of the 23 columns, native UTF-16",
        "URL|Status|UR|Previous traffic|Current traffic|Traffic change|Current referring domains|"
        "Current top keyword|Page type",
        "https://www.lampkin.example/{slug}/||5|{few}|{links}|{few}|{links}|{words}|Article",
        AHREFS,
        first_slug="desk-lamp",
    ),
    Look(
        "ahrefs-keywords.csv",
        "Ahrefs Keywords Explorer, 16 columns, native UTF-16: keywords with Ahrefs' KD",
        "#|Keyword|Country|Difficulty|Volume|CPC|CPS|Parent Keyword|Last Update|SERP Features|"
        "Global volume|Traffic potential|Global traffic potential|First seen|Intents|Languages",
        "{few}|{words}|us|{score}|{many}|1.10|0.51|desk lamp|{last} 19:59:44|Thumbnail,Sitelinks|"
        "{many}|{many}|{many}|{first}|Informational,Non-branded|English",
        AHREFS,
        first_slug="desk-lamp",
    ),
    Look(
        "ahrefs-organic-keywords.csv",
        "Ahrefs organic keywords of one site at one date, 21 columns, native UTF-16",
        "Keyword|Country code|Location|Language|Entities|SERP features|Volume|KD|CPC|"
        "Organic traffic|Paid traffic|Current position|Current URL|Current URL inside|Updated|"
        "Navigational|Informational|Commercial|Transactional|Branded|Local",
        "{words}|US|United States|English||Sitelinks, Video preview|{many}|{score}|0.98|{links}|0|"
        "{few}|https://www.lampkin.example/{slug}/||{last} 03:52:28|false|true|false|false|false|"
        "false",
        AHREFS,
        first_slug="desk-lamp",
    ),
    Look(
        "moz-top-pages.csv",
        "Moz top pages, CRLF and a byte order mark: five lines above the header; a guess",
        "URL|Title|PA|Total Links|Linking Domains to Page|HTTP Status Code",
        "www.lampkin.example/{slug}/|{title}|{score}|{many}|{links}|200",
        MARKED_CRLF,
        (
            (RULER,),
            ("Top Pages for", "lampkin.example"),
            ("Scope", "root_domain"),
            (RULER,),
            (),
        ),
        first_slug="desk-lamp",
    ),
)


def lists() -> Iterator[Fixture]:
    for look in LISTS:
        yield Fixture(f"vendors/{look.path}", look_table(look), look.about)


def look_row(look: Look, number: int) -> list[str]:
    dice = Dice("look-alike", look.path, number)
    slug = fill(dice.pick(SLUGS), LAMP, dice).replace(" ", "-")
    if number == 0 and look.first_slug:
        slug = look.first_slug
    cells = look.row.format(
        domain=NAMES[number],
        slug=slug,
        words=slug.replace("-", " "),
        title=fill(dice.pick(TITLES["en"]), LAMP, dice),
        score=dice.between(1, 70),
        few=dice.between(1, 20),
        links=dice.between(20, 400),
        many=dice.between(400, 9000),
        first=moment(dice, EARLIEST, RECENT).date(),
        last=moment(dice, CRAWLED, EXPORTED).date(),
    ).split("|")
    ragged = look.form is ALL_QUOTED and number % 4 == 3
    return cells[:-1] if ragged else cells


def look_table(look: Look) -> bytes:
    body = [look_row(look, number) for number in range(look.rows)]
    return encode([*look.above, look.columns.split("|"), *body], look.form)


def lookalikes() -> Iterator[Fixture]:
    for look in LOOKS:
        yield Fixture(f"lookalikes/{look.path}", look_table(look), look.about)


# --- scenario C: one file per fault ------------------------------------------------------------


def semrush_sample() -> list[Cells]:
    told = semrush_rows(links(LAMP))[:8]
    return [SEMRUSH, *([row[column] for column in SEMRUSH] for row in told)]


def lines(rows: Iterable[Cells]) -> list[bytes]:
    return encode(rows, CRLF).splitlines(keepends=True)


def changed(rows: Sequence[Cells], line: int, column: str, cell: str) -> list[Cells]:
    place = list(rows[0]).index(column)
    other = [*rows[line]]
    other[place] = cell
    return [*rows[:line], other, *rows[line + 1 :]]


def without(rows: Iterable[Cells], place: int) -> list[Cells]:
    return [[*row[:place], *row[place + 1 :]] for row in rows]


def two_headers() -> list[Cells]:
    """Give all columns of two formats once, whatever the case of their names."""
    sample = semrush_sample()[:4]
    have = {column.lower() for column in SEMRUSH}
    more = [column for column in BACKLINKS if column.lower() not in have]
    extra = [[row.get(column, "") for column in more] for row in links(LAMP)[:3]]
    return [[*left, *right] for left, right in zip(sample, [more, *extra], strict=True)]


def bad_numbers() -> bytes:
    rows = links(LAMP)[:7]
    faults: tuple[Row, ...] = (
        {},
        {"Domain rating": "high"},
        {"Domain rating": "140"},
        {"External links": "-3"},
        {"First seen": "2026-02-31 10:00:00"},
        {},
        {},
    )
    return table(BACKLINKS, (row | fault for row, fault in zip(rows, faults, strict=True)), PLAIN)


def ragged(rows: Sequence[Cells]) -> list[Cells]:
    return [*rows[:3], rows[3][:11], *rows[4:6], [*rows[6], "one", "two"], *rows[7:]]


def replaced(rows: Sequence[Cells], line: int, old: bytes, new: bytes) -> bytes:
    written = lines(rows)
    written[line] = written[line].replace(old, new)
    return b"".join(written)


def mixed_ends(rows: Sequence[Cells]) -> bytes:
    written = lines(rows)
    return b"".join(
        line.replace(b"\r\n", b"\n") if number % 3 == 2 else line
        for number, line in enumerate(written)
    )


def noise() -> bytes:
    digests = (hashlib.sha256(f"noise {number}".encode()).digest() for number in range(64))
    return b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"".join(digests) + bytes(16)


def faulty_tables() -> Iterator[tuple[str, bytes, str]]:
    """Give files that should be Semrush backlinks; line numbers count the header as 1."""
    rows = semrush_sample()
    marked = changed(rows, 4, "Anchor", "MARK")
    yield "header-only.csv", encode(rows[:1], CRLF), "a good header, and no row below it"
    yield (
        "missing-column.csv",
        encode(without(rows, SEMRUSH.index("Target url")), CRLF),
        "no Target url",
    )
    yield (
        "ragged-rows.csv",
        encode(ragged(rows), CRLF),
        "line 4 has 11 cells, line 7 has 21, the other six rows are good",
    )
    yield (
        "bare-quote.csv",
        replaced(marked, 4, b"MARK", b'the 27" lamp'),
        "line 5: a quote in the middle of a cell that is not quoted",
    )
    yield (
        "unterminated-quote.csv",
        replaced(marked, 4, b"MARK", b'"the lamp'),
        "line 5: a quoted cell that never ends",
    )
    yield (
        "latin1.csv",
        replaced(marked, 4, b"MARK", b"caf\xe9"),
        "line 5: one cell holds the byte E9, which is no UTF-8",
    )
    yield (
        "repeated-header.csv",
        encode([*rows[:5], SEMRUSH, *rows[5:]], CRLF),
        "the header again as line 6: two exports pasted together",
    )
    yield "mixed-line-ends.csv", mixed_ends(rows), "CRLF, but LF in every third line"
    yield (
        "million-characters.csv",
        encode(changed(rows, 4, "Anchor", "long " * 200_000), CRLF),
        "line 5: an anchor of a million characters; nothing else is wrong",
    )
    yield (
        "preamble.csv",
        encode([["Backlinks of lampkin.example"], ["Exported", "2026-11-12"], [], *rows], CRLF),
        "three lines (a title, a date, an empty one) above a good header",
    )


INVOICES = (
    ("Invoice", "Customer", "Issued", "Due", "Net", "VAT", "Gross", "Paid"),
    ("2026-0311", "Northbench Ltd", "2026-03-02", "2026-04-01", "480.00", "96.00", "576.00", "yes"),
    ("2026-0312", "Paper Herald", "2026-03-02", "2026-04-01", "120.00", "24.00", "144.00", "no"),
    ("2026-0313", "Lumenhaus", "2026-03-05", "2026-04-04", "75.50", "15.10", "90.60", "yes"),
)
NO_URLS = (
    GAPCALC_LINKS,
    ("https://deskpost.example/a", "https://www.lampkin.example/desk-lamp/", "", "Lampkin"),
    ("https://homelab.example/b", "not a url", "", "lamp"),
    ("https://ergonotes.example/c", "https://www.lampkin.example/desk-lamp/", "nofollow", "here"),
)
HOSTILE_KEYWORD = "[bold red]desk lamp[/bold red]"
HOSTILE = (
    (*GAPCALC_SERP, "title"),
    (HOSTILE_KEYWORD, "1", "https://a.example/[link=https://evil.example]x[/link]", "55", "[/]"),
    (HOSTILE_KEYWORD, "2", "https://b.example/?q=\x1b[31mred", "15", "\x1b]0;title\x07\x1b[2J"),
    (HOSTILE_KEYWORD, "3", "https://c.example/\u202egnp.exe", "21", "\u202eright to left\u2066"),
    (
        HOSTILE_KEYWORD,
        "4",
        "https://d.example/<script>alert(1)</script>",
        "8",
        '=HYPERLINK("https://evil.example","click")',
    ),
    (HOSTILE_KEYWORD, "5", "https://e.example/a|b`c*d_e", "13", "+1+1\r@SUM(A1)\nsecond line"),
    ('=HYPERLINK("https://evil.example")', "1", "https://a.example/", "3", "@cmd"),
)


def other_faults() -> Iterator[tuple[str, bytes, str]]:
    native = table(BACKLINKS, links(LAMP)[:6], AHREFS)
    yield "empty.csv", b"", "no byte at all"
    yield "binary.csv", noise(), "the start of a PNG picture, then noise with NUL bytes"
    yield "utf16-cut.csv", native[:-301], "Ahrefs backlinks, UTF-16, cut in a character's middle"
    yield "two-formats.csv", encode(two_headers(), PLAIN), "all columns of two link exports"
    yield "no-urls.csv", encode(NO_URLS, PLAIN), "gapcalc links: the target of line 3 is no URL"
    yield "unknown.csv", encode(INVOICES, PLAIN), "a table of something else: invoices"
    yield (
        "bad-numbers.csv",
        bad_numbers(),
        "Ahrefs backlinks: DR 'high' (line 3), DR 140 (4), -3 external links (5), 31 February (6)",
    )
    yield (
        "hostile.csv",
        encode(HOSTILE, PLAIN),
        "gapcalc SERP with rich markup, terminal escapes, bidi overrides, HTML, Markdown, formulas",
    )


def broken() -> Iterator[Fixture]:
    for name, data, about in sorted([*faulty_tables(), *other_faults()]):
        yield Fixture(f"broken/{name}", data, about)


# --- scenario D: published examples ------------------------------------------------------------

# referring domains by position, what must come out
EXAMPLES = (
    ((55, 1, 15), "median 15, mean 23.67"),
    ((28, 43, 19), "median 28"),
    ((10, 20, 30, 41), "median 25"),
    ((100, 150, 491, 546, 635, 900, 17525), "median 546"),
)
# page, domains, followed domains; ours ranks 12th
WORKED_PAGES = (
    ("https://first-check.example/guide", 43, 29, "1"),
    ("https://second-check.example/guide", 178, 138, "2"),
    ("https://third-check.example/guide", 221, 49, "3"),
    ("https://our-check.example/guide", 5, 2, "12"),
)
WORKED_ANCHORS = ("guide", "here", "worked example", "the figures", "read more")


def example_rows(counts: Sequence[int]) -> list[Cells]:
    keyword = f"published example {' '.join(map(str, counts))}"
    rows = [
        (keyword, str(position), f"https://check-{position}.example/page", str(domains))
        for position, domains in enumerate(counts, start=1)
    ]
    return [GAPCALC_SERP, *rows]


def worked_links(url: str, domains: int, followed: int) -> list[Cells]:
    names = Dice("worked", url).sample(NAMES, domains)
    rows = [
        (
            f"https://{name}/{number}",
            url,
            "" if number < followed else "nofollow",
            WORKED_ANCHORS[number % len(WORKED_ANCHORS)],
        )
        for number, name in enumerate(names)
    ]
    return [GAPCALC_LINKS, *rows]


def checks() -> Iterator[Fixture]:
    for counts, result in EXAMPLES:
        name = "-".join(map(str, counts))
        data = encode(example_rows(counts), PLAIN)
        yield Fixture(f"checks/{name}.csv", data, f"published example: {result}")
    serp = [("worked example", place, url, str(all_)) for url, all_, _, place in WORKED_PAGES]
    yield Fixture(
        "checks/43-178-221/serp.csv",
        encode([GAPCALC_SERP, *serp], PLAIN),
        "published example: with our 5 (position 12) target 178, gap 173; followed 49 and 47",
    )
    for url, domains, followed, _ in WORKED_PAGES:
        name = urlsplit(url).netloc.removesuffix("-check.example")
        yield Fixture(
            f"checks/43-178-221/links-{name}.csv",
            encode(worked_links(url, domains, followed), PLAIN),
            f"its links to {url}: {domains} domains, {followed} followed",
        )


# --- scenario E: containers ----------------------------------------------------------------------

LONG_AGO = (2026, 11, 12, 9, 0, 0)
SHEET_PARTS = {
    "[Content_Types].xml": (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/xl/workbook.xml" ContentType="application/'
        'vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
        '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/'
        'vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
    ),
    "_rels/.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Target="xl/workbook.xml" Type="http://schemas.openxmlformats.org/'
        'officeDocument/2006/relationships/officeDocument"/></Relationships>'
    ),
    "xl/workbook.xml": (
        '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r='
        '"http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
        '<sheet name="SERP" sheetId="1" r:id="rId1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Target="worksheets/sheet1.xml" Type="http://'
        'schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"/></Relationships>'
    ),
}


def archive(members: Mapping[str, bytes]) -> bytes:
    """Pack without compressing, whose bytes would depend on the library's version."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as packed:
        for name, content in members.items():
            packed.writestr(zipfile.ZipInfo(name, LONG_AGO), content)
    return data.getvalue()


def workbook(rows: Iterable[Cells]) -> bytes:
    lines = "".join(
        f'<row r="{number}">{"".join(sheet_cell(cell) for cell in row)}</row>'
        for number, row in enumerate(rows, start=1)
    )
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{lines}</sheetData></worksheet>"
    )
    parts = {**SHEET_PARTS, "xl/worksheets/sheet1.xml": sheet}
    return archive({name: part.encode() for name, part in parts.items()})


def sheet_cell(text: str) -> str:
    if text.isdigit():
        return f"<c><v>{text}</v></c>"
    return f'<c t="inlineStr"><is><t>{escape(text)}</t></is></c>'


def containers() -> Iterator[Fixture]:
    inside = {f.path.removeprefix("vendors/"): f.data for f in vendors()}
    serp, list_ = inside["gapcalc-serp.csv"], inside["ahrefs-backlinks-2026.csv"]
    packed = gzip.compress(list_, compresslevel=0, mtime=0)
    rows = list(csv.reader(io.StringIO(serp.decode())))
    yield Fixture(
        "containers/desk-lamp.zip",
        archive(
            {
                "desk-lamp/serp.csv": serp,
                "desk-lamp/links.csv.gz": packed,
                "__MACOSX/._serp.csv": b"\0\5\x16\7",
            }
        ),
        "the SERP of vendors/gapcalc-serp.csv and the links of vendors/ahrefs-backlinks-2026.csv",
    )
    yield Fixture("containers/links.csv.gz", packed, "vendors/ahrefs-backlinks-2026.csv")
    yield Fixture(
        "containers/links-cut.csv.gz", packed[: len(packed) // 2], "the same, cut off in the middle"
    )
    yield Fixture("containers/serp.xlsx", workbook(rows), "vendors/gapcalc-serp.csv as a sheet")


# --- all ---------------------------------------------------------------------------------------

FOLDERS = {
    "standing-desk": "One keyword in full: a SERP and the link list of every page in it.",
    "vendors": "Every format that is read, in each shape it comes in.",
    "lookalikes": "Exports that look like link lists and are refused by name.",
    "broken": "One file per fault; where nothing else is said it is a Semrush backlinks export.",
    "checks": "Published examples whose results are known.",
    "containers": "Some of the others, packed.",
}


def everything() -> list[Fixture]:
    return [*chain(standing_desk(), vendors(), lookalikes(), broken(), checks(), containers())]


ABOUT = """\
# Fixtures

Exports in the vendors' exact byte form. Every site, title, anchor and number in them is invented
(reddit.com and youtube.com lend their names to invented pages).
`python tests/make_fixtures.py` writes them, and this page; their bytes are what they test, so no
editor, formatter or git setting may change them.
"""


def readme(fixtures: Sequence[Fixture]) -> str:
    parts = [ABOUT]
    for folder, about in FOLDERS.items():
        parts.append(f"\n## {folder}\n\n{about}\n\n| file | what it is |\n|---|---|\n")
        inside = [fixture for fixture in fixtures if fixture.path.startswith(f"{folder}/")]
        parts.extend(f"| `{f.path.removeprefix(f'{folder}/')}` | {f.about} |\n" for f in inside)
    return "".join(parts)


def write(root: Path = ROOT) -> None:
    fixtures = everything()
    for fixture in fixtures:
        path = root / fixture.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(fixture.data)
    (root / "README.md").write_bytes(readme(fixtures).encode())


if __name__ == "__main__":
    write()
