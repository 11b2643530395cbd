"""Gives the pictures of results: the numbers for each, and a description in words."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from math import ceil
from typing import Any

from gapcalc.analyses.keywords import known_need, tell_apart
from gapcalc.analyses.verdict import FEWEST_PAGES
from gapcalc.reports.document import Picture
from gapcalc.reports.views.rows import AnyPage, every_page, is_left_out, is_own
from gapcalc.reports.views.wording import precise, write_month
from gapcalc.results.audit import AuditResult, Share
from gapcalc.results.gap import GapResult, KeywordResult
from gapcalc.results.plan import PlannedKeyword, PlanResult
from gapcalc.results.shared import Number
from gapcalc.scale import curve, default_scale
from gapcalc.text import bare_url, cut_middle, cut_url, safe, show

Row = Mapping[str, str | int | float | bool | None]

MOST_PAGES = 30
MOST_KEYWORDS = 25
FEWEST_KEYWORDS = 2
MOST_MONTHS = 24
_LONGEST_NAME = 34
_GOALS = {"competitive": "Competitive", "entry": "Entry", "median": "Median"}
_MEASURES = {"kept": "counted", "followed": "counted and followed", "raw": "live"}
_BEYOND = 15
_HARDEST_SHOWN = 95


def gap_picture(result: GapResult) -> Picture | None:
    """Show the pages of one keyword, or what each of several needs."""
    if len(result.keywords) > 1:
        return keywords_picture(result)
    return pages_picture(result.keywords[0])


def audit_picture(result: AuditResult) -> Picture | None:
    """Show the history, or without dates, the bands of authority."""
    return history_picture(result) or bands_picture(result)


def pages_picture(answer: KeywordResult) -> Picture | None:
    """Show the pages' referring domains, raw behind counted, beside the goals."""
    pages = every_page(answer)[:MOST_PAGES]
    own = answer.target_page
    if own is not None and own.page and all(page.page != own.page for page in pages):
        pages = (*pages, own)
    rows = [_page_row(answer, page, name) for page, name in zip(pages, _names(pages), strict=True)]
    if all(row["count"] is None and row["raw"] is None for row in rows):
        return None
    goals = list(_goal_rows(answer))
    measure = _MEASURES[answer.basis]
    said = "; ".join(filter(None, map(_say_page, rows)))
    text = f"Referring domains of each page, in order of position ({measure}): {said}."
    if goals:
        named = ", ".join(f"{goal['name']} {show(_number(goal))}" for goal in goals)
        text += f" Goals: {named}."
    title = f"Referring domains by page{_of(answer)}"
    return Picture("pages", title, text, (*rows, *goals))


def _of(answer: KeywordResult) -> str:
    return f": {safe(answer.keyword)}" if answer.keyword else ""


def _number(row: Row) -> float:
    count = row["count"]
    return count if isinstance(count, int | float) else 0


def _names(pages: Sequence[AnyPage]) -> list[str]:
    """Name pages by position and address; every name is unique."""
    names: list[str] = []
    for page in pages:
        url = cut_url(safe(bare_url(page.url or "your page")), _LONGEST_NAME)
        names.append(_distinct(f"{page.position}  {url}" if page.position else url, names))
    return names


def _keyword_names(keywords: Sequence[KeywordResult] | Sequence[PlannedKeyword]) -> list[str]:
    """Name keywords shortly; every name is unique."""
    names: list[str] = []
    for name in tell_apart(keywords):
        names.append(_distinct(cut_middle(safe(name), _LONGEST_NAME), names))
    return names


def _distinct(name: str, taken: Sequence[str]) -> str:
    number = 2
    found = name
    while found in taken:
        found, number = f"{name} ({number})", number + 1
    return found


def _page_row(answer: KeywordResult, page: AnyPage, name: str) -> Row:
    raw = page.raw if answer.basis == "raw" or page.listed is None else page.listed
    return {
        "kind": "page",
        "name": name,
        "raw": None if answer.basis == "raw" else raw,
        "count": page.count,
        "measure": _MEASURES[answer.basis],
        "own": is_own(page),
        "out": is_left_out(page),
    }


def _say_page(row: Row) -> str:
    count = "unknown" if row["count"] is None else show(_number(row))
    raw = row["raw"]
    of = f" of {show(raw)}" if isinstance(raw, int | float) and row["count"] is not None else ""
    mark = " (your page)" if row["own"] else " (not compared)" if row["out"] else ""
    return f"{row['name']}{mark} {count}{of}"


def _goal_rows(answer: KeywordResult) -> Iterator[Row]:
    if answer.goals.n < FEWEST_PAGES:
        return
    for key, name in _GOALS.items():
        goal = getattr(answer.goals, key)
        if goal is not None:
            bound = answer.goals.bounds.get(key, "exact")
            yield {"kind": "goal", "name": name, "count": ceil(goal), "bound": bound}


def waterfall_picture(answer: KeywordResult) -> Picture | None:
    """Show what the rules take out of the live domains of the pages that are compared."""
    listed = [page for page in answer.pages if page.comparable and page.listed is not None]
    live = sum(page.listed or 0 for page in listed)
    taken = {rule: count for rule, count in answer.waterfall.items() if count}
    if not live or not taken:
        return None
    rows: list[Row] = [{"name": "live", "from": 0, "to": live, "count": live, "total": True}]
    left = live
    for rule, count in taken.items():
        rows.append(
            {"name": rule, "from": left - count, "to": left, "count": -count, "total": False}
        )
        left -= count
    rows.append({"name": "counted", "from": 0, "to": left, "count": left, "total": True})
    less = ", ".join(f"{show(count)} {rule}" for rule, count in taken.items())
    text = (
        f"The {len(listed):,} compared pages have {show(live)} live referring domains in all; the "
        f"rules take out {less}; {show(left)} are counted."
    )
    return Picture("waterfall", "What the quality rules take out", text, tuple(rows))


def kd_picture(answer: KeywordResult) -> Picture | None:
    """Show the Ahrefs KD curve, and where this keyword stands on it.

    There is none where another scale was given: its points are not in the result.
    """
    found, scale = answer.benchmark, default_scale()
    if found is None or found.source != scale.source:
        return None
    last = min(_HARDEST_SHOWN, max(40, int(found.kd) + _BEYOND))
    if found.kd > last:
        return None
    rows: list[Row] = [
        {"kind": "curve", "kd": kd, "rd": round(curve(kd, scale), 1)} for kd in range(last + 1)
    ]
    rows.append(
        {"kind": "point", "kd": found.kd, "rd": found.rd, "low": found.low, "high": found.high}
    )
    amount = f"over {show(found.over)}" if found.over is not None else f"about {show(found.rd)}"
    text = f"On the Ahrefs scale KD {show(found.kd)} stands for {amount} referring domains"
    if found.low is not None and found.high is not None:
        text += f", {show(found.low)} to {show(found.high)} with its band"
    raw = answer.by_basis["raw"].median if "raw" in answer.by_basis else None
    if raw is not None:
        rows.append({"kind": "serp", "kd": None, "rd": raw})
        text += f"; the raw median of this SERP is {show(raw)}"
    return Picture("kd", f"KD {show(found.kd)} in referring domains", f"{text}.", tuple(rows))


def keywords_picture(result: GapResult) -> Picture | None:
    """Show what each keyword's page needs, the least first; keywords of unknown need are left out."""
    known = [
        (need, answer) for answer in result.keywords if (need := known_need(answer)) is not None
    ]
    if len(known) < FEWEST_KEYWORDS:
        return None
    known.sort(key=lambda found: found[0])
    shown = known[:MOST_KEYWORDS]
    rows: list[Row] = []
    names = _keyword_names([answer for _, answer in shown])
    for name, (need, answer) in zip(names, shown, strict=True):
        own = answer.target_page.count if answer.target_page else None
        goal = None if answer.goals.median is None else ceil(answer.goals.median)
        rows.append(
            {"name": name, "own": own, "goal": goal, "need": need, "bound": answer.gap.bound}
        )
    said = "; ".join(
        f"{row['name']} {'' if row['bound'] == 'exact' else row['bound'] or 'about'} {row['need']}"
        for row in rows
    )
    rest = len(result.keywords) - len(shown)
    more = f" {rest} more keywords are not shown." if rest else ""
    text = f"Domains that the page for each keyword needs to reach the median: {said}.{more}"
    return Picture("keywords", "Domains needed by keyword", text, tuple(rows))


def history_picture(result: AuditResult) -> Picture | None:
    """Show the referring domains won and lost by month, beside the medians of the compared lists."""
    if result.history is None:
        return None
    months = result.history.months[-MOST_MONTHS:]
    rows = tuple(
        {"month": month.month, "name": write_month(month.month), **vars(month)} for month in months
    )
    said = "; ".join(
        f"{write_month(month.month)} {show(month.new)} won"
        + ("" if month.lost is None else f", {show(month.lost)} lost")
        for month in months
    )
    text = f"Referring domains won and lost by month: {said}."
    if all(month.lost is None for month in months):
        text += " How many were lost is unknown."
    return Picture("history", "Referring domains won and lost by month", text, rows)


def bands_picture(result: AuditResult) -> Picture | None:
    """Show the referring domains by authority, beside the rivals' median."""
    shares = {
        name: share for name, share in result.shares["authority"].items() if share.share is not None
    }
    if not shares:
        return None
    metric = result.measures.get("authority") or "authority"
    rows = tuple(row for name, share in shares.items() for row in _band_rows(name, share))
    said = "; ".join(
        f"{name} {share.share or 0:.0%}"
        + (f" (rivals {share.rivals.median:.0%})" if share.rivals else "")
        for name, share in shares.items()
    )
    text = f"Share of the referring domains by {metric}: {said}."
    return Picture("bands", f"Referring domains by {metric}", text, rows)


def _band_rows(name: str, share: Share) -> Iterator[Row]:
    end = max(share.share or 0, share.rivals.median if share.rivals else 0)
    yield {"band": name, "whose": "yours", "share": share.share, "count": share.count, "end": end}
    if share.rivals:
        yield {"band": name, "whose": "rivals", "share": share.rivals.median, "count": None}


def plan_picture(result: PlanResult) -> Picture | None:
    """Show one keyword's own count by month up to the goal, or when each of several is reached."""
    if len(result.keywords) == 1:
        return _growth_picture(result.keywords[0])
    return _schedule_picture(result)


def _growth_picture(one: PlannedKeyword) -> Picture | None:
    plan = one.plan
    if plan is None or one.own is None or one.goal is None or not one.need:
        return None
    goal = ceil(one.goal)
    moving = plan.moving.months.middle if plan.moving else None
    grows = (one.velocity.per_month or 0) if one.velocity and plan.moving else None
    last = min(MOST_MONTHS * 2, max(plan.months.low, moving or 0)) + 1
    rows = tuple(
        {
            "month": month,
            "pace": plan.pace.middle,
            "reached": month == plan.months.middle,
            "low": one.own + plan.pace.low * month,
            "own": one.own + plan.pace.middle * month,
            "high": one.own + plan.pace.high * month,
            "goal": goal,
            "moving": None if grows is None else goal + max(0, grows) * month,
        }
        for month in range(last + 1)
    )
    text = (
        f"From {show(one.own)} referring domains at {precise(plan.pace.middle)} new ones a month, the "
        f"goal of {show(goal)} is reached in {show(plan.months.middle)} months"
    )
    if moving is not None:
        text += f"; if rivals go on growing, in {show(moving)} months"
    elif grows is not None:
        text += "; if rivals go on growing, never at this pace"
    return Picture("plan", "Your count by month, up to the goal", f"{text}.", rows)


def _schedule_picture(result: PlanResult) -> Picture | None:
    reached = [one for one in result.keywords if one.reached_in is not None]
    reached.sort(key=lambda one: one.reached_in or 0)
    if result.schedule is None or not reached:
        return None
    rows: list[Row] = []
    for name, one in zip(_keyword_names(reached), reached[:MOST_KEYWORDS], strict=False):
        rows.append({"name": name, "month": one.reached_in, "need": one.need})
    said = "; ".join(f"{row['name']} month {row['month']}" for row in rows)
    rest = len(result.keywords) - len(rows)
    more = f" {rest} more keywords are not shown." if rest else ""
    pace: Number = result.schedule.pace
    text = f"The month in which each keyword is reached at {precise(pace)} domains a month: {said}.{more}"
    return Picture("schedule", "When each keyword is reached", text, tuple(rows))


PICTURES: Mapping[str, Callable[[Any], Picture | None]] = {
    "gap": gap_picture,
    "audit": audit_picture,
    "plan": plan_picture,
}
"""The picture that stands for the whole answer of a command."""
