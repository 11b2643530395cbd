"""Puts the SERP rows of all files together, keyword by keyword."""

from gapcalc.analyses.gap import Serp
from gapcalc.errors import UsageError
from gapcalc.facts import SerpRow
from gapcalc.jobs.job import Job


def by_keyword(job: Job) -> list[Serp]:
    """Put the SERP rows of all files together by keyword and country, in order of name."""
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
