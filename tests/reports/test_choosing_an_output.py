"""The format of the answer follows from --format, or from the ending of --output."""

import csv
import io
from pathlib import Path

import pytest

from gapcalc.errors import UsageError
from gapcalc.outputs import ENDINGS, FORMATS, OUTPUTS, format_for
from running import run
from tables import write_serp

SERP = "vendors/gapcalc-serp.csv"


@pytest.mark.parametrize(
    ("output", "form", "chosen"),
    [
        (None, None, "table"),
        (None, "jsonl", "jsonl"),
        ("answer", None, "table"),
        ("/dev/stdout", None, "table"),
        ("r.csv", None, "csv"),
        ("r.json", None, "json"),
        ("r.jsonl", None, "jsonl"),
        ("r.md", None, "markdown"),
        ("r.txt", None, "table"),
        ("r.html", None, "html"),
        ("r.HTM", None, "html"),
        ("r.xlsx", None, "xlsx"),
        ("R.CSV", None, "csv"),
        ("folder.csv/r.md", None, "markdown"),
        ("r.2026.csv", None, "csv"),
        ("r.csv", "csv", "csv"),
        ("answer", "csv", "csv"),
        ("r.report", "markdown", "markdown"),
    ],
)
def test_name_and_ending_choose_the_format(
    output: str | None, form: str | None, chosen: str
) -> None:
    assert format_for(Path(output) if output else None, form).name == chosen


@pytest.mark.slow
@pytest.mark.parametrize("ending", ENDINGS)
def test_a_file_holds_what_the_format_of_its_ending_prints(tmp_path: Path, ending: str) -> None:
    output, file = ENDINGS[ending], tmp_path / f"r{ending}"

    done = run(SERP, "--output", file)

    assert (done.code, done.out) == (0, "")
    mark = b"\xef\xbb\xbf" if output.bom else b""
    assert file.read_bytes() == mark + run(SERP, "--format", output.name).data


@pytest.mark.parametrize(
    ("output", "form", "message"),
    [
        (
            "r.pdf",
            None,
            (
                "--output r.pdf: no output format has the ending .pdf. End the name in "
                f"{' '.join(ENDINGS)}, or choose one with --format {'|'.join(FORMATS)}"
            ),
        ),
        (
            "r.csv",
            "json",
            (
                "--output r.csv: .csv stands for csv, but the format is json. Leave --format out, "
                "or end the name in .json"
            ),
        ),
        (None, "jsom", "--format jsom: there is no such format; did you mean json?"),
        ("-", "csv", "--output -: leave --output out to write to standard output"),
        (
            None,
            "pdf",
            f"--format pdf: there is no such format; the formats are {', '.join(FORMATS)}",
        ),
    ],
)
def test_what_cannot_be_chosen_is_an_error_that_says_what_to_do(
    output: str | None, form: str | None, message: str
) -> None:
    with pytest.raises(UsageError) as raised:
        format_for(Path(output) if output else None, form)

    assert str(raised.value) == message


@pytest.mark.parametrize(
    "options", [["--output", "r.pdf"], ["--format", "pdf"], ["--json", "--output", "r.csv"]]
)
def test_a_wrong_choice_is_reported_before_anything_is_read(
    tmp_path: Path, options: list[str]
) -> None:
    done = run("nowhere.csv", *options, cwd=tmp_path)

    assert done.code == 2
    assert any(name in done.err for name in ("--output r.", "--format"))
    assert list(tmp_path.iterdir()) == []


def test_a_csv_file_has_the_mark_by_which_excel_knows_utf_8(tmp_path: Path) -> None:
    serp = write_serp(tmp_path / "s.csv", [3], more={"keyword": "Schreibtischlämpchen 電気"})

    printed = run(serp, "--format", "csv").out
    run(serp, "--output", tmp_path / "r.csv")

    data = (tmp_path / "r.csv").read_bytes()
    assert printed.startswith("keyword,")
    assert data == b"\xef\xbb\xbf" + printed.encode()
    (row,) = csv.DictReader(io.StringIO(data.decode("utf-8-sig")))
    assert row["keyword"] == "Schreibtischlämpchen 電気"


def test_no_two_formats_share_a_name_or_an_ending() -> None:
    endings = [ending for output in OUTPUTS for ending in output.endings]

    assert len(FORMATS) == len(OUTPUTS)
    assert len(set(endings)) == len(endings)
    assert all(ending == ending.lower() and ending.startswith(".") for ending in endings)
