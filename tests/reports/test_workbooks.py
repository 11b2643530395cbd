"""A workbook holds what the JSON says, in typed cells that run nothing, and is read again."""

import csv
import io
import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest

from gapcalc.formats.base import plain_heading
from gapcalc.formats.own import OWN_SHEETS
from gapcalc.inputs.detect import claimants
from gapcalc.reports.document import BookSheet, SheetColumn
from gapcalc.reports.xlsx import MOST_ROWS, cut
from gapcalc.text import safe
from running import FIXTURES, PATIENCE, command_after, run, run_process
from tables import rival, sources, write_ahrefs, write_rows, write_serp

REPORTS = FIXTURES / "reports"
CASES = sorted(path.parent.name for path in REPORTS.glob("*/expected.csv"))
PROSPECTS = ("prospects", "leads/oak-bench", "--target", "https://www.oakdesk.example/")
AUDIT = ("audit", "audit", "--target", "https://www.lampkin.example/desk-lamp/")
DESK = ("standing-desk", "--target", "https://www.deskwise.example/standing-desk/")
pytestmark = pytest.mark.filterwarnings(
    "ignore:.* extension is not supported"
)  # openpyxl knows no such bars
LIBRE_OFFICE = shutil.which("soffice")

Row = dict[str, Any]


def arguments_of(case: str) -> list[str]:
    return (REPORTS / case / "args.txt").read_text(encoding="utf-8").splitlines()


@cache
def workbook(*arguments: str) -> bytes:
    done = run(*arguments, "--format", "xlsx")
    assert done.code == 0, done.err
    return done.data


@cache
def opened(*arguments: str) -> openpyxl.Workbook:
    """Open a workbook once; it is not to be changed."""
    return openpyxl.load_workbook(io.BytesIO(workbook(*arguments)))


@cache
def sheets(*arguments: str) -> Mapping[str, list[Row]]:
    """Give the rows of each sheet, by their headings."""
    book = opened(*arguments)
    return {sheet.title: list(rows_of(sheet.iter_rows(values_only=True))) for sheet in book}


def rows_of(rows: Iterator[tuple[Any, ...]]) -> Iterator[Row]:
    headings = next(rows)
    for row in rows:
        yield dict(zip(headings, row, strict=True))


@cache
def answer(*arguments: str) -> Any:  # noqa: ANN401  (JSON)
    return json.loads(run(*arguments, "--json").out)


def cells(row: Mapping[str, Any], names: Mapping[str, str]) -> Row:
    return {key: row[heading] for key, heading in names.items()}


# --- the numbers ---------------------------------------------------------------------------------

PAGE = {
    "position": "Position", "url": "URL", "raw": "Raw", "kept": "Counted", "followed": "Followed",
    "count": "Referring domains", "complete": "Complete", "vendor_total": "Vendor total",
    "listed": "Listed", "shared": "Shared", "disputed": "Disputed",
}  # fmt: skip
KEYWORD = {
    "keyword": "Keyword", "country": "Country", "volume": "Volume", "kd": "KD", "basis": "Basis",
}  # fmt: skip
LEAD = {
    "domain": "Domain", "url": "URL", "title": "Title", "anchor": "Anchor", "tier": "Tier",
    "competitors": "Competitors", "traffic": "Traffic", "rel": "Rel", "kind": "Kind",
    "links_to_my_site": "Links to my site", "lost_to_us": "Lost to us", "proven": "Proven",
    "in_network": "In network",
}  # fmt: skip


def shown_pages(one: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    own = one["target_page"]
    outside = own is not None and all(own["page"] != page["page"] for page in one["pages"])
    return [*one["pages"], *([own] if outside else [])]


def as_cells(item: Mapping[str, Any], keys: Sequence[str]) -> Row:
    """Give the values as cells hold them: text as it is safe to show."""
    found = {key: item[key] for key in keys}
    return {k: safe(v) if isinstance(v, str) else v for k, v in found.items()}


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_the_pages_and_keywords_are_those_of_the_json(case: str) -> None:
    command, *options = arguments_of(case)
    gap = [*options] if command == "plan" else [command, *options]
    keywords, found = answer(*gap)["keywords"], sheets(*arguments_of(case))

    said = [as_cells(page, list(PAGE)) for one in keywords for page in shown_pages(one)]
    assert [cells(row, PAGE) for row in found["Pages"]] == said
    answered = [row for row in found["Keywords"] if row["Error"] is None]
    assert [cells(row, KEYWORD) for row in answered] == [
        as_cells(k, list(KEYWORD)) for k in keywords
    ]
    for row, one in zip(answered, keywords, strict=True):
        told, none = one["summary"], dict.fromkeys(("low", "middle", "high"))
        assert (row["Yours"], row["Goal (median)"]) == (told["own"], told["goal"])
        bound = None if told["need"] is None else one["gap"]["bound"]
        needs = (told["to_competitive"], told["need"], bound)
        assert (row["To competitive"], row["Need"], row["Need bound"]) == needs
        months = one["plan"]["months"] if one["plan"] and told["need"] is not None else none
        assert [row[f"Months {name}"] for name in months] == list(months.values())


@pytest.mark.parametrize("case", CASES)
def test_what_the_rules_took_out_is_listed_domain_by_domain(case: str) -> None:
    command, *options = arguments_of(case)
    gap = [*options] if command == "plan" else [command, *options]
    said = [
        (
            safe(one["keyword"] or "") or None,
            safe(page["url"] or ""),
            sum((page["dropped"] or {}).values()),
        )
        for one in answer(*gap)["keywords"]
        for page in shown_pages(one)
    ]
    listed = [
        (row["Keyword"], row["Links to"])
        for row in sheets(*arguments_of(case)).get("Links taken out", [])
    ]
    several = any(
        page["by_vendor"] and len(page["by_vendor"]) > 1
        for one in answer(*gap)["keywords"]
        for page in one["pages"]
    )

    if not several and command != "plan":
        assert len(listed) == sum(count for _, _, count in said)
        assert all(listed.count((keyword, url)) == count for keyword, url, count in said)


@pytest.mark.slow
def test_leads_are_those_of_their_own_json_and_in_the_order_of_the_csv() -> None:
    leads = answer(*PROSPECTS)["prospects"]
    rows = sheets(*PROSPECTS)["Prospects"]
    text = run(*PROSPECTS, "--format", "csv").out
    headings = next(csv.reader(io.StringIO(text)))

    assert [cells(row, LEAD) for row in rows] == [as_cells(lead, list(LEAD)) for lead in leads]
    assert [name.lower().replace(" ", "_") for name in rows[0]] == headings
    assert list(rows[0])[:5] == ["Domain", "URL", "Title", "Anchor", "Contact"]


@pytest.mark.slow
def test_a_gap_has_the_leads_and_the_plan_of_the_same_inputs() -> None:
    found = sheets(*DESK)

    leads, plan = answer("prospects", *DESK)["prospects"], answer("plan", *DESK)["keywords"]
    assert [cells(row, LEAD) for row in found["Prospects"]] == [
        as_cells(x, list(LEAD)) for x in leads
    ]
    (row,) = found["Plan"]
    assert (row["Need"], row["Months middle"]) == (
        plan[0]["need"],
        plan[0]["plan"]["months"]["middle"],
    )
    assert list(found) == [name for name in OWN_SHEETS if name in found]


@pytest.mark.slow
def test_inputs_that_come_through_a_pipe_are_read_once(tmp_path: Path) -> None:
    with ZipFile(tmp_path / "all.zip", "w") as archive:
        for file in sorted((FIXTURES / DESK[0]).iterdir()):
            archive.write(file, file.name)
    piped = (tmp_path / "all.zip").read_bytes()

    done = run("-", *DESK[1:], "-o", tmp_path / "r.xlsx", stdin=piped)

    assert (done.code, done.err) == (0, "")
    book = openpyxl.load_workbook(tmp_path / "r.xlsx")
    assert [(s.title, s.max_row) for s in book if s.title != "Method"] == [
        (name, len(rows) + 1) for name, rows in sheets(*DESK).items() if name != "Method"
    ]


def test_what_is_left_out_beside_a_gap_is_said() -> None:
    found = sheets("vendors/ahrefs-serps.csv")

    assert "Prospects" not in found
    said = [row["Value"] for row in found["Summary"] if row["Fact"] == "Left out"]
    assert said == [
        "Leads are left out: they need one site of yours, --target URL or --site DOMAIN.",
        "A plan is left out: your page or its count is unknown, and so is the need.",
    ]


@pytest.mark.slow
def test_an_audit_has_its_figures_and_every_link_that_does_not_count() -> None:
    found, said = sheets(*AUDIT), answer(*AUDIT, "--links")

    taken = [link for link in said["links"] if link["fate"] != "counted"]
    assert [(r["Stands on"], r["Rule"]) for r in found["Links taken out"]] == [
        (link["source"], link["fate"]) for link in taken
    ]
    shares = {(r["Group"], r["Name"]): (r["Domains"], r["Share"]) for r in found["Profile"]}
    for group, named in said["shares"].items():
        for name, share in named.items():
            count, part = shares[group, name]
            assert (count, part) == (share["count"], pytest.approx(share["share"]))


# --- the cells -----------------------------------------------------------------------------------


def test_cells_have_types_and_what_is_unknown_is_empty() -> None:
    found = sheets(*DESK)

    (day,) = (row["Value"] for row in found["Summary"] if row["Fact"] == "As of")
    assert day == datetime(2026, 11, 20)  # noqa: DTZ001  (a day of a spreadsheet has no zone)
    first = found["Pages"][0]
    assert (first["Position"], first["Referring domains"], first["Comparable"]) == (1, 95, True)
    assert first["Vendor total"] == 131
    assert first["Left out"] is None
    seen = [row["First seen"] for row in found["Prospects"]]
    assert all(isinstance(day, datetime) for day in seen if day is not None)


SITE = ("eight-keywords/serps.csv", "--site", "oakdesk.example")
TOO_FEW = "monitor arm"


def test_without_an_answer_goal_and_need_are_empty_in_every_list() -> None:
    one = sheets(*SITE, "--keyword", TOO_FEW)
    (row,) = (row for row in sheets(*SITE)["Keywords"] if row["Keyword"] == TOO_FEW)
    (fact,) = (fact for fact in sheets(*SITE)["Summary"] if fact["Fact"] == TOO_FEW)
    lines = csv.DictReader(io.StringIO(run(*SITE, "--format", "csv").out))
    (line,) = (line for line in lines if line["keyword"] == TOO_FEW)

    assert (row["Yours"], row["Compared pages"], line["own"], line["pages"]) == (2, 2, "2", "2")
    for heading in ("Goal (median)", "Goal bound", "To competitive", "Need", "Need bound"):
        assert row[heading] is None
    assert [row[f"Months {name}"] for name in ("low", "middle", "high")] == [None] * 3
    assert [fact[name] for name in ("Value", "Bound", "You need", "Bound of the need")] == [
        None
    ] * 4
    assert {line[name] for name in ("goal", "goal_bound", "to_median", "months_middle")} == {""}
    assert not {"Competitive", "Months at the middle pace"} & {
        row["Fact"] for row in one["Summary"]
    }


@pytest.mark.parametrize("command", ["gap", "plan"])
def test_the_summary_says_about_where_a_figure_may_be_off_either_way(
    command: str, tmp_path: Path
) -> None:
    serp = write_serp(tmp_path / "serp.csv", [20, 10, 40], more={"vendor": "ahrefs"})
    lists = [
        write_ahrefs(tmp_path / f"{count}.csv", rival(n), sources(count))
        for n, count in enumerate([20, 30, 40], start=1)
    ]
    files = (serp, *lists, "--own-rds", "0", "--pace", "4")
    facts = sheets(command, *map(str, files))["Summary"]

    assert {fact["Bound of the need"] for fact in facts if fact["You need"]} == {"about"}
    assert "about" in {fact["Bound"] for fact in facts}


@pytest.mark.slow
@pytest.mark.parametrize("arguments", [DESK, PROSPECTS, AUDIT])
def test_every_sheet_has_a_frozen_header_and_a_filter(arguments: Sequence[str]) -> None:
    book = opened(*arguments)

    for sheet in book:
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref == sheet.dimensions
    assert any(sheet.conditional_formatting for sheet in book)


def test_the_pages_have_a_chart_of_the_workbook_itself() -> None:
    with ZipFile(io.BytesIO(workbook(*DESK))) as parts:
        chart = parts.read("xl/charts/chart1.xml").decode()

    assert "Pages!$E$2:$E$11" in chart
    assert "Pages!$L$2:$L$11" in chart


HOSTILE = (
    "=1+1",
    "@SUM(A1)",
    "-2+3",
    "+4",
    '=HYPERLINK("https://evil.example")',
    "{=1}",
    "\x1b[31mred",
    "a\u202eb",
)


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    rows = [
        {"keyword": text, "position": 1, "url": f"https://evil.example/={n}", "title": text}
        for n, text in enumerate(HOSTILE)
    ]
    return write_rows(tmp_path / "serp.csv", rows)


def test_hostile_text_stays_text(hostile: Path, tmp_path: Path) -> None:
    assert run(hostile, "-o", tmp_path / "r.xlsx").code == 0

    book = openpyxl.load_workbook(tmp_path / "r.xlsx")
    every = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not any(cell.data_type == "f" or cell.hyperlink for cell in every)
    known = {cell.value: cell for cell in book["Pages"]["A"]}
    assert {safe(text) for text in HOSTILE} == set(known) - {"Keyword"}
    assert known["=1+1"].quotePrefix
    assert not known["{=1}"].quotePrefix
    with ZipFile(tmp_path / "r.xlsx") as parts:
        written = {name: parts.read(name) for name in parts.namelist()}
    assert not any(
        b"<f>" in text or b"hyperlink" in text
        for name, text in written.items()
        if "worksheets" in name
    )
    assert not any(
        b"evil.example" in text
        for name, text in written.items()
        if "charts" in name and b"strCache" not in text
    )


def test_what_a_sheet_has_no_room_for_is_said_on_the_first() -> None:
    facts = BookSheet("Summary", tuple(map(SheetColumn, ("Fact", "Value", "Note"))), [("a", 1, "")])
    long = BookSheet("Links taken out", (SheetColumn("Number"),), [(n,) for n in range(2000)])

    first, second = cut([facts, long], most=1500)

    said = "Links taken out: the first 1,500 of 2,000 rows are here"
    assert first.rows == [("a", 1, ""), ["Cut", said, None]]
    assert len(second.rows) == 1500
    assert MOST_ROWS == 2**20 - 1


# --- read again ----------------------------------------------------------------------------------


def as_asked(case: str, book: Path) -> list[str]:
    """Give the arguments of a case with the workbook in place of its inputs."""
    arguments = arguments_of(case)
    options = arguments[next(n for n, text in enumerate(arguments) if text.startswith("--")) :]
    return [str(book), *options]


@pytest.mark.slow
@pytest.mark.parametrize(
    "case", ["standing-desk", "eight-keywords", "several-keywords", "serp-only"]
)
def test_gapcalc_reads_the_same_pages_and_goals_from_its_workbook(
    case: str, tmp_path: Path
) -> None:
    book = tmp_path / "report.xlsx"
    book.write_bytes(workbook(*arguments_of(case)))

    done = run(*as_asked(case, book), "--json")

    assert (done.code, done.err) == (0, "") or "targets" in done.err, done.err
    again, before = json.loads(done.out)["keywords"], answer(*arguments_of(case))["keywords"]
    figures = ("median", "entry", "stretch", "competitive", "leader", "outranking", "min", "max")
    for one, other in zip(again, before, strict=True):
        assert {k: one["goals"][k] for k in figures} == {k: other["goals"][k] for k in figures}
        assert one["gap"]["to_median"] == other["gap"]["to_median"]
        facts = ("position", "url", "count", "authority")
        assert [[p[k] for k in facts] for p in one["pages"]] == [
            [p[k] for k in facts] for p in other["pages"]
        ]
        assert (one["kd"], one["volume"]) == (other["kd"], other["volume"])


@pytest.mark.slow
@pytest.mark.parametrize(
    "arguments",
    [DESK, PROSPECTS, AUDIT, arguments_of("plan"), arguments_of("eight-keywords")],
)
def test_only_the_sheet_of_pages_is_taken_for_an_export(arguments: Sequence[str]) -> None:
    book = opened(*arguments)

    for sheet in book:
        header = tuple(plain_heading(str(cell.value)) for cell in sheet[1])
        exports = [export.id for export in claimants(header)[0]]
        assert exports == (["gapcalc-serp"] if sheet.title == "Pages" else [])


def test_a_sheet_that_somebody_adds_is_read_too(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(*DESK)))
    sheet = book.create_sheet("My own")
    for row in (
        ("keyword", "position", "url", "referring domains"),
        ("lamp", 1, "https://a.example/", 5),
    ):
        sheet.append(row)
    book.save(tmp_path / "r.xlsx")

    found = json.loads(run(tmp_path / "r.xlsx", "--json").out)

    assert sorted(one["keyword"] for one in found["keywords"]) == ["lamp", "standing desk"]


def test_a_report_that_lies_among_the_inputs_is_left_alone(tmp_path: Path) -> None:
    write_serp(tmp_path / "serp.csv", [50, 40, 30])
    (tmp_path / "report.xlsx").write_bytes(workbook(*DESK))

    done = run(tmp_path, "--json")

    assert [one["keyword"] for one in json.loads(done.out)["keywords"]] == ["desk lamp"]
    assert done.err == f"{tmp_path}/report.xlsx: skipped: it is a report of gapcalc\n"


def test_a_report_without_pages_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "audit.xlsx").write_bytes(workbook(*AUDIT))

    done = run(tmp_path / "audit.xlsx")

    assert done.code == 3
    assert "this is a report of gapcalc without pages to compare" in done.err


# --- other programs ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Let LibreOffice write every sheet of a report as CSV, and the whole as PDF."""
    if LIBRE_OFFICE is None:
        pytest.skip("LibreOffice is not installed")
    folder = tmp_path_factory.mktemp("office")
    (folder / "report.xlsx").write_bytes(workbook(*DESK))
    # Comma, double quote, UTF-8, from line 1; values as they are and not as shown; every sheet.
    sheets_as_csv = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"
    for form in (sheets_as_csv, "pdf"):
        command = [
            LIBRE_OFFICE,
            "--headless",
            f"-env:UserInstallation={(folder / 'user').as_uri()}",
            "--convert-to",
            form,
            "--outdir",
            str(folder),
            str(folder / "report.xlsx"),
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE)
    return folder


@pytest.mark.slow
def test_libreoffice_reads_the_same_numbers(converted: Path) -> None:
    with (converted / "report-Pages.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    (one,) = answer(*DESK)["keywords"]
    for row, page in zip(rows, one["pages"], strict=True):
        for key, heading in PAGE.items():
            value = page[key]
            said = (
                ""
                if value is None
                else str(value).upper()
                if isinstance(value, bool)
                else str(value)
            )
            assert row[heading] == said
    with (converted / "report-Summary.csv").open(encoding="utf-8", newline="") as file:
        facts = {row["Fact"]: row["Value"] for row in csv.DictReader(file)}
    assert facts["As of"] == "2026-11-20"
    assert facts["Your referring domains"] == "15"


@pytest.mark.slow
def test_libreoffice_prints_the_workbook(converted: Path) -> None:
    pdf = (converted / "report.pdf").read_bytes()

    assert pdf.startswith(b"%PDF-")
    assert len(pdf) > 20_000


def test_without_the_extra_one_sentence_says_what_to_install() -> None:
    hidden = "import sys; sys.modules['xlsxwriter'] = None"
    done = run_process(
        "vendors/gapcalc-serp.csv", "--format", "xlsx", command=command_after(hidden)
    )

    assert (done.code, done.out) == (2, "")
    assert done.err == (
        "gapcalc: the format xlsx needs packages that are not installed. Install them: "
        "pip install 'gapcalc[report]'\n"
    )
