"""The pieces that rows of a large Ahrefs Backlinks export are put together from.

A piece is the text of one or more neighbouring cells with the separators before and between them.
Used by link_rows.py; nothing to run here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from math import log
from random import Random

from targets import POSSIBLE_DOMAINS, site_of
from words import BLOCKED_ANCHORS, EMOJI, ENGLISH, FOREIGN, SUFFIXES

HOST_STARTS = 1_250
HOST_ENDS = POSSIBLE_DOMAINS // HOST_STARTS
RANK_VARIANTS = 64
POOL = 20_000

NON_ASCII = 0.12
LINE_BREAK = 0.03
DOUBLED_QUOTE = 0.04
BLOCKED = 0.01

PREFIXES = ("https://",) * 50 + (
    *("https://www.",) * 35,
    *("http://",) * 6,
    *("http://www.",) * 4,
    *("https://blog.",) * 2,
    *("https://shop.", "https://en.", "https://news."),
)
LIVE_CODES = ("200",) * 94 + ("301", "301", "302", "403", "403", "429")
LANGUAGES = ("en",) * 8 + ("", "", "de", "es", "fr", "en, uk", "pt", "ja", "ru", "es, en", "zh-tw")
PLATFORMS = ("",) * 5 + ("wordpress",) * 4 + ("ecommerce, wordpress", "ecommerce", "cms", "wikis")
PAGE_KINDS = (("", ""),) * 6 + (
    ("Site page > Services", "Internet > Web services > SEO and marketing"),
    ("Article > Guide", "Travel > Guides"),
    ("Article > Roundup", "Travel > Tourist destinations > Gardens; Leisure > Outdoors > Camping"),
    ("Listing collection > Service", "Sports > Individual sports > Cycling; Shopping"),
)
GROUP_SIZES = ("1",) * 12 + ("2", "2", "4", "49")
# HTTP code, Lost status, Drop reason: every lost link has exactly one of the two.
WAYS_TO_BE_LOST = (
    ("301", "pageredirected", ""),
    ("200", "removedfromhtml", ""),
    ("403", "pageerror", ""),
    ("404", "notfound", ""),
    ("200", "lostredirect", ""),
    ("200", "notcanonical", ""),
    ("200", "noindex", ""),
    ("0", "", "tooold"),
    ("0", "", "tooold"),
    ("0", "", "disallowed"),
    ("0", "", "nxdomain"),
)


@dataclass(frozen=True, slots=True)
class Pools:
    titles: list[str]
    host_starts: list[str]
    host_ends: list[str]
    paths: list[str]
    audiences: list[str]
    standings: list[str]
    page_figures: list[str]
    targets: list[str]
    sites: dict[str, str]
    before_links: list[str]
    after_links: list[str]
    redirects: list[tuple[str, str]]
    flags: list[str]
    live_ends: list[str]
    lost_ends: list[tuple[str, str]]


def build_pools(rng: Random, separator: str, targets: list[str]) -> Pools:
    def cells(*values: object) -> str:
        return separator.join(map(str, values))

    def filled(entry: Callable[[Random], Sequence[object]], size: int = POOL) -> list[str]:
        return [cells(*entry(rng)) for _ in range(size)]

    return Pools(
        titles=filled(lambda rng: ('"' + text(rng, 9, quotes=True), "")),
        host_starts=_host_starts(rng),
        host_ends=_host_ends(rng),
        paths=filled(lambda rng: (_path(rng),)),
        audiences=_by_rank(
            lambda _: cells("", rng.choice(LANGUAGES), rng.choice(PLATFORMS), ""),
        ),
        standings=_by_rank(lambda rank: cells("", *_standing(rng, rank))),
        page_figures=filled(_page_figures),
        targets=[cells("", target) for target in targets],
        sites={cells("", target): site_of(target) for target in targets},
        before_links=filled(lambda rng: ("", _left_context(rng), _anchor_start(rng))),
        after_links=filled(lambda rng: (_anchor_end(rng), *_right_of_anchor(rng))),
        redirects=[(cells("", "", ""), cells(*_redirect(rng))) for _ in range(POOL // 10)],
        flags=filled(lambda rng: ("", *_flags(rng)), POOL // 10),
        live_ends=filled(lambda rng: ("", "", "", *_ending(rng, lost=False))),
        lost_ends=[_lost_end(rng, cells) for _ in range(POOL // 10)],
    )


def text(rng: Random, words: int, *, quotes: bool = False) -> str:
    """Draw words of one language, as a cell holds them: quotes inside are doubled."""
    foreign = rng.random() < NON_ASCII
    chosen = rng.choices(rng.choice(FOREIGN) if foreign else ENGLISH, k=words)
    if foreign and rng.random() < DOUBLED_QUOTE * 4:
        chosen.append(rng.choice(EMOJI))
    if quotes and rng.random() < DOUBLED_QUOTE:
        chosen[0] = f'""{chosen[0]}""'
    return " ".join(chosen)


def _host_starts(rng: Random) -> list[str]:
    """All of one length, so that start and end together are never ambiguous."""
    return rng.sample(_syllables("bdfklmnprst", "lmnrst"), HOST_STARTS)


def _host_ends(rng: Random) -> list[str]:
    return [
        ("-" if rng.random() < 0.1 else "") + syllables + "." + rng.choice(SUFFIXES)
        for syllables in rng.sample(_syllables("bdfghklmnprstvz", "bdgklmnprst"), HOST_ENDS)
    ]


def _syllables(first: str, second: str) -> list[str]:
    return list(map("".join, product(first, "aeiou", second, "aeiou")))


def _path(rng: Random) -> str:
    slug = "-".join(rng.choices(ENGLISH, k=rng.randint(2, 5)))
    number = rng.randint(1, 99_999)
    forms = (
        f"/{slug}/",
        f"/{slug}-{number}.html",
        f"/{rng.randint(2015, 2026)}/{rng.randint(1, 12):02}/{slug}/",
        f"/{rng.choice(ENGLISH)}/{slug}",
        f"/?p={number}",
        f"/caf%C3%A9/{slug}?page={rng.randint(2, 9)}&sort=new",
    )
    return rng.choices(forms, weights=(30, 15, 20, 25, 5, 5))[0]


def _by_rank(entry: Callable[[int], str]) -> list[str]:
    """Make what holds for a whole domain, to be found by its place in Zipf's order."""
    classes = POSSIBLE_DOMAINS.bit_length() + 1
    return [entry(1 << place) for place in range(classes) for _ in range(RANK_VARIANTS)]


def _standing(rng: Random, rank: int) -> tuple[str, str, str]:
    rating = min(99.0, max(0.0, 96 - 6.2 * log(rank) + rng.gauss(0, 9)))
    own_rating = rng.choice((0.0, 0.1, rng.uniform(3, 6), rng.uniform(0, 40)))
    traffic = int(10 ** max(0.0, rating / 11 + rng.gauss(-1, 1)))
    return _score(rng, rating), _score(rng, own_rating), str(traffic)


def _score(rng: Random, value: float) -> str:
    return f"{value:.1f}".removesuffix(".0") if rng.random() < 0.25 else str(round(value))


def _page_figures(rng: Random) -> tuple[object, ...]:
    return (
        "",
        rng.choice((0, 0, 0, 0, 1, 2, 7)),
        rng.randint(1, 120),
        rng.randint(501, 4_000) if rng.random() < 0.02 else rng.randint(1, 160),
        rng.choice((0, 0, 0, 0, 1, 3, 480)),
        rng.choice((0, 0, 0, 1, 2, 25)),
    )


def _left_context(rng: Random) -> str:
    if rng.random() < 0.1:
        return ""
    words = text(rng, rng.randint(16, 56), quotes=True)
    return words.replace(" ", "\n", 1) if rng.random() < LINE_BREAK / 0.9 else words


def _anchor_start(rng: Random) -> str:
    return rng.choice(BLOCKED_ANCHORS) if rng.random() < BLOCKED else text(rng, rng.randint(1, 3))


def _anchor_end(rng: Random) -> str:
    return " " + text(rng, rng.randint(1, 4), quotes=True)


def _right_of_anchor(rng: Random) -> tuple[str, ...]:
    right = text(rng, rng.randint(16, 56), quotes=True) if rng.random() < 0.9 else "."
    chain = rng.random() < 0.03
    return (
        right,
        f"http://old.example{_path(rng)}" if chain else "",
        "301" if chain else "",
        "image" if rng.random() < 0.09 else "text",
    )


def _redirect(rng: Random) -> tuple[str, ...]:
    return "", "", "", "", rng.choice(("redirect", "redirect", "canonical"))


def _flags(rng: Random) -> list[str]:
    shares = {
        "Is spam": 0.10,
        "Content": 0.57,
        "Nofollow": 0.25,
        "UGC": 0.03,
        "Sponsored": 0.02,
        "Rendered": 0.06,
        "Raw": 0.99,
    }
    return ["true" if rng.random() < share else "false" for share in shares.values()]


def _lost_end(rng: Random, cells: Callable[..., str]) -> tuple[str, str]:
    code, status, reason = rng.choice(WAYS_TO_BE_LOST)
    return code, cells("", status, reason, *_ending(rng, lost=True))


def _ending(rng: Random, *, lost: bool) -> tuple[str, ...]:
    page_type, category = rng.choice(PAGE_KINDS)
    return (
        rng.choice(("pagefound", "pagefound", "pagefound", "linkfound", "linkrestored")),
        _moment(rng, 2018, 2024),
        _moment(rng, 2025, 2025),
        f"2026-01-{rng.randint(10, 31)} 07:08:09" if lost else "",
        text(rng, 2) if rng.random() < 0.15 else "",
        page_type,
        category,
        rng.choice(GROUP_SIZES) + '"\n',
    )


def _moment(rng: Random, first_year: int, last_year: int) -> str:
    year, month = rng.randint(first_year, last_year), rng.randint(1, 12)
    clock = f"{rng.randint(0, 23):02}:{rng.randint(0, 59):02}:{rng.randint(0, 59):02}"
    return f"{year}-{month:02}-{rng.randint(1, 28):02} {clock}"
