"""The target page: its position is organic, its list moves no goal, an empty list means 0."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from packing import write_zip
from running import FIXTURES, ask, cautions
from tables import (
    OURS,
    links_to,
    rival,
    sources,
    write_ahrefs,
    write_links,
    write_rows,
    write_serp,
)

pytestmark = pytest.mark.slow

# --- position ------------------------------------------------------------------------------------


def with_feature(path: Path, *, organic: int | None) -> Path:
    """Write a SERP with our page in an ad at 1, and at its organic position if it has one."""
    rows: list[dict[str, Any]] = [
        {"position": place, "url": rival(place), "referring_domains": 10 * place, "type": "organic"}
        for place in range(1, 6)
    ]
    mine = {"url": OURS, "referring_domains": 40}
    rows.append({**mine, "position": 1, "type": "paid"})
    rows += [{**mine, "position": organic, "type": "organic"}] if organic else []
    return write_rows(path, [{"keyword": "desk", **row} for row in rows])


@pytest.mark.parametrize("organic", [15, 6, None])
def test_a_feature_gives_the_own_page_no_position(tmp_path: Path, organic: int | None) -> None:
    answer = ask(with_feature(tmp_path / "s.csv", organic=organic), "--target", OURS)

    assert answer["target_page"]["position"] == organic
    outranking = {"min": 10, "median": 30}
    assert answer["goals"]["outranking"] == (outranking if organic else None)
    assert answer["verdict"]["code"] == "links-not-the-lever"


@pytest.mark.parametrize("organic", [15, None])
def test_an_ad_of_another_page_of_ours_is_a_feature_and_no_page_that_ranks(
    tmp_path: Path, organic: int | None
) -> None:
    serp = with_feature(tmp_path / "s.csv", organic=organic)

    answer = ask(serp, "--target", OURS.replace("/page", "/other"))

    assert [page["position"] for page in answer["pages"] if page["url"]] == [1, 2, 3, 4, 5]
    assert answer["left_out_features"] == 1


# --- no links ------------------------------------------------------------------------------------

DESK = FIXTURES / "standing-desk"
NEW = "https://newbrand.example/standing-desk/"
EMPTY = {
    "ahrefs": "broken/header-only.csv",
    "semrush": "Page ascore,Source title,Source url,Target url,Anchor,External links,"
    "Internal links,Nofollow,Sponsored,Ugc,Text,Frame,Form,Image,Sitewide,First seen,Last seen,"
    "New link,Lost link\n",
    "own": "source_url,target_url,rel\n",
    "bare": "source_url,target_url\n",
}


def ways_of_having_no_links(folder: Path) -> dict[str, Sequence[object]]:
    found: dict[str, Sequence[object]] = {"--own-rds 0": ("--own-rds", "0")}
    for name, text in EMPTY.items():
        path = folder / f"{name}.csv"
        path.write_bytes(
            (FIXTURES / text).read_bytes() if name == "ahrefs" else text.encode("utf-8")
        )
        found[name] = ("--links-for", f"{NEW}={path}")
    return found


@pytest.mark.parametrize("basis", [None, "followed"])
def test_a_page_without_links_has_one_answer_however_it_is_said(
    tmp_path: Path, basis: str | None
) -> None:
    forced = ("--basis", basis) if basis else ()
    answers = {
        name: ask(DESK, "--target", NEW, *options, *forced)
        for name, options in ways_of_having_no_links(tmp_path).items()
    }

    goals = {name: {**answer["goals"], "confidence_reason": ""} for name, answer in answers.items()}
    assert all(goal == goals["--own-rds 0"] for goal in goals.values())
    gaps = {name: answer["gap"] for name, answer in answers.items()}
    assert all(gap == gaps["--own-rds 0"] for gap in gaps.values())
    if basis is None:
        assert {gap["to_median"] for gap in gaps.values()} == {50}
    assert {answer["basis"] for answer in answers.values()} == {basis or "kept"}
    for answer in answers.values():
        own = answer["target_page"]
        assert [own[name] for name in ("raw", "kept", "followed", "count")] == [0, 0, 0, 0]


def test_an_empty_list_alone_in_an_archive_is_a_known_0(tmp_path: Path) -> None:
    archive = write_zip(tmp_path / "l.zip", {"l.csv": b"source_url,target_url\n"})

    own = ask(DESK, "--target", NEW, "--links-for", f"{NEW}={archive}")["target_page"]

    assert [own[basis] for basis in ("raw", "kept", "followed", "count")] == [0, 0, 0, 0]


@pytest.mark.parametrize(("given", "kept"), [(4, None), (0, 0)])
def test_a_given_count_stands_in_the_row_of_the_own_page_too(
    tmp_path: Path, given: int, kept: int | None
) -> None:
    serp = write_serp(tmp_path / "s.csv", [9, 8, 7], ours=(2, None))

    answer = ask(serp, "--target", OURS, "--own-rds", given)

    (row,) = [page for page in answer["pages"] if page["left_out"] == "own-page"]
    for shown in (row, answer["target_page"]):
        assert (shown["raw"], shown["kept"], shown["source"]) == (given, kept, "given")
        assert shown["vendor_total"] is None


def test_an_empty_list_of_a_rival_switches_no_rule_off(tmp_path: Path) -> None:
    serp = write_serp(tmp_path / "s.csv", [None] * 4)
    cells = {"rel": "", "external_links": 900}
    links = write_links(tmp_path / "l.csv", {rival(1): 3, rival(2): 3, rival(3): 3}, **cells)
    (tmp_path / "empty.csv").write_text("source_url,target_url\n")

    pages = ask(serp, links, "--links-for", f"{rival(4)}={tmp_path / 'empty.csv'}")["pages"]

    assert [page["kept"] for page in pages] == [0, 0, 0, 0]


# --- the format of the own list ------------------------------------------------------------------


def rivals_and(folder: Path) -> Sequence[object]:
    """Write a SERP and Ahrefs lists of three rivals: of 10 links each, 4 are spam."""
    serp = write_serp(folder / "s.csv", [None] * 3, ours=(4, None))
    lists = []
    for number in (1, 2, 3):
        path = folder / f"{number}.csv"
        write_ahrefs(path, rival(number), sources(5 + number))
        spam = write_ahrefs(
            folder / "x", rival(number), sources(4, start=50), **{"Is spam": "true"}
        )
        rows = spam.read_text("utf-16").partition("\n")[2]
        path.write_text(path.read_text("utf-16") + rows, encoding="utf-16", newline="")
        spam.unlink()
        lists.append(path)
    return serp, *lists


def own_lists(folder: Path) -> dict[str, Sequence[object]]:
    ahrefs = write_ahrefs(folder / "own-ahrefs.csv", OURS, sources(3))
    plain = write_links(folder / "own-plain.csv", {OURS: 3}, rel="")
    bare = write_links(folder / "own-bare.csv", {OURS: 3})
    return {"ahrefs": (ahrefs,), "plain": (plain,), "bare": (bare,)}


def test_the_format_of_the_own_list_moves_no_goal(tmp_path: Path) -> None:
    files = rivals_and(tmp_path)

    answers = {
        name: ask(*files, *own, "--target", OURS) for name, own in own_lists(tmp_path).items()
    }

    assert {answer["goals"]["median"] for answer in answers.values()} == {7}
    assert {answer["goals"]["entry"] for answer in answers.values()} == {6.5}


def test_the_larger_need_counts_where_the_own_list_lacks_a_column(tmp_path: Path) -> None:
    files = rivals_and(tmp_path)
    own = own_lists(tmp_path)

    full = ask(*files, *own["ahrefs"], "--target", OURS)
    plain = ask(*files, *own["plain"], "--target", OURS)

    assert (full["gap"]["to_median"], full["gap"]["under_own_rules"]) == (4, None)
    assert (plain["goals"]["median"], plain["gap"]["to_median"]) == (7, 8)
    beside = plain["gap"]["under_own_rules"]
    assert (beside["median"], beside["need"]) == (11, 8)
    assert "spam" in beside["left_out"]
    assert any("Your own list has no columns for: spam" in text for text in cautions(plain))
    assert "7 with them" in plain["verdict"]["sentence"]


def test_the_rules_are_those_common_to_the_rivals(tmp_path: Path) -> None:
    """Rules that only the own list has the columns for are not used."""
    serp = write_serp(tmp_path / "s.csv", [None] * 3, ours=(4, None))
    rivals = write_links(tmp_path / "r.csv", {rival(1): 5, rival(2): 6, rival(3): 7}, rel="")
    own = write_rows(tmp_path / "own.csv", links_to(OURS, 3, rel="", external_links=900))

    answer = ask(serp, rivals, own, "--target", OURS)

    assert (answer["target_page"]["kept"], answer["target_page"]["kept_by_own_rules"]) == (3, 0)
    assert answer["gap"]["under_own_rules"] is None


def test_the_page_has_one_count_wherever_it_is_shown(tmp_path: Path) -> None:
    """One of its two lists lacks the column of a rule, so the rule drops no link of either."""
    serp = write_serp(tmp_path / "s.csv", [None] * 3, ours=(4, None))
    counts = {rival(place): 5 for place in range(1, 4)}
    rivals = write_links(tmp_path / "r.csv", counts, rel="", external_links=3)
    busy = write_rows(tmp_path / "busy.csv", links_to(OURS, 3, rel="", external_links=900))
    plain = write_rows(tmp_path / "plain.csv", links_to(OURS, 2, rel=""))

    answer = ask(serp, rivals, busy, plain, "--target", OURS)

    (shown,) = (page for page in answer["pages"] if page["left_out"] == "own-page")
    mine = answer["target_page"]
    assert (mine["kept"], mine["kept_by_own_rules"]) == (3, 2)
    assert [shown[key] for key in ("raw", "kept", "dropped")] == [
        mine[key] for key in ("raw", "kept", "dropped")
    ]


# --- how it was chosen ---------------------------------------------------------------------------


def test_it_says_how_the_target_page_was_chosen(tmp_path: Path) -> None:
    serp = write_serp(tmp_path / "s.csv", [9, 8, 7])

    assert ask(serp, "--target", OURS)["target_page"]["chosen"] == "named"
    assert ask(serp, "--own-rds", "3")["target_page"]["chosen"] == "given"
    assert ask(serp)["target_page"] is None
