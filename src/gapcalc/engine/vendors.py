"""Counts the links of several vendors together: which vendor lists a domain, and which keeps it.

A link that two vendors show is one link: its source page and its target page identify it. A domain
is kept when any vendor's link from it is kept.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from gapcalc.connection import Engine
from gapcalc.engine.schema import FOLLOWED, KEPT, MAYBE_FOLLOWED
from gapcalc.results.gap import KnownDomain, VendorFigures
from gapcalc.rows import is_unreadable_sql
from gapcalc.rules.base import ActiveRule

_KNOWN_DOMAIN = """
-- known_domain: a domain that a vendor knows to link to a page, with the best link it knows.
create or replace temp macro known_domain(rules) as table
select page_id, domain, vendor, best_link(failed, followed) as best
from judged_link(rules) where failed is not null group by all;
"""

_BY_VENDOR = f"""
with compared_domain as (
    select *, count(*) over domain as vendors, row_number() over domain = 1 as once,
        max(best) over domain >= {KEPT} and min(best) over domain < {KEPT} as disputed
    from known_domain({{rules}}) window domain as (partition by page_id, domain)
)
select page, vendor, count(*), count(*) filter (best >= {KEPT}),
    case when not {
    is_unreadable_sql(
        f"count(*) filter (best = {MAYBE_FOLLOWED})", f"count(*) filter (best >= {KEPT})"
    )
} then count(*) filter (best = {FOLLOWED}) end, count(*) filter (vendors = 1),
    count(*) filter (vendors > 1 and once), count(*) filter (disputed and once)
from compared_domain join page on id = page_id group by all order by all
"""

_DOMAINS = """
select page, domain, vendor, best from known_domain({rules}) join page on id = page_id
order by all
"""

# Of the links from one page: lost = most listed - most live, by any vendor.
_SET_ASIDE = """
with vendor_source as (
    select page_id, coalesce(source_name.page, source) as source, vendor,
        count(*) filter (internal) as internal, count(*) filter (not internal) as listed,
        count(failed) as live, count(*) filter (failed = 0 and unjudged & {rules} <> 0) as unjudged
    from judged_link({rules}) left join source_name on url = source group by all
),
linking_source as (
    select page_id, max(internal) as internal, max(listed) - max(live) as lost,
        coalesce(min(unjudged) filter (live > 0), 0) as unjudged
    from vendor_source group by page_id, source
)
select page, sum(lost)::bigint, sum(internal)::bigint, sum(unjudged)::bigint
from linking_source join page on id = page_id group by page
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


def count_shared(engine: Engine, judging: Sequence[ActiveRule]) -> Mapping[str, Shared]:
    """Count every page vendor by vendor; needs ``link`` with `source`, and ``source_name``."""
    engine.execute(_KNOWN_DOMAIN)
    pages: dict[str, Shared] = defaultdict(Shared)
    for page, vendor, *counts in engine.query(_under(_BY_VENDOR, judging)):
        *figures, shared, disputed = counts
        known = pages[page]
        known.by_vendor[vendor] = VendorFigures(*figures)
        known.shared += shared
        known.disputed += disputed
    for page, *counts in engine.query(_under(_SET_ASIDE, judging)):
        pages[page].lost, pages[page].internal, pages[page].unjudged = counts
    return pages


def list_domains(
    engine: Engine, judging: Sequence[ActiveRule]
) -> dict[str, tuple[KnownDomain, ...]]:
    """List the referring domains of every page, each with the rank of every vendor's best link."""
    engine.execute(_KNOWN_DOMAIN)
    names = {active.bit: active.id for active in judging}
    found: dict[str, dict[str, dict[str, str]]] = defaultdict(dict)
    for page, domain, vendor, best in engine.query(_under(_DOMAINS, judging)):
        found[page].setdefault(domain, {})[vendor] = names.get(best, "kept")
    return {page: tuple(_known(domains)) for page, domains in found.items()}


def _under(statement: str, judging: Sequence[ActiveRule]) -> str:
    return statement.replace("{rules}", str(sum(active.bit for active in judging)))


def _known(domains: Mapping[str, Mapping[str, str]]) -> Iterator[KnownDomain]:
    for domain, vendors in domains.items():
        yield KnownDomain(domain, "kept" in vendors.values(), vendors)
