"""What readers and engine hand to the analyses: rows of SERPs, counts and facts of links."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import NamedTuple, Protocol

from gapcalc.errors import Unread
from gapcalc.results.gap import KnownDomain, VendorFigures
from gapcalc.results.shared import Authority


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


class LinkingDomain(NamedTuple):
    """A domain with counted links to several pages that one question compares.

    `question` is the number of the question. `links`: the domain has a live link to the own page.
    `lost`: it had links to the own page, and all are lost, the last on the day `lost_on`.
    `elsewhere`: it has a live link to another page of the own site.
    """

    question: int
    domain: str
    pages: int
    links: bool
    lost: bool
    lost_on: date | None
    elsewhere: bool


class LeadLink(NamedTuple):
    """The best counted link of a domain to a page, under the rules of question `question`."""

    question: int
    domain: str
    page: str
    vendor: str
    url: str | None
    title: str | None
    anchor: str | None
    kind: str | None
    rel: str | None
    first_seen: str | None


class DomainScore(NamedTuple):
    """A vendor's scores for a domain."""

    domain: str
    vendor: str
    authority: float | None
    traffic: int | None


class LeadQuestion(NamedTuple):
    """The compared pages of one keyword, the own page, and the rules that count the links."""

    pages: tuple[str, ...]
    own: str
    rules: frozenset[str]


class FoundLeads(NamedTuple):
    """The facts about leads that come from the links.

    `behind` is the number of domains with counted links to the pages of each question.
    `site_pages` are the pages of the own site that lists have links to.
    """

    domains: list[LinkingDomain]
    links: list[LeadLink]
    scores: list[DomainScore]
    behind: dict[int, int]
    site_pages: frozenset[str]


class Tally(NamedTuple):
    """How many domains have a trait, and for how many it is known."""

    having: int
    known: int


class LinkFates(NamedTuple):
    """Links by their fate: live (of these, counted, and dropped by rule), lost, internal."""

    live: int
    counted: int
    dropped: Mapping[str, int]
    lost: int
    internal: int


DomainLife = tuple[str | None, bool, str | None, int]
"""The month in which domains were new, whether they are lost, the month of loss, their number."""


class ListFacts(NamedTuple):
    """The traits of the live referring domains of one page, or of one site.

    `dropped` are domains by the rule that failed their best link. `marks` are followed, ugc,
    sponsored and spam; `named` are kinds and languages; `banded` has the domains in each band of
    authority and traffic, by vendor. `lives` are those of all domains, live or not.
    `texts` are the distinct anchors of each domain, `many_links` domains with their links, most
    first. `outbound` counts source pages.
    """

    domains: int
    counted: int
    dropped: Mapping[str, int]
    fates: LinkFates
    marks: Mapping[str, Tally]
    named: Mapping[str, Mapping[str, Tally]]
    banded: Mapping[str, Mapping[str, Mapping[str, int]]]
    lives: Sequence[DomainLife]
    texts: Sequence[tuple[str, str]]
    many_links: Sequence[tuple[str, int]]
    outbound: Tally


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
