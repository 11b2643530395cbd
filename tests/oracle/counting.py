"""Counts the referring domains of one page by docs/method.md, in plain Python."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple
from urllib.parse import unquote

from publicsuffixlist import PublicSuffixList

from oracle.forms import Form
from oracle.worlds import Link, World

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


class Address(NamedTuple):
    """A URL taken apart: the host in ASCII, the page's identity."""

    host: str
    page: str


@lru_cache(maxsize=10_000)
def address_of(url: str) -> Address:
    """Take a web address apart (docs/method.md, Normalisation)."""
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
    """A link file as the vendor exports it: its links, and the page it is bound to."""

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
    """The counts of a page's lists under some rules."""

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
        self.is_own = page == address_of(world.target).page

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

    @cached_property
    def lost(self) -> set[str]:
        """The domains that linked to the page once and do not any more."""
        site = self.domain(re.split("[:/?]", self.page)[0])
        gone = {
            self.domain(address_of(link.source).host)
            for file in self.files
            for link in self._rows_of(file)
            if _lost(link)
        }
        return gone - {row.domain for row in self.live} - {site}

    def passing(self, rules: frozenset[str]) -> list[Row]:
        """Give the links that pass some rules."""
        tests = [test for rule, test in self._tests().items() if rule in rules]
        return [row for row in self.live if not any(test(row) for test in tests)]

    @property
    def rules(self) -> frozenset[str]:
        """The rules that every list of the page can be judged by; empty lists lack none."""
        judged = [file.rules for file in self.files if self._rows_of(file)]
        return frozenset(NEEDS).intersection(*judged)

    def counts(self, rules: frozenset[str]) -> Counts | None:
        """Count under some rules; None without a list, unless no domain at all links to my page."""
        if not self.files:
            return Counts(0, 0, 0, Counter()) if self.total == 0 and self.is_own else None
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
        known = says_rel or not best
        return Counts(len(best), kept, len(followed) if known else None, dropped)

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
            "sitewide": lambda row: (
                bool(row.link.sitewide) or (row.domain, row.file.form.vendor) in self._sitewide
            ),
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
    def _sitewide(self) -> set[tuple[str, str | None]]:
        """Domains of which a vendor shows many links with one anchor; `strict` drops those links."""
        anchors: dict[tuple[str, str | None], Counter[str]] = defaultdict(Counter)
        for row in self.live:
            if row.link.anchor is not None:
                shown = anchors[row.domain, row.file.form.vendor]
                shown[row.link.anchor] += row.link.links or 1
        strict = self.world.profile == "strict"
        return {
            place
            for place, found in anchors.items()
            if strict and found.total() >= 100 and max(found.values()) >= 0.9 * found.total()
        }

    def _is_blocked(self, anchor: str) -> bool:
        words = re.findall(r"[^\W_]+", anchor.lower())
        host = re.split("[:/?]", self.page)[0]
        topic = (self.world.keyword or "").lower().split()
        return any(word in words and word not in topic and word not in host for word in BLOCKED)

    @cached_property
    def listed(self) -> int | None:
        """The domains that the total can be compared with: its vendor's, else all if one is unnamed."""
        vendors = {file.form.vendor for file in self.files}
        named = self.total_vendor is not None and self.total_vendor in vendors
        if self.total is None or not (named or self.total_vendor is None or None in vendors):
            return None
        rows = [r for r in self.live if not named or r.file.form.vendor == self.total_vendor]
        return len({row.domain for row in rows})

    @cached_property
    def wide(self) -> bool:
        """Whether links to other pages seem to be in the lists."""
        of_a_site = any(file.form.wide and file.page and file.links for file in self.files)
        return of_a_site or (self.listed is not None and self.listed > 1.25 * (self.total or 0) + 5)

    @cached_property
    def cut(self) -> bool:
        """Whether the lists are known to miss links."""
        if any(file.cut and self._rows_of(file) for file in self.files):
            return True
        if self.wide or self.listed is None or self.total is None:
            return False
        return self.listed < 0.98 * self.total and self.total - self.listed > 2


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
