"""Small invented worlds give the figures that an independent count gives.

The benchmark differential.py tries thousands; `python tests/benchmarks/differential.py --seed N
--saving NAME --keep FOLDER` shows one again.
"""

from pathlib import Path

import pytest

from oracle.answer import SAVINGS, try_world

pytestmark = pytest.mark.slow

BATCHES, BATCH = 5, 5
TRIED = ("as exported",) * 4 + SAVINGS


@pytest.mark.parametrize("batch", range(BATCHES))
def test_every_figure_is_right_or_unknown_with_a_caution_or_refused(
    tmp_path: Path, batch: int
) -> None:
    failures = []
    for seed in range(batch * BATCH, (batch + 1) * BATCH):
        (tmp_path / str(seed)).mkdir()
        case = try_world(str(seed), TRIED[seed % len(TRIED)], tmp_path / str(seed))
        failures += [str(case)] if case.outcome == "wrong" else []
    assert not failures, "\n\n".join(failures)


@pytest.mark.parametrize(
    ("seed", "saving"),
    [
        pytest.param("48", "japanese", id="a code page that two characters alone show"),
        pytest.param("52", "garble", id="a list of which nothing tells what is lost"),
        pytest.param("835", "japanese", id="a vendor whose links alone are of one anchor"),
        pytest.param("2214", "repacked", id="an empty list that has no rel beside a full one"),
        pytest.param("3334", "repacked", id="an ad of another page of ours"),
        pytest.param("1251", "one-column", id="rows that were taken for one cell"),
        pytest.param("5164", "drop", id="addresses in quotes of their own"),
        pytest.param("5084", "garble", id="a list of which nothing tells what is followed"),
    ],
)
def test_what_was_once_wrong_is_right(tmp_path: Path, seed: str, saving: str) -> None:
    case = try_world(seed, saving, tmp_path)
    assert case.outcome != "wrong", str(case)
