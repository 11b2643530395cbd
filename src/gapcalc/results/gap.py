"""The results, field for field the JSON of the output contract; unknown is None, never 0."""

from collections.abc import Mapping
from typing import Literal

from gapcalc.results.shared import (
    Authority,
    Bound,
    Caution,
    CommandResult,
    Network,
    NetworkEffect,
    Number,
    PlanOutline,
    ResultPart,
    Totals,
    Velocity,
)
from gapcalc.words import Basis, SortBy

Source = Literal["links", "vendor", "given"]
Chosen = Literal["named", "best-ranking", "given", "new"]
Verdict = Literal[
    "too-little-data",
    "own-count-unknown",
    "no-gap",
    "links-not-the-lever",
    "within-range",
    "out-of-reach",
    "gap",
]
Confidence = Literal["high", "medium", "low"]


class SetAside(ResultPart):
    """Links that are no backlinks today: gone, or from the page's own site."""

    lost: int
    internal: int


class VendorFigures(ResultPart):
    """A page's figures by one vendor's links alone; `only` are domains no other vendor shows.

    `followed` is None where a file of the vendor does not state rel.
    """

    raw: int
    kept: int
    followed: int | None
    only: int


class KnownDomain(ResultPart):
    """A live referring domain of a page, and each vendor's verdict on its best link.

    `vendors` gives ``kept``, or the rule that drops it, by vendor.
    """

    domain: str
    kept: bool
    vendors: Mapping[str, str]


class Figures(ResultPart, kw_only=True):
    """What is known of a page; counts are distinct registrable domains.

    `count` is the figure on the basis of the answer; `source` says where it comes from. `listed` is
    the raw count of the page's link list; `kept` is `listed` minus the domains `dropped`.
    `kept_by_own_rules` is the count under every rule that the page's own files allow. `by_vendor`
    has the figures of each vendor's links alone. `shared` are the domains that several vendors
    show; `disputed` are those kept by one vendor's links and dropped by another's. Both are None
    with one vendor. `domains` are listed only when asked for.
    """

    position: int | None
    authority: Authority | None
    raw: int | None
    kept: int | None
    followed: int | None
    count: int | None
    source: Source | None
    complete: bool | None
    vendor_total: int | None
    total_vendor: str | None
    listed: int | None
    kept_by_own_rules: int | None
    unjudged: int | None
    set_aside: SetAside | None
    dropped: Mapping[str, int] | None
    by_vendor: Mapping[str, VendorFigures] | None
    shared: int | None
    disputed: int | None
    domains: tuple[KnownDomain, ...] | None


class TargetPage(Figures, kw_only=True):
    """The user's own page; without an address where only its count was given.

    `chosen` tells how it was found: named by the user, our best-ranking page, only its count given,
    or declared new.
    """

    url: str | None
    page: str | None
    chosen: Chosen


class Page(Figures, kw_only=True):
    """One page that ranks, or whose links were given."""

    url: str
    page: str
    domain: str
    comparable: bool
    left_out: str | None
    flags: tuple[str, ...]


class Leader(ResultPart):
    """The comparable page with the largest count."""

    url: str
    count: int


class Outranking(ResultPart):
    """The comparable pages that rank above ours."""

    min: int
    median: Number


class SpreadPair(ResultPart):
    """Two of the counts, and the probability that such a pair encloses the median."""

    low: int
    high: int
    coverage: float


class Range(ResultPart):
    """The smallest and the largest of something."""

    low: Number
    high: Number


class WithoutFlagged(ResultPart):
    """The median without the flagged pages; None when none is left."""

    median: Number | None
    n: int


class Goals(ResultPart):
    """The figures over the comparable pages, on the basis of the answer.

    `bound` is the median's. `bounds` has one for each figure that rests on counts; it is None where
    the truth may lie on either side. `at_most` has the largest possible value of each goal, by the
    vendors' totals; None where nothing limits it. Unknown figures are in neither.
    """

    n: int
    median: Number | None
    bound: Bound | None
    entry: Number | None
    stretch: Number | None
    stretch_pages: int
    competitive: Number | None
    leader: Leader | None
    outranking: Outranking | None
    mean: float | None
    mean_to_median: float | None
    min: int | None
    max: int | None
    spread: SpreadPair | None
    leave_one_out: Range | None
    without_flagged: WithoutFlagged | None
    bounds: Mapping[str, Bound | None]
    at_most: Mapping[str, Number | None]
    confidence: Confidence
    confidence_reason: str


class Surplus(ResultPart):
    """By how much the own count exceeds each goal."""

    median: int | None
    entry: int | None
    stretch: int | None


class OwnRules(ResultPart):
    """The median, and the gap to it, without rules whose columns the own page's list lacks."""

    left_out: tuple[str, ...]
    median: Number | None
    need: int | None


class Gap(ResultPart):
    """What the own page lacks to each goal.

    `bound` is that of the gap to the median, which is `least` to `most` by the vendors' totals;
    `bounds` has one for each gap, and for the surpluses as `surplus_median` and so on.
    `under_own_rules` is given when the own page's list lacks the columns of a rule that judges the
    comparable pages; each gap is then the larger of the two.
    """

    to_median: int | None
    to_entry: int | None
    to_stretch: int | None
    to_competitive: int | None
    surplus: Surplus
    bound: Bound | None
    bounds: Mapping[str, Bound | None]
    least: int | None
    most: int | None
    under_own_rules: OwnRules | None


class BasisFigures(ResultPart):
    """The answer as it would be on one basis."""

    n: int
    median: Number | None
    bound: Bound | None
    own: int | None
    need: int | None
    need_bound: Bound | None
    verdict: Verdict


class SiteStrength(ResultPart):
    """Own site authority beside that of the comparable sites, in one measure."""

    metric: str
    own: Number
    median: Number
    similar_n: int
    similar_median: Number | None


class KdBenchmark(ResultPart):
    """A KD on the Ahrefs scale; beyond the scale's last point only `over` is certain."""

    kd: Number
    rd: int
    low: int | None
    high: int | None
    scale: str
    source: str
    extrapolated: bool
    over: int | None


class Switched(ResultPart):
    """Counted median and need with one rule switched off."""

    median: Number | None
    need: int | None


class VerdictSentence(ResultPart):
    """The verdict, and one sentence with its numbers."""

    code: Verdict
    sentence: str


class Summary(ResultPart):
    """The answer in short, on its basis."""

    verdict: Verdict
    own: int | None
    goal: Number | None
    need: int | None
    to_competitive: int | None
    months_middle: int | None
    confidence: Confidence
    sentence: str


class SiteProfile(ResultPart):
    """Figures of a site's own links, where there are no pages to compare with.

    `domains` are its live referring domains, `kept` those that pass the rules, `lost` the links
    that are gone. `site` is None where the links are of several sites.
    """

    site: str | None
    pages: int
    domains: int
    kept: int
    lost: int


class KeywordResult(ResultPart, kw_only=True):
    """The answer for one keyword; `keyword` is None for links without a SERP.

    `left_out_features` is the number of rows of SERP features, which are not among the pages.
    """

    keyword: str | None
    country: str | None
    volume: int | None
    kd: Number | None
    basis: Basis
    summary: Summary
    target_page: TargetPage | None
    pages: tuple[Page, ...]
    left_out_features: int
    waterfall: Mapping[str, int]
    goals: Goals
    gap: Gap
    by_basis: Mapping[str, BasisFigures]
    site_strength: SiteStrength | None
    benchmark: KdBenchmark | None
    sensitivity: Mapping[str, Switched] | None
    plan: PlanOutline | None
    velocity: Velocity | None
    site_profile: SiteProfile | None
    networks: tuple[Network, ...]
    network_effect: NetworkEffect | None
    verdict: VerdictSentence
    cautions: tuple[Caution, ...]


class Unanswered(ResultPart):
    """A keyword without an answer, and the reason."""

    keyword: str | None
    country: str | None
    reason: str


class GapResult(CommandResult):
    """The whole output of the command `gap`.

    The keywords stand in the order that `sorted_by` names. `totals` is None where no own page is
    known.
    """

    sorted_by: SortBy
    keywords: tuple[KeywordResult, ...]
    unanswered: tuple[Unanswered, ...]
    totals: Totals | None
    cautions: tuple[Caution, ...]
