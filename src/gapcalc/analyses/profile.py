"""What is the profile of a link list, beside those of comparable pages, and what stands out?"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from gapcalc.analyses.anchors import CLASSES, AnchorReader
from gapcalc.analyses.plan import name_month
from gapcalc.linkfacts import DomainLife, ListFacts, Tally
from gapcalc.results.audit import Finding, History, MonthlyDomains, Rivals, Share
from gapcalc.stats import YEAR, median

MANY_LINKS = 100
_SPIKE = 10
_FEWEST_RIVALS, _FEWEST_DOMAINS = 3, 20
_THRESHOLD = (
    "docs/audit.md, What stands out; the thresholds are gapcalc's, no search engine has any"
)
Tallies = Mapping[str, Tally]


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
