"""Writes what could change the answer, what to do next, and what else can be shown."""

import re
from collections import Counter
from collections.abc import Iterator
from math import ceil
from textwrap import wrap

from gapcalc.analyses.verdict import FEWEST_PAGES
from gapcalc.formats import EXPORTS
from gapcalc.formats.base import LINK_KINDS
from gapcalc.reports.views.wording import PAGE_FLAGS, tell_network
from gapcalc.results.gap import GapResult, KdBenchmark, KeywordResult
from gapcalc.results.shared import NO_LOST, Caution
from gapcalc.rules import RULES
from gapcalc.text import bare_url, show

_MINOR = frozenset(
    {
        "disputed-domains",
        "file-not-used",
        "kd-and-serp-differ",
        "kd-differs",
        "kd-not-used",
        "older-serp",
        "rule-columns-missing",
        "top-three-below-entry",
    }
)
"""Cautions that do not change the answer."""
_SAID_BY_NEXT = frozenset({"no-own-page", "own-count-unknown"})
_FIRST = ("target-not-found", "target-matched", "best-ranking-page")
"""Cautions about which page is yours; they come before all others."""
_MOST_OF_A_KIND = 3
_SCHEME = re.compile(r"https?://(?:www\.)?(?=\S)")
_PAGES_IN_BRACKETS = re.compile(r" \(.*\)\.$")
_TOP = 10
_ROOM = 21
"""The screen of a top 10 has 40 lines. These are left for its pages and for all below them."""
_WIDTH = 73
"""The width of a text beside its title on a screen of 80 columns."""


def advise(
    result: GapResult, answer: KeywordResult, *, details: bool
) -> tuple[list[str], list[str], list[str]]:
    """Give what to check, what to do next, and what else can be seen."""
    cautions = (*missing_everywhere(result), *answer.cautions, *result.cautions)
    checks, hidden = split_cautions(cautions, answer)
    steps = [_next(answer)]
    if details:
        return checks, steps, []
    more = [_more(answer, hidden)]
    room = _ROOM - min(len(answer.pages), _TOP) - _lines(*steps, *more)
    return list(_first(checks, room)), steps, more


def missing_everywhere(result: GapResult) -> Iterator[Caution]:
    """Say what cannot be judged as every list lacks a column that such exports have."""
    lists = [item for item in result.inputs if item.kind in LINK_KINDS and item.rows]
    formats = {item.format for item in lists}
    usual = {c.field for export in EXPORTS if export.id in formats for c in export.columns}
    names = {item.name for item in lists}
    needs = {rule.id: rule.needs for rule in RULES}
    lacking = (r.id for r in result.method.rules if names.issubset(r.not_applicable_to))
    rules = [rule for rule in lacking if usual.intersection(needs[rule])]
    if rules and any(answer.basis != "raw" for answer in result.keywords):
        said = f"No list has a readable column for these rules: {', '.join(rules)}."
        yield Caution("columns-missing", said)
    if lists and "lost" in usual and all(NO_LOST in (item.note or "") for item in lists):
        said = "No list has its column of lost links: they may count as live."
        yield Caution("columns-missing", said)


def _first(checks: list[str], room: int) -> Iterator[str]:
    """Give the checks that fit into `room` lines, and count the others."""
    if _lines(*checks) <= room:
        yield from checks
        return
    fitting = sum(_lines(*checks[: end + 1]) < room for end in range(len(checks)))
    yield from checks[:fitting]
    yield f"{len(checks) - fitting} more can change the answer: --details shows them."


def _lines(*texts: str) -> int:
    return sum(len(wrap(text, _WIDTH, subsequent_indent="  ")) for text in texts)


def split_cautions(cautions: tuple[Caution, ...], answer: KeywordResult) -> tuple[list[str], int]:
    """Give the cautions that can change the answer, in short form, and the number of all others."""
    shown: list[str] = []
    hidden = 0
    seen: Counter[str] = Counter()
    for caution in sorted(cautions, key=_order):
        seen[caution.code] += 1
        if caution.code in _SAID_BY_NEXT:
            continue
        if _is_minor(caution, answer) or seen[caution.code] > _MOST_OF_A_KIND:
            hidden += 1
        else:
            shown.append(_shorten(caution, answer))
    return shown, hidden


def _order(caution: Caution) -> int:
    return _FIRST.index(caution.code) if caution.code in _FIRST else len(_FIRST)


def _is_minor(caution: Caution, answer: KeywordResult) -> bool:
    harmless = caution.code == "incomplete-lists" and answer.goals.bound == "exact"
    return harmless or caution.code in _MINOR


def _shorten(caution: Caution, answer: KeywordResult) -> str:
    match caution.code:
        case "flagged-pages":
            return _flagged(answer)
        case "network" if answer.network_effect is not None:
            return tell_network(answer.network_effect) or caution.text
        case "vendor-totals-only":
            return "These are the vendor's own totals: junk links are still inside them."
        case "mixed-vendors":
            return _PAGES_IN_BRACKETS.sub(".", caution.text)
        case "rules-left-out":
            rules = caution.text.partition(": ")[2].partition(".")[0]
            return f"Rules left out (columns missing): {rules}."
        case _:
            return caution.text if caution.code in _FIRST else _SCHEME.sub("", caution.text)


def _flagged(answer: KeywordResult) -> str:
    without = answer.goals.without_flagged
    median = without.median if without and without.median is not None else 0
    drop = ",".join(_flags(answer))
    flagged = sum(page.comparable and bool(page.flags) for page in answer.pages)
    it = "it" if flagged == 1 and "," not in drop else "them"
    return f"{_legend(answer)}: without {it} the median is {show(ceil(median))} (--drop {drop})"


def explain_flags(answer: KeywordResult) -> Iterator[str]:
    """Explain the letters in the table, except those explained under Check."""
    if any("outlier" in page.flags for page in answer.pages):
        outlier = PAGE_FLAGS["outlier"]
        yield f"{outlier.letter}: {outlier.meaning}."
    checked = any(caution.code == "flagged-pages" for caution in answer.cautions)
    if _flags(answer) and not checked:
        yield f"{_legend(answer)}."


def _flags(answer: KeywordResult) -> list[str]:
    used = {flag for page in answer.pages for flag in page.flags}
    return [flag for flag in PAGE_FLAGS if flag in used and flag != "outlier"]


def _legend(answer: KeywordResult) -> str:
    flags = [PAGE_FLAGS[flag] for flag in _flags(answer)]
    return ", ".join(f"{flag.letter} {flag.meaning}" for flag in flags)


def _next(answer: KeywordResult) -> str:
    """Give the most useful next step: make the answer sure first, then act on it."""
    code, basis = answer.verdict.code, answer.basis
    lacking = [page for page in answer.pages if page.comparable and page.listed is None]
    if answer.goals.n < FEWEST_PAGES:
        return (
            "Add the SERP export of the keyword, or link exports of at least 3 pages to compare "
            "with; --competitor URL names one."
        )
    if answer.target_page is None:
        return "Name your page to see what it needs: --target https://your-site.com/page/"
    if code == "own-count-unknown":
        return _give_own_count(answer)
    if code == "too-little-data" or answer.goals.bound != "exact" or answer.gap.bound != "exact":
        return 'Export all links of the pages with a "+" (exact URL) and run this again.'
    if basis == "raw" and lacking:
        return _lists_to_add(answer, [page.url for page in lacking])
    return _after(answer)


def _give_own_count(answer: KeywordResult) -> str:
    if any(caution.code == "target-not-found" for caution in answer.cautions):
        return "Name that page with --target; for a new page add --own-rds 0."
    return "Add the link export of your page, or give its count: --own-rds N (0 for a new page)."


def _lists_to_add(answer: KeywordResult, lacking: list[str]) -> str:
    own = answer.target_page
    wanted = [
        *lacking,
        *([own.url] if own and own.url and own.listed is None and own.count else []),
    ]
    if len(wanted) > _MOST_OF_A_KIND:
        return (
            f"Export the links to each of these {len(wanted)} pages (exact URL) and add the files: "
            "then junk links no longer count."
        )
    names = ", ".join(map(bare_url, wanted))
    return f"Export the links to {names} (exact URL) and add them: then junk no longer counts."


def _after(answer: KeywordResult) -> str:
    match answer.verdict.code:
        case "no-gap":
            return "Keep watch: with --fail-over 0 the exit code is 1 as soon as there is a gap."
        case "links-not-the-lever":
            return "Compare content and search intent with the top three before you build links."
        case "out-of-reach":
            return (
                "Choose a keyword with a lower goal, or plan for longer: --horizon MONTHS, or "
                "--pace N new domains a month."
            )
        case _ if _has_lists(answer):
            return _who_links(answer)
        case _:
            return "Export the links to these pages (exact URL) and add the files."


def _who_links(answer: KeywordResult) -> str:
    if any(page.domains is not None for page in answer.pages):
        return "See who links to these pages: -o domains.csv writes every domain."
    if answer.target_page and answer.target_page.url:
        return "Who links to them but not to you? gapcalc prospects, with the same files."
    return "See who links to these pages: add --by-vendor -o domains.csv."


def _has_lists(answer: KeywordResult) -> bool:
    return any(page.comparable and page.listed is not None for page in answer.pages)


def _more(answer: KeywordResult, hidden: int) -> str:
    parts = ["every basis", *(["rules", "spread"] if answer.goals.n else [])]
    if answer.benchmark is not None:
        parts.append(_difficulty(answer.benchmark))
    if hidden:
        parts.append(f"{hidden} more caution{'' if hidden == 1 else 's'}")
    return f"--details: {', '.join(parts)}"


def _difficulty(scale: KdBenchmark) -> str:
    over = f"about {show(scale.rd)}" if scale.over is None else f"over {show(scale.over)}"
    return f"KD {scale.kd:g} ({over} domains)"
