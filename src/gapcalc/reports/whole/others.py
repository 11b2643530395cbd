"""Composes audits, plans and leads as reports to hand over, and the parts that every report has."""

from collections.abc import Iterator, Mapping, Sequence

from gapcalc.reports.document import (
    Block,
    Cell,
    Chapter,
    Figure,
    FullReport,
    Grid,
    GridColumn,
    Items,
    Notes,
    Opening,
    Picture,
    Section,
    Sentence,
    bounded,
    numbers,
)
from gapcalc.reports.views import audit, keywords, plan, prospects
from gapcalc.reports.views import gap as gaps
from gapcalc.reports.views.pictures import bands_picture, history_picture, plan_picture
from gapcalc.reports.views.reference import HOW_RULES_JUDGE
from gapcalc.reports.views.wording import (
    KINDS,
    describe_data,
    precise,
    say_amount,
    short_months,
    short_pace,
    write_span,
)
from gapcalc.results.audit import AuditResult
from gapcalc.results.gap import GapResult
from gapcalc.results.plan import PlannedKeyword, PlanResult, Schedule
from gapcalc.results.prospects import ProspectsResult
from gapcalc.results.shared import Caution, CommandResult, Input, Method
from gapcalc.rules import RULES, Rule
from gapcalc.text import show, vendor_name

_MOST_NAMES = 50
_MOST_MONTHS = 60
_MOST_LINKS = 5_000
_TAKEN_OUT = "What was taken out, and why"
_AUDIT_QUESTION = "What is this link profile worth?"
_MOST_ROWS = 2_000
_PLAN_QUESTION = "How long does it take to close the gap?"
_MOST_LEADS = 5_000
_MOST_LOST = 1_000
_MOST_KEYWORDS = 1_000
_BEST = 10
_LEADS_QUESTION = "Which domains link to these pages and not to ours?"
GLOSSARY = (
    ("Referring domain", "a site that links to a page. However often it links, it counts once."),
    ("Your page", "the page of yours that should rank for the keyword."),
    ("Raw", "every referring domain whose link is live, junk included."),
    ("Counted", "the referring domains that the quality rules leave."),
    ("Followed", "counted domains with a link that passes its weight on: not nofollow, sponsored or UGC."),
    ("Median", "the middle count: half of the pages have more, half have fewer."),
    ("Goal", "a number of referring domains to reach: the median, unless another is named."),
    ("Need", "the goal minus your count, at least 0."),
    ("Competitive", "close enough to the median that other things can decide."),
    ("Confidence", "how far the pages and lists can be relied on."),
    ("KD", "keyword difficulty, a vendor's score from 0 to 100 for how hard it is to rank."),
    ("DR, authority", "a vendor's score for the strength of a whole site; no search engine uses it."),
    ("SERP", "the page of results that a search engine shows for a keyword."),
    ("UGC", "content by users, such as comments and forum posts."),
)  # fmt: skip
"""The words of a report, explained for a client."""


def compose_audit(result: AuditResult) -> FullReport:
    """Give the whole report: what stands out first."""
    domains = result.domains
    drawn = pictures(bands_picture(result))
    return FullReport(
        opening(result, _AUDIT_QUESTION, audit.title_of(result)),
        audit.headline(result),
        (
            Figure("counted referring domains", bounded(domains.bound, domains.counted)),
            Figure("live referring domains", bounded(domains.bound, domains.live)),
            Figure("live links", result.links_listed.live),
            Figure("domains lost", domains.lost),
        ),
        (
            Section(None, (Notes(tuple(audit.stands_out(result))),)),
            *((Section(None, drawn),) if drawn else ()),
        ),
        tuple(_audit_chapters(result)),
    )


def _audit_chapters(result: AuditResult) -> Iterator[Chapter]:
    shares = tuple(audit.share_blocks(result, _MOST_NAMES))
    yield Chapter("shares", "The shares", (Section(None, shares), *_many_links(result)))
    months = (*pictures(history_picture(result)), *audit.month_blocks(result, _MOST_MONTHS))
    yield Chapter("months", "New and lost by month", (Section(None, months),))
    if result.links is not None:
        links = audit.link_grid(result, _MOST_LINKS)
        yield Chapter("links", "Every link, and what became of it", (Section(None, (links,)),))
    yield taken_out(result, result.domains.dropped)
    yield from closing(result, result.cautions)


def _many_links(result: AuditResult) -> Iterator[Section]:
    if result.many_links:
        columns = (GridColumn("Domain", "url"), *numbers("Live links"))
        rows = tuple((one.domain, one.links) for one in result.many_links)
        yield Section("Domains with most links", (Grid(columns, rows),))


def compose_plan(result: PlanResult, gap: GapResult | None = None) -> FullReport:
    """Give the whole report: the months first; `gap` is the answer that it rests on."""
    cautions = (*(c for one in result.keywords for c in one.cautions), *result.cautions)
    found = (
        _of_schedule(result.schedule)
        if result.schedule
        else (_of_keyword(result.keywords[0]) if len(result.keywords) == 1 else ())
    )
    drawn = pictures(plan_picture(result))
    sections = tuple(_plan_sections(result))
    # The plan of one keyword is short; of several, it is long.
    first, rest = (sections[:1], sections[1:]) if len(result.keywords) == 1 else ((), sections)
    return FullReport(
        opening(result, _PLAN_QUESTION, plan.title_of(result)),
        plan.headline(result),
        tuple(found),
        (*((Section(None, drawn),) if drawn else ()), *first),
        (
            *([Chapter("plan", "The plan in full", rest)] if rest else ()),
            *([Chapter("gap", "The gap it closes", tuple(_gap(gap)))] if gap else ()),
            taken_out(result, None),
            *closing(result, cautions),
        ),
    )


def _gap(result: GapResult) -> Iterator[Section]:
    """Give the goals and the pages of one keyword, a row for each of several."""
    if len(result.keywords) == 1:
        (answer,) = result.keywords
        yield from gaps.goal_sections(result, answer)
        yield from gaps.page_sections(answer, _MOST_ROWS)
    else:
        yield keywords.table_section(result, _MOST_ROWS)


def _of_schedule(shared: Schedule) -> Iterator[Figure]:
    yield Figure("months for all pages", bounded(shared.bound, shared.months))
    yield Figure("domains to win", bounded(shared.bound, shared.domains))
    yield Figure("domains a month", precise(shared.pace))
    if shared.cost is not None:
        yield Figure("cost", say_amount(shared.bound, shared.cost))


def _of_keyword(one: PlannedKeyword) -> Iterator[Figure]:
    if one.need and one.plan:
        yield Figure("months to close the gap", short_months(one.plan.months, one.bound))
        yield Figure("domains a month", short_pace(one.plan.pace))
    if one.need is not None:
        yield Figure("domains to win", bounded(one.bound, one.need))
    if one.cost is not None:
        yield Figure("cost", say_amount(one.bound, one.cost))


def plan_sections(result: PlanResult) -> Iterator[Section]:
    """Give the plan in pictures and tables, for a report on more than it."""
    ((_, said),) = plan.headline(result).notes
    yield Section(None, (Sentence(said), *pictures(plan_picture(result))))
    yield from _plan_sections(result)


def _plan_sections(result: PlanResult) -> Iterator[Section]:
    yield from plan.main_sections(result, _MOST_ROWS)
    if notes := without_more(plan.notes_on(result)):
        yield Section(None, (Notes(notes),))


def compose_prospects(result: ProspectsResult) -> FullReport:
    """Give the whole report: the best leads first, then every one."""
    cautions = (*(c for one in result.keywords for c in one.cautions), *result.cautions)
    best = (_best(result),) if result.prospects else ()
    return FullReport(
        opening(result, _LEADS_QUESTION, prospects.title_of(result)),
        prospects.headline(result),
        tuple(_lead_figures(result)),
        (Section(None, (Sentence(result.note),)), *best),
        (
            Chapter("leads", "Every lead", tuple(lead_sections(result, _MOST_LEADS))),
            taken_out(result, None),
            *closing(result, cautions),
        ),
    )


def _best(result: ProspectsResult) -> Section:
    """Give the first leads; the others follow further down."""
    (grid, legend) = prospects.lead_section(result, _BEST).blocks
    shown = grid._replace(more=0) if isinstance(grid, Grid) else grid
    return Section("The first ones", (shown, legend))


def _lead_figures(result: ProspectsResult) -> Iterator[Figure]:
    yield Figure("domains to ask", len(result.prospects))
    if len(result.keywords) == 1:
        counts = result.keywords[0].counts
        yield Figure("domains behind the compared pages", counts.behind)
        yield Figure("link to your page already", counts.links_to_target)
    else:
        yield Figure("keywords", len(result.keywords))
    yield Figure("lost to you", len(result.lost_to_us))


def lead_sections(result: ProspectsResult, most: int) -> Iterator[Section]:
    """Give at most `most` leads, those of each keyword, those lost, and what to do next."""
    if result.prospects:
        yield prospects.lead_section(result, most)
    if len(result.keywords) > 1:
        yield prospects.keyword_section(result, _MOST_KEYWORDS)
    if result.lost_to_us:
        yield prospects.lost_section(result, _MOST_LOST)
    if notes := without_more(prospects.notes(result)):
        yield Section(None, (Notes(notes),))


def opening(result: CommandResult, question: str, title: str) -> Opening:
    """Open the report on a result."""
    tool = result.tool
    made_by = f"{tool.name} {tool.version}, public suffix list of {tool.psl_date or 'unknown date'}"
    return Opening(question, title, describe_data(result.inputs), result.as_of, made_by)


def without_more(notes: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Leave out notes on where to see more, because the report has everything."""
    return tuple(note for note in notes if note[0] != "More")


def taken_out(
    result: CommandResult, dropped: Mapping[str, int] | None, *blocks: Block | None
) -> Chapter:
    """Explain the rules in effect below `blocks`, with the domains they took out, if known."""
    shown = tuple(block for block in blocks if block is not None)
    used = [rule for rule in RULES if any(rule.id == one.id for one in result.method.rules)]
    if not used:
        text = f"The profile {result.method.profile} uses no rule: every live domain is counted."
        return Chapter("taken-out", _TAKEN_OUT, (Section(None, (*shown, Sentence(text))),))
    grid = _rule_grid(used, dropped)
    explained = (*shown, Sentence(" ".join(HOW_RULES_JUDGE)), grid)
    return Chapter("taken-out", _TAKEN_OUT, (Section(None, explained),))


def _rule_grid(rules: Sequence[Rule], dropped: Mapping[str, int] | None) -> Grid:
    columns = (
        GridColumn("Rule"),
        *numbers("Domains taken out"),
        GridColumn("Drops a link when"),
        GridColumn("Why"),
    )
    rows = tuple(
        (
            rule.id,
            None if dropped is None else dropped.get(rule.id, 0),
            rule.drops_when,
            rule.reason,
        )
        for rule in rules
    )
    return Grid(columns, rows).without_empty({1})


def closing(
    result: CommandResult, cautions: Sequence[Caution], *sections: Section
) -> tuple[Chapter, ...]:
    """Give the cautions in full, the method with these sections, and the glossary."""
    texts = tuple(dict.fromkeys(caution.text for caution in cautions))
    said = Items(texts) if texts else Sentence("There are none.")
    return (
        Chapter("cautions", "Cautions", (Section(None, (said,)),)),
        Chapter("method", "Method", (*sections, *_method(result))),
        Chapter("words", "The words in plain language", (Section(None, (Notes(GLOSSARY),)),)),
    )


def _method(result: CommandResult) -> Iterator[Section]:
    method = result.method
    yield Section("How it is counted", (Items(tuple(_choices(method))),))
    yield Section("The data", (_input_grid(result.inputs),))


def _choices(method: Method) -> Iterator[str]:
    yield (
        f"Compared: the pages that rank down to position {method.top}; their {method.statistic} is "
        "the goal."
    )
    yield (
        f"Competitive is {show(100 * (1 - method.tolerance))}% of the median. Goals are shown as "
        "whole domains, rounded up."
    )
    yield (
        f"Domains are registrable domains, by the public suffix list ({method.suffixes} suffixes): "
        "blog.example.com and www.example.com are one."
    )
    on = ", ".join(rule.id for rule in method.rules) or "none"
    yield f"Quality rules: profile {method.profile}, which uses {on}."
    for rule in method.rules:
        if rule.not_applicable_to:
            files = len(rule.not_applicable_to)
            yield (
                f"The rule {rule.id} cannot judge {files} {'file' if files == 1 else 'files'}, which "
                "lack its column."
            )
    yield "What is unknown is shown as unknown, and never taken for 0."


def _input_grid(inputs: Sequence[Input]) -> Grid:
    columns = (
        GridColumn("File"),
        GridColumn("What it is"),
        *numbers("Rows", "Not read"),
        GridColumn("Days"),
        GridColumn("Whole", unknown="unknown"),
        GridColumn("Note"),
    )
    return Grid(columns, tuple(map(_input_row, inputs))).without_empty({2, 3, 4, 6})


def _input_row(item: Input) -> tuple[Cell, ...]:
    days = write_span(item.from_ or item.to, item.to) if item.to else None
    whole = None if item.complete is None else "yes" if item.complete else "no"
    return item.name, _what(item), item.rows, item.problems, days, whole, item.note


def _what(item: Input) -> str:
    if item.kind is None:
        return "not used"
    vendor = vendor_name(item.vendor) if item.vendor else "Own file"
    return f"{vendor}: {KINDS[item.kind]}"


def pictures(*found: Picture | None) -> tuple[Picture, ...]:
    """Leave out missing pictures."""
    return tuple(picture for picture in found if picture is not None)
