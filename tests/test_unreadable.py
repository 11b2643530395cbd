"""What cannot be read is unknown, and the answer says so; what can be read in one way is read."""

import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import pytest
from openpyxl import Workbook

from running import run

PAGE = "https://shop.example/desk"
LOCALES = {
    "german": ("WAHR", "FALSCH", "1.234", "12.10.2026", ";"),
    "french": ("VRAI", "FAUX", "1\u202f234", "12/10/2026", ";"),
    "italian": ("VERO", "FALSO", "1.234", "12/10/2026", ";"),
    "portuguese": ("VERDADEIRO", "FALSO", "1\u00a0234", "12/10/2026", ";"),
    "dutch": ("WAAR", "ONWAAR", "1.234", "12-10-2026", ";"),
    "swedish": ("SANT", "FALSKT", "1\u00a0234", "2026-10-12", ";"),
    "finnish": ("TOSI", "EPÄTOSI", "1\u00a0234", "12.10.2026", ";"),
    "hungarian": ("IGAZ", "HAMIS", "1\u00a0234", "2026. 10. 12.", ";"),
    "turkish": ("DOĞRU", "YANLIŞ", "1.234", "12.10.2026", "\t"),
    "ukrainian": ("ІСТИНА", "ХИБНІСТЬ", "1\u00a0234", "12.10.2026", ";"),
    "swiss": ("WAHR", "FALSCH", "1\u2019234", "12.10.2026", ";"),
    "chinese": ("真", "假", "1,234", "2026/10/12", "\t"),
    "Indian": ("TRUE", "FALSE", "1,01,234", "25-10-2026", "\t"),
}
SEMRUSH = (
    "Page ascore|Source url|Target url|External links|Nofollow|Sponsored|Ugc|First seen|Lost link"
)


def semrush(*, yes: str, no: str, number: str, day: str) -> list[list[str]]:
    """Give a list of ten links: six live, of these two nofollow; the last has too many links out."""
    return [
        SEMRUSH.split("|"),
        *(
            [
                *("24", f"https://site{n}.example/a", PAGE, number if n == 5 else "12"),
                *(yes if n < 2 else no, no, no, day, yes if n > 5 else no),
            ]
            for n in range(10)
        ),
    ]


def saved(path: Path, rows: Sequence[Sequence[str]], delimiter: str = ",", **how: str) -> Path:
    lines = [delimiter.join(row) for row in rows]
    path.write_bytes("\r\n".join([*lines, ""]).encode(how.get("encoding", "utf-8")))
    return path


def asked(path: Path, *options: str) -> dict[str, Any]:
    done = run(path.name, "--own-rds", "0", *options, "--json", cwd=path.parent)
    assert done.code == 0, done.err
    answer: dict[str, Any] = json.loads(done.out)
    return answer


def counted(answer: dict[str, Any]) -> tuple[int | None, int | None, int | None]:
    (page,) = answer["keywords"][0]["pages"]
    return page["raw"], page["kept"], page["followed"]


def codes(answer: dict[str, Any]) -> list[str]:
    return [caution["code"] for caution in answer["cautions"]]


@pytest.mark.parametrize("locale", LOCALES.values(), ids=LOCALES)
def test_a_list_saved_in_any_language_counts_as_it_was_exported(
    tmp_path: Path, locale: tuple[str, str, str, str, str]
) -> None:
    yes, no, number, day, delimiter = locale
    rows = semrush(yes=yes, no=no, number=number, day=day)
    answer = asked(saved(tmp_path / "list.csv", rows, delimiter))
    assert counted(answer) == (6, 5, 3)
    assert answer["inputs"][0]["problems"] == 0
    assert codes(answer) == []


def test_a_workbook_and_a_parquet_file_are_read_in_any_language(tmp_path: Path) -> None:
    rows = semrush(yes="ИСТИНА", no="ЛОЖЬ", number="1\u00a0234", day="12.10.2026")
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(out)
    (tmp_path / "list.xlsx").write_bytes(out.getvalue())
    saved(tmp_path / "list.csv", rows)
    duckdb.sql(
        f"copy (from read_csv('{tmp_path}/list.csv', all_varchar = true)) "
        f"to '{tmp_path}/list.parquet' (format parquet)"
    )
    assert counted(asked(tmp_path / "list.xlsx")) == (6, 5, 3)
    assert counted(asked(tmp_path / "list.parquet")) == (6, 5, 3)


UNKNOWN: dict[str, tuple[int | None, int | None, int | None]] = {
    "Lost link": (None, None, None),
    "Nofollow": (6, 5, None),
    "Ugc": (6, 5, None),
    "Sponsored": (6, 5, None),
    "External links": (6, 6, 4),
}


@pytest.mark.parametrize("heading", UNKNOWN)
@pytest.mark.parametrize("word", ["FALSCH?", "oui", "#REF!"])
@pytest.mark.parametrize("bad", [10, 3], ids=["all", "some"])
def test_a_column_that_cannot_be_read_leaves_what_rests_on_it_unknown(
    tmp_path: Path, heading: str, word: str, bad: int
) -> None:
    rows = semrush(yes="true", no="false", number="1234", day="2026-10-12")
    for row in rows[-bad:]:
        row[rows[0].index(heading)] = word
    answer = asked(saved(tmp_path / "list.csv", rows))
    right = UNKNOWN[heading]
    assert counted(answer) == right
    assert codes(answer) == ["unreadable-column"]
    said = f"list.csv: column '{heading}' cannot be read: {bad} of 10 filled cells, the first is "
    assert answer["cautions"][0]["text"].startswith(said)
    assert answer["inputs"][0]["problems"] == 1


def test_a_column_of_a_parquet_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    rows = semrush(yes="yep", no="nope", number="1234", day="2026-10-12")
    saved(tmp_path / "list.csv", rows)
    duckdb.sql(
        f"copy (from read_csv('{tmp_path}/list.csv', all_varchar = true)) "
        f"to '{tmp_path}/list.parquet' (format parquet)"
    )
    answer = asked(tmp_path / "list.parquet")
    assert counted(answer) == (None, None, None)
    assert set(codes(answer)) == {"unreadable-column"}


def test_one_bad_cell_in_a_sound_column_is_unknown_and_told_with_its_line(tmp_path: Path) -> None:
    rows = semrush(yes="true", no="false", number="1234", day="2026-10-12")
    rows[4][4] = "often"
    done = run(saved(tmp_path / "list.csv", rows).name, "--own-rds", "0", "-v", cwd=tmp_path)
    assert done.code == 0
    assert "list.csv:5: column 'Nofollow' is unknown: true or false expected" in done.err


def test_a_sparse_column_of_which_nothing_can_be_read_is_unknown(tmp_path: Path) -> None:
    cells = [*("" for _ in range(98)), "gone", "gone"]
    rows = [[f"https://s{n}.example/", PAGE, cell] for n, cell in enumerate(cells)]
    answer = asked(saved(tmp_path / "list.csv", [["source_url", "target_url", "lost"], *rows]))
    assert counted(answer) == (None, None, None)
    assert codes(answer) == ["unreadable-column"]


@pytest.mark.parametrize(
    ("cells", "followed"),
    [
        pytest.param(["", "", ""], None, id="nothing is known"),
        pytest.param(["-", "-", "-"], None, id="marks for unknown"),
        pytest.param(["false", "", "", "true"], None, id="a share is unknown"),
        pytest.param(["false"] * 30 + [""], 30, id="one of many is unknown"),
        pytest.param(["true", "true", "false"], 1, id="all is known"),
    ],
)
def test_what_nothing_tells_is_not_followed_nor_silently_nofollow(
    tmp_path: Path, cells: list[str], followed: int | None
) -> None:
    rows = [[f"https://s{n}.com/", PAGE, cell] for n, cell in enumerate(cells)]
    answer = asked(saved(tmp_path / "list.csv", [["source_url", "target_url", "nofollow"], *rows]))
    assert counted(answer) == (len(cells), len(cells), followed)


def serp(tmp_path: Path, *counts: str, delimiter: str = ";") -> Path:
    rows = [[str(n), f"https://s{n}.example/", count] for n, count in enumerate(counts, start=1)]
    return saved(
        tmp_path / "serp.csv", [["Position", "URL", "Referring domains"], *rows], delimiter
    )


@pytest.mark.parametrize(
    ("counts", "read"),
    [
        pytest.param(("1.234", "850", "97"), [1234, 850, 97], id="point"),
        pytest.param(("1 234", "850", "12 345 678"), [1234, 850, 12_345_678], id="space"),
        pytest.param(("1\u2019234", "850", "97"), [1234, 850, 97], id="apostrophe"),
        pytest.param(("1,23,456", "1,234", "97"), [123_456, 1234, 97], id="Indian"),
        pytest.param(("1,2K", "3,4 Mio.", "850"), [1200, 3_400_000, 850], id="rounded"),
        pytest.param(("12.000", "9.000", "850"), [12_000, 9000, 850], id="thousands"),
        pytest.param(("12.000", "9.0", "850.00"), [12, 9, 850], id="decimals in the column"),
        pytest.param(("12,000", "9,0", "850,00"), [12, 9, 850], id="decimal commas in the column"),
    ],
)
def test_counts_of_a_serp_are_read_as_their_column_shows(
    tmp_path: Path, counts: tuple[str, ...], read: list[int]
) -> None:
    answer = asked(serp(tmp_path, *counts), "--keyword", "desk")
    assert [page["raw"] for page in answer["keywords"][0]["pages"]] == read


@pytest.mark.parametrize(
    "counts",
    [("1·234", "850", "2·100"), ("1.234,5", "12,5", "97"), ("high", "low", "850"), ("?",)],
)
def test_a_serp_whose_counts_cannot_be_read_is_refused_by_its_cells(
    tmp_path: Path, counts: tuple[str, ...]
) -> None:
    done = run(serp(tmp_path, *counts).name, "--own-rds", "0", cwd=tmp_path)
    assert done.code == 3
    assert f"its column 'Referring domains' cannot be read: {counts[0]!r} on line 2" in done.err


@pytest.mark.parametrize(
    ("days", "delimiter", "last"),
    [
        pytest.param(("05/06/2026", "13/06/2026"), ",", "2026-06-13", id="a day above 12"),
        pytest.param(("05/06/2026", "06/13/2026"), ",", "2026-06-13", id="a day above 12, second"),
        pytest.param(("05/06/2026", "05/06/2026"), ";", "2026-06-05", id="semicolons"),
        pytest.param(("05/06/2026", "05/06/2026"), ",", None, id="nothing tells"),
        pytest.param(("5.6.2026", "4.6.2026"), ",", "2026-06-05", id="points"),
    ],
)
def test_days_and_months_are_told_apart_by_the_column_or_the_file(
    tmp_path: Path, days: tuple[str, ...], delimiter: str, last: str | None
) -> None:
    rows = [["kw", str(n), f"https://s{n}.example/", day] for n, day in enumerate(days, start=1)]
    heading = ["keyword", "position", "url", "date"]
    answer = asked(saved(tmp_path / "serp.csv", [heading, *rows], delimiter))
    assert answer["inputs"][0]["to"] == last
    assert ("unreadable-column" in codes(answer)) == (last is None)


PAGES = {
    "cp1252": ("münchen.de", "lützen.de", "false", "true"),
    "cp1250": ("łódź.pl", "świętał.pl", "FAŁSZ", "PRAWDA"),
    "cp1251": ("почта.рф", "пример.рф", "ЛОЖЬ", "ИСТИНА"),
    "cp932": ("デスク.jp", "ランプ.jp", "FALSE", "TRUE"),
}


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("late", [False, True], ids=["at once", "late"])
def test_hosts_in_a_code_page_are_those_of_utf_8(tmp_path: Path, page: str, late: bool) -> None:  # noqa: FBT001  (a parameter of the test)
    first, second, no, yes = PAGES[page]
    hosts = [first, second, second]
    flags = [no, yes, no]
    before = [["https://plain.com/" + "x" * 90, PAGE, "0"]] * (1000 if late else 0)
    rows = [[f"https://{h}/", PAGE, flag] for h, flag in zip(hosts, flags, strict=True)]
    table = [["source_url", "target_url", "nofollow"], *before, *rows]
    right = counted(asked(saved(tmp_path / "utf8.csv", table)))
    assert right == (2 + late, 2 + late, 2 + late)
    assert counted(asked(saved(tmp_path / "paged.csv", table, encoding=page))) == right


def test_a_host_with_broken_bytes_is_no_further_domain(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    text = "source_url,target_url,anchor\nhttps://a.com/,{0},é ü\nhttps://m\udcfcn.de/,{0},ö\n"
    path.write_bytes(text.format(PAGE).encode("utf-8", "surrogateescape"))
    assert counted(asked(path))[0] == 1
