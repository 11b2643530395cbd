"""The result of `audit`, field for field its JSON; unknown is None, never 0."""

from collections.abc import Mapping
from typing import Literal

from gapcalc.results.shared import Bound, Caution, CommandResult, Number, ResultPart

Scope = Literal["page", "site"]
Unit = Literal["domains", "source pages"]


class Rivals(ResultPart):
    """The share in the comparable pages' lists: `n` lists, their median and largest share."""

    n: int
    median: float
    most: float


class Share(ResultPart):
    """The share of live referring domains that have a trait, of those where it is known.

    `share` is from 0 to 1, None if the trait is known for no domain. `rivals` is None if no
    comparable list shows the trait.
    """

    count: int | None
    known: int
    share: float | None
    rivals: Rivals | None


class AuditedLinks(ResultPart):
    """Links as listed: `dropped` has the number of live links that each rule takes out."""

    live: int
    counted: int
    dropped: Mapping[str, int]
    lost: int
    internal: int


class AuditedDomains(ResultPart):
    """Referring domains: live ones, those that pass the rules, and those whose links are all lost.

    `bound` applies to `live` and `counted`; `dropped` are domains by the rule that took out their
    best link. `lost` is None where no list tells which links are lost.
    """

    live: int
    bound: Bound | None
    counted: int
    dropped: Mapping[str, int]
    lost: int | None


class MonthlyDomains(ResultPart):
    """Referring domains that were new and lost in a month, beside the medians of the comparable lists."""

    month: str
    new: int
    lost: int | None
    rivals_new: Number | None
    rivals_lost: Number | None


class History(ResultPart):
    """New and lost domains by month, from the first to the last month of the list's dates.

    `undated_new` and `undated_lost` are domains without such a date. `median_new` is the median of
    the new domains of a month.
    """

    months: tuple[MonthlyDomains, ...]
    median_new: Number
    undated_new: int
    undated_lost: int | None


class ManyLinks(ResultPart):
    """A domain with many live links."""

    domain: str
    links: int


class Finding(ResultPart):
    """Something that stands out: the figure, the threshold that it reaches, and a sentence with both.

    It is a fact about the list, not a sign of a penalty.
    """

    code: str
    value: float
    threshold: float
    sentence: str
    source: str


class JudgedLink(ResultPart):
    """A link and its fate: ``counted``, ``lost``, ``internal``, or the rule that takes it out."""

    source: str
    target: str
    domain: str
    fate: str
    anchor: str | None
    anchor_class: str | None
    vendor: str


class Disavowable(ResultPart):
    """A domain for a disavow file, and the rule that takes out all its live links."""

    domain: str
    rule: str
    links: int


class Audited(ResultPart):
    """What is audited: a page, or every page of a site that has links.

    `pages` is None where the list does not name the pages that its links go to.
    """

    scope: Scope
    url: str
    page: str
    domain: str
    pages: int | None
    complete: bool | None


class ComparedList(ResultPart):
    """A page, or a site, whose list the shares are compared with."""

    url: str
    domain: str
    domains: int


class AuditResult(CommandResult):
    """The whole output of the command `audit`.

    `shares` are in groups: rel, spam, anchors, kinds, authority, traffic, languages, many_links,
    outbound. `measures` names the vendors of authority and traffic. `history` is None where the
    list has no dates; `links` and `disavow` are only there when asked for.
    """

    keyword: str | None
    brands: tuple[str, ...]
    target: Audited
    domains: AuditedDomains
    links_listed: AuditedLinks
    shares: Mapping[str, Mapping[str, Share]]
    measures: Mapping[str, str | None]
    many_links: tuple[ManyLinks, ...]
    history: History | None
    compared: tuple[ComparedList, ...]
    findings: tuple[Finding, ...]
    links: tuple[JudgedLink, ...] | None
    disavow: tuple[Disavowable, ...] | None
    cautions: tuple[Caution, ...]
