"""Finds the domains that link to the compared pages and not to the target page.

page_domain -> linked -> lead -> the best link of each to each page
"""

from collections.abc import Callable, Mapping
from sys import intern

from gapcalc.connection import Row
from gapcalc.engine.count import Counts
from gapcalc.engine.kept import LOST_ON
from gapcalc.engine.schema import KEPT
from gapcalc.linkfacts import DomainScore, FoundLeads, LeadLink, LeadQuestion, LinkingDomain

FIELDS = (
    *("source_url", "title", "anchor", "kind", "nofollow", "ugc", "sponsored"),
    *("authority", "page_authority", "domain_traffic", "first_seen", "ip", LOST_ON),
)
"""The link columns that the statements here need."""

_ASKED_PAGE = """
-- asked_page: a page that a question compares with, or its own page.
create or replace temp table asked_page as
select question, id as page_id, own
from (select unnest($questions) as question, unnest($pages) as page, unnest($owns) as own)
join page using (page);
"""

_OWN_DOMAIN = """
-- own_domain: a domain with links to a page of the own site, and whether one of them is live.
create or replace temp table own_domain as
select page_id, domain, count(failed) > 0 as live, max(lost_on) filter (gone) as lost_on
from judged_link(0)
where not internal and page_id in (select id from page join page_site using (page) where site = $site)
group by page_id, domain;
"""

_LINKED = f"""
-- linked: a domain with counted links to pages of a question that are compared.
create or replace temp table linked as
select question, domain, count(*) as pages
from asked_page join page_domain using (page_id) where not own and best >= {KEPT} group by all;
"""

_LEAD = """
-- lead: a domain with counted links to pages of a question, and its links to the own site. lost: it
-- has links to the own page, and every one is lost.
create or replace temp table lead as
with to_page as (
    select question, domain, live, lost_on from asked_page join own_domain using (page_id) where own
),
to_site as (select domain, count(*) filter (live) as pages from own_domain group by domain)
select question, domain, linked.pages, coalesce(live, false) as links,
    coalesce(not live, false) as lost, case when not live then lost_on end as lost_on,
    coalesce(to_site.pages, 0) > coalesce(live::integer, 0) as elsewhere
from linked left join to_page using (question, domain) left join to_site using (domain)
where linked.pages >= $least or coalesce(not live, false);
"""

_BEHIND = "select question, count(*) from linked group by question"

_LEADS = "from lead order by question, domain"

# The best link of a lead to each page that makes it one. It is followed, on the strongest site and page, and the oldest.
_BEST_LINKS = """
select domain, page, vendor, source_url, title, anchor, kind, nofollow, ugc, sponsored, followed,
    first_seen
from judged_link({rules}) join page on id = page_id
where failed = 0 and domain in (select unnest($domains)) and (page_id, domain) in (
    select (page_id, domain) from asked_page join lead using (question) where not own and not links
)
qualify row_number() over (
    partition by page_id, domain
    order by case when followed then 0 when followed is null then 1 else 2 end,
        authority desc nulls last, page_authority desc nulls last, first_seen nulls last,
        source_url, anchor, title, kind, vendor, nofollow, ugc, sponsored
) = 1
order by domain, page
"""

_SCORES = """
select domain, vendor, max(authority), max(domain_traffic)
from judged_link({rules})
where failed = 0 and page_id in (select page_id from asked_page where not own)
    and domain in (select unnest($domains))
group by domain, vendor order by domain, vendor
"""

_SITE_PAGES = "select page from page join page_site using (page) where site = $site"


def find_leads(
    counts: Counts,
    questions: Mapping[int, LeadQuestion],
    site: str,
    least: int,
    is_wanted: Callable[[str], bool],
) -> FoundLeads:
    """Find the domains that link to at least `least` pages of a question, or lost their link to us.

    Questions are identified by their numbers. For wanted domains that do not link to the own page,
    the best link to each page is given. Each question has its own rules; questions with the same
    rules share one query.
    """
    found = FoundLeads([], [], [], {}, _pages_of(counts, site))
    counts.run(_OWN_DOMAIN, values={"site": site})
    groups: dict[frozenset[str], list[int]] = {}
    once = _Once()
    for number, question in questions.items():
        groups.setdefault(question.rules, []).append(number)
    for rules, numbers in groups.items():
        asked = [(n, page, False) for n in numbers for page in questions[n].pages]
        asked += [(n, questions[n].own, True) for n in numbers]
        columns = zip(("questions", "pages", "owns"), zip(*asked, strict=True), strict=True)
        counts.run(_ASKED_PAGE, values={name: list(column) for name, column in columns})
        counts.create_page_domain(rules)
        counts.run(_LINKED)
        counts.run(_LEAD, values={"least": least})
        domains = [
            LinkingDomain(number, once(domain), *row)
            for number, domain, *row in counts.stream(_LEADS, ())
        ]
        leads = sorted({d.domain for d in domains if not d.links and is_wanted(d.domain)})
        found.domains.extend(domains)
        found.behind.update(counts.query(_BEHIND, ()))
        rows = counts.stream(_BEST_LINKS, rules, {"domains": leads})
        found.links.extend(_link(numbers[0], row, once) for row in rows)
        rows = counts.stream(_SCORES, rules, {"domains": leads})
        found.scores.extend(
            DomainScore(once(domain), once(vendor), *row) for domain, vendor, *row in rows
        )
    return found


def _pages_of(counts: Counts, site: str) -> frozenset[str]:
    return frozenset(page for (page,) in counts.query(_SITE_PAGES, (), {"site": site}))


class _Once(dict[str, str]):
    """Keeps one object for each distinct text, which saves memory with a million links."""

    def __call__(self, text: str) -> str:
        return self.setdefault(text, text)


def _link(group: int, row: Row, once: _Once) -> LeadLink:
    domain, page, vendor, url, title, anchor, kind, *rel, first_seen = row
    day = first_seen and once(first_seen.isoformat())
    return LeadLink(
        group,
        once(domain),
        once(page),
        once(vendor),
        url or None,
        title or None,
        anchor and once(anchor),
        once(kind) if kind else None,
        _rel(*rel),
        day,
    )


def _rel(nofollow: object, ugc: object, sponsored: object, followed: object) -> str | None:
    """Write the rel of a link; None where the file does not state it."""
    said = {"nofollow": nofollow, "ugc": ugc, "sponsored": sponsored}
    words = " ".join(name for name, is_so in said.items() if is_so)
    return intern(words) if words else "follow" if followed else None
