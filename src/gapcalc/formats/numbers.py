"""How numbers are written in exports: each way as a pattern, read by Python and by SQL alike."""

import re
from typing import NamedTuple

_BLANK, _APOSTROPHE = "[ \u00a0\u202f\u2009]", "['\u2019]"
_DECIMAL = r"[0-9]{1,15}([.,][0-9]{1,24})?"
_POWER = "[1-9]([.,][0-9]{1,2})?[eE][+]0[2-4]|[1-9]([.,][0-9]{1,5})?[eE][+](0[5-9]|1[0-5])"
"""A whole number as programs and spreadsheets shorten it: 1e+05, 1.25E+12."""
_THOUSAND = 1000
_POWERS = {
    **dict.fromkeys(("k", "tsd.", "tsd", "tys.", "tys", "тыс.", "тыс"), 1_000),
    **dict.fromkeys(("m", "mio.", "mio", "mln.", "mln", "млн.", "млн"), 1_000_000),
    **dict.fromkeys(("b", "bn", "mrd.", "mrd", "mld.", "mld", "млрд.", "млрд"), 1_000_000_000),
}


def bad_cell(cell: str, wanted: str) -> ValueError:
    """Make the error for a cell that its type does not allow."""
    return ValueError(f"{wanted} expected, found {cell[:40]!r}")


def quoted(text: str) -> str:
    """Write a text in SQL."""
    return "'" + text.replace("'", "''") + "'"


def _groups(mark: str) -> str:
    """Write the pattern of grouped whole numbers (Indian ones too) if `mark` marks no decimals."""
    kinds = [
        f"[1-9][0-9]{{0,2}}({between}[0-9]{{3}}){{1,5}}"
        for between in ("[.]", "[,]", _BLANK, _APOSTROPHE)
        if between != mark
    ]
    indian = [] if mark == "[,]" else ["[1-9][0-9]?(,[0-9]{2}){1,5},[0-9]{3}"]
    return f"({'|'.join([*kinds, *indian])})"


class WholeNumbers(NamedTuple):
    """How whole numbers are written: in groups, with zeros as decimals, rounded with a letter."""

    grouped: str
    zeros: str
    rounded: str


def _whole(mark: str) -> WholeNumbers:
    """Give how whole numbers are written where decimals begin with `mark`."""
    units = "|".join(map(re.escape, _POWERS))
    return WholeNumbers(
        _groups(mark),
        f"([0-9]{{1,18}}|{_groups(mark)}){mark}0+",
        f"(?i)([0-9]{{1,9}})({mark}[0-9]{{1,3}})?{_BLANK}?({units})",
    )


POINT, COMMA = _whole("[.]"), _whole("[,]")
EITHER = WholeNumbers(
    _groups(""),
    f"({POINT.zeros}|{COMMA.zeros})",
    POINT.rounded.replace("[.][0-9]{1,3}", "[.][0-9]{1,3}|[,][0-9]{1,2}"),
)
"""Where nothing tells, a group of exactly three digits is thousands, as in 12.000."""


def _digits(text: str) -> str:
    return re.sub("[^0-9]", "", text)


def count(cell: str, written: WholeNumbers) -> int:
    """Read a whole number; ValueError if it is none."""
    if re.fullmatch("[0-9]{1,18}", cell):
        return int(cell)
    if re.fullmatch(written.grouped, cell):
        return int(_digits(cell))
    if re.fullmatch(written.zeros, cell):
        return int(_digits(re.sub("[.,]0+$", "", cell)))
    if rounded := re.fullmatch(written.rounded, cell):
        power = _POWERS[rounded[rounded.re.groups].lower()]
        return round(float(rounded[1] + (rounded[2] or "").replace(",", ".")) * power)
    if re.fullmatch(_POWER, cell):
        return round(float(cell.replace(",", ".")))
    raise bad_cell(cell, "a whole number")


def count_sql(cell: str, written: WholeNumbers) -> str:
    """Give the SQL of `count`, for a cell without blanks around it."""
    powers = " ".join(f"when '{unit}' then {power}" for unit, power in _POWERS.items())
    number = f"regexp_extract({cell}, '^[0-9]+([.,][0-9]+)?')"
    unit = f"lower(regexp_extract({cell}, '[^0-9., \u00a0\u202f\u2009][^0-9]*$'))"
    grouped, zeros = quoted(written.grouped), quoted(written.zeros)
    return (
        f"case when regexp_full_match({cell}, '[0-9]{{1,18}}') then try_cast({cell} as bigint) "
        f"when regexp_full_match({cell}, {grouped}) "
        f"then try_cast(regexp_replace({cell}, '[^0-9]', '', 'g') as bigint) "
        f"when regexp_full_match({cell}, {zeros}) then try_cast(regexp_replace("
        f"regexp_replace({cell}, '[.,]0+$', ''), '[^0-9]', '', 'g') as bigint) "
        f"when regexp_full_match({cell}, {quoted(written.rounded)}) "
        f"then try_cast(round(try_cast(replace({number}, ',', '.') as double) "
        f"* case {unit} {powers} end) as bigint) "
        f"when regexp_full_match({cell}, '{_POWER}') "
        f"then try_cast(round(try_cast(replace({cell}, ',', '.') as double)) as bigint) end"
    )


def _either_way(most: int) -> str:
    """Write the pattern of scores that may be a decimal or a thousand: 1.000 if `most` is 1000."""
    return "" if most < _THOUSAND else "1[.,]000"


def score(cell: str, most: int) -> float:
    """Read a decimal from 0 to `most`; ValueError if it is none."""
    cell = cell if re.fullmatch(_DECIMAL, cell) else _as_decimal(cell)
    if re.fullmatch(_DECIMAL, cell) and not re.fullmatch(_either_way(most), cell):
        number = float(cell.replace(",", "."))
        if number <= most:
            return number
    raise bad_cell(cell, f"a score from 0 to {most}")


def score_sql(cell: str, most: int) -> str:
    """Give the SQL of `score`, for a cell without blanks around it."""
    number = f"try_cast(replace({cell}, ',', '.') as double)"
    return (
        f"case when regexp_full_match({cell}, '{_DECIMAL}') "
        f"and not regexp_full_match({cell}, '{_either_way(most)}') "
        f"and {number} <= {most} then {number} {_turned_sql(cell)} end"
    )


def decimals(mark: str) -> str:
    """Write the pattern of numbers that prove `mark` to be the decimal mark."""
    return (
        f"[0-9]+{mark}([0-9]{{1,2}}|[0-9]{{4,}})|(0[0-9]*|[0-9]{{4,}}){mark}[0-9]+"
        f"|{_groups(mark)}{mark}[0-9]+"
    )


_NAMES = (
    ("jan", "янв", "sty", "tammi", "oca", "ian"),
    ("feb", "фев", "lut", "helmi", "şub"),
    ("mrz", "mär", "mar", "мар", "maalis"),
    ("apr", "апр", "kwi", "huhti", "nis"),
    ("mai", "maj", "май", "мая", "touko", "may"),
    ("jun", "июн", "cze", "kesä", "haz", "iun"),
    ("jul", "июл", "lip", "heinä", "tem", "iul"),
    ("aug", "авг", "sie", "elo", "ağu"),
    ("sep", "сен", "wrz", "syys", "eyl"),
)
"""January to September where a point separates day and month; no score has more than one decimal."""

_WIDTH = 1 + max(len(name) for names in _NAMES for name in names)
_MOST = max(map(len, _NAMES))
_TABLE = "".join(
    "".join(f" {name:{_WIDTH}}" for name in (*names, *[""] * (_MOST - len(names))))
    for names in _NAMES
)
"""All names, padded to one length per month, so that a name's place tells its month."""

_OF_A_MONTH = len(_TABLE) // len(_NAMES)
_MIDNIGHT = "( 00?:00(:00)?)?"
_TURNED = (
    (rf"([0-9]{{1,2}})[.] ?0?([1-9])[.] ?[0-9]{{4}}{_MIDNIGHT}", (1, 2)),
    (rf"[0-9]{{4}}-0([1-9])-([0-9]{{2}}){_MIDNIGHT}", (2, 1)),
    (rf"([0-9]{{1,2}})[. -]{{1,2}}({'|'.join(_TABLE.split())})[.]?", (1, 2)),
)
"""Dates that a spreadsheet made from scores such as 4.5, and the places of the 4 and the 5."""


def _as_decimal(cell: str) -> str:
    """Give the number that a spreadsheet turned into a date; return any other cell unchanged.

    >>> _as_decimal("04. Mai"), _as_decimal("4.05.2026"), _as_decimal("2026-05-04 00:00:00")
    ('4.5', '4.5', '4.5')
    """
    for pattern, (whole, tenth) in _TURNED:
        if found := re.fullmatch(pattern, cell.lower()):
            month = found[tenth]
            number = month if month.isdecimal() else _TABLE.find(f" {month} ") // _OF_A_MONTH + 1
            return f"{int(found[whole])}.{number}"
    return cell


def _turned_sql(cell: str) -> str:
    """Give the SQL cases of numbers that a spreadsheet turned into dates."""
    cell = f"lower({cell})"
    cases = []
    for pattern, (whole, tenth) in _TURNED:
        day, month = (f"regexp_extract({cell}, '{pattern}', {place})" for place in (whole, tenth))
        if pattern == _TURNED[-1][0]:
            month = f"(strpos('{_TABLE}', concat(' ', {month}, ' ')) // {_OF_A_MONTH} + 1)"
        number = f"try_cast(concat({day}, '.', {month}) as double)"
        cases.append(f"when regexp_full_match({cell}, '{pattern}') then {number}")
    return " ".join(cases)
