"""A list that may lack domains gives lower bounds, and every figure based on it says so."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from running import ask, cautions, result, run
from tables import OURS, rival, sources, write_ahrefs, write_links, write_rows, write_serp

pytestmark = pytest.mark.slow

LIMIT = 1000  # a row limit of an export, which ends without a note


def cut_list(path: Path, target: str, domains: int) -> Path:
    """Write a list cut at an export limit: 1,000 rows from a number of domains."""
    urls = [f"{url}/{n}" for n in range(LIMIT) for url in sources(1, start=n % domains)]
    return write_ahrefs(path, target, urls)


def answer_of(
    folder: Path,
    counts: Sequence[int],
    *,
    cut: Sequence[int] = (),
    totals: Mapping[int, int] | None = None,
    own: int | None = None,
) -> dict[str, Any]:
    """Ask about pages with given numbers of domains; lists in `cut` (from 1; 0 is ours) are cut."""
    return ask(*arguments_for(folder, counts, cut=cut, totals=totals, own=own))


def arguments_for(
    folder: Path,
    counts: Sequence[int],
    *,
    cut: Sequence[int] = (),
    totals: Mapping[int, int] | None = None,
    own: int | None = None,
) -> tuple[object, ...]:
    known = [(totals or {}).get(number) for number in range(1, len(counts) + 1)]
    serp = write_serp(folder / "serp.csv", known, ours=None if own is None else (20, None))
    pages = {number: (rival(number), count) for number, count in enumerate(counts, start=1)}
    pages |= {} if own is None else {0: (OURS, own)}
    lists = [
        cut_list(folder / f"{number}.csv", page, count)
        if number in cut
        else write_ahrefs(folder / f"{number}.csv", page, sources(count))
        for number, (page, count) in pages.items()
    ]
    return serp, *lists, *(() if own is None else ("--target", OURS))


def answers_of(folder: Path, cases: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Ask in one run about a keyword for each case, with rivals of its own.

    The cases are arguments of `answer_of`; the own list is the same in all.
    """
    for number, case in enumerate(cases):
        below = folder / str(number)
        below.mkdir()
        arguments_for(below, **case)
        for path in below.iterdir():
            encoding = "utf-8" if path.name == "serp.csv" else "utf-16"
            text = path.read_text(encoding).replace("rival", f"k{number}rival")
            path.write_text(text.replace("desk lamp", f"k{number}"), encoding)
    files = [path for path in folder.glob("*/*.csv") if path.name != "0.csv"]
    own = (folder / "0" / "0.csv", "--target", OURS) if "own" in cases[0] else ()
    found = {one["keyword"]: one for one in result(*sorted(files), *own)["keywords"]}
    return [found[f"k{number}"] for number in range(len(cases))]


MEDIANS = {
    "the middle one of three": ([20, 30, 40], [2], (30, "at least", 40)),
    "the lowest": ([20, 30, 40], [1], (30, "at least", 40)),
    "the highest": ([20, 30, 40], [3], (30, "exact", 30)),
    "two of three": ([20, 30, 40], [1, 2], (30, "at least", None)),
    "the highest of four": ([20, 30, 40, 50], [4], (35, "exact", 35)),
    "the upper middle one": ([20, 30, 40, 50], [3], (35, "at least", 40)),
    "below two equal ones": ([20, 30, 30, 50], [1], (30, "at least", 40)),
    "below three equal ones": ([20, 30, 30, 30, 50], [1], (30, "exact", 30)),
}


def test_a_median_is_exact_only_if_infinite_counts_would_not_move_it(tmp_path: Path) -> None:
    cases = [{"counts": counts, "cut": cut} for counts, cut, _ in MEDIANS.values()]

    all_goals = [answer["goals"] for answer in answers_of(tmp_path, cases)]

    found = {
        name: (goals["median"], goals["bound"], goals["at_most"]["median"])
        for name, goals in zip(MEDIANS, all_goals, strict=True)
    }
    assert found == {name: goal for name, (_, _, goal) in MEDIANS.items()}


def test_five_of_nine_cut_lists_give_a_lower_bound_with_low_confidence(tmp_path: Path) -> None:
    answer = answer_of(tmp_path, [50, 60, 70, 80, 75, 75, 75, 75, 75], cut=range(5, 10), own=6)

    goals, gap = answer["goals"], answer["gap"]
    assert (goals["median"], goals["bound"]) == (75, "at least")
    assert (gap["to_median"], gap["bound"], gap["most"]) == (69, "at least", None)
    assert goals["confidence"] == "low"
    assert "5 of 9 lists are incomplete" in goals["confidence_reason"]
    assert answer["verdict"]["sentence"] == (
        "Your page has 6 referring domains, the typical top-10 page has at least 75. It "
        "needs at least 69 more to match it, at least 51 more to be competitive."
    )


def test_one_cut_list_keeps_the_confidence_from_being_high(tmp_path: Path) -> None:
    counts = [30, 31, 32, 33, 34, 35, 36, 37, 38]

    whole = answer_of(tmp_path, counts)["goals"]
    cut = answer_of(tmp_path, counts, cut=[9])["goals"]

    assert (whole["confidence"], cut["confidence"]) == ("high", "medium")
    assert cut["bound"] == "exact"
    assert whole["confidence_reason"].endswith("links the vendor has not found are missing")


def test_every_figure_carries_its_own_bound(tmp_path: Path) -> None:
    answer = answer_of(tmp_path, [60, 20, 30, 40, 50], cut=[1], own=45)

    unsure = {"leader": "at least", "spread_high": "at least"}
    assert answer["goals"]["bounds"] == {
        **dict.fromkeys(answer["goals"]["bounds"], "exact"),
        **unsure,
    }
    assert len(answer["goals"]["bounds"]) == 11
    assert answer["goals"]["at_most"] == {
        "median": 40,
        "entry": 30,
        "stretch": 30,
        "competitive": 30,
        "leader": None,
    }
    assert set(answer["gap"]["bounds"].values()) == {"exact"}


def test_the_details_show_the_bound_of_each_figure(tmp_path: Path) -> None:
    shown, small = (
        " ".join(run(*arguments_for(tmp_path, counts, cut=[1], own=9), "--details").out.split())
        for counts in ([60, 20, 30, 40, 50], [8, 3, 2])
    )

    assert "Most at least 60 Spread 20 to at least 60 most likely around the median" in shown
    assert "Leader at least 60 70-80% of it is at least 42-48 Mean" in shown
    assert "Leader at least 8 70-80% of it is at least 6 Mean" in small


def test_what_lists_of_both_kinds_mean_is_said_as_vaguely_as_the_numbers(tmp_path: Path) -> None:
    totals = {1: 20, 2: 20, 3: 60}
    asked = arguments_for(tmp_path, [90, 20, 30, 21, 23], totals=totals, cut=[0], own=10)

    shown = " ".join(run(*asked, "--pace", 99).out.split())

    assert "Your page has at least 10 referring domains, the typical top-5 page has" not in shown
    assert "the typical top-10 page has about 23. It needs about 13 more" in shown
    assert "rival3.example/guide is incomplete, so the median may be higher." in shown
    assert "The link list of your own page is incomplete, so you may need less." in shown
    assert (
        "The link list of rival1.example/guide seems to hold links to other pages: it is" in shown
    )
    assert "Time about 1 month, if it gets 99 new domains a month" in shown


def test_an_own_count_from_a_cut_list_is_at_least_that_everywhere(tmp_path: Path) -> None:
    asked = arguments_for(tmp_path, [20, 30, 40], cut=[0], own=10)
    other = write_serp(tmp_path / "other.csv", [20, 30, 40], more={"keyword": "oak"})

    details, page = (run(*asked, *more).out for more in (("--details",), ("--format", "html")))
    rows = run(*asked, other).out

    assert re.search(r"counted domains +3 +30 +at least 10 +at most 20", details)
    assert re.search(r"desk lamp +/page +20 +10\+ +30 +≤13-20", rows)
    assert '<dt>your page has</dt><dd><b data-value="10"><small>at least</small> 10</b>' in page


def test_one_domain_that_may_be_several_is_plural(tmp_path: Path) -> None:
    serp = write_serp(tmp_path / "serp.csv", [20, 30, 40], ours=(4, 35))
    lists = {rival(1): 20, rival(2): 30, rival(3): 40, OURS: 1}
    links = write_links(tmp_path / "links.csv", lists, rel="")

    sentence = ask(serp, links, "--target", OURS)["verdict"]["sentence"]

    assert sentence.startswith("Your page has at least 1 (35 at most) referring domains, ")


def test_a_cut_list_in_the_middle_bounds_every_goal(tmp_path: Path) -> None:
    answer = answer_of(tmp_path, [30, 20, 60, 40, 50], cut=[1], own=10)

    exact = {"outranking_min", "spread_low"}
    goals, gap = answer["goals"], answer["gap"]
    assert {name for name, bound in goals["bounds"].items() if bound == "exact"} == exact
    assert set(goals["bounds"].values()) == {"exact", "at least"}
    assert goals["at_most"] == {
        "median": 50,
        "entry": 40,
        "stretch": 60,
        "competitive": 38,
        "leader": None,
    }
    needs = {name: bound for name, bound in gap["bounds"].items() if name.startswith("to_")}
    assert set(needs.values()) == {"at least"}
    assert (gap["least"], gap["most"]) == (30, 40)


def test_a_surplus_over_a_lower_bound_is_at_most(tmp_path: Path) -> None:
    gap = answer_of(tmp_path, [20, 30, 40], cut=[1, 2], own=35)["gap"]

    assert (gap["surplus"]["median"], gap["bounds"]["surplus_median"]) == (5, "at most")
    assert (gap["to_median"], gap["bound"]) == (0, "at least")


@pytest.mark.parametrize(
    ("own", "bounds"),
    [
        pytest.param([], ("exact", "at least"), id="the own list is whole"),
        pytest.param([0], ("at most", None), id="the own list is cut"),
    ],
)
def test_the_gap_is_bounded_by_both_lists(
    tmp_path: Path, own: list[int], bounds: tuple[str, str | None]
) -> None:
    cases = [{"counts": [20, 30, 40], "cut": [*own, *rivals], "own": 7} for rivals in ([], [1])]

    gaps = [answer["gap"] for answer in answers_of(tmp_path, cases)]

    assert [(gap["to_median"], gap["bound"]) for gap in gaps] == [(23, bound) for bound in bounds]


def test_a_gap_without_numbers_has_no_bound(tmp_path: Path) -> None:
    gap = answer_of(tmp_path, [20, 30, 40])["gap"]

    assert (gap["to_median"], gap["bound"], gap["bounds"]) == (None, None, {})


# --- vendor totals -------------------------------------------------------------------------------


def test_a_vendor_total_is_the_upper_end_of_a_cut_list(tmp_path: Path) -> None:
    answer = answer_of(tmp_path, [20, 30, 40], totals={1: 36}, own=5)

    goals, gap = answer["goals"], answer["gap"]
    assert (goals["median"], goals["bound"], goals["at_most"]["median"]) == (30, "at least", 36)
    assert (gap["to_median"], gap["bound"], gap["least"], gap["most"]) == (25, "at least", 25, 31)
    page = answer["pages"][0]
    assert (page["raw"], page["kept"], page["complete"]) == (36, 20, False)


def test_one_link_more_never_moves_the_gap_by_more_than_one(tmp_path: Path) -> None:
    """The vendor counts 100 domains for the own page; its list holds about as many."""
    serp = write_serp(tmp_path / "serp.csv", [None] * 3, ours=(4, 100))
    rivals = {rival(1): 120, rival(2): 150, rival(3): 90}

    for own in (76, 77, 97, 98, 100, 103):
        links = write_links(tmp_path / "links.csv", {**rivals, OURS: own}, rel="")
        gap = ask(serp, links, "--target", OURS)["gap"]

        assert (gap["to_median"], gap["most"]) == (120 - own, 120 - own)
        assert gap["bound"] == ("exact" if own >= 98 else "at most")  # 98 % of the total


def test_a_list_far_above_the_vendors_total_is_of_another_scope(tmp_path: Path) -> None:
    answer = answer_of(tmp_path, [90, 20, 22, 21, 23], totals={1: 20, 2: 20, 3: 22}, own=10)

    page, gap = answer["pages"][0], answer["gap"]
    assert (page["kept"], page["raw"], page["complete"]) == (90, 20, None)
    assert (gap["to_median"], gap["bound"]) == (12, None)
    assert any("seems to hold links to other pages" in text for text in cautions(answer))


def test_a_list_a_little_above_the_vendors_total_is_whole(tmp_path: Path) -> None:
    answer = answer_of(tmp_path, [30, 20, 40], totals={1: 20, 2: 20}, own=10)

    assert answer["pages"][0]["complete"] is True  # 30 is 1.25 times 20 and 5 more
    assert answer["gap"]["bound"] == "exact"


# --- samples -------------------------------------------------------------------------------------


def sample(path: Path, count: int) -> Path:
    """Write a sample of Search Console: it never has all links."""
    return write_rows(path, [{"Linking page": url} for url in sources(count)])


def test_a_sample_of_a_rival_is_a_cut_list(tmp_path: Path) -> None:
    serp = write_serp(tmp_path / "serp.csv", [None] * 3, ours=(4, None))
    links = write_links(tmp_path / "l.csv", {rival(2): 30, rival(3): 40, OURS: 5}, rel="")
    bound = ("--links-for", f"{rival(1)}={sample(tmp_path / 'sample.csv', 20)}")

    answer = ask(serp, links, *bound, "--target", OURS)

    assert answer["pages"][0]["complete"] is False
    assert (answer["goals"]["median"], answer["goals"]["bound"]) == (30, "at least")
    assert answer["gap"]["bound"] == "at least"


# --- verdicts ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counts", "cut", "own", "verdict"),
    [
        pytest.param([10, 14, 16, 12, 11], [1, 2, 3], 20, "too-little-data", id="no gap so far"),
        pytest.param([10, 12, 11, 14, 16], [4, 5], 20, "links-not-the-lever", id="enough anyway"),
        pytest.param([10, 12, 11], [2, 3], 9, "too-little-data", id="within range so far"),
        pytest.param([3, 3, 2, 4, 4], [1, 2, 3], 1, "too-little-data", id="few links so far"),
        pytest.param([30, 40, 50], [1, 2], 2, "gap", id="a gap in any case"),
    ],
)
def test_a_verdict_that_bounds_could_turn_is_not_given(
    tmp_path: Path, counts: Sequence[int], cut: Sequence[int], own: int, verdict: str
) -> None:
    answer = answer_of(tmp_path, counts, cut=cut, own=own)

    assert answer["verdict"]["code"] == verdict
    if verdict == "too-little-data":
        assert rival(cut[0]) in answer["verdict"]["sentence"]
        assert "Export all links to exactly these pages" in answer["verdict"]["sentence"]


def test_a_verdict_stands_when_the_vendors_total_excludes_a_turn(tmp_path: Path) -> None:
    cases = [{"counts": [20, 10, 30], "totals": {1: total}, "own": 40} for total in (24, 25)]

    for answer in answers_of(tmp_path, cases):
        assert answer["goals"]["bound"] == "at least", answer["keyword"]
        assert answer["verdict"]["code"] == "links-not-the-lever", answer["keyword"]


def test_no_cut_list_is_needed_for_fail_over_to_be_unsure(tmp_path: Path) -> None:
    serp = write_serp(tmp_path / "serp.csv", [36, None, None], ours=(4, None))
    links = write_links(
        tmp_path / "links.csv", {rival(1): 20, rival(2): 30, rival(3): 40, OURS: 5}, rel=""
    )

    assert run(serp, links, "--target", OURS, "--fail-over", "24").code == 1
    assert run(serp, links, "--target", OURS, "--fail-over", "26").code == 4
