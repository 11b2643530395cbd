"""What a cell can hold: a closed list of types, each with a Python parser and its SQL twin.

A cell is unknown (None, NULL) when it is empty or holds a vendor's mark for "not known". It is bad
(ValueError, `bad` is true) when it holds something that its type does not allow.
"""

import re
from collections.abc import Callable, Collection
from datetime import date
from typing import NamedTuple

from gapcalc.formats import dates, numbers

Value = str | int | float | bool | date | None

_NO_VALUE = ("n/a", "N/A", "#N/A", "n.a.", "NA", "<NA>", "NaN", "nan", "NaT")
_NULL = ("null", "NULL", "(null)", "None", "\\N")
UNKNOWN = ("", "-", "--", "--%", "-1", "—", *_NO_VALUE, *_NULL)
"""Marks for "not known" of vendors, spreadsheets, R, pandas and databases; never zero."""
_NEITHER = tuple(mark for mark in UNKNOWN if mark != "-1")
"""Such marks instead of a flag, where Access writes -1 for true."""

_BLANKS = " \u00a0\u202f"
"""Blanks that may surround a cell: the space and no-break spaces."""
_TRUE = ("true", "1", "yes", "1.0", "t", "y")
_FALSE = ("false", "0", "no", "0.0", "f", "n")
_TRUE_WORDS = (
    "oui ja sí si sì sim tak wahr vrai verdadero vero verdadeiro cert egia waar sant sand sann satt "
    "tosi prawda pravda igaz adevărat doğru αληθες αληθεσ αληθές αληθέσ αληθης αληθησ αληθής αληθήσ "
    "истина істина ісціна вярно тачно точно tačno točno istina resnica tiesa patiess tõene 真 참 אמת "
    "صحيح จริง đúng benar सत्य"
)
_FALSE_WORDS = (
    "falsch faux falso fals faltsua gezurra onwaar falskt falsk usann ósatt epätosi fałsz nepravda "
    "hamis yanl\u0131ş yanliş ψευδες ψευδεσ ψευδές ψευδέσ ψευδης ψευδησ ψευδής ψευδήσ ложь хибність "
    "хлусня лъжа невярно нетачно неточно netačno netočno laž neresnica melas aplams väär 假 偽 거짓 "
    "שקר خطأ เท็จ sai salah असत्य non nein nej nee não nie"
)
_TRUE_ABROAD, _FALSE_ABROAD = tuple(_TRUE_WORDS.split()), tuple(_FALSE_WORDS.split())
"""Words of other languages. Python and the engine lower a Turkish I and a Greek sigma differently."""


class Plain(NamedTuple):
    """Which cells a cast can read: an RE2 pattern, or cheaper SQL on a cell and its cast."""

    pattern: str | None = None
    condition: Callable[[str, str], str] = "({} is null)".format


class Cell(NamedTuple):
    """A cell type: how Python reads it, and the SQL expression that reads it the same way.

    `sql` takes an SQL expression of type VARCHAR and gives one that is NULL where the cell is
    unknown or bad. Where `plain` holds, as it does for most cells, the cheaper `cast` gives the
    same value. Types without `plain` accept every cell.

    Some cells can be read in several ways, such as 12.000 and 05/06/2026. `ways` are the types for
    each way, by name. `clues` are RE2 patterns of cells that can be read in one way only: so other
    cells of the column or the file show which way is right.
    """

    name: str
    parse: Callable[[str], Value]
    sql: Callable[[str], str]
    plain: Plain | None = None
    cast: Callable[[str], str] = str
    ways: "tuple[tuple[str, Cell], ...]" = ()
    clues: tuple[tuple[str, str], ...] = ()
    unknown: tuple[str, ...] = UNKNOWN

    def clues_in(self, texts: Collection[str]) -> set[str]:
        """Give the ways that the cells of a column show."""
        # Plain counts are the same in every way, and dates that begin with the year in every way
        # but one; a pattern takes long to compile.
        cells = {cell for cell in map(trim, texts) if not cell.isdecimal()} if self.clues else set()
        others = {cell for cell in cells if not (cell[:4].isdecimal() and cell[4:5] == "-")}
        return {
            clue
            for clue, pattern in self.clues
            if any(re.fullmatch(pattern, cell) for cell in (cells if clue == "typed" else others))
        }

    def clues_sql(self, column: str) -> str:
        """Give the SQL aggregate that lists the ways the cells of a column show."""
        found = [
            f"case when bool_or(regexp_full_match({_trimmed(column)}, {numbers.quoted(pattern)})) "
            f"then '{clue}' end"
            for clue, pattern in self.clues
        ]
        return f"[{', '.join(found)}]"

    def filled(self, column: str) -> str:
        """Give the SQL condition that a cell holds something other than a mark for "not known"."""
        return f"coalesce({_trimmed(column)}, '') not in {_in(self.unknown)}"

    def read_as(self, own: Collection[str], file: Collection[str]) -> "Cell":
        """Give the type for a column by its own clues; if they do not tell, by the file's clues."""
        for clues in (own, file):
            ways = [cell for way, cell in self.ways if way in clues]
            if ways:
                return ways[0] if len(ways) == 1 else self
        return self

    @property
    def fails(self) -> bool:
        """Say whether a cell of this type can be bad."""
        return self.plain is not None

    def bad(self, column: str) -> str:
        """Give the SQL condition that a cell is bad."""
        is_unread = (
            f"({self.sql(column)}) is null and {_trimmed(column)} not in {_in(self.unknown)}"
        )
        return f"({column} is not null and {is_unread})"

    def is_bad(self, text: str) -> bool:
        """Say whether a cell is bad."""
        try:
            self.parse(text)
        except ValueError:
            return True
        return False


def _trimmed(column: str) -> str:
    return f"trim({column}, '{_BLANKS}')"


def trim(cell: str) -> str:
    """Strip the blanks around a cell."""
    return cell.strip(_BLANKS)


def _unless_unknown(
    parse: Callable[[str], Value], unknown: tuple[str, ...] = UNKNOWN
) -> Callable[[str], Value]:
    def parse_cell(cell: str) -> Value:
        cell = trim(cell)
        return None if cell in unknown else parse(cell)

    return parse_cell


def _up_to(name: str, most: int, plain: str) -> Cell:
    """Make the type of a score from 0 to `most`; `plain` is the pattern of most of its cells."""
    return Cell(
        name,
        _unless_unknown(lambda cell: numbers.score(cell, most)),
        lambda column: numbers.score_sql(_trimmed(column), most),
        plain=Plain(pattern=plain),
        cast=lambda column: f"nullif(try_cast({column} as double), -1)",
    )


def _in(words: tuple[str, ...]) -> str:
    return f"({', '.join(map(numbers.quoted, words))})"


def _either(
    name: str,
    true: tuple[str, ...],
    false: tuple[str, ...],
    clues: tuple[tuple[str, str], ...] = (),
) -> Cell:
    """Make the type of a cell with words for yes and no; the first two of each are the usual."""

    def parse(cell: str) -> bool:
        lowered = cell.lower()
        if lowered in true or lowered in false:
            return lowered in true
        raise numbers.bad_cell(cell, f"{true[0]} or {false[0]}")

    def sql(column: str) -> str:
        cell = f"lower({_trimmed(column)})"
        return (
            f"case when {cell} in {_in(true)} then true when {cell} in {_in(false)} then false end"
        )

    usual = " ".join(
        f"when '{word}' then {says}"
        for says, words in (("true", true), ("false", false))
        for word in dict.fromkeys((words[0], words[0].upper(), *words[1:2]))
    )
    return Cell(
        name,
        _unless_unknown(parse, _NEITHER),
        sql,
        plain=Plain(condition="({0} is null or {1} is not null)".format),
        cast=lambda column: f"case {column} {usual} end",
        clues=clues,
        unknown=_NEITHER,
    )


def _dated(name: str, order: dates.Order, plain: Plain, cast: Callable[[str], str]) -> Cell:
    """Make the type of a date; `order` is assumed for cells that do not show their order."""

    def strict(order: dates.Order) -> Cell:
        return Cell(
            name,
            _unless_unknown(lambda cell: dates.parse(cell, order)),
            lambda column: dates.sql(_trimmed(column), order),
            plain=plain,
            cast=cast,
        )

    clues = tuple(c for c in dates.CLUES if c[0] != "typed" or order == "day first")
    ways: tuple[dates.Order, ...] = (*(way for way, _ in clues), "inferred")
    return strict(order)._replace(ways=tuple((way, strict(way)) for way in ways), clues=clues)


def _rel(token: str, written: str) -> Cell:
    # Vendors and people separate the words by various signs, or write a JSON list.
    pattern = f"(^|[^a-z-]){written}([^a-z-]|$)"
    return Cell(
        f"rel={token}",
        lambda cell: bool(re.search(pattern.replace("$)", r"\Z)"), cell.lower())),
        lambda column: f"regexp_matches(lower(coalesce({column}, '')), '{pattern}')",
    )


_PLAIN_COUNT = Plain(
    condition=(
        "case when {1} is null then coalesce({0}, '') = '' "
        f"else {{1}} between 0 and {10**18 - 1} and {{1}}::varchar = {{0}} end"
    ).format
)
_PLAIN_DATE = Plain(pattern=dates.PLAIN)

TEXT = Cell("text", lambda cell: cell or None, lambda column: f"nullif({column}, '')")
URL = Cell("URL", TEXT.parse, TEXT.sql)


def _counted(written: numbers.WholeNumbers) -> Cell:
    return Cell(
        "count",
        _unless_unknown(lambda cell: numbers.count(cell, written)),
        lambda column: numbers.count_sql(_trimmed(column), written),
        plain=_PLAIN_COUNT,
        cast=lambda column: f"try_cast({column} as bigint)",
    )


COUNT = _counted(numbers.EITHER)._replace(
    ways=(("point", _counted(numbers.POINT)), ("comma", _counted(numbers.COMMA))),
    clues=(("point", numbers.decimals("[.]")), ("comma", numbers.decimals("[,]"))),
)
SCORE = _up_to("score", 100, "([0-9]{1,2}([.][0-9]{1,12})?|100|-1)?")._replace(
    clues=(("comma", "[0-9]+,[0-9]+"),)
)
RANK = _up_to("rank", 1000, "([0-9]{1,3}([.][0-9]{1,2})?|1000)?")
_YES, _NO = (*_TRUE, *_TRUE_ABROAD), (*_FALSE, *_FALSE_ABROAD)
_ABROAD = (("abroad", f"(?i){'|'.join((*_TRUE_ABROAD, *_FALSE_ABROAD))}"),)
FLAG = _either("flag", _YES, _NO, _ABROAD)
UNSET = _either("flag, true when false", _NO, _YES, _ABROAD)
FOLLOW = _either("follow or nofollow", ("nofollow",), ("follow",))
GONE = _either("state of a link", ("deleted", "lost"), ("active",))
DATE = _dated(
    "date", "either", _PLAIN_DATE, lambda column: f"try_cast(substr({column}, 1, 10) as date)"
)
DAY_FIRST = _dated(
    "date, day first",
    "day first",
    Plain(pattern=dates.PLAIN_DAY_FIRST),
    lambda column: (
        f"try_cast(concat(substr({column}, 7, 4), '-', substr({column}, 4, 2), '-', "
        f"substr({column}, 1, 2)) as date)"
    ),
)

_GONE_OR_NOT = _either(
    "state", (*_YES, "gone", "lost", "deleted", "removed"), (*_NO, "live", "active")
)


def _dated_or(flag: Cell) -> Cell:
    """Make the type of a date, true when there is one, in whose place a flag may stand."""

    def parse(cell: str) -> bool:
        if re.fullmatch(dates.ZERO, cell):
            return False
        is_day = not re.fullmatch(dates.NEVER, cell)
        if is_day and re.fullmatch(dates.SOME, cell):
            return True
        if not is_day or flag.is_bad(cell):
            raise numbers.bad_cell(cell, dates.A_DATE)
        return bool(flag.parse(cell))

    def sql(column: str) -> str:
        cell = _trimmed(column)
        return (
            f"case when regexp_full_match({cell}, '{dates.ZERO}') then false "
            f"when regexp_full_match({cell}, '{dates.NEVER}') then null "
            f"when regexp_full_match({cell}, '{dates.SOME}') then true else {flag.sql(column)} end"
        )

    return Cell(
        "date, true when there is one",
        _unless_unknown(parse, _NEITHER),
        sql,
        plain=_PLAIN_DATE,
        cast=lambda column: f"case when {column} not in ('', '--') then true end",
        clues=dates.CLUES,
        unknown=_NEITHER,
    )


DATED = _dated_or(_GONE_OR_NOT)
"""A date in any form or none: 5 Mar 2026 and a serial number are dates, 0000-00-00 is none."""
LOST = DATED._replace(
    name="date of loss",
    parse=lambda cell: bool(DATED.parse(cell)),
    sql=lambda column: f"case when {DATED.filled(column)} then {DATED.sql(column)} else false end",
    cast=lambda column: f"coalesce({column} not in ('', '--'), false)",
)
_DATED_OR_FLAG = _dated_or(FLAG)
LOST_FLAG = FLAG._replace(
    parse=_DATED_OR_FLAG.parse, sql=_DATED_OR_FLAG.sql, clues=(*FLAG.clues, *dates.CLUES)
)
"""A flag in whose place a date may stand."""


def _none_left(counted: Cell) -> Cell:
    return Cell(
        "count, true when 0",
        lambda cell: None if (count := counted.parse(cell)) is None else count == 0,
        lambda column: f"({counted.sql(column)}) = 0",
        plain=Plain(pattern="[0-9]{0,18}"),
        cast=lambda column: f"try_cast({column} as bigint) = 0",
    )


NONE_LEFT = _none_left(COUNT)._replace(
    ways=tuple((way, _none_left(counted)) for way, counted in COUNT.ways), clues=COUNT.clues
)
_redirect = "case ({}) when true then 'redirect' when false then 'link' end".format
REDIRECT = Cell(
    "flag, a redirect when true",
    lambda cell: None if (flag := FLAG.parse(cell)) is None else "redirect" if flag else "link",
    lambda column: _redirect(FLAG.sql(column)),
    plain=FLAG.plain,
    cast=lambda column: _redirect(FLAG.cast(column)),
    clues=FLAG.clues,
    unknown=FLAG.unknown,
)
NOFOLLOW, UGC, SPONSORED = (
    _rel("nofollow", "no[- ]?follow"),
    _rel("ugc", "ugc"),
    _rel("sponsored", "sponsored"),
)
