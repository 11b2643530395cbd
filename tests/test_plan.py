"""The command `plan`: months, rivals, cost and order, from hand-made cases and as properties."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from math import ceil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gapcalc.analyses.plan import move_goal
from gapcalc.results.shared import Pace
from gapcalc.stats import moving_months
from running import FIXTURES, ask, run
from tables import OURS, links_to, rival, write_links, write_rows, write_serp

RIVALS = ("growing-rivals/serp.csv", "growing-rivals/links.csv")
TABLE = ("--target", "https://www.ours.example/oak-table/")
LAMPS = ("vendors/ahrefs-serps.csv", "--target", "https://www.lampkin.example/desk-lamp/")


def plan(*arguments: object, cwd: Path = FIXTURES) -> Mapping[str, Any]:
    done = run("plan", *arguments, "--json", cwd=cwd)
    assert done.code == 0, done.err
    found: Mapping[str, Any] = json.loads(done.out)
    return found


def one(*arguments: object, cwd: Path = FIXTURES) -> Mapping[str, Any]:
    (keyword,) = plan(*arguments, cwd=cwd)["keywords"]
    found: Mapping[str, Any] = keyword
    return found


# --- by hand -------------------------------------------------------------------------------------


def test_a_plan_against_growing_rivals_is_the_one_worked_out_by_hand() -> None:
    """The lists end on 13 November 2026, so May to October are the last six full months.

    alder: 20 counted. Won 8 in these months and lost 2; a domain that was lost in April is lost
    before them, and a second link of a domain from 2025 wins nothing. Net 6, 1 a month.
    birch: 26 counted. Won 13, lost 1 on 31 October. Net 12, 2 a month.
    cedar: 14 counted. Lost 3; two that were won in November come after the six months, and a
    sponsored link is not counted. Net -3, -0.5 a month.
    The median of 1, 2 and -0.5 is 1. The goal is 20, the median of 20, 26 and 14. Ours has 4: the
    need is 16. At 3 a month: 16 / 3 = 5.33, so 6 months; 16 / (3 - 1) = 8. In twelve months:
    16 / 12 = 1.33, and 1 more as the goal moves.
    """
    found = one(*RIVALS, *TABLE, "--pace", 3, "--price", 150)

    assert (found["own"], found["goal"], found["need"], found["bound"]) == (4, 20, 16, "exact")
    assert found["plan"] == {
        "pace": {"low": 3, "middle": 3, "high": 3},
        "pace_source": "--pace",
        "months": {"low": 6, "middle": 6, "high": 6},
        "cost": 2400,
        "moving": {
            "months": {"low": 8, "middle": 8, "high": 8},
            "never": [],
            "closes_in_a_year": pytest.approx(2.3333333),
        },
    }
    velocity = found["velocity"]
    assert [(page["won"], page["lost"], page["per_month"]) for page in velocity["by_page"]] == [
        (8, 2, 1),
        (13, 1, 2),
        (0, 3, -0.5),
    ]
    assert (velocity["per_month"], velocity["kind"], velocity["pages"]) == (1, "net", 3)
    assert (velocity["first_month"], velocity["last_month"]) == ("2026-05", "2026-10")
    assert found["in_a_year"] == {
        "standing": pytest.approx(1.3333333),
        "moving": pytest.approx(2.3333333),
    }


def test_three_scenarios_come_from_the_published_range() -> None:
    """DR 18: 5 to 10 a month. Standing: 16/5, 16/7.5, 16/10. Moving: 16/4, 16/6.5, 16/9."""
    found = one(*RIVALS, *TABLE)["plan"]

    assert found["months"] == {"low": 4, "middle": 3, "high": 2}
    assert found["moving"]["months"] == {"low": 4, "middle": 3, "high": 2}
    assert found["cost"] is None


def test_a_pace_that_rivals_keep_up_with_never_closes_the_gap() -> None:
    found = one(*RIVALS, *TABLE, "--pace", 1)["plan"]
    said = run("plan", *RIVALS, *TABLE, "--pace", 1).out

    assert found["months"]["middle"] == 16
    assert found["moving"]["months"] == {"low": None, "middle": None, "high": None}
    assert found["moving"]["never"] == ["low", "middle", "high"]
    assert "never at this pace" in said
    assert "1.4 a month would close the gap in 12 months, and 2.4 if rivals go on growing" in said


@pytest.mark.slow
def test_the_gap_has_the_same_plan_and_its_screen_one_line_of_time() -> None:
    asked = (*RIVALS, *TABLE, "--pace", 3, "--price", 150)
    answer = ask(*asked)
    screen = run(*asked).out
    details = " ".join(run(*asked, "--details").out.split())

    assert (answer["plan"], answer["velocity"]) == (one(*asked)["plan"], one(*asked)["velocity"])
    assert [line[:6] for line in screen.splitlines() if "month" in line] == ["Time  "]
    assert "the gap takes 6 months, if rivals stand still" in details
    assert "rivals win 1 a month (net, counted domains, median of 3 pages)" in details
    assert "If they go on, it takes 8 months." in details
    assert "Cost: 2,400, at the price given." in details


def test_without_a_pace_the_paces_that_would_do_are_still_told(tmp_path: Path) -> None:
    serp = write_serp(tmp_path / "serp.csv", [20, 30, 40], ours=(4, 6))

    found = one(serp, "--target", OURS, "--price", 2)
    said = run("plan", serp, "--target", OURS).out

    assert found["plan"] is None
    assert found["in_a_year"] == {"standing": 2, "moving": None}
    assert found["cost"] == 48
    assert "--pace N gives it" in said


def test_with_too_little_data_nothing_is_planned(tmp_path: Path) -> None:
    serp = write_serp(tmp_path / "serp.csv", [20, 30], ours=(3, 6))

    found = one(serp, "--target", OURS, "--pace", 5)

    assert (found["verdict"], found["need"], found["plan"]) == ("too-little-data", None, None)
    assert (found["goal"], found["goal_bound"]) == (None, None)  # as the table of gap shows it


# --- velocity that is not known ------------------------------------------------------------------


def with_lists(folder: Path, known: int, **cells: object) -> Mapping[str, Any]:
    """Ask about three rivals, of which so many have dates; each won 6 domains in May."""
    rows = [
        {"first_seen": "2026-05-05" if number <= known else "", "last_seen": "2026-11-13", **row}
        for number in (1, 2, 3)
        for row in links_to(rival(number), 6, **cells)
    ]
    links = write_rows(folder / "links.csv", [*rows, *links_to(OURS, 1)])
    serp = write_serp(folder / "serp.csv", [None, None, None], ours=(4, None))
    return one(serp, links, "--target", OURS, "--pace", 3)


def test_lists_without_lost_links_give_a_gross_velocity(tmp_path: Path) -> None:
    velocity = with_lists(tmp_path, 3)["velocity"]

    assert (velocity["per_month"], velocity["kind"]) == (1, "gross")
    assert [page["lost"] for page in velocity["by_page"]] == [None, None, None]


def test_velocity_is_unknown_where_fewer_than_three_lists_have_dates(tmp_path: Path) -> None:
    found = with_lists(tmp_path, 2)

    assert (found["velocity"]["per_month"], found["velocity"]["pages"]) == (None, 2)
    assert found["plan"]["moving"] is None
    assert [page["unknown"] for page in found["velocity"]["by_page"]] == [
        None,
        None,
        "its list does not say when links were first seen",
    ]


# --- several keywords ----------------------------------------------------------------------------


def test_two_keywords_of_one_page_share_its_domains() -> None:
    """The goals are 36 and 24.5, and ours has 21: 15 and 4. At 2 a month 4 take 2, 15 take 8."""
    found = plan(*LAMPS, "--pace", 2, "--price", 10)

    shared = found["schedule"]
    assert (shared["domains"], shared["months"], shared["cost"]) == (15, 8, 150)
    assert [(page["need"], len(page["keywords"])) for page in shared["pages"]] == [(15, 2)]
    assert [(row["month"], row["domains"]) for row in shared["by_month"]] == [
        *((month, 2) for month in range(1, 8)),
        (8, 1),
    ]
    assert [one["reached_in"] for one in found["keywords"]] == [2, 8]
    assert shared["by_month"][1]["keywords"] == ["led desk lamp with usb"]


def test_a_csv_has_a_row_for_each_keyword() -> None:
    head, *rows = run("plan", *LAMPS, "--pace", 2, "--format", "csv").out.splitlines()

    assert head.startswith("keyword,country,url,basis,own,goal,need,bound,verdict,pace_low,")
    assert [row.rpartition(",")[2] for row in rows] == ["2", "8"]


def test_a_goal_that_may_be_too_low_says_so_beside_each_keyword(tmp_path: Path) -> None:
    """The list of ten sites is of a kind that is never whole, so the goal of 20 may be higher."""
    pages = [f"https://rival{n}.example/p" for n in range(3)]
    serp = [
        {"keyword": keyword, "position": n, "url": page}
        for keyword in ("lamp", "desk")
        for n, page in enumerate(pages, start=1)
    ]
    audit = "Source URL,Target URL,Toxic Score,No Follow\n"
    rows = (f"https://s{n}.example/,{pages[0]},0,false\n" for n in range(10))
    (tmp_path / "audit.csv").write_text(audit + "".join(rows))
    lists = write_links(tmp_path / "lists.csv", {pages[1]: 20, pages[2]: 30})
    files = (write_rows(tmp_path / "serp.csv", serp), tmp_path / "audit.csv", lists)

    asked = (*files, "--own-rds", "5", "--pace", "2")
    screen = run("plan", *asked, columns=120).out

    assert [one["goal_bound"] for one in plan(*asked)["keywords"]] == ["at least"] * 2
    assert screen.count("at least 20  at least 15") == 2


@pytest.mark.parametrize("width", [80, 100])
@pytest.mark.parametrize("asked", [(*RIVALS, *TABLE), LAMPS], ids=["one keyword", "two keywords"])
def test_the_screen_is_no_wider_than_the_terminal(asked: Sequence[str], width: int) -> None:
    lines = run("plan", *asked, "--price", 12.1, columns=width).out.splitlines()

    assert max(map(len, lines)) <= width
    assert "no rule of a search engine" in " ".join(" ".join(lines).split())


def test_text_of_strangers_is_harmless_in_every_form(tmp_path: Path) -> None:
    hostile = "=1+1\x1b[31m<b>|"
    serp = write_serp(tmp_path / "serp.csv", [20, 30, 40], ours=(4, 6), more={"keyword": hostile})

    forms = {
        form: run("plan", serp, "--target", OURS, "--pace", 2, "--format", form).out
        for form in ("table", "json", "csv", "markdown")
    }

    assert all("\x1b" not in text for text in forms.values())
    assert "'=1+1" in forms["csv"]
    assert "<b>" not in forms["markdown"]


def test_the_schema_is_that_of_the_output() -> None:
    schema = json.loads(run("schema", "plan").out)

    assert schema["$id"] == "gapcalc.plan/1"
    assert set(plan(*RIVALS, *TABLE)) == set(schema["properties"])


# --- properties ----------------------------------------------------------------------------------

GAPS = st.integers(0, 10_000)
PACES = st.decimals("0.1", 500, places=2).map(float)
TWELFTHS = st.integers(0, 600)


@pytest.mark.slow
@given(GAPS, PACES, TWELFTHS)
def test_months_are_those_of_exact_arithmetic(gap: int, pace: float, twelfths: int) -> None:
    closing = Fraction(str(pace)) - Fraction(twelfths, 12)
    never = closing <= 0 and gap > 0

    expected = None if never else ceil(gap / closing) if gap else 0

    assert moving_months(gap, pace, twelfths) == expected


@given(GAPS, PACES, PACES, TWELFTHS)
def test_a_higher_pace_never_takes_longer(gap: int, one: float, two: float, twelfths: int) -> None:
    slow, fast = (moving_months(gap, pace, twelfths) for pace in sorted((one, two)))

    assert fast is not None or slow is None
    assert slow is None or fast is None or fast <= slow


@given(st.lists(GAPS, min_size=2, max_size=5), PACES, TWELFTHS)
def test_months_never_shrink_when_the_gap_grows(
    gaps: Sequence[int], pace: float, twelfths: int
) -> None:
    found = [moving_months(gap, pace, twelfths) for gap in sorted(gaps)]

    for less, more in pairwise(found):
        assert more is None or (less is not None and less <= more)


@given(st.integers(1, 10_000), TWELFTHS)
def test_the_pace_for_a_year_closes_the_gap_in_a_year(gap: int, twelfths: int) -> None:
    yearly = move_goal(gap, Pace(1, 1, 1), twelfths).closes_in_a_year

    closing = Fraction(yearly) - Fraction(twelfths, 12)
    assert float(gap / closing) == pytest.approx(12)


@pytest.mark.slow
def test_the_order_of_files_changes_nothing(tmp_path: Path) -> None:
    lists = list(split_by_target(FIXTURES / RIVALS[1], tmp_path))
    orders = [(FIXTURES / RIVALS[0], *lists), (*reversed(lists), FIXTURES / RIVALS[0])]

    first, second = (plan(*files, *TABLE) for files in orders)

    assert first["keywords"] == second["keywords"]
    assert first["keywords"] == plan(*RIVALS, *TABLE)["keywords"]


def split_by_target(path: Path, folder: Path) -> Iterator[Path]:
    head, *rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
    targets = sorted({row.split(",")[1] for row in rows})
    for number, target in enumerate(targets):
        part = folder / f"part-{number}.csv"
        part.write_text(head + "".join(row for row in rows if row.split(",")[1] == target))
        yield part


def test_a_keyword_without_a_page_of_ours_has_a_new_page_in_both_tables() -> None:
    said = run("plan", "eight-keywords/serps.csv", "--site", "oakdesk.example").out

    assert re.search(
        r"^ +1  new page for desk with drawers +6  desk with drawers$", said, re.MULTILINE
    )
    assert re.search(r"^desk with drawers +new page +0 +6 +6", said, re.MULTILINE)
