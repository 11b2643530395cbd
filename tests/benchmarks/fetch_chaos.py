"""Fetches 20 keywords with 10 pages each through faults, over many seeds, and counts what it cost.

    python tests/benchmarks/fetch_chaos.py [--seeds 10] [--share 0.3] [--attempts 8]

Every voyage must end with the files of a clean run, after runs that ended with 0 or 5 alone, and
must not have paid more than a clean run and the answers that were lost in flight. With fewer
attempts, runs fail more often, and going on from where they stopped is what is tried.
"""

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from fake_providers import Chaos, World
from fetching import DONE, FAILED, SERVICES, Service, Voyage, at_desk, fast_time, sail

MOST_RUNS = 500
HEAD = ("service", "seed", "runs", "answers", "faulty", "rows", "lost", "paid", "clean", "over")


def main() -> None:
    """Print a line for every voyage, and end with 1 if any went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--first", type=int, default=0, help="the first of the seeds")
    parser.add_argument("--share", type=float, default=0.3)
    parser.add_argument("--attempts", type=int, default=8)
    parser.add_argument("--keywords", type=int, default=20)
    parser.add_argument("--service", choices=[service.name for service in SERVICES])
    asked = parser.parse_args()
    print("  ".join(f"{name:>10}" for name in HEAD))
    wrong = 0
    for service in SERVICES:
        if asked.service in (None, service.name):
            wrong += _try(service, asked)
    sys.exit(bool(wrong))


def _try(service: Service, asked: argparse.Namespace) -> int:
    world = World(keywords=asked.keywords, rankings=10)
    clean = _voyage(service, world, Chaos(), asked.attempts)
    wrong = 0
    for seed in range(asked.first, asked.first + asked.seeds):
        chaos = Chaos(asked.share, seed, service.faults, drip=0.02, retry_after="2")
        voyage = _voyage(service, world, chaos, asked.attempts)
        faults = list(_wrong(voyage, clean))
        wrong += bool(faults)
        over = voyage.cost - voyage.lost_cost - clean.cost
        cells = (
            service.name,
            seed,
            len(voyage.codes),
            voyage.answers,
            f"{voyage.faulty / voyage.answers:.1%}",
            voyage.rows,
            voyage.lost_rows,
            voyage.cost,
            clean.cost,
            over,
        )
        print("  ".join(f"{cell!s:>10}" for cell in cells), *faults, flush=True)
    return wrong


def _voyage(service: Service, world: World, chaos: Chaos, attempts: int) -> Voyage:
    with (
        tempfile.TemporaryDirectory() as folder,
        fast_time(attempts=attempts),
        at_desk(service, Path(folder), world, chaos=chaos) as desk,
    ):
        return sail(desk, runs=MOST_RUNS)


def _wrong(voyage: Voyage, clean: Voyage) -> list[str]:
    said = []
    if set(voyage.codes) - {DONE, FAILED} or voyage.codes[-1] != DONE:
        said.append(f"exit codes {voyage.codes}")
    if voyage.files != clean.files:
        said.append("other files than a clean run")
    if voyage.cost > clean.cost + voyage.lost_cost:
        said.append("paid more than a clean run and what was lost")
    if voyage.rows > clean.rows + voyage.lost_rows:
        said.append("more rows than a clean run and what was lost")
    return said


if __name__ == "__main__":
    main()
