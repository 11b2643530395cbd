"""Which page comes first? The order that reaches most keywords earliest under one shared pace."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from gapcalc import stats


class Wanted(NamedTuple):
    """A keyword that a page of ours is to reach, and the domains that the page still needs."""

    page: str
    keyword: str
    need: int


class Stage(NamedTuple):
    """Domains that one page gets in a row, and the keywords that it reaches with the last of them."""

    page: str
    domains: int
    keywords: tuple[str, ...]


class MonthShare(NamedTuple):
    """Domains that a page gets in a month, counted from 1, and the keywords reached with them."""

    month: int
    page: str
    domains: int
    keywords: tuple[str, ...]


def order(wanted: Iterable[Wanted]) -> tuple[Stage, ...]:
    """Order the work so that the domains that keywords wait for add up to the least.

    The domains of a page serve all of its keywords, so a page takes its largest need, not the sum.
    The stages with the fewest domains per keyword come next, after the smaller needs of the same page
    (chains of jobs with weights: W. A. Horn, SIAM J. Appl. Math. 23, 1972). Ties go to fewer domains,
    then to the page's name.
    """
    blocks = [block for chain in _chains(wanted) for block in _blocks(chain)]
    # The blocks of a page take ever more domains for a keyword, so sorting keeps their order.
    blocks.sort(key=lambda block: (_per_keyword(block), _domains(block), block[0].page))
    return tuple(stage for block in blocks for stage in block)


def by_month(stages: Sequence[Stage], pace: float, most: int) -> tuple[MonthShare, ...]:
    """Spread stages over the first `most` months, at a shared pace in domains a month.

    A stage without domains at the beginning is reached in month 0.
    """
    shares: dict[tuple[int, str], MonthShare] = {}
    done = 0
    for page, domains, keywords in stages:
        start, done = done, done + domains
        last = stats.months(done, pace)
        for month in range(stats.months(start + bool(domains), pace), min(last, most) + 1):
            got = min(done, _by_end_of(month, pace)) - max(start, _by_end_of(month - 1, pace))
            names = keywords if month == last else ()
            if got > 0 or names:
                before = shares.get((month, page), MonthShare(month, page, 0, ()))
                shares[month, page] = before._replace(
                    domains=before.domains + max(0, got), keywords=(*before.keywords, *names)
                )
    return tuple(shares.values())


def reached_in(stages: Sequence[Stage], pace: float) -> Mapping[tuple[str, str], int]:
    """Give the month in which each page reaches each of its keywords, at a shared pace."""
    months: dict[tuple[str, str], int] = {}
    done = 0
    for stage in stages:
        done += stage.domains
        months |= {(stage.page, name): stats.months(done, pace) for name in stage.keywords}
    return months


def _by_end_of(month: int, pace: float) -> int:
    """Give the whole domains won by the end of a month."""
    return month * round(pace * stats.BILLIONTHS) // stats.BILLIONTHS


def _chains(wanted: Iterable[Wanted]) -> Iterator[list[Stage]]:
    """Give the stages of each page, from its smallest need on."""
    pages: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for page, keyword, need in wanted:
        pages[page][need].append(keyword)
    for page, needs in sorted(pages.items()):
        levels = sorted(needs)
        before = [0, *levels]
        yield [
            Stage(page, level - last, tuple(sorted(needs[level])))
            for level, last in zip(levels, before, strict=False)
        ]


def _blocks(chain: Sequence[Stage]) -> Iterator[Sequence[Stage]]:
    """Cut a chain after the stages that take the fewest domains per keyword, then do the same to the rest."""
    while chain:
        best = min(range(1, len(chain) + 1), key=lambda size: (_per_keyword(chain[:size]), -size))
        yield chain[:best]
        chain = chain[best:]


def _per_keyword(stages: Sequence[Stage]) -> float:
    return _domains(stages) / sum(len(stage.keywords) for stage in stages)


def _domains(stages: Sequence[Stage]) -> int:
    return sum(stage.domains for stage in stages)
