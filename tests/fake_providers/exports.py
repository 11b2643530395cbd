"""The same world as files: the exports that the vendors would give for these pages."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from .dataforseo_rows import link_item
from .world import Link, SerpRow, World

Vendor = Literal["ahrefs", "semrush", "dataforseo"]
Rows = Iterable[Sequence[str]]

_DATAFORSEO = (
    "url_from",
    "domain_from",
    "url_to",
    "dofollow",
    "attributes",
    "item_type",
    "is_lost",
    "is_new",
    "is_broken",
    "rank",
    "page_from_rank",
    "domain_from_rank",
    "backlink_spam_score",
    "anchor",
    "page_from_title",
    "page_from_language",
    "page_from_external_links",
    "page_from_status_code",
    "first_seen",
    "prev_seen",
    "last_seen",
    "semantic_location",
    "is_indirect_link",
    "links_count",
    "group_count",
)


@dataclass(frozen=True)
class Exported:
    """The files of one keyword: its SERP, and the links of each page."""

    serp: Path
    links: Mapping[str, Path]
    empty: frozenset[str]

    @property
    def arguments(self) -> list[str]:
        """Give what to type after `gapcalc gap`; only an empty list needs to be told its page."""
        words = [str(self.serp)]
        for url, path in self.links.items():
            words += ["--links-for", f"{url}={path}"] if url in self.empty else [str(path)]
        return words


def _date(link: Link) -> str:
    return link.first_seen.strftime("%Y-%m-%d %H:%M:%S")


def _word(value: object) -> str:
    return "true" if value else "false"


_AHREFS: Mapping[str, Callable[[Link], str]] = {
    "Referring page title": lambda link: link.title,
    "Referring page URL": lambda link: link.source_url,
    "Language": lambda link: link.language or "",
    "Platform": lambda _: "",
    "Referring page HTTP code": lambda _: "200",
    "Domain rating": lambda link: str(link.rating),
    "UR": lambda link: str(link.page_rating),
    "Domain traffic": lambda link: str(link.domain_traffic),
    "Referring domains": lambda _: "1",
    "Linked domains": lambda link: str(link.external // 2),
    "External links": lambda link: str(link.external),
    "Page traffic": lambda link: str(link.traffic),
    "Keywords": lambda _: "0",
    "Target URL": lambda link: link.target_url,
    "Left context": lambda _: "",
    "Anchor": lambda link: link.anchor,
    "Right context": lambda _: "",
    "Redirect Chain URLs": lambda _: "",
    "Redirect Chain status codes": lambda _: "",
    "Type": lambda link: link.kind,
    "Is spam": lambda link: _word(link.spam),
    "Content": lambda link: _word(link.kind == "text"),
    "Nofollow": lambda link: _word(link.nofollow),
    "UGC": lambda link: _word(link.ugc),
    "Sponsored": lambda link: _word(link.sponsored),
    "Rendered": lambda _: "false",
    "Raw": lambda _: "true",
    "Lost status": lambda link: "removedfromhtml" if link.lost else "",
    "Drop reason": lambda _: "",
    "Discovered status": lambda _: "pagefound",
    "First seen": _date,
    "Last seen": lambda link: link.last_seen.strftime("%Y-%m-%d %H:%M:%S"),
    "Lost": lambda link: link.lost.strftime("%Y-%m-%d %H:%M:%S") if link.lost else "",
    "Author": lambda _: "",
    "Page type": lambda _: "",
    "Page category": lambda _: "",
    "Links in group": lambda link: str(link.group),
}

_SEMRUSH: Mapping[str, Callable[[Link], str]] = {
    "Page ascore": lambda link: str(round(link.page_rating)),
    "Source title": lambda link: link.title,
    "Source url": lambda link: link.source_url,
    "Target url": lambda link: link.target_url,
    "Anchor": lambda link: link.anchor,
    "External links": lambda link: str(link.external),
    "Internal links": lambda link: str(link.internal),
    "Nofollow": lambda link: _word(link.nofollow),
    "Sponsored": lambda link: _word(link.sponsored),
    "Ugc": lambda link: _word(link.ugc),
    "Text": lambda link: _word(link.kind == "text"),
    "Frame": lambda _: "false",
    "Form": lambda _: "false",
    "Image": lambda link: _word(link.kind == "image"),
    "Sitewide": lambda link: _word(link.sitewide),
    "First seen": lambda link: link.first_seen.strftime("%Y-%m-%d"),
    "Last seen": lambda link: link.last_seen.strftime("%Y-%m-%d"),
    "New link": lambda _: "false",
    "Lost link": lambda link: _word(link.lost),
}


def ahrefs_backlinks(links: Iterable[Link], *, comma: bool = False) -> bytes:
    """Write an Ahrefs Backlinks export: UTF-16 with tabs as from the site, or UTF-8 with commas."""
    rows = [list(_AHREFS), *([cell(link) for cell in _AHREFS.values()] for link in links)]
    if comma:
        return b"\xef\xbb\xbf" + _table(rows, ",").encode()
    return _table(rows, "\t", quote_all=True).encode("utf-16")


def semrush_backlinks(links: Iterable[Link], *, rel: bool = True) -> bytes:
    """Write a Semrush Backlinks export; without `rel` it knows only what v3 of the API says."""
    columns = {
        heading: cell for heading, cell in _SEMRUSH.items() if rel or heading not in _V4_ONLY
    }
    rows = [list(columns), *([cell(link) for cell in columns.values()] for link in links)]
    return _table(rows, ",").encode()


_V4_ONLY = ("Sponsored", "Ugc")


def dataforseo_backlinks(links: Iterable[Link]) -> bytes:
    """Write a DataForSEO dump, headed with the API's names."""
    rows = [list(_DATAFORSEO), *(_dumped(link) for link in links)]
    return _table(rows, ",").encode()


def _dumped(link: Link) -> list[str]:
    item = link_item(link)
    return [_cell(item[name]) for name in _DATAFORSEO]


def _cell(value: Any) -> str:  # noqa: ANN401  (whatever JSON holds)
    match value:
        case None:
            return ""
        case bool():
            return _word(value)
        case list():
            return json.dumps(value)
        case _:
            return str(value)


_SERP_HEADINGS = "keyword,position,url,country,title,referring_domains,vendor"


def serp_csv(world: World, phrase: str, vendor: Vendor, *, country: str = "US") -> bytes:
    """Write the top ten as gapcalc's own CSV, with what the vendor says of pages and keyword."""
    scored = vendor == "ahrefs"
    headings = _SERP_HEADINGS.split(",") + ["authority", "metric", "kd", "kd_vendor"] * scored
    kd = [str(world.difficulty(phrase)), vendor]
    rows = [headings]
    for row in top_ten(world, phrase):
        url = row.url or ""
        domains = str(world.totals(url).domains)
        cells = [phrase, str(row.position), url, country, row.title, domains, vendor]
        rows.append(cells + [str(world.site_rating(url)), "DR", *kd] * scored)
    return _table(rows, ",").encode()


def top_ten(world: World, phrase: str) -> list[SerpRow]:
    return [row for row in world.serp(phrase) if row.organic and row.position <= 10]


@dataclass(frozen=True)
class Habit:
    """How an analyst exports: with or without lost links; `rel`: whether rel is in it."""

    vendor: Vendor
    lost: bool = True
    rel: bool = True

    def write(self, links: Iterable[Link]) -> bytes:
        wanted = [link for link in links if self.lost or link.lost is None]
        match self.vendor:
            case "ahrefs":
                return ahrefs_backlinks(wanted)
            case "semrush":
                return semrush_backlinks(wanted, rel=self.rel)
            case "dataforseo":
                return dataforseo_backlinks(wanted)


def write_exports(world: World, phrase: str, folder: Path, habit: Habit) -> Exported:
    """Write a keyword's SERP and the list of every page of its top ten."""
    folder.mkdir(parents=True, exist_ok=True)
    serp = folder / "serp.csv"
    serp.write_bytes(serp_csv(world, phrase, habit.vendor))
    files, empty = {}, set()
    for number, row in enumerate(top_ten(world, phrase)):
        url = row.url or ""
        files[url] = folder / f"links-{number}.csv"
        files[url].write_bytes(habit.write(world.links(url)))
        if not world.links(url):
            empty.add(url)
    return Exported(serp, files, frozenset(empty))


def _table(rows: Rows, delimiter: str, *, quote_all: bool = False) -> str:
    text = io.StringIO(newline="")
    csv.writer(
        text,
        delimiter=delimiter,
        lineterminator="\n",
        quoting=csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL,
    ).writerows(rows)
    return text.getvalue()
