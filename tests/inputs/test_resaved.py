"""Fixtures that LibreOffice saved again in five countries read like the originals.

`fixtures/resaved` holds the very files: opened with the detection of numbers and dates, saved again.
"""

import pytest

from running import result

LAMP = "https://www.lampkin.example/desk-lamp/"


def _answer(file: str) -> tuple[object, tuple[object, ...], object]:
    options = ("--own-rds", 3, "--profile", "strict")
    about = () if "serp" in file else ("--competitor", LAMP)
    answer = result(file, *about, *options)
    (source,) = answer["inputs"]
    days = (source["from"], source["to"], source["rows"], source["problems"])
    pages = [(k["keyword"], k["pages"], k["goals"], k["gap"]) for k in answer["keywords"]]
    return pages, days, answer["cautions"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("saved", "exported"),
    [
        *((f"ahrefs-backlinks-{country}.csv", "ahrefs-backlinks-2026.csv")
          for country in ("de", "fr", "ja", "pl", "en")),
        pytest.param("ahrefs-backlinks-pl.xlsx", "ahrefs-backlinks-2026.csv", id="scores as dates"),
        ("ahrefs-serps-ja.xlsx", "ahrefs-serps.csv"),
        ("gapcalc-serp-de.csv", "gapcalc-serp.csv"),
        pytest.param("majestic-backlinks-fr.csv", "majestic-backlinks.csv", id="day first"),
    ],
)  # fmt: skip
def test_a_file_that_was_saved_again_reads_as_it_was_exported(saved: str, exported: str) -> None:
    assert _answer(f"resaved/{saved}") == _answer(f"vendors/{exported}")


@pytest.mark.slow
def test_dates_that_an_american_spreadsheet_turned_round_are_unknown() -> None:
    """Of 07/11/2026 it made the eleventh of July, and left 23/07/2023 as it was."""
    pages, days, _ = _answer("resaved/majestic-backlinks-en.xlsx")
    right, right_days, _ = _answer("vendors/majestic-backlinks.csv")
    assert pages == right
    assert days[:3] == (None, None, right_days[2])
