"""Properties of any links and any SERP, not only of examples."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gapcalc.formats import own
from running import ask, result
from tables import OURS, rival, write_rows

pytestmark = pytest.mark.slow

PAGES = [OURS, *map(rival, range(1, 5))]
RELS = ["", "nofollow", "ugc", "sponsored", "nofollow ugc"]
ANCHORS = ["desk lamp", "here", "online casino", ""]

links = st.fixed_dictionaries(
    {
        "source_url": st.builds(
            "https://{}source{}.example/{}".format,
            st.sampled_from(["", "www.", "blog."]),
            st.integers(0, 7),
            st.integers(0, 3),
        ),
        "target_url": st.sampled_from(PAGES),
        "rel": st.sampled_from(RELS),
        "anchor": st.sampled_from(ANCHORS),
        "external_links": st.sampled_from(["", "3", "900"]),
        "lost": st.sampled_from(["", "false", "true"]),
    }
)
Link = Mapping[str, str]
link_lists = st.lists(links, min_size=1, max_size=40)
tries = settings(
    derandomize=True,
    max_examples=4,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
few = settings(tries, max_examples=3)  # the engine's own properties hold the same of the counts

SERP = [
    {"keyword": "desk lamp", "position": place, "url": url, "referring_domains": ""}
    for place, url in enumerate(PAGES, start=1)
]


def numbers(folder: Path, *files: object, options: Sequence[object] = ()) -> dict[str, Any]:
    """Ask about our page among the pages of the SERP; give what may not depend on the files."""
    serp = write_rows(folder / "serp.csv", SERP)
    answer = ask(serp, *files, "--target", OURS, *options)
    for page in (*answer["pages"], answer["target_page"]):
        del page["complete"]
    return answer


@tries
@given(link_lists, links)
def test_a_link_to_my_page_never_widens_the_gap(
    tmp_path: Path, rows: Sequence[Link], link: Link
) -> None:
    every = ("--profile", "all", "--basis", "raw")
    more = {**link, "target_url": OURS}
    before = write_rows(tmp_path / "before.csv", rows)
    after = write_rows(tmp_path / "after.csv", [*rows, more])

    old, new = (numbers(tmp_path, file, options=every)["gap"] for file in (before, after))

    for name in ("to_median", "to_entry", "to_stretch", "to_competitive"):
        # A page that no link names has no count, and its gap is unknown.
        assert (new[name] or 0) <= (math.inf if old[name] is None else old[name])


@tries
@given(link_lists, links, st.integers(1, 4))
def test_a_link_to_a_rival_never_narrows_the_gap(
    tmp_path: Path, rows: Sequence[Link], link: Link, number: int
) -> None:
    every = ("--profile", "all", "--basis", "raw")
    known = [{**link, "target_url": page, "lost": ""} for page in PAGES]
    more = {**link, "target_url": rival(number)}
    before = write_rows(tmp_path / "before.csv", [*known, *rows])
    after = write_rows(tmp_path / "after.csv", [*known, *rows, more])

    old, new = (numbers(tmp_path, file, options=every)["gap"] for file in (before, after))

    for name in ("to_median", "to_entry", "to_stretch", "to_competitive"):
        assert new[name] >= old[name]


@few
@given(link_lists, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(
    tmp_path: Path, rows: Sequence[Link], chance: Random
) -> None:
    shuffled = list(rows)
    chance.shuffle(shuffled)
    first = write_rows(tmp_path / "first.csv", rows)
    second = write_rows(tmp_path / "second.csv", shuffled)

    assert numbers(tmp_path, first) == numbers(tmp_path, second)


@few
@given(link_lists, st.lists(st.integers(0, 2), min_size=40, max_size=40), st.permutations("012"))
def test_neither_the_order_nor_the_splitting_of_files_changes_a_number(
    tmp_path: Path, rows: Sequence[Link], places: Sequence[int], order: Sequence[str]
) -> None:
    parts = [
        [row for row, place in zip(rows, places, strict=False) if place == n] for n in range(3)
    ]
    files = {str(n): tmp_path / f"{n}.csv" for n, part in enumerate(parts) if part}
    for n, part in enumerate(parts):
        if part:
            write_rows(tmp_path / f"{n}.csv", part)
    whole = write_rows(tmp_path / "whole.csv", rows)
    split = [files[n] for n in order if n in files]

    assert figures(numbers(tmp_path, whole)) == figures(numbers(tmp_path, *split))


def figures(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Give the counts, statistics and gaps without their bounds."""
    names = ("pages", "target_page", "by_basis", "waterfall")
    bounds = ("bound", "bounds", "at_most", "least", "most", "confidence", "confidence_reason")
    parts = {name: answer[name] for name in names}
    parts["by_basis"] = {
        basis: {k: by[k] for k in ("n", "median", "own", "need")}
        for basis, by in answer["by_basis"].items()
    }
    for name in ("goals", "gap"):
        parts[name] = {k: v for k, v in answer[name].items() if k not in bounds}
    return parts


@few
@given(link_lists)
def test_a_repeated_row_changes_no_count(tmp_path: Path, rows: Sequence[Link]) -> None:
    once = write_rows(tmp_path / "once.csv", rows)
    twice = write_rows(tmp_path / "twice.csv", [*rows, *rows])

    for one, two in zip(
        numbers(tmp_path, once)["pages"], numbers(tmp_path, twice)["pages"], strict=True
    ):
        names = ("raw", "kept", "followed", "dropped")
        assert [one[name] for name in names] == [two[name] for name in names]


def naive_raw(rows: Sequence[Link], page: str) -> int | None:
    """Count the referring domains of a page as a person would."""
    mine = [row for row in rows if row["target_url"] == page]
    live = {row["source_url"].split("/")[2] for row in mine if row["lost"] != "true"}
    return len({host.partition("source")[2] for host in live}) if mine else None


def naive_kept(rows: Sequence[Link], page: str) -> int | None:
    good = [
        row
        for row in rows
        if not {"ugc", "sponsored"} & set(row["rel"].split())
        and row["external_links"] != "900"
        and row["anchor"] != "online casino"
    ]
    mine = any(row["target_url"] == page for row in rows)
    return (naive_raw(good, page) or 0) if mine else None


@tries
@given(link_lists)
def test_the_counts_are_those_of_a_naive_count(tmp_path: Path, rows: Sequence[Link]) -> None:
    answer = numbers(tmp_path, write_rows(tmp_path / "links.csv", rows))

    found = {page["url"]: (page["raw"], page["kept"]) for page in answer["pages"]}
    assert found == {page: (naive_raw(rows, page), naive_kept(rows, page)) for page in PAGES}


# --- the native SERP form ------------------------------------------------------------------------

words = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12
).filter(lambda text: text.strip() == text)
serp_rows = st.lists(
    st.fixed_dictionaries(
        {
            "position": st.integers(1, 20),
            "url": st.builds("https://rival{}.example/{}".format, st.integers(1, 9), words),
            "referring_domains": st.none() | st.integers(0, 10**6),
            "title": st.none() | words,
            "authority": st.none() | st.integers(0, 100),
            "kd": st.none() | st.integers(0, 100),
        }
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda row: row["position"],  # two pages at one position are two SERPs
)
Rows = Sequence[dict[str, Any]]


def keyed(keyword: str, rows: Rows) -> Rows:
    return [{"keyword": keyword, **row} for row in rows]


@tries
@given(words, serp_rows)
def test_a_serp_in_the_native_form_is_read_as_it_was_written(
    tmp_path: Path, keyword: str, rows: Rows
) -> None:
    file = tmp_path / "serp.csv"
    file.write_text(own.write(own.SERP, keyed(keyword, rows)), encoding="utf-8", newline="")

    answer = ask(file, "--top", "20")

    assert answer["keyword"] == keyword
    best = {row["url"]: row for row in sorted(rows, key=lambda row: -row["position"])}
    for page in answer["pages"]:
        same = [r for r in rows if r["position"] == page["position"] and r["url"] == page["url"]]
        assert page["raw"] in {row["referring_domains"] for row in same}
        assert page["position"] <= best[page["url"]]["position"]


@tries
@given(words, serp_rows, st.randoms(use_true_random=False))
def test_the_order_of_serp_rows_changes_nothing(
    tmp_path: Path, keyword: str, rows: Rows, chance: Random
) -> None:
    shuffled = list(rows)
    chance.shuffle(shuffled)

    first, second = (
        written(tmp_path / name, keyed(keyword, some))
        for name, some in (("a.csv", rows), ("b.csv", shuffled))
    )

    assert first == second


def written(path: Path, rows: Rows) -> object:
    path.write_text(own.write(own.SERP, rows), encoding="utf-8", newline="")
    return result(path, "--top", "20")["keywords"]


@pytest.mark.parametrize("text", ["=1+1", "'=1+1", "-3", "@x", "'", "+", "a\nb", '"', "''=x"])
def test_a_keyword_that_looks_like_a_formula_comes_back(tmp_path: Path, text: str) -> None:
    row: dict[str, Any] = {"keyword": text, "position": 1, "url": rival(1), "referring_domains": 3}
    path = tmp_path / "serp.csv"
    path.write_text(own.write(own.SERP, [row]), encoding="utf-8", newline="")

    assert ask(path)["keyword"] == text
