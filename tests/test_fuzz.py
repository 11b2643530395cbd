"""Damaged files end in an answer or in a message, never in a traceback."""

from pathlib import Path
from random import Random

import pytest

from mutations import arguments, mutated
from running import run

pytestmark = pytest.mark.slow

FILES = 12


@pytest.mark.parametrize("seed", range(9))
def test_damaged_files_are_read_or_refused(tmp_path: Path, seed: int) -> None:
    dice = Random(f"test/{seed}")
    names = [f"{number}.csv" for number in range(FILES)]
    for name in names:
        (tmp_path / name).write_bytes(mutated(dice))
    given = ["."] if seed % 3 else dice.sample(names, 2)

    done = run(*arguments(dice, given), cwd=tmp_path)

    assert done.code in {0, 2, 3}
    assert "Traceback" not in done.err
