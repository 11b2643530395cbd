"""Reads the KD scale: what does a difficulty mean, and what are the published figures?"""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from gapcalc import data
from gapcalc.scale import Benchmark, Difficulty, Scale, kd_for_rd, rd_for_kd, read_kd, read_scale
from gapcalc.stats import whole


class BenchmarkResult(NamedTuple):
    """The output of the command `benchmark`: the scale, what was asked of it, context figures."""

    schema: str
    scale: Scale
    for_kd: Benchmark | None
    rd: int | None
    for_rd: Difficulty | None
    figures: tuple[Mapping[str, str | int | bool], ...]


def find_benchmark(
    kd: str | float | None, rd: int | None, kd_scale: Path | None
) -> BenchmarkResult:
    """Read the KD scale: all of it, and what it says for a KD or a number of referring domains.

    Raises UsageError for a bad scale or score, KdVendorError for another vendor's score.
    """
    scale = read_scale(kd_scale)
    score = read_kd(kd)
    difficulty = None if rd is None else kd_for_rd(rd, scale)
    return BenchmarkResult(
        schema="gapcalc.benchmark/1",
        scale=scale,
        for_kd=None if score is None else rd_for_kd(whole(score), scale),
        rd=rd,
        for_rd=difficulty and difficulty._replace(kd=whole(difficulty.kd)),
        figures=tuple(data.load("context")["figures"]),
    )
