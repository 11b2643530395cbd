"""What a cell holds: the Python parser and its SQL twin, tried on one table of cases."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gapcalc.formats import EXPORTS, own
from gapcalc.formats.cells import (
    COUNT,
    DATE,
    DATED,
    DAY_FIRST,
    FLAG,
    FOLLOW,
    GONE,
    LOST,
    LOST_FLAG,
    NOFOLLOW,
    NONE_LEFT,
    RANK,
    REDIRECT,
    SCORE,
    SPONSORED,
    TEXT,
    UGC,
    UNSET,
    URL,
    Cell,
    Value,
)

BAD = ValueError
SHIELDED = own.LINKS.columns[0].cell
"""The text cells of gapcalc's own CSVs, which take off the apostrophe before a formula."""

Expected = Value | type[ValueError]

COUNTS: dict[str, Expected] = {
    "0": 0,
    "7": 7,
    "007": 7,
    "4796259328": 4796259328,
    "999999999999999999": 10**18 - 1,
    "1000000000000000000": BAD,
    "12.0": 12,
    "12,0": 12,
    "12.000": 12_000,
    "12,000": 12_000,
    "0.000": 0,
    "1234.000": 1234,
    "1.234,0": 1234,
    "1,234.00": 1234,
    "12.5": BAD,
    "12,5": BAD,
    "12.": BAD,
    ".5": BAD,
    "1,234": 1234,
    "1,234,567": 1234567,
    "12,34": BAD,
    "1,2345": BAD,
    ",123": BAD,
    "1.234": 1234,
    "1.234.567": 1_234_567,
    "1 234 567": 1_234_567,
    "1\u00a0234": 1234,
    "1\u202f234\u202f567": 1_234_567,
    "1\u2009234": 1234,
    "1'234": 1234,
    "1\u2019234\u2019567": 1_234_567,
    "1,23,456": 123_456,
    "12,34,56,789": 123_456_789,
    "1,2,345": BAD,
    "1.23.456": BAD,
    "1.234,567.890": BAD,
    "0,123": BAD,
    "1  234": BAD,
    "1_234": BAD,
    "1,2K": 1200,
    "1.2M": 1_200_000,
    "3,4 Mio.": 3_400_000,
    "3.4 mio": 3_400_000,
    "12\u00a0Tsd.": 12_000,
    "1,5 млн": 1_500_000,
    "2,1\u00a0ты\u0441.": 2100,
    "7,5 tys.": 7500,
    "1,2 Mrd.": 1_200_000_000,
    "1,005K": BAD,
    "1.2K": 1200,
    "1.25k": 1250,
    "1.005K": 1005,
    "3M": 3_000_000,
    "4.1b": 4_100_000_000,
    "1.2345K": BAD,
    "K": BAD,
    "1 K": 1000,
    "1T": BAD,
    "-5": BAD,
    "+5": BAD,
    "5%": BAD,
    "1e3": BAD,
    "1e+05": 100_000,
    "1E+05": 100_000,
    "1.2E+03": 1200,
    "1,25E+12": 1_250_000_000_000,
    "1.23456e+05": 123_456,
    "1.23e+01": BAD,
    "1.2345E+03": BAD,
    "1e+99": BAD,
    "1e-05": BAD,
    "0x10": BAD,
    "high": BAD,
    "12 34": BAD,
    "\N{ARABIC-INDIC DIGIT THREE}": BAD,
    "\N{FULLWIDTH DIGIT ONE}": BAD,
    "'": BAD,
}
SCORES: dict[str, Expected] = {
    "0": 0.0,
    "76": 76.0,
    "0.1": 0.1,
    "4.5": 4.5,
    "4,5": 4.5,
    "33.333333333": 33.333333333,
    "100": 100.0,
    "100.0": 100.0,
    "00012": 12.0,
    "100.1": BAD,
    "101": BAD,
    "140": BAD,
    "1,234": 1.234,
    "1.2.3": BAD,
    "5.": BAD,
    ".5": BAD,
    "4%": BAD,
    "-3": BAD,
    "1e1": BAD,
    "inf": BAD,
    "high": BAD,
    "04. Mai": 4.5,
    "04.май": 4.5,
    "5. sty": 5.1,
    "28.Şub": 28.2,
    "4.05.2026": 4.5,
    "12. 9. 2026": 12.9,
    "2026-05-04": 4.5,
    "2026-05-04 00:00:00": 4.5,
    "2026-11-04": BAD,
    "2026-05-04 12:00:00": BAD,
    "4.11.2026": BAD,
    "04. Nov": BAD,
    "04/05/2026": BAD,
}
RANKS: dict[str, Expected] = {
    "0": 0.0,
    "412": 412.0,
    "88.5": 88.5,
    "1000": 1000.0,
    "1000.5": BAD,
    "1.000": BAD,
    "1,000": BAD,
    "412,25": 412.25,
    "1001": BAD,
    "-5": BAD,
    "rank": BAD,
}
FLAGS: dict[str, Expected] = {
    "true": True,
    "false": False,
    "TRUE": True,
    "FALSE": False,
    "True": True,
    "1": True,
    "0": False,
    "yes": True,
    "No": False,
    **dict.fromkeys(("1.0", "t", "T", "y", "Y"), True),
    **dict.fromkeys(("0.0", "f", "F", "n", "N"), False),
    **dict.fromkeys(("WAHR", "VRAI", "VERDADERO", "VERO", "VERDADEIRO", "WAAR", "PRAWDA"), True),
    **dict.fromkeys(("FALSCH", "FAUX", "FALSO", "ONWAAR", "FAŁSZ", "fałsz", "Fałsz"), False),
    **dict.fromkeys(("ИСТИНА", "Истина", "истина", "ІСТИНА", "SANT", "SAND", "SANN"), True),
    **dict.fromkeys(("ЛОЖЬ", "Ложь", "ХИБНІСТЬ", "FALSKT", "FALSK", "USANN"), False),
    **dict.fromkeys(("TOSI", "PRAVDA", "IGAZ", "ADEVĂRAT", "DOĞRU", "doğru", "Doğru"), True),
    **dict.fromkeys(
        ("EPÄTOSI", "NEPRAVDA", "HAMIS", "FALS", "YANLIŞ", "yanl\u0131ş", "Yanl\u0131ş"), False
    ),
    **dict.fromkeys(("ΑΛΗΘΕΣ", "ΑΛΗΘΗΣ", "Αληθές", "真", "참", "TÕENE", "PATIESS", "TIESA"), True),
    **dict.fromkeys(("ΨΕΥΔΕΣ", "ΨΕΥΔΗΣ", "Ψευδές", "假", "거짓", "VÄÄR", "APLAMS", "MELAS"), False),
    **dict.fromkeys(
        ("ISTINA", "RESNICA", "CERT", "אמת", "ĐÚNG", "BENAR", "\u00a0WAHR\u202f"), True
    ),
    **dict.fromkeys(("LAŽ", "NERESNICA", "ЛЪЖА", "שקר", "SAI", "SALAH"), False),
    "wahr falsch": BAD,
    **dict.fromkeys(("ja", "Oui", "OUI", "sí", "SÌ", "sim", "tak"), True),
    **dict.fromkeys(("nein", "Non", "NON", "não", "NEJ", "nie"), False),
    "x": BAD,
    "#REF!": BAD,
    "on": BAD,
    "2": BAD,
    "-1": BAD,
    "truefalse": BAD,
    "nofollow": BAD,
}
DATES: dict[str, Expected] = {
    "2026-01-31": date(2026, 1, 31),
    "2024-02-29": date(2024, 2, 29),
    "2026-01-14 17:56:39": date(2026, 1, 14),
    "2026-01-14T17:56:39": date(2026, 1, 14),
    "2026-01-14 17:56": date(2026, 1, 14),
    "2026-01-14 17:56:39.123": date(2026, 1, 14),
    "2026-01-14T17:56:39Z": date(2026, 1, 14),
    "2026-01-14 17:56:39+01:00": date(2026, 1, 14),
    "2026-01-14T17:56:39-0500": date(2026, 1, 14),
    "2019-09-17 05:41:24 +00:00": date(2019, 9, 17),
    "1990-01-01": date(1990, 1, 1),
    "2099-12-31 23:59:59": date(2099, 12, 31),
    "1989-12-31": BAD,
    "2100-01-01": BAD,
    "0001-01-01": BAD,
    "1900-01-01 00:00:00.000": BAD,
    "1/0/1900": BAD,
    "31.12.2569": BAD,
    "9999-12-31": BAD,
    "2026-02-29": BAD,
    "2026-02-31": BAD,
    "2026-02-31 10:00:00": BAD,
    "2026-13-01": BAD,
    "2026-00-10": BAD,
    "0000-00-00": BAD,
    "2026-1-1": date(2026, 1, 1),
    "26-01-01": BAD,
    "2026/01/31": date(2026, 1, 31),
    "2026/1/31 17:56": date(2026, 1, 31),
    "2026.01.31": date(2026, 1, 31),
    "2026. 1. 31.": date(2026, 1, 31),
    "31.01.2026": date(2026, 1, 31),
    "01.02.2026": date(2026, 2, 1),
    "1.2.2026 07:05:09": date(2026, 2, 1),
    "31. 1. 2026": date(2026, 1, 31),
    "31.01.2026, 17:56": date(2026, 1, 31),
    "01.31.2026": BAD,
    "31/01/2026": date(2026, 1, 31),
    "01/31/2026": date(2026, 1, 31),
    "1/31/2026 5:56:39 PM": date(2026, 1, 31),
    "31-01-2026": date(2026, 1, 31),
    "05/05/2026": date(2026, 5, 5),
    "08/05/2013 00:00": BAD,
    "5-8-2013": BAD,
    "32/01/2026": BAD,
    "31.01.26": date(2026, 1, 31),
    "1.2.09 17:56": date(2009, 2, 1),
    "31. 01. 26": BAD,
    "01/31/26": date(2026, 1, 31),
    "31/01/26": BAD,
    "26/01/31": BAD,
    "05/06/26": BAD,
    "31-01-26": BAD,
    "20260131": BAD,
    "2026-01-31 noon": BAD,
    "2026-01-31 1:2:3": BAD,
    "2026-01": BAD,
    "12026-01-01": BAD,
    "today": BAD,
}
DAYS_FIRST: dict[str, Expected] = {
    **DATES,
    "31/01/26": date(2026, 1, 31),
    "26/01/31": date(2031, 1, 26),
    "05/06/26": date(2026, 6, 5),
    "01/31/26": BAD,
    "2026-07-11": BAD,
    "01/31/2026": BAD,
    "1/31/2026 5:56:39 PM": BAD,
    "5-8-2013": date(2013, 8, 5),
    "08/05/2013 00:00": date(2013, 5, 8),
    "31/07/2013": date(2013, 7, 31),
    "29/02/2024 23:59:59": date(2024, 2, 29),
    "29/02/2023": BAD,
    "05/13/2013": BAD,
    "31/04/2013": BAD,
    "00/01/2013": BAD,
    "01/01/0000": BAD,
    "8/5/2013": date(2013, 5, 8),
    "08-05-2013": date(2013, 5, 8),
    "08/05/13": date(2013, 5, 8),
    "08/05/2013 noon": BAD,
}
NO_DAYS = (
    *(
        "0001-01-01",
        "1753-01-01",
        "1899-12-30",
        "1900-01-01 00:00:00.000",
        "1970-01-01",
        "1989-12-31",
    ),
    *("1/0/1900", "00.01.1900", "31/12/1899 00:00", "01/01/0000", "9999-12-31", "31/12/9999"),
)
"""What databases and spreadsheets write where there is no date."""
DATEDS: dict[str, Expected] = {
    **dict.fromkeys(DAYS_FIRST, True),
    **dict.fromkeys(("2569-12-31", "31/12/2569", "2026-01-14 17:56:39.1900"), True),
    **dict.fromkeys(NO_DAYS, BAD),
    "-1": BAD,
    **dict.fromkeys(("05-Mar-26", "Mar 5, 2026", "2026年3月5日", "46012", "46012.5"), True),
    **dict.fromkeys(("true", "1", "WAHR", "y"), True),
    **dict.fromkeys(("false", "0", "FALSCH", "n", "0.0"), False),
    **dict.fromkeys(("0000-00-00", "0000-00-00 00:00:00", "00/00/0000"), False),
    **dict.fromkeys(("x", "today", "########", "5", "12", "404", "\u200b"), BAD),
}
STATED: dict[str, Expected] = {**DATEDS, "gone": True, "Lost": True, "live": False}
FOLLOWS: dict[str, Expected] = {
    "follow": False,
    "nofollow": True,
    "Follow": False,
    "NOFOLLOW": True,
    "redirect": BAD,
    "nofollow ugc": BAD,
    "true": BAD,
}
STATES: dict[str, Expected] = {
    "active": False,
    "Active": False,
    "deleted": True,
    "lost": True,
    "unknown": BAD,
    "2024-01-01": BAD,
}
REDIRECTS: dict[str, Expected] = {
    text: BAD if flag is BAD else "redirect" if flag else "link" for text, flag in FLAGS.items()
}
UNSETS: dict[str, Expected] = {
    text: BAD if flag is BAD else not flag for text, flag in FLAGS.items()
}
NONES_LEFT: dict[str, Expected] = {
    "0": True,
    "0.0": True,
    "1": False,
    "1,234": False,
    "1.2K": False,
    "many": BAD,
    "-2": BAD,
}
TEXTS: dict[str, Expected] = {
    "": None,
    "a": "a",
    " a ": " a ",
    "-": "-",
    "--": "--",
    "n/a": "n/a",
    'say "it\'s"': 'say "it\'s"',
    "=1+1": "=1+1",
    "'=1+1": "'=1+1",
}
UNSHIELDED: dict[str, Expected] = {
    "": None,
    "a": "a",
    "'a": "'a",
    "'": "'",
    "it's": "it's",
    "=1+1": "=1+1",
    "'=1+1": "=1+1",
    "''=1+1": "'=1+1",
    "'+1": "+1",
    "'-1": "-1",
    "'@cmd": "@cmd",
    "'\tx": "\tx",
    "'\rx": "\rx",
    "'x=": "'x=",
    "a'=": "a'=",
}
RELS: dict[str, tuple[bool, bool, bool]] = {
    "": (False, False, False),
    "follow": (False, False, False),
    "dofollow": (False, False, False),
    "nofollow": (True, False, False),
    "NoFollow": (True, False, False),
    " nofollow ": (True, False, False),
    "ugc": (False, True, False),
    "sponsored": (False, False, True),
    "nofollow ugc": (True, True, False),
    "ugc,nofollow": (True, True, False),
    "nofollow|sponsored": (True, False, True),
    "noopener nofollow ugc sponsored": (True, True, True),
    '["nofollow", "ugc"]': (True, True, False),
    "['sponsored']": (False, False, True),
    '["noopener"]': (False, False, False),
    "xnofollow": (False, False, False),
    "nofollowed": (False, False, False),
    "no-follow": (True, False, False),
    "ugc-x": (False, False, False),
}
MARKED = (
    COUNT,
    SCORE,
    RANK,
    FLAG,
    UNSET,
    FOLLOW,
    GONE,
    REDIRECT,
    DATE,
    DAY_FIRST,
    DATED,
    LOST,
    LOST_FLAG,
    NONE_LEFT,
)


def cases() -> dict[Cell, dict[str, Expected]]:
    """Give what cells of each type hold: the tables above, and what every type has in common."""
    tables: dict[Cell, dict[str, Expected]] = {
        COUNT: COUNTS,
        SCORE: SCORES,
        RANK: RANKS,
        FLAG: FLAGS,
        UNSET: UNSETS,
        FOLLOW: FOLLOWS,
        GONE: STATES,
        REDIRECT: REDIRECTS,
        DATE: DATES,
        DAY_FIRST: DAYS_FIRST,
        DATED: STATED,
        LOST: STATED,
        LOST_FLAG: DATEDS,
        NONE_LEFT: NONES_LEFT,
        TEXT: TEXTS,
        URL: TEXTS,
        SHIELDED: UNSHIELDED,
        NOFOLLOW: {text: nofollow for text, (nofollow, _, _) in RELS.items()},
        UGC: {text: ugc for text, (_, ugc, _) in RELS.items()},
        SPONSORED: {text: sponsored for text, (_, _, sponsored) in RELS.items()},
    }
    for cell in MARKED:
        padded = {f" {text}  ": expected for text, expected in tables[cell].items()}
        unknown = False if cell is LOST else None
        tables[cell] = {**dict.fromkeys(cell.unknown, unknown), **padded, **tables[cell]}
    return tables


CASES = cases()
every_type_of_cell = pytest.mark.parametrize("cell", CASES, ids=[cell.name for cell in CASES])


@dataclass(frozen=True)
class InSql:
    """What the engine makes of a cell; `cast` means nothing unless it is plain."""

    value: object
    bad: bool
    plain: bool
    cast: object


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with closing(duckdb.connect()) as opened:
        yield opened


def read_in_sql(connection: duckdb.DuckDBPyConnection, cell: Cell, text: str | None) -> InSql:
    (read,) = read_all_in_sql(connection, cell, [text])
    return read


def read_all_in_sql(
    connection: duckdb.DuckDBPyConnection, cell: Cell, texts: Sequence[str | None]
) -> list[InSql]:
    plain, cast = "false", "null"
    if cell.plain is not None:
        plain = (
            f"regexp_full_match(concat(c), '{cell.plain.pattern}')"
            if cell.plain.pattern
            else cell.plain.condition("c", f"({cell.cast('c')})")
        )
        cast = f"case when {plain} then {cell.cast('c')} end"
    rows = connection.execute(
        f"select {cell.sql('c')}, {cell.bad('c')}, {plain}, {cast} "
        "from (select unnest($texts::varchar[]) as c, unnest($places) as place) order by place",
        {"texts": list(texts), "places": list(range(len(texts)))},
    ).fetchall()
    return [InSql(*row) for row in rows]


def read_in_python(cell: Cell, text: str) -> Expected:
    try:
        return cell.parse(text)
    except ValueError:
        return BAD


IN_A_WAY: tuple[tuple[Cell, str, str, Expected], ...] = (
    (COUNT, "point", "12.000", 12),
    (COUNT, "point", "1.234", BAD),
    (COUNT, "point", "1,234", 1234),
    (COUNT, "point", "1,234.0", 1234),
    (COUNT, "point", "1.005K", 1005),
    (COUNT, "point", "1,2K", BAD),
    (COUNT, "point", "1,23,456", 123_456),
    (COUNT, "comma", "12,000", 12),
    (COUNT, "comma", "12.000", 12_000),
    (COUNT, "comma", "1.234,0", 1234),
    (COUNT, "comma", "1,005K", 1005),
    (COUNT, "comma", "1.2K", BAD),
    (COUNT, "comma", "1 234", 1234),
    (NONE_LEFT, "comma", "1.234", False),
    (NONE_LEFT, "comma", "0,0", True),
    (DATE, "day first", "05/06/2026", date(2026, 6, 5)),
    (DATE, "day first", "1/31/2026", BAD),
    (DATE, "day first", "31.1.2026", date(2026, 1, 31)),
    (DATE, "month first", "05/06/2026", date(2026, 5, 6)),
    (DATE, "month first", "5/6/2026 12:00 AM", date(2026, 5, 6)),
    (DATE, "month first", "31/01/2026", BAD),
    (DATE, "month first", "2026-01-31", date(2026, 1, 31)),
    (DATE, "inferred", "05/06/2026", date(2026, 6, 5)),
    (DATE, "inferred", "05/06/26", BAD),
    (DATE, "day first", "05/06/26", date(2026, 6, 5)),
    (DATE, "month first", "05/06/26 07:00", date(2026, 5, 6)),
    (DATE, "year first", "05/06/26", date(2005, 6, 26)),
    (DATE, "year first", "05/06/2026", BAD),
    (DAY_FIRST, "month first", "05/06/2026", date(2026, 5, 6)),
    (DAY_FIRST, "typed", "2026-07-11", date(2026, 7, 11)),
    (DAY_FIRST, "day first", "2026-07-11 00:00:00", BAD),
    (DAY_FIRST, "day first", "2026-07-13", date(2026, 7, 13)),
)


@pytest.mark.parametrize(
    ("cell", "way", "text", "expected"),
    IN_A_WAY,
    ids=[f"{cell.name} {way} {text}" for cell, way, text, _ in IN_A_WAY],
)
def test_a_cell_of_a_column_whose_way_is_known_is_read_in_that_way(
    connection: duckdb.DuckDBPyConnection, cell: Cell, way: str, text: str, expected: Expected
) -> None:
    known = cell.read_as({way}, ())
    read = read_in_sql(connection, known, text)
    assert read_in_python(known, text) == expected
    assert read.bad is (expected is BAD)
    assert read.value == (None if read.bad else expected)


def test_clues_that_contradict_each_other_tell_nothing() -> None:
    assert DATE.read_as({"day first", "month first"}, {"day first"}) is DATE
    assert COUNT.read_as((), {"point", "comma"}) is COUNT
    assert COUNT.read_as((), ()) is COUNT


@every_type_of_cell
def test_a_cell_is_read_in_python(cell: Cell) -> None:
    assert {text: read_in_python(cell, text) for text in CASES[cell]} == CASES[cell]


@every_type_of_cell
def test_a_cell_is_read_alike_in_sql(connection: duckdb.DuckDBPyConnection, cell: Cell) -> None:
    reads = zip(CASES[cell], read_all_in_sql(connection, cell, [*CASES[cell]]), strict=True)
    assert {text: (read.bad, read.value) for text, read in reads} == {
        text: (True, None) if expected is BAD else (False, expected)
        for text, expected in CASES[cell].items()
    }


@every_type_of_cell
def test_where_a_cell_is_plain_the_cast_reads_the_same(
    connection: duckdb.DuckDBPyConnection, cell: Cell
) -> None:
    reads = zip(CASES[cell], read_all_in_sql(connection, cell, [*CASES[cell]]), strict=True)
    plain = {text: read.cast for text, read in reads if read.plain}
    assert plain == {text: CASES[cell][text] for text in plain}


@pytest.mark.parametrize(
    ("cell", "texts"),
    [
        pytest.param(COUNT, ("", "0", "7", "4796259328"), id="count"),
        pytest.param(SCORE, ("", "0", "76", "4.5", "100", "-1"), id="score"),
        pytest.param(FLAG, ("true", "false", "TRUE", "FALSE", "1", "0"), id="flag"),
        pytest.param(
            DATE,
            (
                *("2026-01-14 17:56:39", "2026-01-14", "2026-04-30", "2026-12-31", "2024-02-29"),
                *("2024-02-10T14:20:00Z", "2020-04-11 06:01:35 +00:00", "--"),
            ),
            id="date",
        ),
        pytest.param(
            DAY_FIRST, ("", "08/05/2013 00:00", "26/05/2013", "31/12/2013"), id="date, day first"
        ),
        pytest.param(FOLLOW, ("follow", "nofollow"), id="follow"),
        pytest.param(GONE, ("active", "deleted"), id="state"),
        pytest.param(RANK, ("", "0", "412", "1000"), id="rank"),
        pytest.param(NONE_LEFT, ("", "0", "12"), id="count, true when 0"),
    ],
)
def test_what_the_vendors_write_is_plain(
    connection: duckdb.DuckDBPyConnection, cell: Cell, texts: tuple[str, ...]
) -> None:
    assert all(read_in_sql(connection, cell, text).plain for text in (*texts, None))


@pytest.mark.parametrize(
    "cell",
    [*MARKED, TEXT, SHIELDED, NOFOLLOW, UGC, SPONSORED],
    ids=lambda cell: cell.name,
)
def test_a_cell_that_the_engine_calls_null_is_an_empty_one(
    connection: duckdb.DuckDBPyConnection, cell: Cell
) -> None:
    read = read_in_sql(connection, cell, None)
    assert read.value == cell.parse("")
    assert not read.bad
    assert not read.plain or read.cast == cell.parse("")


@pytest.mark.parametrize(
    ("cell", "text", "says"),
    [
        pytest.param(COUNT, "high", "a whole number expected, found 'high'", id="count"),
        pytest.param(SCORE, "140", "a score from 0 to 100 expected, found '140'", id="score"),
        pytest.param(FLAG, "maybe", "true or false expected, found 'maybe'", id="flag"),
        pytest.param(DATE, "1 May", "a date as 2026-01-31 expected, found '1 May'", id="date"),
        pytest.param(
            COUNT, "x" * 99, f"a whole number expected, found '{'x' * 40}'", id="long cell"
        ),
    ],
)
def test_a_bad_cell_is_reported_with_what_was_expected(cell: Cell, text: str, says: str) -> None:
    with pytest.raises(ValueError, match=r" expected, found ") as error:
        cell.parse(text)
    assert str(error.value) == says


def test_a_cell_can_be_bad_only_where_something_is_expected_of_it() -> None:
    names = {c.cell.name for export in EXPORTS for c in export.columns if c.cell.fails}
    assert names == {cell.name for cell in MARKED}


number_like = st.text("0123456789.,KkMmBb-+% '\u00a0\u2019", max_size=12)
digits = st.sampled_from(("0", "00", "1", "12", "31", "29", "02", "2026", "2024", "99", "60"))
date_like = st.one_of(
    st.dates().map(str),
    st.datetimes().map(lambda time: time.isoformat(" ")),
    st.datetimes().map(lambda time: time.isoformat("T", "minutes")),
    st.builds(
        "{}{}{}{}{}".format, digits, st.sampled_from("/.-"), digits, st.sampled_from("/.-"), digits
    ),
    st.lists(st.one_of(digits, st.sampled_from("-:T Z+./")), max_size=9).map("".join),
    st.builds("{}-{}-{}".format, digits, digits, digits),
    st.builds("{}-{}-{} {}:{}:{}".format, digits, digits, digits, digits, digits, digits),
)
word_like = st.builds(
    "{}{}{}".format,
    st.sampled_from(("", " ")),
    st.sampled_from(
        (
            "true",
            "FALSE",
            "Yes",
            "FAŁSZ",
            "ЛОЖЬ",
            "yanl\u0131ş",
            "no",
            "1",
            "0",
            "nofollow",
            "ugc",
            "-",
            "--",
            "tru",
        )
    ),
    st.sampled_from(("", " ", "x", ",ugc", "|sponsored")),
)
texts = st.one_of(number_like, date_like, word_like)
every_type = (*MARKED, TEXT, NOFOLLOW, UGC, SPONSORED)


@pytest.mark.slow
@given(st.lists(texts, min_size=60, max_size=120))
@settings(derandomize=True, max_examples=8, deadline=None)
def test_any_cell_is_read_alike_in_python_and_sql(written: list[str]) -> None:
    with closing(duckdb.connect()) as connection:
        for cell in every_type:
            for text, read in zip(written, read_all_in_sql(connection, cell, written), strict=True):
                expected = read_in_python(cell, text)
                assert read.bad is (expected is BAD), (cell.name, text)
                assert read.value == (None if read.bad else expected), (cell.name, text)
                assert not read.plain or read.cast == expected, (cell.name, text)
