"""Groups the SERP rows of all files by keyword."""

from collections.abc import Mapping, Sequence

from gapcalc.analyses.gap import Serp
from gapcalc.commands.prepare import Job
from gapcalc.errors import UsageError
from gapcalc.rows import KeywordRow, PageRow, SerpRow


def by_keyword(job: Job) -> list[Serp]:
    """Give a SERP for each keyword and country, by name, with what all files say about it."""
    totals = _totals(job)
    return [serp._replace(totals=totals, scores=_scores(job, serp)) for serp in _serps(job)]


def _totals(job: Job) -> Mapping[str, Sequence[PageRow]]:
    totals: dict[str, list[PageRow]] = {}
    for file in job.pages.values():
        for row in file.rows:
            totals.setdefault(row.page, []).append(row)
    return totals


def _scores(job: Job, serp: Serp) -> tuple[KeywordRow, ...]:
    if serp.keyword is None:
        return ()
    return tuple(
        row
        for row in job.scores.get(serp.keyword.casefold(), ())
        if not (row.country and serp.country) or row.country.casefold() == serp.country.casefold()
    )


def _serps(job: Job) -> list[Serp]:
    groups: dict[tuple[str, str], list[SerpRow]] = {}
    names: dict[tuple[str, str], tuple[str | None, str | None]] = {}
    unnamed = job.settings.keyword if not _named_keywords(job) else None
    for file in job.serps.values():
        for row in file.rows:
            keyword = row.keyword or unnamed
            key = ((keyword or "").casefold(), (row.country or "").casefold())
            groups.setdefault(key, []).append(row)
            names[key] = min(
                names.get(key, (keyword, row.country)), (keyword, row.country), key=str
            )
    if not groups:
        return [Serp(job.settings.keyword, None, ())]
    serps = [Serp(*names[key], tuple(rows)) for key, rows in sorted(groups.items())]
    return _only_keyword(serps, job.settings.keyword)


def _named_keywords(job: Job) -> set[str]:
    return {row.keyword for file in job.serps.values() for row in file.rows if row.keyword}


def _only_keyword(serps: list[Serp], wanted: str | None) -> list[Serp]:
    if wanted is None:
        return serps
    chosen = [serp for serp in serps if (serp.keyword or "").casefold() == wanted.casefold()]
    if not chosen:
        known = [serp.keyword for serp in serps if serp.keyword]
        from difflib import get_close_matches

        near = get_close_matches(wanted, known, n=3) or known[:3]
        raise UsageError(
            f"--keyword {wanted!r} is in none of the inputs; they have {len(known)}, "
            f"among them: {', '.join(near)}"
        )
    return chosen
