"""What is to be fetched, in words of the analyses: which keywords, which pages, how deep."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gapcalc.analyses.candidates import from_serp
from gapcalc.analyses.question import Question
from gapcalc.providers.base import Answer
from gapcalc.providers.session import Session
from gapcalc.providers.steps import Ranked, Serp
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
