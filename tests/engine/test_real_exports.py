"""Counts of whole files, compared with a second count that shares no code with gapcalc."""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit

import idna
import pytest
from publicsuffixlist import PublicSuffixList

from build import FIXTURES, NO_RULES, PAGE, REAL_EXPORTS, TARGET, count_links, open_source
from gapcalc.inputs.rows import read_keywords, read_pages
from gapcalc.rows import Problem
from gapcalc.suffixes import default_rules

pytestmark = pytest.mark.slow

REAL_READ = sorted(
    path
    for folder in ("*-backlinks", "*-refdomains", "gsc-*")
    for path in REAL_EXPORTS.glob(f"{folder}/*.csv")
)
WRITTEN = sorted(
    path
    for pattern in (
        "vendors/*backlinks*",
        "vendors/*refdomains*",
        "vendors/semrush-backlink-audit.csv",
        "vendors/moz-inbound-links.csv",
        "vendors/search-console-*",
        "vendors/gapcalc-links.csv",
        "standing-desk/*backlinks*",
        "checks/*/links-*",
    )
    for path in FIXTURES.glob(pattern)
)
BROKEN = [
    FIXTURES / "broken" / f"{name}.csv"
    for name in (
        "bad-numbers",
        "bare-quote",
        "header-only",
        "latin1",
        "million-characters",
        "mixed-line-ends",
        "no-urls",
        "preamble",
        "ragged-rows",
        "repeated-header",
    )
]
SOURCES = (
    "referring page url",
    "source url",
    "source_url",
    "sourceurl",
    "url_from",
    "linking page",
    "página de enlace",
    "url",
    "domain",
)
TARGETS = ("target url", "link url", "target_url", "targeturl", "url_to")
HEADER = re.compile(
    r"(^|[\t,;\"\ufeff])(referring page url|source.?url|url_from|linking page|página de enlace|page url|url|domain|keyword)([\t,;\"\r]|$)",
    re.IGNORECASE,
)
FOLLOWED = {
    "no follow": "false",
    "is_follow": "true",
    "link type": "follow",
    "flagnofollow": "0",
    "dofollow": "true",
}
FOLLOWED_LINKS = ("dofollow links", "dofollow_links")
LOST = {
    "lost link": "true",
    "lostlink": "true",
    "link state": "deleted",
    "flagdeleted": "1",
    "is_lost": "true",
}
SUFFIXES = PublicSuffixList()
PARAMETERS = re.compile(r"utm_|(gclid|fbclid|msclkid|srsltid|mc_cid|mc_eid)$", re.IGNORECASE)
UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")
ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})?")

# The live and followed domains of the most linked pages, as ../shared/exports/README.md has them;
# its pages keep their tracking parameters, so pages that have some are left out here.
KNOWN = {
    "semrush-backlinks/dash2trade-2023-crlf.csv": {
        "dash2trade.com": 81,
        "dash2trade.com/tr": 1,
        "dash2trade.com/assets/documents/Whitepaper.pdf": 32,
    },
    "semrush-backlinks/tidyfavorites-2025-lf.csv": {
        "tidyfavorites.com": 191,
        "tidyfavorites.com/TidyFavorites_Setup_freeware.exe": 7,
        "tidyfavorites.com/faq/images/export.png": 1,
    },
    "semrush-backlinks/accidentaltheologist-2025-lf.csv": {
        "accidentaltheologist.com": 137,
        "accidentaltheologist.com/2011/03/12/the-50-minute-video": 1,
        "accidentaltheologist.com/2015/08/27/my-abortion": 3,
    },
    "semrush-backlinks/speederxp-2025-lf.csv": {
        "speederxp.com": 79,
        "en.speederxp.com/download/speeder.exe": 7,
        "speederxp.com/en/index.html": 9,
    },
    "semrush-backlinks/greatwaterfilters-2025-copy7-lf.csv": {
        "greatwaterfilters.com.au": 104,
        "greatwaterfilters.com.au/wp-content/uploads/2022/04/"
        "jonathan-cooper-0B3BaWvDtrI-unsplash-1.jpg": 45,
    },
    "semrush-backlinks/inevitablesteps-2025-lf.csv": {
        "inevitablesteps.com": 96,
        "inevitablesteps.com/marketing/prestige-pricing": 12,
        "inevitablesteps.com/business/negative-working-capital": 9,
    },
    "ahrefs-backlinks/caldea-2026-utf16.csv": {"caldea.com/en": 104, "caldea.com/es": 61},
}


@dataclass
class Tally:
    raw: set[str] = field(default_factory=set)
    followed: set[str] = field(default_factory=set)
    says_rel: bool = True
    lost: int = 0
    internal: int = 0

    @property
    def figures(self) -> tuple[int, int | None, int, int]:
        followed = len(self.followed) if self.says_rel else None
        return len(self.raw), followed, self.lost, self.internal


class SecondCount:
    """Counts one file row by row."""

    def __init__(self, path: Path, suffixes: PublicSuffixList) -> None:
        self.suffixes = suffixes
        self.header, self.rows = read_rows(path)
        self.tallies: dict[str, Tally] = defaultdict(Tally)
        self.bound = not self._has(*TARGETS)

    def run(self) -> dict[str, tuple[int, int | None, int, int]]:
        if self.bound:
            self.tallies[PAGE] = Tally(says_rel=self._says_rel())
        for row in self.rows:
            self._take(dict(zip(self.header, row, strict=True)))
        return {page: tally.figures for page, tally in self.tallies.items()}

    def _take(self, row: Mapping[str, str]) -> None:
        source = first(row, *SOURCES)
        target = TARGET if self.bound else first(row, *TARGETS)
        host, page = host_of(source), page_of(target)
        if page is None:
            return
        tally = self.tallies[page]
        tally.says_rel = self._says_rel()
        if host is None:
            return
        domain, own = self._domain(host), self._domain(host_of(page) or "")
        if domain == own:
            tally.internal += 1
        elif is_lost(row):
            tally.lost += 1
        else:
            tally.raw.add(domain)
            if is_followed(row):
                tally.followed.add(domain)

    def _domain(self, host: str) -> str:
        if re.fullmatch(r"[0-9.]+", host):
            return host
        return self.suffixes.privatesuffix(host) or host

    def _has(self, *headings: str) -> bool:
        return any(heading in self.header for heading in headings)

    def _says_rel(self) -> bool:
        return self._has("nofollow", "is_nofollow", "rel", *FOLLOWED_LINKS, *FOLLOWED)


def read_rows(path: Path) -> tuple[list[str], Iterator[list[str]]]:
    data = path.read_bytes()
    text = data.decode("utf-16" if data[:2] == b"\xff\xfe" else "utf-8", errors="replace")
    lines = text.split("\n")
    start = next(n for n, line in enumerate(lines) if HEADER.search(line))
    delimiter = max("\t,;", key=lines[start].count)
    reader = csv.reader(io.StringIO("\n".join(lines[start:]), newline=""), delimiter=delimiter)
    headings = next(reader)
    rows = (row for row in reader if len(row) == len(headings) and row != headings)
    return [heading.lstrip("\ufeff").strip('" ').lower() for heading in headings], rows


def first(row: Mapping[str, str], *headings: str) -> str:
    return next(row[heading] for heading in headings if heading in row)


def is_lost(row: Mapping[str, str]) -> bool:
    for heading, gone in LOST.items():
        if heading in row:
            return row[heading].lower() == gone
    if "lost_links" in row:
        return row["last_seen"] != ""
    for heading in ("lost", "day lost", "lost_date", "datelost"):
        if heading in row:
            return row[heading] != ""
    return row.get("referring page http code") in {"404", "410"}


def is_followed(row: Mapping[str, str]) -> bool:
    for heading in FOLLOWED_LINKS:
        if heading in row:
            return int(row[heading]) > 0
    if "rel" in row:
        return not set(row["rel"].split()) & {"nofollow", "ugc", "sponsored"}
    for heading, followed in FOLLOWED.items():
        if heading in row:
            return row[heading] == followed
    flags = ("nofollow", "ugc", "sponsored", "is_nofollow", "is_ugc", "is_sponsored")
    return all(row.get(flag, "false").lower() == "false" for flag in flags)


def host_of(url: str) -> str | None:
    text = url.strip()
    host = urlsplit(text if "://" in text else f"http://{text}").hostname or ""
    labels = [to_ascii(label) for label in host.removesuffix(".").split(".")]
    named = len(labels) > 1 and all(re.fullmatch(r"[a-z0-9_-]+", label) for label in labels)
    return ".".join(labels) if named else None


def to_ascii(label: str) -> str:
    try:
        return label if label.isascii() else idna.encode(label, uts46=True).decode()
    except idna.IDNAError:
        return "xn--" + label.encode("punycode").decode()


def page_of(url: str) -> str | None:
    host = host_of(url)
    if host is None:
        return None
    text = url.strip()
    parts = urlsplit(text if "://" in text else f"http://{text}")
    default = {"http": 80, "https": 443}[parts.scheme]
    port = "" if parts.port in {None, default} else f":{parts.port}"
    pairs = [pair.partition("=") for pair in parts.query.split("&") if pair]
    kept = sorted(
        (tidy(name), tidy(value)) for name, _, value in pairs if not PARAMETERS.match(name)
    )
    query = "&".join(f"{name}={value}" for name, value in kept)
    path = tidy(parts.path).rstrip("/")
    return host.removeprefix("www.") + port + path + (query and f"?{query}")


def tidy(text: str) -> str:
    def mend(escape: re.Match[str]) -> str:
        if escape[1] is None:
            return "%25"
        character = chr(int(escape[1], 16))
        return character if UNRESERVED.fullmatch(character) else escape[0].upper()

    return quote(ESCAPE.sub(mend, text), safe="!$&'()*+,;=:@/?%~")


def shown(paths: Sequence[Path]) -> list[str]:
    return ["/".join(path.parts[-2:]) for path in paths]


@pytest.mark.parametrize(
    "path",
    [
        *REAL_READ,
        *(
            []
            if REAL_READ
            else [pytest.param(None, marks=pytest.mark.skip("no real exports here"))]
        ),
        *WRITTEN,
        *BROKEN,
    ],
    ids=shown([*REAL_READ, *([] if REAL_READ else [REAL_EXPORTS]), *WRITTEN, *BROKEN]),
)
def test_every_page_of_a_file_has_the_counts_of_a_second_counting(path: Path) -> None:
    second = SecondCount(path, SUFFIXES)
    question = NO_RULES._replace(bound={0: PAGE}) if second.bound else NO_RULES
    assert count_links([path], question).figures == second.run()


def test_the_files_counted_twice_are_not_few() -> None:
    assert len(WRITTEN) > 20
    assert all(path.exists() for path in BROKEN)


def test_icann_suffixes_alone_are_counted_alike() -> None:
    path = REAL_EXPORTS / "semrush-backlinks" / "speederxp-2025-lf.csv"
    if not path.exists():
        pytest.skip("the real exports are not at hand")
    icann = count_links([path], NO_RULES._replace(suffixes=default_rules(private=False)))
    assert icann.figures == SecondCount(path, PublicSuffixList(only_icann=True)).run()
    assert icann.pages["speederxp.com"].raw < count_links([path]).pages["speederxp.com"].raw


@pytest.mark.parametrize("name", KNOWN)
def test_the_counts_are_those_that_others_have_published(name: str) -> None:
    path = REAL_EXPORTS / name
    if not path.exists():
        pytest.skip("the real exports are not at hand")
    pages = count_links([path]).pages
    assert {page: pages[page].followed for page in KNOWN[name]} == KNOWN[name]


@pytest.mark.parametrize(
    ("folder", "name", "number"),
    [
        ("ahrefs-best-by-links", "page url", "referring domains"),
        ("semrush-indexed-pages", "source url", "domains"),
        ("ahrefs-keywords", "keyword", "difficulty"),
        ("ahrefs-organic-keywords", "keyword", "kd"),
        ("semrush-keywords", "keyword", "keyword difficulty"),
        ("semrush-positions", "keyword", "keyword difficulty"),
    ],
)
def test_lists_of_pages_and_keywords_are_read_row_by_row(
    folder: str, name: str, number: str
) -> None:
    paths = sorted((REAL_EXPORTS / folder).glob("*.csv"))
    if not paths:
        pytest.skip("the real exports are not at hand")
    for path in paths:
        header, rows = read_rows(path)
        cells = [dict(zip(header, row, strict=True)) for row in rows]
        expected = [(row[name].strip(), float(row[number])) for row in cells if row[number]]
        assert listed(path) == (expected, len(cells), ())


def listed(path: Path) -> tuple[list[tuple[str, float]], int, tuple[Problem, ...]]:
    source = open_source(path)
    if source.export.kind == "pages":
        pages = read_pages(source, 0)
        found = [(row.url, float(row.referring_domains)) for row in pages.rows]
        return found, pages.records, pages.problems
    keywords = read_keywords(source, 0)
    return [(row.keyword, row.kd) for row in keywords.rows], keywords.records, keywords.problems


def test_two_files_at_once_give_a_page_the_domains_of_both() -> None:
    folder = FIXTURES / "vendors"
    paths = [folder / "semrush-backlinks.csv", folder / "ahrefs-backlinks-2026.csv"]
    singles = [count_links([path]).pages["lampkin.example/desk-lamp"] for path in paths]
    both = count_links(paths).pages["lampkin.example/desk-lamp"]
    assert (both.raw, singles[0].raw, singles[1].raw) == (22, 20, 22)
    # Both vendors show the same links, and a link is one link whoever shows it.
    assert both.lost == singles[0].lost == singles[1].lost
    assert both.internal == singles[0].internal == singles[1].internal
    assert {vendor: known.raw for vendor, known in both.by_vendor.items()} == {
        "ahrefs": 22,
        "semrush": 20,
    }
    assert (both.shared, both.disputed) == (20, 0)
    assert both.inputs == {0, 1}
