"""Which domains link to the pages that rank and not to the target page? Those are leads."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from gapcalc.analyses.candidates import is_platform, place_of
from gapcalc.analyses.cautions import about_choice
from gapcalc.analyses.measure import Measured, Table
from gapcalc.analyses.networks import tell_networks
from gapcalc.analyses.question import Question, Serp, Target
from gapcalc.linkfacts import FoundLeads, LeadLink, LeadQuestion, LinkingDomain
from gapcalc.results.prospects import (
    HelpedKeyword,
    KeywordLeads,
    Lead,
    LeadCounts,
    LeadPage,
    LeadTarget,
    LinkingPage,
    Tier,
)
from gapcalc.results.shared import Authority, Caution, Network, NetworkEffect
from gapcalc.stats import whole
from gapcalc.text import name_first


class AskedKeyword(NamedTuple):
    """One keyword with its measured pages, its own page, and the networks behind the pages.

    Keywords of one `group` were counted together, with the same links left out.
    """

    serp: Serp
    table: Table
    question: Question
    target: Target
    networks: tuple[Network, ...] = ()
    network_effect: NetworkEffect | None = None
    group: int = 0

    @property
    def listed(self) -> tuple[Measured, ...]:
        """The comparable pages with a list of links."""
        return tuple(page for page in self.table.comparable if page.links is not None)

    def for_engine(self) -> LeadQuestion:
        """Give what is asked of the links."""
        pages = tuple(page.candidate.page for page in self.listed)
        return LeadQuestion(pages, self.target.page, self.table.rules)


class Leads(NamedTuple):
    """The leads of all keywords, those we lost among them, and the figures of each keyword."""

    prospects: tuple[Lead, ...]
    lost_to_us: tuple[Lead, ...]
    keywords: tuple[KeywordLeads, ...]


def why_left_out(domain: str, question: Question, site: str) -> str | None:
    """Say why a domain cannot be a lead, whatever it links to; None if it can."""
    if domain == site:
        return "own-site"
    if any(domain == host or domain.endswith(f".{host}") for host in question.exclude_hosts):
        return "excluded"
    return "platform" if is_platform(domain) else None


def join_leads(parts: Sequence[FoundLeads]) -> FoundLeads:
    """Put together what was found of keywords that were asked apart."""
    return FoundLeads(
        domains=[domain for part in parts for domain in part.domains],
        links=[link for part in parts for link in part.links],
        scores=[score for part in parts for score in part.scores],
        behind={number: count for part in parts for number, count in part.behind.items()},
        site_pages=frozenset(page for part in parts for page in part.site_pages),
    )


def judge_leads(
    asked: Sequence[AskedKeyword], found: FoundLeads, least: int, metrics: Mapping[str, str]
) -> Leads:
    """Judge what the links say; `metrics` names the authority score of each vendor."""
    reasons = {
        domain.domain: why_left_out(domain.domain, asked[0].question, asked[0].target.domain)
        for domain in found.domains
    }
    free = [d for d in found.domains if not d.links and reasons[d.domain] is None]
    describer = _Describer(asked, found, metrics)
    prospects = describer.describe([domain for domain in free if domain.pages >= least])
    lost = describer.describe([domain for domain in free if domain.lost])
    by_question: dict[int, list[LinkingDomain]] = defaultdict(list)
    for domain in found.domains:
        by_question[domain.question].append(domain)
    keywords = tuple(
        _keyword_leads(one, _count(by_question[n], reasons, least, found.behind.get(n, 0)))
        for n, one in enumerate(asked)
    )
    return Leads(prospects, lost, keywords)


def _count(
    domains: Sequence[LinkingDomain], reasons: Mapping[str, str | None], least: int, behind: int
) -> LeadCounts:
    enough = [domain for domain in domains if domain.pages >= least]
    fates = Counter(_fate(domain, reasons[domain.domain]) for domain in enough)
    return LeadCounts(
        behind=behind,
        enough=len(enough),
        links_to_target=fates["links-to-target"],
        own_site=fates["own-site"],
        excluded=fates["excluded"],
        platform=fates["platform"],
        leads=fates["lead"],
        lost_to_us=sum(d.lost and reasons[d.domain] is None for d in domains),
    )


def _fate(domain: LinkingDomain, reason: str | None) -> str:
    if reason == "own-site":
        return reason
    return "links-to-target" if domain.links else reason or "lead"


class _Describer:
    """Describes leads: who they are, which pages they link to, and from which of theirs."""

    def __init__(
        self, asked: Sequence[AskedKeyword], found: FoundLeads, metrics: Mapping[str, str]
    ) -> None:
        self._asked, self._found = asked, found
        self._places = [{page.candidate.page: page for page in one.listed} for one in asked]
        judged = [(one.table.rules, one.group) for one in asked]
        self._groups = [judged.index(used) for used in judged]
        self._links: dict[tuple[int, str], dict[str, LeadLink]] = defaultdict(dict)
        for link in found.links:
            self._links[link.question, link.domain][link.page] = link
        known = Counter(score.vendor for score in found.scores if score.authority is not None)
        vendors = sorted({s.vendor for s in found.scores}, key=lambda name: (-known[name], name))
        self._ranks = {vendor: rank for rank, vendor in enumerate(vendors)}
        self._networked = {d for one in asked for group in one.networks for d in group.domains}
        self._scores: dict[str, tuple[int, Authority]] = {}
        self._traffic: dict[str, int] = {}
        for score in sorted(found.scores, key=lambda score: self._ranks[score.vendor]):
            if score.authority is not None:
                metric = metrics.get(score.vendor, "authority")
                entry = self._ranks[score.vendor], Authority(metric, whole(score.authority))
                self._scores.setdefault(score.domain, entry)
            if score.traffic is not None:
                self._traffic.setdefault(score.domain, score.traffic)

    def describe(self, domains: Sequence[LinkingDomain]) -> tuple[Lead, ...]:
        """Give a lead for each domain; what helps most keywords and links to most pages first."""
        by_domain: dict[str, list[LinkingDomain]] = defaultdict(list)
        for domain in domains:
            by_domain[domain.domain].append(domain)
        return tuple(
            sorted((self._lead(name, rows) for name, rows in by_domain.items()), key=self._order)
        )

    def _order(self, lead: Lead) -> tuple[object, ...]:
        rank, authority = self._scores.get(lead.domain, (len(self._ranks), None))
        return (
            -len(lead.keywords),
            -lead.competitors,
            rank,
            -authority.value if authority else 0,
            -1 if lead.traffic is None else -lead.traffic - 2,
            lead.domain,
        )

    def _lead(self, name: str, rows: Sequence[LinkingDomain]) -> Lead:
        rows = sorted(rows, key=lambda row: row.question)
        pages = self._linking_pages(name, rows)
        best = pages[0]
        helped = tuple(self._helped(row) for row in rows)
        days = [row.lost_on for row in rows if row.lost_on]
        score = self._scores.get(name)
        return Lead(
            domain=name,
            competitors=len(pages),
            tier=min((one.tier for one in helped), key=_TIERS.index),
            authority=score[1] if score else None,
            traffic=self._traffic.get(name),
            url=best.url,
            title=best.title,
            anchor=best.anchor,
            rel=best.rel,
            first_seen=best.first_seen,
            kind=best.kind,
            linking_pages=pages,
            links_to_my_site=self._links_elsewhere(rows),
            lost_to_us=any(row.lost for row in rows),
            lost_on=max(days).isoformat() if days else None,
            in_network=name in self._networked,
            proven=_least_sure([_is_proven(self._asked[row.question].table.own) for row in rows]),
            keywords=helped,
        )

    def _helped(self, row: LinkingDomain) -> HelpedKeyword:
        serp, listed = self._asked[row.question].serp, len(self._places[row.question])
        return HelpedKeyword(serp.keyword, serp.country, row.pages, listed, tier(row.pages, listed))

    def _linking_pages(self, name: str, rows: Sequence[LinkingDomain]) -> tuple[LinkingPage, ...]:
        """Give the best link to each comparable page; the best of all first, then as they rank."""
        best: dict[str, tuple[Measured, LeadLink]] = {}
        for row in rows:
            places = self._places[row.question]
            links = self._links[self._groups[row.question], name]
            for name_of_page in places.keys() & links.keys():
                page = places[name_of_page]
                known = best.setdefault(name_of_page, (page, links[name_of_page]))
                if place_of(page.candidate) < place_of(known[0].candidate):
                    best[name_of_page] = page, known[1]
        ranked = sorted(
            best.values(), key=lambda found: (place_of(found[0].candidate), found[1].page)
        )
        first = min(ranked, key=lambda found: _worth(found[1]))
        ordered = [first, *(found for found in ranked if found is not first)]
        return tuple(_linking_page(page, link) for page, link in ordered)

    def _links_elsewhere(self, rows: Sequence[LinkingDomain]) -> bool | None:
        if any(row.elsewhere for row in rows):
            return True
        own = {self._asked[row.question].target.page for row in rows}
        return False if self._found.site_pages - own else None


_TIERS: tuple[Tier, ...] = ("all", "several", "one")
_RELS = {"follow": 0, None: 1}


def tier(pages: int, listed: int) -> Tier:
    """Say how many of the compared ones a lead links to."""
    if pages == 1:
        return "one"
    return "all" if pages == listed else "several"


def _worth(link: LeadLink) -> tuple[object, ...]:
    """Order links: followed first, then one whose page is named, then the oldest."""
    return (
        _RELS.get(link.rel, 2),
        link.url is None,
        link.first_seen is None,
        link.first_seen or "",
        link.url or "",
        link.page,
    )


def _linking_page(page: Measured, link: LeadLink) -> LinkingPage:
    target = page.candidate
    facts = (link.url, link.title, link.anchor, link.rel, link.first_seen, link.kind)
    return LinkingPage(target.position, target.url, *facts)


def _least_sure(proofs: Sequence[bool | None]) -> bool | None:
    if False in proofs:
        return False
    return None if None in proofs else True


def _is_proven(own: Measured | None) -> bool | None:
    """Say whether a domain that the own list lacks is known not to link to the own page."""
    if own is None:
        return False
    if own.given:
        return own.candidate.vendor_total == 0
    if own.links is None:
        return False
    complete = own.wholeness.complete
    is_empty = not (own.unlisted or own.links.raw or own.links.lost or own.links.internal)
    return True if complete is None and is_empty and not own.wholeness.other_scope else complete


def _keyword_leads(asked: AskedKeyword, counts: LeadCounts) -> KeywordLeads:
    own, target = asked.table.own, asked.target
    return KeywordLeads(
        keyword=asked.serp.keyword,
        country=asked.serp.country,
        target_page=LeadTarget(
            url=target.url or None,
            page=target.page or None,
            chosen=target.chosen,
            has_list=own is not None and own.links is not None,
            complete=_is_proven(own),
        ),
        pages=tuple(_page(page) for page in asked.table.comparable),
        counts=counts,
        networks=asked.networks,
        network_effect=asked.network_effect,
        cautions=tuple(_cautions(asked)),
    )


def _page(page: Measured) -> LeadPage:
    candidate, links = page.candidate, page.links
    return LeadPage(
        position=candidate.position,
        url=candidate.url,
        page=candidate.page,
        domain=candidate.domain,
        counted=links.kept if links else None,
        complete=page.wholeness.complete,
    )


def _cautions(asked: AskedKeyword) -> Iterator[Caution]:
    yield from asked.serp.cautions
    yield from about_choice(asked.table, "kept", asked.target)
    yield from tell_networks(asked.networks, asked.network_effect)
    proven = _is_proven(asked.table.own)
    if asked.table.own is None or (asked.table.own.links is None and not proven):
        yield Caution(
            "no-own-list",
            "There is no list of the links to your page, so some of these domains may link to it. "
            "Add its link export; --own-rds 0 says that it has no links.",
        )
    elif proven is False:
        yield Caution(
            "incomplete-own-list",
            "The link list of your own page is incomplete, so some of these domains may link to it.",
        )
    lacking = [page.candidate.url for page in asked.table.comparable if page.links is None]
    if lacking:
        yield Caution(
            "no-link-list",
            f"There is no link list for {name_first(lacking)}: who links to them is unknown.",
        )
    cut = [page.candidate.url for page in asked.listed if page.wholeness.complete is False]
    if cut:
        lists, are = ("list", "is") if len(cut) == 1 else ("lists", "are")
        yield Caution(
            "incomplete-lists",
            f"The link {lists} of {name_first(cut)} {are} incomplete: a lead may link to more pages than "
            "it shows, and leads may be missing.",
        )
