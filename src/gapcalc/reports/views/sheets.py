"""Gives the sheets of a workbook: raw values under plain headings, as many rows as there are."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from math import ceil

from gapcalc.analyses.keywords import tell_apart
from gapcalc.reports.document import BookSheet, Report, SheetChart
from gapcalc.reports.views.rows import (
    COLUMNS,
    KEYWORD_COLUMNS,
    Columns,
    cells,
    columns,
    figure_rows,
    is_own,
    keyword_rows,
    pages_of,
    plan_rows,
    prospects_rows,
)
from gapcalc.reports.views.spreadsheet import Fact, Row, method_sheet, sheet_of, summary
from gapcalc.reports.views.wording import word_for
from gapcalc.results.audit import AuditResult
from gapcalc.results.gap import GapResult, KeywordResult
from gapcalc.results.plan import PlanResult
from gapcalc.results.prospects import KeywordLeads, ProspectsResult
from gapcalc.results.shared import Bound, Number
from gapcalc.rules import RULES

_CHARTED = 20
_REASONS = {rule.id: rule.reason for rule in RULES}
_GOALS = {
    "competitive": "Competitive",
    "entry": "Entry (median of the weaker half)",
    "median": "Median of the compared pages",
    "stretch": "Median of positions 1-3",
}


def _gap_sheets(result: GapResult, left_out: Sequence[str]) -> Iterator[BookSheet]:
    """Give sheets of the answer, its keywords, its pages, the links taken out, and the method."""
    yield summary([*_gap_facts(result), *(Fact("Left out", text) for text in left_out)])
    keywords = _keyword_sheet(result)
    pages = _page_sheet(result)
    several = len(result.keywords) > 1
    yield keywords._replace(chart=_need_chart(result)) if several else keywords
    yield pages if several else pages._replace(chart=_page_chart(pages))
    taken = list(_taken_out(result))
    if taken:
        yield sheet_of("Links taken out", [_TAKEN, *taken])
    yield method_sheet(result, result.keywords)


def _gap_facts(result: GapResult) -> Iterator[Fact]:
    yield Fact("As of", result.as_of)
    if len(result.keywords) == 1:
        yield from _answer_facts(result.keywords[0])
        return
    yield Fact("Keywords", len(result.keywords))
    for name, answer in zip(tell_apart(result.keywords), result.keywords, strict=True):
        own, need = answer.summary.own, answer.summary.need
        goal = None if answer.summary.goal is None else ceil(answer.summary.goal)
        note = f"{word_for(answer)}; yours: {'unknown' if own is None else own}"
        bounds = _bound(goal, answer.goals.bound), need, _bound(need, answer.gap.bound)
        yield Fact(name, goal, *bounds, note)
    for missing in result.unanswered:
        yield Fact(missing.keyword or "(no keyword)", note=missing.reason)
    if result.totals is not None and result.totals.need is not None:
        said = f"{len(result.totals.pages)} pages of yours, each with its largest need"
        need, bound = result.totals.need, result.totals.bound
        yield Fact("All keywords", None, None, need, _bound(need, bound), said)


def _bound(figure: Number | None, bound: Bound | None) -> str | None:
    """Name the bound of a figure; one without a bound may be off either way."""
    return None if figure is None else bound or "about"


def _answer_facts(answer: KeywordResult) -> Iterator[Fact]:
    own = answer.target_page
    yield Fact("Keyword", answer.keyword)
    yield Fact("Country", answer.country)
    yield Fact("Verdict", word_for(answer), note=answer.summary.sentence)
    yield Fact("Your page", own and own.url)
    yield Fact("Your referring domains", own and own.count, note=f"basis: {answer.basis}")
    for name, said in _GOALS.items():
        goal = getattr(answer.goals, name)
        if goal is not None and answer.summary.goal is not None:
            need = None if answer.summary.need is None else getattr(answer.gap, f"to_{name}")
            bound = _bound(need, answer.gap.bounds.get(f"to_{name}"))
            yield Fact(said, goal, _bound(goal, answer.goals.bounds.get(name)), need, bound)
    goals, plan = answer.goals, answer.plan
    yield Fact("Compared pages", goals.n)
    yield Fact("Confidence", goals.confidence, note=goals.confidence_reason)
    if plan is not None and answer.summary.need is not None:
        span = f"{plan.months.high} to {plan.months.low} months at {plan.pace.high} to {plan.pace.low} new domains a month"
        months, bound = plan.months.middle, answer.gap.bound
        yield Fact("Months at the middle pace", months, _bound(months, bound), note=span)
    if answer.benchmark is not None:
        found = answer.benchmark
        yield Fact(f"KD {found.kd:g} in referring domains", found.rd, note=found.scale)


_OWN_NAMES = {"url": "Your page", "position": "Your position", "pages": "Compared pages"}


def _keyword_sheet(result: GapResult) -> BookSheet:
    # No heading is one of a position or a URL, so that the sheet is not read as a SERP.
    columns = {name: cell for name, cell in KEYWORD_COLUMNS.items() if name != "page"}
    return sheet_of("Keywords", keyword_rows(result, columns), names=_OWN_NAMES)


def _page_sheet(result: GapResult) -> BookSheet:
    """Give every page, so that gapcalc reads the sheet as a SERP with the counts of the answer."""
    pages = pages_of(result)
    shown: Columns = {
        **COLUMNS,
        "type": lambda one: "organic" if one.page.position else "not ranking",
        **columns("answer.volume answer.kd"),
    }
    marked = frozenset(n for n, one in enumerate(pages) if is_own(one.page))
    return sheet_of("Pages", [tuple(shown), *(cells(shown, one) for one in pages)])._replace(
        marked=marked
    )


def _page_chart(pages: BookSheet) -> SheetChart | None:
    if not pages.rows:
        return None
    names = [column.name for column in pages.columns]
    raw, count = (names.index(name) for name in ("Raw", "Referring domains"))
    differ = any(row[raw] != row[count] for row in pages.rows)
    shown = ("Raw", "Referring domains") if differ else ("Referring domains",)
    return SheetChart("Referring domains by page", "Page", shown, min(len(pages.rows), _CHARTED))


def _need_chart(result: GapResult) -> SheetChart:
    rows = min(len(result.keywords), _CHARTED)
    return SheetChart("Referring domains by keyword", "Keyword", ("Yours", "Goal (median)"), rows)


_TAKEN = ("keyword", "links_to", "taken_out", "rule", "reason", "vendors")


def _taken_out(result: GapResult) -> Iterator[Row]:
    """Give the domains whose every link to a page was taken out, with the rule of the best link."""
    for answer, page in pages_of(result):
        for known in page.domains or ():
            if not known.kept:
                rules = list(dict.fromkeys(known.vendors.values()))
                why = "; ".join(_REASONS.get(rule, "") for rule in rules)
                vendors = " ".join(known.vendors)
                yield answer.keyword, page.url, known.domain, " ".join(rules), why, vendors


def _prospects_sheets(result: ProspectsResult) -> Iterator[BookSheet]:
    """Give sheets of the leads (with the columns of the CSV), their pages, and the method."""
    yield summary(_lead_facts(result))
    yield sheet_of("Prospects", prospects_rows(result))
    yield sheet_of("Pages", [_LEAD_PAGE, *_lead_pages(result)])
    yield method_sheet(result, result.keywords)


_LEAD_PAGE = (
    *("keyword", "country", "position", "url", "page", "domain", "count", "complete", "type"),
)


def _lead_pages(result: ProspectsResult) -> Iterator[Row]:
    for one in result.keywords:
        for page in one.pages:
            kind = "organic" if page.position else "not ranking"
            address = (page.position, page.url, page.page, page.domain)
            yield one.keyword, one.country, *address, page.counted, page.complete, kind


def _lead_facts(result: ProspectsResult) -> Iterator[Fact]:
    yield Fact("As of", result.as_of)
    yield Fact("Leads", len(result.prospects), note=result.note)
    yield Fact("Lost to you", len(result.lost_to_us))
    yield Fact("Compared pages that a lead links to", result.min_competitors, "at least")
    for one in result.keywords:
        yield from _count_facts(one, several=len(result.keywords) > 1)


_COUNTS = {
    "behind": "Domains behind the compared pages",
    "enough": "Of these, link to enough pages",
    "links_to_target": "Link to your page already",
    "own_site": "Your own site",
    "excluded": "Excluded by you",
    "platform": "Platforms",
    "leads": "Left as leads",
    "lost_to_us": "Linked to your page once",
}


def _count_facts(one: KeywordLeads, *, several: bool) -> Iterator[Fact]:
    about = f" ({one.keyword or 'no keyword'})" if several else ""
    yield Fact(f"Your page{about}", one.target_page.url)
    for name, count in vars(one.counts).items():
        yield Fact(f"{_COUNTS[name]}{about}", count)


def _plan_sheets(result: PlanResult) -> Iterator[BookSheet]:
    """Give sheets of the plan: a row for each keyword, the months of several, and the method."""
    yield summary(_plan_facts(result))
    yield sheet_of("Plan", plan_rows(result), names={"goal": "Goal", "need": "Need"})
    if result.schedule is not None:
        months: list[Row] = [("month", "page", "domains", "reached_by_its_end")]
        months += [
            (one.month, one.page, one.domains, ", ".join(one.keywords))
            for one in result.schedule.by_month
        ]
        yield sheet_of("Plan by month", months)
    yield method_sheet(result, result.keywords)


def _plan_facts(result: PlanResult) -> Iterator[Fact]:
    yield Fact("As of", result.as_of)
    for name, one in zip(tell_apart(result.keywords), result.keywords, strict=True):
        months = one.plan.months.middle if one.plan else None
        bounds = _bound(months, one.bound), one.need, _bound(one.need, one.bound)
        yield Fact(name, months, *bounds, one.sentence)
    if result.schedule is not None:
        shared = result.schedule
        said = f"months for all pages at {shared.pace:g} new domains a month"
        bound = shared.bound or "about"
        yield Fact("All keywords", shared.months, bound, shared.domains, bound, said)


def _audit_sheets(result: AuditResult) -> Iterator[BookSheet]:
    """Give sheets of the profile, of the links taken out with reasons, and of the method."""
    yield summary(_audit_facts(result))
    yield sheet_of("Profile", figure_rows(result), names={"count": "Domains", "known": "Known of"})
    taken = [link for link in result.links or () if link.fate != "counted"]
    if taken:
        yield sheet_of(
            "Links taken out",
            [tuple(_LINK_COLUMNS), *(cells(_LINK_COLUMNS, link) for link in taken)],
        )
    yield method_sheet(result, ())


_FATES = {"lost": "the link is gone", "internal": "it is from the site itself", **_REASONS}
_LINK_COLUMNS: Columns = {
    **columns("taken_out=domain stands_on=source links_to=target rule=fate"),
    "reason": lambda link: _FATES.get(link.fate, ""),
    **columns("anchor_text=anchor anchor_class vendors=vendor"),
}


def _audit_facts(result: AuditResult) -> Iterator[Fact]:
    domains, links = result.domains, result.links_listed
    yield Fact("As of", result.as_of)
    yield Fact("Audited", result.target.url, note=f"the whole {result.target.scope}")
    yield Fact("Live referring domains", domains.live, domains.bound or "about")
    yield Fact("Counted referring domains", domains.counted, domains.bound or "about")
    yield Fact("Lost referring domains", domains.lost)
    for rule, count in domains.dropped.items():
        yield Fact(f"Domains taken out by {rule}", count, note=_REASONS.get(rule))
    yield Fact("Live links", links.live)
    yield Fact("Lost links", links.lost)
    for found in result.findings:
        yield Fact("Stands out", found.value, note=found.sentence)


_SHEETS: Mapping[type, Callable[..., Iterator[BookSheet]]] = {
    ProspectsResult: _prospects_sheets,
    PlanResult: _plan_sheets,
    AuditResult: _audit_sheets,
}


def sheets_of(report: Report) -> Iterator[BookSheet]:
    """Give the sheets of a report, whichever command made it."""
    result = report.data
    if isinstance(result, GapResult):
        return _gap_sheets(result, report.left_out)
    return _SHEETS[type(result)](result)
