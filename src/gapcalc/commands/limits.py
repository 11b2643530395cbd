"""Do the gaps keep within the limits that the user set?"""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from gapcalc.analyses.keywords import tell_apart
from gapcalc.analyses.verdict import FEWEST_PAGES, NO_ANSWER
from gapcalc.commands.targets import Targets
from gapcalc.results.gap import Gap, GapResult, KeywordResult, Unanswered
from gapcalc.settings import Settings

KEPT, EXCEEDED, UNKNOWN = 0, 1, 4
"""The exit codes of the three answers; an exceeded limit outranks an unknown gap."""


class _Judged(NamedTuple):
    """A keyword, its limit and its gap; `within` is None where that is unknown."""

    keyword: str | None
    limit: int
    where: str
    gap: Gap | None
    within: bool | None


def tell_exceeded(result: GapResult, targets: Targets, settings: Settings) -> Iterator[str]:
    """Name each keyword that does not keep its limit, and by how much."""
    for one in _judge(result, targets, settings):
        name, gap = f"{one.where}: {one.keyword or 'the pages'}", one.gap
        if gap is None:
            if not settings.allow_unknown:
                yield f"{name}: there is no answer"
        elif one.within is None and not settings.allow_unknown:
            known = (
                "unknown" if gap.to_median is None else f"{gap.bound or 'about'} {gap.to_median:,}"
            )
            yield f"{name}: the gap is {known}"
        elif one.within is False and gap.to_median is not None:
            least = "at least " if gap.bound == "at least" else ""
            over = gap.to_median - one.limit
            yield f"{name}: the gap is {least}{gap.to_median:,}, {over:,} too many"


def judge_limits(result: GapResult, targets: Targets, settings: Settings) -> int:
    """Give the exit code for all keywords together; one without an answer is unknown."""
    judged = [one.within for one in _judge(result, targets, settings)]
    if False in judged:
        return EXCEEDED
    if None in judged and not settings.allow_unknown:
        return UNKNOWN
    unsure = any(answer.verdict.code in NO_ANSWER for answer in result.keywords)
    if settings.fail_unknown and (unsure or result.unanswered):
        return UNKNOWN
    return KEPT


def _judge(result: GapResult, targets: Targets, settings: Settings) -> Iterator[_Judged]:
    """Judge every keyword, if --fail-over asks for it; a limit in --targets outranks that one."""
    if settings.fail_over is None:
        return
    gaps = [*(None for _ in result.unanswered), *map(_told, result.keywords)]
    named: list[Unanswered | KeywordResult] = [*result.unanswered, *result.keywords]
    for one, name, gap in zip(named, tell_apart(named), gaps, strict=True):
        limit, where = settings.fail_over, f"--fail-over {settings.fail_over}"
        own = targets.limit_of(one.keyword)
        if own:
            limit, line = own
            where = f"limit {limit} in {settings.targets}, line {line}"
        yield _Judged(
            name if one.keyword else None, limit, where, gap, _within(gap, limit) if gap else None
        )


def _told(answer: KeywordResult) -> Gap:
    """Give the gap; it is unknown where there are too few pages for a median."""
    few = answer.goals.n < FEWEST_PAGES
    return replace(answer.gap, to_median=None) if few else answer.gap


def _within(gap: Gap, limit: int) -> bool | None:
    """Say whether a gap keeps within the limit; None where it is unknown or may be larger."""
    if gap.to_median is None:
        return None
    if gap.to_median > limit:
        return False
    return True if gap.bound in {"exact", "at most"} else None
