"""Presents the leads: the best first, their linking pages, what was lost, what to check."""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial

from gapcalc.analyses.keywords import tell_apart
from gapcalc.reports.document import (
    Block,
    Cell,
    Document,
    Grid,
    GridColumn,
    Notes,
    Report,
    Section,
    Sentence,
    labelled,
    numbers,
)
from gapcalc.reports.views.rows import leads_by_keyword, name_of, prospects_records, prospects_rows
from gapcalc.reports.views.wording import describe_data, tell_network
from gapcalc.results.prospects import (
    KeywordLeads,
    Lead,
    LeadCounts,
    ProspectsResult,
    SiteLead,
    SiteLevel,
)
from gapcalc.results.shared import Caution
from gapcalc.text import count_of, count_pages, show

MOST_LEADS = 20
_MOST_LOST = 5
_MOST_KEYWORDS = 10
_MOST_CHECKS = 5
_FIRST = 3
_CHOICES = ("best-ranking-page", "new-page")
_SHORT_METRIC = 5


def report(result: ProspectsResult) -> Report:
    """Give the leads in every form that output formats are made from."""
    return Report(
        result,
        partial(view, result),
        records=partial(prospects_records, result),
        rows=partial(prospects_rows, result),
    )


def view(result: ProspectsResult) -> Document:
    """Present the leads of one keyword, or of all keywords together."""
    return Document(title_of(result), tuple(_sections(result)), describe_data(result.inputs))


def title_of(result: ProspectsResult) -> str:
    """Name whose leads they are."""
    if not result.keywords:
        return "Leads · whole sites"
    if len(result.keywords) != 1:
        return f"Leads · {len(result.keywords):,} keywords"
    (one,) = result.keywords
    return " · ".join(part for part in ("Leads", one.keyword, one.country) if part)


def _sections(result: ProspectsResult) -> Iterator[Section]:
    if result.keywords:
        yield Section(None, (headline(result), Sentence(result.note)))
    if result.prospects:
        yield lead_section(result, MOST_LEADS)
    if len(result.keywords) > 1:
        yield keyword_section(result, _MOST_KEYWORDS)
    if result.lost_to_us:
        yield lost_section(result, _MOST_LOST)
    if result.site_level:
        yield Section(None, tuple(_site_blocks(result, result.site_level)))
    more = "-o leads.csv has every lead for an outreach tool, --json all links"
    yield Section(None, (Notes((*notes(result), ("More", more))),))


def headline(result: ProspectsResult) -> Notes:
    """Say how many leads there are, and which domains were left out."""
    return Notes((("LEADS", _count_leads(result)),))


def notes(result: ProspectsResult) -> tuple[tuple[str, str], ...]:
    """Give what to check and what to do next, each behind its label."""
    return (*labelled("Check", _checks(result)), *labelled("Next", _advice(result)))


def _count_leads(result: ProspectsResult) -> str:
    least, leads = result.min_competitors, len(result.prospects)
    links = "1 domain links" if leads == 1 else f"{show(leads)} domains link"
    listed = _most_listed(result)
    if not listed:
        return "Nobody knows who links to the pages that rank: none of them has a link list."
    if listed < least:
        lists = f"there are link lists of only {count_pages(listed)}"
        return f"A lead links to {least} or more pages, and {lists}."
    if len(result.keywords) != 1:
        pages = f"{least} or more pages that rank for a keyword"
        return f"{links} to {pages} but not to yours."
    (one,) = result.keywords
    said = f"{links} to {least} or more of {count_pages(listed)} but not to yours."
    return f"{said} {_say_left_out(one.counts, one.counts.links_to_target)}".strip()


def _listed(one: KeywordLeads) -> int:
    return sum(page.counted is not None for page in one.pages)


def _most_listed(result: ProspectsResult) -> int:
    return max(map(_listed, result.keywords), default=0)


def _say_left_out(counts: LeadCounts | SiteLevel, linking: int) -> str:
    parts = [
        f"{show(number)} {words}"
        for number, words in (
            (linking, "with a link to yours already"),
            (counts.platform, "platforms" if counts.platform > 1 else "platform"),
            (counts.excluded, "excluded"),
        )
        if number
    ]
    parts += ["your own site"] if counts.own_site else []
    return f"Left out: {', '.join(parts)}." if parts else ""


def lead_section(result: ProspectsResult, most: int) -> Section:
    """Give at most `most` leads, the best first, and explain the columns and letters."""
    shown = result.prospects[:most]
    grid = _grid(shown, several=len(result.keywords) > 1)._replace(
        more=len(result.prospects) - len(shown)
    )
    return Section(None, (grid, Sentence(_legend(shown))))


def _grid(shown: Sequence[Lead], *, several: bool) -> Grid:
    grid = Grid(
        (
            GridColumn("Domain", "url"),
            *(numbers("Keywords") if several else ()),
            GridColumn("Pages", "number"),
            *numbers(_metric(shown)),
            GridColumn("Traffic", "number", wide=100),
            GridColumn("Best linking page", "url"),
            GridColumn("Anchor", "keyword", wide=100),
            GridColumn("Rel"),
            GridColumn(""),
        ),
        tuple(_row(lead, several=several) for lead in shown),
    )
    return grid.without_empty({*range(1, len(grid.columns))})


def _metric(leads: Sequence[Lead] | Sequence[SiteLead]) -> str:
    metrics = {lead.authority.metric for lead in leads if lead.authority}
    metric = metrics.pop() if len(metrics) == 1 else "Auth."
    return metric if len(metric) <= _SHORT_METRIC else "Auth."


def _row(lead: Lead, *, several: bool) -> tuple[Cell, ...]:
    (first, *_) = lead.keywords
    pages = show(lead.competitors) if several else f"{lead.competitors}/{first.comparable}"
    return (
        lead.domain,
        *((len(lead.keywords),) if several else ()),
        pages,
        lead.authority.value if lead.authority else None,
        lead.traffic,
        lead.url or "",
        lead.anchor or "",
        lead.rel or "",
        _mark(lead),
    )


def _mark(lead: Lead) -> str:
    letters = [
        "s" if lead.links_to_my_site else "",
        "l" if lead.lost_to_us else "",
        "n" if lead.in_network else "",
        "" if lead.proven else "?",
    ]
    return "".join(letters)


def _legend(shown: Sequence[Lead]) -> str:
    used = {letter for lead in shown for letter in _mark(lead)}
    meanings = {
        "s": "s links to another page of your site",
        "l": "l linked to your page once",
        "n": "n may belong to a network",
        "?": "? not proven: your own list is not known to be whole",
    }
    legend = "; ".join(text for letter, text in meanings.items() if letter in used)
    said = "Pages: how many of the compared pages it links to."
    return f"{said} {legend}." if legend else said


def keyword_section(result: ProspectsResult, most: int) -> Section:
    """Give the number of leads for at most `most` keywords, and the first leads of each."""
    leads = leads_by_keyword(result.prospects)

    def row(named: tuple[str, KeywordLeads]) -> tuple[Cell, ...]:
        name, one = named
        first = ", ".join(lead.domain for lead in leads[name_of(one)][:_FIRST])
        return name, _known_leads(one, result), first

    named = [*zip(tell_apart(result.keywords), result.keywords, strict=True)]
    columns = (GridColumn("Keyword", "keyword"), *numbers("Leads"), GridColumn("The first ones"))
    return Section(None, (Grid.listing(columns, named, row, most),))


def _known_leads(one: KeywordLeads, result: ProspectsResult) -> int | None:
    """Count the leads of a keyword; None where too few of its pages have a link list."""
    return None if _listed(one) < result.min_competitors else one.counts.leads


def _about_lost(result: ProspectsResult) -> str:
    count = len(result.lost_to_us)
    links = "links" if count == 1 else "link"
    return f"Lost to you: {count_of(count, 'domain')} linked to your page once and still {links} to a compared page."


def lost_section(result: ProspectsResult, most: int) -> Section:
    """Give at most `most` domains that once linked to the page and still link to others."""
    columns = (
        GridColumn("Domain", "url"),
        *numbers("Pages", _metric(result.lost_to_us[:most])),
        GridColumn("Lost on", unknown="unknown"),
        GridColumn("Best linking page", "url"),
    )
    grid = Grid.listing(columns, result.lost_to_us, _lost_row, most)
    return Section(None, (Sentence(_about_lost(result)), grid))


def _lost_row(lead: Lead) -> tuple[Cell, ...]:
    authority = lead.authority.value if lead.authority else None
    return lead.domain, lead.competitors, authority, lead.lost_on, lead.url or ""


def _site_blocks(result: ProspectsResult, level: SiteLevel) -> Iterator[Block]:
    """Present site leads, apart from page leads."""
    leads, compared = len(result.site_leads), len(level.sites)
    links = "1 domain links" if leads == 1 else f"{show(leads)} domains link"
    sites = count_of(compared, "site")
    yours = " and not to yours" if level.own_sites else "; whether to yours, it does not say"
    said = f"{links} to {result.min_competitors} or more of {sites}{yours}."
    yield Notes((("SITES", f"{said} {_say_left_out(level, level.links_to_my_site)}".strip()),))
    note = "Site level: the intersect export does not say which pages they link to."
    yield Sentence(note if result.keywords else f"{result.note} {note}")
    if not result.site_leads:
        return
    shown = result.site_leads[:MOST_LEADS]
    columns = (
        GridColumn("Domain", "url"),
        *numbers("Sites", _metric(shown)),
        GridColumn("Traffic", "number", wide=100),
        GridColumn("Linking page", "url"),
        GridColumn("Links to", "keyword"),
        GridColumn(""),
    )
    grid = Grid.listing(
        columns, result.site_leads, lambda lead: _site_row(lead, compared), MOST_LEADS
    )
    yield grid.without_empty({*range(1, len(columns))})
    if any(lead.is_page_lead for lead in shown):
        yield Sentence("p is a lead of pages as well.")


def _site_row(lead: SiteLead, compared: int) -> tuple[Cell, ...]:
    return (
        lead.domain,
        f"{lead.competitors}/{compared}",
        lead.authority.value if lead.authority else None,
        lead.traffic,
        lead.url or "",
        ", ".join(lead.sites),
        "p" if lead.is_page_lead else "",
    )


def _checks(result: ProspectsResult) -> list[str]:
    several = len(result.keywords) > 1
    cautions = [
        _caution(caution, one)
        for one in result.keywords
        for caution in one.cautions
        if not several or caution.code not in _CHOICES
    ]
    shared = [caution.text for caution in result.cautions]
    chosen = list(_about_choice(result)) if several else []
    return list(dict.fromkeys([*chosen, *shared, *cautions]))[:_MOST_CHECKS]


def _about_choice(result: ProspectsResult) -> Iterator[str]:
    """Say in a line how the pages of several keywords were chosen."""
    chosen = Counter(one.target_page.chosen for one in result.keywords)
    if best := chosen["best-ranking"]:
        which = count_of(best, "keyword")
        yield f"Your page is the best-ranking one of your site for {which}."
    if new := chosen["new"]:
        which = "1 keyword has" if new == 1 else f"{new:,} keywords have"
        yield f"{which} no page of yours: a new one is assumed."


def _caution(caution: Caution, one: KeywordLeads) -> str:
    short = caution.code == "network" and one.network_effect and tell_network(one.network_effect)
    return short or caution.text


def _advice(result: ProspectsResult) -> list[str]:
    if result.lost_to_us:
        return ["Begin with those you lost: they know your page. Ask what changed."]
    if result.site_leads and not result.prospects:
        return ["Look at their links to these sites first: would yours serve their readers better?"]
    if result.prospects:
        return ["Look at the best linking page first: would your page serve its readers better?"]
    if result.keywords and _most_listed(result) < result.min_competitors:
        return ["Export the links to the pages that rank (exact URL) and add them."]
    if result.min_competitors > 1:
        return ["--min-competitors 1 lists the domains that link to one of them."]
    return []
