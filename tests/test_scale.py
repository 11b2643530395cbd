"""The published KD points, the curve through them, and invalid scales."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gapcalc import data
from gapcalc.scale import (
    Benchmark,
    Point,
    Scale,
    curve,
    default_scale,
    kd_for_rd,
    load_scale,
    rd_for_kd,
)

SCALE = default_scale()
PUBLISHED = (
    Point(0, 0),
    Point(10, 10),
    Point(20, 22),
    Point(30, 36),
    Point(40, 56),
    Point(50, 84),
    Point(60, 129),
    Point(70, 202),
    Point(80, 353),
    Point(90, 756),
)
OWN_SCALE = """
vendor = "Ahrefs"
date = 2027-01-31
source = "a colleague's note"
points = [[0, 0], [50, 104], [90, 800]]
"""

difficulties = st.floats(min_value=0, max_value=99)
domains = st.integers(min_value=0, max_value=20_000).map(lambda twice: twice / 2)


def test_the_scale_that_ships_has_the_ten_published_points_and_says_whose_they_are() -> None:
    assert SCALE.points == PUBLISHED
    assert SCALE.vendor == "ahrefs"
    assert SCALE.band == 0.25
    assert SCALE.date
    assert SCALE.source


@pytest.mark.parametrize(("kd", "rd"), PUBLISHED)
def test_every_published_point_is_exact_both_ways(kd: float, rd: int) -> None:
    assert curve(kd, SCALE) == pytest.approx(rd, abs=1e-9)
    assert rd_for_kd(kd, SCALE).rd == rd
    assert not rd_for_kd(kd, SCALE).extrapolated
    assert kd_for_rd(rd, SCALE) == (kd, False)


@pytest.mark.parametrize(
    ("kd", "expected"),
    [
        pytest.param(0, Benchmark(0, 0, 0, 0, extrapolated=False, over=None), id="nothing"),
        pytest.param(5, Benchmark(5, 5, 4, 6, extrapolated=False, over=None), id="k(10) below 10"),
        pytest.param(
            10, Benchmark(10, 10, 8, 13, extrapolated=False, over=None), id="halves go up"
        ),
        pytest.param(
            77, Benchmark(77, 294, 221, 368, extrapolated=False, over=None), id="between points"
        ),
        pytest.param(
            90, Benchmark(90, 756, 567, 945, extrapolated=False, over=None), id="the last point"
        ),
        pytest.param(
            95, Benchmark(95, 1596, None, None, extrapolated=True, over=756), id="beyond the last"
        ),
        pytest.param(
            98.9, Benchmark(98.9, 7552, None, None, extrapolated=True, over=756), id="a fraction"
        ),
        pytest.param(
            99, Benchmark(99, 8316, None, None, extrapolated=True, over=8316), id="the ceiling"
        ),
        pytest.param(
            100, Benchmark(100, 8316, None, None, extrapolated=True, over=8316), id="the end"
        ),
    ],
)
def test_a_kd_becomes_referring_domains_with_a_band_or_a_floor(
    kd: float, expected: Benchmark
) -> None:
    assert rd_for_kd(kd, SCALE) == expected


def test_the_figure_the_vendor_shows_at_kd_77_lies_in_the_band() -> None:
    benchmark = rd_for_kd(77, SCALE)
    assert abs(benchmark.rd - 294) <= 1
    assert benchmark.low is not None
    assert benchmark.high is not None
    assert benchmark.low <= 291 <= benchmark.high


@pytest.mark.parametrize("kd", range(20, 90, 10))
def test_a_point_left_out_is_predicted_from_its_neighbours_within_3_4_percent(kd: int) -> None:
    published = dict(PUBLISHED)[kd]
    without = replace(SCALE, points=tuple(p for p in SCALE.points if p.kd != kd))
    assert abs(curve(kd, without) - published) / published <= 0.034


@pytest.mark.parametrize("kd", range(101))
def test_every_whole_kd_stands_for_more_than_the_one_before(kd: int) -> None:
    before = curve(kd - 1, SCALE) if kd else -1
    assert curve(kd, SCALE) > before or kd == 100


@given(difficulties, st.floats(min_value=1e-6, max_value=99))
def test_the_curve_rises_strictly_before_rounding(kd: float, step: float) -> None:
    harder = min(kd + step, 99)
    assert curve(kd, SCALE) < curve(harder, SCALE) or harder - kd < 1e-6


@given(difficulties)
def test_the_inverse_leads_back_to_the_kd(kd: float) -> None:
    assert kd_for_rd(curve(kd, SCALE), SCALE).kd == pytest.approx(kd, abs=0.0501)


@given(domains)
def test_the_inverse_leads_back_to_the_referring_domains(rd: float) -> None:
    kd = kd_for_rd(rd, SCALE).kd
    lower, upper = curve(max(kd - 0.0501, 0), SCALE), curve(min(kd + 0.0501, 100), SCALE)
    assert lower <= min(rd, curve(99, SCALE)) <= upper


@given(domains, domains)
def test_more_referring_domains_never_mean_a_lower_kd(one: float, other: float) -> None:
    few, many = sorted((one, other))
    assert kd_for_rd(few, SCALE).kd <= kd_for_rd(many, SCALE).kd


@given(st.floats(min_value=0, max_value=90))
def test_the_band_encloses_the_figure(kd: float) -> None:
    benchmark = rd_for_kd(kd, SCALE)
    assert benchmark.low is not None
    assert benchmark.high is not None
    assert benchmark.low <= benchmark.rd <= benchmark.high


@pytest.mark.parametrize(
    ("rd", "kd", "extrapolated"),
    [
        pytest.param(0, 0.0, False, id="nothing"),
        pytest.param(24.5, 21.9, False, id="a median with a half"),
        pytest.param(294, 77.0, False, id="between points"),
        pytest.param(1596, 95.0, True, id="beyond the last point"),
        pytest.param(8316, 99.0, True, id="the ceiling"),
        pytest.param(1_000_000, 99.0, True, id="far above the ceiling"),
    ],
)
def test_referring_domains_become_a_kd_to_one_decimal(
    rd: float, kd: float, *, extrapolated: bool
) -> None:
    assert kd_for_rd(rd, SCALE) == (kd, extrapolated)


@pytest.mark.parametrize("kd", [-0.1, 100.1, float("nan")])
def test_a_kd_outside_0_to_100_is_an_error(kd: float) -> None:
    with pytest.raises(ValueError, match="from 0 to 100"):
        rd_for_kd(kd, SCALE)


@pytest.mark.parametrize("rd", [-1, float("nan")])
def test_fewer_than_no_referring_domains_are_an_error(rd: float) -> None:
    with pytest.raises(ValueError, match="0 or more"):
        kd_for_rd(rd, SCALE)


def test_a_file_replaces_the_scale(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(OWN_SCALE, encoding="utf-8")
    scale = load_scale(path)
    assert scale == Scale(
        vendor="ahrefs",
        date="2027-01-31",
        source="a colleague's note",
        points=(Point(0, 0), Point(50, 104), Point(90, 800)),
        band=0.25,
    )
    assert rd_for_kd(50, scale) == (50, 104, 78, 130, False, None)


def test_two_points_make_a_scale() -> None:
    scale = replace(SCALE, points=(Point(0, 0), Point(50, 100)))
    assert rd_for_kd(20, scale).rd == 25
    assert rd_for_kd(80, scale) == (80, 400, None, None, True, 100)
    assert kd_for_rd(25, scale) == (20.0, False)


def test_a_point_above_the_ceiling_is_believed() -> None:
    scale = replace(SCALE, points=(*SCALE.points, Point(99.5, 20_000)))
    assert rd_for_kd(99.5, scale).rd == 20_000
    assert rd_for_kd(100, scale) == (100, 20_000, None, None, True, 20_000)
    assert kd_for_rd(20_000, scale) == (99.5, False)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        pytest.param('"Ahrefs"', '"semrush"', "only Ahrefs KD", id="another vendor"),
        pytest.param('"Ahrefs"', '"moz"', "not that of 'moz'", id="a third vendor"),
        pytest.param('vendor = "Ahrefs"', "", "a scale has a vendor", id="no vendor"),
        pytest.param('"a colleague\'s note"', '" "', "a scale has a source", id="blank source"),
        pytest.param("2027-01-31", "2027", "a scale has a date", id="a number for a date"),
        pytest.param("points", "point", "'point' is not a key", id="misspelt key"),
        pytest.param("points = [", "band = [", "a scale has points", id="no points"),
        pytest.param("[[0, 0], [50, 104], [90, 800]]", "7", "a scale has points", id="a number"),
        pytest.param("[50, 104]", "50", "a point is", id="a bare KD"),
        pytest.param("[50, 104]", "[50, 104, 3]", "a point is", id="three numbers"),
        pytest.param("[50, 104]", "[50, 104.5]", "a point is", id="half a domain"),
        pytest.param("[50, 104]", "[50, true]", "a point is", id="a flag for a count"),
        pytest.param("[50, 104]", '["50", 104]', "where a number belongs", id="a text for a KD"),
        pytest.param("[50, 104]", "[true, 104]", "where a number belongs", id="a flag for a KD"),
        pytest.param("[0, 0], [50, 104], [90, 800]", "[0, 0]", "at least one more", id="one point"),
        pytest.param("[0, 0], [50, 104]", "[50, 104]", "first point", id="no KD 0"),
        pytest.param("[0, 0]", "[0, 3]", "first point", id="links at KD 0"),
        pytest.param("[50, 104]", "[90, 104]", "rise from point to point", id="equal KD"),
        pytest.param("[50, 104]", "[95, 104]", "rise from point to point", id="falling KD"),
        pytest.param("[50, 104]", "[nan, 104]", "rise from point to point", id="no number"),
        pytest.param("[90, 800]", "[90, 104]", "rise from point to point", id="equal RD"),
        pytest.param("[90, 800]", "[90, 40]", "rise from point to point", id="falling RD"),
        pytest.param("[90, 800]", "[100, 800]", "below KD 100", id="KD 100"),
        pytest.param("[90, 800]", "[90, 105]", "curve would fall", id="a hump between points"),
        pytest.param("points", "band = 25\npoints", "band is a share", id="band in percent"),
        pytest.param("points", 'band = "a"\npoints', "where a number belongs", id="band a text"),
        pytest.param("vendor =", "vendor", "is not valid TOML", id="no TOML"),
    ],
)
def test_an_invalid_scale_file_is_refused_with_its_name_and_fault(
    tmp_path: Path, old: str, new: str, fault: str
) -> None:
    path = tmp_path / "own.toml"
    path.write_text(OWN_SCALE.replace(old, new), encoding="utf-8")
    with pytest.raises(ValueError, match=fault) as caught:
        load_scale(path)
    assert str(path) in str(caught.value)


def test_a_scale_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_bytes(OWN_SCALE.encode("utf-16"))
    with pytest.raises(ValueError, match="is not UTF-8 text"):
        load_scale(path)


def test_a_scale_file_that_is_missing_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load_scale(tmp_path / "none.toml")


@given(st.lists(st.integers(min_value=40, max_value=150), min_size=2, max_size=9))
def test_any_scale_that_is_accepted_rises_throughout(factors: list[int]) -> None:
    inner = (Point(10 * i, k * i // (10 - i)) for i, k in enumerate(factors, 1))
    points = (Point(0, 0), *inner)
    try:
        scale = replace(SCALE, points=points)
    except ValueError:
        return
    values = [curve(kd / 4, scale) for kd in range(4 * 99 + 1)]
    assert all(low < high for low, high in pairwise(values))


def test_only_page_level_referring_domains_are_comparable_with_our_counts() -> None:
    figures = data.load("context")["figures"]
    assert [f["value"] for f in figures] == [2418, 13, 112, 6, 907, 76, 3027]
    for figure in figures:
        page_level = (figure["level"], figure["unit"]) == ("page", "referring domains")
        assert figure["comparable"] is page_level
        assert figure["source"]
        assert figure["date"] in {"2024", "2026"}
