"""Unreadable values are unknown, and the answer says so; values with one reading are read."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pytest
from openpyxl import Workbook

from running import run

pytestmark = pytest.mark.slow

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


def semrush(*, yes: str, no: str, number: str, day: str, page: str = PAGE) -> list[list[str]]:
    """Give ten links: six live, two of these nofollow; the sixth is on a page of many links."""
    return [
        SEMRUSH.split("|"),
        *(
            [
                *("24", f"https://site{n}.example/a", page, number if n == 5 else "12"),
                *(yes if n < 2 else no, no, no, day, yes if n > 5 else no),
            ]
            for n in range(10)
        ),
    ]


def saved(path: Path, rows: Sequence[Sequence[str]], delimiter: str = ",", **how: str) -> Path:
    lines = [delimiter.join(row) for row in rows]
    path.write_bytes("\r\n".join([*lines, ""]).encode(how.get("encoding", "utf-8")))
    return path


def as_parquet(path: Path) -> Path:
    """Write a CSV as Parquet beside it, all columns as text."""
    new = path.with_suffix(".parquet")
    duckdb.connect().execute(
        f"copy (from read_csv('{path}', all_varchar = true)) to '{new}' (format parquet)"
    )
    return new


def asked(path: Path, *options: str) -> dict[str, Any]:
    done = run(path.name, "--own-rds", "0", *options, "--json", cwd=path.parent)
    assert done.code == 0, done.err
    answer: dict[str, Any] = json.loads(done.out)
    return answer


Counts = tuple[int | None, int | None, int | None]


def counted(answer: dict[str, Any]) -> Counts:
    (page,) = answer["keywords"][0]["pages"]
    return page["raw"], page["kept"], page["followed"]


def page_of(number: int) -> str:
    return f"https://shop{number}.example/desk"


def counted_each(answer: dict[str, Any]) -> list[Counts]:
    """Give the counts of `page_of` 0, 1, 2, ..."""
    found = {f"https://{page['page']}": page for page in answer["keywords"][0]["pages"]}
    pages = [found[page_of(number)] for number in range(len(found))]
    return [(page["raw"], page["kept"], page["followed"]) for page in pages]


def codes(answer: dict[str, Any]) -> list[str]:
    return [caution["code"] for caution in answer["cautions"]]


def test_a_list_saved_in_any_language_counts_as_it_was_exported(tmp_path: Path) -> None:
    for language, (yes, no, number, day, delimiter) in LOCALES.items():
        rows = semrush(yes=yes, no=no, number=number, day=day)
        for row in rows[1:]:
            row[2] = f"https://{language.lower()}.example/desk"
        saved(tmp_path / f"{language}.csv", rows, delimiter)

    answer = asked(tmp_path)

    (keyword,) = answer["keywords"]
    assert {
        page["domain"]: (page["raw"], page["kept"], page["followed"]) for page in keyword["pages"]
    } == {f"{language.lower()}.example": (6, 5, 3) for language in LOCALES}
    assert [item["problems"] for item in answer["inputs"]] == [0] * len(LOCALES)
    assert codes(answer) == []


def test_a_workbook_and_a_parquet_file_are_read_in_any_language(tmp_path: Path) -> None:
    rows = semrush(yes="ИСТИНА", no="ЛОЖЬ", number="1\u00a0234", day="12.10.2026")
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(out)
    (tmp_path / "list.xlsx").write_bytes(out.getvalue())
    saved(tmp_path / "list.csv", rows)
    as_parquet(tmp_path / "list.csv")
    assert counted(asked(tmp_path / "list.xlsx")) == (6, 5, 3)
    assert counted(asked(tmp_path / "list.parquet")) == (6, 5, 3)


UNKNOWN: dict[str, Counts] = {
    "Lost link": (None, None, None),
    "Nofollow": (6, 5, None),
    "Ugc": (6, 5, None),
    "Sponsored": (6, 5, None),
    "External links": (6, 6, 4),
}


@pytest.mark.parametrize("heading", UNKNOWN)
def test_a_column_that_cannot_be_read_leaves_what_rests_on_it_unknown(
    tmp_path: Path, heading: str
) -> None:
    words = [("peut-être", 10), ("peut-être", 3)]
    words += [("FALSCH?", 10), ("#REF!", 10)] if heading == "Lost link" else []
    for number, (word, bad) in enumerate(words):
        rows = semrush(
            yes="true", no="false", number="1234", day="2026-10-12", page=page_of(number)
        )
        for row in rows[-bad:]:
            row[rows[0].index(heading)] = word
        saved(tmp_path / f"{number}.csv", rows)

    answer = asked(tmp_path)

    assert counted_each(answer) == [UNKNOWN[heading]] * len(words)
    assert codes(answer) == ["unreadable-column"] * len(words)
    for number, (_, bad) in enumerate(words):
        said = (
            f"{number}.csv: column '{heading}' cannot be read: {bad} of 10 filled cells, the first "
        )
        assert f"/{said}is " in answer["cautions"][number]["text"]
    assert [item["problems"] for item in answer["inputs"]] == [1] * len(words)


def test_a_column_of_a_parquet_file_that_cannot_be_read_is_reported(tmp_path: Path) -> None:
    rows = semrush(yes="yep", no="nope", number="1234", day="2026-10-12")
    saved(tmp_path / "list.csv", rows)
    as_parquet(tmp_path / "list.csv")
    answer = asked(tmp_path / "list.parquet")
    assert counted(answer) == (None, None, None)
    assert set(codes(answer)) == {"unreadable-column"}


def test_one_bad_cell_in_a_sound_column_is_unknown_and_reported_with_its_line(
    tmp_path: Path,
) -> None:
    rows = semrush(yes="true", no="false", number="1234", day="2026-10-12")
    rows[4][4] = "often"
    done = run(saved(tmp_path / "list.csv", rows).name, "--own-rds", "0", "-v", cwd=tmp_path)
    assert done.code == 0
    assert "list.csv:5: column 'Nofollow' is unknown: true or false expected" in done.err


@pytest.mark.parametrize("container", ["csv", "parquet"])
def test_one_bad_cell_that_the_answer_rests_on_is_said_in_the_answer(
    tmp_path: Path, container: str
) -> None:
    effects = {
        "Lost link": "Such a link counts as live.",
        "Ugc": "Nothing tells whether such a link is followed.",
        "External links": "Such a cell counts as empty.",
    }
    for number, heading in enumerate(effects):
        rows = semrush(
            yes="true", no="false", number="1234", day="2026-10-12", page=page_of(number)
        )
        rows[4][rows[0].index(heading)] = "often"
        path = saved(tmp_path / f"{heading}.csv", rows)
        if container == "parquet":
            as_parquet(path).rename(tmp_path / f"{heading}.parquet")
            path.unlink()

    answer = asked(tmp_path)

    assert sorted(caution["text"].partition("/")[2] for caution in answer["cautions"]) == [
        f"{heading}.{container}: column '{heading}' has a cell that cannot be read, 'often' "
        f"(line 5). {effects[heading]}"
        for heading in sorted(effects)
    ]
    assert set(codes(answer)) == {"unreadable-cells"}


def test_a_sparse_column_of_which_nothing_can_be_read_is_unknown(tmp_path: Path) -> None:
    cells = [*("" for _ in range(98)), "gone", "gone"]
    rows = [[f"https://s{n}.example/", PAGE, cell] for n, cell in enumerate(cells)]
    answer = asked(saved(tmp_path / "list.csv", [["source_url", "target_url", "lost"], *rows]))
    assert counted(answer) == (None, None, None)
    assert codes(answer) == ["unreadable-column"]


def test_what_nothing_tells_is_not_followed_nor_silently_nofollow(tmp_path: Path) -> None:
    cases: dict[str, tuple[list[str], int | None]] = {
        "nothing is known": (["", "", ""], None),
        "marks for unknown": (["-", "-", "-"], None),
        "a share is unknown": (["false", "", "", "true"], None),
        "one of many is unknown": (["false"] * 30 + [""], 30),
        "all is known": (["true", "true", "false"], 1),
    }
    for number, (cells, _) in enumerate(cases.values()):
        rows = [[f"https://s{n}.com/", page_of(number), cell] for n, cell in enumerate(cells)]
        saved(tmp_path / f"{number}.csv", [["source_url", "target_url", "nofollow"], *rows])

    counts = dict(zip(cases, counted_each(asked(tmp_path)), strict=True))

    assert counts == {
        name: (len(cells), len(cells), followed) for name, (cells, followed) in cases.items()
    }


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
    [
        ("1·234", "850", "2·100"),
        ("1.234,5", "12,5", "97"),
        ("high", "low", "850"),
        ("?",),
        ("1·234", "850", "97", "40", "300", "20", "70", "80", "90", "66"),
    ],
)
def test_a_serp_whose_counts_cannot_be_read_is_refused_by_its_cells(
    tmp_path: Path, counts: tuple[str, ...]
) -> None:
    done = run(serp(tmp_path, *counts).name, "--own-rds", "0", cwd=tmp_path)
    assert done.code == 3
    assert (
        f"its column 'Referring domains' has cells that cannot be read: {counts[0]!r} on line 2"
    ) in done.err


@pytest.mark.parametrize(
    ("days", "delimiter", "last"),
    [
        pytest.param(("05/06/2026", "13/06/2026"), ",", "2026-06-13", id="a day above 12"),
        pytest.param(("05/06/2026", "06/13/2026"), ",", "2026-06-13", id="a day above 12, second"),
        pytest.param(("05/06/2026", "05/06/2026"), ";", "2026-06-05", id="semicolons"),
        pytest.param(("05/06/2026", "05/06/2026"), ",", None, id="nothing tells"),
        pytest.param(("5.6.2026", "4.6.2026"), ",", "2026-06-05", id="points"),
        pytest.param(("5.6.26", "4.6.26"), ",", "2026-06-05", id="points, short years"),
        pytest.param(("05-06-26", "05-06-26"), ",", None, id="dashes, nothing tells"),
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
    "gbk": ("电脑桌尺寸.cn", "书桌推荐.cn", "FALSE", "TRUE"),
    "cp949": ("책상추천.kr", "높이조절책상.kr", "FALSE", "TRUE"),
}


def test_hosts_in_a_code_page_are_those_of_utf_8(tmp_path: Path) -> None:
    cases = [(page, late) for page in PAGES for late in (0, 1)]
    for number, (page, late) in enumerate(cases):
        target = page_of(number)
        first, second, no, yes = PAGES[page]
        before = [["https://plain.com/" + "x" * 90, target, "0"]] * (1000 * late)
        rows = [
            [f"https://{host}/", target, flag]
            for host, flag in ((first, no), (second, yes), (second, no))
        ]
        table = [["source_url", "target_url", "nofollow"], *before, *rows]
        saved(tmp_path / f"{number:02}.csv", table, encoding=page)

    counts = counted_each(asked(tmp_path))

    assert counts == [(2 + late, 2 + late, 2 + late) for _, late in cases]


def test_a_host_with_broken_bytes_is_no_further_domain(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    text = "source_url,target_url,anchor\nhttps://a.com/,{0},é ü\nhttps://m\udcfcn.de/,{0},ö\n"
    path.write_bytes(text.format(PAGE).encode("utf-8", "surrogateescape"))
    assert counted(asked(path))[0] == 1


RIVALS = [f"https://rival{n}.example/desk" for n in range(3)]


def links_of(page: str, hosts: Sequence[str], **cells: str) -> list[list[str]]:
    """Give a list of links from hosts; each further column has one value throughout."""
    heading = ["source_url", "target_url", *cells]
    return [heading, *([f"https://{host}/x", page, *cells.values()] for host in hosts)]


def hosts(count: int) -> list[str]:
    return [f"site{n}.example" for n in range(count)]


def write_rivals(folder: Path, case: str = "", **first: str) -> None:
    """Write lists of 40, 30 and 20 domains; `first` are further columns of the strongest."""
    for number, count in enumerate((40, 30, 20)):
        page = RIVALS[number].replace("rival", f"{case}rival")
        rows = links_of(page, hosts(count), **({} if number else first))
        saved(folder / f"{case}{number}.csv", rows)


def asked_about_rivals(tmp_path: Path, *options: str, **first: str) -> dict[str, Any]:
    """Ask about the lists of `write_rivals`."""
    write_rivals(tmp_path, **first)
    named = [option for rival in RIVALS for option in ("--competitor", rival)]
    done = run(
        "0.csv", "1.csv", "2.csv", *named, "--own-rds", "5", *options, "--json", cwd=tmp_path
    )
    assert done.code == 0, done.err
    answer: dict[str, Any] = json.loads(done.out)
    return answer


def asked_by_keyword(
    folder: Path, cases: Mapping[str, Mapping[str, str]], *options: str
) -> dict[str, dict[str, Any]]:
    """Ask in one run about rivals of a keyword each, whose strongest has further columns."""
    for number, columns in enumerate(cases.values()):
        write_rivals(folder, f"k{number}", **columns)
    ranking = [
        [f"k{number}", str(place), url.replace("rival", f"k{number}rival")]
        for number in range(len(cases))
        for place, url in enumerate(RIVALS, start=1)
    ]
    saved(folder / "serp.csv", [["keyword", "position", "url"], *ranking])
    answers = {keyword["keyword"]: keyword for keyword in asked(folder, *options)["keywords"]}
    return {name: answers[f"k{number}"] for number, name in enumerate(cases)}


def assert_no_median(keyword: dict[str, Any], first: str) -> None:
    assert (keyword["goals"]["median"], keyword["gap"]["to_median"]) == (None, None)
    assert keyword["verdict"]["code"] == "too-little-data"
    assert "These link lists cannot be read" in keyword["verdict"]["sentence"]
    said = {caution["code"]: caution["text"] for caution in keyword["cautions"]}
    assert said["unreadable-lists"].endswith(
        f"because the link list of https://{first}.example/desk cannot be read: without it the "
        "median might be too low."
    )


def test_there_is_no_median_without_a_list_that_cannot_be_read(tmp_path: Path) -> None:
    words = ("#REF!", "vielleicht", "-1", "1900-01-01 00:00:00.000", "1/0/1900", "9999-12-31")
    (tmp_path / "together").mkdir()

    (keyword,) = asked_about_rivals(tmp_path, lost="jein")["keywords"]
    answers = asked_by_keyword(tmp_path / "together", {word: {"lost": word} for word in words})

    assert_no_median(keyword, "rival0")
    for number, word in enumerate(words):
        assert_no_median(answers[word], f"k{number}rival0")


def test_there_is_no_followed_median_without_a_list_that_does_not_say_it(tmp_path: Path) -> None:
    headings = ("nofollow", "ugc", "sponsored")
    cases = {heading: {"nofollow": "false", heading: "vielleicht"} for heading in headings}
    for heading, keyword in asked_by_keyword(tmp_path, cases, "--basis", "followed").items():
        assert keyword["goals"]["median"] is None, heading
        assert keyword["by_basis"]["raw"]["median"] == 30, heading


def test_no_limit_is_kept_by_a_gap_that_nothing_tells(tmp_path: Path) -> None:
    for number, page in enumerate((OWN, *RIVALS)):
        rows = links_of(page, hosts(20), nofollow="vielleicht")
        saved(tmp_path / f"{number}.csv", rows)
    named = [option for rival in RIVALS for option in ("--competitor", rival)]
    files = [f"{number}.csv" for number in range(4)]
    limit = ("--target", OWN, "--basis", "followed", "--fail-over", "5")
    assert run(*files, *named, *limit, cwd=tmp_path).code == 4


def test_the_vendors_totals_stand_in_for_a_list_that_cannot_be_read(tmp_path: Path) -> None:
    rows = [["k", str(n), url, "50"] for n, url in enumerate(RIVALS, start=1)]
    saved(tmp_path / "serp.csv", [["keyword", "position", "url", "referring_domains"], *rows])
    (keyword,) = asked_about_rivals(tmp_path, "serp.csv", lost="vielleicht")["keywords"]
    assert (keyword["basis"], keyword["goals"]["median"]) == ("raw", 50)


@pytest.mark.parametrize("wraps_all", [True, False], ids=["every row", "rows with quotes"])
@pytest.mark.parametrize("kind", ["links", "serp"])
def test_rows_that_a_spreadsheet_took_for_one_cell_are_read(
    tmp_path: Path,
    wraps_all: bool,  # noqa: FBT001  (a parameter of the test)
    kind: str,
) -> None:
    heading = "source_url,target_url,title" if kind == "links" else "keyword,position,url,title"
    for name in ("sound", "wrapped"):
        (tmp_path / name).mkdir()
    for number, delimiter in enumerate(",;\t"):
        rows = [
            f"https://s{n}.example/,{page_of(number)},{title}"
            if kind == "links"
            else f"k{number},{n + 1},https://s{n}.example/,{title}"
            for n, title in enumerate(('"a ""good"" desk, indeed"', "plain", '"one, two"'))
        ]
        lines = [heading.replace(",", delimiter), *(swap(row, delimiter) for row in rows)]
        wrapped = [
            '"' + line.replace('"', '""') + '"' if wraps_all or '"' in line else line
            for line in lines
        ]
        saved(tmp_path / "sound" / f"{number}.csv", [[line] for line in lines])
        saved(tmp_path / "wrapped" / f"{number}.csv", [[line] for line in wrapped])

    before, after = asked(tmp_path / "sound"), asked(tmp_path / "wrapped")

    assert after["keywords"] == before["keywords"]
    assert [item["problems"] for item in after["inputs"]] == [0, 0, 0]


def swap(row: str, delimiter: str) -> str:
    """Write a row of commas with another delimiter."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="").writerow(next(csv.reader([row])))
    return out.getvalue()


def test_a_list_with_rows_that_cannot_be_read_is_cut(tmp_path: Path) -> None:
    cases = [
        (*counts, row)
        for counts in (
            (3, 1, "at least"),
            (20, 3, "at least"),
            (100, 2, "exact"),
            (40, 0, "exact"),
        )
        for row in ("https://a.example/", "no host,{0}", "{0},{0},{0}")
    ]
    for number, (good, bad, _, row) in enumerate(cases):
        page = page_of(number)
        path = saved(tmp_path / f"{number:02}.csv", links_of(page, hosts(good)))
        path.write_text(path.read_text() + f"{row.format(page)}\r\n" * bad)
    ranking = [[f"k{number:02}", "1", page_of(number)] for number in range(len(cases))]
    saved(tmp_path / "serp.csv", [["keyword", "position", "url"], *ranking])

    answer = asked(tmp_path)

    goals = {one["keyword"]: one["goals"] for one in answer["keywords"]}
    assert [(goals[k]["median"], goals[k]["bound"]) for k in sorted(goals)] == [
        (good, bound) for good, _, bound, _ in cases
    ]
    complete = [item["complete"] for item in answer["inputs"] if item["kind"] == "links"]
    assert complete == [False if case[2] == "at least" else None for case in cases]


@pytest.mark.parametrize("row", ["k,2", "k,2,no page,900", "k,,https://c.example/,900", 'k,2,"x'])
def test_a_row_of_a_serp_that_cannot_be_read_is_said_in_the_answer(
    tmp_path: Path, row: str
) -> None:
    (tmp_path / "serp.csv").write_text(
        "keyword,position,url,referring_domains\n"
        f"k,1,https://a.example/,500\n{row}\nk,3,https://b.example/,7\n"
    )
    (caution,) = asked(tmp_path / "serp.csv")["cautions"]
    assert caution["code"] == "rows-not-read"
    assert "1 row cannot be read, so pages that rank may be missing" in caution["text"]


@pytest.mark.parametrize("heading", ["Linking page", "source_url;target_url"])
def test_an_address_in_quotes_of_its_own_is_read(tmp_path: Path, heading: str) -> None:
    sources = [f"https://site{n}.example/p?a=1,2" for n in range(3)]
    bindings: list[str] = []
    for number, mark in enumerate(('"{0}"', "'{0}'", "<{0}>", "“{0}”")):
        page, path = page_of(number), tmp_path / f"{number}.csv"
        ends = [page] if ";" in heading else []
        bindings += [] if ends else ["--links-for", f"{page}={path}"]
        with path.open("w", newline="") as file:
            rows = [[mark.format(source), *ends] for source in sources]
            csv.writer(file, delimiter=";").writerows([heading.split(";"), *rows])

    assert [raw for raw, *_ in counted_each(asked(tmp_path, *bindings))] == [3] * 4


def test_the_words_of_a_rel_are_read_whatever_separates_them(tmp_path: Path) -> None:
    for number, rel in enumerate(("NoFollow;UGC", "nofollow/external", "no-follow", "No follow")):
        page = page_of(number)
        rows = [[f"https://s{n}.com/", page, f'"{r}"'] for n, r in enumerate((rel, "noopener", ""))]
        saved(tmp_path / f"{number}.csv", [["source_url", "target_url", "rel"], *rows])

    assert [followed for *_, followed in counted_each(asked(tmp_path))] == [2] * 4


def test_files_put_together_repeat_a_header_and_lose_no_row(tmp_path: Path) -> None:
    one = saved(tmp_path / "one.csv", links_of(PAGE, hosts(3)), encoding="utf-8-sig")
    two = saved(tmp_path / "two.csv", links_of(PAGE, hosts(5)), encoding="utf-8-sig")
    (tmp_path / "both.csv").write_bytes(one.read_bytes() + two.read_bytes())
    answer = asked(tmp_path / "both.csv")
    assert counted(answer)[0] == 5
    assert answer["keywords"][0]["goals"]["bound"] == "exact"


@pytest.mark.parametrize("encoding", ["utf-32", "utf-32-le", "utf-32-be"])
def test_utf_32_is_refused_by_name_or_as_no_text(tmp_path: Path, encoding: str) -> None:
    saved(tmp_path / "list.csv", links_of(PAGE, hosts(3)), encoding=encoding)
    done = run("list.csv", cwd=tmp_path)
    assert done.code == 3
    assert "it is UTF-32 text" in done.err or "it is binary data, not text" in done.err


def test_a_few_characters_can_tell_a_code_page(tmp_path: Path) -> None:
    texts = (
        ("日本.jp", "cp932"),
        ("机,椅子", "cp932"),
        ("it\u2019s", "cp1252"),
        ("źdźbło", "cp1250"),
        ("升降桌怎么选\uff1f", "gbk"),
        ("스탠딩 데스크 추천", "cp949"),
        ("ИСТИНА ЛОЖЬ СТОЛ", "cp1251"),
        ("её стол для работы", "cp1251"),
    )
    for number, (text, page) in enumerate(texts):
        (tmp_path / f"{number}.csv").write_bytes(
            f'source_url,target_url,anchor\nhttps://a.com/,{page_of(number)},"{text}"\n'.encode(
                page
            )
        )

    assert [item["note"] for item in asked(tmp_path)["inputs"]] == [
        f"it is not UTF-8 text and was read as {page}" for _, page in texts
    ]


@pytest.mark.parametrize("spelling", ["Desk  Lamp", " desk lamp", "DESK\u00a0LAMP"])
def test_a_keyword_with_other_spaces_is_the_keyword(tmp_path: Path, spelling: str) -> None:
    for name, keyword, count in (("a", "desk lamp", "5"), ("b", spelling, "500")):
        rows = [["keyword", "position", "url", "referring_domains"], [keyword, "1", PAGE, count]]
        saved(tmp_path / f"{name}.csv", rows)
    done = run("a.csv", "b.csv", "--own-rds", "0", cwd=tmp_path)
    assert done.code == 3
    assert "has another SERP of" in done.err


OWN = "https://ours.example/desk"
AUDITED = "nofollow", "spam", "authority", "domain_traffic", "first_seen"


def test_an_audit_names_every_column_that_it_cannot_read(tmp_path: Path) -> None:
    cells = {name: "05/06/2026" if "seen" in name else "evet" for name in AUDITED}
    saved(tmp_path / "own.csv", links_of(OWN, hosts(9), **cells))

    done = run("audit", "own.csv", "--target", OWN, cwd=tmp_path)

    assert done.code == 0
    said = " ".join(done.out.split())
    for heading in AUDITED:
        assert f"own.csv: column '{heading}' cannot be read: 9 of 9 filled cells" in said
    assert "New and lost domains by month are unknown" in done.out


def test_leads_name_the_authority_that_they_cannot_be_put_in_order_by(tmp_path: Path) -> None:
    for number, rival in enumerate(RIVALS):
        saved(tmp_path / f"{number}.csv", links_of(rival, hosts(9), authority="hoch", metric="DR"))
    saved(tmp_path / "own.csv", [*links_of(OWN, hosts(2)), ["broken"]])
    named = [option for rival in RIVALS for option in ("--competitor", rival)]
    files = ("0.csv", "1.csv", "2.csv", "own.csv")
    done = run("prospects", *files, "--target", OWN, *named, "--json", cwd=tmp_path)
    answer = json.loads(done.out)
    codes = [caution["code"] for caution in answer["cautions"]]
    assert codes == ["unreadable-column"] * 3
    assert "authority" in answer["cautions"][0]["text"]
    (group,) = answer["keywords"]
    assert "incomplete-own-list" in f"{group['cautions']}"


@pytest.mark.parametrize("heading", ["authority", "volume"])
@pytest.mark.parametrize("keywords", [["lamp"], ["lamp", "desk"]], ids=["one", "several"])
def test_a_plan_names_the_column_that_it_cannot_read(
    tmp_path: Path, keywords: list[str], heading: str
) -> None:
    rows = [
        [kw, str(n), f"https://{kw}{n}.example/", "9", "viel"] for kw in keywords for n in (1, 2, 3)
    ]
    table = [["keyword", "position", "url", "referring_domains", heading], *rows]
    saved(tmp_path / "serp.csv", table)
    done = run("plan", "serp.csv", "--own-rds", "1", cwd=tmp_path)
    assert done.code == 0
    assert f"serp.csv: column '{heading}' cannot be read" in " ".join(done.out.split())


def test_a_plan_gives_no_months_to_a_goal_that_cannot_be_read(tmp_path: Path) -> None:
    write_rivals(tmp_path, lost="jein")
    named = [option for rival in RIVALS for option in ("--competitor", rival)]
    files = ("0.csv", "1.csv", "2.csv")
    done = run("plan", *files, *named, "--own-rds", "5", "--pace", "2", cwd=tmp_path)
    said = " ".join(done.out.split())
    assert "These link lists cannot be read: https://rival0.example/desk" in said
    assert "its link list cannot be read" in said
    assert "Months" not in said


def lists_of(folder: Path, columns: Sequence[Sequence[str]]) -> dict[str, Any]:
    """Ask about lists of followed links: one for each column of dates of loss."""
    heading = ["Referring page URL", "Target URL", "Nofollow", "Lost"]
    for number, lost in enumerate(columns):
        page = page_of(number)
        links = [[f"https://site{n}.example/", page, "false", day] for n, day in enumerate(lost)]
        saved(folder / f"{number:02}.csv", [heading, *links])
    return asked(folder)


def test_a_mark_for_no_date_of_loss_is_no_loss(tmp_path: Path) -> None:
    marks = [
        "-",
        "n/a",
        "NA",
        "NaN",
        "NaT",
        "<NA>",
        "null",
        "None",
        "\\N",
        "0",
        "FALSE",
        "0000-00-00",
    ]

    answer = lists_of(tmp_path, [(mark, mark, "2026-03-05 01:32:56") for mark in marks])

    assert counted_each(answer) == [(2, 2, 2)] * len(marks)


def test_a_date_of_loss_is_a_loss_however_it_is_written(tmp_path: Path) -> None:
    days = ("5 Mar 2026", "05-Mar-26", "46086.06", "2026年3月5日", "TRUE", "gone")

    assert counted_each(lists_of(tmp_path, [("", day, day) for day in days])) == [(1, 1, 1)] * 6


def test_a_list_is_not_counted_where_dates_of_loss_cannot_be_read(tmp_path: Path) -> None:
    answer = lists_of(tmp_path, [("", text, text) for text in ("########", "soon", "?")])

    assert counted_each(answer) == [(None, None, None)] * 3
    assert codes(answer) == ["unreadable-column"] * 3


def test_flags_of_other_programs_are_read(tmp_path: Path) -> None:
    for number, (yes, no) in enumerate((("1.0", "0.0"), ("t", "f"), ("Y", "N"))):
        rows = semrush(yes=yes, no=no, number="1234", day="2026-10-12", page=page_of(number))
        saved(tmp_path / f"{number}.csv", rows)

    assert counted_each(asked(tmp_path)) == [(6, 5, 3)] * 3


def test_a_list_of_which_no_source_can_be_read_is_not_zero(tmp_path: Path) -> None:
    spellings = ('=HYPERLINK("https://{0}/")', "[{0}](https://{0}/)", "?")
    bindings: list[str] = []
    (tmp_path / "named").mkdir()
    for number, source in enumerate(spellings):
        texts = [source.format(host).replace(",", ";") for host in hosts(3)]
        rows = [[text, page_of(number)] for text in texts]
        saved(tmp_path / "named" / f"{number}.tsv", [["source_url", "target_url"], *rows], "\t")
        bound = saved(
            tmp_path / f"{number}.tsv", [["source_domain"], *([text] for text in texts)], "\t"
        )
        bindings += ["--links-for", f"{page_of(number)}={bound.name}"]

    answer = asked(tmp_path / "named")
    unknown = [(spelling, (None, None, None)) for spelling in spellings]
    assert list(zip(spellings, counted_each(answer), strict=True)) == unknown

    done = run(*bindings, "--own-rds", "0", "--json", cwd=tmp_path)
    assert done.code == 0, done.err
    answer = json.loads(done.out)
    assert list(zip(spellings, counted_each(answer), strict=True)) == unknown
    assert [item["complete"] for item in answer["inputs"]] == [False] * len(spellings)


def test_a_date_in_the_flag_of_lost_links_is_a_loss(tmp_path: Path) -> None:
    cells = ["", "no", "false", "NA", "yes", "2026-03-05", "5 Mar 2026"]
    rows = [[f"https://site{n}.example/", PAGE, lost] for n, lost in enumerate(cells)]
    path = saved(tmp_path / "list.csv", [["source_url", "target_url", "lost"], *rows])
    assert counted(asked(path))[0] == 4
