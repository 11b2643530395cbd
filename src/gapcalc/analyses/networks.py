"""Which domains look like one owner's network? A pattern, not proof (docs/prospects.md, Networks)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from math import inf

from gapcalc import stats
from gapcalc.analyses.measure import Measured, Table
from gapcalc.results.shared import Caution, Network, NetworkEffect
from gapcalc.rows import GroupedDomain
from gapcalc.stats import Bounded, whole
from gapcalc.text import count_pages, show, with_bound

LEAST = 5
"""Domains that a network has."""
WEAK = 20
"""The median authority of a network is below it."""
_NAMED = 2
MANY_PAGES = 3
"""So many pages in common need no further evidence."""
_Groups = Mapping[tuple[str, ...], Sequence[GroupedDomain]]


RULE = "network"


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
    with_, without = (
        stats.carry(lambda c: {"median": stats.median(c)}, counts)["median"]
        for counts in zip(*kept, strict=True)
    )
    figures = {"median_with": with_, "median_without": without}
    own = table.own if table.own and "kept" in table.own.counts else None
    mine = _with_and_without(own, counted, dropped=dropped) if own else ()
    needs = {
        name.replace("median", "need"): stats.bounded_shortfall(goal, count)
        for (name, goal), count in zip(figures.items(), mine, strict=False)
    }
    return NetworkEffect(
        domains=len({domain for network in networks for domain in network.domains}),
        dropped=dropped,
        median_with=with_.value,
        median_without=without.value,
        need_with=int(needs["need_with"].value) if needs else None,
        need_without=int(needs["need_without"].value) if needs else None,
        bounds={name: figure.bound for name, figure in (figures | needs).items()},
    )


def _with_and_without(
    page: Measured, counted: Mapping[str, Collection[str]], *, dropped: bool
) -> tuple[Bounded, Bounded]:
    """Give the counts with and without the networks' domains; a cut list stays a lower bound."""
    kept, theirs = page.counts["kept"], len(counted.get(page.candidate.page, ()))
    # A count of 0 that was given has no list, and so no domain of theirs.
    other = Bounded(*(max(0, value + (theirs if dropped else -theirs)) for value in kept))
    return (other, kept) if dropped else (kept, other)


def tell_networks(networks: Sequence[Network], effect: NetworkEffect | None) -> Iterable[Caution]:
    """Say what was found, and what it changes."""
    if not networks:
        return
    count = len({domain for network in networks for domain in network.domains})
    first = networks[0]
    shown = ", ".join(first.domains[:_NAMED])
    others = len(networks) - 1
    more = f" and {others} more {'group' if others == 1 else 'groups'}" if others else ""
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
    with_, without = _say(effect, "median_with"), _say(effect, "median_without")
    if effect.dropped:
        return f"They are dropped; with them the median is {with_} instead of {without}."
    changes = [] if with_ == without else [f"the median is {without} instead of {with_}"]
    if effect.need_without is not None and effect.need_without != effect.need_with:
        needs = _say(effect, "need_without"), _say(effect, "need_with")
        changes.append(f"the need {needs[0]} instead of {needs[1]}")
    return f"Without them (--rule network) {', '.join(changes) or 'median and need are the same'}."


def _say(effect: NetworkEffect, name: str) -> str:
    """Write a figure with the side on which the truth may lie."""
    return with_bound(effect.bounds[name], show(getattr(effect, name)))
