"""The answers as lists: a row for each keyword, page, referring domain or lead, and records."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from gapcalc.results.gap import GapResult, KeywordResult, Page, TargetPage
from gapcalc.words import RowKind

if TYPE_CHECKING:
    from gapcalc.results.audit import AuditResult
    from gapcalc.results.plan import PlannedKeyword, PlanResult
    from gapcalc.results.prospects import (
        HelpedKeyword,
        KeywordLeads,
        Lead,
        LinkingPage,
        ProspectsResult,
    )

AnyPage = Page | TargetPage
Row = tuple[object, ...]
Columns = Mapping[str, Callable[[Any], object]]
"""The columns of a row by their headings, in order: how each cell is made from a record."""


def columns(paths: str) -> Columns:
    """Give a column for each field that is named; None where a part on the way to it is None.

    >>> [*columns("url target_page.page own=summary.own")]
    ['url', 'page', 'own']
    """
    found = {}
    for text in paths.split():
        name, _, path = text.rpartition("=")
        found[name or path.rpartition(".")[2]] = _field(path.split("."))
    return found


def _field(names: Sequence[str]) -> Callable[[Any], object]:
    def read(part: object) -> object:
        for name in names:
            part = None if part is None else getattr(part, name)
        return part

    return read


def _where(figure: str, paths: str) -> Columns:
    """Give columns that are unknown where this figure of the summary is."""

    def known(read: Callable[[Any], object]) -> Callable[[Any], object]:
        return lambda answer: read(answer) if is_known(answer) is not None else None

    is_known = _field(("summary", figure))
    return {name: known(read) for name, read in columns(paths).items()}


def cells(columns: Columns, record: object) -> Row:
    """Give the row of a record."""
    return tuple(cell(record) for cell in columns.values())


class PageOfAnswer(NamedTuple):
    """A page with the answer that it belongs to."""

    answer: KeywordResult
    page: AnyPage


COLUMNS: Columns = {
    **columns("answer.keyword answer.country page.position page.url page.page"),
    "domain": lambda one: one.page.domain if isinstance(one.page, Page) else None,
    **columns(
        "page.authority.metric authority=page.authority.value page.raw page.kept page.followed "
        "page.count answer.basis page.source page.complete"
    ),
    "comparable": lambda one: isinstance(one.page, Page) and one.page.comparable,
    "left_out": lambda one: one.page.left_out if isinstance(one.page, Page) else "own-page",
    "flags": lambda one: " ".join(one.page.flags) if isinstance(one.page, Page) else "",
    **columns(
        "page.vendor_total page.listed lost_links=page.set_aside.lost "
        "internal_links=page.set_aside.internal"
    ),
    "dropped": lambda one: _pairs({r: n for r, n in (one.page.dropped or {}).items() if n}),
    "vendors": lambda one: _pairs({v: k.raw for v, k in (one.page.by_vendor or {}).items()}),
    **columns("page.shared page.disputed"),
}
DOMAIN_COLUMNS: Columns = {
    "referring_domain": lambda known: known.domain,
    "kept": lambda known: known.kept,
    "vendors": lambda known: " ".join(known.vendors),
    "verdicts": lambda known: _pairs(known.vendors),
}
"""The columns of a referring domain, after those that name the page."""
KEYWORD_COLUMNS: Columns = {
    **columns("keyword country volume kd target_page.url target_page.page target_page.chosen"),
    **columns("target_page.position basis summary.own summary.goal"),
    **_where("goal", "goal_bound=goals.bound"),
    **columns("summary.to_competitive to_median=summary.need"),
    **_where("need", "need_bound=gap.bound months_low=plan.months.low"),
    **columns("months_middle=summary.months_middle"),
    **_where("need", "months_high=plan.months.high"),
    **columns("pages=goals.n goals.confidence verdict=verdict.code verdict.sentence"),
}
"""The columns of a keyword, before the error of one that has no answer."""
_PAGE_NAMES = ("keyword", "country", "position", "url", "page")


def every_page(answer: KeywordResult) -> tuple[AnyPage, ...]:
    """Give the pages of an answer, the own one among them wherever it ranks."""
    own = answer.target_page
    outside = own is not None and all(page.page != own.page for page in answer.pages)
    return (*answer.pages, own) if outside and own is not None else answer.pages


def is_own(page: AnyPage) -> bool:
    """Say whether it is the target page, wherever it ranks."""
    return isinstance(page, TargetPage) or page.left_out == "own-page"


def is_left_out(page: AnyPage) -> bool:
    """Say whether it is another page that is not compared."""
    return not is_own(page) and isinstance(page, Page) and page.left_out is not None


def pages_of(result: GapResult) -> list[PageOfAnswer]:
    """Give the pages of every answer."""
    return [PageOfAnswer(one, page) for one in result.keywords for page in every_page(one)]


def gap_rows(result: GapResult, kind: RowKind | None = None) -> Iterator[Row]:
    """Give the headings, then a row for each keyword, page or referring domain of a page.

    Without a kind, the rows are referring domains if these are listed, else keywords if there are
    several, else pages.
    """
    pages = pages_of(result)
    listed = any(one.page.domains is not None for one in pages)
    several = len(result.keywords) + len(result.unanswered) > 1
    kind = kind or ("domains" if listed else "keywords" if several else "pages")
    if kind == "keywords":
        yield from keyword_rows(result, KEYWORD_COLUMNS)
    elif kind == "domains":
        yield (*_PAGE_NAMES, *DOMAIN_COLUMNS)
        for one in pages:
            names = tuple(COLUMNS[name](one) for name in _PAGE_NAMES)
            for known in one.page.domains or ():
                yield (*names, *cells(DOMAIN_COLUMNS, known))
    else:
        yield tuple(COLUMNS)
        yield from (cells(COLUMNS, one) for one in pages)


def keyword_rows(result: GapResult, columns: Columns) -> Iterator[Row]:
    """Give the headings and a row for each keyword; one that has no answer has its reason last."""
    yield (*columns, "error")
    for answer in result.keywords:
        yield (*cells(columns, answer), None)
    for missing in result.unanswered:
        known = {"keyword": missing.keyword, "country": missing.country}
        yield (*map(known.get, columns), missing.reason)


def gap_records(result: GapResult) -> Iterator[Mapping[str, object]]:
    """Give each keyword's answer, with the schema that it follows."""
    return ({"schema": result.schema, **vars(answer)} for answer in result.keywords)


def _pairs(values: Mapping[str, int] | Mapping[str, str]) -> str:
    return " ".join(f"{name}={value}" for name, value in values.items())


def plan_rows(result: "PlanResult") -> Iterator[Row]:
    """Give the headings, then a row for each keyword."""
    columns = _plan_columns()
    yield tuple(columns)
    yield from (cells(columns, one) for one in result.keywords)


def _plan_columns() -> Columns:
    names = ("low", "middle", "high")
    paces = (f"pace_{name}=plan.pace.{name} " for name in names)
    months = (f"months_{name}=plan.months.{name} " for name in names)
    moving = {f"moving_months_{name}": _moving(name) for name in names}
    return {
        **columns("keyword country url basis own goal need bound verdict"),
        **columns("".join([*paces, *months])),
        **moving,
        **columns(
            "velocity=velocity.per_month velocity_kind=velocity.kind "
            "in_a_year_standing=in_a_year.standing in_a_year_moving=in_a_year.moving "
            "price cost goal_bound reached_in"
        ),
    }


def _moving(name: str) -> Callable[["PlannedKeyword"], object]:
    return lambda one: moving_months(one, name)


def moving_months(one: "PlannedKeyword", name: str) -> int | str | None:
    """Give the months with a moving goal; a word if it is never reached."""
    if one.plan is None or one.plan.moving is None:
        return None
    moving = one.plan.moving
    months: int | None = getattr(moving.months, name)
    return "never" if name in moving.never else months


KeywordName = tuple[str | None, str | None]
"""A keyword and its country."""
_LEAD_COLUMNS: Columns = {
    **columns("domain url title anchor"),
    "contact": lambda _: None,
    "list": lambda _: "lead",
    "priority": lambda _: None,
    "keywords": lambda lead: "; ".join(one.keyword or "" for one in lead.keywords),
    **columns("competitors tier"),
    "positions": lambda lead: " ".join(
        str(page.position) for page in _ranked(lead) if page.position is not None
    ),
    "competitor_urls": lambda lead: " ".join(page.links_to for page in _ranked(lead)),
    **columns("authority.metric authority=authority.value traffic rel first_seen kind"),
    **columns("links_to_my_site lost_to_us lost_on in_network proven"),
    "level": lambda _: "page",
    "sites": lambda _: None,
    "linked_sites": lambda _: None,
}
"""The columns of a lead; the first five are those that outreach tools import."""
_SITE_COLUMNS: Columns = {
    **columns("domain url title authority.metric authority=authority.value traffic"),
    **columns("links_to_my_site level sites=competitors"),
    "list": lambda _: "site-lead",
    "linked_sites": lambda lead: " ".join(lead.sites),
}
"""The columns of a site lead. It has no facts about pages, so the other columns stay empty."""


def prospects_rows(result: "ProspectsResult") -> Iterator[Row]:
    """Give the headings, a row for each lead, then domains only lost to us, then site leads."""
    yield tuple(_LEAD_COLUMNS)
    leads = {lead.domain for lead in result.prospects}
    for place, lead in enumerate(result.prospects, start=1):
        yield _row_of(_LEAD_COLUMNS, lead, priority=place)
    for lead in result.lost_to_us:
        if lead.domain not in leads:
            yield _row_of(_LEAD_COLUMNS, lead, list="lost-to-us")
    for site_lead in result.site_leads:
        yield _row_of(_SITE_COLUMNS, site_lead)


def _row_of(columns: Columns, lead: object, **other: object) -> Row:
    known = {**dict(zip(columns, cells(columns, lead), strict=True)), **other}
    return tuple(map(known.get, _LEAD_COLUMNS))


def _ranked(lead: "Lead") -> list["LinkingPage"]:
    return sorted(
        lead.linking_pages,
        key=lambda page: (page.position is None, page.position or 0, page.links_to),
    )


def prospects_records(result: "ProspectsResult") -> Iterator[Mapping[str, object]]:
    """Give each keyword with its leads and the schema that it follows, then the leads of sites."""
    leads, lost = leads_by_keyword(result.prospects), leads_by_keyword(result.lost_to_us)
    for one in result.keywords:
        name = name_of(one)
        found = {"prospects": leads[name], "lost_to_us": lost[name]}
        yield {"schema": result.schema, **vars(one), **found}
    if result.site_level:
        names = ("schema", "site_level", "site_leads")
        yield {name: getattr(result, name) for name in names}


def leads_by_keyword(leads: "Sequence[Lead]") -> Mapping[KeywordName, list["Lead"]]:
    """Give the leads of each keyword, in their order."""
    found: dict[KeywordName, list[Lead]] = defaultdict(list)
    for lead in leads:
        for name in {name_of(keyword) for keyword in lead.keywords}:
            found[name].append(lead)
    return found


def name_of(one: "KeywordLeads | HelpedKeyword") -> KeywordName:
    """Name a keyword and its country."""
    return one.keyword, one.country


_SHARE_COLUMNS = (
    *("group", "name", "count", "known", "share", "rivals_median", "rivals_most", "rivals"),
)
_LINK_COLUMNS = columns("source target domain fate anchor anchor_class vendor")


def link_rows(result: "AuditResult") -> Iterator[Row]:
    """Give the headings, then a row for each link."""
    yield tuple(_LINK_COLUMNS)
    yield from (cells(_LINK_COLUMNS, link) for link in result.links or ())


def figure_rows(result: "AuditResult") -> Iterator[Row]:
    """Give the headings, then a row for each figure of the profile."""
    yield _SHARE_COLUMNS
    domains = result.domains
    for name in ("live", "counted", "lost"):
        yield "domains", name, getattr(domains, name), None, None, None, None, None
    for rule, count in domains.dropped.items():
        yield "dropped", rule, count, None, None, None, None, None
    for group, shares in result.shares.items():
        for name, share in shares.items():
            beside = share.rivals
            found = (beside.median, beside.most, beside.n) if beside else (None, None, 0)
            yield group, name, share.count, share.known, share.share, *found
    for month in result.history.months if result.history else ():
        yield "new", month.month, month.new, None, None, month.rivals_new, None, None
        yield "lost", month.month, month.lost, None, None, month.rivals_lost, None, None
    for one in result.many_links:
        yield "links", one.domain, one.links, None, None, None, None, None
