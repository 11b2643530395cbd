"""Counts a world by docs/method.md, in plain Python and without a line of gapcalc."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from functools import cached_property, lru_cache
from math import ceil, inf
from statistics import median
from typing import NamedTuple
from urllib.parse import unquote

from publicsuffixlist import PublicSuffixList

from oracle.forms import Form, said
from oracle.worlds import Link, World

Figure = int | float | str | bool | None
Figures = dict[str, Figure]
BASES = ("kept", "raw", "followed")
BLOCKED = ("casino", "viagra", "pills", "poker")
NEEDS = {
    "spam": ("spam",),
    "sponsored": ("sponsored",),
    "ugc": ("ugc", "source_url"),
    "nofollow": ("nofollow",),
    "sitewide": ("sitewide", "strict anchor"),
    "redirect": ("kind",),
    "authority": ("authority",),
    "traffic": ("traffic",),
    "outbound": ("external",),
    "anchor": ("anchor",),
}
"""Every rule in order, with the facts of which a file must say at least one."""
NOT_COMPARED = "not compared"


class Address(NamedTuple):
    """A URL taken apart: the host in ASCII, the page's identity."""

    host: str
    page: str


@lru_cache(maxsize=10_000)
def address_of(url: str) -> Address:
    """Take a web address apart (method.md, 2)."""
    scheme, rest = re.fullmatch(r"(?:(?i:(https?))://)?([^#]*)(?:#.*)?", url.strip()).groups()  # type: ignore[union-attr]  # it matches every line
    authority, path, query = re.fullmatch(r"([^/?]*)([^?]*)\??(.*)", rest).groups()  # type: ignore[union-attr]  # likewise
    host, _, port = authority.rpartition("@")[2].partition(":")
    host = host.rstrip(".").lower().encode("idna").decode()
    default = {"http": "80", "https": "443"}.get((scheme or "").lower())
    name = host.removeprefix("www.") if host.count(".") > 1 else host
    pairs = sorted(part.partition("=")[::2] for part in query.split("&") if part)
    kept = "&".join(f"{k}={v}" for k, v in pairs if not k.startswith("utm_"))
    path = re.sub("%[0-9A-Fa-f]{2}", _escape, path).rstrip("/")
    shown = f":{port}" if port and port != default else ""
    return Address(host, name + shown + path + (f"?{kept}" if kept else ""))


def _escape(found: re.Match[str]) -> str:
    plain = unquote(found[0], "latin-1")
    return plain if re.fullmatch(r"[A-Za-z0-9._~-]", plain) else found[0].upper()


@lru_cache
def _suffixes(icann: bool) -> PublicSuffixList:  # noqa: FBT001  (the world's choice)
    return PublicSuffixList(only_icann=icann)


class File(NamedTuple):
    """A link file as the vendor says it: its links, and what it is bound to."""

    form: Form
    links: Sequence[Link]
    page: str | None
    profile: str

    @property
    def rules(self) -> frozenset[str]:
        """The rules that such a file can be judged by."""
        facts = {*self.form.says, *(() if self.form.by_domain else ("source_url",))}
        facts |= {"strict anchor"} if self.profile == "strict" and "anchor" in facts else set()
        return frozenset(rule for rule, needs in NEEDS.items() if facts.intersection(needs))

    @property
    def cut(self) -> bool:
        """Whether the list is known to miss links."""
        hosts = {address_of(link.source).host for link in self.links}
        pages = {address_of(link.target).page for link in self.links}
        one_each = len(self.links) >= 10 and len(hosts) == len(self.links) and len(pages) > 1
        return self.form.cut or (one_each and self.page is None)


class Row(NamedTuple):
    """A live external link of a page, with its referring domain and its file."""

    link: Link
    domain: str
    file: File


class Counts(NamedTuple):
    """What a page's lists come to under some rules."""

    raw: int
    kept: int
    followed: int | None
    dropped: Counter[str]


class Page:
    """A page with all that is known of it."""

    def __init__(self, page: str, files: Iterable[File], world: World) -> None:
        self.page, self.world = page, world
        self.files = [f for f in files if self._rows_of(f) or f.page == page]
        self.position: int | None = None
        self.total: int | None = None
        self.total_vendor: str | None = None
        self.given = False

    def _rows_of(self, file: File) -> list[Link]:
        return [li for li in file.links if (file.page or address_of(li.target).page) == self.page]

    def domain(self, host: str) -> str:
        """Give the registrable domain of a host."""
        if host.replace(".", "").isdigit():
            return host
        return _suffixes(self.world.icann).privatesuffix(host) or host

    @cached_property
    def live(self) -> list[Row]:
        """The links that count, before any rule."""
        own = self.domain(re.split("[:/?]", self.page)[0])
        rows = [
            Row(link, self.domain(address_of(link.source).host), file)
            for file in self.files
            for link in self._rows_of(file)
            if not _lost(link)
        ]
        return [row for row in rows if row.domain != own]

    @property
    def rules(self) -> frozenset[str]:
        """The rules that every list of the page can be judged by; empty lists lack none."""
        judged = [file.rules for file in self.files if self._rows_of(file)]
        return frozenset(NEEDS).intersection(*judged)

    def counts(self, rules: frozenset[str]) -> Counts | None:
        """Count under some rules; None without a list."""
        if not self.files:
            return Counts(0, 0, 0, Counter()) if self.total == 0 and self.given else None
        firing = [(rule, test) for rule, test in self._tests().items() if rule in rules]
        best: dict[str, int] = {}
        followed = set()
        for row in self.live:
            first = next((i for i, (_, test) in enumerate(firing) if test(row)), len(firing))
            best[row.domain] = max(best.get(row.domain, 0), first)
            if first == len(firing) and not (
                row.link.nofollow or row.link.ugc or row.link.sponsored
            ):
                followed.add(row.domain)
        dropped = Counter(firing[place][0] for place in best.values() if place < len(firing))
        says_rel = all("nofollow" in file.form.says for file in self.files if self._rows_of(file))
        kept = len(best) - dropped.total()
        return Counts(len(best), kept, len(followed) if says_rel else None, dropped)

    def _tests(self) -> dict[str, Callable[[Row], bool]]:
        """Give the rules in force, in order."""
        world, strict = self.world, self.world.profile == "strict"
        outbound = 200 if strict else 500
        least = 20 if world.min_authority is None else world.min_authority
        tests: dict[str, Callable[[Row], bool]] = {
            "spam": lambda row: bool(row.link.spam),
            "sponsored": lambda row: bool(row.link.sponsored),
            "ugc": lambda row: _is_ugc(row.link, strict=strict),
            "nofollow": lambda row: bool(row.link.nofollow),
            "sitewide": lambda row: bool(row.link.sitewide) or row.domain in self._sitewide,
            "redirect": lambda row: _redirected(row.link, self.page),
            "authority": lambda row: _below(row.link.authority, least),
            "traffic": lambda row: _below(row.link.traffic, 100),
            "outbound": lambda row: (row.link.external or 0) > outbound,
            "anchor": lambda row: self._is_blocked(row.link.anchor or ""),
        }
        wanted = {"spam", "sponsored", "ugc", "sitewide", "outbound", "anchor"}
        chosen = {"all": set(), "balanced": wanted, "strict": set(tests)}[world.profile]
        if world.min_authority is not None:
            chosen |= {"authority"}
        return {rule: test for rule, test in tests.items() if rule in chosen}

    @cached_property
    def _sitewide(self) -> set[str]:
        """Domains of many links with one anchor, which `strict` drops."""
        anchors: dict[str, Counter[str | None]] = defaultdict(Counter)
        for row in self.live:
            anchors[row.domain][row.link.anchor] += row.link.links or 1
        strict = self.world.profile == "strict"
        return {
            domain
            for domain, found in anchors.items()
            if strict and found.total() >= 100 and max(found.values()) >= 0.9 * found.total()
        }

    def _is_blocked(self, anchor: str) -> bool:
        words = re.findall(r"[^\W_]+", anchor.lower())
        host = re.split("[:/?]", self.page)[0]
        topic = (self.world.keyword or "").lower().split()
        return any(word in words and word not in topic and word not in host for word in BLOCKED)

    @cached_property
    def state(self) -> str:
        """Say how whole the lists are: cut, wide (of another scope), whole, unknown."""
        if any(file.cut and self._rows_of(file) for file in self.files):
            return "cut"
        vendors = {file.form.vendor for file in self.files}
        anybody = self.total_vendor is None or None in vendors
        rows = [r for r in self.live if anybody or r.file.form.vendor == self.total_vendor]
        if self.total is None or not (anybody or self.total_vendor in vendors):
            return "unknown"
        listed, total = len({row.domain for row in rows}), self.total
        if listed > 1.25 * total + 5:
            return "wide"
        return "whole" if listed >= 0.98 * total or total - listed <= 2 else "cut"


def _lost(link: Link) -> bool:
    return link.status in {404, 410} if link.lost is None else link.lost


def _below(value: float | None, least: int) -> bool:
    return value is not None and value < least


def _is_ugc(link: Link, *, strict: bool) -> bool:
    patterns = r"#comment-\d" + ("|/forum/" if strict else "")
    kinds = "Comment" + ("|Forum" if strict else "")
    return bool(
        link.ugc or re.search(patterns, link.source) or re.search(kinds, link.page_type or "")
    )


def _redirected(link: Link, page: str) -> bool:
    hops = (link.chain or "").split(", ") if link.chain else []
    return link.kind in {"redirect", "canonical"} or any(address_of(h).page != page for h in hops)


class Answer:
    """The figures of a world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.files = [
            File(
                listing.form,
                [said(link, listing.form) for link in listing.links],
                address_of(listing.page).page if listing.page else None,
                world.profile,
            )
            for listing in world.lists
        ]
        self.own = self._page(world.target)
        self.pages: dict[str, Page] = {}
        self.left_out: dict[str, str] = {}
        self._choose()
        known = bool(self.own.files) or self.own.total is not None
        if not known and world.own_rds is not None:
            self.own.total, self.own.given = world.own_rds, True

    def _page(self, url: str) -> Page:
        return Page(address_of(url).page, self.files, self.world)

    def _choose(self) -> None:
        """Choose the comparable pages (method.md, 3)."""
        serp = self.world.serp
        rows = sorted(serp.rows, key=lambda row: row.position) if serp else []
        for row in (row for row in rows if row.kind == "Organic"):
            page = self._page(row.url)
            if page.page == self.own.page:
                page = self.own
            if page.position is None:
                page.position, page.total = row.position, row.total
                page.total_vendor = serp.form.vendor if serp else None
            if row.position <= self.world.top:
                self.pages.setdefault(page.page, page)
        self.pages[self.own.page] = self.own
        for url in self.world.competitors:
            self.pages.setdefault(address_of(url).page, self._page(url))
        site = self.own.domain(address_of(self.world.target).host)
        for name, page in self.pages.items():
            if page is self.own:
                self.left_out[name] = "own-page"
            elif page.domain(re.split("[:/?]", name)[0]) == site:
                self.left_out[name] = "own-domain"

    @cached_property
    def comparable(self) -> list[Page]:
        """The pages to be measured against."""
        return [page for name, page in self.pages.items() if name not in self.left_out]

    @cached_property
    def goal_rules(self) -> frozenset[str]:
        """The rules common to the comparable pages."""
        return frozenset(NEEDS).intersection(*(page.rules for page in self.comparable))

    @cached_property
    def gap_rules(self) -> frozenset[str]:
        """The rules that the own page's lists can be judged by as well."""
        return self.goal_rules & self.own.rules

    @cached_property
    def _concerned(self) -> list[Page]:
        pages = [*self.comparable, self.own]
        return [page for page in pages if page.files or page.total is not None]

    @cached_property
    def basis(self) -> str:
        """The basis of the answer."""
        listed = all(page.counts(self.goal_rules) for page in self._concerned)
        return self.world.basis or ("kept" if listed and self._concerned else "raw")

    def _raw(self, page: Page) -> tuple[int | None, bool]:
        """Give a raw count, and whether it is counted from a list (docs/method.md, What counts as raw)."""
        listed = page.counts(frozenset())
        lists_do = all(p.counts(frozenset()) and p.state != "cut" for p in self._concerned)
        totals = not lists_do and all(p.total is not None for p in self._concerned)
        if page.total is not None and (totals or page.state == "cut" or listed is None):
            return page.total, False
        return (listed.raw, True) if listed else (None, False)

    def count(self, page: Page, basis: str, rules: frozenset[str]) -> int | None:
        """Give a page's count on a basis."""
        if basis == "raw":
            return self._raw(page)[0]
        counts = page.counts(rules)
        return None if counts is None else counts.kept if basis == "kept" else counts.followed

    def _open(self, page: Page, basis: str) -> bool:
        """Say whether a count is a lower bound."""
        return page.state == "cut" and (basis != "raw" or self._raw(page)[1])

    def goal(self, basis: str, rules: frozenset[str], *, cut: float | None = None) -> list[float]:
        """Give the counts of the comparable pages, sorted; lower bounds taken for `cut` if given."""
        found = [(page, self.count(page, basis, rules)) for page in self.comparable]
        return sorted(
            count if cut is None or not self._open(page, basis) else cut
            for page, count in found
            if count is not None
        )

    def need(self, basis: str, of: Callable[[list[float]], float | None]) -> int | None:
        """Give the gap to a goal: the larger of those under the two sets of rules (13)."""
        own = self.count(self.own, basis, self.gap_rules)
        goals = [of(self.goal(basis, rules)) for rules in (self.goal_rules, self.gap_rules)]
        known = [goal for goal in goals if goal is not None]
        return None if own is None or not known else max(0, *(ceil(goal - own) for goal in known))

    def stretch(self, basis: str, rules: frozenset[str]) -> tuple[float | None, int]:
        """Give the median over positions 1 to 3, and how many pages stand there."""
        best = [p for p in self.comparable if p.position is not None and p.position <= 3]
        counts = [c for page in best if (c := self.count(page, basis, rules)) is not None]
        return _median(counts), len(counts)

    def _bounds(self) -> Figures:
        basis, goals = self.basis, self.goal(self.basis, self.goal_rules)
        if any(page.state == "wide" for page in (*self.comparable, self.own)):
            return {"bound": NOT_COMPARED, "gap.bound": NOT_COMPARED}
        at_worst = _median(self.goal(basis, self.goal_rules, cut=inf))
        exact = at_worst == _median(goals)
        own_open = self._open(self.own, basis)
        need = self.need(basis, _median)
        wide = any(f.form.wide and f.links for p in (*self.comparable, self.own) for f in p.files)
        names = {(True, False): "exact", (True, True): "at most", (False, False): "at least"}
        bound = None if need is None or (wide and basis != "raw") else names.get((exact, own_open))
        if bound == "at most" and need == 0:
            bound = "exact"
        return {"bound": "exact" if exact else "at least", "gap.bound": bound}

    def figures(self) -> Figures:
        """Give every figure that is compared, by name."""
        goals = self.goal(self.basis, self.goal_rules)
        share = 1 - Fraction(self.world.tolerance)

        def competitive(counts: list[float]) -> float | None:
            return ceil(share * Fraction(found)) if (found := _median(counts)) is not None else None

        figures: Figures = {"basis": self.basis, "n": len(goals), "median": _median(goals)}
        figures |= {"entry": _entry(goals), "competitive": competitive(goals)}
        figures["stretch"] = self.stretch(self.basis, self.goal_rules)[0]
        figures["gap.median"] = self.need(self.basis, _median)
        figures["gap.entry"] = self.need(self.basis, _entry)
        figures["gap.competitive"] = self.need(self.basis, competitive)
        figures |= self._bounds()
        for basis in BASES:
            counts = self.goal(basis, self.goal_rules)
            figures[f"{basis}.n"], figures[f"{basis}.median"] = len(counts), _median(counts)
            figures[f"{basis}.own"] = self.count(self.own, basis, self.gap_rules)
            figures[f"{basis}.gap"] = self.need(basis, _median)
        waterfall: Counter[str] = Counter()
        for name, page in self.pages.items():
            rules = self.gap_rules if page is self.own else self.goal_rules
            figures |= {f"page {name} {b}": self.count(page, b, rules) for b in BASES}
            figures[f"page {name} left out"] = self.left_out.get(name)
            if (counted := page.counts(rules)) is not None and page.files:
                figures |= {f"page {name} drops {r}": n for r, n in counted.dropped.items()}
                waterfall += counted.dropped if page in self.comparable else Counter()
        return figures | {f"waterfall {rule}": n for rule, n in waterfall.items()}


def _median(counts: Sequence[float]) -> float | None:
    return median(counts) if counts else None


def _entry(counts: Sequence[float]) -> float | None:
    return _median(counts[: (len(counts) + 1) // 2])
