"""What readers and engine hand to the analyses: rows of SERPs, counts of links, what cannot be read."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import NamedTuple, Protocol

from gapcalc.results.gap import KnownDomain, VendorFigures
from gapcalc.results.shared import Authority


class Unread(NamedTuple):
    """A column with cells that cannot be read.

    `bad` of its `filled` cells cannot be read; the first is on `line` and holds `example`. If only
    a few cells are bad, `filled` is not counted.
    """

    field: str
    place: int
    heading: str
    bad: int
    filled: int | None
    line: int
    example: str

    @property
    def is_whole(self) -> bool:
        """Say whether the whole column is unused, because too many cells cannot be read."""
        return self.filled is not None and is_unreadable(self.bad, self.filled)

    def __str__(self) -> str:
        """Say how much of the column cannot be read."""
        example = repr(self.example[:40])
        if self.is_whole:
            share = f"{self.bad:,} of {self.filled:,} filled cells, the first is {example}"
            return f"column {self.heading!r} cannot be read: {share}"
        if self.bad == 1:
            return f"column {self.heading!r} has a cell that cannot be read, {example}"
        cells = f"{self.bad:,} cells that cannot be read"
        return f"column {self.heading!r} has {cells}, the first is {example}"


class Problem(NamedTuple):
    """Something in an input that could not be read, with the physical line where it stands.

    `column` is the column of an unreadable cell.
    """

    input: str
    line: int | None
    reason: str
    column: Unread | None = None


HEADER_AGAIN = "row not read: the header is repeated here"


def is_lost_row(problem: Problem) -> bool:
    """Say whether a row plays no part because it cannot be read."""
    return problem.reason.startswith("row not") and problem.reason != HEADER_AGAIN


_MOST_BAD = 20
"""A column is unreadable if more than one in this many filled cells is bad."""


def is_unreadable(bad: int, filled: int) -> bool:
    """Say whether a column has too many bad cells to be used; one bad cell is never enough."""
    return bad > 0 and (bad >= filled or (bad > 1 and bad * _MOST_BAD > filled))


def is_unreadable_sql(bad: str, filled: str) -> str:
    """Give the SQL of `is_unreadable`."""
    share = f"{bad} > 1 and {bad} * {_MOST_BAD} > {filled}"
    return f"({bad} > 0 and ({bad} >= {filled} or ({share})))"


class SerpRow(NamedTuple):
    """One ranking result as exported; None means that the vendor did not say.

    `kind` is the vendor's word for the type of result, `day` when the SERP was seen: 2026-01-31.
    """

    input: int
    line: int
    keyword: str | None
    country: str | None
    position: int | None
    organic: bool
    url: str
    page: str
    domain: str
    title: str | None = None
    authority: float | None = None
    metric: str | None = None
    referring_domains: int | None = None
    kd: float | None = None
    kd_vendor: str | None = None
    vendor: str | None = None
    kind: str | None = None
    day: str | None = None
    volume: int | None = None


class PageRow(NamedTuple):
    """A page's referring domains as its vendor counts them, from a list of a site's pages."""

    input: int
    line: int
    url: str
    page: str
    referring_domains: int
    vendor: str | None


class KeywordRow(NamedTuple):
    """A keyword's difficulty, with its vendor, from a list of keywords."""

    input: int
    line: int
    keyword: str
    country: str | None
    kd: float
    kd_vendor: str


class IntersectRow(NamedTuple):
    """A domain and its links to the sites that a vendor's file compares.

    `links` has the number of its links to each site, None where it is unknown. `url` is the linking
    page, if the row is about one page.
    """

    input: int
    line: int
    domain: str
    vendor: str
    links: Mapping[str, int | None]
    authority: Authority | None = None
    traffic: int | None = None
    url: str | None = None
    title: str | None = None


class LinkFile(NamedTuple):
    """Facts about one link file besides its links.

    `rules` are those whose columns it has. `unbound`: it names no page, and the user bound it to
    none. `elsewhere`: its first pages, if none of its pages takes part in an answer. `covered`: the
    list that is used in its place, as it has the same domains and says more. `cut`: why the list is
    known to be incomplete. `short`: where it has clearly fewer domains than its vendor counts.
    `complete`: it is known to hold everything. `grouped`: rows stand for several similar links.
    `site_scope`: its links go to a whole site, though it was bound to one page. `first_day` and
    `last_day` are the first and the last day on which the vendor saw a link; if the file only tells
    when links were first seen, `first_day` is unknown. `repeated` tells how links count that are in
    other files too. `unread` are columns with cells that cannot be read. `one_per_domain`: it shows
    one link of each domain. `hosts` are those of its pages, if it is a vendor's list of several
    pages of few hosts.
    """

    input: int
    vendor: str
    rows: int
    rules: frozenset[str]
    has_rel: bool
    unbound: bool = False
    elsewhere: tuple[str, ...] = ()
    covered: str | None = None
    cut: str | None = None
    short: str | None = None
    complete: bool = False
    grouped: bool = False
    site_scope: bool = False
    first_day: date | None = None
    last_day: date | None = None
    repeated: str | None = None
    unread: tuple[Unread, ...] = ()
    one_per_domain: bool = False
    hosts: frozenset[str] = frozenset()

    @property
    def hides_lost(self) -> bool:
        """Say whether nothing can be counted because the column of lost links cannot be read."""
        return any(column.is_whole and column.field == "lost" for column in self.unread)

    @property
    def hides_rel(self) -> bool:
        """Say whether a column that tells which links are followed cannot be read."""
        rel = {"nofollow", "ugc", "sponsored"}
        return any(column.is_whole and column.field in rel for column in self.unread)


class PageLinks(NamedTuple):
    """The referring domains of one page, counted under one set of rules.

    `dropped` counts domains by the rule that failed their best link. `without` has the kept and the
    followed count with one rule switched off. `lost` and `internal` are links set aside before
    counting; `unjudged` are links that passed only because a value was unknown. With several
    vendors, `by_vendor` has an entry for each; `shared` are the domains that more than one lists,
    `disputed` those that one keeps and another drops. With `is_unknown` no figure may be used,
    because nothing tells which links are lost, or no row about the page can be read.
    """

    page: str
    url: str
    domain: str
    raw: int
    kept: int
    followed: int | None
    dropped: Mapping[str, int] = {}
    without: Mapping[str, tuple[int, int]] = {}
    lost: int = 0
    internal: int = 0
    unjudged: int = 0
    inputs: frozenset[int] = frozenset()
    by_vendor: Mapping[str, VendorFigures] = {}
    shared: int = 0
    disputed: int = 0
    is_unknown: bool = False


class GroupedDomain(NamedTuple):
    """A domain in a group that links to exactly the same compared `pages` of a question.

    `authority` is the highest that a vendor gives it. `anchors` are those of its links to the pages,
    `ranges` the /24 ranges of the addresses they come from; both are None where one is unknown.
    """

    question: int
    pages: tuple[str, ...]
    domain: str
    authority: float | None
    anchors: tuple[str, ...] | None
    ranges: tuple[str, ...] | None


class DomainMonths(NamedTuple):
    """The counted domains that a page won and lost, by month.

    A month is the number of months since the year 0; months without any are left out. `end` is the
    first month that the data does not cover in full; it is uncertain if only the newest link shows
    when the data ends. Without `shows_lost`, lost domains are unknown. `unknown` says why both are
    unknown, None if they are known.
    """

    won: Mapping[int, int]
    lost: Mapping[int, int]
    end: int
    end_is_sure: bool
    shows_lost: bool
    unknown: str | None = None


class LinkCounts(Protocol):
    """The counted links: the files, and the counts of every page under given rules."""

    @property
    def files(self) -> tuple[LinkFile, ...]:
        """Give the link files, in the order of the inputs."""

    @property
    def pages(self) -> Mapping[str, str]:
        """Give every counted page, with one of the URLs that name it."""

    def count(self, rules: Collection[str]) -> Mapping[str, PageLinks]:
        """Count every page under the named rules; the keys are page identities."""

    def domains(
        self, rules: Collection[str], pages: Collection[str]
    ) -> Mapping[str, tuple[KnownDomain, ...]]:
        """List the live referring domains of pages under the named rules, by name."""

    def explain(self) -> None:
        """Write the statements of the counting where the user asked for them."""
