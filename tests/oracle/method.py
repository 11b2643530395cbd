"""Answers the question of a world by docs/method.md, in plain Python, without a line of gapcalc."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cached_property
from math import ceil, inf
from statistics import median
from typing import NamedTuple

from oracle.counting import NEEDS, File, Page, address_of
from oracle.sheets import said
from oracle.worlds import World

Figure = int | float | str | bool | None
Figures = dict[str, Figure]
BASES = ("kept", "raw", "followed")


class Ends(NamedTuple):
    """A figure, and the least and the most that it can be."""

    least: float
    value: float
    most: float

    @property
    def bound(self) -> str | None:
        """The side on which the truth may lie; none where it may lie on both."""
        names = {(True, True): "exact", (True, False): "at least", (False, True): "at most"}
        return names.get((self.least == self.value, self.value == self.most))


class Answer:
    """The figures of a world; nothing tells which links to the pages `unread` are lost."""

    def __init__(self, world: World, unread: frozenset[str] = frozenset()) -> None:
        self.world, self.unread = world, unread
        self.files = [
            File(
                listing.form,
                [said(link, listing.form) for link in listing.links],
                address_of(listing.page).page if listing.page else None,
                world.profile,
            )
            for listing in world.lists
        ]
        self.own = self._page(world.target)
        self.pages: dict[str, Page] = {}
        self.left_out: dict[str, str] = {}
        self._choose()
        known = bool(self.own.files) or self.own.total is not None
        if not known and world.own_rds is not None:
            self.own.total = world.own_rds

    def _page(self, url: str) -> Page:
        page = address_of(url).page
        return Page(page, () if page in self.unread else self.files, self.world)

    def _choose(self) -> None:
        """Choose the comparable pages (docs/method.md, Comparable pages)."""
        for page in self._ranked():
            if page.position is not None and page.position <= self.world.top:
                self.pages[page.page] = page
        self.pages[self.own.page] = self.own
        for url in self.world.competitors:
            self.pages.setdefault(address_of(url).page, self._page(url))
        site = self.own.domain(address_of(self.world.target).host)
        for name, page in self.pages.items():
            if page is self.own:
                self.left_out[name] = "own-page"
            elif page.domain(re.split("[:/?]", name)[0]) == site:
                self.left_out[name] = "own-domain"

    def _ranked(self) -> list[Page]:
        """Give each page of the SERP at its best organic position."""
        serp, ranked = self.world.serp, dict[str, Page]()
        rows = sorted(serp.rows, key=lambda row: row.position) if serp else []
        for row in (row for row in rows if row.kind == "Organic"):
            page = self._page(row.url)
            page = self.own if page.page == self.own.page else page
            if page.page not in ranked:
                page.position, page.total = row.position, row.total
                page.total_vendor = serp.form.vendor if serp else None
                ranked[page.page] = page
        return list(ranked.values())

    @cached_property
    def comparable(self) -> list[Page]:
        """The pages to be measured against."""
        return [page for name, page in self.pages.items() if name not in self.left_out]

    @cached_property
    def goal_rules(self) -> frozenset[str]:
        """The rules common to the comparable pages."""
        return frozenset(NEEDS).intersection(*(page.rules for page in self.comparable))

    @cached_property
    def gap_rules(self) -> frozenset[str]:
        """The rules that the own page's lists can be judged by as well."""
        return self.goal_rules & self.own.rules

    @cached_property
    def _concerned(self) -> list[Page]:
        pages = [*self.comparable, self.own]
        return [page for page in pages if page.files or page.total is not None]

    @cached_property
    def basis(self) -> str:
        """The basis of the answer."""
        listed = all(page.counts(self.goal_rules) for page in self._concerned)
        return self.world.basis or ("kept" if listed and self._concerned else "raw")

    def _raw(self, page: Page) -> tuple[int | None, bool]:
        """Give a raw count, and whether it is counted from a list (docs/method.md, What counts as raw)."""
        listed, total = page.counts(frozenset()), page.total
        known = [p for p in self.comparable if p.files or p.total is not None]
        lists_do = all(p.files and not p.cut for p in known)
        totals = not lists_do and all(p.total is not None for p in known)
        if total is None:
            return (listed.raw, True) if listed else (None, False)
        if totals or not listed or (page.wide and page.listed is not None):
            return total, False
        return (total, False) if page.cut and total > listed.raw else (listed.raw, True)

    def count(self, page: Page, basis: str, rules: frozenset[str]) -> int | None:
        """Give a page's count on a basis."""
        if basis == "raw":
            return self._raw(page)[0]
        counts = page.counts(rules)
        return None if counts is None else counts.kept if basis == "kept" else counts.followed

    def _ends(self, page: Page, basis: str, rules: frozenset[str]) -> Ends | None:
        """Give a page's count with its ends (docs/method.md, Incomplete lists)."""
        count = self.count(page, basis, rules)
        if count is None:
            return None
        if basis == "raw" and not self._raw(page)[1]:
            return Ends(count, count, count)
        return Ends(0 if page.wide else count, count, inf if page.cut or page.wide else count)

    def goal(self, basis: str, rules: frozenset[str]) -> list[float]:
        """Give the counts of the comparable pages, sorted."""
        counts = [self.count(page, basis, rules) for page in self.comparable]
        return sorted(count for count in counts if count is not None)

    def _median(self, basis: str, rules: frozenset[str]) -> Ends | None:
        counts = [ends for p in self.comparable if (ends := self._ends(p, basis, rules))]
        if not counts:
            return None
        least, value, most = map(median, zip(*counts, strict=True))
        return Ends(least, value, inf if least < value else most)

    def need(self, basis: str, of: Callable[[list[float]], float | None]) -> int | None:
        """Give the gap to a goal: the larger of those under the goal's rules and those the own lists allow."""
        own = self.count(self.own, basis, self.gap_rules)
        goals = [of(self.goal(basis, rules)) for rules in (self.goal_rules, self.gap_rules)]
        known = [goal for goal in goals if goal is not None]
        return None if own is None or not known else max(0, *(ceil(goal - own) for goal in known))

    def stretch(self, basis: str, rules: frozenset[str]) -> tuple[float | None, int]:
        """Give the median over positions 1 to 3, and how many pages stand there."""
        best = [p for p in self.comparable if p.position is not None and p.position <= 3]
        counts = [c for page in best if (c := self.count(page, basis, rules)) is not None]
        return _median(counts), len(counts)

    def _bounds(self) -> Figures:
        goal = self._median(self.basis, self.goal_rules)
        wider = self._median(self.basis, self.gap_rules)
        own = self._ends(self.own, self.basis, self.gap_rules)
        gap = None
        if wider and own:
            gap = Ends(*map(_missing, wider, reversed(own)))
        return {"bound": goal.bound if goal else "exact", "gap.bound": gap.bound if gap else None}

    def figures(self, uncounted: frozenset[str] = frozenset()) -> Figures:
        """Give every figure that is compared, by name; the waterfall lacks the pages `uncounted`."""
        goals = self.goal(self.basis, self.goal_rules)
        share = 1 - Fraction(self.world.tolerance)

        def competitive(counts: list[float]) -> float | None:
            return ceil(share * Fraction(found)) if (found := _median(counts)) is not None else None

        figures: Figures = {"basis": self.basis, "n": len(goals), "median": _median(goals)}
        figures |= {"entry": _entry(goals), "competitive": competitive(goals)}
        figures["stretch"] = self.stretch(self.basis, self.goal_rules)[0]
        figures["gap.median"] = self.need(self.basis, _median)
        figures["gap.entry"] = self.need(self.basis, _entry)
        figures["gap.competitive"] = self.need(self.basis, competitive)
        figures |= self._bounds()
        for basis in BASES:
            counts = self.goal(basis, self.goal_rules)
            figures[f"{basis}.n"], figures[f"{basis}.median"] = len(counts), _median(counts)
            figures[f"{basis}.own"] = self.count(self.own, basis, self.gap_rules)
            figures[f"{basis}.gap"] = self.need(basis, _median)
        waterfall: Counter[str] = Counter()
        for name, page in self.pages.items():
            rules = self.gap_rules if page is self.own else self.goal_rules
            figures |= {f"page {name} {b}": self.count(page, b, rules) for b in BASES}
            figures[f"page {name} left out"] = self.left_out.get(name)
            if (counted := page.counts(rules)) is not None and page.files:
                figures |= {f"page {name} drops {r}": n for r, n in counted.dropped.items()}
                adds = page in self.comparable and name not in uncounted
                waterfall += counted.dropped if adds else Counter()
        return figures | {f"waterfall {rule}": n for rule, n in waterfall.items()}


def _median(counts: Sequence[float]) -> float | None:
    return median(counts) if counts else None


def _missing(goal: float, own: float) -> float:
    return 0 if goal <= own else goal if goal == inf else ceil(goal - own)


def _entry(counts: Sequence[float]) -> float | None:
    return _median(counts[: (len(counts) + 1) // 2])
