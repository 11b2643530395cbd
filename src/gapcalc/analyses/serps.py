"""Which of several SERPs of one keyword counts? Two are never mixed."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from gapcalc.errors import InputError
from gapcalc.results.shared import Caution
from gapcalc.rows import SerpRow
from gapcalc.text import vendor_name


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
