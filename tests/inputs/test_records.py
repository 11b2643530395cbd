"""Every line is a row or a problem: reading resumes after each fault."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gapcalc.inputs.records import LONGEST_RECORD, Record, read_records

NOT_DOUBLED = "a quote stands inside a quoted cell without being doubled"
NOT_CLOSED = "a quote is opened and not closed"
GOOD = ("1", "2", "3")


def read(text: str, delimiter: str = ",", width: int = 3) -> list[Record]:
    return list(read_records(text.splitlines(keepends=True), delimiter, width))


def faults(text: str, delimiter: str = ",") -> list[tuple[int, str | None]]:
    return [(record.line, record.fault) for record in read(text, delimiter) if record.fault]


def good_lines(text: str) -> list[int]:
    return [record.line for record in read(text) if record.cells == GOOD]


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        pytest.param("a,b,c\n", ("a", "b", "c"), id="plain"),
        pytest.param('"a","b","c"\n', ("a", "b", "c"), id="quoted"),
        pytest.param("a,b,c", ("a", "b", "c"), id="no line end"),
        pytest.param("a,b,c\r\n", ("a", "b", "c"), id="CRLF"),
        pytest.param('"a, b",c,\n', ("a, b", "c", ""), id="delimiter in quotes"),
        pytest.param('"say ""a""",b,c\n', ('say "a"', "b", "c"), id="doubled quotes"),
        pytest.param('a 27" lamp,b,c\n', ('a 27" lamp', "b", "c"), id="quote in an open cell"),
        pytest.param("a,,\n", ("a", "", ""), id="empty cells"),
        pytest.param(" a , b ,c\n", (" a ", " b ", "c"), id="spaces stay"),
        pytest.param("a\0b,c,d\n", ("a\0b", "c", "d"), id="NUL"),
    ],
)
def test_a_sound_line_is_one_record(line: str, cells: tuple[str, ...]) -> None:
    assert read(line) == [Record(0, cells)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
def test_cells_are_cut_at_the_delimiter_alone(delimiter: str) -> None:
    others = ",;\t".replace(delimiter, "")
    line = delimiter.join((f"a{others}b", f'"c{delimiter}d"', "e"))
    assert read(line + "\n", delimiter) == [Record(0, (f"a{others}b", f"c{delimiter}d", "e"))]


def test_a_record_may_span_lines() -> None:
    text = '1,2,3\n"a\nb","c\n\nd",e\n1,2,3\n'
    assert read(text) == [
        Record(0, GOOD),
        Record(1, ("a\nb", "c\n\nd", "e"), lines=4),
        Record(5, GOOD),
    ]


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param("\n", id="empty"),
        pytest.param("\r\n", id="empty, CRLF"),
        pytest.param("   \n", id="spaces"),
        pytest.param("\t\t\n", id="tabs"),
        pytest.param(",,\n", id="delimiters"),
        pytest.param(",,\n\n  ,,\n\n", id="several"),
    ],
)
def test_lines_with_nothing_on_them_are_passed_over(lines: str) -> None:
    assert [record.line for record in read(f"1,2,3\n{lines}1,2,3\n")] == [
        0,
        1 + lines.count("\n"),
    ]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        pytest.param("a\n", "1 cell where the header has 3", id="one cell"),
        pytest.param("a,b\n", "2 cells where the header has 3", id="a cell too few"),
        pytest.param("a,b,c,d\n", "4 cells where the header has 3", id="a cell too many"),
        pytest.param(",,,\n", "4 cells where the header has 3", id="too many, all empty"),
        pytest.param('"a "b" c",d,e\n', NOT_DOUBLED, id="quotes not doubled"),
        pytest.param('"a"b,c,d\n', NOT_DOUBLED, id="text behind a quote"),
        pytest.param('"a",b,"c\n', NOT_CLOSED, id="last cell not closed"),
        pytest.param('"a,b,c\n', NOT_CLOSED, id="first cell not closed"),
        pytest.param('a,"b,c\n', NOT_CLOSED, id="middle cell not closed"),
    ],
)
def test_a_faulty_line_takes_no_good_one_with_it(line: str, fault: str) -> None:
    text = f"1,2,3\n{line}1,2,3\n1,2,3\n"
    assert good_lines(text) == [0, 2, 3]
    assert faults(text) == [(1, fault)]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param('a,b,"c\na,b,"c\n', [(1, NOT_CLOSED), (2, NOT_CLOSED)], id="open twice"),
        pytest.param(
            'a,b,"c\n"d",e,f\n', [(1, NOT_CLOSED)], id="the next line's quote does not close it"
        ),
        pytest.param('a,b,"c\nd"\n', [], id="the next line closes it in the right place"),
        pytest.param(
            'a,"b\nc",d,e\n',
            [(1, NOT_CLOSED)],
            id="the next line closes it with a cell too many, and is sound by itself",
        ),
        pytest.param(
            'a,"b\nc"\n',
            [(1, NOT_CLOSED), (2, "1 cell where the header has 3")],
            id="the next line closes it with a cell too few",
        ),
        pytest.param(
            'a,b\n"a "b" c",d,e\na,b,"c\na,b,c,d\n',
            [
                (1, "2 cells where the header has 3"),
                (2, NOT_DOUBLED),
                (3, NOT_CLOSED),
                (4, "4 cells where the header has 3"),
            ],
            id="one fault upon the other",
        ),
    ],
)
def test_consecutive_faults_are_reported_one_by_one(
    lines: str, expected: list[tuple[int, str | None]]
) -> None:
    text = f"1,2,3\n{lines}1,2,3\n"
    assert faults(text) == expected
    assert {0, 1 + lines.count("\n")} <= set(good_lines(text))


@pytest.mark.parametrize(
    ("begin", "end"), [("https://a.example/", "lamp 4"), ("a.example", "4")], ids=["URLs", "hosts"]
)
def test_a_cell_that_holds_rows_is_a_quote_left_open(begin: str, end: str) -> None:
    texts = ["lamp 0", '"lamp 1', "lamp 2", "lamp 3", f'{end}"', "lamp 5"]
    found = read("".join(f"{begin},{number},{text}\n" for number, text in enumerate(texts)))

    assert [record.fault for record in found] == [None, NOT_CLOSED, None, None, None, None]
    assert [record.cells[1:2] for record in found if record.cells] == [(n,) for n in "02345"]


def test_a_quote_left_open_reaches_no_further_than_the_longest_record() -> None:
    filler = "1,2,3\n" * (LONGEST_RECORD + 5)
    text = f'a,b,"c\n{filler}"d",e,f\n'
    assert faults(text) == [(0, NOT_CLOSED)]
    assert len(good_lines(text)) == LONGEST_RECORD + 5


def test_a_record_as_long_as_allowed_is_read_and_a_longer_one_is_not() -> None:
    whole = '1,2,"' + "a\n" * (LONGEST_RECORD - 1) + 'a"\n'
    assert [record.lines for record in read(whole)] == [LONGEST_RECORD]
    assert faults('1,2,"' + "a\n" * LONGEST_RECORD + 'a"\n')[0] == (0, NOT_CLOSED)


def test_the_last_line_may_be_open() -> None:
    assert faults('1,2,3\n1,2,"3') == [(1, NOT_CLOSED)]


def test_nothing_gives_nothing() -> None:
    assert read("") == []


sound = st.sampled_from(("1,2,3\n", '"1","2","3"\n', '1,"2",3\n'))
faulty = st.sampled_from(("a,b\n", "a,b,c,d\n", '"a "b" c",d,e\n', 'a,"b,c\n', '"a",b,"c\n', "\n"))


@given(st.lists(st.one_of(sound, faulty), max_size=30))
@settings(derandomize=True)
def test_no_sound_line_is_lost_whatever_stands_around_it(lines: list[str]) -> None:
    expected = [number for number, line in enumerate(lines) if line[0] in '1"' and "1" in line]
    assert good_lines("".join(lines)) == expected


@given(st.lists(st.one_of(sound, faulty), max_size=30))
@settings(derandomize=True)
def test_every_line_is_a_record_a_fault_or_blank(lines: list[str]) -> None:
    records = read("".join(lines))
    covered = [record.line + offset for record in records for offset in range(record.lines)]
    assert covered == [number for number, line in enumerate(lines) if line != "\n"]
