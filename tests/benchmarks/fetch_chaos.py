"""Fetches 20 keywords with 10 pages each through faults, over many seeds, and counts what it cost.

    python tests/benchmarks/fetch_chaos.py [--seeds 10] [--share 0.3] [--attempts 8] [--odd 0.1]

`--share` of the answers are faulty; with `--odd`, that share of all answers comes whole and cannot
be understood. An order is fetched until it is done. That must end with the files of a clean run,
after runs that ended with 0 or 5 alone, and must not have paid more than a clean run, the answers
that were lost in flight, and one repeat for every answer that was not understood. With fewer
attempts, runs fail more often, and going on from where they stopped is what is tried.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from fake_providers import Chaos, World
from fetching import DONE, FAILED, SERVICES, Outcome, Service, at_desk, fast_time, fetch_until_done

MOST_RUNS = 500
HEAD = [
    "service",
    "seeds",
    "runs",
    "answers",
    "faulty",
    "rows, clean",
    "rows, paid",
    "rows lost in flight",
    "rows not understood",
    "beyond all",
    "wrong",
]


def main() -> None:
    """Print what went wrong as it does, a line for every service, and end with 1 if anything did."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--first", type=int, default=0, help="the first of the seeds")
    parser.add_argument("--share", type=float, default=0.3)
    parser.add_argument("--odd", type=float, default=0.0, help="whole, but not understood")
    parser.add_argument("--attempts", type=int, default=8)
    parser.add_argument("--keywords", type=int, default=20)
    parser.add_argument("--service", choices=[service.name for service in SERVICES])
    asked = parser.parse_args()
    print("|", " | ".join(HEAD), "|\n|", "--- | " * len(HEAD))
    wrong = 0
    for service in SERVICES:
        if asked.service in (None, service.name):
            wrong += _try(service, asked)
    sys.exit(bool(wrong))


def _try(service: Service, asked: argparse.Namespace) -> int:
    world = World(keywords=asked.keywords, rankings=10)
    clean = _outcome(service, world, Chaos(), asked.attempts)
    outcomes = []
    wrong = 0
    for seed in range(asked.first, asked.first + asked.seeds):
        chaos = Chaos(asked.share, seed, service.faults, drip=0.02, retry_after="2")
        chaos.odd = asked.odd
        outcomes.append(_outcome(service, world, chaos, asked.attempts))
        if faults := _wrong(outcomes[-1], clean):
            wrong += 1
            print(service.name, "seed", seed, *faults, sep=", ")
    answers = sum(outcome.answers for outcome in outcomes)
    cells = (
        service.name,
        len(outcomes),
        _range(len(outcome.codes) for outcome in outcomes),
        f"{answers:,}",
        f"{sum(outcome.faulty for outcome in outcomes) / answers:.1%}",
        f"{clean.rows:,}",
        _range(outcome.rows for outcome in outcomes),
        _range(outcome.lost_rows for outcome in outcomes),
        _range(outcome.repeatable_rows for outcome in outcomes),
        max(0, *(_beyond(outcome, clean) for outcome in outcomes)),
        wrong or "none",
    )
    print("|", " | ".join(map(str, cells)), "|", flush=True)
    return wrong


def _beyond(outcome: Outcome, clean: Outcome) -> int:
    return outcome.rows - clean.rows - outcome.lost_rows - outcome.repeatable_rows


def _range(numbers: Iterable[int]) -> str:
    known = sorted(numbers)
    return f"{known[0]:,}" + (f"-{known[-1]:,}" if known[-1] > known[0] else "")


def _outcome(service: Service, world: World, chaos: Chaos, attempts: int) -> Outcome:
    with (
        tempfile.TemporaryDirectory() as folder,
        fast_time(attempts=attempts),
        at_desk(service, Path(folder), world, chaos=chaos) as desk,
    ):
        return fetch_until_done(desk, runs=MOST_RUNS)


def _wrong(outcome: Outcome, clean: Outcome) -> list[str]:
    said = []
    if set(outcome.codes) - {DONE, FAILED} or outcome.codes[-1] != DONE:
        said.append(f"exit codes {outcome.codes}")
    if outcome.files != clean.files:
        said.append("other files than a clean run")
    if outcome.cost > clean.cost + outcome.lost_cost + outcome.repeatable_cost:
        said.append("paid more than a clean run, what was lost, and a repeat of what made no sense")
    if _beyond(outcome, clean) > 0:
        said.append("more rows than that")
    return said


if __name__ == "__main__":
    main()
