"""Whole outputs, to the character: `pytest --update-golden` writes them anew, the diff is read."""

import re
from pathlib import Path
from unicodedata import east_asian_width

import pytest

from running import FIXTURES, run
from tables import write_rows

REPORTS = FIXTURES / "reports"
CASES = sorted(path.name for path in REPORTS.iterdir())
FORMS = {
    "expected.txt": (100, ()),
    "expected-80.txt": (80, ()),
    "expected.json": (100, ("--format", "json")),
    "expected.csv": (100, ("--format", "csv")),
}


@pytest.fixture
def update(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-golden"))


def arguments_of(case: str) -> list[str]:
    """Read the arguments of a case, one a line."""
    return (REPORTS / case / "args.txt").read_text(encoding="utf-8").splitlines()


def without_versions(text: str) -> str:
    """Take out what changes with every release: the versions of the tool and the suffix list."""
    return re.sub(r'("version"|"psl_date"): "[^"]*"', r'\1: "..."', text)


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("case", CASES)
def test_the_whole_output_is_the_expected_one(case: str, name: str, *, update: bool) -> None:
    columns, form = FORMS[name]
    expected = REPORTS / case / name

    done = run(*arguments_of(case), *form, "--as-of", "2026-11-20", columns=columns)

    assert done.code == 0, done.err
    said = without_versions(done.out)
    if update:
        expected.write_text(said, encoding="utf-8", newline="\n")
    assert said == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("columns", [80, 100])
@pytest.mark.parametrize("case", CASES)
def test_no_line_is_wider_than_the_screen(case: str, columns: int) -> None:
    out = run(*arguments_of(case), "--as-of", "2026-11-20", columns=columns).out

    assert max(map(len, out.splitlines())) <= columns
    assert not any(line.endswith(" ") for line in out.splitlines())


@pytest.mark.parametrize("columns", [80, 100])
def test_wide_characters_are_cut_by_the_room_they_take(tmp_path: Path, columns: int) -> None:
    url = f"https://rival.example/{'電気スタンド' * 12}"
    row = {"keyword": "電気スタンド", "position": 1, "url": url, "referring_domains": 3}

    out = run(write_rows(tmp_path / "serp.csv", [row]), columns=columns).out

    (page,) = (line for line in out.splitlines() if "電気スタンド" in line[2:])
    assert page.startswith("1  rival.example/電")
    assert sum(1 + (east_asian_width(character) == "W") for character in page) <= columns


@pytest.mark.parametrize("case", CASES)
def test_a_case_has_every_form_and_nothing_else(case: str) -> None:
    names = {path.name for path in Path(REPORTS / case).iterdir()}

    assert names == {"args.txt", *FORMS}
