"""Confidence, site strength, months and verdicts say what the numbers allow, and no more."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from running import ask
from tables import OURS, rival, sources, write_ahrefs, write_links, write_rows, write_serp

ALIKE = range(30, 39)


def ahrefs_lists(folder: Path, counts: Sequence[int]) -> list[Path]:
    return [
        write_ahrefs(folder / f"{number}.csv", rival(number), sources(count))
        for number, count in enumerate(counts, start=1)
    ]


# --- confidence ----------------------------------------------------------------------------------


@pytest.mark.slow
def test_an_own_list_of_another_vendor_keeps_the_confidence_from_being_high(
    tmp_path: Path,
) -> None:
    serp = write_serp(tmp_path / "s.csv", [None] * 9, ours=(10, None))
    lists = ahrefs_lists(tmp_path, ALIKE)
    same = write_ahrefs(tmp_path / "same.csv", OURS, sources(5))
    rows = [{"source_url": url, "target_url": OURS, "vendor": "semrush"} for url in sources(5)]
    other = write_rows(tmp_path / "other.csv", rows)

    one = ask(serp, *lists, same, "--target", OURS)["goals"]
    two = ask(serp, *lists, other, "--target", OURS)["goals"]

    assert (one["confidence"], two["confidence"]) == ("high", "medium")
    assert two["confidence_reason"] == (
        "pages were measured with different vendors (Ahrefs, Semrush)"
    )


def test_totals_of_one_vendor_beside_lists_of_another_are_named(tmp_path: Path) -> None:
    totals = [None] * 5 + [46, 47, 48, 49]
    serp = write_serp(tmp_path / "s.csv", totals, more={"vendor": "semrush"})

    goals = ask(serp, *ahrefs_lists(tmp_path, range(41, 46)))["goals"]

    assert (goals["n"], goals["confidence"]) == (9, "medium")
    assert "different vendors (Ahrefs, Semrush)" in goals["confidence_reason"]


def test_totals_of_the_vendor_whose_lists_were_given_are_no_mixture(tmp_path: Path) -> None:
    totals = [None] * 5 + [46, 47, 48, 49]
    serp = write_serp(tmp_path / "s.csv", totals, more={"vendor": "ahrefs"})

    assert ask(serp, *ahrefs_lists(tmp_path, range(41, 46)))["goals"]["confidence"] == "high"


# --- site strength -------------------------------------------------------------------------------


def rated(path: Path, metric: str) -> Path:
    rows = [
        {"position": place, "url": url, "referring_domains": 9, "authority": 50 + place}
        for place, url in enumerate([*map(rival, range(1, 5)), OURS], start=1)
    ]
    return write_rows(path, [{"keyword": "desk", "metric": metric, **row} for row in rows])


@pytest.mark.parametrize("metric", ["DR", "Authority Score", "DA", "TF"])
def test_scores_of_sites_tell_how_strong_a_site_is(tmp_path: Path, metric: str) -> None:
    strength = ask(rated(tmp_path / "s.csv", metric), "--target", OURS)["site_strength"]

    assert (strength["metric"], strength["own"], strength["median"]) == (metric, 55, 52.5)


@pytest.mark.parametrize(
    "metric", ["UR", "PA", "Page Authority Score", "page ascore", "URL rating"]
)
def test_scores_of_pages_tell_nothing_of_their_sites(tmp_path: Path, metric: str) -> None:
    assert ask(rated(tmp_path / "s.csv", metric), "--target", OURS)["site_strength"] is None


# --- months --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("gap", "pace", "months"),
    [(21, "0.7", 30), (21, "0.3", 70), (6, "0.1", 60), (3, "1.1", 3), (33, "1.1", 30), (7, "7", 1)],
)
def test_months_are_decimal_arithmetic(tmp_path: Path, gap: int, pace: str, months: int) -> None:
    serp = write_serp(tmp_path / "s.csv", [gap, gap, gap])

    answer = ask(serp, "--own-rds", "0", "--pace", pace, "--horizon", months)

    assert set(answer["plan"]["months"].values()) == {months}
    assert answer["verdict"]["code"] != "out-of-reach"
    assert answer["summary"]["months_middle"] == months


# --- sentences -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counts", "ours", "options", "verdict"),
    [
        (
            [40, 50],
            (5, 9),
            [],
            (
                "too-little-data",
                "Only 2 pages to compare with have a known count; a median needs at least 3.",
            ),
        ),
        (
            [],
            (5, 9),
            [],
            (
                "too-little-data",
                "No page to compare with has a known count; a median needs at least 3.",
            ),
        ),
        (
            [40, 50, 60],
            (5, None),
            [],
            (
                "own-count-unknown",
                (
                    "The typical top-10 page has 50 referring domains. The count of your own page is "
                    "unknown."
                ),
            ),
        ),
        (
            [90, 40, 30, 20],
            (2, 40),
            [],
            (
                "no-gap",
                (
                    "Your page has 40 referring domains, the typical top-10 page has 35. There is no "
                    "gap."
                ),
            ),
        ),
        (
            [40, 50, 60],
            (2, 50),
            [],
            (
                "no-gap",
                (
                    "Your page has 50 referring domains, the typical top-10 page has 50. It has "
                    "as many as it needs."
                ),
            ),
        ),
        (
            [40, 50, 60],
            (4, 50),
            [],
            (
                "links-not-the-lever",
                (
                    "Your page has 50 referring domains, the typical top-10 page has 50, the top three "
                    "have 50, and yet it ranks 4. Links are probably not what holds it back."
                ),
            ),
        ),
        (
            [4, 3, 2, 4, 4],
            (8, 1),
            [],
            (
                "links-not-the-lever",
                (
                    "Your page has 1 referring domain, the typical top-10 page has 4, the top three "
                    "have 3. It needs 3 more to match it, but at such small counts other things decide."
                ),
            ),
        ),
        (
            [30, 40, 50],
            (5, 39),
            [],
            (
                "within-range",
                (
                    "Your page has 39 referring domains, the typical top-10 page has 40. That is "
                    "within the competitive range, which starts at 30. It needs 1 more to match it."
                ),
            ),
        ),
        (
            [40, 50, 60],
            (5, 1),
            ["--pace", "2"],
            (
                "out-of-reach",
                (
                    "Your page has 1 referring domain, the typical top-10 page has 50. It needs 49 "
                    "more to match it, and at 2 a month that takes 25 months, more than the 24 of "
                    "--horizon."
                ),
            ),
        ),
    ],
)
def test_each_verdict_has_one_sentence_with_its_numbers(
    tmp_path: Path,
    counts: Sequence[int],
    ours: tuple[int, int | None],
    options: Sequence[str],
    verdict: tuple[str, str],
) -> None:
    answer = ask(write_serp(tmp_path / "s.csv", counts, ours=ours), "--target", OURS, *options)

    assert tuple(answer["verdict"].values()) == verdict


# --- KD ------------------------------------------------------------------------------------------


def keywords(path: Path, heading: str, country: str) -> Path:
    """Write Ahrefs' Organic keywords export, whose country column has had two names."""
    text = (
        f"Keyword,{heading},Location,Language,Entities,Branded,Local,Navigational,Informational,"
        "Commercial,Transactional,SERP features,Volume,KD,CPC,Organic traffic,Paid traffic,"
        "Current position,Current position kind,Current URL,Updated\n"
        f"desk lamp,{country},,,,,,,,,,,1200,61,,,,1,,https://a.example/,2026-05-06 07:19:14\n"
    )
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("heading", ["Country", "Country code"])
@pytest.mark.parametrize(("country", "kd"), [("AU", None), ("US", 61)])
def test_the_kd_of_another_country_is_never_used(
    tmp_path: Path, heading: str, country: str, kd: int | None
) -> None:
    serp = write_serp(tmp_path / "s.csv", [10, 20, 30], more={"country": "us"})

    answer: dict[str, Any] = ask(serp, keywords(tmp_path / "k.csv", heading, country))

    assert answer["kd"] == kd


# --- one page of a site --------------------------------------------------------------------------


def test_the_median_of_similar_sites_takes_one_page_a_site(tmp_path: Path) -> None:
    urls = ["https://one.example/a", "https://one.example/b", rival(2), rival(3), OURS]
    rows = [
        {"position": n, "url": url, "referring_domains": 10 * n, "authority": 50, "metric": "DR"}
        for n, url in enumerate(urls, start=1)
    ]
    serp = write_rows(tmp_path / "s.csv", [{"keyword": "desk", **row} for row in rows])

    strength = ask(serp, "--target", OURS)["site_strength"]

    assert (strength["similar_n"], strength["similar_median"]) == (3, 30)  # 10 30 40


def test_a_host_that_is_excluded_is_left_out_with_all_its_pages(tmp_path: Path) -> None:
    serp = write_serp(tmp_path / "s.csv", [10, 20, 30])
    links = write_links(tmp_path / "l.csv", {rival(1): 3}, rel="")

    pages = ask(serp, links, "--exclude", "rival1.example")["pages"]

    assert [page["left_out"] for page in pages] == ["excluded", None, None]
