"""Exports are found in archives, compressed files, spreadsheets and Parquet, by their bytes."""

import gzip
import json
import struct
import sys
import zipfile
import zlib
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from packing import write_gzip, write_parquet, write_query, write_workbook, write_zip
from running import FIXTURES, ask, command_after, result, run, run_process
from tables import OURS, rival, write_serp

SERP = (FIXTURES / "vendors/gapcalc-serp.csv").read_bytes()
LINKS = (FIXTURES / "vendors/gapcalc-links.csv").read_bytes()
HEADER = ("keyword", "position", "url", "referring_domains")
NOON = datetime(2026, 1, 31, 12)  # noqa: DTZ001  (spreadsheets know no time zones)
DAMAGED = "it is a damaged spreadsheet, or none"
OUT_OF_MEMORY = "import resource; resource.setrlimit(resource.RLIMIT_AS, (3 << 29, 3 << 29))"
OUT_OF_SPACE = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 16, 1 << 16))"


def serp_rows(*counts: object) -> list[tuple[object, ...]]:
    return [("desk lamp", n, rival(n), count) for n, count in enumerate(counts, start=1)]


def counts(path: Path) -> list[int | None]:
    return [page["raw"] for page in ask(path)["pages"]]


def refusal(path: Path, *more: object) -> str:
    """Give the message with which a named file is refused."""
    done = run(path.name, *more, cwd=path.parent)
    assert (done.code, done.out) == (3, "")
    assert done.err.startswith("gapcalc: ")
    assert done.err.count("\n") == 1
    return done.err.removeprefix("gapcalc: ").rstrip("\n")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("packed", "plain"),
    [
        ("containers/links.csv.gz", "vendors/ahrefs-backlinks-2026.csv"),
        ("containers/serp.xlsx", "vendors/gapcalc-serp.csv"),
    ],
)
def test_a_packed_fixture_reads_as_the_plain_one(packed: str, plain: str) -> None:
    assert ask(packed, "--target", OURS) == ask(plain, "--target", OURS)


# --- gzip ----------------------------------------------------------------------------------------


def test_a_compressed_export_reads_as_the_export_whatever_its_name(tmp_path: Path) -> None:
    plain, packed = tmp_path / "a.csv", write_gzip(tmp_path / "b.csv", SERP)
    plain.write_bytes(SERP)

    assert ask(packed) == ask(plain)
    (told,) = result(packed.name, cwd=tmp_path)["inputs"]
    assert (told["name"], told["format"], told["note"]) == ("b.csv", "gapcalc-serp", None)


def test_compressed_standard_input_is_read() -> None:
    assert run("-", stdin=gzip.compress(SERP)).out == run("-", stdin=SERP).out


def test_parts_put_together_are_read_as_one_and_padding_is_passed_over(tmp_path: Path) -> None:
    half = SERP.index(b"\n", len(SERP) // 2) + 1
    packed = write_gzip(tmp_path / "two.gz", SERP[:half], b"", SERP[half:])
    packed.write_bytes(packed.read_bytes() + bytes(1000))

    assert ask(packed) == ask(FIXTURES / "vendors/gapcalc-serp.csv")


@pytest.mark.parametrize("kept", [3, 12, 100, -9, -1])
def test_a_compressed_file_that_is_cut_off_is_never_half_read(tmp_path: Path, kept: int) -> None:
    (tmp_path / "cut.gz").write_bytes(gzip.compress(SERP)[:kept])

    assert refusal(tmp_path / "cut.gz") == (
        "cut.gz: it ends too early: the download was cut off. Export or download it again"
    )


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda data: data[:-6] + b"\xff" + data[-5:], id="another sum"),
        pytest.param(lambda data: data[:40] + b"\xff\xff\xff" + data[43:], id="other bytes"),
        pytest.param(lambda data: data + b"rubbish", id="more after the end"),
    ],
)
def test_a_damaged_compressed_file_is_refused(
    tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    (tmp_path / "bad.gz").write_bytes(damage(gzip.compress(SERP)))

    assert refusal(tmp_path / "bad.gz") == (
        "bad.gz: its compressed data is damaged. Export or download it again"
    )


def test_a_compressed_file_that_no_reader_knows_is_an_error_like_any_named_file(
    tmp_path: Path,
) -> None:
    unknown = (FIXTURES / "broken/unknown.csv").read_bytes()
    write_gzip(tmp_path / "unknown.csv.gz", unknown)

    assert refusal(tmp_path / "unknown.csv.gz").startswith(
        "unknown.csv.gz: its headings are not known (found: Invoice, Customer"
    )


@pytest.mark.slow
def test_what_unpacks_to_hundreds_of_times_its_size_is_refused(tmp_path: Path) -> None:
    row = b'"desk lamp",1,https://a.example/,5\n'
    data = SERP.splitlines(keepends=True)[0] + row * (110 * 1024 * 1024 // len(row))
    (tmp_path / "bomb.gz").write_bytes(gzip.compress(data, 6))

    assert refusal(tmp_path / "bomb.gz") == (
        "bomb.gz: it unpacks to more than 200 times its size; no export does that. "
        "Give the exports alone"
    )


@pytest.mark.skipif(sys.platform == "win32", reason="limits on file sizes are a system's own")
def test_a_full_disk_is_reported_as_such(tmp_path: Path) -> None:
    (tmp_path / "big.gz").write_bytes(gzip.compress(SERP + b"\n" * 10**6))

    done = run_process("big.gz", cwd=tmp_path, command=command_after(OUT_OF_SPACE))

    assert done.code == 3
    assert "cannot be written" in done.err
    assert "TMPDIR" in done.err


# --- ZIP -----------------------------------------------------------------------------------------


def test_the_files_of_an_archive_are_read_like_those_of_a_folder(tmp_path: Path) -> None:
    write_zip(
        tmp_path / "all.zip",
        {
            "b/links.csv": LINKS,
            "a/serp.csv.gz": gzip.compress(SERP),
            "notes.txt": b"remember the milk",
            "__MACOSX/._serp.csv": b"\0\5\26\7",
            ".DS_Store": b"\0",
            "empty.csv": b"",
        },
    )
    told = result("all.zip", cwd=tmp_path)["inputs"]

    assert [(item["name"], item["format"], item["note"]) for item in told] == [
        ("all.zip/a/serp.csv.gz", "gapcalc-serp", None),
        ("all.zip/b/links.csv", "gapcalc-links", None),
        ("all.zip/empty.csv", None, "skipped: the file is empty"),
        (
            "all.zip/notes.txt",
            None,
            "skipped: its headings are not known (found: remember the milk)",
        ),
    ]


def test_an_archive_in_a_folder_is_opened_too(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    write_zip(tmp_path / "in/all.zip", {"serp.csv": SERP})
    (tmp_path / "in/links.csv").write_bytes(LINKS)

    told = result("in", cwd=tmp_path)["inputs"]

    assert [item["name"] for item in told] == ["in/all.zip/serp.csv", "in/links.csv"]


def test_the_same_content_twice_is_two_files_and_the_same_archive_twice_is_one(
    tmp_path: Path,
) -> None:
    write_zip(tmp_path / "a.zip", {"one.csv": SERP, "two.csv": SERP})

    told = result("a.zip", "./a.zip", "a.zip/two.csv", cwd=tmp_path)["inputs"]

    assert [item["name"] for item in told] == ["a.zip/one.csv", "a.zip/two.csv"]


def test_one_file_of_an_archive_can_be_named(tmp_path: Path) -> None:
    write_zip(tmp_path / "a.zip", {"in/serp.csv": SERP, "links.csv": LINKS})

    (told,) = result("a.zip/in/serp.csv", cwd=tmp_path)["inputs"]

    assert told["name"] == "a.zip/in/serp.csv"
    assert refusal(tmp_path / "a.zip", "a.zip/nowhere.csv") == (
        "a.zip/nowhere.csv: there is no such file in the archive. Check the path"
    )


def test_a_path_into_a_plain_file_leads_nowhere(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(SERP)

    assert refusal(tmp_path / "a.csv", "a.csv/b.csv") == (
        "a.csv/b.csv: there is no such file. Check the path"
    )


def test_an_archive_without_a_readable_file_is_an_error_that_names_each(tmp_path: Path) -> None:
    write_zip(tmp_path / "a.zip", {"notes.txt": b"milk", "empty.csv": b""})

    assert refusal(tmp_path / "a.zip") == (
        "a.zip: nothing in it can be read (a.zip/empty.csv: the file is empty; a.zip/notes.txt: its "
        "headings are not known (found: milk)). Put exports there (gapcalc formats lists what is "
        "read), or name a file."
    )


def test_an_empty_archive_is_an_error(tmp_path: Path) -> None:
    write_zip(tmp_path / "a.zip", {})

    assert refusal(tmp_path / "a.zip").startswith(
        "a.zip: nothing in it can be read (it holds no files)."
    )


def test_an_archive_in_an_archive_is_skipped_with_the_reason(tmp_path: Path) -> None:
    inner = write_zip(tmp_path / "inner.zip", {"serp.csv": SERP}).read_bytes()
    write_zip(tmp_path / "a.zip", {"inner.zip": inner, "serp.csv": SERP})

    told = result("a.zip", cwd=tmp_path)["inputs"]

    assert told[0]["note"] == "skipped: it is a ZIP archive within another file"


def test_what_is_packed_over_and_over_is_refused(tmp_path: Path) -> None:
    write_gzip(tmp_path / "a.gz", gzip.compress(gzip.compress(SERP)))

    assert refusal(tmp_path / "a.gz") == (
        "a.gz: it is a gzip file within another file. Unpack it first"
    )


@pytest.mark.parametrize("kept", [0.3, 0.9, 0.99])
def test_an_archive_that_is_cut_off_is_never_half_read(tmp_path: Path, kept: float) -> None:
    data = write_zip(tmp_path / "a.zip", {"serp.csv": SERP, "links.csv": LINKS}).read_bytes()
    (tmp_path / "a.zip").write_bytes(data[: int(len(data) * kept)])

    assert refusal(tmp_path / "a.zip") == (
        "a.zip: it ends too early: the download was cut off. Export or download it again"
    )


def test_a_damaged_or_locked_file_of_an_archive_is_skipped_and_the_others_are_read(
    tmp_path: Path,
) -> None:
    path = write_zip(
        tmp_path / "a.zip",
        dict.fromkeys(("bad.csv", "good.csv", "locked.csv", "odd.csv"), SERP),
        zipfile.ZIP_STORED,
    )
    with zipfile.ZipFile(path) as archive:
        starts = {member.filename: member.header_offset for member in archive.infolist()}
    data = bytearray(path.read_bytes())
    data[starts["bad.csv"] + 200] ^= 1
    data[data.rindex(b"locked.csv") - 46 + 8] |= 1
    data[data.rindex(b"odd.csv") - 46 + 10] = 12
    path.write_bytes(data)

    told = {item["name"]: item["note"] for item in result("a.zip", cwd=tmp_path)["inputs"]}

    assert told == {
        "a.zip/bad.csv": "skipped: it is damaged or cut off in the archive",
        "a.zip/good.csv": None,
        "a.zip/locked.csv": "skipped: it is encrypted",
        "a.zip/odd.csv": "skipped: it is compressed in a way that is not read (method 12)",
    }


def test_a_wrong_size_in_the_archive_is_noticed(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {"a.csv": SERP, "b.csv": SERP})
    data = bytearray(path.read_bytes())
    at = data.rindex(b"a.csv") - 46
    data[at + 24 : at + 28] = struct.pack("<I", 100)
    data[at + 16 : at + 20] = struct.pack("<I", zlib.crc32(SERP[:100]))
    path.write_bytes(data)

    told = result("a.zip", cwd=tmp_path)["inputs"]

    assert told[0]["note"] == "skipped: it is damaged or cut off in the archive"


def test_files_of_an_archive_that_share_their_bytes_are_refused(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {"a.csv": SERP, "b.csv": SERP})
    data = bytearray(path.read_bytes())
    at = data.rindex(b"b.csv") - 46
    data[at + 42 : at + 46] = struct.pack("<I", 10)
    path.write_bytes(data)

    assert "its files overlap; no export is packed so" in refusal(path)


@pytest.mark.slow
def test_an_archive_of_too_many_files_is_refused(tmp_path: Path) -> None:
    write_zip(tmp_path / "a.zip", {f"{n}.csv": b"" for n in range(10_001)}, zipfile.ZIP_STORED)

    assert refusal(tmp_path / "a.zip") == (
        "a.zip: it holds more than 10,000 files. Unpack it and name the folder"
    )


def test_no_path_in_an_archive_touches_the_disk(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    write_zip(tmp_path / "in/a.zip", {"../../up.csv": SERP, f"{tmp_path}/root.csv": SERP})

    done = run("in/a.zip", "--json", cwd=tmp_path)

    assert done.code == 0
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a.zip", "in"]


def test_other_office_documents_are_refused_by_what_they_are(tmp_path: Path) -> None:
    write_zip(tmp_path / "a.ods", {"mimetype": b"application/vnd", "content.xml": b"<x/>"})

    assert refusal(tmp_path / "a.ods") == (
        "a.ods: it is an office document other than XLSX. Save the sheet as CSV or XLSX"
    )


# --- which page a packed list is of --------------------------------------------------------------

DOMAINS = "Domain\tDomain rating\tDofollow links\tLinks to target\tFirst seen\tLost\n"


@pytest.mark.parametrize("packed", ["gzip", "archive", "archive of one"])
def test_a_packed_list_can_be_bound_to_its_page(tmp_path: Path, packed: str) -> None:
    write_serp(tmp_path / "serp.csv", [5, 6, 7], ours=(4, None))
    list_ = (FIXTURES / "vendors/ahrefs-refdomains.tsv").read_bytes()
    name = "own.gz" if packed == "gzip" else "a.zip/in/own.tsv" if packed == "archive" else "a.zip"
    if packed == "gzip":
        write_gzip(tmp_path / "own.gz", list_)
    else:
        more = {"notes.txt": b"milk"} if packed == "archive" else {}
        write_zip(tmp_path / "a.zip", {"in/own.tsv": list_, **more})

    named = ask("serp.csv", "--target", OURS, "--links-for", f"{OURS}={name}", cwd=tmp_path)

    assert named["target_page"]["raw"] == 22


def test_an_archive_of_several_lists_is_of_no_one_page(tmp_path: Path) -> None:
    list_ = (FIXTURES / "vendors/ahrefs-refdomains.tsv").read_bytes()
    write_zip(tmp_path / "a.zip", {"one.tsv": list_, "two.tsv": list_})

    done = run("a.zip", "--links-for", f"{OURS}=a.zip", cwd=tmp_path)

    assert done.code == 2
    assert done.err == (
        f"gapcalc: --links-for {OURS}=a.zip: name one file or sheet, not several, such as "
        "a.zip/one.tsv\n"
    )


# --- spreadsheets --------------------------------------------------------------------------------


def test_a_spreadsheet_reads_as_the_export_that_was_saved_in_it(tmp_path: Path) -> None:
    book = write_workbook(tmp_path / "book.csv", {"S": [HEADER, *serp_rows(12, 34.0, "1,234")]})

    assert counts(book) == [12, 34, 1234]
    (told,) = result(book)["inputs"]
    assert told["note"] is None


def link_rows(target: str, *hosts: str) -> list[tuple[object, ...]]:
    return [("source_url", "target_url"), *((f"https://{host}/", target) for host in hosts)]


@pytest.mark.slow
def test_every_sheet_that_a_reader_knows_is_read_and_the_others_are_told(tmp_path: Path) -> None:
    book = write_workbook(
        tmp_path / "book.xlsx",
        {
            "About": [("made by", "someone")],
            "Empty": [],
            "SERP": [("Report of today",), (), HEADER, *serp_rows(3, 1)],
            "First": link_rows(rival(1), "a.example", "b.example", "c.example"),
            "Second": link_rows(rival(2), "a.example"),
        },
    )

    pages = ask(book)["pages"]
    assert [(page["raw"], page["kept"]) for page in pages] == [(3, 3), (1, 1)]
    told = result(book.name, cwd=tmp_path)
    about = "its headings are not known (found: made by, someone)"
    assert [(each["name"], each["note"]) for each in told["inputs"]] == [
        ("book.xlsx/About", f"skipped: {about}"),
        ("book.xlsx/SERP", "sheet 'SERP' of 5"),
        ("book.xlsx/First", "sheet 'First' of 5"),
        ("book.xlsx/Second", "sheet 'Second' of 5"),
    ]
    assert [caution["text"] for caution in told["cautions"] if caution["code"] == "not-read"] == [
        f"1 of the inputs was not read: book.xlsx/About ({about})."
    ]


@pytest.mark.slow
def test_hidden_sheets_are_read_and_said(tmp_path: Path) -> None:
    book = write_workbook(
        tmp_path / "book.xlsx",
        {
            "SERP": [HEADER, *serp_rows(5, 6)],
            "Hidden": link_rows(rival(1), "a.example"),
            "Deep": link_rows(rival(2), "a.example", "b.example"),
        },
    )
    workbook = openpyxl.load_workbook(book)
    workbook["Hidden"].sheet_state = "hidden"
    workbook["Deep"].sheet_state = "veryHidden"
    workbook.save(book)

    assert [page["kept"] for page in ask(book)["pages"]] == [1, 2]
    notes = [each["note"].split(";")[0] for each in result(book)["inputs"]]
    assert notes == ["sheet 'SERP' of 3", "hidden sheet 'Hidden' of 3", "hidden sheet 'Deep' of 3"]


def test_the_only_filled_sheet_is_the_workbook(tmp_path: Path) -> None:
    sheets = {"Sheet1": [HEADER, *serp_rows(5, 6)], "Sheet2": [], "Sheet3": []}
    book = write_workbook(tmp_path / "book.xlsx", sheets)

    (told,) = result(book.name, cwd=tmp_path)["inputs"]
    assert (told["name"], told["note"]) == ("book.xlsx", "sheet 'Sheet1' of 3")


@pytest.mark.slow
def test_a_sheet_is_named_and_bound_like_a_file(tmp_path: Path) -> None:
    domains = [("source_domain",), ("a.example",), ("b.example",)]
    more = [*domains, ("c.example",)]
    empty = [("source_domain",)]
    serp = write_workbook(tmp_path / "serp.xlsx", {"S": [HEADER, *serp_rows(9, 9)]})
    book = write_workbook(tmp_path / "lists.xlsx", {"One": domains, "Two": more, "Own": empty})
    write_zip(tmp_path / "all.zip", {"lists.xlsx": book.read_bytes()})
    pages = {"One": rival(1), "Two": rival(2), "Own": OURS}
    for place in ("lists.xlsx", "all.zip/lists.xlsx"):
        bound = [f"--links-for={page}={place}/{sheet}" for sheet, page in pages.items()]
        for inputs in ([serp.name], [serp.name, place.split("/")[0]]):
            told = result(*inputs, "--target", OURS, *bound, cwd=tmp_path)
            (keyword,) = told["keywords"]
            assert [page["kept"] for page in keyword["pages"]] == [2, 3]
            assert keyword["target_page"]["kept"] == 0
            names = {each["name"] for each in told["inputs"]}
            assert names == {"serp.xlsx", *(f"{place}/{sheet}" for sheet in pages)}
            assert told["cautions"] == []
    alone = result("serp.xlsx/S", cwd=tmp_path)
    assert [page["raw"] for page in alone["keywords"][0]["pages"]] == [9, 9]
    assert refusal_in(tmp_path, "lists.xlsx/Three") == (
        "lists.xlsx: there is no sheet 'Three'. Check the name"
    )


def refusal_in(folder: Path, name: str) -> str:
    done = run(name, cwd=folder)
    assert done.code == 3
    return done.err.removeprefix("gapcalc: ").rstrip("\n")


def test_when_no_sheet_is_known_a_refused_one_says_why(tmp_path: Path) -> None:
    write_workbook(
        tmp_path / "book.xlsx",
        {"About": [("made by",)], "Gap": [("Domain", "Domain ascore", "Matches"), ("a", 1, 2)]},
    )

    assert "this is Semrush Backlink Gap" in refusal(tmp_path / "book.xlsx")


@pytest.mark.slow
def test_dates_flags_and_shares_are_read_as_they_are_shown(tmp_path: Path) -> None:
    header = ("source_url", "target_url", "first_seen", "last_seen", "nofollow", "authority")
    rows = [
        ("https://a.example/", OURS, date(2026, 1, 31), NOON, True, 40),
        ("https://b.example/", OURS, "2026-01-31", None, False, 4.5),
        ("https://c.example/", OURS, None, None, "false", (0.4, "0%")),
    ]
    book = write_workbook(tmp_path / "book.xlsx", {"S": [header, *rows]})

    done = run(book.name, "--target", OURS, "--min-authority", "5", cwd=tmp_path)

    assert done.err == (
        "book.xlsx:4: column 'authority' is unknown: a score from 0 to 100 expected, found '40%'\n"
    )


@pytest.mark.parametrize(
    "value",
    [
        "#N/A",
        "#ERROR!",
        "#REF!",
        "#NAME?",
        "#GETTING_DATA",
        "#SPILL!",
        "#NV",
        "Err:502",
        "#¡VALOR!",
    ],
)
@pytest.mark.parametrize(
    "cell",
    [
        pytest.param('<c r="E2" t="e"><v>{}</v></c>', id="error"),
        pytest.param("<c t='e' r='E2'><f>B9</f><v xml:space='preserve'>{}</v></c>", id="formula"),
        pytest.param('<c r="E2" t="str"><f>B9</f><v>{}</v></c>', id="text of a formula"),
        pytest.param('<c r="E2" t="inlineStr"><is><t>{}</t></is></c>', id="text in the cell"),
        pytest.param('<c r="E2"><v>{}</v></c>', id="number"),
    ],
)
def test_an_error_value_is_an_unknown_cell(tmp_path: Path, cell: str, value: str) -> None:
    if value[0] == "#" and value in {"#NV", "#¡VALOR!"} and cell.startswith('<c r="E2"><v>'):
        pytest.skip("no program writes a localized error as a number")
    header = (*HEADER, "authority")
    book = write_workbook(tmp_path / "book.xlsx", {"S": [header]})
    texts = [*header, "desk lamp", rival(1), rival(2)]
    shared = "".join(f"<si><t>{text}</t></si>" for text in texts)
    row = '<c r="A{0}" t="s"><v>5</v></c><c r="B{0}"><v>{1}</v></c><c r="C{0}" t="s"><v>{2}</v></c>'
    heading = "".join(f'<c t="s"><v>{n}</v></c>' for n in range(5))
    count = '<c r="D{}"><v>{}</v></c>'
    rewrite_sheet(
        book,
        f'<row r="1">{heading}</row>'
        f'<row r="2">{row.format(2, 1, 6)}{count.format(2, 7)}{cell.format(value)}</row>'
        f'<row r="3">{row.format(3, 2, 7)}{count.format(3, 8)}<c r="E3"><v>40</v></c></row>',
        shared,
    )

    told = result(book.name, cwd=tmp_path)

    pages = told["keywords"][0]["pages"]
    assert [page["raw"] for page in pages] == [7, 8]
    assert [page["authority"] and page["authority"]["value"] for page in pages] == [None, 40]
    assert told["inputs"][0]["note"] == "cells with an error value, taken as unknown: 1"


@pytest.mark.parametrize(
    "heading", ["referring\ndomains", "Ref.\r\ndomains", "Referring domains\n"]
)
def test_a_heading_of_several_lines_is_read(tmp_path: Path, heading: str) -> None:
    rows = [("A title\nof two lines",), (*HEADER[:3], heading), *serp_rows(7, 8)]

    assert counts(write_workbook(tmp_path / "book.xlsx", {"S": rows})) == [7, 8]


def test_a_formula_without_a_value_is_an_unknown_cell(tmp_path: Path) -> None:
    book = write_workbook(tmp_path / "book.xlsx", {"S": [HEADER, *serp_rows(7, 8)]})
    workbook = openpyxl.load_workbook(book)
    workbook["S"]["D2"] = "=3+4"
    workbook.save(book)

    assert counts(book) == [None, 8]
    assert result(book)["inputs"][0]["note"] == (
        "formulas without a value, taken as unknown: 1; open it in a spreadsheet program and save it"
    )


@pytest.mark.parametrize("kind", ["serp", "links"])
def test_problems_of_a_spreadsheet_are_reported_by_its_rows(tmp_path: Path, kind: str) -> None:
    if kind == "serp":
        header: tuple[object, ...] = (*HEADER, "title")
        good: tuple[object, ...]
        bad: tuple[object, ...]
        good, bad = (*serp_rows(5)[0], "a\nb\r\nc"), ("desk lamp", 2, "no url at all", 3, "x")
    else:
        header = ("source_url", "target_url", "anchor")
        good, bad = ("https://a.example/", OURS, "a\nb\r\nc"), ("no url at all", OURS, "x\ny")
    rows = [(), ("a title\nof two lines",), header, good, bad, good, (), bad]
    book = write_workbook(tmp_path / "book.xlsx", {"S": rows})

    done = run(book.name, "--target", OURS, cwd=tmp_path)

    assert [line.split(":")[1] for line in done.err.splitlines()] == ["5", "8"]


def test_one_cell_far_out_does_not_take_all_memory(tmp_path: Path) -> None:
    book = write_workbook(tmp_path / "book.xlsx", {"S": [HEADER, *serp_rows(5)]})
    workbook = openpyxl.load_workbook(book)
    workbook["S"]["XFD1048576"] = "x"
    workbook.save(book)

    assert refusal(book) == (
        "book.xlsx: a sheet spans more cells than fit into memory, most of them empty. Delete what "
        "stands far from the table, or save the sheet as CSV"
    )


@pytest.mark.slow
def test_a_spreadsheet_that_unpacks_to_gigabytes_is_refused_before_it_is_opened(
    tmp_path: Path,
) -> None:
    book = write_workbook(tmp_path / "book.xlsx", {"S": [HEADER, *serp_rows(5)]})
    with zipfile.ZipFile(book, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "xl/sharedStrings.xml", b"<sst>" + b"<si><t>a</t></si>".ljust(1024) * (150 * 1024)
        )

    assert "it unpacks to more than 200 times its size" in refusal(book)


def rewrite_sheet(book: Path, rows: str, texts: str = "") -> None:
    """Replace the rows of the first sheet, and the shared strings."""
    with zipfile.ZipFile(book) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    start = '<{} xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    sheet = f"{start.format('worksheet')}<sheetData>{rows}</sheetData></worksheet>"
    members["xl/worksheets/sheet1.xml"] = sheet.encode()
    members["xl/sharedStrings.xml"] = f"{start.format('sst')}{texts}</sst>".encode()
    write_zip(book, members)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("row", "refused"),
    [
        pytest.param('<c r="A2" t="e">' * 100_000, DAMAGED, id="cells"),
        pytest.param('<c r="A2" t="e" ' * 100_000, DAMAGED, id="tags"),
        pytest.param('<c r="A2" t="e"><v>' * 100_000, DAMAGED, id="values"),
        pytest.param("<c/>" * 5_000_000, "one of its rows or texts is absurdly long", id="endless"),
    ],
)
def test_what_is_never_closed_in_a_spreadsheet_is_refused_at_once(
    tmp_path: Path, row: str, refused: str
) -> None:
    book = write_workbook(tmp_path / "book.xlsx", {"S": [HEADER, *serp_rows(5)]})
    rewrite_sheet(book, f'<row r="2">{row}')

    assert refusal(book).startswith(f"book.xlsx: {refused}.")


def test_shared_texts_are_read_however_they_are_written(tmp_path: Path) -> None:
    book = write_workbook(tmp_path / "book.xlsx", {"S": [HEADER, *serp_rows(5)]})
    texts = [f"<si><t>{name}</t></si>" for name in (*HEADER, "desk lamp")]
    rich = '<si><r><t xml:space="preserve">https://</t></r><r><t>a.example/?b&amp;c</t></r></si>'
    heading = "".join(f'<c t="s" r="{"ABCD"[n]}1"><v>{n}</v></c>' for n in range(4))
    cells = '<c r="A2" t="s"><v>4</v></c><c r="B2"><v>1</v></c><c t="s" r="C2"><v>6</v></c>'
    rows = f'<row r="1">{heading}</row><row r="2">{cells}<c r="D2"><v>7</v></c></row>'
    rewrite_sheet(book, rows, "".join([*texts, "<si/>", rich]))

    assert [page["url"] for page in ask(book)["pages"]] == ["https://a.example/?b&c"]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="limits on memory are a system's own")
def test_a_long_text_in_many_cells_is_refused_before_it_is_copied_into_them(tmp_path: Path) -> None:
    book = write_workbook(tmp_path / "book.xlsx", {"S": [HEADER, *serp_rows(5)]})
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 60_000))
    rewrite_sheet(book, rows, f"<si><t>{'x' * 32_767}</t></si>")

    done = run_process(book.name, cwd=tmp_path, command=command_after(OUT_OF_MEMORY))

    assert done.code == 3
    assert "it unpacks to more than 200 times its size" in done.err


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml"])
def test_a_damaged_spreadsheet_is_refused(tmp_path: Path, part: str) -> None:
    book = write_workbook(tmp_path / "book.xlsx", {"S": [HEADER, *serp_rows(5)]})
    with zipfile.ZipFile(book) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    write_zip(book, {**members, part: members[part][: len(members[part]) // 2]})

    assert refusal(book).startswith("book.xlsx: it is a damaged spreadsheet, or none.")


# --- Parquet -------------------------------------------------------------------------------------


def test_parquet_reads_as_the_export_that_was_written_to_it(tmp_path: Path) -> None:
    rows = [tuple(map(str, row)) for row in serp_rows(12, 34, "1,234")]
    write_parquet(tmp_path / "a.csv", HEADER, rows)

    assert counts(tmp_path / "a.csv") == [12, 34, 1234]


@pytest.mark.slow
def test_typed_columns_of_parquet_are_written_as_exports_write_them(tmp_path: Path) -> None:
    write_query(
        tmp_path / "a.parquet",
        f"""
select 'https://a.example/' as source_url, '{OURS}' as target_url, true as nofollow,
    40.0::double as authority, 12::decimal(9, 2) as external_links, ['en', 'de'] as language,
    date '2026-01-31' as first_seen, timestamptz '2026-01-31 10:00:00+01' as last_seen,
    'a,"b"\nc' as anchor, 4.5::float as page_authority, 'nan'::double as page_traffic, null as lost
""",
    )
    done = run("a.parquet", "--target", OURS, "--language", "de", "-v", "--json", cwd=tmp_path)

    assert done.err == "a.parquet: gapcalc-links, 1 rows\n"
    (keyword,) = json.loads(done.out)["keywords"]
    assert (keyword["target_page"]["raw"], keyword["target_page"]["followed"]) == (1, 0)


@pytest.mark.parametrize("heading", ["note", "a\nnote"])
def test_problems_of_parquet_are_reported_by_the_row_below_its_header(
    tmp_path: Path, heading: str
) -> None:
    rows = [("desk lamp", "?", rival(1), "1"), ("desk lamp", "2", "no url", "2")]
    rows += [("desk lamp", str(n), rival(n), "3") for n in range(3, 30)]
    noted = [(*row, "") for row in rows]
    write_parquet(tmp_path / "a.parquet", (*HEADER, heading), noted)

    done = run("a.parquet", cwd=tmp_path)

    lines = [line.split(":")[1] for line in done.err.splitlines()]
    assert list(dict.fromkeys(lines)) == ["2", "3"]


@pytest.mark.parametrize("name", ['x" from (select 1); --', "{0}", "a\nb", "';drop table t", ""])
def test_a_column_may_be_called_anything(tmp_path: Path, name: str) -> None:
    rows = [(*map(str, row), "x") for row in serp_rows(12)]
    write_parquet(tmp_path / "a.parquet", (*HEADER, name or " "), rows)

    done = run("a.parquet", "--json", cwd=tmp_path)

    assert done.code == 0


def test_parquet_that_is_cut_off_or_damaged_is_refused(tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "a.parquet", HEADER, [tuple(map(str, serp_rows(12)[0]))])
    data = path.read_bytes()

    path.write_bytes(data[:-20])
    assert refusal(path).startswith("a.parquet: it ends too early: the download was cut off.")
    path.write_bytes(data[:4] + bytes(len(data) - 12) + data[-8:])
    assert refusal(path).startswith("a.parquet: it is a damaged Parquet file, or none.")


@pytest.mark.slow
def test_few_bytes_that_stand_for_millions_of_cells_are_refused(tmp_path: Path) -> None:
    query = "select 'k' as keyword, 1 as position, 'https://a.example' as url from range(6000000)"
    write_query(tmp_path / "a.parquet", query)

    assert "it unpacks to more than 200 times its size" in refusal(tmp_path / "a.parquet")
