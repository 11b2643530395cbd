"""What is to be fetched, and what it would cost: a bound that holds, exact where all is known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import get_args

from gapcalc.analyses.candidates import from_serp
from gapcalc.analyses.question import Question
from gapcalc.commands.question import active_rules, make_question, suffixes_for
from gapcalc.errors import UsageError
from gapcalc.providers.base import (
    Answer,
    BatchStep,
    Count,
    LinksStep,
    Part,
    Provider,
    Ranked,
    Request,
    SerpStep,
    StepName,
    Terms,
    Unit,
    declare,
    market,
)
from gapcalc.providers.columns import columns_read
from gapcalc.providers.keys import Keys
from gapcalc.providers.session import Session
from gapcalc.rows import SerpRow
from gapcalc.settings import Settings
from gapcalc.suffixes import SuffixRules
from gapcalc.urls import host_of, page_of, without_tracking
from gapcalc.words import Depth, ProviderName


@dataclass(frozen=True)
class Order:
    """What is to be fetched; `question` tells which pages of a SERP are of any use."""

    keywords: tuple[str, ...]
    country: str
    question: Question
    suffixes: SuffixRules
    depth: Depth
    max_rows: int
    one_per_domain: bool

    @property
    def key(self) -> str:
        """Give what is the same for two orders of the same things."""
        target, top = self.question.target, self.question.top
        shape = (self.country, top, self.depth, self.max_rows, self.one_per_domain)
        return repr((self.keywords, None if target is None else target.page, shape))


def make_order(settings: Settings, keywords: Sequence[str]) -> Order:
    """Understand what is to be fetched; raises UsageError."""
    plain = tuple(dict.fromkeys(" ".join(keyword.split()) for keyword in keywords))
    if not plain or "" in plain:
        raise UsageError("no keyword. Name one or more; see gapcalc fetch --help")
    for text in (*plain, settings.target or ""):
        _check_text(text)
    suffixes = suffixes_for(settings)
    return Order(
        keywords=plain,
        country=market(settings.country).code,
        question=make_question(settings, suffixes, active_rules(settings)),
        suffixes=suffixes,
        depth=settings.depth,
        max_rows=settings.max_rows,
        one_per_domain=settings.one_per_domain,
    )


def _check_text(text: str) -> None:
    """Refuse command-line bytes that are not text: they cannot be asked for."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise UsageError(f"{text!r} holds bytes that are not UTF-8 text; type it again") from error


def find_provider(settings: Settings, keys: Keys) -> Provider:
    """Give the provider that is named, as it is asked under these settings; raises UsageError."""
    if settings.provider is None:
        names = ", ".join(get_args(ProviderName))
        raise UsageError(f"no provider. Name one with --provider: {names}")
    terms = Terms(
        market=market(settings.country),
        top=settings.top,
        reads=columns_read(active_rules(settings)),
        one_per_domain=settings.one_per_domain,
        keys=keys.names,
    )
    return declare(settings.provider, terms)


@dataclass(frozen=True)
class Result:
    """A result of a SERP, with the identity and host of its page; None if it names no page."""

    ranked: Ranked
    page: str | None
    host: str | None

    @property
    def is_usable(self) -> bool:
        """Say whether it can be compared: it has a page and a position."""
        return self.page is not None and self.ranked.position is not None


@dataclass(frozen=True)
class Pages:
    """The pages to measure, one URL for each; `unknown` keywords have no SERP yet."""

    urls: tuple[str, ...]
    own: str | None
    unknown: int


@dataclass(frozen=True)
class StepCost:
    """What a step still needs: requests, rows and units at most, and what is at hand already.

    `exact` says that nothing is left to find out that could make it less.
    """

    step: StepName
    via: str
    requests: int
    rows: int
    units: int
    kept: int
    exact: bool


@dataclass(frozen=True)
class Estimate:
    """The cost of an order as far as it is known; an upper bound in every part.

    `links` is what lists of links would cost that are not ordered; `left` is what is left at the
    provider, in parts of its unit, None where that is not known.
    """

    provider: str
    unit: Unit
    steps: tuple[StepCost, ...]
    links: StepCost | None = None
    left: int | None = None

    @property
    def units(self) -> int:
        """Give the most that all steps together can cost."""
        return sum(step.units for step in self.steps)

    def certain(self) -> int:
        """Give the most that the steps can cost which are not waiting for another's answers.

        Lists of links are bounded tightly only when the counts are in, and are judged then.
        """
        return sum(s.units for s in self.steps if s.step != "links" or s.exact)


@dataclass
class Found:
    """What the answers to an order tell so far: it grows from step to step.

    Counts and lists are by the URL that is asked for. `kept_at` (Unix seconds) is when a SERP came
    that was not asked for in this run.
    """

    order: Order
    session: Session
    serps: dict[str, tuple[Result, ...]] = field(default_factory=dict)
    kept_at: dict[str, float] = field(default_factory=dict)
    difficulty: dict[str, float | None] = field(default_factory=dict)
    counts: dict[str, Count] = field(default_factory=dict)
    asked_for: set[str] = field(default_factory=set)
    row_limit: int | None = None

    def add_kept_counts(self) -> None:
        """Add the counts at hand of the pages that are known by now."""
        urls = [url for url in self.pages().urls if url not in self.asked_for]
        known, missing = self.session.look_up(self.session.provider.counts, urls)
        self.counts |= known
        self.asked_for |= set(urls) - set(missing)

    def pages(self) -> Pages:
        """Find the pages that the known SERPs make worth measuring, and the own one.

        Each is asked for without the parameters by which its site follows visitors: no provider
        knows links to it with them.
        """
        question = self.order.question
        urls: dict[str, str] = {}
        own, own_url = question.target, None
        for results in self.serps.values():
            candidates = from_serp(_rows(self.order, results), question)
            # Results may share a position; the estimate has one page for each.
            for candidate in [c for c in candidates if c.comparable][: question.top]:
                urls.setdefault(candidate.page, without_tracking(candidate.url))
            # The provider knows the page under this URL, which may differ from the user's.
            ours = (without_tracking(c.url) for c in candidates if own and c.page == own.page)
            own_url = own_url or next(ours, None)
        for url, page, _ in question.competitors:
            urls.setdefault(page, _absolute(url))
        if own:
            own_url = own_url or _absolute(own.url)
            urls[own.page] = own_url
        return Pages(tuple(urls.values()), own_url, len(self.order.keywords) - len(self.serps))

    def uncounted(self) -> list[str]:
        """Give the pages that were asked for and that the provider's answers do not mention."""
        return [u for u in self.pages().urls if u in self.asked_for and u not in self.counts]

    def rows_wanted(self, url: str | None) -> int:
        """Give how many rows of a page's list are worth asking for.

        Never more than it has, as far as that is counted, or than the user's plan gives.
        """
        count = self.counts.get(url) if url is not None else None
        bounds = (self.order.max_rows, None if count is None else count.rows, self.row_limit)
        return min(bound for bound in bounds if bound is not None)

    def missing_lists(self) -> dict[str, list[Request]]:
        """Give, for each known page, the questions that its list still needs at most."""
        return {url: self._missing_parts(url) for url in self.pages().urls}

    def _missing_parts(self, url: str) -> list[Request]:
        rows, links = self.rows_wanted(url), self.session.provider.links
        for part, piece in self.session.walk(links, url, rows, ask=False):
            if piece is None:
                return _parts(links, url, rows - part.offset)
        return []

    def estimate(self) -> Estimate:
        """Reckon from what is known; nothing is asked."""
        provider = self.session.provider
        steps, links = (
            (self._serp_cost(), self.counts_cost()),
            self.links_cost(self.missing_lists()),
        )
        if self.order.depth == "links":
            return Estimate(provider.title, provider.unit, (*steps, links))
        return Estimate(provider.title, provider.unit, steps, links)

    def _serp_cost(self) -> StepCost:
        provider, keywords = self.session.provider, self.order.keywords
        requests = [provider.serp.ask(k) for k in keywords if k not in self.serps]
        kept, via = len(keywords) - len(requests), provider.serp.via
        if provider.difficulty is not None:
            missing = sum(keyword not in self.difficulty for keyword in keywords)
            requests += _batches(provider.difficulty, missing)
            via = f"{via}, {provider.difficulty.via}"
        return _cost("serp", via, requests, kept, exact=not requests)

    def counts_cost(self) -> StepCost:
        """Give what the counts of all pages still need."""
        pages, counts = self.pages(), self.session.provider.counts
        kept = sum(url in self.asked_for for url in pages.urls)
        most = len(pages.urls) - kept + pages.unknown * self.order.question.top
        return _cost("counts", counts.via, _batches(counts, most), kept, exact=not pages.unknown)

    def links_cost(self, missing: Mapping[str, Sequence[Request]]) -> StepCost:
        """Give what the lists of all pages still need."""
        links = self.session.provider.links
        requests = [request for requests in missing.values() for request in requests]
        unknown = self.pages().unknown * self.order.question.top
        requests += unknown * _parts(links, "", self.rows_wanted(None))
        counted = all(self.counts.get(url, Count(None, None)).rows is not None for url in missing)
        exact = (counted and not unknown and links.exact) or not requests
        kept = sum(not parts for parts in missing.values())
        return _cost("links", links.via, requests, kept, exact=exact)


def read_results(step: SerpStep, answer: Answer) -> tuple[Result, ...]:
    """Give the results of a SERP; raises UnreadableError."""
    return tuple(Result(r, page_of(r.url), host_of(r.url)) for r in step.read(answer))


def read_kept(order: Order, session: Session) -> Found:
    """Give what the answers at hand tell; nothing is asked."""
    provider, found = session.provider, Found(order, session, row_limit=session.row_limit)
    for keyword in order.keywords:
        kept = session.peek(
            provider.serp.ask(keyword), lambda answer: read_results(provider.serp, answer)
        )
        if kept is not None:
            found.serps[keyword], found.kept_at[keyword] = kept
    if provider.difficulty is not None:
        found.difficulty, _ = session.look_up(provider.difficulty, order.keywords)
    found.add_kept_counts()
    return found


def _absolute(url: str) -> str:
    """Write out the scheme: without it, a provider may take a page for its whole site."""
    plain = without_tracking(url)
    return plain if "://" in plain else f"https://{plain.removeprefix('//')}"


def _rows(order: Order, results: Sequence[Result]) -> list[SerpRow]:
    return [
        SerpRow(
            input=0,
            line=number,
            keyword=None,
            country=None,
            position=result.ranked.position,
            organic="organic" in result.ranked.kind.casefold(),
            url=result.ranked.url,
            page=result.page,
            domain=order.suffixes.domain(result.host),
        )
        for number, result in enumerate(results)
        if result.page and result.host and result.ranked.position is not None
    ]


def _batches(batch: BatchStep[float | None] | BatchStep[Count], things: int) -> list[Request]:
    """Give questions for so many things, for their price."""
    return [batch.ask([""] * size) for size in _sizes(things, batch.size)]


def _sizes(things: int, most: int) -> list[int]:
    return [min(most, things - start) for start in range(0, things, most)]


def _cost(
    step: StepName, via: str, requests: Sequence[Request], kept: int, *, exact: bool
) -> StepCost:
    rows, units = sum(r.rows for r in requests), sum(r.bound for r in requests)
    return StepCost(step, via, len(requests), rows, units, kept, exact)


def _parts(links: LinksStep, url: str, rows: int) -> list[Request]:
    return [links.ask(Part(url, size)) for size in _sizes(rows, links.size or max(rows, 1))]
