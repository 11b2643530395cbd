"""Presents the answers for several keywords: a row for each, and their totals."""

from collections import Counter
from collections.abc import Iterator, Sequence
from math import ceil

from gapcalc.analyses.keywords import ORDERS, known_need, tell_apart
from gapcalc.analyses.verdict import FEWEST_PAGES
from gapcalc.reports.document import (
    Cell,
    Grid,
    GridColumn,
    Notes,
    Section,
    Sentence,
    labelled,
    numbers,
)
from gapcalc.reports.views.advice import missing_everywhere, split_cautions
from gapcalc.reports.views.wording import (
    bound_of_own,
    say_months,
    short_months,
    short_pace,
    word_for,
)
from gapcalc.results.gap import Gap, GapResult, KeywordResult
from gapcalc.results.shared import Caution, Number, PageNeed, Totals
from gapcalc.text import bare_url, count_of, count_pages, show, with_bound
from gapcalc.urls import host_of_page

MOST_KEYWORDS = 25
_MOST_PAGES = 5
_MOST_UNANSWERED = 5
_MARKS = {"exact": "{}", "at least": "{}+", "at most": "≤{}", None: "~{}"}
"""How a bounded number is written where there is no room for words."""
_MEANINGS = {
    "+": "+ at least, as a link list is incomplete",
    "≤": "≤ at most, as your own list is incomplete",
    "~": "~ about, as a list may be of another scope",
}
_SURE = {"high": "high", "medium": "med.", "low": "low"}


def keyword_sections(result: GapResult, *, details: bool) -> Iterator[Section]:
    """Give the totals, the table of the keywords, and what to check and do next.

    With `details` every keyword is listed, and described in a sentence with its cautions.
    """
    keywords = result.keywords
    yield Section(None, (Notes(tuple(_headline(result))),))
    yield table_section(result, len(keywords) if details else MOST_KEYWORDS)
    if needs := _need_grid(result.totals):
        yield Section(None, (needs,))
    if details:
        shared = _shared_cautions(keywords)
        yield from (_in_a_sentence(answer, shared) for answer in keywords)
    more = labelled("More", _more(keywords, details=details))
    yield Section(None, (Notes((*notes(result), *more)),))


def _more(keywords: Sequence[KeywordResult], *, details: bool) -> Iterator[str]:
    sentences = "" if details else ", --details a sentence for each"
    yield f"--keyword NAME shows one in full{sentences}; -o FILE.csv has a row for each"
    if any(answer.sensitivity for answer in keywords):
        yield "--sensitivity shows with --keyword NAME, and in JSON."
    if any(answer.plan and answer.plan.cost is not None for answer in keywords):
        yield "--price shows in gapcalc plan, with --keyword NAME, and in JSON."


def table_section(result: GapResult, most: int, leads_to: tuple[str | None, ...] = ()) -> Section:
    """Give a table with at most `most` keywords, and explain its columns."""
    grid = _grid(result.keywords, most)._replace(leads_to=leads_to)
    return Section(None, (grid, Sentence(_explain(result, grid))))


def _in_a_sentence(answer: KeywordResult, shared: Sequence[Caution]) -> Section:
    """Describe the answer for one keyword, how sure it is, and what could change it."""
    name = " · ".join(part for part in (answer.keyword or "(no keyword)", answer.country) if part)
    checks, _ = split_cautions(_alone(answer, shared), answer)
    said = [
        (word_for(answer), answer.summary.sentence),
        ("Confidence", f"{answer.goals.confidence}: {answer.goals.confidence_reason}"),
        *labelled("Check", checks),
    ]
    return Section(name, (Notes(tuple(said)),))


def _headline(result: GapResult) -> Iterator[tuple[str, str]]:
    yield "KEYWORDS", count_verdicts(result.keywords)
    if result.totals is not None and result.totals.need is not None:
        yield "NEED", _say_totals(result.totals, result.totals.need)


def _grid(keywords: Sequence[KeywordResult], most: int) -> Grid:
    columns = (
        GridColumn("Keyword", "keyword"),
        GridColumn("Volume", "number", wide=70),
        GridColumn("KD", "number", wide=100),
        GridColumn("Your page", "url", wide=100),
        GridColumn("#", "number", wide=70),
        *numbers("Yours", "Goal", "Need", "Months"),
        GridColumn("Conf.", wide=110),
        GridColumn("Verdict"),
    )
    shared = _shared_host(keywords)
    named = [*zip(tell_apart(keywords), keywords, strict=True)]
    grid = Grid.listing(columns, named, lambda one: _row(*one, shared), most)
    return grid.without_empty(frozenset({1, 2, 3, 4, 5, 7, 8}))


def _row(name: str, answer: KeywordResult, shared: str | None) -> tuple[Cell, ...]:
    goals, gap, own = answer.goals, answer.gap, answer.target_page
    asks = known_need(answer) is not None
    plan = answer.plan if asks and gap.to_median else None
    # A median of fewer than three pages is no goal.
    goal = None if goals.n < FEWEST_PAGES or goals.median is None else ceil(goals.median)
    return (
        name,
        answer.volume,
        answer.kd,
        _page(answer, shared),
        own.position if own else None,
        _marked(bound_of_own(own, answer.basis), own.count) if own else None,
        _marked(goals.bound, goal),
        _need(gap) if asks else None,
        _marked(gap.bound, short_months(plan.months, "exact")) if plan else None,
        _SURE[goals.confidence],
        word_for(answer),
    )


def _need(gap: Gap) -> Cell:
    """Give the need to be competitive, and the need to reach the median."""
    ends = (gap.to_competitive, gap.to_median)
    bounds = (gap.bounds.get("to_competitive", "exact"), gap.bound)
    first, last = (show(end) for end in ends if end is not None)
    if bounds[0] == bounds[1]:
        return _marked(gap.bound, last if first == last else f"{first}-{last}")
    return "-".join(str(_marked(*end)) for end in zip(bounds, (first, last), strict=True))


def _page(answer: KeywordResult, shared: str | None) -> str | None:
    own = answer.target_page
    if own is None:
        return None
    if own.chosen == "new":
        return "new page"
    bare = bare_url(own.url or "")
    return bare.removeprefix(shared) or "/" if shared else bare


def _shared_host(keywords: Sequence[KeywordResult]) -> str | None:
    """Give the host of all own pages, if they have one; the table then shows their paths alone."""
    pages = [answer.target_page for answer in keywords if answer.target_page]
    hosts = {host_of_page(own.page) for own in pages if own.page}
    return hosts.pop() if len(hosts) == 1 else None


def _marked(bound: str | None, number: Number | str | None) -> Number | str | None:
    if number is None or bound == "exact":
        return number
    return _MARKS[bound].format(number if isinstance(number, str) else show(number))


def _explain(result: GapResult, grid: Grid) -> str:
    """Explain the columns, the signs in them, and the order of the rows."""
    names = {column.name for column in grid.columns}
    tolerance = show(100 * (1 - result.method.tolerance))
    parts = []
    if "Need" in names:
        parts.append(
            f"Need: more domains to be competitive ({tolerance}% of the goal), and to reach the goal "
            "(the median)."
        )
    host = _shared_host(result.keywords)
    if host:
        parts.append(f"Your pages are on {host}.")
    places = [place for place, column in enumerate(grid.columns) if column.kind == "number"]
    cells = [str(row[place]) for row in grid.rows for place in places]
    signs = [words for sign, words in _MEANINGS.items() if any(sign in cell for cell in cells)]
    if signs:
        parts.append(f"{'; '.join(signs)}.")
    return " ".join([*parts, f"Order: {ORDERS[result.sorted_by].words}."])


def count_verdicts(keywords: Sequence[KeywordResult]) -> str:
    """Say how many keywords have each verdict."""
    words = Counter(map(word_for, keywords))
    parts = ", ".join(f"{count:,} {word}" for word, count in words.most_common())
    return f"{parts}."


def totals_blocks(result: GapResult) -> Iterator[Sentence | Grid]:
    """Give the total need of the own pages, and the pages that need most."""
    totals = result.totals
    if totals is None or totals.need is None:
        return
    yield Sentence(_say_totals(totals, totals.need))
    if needs := _need_grid(totals):
        yield needs


def _say_totals(totals: Totals, need: Number) -> str:
    """Describe the total need of the own pages in sentences."""
    count = len(totals.pages)
    if not need and totals.bound == "exact":
        return (
            f"Your {'page needs' if count == 1 else f'{count_pages(count)} need'} no more domains."
        )
    total = with_bound(totals.bound, show(need))
    if count == 1:
        return f"Your page needs {total} domains, the largest need of its keywords.{_time(totals)}"
    said = f"Your {count_pages(count)} need {total} domains together"
    if totals.within_reach and totals.within_reach < need:
        said += f", {show(totals.within_reach)} of them within reach"
    if totals.unknown:
        are = "is" if totals.unknown == 1 else "are"
        said += f"; {count_pages(totals.unknown)} {are} unknown"
    return f"{said}. A page counts once, with its largest need.{_time(totals)}"


def _need_grid(totals: Totals | None) -> Grid | None:
    """List the own pages that need most, where several need any."""
    needing = [page for page in totals.pages if page.need] if totals else []
    if len(needing) <= 1:
        return None
    columns = (
        GridColumn("Your page", "url"),
        *numbers("Keywords", "Needs"),
        GridColumn("Most for", "keyword"),
    )
    return Grid.listing(columns, needing, _need_row, _MOST_PAGES)._replace(more_in="json")


def _time(totals: Totals) -> str:
    if totals.months is None or totals.pace is None or not totals.need:
        return ""
    shared = " for all of them" if len(totals.pages) > 1 else ""
    months = say_months(totals.months, totals.bound)
    return f" At {short_pace(totals.pace)} new domains a month{shared}, that takes {months}."


def _need_row(page: PageNeed) -> tuple[Cell, ...]:
    url = page.url or f"new page for {page.keyword}"
    return url, page.keywords, _marked(page.bound, page.need), page.keyword


def notes(result: GapResult) -> Iterator[tuple[str, str]]:
    """Give the keywords without an answer, what to check and what to do next, behind labels."""
    keywords = result.keywords
    shown = result.unanswered[:_MOST_UNANSWERED]
    yield from labelled(
        "No answer", (f"{one.keyword or '(no keyword)'}: {one.reason}" for one in shown)
    )
    more = len(result.unanswered) - _MOST_UNANSWERED
    if more > 0:
        yield "", f"and {more} more; --format json lists all of them"
    shared = (*missing_everywhere(result), *result.cautions, *_shared_cautions(keywords))
    checks, _ = split_cautions(shared, keywords[0])
    checks += _own_cautions(keywords, shared)
    yield from labelled("Check", checks)
    misses = sum(any(c.code == "target-not-found" for c in a.cautions) for a in keywords)
    if misses:
        it, each = ("it", "page") if misses == 1 else ("them", "page of each")
        yield (
            "Next",
            (
                f"For {count_of(misses, 'keyword')} another page of your site ranks: name no page for {it}, and "
                f"--site DOMAIN takes the best-ranking {each}."
            ),
        )
    elif all(answer.target_page is None for answer in keywords):
        yield "Next", "Name your site to see what it needs: --site DOMAIN"
    elif any(answer.gap.to_median and answer.plan is None for answer in keywords):
        yield (
            "Next",
            "Give --pace N, new domains a month: months are unknown where the SERP lacks your site's DR.",
        )


def _shared_cautions(keywords: Sequence[KeywordResult]) -> tuple[Caution, ...]:
    """Give the cautions shared by all keywords; one line says how own pages were chosen."""
    first, *others = (answer.cautions for answer in keywords)
    return tuple(
        caution
        for caution in first
        if caution.code not in _SAID and all(caution in other for other in others)
    )


def _own_cautions(keywords: Sequence[KeywordResult], shared: Sequence[Caution]) -> Iterator[str]:
    """Say how own pages were chosen, and how many keywords have cautions of their own."""
    yield from _about_choice(keywords)
    raw = sum(any(c.code == "no-link-list" for c in answer.cautions) for answer in keywords)
    if raw:
        which = f"{count_of(raw, 'keyword')} {'is' if raw == 1 else 'are'}"
        yield f"{which} answered on raw counts: not every page has a link list."
    count = sum(bool(split_cautions(_alone(a, shared), a)[0]) for a in keywords)
    if count:
        has = "has" if count == 1 else "have"
        yield f"{count_of(count, 'keyword')} {has} further cautions: --keyword NAME shows them."


def _alone(answer: KeywordResult, shared: Sequence[Caution]) -> tuple[Caution, ...]:
    """Give the cautions that no sentence for all keywords covers."""
    return tuple(c for c in answer.cautions if c not in shared and c.code not in _SAID)


def _about_choice(keywords: Sequence[KeywordResult]) -> Iterator[str]:
    chosen = Counter(answer.target_page.chosen for answer in keywords if answer.target_page)
    best, new = chosen["best-ranking"], chosen["new"]
    if best:
        which = "each keyword" if best == len(keywords) else count_of(best, "keyword")
        yield f"Your page is the best-ranking one of your site for {which}."
    if new:
        yield (
            f"{count_of(new, 'keyword')} {'has' if new == 1 else 'have'} no page of yours: a new page with 0 "
            f"domains is assumed (--skip-missing leaves {'it' if new == 1 else 'them'} out)."
        )


_SAID = frozenset({"best-ranking-page", "new-page", "no-link-list"})
"""Cautions of one keyword that one sentence says for all."""
