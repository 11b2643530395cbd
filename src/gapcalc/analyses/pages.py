"""Shows the measured pages: every figure known of each, and where it comes from."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import fields

from gapcalc.analyses.measure import Measured, Table
from gapcalc.analyses.statistics import outlying
from gapcalc.results import Authority, KnownDomain, Page, SetAside, TargetPage
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
    """Give every page of the table as the result shows it."""
    unusual = outlying(table, basis)
    return tuple(_page(page, basis, domains, unusual) for page in table.pages)


def own_page(
    table: Table, basis: Basis, authority: Authority | None, domains: Domains
) -> TargetPage | None:
    """Give the target page as the result shows it, None where nothing is known of one."""
    if table.own is None:
        return None
    own = _page(table.own, basis, domains, frozenset())
    shared = {field.name: getattr(own, field.name) for field in fields(TargetPage)}
    address = {"url": own.url or None, "page": own.page or None}
    return TargetPage(**{**shared, **address, "authority": authority})


def waterfall(table: Table) -> dict[str, int]:
    """Add up, over the comparable pages, the domains charged to each rule."""
    total: Counter[str] = Counter()
    for page in table.comparable:
        if page.links is not None:
            total.update(page.links.dropped)
    return dict(total)


def _page(page: Measured, basis: Basis, domains: Domains, unusual: frozenset[str]) -> Page:
    candidate, links, count = page.candidate, page.links, page.counts.get(basis)
    outlier = ("outlier",) if candidate.comparable and candidate.page in unusual else ()
    several = links is not None and len(links.by_vendor) > 1
    return Page(
        position=candidate.position,
        url=candidate.url,
        page=candidate.page,
        domain=candidate.domain,
        authority=candidate.authority,
        raw=page.value("raw"),
        kept=page.value("kept"),
        followed=page.value("followed"),
        count=count.value if count else None,
        source=count.source if count else None,
        complete=page.complete,
        comparable=candidate.comparable,
        left_out=candidate.left_out,
        flags=candidate.flags + outlier,
        vendor_total=None if page.given else page.vendor_total,
        total_vendor=None if page.given or page.vendor_total is None else candidate.total_vendor,
        listed=links.raw if links else None,
        kept_by_own_rules=page.own_rules,
        unjudged=links.unjudged if links else None,
        set_aside=SetAside(links.lost, links.internal) if links else None,
        dropped=links.dropped if links else None,
        by_vendor=links.by_vendor if links else None,
        shared=links.shared if links and several else None,
        disputed=links.disputed if links and several else None,
        domains=domains.get(candidate.page),
    )
