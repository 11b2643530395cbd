"""Which of two commands is faster, and by how much? Runs them alternately, A B A B.

    python tests/benchmarks/paired.py [--runs 9] 'COMMAND A' 'COMMAND B' ...

Prints the median wall time, the median processor time and the largest memory of each command, and
the median ratios of each to the last one, by wall and by processor time. Each ratio is taken within
one round, so that a machine growing slower touches both sides alike. Processor time is that of the
command and its children.

Memory is the peak resident set of the command or of the largest of its own children. The system
never gives a child less than its parent held when starting it, so a script that measures must stay
small itself. Needs a system with wait4: Linux or macOS.
"""

import argparse
import os
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

Command = Sequence[str]
KIB = 1024
MIB = 1024 * KIB


@dataclass(frozen=True, slots=True)
class Run:
    wall: float
    processor: float
    peak_bytes: int


@dataclass(frozen=True, slots=True)
class Timing:
    command: tuple[str, ...]
    runs: tuple[Run, ...]

    @property
    def seconds(self) -> float:
        return median(run.wall for run in self.runs)

    @property
    def processor_seconds(self) -> float:
        return median(run.processor for run in self.runs)

    @property
    def peak_bytes(self) -> int:
        return max(run.peak_bytes for run in self.runs)


class CommandFailedError(Exception):
    def __init__(self, command: Command, code: int, message: str) -> None:
        super().__init__(f"{shlex.join(command)} ended with {code}:\n{message}")


def paired(commands: Sequence[Command], runs: int, warm_ups: int = 1) -> list[Timing]:
    """Time the commands in alternation, after unmeasured rounds that fill the caches."""
    rounds = [[measure(command) for command in commands] for _ in range(warm_ups + runs)]
    by_command = zip(*rounds[warm_ups:], strict=True)
    return [
        Timing(tuple(command), measured)
        for command, measured in zip(commands, by_command, strict=True)
    ]


def ratio(timing: Timing, base: Timing) -> float:
    """Give the median ratio of the wall times within the rounds."""
    pairs = zip(timing.runs, base.runs, strict=True)
    return median(one.wall / other.wall for one, other in pairs)


def processor_ratio(timing: Timing, base: Timing) -> float:
    """Give the median ratio of the processor times within the rounds."""
    pairs = zip(timing.runs, base.runs, strict=True)
    return median(one.processor / other.processor for one, other in pairs)


def measure(command: Command) -> Run:
    with tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=errors)
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            errors.seek(0)
            message = errors.read().decode(errors="replace")
            raise CommandFailedError(command, child.returncode, message)
    peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else KIB)
    return Run(seconds, usage.ru_utime + usage.ru_stime, peak)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("commands", nargs="+", metavar="COMMAND", type=shlex.split)
    arguments = parser.parse_args()
    try:
        timings = paired(arguments.commands, arguments.runs)
    except CommandFailedError as error:
        sys.exit(str(error))
    for timing in timings:
        print(
            f"{timing.seconds * 1000:8.1f} ms x{ratio(timing, timings[-1]):.2f}"
            f"{timing.processor_seconds * 1000:10.1f} ms CPU"
            f" x{processor_ratio(timing, timings[-1]):.2f}"
            f"{timing.peak_bytes / MIB:9.1f} MiB  {shlex.join(timing.command)}"
        )


if __name__ == "__main__":
    main()
