"""The pages that the benchmark's links point to, and what the SERP says about them.

For each keyword ten competitors on ten sites and one page of ours. Used by generate.py; nothing to
run here.
"""

import csv
import io
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random
from urllib.parse import urlsplit

from headers import KEYWORDS_WITH_SERPS

POSSIBLE_DOMAINS = 1_500_000
OWN_POSITION = 14
COMPETITORS = 10
POOL_ENTRIES_PER_PAGE = 40
EULER_GAMMA = 0.5772156649
LIVE_SHARE = 0.89  # what is neither lost nor internal

SPELLINGS = ("https://{}/",) * 80 + (
    *("https://{}",) * 8,
    *("http://{}/",) * 5,
    *("https://www.{}/",) * 4,
    *("https://{}/?utm_source=newsletter",) * 2,
    "https://{}/#top",
)


@dataclass(frozen=True, slots=True)
class TargetPage:
    keyword: str
    position: int
    address: str
    weight: float


def target_pages(keywords: int, seed: int) -> list[TargetPage]:
    rng = Random(f"pages {seed}")
    return [
        _target_page(keyword, position, rng)
        for keyword in range(1, keywords + 1)
        for position in (*range(1, COMPETITORS + 1), OWN_POSITION)
    ]


def _target_page(keyword: int, position: int, rng: Random) -> TargetPage:
    own = position == OWN_POSITION
    address = f"mine.example/kw-{keyword:04}" if own else _competitor(keyword, position)
    strength = 0.35 if own else 1.6 - position / COMPETITORS
    return TargetPage(
        f"sample keyword {keyword:04}", position, address, strength * rng.lognormvariate(0, 0.5)
    )


def _competitor(keyword: int, position: int) -> str:
    return f"site-{keyword:04}-{position:02}.example/guide"


def spelled_targets(pages: Sequence[TargetPage], rng: Random) -> list[str]:
    """URLs to draw from evenly: pages stand in it by weight, in the spellings links really use."""
    entries = POOL_ENTRIES_PER_PAGE * len(pages)
    total = sum(page.weight for page in pages)
    return [
        rng.choice(SPELLINGS).format(page.address)
        for page in pages
        for _ in range(max(1, round(entries * page.weight / total)))
    ]


def site_of(target_url: str) -> str:
    return urlsplit(target_url).netloc.removeprefix("www.")


def serp_text(pages: Sequence[TargetPage], rows: int, seed: int) -> str:
    rng = Random(f"serp {seed}")
    total = sum(page.weight for page in pages)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(KEYWORDS_WITH_SERPS)
    writer.writerows(_serp_rows(pages, rows / total, rng))
    return out.getvalue()


def _serp_rows(
    pages: Sequence[TargetPage], links_per_weight: float, rng: Random
) -> Iterable[list[str]]:
    for page in pages:
        domains = expected_domains(LIVE_SHARE * links_per_weight * page.weight)
        cells = {
            "Keyword": page.keyword,
            "URL": f"https://{page.address}/",
            "Country": "us",
            "Difficulty": "41",
            "Volume": "1900",
            "Parent Topic": page.keyword,
            "Last Update": "2026-02-03 04:05:06",
            "Referring Domains": str(vendor_total(domains)),
            "Domain rating": str(rng.randint(20, 92)),
            "Ahrefs Rank": str(rng.randint(1_000, 9_000_000)),
            "Traffic": str(rng.randint(0, 4_000)),
            "Keywords": str(rng.randint(1, 900)),
            "Position": str(page.position),
            "Type": "Organic",
            "Title": f"A guide to {page.keyword}",
            "First seen": "2019-04-05",
            "Intents": "Informational,Non-branded",
            "Languages": "en",
            "Page type": "Article > Guide",
        }
        yield [cells.get(name, "") for name in KEYWORDS_WITH_SERPS]


def vendor_total(domains: float) -> int:
    """Stay below what chance can leave in the list: a total above it would read as a cut list."""
    return max(1, round(domains - 2.5 * math.sqrt(domains)))


def expected_domains(links: float) -> float:
    """Estimate the distinct domains among `links` draws by Zipf's law with exponent 1."""
    draws_of_first = links / math.log(POSSIBLE_DOMAINS)
    if draws_of_first <= 0:
        return 0.0
    spread = math.log(POSSIBLE_DOMAINS / draws_of_first) + 1 - EULER_GAMMA
    return min(links, draws_of_first * spread)
