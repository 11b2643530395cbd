"""Which domains link to the sites of rivals and not to ours, as the vendors' intersect exports say?

Those leads are about whole sites. They are never counted among the leads of pages.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from gapcalc.analyses.candidates import is_of_host
from gapcalc.analyses.prospects import tier, why_left_out
from gapcalc.analyses.question import Question, Target
from gapcalc.results.prospects import SiteLead, SiteLevel
from gapcalc.results.shared import Authority, Caution
from gapcalc.rows import IntersectRow
from gapcalc.urls import host_of_page


class SiteLeads(NamedTuple):
    """The leads of the intersect exports and the figures behind them; the level is None without any."""

    leads: tuple[SiteLead, ...] = ()
    level: SiteLevel | None = None
    cautions: tuple[Caution, ...] = ()


class _Domain(NamedTuple):
    """What all exports say of a domain: the rivals' sites that it links to, and whether to ours.

    `row` is the one that shows its best linking page.
    """

    name: str
    sites: tuple[str, ...]
    links_to_my_site: bool | None
    row: IntersectRow
    vendors: tuple[str, ...]
    authority: tuple[int, Authority] | None
    traffic: int | None


def judge_sites(
    rows: Sequence[IntersectRow],
    target: Target,
    question: Question,
    least: int,
    page_leads: Collection[str],
) -> SiteLeads:
    """Find the domains that link to at least so many of the rivals' sites and to no column of ours."""
    if not rows:
        return SiteLeads()
    own, rivals = _sites(rows, target, question)
    domains = [domain for domain in _domains(rows, own, rivals) if domain.sites]
    enough = [domain for domain in domains if len(domain.sites) >= least]
    reasons = {domain.name: why_left_out(domain.name, question, target.domain) for domain in enough}
    fates = Counter(
        reasons[d.name] or ("links-to-my-site" if d.links_to_my_site else "lead") for d in enough
    )
    leads = [d for d in enough if not (reasons[d.name] or d.links_to_my_site)]
    level = SiteLevel(
        inputs=(),
        sites=rivals,
        own_sites=own,
        behind=len(domains),
        enough=len(enough),
        links_to_my_site=fates["links-to-my-site"],
        own_site=fates["own-site"],
        excluded=fates["excluded"],
        platform=fates["platform"],
        leads=len(leads),
    )
    found = (_lead(domain, len(rivals), page_leads) for domain in sorted(leads, key=_order))
    return SiteLeads(tuple(found), level, tuple(_cautions(level, target)))


def _sites(
    rows: Sequence[IntersectRow], target: Target, question: Question
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the columns of the own site, and those of the sites to compare with, in their order."""
    columns = list(dict.fromkeys(site for row in rows for site in row.links))
    own = [site for site in columns if is_of_host(site, target.domain)]
    excluded = [
        site
        for site in columns
        if site in question.exclude_pages
        or any(is_of_host(site, host) for host in question.exclude_hosts)
    ]
    return tuple(own), tuple(site for site in columns if site not in {*own, *excluded})


def _domains(
    rows: Sequence[IntersectRow], own: Sequence[str], rivals: Sequence[str]
) -> Iterator[_Domain]:
    by_domain: dict[str, list[IntersectRow]] = defaultdict(list)
    for row in rows:
        by_domain[row.domain].append(row)
    known = Counter(row.vendor for row in rows if row.authority is not None)
    ranks = {
        vendor: rank for rank, vendor in enumerate(sorted(known, key=lambda v: (-known[v], v)))
    }
    for name, found in by_domain.items():
        linked = {site for row in found for site, links in row.links.items() if links}
        to_own = [links for row in found for site, links in row.links.items() if site in own]
        best = min(found, key=lambda row: _worth(row, rivals))
        yield _Domain(
            name,
            tuple(site for site in rivals if site in linked),
            True if any(to_own) else False if to_own and None not in to_own else None,
            best,
            tuple(sorted({row.vendor for row in found})),
            _authority(found, ranks),
            max((row.traffic for row in found if row.traffic is not None), default=None),
        )


def _authority(
    rows: Sequence[IntersectRow], ranks: Mapping[str, int]
) -> tuple[int, Authority] | None:
    """Give the highest score by the vendor that knows most, with the rank of that vendor."""
    scores = [(ranks[row.vendor], row.authority) for row in rows if row.authority is not None]
    return min(scores, key=lambda score: (score[0], -score[1].value), default=None)


def _worth(row: IntersectRow, rivals: Sequence[str]) -> tuple[object, ...]:
    """Order the linking pages of a domain: one that links to most sites first."""
    linked = sum(bool(row.links.get(site)) for site in rivals)
    return row.url is None, -linked, row.url or "", row.title or "", row.input, row.line


def _order(domain: _Domain) -> tuple[object, ...]:
    rank, score = domain.authority or (len(domain.vendors) + 1, None)
    traffic = -1 if domain.traffic is None else domain.traffic
    return (
        -len(domain.sites),
        score is None,
        rank,
        -score.value if score else 0,
        -traffic,
        domain.name,
    )


def _lead(domain: _Domain, compared: int, page_leads: Collection[str]) -> SiteLead:
    return SiteLead(
        domain=domain.name,
        level="site",
        competitors=len(domain.sites),
        tier=tier(len(domain.sites), compared),
        authority=domain.authority[1] if domain.authority else None,
        traffic=domain.traffic,
        url=domain.row.url,
        title=domain.row.title if domain.row.url else None,
        sites=domain.sites,
        links_to_my_site=domain.links_to_my_site,
        is_page_lead=domain.name in page_leads,
        vendors=domain.vendors,
    )


def _cautions(level: SiteLevel, target: Target) -> Iterator[Caution]:
    if not level.own_sites:
        own = target.domain or host_of_page(target.page)
        yield Caution(
            "no-own-site",
            f"The intersect export has no column for {own}, so some of these domains may link to your "
            "site. Export it again with your site among those compared.",
        )
    if len(level.sites) == 1:
        yield Caution(
            "one-site",
            f"The intersect export compares one site with yours, {level.sites[0]}. Add more rivals, or "
            "lower --min-competitors to 1.",
        )
