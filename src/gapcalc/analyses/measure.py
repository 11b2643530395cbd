"""Measures the pages: what each has on every basis, where the count comes from, how sure it is."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from gapcalc.analyses.candidates import Candidate, find_candidates, is_of_host
from gapcalc.analyses.question import Question, Serp
from gapcalc.analyses.totals import UNKNOWN, Wholeness, is_whole, judge_list, make_filler
from gapcalc.results.gap import Source
from gapcalc.results.shared import Caution
from gapcalc.rows import LinkCounts, LinkFile, PageLinks
from gapcalc.stats import Bounded, exactly
from gapcalc.urls import host_of_page
from gapcalc.words import BASES, UNNAMED, Basis


class Measured(NamedTuple):
    """A page with everything known of it; `counts` lacks the bases on which it is unknown.

    `links` are its links under the common rules, `own_rules` is the kept count under every rule
    its own files allow, `vendors` are the vendors of those files. `given` says that the user gave
    the count, `unlisted` that the export of its whole site has no link to it, so that it has 0.
    `unreadable` are the bases on which the count is unknown, as a column of its list cannot be read.
    """

    candidate: Candidate
    links: PageLinks | None
    wholeness: Wholeness
    own_rules: int | None = None
    vendors: frozenset[str] = frozenset()
    counts: Mapping[Basis, Bounded] = {}
    sources: Mapping[Basis, Source] = {}
    given: bool = False
    unreadable: frozenset[Basis] = frozenset()
    unlisted: bool = False

    @property
    def has_figure(self) -> bool:
        """Say whether anything at all is known of the page's referring domains."""
        return self.links is not None or self.candidate.vendor_total is not None

    @property
    def lacks_list(self) -> bool:
        """Say whether a link list is missing to count the page by the rules."""
        return self.has_figure and "kept" not in self.counts

    def value(self, basis: Basis) -> int | None:
        """Give the count on a basis, None where it is unknown."""
        count = self.counts.get(basis)
        return int(count.value) if count else None

    def is_lower_bound(self, basis: Basis) -> bool:
        """Say whether the count is known to miss domains."""
        count = self.counts.get(basis)
        return count is not None and count.bound == "at least"

    def may_be_of_another_scope(self, basis: Basis) -> bool:
        """Say whether links to other pages may be among those counted."""
        count = self.counts.get(basis)
        return count is not None and count.bound is None


class Table(NamedTuple):
    """All measured pages of one keyword, the target page apart.

    `comparable` are those of them that take part in the statistics.
    `rules` apply to every comparable page with a link list, `left_rules` do not, `some_rules` to
    one file at least. Where the target page's list cannot be judged by all of `rules`,
    `under_own_rules` are the comparable pages without those. `differing_totals` says where lists
    of pages disagree.
    """

    pages: tuple[Measured, ...]
    comparable: tuple[Measured, ...]
    own: Measured | None
    rules: frozenset[str]
    left_rules: tuple[str, ...]
    some_rules: frozenset[str]
    own_lacks: tuple[str, ...]
    under_own_rules: tuple[Measured, ...]
    differing_totals: tuple[Caution, ...]

    @property
    def measured(self) -> tuple[Measured, ...]:
        """The comparable pages and the target page."""
        return (*self.comparable, *([self.own] if self.own else []))

    def counted(self, basis: Basis) -> tuple[Measured, ...]:
        """Give the comparable pages whose count is known on a basis.

        None are given where one has a list that cannot be read: it may be that of the strongest
        page, and a median without it would be too low.
        """
        if self.unreadable(basis):
            return ()
        return tuple(page for page in self.comparable if basis in page.counts)

    def unreadable(self, basis: Basis) -> tuple[Measured, ...]:
        """Give the comparable pages that have a list and no count, because it cannot be read."""
        unreadable = [page for page in self.comparable if basis in page.unreadable]
        return tuple(page for page in unreadable if basis not in page.counts)


def measure(serp: Serp, counts: LinkCounts | None, question: Question) -> Table:
    """Measure all pages of a keyword; `counts` is None when no link files were given.

    The comparable pages are measured by the rules that apply to all of them. The target page's list,
    empty lists and files without links to these pages limit no rules.
    """
    return measure_in(page_lists(counts), serp, question)


def measure_in(lists: "PageLists", serp: Serp, question: Question) -> Table:
    """Measure all pages of one of several keywords, which share the link lists."""
    counts = lists.counts
    found, own = find_candidates(serp, counts, question)
    filler = make_filler(serp.totals, serp.rows, counts, lists.files)
    differing = filler.cautions([*found, *([own] if own else [])])
    candidates = [filler.fill(candidate) for candidate in found]
    some = lists.rules_of_any([c.page for c in (*candidates, *([own] if own else []))])
    common = lists.rules_of([c.page for c in candidates if c.comparable], some)
    pages = _measure_all(candidates, lists, common)
    from_vendor = _all_by_vendor(pages)
    allowed = common & lists.rules_of([own.page], some) if own else common
    narrower = _measure_all(candidates, lists, allowed) if allowed != common else []
    mine = _measure_own(filler.fill(own), lists, allowed, question) if own else None
    settled = _with_zeros(_with_counts(mine, from_vendor=from_vendor)) if mine else None
    every = [_as_own(_with_counts(page, from_vendor=from_vendor), settled) for page in pages]
    return Table(
        pages=tuple(every),
        comparable=tuple(page for page in every if page.candidate.comparable),
        own=settled,
        rules=common,
        left_rules=tuple(rule for rule in question.rules if rule not in common),
        some_rules=some,
        own_lacks=tuple(rule for rule in question.rules if rule in common - allowed),
        under_own_rules=tuple(
            _with_counts(page, from_vendor=from_vendor)
            for page in narrower
            if page.candidate.comparable
        ),
        differing_totals=tuple(differing),
    )


class PageLists(NamedTuple):
    """The link lists: their counts under any rules, what each file is, and the rules of any file."""

    counts: LinkCounts | None
    files: Mapping[int, LinkFile]
    every: frozenset[str]
    whole_sites: tuple[LinkFile, ...] = ()
    """Those of the files that may hold all links to a site."""

    def of_site(self, page: Candidate) -> list[LinkFile]:
        """Give the files that hold all links to the site of a page, as far as they tell."""
        host = host_of_page(page.page)
        return [
            file
            for file in self.whole_sites
            if host in file.hosts and all(is_of_host(name, page.domain) for name in file.hosts)
        ]

    def under(self, rules: frozenset[str]) -> Mapping[str, PageLinks]:
        """Give the counts of every page under some rules; none without link lists."""
        return self.counts.count(rules) if self.counts else {}

    def rules_of_any(self, pages: Sequence[str]) -> frozenset[str]:
        """Give the rules whose columns at least one file of these pages has."""
        return frozenset().union(*(file.rules for file in self._files_of(pages)))

    def rules_of(self, pages: Sequence[str], some: frozenset[str]) -> frozenset[str]:
        """Give the rules whose columns every file of these pages has; an empty file lacks none."""
        return some.intersection(*(file.rules for file in self._files_of(pages)))

    def _files_of(self, pages: Sequence[str]) -> list[LinkFile]:
        links = self.under(self.every)
        inputs = {number for page in pages if page in links for number in links[page].inputs}
        return [self.files[number] for number in inputs if self.files[number].rows]


def page_lists(counts: LinkCounts | None) -> PageLists:
    """Put together what is known of all link lists; `counts` is None when there are none."""
    files = counts.files if counts else ()
    every = frozenset(rule for file in files for rule in file.rules)
    whole = tuple(file for file in files if file.hosts and not (file.cut or file.hides_lost))
    return PageLists(counts, {file.input: file for file in files}, every, whole)


def _measure_all(
    candidates: Sequence[Candidate], lists: PageLists, rules: frozenset[str]
) -> list[Measured]:
    """Measure pages under the given rules, their counts not settled yet."""
    links, full = lists.under(rules), lists.under(lists.every)
    return [_measure_one(c, links.get(c.page), full.get(c.page), lists) for c in candidates]


def _measure_one(
    candidate: Candidate, links: PageLinks | None, full: PageLinks | None, lists: PageLists
) -> Measured:
    if links is None or full is None or links.is_unknown:
        unreadable = frozenset(BASES if links else ())
        return Measured(candidate, None, UNKNOWN, unreadable=unreadable)
    files = [lists.files[number] for number in sorted(links.inputs)]
    hidden: tuple[Basis, ...] = ("followed",) if any(file.hides_rel for file in files) else ()
    return Measured(
        candidate=candidate,
        links=links,
        wholeness=judge_list(links, files, candidate.vendor_total, candidate.total_vendor),
        own_rules=full.kept,
        vendors=frozenset(file.vendor for file in files if file.rows),
        unreadable=frozenset(hidden),
    )


def _measure_own(
    own: Candidate, lists: PageLists, rules: frozenset[str], question: Question
) -> Measured:
    """Measure the target page, by the count the user gave where no file has one."""
    (mine,) = _measure_all([own], lists, rules)
    if mine.links is None and question.own_rds is None:
        mine = _of_whole_site(mine, lists)
    if mine.has_figure:
        return mine
    is_new = question.target is not None and question.target.chosen == "new"
    given = 0 if is_new else question.own_rds
    if given is None:
        return mine
    return mine._replace(candidate=own._replace(vendor_total=given, total_vendor=None), given=True)


def _of_whole_site(own: Measured, lists: PageLists) -> Measured:
    """Make 0 of the links of a ranking page that the export of its whole site has no link to.

    A page that does not rank may be a slip of the pen. Where the vendor counts domains for it, the
    export does not hold all links, and its count stays as it is.
    """
    page, total = own.candidate, own.candidate.vendor_total
    files = lists.of_site(page) if page.position is not None else []
    if not files or not is_whole(0, total or 0):
        return own
    numbers = frozenset(file.input for file in files)
    links = PageLinks(page.page, page.url, page.domain, 0, 0, 0, inputs=numbers)
    return own._replace(
        links=links,
        wholeness=judge_list(links, files, total, page.total_vendor),
        own_rules=0,
        unlisted=True,
    )


def _all_by_vendor(pages: Sequence[Measured]) -> bool:
    """Say whether raw counts are vendor totals throughout: all known, and the lists do not suffice.

    Totals and counted links are not mixed where that can be helped.
    """
    concerned = [page for page in pages if page.candidate.comparable and page.has_figure]
    lists_do = all(p.links is not None and p.wholeness.complete is not False for p in concerned)
    return not lists_do and all(page.candidate.vendor_total is not None for page in concerned)


def _with_counts(page: Measured, *, from_vendor: bool) -> Measured:
    """Settle the count on every basis."""
    counts: dict[Basis, Bounded] = {}
    sources: dict[Basis, Source] = {}
    links, total = page.links, page.candidate.vendor_total
    if total is not None and (from_vendor or links is None or _total_wins(page, total)):
        counts["raw"], sources["raw"] = exactly(total), "given" if page.given else "vendor"
    if links is not None:
        values: dict[Basis, int | None] = {
            "kept": links.kept,
            "raw": links.raw,
            "followed": links.followed if links.raw else 0,
        }
        for basis in BASES:
            value = values[basis]
            if basis not in counts and value is not None:
                counts[basis], sources[basis] = page.wholeness.bound(value), "links"
    return page._replace(counts=counts, sources=sources)


def _total_wins(page: Measured, total: int) -> bool:
    """Say whether the vendor's total is the better raw count than that of the page's list."""
    whole, raw = page.wholeness, page.links.raw if page.links else 0
    return (whole.complete is False and total > raw) or (
        whole.other_scope and whole.listed is not None
    )


def _with_zeros(own: Measured) -> Measured:
    """Set every count of a target page to 0 if it has no raw domain."""
    raw = own.counts.get("raw")
    if own.links is not None or raw is None or raw.value:
        return own
    source = own.sources["raw"]
    return own._replace(
        counts=dict.fromkeys(BASES, exactly(0)), sources=dict.fromkeys(BASES, source)
    )


def _as_own(page: Measured, own: Measured | None) -> Measured:
    """Show the target page among the pages with the counts that it is judged by."""
    if own is None or own.candidate.page != page.candidate.page:
        return page
    return own._replace(candidate=page.candidate)


def choose_basis(table: Table, forced: Basis | None) -> tuple[Basis, tuple[str, ...]]:
    """Give the answer's basis, and the pages whose missing list kept it from being `kept`."""
    concerned = [page for page in table.measured if page.has_figure]
    lacking = tuple(p.candidate.url or "your own page" for p in concerned if p.lacks_list)
    if forced is not None:
        return forced, ()
    return ("raw", lacking) if lacking or not concerned else ("kept", ())


def find_short_files(tables: Sequence[Table], files: Sequence[LinkFile]) -> dict[int, str]:
    """Find the files with fewer domains than their vendor counts for a page.

    Says what each lacks, by the number of its input.
    """
    known = {file.input: file for file in files}
    short: dict[int, dict[str, str]] = {}
    for page in (page for table in tables for page in (*table.pages, table.own) if page):
        listed, name = page.wholeness.listed, page.candidate.page
        total, vendor = page.candidate.vendor_total, page.candidate.total_vendor
        if page.links is None or listed is None or not total or is_whole(listed, total):
            continue
        if page.wholeness.complete is False:
            lacks = f"it holds {listed:,} live domains of {name}, and the vendor counts {total:,}"
            for number in page.links.inputs:
                if vendor is None or known[number].vendor in {vendor, UNNAMED}:
                    short.setdefault(number, {})[name] = lacks
    return {number: _first_of(pages) for number, pages in short.items()}


def _first_of(pages: Mapping[str, str]) -> str:
    more = f" (so with {len(pages) - 1} more pages)" if len(pages) > 1 else ""
    return pages[min(pages)] + more
