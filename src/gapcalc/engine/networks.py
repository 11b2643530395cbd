"""Finds domains that link to exactly the same compared pages, with signs of a common owner."""

from collections.abc import Mapping, Sequence

from gapcalc.engine.count import Counts
from gapcalc.rows import GroupedDomain

FIELDS = ("authority", "anchor", "ip")
"""The link columns that the statements here need."""

_GROUPED = """
-- grouped: a domain with live links to the same compared pages as at least $least in all. Enough of
-- them are weak for a median below $weak: each has its highest authority by any vendor.
create or replace temp table grouped as
with compared_page as (
    select question, id as page_id
    from (select unnest($questions) as question, unnest($names) as page) join page using (page)
),
linked as (
    select question, domain, list(page_id order by page_id) as pages, max(authority) as authority
    from compared_page join page_domain using (page_id)
    where best is not null group by all having count(*) >= 2
)
from linked window alike as (partition by question, pages)
qualify count(*) over alike >= $least
    and 2 * count(*) filter (authority < $weak) over alike >= $least;
"""

_ALIKE = """
-- alike: the grouped domains that may be a network. All of their group are weak, and it links to
-- $many pages; or enough of them have the same ends of their anchors, as numbers, or one address
-- range. To compare the ends is far quicker than to list what lies between.
create or replace temp table alike as
with trait as (
    select question, grouped.domain, pages, grouped.authority,
        min(hash(lower(trim(anchor)))) as low_anchor, max(hash(lower(trim(anchor)))) as high_anchor,
        min(rtrim(ip, '0123456789')) as low_range, max(rtrim(ip, '0123456789')) as high_range
    from grouped join judged_link(0) as link
        on link.domain = grouped.domain and list_contains(pages, link.page_id)
    where failed is not null group by all
)
select question, domain, pages, authority from trait
window same_pages as (partition by question, pages),
    same_anchors as (partition by question, pages, low_anchor, high_anchor),
    same_range as (partition by question, pages, low_range, high_range)
qualify (len(pages) >= $many and median(coalesce(authority, 101)) over same_pages < $weak)
    or (count(*) over same_anchors >= $least
        and 2 * count(*) filter (authority < $weak) over same_anchors >= $least)
    or (low_range = high_range and count(*) over same_range >= $least
        and 2 * count(*) filter (authority < $weak) over same_range >= $least);
"""

_EVIDENCE = """
with evidence as (
    select question, alike.domain, pages, alike.authority,
        case when bool_and(anchor is not null)
            then list(distinct lower(trim(anchor)) order by lower(trim(anchor))) end as anchors,
        case when bool_and(regexp_full_match(coalesce(ip, ''), '([0-9]{1,3}[.]){3}[0-9]{1,3}'))
            then list(distinct regexp_extract(ip, '^(.*)[.]', 1) order by regexp_extract(ip, '^(.*)[.]', 1))
            end as ranges
    from alike join judged_link(0) as link
        on link.domain = alike.domain and list_contains(pages, link.page_id)
    where failed is not null group by all
)
select question, list_sort(list_transform(pages, lambda id: names[id])), domain, authority, anchors,
    ranges
from evidence cross join (select map_from_entries(list((id, page))) as names from page)
order by all
"""

_KEPT = """
select distinct page, domain from judged_link({rules}) join page on id = page_id
where failed = 0 and domain in (select unnest($domains)) and page in (select unnest($pages))
order by page, domain
"""


def find_grouped(
    counts: Counts, compared: Sequence[Sequence[str]], least: int, weak: int, many: int
) -> list[GroupedDomain]:
    """Find, for each question, the groups of at least `least` domains that link to the same pages.

    Groups whose median authority is not below `weak` are left out. So are the domains in groups
    with fewer than `many` pages that share neither anchors nor an address range.
    """
    asked = [(number, page) for number, pages in enumerate(compared) for page in pages]
    if not asked:
        return []
    numbers, names = zip(*asked, strict=True)
    counts.create_page_domain()
    pages = {"questions": list(numbers), "names": list(names)}
    counts.run(_GROUPED, values={**pages, "least": least, "weak": weak})
    if not counts.query("from grouped limit 1", ()):
        return []
    counts.run(_ALIKE, values={"least": least, "weak": weak, "many": many})
    if not counts.query("from alike limit 1", ()):
        return []
    return [
        GroupedDomain(question, tuple(pages), domain, authority, _texts(anchors), _texts(ranges))
        for question, pages, domain, authority, anchors, ranges in counts.query(_EVIDENCE, ())
    ]


def counted_among(
    counts: Counts, rules: frozenset[str], domains: Sequence[str], pages: Sequence[str]
) -> Mapping[str, frozenset[str]]:
    """Give, for each page, which of the domains are counted under the rules."""
    found: dict[str, set[str]] = {}
    values = {"domains": list(domains), "pages": list(pages)}
    for page, domain in counts.query(_KEPT, rules, values):
        found.setdefault(page, set()).add(domain)
    return {page: frozenset(domains) for page, domains in found.items()}


def _texts(values: Sequence[str] | None) -> tuple[str, ...] | None:
    return None if values is None else tuple(values)
