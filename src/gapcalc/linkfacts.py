"""What the engine tells of links beside counts: leads for prospects, traits of a list for audits."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple


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
