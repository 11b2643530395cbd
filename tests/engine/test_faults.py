"""Faulty rows: each is reported with its line, and none swallows a good row."""

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from build import (
    FIXTURES,
    NO_RULES,
    PAGE,
    TARGET,
    Counted,
    Form,
    count_links,
    links_from,
    write_links,
    write_table,
)
from gapcalc.errors import InputError

pytestmark = pytest.mark.slow

ROWS = 3_000
TIMES = 5
MARK = "\ufdd0"
BAD_BYTES = {"utf-8": b"caf\xe9 \xff", "utf-16-le": b"\x00\xdc \x00"}
UNREAD = "cannot be read: {} of {} filled cells, the first is {!r}; it is not used"
REPLACED = "bytes that are no text were replaced; the row was read"
ODD_END = "the line ends unlike the others; the row was read"
NOT_DOUBLED = "row not read: a quote stands inside a quoted cell without being doubled"
NOT_CLOSED = "row not read: a quote is opened and not closed"
NO_DATE = "a date as 2026-01-31 expected, found '2026-02-31 10:00:00'"
REPEATED = "row not read: the header is repeated here"


def ahrefs_headings() -> list[str]:
    text = (FIXTURES / "vendors" / "ahrefs-backlinks-2026.csv").read_text(encoding="utf-16")
    return [heading.strip('"') for heading in text.partition("\n")[0].split("\t")]


HEADINGS = ahrefs_headings()


def good_row(site: str, **cells: str) -> list[str]:
    known = {
        "Referring page URL": f"https://www.{site}.example/a/",
        "Target URL": TARGET,
        "Anchor": 'the "best" guide; tab\N{EM DASH}free',
        "Domain rating": "4.5",
        "Nofollow": "false",
        "UGC": "false",
        "Sponsored": "false",
        "First seen": "2026-01-14 17:56:39",
        **cells,
    }
    return [known.get(heading, "") for heading in HEADINGS]


@dataclass(frozen=True)
class Fault:
    """A faulty record: its text, the expected message, and whether it counts nevertheless."""

    text: str
    says: str | None
    counts: bool = False


Faulty = Callable[[Form, int], Fault]


def line_of(form: Form, cells: list[str]) -> str:
    return replace(form, preamble="").text([cells])


def short_row(form: Form, number: int) -> Fault:
    cells = good_row(f"short{number}")[:20]
    return Fault(line_of(form, cells), "row not read: 20 cells where the header has 37")


def long_row(form: Form, number: int) -> Fault:
    cells = [*good_row(f"long{number}"), "one", "two", "three"]
    return Fault(line_of(form, cells), "row not read: 40 cells where the header has 37")


def bare_quote(form: Form, number: int) -> Fault:
    text = line_of(form, good_row(f"bare{number}", Anchor="HERE"))
    return Fault(written_raw(text, '"say "a" b"'), NOT_DOUBLED)


def open_middle(form: Form, number: int) -> Fault:
    text = line_of(form, good_row(f"middle{number}", Anchor="HERE"))
    return Fault(written_raw(text, '"say'), NOT_DOUBLED if form.quote_all else NOT_CLOSED)


def open_end(form: Form, number: int) -> Fault:
    text = line_of(form, good_row(f"end{number}", **{"Links in group": "HERE"}))
    return Fault(written_raw(text, '"1'), NOT_CLOSED)


def written_raw(text: str, cell: str) -> str:
    """Put a cell in its place unchanged, with its quotes."""
    return text.replace('"HERE"', "HERE").replace("HERE", cell)


def bad_bytes(form: Form, number: int) -> Fault:
    return Fault(line_of(form, good_row(f"bytes{number}", Anchor=MARK)), REPLACED, counts=True)


def repeated_header(form: Form, _number: int) -> Fault:
    return Fault(line_of(form, HEADINGS), REPEATED)


def bad_number(form: Form, number: int) -> Fault:
    cells = good_row(f"number{number}", **{"Domain rating": "high"})
    says = "column 'Domain rating' is unknown: a score from 0 to 100 expected, found 'high'"
    return Fault(line_of(form, cells), says, counts=True)


def odd_line_end(form: Form, number: int) -> Fault:
    text = line_of(form, good_row(f"odd{number}")).removesuffix(form.eol)
    # UTF-16 is rewritten anyway, with one kind of line end.
    says = ODD_END if form.encoding == "utf-8" else None
    return Fault(text + ("\n" if form.eol == "\r\n" else "\r\n"), says, counts=True)


KINDS: Mapping[str, Faulty] = {
    "short row": short_row,
    "long row": long_row,
    "bare quote": bare_quote,
    "unterminated quote in the middle": open_middle,
    "unterminated quote at the end": open_end,
    "bad bytes": bad_bytes,
    "repeated header": repeated_header,
    "bad number": bad_number,
    "odd line end": odd_line_end,
}
FORMS = {
    "UTF-8, tab, LF": Form(delimiter="\t", quote_all=True),
    "UTF-16, tab, LF": Form(delimiter="\t", encoding="utf-16-le", quote_all=True),
    "UTF-8, comma, LF": Form(quote_all=True),
    "UTF-8, comma, CRLF": Form(quote_all=True, eol="\r\n"),
    "UTF-8 below a title": Form(quote_all=True, preamble="A title\n"),
    "UTF-8, comma, CRLF, few quotes": Form(eol="\r\n"),
}


@dataclass(frozen=True)
class Written:
    """A file with faults: the expected messages, and how many sites it holds."""

    path: Path
    said: list[tuple[int | None, str]]
    sites: int


def page_in(path: Path) -> str:
    """Name the page that a file has for itself, by which its rows are told from other files'."""
    return f"{path.stem}.example/page"


def said_of(counted: Counted, path: Path) -> list[tuple[int | None, str]]:
    return [(said.line, said.reason) for said in counted.problems if said.input == path.name]


def write_faulty(path: Path, form: Form, kinds: Mapping[str, Faulty]) -> Written:
    """Write thousands of good rows, and every kind of fault several times among them.

    All link to the page of the file.
    """
    faults = [make(form, number) for number in range(TIMES) for make in kinds.values()]
    step = ROWS // (len(faults) + 1)
    lines = [*form.preamble.splitlines(keepends=True), line_of(form, HEADINGS)]
    said: list[tuple[int | None, str]] = []
    for number in range(ROWS):
        if number and number % step == 0 and faults:
            fault = faults.pop(0)
            lines.append(fault.text)
            said += [(len(lines), fault.says)] if fault.says else []
        lines.append(line_of(form, good_row(f"good{number}")))
    text = "".join(lines).replace(TARGET, f"https://{page_in(path)}")
    path.write_bytes(encoded(text, form))
    good = sum(make(form, 0).counts for make in kinds.values()) * TIMES
    return Written(path, said, ROWS + good)


def encoded(text: str, form: Form) -> bytes:
    mark = "\ufeff" if form.encoding == "utf-16-le" else ""
    parts = (mark + text).split(MARK)
    return BAD_BYTES[form.encoding].join(part.encode(form.encoding) for part in parts)


def assert_all_told(written: Mapping[str, Written]) -> None:
    """Count files of a page each in one run, and hold each against what is expected of it."""
    counted = count_links([file.path for file in written.values()])
    for name, file in written.items():
        assert said_of(counted, file.path) == file.said, name
        assert counted.pages[page_in(file.path)].raw == file.sites, name


def test_every_fault_is_reported_with_its_line_and_every_good_row_counts(tmp_path: Path) -> None:
    form = Form(delimiter="\t", quote_all=True)
    assert_all_told(
        {
            kind: write_faulty(tmp_path / f"{number}.csv", form, {kind: make})
            for number, (kind, make) in enumerate(KINDS.items())
        }
    )


def test_faults_of_every_kind_in_one_file_are_all_told(tmp_path: Path) -> None:
    without = {kind: make for kind, make in KINDS.items() if make != odd_line_end}
    assert_all_told(
        {
            name: write_faulty(
                tmp_path / f"{number}.csv", form, KINDS if form.eol == "\n" else without
            )
            for number, (name, form) in enumerate(FORMS.items())
        }
    )


def test_an_open_quote_in_one_of_many_files_is_reported_and_costs_no_other_row(
    tmp_path: Path,
) -> None:
    rows = [f"https://s{n}.example/,{TARGET},a\n" for n in range(40)]
    rows[20] = f'https://bad.example/,{TARGET},"open\n'
    paths = [tmp_path / f"{number}.csv" for number in range(3 * (os.cpu_count() or 1))]
    for path in paths:
        path.write_text("source_url,target_url,anchor\n" + "".join(rows), encoding="utf-8")

    counted = count_links(paths)

    assert counted.pages[PAGE].raw == 39
    assert [file.rows for file in counted.files] == [39] * len(paths)
    assert counted.said == [(22, NOT_CLOSED)] * len(paths)


OPEN, WITHIN, CLOSED, MORE = '"{}', '{}"x', '{}"', "{},x"


HEADS = {"https://": "source_url,target_url,anchor", "": "source_domain,target_url,anchor"}
STRAY: Mapping[str, tuple[Mapping[int, str], list[int]]] = {
    "a cell of ten rows": ({20: OPEN, 30: CLOSED}, [20]),
    "longer than the engine's message": ({20: OPEN, 380: WITHIN}, [20]),
    "open to the end of the file": ({20: WITHIN, 30: OPEN}, [30]),
    "open in the last row": ({20: CLOSED, 399: OPEN}, [399]),
    "below another fault": ({10: MORE, 30: OPEN}, [10, 30]),
    "closed below another fault": ({10: MORE, 20: OPEN, 30: CLOSED}, [10, 20]),
}


def write_stray(path: Path, scheme: str, quotes: Mapping[int, str]) -> Path:
    """Write 400 links to the page of the file, some with stray quotes."""
    texts = [quotes.get(n, "{}").format(f"a long anchor {n}") for n in range(400)]
    page = f"https://{page_in(path)}"
    rows = [f"{scheme}s{n}.example,{page},{text}\n" for n, text in enumerate(texts)]
    path.write_text(f"{HEADS[scheme]}\n" + "".join(rows), encoding="utf-8")
    return path


def assert_strays_told(written: Mapping[Path, str]) -> None:
    """Count files in one run, each named with its kind of stray quotes."""
    counted = count_links(written)
    for (path, kind), file in zip(written.items(), counted.files, strict=True):
        quotes, faulty = STRAY[kind]
        good = 400 - len(faulty)
        reasons = {MORE: "row not read: 4 cells where the header has 3"}
        told = [(place + 2, reasons.get(quotes[place], NOT_CLOSED)) for place in faulty]
        assert (counted.pages[page_in(path)].raw, file.rows) == (good, good), kind
        assert said_of(counted, path) == told, kind


@pytest.mark.parametrize("scheme", HEADS, ids=HEADS.values())
def test_a_second_stray_quote_hides_no_rows(tmp_path: Path, scheme: str) -> None:
    kinds = [*STRAY] * (1 + (os.cpu_count() or 1) * 3 // len(STRAY))
    assert_strays_told(
        {
            write_stray(tmp_path / f"{number}.csv", scheme, STRAY[kind][0]): kind
            for number, kind in enumerate(kinds)
        }
    )
    # Alone, a file is read in another way; every other kind under each header.
    for kind in [*STRAY][bool(scheme) :: 2]:
        path = write_stray(tmp_path / "alone.csv", scheme, STRAY[kind][0])
        assert_strays_told({path: kind})


def test_faults_change_nothing_in_another_file(tmp_path: Path) -> None:
    form = Form(quote_all=True)
    faulty = write_faulty(tmp_path / "faulty.csv", form, KINDS)
    rows = [HEADINGS, *(good_row(f"other{number}") for number in range(10))]
    sound = tmp_path / "sound.csv"
    sound.write_text(form.text(rows), encoding="utf-8", newline="")
    counted = count_links([sound, faulty.path, sound])
    assert counted.pages[page_in(faulty.path)].raw == faulty.sites
    assert counted.pages[PAGE].raw == 10
    assert {problem.input for problem in counted.problems} == {"faulty.csv"}


BROKEN: Mapping[str, tuple[int, int, list[tuple[int, str]]]] = {
    "bad-numbers": (
        7,
        4,
        [
            (3, f"column 'Domain rating' {UNREAD.format(2, 7, 'high')}"),
            (5, "column 'External links' is unknown: a whole number expected, found '-3'"),
            (6, f"column 'First seen' is unknown: {NO_DATE}"),
        ],
    ),
    "bare-quote": (8, 5, []),  # a quote in an open cell is no fault
    "latin1": (8, 5, [(5, REPLACED)]),  # bytes that are no UTF-8
    "million-characters": (8, 5, []),  # a long cell is no fault
    "mixed-line-ends": (8, 5, [(3, ODD_END), (6, ODD_END), (9, ODD_END)]),
    "no-urls": (
        3,
        2,
        [(3, "row not counted: the target 'not a url' is not a URL")],
    ),  # a target that is not a URL
    "preamble": (8, 5, []),  # a preamble is no fault
    "ragged-rows": (
        6,
        4,
        [
            (4, "row not read: 11 cells where the header has 19"),
            (7, "row not read: 21 cells where the header has 19"),
        ],
    ),
    "repeated-header": (8, 5, [(6, REPEATED)]),
    "unterminated-quote": (7, 4, [(5, NOT_CLOSED)]),
}


def test_a_broken_file_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    paths = [tmp_path / f"{name}.csv" for name in BROKEN]
    for path in paths:
        data = (FIXTURES / "broken" / path.name).read_bytes()
        path.write_bytes(data.replace(b"lampkin.example", f"{path.stem}.example".encode()))
    counted = count_links(paths)
    pages = {path: f"{path.stem}.example/desk-lamp" for path in paths}
    assert set(counted.pages) == set(pages.values())
    for path, file, (rows, raw, said) in zip(paths, counted.files, BROKEN.values(), strict=True):
        assert (file.rows, counted.pages[pages[path]].raw) == (rows, raw), path.name
        assert said_of(counted, path) == said, path.name


def test_a_header_alone_is_an_empty_list() -> None:
    counted = count_links([FIXTURES / "broken" / "header-only.csv"])
    assert counted.pages == {}
    assert counted.files[0].rows == 0
    assert counted.problems == ()


def test_an_empty_list_bound_to_a_page_is_a_known_zero(tmp_path: Path) -> None:
    path = tmp_path / "empty.csv"
    path.write_text("Domain ascore,Domain,Backlinks,First seen\n", encoding="utf-8")
    page = count_links([path], NO_RULES._replace(bound={0: PAGE})).pages[PAGE]
    assert (page.raw, page.kept, page.lost, page.internal) == (0, 0, 0, 0)


def test_a_file_of_faults_alone_is_no_empty_list(tmp_path: Path) -> None:
    path = tmp_path / "faulty.csv"
    path.write_text("source_url,target_url\na\nb,c,d\n", encoding="utf-8")
    with pytest.raises(InputError) as error:
        count_links([path])
    assert error.value.reason == (
        "it has rows below its header, and none can be read "
        "(line 2: row not read: 1 cell where the header has 2)"
    )


NOT_WHOLE: Mapping[str, tuple[Mapping[str, str], str]] = {
    "nothing": ({"source_url": ""}, "row not counted: the source '' is not a URL"),
    "mail": (
        {"source_url": "mailto:a@b.example"},
        "row not counted: the source 'mailto:a@b.example' is not a URL",
    ),
    "space in the host": (
        {"source_url": "https://a b.example/"},
        "row not counted: the source 'https://a b.example/' is not a URL",
    ),
    "no target": ({"target_url": ""}, "row not counted: the target '' is not a URL"),
    "target no URL": (
        {"target_url": "javascript:void(0)"},
        "row not counted: the target 'javascript:void(0)' is not a URL",
    ),
    "long text": (
        {"source_url": "x" * 99},
        f"row not counted: the source '{'x' * 60}' is not a URL",
    ),
    "bad flag": (
        {"nofollow": "often"},
        "column 'nofollow' is unknown: true or false expected, found 'often'",
    ),
    "bad score in a column that nothing uses": (
        {"authority": "high"},
        "column 'authority' is unknown: a score from 0 to 100 expected, found 'high'",
    ),
}


def test_a_row_that_is_not_counted_whole_is_reported(tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.csv" for number in range(len(NOT_WHOLE))]
    for path, (cells, _) in zip(paths, NOT_WHOLE.values(), strict=True):
        sound = {"nofollow": "false", "authority": "40", "target_url": f"https://{page_in(path)}"}
        rows = links_from("a.example", "b.example", "c.example", **sound)
        rows[1] |= cells
        write_links(path, rows)
    counted = count_links(paths)
    for path, (kind, (_, said)) in zip(paths, NOT_WHOLE.items(), strict=True):
        assert said_of(counted, path) == [(3, said)], kind
        good = 3 - said.startswith("row not counted")
        assert counted.pages[page_in(path)].raw == good, kind


def test_lines_are_physical_ones_below_cells_of_several_lines(tmp_path: Path) -> None:
    rows = [
        *links_from("a.example", anchor="one\ntwo\nthree", authority="1", nofollow="0", links="1"),
        *links_from("b.example", authority="high"),
        *links_from("c.example", anchor='say\n"four"', nofollow="low"),
        *links_from("d.example", links="none"),
    ]
    counted = count_links([write_links(tmp_path / "links.csv", rows)])
    assert [line for line, _ in counted.said] == [5, 6, 8]
    assert counted.pages[PAGE].raw == 4


def _one_bad_cell_each() -> list[dict[str, str]]:
    return [
        *links_from("a.example", authority="high", nofollow="false"),
        *links_from("b.example", authority="40", nofollow="often"),
    ]


def test_blank_lines_are_no_faults_and_count_as_lines(tmp_path: Path) -> None:
    path = tmp_path / "links.csv"
    text = write_links(path, _one_bad_cell_each()).read_text()
    path.write_text(text.replace("\n", "\n\n  \n,,,\n"), encoding="utf-8")
    counted = count_links([path])
    assert [line for line, _ in counted.said] == [5, 9]
    assert counted.files[0].rows == 2


def test_faults_are_reported_by_file_and_line(tmp_path: Path) -> None:
    rows = _one_bad_cell_each()
    paths = [write_links(tmp_path / name, rows) for name in ("b.csv", "a.csv")]
    told = [(problem.input, problem.line) for problem in count_links(paths).problems]
    assert told == [("a.csv", 2), ("a.csv", 3), ("b.csv", 2), ("b.csv", 3)]


def wide_rows(short: int, good: int) -> str:
    """Give good rows of 32 columns, and then rows with only three cells."""
    head = ["source_url", "target_url", "authority", *(f"h{number}" for number in range(29))]
    rows = [
        *([f"https://g{n}.example/", TARGET, "5", *["x"] * 29] for n in range(good)),
        *([f"https://s{n}.example/", TARGET, "5"] for n in range(short)),
    ]
    return "".join(",".join(row) + "\n" for row in (head, *rows))


@pytest.mark.parametrize(
    ("good", "short"),
    [
        pytest.param(2_000, 3_000, id="told by a sample"),
        pytest.param(20_000, 1_200, id="found while reading"),
        pytest.param(10, 3_000, id="mostly short from the start"),
    ],
)
def test_many_short_rows_are_reported_one_by_one(tmp_path: Path, good: int, short: int) -> None:
    path = tmp_path / "wide.csv"
    path.write_text(wide_rows(short, good), encoding="utf-8")
    counted = count_links([path])
    reason = "row not read: 3 cells where the header has 32"
    assert counted.said == [(good + 2 + number, reason) for number in range(short)]
    assert (counted.files[0].rows, counted.pages[PAGE].raw) == (good, good)


def test_a_file_of_thousands_of_short_rows_takes_seconds(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_text(wide_rows(60_000, 0), encoding="utf-8")
    before = time.process_time()
    with pytest.raises(InputError, match="none can be read"):
        count_links([path])
    assert time.process_time() - before < 10


def test_thousands_of_sources_that_are_no_urls_take_seconds(tmp_path: Path) -> None:
    rows = [{"source_url": f"title, number {n}", "anchor": "x"} for n in range(20_000)]
    path = write_links(tmp_path / "links.csv", [*rows, *links_from("a.example", anchor="x")])
    before = time.process_time()
    counted = count_links([path])
    assert time.process_time() - before < 10
    assert counted.said[0] == (2, "row not counted: the source 'title, number 0' is not a URL")
    assert [line for line, _ in counted.said] == list(range(2, 20_002))


def test_a_status_tells_lost_links_in_large_files_too(tmp_path: Path) -> None:
    title = "x" * 200
    rows = [
        [f"https://s{n}.example/", TARGET, ("200", "404")[n % 2], "1", title] for n in range(80_000)
    ]
    headings = ["Referring page URL", "Target URL", "Referring page HTTP code", "Domain rating"]
    path = write_table(tmp_path / "large.csv", [[*headings, "Referring page title"], *rows])
    assert path.stat().st_size > 16 * 1024 * 1024
    page = count_links([path]).pages[PAGE]
    assert (page.raw, page.lost) == (40_000, 40_000)


def test_a_faulty_row_is_found_whatever_else_stands_in_it(tmp_path: Path) -> None:
    texts = ("say hi, you", "one\ntwo", "a;b", "plain")
    paths = [tmp_path / f"{number}.csv" for number in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        rows = [
            *links_from(*(f"s{n}.example" for n in range(50)), anchor='5" wide', title=text),
            *links_from("bad.example", anchor="x", title=text, authority="high"),
            {"source_url": f"no {text}", "anchor": text},
            {"source_url": "https://t.example/", "target_url": f"no {text}", "anchor": text},
        ]
        headings = {heading: "" for row in rows for heading in row}
        write_links(path, [{**headings, "target_url": TARGET, **row} for row in rows])
    counted = count_links(paths)
    for path, text in zip(paths, texts, strict=True):
        more = text.count("\n")
        first = 2 + 50 * (1 + more)
        lines = [line for line, _ in said_of(counted, path)]
        assert lines == [first, first + 1 + more, first + 2 + 3 * more], text


def cut_within_its_last_row(folder: Path, form: Form) -> list[Path]:
    """Write a file of three rows once for each place in its last row where it may be cut."""
    rows = links_from("a.example", "b.example", "c.example", anchor="x", title="y")
    data = write_links(folder / "links.csv", rows, form).read_bytes()
    last = data.rindex(form.eol.encode(), 0, -2) + len(form.eol)
    ends = [
        end
        for end in range(last + 1, data.rindex(b",") + 1)
        # Within a word every cut is alike.
        if any(mark in data[end - 1 : end + 1] for mark in (b",", b'"', b"/"))
    ]
    kind = f"{(form.quote_all and 'all quoted') or 'few quotes'}-{form.eol!r}"
    paths = [folder / f"{kind}-{end}.csv".replace("\\", "") for end in ends]
    for path, end in zip(paths, ends, strict=True):
        path.write_bytes(data[:end])
    return paths


def test_a_file_cut_off_within_its_last_row_is_read_up_to_there(tmp_path: Path) -> None:
    forms = [Form(eol=eol, quote_all=quoted) for eol in ("\n", "\r\n") for quoted in (True, False)]
    paths = [path for form in forms for path in cut_within_its_last_row(tmp_path, form)]
    counted = count_links(paths)
    assert counted.pages[PAGE].raw == 2
    for path, file in zip(paths, counted.files, strict=True):
        assert file.rows == 2, path.name
        assert [line for line, _ in said_of(counted, path)] == [4], path.name


@pytest.mark.parametrize("rows", [1, 2, 12_000], ids=["in the sample", "in all of it", "far down"])
def test_a_cell_of_hundreds_of_lines_is_read_though_its_lines_look_like_short_rows(
    tmp_path: Path, rows: int
) -> None:
    text = "\n".join(["text of a line in a cell"] * 30_000)
    hosts = [f"s{number}.example" for number in range(rows)]
    links = [
        *links_from(*hosts[1:], anchor="x", title="y" * 200),
        *links_from(hosts[0], anchor="x", title=text),
        *links_from("z.example", anchor="x", title="y"),
    ]
    counted = count_links([write_links(tmp_path / "links.csv", links)])
    assert (counted.said, counted.pages[PAGE].raw) == ([], rows + 1)


def test_one_line_of_endless_cells_is_reported_and_costs_no_other_row(tmp_path: Path) -> None:
    cells = 300_000
    path = tmp_path / "links.csv"
    rows = [f"https://s{n}.example/,{TARGET},a\n" for n in range(20_000)]
    rows.insert(10_000, f"https://wide.example/,{TARGET},{'x,' * cells}\n")
    path.write_text("source_url,target_url,anchor\n" + "".join(rows), encoding="utf-8")

    start = time.process_time()
    counted = count_links([path])

    assert counted.said == [(10_002, f"row not read: {cells + 3} cells where the header has 3")]
    assert counted.pages[PAGE].raw == 20_000
    assert time.process_time() - start < 10
