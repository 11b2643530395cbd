"""Gives the sheets of a workbook: raw values under plain headings, as many rows as there are."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from math import ceil
from typing import TYPE_CHECKING

from gapcalc.analyses.keywords import known_need
from gapcalc.reports.document import BookSheet, SheetChart, SheetColumn, Value
from gapcalc.reports.views.rows import (
    COLUMNS,
    KEYWORD_COLUMNS,
    AnyPage,
    Columns,
    cells,
    columns,
    figure_rows,
    keyword_rows,
    pages_of,
    plan_rows,
    prospects_rows,
)
from gapcalc.reports.views.wording import word_for
from gapcalc.results.gap import GapResult, KeywordResult, TargetPage
from gapcalc.results.shared import Caution, Input, Method, Tool
from gapcalc.rules import RULES

if TYPE_CHECKING:
    from gapcalc.results.audit import AuditResult
    from gapcalc.results.plan import PlanResult
    from gapcalc.results.prospects import KeywordLeads, ProspectsResult

    _Result = GapResult | ProspectsResult | AuditResult | PlanResult

Row = Sequence[object]

_NAMES = {
    "count": "Referring domains",
    "kept": "Counted",
    "url": "URL",
    "kd": "KD",
    "own": "Yours",
    "goal": "Goal (median)",
    "to_median": "Need",
}
_BARS = frozenset({"raw", "count", "own", "goal", "to_median", "need", "competitors", "domains"})
_DATES = frozenset({"first_seen", "lost_on", "from", "to"})
_SHARES = frozenset({"share", "rivals_median", "rivals_most"})
_SENTENCES = frozenset({"note"})
_SUMMARY = ("Fact", "Value", "Bound", "You need", "Bound of the need", "Note")
_CHARTED = 20
_REASONS = {rule.id: rule.reason for rule in RULES}
_GOALS = {
    "competitive": "Competitive",
    "entry": "Entry (median of the weaker half)",
    "median": "Median of the compared pages",
    "stretch": "Median of positions 1-3",
}


def sheet_of(
    name: str, rows: Iterable[Row], *, names: Mapping[str, str] | None = None
) -> BookSheet:
    """Make a sheet of rows whose first are headings in snake_case, as they are in a CSV."""
    first, *others = rows
    headings = [str(heading) for heading in first]
    said = {**_NAMES, **(names or {})}
    columns = tuple(
        SheetColumn(
            said.get(heading, _plain(heading)),
            bars=heading in _BARS,
            shares=heading in _SHARES,
            wraps=heading in _SENTENCES,
        )
        for heading in headings
    )
    dated = [heading in _DATES for heading in headings]
    return BookSheet(name, columns, [_cells(row, dated) for row in others])


def _plain(heading: str) -> str:
    """Write a heading as people do.

    >>> _plain("links_to_my_site")
    'Links to my site'
    """
    words = heading.replace("_", " ")
    return words[:1].upper() + words[1:]


def _cells(row: Row, dated: Sequence[bool]) -> list[Value]:
    return [_cell(value, is_date=is_date) for value, is_date in zip(row, dated, strict=True)]


def _cell(value: object, *, is_date: bool) -> Value:
    match value:
        case None | bool() | int() | float():
            return value
        case str() if is_date:
            return _day(value)
        case _:
            return str(value)


def _day(text: str) -> Value:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text


def gap_sheets(result: GapResult, left_out: Sequence[str] = ()) -> Iterator[BookSheet]:
    """Give sheets of the answer, its keywords, its pages, the links taken out, and the method."""
    yield _summary([*_gap_facts(result), *(("Left out", text) for text in left_out)])
    keywords = _keyword_sheet(result)
    pages = _page_sheet(result)
    several = len(result.keywords) > 1
    yield keywords._replace(chart=_need_chart(result)) if several else keywords
    yield pages if several else pages._replace(chart=_page_chart(pages))
    taken = list(_taken_out(result))
    if taken:
        yield sheet_of("Links taken out", [_TAKEN, *taken])
    cautions = [
        (answer.keyword, caution) for answer in result.keywords for caution in answer.cautions
    ]
    yield _method_sheet(result, [*cautions, *((None, caution) for caution in result.cautions)])


def _summary(facts: Iterable[Row]) -> BookSheet:
    """Give one fact a line; columns that no fact fills are left out."""
    lines = [[*fact, *[None] * (len(_SUMMARY) - len(fact))] for fact in facts]
    kept = [n for n in range(len(_SUMMARY)) if any(line[n] is not None for line in lines)]
    return BookSheet(
        "Summary",
        tuple(
            SheetColumn(_SUMMARY[n], wraps=_SUMMARY[n] == "Note", mixed=_SUMMARY[n] == "Value")
            for n in kept
        ),
        [[_cell(line[n], is_date=line[0] == "As of") for n in kept] for line in lines],
    )


def _gap_facts(result: GapResult) -> Iterator[Row]:
    yield "As of", result.as_of
    if len(result.keywords) == 1:
        yield from _answer_facts(result.keywords[0])
        return
    yield "Keywords", len(result.keywords)
    for answer in result.keywords:
        own = answer.summary.own
        goal = None if answer.goals.median is None else ceil(answer.goals.median)
        note = f"{word_for(answer)}; yours: {'unknown' if own is None else own}"
        bounds = (answer.goals.bound, known_need(answer), answer.gap.bound)
        yield answer.keyword or "(no keyword)", goal, *bounds, note
    for missing in result.unanswered:
        yield missing.keyword or "(no keyword)", None, None, None, None, missing.reason
    if result.totals is not None and result.totals.need is not None:
        said = f"{len(result.totals.pages)} pages of yours, each with its largest need"
        yield "All keywords", None, None, result.totals.need, result.totals.bound, said


def _answer_facts(answer: KeywordResult) -> Iterator[Row]:
    own = answer.target_page
    yield "Keyword", answer.keyword
    yield "Country", answer.country
    yield "Verdict", word_for(answer), None, None, None, answer.summary.sentence
    yield "Your page", own and own.url
    yield "Your referring domains", own and own.count, None, None, None, f"basis: {answer.basis}"
    for name, said in _GOALS.items():
        goal = getattr(answer.goals, name)
        if goal is not None:
            need = getattr(answer.gap, f"to_{name}")
            bounds = answer.goals.bounds.get(name), need, answer.gap.bounds.get(f"to_{name}")
            yield said, goal, *bounds
    goals, plan = answer.goals, answer.plan
    yield "Compared pages", goals.n
    yield "Confidence", goals.confidence, None, None, None, goals.confidence_reason
    if plan is not None:
        span = f"{plan.months.high} to {plan.months.low} months at {plan.pace.high} to {plan.pace.low} new domains a month"
        yield "Months at the middle pace", plan.months.middle, answer.gap.bound, None, None, span
    if answer.benchmark is not None:
        found = answer.benchmark
        yield f"KD {found.kd:g} in referring domains", found.rd, None, None, None, found.scale


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
    marked = frozenset(n for n, one in enumerate(pages) if _is_own(one.page))
    return sheet_of("Pages", [tuple(shown), *(cells(shown, one) for one in pages)])._replace(
        marked=marked
    )


def _is_own(page: AnyPage) -> bool:
    return isinstance(page, TargetPage) or page.left_out == "own-page"


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


_METHOD = ("part", "name", "value", "rows", "problems", "complete", "from", "to", "note")


def _method_sheet(result: "_Result", cautions: Iterable[tuple[str | None, Caution]]) -> BookSheet:
    rows: list[Row] = [
        _METHOD,
        *(_padded(row) for row in _choices(result.tool, result.method)),
        *map(_input_row, result.inputs),
        *(
            _padded(("caution", about, c.code, None, None, None, None, None, c.text))
            for about, c in cautions
        ),
    ]
    return sheet_of("Method", rows)


def _padded(row: Row) -> Row:
    return (*row, *[None] * (len(_METHOD) - len(row)))


def _choices(tool: Tool, method: Method) -> Iterator[Row]:
    yield "tool", tool.name, tool.version
    yield "tool", "public suffix list", tool.psl_date
    for name in ("statistic", "top", "tolerance", "profile", "suffixes"):
        yield "method", name, getattr(method, name)
    for rule in method.rules:
        values = " ".join(f"{name}={_write(value)}" for name, value in rule.parameters.items())
        lacking = ", ".join(rule.not_applicable_to)
        note = f"not applied to {lacking}: the columns it needs are missing" if lacking else None
        yield "rule", rule.id, values or None, None, None, rule.applicable, None, None, note


def _write(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _input_row(item: Input) -> Row:
    facts = (item.rows, item.problems, item.complete, item.from_, item.to, item.note)
    return "input", item.name, item.format, *facts


def prospects_sheets(result: "ProspectsResult") -> Iterator[BookSheet]:
    """Give sheets of the leads (with the columns of the CSV), their pages, and the method."""
    yield _summary(_lead_facts(result))
    yield sheet_of("Prospects", prospects_rows(result))
    yield sheet_of("Pages", [_LEAD_PAGE, *_lead_pages(result)])
    cautions = [(one.keyword, caution) for one in result.keywords for caution in one.cautions]
    yield _method_sheet(result, [*cautions, *((None, caution) for caution in result.cautions)])


_LEAD_PAGE = (
    *("keyword", "country", "position", "url", "page", "domain", "count", "complete", "type"),
)


def _lead_pages(result: "ProspectsResult") -> Iterator[Row]:
    for one in result.keywords:
        for page in one.pages:
            kind = "organic" if page.position else "not ranking"
            address = (page.position, page.url, page.page, page.domain)
            yield one.keyword, one.country, *address, page.counted, page.complete, kind


def _lead_facts(result: "ProspectsResult") -> Iterator[Row]:
    yield "As of", result.as_of
    yield "Leads", len(result.prospects), None, None, None, result.note
    yield "Lost to you", len(result.lost_to_us)
    yield "Compared pages that a lead links to", result.min_competitors, "at least"
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


def _count_facts(one: "KeywordLeads", *, several: bool) -> Iterator[Row]:
    about = f" ({one.keyword or 'no keyword'})" if several else ""
    yield f"Your page{about}", one.target_page.url
    for name, count in vars(one.counts).items():
        yield f"{_COUNTS[name]}{about}", count


def plan_sheets(result: "PlanResult") -> Iterator[BookSheet]:
    """Give sheets of the plan: a row for each keyword, the months of several, and the method."""
    yield _summary(_plan_facts(result))
    yield sheet_of("Plan", plan_rows(result), names={"goal": "Goal", "need": "Need"})
    if result.schedule is not None:
        months: list[Row] = [("month", "page", "domains", "reached_by_its_end")]
        months += [
            (one.month, one.page, one.domains, ", ".join(one.keywords))
            for one in result.schedule.by_month
        ]
        yield sheet_of("Plan by month", months)
    cautions = [(one.keyword, caution) for one in result.keywords for caution in one.cautions]
    yield _method_sheet(result, [*cautions, *((None, caution) for caution in result.cautions)])


def _plan_facts(result: "PlanResult") -> Iterator[Row]:
    yield "As of", result.as_of
    for one in result.keywords:
        months = one.plan and one.plan.months.middle
        about = one.keyword or "(no keyword)"
        yield about, months, one.bound, one.need, one.bound, one.sentence
    if result.schedule is not None:
        shared = result.schedule
        said = f"months for all pages at {shared.pace:g} new domains a month"
        yield "All keywords", shared.months, shared.bound, shared.domains, shared.bound, said


def audit_sheets(result: "AuditResult") -> Iterator[BookSheet]:
    """Give sheets of the profile, of the links taken out with reasons, and of the method."""
    yield _summary(_audit_facts(result))
    yield sheet_of("Profile", figure_rows(result), names={"count": "Domains", "known": "Known of"})
    taken = [link for link in result.links or () if link.fate != "counted"]
    if taken:
        yield sheet_of(
            "Links taken out",
            [tuple(_LINK_COLUMNS), *(cells(_LINK_COLUMNS, link) for link in taken)],
        )
    yield _method_sheet(result, [(None, caution) for caution in result.cautions])


_FATES = {"lost": "the link is gone", "internal": "it is from the site itself", **_REASONS}
_LINK_COLUMNS: Columns = {
    **columns("taken_out=domain stands_on=source links_to=target rule=fate"),
    "reason": lambda link: _FATES.get(link.fate, ""),
    **columns("anchor_text=anchor anchor_class vendors=vendor"),
}


def _audit_facts(result: "AuditResult") -> Iterator[Row]:
    domains, links = result.domains, result.links_listed
    yield "As of", result.as_of
    yield "Audited", result.target.url, None, None, None, f"the whole {result.target.scope}"
    yield "Live referring domains", domains.live, domains.bound
    yield "Counted referring domains", domains.counted, domains.bound
    yield "Lost referring domains", domains.lost
    for rule, count in domains.dropped.items():
        yield f"Domains taken out by {rule}", count, None, None, None, _REASONS.get(rule)
    yield "Live links", links.live
    yield "Lost links", links.lost
    for found in result.findings:
        yield "Stands out", found.value, None, None, None, found.sentence
