"""The published examples of the method, and properties of any counts."""

import math
from collections.abc import Callable, Sequence
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gapcalc import stats

SKEWED = (100, 150, 491, 546, 635, 900, 17525)

counts = st.integers(min_value=0, max_value=10**9)
some_counts = st.lists(counts, min_size=1, max_size=30)
two_or_more = st.lists(counts, min_size=2, max_size=30)
five_or_more = st.lists(counts, min_size=5, max_size=30)
targets = st.integers(min_value=0, max_value=10**7).map(lambda twice: twice / 2)
percents = st.integers(min_value=0, max_value=100)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param((55, 1, 15), 15, id="three pages"),
        pytest.param((28, 43, 19), 28, id="three close pages"),
        pytest.param((43, 178, 221), 178, id="three pages, all links"),
        pytest.param((29, 138, 49), 49, id="three pages, followed links"),
        pytest.param(SKEWED, 546, id="seven pages with a giant"),
        pytest.param((7,), 7, id="one page"),
    ],
)
def test_the_median_of_an_odd_number_of_pages_is_the_middle_count(
    values: Sequence[int], expected: int
) -> None:
    assert stats.median(values) == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param((10, 20, 30, 41), 25, id="whole mean"),
        pytest.param((10, 21), 15.5, id="half a domain"),
        pytest.param((0, 0), 0, id="pages without a link"),
        pytest.param((71.5, 72.5), 72, id="authority scores"),
        pytest.param((2**60 + 1, 2**60 + 3), 2**60 + 2, id="beyond the precision of floats"),
    ],
)
def test_the_median_of_an_even_number_of_pages_is_the_mean_of_the_two_middle_ones(
    values: Sequence[float], expected: float
) -> None:
    assert stats.median(values) == expected


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        pytest.param((15,), int, id="a count"),
        pytest.param((14, 16), int, id="a whole mean of counts"),
        pytest.param((14, 15), float, id="a half"),
        pytest.param((14.5, 15.5), int, id="a whole mean of scores"),
    ],
)
def test_a_whole_median_is_an_integer(values: Sequence[float], kind: type) -> None:
    assert type(stats.median(values)) is kind


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param((9,), 9, id="one page is its own half"),
        pytest.param((4, 8), 4, id="two pages"),
        pytest.param((1, 15, 55), 8, id="three pages: the middle one counts in the lower half"),
        pytest.param((10, 20, 30, 41), 15, id="four pages"),
        pytest.param((1, 2, 3, 4, 5), 2, id="five pages"),
        pytest.param(SKEWED, 320.5, id="seven pages"),
        pytest.param((3, 1, 2, 10, 9, 8, 7, 6, 5, 4), 3, id="ten pages in any order"),
    ],
)
def test_the_lower_hinge_is_the_median_of_the_lower_half(
    values: Sequence[int], expected: float
) -> None:
    assert stats.lower_hinge(values) == expected


def test_the_mean_shows_the_skew_of_the_published_example() -> None:
    assert round(stats.mean((55, 1, 15)), 2) == 23.67


def test_the_mean_is_the_same_for_every_order() -> None:
    values = [0.1] * 7 + [10.0**16, 3.7, -(10.0**16)]
    assert stats.mean(values) == stats.mean(values[::-1])


@pytest.mark.parametrize("figure", [stats.median, stats.lower_hinge, stats.mean])
def test_a_figure_of_no_counts_is_an_error(figure: Callable[[Sequence[float]], float]) -> None:
    with pytest.raises(ValueError, match="of no counts"):
        figure(())


@pytest.mark.parametrize(
    ("pages", "low", "high", "coverage"),
    [
        (5, 1, 5, 0.9375),
        (6, 1, 6, 0.96875),
        (7, 2, 6, 0.875),
        (8, 2, 7, 0.9296875),
        (9, 2, 8, 0.9609375),
        (10, 3, 8, 0.890625),
    ],
)
def test_the_spread_is_the_published_pair_with_its_coverage(
    pages: int, low: int, high: int, coverage: float
) -> None:
    assert stats.spread(range(pages, 0, -1)) == (low, high, coverage)


@pytest.mark.parametrize("pages", range(5))
def test_there_is_no_spread_below_five_pages(pages: int) -> None:
    assert stats.spread(range(pages)) is None


@pytest.mark.parametrize("pages", [*range(5, 40), 99, 100])
def test_no_other_pair_comes_nearer_to_ninety_percent(pages: int) -> None:
    coverages = [
        1 - 2 * Fraction(sum(math.comb(pages, i) for i in range(rank)), 2**pages)
        for rank in range(1, pages // 2 + 1)
    ]
    nearest = min(coverages, key=lambda coverage: abs(coverage - Fraction(9, 10)))
    spread = stats.spread(range(1, pages + 1))
    assert spread is not None
    assert spread.coverage == float(nearest)
    assert spread.low == coverages.index(nearest) + 1


def test_the_spread_of_thousands_of_pages_neither_overflows_nor_misses() -> None:
    spread = stats.spread(range(5000))
    assert spread is not None
    assert spread.coverage == pytest.approx(0.9, abs=0.01)
    assert spread.low + spread.high == 4999


@given(five_or_more)
def test_the_spread_encloses_the_median(values: list[int]) -> None:
    spread = stats.spread(values)
    assert spread is not None
    assert spread.low <= stats.median(values) <= spread.high


@given(two_or_more)
def test_leave_one_out_is_what_leaving_each_one_out_gives(values: list[int]) -> None:
    medians = [stats.median(values[:i] + values[i + 1 :]) for i in range(len(values))]
    assert stats.leave_one_out(values) == (min(medians), max(medians))


@given(two_or_more)
def test_leave_one_out_encloses_the_median(values: list[int]) -> None:
    bounds = stats.leave_one_out(values)
    assert bounds is not None
    assert bounds[0] <= stats.median(values) <= bounds[1]


@pytest.mark.parametrize("values", [(), (5,)], ids=["none", "one"])
def test_one_page_cannot_be_left_out(values: Sequence[int]) -> None:
    assert stats.leave_one_out(values) is None


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param(SKEWED, (6,), id="a giant"),
        pytest.param((300, 0, 310, 290, 305), (1,), id="a page with hardly a link"),
        pytest.param((0, 90000, 300, 310, 290, 305, 300), (0, 1), id="one on either side"),
        pytest.param((10,) * 9 + (5000,), (9,), id="most equal, so the mean deviation decides"),
        pytest.param((10, 10, 10, 10, 11), (4,), id="all but one equal, however near it is"),
        pytest.param((10,) * 10, (), id="all equal"),
        pytest.param((0,) * 6, (), id="no links at all"),
        pytest.param((1, 2, 4, 8, 16, 32), (), id="skewed, but evenly so"),
        pytest.param((1, 1, 1, 17525), (), id="below five pages"),
    ],
)
def test_an_outlier_stands_apart_on_a_log_scale(
    values: Sequence[int], expected: tuple[int, ...]
) -> None:
    assert stats.outliers(values) == expected


@given(five_or_more)
def test_most_pages_are_never_outliers(values: list[int]) -> None:
    assert 2 * len(stats.outliers(values)) < len(values)


@given(five_or_more)
def test_outliers_do_not_depend_on_the_order_of_the_pages(values: list[int]) -> None:
    turned = values[::-1]
    assert sorted(values[i] for i in stats.outliers(values)) == sorted(
        turned[i] for i in stats.outliers(turned)
    )


@pytest.mark.parametrize(
    ("target", "own", "gap"),
    [
        pytest.param(178, 5, 173, id="all links"),
        pytest.param(49, 2, 47, id="followed links"),
        pytest.param(24.5, 24, 1, id="half a domain missing is one to build"),
        pytest.param(24.5, 25, 0, id="half a domain above"),
        pytest.param(10, 10, 0, id="reached"),
        pytest.param(10, 12, 0, id="passed"),
    ],
)
def test_the_gap_is_what_is_missing_rounded_up(target: float, own: int, gap: int) -> None:
    assert stats.shortfall(target, own) == gap


@pytest.mark.parametrize(
    ("target", "own", "surplus"), [(10, 12, 2), (10, 10, 0), (178, 5, 0), (24.5, 25, 1)]
)
def test_the_surplus_is_the_gap_the_other_way_round(target: float, own: int, surplus: int) -> None:
    assert stats.surplus(target, own) == surplus


@given(targets, counts)
def test_there_is_a_gap_or_a_surplus_but_never_both(target: float, own: int) -> None:
    gap, surplus = stats.shortfall(target, own), stats.surplus(target, own)
    assert min(gap, surplus) == 0
    assert own + gap >= target


@given(targets, counts)
def test_a_link_more_on_my_page_never_widens_the_gap(target: float, own: int) -> None:
    assert stats.shortfall(target, own + 1) <= stats.shortfall(target, own)


@given(some_counts, counts)
def test_a_page_more_at_the_median_does_not_move_it(values: list[int], own: int) -> None:
    target = stats.median(values)
    assert stats.median([*values, target]) == target
    assert stats.shortfall(stats.median([*values, target]), own) == stats.shortfall(target, own)


@pytest.mark.parametrize(
    ("target", "tolerance", "start"),
    [
        pytest.param(178, 0.25, 134, id="133.5 goes up"),
        pytest.param(10, 0.3, 7, id="exactly 7"),
        pytest.param(100, 0.45, 55, id="exactly 55, where floats say a trifle more"),
        pytest.param(150, 0.18, 123, id="exactly 123, where floats say a trifle more"),
        pytest.param(24.5, 0.2, 20, id="a target with a half"),
        pytest.param(3_000_000, 0.45, 1_650_000, id="a large target"),
        pytest.param(178, 0, 178, id="no tolerance"),
        pytest.param(178, 1, 0, id="all is tolerated"),
        pytest.param(0, 0.25, 0, id="no target"),
    ],
)
def test_the_competitive_range_starts_at_the_share_of_the_target_rounded_up(
    target: float, tolerance: float, start: int
) -> None:
    assert stats.range_start(target, tolerance) == start


@given(targets, percents)
def test_the_start_of_the_range_is_exact_for_every_percentage(target: float, percent: int) -> None:
    exact = Fraction(100 - percent, 100) * Fraction(target)
    assert stats.range_start(target, percent / 100) == math.ceil(exact)


@given(targets, percents, counts)
def test_the_gap_to_the_range_is_never_wider_than_the_gap(
    target: float, percent: int, own: int
) -> None:
    start = stats.range_start(target, percent / 100)
    assert stats.shortfall(start, own) <= stats.shortfall(target, own)


@pytest.mark.parametrize("tolerance", [-0.01, 1.01, 25, math.nan])
def test_a_tolerance_that_is_no_share_is_an_error(tolerance: float) -> None:
    with pytest.raises(ValueError, match="share from 0 to 1"):
        stats.range_start(178, tolerance)
