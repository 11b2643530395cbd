"""Audits the link profile of a page or of a whole site, from its own list of links."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from typing import NamedTuple

from gapcalc.analyses.anchors import read_anchors
from gapcalc.analyses.candidates import is_of_host
from gapcalc.analyses.profile import (
    MANY_LINKS,
    Bands,
    Profiled,
    choose_vendor,
    find_history,
    find_outstanding,
    find_shares,
)
from gapcalc.analyses.question import Serp, Target
from gapcalc.commands.cautions import file_cautions, left_out_keywords, old_inputs, unused_lists
from gapcalc.commands.counts import LinkNeeds, open_counts
from gapcalc.commands.describe import describe, marks_lost
from gapcalc.commands.lists import (
    Asking,
    LinkList,
    Lists,
    bind_to_site,
    find_page,
    find_site,
    how_to_export,
)
from gapcalc.commands.prepare import Job, prepare
from gapcalc.commands.serps import by_keyword
from gapcalc.errors import UsageError
from gapcalc.inputs.find import unchanged
from gapcalc.inputs.source import Source
from gapcalc.linkfacts import ListFacts
from gapcalc.results.audit import (
    Audited,
    AuditedDomains,
    AuditedLinks,
    AuditResult,
    ComparedList,
    Disavowable,
    JudgedLink,
    ManyLinks,
)
from gapcalc.results.gap import Unanswered
from gapcalc.results.shared import Bound, Caution
from gapcalc.rows import Problem
from gapcalc.settings import Settings
from gapcalc.text import vendor_name
from gapcalc.words import UNNAMED
from gapcalc.workspace import Workspace

SCHEMA = "gapcalc.audit/1"
_HARMFUL = ("spam", "anchor", "blocklist")
"""The rules whose domains a disavow file may name; the others say that a link counts little."""
_FEWEST_RIVALS = 3
_OF_A_SITE = "file-of-a-site"


class AuditedInputs(NamedTuple):
    """A result, and what in the inputs could not be read."""

    result: AuditResult
    problems: tuple[Problem, ...]


def audit(
    names: Sequence[str], settings: Settings, today: date, workspace: Workspace
) -> AuditedInputs:
    """Read the named inputs and audit the list of the target page or site.

    Raises GapcalcError for whatever the user can mend.
    """
    job, serp, target, unanswered = _prepare(names, settings, workspace)
    # The engine is imported only where there are links: it takes long to start.
    from gapcalc.engine.profile import FIELDS

    with (
        unchanged(job.found),
        open_counts(job, [serp], workspace, LinkNeeds(FIELDS, every_page=target.is_site)) as opened,
    ):
        counts, link_problems = opened
        if counts is None:
            raise UsageError(f"no list of links was given. {how_to_export(target)}")
        asking = Asking(job, serp, target, counts)
        found = find_site(asking) if target.is_site else find_page(asking)
        problems = (*job.row_problems, *link_problems)
        result = _answer(asking, found, problems, settings.as_of or today)
        left_out = left_out_keywords(unanswered)
        result = replace(result, cautions=(*result.cautions, *left_out))
        counts.explain()
    return AuditedInputs(result, problems)


def _prepare(
    names: Sequence[str], settings: Settings, workspace: Workspace
) -> tuple[Job, Serp, Target, Sequence[Unanswered]]:
    if settings.target is None:
        raise UsageError(
            "--target is missing. Name your page, as https://example.com/page/, or your whole site, "
            "as example.com"
        )
    job = prepare(names, settings, workspace)
    target = job.question.target
    serps, unanswered = by_keyword(job)
    if len(serps) > 1 or target is None:
        raise UsageError(
            f"the inputs have {len(serps)} keywords, and an audit compares with the pages of one: "
            f"name it with --keyword, or give the SERP of one country. {_ranking(serps, target)}"
        )
    return bind_to_site(job) if target.is_site else job, serps[0], target, unanswered


def _ranking(serps: Sequence[Serp], target: Target | None) -> str:
    """Name keywords for which the target ranks, else the first ones."""
    ours = [s for s in serps if target and any(_is_own(row.page, target) for row in s.rows)]
    names = ", ".join(str(serp.keyword) for serp in (ours or serps)[:_FEWEST_RIVALS])
    more = " and more" if len(ours or serps) > _FEWEST_RIVALS else ""
    return f"{'Yours ranks for' if ours else 'Among them'}: {names}{more}"


def _is_own(page: str, target: Target) -> bool:
    return is_of_host(page, target.page) if target.is_site else page == target.page


def _answer(asking: Asking, found: Lists, problems: Sequence[Problem], as_of: date) -> AuditResult:
    job, files = asking.job, asking.counts.files
    own, *rivals = _profile_all(asking, found)
    bands = _bands(own)
    shares = find_shares(own, rivals, bands, asking.most_outbound)
    history = find_history(own, rivals, _last_month(found.own))
    head = describe(job, SCHEMA, as_of, files, problems)
    return AuditResult(
        *head,
        keyword=asking.serp.keyword,
        brands=tuple(" ".join(name) for name in own.reader.names),
        target=_audited(found, asking.target, job.bound),
        domains=_domains(own, found.bound),
        links_listed=AuditedLinks(*own.facts.fates),
        shares=shares,
        measures={group: _measure(asking, band.vendor, group) for group, band in bands.items()},
        many_links=tuple(ManyLinks(*row) for row in own.facts.many_links),
        history=history,
        compared=tuple(
            ComparedList(rival.url, rival.domain, profiled.facts.domains)
            for rival, profiled in zip(found.rivals, rivals, strict=True)
        ),
        findings=tuple(find_outstanding(shares, history)),
        links=tuple(_judged_links(asking, found.own, own)) if job.settings.links else None,
        disavow=tuple(_disavowable(asking, found.own)) if job.settings.disavow else None,
        cautions=(
            *_cautions(asking, found, own),
            *_cautions_of_inputs(asking),
            *old_inputs(head.inputs, as_of),
        ),
    )


def _profile_all(asking: Asking, found: Lists) -> list[Profiled]:
    """Profile the own list and those that it is compared with."""
    from gapcalc.engine.profile import Subjects, profile_lists

    lists = [found.own, *found.rivals]
    subjects = Subjects(asking.counts, [one.pages for one in lists], tuple(asking.rules.values()))
    facts = profile_lists(
        subjects, asking.rules, many=MANY_LINKS, most_outbound=asking.most_outbound
    )
    return [_read(asking, *pair) for pair in zip(lists, facts, strict=True)]


def _read(asking: Asking, one: LinkList, facts: ListFacts) -> Profiled:
    """Say how the anchors of a list are read, and what its files can tell."""
    is_own = one.domain == asking.target.domain
    reader = read_anchors(
        one.domain,
        asking.job.suffixes,
        keyword=asking.serp.keyword,
        brands=asking.job.settings.brand if is_own else (),
    )
    known = asking.job.sources
    sources = [known[file.input] for file in one.files]
    is_thin = any(file.one_per_domain for file in one.files)
    return Profiled(
        facts,
        reader,
        tells_lost=facts.fates.lost > 0 and not is_thin and all(map(marks_lost, sources)),
        tells_many=all(_tells_links(item, is_thin=is_thin) for item in sources),
        tells_dates=not is_thin,
    )


def _tells_links(item: Source, *, is_thin: bool) -> bool:
    """Say whether a list shows how many links a domain has: all of them, or their number."""
    return "links" in item.places or (item.export.kind == "links" and not is_thin)


def _bands(own: Profiled) -> dict[str, Bands]:
    from gapcalc.engine.profile import band_names

    return {
        group: Bands(choose_vendor(own.facts, group), band_names(group))
        for group in own.facts.banded
    }


def _last_month(own: LinkList) -> str | None:
    """Give the last month of which the list has data."""
    days = [file.last_day for file in own.files if file.last_day]
    return max(days).isoformat()[:7] if days else None


def _audited(found: Lists, target: Target, bound: Collection[int]) -> Audited:
    own = found.own
    pages = sorted(own.pages)
    return Audited(
        scope="site" if target.is_site else "page",
        url=own.url,
        page=target.page if target.is_site else pages[0],
        domain=own.domain,
        pages=None if any(file.input in bound for file in own.files) else len(pages),
        complete=found.complete,
    )


def _domains(own: Profiled, bound: Bound | None) -> AuditedDomains:
    facts = own.facts
    lost = sum(count for _, is_lost, _, count in facts.lives if is_lost)
    return AuditedDomains(
        live=facts.domains,
        bound=bound,
        counted=facts.counted,
        dropped=facts.dropped,
        lost=lost if own.tells_lost else None,
    )


def _measure(asking: Asking, vendor: str | None, group: str) -> str | None:
    """Name whose score it is, by the name that its vendor gives it."""
    if vendor is None:
        return None
    sources = asking.job.sources
    used = [sources[file.input] for file in asking.counts.files if file.vendor == vendor]
    metrics = sorted({source.export.metric for source in used if source.export.metric})
    name = metrics[0] if group == "authority" and metrics else group
    return name if vendor == UNNAMED else f"{vendor_name(vendor)} {name}"


def _judged_links(asking: Asking, own: LinkList, profiled: Profiled) -> Iterator[JudgedLink]:
    """Give every link with its fate."""
    from gapcalc.engine.profile import Subjects, list_links

    subjects = Subjects(asking.counts, [own.pages], tuple(asking.rules.values()))
    fates = {**asking.rules, 0: "counted"}
    classify = cache(profiled.reader.classify)
    for source, target, domain, internal, bit, anchor, vendor in list_links(subjects):
        fate = "internal" if internal else "lost" if bit is None else fates[bit]
        named = None if anchor is None else classify(anchor)
        yield JudgedLink(source, target, domain, fate, anchor, named, vendor)


def _disavowable(asking: Asking, own: LinkList) -> Iterator[Disavowable]:
    """Give the domains whose every live link a rule on harmful links takes out."""
    from gapcalc.engine.profile import Subjects, list_harmful

    harmful = [rule for rule in asking.rules.values() if rule in _HARMFUL]
    for domain, bit, links in list_harmful(Subjects(asking.counts, [own.pages], harmful)):
        yield Disavowable(domain, asking.rules[bit], links)


def _cautions_of_inputs(asking: Asking) -> Iterator[Caution]:
    job, counts = asking.job, asking.counts
    for caution in file_cautions(job, counts.files):
        if not (asking.target.is_site and caution.code == _OF_A_SITE):
            yield caution
    yield from unused_lists(job, [asking.serp], counts)


def _cautions(asking: Asking, found: Lists, own: Profiled) -> Iterator[Caution]:
    """Say what the own list does not tell, and what it cannot be compared with."""
    if found.bound != "exact":
        why = next((file.cut for file in found.own.files if file.cut), "its vendor counts more")
        yield Caution(
            "list-not-whole",
            f"The list of {found.own.url} is not whole ({why}): it has at least the domains that are "
            "shown, and shares are of these.",
        )
    if not own.tells_lost:
        yield Caution(
            "lost-unknown",
            "Lost domains are unknown: the list shows no lost links, or only one link of each domain.",
        )
    if asking.serp.keyword is None:
        yield Caution(
            "keyword-unknown",
            "Without a keyword, exact and partial anchors are unknown: name one with --keyword.",
        )
    if len(found.rivals) < _FEWEST_RIVALS:
        what = "sites (--competitor SITE)" if asking.target.is_site else "pages that rank"
        yield Caution(
            "few-to-compare",
            f"The shares are compared with {len(found.rivals)} other lists; exact anchors are judged "
            f"beside {_FEWEST_RIVALS} or more. Add the lists of {what}.",
        )
