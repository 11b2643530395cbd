"""Finds when pages won and lost their counted referring domains, by month."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta

from gapcalc.engine.count import Counts
from gapcalc.engine.read import LOST_ON
from gapcalc.rows import DomainMonths, LinkFile, PageLinks, is_unreadable

FIELDS = ("first_seen", LOST_ON)
"""The link columns that the counts must have been opened with."""

# domain_day: a domain that links or linked to a page by links that pass the rules. won: the day of
# the earliest of them. lost: the day on which the last of them was lost, if none is left.
_DOMAIN_DAY = """
with domain_day as (
    select page_id, domain, min(first_seen) as won, bool_and(lost) as is_lost,
        case when bool_and(lost) then max(lost_on) end as lost
    from judged_link({rules}) where not internal and mask & {rules} = 0 group by page_id, domain
)
"""

_BY_MONTH = f"""{_DOMAIN_DAY},
event as (
    select page_id, won as day, 1 as won, 0 as lost from domain_day where won is not null
    union all
    select page_id, lost as day, 0 as won, 1 as lost from domain_day where lost is not null
)
select page, (year(day) * 12 + month(day) - 1)::integer as month, sum(won)::bigint, sum(lost)::bigint
from event join page on id = page_id group by all order by all
"""

_DATED = f"""{_DOMAIN_DAY}
select page, count(*), count(won), count(*) filter (is_lost), count(lost)
from domain_day join page on id = page_id group by all
"""

_FILES_WITH_LOST = "select distinct file from link_row where lost"


def find_months(counts: Counts, rules: Collection[str], as_of: date) -> Mapping[str, DomainMonths]:
    """Give, for every page, its counted domains won and lost by month (docs/method.md, Plan).

    A domain is won on the day when the first of its links that pass the named rules was first seen,
    and lost on the day when the last of them was, if all are. The counts must have `FIELDS`.
    """
    pages = counts.count(rules)
    files = {file.input: file for file in counts.files}
    losing = {number for (number,) in counts.query(_FILES_WITH_LOST, rules)}
    dated = {page: tuple(found) for page, *found in counts.query(_DATED, rules)}
    won: dict[str, dict[int, int]] = {page: {} for page in pages}
    lost: dict[str, dict[int, int]] = {page: {} for page in pages}
    for page, month, first, last in counts.query(_BY_MONTH, rules):
        won[page] |= {month: first} if first else {}
        lost[page] |= {month: last} if last else {}
    latest = max((file.last_day for file in files.values() if file.last_day), default=as_of)
    found = {}
    for page, links in pages.items():
        of_page = [files[number] for number in sorted(links.inputs)]
        domains, with_day, gone, with_lost_day = dated.get(page, (0, 0, 0, 0))
        found[page] = DomainMonths(
            won=won[page],
            lost=lost[page],
            end=_month_of(min(as_of, _last_day(of_page, latest)) + timedelta(days=1)),
            shows_lost=not losing.isdisjoint(links.inputs)
            and not is_unreadable(gone - with_lost_day, gone),
            unknown=_why_unknown(links, of_page, domains - with_day, domains),
        )
    return found


def _last_day(files: Iterable[LinkFile], latest: date) -> date:
    """Give the last day of the data of a page.

    Files that tell only when links were seen first may be newer than their newest link. Their data
    is taken to end with the newest of all files.
    """
    days = [file.last_day for file in files if file.last_day and file.first_day]
    return max(days, default=latest)


def _month_of(day: date) -> int:
    return day.year * 12 + day.month - 1


def _why_unknown(
    links: PageLinks, files: Iterable[LinkFile], undated: int, domains: int
) -> str | None:
    if links.is_unknown:
        return "nothing tells which links are lost"
    if any(file.one_per_domain for file in files):
        return "its list has one link per domain"
    if is_unreadable(undated, domains):
        return "its list does not say when links were first seen"
    return None
