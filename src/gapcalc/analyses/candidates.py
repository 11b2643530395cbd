"""Which pages are comparable? Every other one is left out, or flagged, for a reason that is shown."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from gapcalc import data
from gapcalc.analyses.question import (
    DROPPABLE,
    Question,
    Serp,
    Sibling,
    Target,
    keyword_key,
)
from gapcalc.results.shared import Authority
from gapcalc.rows import LinkCounts, PageLinks, SerpRow
from gapcalc.stats import whole
from gapcalc.urls import host_of_page, is_home
from gapcalc.words import is_site_score

FEATURE = "serp-feature"


class Candidate(NamedTuple):
    """A page that may be measured against; `total_vendor` is whose figure `vendor_total` is."""

    position: int | None
    url: str
    page: str
    domain: str
    authority: Authority | None = None
    vendor_total: int | None = None
    total_vendor: str | None = None
    left_out: str | None = None
    flags: tuple[str, ...] = ()

    @property
    def comparable(self) -> bool:
        """Say whether the page takes part in the statistics."""
        return self.left_out is None


def find_candidates(
    serp: Serp, counts: LinkCounts | None, question: Question
) -> tuple[list[Candidate], Candidate | None]:
    """Find the pages to measure, and the target page among or beside them."""
    if serp.rows or counts is None:
        candidates = from_serp(serp.rows, question)
    else:
        candidates = from_links(counts.count(frozenset()), question)
    return candidates, _find_own(serp, candidates, question)


def settle_target(serp: Serp, counts: LinkCounts | None, question: Question) -> Question:
    """Find the page that the user meant, in this SERP and among the pages with links.

    A site stands for its best-ranking page. A page that is not found may be there in another letter
    case. If the page does not rank, but another page of its site does, that one is noted.
    """
    question = _ask_about(serp, question)
    target = question.target
    if target is None or target.chosen != "named":
        return question
    ranking = sorted((row for row in serp.rows if row.organic), key=place_of)
    if target.is_site:
        found = _best_of_site(serp, target.page)
    else:
        found = _with_other_case(target.page, serp.rows, counts)
    if found is not None:
        chosen = "best-ranking" if target.is_site else target.chosen
        url, page = found
        target = target._replace(url=url, page=page, chosen=chosen, instead_of=target.url)
    elif all(row.page != target.page for row in ranking):
        ours = (row for row in ranking if row.domain == target.domain)
        sibling = next((Sibling(row.url, row.page, place_of(row)) for row in ours), None)
        target = target._replace(sibling=sibling)
    return question._replace(target=target)


def _ask_about(serp: Serp, question: Question) -> Question:
    """Make the question that of one keyword: its own target page, its own KD and price.

    A keyword that the file of target pages names no page for has the best-ranking page of the
    site; without one it has a new page, which no URL names yet.
    """
    if question.site is None and not question.targets:
        return question
    row = question.targets.get(keyword_key(serp.keyword))
    kd = question.kd if row is None or row.kd is None else row.kd
    target = (row and row.target) or _of_site(serp, question)
    price = question.price if row is None or row.price is None else row.price
    return question._replace(target=target, kd=kd, price=price)


def _of_site(serp: Serp, question: Question) -> Target:
    site = question.site
    if site is None:
        known = {row.target.domain for row in question.targets.values() if row.target}
        return Target("", "", known.pop() if len(known) == 1 else "", chosen="new")
    best = _best_of_site(serp, site.page)
    if best is None:
        return Target("", "", site.domain, chosen="new")
    return Target(*best, site.domain, chosen="best-ranking")


def _best_of_site(serp: Serp, host: str) -> tuple[str, str] | None:
    """Give URL and page of the organic result that ranks best on a host or below it."""
    ours = [row for row in serp.rows if row.organic and is_of_host(row.page, host)]
    best = min(ours, key=lambda row: (place_of(row), row.page, row.url), default=None)
    return None if best is None else (best.url, best.page)


def is_of_host(page: str, host: str) -> bool:
    """Say whether a page is of a host, or of one below it."""
    if host not in page:  # a cheap look that spares most pages the careful one
        return False
    own = host_of_page(page)
    return own == host or own.endswith(f".{host}")


def _with_other_case(
    page: str, rows: Sequence[SerpRow], counts: LinkCounts | None
) -> tuple[str, str] | None:
    listed = counts.pages if counts else {}
    if page in listed or any(row.page == page for row in rows):
        return None
    known = [(row.url, row.page) for row in sorted(rows, key=place_of)]
    # Beside a SERP, only its pages may be meant: what else is listed is for other keywords.
    known += [] if rows else [(url, page) for page, url in listed.items()]
    return next((one for one in known if one[1].casefold() == page.casefold()), None)


def _find_own(serp: Serp, candidates: Sequence[Candidate], question: Question) -> Candidate | None:
    """Find the target page: among the candidates, further down the SERP, or as it was named."""
    if question.target is None:
        return Candidate(None, "", "", "") if question.own_rds is not None else None
    target = question.target
    listed = [candidate for candidate in candidates if candidate.page == target.page]
    if listed:
        return listed[0]
    rows = [row for row in serp.rows if row.page == target.page]
    if not rows:
        return Candidate(None, target.url, target.page, target.domain)
    best = min(rows, key=lambda row: (not row.organic, place_of(row), row.url))
    own = _candidate(best, _figures(serp.rows)[target.page])
    # The place of a SERP feature, such as an ad, is no position.
    return own if best.organic else own._replace(position=None)


def from_serp(rows: Sequence[SerpRow], question: Question) -> list[Candidate]:
    """Judge the rows of one keyword's SERP: one candidate per exact page, best position first.

    Organic results down to position `top` come first; rows of SERP features are listed after
    them, unless their page ranks organically as well or is the target page.
    """
    own = question.target.page if question.target else None
    shown = [row for row in rows if row.organic or row.page != own]
    ranked = sorted(shown, key=lambda row: (not row.organic, place_of(row), row.page, row.url))
    figures = _figures(rows)
    taken: dict[str, Candidate] = {}
    for row in ranked:
        if row.page not in taken and (not row.organic or place_of(row) <= question.top):
            taken[row.page] = _candidate(row, figures[row.page])
    further = {row.page: row for row in reversed(ranked) if row.organic}
    named = [
        _candidate(further[page], figures[page])
        if page in further
        else Candidate(None, url, page, domain)
        for url, page, domain in question.competitors
        if page not in taken
    ]
    return _judge([*taken.values(), *named], question)


def place_of(row: SerpRow | Candidate) -> int:
    """Give the position to order by; what has none comes last."""
    return row.position if row.position is not None else 10**6


def _figures(rows: Sequence[SerpRow]) -> dict[str, SerpRow]:
    """Give, for each page, the row whose figures count: that of the vendor with most totals, if any."""
    totals = Counter(row.vendor or "" for row in rows if row.referring_domains is not None)
    vendors = sorted(totals, key=lambda vendor: (-totals[vendor], vendor))

    def order(row: SerpRow) -> tuple[object, ...]:
        known, vendor = row.referring_domains is not None, row.vendor or ""
        place = vendors.index(vendor) if vendor in totals else len(vendors)
        return (
            not known,
            not row.organic,
            place,
            place_of(row),
            row.url,
            -(row.referring_domains or 0),
        )

    return {row.page: row for row in sorted(rows, key=order, reverse=True)}


def _candidate(row: SerpRow, figures: SerpRow) -> Candidate:
    return Candidate(
        position=row.position,
        url=row.url,
        page=row.page,
        domain=row.domain,
        authority=authority_of(figures) or authority_of(row),
        vendor_total=figures.referring_domains,
        total_vendor=figures.vendor,
        left_out=None if row.organic else FEATURE,
    )


def authority_of(row: SerpRow) -> Authority | None:
    """Give the row's authority with the vendor's name for it; a whole score is an integer."""
    if row.authority is None:
        return None
    return Authority(row.metric or "authority", whole(row.authority))


def own_authority(serp: Serp, question: Question) -> Authority | None:
    """Give our site's authority: the target page's row first, else any page of the site."""
    if question.target is None:
        return None
    target = question.target
    mine = [row for row in serp.rows if row.domain == target.domain]
    mine.sort(key=lambda row: (row.page != target.page, row.position or 10**6, row.url))
    return next((score for row in mine if (score := site_score(authority_of(row)))), None)


def site_score(authority: Authority | None) -> Authority | None:
    """Give the score of a whole site; None for the score of a page, which says nothing about its site."""
    return authority if authority and is_site_score(authority.metric) else None


def from_links(counts: Mapping[str, PageLinks], question: Question) -> list[Candidate]:
    """Judge the pages of link files without a SERP.

    Where all links of a file to a site point to one page, they are that page's list. A file with
    several target pages of a site is a site-scope export: none of these pages is comparable unless it
    is named.
    """
    named = {page for _, page, _ in question.competitors}
    pages_of = Counter((file, links.domain) for links in counts.values() for file in links.inputs)
    chosen = [
        Candidate(
            None,
            links.url,
            links.page,
            links.domain,
            left_out="site-scope"
            if any(pages_of[file, links.domain] > 1 for file in links.inputs)
            and links.page not in named
            else None,
        )
        for links in counts.values()
    ]
    missing = [page for page in question.competitors if page[1] not in counts]
    chosen += [Candidate(None, *page) for page in missing]
    return _judge(sorted(chosen, key=lambda page: _most_linked_first(page, counts)), question)


def _most_linked_first(
    candidate: Candidate, counts: Mapping[str, PageLinks]
) -> tuple[bool, int, str]:
    links = counts.get(candidate.page)
    return candidate.left_out is not None, -links.raw if links else 0, candidate.page


def _judge(candidates: Iterable[Candidate], question: Question) -> list[Candidate]:
    seen: set[str] = set()
    judged = []
    for candidate in candidates:
        reason = (
            # A SERP feature does not rank, even if it shows a page of the own site.
            _feature(candidate)
            or _ownership(candidate, question)
            or candidate.left_out
            or _exclusion(candidate, question)
        )
        flags = () if reason else tuple(_flags(candidate, question, seen))
        if not reason:
            seen.add(candidate.domain)
            reason = next((flag for flag in flags if flag in question.drop), None)
        judged.append(candidate._replace(left_out=reason, flags=flags))
    return judged


def _feature(candidate: Candidate) -> str | None:
    return candidate.left_out if candidate.left_out == FEATURE else None


def _ownership(candidate: Candidate, question: Question) -> str | None:
    if question.target is None:
        return None
    if candidate.page == question.target.page:
        return "own-page"
    return "own-domain" if candidate.domain == question.target.domain else None


def _exclusion(candidate: Candidate, question: Question) -> str | None:
    by_host = any(is_of_host(candidate.page, name) for name in question.exclude_hosts)
    return "excluded" if by_host or candidate.page in question.exclude_pages else None


def _flags(candidate: Candidate, question: Question, seen: set[str]) -> Iterable[str]:
    target = question.target
    target_is_home = target is not None and target.chosen != "new" and is_home(target.page)
    holds = {
        "platform": is_platform(candidate.domain),
        "homepage": is_home(candidate.page) and not target_is_home,
        "duplicate-domain": candidate.domain in seen,
    }
    return (flag for flag in DROPPABLE if holds[flag])


def is_platform(domain: str) -> bool:
    """Say whether a registrable domain is on the packaged list of platforms.

    >>> is_platform("amazon.co.uk"), is_platform("amazonas.example")
    (True, False)
    """
    names, domains = _platforms()
    return domain.partition(".")[0] in names or domain in domains


@cache
def _platforms() -> tuple[frozenset[str], frozenset[str]]:
    platforms = data.load("platforms")
    return frozenset(platforms["names"]), frozenset(platforms["domains"])
