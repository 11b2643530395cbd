"""Presents the profile of a link list: what stands out, shares, months, each link's fate."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby
from textwrap import wrap

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
from gapcalc.reports.views.rows import figure_rows, link_rows
from gapcalc.reports.views.wording import describe_data
from gapcalc.results.audit import AuditResult, Share
from gapcalc.rules import RULES
from gapcalc.text import bare_url, count_of, count_pages, safe, show, with_bound

_MOST_NAMES = 5
_MOST_MONTHS = 6
_MOST_LINKS = 10
_MOST_DOMAINS = 3
_WHOLE = 100

_GROUPS = {
    "rel": "Rel",
    "spam": "Spam",
    "anchors": "Anchors",
    "kinds": "Link kinds",
    "authority": "Authority",
    "traffic": "Traffic",
    "languages": "Languages",
    "many_links": "Many links",
    "outbound": "Source pages",
}
_NAMES = {
    "followed": "followed",
    "nofollow": "not followed",
    "spam": "flagged by the vendor",
    "empty-image": "empty or image",
    "naked-url": "naked URL",
    "exact": "exact keyword",
    "partial": "partial keyword",
}
_OPEN = frozenset({"kinds", "languages"})
"""Groups with an open number of names; the table shows the first ones."""
WARNING = (
    "Disavowing is rarely the right move: Google ignores most spam by itself, and a domain that is "
    "disavowed by mistake no longer helps. It is meant for sites that have a manual action for "
    "links, or fear one for links that they had placed. Read every line before you upload the file."
)
_SOURCE = "https://support.google.com/webmasters/answer/2648487"
_WIDTH = 98


def report(result: AuditResult) -> Report:
    """Give an audit in every form that output formats are made from."""
    listed = link_rows if result.links is not None else figure_rows
    return Report(
        result,
        partial(view, result),
        rows=partial(listed, result),
    )


def view(result: AuditResult) -> Document:
    """Present an audit: what stands out comes first."""
    sections = [
        Section(None, (Notes((*headline(result).notes, *stands_out(result))),)),
        Section(None, tuple(share_blocks(result, _MOST_NAMES))),
        Section(None, tuple(month_blocks(result, _MOST_MONTHS))),
        *([Section(None, (link_grid(result, _MOST_LINKS),))] if result.links is not None else []),
        Section(None, tuple(_remarks(result))),
    ]
    shown = tuple(section for section in sections if section.blocks)
    return Document(title_of(result), shown, describe_data(result.inputs))


def title_of(result: AuditResult) -> str:
    """Name what is audited."""
    return f"Link profile of {bare_url(result.target.url)}"


def headline(result: AuditResult) -> Notes:
    """Say how many referring domains the page or site has, and how many count."""
    return Notes((("LINK PROFILE", _say_domains(result)),))


def _say_domains(result: AuditResult) -> str:
    target, domains, links = result.target, result.domains, result.links_listed
    pages = f", {count_pages(target.pages)} with links," if target.pages else ""
    whose = f"The whole site{pages}" if target.scope == "site" else "The page"
    by = f" with {show(links.live)} links" if links.live != domains.live else ""
    live = with_bound(domains.bound, count_of(domains.live, "live referring domain"))
    counted = with_bound(domains.bound, show(domains.counted))
    said = f"{whose} has {live}{by}; {counted} count{_less(domains.dropped)}."
    if domains.lost is None:
        return f"{said} How many were lost is unknown."
    if domains.lost == 1:
        return f"{said} 1 more domain is lost: none of its links is live."
    return f"{said} {show(domains.lost)} more domains are lost: none of their links is live."


def _less(dropped: Mapping[str, int]) -> str:
    said = ", ".join(f"{show(count)} {rule}" for rule, count in dropped.items() if count)
    return f" (less {said})" if said else ""


def stands_out(result: AuditResult) -> Iterator[tuple[str, str]]:
    """List the findings that reach a threshold."""
    if not result.findings:
        yield "Stands out", "Nothing reaches a threshold."
        return
    yield from labelled("Stands out", (found.sentence for found in result.findings))
    yield "", "These are facts of the list, not signs of a penalty."


def share_blocks(result: AuditResult, most: int) -> Iterator[Block]:
    """Give the shares, at most `most` names of an open group, and what they are shares of."""
    compared = len(result.compared)
    beside = (f"Median of {compared}", "Most") if compared else ()
    columns = (
        GridColumn("Live domains"),
        GridColumn("with"),
        *numbers("Domains", "Share", *beside),
    )
    rows: list[tuple[Cell, ...]] = []
    partly = False
    for group, shares in result.shares.items():
        shown = list(shares.items())[: most if group in _OPEN else len(shares)]
        rows += _group_rows(result, group, shown, compared=bool(compared))
        rest = len(shares) - len(shown)
        if rest:
            rows.append(("", f"+{rest} more", None, None, *(None for _ in beside)))
        partly = partly or any(0 < s.known < result.domains.live for s in shares.values())
    yield Grid(columns, tuple(rows))
    if partly:
        yield Sentence("Domains and pages for which a value is unknown are left out of its share.")
    yield Sentence(
        "A domain counts in each anchor class it has, and as followed if any of its links is."
    )


def _group_rows(
    result: AuditResult, group: str, shown: Sequence[tuple[str, Share]], *, compared: bool
) -> Iterator[tuple[Cell, ...]]:
    label = _GROUPS[group]
    measure = result.measures.get(group)
    if measure and group == "authority":
        label = measure[0].upper() + measure[1:]
    width = 4 if compared else 2
    if all(share.share is None for _, share in shown):
        yield (label, "unknown: the list does not tell", *(None for _ in range(width)))
        return
    for place, (name, share) in enumerate(shown):
        beside = share.rivals
        rivals = (_per_cent(beside.median), _per_cent(beside.most)) if beside else (None, None)
        unknown = ": unknown" if share.share is None else ""
        said = f"{_NAMES.get(name, name)}{unknown}"
        cells = (share.count, _per_cent(share.share), *(rivals if compared else ()))
        yield ("" if place else label, said, *cells)


def _per_cent(share: float | None) -> str | None:
    """Write a share; rounding never turns a share into 0% or 100%.

    >>> _per_cent(0.001), _per_cent(0.125), _per_cent(0)
    ('<1%', '13%', '0%')
    """
    if share is None:
        return None
    rounded = int(share * _WHOLE + 0.5)
    if share and not rounded:
        return "<1%"
    return ">99%" if share < 1 and rounded == _WHOLE else f"{rounded}%"


def month_blocks(result: AuditResult, most: int) -> Iterator[Block]:
    """Give new and lost domains for at most `most` months, the latest first."""
    history = result.history
    if history is None:
        yield Sentence("New and lost domains by month are unknown: the list has no dates.")
        return
    last = history.months[-most:]
    columns = (
        GridColumn("Month"),
        *numbers("New", "Lost", unknown="unknown"),
        *numbers("New, median of others", "Lost, median of others"),
    )
    rows = tuple((m.month, m.new, m.lost, m.rivals_new, m.rivals_lost) for m in reversed(last))
    grid = Grid(columns, rows, more=len(history.months) - len(last))
    yield grid.without_empty({3, 4})
    undated = history.undated_new
    without = f" {count_of(undated, 'referring domain')} without a date." if undated else ""
    yield Sentence(
        f"Domains by the month in which their first link was first seen and their last link was "
        f"lost. New in a month at the median: {show(history.median_new)}.{without}"
    )


def link_grid(result: AuditResult, most: int) -> Grid:
    """Give at most `most` links, each with its fate."""
    columns = (GridColumn("Link from", "url"), GridColumn("Fate"), GridColumn("Anchor", "keyword"))
    return Grid.listing(
        columns,
        result.links or (),
        lambda one: (one.source, one.fate, one.anchor_class or "unknown"),
        most,
    )


def _remarks(result: AuditResult) -> Iterator[Block]:
    notes = labelled("Check", (caution.text for caution in result.cautions))
    tells_many = any(share.known for share in result.shares["many_links"].values())
    if result.many_links and tells_many:
        named = ", ".join(
            f"{one.domain} ({show(one.links)})" for one in result.many_links[:_MOST_DOMAINS]
        )
        notes.append(("Most links", f"from {named}."))
    if result.links is None:
        notes.append(("More", "--links -o links.csv lists every link with what became of it."))
    yield Notes(tuple(notes))


def write_disavow(result: AuditResult) -> str:
    """Write the domains of harmful links, grouped by the rule that takes them out."""
    return "".join(f"{line}\n" for line in _disavow_lines(result))


def _disavow_lines(result: AuditResult) -> Iterator[str]:
    found = result.disavow or ()
    opening = f"Domains that link to {safe(result.target.url)}, by gapcalc, {result.as_of}."
    for text in (opening, WARNING, _SOURCE):
        yield from (f"# {line}" for line in wrap(text, _WIDTH))
    if not found:
        yield "# No domain has only links that a rule on harmful links takes out."
    order = [rule.id for rule in RULES]
    reasons = {rule.id: rule.drops_when for rule in RULES}
    ranked = sorted(found, key=lambda one: (order.index(one.rule), one.domain))
    for rule, group in groupby(ranked, key=lambda one: one.rule):
        domains = list(group)
        reason = f"The rule {rule} drops a link when {reasons[rule]}. It drops every live link of:"
        yield from ("", *(f"# {line}" for line in wrap(reason, _WIDTH)))
        yield f"# Domains: {len(domains):,}. Links: {sum(one.links for one in domains):,}."
        yield from (f"domain:{one.domain}" for one in domains)
