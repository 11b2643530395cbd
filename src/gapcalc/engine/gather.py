"""Judges by what one link alone does not tell: its site's other links, a list of domains, the page."""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import NamedTuple

import duckdb

from gapcalc.engine.count import add_bit
from gapcalc.rules.base import ActiveRule, any_word
from gapcalc.rules.content import blocked_words
from gapcalc.suffixes import SuffixRules
from gapcalc.urls import host_of_page

_LONG = 5


class CountRequest(NamedTuple):
    """How links are to be judged and counted.

    `bound` gives the page of files without a target column, by input number. `allowed` gives the
    words (keyword, topic) that the anchor rule does not block for a page, `allowed_elsewhere`
    those for all other pages. `blocked` are the source domains of the rule `blocklist`.
    Only `pages` are counted, or every page where that is None. `whole` has every cell checked and
    rows kept in order, as is needed to write them out again.
    """

    rules: tuple[ActiveRule, ...]
    suffixes: SuffixRules
    bound: Mapping[int, str] = {}
    allowed: Mapping[str, str] = {}
    allowed_elsewhere: str = ""
    blocked: frozenset[str] = frozenset()
    pages: frozenset[str] | None = None
    sensitivity: bool = False
    whole: bool = False
    memory: str | None = None


def extra_columns(request: CountRequest) -> tuple[str, ...]:
    """Name the extra columns that judging will need: every one slows the reading down."""
    hit = ("hit",) if _may_allow_words(request) else ()
    return hit if _sitewide(request.rules) is None else (*hit, "anchor", "links")


def changes_links(request: CountRequest, extras: Collection[str]) -> bool:
    """Say whether `gather` will judge links anew, where ``found`` has the columns `extras`."""
    by_list = any(active.id == "blocklist" for active in request.rules)
    return by_list or "hit" in extras or "anchor" in extras


def _may_allow_words(request: CountRequest) -> bool:
    anchor = next((active for active in request.rules if active.id == "anchor"), None)
    if anchor is None or request.pages is None:
        return anchor is not None
    words = blocked_words(anchor.parameters)
    return any(_left_blocked(words, page, request) != words for page in request.pages)


def _sitewide(rules: Sequence[ActiveRule]) -> ActiveRule | None:
    return next((a for a in rules if a.id == "sitewide" and "sitewide_links" in a.parameters), None)


def gather(
    connection: duckdb.DuckDBPyConnection, request: CountRequest, extras: Collection[str]
) -> None:
    """Judge by the rules that look at more than one link, or at more than the link."""
    for active in request.rules:
        if active.id == "anchor" and "hit" in extras:
            _allow_words(connection, active, request)
        elif active.id == "blocklist":
            connection.execute(
                "create temp table blocked as "
                "select unnest($blocked) as domain, null::bigint as page_id",
                {"blocked": sorted(request.blocked)},
            )
            add_bit(connection, "select * from blocked", active.bit)
    sitewide = _sitewide(request.rules)
    if sitewide is not None:
        _gather_sitewide(connection, sitewide)


def _gather_sitewide(connection: duckdb.DuckDBPyConnection, active: ActiveRule) -> None:
    connection.execute(
        """
create temp table sitewide as
select distinct page_id, domain from (
    select page_id, domain, vendor, anchor, sum(links) as links
    from link where not lost and not internal and anchor is not null group by all
) group by page_id, domain, vendor
having sum(links) >= $sitewide_links and max(links) >= $sitewide_share * sum(links)
""",
        {name: active.parameters[name] for name in ("sitewide_links", "sitewide_share")},
    )
    add_bit(connection, "select * from sitewide", active.bit)


def _allow_words(
    connection: duckdb.DuckDBPyConnection, active: ActiveRule, request: CountRequest
) -> None:
    """Take back the anchor rule's verdict where every word it found is allowed for the page."""
    words = blocked_words(active.parameters)
    pages = connection.execute(
        "select distinct id, page from page join link on page_id = id where hit is not null"
    ).fetchall()
    groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, page in pages:
        left = _left_blocked(words, page, request)
        if left != words:
            groups[left].append(number)
    for left, numbers in groups.items():
        connection.execute(
            f"update link set mask = mask & ~{active.bit} where hit is not null "
            "and page_id in (select unnest($pages)) and not regexp_matches(hit, $pattern)",
            {"pages": numbers, "pattern": any_word(left) if left else "$^"},
        )


def _left_blocked(words: tuple[str, ...], page: str, request: CountRequest) -> tuple[str, ...]:
    """Give the words that stand neither in the page's text, as words, nor in its host."""
    text, host = request.allowed.get(page, request.allowed_elsewhere), host_of_page(page)
    spoken = "".join(c if c.isalnum() else " " for c in text.casefold())
    padded = f" {' '.join(spoken.split())} "
    parts, joined = host.replace("-", ".").split("."), host.replace("-", "")
    if not _any_of(words).search(f"{padded}.{joined}"):
        return words

    def is_allowed(word: str) -> bool:
        name = word.replace(" ", "")
        # A short word hides in many names (sex in Essex): it must be a whole part of the host.
        return f" {word} " in padded or name in parts or (len(name) >= _LONG and name in joined)

    return tuple(word for word in words if not is_allowed(word))


@cache
def _any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    """Compile a search that rules most pages out at once."""
    return re.compile("|".join(re.escape(word).replace(r"\ ", " ?") for word in words))
