"""Finds when pages won and lost their counted referring domains, by month."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, timedelta

from gapcalc.engine.count import Counts
from gapcalc.engine.kept import LOST_ON
from gapcalc.rows import DomainMonths, LinkFile, is_unreadable

FIELDS = ("first_seen", LOST_ON)
"""The link columns that the counts must have been opened with."""

# domain_day: a domain that links or linked to a page by links that pass the rules. won: the day of
# the earliest of them. lost: the day on which the last of them was lost, if none is left. A row
# without a month gives the totals of a page: domains, domains with a day won, domains lost, and
# lost domains with a day lost.
_BY_MONTH = """
with domain_day as not materialized (
    select page_id, domain, won, is_lost, case when is_lost then lost_on end as lost
    from page_domain where is_lost is not null
),
event as (
    select page_id, won as day, 1 as won, 0 as lost from domain_day where won is not null
    union all
    select page_id, lost as day, 0 as won, 1 as lost from domain_day where lost is not null
)
select page, (year(day) * 12 + month(day) - 1)::integer as month, sum(won)::bigint as won,
    sum(lost)::bigint as lost, null as gone, null as dated
from event join page on id = page_id group by all
union all
select page, null, count(*), count(won), count(*) filter (is_lost), count(lost)
from domain_day join page on id = page_id group by page
order by page, month
"""

_FILES = """
select page, coalesce(files, []) from page left join page_files using (page) order by page
"""

_FILES_WITH_LOST = "select distinct file from link_row where lost"


def find_months(counts: Counts, rules: Collection[str], as_of: date) -> dict[str, DomainMonths]:
    """Give, for every page, its counted domains won and lost by month (docs/method.md, Plan).

    Only links that pass the named rules matter. A domain is won when the first of them was first seen,
    and lost when the last of them was lost. The counts must have `FIELDS`.
    """
    losing = {number for (number,) in counts.query(_FILES_WITH_LOST, rules)}
    dated: dict[str, tuple[int, int, int, int]] = {}
    won: dict[str, dict[int, int]] = defaultdict(dict)
    lost: dict[str, dict[int, int]] = defaultdict(dict)
    counts.create_page_domain(rules)
    for page, month, first, last, *more in counts.query(_BY_MONTH, rules):
        if month is None:
            dated[page] = (first, last, *more)
        else:
            won[page] |= {month: first} if first else {}
            lost[page] |= {month: last} if last else {}
    by_number = {file.input: file for file in counts.files}
    found = {}
    for page, numbers in counts.query(_FILES, rules):
        files = [by_number[number] for number in numbers]
        domains, with_day, gone, with_lost_day = dated.get(page, (0, 0, 0, 0))
        day, is_sure = _last_day(files, as_of)
        found[page] = DomainMonths(
            won=won[page],
            lost=lost[page],
            end=_month_after(day),
            end_is_sure=is_sure,
            shows_lost=not losing.isdisjoint(numbers)
            and not is_unreadable(gone - with_lost_day, gone),
            unknown=_why_unknown(files, domains - with_day, domains),
        )
    return found


def _last_day(files: Sequence[LinkFile], as_of: date) -> tuple[date, bool]:
    """Give the last day of a page's data, and whether it is certain.

    Files that only tell when links were first seen may be newer than their newest link.
    """
    seen = [file.last_day for file in files if file.last_day and file.first_day]
    newest = [file.last_day for file in files if file.last_day]
    return min(as_of, max(seen or newest, default=as_of)), bool(seen)


def _month_after(day: date) -> int:
    """Give the first month that does not end by this day."""
    following = day + timedelta(days=1)
    return following.year * 12 + following.month - 1


def _why_unknown(files: Sequence[LinkFile], undated: int, domains: int) -> str | None:
    if any(file.hides_lost for file in files):
        return "nothing tells which of its links are lost"
    if any(file.one_per_domain for file in files):
        return "its list has one link per domain"
    if is_unreadable(undated, domains):
        return "its list does not say when links were first seen"
    return None
