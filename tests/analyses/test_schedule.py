"""The order of work over many keywords: most of them earliest, under one shared pace."""

from collections.abc import Sequence
from itertools import permutations
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gapcalc.analyses.plan import KeywordNeed, MonthShare, Stage, by_month, order, reached_in

NEEDS = st.lists(
    st.builds(
        KeywordNeed,
        page=st.sampled_from(["a", "b", "c"]),
        keyword=st.sampled_from(["k1", "k2", "k3", "k4", "k5"]),
        need=st.integers(0, 12),
    ),
    max_size=5,
    unique_by=lambda one: (one.page, one.keyword),
)
PACES = st.sampled_from([0.5, 0.7, 1, 2.5, 4, 7, 27.5])


def test_a_page_takes_its_largest_need_and_serves_all_of_its_keywords() -> None:
    """Page a needs 10 for one keyword; page b reaches one with 4, and two more with 2 more."""
    wanted = [
        KeywordNeed("a", "desk", 10),
        KeywordNeed("b", "lamp", 4),
        KeywordNeed("b", "led lamp", 6),
        KeywordNeed("b", "usb lamp", 6),
    ]

    stages = order(wanted)

    assert stages == (
        Stage("b", 4, ("lamp",)),
        Stage("b", 2, ("led lamp", "usb lamp")),
        Stage("a", 10, ("desk",)),
    )
    assert by_month(stages, 5, 24) == (
        MonthShare(1, "b", 5, ("lamp",)),
        MonthShare(2, "b", 1, ("led lamp", "usb lamp")),
        MonthShare(2, "a", 4, ()),
        MonthShare(3, "a", 5, ()),
        MonthShare(4, "a", 1, ("desk",)),
    )
    assert reached_in(stages, 5) == {
        ("b", "lamp"): 1,
        ("b", "led lamp"): 2,
        ("b", "usb lamp"): 2,
        ("a", "desk"): 4,
    }


def test_a_costly_keyword_waits_though_cheaper_ones_stand_behind_it_on_its_page() -> None:
    """Page a: 9 for one, then 1 more for four; that is 2 a keyword. Page b: 3 for one."""
    costly = [KeywordNeed("a", "first", 9)]
    behind = [KeywordNeed("a", name, 10) for name in ("second", "third", "fourth", "fifth")]

    stages = order([KeywordNeed("b", "other", 3), *costly, *behind])

    assert [stage.page for stage in stages] == ["a", "a", "b"]


def test_keywords_without_a_need_are_reached_now() -> None:
    stages = order([KeywordNeed("a", "done", 0), KeywordNeed("a", "open", 3)])

    assert by_month(stages, 5, 24) == (
        MonthShare(0, "a", 0, ("done",)),
        MonthShare(1, "a", 3, ("open",)),
    )


@pytest.mark.parametrize("pace", [0.1, 0.4])
def test_the_months_shown_end_with_the_horizon(pace: float) -> None:
    stages = order([KeywordNeed("a", "far", 10**9)])

    shares = by_month(stages, pace, 24)

    assert max(share.month for share in shares) <= 24
    assert sum(share.domains for share in shares) == int(24 * pace)
    assert reached_in(stages, pace)["a", "far"] > 10**9


@given(NEEDS, PACES)
def test_no_order_reaches_the_keywords_earlier(wanted: Sequence[KeywordNeed], pace: float) -> None:
    """Tries every order of keywords; a page with enough domains for one needs no more."""
    found = waiting(order(wanted))

    assert found == min((waited(tried) for tried in permutations(wanted)), default=0)
    assert by_month(order(wanted), pace, 999) == by_month(order(wanted[::-1]), pace, 999)


def waiting(stages: Sequence[Stage]) -> int:
    """Add up, over the keywords, the domains that are won until each is reached."""
    done = total = 0
    for stage in stages:
        done += stage.domains
        total += done * len(stage.keywords)
    return total


def waited(tried: Sequence[KeywordNeed]) -> int:
    has: dict[str, int] = {}
    total = 0
    for page, _, need in tried:
        has[page] = max(has.get(page, 0), need)
        total += sum(has.values())
    return total


@given(NEEDS, PACES)
def test_months_hand_out_the_pace_and_no_more(wanted: Sequence[KeywordNeed], pace: float) -> None:
    stages = order(wanted)

    shares = by_month(stages, pace, 999)

    largest: dict[str, int] = {}
    for page, _, need in wanted:
        largest[page] = max(largest.get(page, 0), need)
    for page, need in largest.items():
        assert sum(share.domains for share in shares if share.page == page) == need
    months = reached_in(stages, pace)
    assert {(s.page, name): s.month for s in shares for name in s.keywords} == months
    for month in {share.month for share in shares}:
        assert sum(share.domains for share in shares if share.month == month) <= ceil(pace)
        assert sum(s.domains for s in shares if s.month <= month) <= month * pace


@given(NEEDS, PACES, PACES)
def test_a_higher_pace_reaches_no_keyword_later(
    wanted: Sequence[KeywordNeed], one: float, other: float
) -> None:
    slow, fast = (reached_in(order(wanted), pace) for pace in sorted((one, other)))

    assert all(fast[key] <= month for key, month in slow.items())
