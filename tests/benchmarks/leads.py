"""Compares the leads of many invented worlds with an independent count.

    python tests/benchmarks/leads.py [--seed N] [--seeds N]

It prints every world that differs, and how many were tried.
"""

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from oracle.leads import LEAST, faults_of


def main() -> int:
    """Try worlds; 1 if any differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=0, help="the first world")
    parser.add_argument("--seeds", type=int, default=1000, help="how many worlds")
    given = parser.parse_args()
    wrong = 0
    for seed in range(given.seed, given.seed + given.seeds):
        with tempfile.TemporaryDirectory() as folder:
            faults = faults_of(str(seed), Path(folder), LEAST[seed % len(LEAST)])
        wrong += bool(faults)
        print(*faults, sep="\n", end="\n" if faults else "", flush=True)
    print(f"{given.seeds} worlds, {wrong} differ")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
