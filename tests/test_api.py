"""The Python interface gives what the command line gives."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

import gapcalc
from gapcalc.api import find_gap
from gapcalc.errors import InputError, UsageError
from gapcalc.reports.data import dump
from gapcalc.settings import Settings
from running import run

DESK = Path(__file__).parents[1] / "fixtures" / "standing-desk"
TARGET = "https://www.deskwise.example/standing-desk/"
SETTINGS = Settings(target=TARGET, as_of=date(2026, 11, 20))


@pytest.mark.slow
def test_the_result_is_that_of_the_command_line() -> None:
    done = run(DESK, "--target", TARGET, "--as-of", "2026-11-20", "--json")

    assert json.loads(dump(find_gap([DESK], SETTINGS))) == json.loads(done.out)


@pytest.mark.parametrize("one", [DESK, str(DESK)], ids=["a path", "a text"])
def test_one_input_needs_no_list(one: Path | str) -> None:
    assert find_gap(one, SETTINGS) == find_gap([one], SETTINGS)


def test_it_answers_in_a_thread_as_well() -> None:
    with ThreadPoolExecutor(1) as pool:
        result = pool.submit(find_gap, [DESK], SETTINGS).result()

    assert result.keywords[0].gap.to_median == 37


def test_it_is_at_hand_from_the_package() -> None:
    assert gapcalc.find_gap is find_gap
    with pytest.raises(AttributeError, match="no attribute 'find_gpa'"):
        _ = gapcalc.find_gpa


def test_what_is_wrong_is_an_exception(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such file"):
        find_gap([tmp_path / "none.csv"])


def test_bound_lists_are_enough() -> None:
    page, domains = "https://a.example/x", DESK.parent / "vendors" / "ahrefs-refdomains.tsv"

    (keyword,) = find_gap([], Settings(target=page, links_for=(f"{page}={domains}",))).keywords

    assert keyword.target_page is not None
    assert keyword.target_page.raw == 22


def test_nothing_at_all_is_a_mistake() -> None:
    with pytest.raises(UsageError, match=r"^no input"):
        find_gap([])
