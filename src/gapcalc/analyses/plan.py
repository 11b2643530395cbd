"""How many months until the gap is closed, against rivals who stand still."""

from gapcalc import stats
from gapcalc.analyses.question import Question
from gapcalc.results.gap import Authority, Months, Pace, PlanOutline

_BY_DR = ((20, 5, 10), (50, 15, 40))
"""Published monthly ranges: below DR 20 it is 5-10, below DR 50 it is 15-40."""
_COMPETITIVE = (20, 60)


def outline(gap: int | None, authority: Authority | None, question: Question) -> PlanOutline | None:
    """Give months = ceil(gap / pace) at the low, middle and high pace (docs/method.md, Plan).

    None without a gap, or without a pace: for that it takes --pace or the own site's Ahrefs DR.
    """
    found = _pace(authority, question)
    if gap is None or found is None:
        return None
    (low, high), source = found
    paces = [stats.whole(pace) for pace in (low, (low + high) / 2, high)]
    return PlanOutline(
        pace=Pace(*paces),
        pace_source=source,
        months=Months(*(stats.months(gap, pace) for pace in paces)),
    )


def _pace(
    authority: Authority | None, question: Question
) -> tuple[tuple[float, float], str] | None:
    if question.pace is not None:
        return (question.pace, question.pace), "--pace"
    if question.competitive:
        return _COMPETITIVE, "competitive verticals"
    if authority is None or authority.metric != "DR":
        return None
    for below, low, high in _BY_DR:
        if authority.value < below:
            return (low, high), f"published range for DR below {below}"
    return _COMPETITIVE, "no figure is published for DR 50 and above; this range is gapcalc's"
