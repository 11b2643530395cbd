"""Which domains look like one owner's network? A pattern, not proof (docs/method.md, Networks)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from math import inf

from gapcalc import stats
from gapcalc.analyses.candidates import find_candidates
from gapcalc.analyses.measure import Measured, Table
from gapcalc.analyses.question import Question, Serp
from gapcalc.results.shared import Caution, Network, NetworkEffect
from gapcalc.rows import GroupedDomain, LinkCounts
from gapcalc.stats import whole
from gapcalc.text import count_pages, show

LEAST = 5
"""Domains that a network has."""
WEAK = 20
"""The median authority of a network is below it."""
_NAMED = 2
MANY_PAGES = 3
"""So many pages in common need no further evidence."""
_Groups = Mapping[tuple[str, ...], Sequence[GroupedDomain]]


RULE = "network"


def compared_pages(serp: Serp, counts: LinkCounts, question: Question) -> tuple[str, ...]:
    """Name the comparable pages of a keyword."""
    candidates, _ = find_candidates(serp, counts, question)
    return tuple(candidate.page for candidate in candidates if candidate.comparable)


def find_networks(grouped: Iterable[GroupedDomain]) -> tuple[Network, ...]:
    """Find the networks among domains that link to the same pages; all are of one question."""
    alike: dict[tuple[str, ...], list[GroupedDomain]] = defaultdict(list)
    for domain in grouped:
        alike[domain.pages].append(domain)
    found = [network for domains in alike.values() for network in _among(domains)]
    return tuple(sorted(found, key=lambda network: (-len(network.domains), network.domains)))


def _among(domains: Sequence[GroupedDomain]) -> list[Network]:
    """Find the networks among domains with one set of pages: all of them, else those with a trait."""
    if len(domains[0].pages) >= MANY_PAGES and _is_weak(domains):
        return [_describe(domains)]
    by_range = [group for group in _by(domains, "ranges").values() if _is_weak(group)]
    taken = {domain.domain for group in by_range for domain in group}
    left = [domain for domain in domains if domain.domain not in taken]
    by_anchor = [group for group in _by(left, "anchors").values() if _is_weak(group)]
    return [_describe(group) for group in (*by_range, *by_anchor)]


def _by(domains: Sequence[GroupedDomain], trait: str) -> _Groups:
    """Put domains together that have the one range, or the very same anchors, none of them empty."""
    groups: dict[tuple[str, ...], list[GroupedDomain]] = defaultdict(list)
    for domain in domains:
        value: tuple[str, ...] | None = getattr(domain, trait)
        if value and "" not in value and (trait == "anchors" or len(value) == 1):
            groups[value].append(domain)
    return groups


def _is_weak(domains: Sequence[GroupedDomain]) -> bool:
    """Say whether they are enough, and weak; an unknown authority counts as high."""
    scores = [inf if domain.authority is None else domain.authority for domain in domains]
    return len(domains) >= LEAST and stats.median(scores) < WEAK


def _describe(domains: Sequence[GroupedDomain]) -> Network:
    known = [domain.authority for domain in domains if domain.authority is not None]
    ranges, anchors = (_shared(domains, trait) for trait in ("ranges", "anchors"))
    return Network(
        domains=tuple(sorted(domain.domain for domain in domains)),
        pages=domains[0].pages,
        median_authority=whole(stats.median(known)),
        address_range=f"{ranges[0]}.0/24" if ranges else None,
        anchors=anchors,
    )


def _shared(domains: Sequence[GroupedDomain], trait: str) -> tuple[str, ...] | None:
    """Give the trait that all of them share."""
    groups = _by(domains, trait)
    (value, group), *more = list(groups.items()) or [((), ())]
    return value if not more and len(group) == len(domains) else None


def find_effect(
    table: Table, networks: Sequence[Network], counted: Mapping[str, Collection[str]]
) -> NetworkEffect | None:
    """Compare the median and the need with and without the networks.

    `counted` are the networks' domains that count for each page under the other rules.
    """
    pages = table.counted("kept")
    if not networks or not pages:
        return None
    dropped = RULE in table.rules
    kept = [_with_and_without(page, counted, dropped=dropped) for page in pages]
    medians = [stats.median(counts) for counts in zip(*kept, strict=True)]
    own = table.own if table.own and "kept" in table.own.counts else None
    mine = _with_and_without(own, counted, dropped=dropped) if own else None
    needs = [
        int(stats.shortfall(goal, count)) for goal, count in zip(medians, mine or (), strict=False)
    ]
    return NetworkEffect(
        domains=len({domain for network in networks for domain in network.domains}),
        dropped=dropped,
        median_with=medians[0],
        median_without=medians[1],
        need_with=needs[0] if needs else None,
        need_without=needs[1] if needs else None,
    )


def _with_and_without(
    page: Measured, counted: Mapping[str, Collection[str]], *, dropped: bool
) -> tuple[int, int]:
    kept, theirs = page.value("kept") or 0, len(counted.get(page.candidate.page, ()))
    # A count of 0 that was given has no list, and so no domain of theirs.
    return (kept + theirs, kept) if dropped else (kept, kept - theirs)


def tell_networks(networks: Sequence[Network], effect: NetworkEffect | None) -> Iterable[Caution]:
    """Say what was found, and what it changes."""
    if not networks:
        return
    count = len({domain for network in networks for domain in network.domains})
    first = networks[0]
    shown = ", ".join(first.domains[:_NAMED])
    more = f" and {len(networks) - 1} more groups" if len(networks) > 1 else ""
    said = f"{show(count)} domains may be a network ({shown} ...): {_evidence(first)}{more}."
    yield Caution("network", f"{said} Pattern, not proof. {_tell_effect(effect)}".strip())


def _evidence(network: Network) -> str:
    parts = [
        f"{len(network.domains)} link to the same {count_pages(len(network.pages))} only",
        f"median authority {show(network.median_authority)}",
        *([f"all in {network.address_range}"] if network.address_range else []),
        *(["the same anchors"] if network.anchors else []),
    ]
    return ", ".join(parts)


def _tell_effect(effect: NetworkEffect | None) -> str:
    if effect is None or effect.median_with is None or effect.median_without is None:
        return ""
    without, full = show(effect.median_without), show(effect.median_with)
    if effect.dropped:
        return f"They are dropped; with them the median is {full} instead of {without}."
    need = (
        ""
        if effect.need_without is None
        else f", the need {show(effect.need_without)} instead of {show(effect.need_with or 0)}"
    )
    return f"Without them (--rule network) the median is {without} instead of {full}{need}."
