"""Shows the measured pages: every figure known of each, and where it comes from."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import fields

from gapcalc.analyses.candidates import FEATURE
from gapcalc.analyses.measure import Measured, Table
from gapcalc.analyses.question import Question
from gapcalc.analyses.statistics import outlying
from gapcalc.results.gap import Figures, KnownDomain, Page, SetAside, SiteProfile, TargetPage
from gapcalc.results.shared import Authority
from gapcalc.rows import LinkCounts
from gapcalc.words import Basis

Domains = Mapping[str, tuple[KnownDomain, ...]]
"""The referring domains of pages, by the page's identity."""


def list_domains(table: Table, counts: LinkCounts) -> Domains:
    """List the referring domains of every page that is shown, under the rules common to all."""
    every = [*table.pages, *([table.own] if table.own else [])]
    listed = [page.candidate.page for page in every if page.links is not None]
    return counts.domains(table.rules, listed)


def every_page(table: Table, basis: Basis, domains: Domains) -> tuple[Page, ...]:
    """Give every page of the table but those of SERP features as the result shows it."""
    unusual = outlying(table, basis)
    shown = [page for page in table.pages if page.candidate.left_out != FEATURE]
    return tuple(_page(page, basis, domains, unusual) for page in shown)


def count_features(table: Table) -> int:
    """Count the pages that stand in SERP features only."""
    return sum(page.candidate.left_out == FEATURE for page in table.pages)


def own_page(
    table: Table,
    basis: Basis,
    authority: Authority | None,
    question: Question,
    domains: Domains,
) -> TargetPage | None:
    """Give the target page as the result shows it, None where nothing is known of one."""
    if table.own is None:
        return None
    own = _page(table.own, basis, domains, frozenset())
    shared = {field.name: getattr(own, field.name) for field in fields(Figures)}
    return TargetPage(
        **{**shared, "authority": authority},
        url=own.url or None,
        page=own.page or None,
        chosen=question.target.chosen if question.target else "given",
    )


def profile_site(table: Table, counts: LinkCounts) -> SiteProfile | None:
    """Sum up the links of all pages; None where there are pages to compare with."""
    listed = {p.candidate.page: p for p in (*table.pages, table.own) if p and p.links}
    if table.comparable or not listed:
        return None
    known = [d for found in counts.domains(table.rules, list(listed)).values() for d in found]
    sites = {page.links.domain for page in listed.values() if page.links}
    return SiteProfile(
        site=sites.pop() if len(sites) == 1 else None,
        pages=sum(page.links.raw > 0 for page in listed.values() if page.links),
        domains=len({domain.domain for domain in known}),
        kept=len({domain.domain for domain in known if domain.kept}),
        lost=sum(page.links.lost for page in listed.values() if page.links),
    )


def waterfall(table: Table) -> dict[str, int]:
    """Add up, over the comparable pages, the domains charged to each rule."""
    total: Counter[str] = Counter()
    for page in table.comparable:
        if page.links is not None:
            total.update(page.links.dropped)
    return dict(total)


def _page(page: Measured, basis: Basis, domains: Domains, unusual: frozenset[str]) -> Page:
    candidate, links = page.candidate, page.links
    total = None if page.given else candidate.vendor_total
    outlier = ("outlier",) if candidate.comparable and candidate.page in unusual else ()
    several = links is not None and len(links.by_vendor) > 1
    return Page(
        position=candidate.position,
        authority=candidate.authority,
        raw=page.value("raw"),
        kept=page.value("kept"),
        followed=page.value("followed"),
        count=page.value(basis),
        source=page.sources.get(basis),
        complete=page.wholeness.complete,
        vendor_total=total,
        total_vendor=None if total is None else candidate.total_vendor,
        listed=links.raw if links else None,
        kept_by_own_rules=page.own_rules,
        unjudged=links.unjudged if links else None,
        set_aside=SetAside(links.lost, links.internal) if links else None,
        dropped=links.dropped if links else None,
        by_vendor=links.by_vendor if links else None,
        shared=links.shared if links and several else None,
        disputed=links.disputed if links and several else None,
        domains=domains.get(candidate.page),
        url=candidate.url,
        page=candidate.page,
        domain=candidate.domain,
        comparable=candidate.comparable,
        left_out=candidate.left_out,
        flags=candidate.flags + outlier,
    )
