"""What is the profile of a link list, beside those of comparable pages, and what stands out?"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Literal, NamedTuple, get_args

from gapcalc import data
from gapcalc.analyses.plan import name_month
from gapcalc.results.audit import Finding, History, MonthlyDomains, Rivals, Share
from gapcalc.rows import DomainLife, ListFacts, Tally
from gapcalc.stats import YEAR, median
from gapcalc.suffixes import SuffixRules
from gapcalc.urls import host_of

AnchorClass = Literal["empty-image", "naked-url", "brand", "exact", "partial", "generic", "other"]
CLASSES: tuple[AnchorClass, ...] = get_args(AnchorClass)
"""The classes in their order: a text is of the first that fits."""
_WORD = re.compile(r"[^\W_]+")
_ADDRESS = re.compile(r"(?:[a-z]*://|www\.)\S", re.IGNORECASE)
_BARE_ADDRESS = re.compile(r"[^\s@]+\.[^\s@]+")
_LONG_NAME = 5
"""Letters from which on a name is looked for within words too: hp stands in php by chance."""
_LONG_KEYWORD = 4
"""Words from which on a partial anchor may lack one."""
MANY_LINKS = 100
_SPIKE = 10

_FEWEST_RIVALS, _FEWEST_DOMAINS = 3, 20
_THRESHOLD = (
    "docs/audit.md, What stands out; the thresholds are gapcalc's, no search engine has any"
)
Tallies = Mapping[str, Tally]


class AnchorReader(NamedTuple):
    """What the anchors of one list are read by: its site, its names, the keyword's words."""

    domain: str
    names: tuple[tuple[str, ...], ...]
    keyword: tuple[str, ...]
    suffixes: SuffixRules

    def classify(self, text: str) -> AnchorClass:
        """Give the class of an anchor; without a keyword none is exact or partial."""
        text = text.strip()
        if not text:
            return "empty-image"
        if self._is_address(text):
            return "naked-url"
        words = words_of(text)
        if any(_has_name(words, name) for name in self.names):
            return "brand"
        if self.keyword and words == self.keyword:
            return "exact"
        if self.keyword and _has_most(words, self.keyword):
            return "partial"
        return "generic" if words in _generic() else "other"

    def _is_address(self, text: str) -> bool:
        if _ADDRESS.match(text):
            return True
        host = host_of(text) if _BARE_ADDRESS.fullmatch(text) else None
        known = host and host.rpartition(".")[2] in self.suffixes.rules
        return bool(host and (known or self.suffixes.domain(host) == self.domain))

    def count_domains(self, texts: Sequence[tuple[str, str]]) -> Mapping[AnchorClass, int]:
        """Count the domains that have an anchor of a class, from domains and their distinct texts.

        A domain counts in each class that it has an anchor of.
        """
        known = {text: self.classify(text) for text in {text for _, text in texts}}
        counts = Counter(name for _, name in {(domain, known[text]) for domain, text in texts})
        return {name: counts[name] for name in CLASSES}


def read_anchors(
    domain: str, suffixes: SuffixRules, *, keyword: str | None, brands: Sequence[str] = ()
) -> AnchorReader:
    """Make the reader for links to a site; its name and `brands` are what it is called."""
    names = (site_name(domain), *brands)
    known = tuple(dict.fromkeys(words for name in names if name and (words := words_of(name))))
    return AnchorReader(domain, known, words_of(keyword or ""), suffixes)


def site_name(domain: str) -> str | None:
    """Give a registrable domain without its suffix, None for an address of numbers.

    >>> site_name("deskwise.co.uk"), site_name("192.0.2.1")
    ('deskwise', None)
    """
    label = domain.partition(".")[0]
    if label.startswith("xn--"):
        return label.removeprefix("xn--").encode().decode("punycode", "replace")
    return None if label.startswith("[") or label.isdigit() else label


def words_of(text: str) -> tuple[str, ...]:
    """Take a text apart into its words, without regard to case and punctuation.

    >>> words_of("Best Standing-Desk!")
    ('best', 'standing', 'desk')
    """
    return tuple(_WORD.findall(unicodedata.normalize("NFKC", text).casefold()))


def _has_name(words: tuple[str, ...], name: tuple[str, ...]) -> bool:
    joined = "".join(name)
    if len(joined) >= _LONG_NAME:
        return joined in "".join(words)
    size = len(name)
    return any(words[start : start + size] == name for start in range(len(words) - size + 1))


def _has_most(words: tuple[str, ...], keyword: tuple[str, ...]) -> bool:
    missing = len(set(keyword) - set(words))
    return missing == 0 or (missing == 1 and len(set(keyword)) >= _LONG_KEYWORD)


@cache
def _generic() -> frozenset[tuple[str, ...]]:
    return frozenset(map(words_of, data.load("anchors")["generic"]["texts"]))


class Profiled(NamedTuple):
    """A list with what its anchors are read by.

    `tells_lost` and `tells_many` say whether its files tell which links are lost, and how many
    links a domain has, `tells_dates` whether dates of links are those of domains.
    """

    facts: ListFacts
    reader: AnchorReader
    tells_lost: bool = True
    tells_many: bool = True
    tells_dates: bool = True

    @property
    def lives(self) -> Sequence[DomainLife]:
        """How many domains were new and lost when; none where the list cannot tell."""
        return self.facts.lives if self.tells_dates else ()


class Bands(NamedTuple):
    """A score that is put into bands: whose it is, and the names of all bands."""

    vendor: str | None
    names: Sequence[str]


def choose_vendor(facts: ListFacts, group: str) -> str | None:
    """Choose the vendor whose scores most domains have: scores of two do not compare."""
    found = facts.banded[group]
    return min(found, key=lambda vendor: (-sum(found[vendor].values()), vendor), default=None)


def find_shares(
    own: Profiled, rivals: Sequence[Profiled], bands: Mapping[str, Bands], most_outbound: int
) -> dict[str, dict[str, Share]]:
    """Give every share of the own list beside those of the rivals' lists.

    A group is empty where the own list does not tell anything of it.
    """
    groups = _groups(own, bands, most_outbound)
    others = [_groups(rival, bands, most_outbound) for rival in rivals]
    return {
        group: {
            name: _share(tally, [_of_rival(other[group], name) for other in others])
            for name, tally in tallies.items()
        }
        for group, tallies in groups.items()
    }


def _groups(own: Profiled, bands: Mapping[str, Bands], most_outbound: int) -> dict[str, Tallies]:
    facts = own.facts
    followed = facts.marks["followed"]
    many = Tally(len(facts.many_links), facts.domains if own.tells_many else 0)
    return {
        "rel": {
            "followed": followed,
            "nofollow": Tally(followed.known - followed.having, followed.known),
            "ugc": facts.marks["ugc"],
            "sponsored": facts.marks["sponsored"],
        },
        "spam": {"spam": facts.marks["spam"]},
        "anchors": _anchors(own),
        "kinds": _most_first(facts.named["kinds"]),
        **{group: _in_bands(facts, group, found) for group, found in bands.items()},
        "languages": _most_first(facts.named["languages"]),
        "many_links": {f"{MANY_LINKS}+ links": many},
        "outbound": {f"over {most_outbound} links": facts.outbound},
    }


def _anchors(profiled: Profiled) -> Tallies:
    texts, reader = profiled.facts.texts, profiled.reader
    known = len({domain for domain, _ in texts})
    counts = reader.count_domains(texts)
    unknown = () if reader.keyword else ("exact", "partial")
    return {name: Tally(counts[name], 0 if name in unknown else known) for name in CLASSES}


def _most_first(tallies: Tallies) -> Tallies:
    return dict(sorted(tallies.items(), key=lambda item: (-item[1].having, item[0])))


def _in_bands(facts: ListFacts, group: str, bands: Bands) -> Tallies:
    counts = facts.banded[group].get(bands.vendor or "", {})
    known = sum(counts.values())
    return {name: Tally(counts.get(name, 0), known) for name in bands.names} if known else {}


def _of_rival(tallies: Tallies, name: str) -> Tally:
    """Give a rival's tally; a name that none of its domains has is known to be of none."""
    known = max((tally.known for tally in tallies.values()), default=0)
    return tallies.get(name, Tally(0, known))


def _share(tally: Tally, rivals: Sequence[Tally]) -> Share:
    shares = [rival.having / rival.known for rival in rivals if rival.known]
    beside = Rivals(len(shares), median(shares), max(shares)) if shares else None
    if not tally.known:
        return Share(None, 0, None, beside)
    return Share(tally.having, tally.known, tally.having / tally.known, beside)


# --- by month ------------------------------------------------------------------------------------


def find_history(
    own: Profiled, rivals: Sequence[Profiled], last_month: str | None
) -> History | None:
    """Give the new and lost domains by month, up to the last month of the list's data."""
    new, lost = _by_month(own, 0), _by_month(own, 1)
    if not new:
        return None
    others = [rival for rival in rivals if _by_month(rival, 0)]
    gains = [_by_month(rival, 0) for rival in others]
    losses = [_by_month(rival, 1) for rival in others if rival.tells_lost]
    months = _months_between(min([*new, *lost]), max([*new, *lost, last_month or ""]))
    return History(
        months=tuple(
            MonthlyDomains(
                month,
                new.get(month, 0),
                lost.get(month, 0) if own.tells_lost else None,
                median([gain.get(month, 0) for gain in gains]) if gains else None,
                median([loss.get(month, 0) for loss in losses]) if losses else None,
            )
            for month in months
        ),
        median_new=median([new.get(month, 0) for month in months]),
        undated_new=sum(count for first, _, _, count in own.lives if first is None),
        undated_lost=sum(count for _, is_lost, day, count in own.lives if is_lost and day is None)
        if own.tells_lost
        else None,
    )


def _by_month(profiled: Profiled, which: int) -> Counter[str]:
    """Count domains by the month in which they were new (0) or lost (1)."""
    found: Counter[str] = Counter()
    for first, _, lost, count in profiled.lives:
        if month := (first, lost)[which]:
            found[month] += count
    return found


def _months_between(first: str, last: str) -> list[str]:
    start, end = (int(month[:4]) * YEAR + int(month[5:]) - 1 for month in (first, last))
    return [name_month(place) for place in range(start, end + 1)]


# --- what stands out -----------------------------------------------------------------------------


def find_outstanding(
    shares: Mapping[str, Mapping[str, Share]], history: History | None
) -> Iterator[Finding]:
    """Say what stands out, each with its figure and threshold; no claim of a penalty is made."""
    yield from _exact_anchors(shares["anchors"].get("exact"))
    yield from _spam(shares["spam"]["spam"])
    if history is not None:
        yield from _spikes(history)


def _exact_anchors(own: Share | None) -> Iterator[Finding]:
    rivals = own.rivals if own else None
    if not own or not own.share or not rivals:
        return
    enough = rivals.n >= _FEWEST_RIVALS and own.known >= _FEWEST_DOMAINS
    if enough and own.share > rivals.most and own.share >= 2 * rivals.median:
        yield Finding(
            "exact-anchors",
            own.share,
            max(rivals.most, 2 * rivals.median),
            f"{_of(own)} the keyword itself as anchor. {_beside(rivals)}. Shown "
            "because the own share is above the largest and at least twice the median.",
            _THRESHOLD,
        )


def _spam(own: Share) -> Iterator[Finding]:
    if own.share and own.rivals is not None and own.share >= 2 * own.rivals.median:
        yield Finding(
            "spam",
            own.share,
            2 * own.rivals.median,
            f"{_of(own)} a link that the vendor flags as spam. {_beside(own.rivals)}. Shown "
            "because the own share is at least twice the median.",
            _THRESHOLD,
        )


def _spikes(history: History) -> Iterator[Finding]:
    threshold = max(_SPIKE * history.median_new, _SPIKE)
    found = [month for month in history.months if month.new >= threshold]
    if not found:
        return
    most = max(found, key=lambda month: (month.new, month.month))
    others = [month.month for month in found if month is not most]
    reach = "reaches" if len(others) == 1 else "reach"
    also = f" {', '.join(others)} {reach} the threshold too." if others else ""
    yield Finding(
        "spike",
        most.new,
        threshold,
        f"{most.new:,} domains were new in {most.month}; the median month has {history.median_new:g}. "
        f"Shown because that is at least {_SPIKE} times the median, and at least {_SPIKE} domains.{also}",
        _THRESHOLD,
    )


def _of(own: Share) -> str:
    have = "has" if own.count == 1 else "have"
    return f"{own.count:,} of {own.known:,} domains ({own.share or 0:.0%}) {have}"


def _beside(rivals: Rivals) -> str:
    if rivals.n == 1:
        return f"In the one list compared, the share is {rivals.median:.0%}"
    return (
        f"In the {rivals.n} lists compared, the median share is {rivals.median:.0%} and the largest "
        f"{rivals.most:.0%}"
    )
