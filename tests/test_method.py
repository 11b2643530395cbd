"""The numbers are those of the method: published examples, hand-computed figures, every verdict."""

import json
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from running import FIXTURES, ask, cautions, result, run
from tables import OURS, links_to, rival, sources, write_ahrefs, write_links, write_rows, write_serp

CHECK = "checks/43-178-221"
CHECK_LINKS = [f"{CHECK}/links-{name}.csv" for name in ("first", "second", "third", "our")]
OUR_CHECK = ("--target", "https://our-check.example/guide")


@pytest.mark.parametrize(
    ("file", "median", "mean"),
    [
        pytest.param("55-1-15.csv", 15, 23.67, id="three pages"),
        pytest.param("28-43-19.csv", 28, 30, id="three close pages"),
        pytest.param("10-20-30-41.csv", 25, 25.25, id="four pages"),
        pytest.param("100-150-491-546-635-900-17525.csv", 546, 2906.71, id="a giant"),
    ],
)
def test_a_published_median_comes_out_and_the_mean_stands_beside_it(
    file: str, median: int, mean: float
) -> None:
    goals = ask(f"checks/{file}")["goals"]

    assert (goals["median"], goals["mean"]) == (median, mean)
    assert goals["mean_to_median"] == round(mean / median, 2)


@pytest.mark.parametrize(
    ("inputs", "basis", "own", "target", "gap"),
    [
        pytest.param([f"{CHECK}/serp.csv"], "raw", 5, 178, 173, id="the vendor's totals"),
        pytest.param(CHECK_LINKS, "raw", 5, 178, 173, id="all links"),
        pytest.param([CHECK], "raw", 5, 178, 173, id="all links, with the SERP"),
        pytest.param(CHECK_LINKS, "followed", 2, 49, 47, id="followed links"),
        pytest.param([CHECK], "followed", 2, 49, 47, id="followed links, with the SERP"),
        pytest.param([CHECK], "kept", 5, 178, 173, id="kept links, with the SERP"),
    ],
)
def test_the_published_gap_comes_out_on_each_basis(
    inputs: Sequence[str], basis: str, own: int, target: int, gap: int
) -> None:
    answer = ask(*inputs, *OUR_CHECK, "--basis", basis)

    assert answer["basis"] == basis
    assert answer["target_page"]["count"] == own
    assert answer["goals"]["median"] == target
    assert answer["gap"]["to_median"] == gap
    by_basis = answer["by_basis"][basis]
    assert (by_basis["own"], by_basis["median"], by_basis["need"]) == (own, target, gap)


KD_POINTS = [
    (0, 0),
    (10, 10),
    (20, 22),
    (30, 36),
    (40, 56),
    (50, 84),
    (60, 129),
    (70, 202),
    (80, 353),
    (90, 756),
]


@pytest.mark.parametrize(("kd", "rd"), [pytest.param(*p, id=f"KD {p[0]}") for p in KD_POINTS])
def test_a_published_kd_point_comes_out_exactly_with_a_quarter_on_either_side(
    kd: int, rd: int
) -> None:
    found = json.loads(run("benchmark", "--kd", kd, "--json").out)["for_kd"]

    assert (found["kd"], found["rd"], found["extrapolated"]) == (kd, rd, False)
    assert found["low"] == pytest.approx(0.75 * rd, abs=0.5)
    assert found["high"] == pytest.approx(1.25 * rd, abs=0.5)


def test_kd_77_is_within_one_of_294() -> None:
    found = json.loads(run("benchmark", "--kd", "77", "--json").out)["for_kd"]

    assert abs(found["rd"] - 294) <= 1


def test_a_kd_beyond_the_published_scale_is_marked_and_has_no_band() -> None:
    found = json.loads(run("benchmark", "--kd", "95", "--json").out)["for_kd"]

    assert found == {
        "kd": 95,
        "rd": 84 * 95 // 5,
        "low": None,
        "high": None,
        "extrapolated": True,
        "over": 756,
    }
    assert "over 756 referring domains (about 1,596 if the curve continues" in (
        run("benchmark", "--kd", "95").out
    )


def test_an_answer_says_over_the_last_published_figure_as_well(tmp_path: Path) -> None:
    serp = write_serp(tmp_path / "s.csv", [900, 800, 700])

    answer = ask(serp, "--kd", "95")

    benchmark = answer["benchmark"]
    assert (benchmark["low"], benchmark["high"], benchmark["extrapolated"]) == (None, None, True)
    assert (
        "over 756 (about 1,596 if the curve continues)" in run(serp, "--kd", "95", "--details").out
    )


def test_referring_domains_give_the_kd_back() -> None:
    found = json.loads(run("benchmark", "--rd", "353", "--json").out)

    assert (found["rd"], found["for_rd"]) == (353, {"kd": 80, "extrapolated": False})


NOT_AHREFS = (
    "gapcalc: {} difficulty is not Ahrefs KD: the published scale turns only Ahrefs KD into "
    "referring domains, and two vendors' scores for one keyword differ by tens of points. "
    "Give the Ahrefs KD with --kd, or leave it out.\n"
)


@pytest.mark.parametrize("command", [["benchmark"], ["gap", "vendors/gapcalc-serp.csv"]])
@pytest.mark.parametrize(
    ("kd", "vendor"),
    [
        pytest.param("semrush:40", "semrush", id="a vendor's name in front"),
        pytest.param("moz:40", "moz", id="a third vendor's"),
        pytest.param("40%", "Semrush (KD %)", id="Semrush's per cent sign"),
        pytest.param("40 %", "Semrush (KD %)", id="the same after a space"),
    ],
)
def test_another_vendors_difficulty_is_refused(
    command: Sequence[str], kd: str, vendor: str
) -> None:
    done = run(*command, "--kd", kd)

    assert (done.code, done.out, done.err) == (2, "", NOT_AHREFS.format(vendor))


def test_another_vendors_difficulty_in_a_file_is_not_used_and_named(tmp_path: Path) -> None:
    serp = write_serp(tmp_path / "s.csv", [9, 8, 7], more={"kd": 40, "kd_vendor": "semrush"})

    answer = ask(serp)

    assert (answer["kd"], answer["benchmark"]) == (None, None)
    assert cautions(answer)[0] == (
        "The Semrush difficulty in the input is not Ahrefs KD and does not fit the Ahrefs scale, "
        "so it is not used."
    )


def test_the_kd_of_the_export_beats_the_one_given(tmp_path: Path) -> None:
    serp = write_serp(tmp_path / "s.csv", [9, 8, 7], more={"kd": 40})

    answer = ask(serp, "--kd", "20")

    assert (answer["kd"], answer["benchmark"]["rd"]) == (40, 56)
    assert "--kd 20 is not used: the export says KD 40." in cautions(answer)


@pytest.mark.parametrize(
    ("counts", "kd", "disagrees"),
    [
        pytest.param([100, 113, 130], 40, True, id="more than twice the scale"),
        pytest.param([100, 112, 130], 40, False, id="twice the scale"),
        pytest.param([10, 27, 130], 40, True, id="less than half the scale"),
        pytest.param([10, 28, 130], 40, False, id="half the scale"),
        pytest.param([1, 4, 5], 9, False, id="both below ten"),
    ],
)
def test_the_scale_and_the_raw_median_disagree_by_more_than_a_factor_of_two(
    tmp_path: Path, counts: Sequence[int], kd: int, *, disagrees: bool
) -> None:
    found = cautions(ask(write_serp(tmp_path / "s.csv", counts), "--kd", kd))

    assert any("Trust the SERP" in caution for caution in found) is disagrees


@pytest.mark.parametrize(
    ("n", "low", "high", "coverage"),
    [
        pytest.param(5, 1, 5, 0.9375, id="5 pages"),
        pytest.param(6, 1, 6, 0.9688, id="6 pages"),
        pytest.param(7, 2, 6, 0.875, id="7 pages"),
        pytest.param(8, 2, 7, 0.9297, id="8 pages"),
        pytest.param(9, 2, 8, 0.9609, id="9 pages"),
        pytest.param(10, 3, 8, 0.8906, id="10 pages"),
    ],
)
def test_the_spread_is_the_pair_nearest_to_ninety_per_cent(
    tmp_path: Path, n: int, low: int, high: int, coverage: float
) -> None:
    counts = [100 * rank for rank in range(1, n + 1)]

    spread = ask(write_serp(tmp_path / "s.csv", counts))["goals"]["spread"]

    assert spread == {"low": 100 * low, "high": 100 * high, "coverage": coverage}


def test_four_pages_have_no_spread(tmp_path: Path) -> None:
    assert ask(write_serp(tmp_path / "s.csv", [1, 2, 3, 4]))["goals"]["spread"] is None


def worked_serp(path: Path) -> Path:
    """Write a SERP of ten: a platform at 4, a home page at 5, a second page at 6, ours at 7."""
    rows = [
        (1, "https://one.example/guide", 120, 60),
        (2, "https://two.example/guide", 80, 70),
        (3, "https://three.example/guide", 40, 35),
        (4, "https://www.reddit.com/r/lamps", 60, 95),
        (5, "https://five.example/", 30, 50),
        (6, "https://one.example/more", 20, ""),
        (7, OURS, 25, 40),
        (8, "https://eight.example/guide", 100, 45),
        (9, "https://nine.example/guide", 50, 30),
        (10, "https://ten.example/guide", 70, 55),
    ]
    headings = ("position", "url", "referring_domains", "authority")
    more = {"keyword": "desk lamp", "metric": "DR"}
    return write_rows(path, [{**more, **dict(zip(headings, row, strict=True))} for row in rows])


EVERY_FIGURE = (
    *("median", "entry", "stretch", "competitive", "leader", "outranking_min"),
    *("outranking_median", "spread_low", "spread_high", "leave_one_out_low", "leave_one_out_high"),
)
EVERY_GAP = (
    *("to_median", "to_entry", "to_stretch", "to_competitive"),
    *("surplus_median", "surplus_entry", "surplus_stretch"),
)


def test_every_figure_of_a_worked_example_is_the_one_computed_by_hand(tmp_path: Path) -> None:
    answer = ask(worked_serp(tmp_path / "s.csv"), "--target", OURS)

    assert answer["goals"] == {
        "n": 9,
        "median": 60,  # 20 30 40 50 60 70 80 100 120
        "bound": "exact",
        "mean": 63.33,
        "mean_to_median": 1.06,
        "min": 20,
        "max": 120,
        "leader": {"url": "https://one.example/guide", "count": 120},
        "entry": 40,  # 20 30 40 50 60
        "stretch": 80,  # 120 80 40
        "stretch_pages": 3,
        "competitive": 45,
        "outranking": {"min": 20, "median": 50},  # 20 30 40 60 80 120
        "spread": {"low": 30, "high": 100, "coverage": 0.9609},
        "leave_one_out": {"low": 55, "high": 65},
        "without_flagged": {"median": 75, "n": 6},  # 40 50 70 80 100 120
        "bounds": dict.fromkeys(EVERY_FIGURE, "exact"),
        "at_most": {"median": 60, "entry": 40, "stretch": 80, "competitive": 45, "leader": 120},
        "confidence": "medium",
        "confidence_reason": answer["goals"]["confidence_reason"],
    }
    assert answer["gap"] == {
        "to_median": 35,
        "to_entry": 15,
        "to_stretch": 55,
        "to_competitive": 20,
        "surplus": {"median": 0, "entry": 0, "stretch": 0},
        "bound": "exact",
        "bounds": dict.fromkeys(EVERY_GAP, "exact"),
        "least": 35,
        "most": 35,
        "under_own_rules": None,
    }
    assert answer["summary"] == {
        "verdict": "gap",
        "own": 25,
        "goal": 60,
        "need": 35,
        "to_competitive": 20,
        "months_middle": 2,  # at 27.5 a month, for DR 40
        "confidence": "medium",
        "sentence": answer["verdict"]["sentence"],
    }
    assert answer["site_strength"] == {
        "metric": "DR",
        "own": 40,
        "median": 52.5,  # 30 35 45 50 55 60 70 95
        "similar_n": 6,
        "similar_median": 60,  # 30 40 50 70 100 120
    }
    assert (answer["verdict"]["code"], answer["by_basis"]["raw"]["need"]) == ("gap", 35)


def test_each_page_of_the_worked_example_says_why_it_counts_or_not(tmp_path: Path) -> None:
    pages = ask(worked_serp(tmp_path / "s.csv"), "--target", OURS)["pages"]

    said = {page["position"]: (page["left_out"], page["flags"]) for page in pages}
    assert said == {
        **{place: (None, []) for place in (1, 2, 3, 8, 9, 10)},
        4: (None, ["platform"]),
        5: (None, ["homepage"]),
        6: (None, ["duplicate-domain"]),
        7: ("own-page", []),
    }


def test_an_outlier_is_flagged_and_stays_in_the_median(tmp_path: Path) -> None:
    answer = ask("checks/100-150-491-546-635-900-17525.csv")

    flagged = {page["raw"]: page["flags"] for page in answer["pages"] if page["flags"]}
    assert flagged == {17525: ["outlier"]}
    assert answer["goals"]["n"] == 7
    few = ask(write_serp(tmp_path / "s.csv", [5, 6, 7, 90_000]))
    assert [page["flags"] for page in few["pages"]] == [[], [], [], []]


@pytest.mark.parametrize(
    ("counts", "own", "gap", "surplus"),
    [
        pytest.param([10, 21, 30, 40], 24, (2, 0, 0), (0, 9, 3), id="half a domain is a whole one"),
        pytest.param([10, 20, 30], 30, (0, 0, 0), (10, 15, 10), id="above every target"),
        pytest.param([0, 0, 0], 0, (0, 0, 0), (0, 0, 0), id="nobody has a link"),
    ],
)
def test_gap_and_surplus_are_rounded_up_to_whole_domains(
    tmp_path: Path,
    counts: Sequence[int],
    own: int,
    gap: tuple[int, int, int],
    surplus: tuple[int, int, int],
) -> None:
    answer = ask(write_serp(tmp_path / "s.csv", counts), "--own-rds", own)

    names = ("median", "entry", "stretch")
    assert tuple(answer["gap"][f"to_{name}"] for name in names) == gap
    assert tuple(answer["gap"]["surplus"][name] for name in names) == surplus


def test_no_page_in_the_top_three_means_no_stretch_target(tmp_path: Path) -> None:
    serp = write_serp(tmp_path / "s.csv", [9, 8, 7, 6, 5, 4])

    answer = ask(serp, *chain(*(("--exclude", rival(n)) for n in (1, 2, 3))), "--own-rds", "2")

    assert (answer["goals"]["stretch"], answer["goals"]["stretch_pages"]) == (None, 0)
    assert (answer["gap"]["to_stretch"], answer["gap"]["surplus"]["stretch"]) == (None, None)


def test_a_top_three_below_the_lower_half_is_a_caution(tmp_path: Path) -> None:
    low = ask(write_serp(tmp_path / "low.csv", [2, 3, 4, 50, 60, 70, 80]))
    even = ask(write_serp(tmp_path / "even.csv", [80, 70, 60, 50, 4, 3, 2]))

    caution = "The top three rank with fewer links (median 3) than the lower half."
    assert caution in cautions(low)
    assert not any("top three" in caution for caution in cautions(even))


LEVER_COUNTS = [4, 3, 2, 4, 3]


@pytest.mark.parametrize(
    ("counts", "ours", "options", "code"),
    [
        pytest.param([40, 50], (5, 9), [], "too-little-data", id="two pages"),
        pytest.param([40, 50, None], (5, 9), [], "too-little-data", id="two known pages"),
        pytest.param([40, 50, 60], (5, None), [], "own-count-unknown", id="own count unknown"),
        pytest.param([40, 50, 60], None, [], "own-count-unknown", id="no target"),
        pytest.param([90, 40, 30, 20], (2, 40), [], "no-gap", id="enough, in the top three"),
        pytest.param([99, 90, 80, 30, 40, 20, 10], (8, 50), [], "no-gap", id="below the top three"),
        pytest.param([40, 50, 60], None, ["--own-rds", "50"], "no-gap", id="position unknown"),
        pytest.param([40, 50, 60], (4, 50), [], "links-not-the-lever", id="enough and yet fourth"),
        pytest.param(
            [40, 50, 60],
            None,
            ["--own-rds", "50", "--target", OURS],
            "links-not-the-lever",
            id="enough and yet not in the SERP",
        ),
        pytest.param(LEVER_COUNTS, (8, 1), [], "links-not-the-lever", id="nobody has five"),
        pytest.param([5, 5, 5, 4, 4, 4, 4], (8, 1), [], "gap", id="the top three have five"),
        pytest.param([4, 4, 4, 5, 5, 5, 5], (8, 1), [], "gap", id="the median is five"),
        pytest.param([30, 40, 50], (5, 30), [], "within-range", id="at the start of the range"),
        pytest.param([30, 40, 50], (5, 29), [], "gap", id="one below the range"),
        pytest.param(
            [30, 40, 50], (5, 29), ["--tolerance", "0.3"], "within-range", id="a wider range"
        ),
        pytest.param([40, 50, 60], (5, 2), ["--pace", "2"], "gap", id="reached in the horizon"),
        pytest.param([40, 50, 60], (5, 1), ["--pace", "2"], "out-of-reach", id="a month too late"),
        pytest.param(
            [40, 50, 60],
            (5, 1),
            ["--pace", "2", "--horizon", "25"],
            "gap",
            id="a horizon that is far enough",
        ),
        pytest.param([4000, 5000, 6000], (5, 1), [], "gap", id="no pace known"),
    ],
)
def test_the_first_verdict_that_applies_is_given(
    tmp_path: Path,
    counts: Sequence[int | None],
    ours: tuple[int, int | None] | None,
    options: Sequence[str],
    code: str,
) -> None:
    target = ("--target", OURS) if ours else ()

    answer = ask(write_serp(tmp_path / "s.csv", counts, ours=ours), *target, *options)

    assert answer["verdict"]["code"] == code
    assert answer["by_basis"]["raw"]["verdict"] == code


def with_authority(path: Path, counts: Sequence[int], authorities: Sequence[int]) -> Path:
    """Write a SERP whose last page is ours, with the authority of every site."""
    urls = [*map(rival, range(1, len(counts))), OURS]
    return write_rows(
        path,
        [
            {
                "keyword": "desk lamp",
                "position": place,
                "url": url,
                "referring_domains": count,
                "authority": authority,
                "metric": "DR",
            }
            for place, (url, count, authority) in enumerate(
                zip(urls, counts, authorities, strict=True), start=1
            )
        ],
    )


@pytest.mark.parametrize(
    ("authorities", "code", "weaker"),
    [
        pytest.param([50, 50, 50, 50, 30], "links-not-the-lever", False, id="20 points weaker"),
        pytest.param([51, 51, 51, 51, 30], "gap", True, id="21 points weaker"),
        pytest.param([10, 10, 10, 10, 30], "links-not-the-lever", False, id="stronger"),
    ],
)
def test_a_site_more_than_20_points_weaker_is_warned_and_links_stay_the_lever(
    tmp_path: Path, authorities: Sequence[int], code: str, *, weaker: bool
) -> None:
    serp = with_authority(tmp_path / "s.csv", [4, 4, 4, 4, 1], authorities)

    answer = ask(serp, "--target", OURS)

    assert answer["verdict"]["code"] == code
    assert any("weaker than the median site" in text for text in cautions(answer)) is weaker


def test_fewer_than_three_similar_sites_have_no_median_of_their_own(tmp_path: Path) -> None:
    serp = with_authority(tmp_path / "s.csv", [9, 8, 7, 6, 1], [90, 90, 40, 20, 30])

    strength = ask(serp, "--target", OURS)["site_strength"]

    assert (strength["similar_n"], strength["similar_median"]) == (2, None)


@pytest.mark.parametrize(
    ("dr", "pace", "months"),
    [
        pytest.param(19, [5, 7.5, 10], [12, 8, 6], id="below DR 20"),
        pytest.param(20, [15, 27.5, 40], [4, 3, 2], id="DR 20"),
        pytest.param(49, [15, 27.5, 40], [4, 3, 2], id="below DR 50"),
        pytest.param(50, [20, 40, 60], [3, 2, 1], id="DR 50"),
    ],
)
def test_the_pace_is_the_published_one_for_the_own_sites_rating(
    tmp_path: Path, dr: int, pace: Sequence[float], months: Sequence[int]
) -> None:
    serp = with_authority(tmp_path / "s.csv", [61, 61, 61, 61, 1], [50, 50, 50, 50, dr])

    plan = ask(serp, "--target", OURS)["plan"]

    assert (list(plan["pace"].values()), list(plan["months"].values())) == (pace, months)


def test_competitive_verticals_have_a_pace_of_their_own(tmp_path: Path) -> None:
    serp = write_serp(tmp_path / "s.csv", [61, 61, 61], ours=(4, 1))

    assert ask(serp, "--target", OURS)["plan"] is None
    plan = ask(serp, "--target", OURS, "--competitive")["plan"]
    assert plan["pace"] == {"low": 20, "middle": 40, "high": 60}
    assert plan["months"] == {"low": 3, "middle": 2, "high": 1}


def test_the_verdict_sentence_holds_the_numbers(tmp_path: Path) -> None:
    serp = write_serp(tmp_path / "s.csv", [400, 1500, 6000], ours=(9, 25))

    answer = ask(serp, "--target", OURS)

    assert answer["verdict"]["sentence"] == (
        "Your page has 25 referring domains, the typical top-10 page has 1,500. It needs 1,475 more "
        "to match it, 1,100 more to be competitive."
    )


def kept_answer(
    folder: Path, counts: Sequence[int], *options: object, own: int | None = None
) -> dict[str, Any]:
    """Ask about pages that all have a link list in gapcalc's own form."""
    lists = {rival(number): count for number, count in enumerate(counts, start=1)}
    ours = {OURS: own} if own is not None else {}
    links = write_links(folder / "links.csv", {**lists, **ours}, rel="")
    serp = write_serp(folder / "serp.csv", counts, ours=None if own is None else (9, own))
    return ask(serp, links, *options)


@pytest.mark.parametrize(
    ("counts", "confidence", "because"),
    [
        pytest.param(
            range(10, 18), "high", "8 pages with similar counts (11-16)", id="eight alike"
        ),
        pytest.param(range(10, 17), "medium", "7 pages, fewer than 8", id="seven alike"),
        pytest.param(range(10, 14), "low", "only 4 comparable pages with a count", id="four"),
        pytest.param(
            [5, 5, 20, 20, 20, 20, 30, 60],
            "medium",
            "the counts differ widely (5-30)",
            id="a wide spread",
        ),
        pytest.param(
            [1, 1, 10, 10, 10, 10, 32, 60],
            "low",
            "the counts differ extremely (1-32)",
            id="a very wide spread",
        ),
    ],
)
def test_confidence_depends_on_pages_and_spread(
    tmp_path: Path, counts: Sequence[int], confidence: str, because: str
) -> None:
    goals = kept_answer(tmp_path, list(counts))["goals"]

    assert goals["confidence"] == confidence
    assert because in goals["confidence_reason"]


def test_vendor_totals_alone_give_medium_confidence_at_most(tmp_path: Path) -> None:
    goals = ask(write_serp(tmp_path / "s.csv", range(10, 20)))["goals"]

    assert goals["confidence"] == "medium"
    assert goals["confidence_reason"] == "vendor totals only, no link was checked"


def test_unknown_pages_give_medium_confidence_when_they_are_over_a_fifth(tmp_path: Path) -> None:
    counts = list(range(10, 18))
    lists = {rival(number): count for number, count in enumerate(counts, start=1)}
    links = write_links(tmp_path / "links.csv", lists, rel="")
    few = write_serp(tmp_path / "few.csv", [None] * 10)
    many = write_serp(tmp_path / "many.csv", [None] * 11)

    known = ask(few, links)["goals"]
    unknown = ask(many, links, "--top", "11")["goals"]

    assert (known["n"], known["confidence"]) == (8, "high")
    assert (unknown["n"], unknown["confidence"]) == (8, "medium")
    assert unknown["confidence_reason"] == "27% of the pages have no figure"


def test_an_unknown_page_is_left_out_of_the_median_and_named(tmp_path: Path) -> None:
    answer = ask(write_serp(tmp_path / "s.csv", [10, None, 30, 20]))

    assert (answer["goals"]["n"], answer["goals"]["median"]) == (3, 20)
    assert any(rival(2) in caution for caution in cautions(answer))


def test_vendor_totals_are_not_taken_for_different_vendors_where_a_list_is_missing() -> None:
    folder = FIXTURES / "standing-desk"
    lists = sorted(folder.glob("*backlinks*.csv"))[1:]
    target = ("--target", "https://www.deskwise.example/standing-desk/")

    answer = ask(folder / "serp.csv", *lists, *target)

    assert answer["basis"] == "raw"
    assert "different vendors" not in answer["goals"]["confidence_reason"]


@pytest.mark.slow
def test_pages_measured_by_different_vendors_are_a_caution(tmp_path: Path) -> None:
    serp = write_serp(tmp_path / "s.csv", [None] * 9)
    ahrefs = [write_ahrefs(tmp_path / f"a{n}.csv", rival(n), sources(9 + n)) for n in range(1, 9)]
    own_form = write_links(tmp_path / "links.csv", {rival(9): 18}, rel="")

    one = ask(serp, *ahrefs)
    two = ask(serp, *ahrefs, own_form)

    def cautioned(answer: dict[str, Any]) -> list[str]:
        return [text for text in cautions(answer) if "different vendors" in text]

    assert not cautioned(one)
    assert [text.split("unnamed: ")[1] for text in cautioned(two)] == ["rival9.example/guide)."]
    assert (one["goals"]["confidence"], two["goals"]["confidence"]) == ("high", "medium")


def cut_list(path: Path, target: str, domains: int) -> Path:
    """Write a list that an export limit cut: 1,000 rows, from as many domains as told."""
    urls = [f"{url}/{n}" for n in range(1000) for url in sources(1, start=n % domains)]
    return write_ahrefs(path, target, urls)


@pytest.mark.parametrize(
    ("cut", "median", "bound"),
    [
        pytest.param(20, 40, "at least", id="a cut list below it"),
        pytest.param(60, 50, "exact", id="a cut list above it"),
        pytest.param(45, 45, "at least", id="a cut list in the middle"),
    ],
)
def test_the_median_is_a_lower_bound_when_a_cut_list_stands_below_it(
    tmp_path: Path, cut: int, median: int, bound: str
) -> None:
    serp = write_serp(tmp_path / "s.csv", [None] * 3, ours=(4, None))
    lists = [cut_list(tmp_path / "cut.csv", rival(1), cut)]
    lists += [
        write_ahrefs(tmp_path / f"{n}.csv", rival(n), sources(count))
        for n, count in enumerate((40, 50), start=2)
    ]
    lists += [write_ahrefs(tmp_path / "own.csv", OURS, sources(5))]

    answer = ask(serp, *lists, "--target", OURS)

    assert (answer["goals"]["median"], answer["goals"]["bound"]) == (median, bound)
    assert (answer["gap"]["to_median"], answer["gap"]["bound"]) == (median - 5, bound)
    assert [page["complete"] for page in answer["pages"]] == [False, None, None, None]
    assert any("incomplete" in caution for caution in cautions(answer))


@pytest.mark.slow
def test_with_a_cut_own_list_the_gap_is_at_most(tmp_path: Path) -> None:
    serp = write_serp(tmp_path / "s.csv", [None] * 3, ours=(4, None))
    lists = [
        write_ahrefs(tmp_path / f"{n}.csv", rival(n), sources(count))
        for n, count in enumerate((30, 40, 50), start=1)
    ]
    own = cut_list(tmp_path / "own.csv", OURS, 7)

    answer = ask(serp, *lists, own, "--target", OURS)

    assert (answer["gap"]["to_median"], answer["gap"]["bound"]) == (33, "at most")
    assert answer["goals"]["bound"] == "exact"
    assert answer["target_page"]["complete"] is False
    assert "at most +33" in run(serp, *lists, own, "--target", OURS).out


def test_a_list_is_whole_when_it_agrees_with_the_vendors_own_total(tmp_path: Path) -> None:
    lists: dict[int | None, tuple[int, str, bool | None]] = {
        60: (60, "vendor", False),  # far fewer domains than the vendor counts
        43: (43, "vendor", False),  # three fewer
        42: (40, "links", True),  # two fewer
        40: (40, "links", True),
        28: (40, "links", True),  # more, within a quarter and five
        27: (27, "vendor", None),  # so many more that it must be of another scope
        None: (40, "links", None),
    }
    write_serp(tmp_path / "s.csv", list(lists))
    for number, _ in enumerate(lists, start=1):
        write_ahrefs(tmp_path / f"{number}.csv", rival(number), sources(40))

    pages = ask(tmp_path, "--basis", "raw")["pages"]

    found = [(page["raw"], page["source"], page["complete"]) for page in pages]
    assert found == [*lists.values()]


def test_a_known_total_beats_a_list_known_to_be_cut_for_raw_only(tmp_path: Path) -> None:
    serp = write_serp(tmp_path / "s.csv", [400, None, None])
    lists = [cut_list(tmp_path / "cut.csv", rival(1), 30)]
    lists += [write_ahrefs(tmp_path / f"{n}.csv", rival(n), sources(40)) for n in (2, 3)]

    page = ask(serp, *lists)["pages"][0]

    assert (page["raw"], page["kept"], page["listed"]) == (400, 30, 30)


@pytest.mark.parametrize("below", [(), ("Total", "30")], ids=["links alone", "a row of totals"])
def test_one_link_per_domain_makes_every_count_of_the_file_a_lower_bound(
    tmp_path: Path, below: tuple[str, ...]
) -> None:
    rows = [
        {"source_url": url, "target_url": rival(1 + place % 3), "rel": ""}
        for place, url in enumerate(sources(30))
    ]
    rows += [{"source_url": below[0], "target_url": below[1], "rel": ""}] if below else []
    links = write_rows(tmp_path / "links.csv", rows)

    answer = ask(write_serp(tmp_path / "s.csv", [None] * 3), links)

    assert [page["complete"] for page in answer["pages"]] == [False] * 3
    assert [page["kept"] for page in answer["pages"]] == [10] * 3
    _, told = result(tmp_path / "s.csv", links)["inputs"]
    assert told["complete"] is False
    assert "one link per domain" in told["note"]


@pytest.mark.parametrize(
    "form",
    ["a.example/{}", "https://a.example/{}", "HTTP://A.example:80/{}", "user@a.example/{}"],
)
def test_links_of_one_host_are_not_one_link_per_domain_however_they_are_written(
    tmp_path: Path, form: str
) -> None:
    rows = [
        {"URL": form.format(number), "Target URL": rival(1 + number % 3), "Link State": "active"}
        | {"Link Type": "follow"}
        for number in range(30)
    ]
    links = write_rows(tmp_path / "moz.csv", rows)

    answer = ask(write_serp(tmp_path / "s.csv", [None] * 3), links)

    assert [page["complete"] for page in answer["pages"]] == [None] * 3
    assert [page["kept"] for page in answer["pages"]] == [1] * 3


def test_a_domain_with_one_good_and_ten_bad_links_counts_once(tmp_path: Path) -> None:
    bad = [
        {"source_url": f"https://source0.example/{n}", "target_url": OURS, "rel": "sponsored"}
        for n in range(10)
    ]
    links = write_rows(tmp_path / "links.csv", [*bad, *links_to(OURS, 1, rel="")])

    page = ask(links)["pages"][0]

    assert (page["raw"], page["kept"], page["dropped"]["sponsored"]) == (1, 1, 0)


def test_a_domain_is_charged_to_the_rule_that_failed_its_best_link(tmp_path: Path) -> None:
    rels = {"sponsored ugc": "sponsored", "ugc": "ugc"}
    rows = [
        {"source_url": f"https://source.example/{n}", "target_url": OURS, "rel": rel}
        for n, rel in enumerate(rels)
    ]

    one = ask(write_rows(tmp_path / "one.csv", rows[:1]))["pages"][0]
    both = ask(write_rows(tmp_path / "both.csv", rows))["pages"][0]

    assert one["dropped"]["sponsored"] == 1
    assert (both["dropped"]["sponsored"], both["dropped"]["ugc"]) == (0, 1)


def test_a_rule_that_one_file_cannot_be_judged_by_is_left_out_for_all(tmp_path: Path) -> None:
    rated = write_rows(
        tmp_path / "rated.csv",
        [
            *links_to(rival(1), 9, rel="", external_links=9),
            *links_to(rival(2), 9, rel="", external_links=900),
        ],
    )
    unrated = write_rows(tmp_path / "unrated.csv", links_to(rival(3), 9, rel=""))
    serp = write_serp(tmp_path / "s.csv", [None] * 3)

    alone = ask(serp, rated)["pages"]
    together = ask(serp, rated, unrated)

    assert [page["kept"] for page in alone] == [9, 0, None]
    assert [page["kept"] for page in together["pages"]] == [9, 9, 9]
    assert [page["kept_by_own_rules"] for page in together["pages"]] == [9, 0, 9]
    assert any("outbound" in caution for caution in cautions(together))
    assert "outbound" not in together["waterfall"]


def test_links_that_are_no_backlinks_today_are_set_aside_before_counting(tmp_path: Path) -> None:
    rows = [
        *links_to(rival(1), 5, lost="false"),
        *links_to(rival(1), 9, lost="true"),
        *({"source_url": f"https://blog.rival1.example/{n}", "target_url": rival(1)} for n in "ab"),
    ]
    page = ask(write_rows(tmp_path / "links.csv", rows))["pages"][0]

    assert (page["raw"], page["set_aside"]) == (5, {"lost": 9, "internal": 2})


def test_the_checks_are_all_tried() -> None:
    tried = {"55-1-15", "28-43-19", "10-20-30-41", "100-150-491-546-635-900-17525", "43-178-221"}

    assert {path.stem for path in (FIXTURES / "checks").iterdir()} == tried
