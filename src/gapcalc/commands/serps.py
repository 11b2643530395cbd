"""Groups the SERP rows of all files by keyword."""

from collections.abc import Iterator, Mapping, Sequence

from gapcalc.analyses.kd import by_country, of_other_countries
from gapcalc.analyses.question import Serp, keyword_key
from gapcalc.analyses.serps import choose_serp
from gapcalc.commands.prepare import Job
from gapcalc.errors import InputError, UsageError
from gapcalc.results.gap import Unanswered
from gapcalc.rows import KeywordRow, PageRow, SerpRow


def by_keyword(job: Job) -> tuple[list[Serp], list[Unanswered]]:
    """Give a SERP for each keyword and country, by name, with what all files say about it.

    A keyword with two SERPs of which nothing tells the newer has no answer. Raises InputError for
    it where there is no other.
    """
    totals = _totals(job)
    names = {number: source.name for number, source in job.sources.items()}
    serps: list[Serp] = []
    unanswered: list[Unanswered] = []
    fault: InputError | None = None
    for serp in _serps(job):
        try:
            serps.append(_complete(job, serp, totals, names))
        except InputError as error:
            fault = fault or error
            unanswered.append(Unanswered(serp.keyword, serp.country, str(error)))
    if fault and not serps:
        raise fault
    return serps, unanswered


def _complete(
    job: Job, serp: Serp, totals: Mapping[str, Sequence[PageRow]], names: Mapping[int, str]
) -> Serp:
    """Choose among several SERPs of one keyword, and add what lists of pages and keywords say."""
    chosen = choose_serp(serp.rows, names)
    scores = job.scores.get(keyword_key(serp.keyword), ()) if serp.keyword is not None else ()
    fitting, foreign = by_country(scores, serp.country)
    return serp._replace(
        rows=chosen.rows,
        totals=_with_totals_of(chosen.others, totals),
        scores=(*fitting, *_scores_of(chosen.others)),
        cautions=(*chosen.cautions, *of_other_countries(foreign, serp.country, names)),
    )


def _with_totals_of(
    rows: Sequence[SerpRow], totals: Mapping[str, Sequence[PageRow]]
) -> Mapping[str, Sequence[PageRow]]:
    """Add the totals that further SERPs of a keyword give to those that all keywords share."""
    more: dict[str, Sequence[PageRow]] = {}
    for row in rows:
        if row.referring_domains is not None:
            page = (row.input, row.line, row.url, row.page, row.referring_domains, row.vendor)
            known = more.get(row.page, totals.get(row.page, ()))
            more[row.page] = [*known, PageRow(*page)]
    return {**totals, **more} if more else totals


def _scores_of(rows: Sequence[SerpRow]) -> Iterator[KeywordRow]:
    """Give the difficulties that further SERPs of a keyword say."""
    for row in rows:
        if row.kd is not None and row.keyword is not None:
            vendor = row.kd_vendor or ""
            yield KeywordRow(row.input, row.line, row.keyword, row.country, row.kd, vendor)


def _totals(job: Job) -> Mapping[str, Sequence[PageRow]]:
    totals: dict[str, list[PageRow]] = {}
    for file in job.pages.values():
        for row in file.rows:
            totals.setdefault(row.page, []).append(row)
    return totals


def _serps(job: Job) -> list[Serp]:
    groups: dict[tuple[str, str], list[SerpRow]] = {}
    names: dict[tuple[str, str], tuple[str | None, str | None]] = {}
    is_named = any(row.keyword for file in job.serps.values() for row in file.rows)
    unnamed = None if is_named else job.settings.keyword
    for file in job.serps.values():
        for row in _with_countries(file.rows):
            keyword = row.keyword or unnamed
            key = (keyword_key(keyword), (row.country or "").casefold())
            groups.setdefault(key, []).append(row)
            name = (keyword, row.country)
            if names.setdefault(key, name) != name:
                names[key] = min(names[key], name, key=str)
    if not groups:
        return [Serp(job.settings.keyword, None, ())]
    serps = [Serp(*names[key], tuple(rows)) for key, rows in sorted(groups.items())]
    return _only_keyword(serps, job.settings.keyword)


def _with_countries(rows: Sequence[SerpRow]) -> Iterator[SerpRow]:
    """Give rows without a country that of the keyword's other rows in the file, if it is one."""
    said: dict[str, dict[str, str]] = {}
    for row in rows:
        if row.country:
            said.setdefault(keyword_key(row.keyword), {})[row.country.casefold()] = row.country
    for row in rows:
        countries = {} if row.country else said.get(keyword_key(row.keyword), {})
        yield row._replace(country=min(countries.values())) if len(countries) == 1 else row


def _only_keyword(serps: list[Serp], wanted: str | None) -> list[Serp]:
    if wanted is None:
        return serps
    chosen = [serp for serp in serps if keyword_key(serp.keyword) == keyword_key(wanted)]
    if not chosen:
        known = list(dict.fromkeys(serp.keyword for serp in serps if serp.keyword))
        from difflib import get_close_matches

        near = get_close_matches(wanted, known, n=3) or known[:3]
        raise UsageError(
            f"--keyword {wanted!r} is in none of the inputs; they have {len(known)}, "
            f"among them: {', '.join(near)}"
        )
    return chosen
