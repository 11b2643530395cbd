"""What is to be fetched, and what it would cost: a bound that holds, exact where everything is known."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gapcalc.analyses.candidates import from_serp
from gapcalc.analyses.question import Question
from gapcalc.providers.base import Answer, Batch, Count, Part, Ranked, Request, Serp, StepName, Unit
from gapcalc.providers.session import Session
from gapcalc.rows import SerpRow
from gapcalc.suffixes import SuffixRules
from gapcalc.urls import host_of, page_of
from gapcalc.words import Depth


@dataclass(frozen=True)
class Order:
    """What is to be fetched; `ask` tells which pages of a SERP are of any use."""

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


@dataclass(frozen=True)
class Pages:
    """The pages to measure, one URL for each; `open` counts keywords whose SERP is not known yet."""

    urls: tuple[str, ...]
    own: str | None
    open: int


def read_ranked(serp: Serp, answer: Answer) -> Iterator[tuple[Ranked, str, str]]:
    """Give the results of a SERP that name a page, with its identity and host."""
    for ranked in serp.read(answer):
        page, host = page_of(ranked.url), host_of(ranked.url)
        if page is not None and host is not None:
            yield ranked, page, host


def find_pages(order: Order, session: Session) -> Pages:
    """Find the pages that the SERPs at hand make worth measuring, and the own one."""
    urls: dict[str, str] = {}
    own = order.question.target
    own_url: str | None = None
    unknown = 0
    for keyword in order.keywords:
        answer = session.peek(session.provider.serp.ask(keyword))
        if answer is None:
            unknown += 1
            continue
        rows = _rows(order, session.provider.serp, answer)
        candidates = from_serp(rows, order.question)
        # Results may share a position; the estimate has one page for each.
        for candidate in [c for c in candidates if c.comparable][: order.question.top]:
            urls.setdefault(candidate.page, candidate.url)
        # The vendor knows the page under this URL, which may differ from the user's.
        ours = (c.url for c in candidates if own and c.page == own.page)
        own_url = own_url or next(ours, None)
    for url, page, _ in order.question.competitors:
        urls.setdefault(page, _absolute(url))
    if own:
        own_url = own_url or _absolute(own.url)
        urls[own.page] = own_url
    return Pages(tuple(urls.values()), own_url, unknown)


def _absolute(url: str) -> str:
    """Write out the scheme: without it, a provider may take a page for its whole site."""
    return url if "://" in url else f"https://{url.removeprefix('//')}"


def _rows(order: Order, serp: Serp, answer: Answer) -> Sequence[SerpRow]:
    return [
        SerpRow(
            input=0,
            line=number,
            keyword=None,
            country=None,
            position=ranked.position,
            organic="organic" in ranked.kind.casefold(),
            url=ranked.url,
            page=page,
            domain=order.suffixes.domain(host),
        )
        for number, (ranked, page, host) in enumerate(read_ranked(serp, answer))
        if ranked.position is not None
    ]


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
    cached: int
    exact: bool


@dataclass(frozen=True)
class Estimate:
    """The cost of an order as far as it is known; an upper bound in every part."""

    provider: str
    unit: Unit
    steps: tuple[StepCost, ...]

    @property
    def units(self) -> int:
        """Give the most that all steps together can cost."""
        return sum(step.units for step in self.steps)

    def certain(self) -> int:
        """Give the most that the steps can cost which are not waiting for another's answers.

        Lists of links are bounded tightly only when the counts are in, and are judged then.
        """
        return sum(s.units for s in self.steps if s.step != "links" or s.exact)


def estimate(order: Order, session: Session) -> Estimate:
    """Reckon from what is at hand; nothing is asked."""
    provider, pages = session.provider, find_pages(order, session)
    known, missing = session.look_up(provider.counts, pages.urls)
    steps = [_serp_cost(order, session), _counts_cost(order, session, pages, len(missing))]
    if order.depth == "links":
        steps.append(_links_cost(order, session, pages, known))
    return Estimate(provider.title, provider.unit, tuple(steps))


def missing_serps(order: Order, session: Session) -> list[Request]:
    """Give the questions for the SERPs that are not at hand."""
    asked = map(session.provider.serp.ask, order.keywords)
    return [request for request in asked if session.peek(request) is None]


def _serp_cost(order: Order, session: Session) -> StepCost:
    provider, requests = session.provider, missing_serps(order, session)
    cached, via = len(order.keywords) - len(requests), provider.serp.via
    if provider.difficulty is not None:
        _, missing = session.look_up(provider.difficulty, order.keywords)
        requests += [
            _dummy(provider.difficulty, n) for n in _sizes(len(missing), provider.difficulty.size)
        ]
        via = f"{via}, {provider.difficulty.via}"
    return _cost("serp", via, requests, cached, exact=not requests)


def _counts_cost(order: Order, session: Session, pages: Pages, missing: int) -> StepCost:
    counts = session.provider.counts
    most = missing + pages.open * order.question.top
    requests = [_dummy(counts, size) for size in _sizes(most, counts.size)]
    return _cost("counts", counts.via, requests, len(pages.urls) - missing, exact=not pages.open)


def _dummy(batch: Batch[float | None] | Batch[Count], size: int) -> Request:
    """Give a question of that size, for its price."""
    return batch.ask([""] * size)


def _sizes(things: int, most: int) -> list[int]:
    return [min(most, things - start) for start in range(0, things, most)]


def _cost(
    step: StepName, via: str, requests: Sequence[Request], cached: int, *, exact: bool
) -> StepCost:
    rows, units = sum(r.rows for r in requests), sum(r.bound for r in requests)
    return StepCost(step, via, len(requests), rows, units, cached, exact)


def rows_wanted(count: Count | None, order: Order) -> int:
    """Give how many rows of a page's list are worth asking for: never more than it has."""
    if count is None or count.rows is None:
        return order.max_rows
    return min(order.max_rows, count.rows)


def _links_cost(order: Order, session: Session, pages: Pages, known: dict[str, Count]) -> StepCost:
    requests: list[Request] = []
    cached = 0
    for url in pages.urls:
        missing = missing_parts(order, session, url, known.get(url))
        requests += missing
        cached += not missing
    unknown = pages.open * order.question.top
    each = _parts(session, "", order.max_rows)
    exact = not unknown and all(url in known and known[url].rows is not None for url in pages.urls)
    links = session.provider.links
    rows, units = sum(r.rows for r in requests), sum(r.bound for r in requests)
    return StepCost(
        step="links",
        via=links.via,
        requests=len(requests) + unknown * len(each),
        rows=rows + unknown * order.max_rows,
        units=units + unknown * sum(request.bound for request in each),
        cached=cached,
        exact=(exact and links.exact) or not (requests or unknown),
    )


def missing_parts(order: Order, session: Session, url: str, count: Count | None) -> list[Request]:
    """Give the questions that a page's list still needs at most."""
    links, rows = session.provider.links, rows_wanted(count, order)
    for part, piece in session.walk(links, url, rows, ask=False):
        if piece is None:
            return _parts(session, url, rows - part.offset)
    return []


def _parts(session: Session, url: str, rows: int) -> list[Request]:
    links = session.provider.links
    return [links.ask(Part(url, size)) for size in _sizes(rows, links.size or max(rows, 1))]
