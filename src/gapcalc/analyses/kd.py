"""What does the keyword's difficulty score say, and does the SERP agree with it?"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from gapcalc.analyses.question import Question
from gapcalc.results.gap import KdBenchmark
from gapcalc.results.shared import Caution, Number
from gapcalc.rows import KeywordRow, SerpRow
from gapcalc.scale import Scale, rd_for_kd
from gapcalc.stats import whole
from gapcalc.text import show, vendor_name
from gapcalc.words import SAME_COUNTRIES

_DIFFERS = 2
_WORTH_SAYING = 10


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
