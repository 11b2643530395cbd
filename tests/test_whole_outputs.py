"""Whole outputs, to the character; `pytest --update-golden` rewrites them, then review the diff."""

import re
from collections import Counter
from functools import cache
from pathlib import Path
from unicodedata import east_asian_width

import pytest
from pydantic import TypeAdapter

from gapcalc.outputs import FORMATS, OUTPUTS
from gapcalc.reports.document import Report, Screen
from gapcalc.reports.views import gap, plan
from gapcalc.results.gap import GapResult
from gapcalc.results.plan import PlanResult
from running import FIXTURES, run
from tables import write_rows

REPORTS = FIXTURES / "reports"
CASES = sorted(path.name for path in REPORTS.iterdir())
WIDTHS = (100, 80, 140)
WITHOUT_FORMAT = {"benchmark", "formats", "rules"}
"""The commands that write a table or JSON, and nothing else."""
SCREEN = "screen-"
"""Cases of this name are about the screen: they are written as tables only."""
GROWING = {"formats", "rules"}
"""Lists of declarations: a new one adds lines, and changes none of those that are there."""


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-golden"))


def arguments_of(case: str) -> list[str]:
    """Read the arguments of a case, one a line."""
    return (REPORTS / case / "args.txt").read_text(encoding="utf-8").splitlines()


def outputs_of(case: str) -> dict[str, str]:
    """Give the output formats that a case can be written in, with their file endings.

    Reports that are sent to somebody are not compared as text; tests/reports compares their
    numbers.
    """
    every = {output.name: output.endings[0] for output in OUTPUTS if not output.sent}
    if case.startswith(SCREEN):
        return {"table": every["table"]}
    if arguments_of(case)[0] in WITHOUT_FORMAT:
        return {name: every[name] for name in ("table", "json")}
    return every


OUTPUTS_AND_WIDTHS = [
    pytest.param(case, form, ending, columns, marks=[pytest.mark.slow] * (columns != WIDTHS[0]))
    for case in CASES
    for form, ending in outputs_of(case).items()
    for columns in (WIDTHS if form == "table" else WIDTHS[:1])
]
"""Every output of every case; only tables depend on the width of the screen."""


def said(case: str, form: str, columns: int) -> str:
    """Say a case: by the command as JSON and on the usual screen, else drawn from that JSON."""
    arguments, wants_json = arguments_of(case), form == "json"
    if arguments[0] in WITHOUT_FORMAT or wants_json or (form, columns) == ("table", WIDTHS[0]):
        done = run(*arguments, *(["--json"] if wants_json else []), columns=columns)
        assert done.code == 0, done.err
        return done.out
    return str(FORMATS[form].write(report_of(case), Screen(columns)))


@cache
def report_of(case: str) -> Report:
    """Give the report of the answer that the JSON of a case holds, which is all of it."""
    arguments = arguments_of(case)
    text = run(*arguments, "--json").out
    if arguments[0] == "plan":
        return plan.report(TypeAdapter(PlanResult).validate_json(text))
    result = TypeAdapter(GapResult).validate_json(text)
    return gap.report(result, details="--details" in arguments)


def golden(case: str, ending: str, columns: int) -> Path:
    """Name the file of the expected output; one for another width exists only where it differs."""
    other = REPORTS / case / f"expected-{columns}{ending}"
    return other if other.exists() else REPORTS / case / f"expected{ending}"


def without_versions(text: str) -> str:
    """Remove what changes with every release: the versions of the tool and of the suffix list."""
    return re.sub(r'("version"|"psl_date"): "[^"]*"', r'\1: "..."', text)


def known_lines(text: str, expected: str) -> str:
    """Give the lines of a text that are expected, each as often as it is expected."""
    missing = Counter(expected.splitlines(keepends=True))
    kept = []
    for line in text.splitlines(keepends=True):
        # The last item of a JSON list gains a comma when another follows.
        known = next((one for one in (line, line.replace(",\n", "\n")) if missing[one]), None)
        if known is not None:
            missing[known] -= 1
            kept.append(known)
    return "".join(kept)


def write_golden(case: str, ending: str, columns: int, text: str) -> None:
    usual, other = (REPORTS / case / f"expected{part}{ending}" for part in ("", f"-{columns}"))
    if columns == WIDTHS[0]:
        usual.write_text(text, encoding="utf-8", newline="\n")
    elif text != usual.read_text(encoding="utf-8"):
        other.write_text(text, encoding="utf-8", newline="\n")
    else:
        other.unlink(missing_ok=True)


@pytest.mark.parametrize(("case", "form", "ending", "columns"), OUTPUTS_AND_WIDTHS)
def test_the_whole_output_is_the_expected_one(
    case: str, form: str, ending: str, columns: int, *, update: bool
) -> None:
    text = without_versions(said(case, form, columns))
    if update:
        write_golden(case, ending, columns, text)
    expected = golden(case, ending, columns).read_text(encoding="utf-8")
    assert (known_lines(text, expected) if case in GROWING else text) == expected


@pytest.mark.parametrize("columns", WIDTHS)
@pytest.mark.parametrize("case", CASES)
def test_no_line_is_wider_than_the_screen(case: str, columns: int) -> None:
    lines = golden(case, ".txt", columns).read_text(encoding="utf-8").splitlines()

    assert max(map(len, lines)) <= columns
    assert not any(line.endswith(" ") for line in lines)


@pytest.mark.parametrize("columns", WIDTHS)
def test_wide_characters_are_cut_by_the_room_they_take(tmp_path: Path, columns: int) -> None:
    url = f"https://rival.example/{'電気スタンド' * 12}"
    row = {"keyword": "電気スタンド", "position": 1, "url": url, "referring_domains": 3}

    out = run(write_rows(tmp_path / "serp.csv", [row]), columns=columns).out

    (page,) = (line for line in out.splitlines() if "電気スタンド" in line[2:])
    assert page.startswith("1  rival.example/電")
    assert sum(1 + (east_asian_width(character) == "W") for character in page) <= columns


@pytest.mark.parametrize("case", CASES)
def test_a_case_has_every_output_and_nothing_else(case: str) -> None:
    names = {path.name for path in (REPORTS / case).iterdir()}
    endings = outputs_of(case).values()
    needed = {"args.txt", *(f"expected{ending}" for ending in endings)}

    assert needed <= names
    assert names - needed <= {"expected-80.txt", "expected-140.txt"}


@pytest.mark.parametrize(
    "case", ["screen-no-page", "screen-new-page", "screen-mixed-vendors", "standing-desk"]
)
def test_the_answer_for_a_top_10_fits_forty_lines_of_eighty_columns(case: str) -> None:
    lines = golden(case, ".txt", 80).read_text(encoding="utf-8").splitlines()

    assert len(lines) <= 40
