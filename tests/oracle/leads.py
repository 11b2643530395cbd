"""Finds the leads of a world by docs/method.md, in plain Python, and compares gapcalc's with them."""

import csv
import io
import json
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import replace
from math import inf
from pathlib import Path
from random import Random
from statistics import median
from typing import Any, NamedTuple

from publicsuffixlist import PublicSuffixList

from oracle.answer import command_for, save
from oracle.counting import Row, address_of
from oracle.forms import LINK_FORMS
from oracle.method import Answer
from oracle.sheets import grid_of_list, grid_of_serp
from oracle.worlds import OWN_TOO, Link, Listing, World, make_world
from running import run

PLATFORMS = tomllib.loads(
    (Path(__file__).parents[2] / "src/gapcalc/data/platforms.toml").read_text("utf-8")
)

_SUFFIXES = PublicSuffixList()
LEAST = (2, 1, 2, 3)
"""Of how many pages a lead must link, in turn."""


class Truth(NamedTuple):
    """What a lead must be; `pages` has the counted links to each comparable page.

    `score` is the rank of the vendor whose authority is shown, and that authority.
    """

    pages: Mapping[str, list[Row]]
    lost: bool
    elsewhere: bool | None
    score: tuple[int, float] | None = None
    traffic: int | None = None
    in_network: bool = False


class Found(NamedTuple):
    """The leads, the domains lost to us, and how many domains had which fate."""

    leads: dict[str, Truth]
    lost: dict[str, Truth]
    fates: dict[str, int]


def make_lead_world(dice: Random) -> World:
    """Invent a world with more domains that link to several pages, and links to our other page."""
    world = make_world(dice)
    forms = [form for form in LINK_FORMS if form.names_target and not form.by_domain]
    world = _with_network(dice, world) if dice.random() < 0.4 else world
    links = [link for listing in world.lists for link in listing.links]
    if not links or dice.random() < 0.5:
        return world
    some = dice.sample(links, min(len(links), 6))
    plain = [link._replace(target=OWN_TOO) for link in some]
    return replace(world, lists=(*world.lists, Listing(dice.choice(forms), None, tuple(plain))))


def _with_network(dice: Random, world: World) -> World:
    """Add a group of domains that link to the same pages: mostly weak, mostly with one anchor."""
    forms = [f for f in LINK_FORMS if f.names_target and not f.by_domain and not f.wide]
    says = [form for form in forms if {"authority", "anchor"} <= form.says]
    pages = [row.url for row in world.serp.rows] if world.serp else [*world.competitors]
    chosen = dice.sample(pages, min(len(pages), dice.choice((2, 3))))
    anchor, weak = dice.choice(("Best pick", "")), dice.choice((9, 19, 30))
    links = tuple(
        Link(f"http://net{n}.test/{place}", page, anchor, authority=weak + dice.randint(0, 2))
        for n in range(dice.choice((4, 5, 7)))
        for place, page in enumerate(chosen)
    )
    return replace(world, lists=(*world.lists, Listing(dice.choice(says), None, links)))


def find_leads(world: World, least: int) -> Found:
    """Find the leads of a world."""
    answer = Answer(world)
    linked: dict[str, dict[str, list[Row]]] = defaultdict(dict)
    for page in answer.comparable:
        for row in page.passing(answer.goal_rules) if page.files else []:
            linked[row.domain].setdefault(page.page, []).append(row)
    own, site = answer.own, answer.own.domain(address_of(world.target).host)
    live = {row.domain for row in own.live}
    other, knows_site = _elsewhere(answer, site)
    found = Found({}, {}, defaultdict(int))
    networks = _networked(answer)
    for domain, pages in linked.items():
        elsewhere = (domain in other) if knows_site else None
        truth = Truth(pages, domain in own.lost, elsewhere, in_network=domain in networks)
        fate = _fate(domain, site, live)
        if len(pages) >= least:
            found.fates[fate] += 1
            if fate == "lead":
                found.leads[domain] = truth
        if truth.lost and fate == "lead":
            found.lost[domain] = truth
    scores = _scores({**found.leads, **found.lost})
    return found._replace(
        leads={domain: _with_score(t, *scores[domain]) for domain, t in found.leads.items()},
        lost={domain: _with_score(t, *scores[domain]) for domain, t in found.lost.items()},
    )


def _with_score(truth: Truth, score: tuple[int, float] | None, traffic: int | None) -> Truth:
    return truth._replace(score=score, traffic=traffic)


def _scores(
    leads: Mapping[str, Truth],
) -> dict[str, tuple[tuple[int, float] | None, int | None]]:
    """Give authority and traffic of each lead: of the vendor that knows most leads, the highest."""
    said: dict[str, dict[str, list[Link]]] = defaultdict(lambda: defaultdict(list))
    for domain, truth in leads.items():
        for row in (row for rows in truth.pages.values() for row in rows):
            said[domain][row.file.form.vendor or "other"].append(_as_written(row))
    known = Counter(
        vendor
        for vendors in said.values()
        for vendor, links in vendors.items()
        if any(link.authority is not None for link in links)
    )
    every = {vendor for vendors in said.values() for vendor in vendors}
    order = sorted(every, key=lambda vendor: (-known[vendor], vendor))
    found = {}
    for domain, vendors in said.items():
        scores = [
            (rank, max(link.authority for link in vendors[vendor] if link.authority is not None))
            for rank, vendor in enumerate(order)
            if any(link.authority is not None for link in vendors.get(vendor, ()))
        ]
        visits = [
            max(link.traffic for link in vendors[vendor] if link.traffic is not None)
            for vendor in order
            if any(link.traffic is not None for link in vendors.get(vendor, ()))
        ]
        found[domain] = (scores[0] if scores else None, visits[0] if visits else None)
    return found


def _as_written(row: Row) -> Link:
    """Give a link with the authority that its file shows: some vendors write whole numbers."""
    writes = [write for fact, write in row.file.form.cells.values() if fact == "authority"]
    if row.link.authority is None or not writes:
        return row.link
    return row.link._replace(authority=float(writes[0](row.link.authority)))


def _networked(answer: Answer) -> set[str]:
    """Give the domains in networks: five or more, behind the same pages only, weak, one thing more.

    No list here has addresses.
    """
    linked: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for page in answer.comparable:
        for row in page.live if page.files else []:
            linked[row.domain][page.page].append(row)
    alike: dict[frozenset[str], list[str]] = defaultdict(list)
    for domain, pages in linked.items():
        alike[frozenset(pages)].append(domain)
    found: set[str] = set()
    for behind, domains in alike.items():
        weights: dict[str, float] = {}
        anchors: dict[frozenset[str | None], list[str]] = defaultdict(list)
        for domain in domains:
            links = [_as_written(row) for rows in linked[domain].values() for row in rows]
            known = [link.authority for link in links if link.authority is not None]
            weights[domain] = max(known, default=inf)
            texts = [None if link.anchor is None else link.anchor.strip().lower() for link in links]
            if all(texts):
                anchors[frozenset(texts)].append(domain)
        groups = [domains] if len(behind) >= 3 and _weak(weights, domains) else anchors.values()
        if len(behind) >= 2:
            found.update(*(group for group in groups if _weak(weights, group)))
    return found


def _weak(weights: Mapping[str, float], group: list[str]) -> bool:
    return len(group) >= 5 and median([weights[domain] for domain in group]) < 20


def _elsewhere(answer: Answer, site: str) -> tuple[set[str], bool]:
    """Give the domains with live links to other pages of ours, and whether any list has such."""
    targets = {address_of(link.target).page for file in answer.files for link in file.links}
    targets |= {file.page for file in answer.files if file.page}
    ours = [t for t in targets if answer.own.domain(re.split("[:/?]", t)[0]) == site]
    others = [answer._page(f"http://{t}") for t in ours if t != answer.own.page]  # noqa: SLF001
    return {row.domain for page in others for row in page.live}, bool(others)


def _fate(domain: str, site: str, live: set[str]) -> str:
    if domain == site:
        return "own_site"
    if domain in live:
        return "links_to_target"
    names, domains = PLATFORMS["names"], PLATFORMS["domains"]
    return "platform" if domain.partition(".")[0] in names or domain in domains else "lead"


def faults_of(seed: str, folder: Path, least: int = 2) -> list[str]:
    """Ask gapcalc for the leads of a world, and give what is wrong with them."""
    dice = Random(seed)
    world = make_lead_world(dice)
    if not world.lists:
        return []
    tables = [grid_of_list(listing) for listing in world.lists]
    tables += [grid_of_serp(world.serp, world.keyword)] if world.serp else []
    files = [save(folder, n, table, "as exported", dice) for n, table in enumerate(tables)]
    command = command_for(world, files, "prospects")
    done = run(*command, "--json", "--min-competitors", least, cwd=folder)
    if done.code:
        return [f"seed {seed}: exit {done.code}: {done.err.strip()[:300]}"]
    faults = _compare(find_leads(world, least), json.loads(done.out))
    return [f"seed {seed}: {fault} ({' '.join(command)})" for fault in faults]


def _compare(right: Found, got: dict[str, Any]) -> list[str]:
    (keyword,) = got["keywords"]
    faults = _differences("prospects", right.leads, got["prospects"])
    faults += _differences("lost_to_us", right.lost, got["lost_to_us"])
    for fate in ("links_to_target", "own_site", "platform"):
        if keyword["counts"][fate] != right.fates[fate]:
            faults.append(f"{fate}: right {right.fates[fate]}, got {keyword['counts'][fate]}")
    if keyword["counts"]["leads"] != len(right.leads):
        faults.append("the number of leads is not that of the list")
    names = [lead["domain"] for lead in got["prospects"]]
    in_order = sorted(names, key=lambda name: _place(right, name))
    return faults + ([] if names == in_order else [f"order: right {in_order}, got {names}"])


def _place(right: Found, name: str) -> tuple[object, ...]:
    """Give the place of a lead: by pages, then authority, then traffic, then name; unknown last."""
    lead = right.leads.get(name)
    if lead is None:
        return ()
    rank, authority = lead.score or (len(right.leads) + 9, 0.0)
    return (
        -len(lead.pages),
        rank,
        -authority,
        -1 if lead.traffic is None else -2 - lead.traffic,
        name,
    )


def _differences(name: str, right: Mapping[str, Truth], got: list[dict[str, Any]]) -> list[str]:
    listed = {lead["domain"]: lead for lead in got}
    if set(listed) != set(right) or len(listed) != len(got):
        return [f"{name}: right {sorted(right)}, got {sorted(listed)}"]
    return [
        f"{name} {domain}: {fault}"
        for domain, lead in listed.items()
        for fault in _faults(right[domain], lead)
    ]


def _faults(right: Truth, lead: dict[str, Any]) -> list[str]:
    pages = {address_of(page["links_to"]).page: page for page in lead["linking_pages"]}
    if set(pages) != set(right.pages) or lead["competitors"] != len(right.pages):
        return [f"pages: right {sorted(right.pages)}, got {sorted(pages)}"]
    faults = [] if lead["lost_to_us"] == right.lost else ["lost or not"]
    if lead["links_to_my_site"] != right.elsewhere:
        faults.append(f"elsewhere: right {right.elsewhere}, got {lead['links_to_my_site']}")
    authority = lead["authority"] and lead["authority"]["value"]
    if authority != (right.score and right.score[1]):
        faults.append(f"authority: right {right.score}, got {authority}")
    if lead["traffic"] != right.traffic:
        faults.append(f"traffic: right {right.traffic}, got {lead['traffic']}")
    if lead["in_network"] != right.in_network:
        faults.append(f"network: right {right.in_network}, got {lead['in_network']}")
    for name, page in pages.items():
        rows = right.pages[name]
        if not any(_is_that(row.link, page["url"], page["anchor"]) for row in rows):
            faults.append(f"no counted link stands on {page['url']} with {page['anchor']!r}")
    return faults


def _is_that(link: Link, url: str | None, anchor: str | None) -> bool:
    return (url is None or link.source.endswith(url)) and (link.anchor or None) == (anchor or None)


class RealPage(NamedTuple):
    """The domains that link to a page in a real export, and those that do not any more."""

    live: set[str]
    lost: set[str]


_SOURCES, _TARGETS = ("referring page url", "source url"), ("target url",)
_LOST = ("lost", "lost link")


def real_links(path: Path) -> dict[str, RealPage]:
    """Read a backlinks export of Ahrefs or Semrush with the csv module alone."""
    data = path.read_bytes()
    content = data.decode("utf-16" if data[:2] == b"\xff\xfe" else "utf-8-sig")
    delimiter = max(",;\t", key=content.partition("\n")[0].count)
    rows = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter)
    heads = [cell.strip().lower() for cell in next(rows)]
    source, target, lost = (
        next(heads.index(name) for name in names if name in heads)
        for names in (_SOURCES, _TARGETS, _LOST)
    )
    pages: dict[str, RealPage] = defaultdict(lambda: RealPage(set(), set()))
    for row in rows:
        if len(row) == len(heads):
            page, domain = address_of(row[target]).page, registrable(row[source])
            if domain != registrable(page):
                is_lost = row[lost].strip().lower() not in {"", "false"}
                (pages[page].lost if is_lost else pages[page].live).add(domain)
    return {p: RealPage(live, lost - live) for p, (live, lost) in pages.items()}


def registrable(url: str) -> str:
    """Give the registrable domain of a URL."""
    host = address_of(url).host
    return host if host.replace(".", "").isdigit() else _SUFFIXES.privatesuffix(host) or host


def is_out(domain: str, own: str) -> bool:
    """Say whether a domain is a platform or the own site."""
    return _fate(domain, registrable(own), set()) != "lead"
