"""Read damaged files, and look for tracebacks, hangs and memory that runs away.

    python tests/benchmarks/fuzz.py [--files 100000] [--seed 1] [--run N --keep FOLDER]

Damages fixtures in every way of tests/mutations.py and runs the command line on folders of them,
some with loops of links, pipes and odd names: more than 5 s of processor time or 500 MiB in one
run, an exception or an undocumented exit code is a failure. The longest time per byte, in runs on
more than 100 kB, is shown. Prints a Markdown table and the number of each failed run; --run repeats
one, --keep leaves its files. Ends with 1 when there were failures. Needs a system with fork.
"""

import argparse
import importlib
import io
import json
import os
import pkgutil
import resource
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1]))

from figures import Figure, markdown, must_be_empty

import gapcalc as package
from gapcalc.cli import main as gapcalc
from mutations import arguments, disturb, mutated, packed_bases

FILES_A_RUN = 48
RUNS_A_CHILD = 5
SECONDS = 5
LONGEST_WAIT = 1200
MEMORY = 500 * 1024 * 1024
CODES = (0, 2, 3)
LARGE = 100_000
"""Bytes from which the time of a run says something of the time for a byte."""


@dataclass
class Tally:
    files: int = 0
    codes: Counter[int] = field(default_factory=Counter)
    slowest: float = 0
    a_byte: float = 0
    memory: int = 0
    failures: list[str] = field(default_factory=list)


class Ended(NamedTuple):
    """A run: its exit code, seconds of processor time, bytes read, the last words of an exception."""

    code: int
    seconds: float
    size: int
    fault: str


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--run", type=int, help="repeat one run")
    parser.add_argument("--keep", type=Path, help="where its files go")
    chosen = parser.parse_args()
    if chosen.run is not None:
        print(run_once(chosen.seed, chosen.run, chosen.keep))
        return
    packed_bases()
    for module in pkgutil.walk_packages(package.__path__, "gapcalc."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)  # once, not in every child
    tally, start = Tally(), time.monotonic()
    for first in range(0, -(-chosen.files // FILES_A_RUN), RUNS_A_CHILD):
        run_in_child(chosen.seed, range(first, first + RUNS_A_CHILD), tally)
        if first % (RUNS_A_CHILD * 10) == 0:
            print(tally.files, dict(tally.codes), *tally.failures, file=sys.stderr, flush=True)
    print(markdown(figures(tally, chosen.seed, time.monotonic() - start)))
    print(*tally.failures, sep="\n")
    sys.exit(bool(tally.failures))


def figures(tally: Tally, seed: int, seconds: float) -> list[Figure]:
    ends = ", ".join(f"{code}: {count:,}" for code, count in sorted(tally.codes.items()))
    return [
        Figure("seed", str(seed)),
        Figure("damaged files", f"{tally.files:,}"),
        Figure("runs", f"{sum(tally.codes.values()):,}"),
        Figure("runs by exit code", ends),
        Figure("longest run, processor time", f"{tally.slowest:.2f} s", f"at most {SECONDS} s"),
        Figure("most processor time for a byte", f"{tally.a_byte * 1e6:.1f} us"),
        Figure("most memory", f"{tally.memory / 2**20:,.0f} MiB", f"at most {MEMORY // 2**20} MiB"),
        Figure("time in all", f"{seconds / 60:.0f} min"),
        must_be_empty("failures", tally.failures),
    ]


def run_in_child(seed: int, runs: range, tally: Tally) -> None:
    """Run in a child process; if it fails or grows too large, repeat the runs one by one."""
    results, code, memory = results_of_child(seed, runs)
    if len(runs) > 1 and (code or memory > MEMORY):
        for run in runs:
            run_in_child(seed, range(run, run + 1), tally)
        return
    tally.files += FILES_A_RUN * len(runs)
    tally.memory = max(tally.memory, memory)
    if code:
        tally.failures.append(f"run {runs[0]}: the child ended with {code}")
    if memory > MEMORY:
        tally.failures.append(f"run {runs[0]}: {memory / 2**20:,.0f} MiB")
    for run, (ended, seconds, size, fault) in zip(runs, results, strict=False):
        tally.codes[ended] += 1
        tally.slowest = max(tally.slowest, seconds)
        if size > LARGE:
            tally.a_byte = max(tally.a_byte, seconds / size)
        if fault or seconds > SECONDS or ended not in CODES:
            tally.failures.append(f"run {run}: code {ended}, {seconds:.1f} s {fault}")


def results_of_child(seed: int, runs: range) -> tuple[list[Ended], int, int]:
    """Give the results of a child's runs, its exit code (negative for a signal) and its memory."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.close(reader)
        with os.fdopen(writer, "w") as out:
            for run in runs:
                signal.setitimer(signal.ITIMER_PROF, 2 * SECONDS)
                signal.alarm(LONGEST_WAIT)
                out.write(json.dumps(run_once(seed, run)) + "\n")
                out.flush()
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as lines:
        results = [Ended(*json.loads(line)) for line in lines if line.endswith("\n")]
    _, status, usage = os.wait4(child, 0)
    return results, os.waitstatus_to_exitcode(status), usage.ru_maxrss * 1024


def run_once(seed: int, run: int, keep: Path | None = None) -> Ended:
    """Run once; `keep` is where its files are left."""
    dice = Random(f"{seed}/{run}")
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    names = [f"{number}.csv" for number in range(FILES_A_RUN)]
    try:
        for name in names:
            (folder / name).write_bytes(mutated(dice))
        if dice.random() < 0.3:
            disturb(folder, dice)
        # Named by itself, a file that cannot be read ends the run.
        given = ["."] if dice.random() < 0.7 else dice.sample(names, dice.randint(1, 3))
        os.chdir(folder)
        read = [f for f in folder.iterdir() if f.is_file()] if given == ["."] else map(Path, given)
        size = sum(file.stat().st_size for file in read)
        code, seconds, fault = timed(arguments(dice, given))
        return Ended(code, seconds, max(size, 1), fault)
    finally:
        if keep:
            shutil.copytree(folder, keep)
        os.chdir("/")
        shutil.rmtree(folder)


def timed(command: list[str]) -> tuple[int, float, str]:
    before = time.process_time()
    code, fault = run_quietly(command)
    return code, time.process_time() - before, fault


def run_quietly(command: list[str]) -> tuple[int, str]:
    streams = sys.stdout, sys.stderr
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8") for _ in range(2))
    sys.stdout, sys.stderr = out, err
    code, fault = 0, ""
    try:
        gapcalc(command)
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:  # noqa: BLE001  (any is a finding)
        code, fault = 70, traceback.format_exc()[-1500:]
    finally:
        sys.stdout, sys.stderr = streams
    return code, fault or judged(command, code, out)


def judged(command: list[str], code: int, out: io.TextIOWrapper) -> str:
    """Say what is wrong with an answer: with --json it must be JSON."""
    out.flush()
    text = out.buffer.getvalue().decode() if isinstance(out.buffer, io.BytesIO) else ""
    if code == 0 and "json" in command:
        json.loads(text)
    return ""


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
