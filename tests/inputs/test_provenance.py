"""gapcalc's own CSVs name the vendor of their data; a list of links has only one vendor."""

from pathlib import Path

import pytest

from build import FIXTURES, open_source, write_links, write_table
from gapcalc.errors import InputError
from gapcalc.inputs.source import metric_of, vendor_of
from running import result
from tables import OURS, write_rows, write_serp


def test_a_vendors_export_is_the_vendors() -> None:
    source = open_source(FIXTURES / "vendors" / "ahrefs-backlinks-2026.csv")
    assert (vendor_of(source), metric_of(source)) == ("ahrefs", "DR")


@pytest.mark.parametrize(
    ("cells", "vendor"),
    [
        pytest.param(["Ahrefs", "ahrefs"], "ahrefs", id="one, in any case"),
        pytest.param(["", "semrush"], "semrush", id="not said in every row"),
        pytest.param(["", ""], None, id="not said"),
        pytest.param([" '=acme "], "'=acme", id="as a spreadsheet needs it, and padded"),
    ],
)
def test_an_own_list_is_the_vendors_that_its_column_names(
    tmp_path: Path, cells: list[str], vendor: str | None
) -> None:
    links = [{"source_url": f"https://{n}.example/", "vendor": c} for n, c in enumerate(cells)]
    assert vendor_of(open_source(write_links(tmp_path / "links.csv", links))) == vendor


def test_a_list_without_the_column_does_not_say_whose_it_is(tmp_path: Path) -> None:
    source = open_source(write_links(tmp_path / "links.csv", [{"source_url": "https://a.example"}]))
    assert (vendor_of(source), metric_of(source)) == (None, None)


def test_a_list_that_mixes_vendors_is_refused(tmp_path: Path) -> None:
    links = [{"source_url": "https://a.example/", "vendor": v} for v in ("ahrefs", "semrush")]
    source = open_source(write_links(tmp_path / "links.csv", links))
    with pytest.raises(InputError, match=r"mixes vendors \(ahrefs, semrush\). Write one file per"):
        vendor_of(source)


def test_scores_of_two_names_have_none(tmp_path: Path) -> None:
    links = [{"source_url": "https://a.example/", "metric": m} for m in ("DR", "DA")]
    assert metric_of(open_source(write_links(tmp_path / "links.csv", links))) is None


def test_a_serp_says_row_by_row_whose_figures_it_has(tmp_path: Path) -> None:
    rows = [["keyword", "position", "url", "vendor"]]
    rows += [["desk", str(n), f"https://{v}.example/", v] for n, v in enumerate(("a", "b"), 1)]
    source = open_source(write_table(tmp_path / "serp.csv", rows))
    assert vendor_of(source) is None


def test_the_vendor_of_an_own_file_stands_in_the_answer(tmp_path: Path) -> None:
    links = [{"source_url": "https://a.example/", "vendor": "Semrush"}]
    write_links(tmp_path / "links.csv", links)
    write_serp(tmp_path / "serp.csv", [1, 2, 3], more={"vendor": "ahrefs"})
    inputs = result(tmp_path, "--target", OURS)["inputs"]
    assert [item["vendor"] for item in inputs] == ["semrush", "ahrefs"]


def test_a_difficulty_is_the_rows_vendors_unless_it_says_whose(tmp_path: Path) -> None:
    write_serp(tmp_path / "serp.csv", [1, 2, 3], more={"vendor": "Semrush", "kd": 40})
    assert result(tmp_path)["keywords"][0]["kd"] is None


@pytest.mark.parametrize(
    ("cells", "kd"),
    [
        pytest.param({}, 40, id="not said"),
        pytest.param({"vendor": "Semrush"}, None, id="the list's vendor"),
        pytest.param({"vendor": "semrush", "kd_vendor": "ahrefs"}, 40, id="said for itself"),
    ],
)
def test_a_list_of_keywords_is_its_vendors(
    tmp_path: Path, cells: dict[str, str], kd: int | None
) -> None:
    write_rows(tmp_path / "keywords.csv", [{"keyword": "desk lamp", "kd": "40", **cells}])
    write_serp(tmp_path / "serp.csv", [1, 2, 3])
    assert result(tmp_path)["keywords"][0]["kd"] == kd
