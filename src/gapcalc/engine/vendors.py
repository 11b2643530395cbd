"""Counts the links of several vendors together: who knows which domain, and who keeps it.

A link that two vendors show is one link: it is known by the page it stands on and the page it
leads to. A domain is kept when any vendor's link from it is kept.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import duckdb

from gapcalc.engine.best import BEST, JUDGED, KEPT
from gapcalc.results import KnownDomain, VendorFigures
from gapcalc.rules.base import ActiveRule

_KNOWN = f"""
with {JUDGED},
told as (
    select page_id, domain, vendor, {BEST} as best
    from judged where failed is not null group by all
)
"""

_BY_VENDOR = f"""{_KNOWN},
known as (
    select *, count(*) over domain as vendors, row_number() over domain = 1 as once,
        max(best) over domain >= {KEPT} and min(best) over domain < {KEPT} as disputed
    from told window domain as (partition by page_id, domain)
)
select page, vendor, count(*), count(*) filter (best >= {KEPT}),
    count(*) filter (best > {KEPT}), count(*) filter (vendors = 1),
    count(*) filter (vendors > 1 and once), count(*) filter (disputed and once)
from known join page on id = page_id group by all order by all
"""

_DOMAINS = f"""{_KNOWN}
select page, domain, vendor, best from told join page on id = page_id
where page in (select unnest($pages)) order by all
"""

# Of the links from one page, those are lost that no vendor shows alive: the most that any vendor
# shows, less the most that any shows alive.
_ASIDE = f"""
with {JUDGED},
told as (
    select page_id, coalesce(source_name.page, source) as source, vendor,
        count(*) filter (internal) as internal, count(*) filter (not internal) as shown,
        count(failed) as live, count(*) filter (failed = 0 and unjudged) as unjudged
    from judged left join source_name on url = source group by all
),
once as (
    select page_id, max(internal) as internal, max(shown) - max(live) as lost,
        coalesce(min(unjudged) filter (live > 0), 0) as unjudged
    from told group by page_id, source
)
select page, sum(lost)::bigint, sum(internal)::bigint, sum(unjudged)::bigint
from once join page on id = page_id group by page
"""


@dataclass
class Shared:
    """What several vendors together know of a page; links that two of them show count once."""

    by_vendor: dict[str, VendorFigures] = field(default_factory=dict)
    shared: int = 0
    disputed: int = 0
    lost: int = 0
    internal: int = 0
    unjudged: int = 0


def count_shared(
    connection: duckdb.DuckDBPyConnection, judged: Sequence[ActiveRule]
) -> Mapping[str, Shared]:
    """Count every page vendor by vendor; needs ``link`` with `source`, and ``source_name``."""
    rules = {"rules": sum(active.bit for active in judged)}
    pages: dict[str, Shared] = defaultdict(Shared)
    for page, vendor, *counts in connection.execute(_BY_VENDOR, rules).fetchall():
        *figures, shared, disputed = map(int, counts)
        found = pages[page]
        found.by_vendor[vendor] = VendorFigures(*figures)
        found.shared += shared
        found.disputed += disputed
    for page, *counts in connection.execute(_ASIDE, rules).fetchall():
        pages[page].lost, pages[page].internal, pages[page].unjudged = map(int, counts)
    return pages


def list_domains(
    connection: duckdb.DuckDBPyConnection, judged: Sequence[ActiveRule], pages: Collection[str]
) -> dict[str, tuple[KnownDomain, ...]]:
    """List the referring domains of pages, each with what every vendor's best link of it came to."""
    wanted = {"rules": sum(active.bit for active in judged), "pages": sorted(pages)}
    names = {active.bit: active.id for active in judged}
    found: dict[str, dict[str, dict[str, str]]] = {page: {} for page in pages}
    for page, domain, vendor, best in connection.execute(_DOMAINS, wanted).fetchall():
        found[page].setdefault(domain, {})[vendor] = names.get(best, "kept")
    return {page: tuple(_known(domains)) for page, domains in found.items()}


def _known(domains: Mapping[str, Mapping[str, str]]) -> Iterator[KnownDomain]:
    for domain, vendors in domains.items():
        yield KnownDomain(domain, "kept" in vendors.values(), vendors)
