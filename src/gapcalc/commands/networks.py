"""Measures the pages of every keyword, and lets the links of the networks behind them fail the rule."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from gapcalc.analyses.measure import Table, measure_in, page_lists
from gapcalc.analyses.networks import (
    LEAST,
    MANY_PAGES,
    RULE,
    WEAK,
    find_effect,
    find_networks,
    tell_networks,
)
from gapcalc.analyses.question import Question, Serp
from gapcalc.commands.prepare import Job
from gapcalc.results.gap import KeywordResult
from gapcalc.results.shared import Network, NetworkEffect
from gapcalc.workspace import Workspace

if TYPE_CHECKING:
    from gapcalc.engine.count import Counts

Pairs = frozenset[tuple[str, str]]


def fields_for_networks(job: Job) -> tuple[str, ...]:
    """Name the link columns that finding networks needs; none where no file has an authority."""
    if not any("authority" in source.places for _, source in job.link_sources):
        return ()
    from gapcalc.engine.networks import FIELDS

    return FIELDS


class KeywordNetworks:
    """The pages and networks of each keyword, by its place."""

    def __init__(
        self,
        counts: "Counts | None",
        asked: Sequence[tuple[Serp, Question]],
        workspace: Workspace,
    ) -> None:
        self._asked = asked
        self._lists = page_lists(counts)
        self.tables = [measure_in(self._lists, serp, question) for serp, question in asked]
        workspace.advance("Looking for networks", 0, None)
        self._counts = counts if counts and counts.has_columns("authority") else None
        self._pages = [tuple(p.candidate.page for p in table.comparable) for table in self.tables]
        self._found = self._find()
        own = [question.target.page if question.target else "" for _, question in asked]
        self._pairs = [_pairs(networks, own[place]) for place, networks in self._found.items()]
        self._every = frozenset[tuple[str, str]]().union(*self._pairs)

    def _find(self) -> dict[int, tuple[Network, ...]]:
        if self._counts is None or not self._pages:
            return {}
        from gapcalc.engine.networks import find_grouped

        grouped = find_grouped(self._counts, self._pages, LEAST, WEAK, MANY_PAGES)
        by_place = {
            place: find_networks(found) for place, found in groupby(grouped, lambda d: d.question)
        }
        return {place: by_place.get(place, ()) for place in range(len(self._pages))}

    def of(self, place: int) -> tuple[Network, ...]:
        """Give the networks of a keyword."""
        return self._found.get(place, ())

    def mark(self, place: int) -> bool:
        """Let the links of this keyword's networks fail the rule, if it is in effect, and no others.

        A page of several keywords may have a network for one of them only. Says whether counts may
        have changed.
        """
        if self._counts is None or not self._every:
            return False
        differs = self._counts.fail(RULE, self._marks(place))
        if differs:
            self._lists = page_lists(self._counts)
        return differs

    def measure(self, place: int) -> Table:
        """Give the pages of a keyword as the links are marked now."""
        if self._mark_links:
            self.tables[place] = measure_in(self._lists, *self._asked[place])
        return self.tables[place]

    @property
    def _mark_links(self) -> bool:
        """Say whether links of a network fail the rule, so that pages count otherwise."""
        return self._counts is not None and bool(self._every) and self._counts.applies(RULE)

    def _marks(self, place: int) -> Pairs:
        """Give the links that fail for a keyword: those of every network where it is the same."""
        wanted = self._pairs[place]
        pages = {*self._pages[place], *(page for page, _ in wanted)}
        fits = {pair for pair in self._every if pair[0] in pages} == wanted
        return self._every if fits else wanted

    def alike(self) -> list[list[int]]:
        """Put the places of keywords together that `mark` marks alike: nearly always into one group."""
        groups: dict[Pairs, list[int]] = {}
        for place in range(len(self._asked)):
            marks = self._marks(place) if self._mark_links else frozenset()
            groups.setdefault(marks, []).append(place)
        return list(groups.values())

    def effect(self, place: int) -> NetworkEffect | None:
        """Say what the networks of a keyword change."""
        networks, table = self.of(place), self.tables[place]
        if self._counts is None or not networks:
            return None
        from gapcalc.engine.networks import counted_among

        domains = sorted({domain for network in networks for domain in network.domains})
        pages = [page.candidate.page for page in table.measured if page.links is not None]
        counted = counted_among(self._counts, table.rules - {RULE}, domains, pages)
        return find_effect(table, networks, counted)

    def add(self, answer: KeywordResult, place: int) -> KeywordResult:
        """Add what was found to the answer for a keyword."""
        networks = self.of(place)
        if not networks:
            return answer
        effect = self.effect(place)
        cautions = (*answer.cautions, *tell_networks(networks, effect))
        return replace(answer, networks=networks, network_effect=effect, cautions=cautions)


def _pairs(networks: Sequence[Network], own: str) -> Pairs:
    """Give every page that networks link to, and our own, with each of their domains."""
    return frozenset(
        (page, domain)
        for network in networks
        for domain in network.domains
        for page in (*network.pages, own)
    )
