"""Do the gaps keep within the limits that the user set?"""

from collections.abc import Iterator

from gapcalc.analyses.keywords import NO_ANSWER
from gapcalc.results.gap import Gap, GapResult
from gapcalc.settings import Settings

KEPT, EXCEEDED, UNKNOWN = 0, 1, 4
"""The exit codes of the three answers; an exceeded limit outranks an unknown gap."""


def tell_exceeded(result: GapResult, settings: Settings) -> Iterator[str]:
    """Name each keyword that does not keep --fail-over, and by how much."""
    limit = settings.fail_over
    if limit is None:
        return
    for missing in result.unanswered if not settings.allow_unknown else ():
        yield f"--fail-over {limit}: {missing.keyword or 'the pages'}: there is no answer"
    for answer in result.keywords:
        name, gap = answer.keyword or "the pages", answer.gap
        within = _within(gap, limit)
        if within is None and not settings.allow_unknown:
            known = (
                "unknown" if gap.to_median is None else f"{gap.bound or 'about'} {gap.to_median}"
            )
            yield f"--fail-over {limit}: {name}: the gap is {known}"
        elif within is False and gap.to_median is not None:
            least = "at least " if gap.bound == "at least" else ""
            over = gap.to_median - limit
            yield f"--fail-over {limit}: {name}: the gap is {least}{gap.to_median}, {over} too many"


def judge_limits(result: GapResult, settings: Settings) -> int:
    """Give the exit code for all keywords together; one without an answer is unknown."""
    lacking: list[bool | None] = [None] * len(result.unanswered)
    if settings.fail_over is not None:
        judged = [_within(answer.gap, settings.fail_over) for answer in result.keywords] + lacking
        if False in judged:
            return EXCEEDED
        if None in judged and not settings.allow_unknown:
            return UNKNOWN
    unsure = any(answer.verdict.code in NO_ANSWER for answer in result.keywords)
    if settings.fail_unknown and (unsure or lacking):
        return UNKNOWN
    return KEPT


def _within(gap: Gap, limit: int) -> bool | None:
    """Say whether a gap keeps within the limit; None where it is unknown or may be larger."""
    if gap.to_median is None:
        return None
    if gap.to_median > limit:
        return False
    return True if gap.bound in {"exact", "at most"} else None
