"""Compute the gap per keyword as a careful analyst with pandas would.

    python tests/benchmarks/pandas_gap.py LINKS.csv SERP.csv [--target URL] [--pages]

The same answer as `gapcalc LINKS.csv SERP.csv --target URL --profile balanced` on the files of
generate.py (UTF-8): per keyword the median of the kept referring domains of the comparable pages,
our own count and the gap. Without --target our page is the keyword's own page on OWN_SITE. Needs
pandas and publicsuffixlist; prints JSON, with a hash over the counts of all pages, and with --pages
the counts themselves.
"""

import argparse
import hashlib
import json
import re
import tomllib
from collections.abc import Callable
from dataclasses import asdict, dataclass
from math import ceil
from pathlib import Path
from statistics import median
from typing import NamedTuple

import pandas as pd  # type: ignore[import-untyped]  # stubs are no dependency
from publicsuffixlist import PublicSuffixList

TOP = 10
OWN_SITE = "mine.example"
MAX_OUTBOUND = 500
PATTERNS = Path(__file__).parents[2] / "src/gapcalc/data/patterns.toml"
HOST = r"^https?://([^/]+)"
TRACKING = re.compile(r"[?&](?:utm_\w+|gclid|fbclid|msclkid|srsltid|mc_cid|mc_eid)=[^&]*")
SUFFIXES = PublicSuffixList()
LINK_COLUMNS = {
    "Referring page URL": "str",
    "Target URL": "category",
    "Anchor": "str",
    "External links": "int64",
    "Is spam": "bool",
    "Nofollow": "bool",
    "UGC": "bool",
    "Sponsored": "bool",
    "Page type": "category",
    "Lost": "str",
}


class Counts(NamedTuple):
    raw: int
    kept: int
    followed: int


@dataclass(frozen=True, slots=True)
class Gap:
    median: float | None
    own: int | None
    gap: int | None


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("links", type=Path)
    parser.add_argument("serp", type=Path)
    parser.add_argument("--target", metavar="URL", help="our page, the same for every keyword")
    parser.add_argument("--pages", action="store_true", help="print the counts of every page too")
    arguments = parser.parse_args()
    counts = count_domains(arguments.links)
    per_keyword = gaps(arguments.serp, counts, arguments.target)
    answer: dict[str, object] = {
        "keywords": {keyword: asdict(gap) for keyword, gap in per_keyword.items()},
        "sha256": fingerprint(counts),
    }
    if arguments.pages:
        answer["pages"] = counts
    print(json.dumps(answer))


def count_domains(export: Path) -> dict[str, Counts]:
    links = pd.read_csv(
        export, usecols=list(LINK_COLUMNS), dtype=LINK_COLUMNS, engine="c", keep_default_na=False
    )
    page, pages = _named(links["Target URL"], page_of)
    domain, domains = _named(links["Referring page URL"].str.extract(HOST, expand=False), domain_of)
    number_of = {name: number for number, name in enumerate(domains)}
    own_domain = pd.Series([number_of.get(domain_of(host_of(name)), -1) for name in pages])
    live = (links["Lost"] == "") & (domain != page.map(own_domain))
    kept = live & passes_rules(links)
    followed = kept & ~(links["Nofollow"] | links["UGC"] | links["Sponsored"])
    pairs = pd.DataFrame({"page": page, "domain": domain})
    raw_kept_followed = [
        pairs[chosen]
        .drop_duplicates()
        .value_counts("page")
        .reindex(range(len(pages)), fill_value=0)
        for chosen in (live, kept, followed)
    ]
    return {
        name: Counts(*(int(counts[number]) for counts in raw_kept_followed))
        for number, name in enumerate(pages)
    }


def passes_rules(links: pd.DataFrame) -> pd.Series:
    """Apply the rules of the profile balanced, with the word list and patterns gapcalc ships."""
    patterns = tomllib.loads(PATTERNS.read_text(encoding="utf-8"))
    words = "|".join(map(re.escape, sorted(patterns["anchor"]["words"], key=len, reverse=True)))
    blocked = rf"(?<![^\W_])(?:{words})(?![^\W_])"
    comment = "|".join(patterns["ugc"]["comment"])
    flagged = links["Is spam"] | links["Sponsored"] | links["UGC"]
    commented = links["Referring page URL"].str.contains(comment)
    commented |= links["Page type"].str.contains("Comment").fillna(value=False).astype("bool")
    crowded = links["External links"] > MAX_OUTBOUND
    return ~(flagged | commented | crowded | _contains(links["Anchor"], blocked))


def _contains(texts: pd.Series, pattern: str) -> pd.Series:
    """Look for a pattern once in each distinct text."""
    codes, distinct = pd.factorize(texts)
    found = pd.Series(distinct, dtype="str").str.contains(pattern, case=False)
    return pd.Series(found.to_numpy()[codes])


def _named(values: pd.Series, name_of: Callable[[str], str]) -> tuple[pd.Series, list[str]]:
    """Name each distinct value once; return each row's name as a number, and the names."""
    codes, distinct = pd.factorize(values)
    numbers, names = pd.factorize(pd.Series(map(name_of, distinct), dtype="str"))
    return pd.Series(numbers[codes]), list(names)


def page_of(url: str) -> str:
    without_tracking = TRACKING.sub("", url.partition("#")[0])
    return re.sub(r"^https?://(www\.)?", "", without_tracking).rstrip("/")


def host_of(page: str) -> str:
    return page.partition("/")[0]


def domain_of(host: str) -> str:
    return SUFFIXES.privatesuffix(host) or host


def gaps(serp: Path, counts: dict[str, Counts], target: str | None) -> dict[str, Gap]:
    results = pd.read_csv(serp, usecols=["Keyword", "URL", "Position", "Type"], engine="c")
    organic = results[results["URL"].notna() & results["Type"].str.contains("Organic", na=False)]
    organic = organic.assign(page=organic["URL"].map(page_of))
    organic["ours"] = organic["page"].map(host_of).map(domain_of) == OWN_SITE
    return {
        str(keyword): _gap(ranking, counts, page_of(target) if target else None)
        for keyword, ranking in organic.groupby("Keyword", sort=True)
    }


def _gap(ranking: pd.DataFrame, counts: dict[str, Counts], target: str | None) -> Gap:
    comparable = ranking["page"][~ranking["ours"] & (ranking["Position"] <= TOP)].unique()
    measured = [counts[page].kept for page in comparable if page in counts]
    ours = target or next(iter(ranking["page"][ranking["ours"]]), None)
    own = counts[ours].kept if ours in counts else None
    if not measured or own is None:
        return Gap(median(measured) if measured else None, own, None)
    return Gap(median(measured), own, max(0, ceil(median(measured) - own)))


def fingerprint(counts: dict[str, Counts]) -> str:
    lines = "".join(
        f"{page}\t{raw}\t{kept}\t{followed}\n"
        for page, (raw, kept, followed) in sorted(counts.items())
    )
    return hashlib.sha256(lines.encode()).hexdigest()


if __name__ == "__main__":
    main()
