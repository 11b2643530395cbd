"""What the user asks: whose page, which pages count, and how the answer is judged."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from gapcalc.results.gap import Chosen
from gapcalc.results.shared import Caution
from gapcalc.rows import KeywordRow, PageRow, SerpRow
from gapcalc.scale import Scale
from gapcalc.words import Basis, Drop

DROPPABLE: tuple[Drop, ...] = ("platform", "homepage", "duplicate-domain")


class Target(NamedTuple):
    """The target page: the URL as given, its identity, its registrable domain, how it was chosen.

    A page that is declared new has no links: its count is 0 on every basis. `is_site` says that a
    domain was named, not a page. Where another page is taken than the one named, `instead_of` is
    what was named. `sibling` is the page of the site that ranks where the target page does not.
    """

    url: str
    page: str
    domain: str
    chosen: Chosen = "named"
    is_site: bool = False
    instead_of: str = ""
    sibling: "Sibling | None" = None


class Sibling(NamedTuple):
    """Another page of the target's site, and where it ranks."""

    url: str
    page: str
    position: int


class TargetRow(NamedTuple):
    """A keyword of the file of target pages; `target` is None where the file names no page for it.

    `kd` is the keyword's Ahrefs KD, `price` what a referring domain costs for it, `limit` the
    largest gap that it may have; None where the file does not say.
    """

    line: int
    keyword: str
    target: Target | None
    kd: float | None = None
    price: float | None = None
    limit: int | None = None


@lru_cache
def keyword_key(keyword: str | None) -> str:
    """Give what tells keywords apart: neither letter case nor repeated spaces do.

    >>> keyword_key(" Desk  Lamp "), keyword_key(None)
    ('desk lamp', '')
    """
    return " ".join((keyword or "").split()).casefold()


class Question(NamedTuple):
    """The question, as far as the analyses need it.

    `target` is the target page of every keyword. Where it is None, `targets` has the page of a keyword
    by its `keyword_key`; for any other keyword it is the best-ranking page of `site`.
    """

    scale: Scale
    target: Target | None = None
    site: Target | None = None
    targets: Mapping[str, TargetRow] = {}
    competitors: tuple[tuple[str, str, str], ...] = ()
    """URL, page and domain of every page named as a competitor."""
    top: int = 10
    tolerance: float = 0.25
    own_rds: int | None = None
    kd: float | None = None
    basis: Basis | None = None
    drop: frozenset[str] = frozenset()
    exclude_pages: frozenset[str] = frozenset()
    exclude_hosts: frozenset[str] = frozenset()
    """Hosts that are left out with every host below them."""
    pace: float | None = None
    competitive: bool = False
    price: float | None = None
    horizon: int = 24
    rules: tuple[str, ...] = ()
    sensitivity: bool = False
    list_domains: bool = False


class Serp(NamedTuple):
    """The SERP rows of one keyword; links without a SERP have none, and `keyword` may be None.

    `totals` are the rows of every page in lists of pages, `scores` what lists of keywords say of
    this keyword. `cautions` say what was done with further SERPs of the keyword.
    """

    keyword: str | None
    country: str | None
    rows: tuple[SerpRow, ...]
    totals: Mapping[str, Sequence[PageRow]] = {}
    scores: tuple[KeywordRow, ...] = ()
    cautions: tuple[Caution, ...] = ()
