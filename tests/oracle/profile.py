"""The profile of a list of links, by docs/method.md and docs/audit.md, in plain Python."""

import csv
import io
import re
import statistics
import tomllib
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from oracle.months import domain_of

Share = tuple[int, int]
"""How many domains have it, and of how many it is known."""

HEADINGS = {
    "source": ("source_url", "referring page url", "source url"),
    "target": ("target_url", "target url"),
    "anchor": ("anchor",),
    "kind": ("kind", "type"),
    "language": ("language",),
    "nofollow": ("nofollow",),
    "ugc": ("ugc",),
    "sponsored": ("sponsored",),
    "spam": ("spam", "is spam"),
    "authority": ("authority", "domain rating"),
    "traffic": ("domain_traffic", "domain traffic"),
    "external": ("external_links", "external links"),
    "links": ("links", "links in group"),
    "first": ("first_seen", "first seen"),
    "last": ("last_seen", "last seen"),
    "lost": ("lost", "lost link"),
}
BANDS = {
    "authority": ((0, 9), (10, 19), (20, 39), (40, 59), (60, 79), (80, None)),
    "traffic": ((0, 0), (1, 99), (100, 999), (1000, 9999), (10000, 99999), (100000, None)),
}
ENDINGS = frozenset({"com", "de", "net", "org", "io", "fr", "es", "uk", "ad", "ru", "info"})
"""Those of the top-level domains that anchors of the real exports end with."""
CLASSES = ("empty-image", "naked-url", "brand", "exact", "partial", "generic", "other")
_GENERIC = Path(__file__).parents[2] / "src" / "gapcalc" / "data" / "anchors.toml"


class Line(NamedTuple):
    """A link as a file tells it; None is not said."""

    source: str
    domain: str
    target: str
    anchor: str | None = None
    kind: str | None = None
    language: str | None = None
    nofollow: bool | None = None
    ugc: bool | None = None
    sponsored: bool | None = None
    spam: bool | None = None
    authority: float | None = None
    traffic: int | None = None
    external: int | None = None
    links: int = 1
    first: date | None = None
    lost: bool = False
    gone: date | None = None

    @property
    def followed(self) -> bool | None:
        if self.nofollow or self.ugc or self.sponsored:
            return False
        return None if self.nofollow is None else True


class Site(NamedTuple):
    """Whose profile it is: the domain, the keyword, further names."""

    domain: str
    keyword: str | None = None
    brands: tuple[str, ...] = ()


def read_lines(path: Path) -> list[Line]:
    """Read an export of Ahrefs or Semrush, or gapcalc's own table."""
    data = path.read_bytes()
    text = data.decode("utf-16" if data[:2] == b"\xff\xfe" else "utf-8-sig")
    delimiter = "\t" if "\t" in text.partition("\n")[0] else ","
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    return [_line({name.strip().lower(): cell for name, cell in row.items()}) for row in rows]


def _line(row: Mapping[str, str]) -> Line:
    cells = {
        field: next((row[name] for name in names if name in row), None)
        for field, names in HEADINGS.items()
    }
    source = cells["source"] or ""
    lost = (cells["lost"] or "").lower() not in {"", "false"}
    gone = _day(cells["lost"] or "") or _day(cells["last"] or "")
    return Line(
        source,
        domain_of(source) or "",
        cells["target"] or "",
        cells["anchor"],
        cells["kind"],
        cells["language"],
        _flag(cells["nofollow"]),
        _flag(cells["ugc"]),
        _flag(cells["sponsored"]),
        _flag(cells["spam"]),
        float(cells["authority"]) if cells["authority"] else None,
        int(cells["traffic"]) if cells["traffic"] else None,
        int(cells["external"]) if cells["external"] else None,
        int(cells["links"] or 1),
        _day(cells["first"] or ""),
        lost,
        gone if lost else None,
    )


def _flag(cell: str | None) -> bool | None:
    return {"true": True, "false": False}.get((cell or "").lower())


def _day(cell: str) -> date | None:
    found = re.match(r"\d{4}-\d\d-\d\d", cell)
    return datetime.strptime(found[0], "%Y-%m-%d").date() if found else None  # noqa: DTZ007  (a day, of no zone)


def shares_of(lines: Sequence[Line], site: Site) -> dict[str, dict[str, Share]]:
    """Give every share of the live links."""
    live = [line for line in lines if not line.lost and line.domain != site.domain]
    domains: dict[str, list[Line]] = defaultdict(list)
    for line in live:
        domains[line.domain].append(line)
    followed = _tally(domains, lambda line: line.followed)
    texts = {
        domain: {line.anchor for line in found if line.anchor is not None}
        for domain, found in domains.items()
    }
    many = [found for found in domains.values() if sum(line.links for line in found) >= 100]
    return {
        "rel": {
            "followed": followed,
            "nofollow": (followed[1] - followed[0], followed[1]),
            "ugc": _tally(domains, lambda line: line.ugc),
            "sponsored": _tally(domains, lambda line: line.sponsored),
        },
        "spam": {"spam": _tally(domains, lambda line: line.spam)},
        "anchors": _anchors(texts, site),
        "kinds": _names(domains, lambda line: [(line.kind or "").strip().lower()]),
        "languages": _names(domains, _languages),
        "authority": _bands(domains, "authority"),
        "traffic": _bands(domains, "traffic"),
        "many_links": {"100+ links": (len(many), len(domains))},
        "outbound": {"over 500 links": _outbound(live)},
    }


def _tally(domains: Mapping[str, Sequence[Line]], value: Callable[[Line], bool | None]) -> Share:
    """Count domains with any link that has it, and those with one or with none that is unknown."""
    found = [[value(line) for line in lines] for lines in domains.values()]
    having = sum(any(values) for values in found)
    return having, having + sum(all(value is False for value in values) for values in found)


def _names(
    domains: Mapping[str, Sequence[Line]], names: Callable[[Line], Iterable[str]]
) -> dict[str, Share]:
    found = [{name for line in lines for name in names(line) if name} for lines in domains.values()]
    known = sum(map(bool, found))
    return {name: (count, known) for name, count in Counter(n for s in found for n in s).items()}


def _languages(line: Line) -> list[str]:
    names = [name.strip().lower() for name in (line.language or "").split(",")]
    return [re.sub(r"^([a-z]{2,3})[-_].*", r"\1", name) for name in names]


def _bands(domains: Mapping[str, Sequence[Line]], score: str) -> dict[str, Share]:
    best = [
        max(values)
        for lines in domains.values()
        if (values := [value for line in lines if (value := getattr(line, score)) is not None])
    ]
    names = {
        (low, high): f"{low}+" if high is None else f"{low}" if low == high else f"{low}-{high}"
        for low, high in BANDS[score]
    }
    found = {
        name: sum(low <= value and (high is None or value < high + 1) for value in best)
        for (low, high), name in names.items()
    }
    return {name: (count, len(best)) for name, count in found.items()} if best else {}


def _outbound(live: Iterable[Line]) -> Share:
    pages: dict[str, int] = {}
    for line in live:
        if line.external is not None:
            pages[line.source] = max(pages.get(line.source, 0), line.external)
    return sum(links > 500 for links in pages.values()), len(pages)


# --- anchors -------------------------------------------------------------------------------------


def _anchors(texts: Mapping[str, set[str]], site: Site) -> dict[str, Share]:
    classes = [{class_of(text, site) for text in found} for found in texts.values() if found]
    counts = Counter(name for found in classes for name in found)
    unknown = () if site.keyword else ("exact", "partial")
    return {name: (counts[name], 0 if name in unknown else len(classes)) for name in CLASSES}


def class_of(text: str, site: Site) -> str:
    """Give the class of an anchor; the first that fits."""
    words = _words(text)
    name = "".join(_words(site.domain.split(".")[0]))
    wanted = _words(site.keyword or "")
    missing = len(set(wanted) - set(words))
    found = {
        "empty-image": not text.strip(),
        "naked-url": _is_address(text.strip(), site),
        "brand": any(_names_brand(words, brand) for brand in (name, *site.brands)),
        "exact": bool(wanted) and words == wanted,
        "partial": bool(wanted) and missing <= (1 if len(set(wanted)) > 3 else 0),
        "generic": words in _generic(),
    }
    return next((name for name, fits in found.items() if fits), "other")


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c if c.isalnum() else " " for c in plain).split()


def _names_brand(words: Sequence[str], brand: str) -> bool:
    name = _words(brand)
    if len("".join(name)) > 4:
        return "".join(name) in "".join(words)
    return f" {' '.join(name)} " in f" {' '.join(words)} "


def _is_address(text: str, site: Site) -> bool:
    if re.match(r"([a-z]*://|www\.)\S", text, re.IGNORECASE):
        return True
    if re.search(r"[\s@]", text) or "." not in text.strip("."):
        return False
    try:
        host = urlsplit(f"http://{text}").hostname or ""
        return domain_of(text) == site.domain or host.rstrip(".").rpartition(".")[2] in ENDINGS
    except ValueError:
        return False


@cache
def _generic() -> list[list[str]]:
    return [_words(text) for text in tomllib.loads(_GENERIC.read_text("utf-8"))["generic"]["texts"]]


# --- by month ------------------------------------------------------------------------------------


def months_of(lines: Iterable[Line], site: Site) -> tuple[Counter[str], Counter[str]]:
    """Count the domains that were new and lost, by month."""
    domains: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        if line.domain != site.domain:
            domains[line.domain].append(line)
    new: Counter[str] = Counter()
    lost: Counter[str] = Counter()
    for found in domains.values():
        first = [line.first for line in found if line.first]
        gone = [line.gone for line in found if line.gone]
        new.update([f"{min(first):%Y-%m}"] if first else [])
        lost.update([f"{max(gone):%Y-%m}"] if gone and all(li.lost for li in found) else [])
    return new, lost


def median_of(shares: Sequence[Share]) -> float | None:
    """Give the median of the shares that are known."""
    known = [having / known for having, known in shares if known]
    return statistics.median(known) if known else None
