"""Unknown cells: figures based on them are unknown, and rules in force leave links unjudged."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from running import ask
from tables import OURS, Row, links_to, rival, sources, write_rows


@pytest.mark.parametrize(
    ("cells", "followed"),
    [
        pytest.param(["", "", ""], None, id="no cell says it"),
        pytest.param(["false", "", ""], None, id="one cell of three says it"),
        pytest.param(["true", "true", "true"], 0, id="all are nofollow"),
        pytest.param(["false", "false", "true"], 2, id="all say it"),
    ],
)
def test_followed_is_unknown_where_no_cell_says_it(
    tmp_path: Path, cells: Sequence[str], followed: int | None
) -> None:
    rows = [
        {"source_url": url, "target_url": OURS, "nofollow": cell}
        for url, cell in zip(sources(3), cells, strict=True)
    ]

    page = ask(write_rows(tmp_path / "links.csv", rows))["pages"][0]

    assert (page["kept"], page["followed"]) == (3, followed)
    by_vendor = page["by_vendor"]["other"]
    assert by_vendor["followed"] == followed


def test_a_silent_list_beside_another_leaves_followed_unknown(tmp_path: Path) -> None:
    said = write_rows(tmp_path / "said.csv", links_to(OURS, 3, nofollow="false"))
    silent = write_rows(tmp_path / "silent.csv", links_to(OURS, 5, nofollow=""))

    assert ask(said, silent)["pages"][0]["followed"] is None


def test_an_empty_list_beside_another_leaves_followed_known(tmp_path: Path) -> None:
    said = write_rows(tmp_path / "said.csv", links_to(OURS, 3, nofollow="false"))
    (tmp_path / "empty.csv").write_text("source_domain,target_url\n")
    bound = ("--links-for", f"{OURS}={tmp_path / 'empty.csv'}")

    assert ask(said, *bound)["pages"][0]["followed"] == 3


def with_traffic(traffic: str) -> list[Row]:
    return list(links_to(OURS, 4, rel="", domain_traffic=traffic))


def test_links_are_unjudged_by_the_rules_in_force_only(tmp_path: Path) -> None:
    """The rule traffic is not a common rule: one list lacks its column."""
    own = write_rows(tmp_path / "own.csv", with_traffic(""))
    other = write_rows(tmp_path / "other.csv", links_to(rival(1), 4, rel=""))
    strict = ("--rule", "traffic", "--min-traffic", "100", "--profile", "all")

    alone = ask(own, *strict)["pages"][0]
    beside = ask(own, other, "--competitor", OURS, "--competitor", rival(1), *strict)["pages"]

    assert alone["unjudged"] == 4
    assert [page["unjudged"] for page in beside] == [0, 0]
