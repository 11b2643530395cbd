"""Compare gapcalc's figures with an independent count of invented worlds.

    python tests/benchmarks/differential.py [--worlds 5000] [--seed 1] [--jobs 2]
        [--forms NAME ...] [--saving NAME ...] [--keep FOLDER]

Every world is a SERP and link lists in the vendors' formats, saved as exported, in other encodings
and containers, as a spreadsheet of some country saves them, or damaged. Allowed are: every figure
equal, unknown with a caution, or refused with exit 2 or 3 (sound files must be equal). Anything
else is printed with its command and figures, and its files are kept. Prints outcomes by way of
saving and by format; exits with 1 after a failure. With --worlds 1 the seed names the one world to
repeat.
"""

import argparse
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1]))

from oracle.answer import SAVINGS, try_world
from oracle.forms import LINK_FORMS

OUTCOMES = ("equal", "unknown", "refused", "wrong")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    names = [form.name for form in LINK_FORMS]
    parser.add_argument("--worlds", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--forms", nargs="+", choices=names, default=names)
    parser.add_argument("--saving", nargs="+", choices=SAVINGS, default=SAVINGS)
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "differential")
    chosen = parser.parse_args()
    tasks = [
        (str(chosen.seed + number), chosen.saving[number % len(chosen.saving)])
        for number in range(chosen.worlds)
    ]
    attempt = partial(try_one, forms=tuple(chosen.forms), keep=chosen.keep)
    results = []
    with ProcessPoolExecutor(chosen.jobs) as pool:
        for result in pool.map(attempt, tasks):
            results.append(result)
            if result.outcome == "wrong":
                print(f"{result.text}\n", flush=True)
    print(table("saved", ((result.saving, result.outcome) for result in results), SAVINGS))
    rows = [*names, "several forms"]
    print(table("lists of", ((result.form, result.outcome) for result in results), rows))
    sys.exit(any(result.outcome == "wrong" for result in results))


class Result(NamedTuple):
    """The outcome of a world; `text` describes it and names its files."""

    saving: str
    form: str
    outcome: str
    text: str


def try_one(task: tuple[str, str], forms: Sequence[str], keep: Path) -> Result:
    """Try one world; its files are kept if the answer is wrong."""
    seed, saving = task
    folder = place(keep, seed, saving)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    case = try_world(seed, saving, folder, tuple(f for f in LINK_FORMS if f.name in forms))
    if case.outcome != "wrong":
        shutil.rmtree(folder)
    used = {listing.form.name for listing in case.world.lists}
    form = used.pop() if len(used) == 1 else "several forms"
    return Result(saving, form, case.outcome, f"{case}\n  files: {folder}")


def place(keep: Path, seed: str, saving: str) -> Path:
    """Give the folder of a world's files."""
    return keep / f"{seed}-{saving.replace(' ', '-')}"


def table(what: str, pairs: Iterable[tuple[str, str]], rows: Sequence[str]) -> str:
    """Count outcomes in a Markdown table."""
    tally = Counter(pairs)
    lines = [f"| {what} | {' | '.join(OUTCOMES)} |", f"|{'---|' * (len(OUTCOMES) + 1)}"]
    for row in rows:
        counts = [tally[row, outcome] for outcome in OUTCOMES]
        if any(counts):
            lines.append(f"| {row} | {' | '.join(map(str, counts))} |")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    main()
