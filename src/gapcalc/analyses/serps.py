"""Which of several SERPs of one keyword counts? Which difficulty score, and does the SERP agree?"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from gapcalc.analyses.question import Question
from gapcalc.errors import InputError
from gapcalc.results.gap import KdBenchmark
from gapcalc.results.shared import Caution, Number
from gapcalc.rows import KeywordRow, SerpRow
from gapcalc.scale import Scale, rd_for_kd
from gapcalc.stats import whole
from gapcalc.text import show, vendor_name
from gapcalc.words import SAME_COUNTRIES

_DIFFERS = 2
_WORTH_SAYING = 10


class ChosenSerp(NamedTuple):
    """The rows of the SERP that counts, those of other vendors' SERPs, and what was done."""

    rows: tuple[SerpRow, ...]
    others: tuple[SerpRow, ...]
    cautions: tuple[Caution, ...]


class _Seen(NamedTuple):
    """One SERP: what one input shows of one day."""

    name: str
    vendor: str | None
    day: str | None
    rows: tuple[SerpRow, ...]


def choose_serp(rows: Sequence[SerpRow], names: Mapping[int, str]) -> ChosenSerp:
    """Choose among the rows of one keyword and country; `names` are the inputs' names by number.

    Of one vendor's SERPs the newest counts; of several vendors' the first given, and the others
    give totals only. Raises InputError where nothing tells which one is newer.
    """
    newest: dict[str | None, _Seen] = {}
    cautions: list[Caution] = []
    for seen in _split(rows, names):
        known = newest.get(seen.vendor)
        if known is None:
            newest[seen.vendor] = seen
        elif _content(known.rows) != _content(seen.rows):
            older, newer = _by_age(known, seen)
            newest[seen.vendor] = newer
            cautions.append(_older(older, newer))
    first, *others = newest.values() or [_Seen("", None, None, ())]
    cautions += [_further(seen, first) for seen in others]
    further = tuple(row for seen in others for row in seen.rows)
    return ChosenSerp(first.rows, further, tuple(cautions))


def _split(rows: Sequence[SerpRow], names: Mapping[int, str]) -> list[_Seen]:
    """Give the SERPs in the rows, in the order of the inputs, and of one input by day."""
    groups: dict[tuple[int, str | None, str | None], list[SerpRow]] = {}
    vendors, days = _only(rows, "vendor"), _only(rows, "day")
    for row in sorted(rows, key=lambda row: (row.input, row.day or "", row.line)):
        vendor, day = row.vendor or vendors[row.input], row.day or days[row.input]
        groups.setdefault((row.input, vendor, day), []).append(row)
    found = [
        _Seen(names.get(number, ""), vendor, day, tuple(rows))
        for (number, vendor, day), rows in groups.items()
    ]
    for seen in found:
        _refuse_two_in_one(seen)
    return found


def _only(rows: Sequence[SerpRow], field: str) -> dict[int, str | None]:
    """Give what the rows of each input say, as far as they agree; rows that say nothing go along."""
    said: dict[int, set[str]] = {row.input: set() for row in rows}
    for row in rows:
        if value := getattr(row, field):
            said[row.input].add(value)
    return {number: min(values) if len(values) == 1 else None for number, values in said.items()}


def _refuse_two_in_one(seen: _Seen) -> None:
    """Refuse rows of which two stand at one position: they are of two SERPs.

    One page there with two counts is two SERPs as well, such as those of two devices.
    """
    taken: dict[tuple[int | None, str], SerpRow] = {}
    for row in seen.rows:
        first = taken.setdefault((row.position, (row.kind or "").casefold()), row)
        if row.organic and (first.page != row.page or _differ(first, row)):
            raise InputError(
                seen.name,
                f"lines {first.line} and {row.line} both have position {row.position} for "
                f"{_keyword_of(row)}, so two SERPs are mixed in it, and no dates tell them apart",
                "Give each SERP in a file of its own, and only one of a keyword",
            )


def _differ(one: SerpRow, two: SerpRow) -> bool:
    counts = {one.referring_domains, two.referring_domains}
    return len(counts - {None}) > 1


def _keyword_of(row: SerpRow) -> str:
    return "the keyword" if row.keyword is None else f"{row.keyword!r}"


def _content(rows: Sequence[SerpRow]) -> list[SerpRow]:
    return sorted((row._replace(input=0, line=0) for row in rows), key=repr)


def _by_age(one: _Seen, two: _Seen) -> tuple[_Seen, _Seen]:
    if one.day is None or two.day is None or one.day == two.day:
        raise InputError(
            two.name,
            f"it has another SERP of {_keyword_of(two.rows[0])} than {one.name} has, and no dates tell "
            "which one is newer",
            "Give one of them only",
        )
    return (one, two) if one.day < two.day else (two, one)


def _older(older: _Seen, newer: _Seen) -> Caution:
    return Caution(
        "older-serp",
        f"{older.name} has an older SERP of this keyword ({older.day}); it is not used, and that of "
        f"{newer.day} in {newer.name} is.",
    )


def _further(seen: _Seen, first: _Seen) -> Caution:
    whose = "a vendor unnamed" if seen.vendor is None else vendor_name(seen.vendor)
    return Caution(
        "serp-of-another-vendor",
        f"{seen.name} has the SERP of {whose} too: the one in {first.name}, given first, is used, "
        "and the other gives totals only.",
    )


def find_kd(
    rows: Sequence[SerpRow], listed: Sequence[KeywordRow], question: Question
) -> tuple[Number | None, list[Caution]]:
    """Give the Ahrefs KD of a keyword: of the SERP, else of a list of keywords, else as given.

    The cautions name a score that was not used, and why.
    """
    scores = {(r.kd_vendor or "", r.kd) for r in rows if r.kd is not None}
    more = {(r.kd_vendor, r.kd) for r in listed}
    cautions = [
        Caution(
            "kd-of-another-vendor",
            f"The {vendor_name(vendor)} difficulty in the input is not Ahrefs KD and does not fit "
            "the Ahrefs scale, so it is not used.",
        )
        for vendor in sorted({vendor for vendor, _ in scores | more if not _is_ahrefs(vendor)})
    ]
    ahrefs = _of_ahrefs(scores) or _of_ahrefs(more)
    unused = [score for score in _of_ahrefs(more) if score not in ahrefs]
    if unused:
        said = f"A list of keywords says KD {unused[-1]:g}; the SERP's own KD is used."
        cautions.append(Caution("kd-differs", said))
    if len(ahrefs) > 1:
        shown = " and ".join(f"{score:g}" for score in ahrefs)
        said = f"The input gives KD {shown} for this keyword; the highest is used."
        cautions.append(Caution("kd-differs", said))
    if not ahrefs:
        return None if question.kd is None else whole(question.kd), cautions
    if question.kd is not None and question.kd != ahrefs[-1]:
        said = f"--kd {question.kd:g} is not used: the export says KD {ahrefs[-1]:g}."
        cautions.append(Caution("kd-not-used", said))
    return whole(ahrefs[-1]), cautions


def by_country(
    rows: Sequence[KeywordRow], country: str | None
) -> tuple[list[KeywordRow], list[KeywordRow]]:
    """Part difficulties into those that fit a SERP of a country, and those of another or of none.

    One that is not Ahrefs' is never used, so its country does not matter.
    """
    parts: tuple[list[KeywordRow], list[KeywordRow]] = ([], [])
    for row in rows:
        is_foreign = _is_ahrefs(row.kd_vendor) and _code(row.country) != _code(country)
        parts[bool(country) and is_foreign].append(row)
    return parts


def _code(country: str | None) -> str:
    code = (country or "").strip().casefold()
    return SAME_COUNTRIES.get(code, code)


def of_other_countries(
    rows: Sequence[KeywordRow], country: str | None, names: Mapping[int, str]
) -> Iterator[Caution]:
    """Name the difficulties that are not used, because they are not of the SERP's country."""
    for row in dict.fromkeys(row._replace(line=0) for row in rows):
        whose = f"of {row.country}" if row.country else "of no country that it names"
        yield Caution(
            "kd-of-another-country",
            f"KD {row.kd:g} in {names.get(row.input, 'the input')} is {whose}, and this SERP is of "
            f"{country}, so it is not used.",
        )


def _is_ahrefs(vendor: str) -> bool:
    return vendor.casefold() == "ahrefs"


def _of_ahrefs(scores: Iterable[tuple[str, float]]) -> list[float]:
    return sorted({score for vendor, score in scores if _is_ahrefs(vendor)})


def read_scale(kd: Number, scale: Scale) -> KdBenchmark:
    """Give what the scale says for a KD (docs/method.md, KD benchmark)."""
    found = rd_for_kd(kd, scale)
    return KdBenchmark(
        kd=kd,
        rd=found.rd,
        low=found.low,
        high=found.high,
        scale=f"{scale.vendor.capitalize()} {scale.date}",
        source=scale.source,
        extrapolated=found.extrapolated,
        over=found.over,
    )


def disagreement(benchmark: KdBenchmark | None, raw_median: Number | None) -> Iterator[Caution]:
    """Say so when the scale and the raw median differ by more than a factor of two."""
    if benchmark is None or raw_median is None:
        return
    low, high = sorted((benchmark.rd, raw_median))
    if high >= _WORTH_SAYING and high > _DIFFERS * low:
        over = benchmark.over
        amount = f"about {show(benchmark.rd)}" if over is None else f"over {show(over)}"
        yield Caution(
            "kd-and-serp-differ",
            f"KD {benchmark.kd:g} stands for {amount} referring domains, but the raw median of this SERP "
            f"is {show(raw_median)}. Trust the SERP: KD is an average over a skewed top ten.",
        )
