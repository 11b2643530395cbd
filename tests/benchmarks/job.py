"""Shared by the benchmarks: their options, the commands they time, and how they judge."""

import argparse
import shlex
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from exports import Files
from figures import Figure, at_most, markdown
from paired import Timing, processor_ratio, ratio

HERE = Path(__file__).parent
SOURCES = HERE.parents[1] / "src"
TARGET = "https://mine.example/kw-0001/"
COMPILE = """
import compileall, sys, sysconfig
for folder in {*map(sysconfig.get_path, ("purelib", "platlib")), *sys.argv[1:]}:
    compileall.compile_dir(folder, quiet=2)
"""


class Bench(NamedTuple):
    """Where the exports are kept, how gapcalc is called, how often, and which clock decides."""

    folder: Path
    gapcalc: list[str]
    runs: int
    by_processor: bool

    def ratio(self, one: Timing, base: Timing) -> float:
        """Give the ratio of two timings, by the clock that decides."""
        return processor_ratio(one, base) if self.by_processor else ratio(one, base)

    def compared(self, what: str, one: Timing, base: Timing, limit: float) -> Figure:
        """Compare two timings by the clock that decides; also show the other clock's ratio."""
        other = ratio(one, base) if self.by_processor else processor_ratio(one, base)
        clock = "wall" if self.by_processor else "CPU"
        figure = at_most(what, self.ratio(one, base), limit)
        return figure._replace(measured=f"{figure.measured} ({clock} {other:.2f})")


def options(documentation: str | None, runs: int) -> argparse.ArgumentParser:
    """Give the options that every benchmark takes."""
    parser = argparse.ArgumentParser(description=(documentation or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, help="takes the exports; made once")
    beside = Path(sys.executable).with_name("gapcalc")
    parser.add_argument("--gapcalc", default=str(beside), help="the command, in one argument")
    parser.add_argument("--runs", type=int, default=runs)
    parser.add_argument(
        "--by-processor",
        action="store_true",
        help="judge by processor time: for a machine on which others work",
    )
    return parser


def bench(arguments: argparse.Namespace) -> Bench:
    """Compile the code to run, and give the requested benchmark."""
    compile_byte_code(sys.executable)
    return Bench(
        arguments.folder, shlex.split(arguments.gapcalc), arguments.runs, arguments.by_processor
    )


def end(figures: list[Figure]) -> None:
    """Print the figures as a Markdown table; end with 1 when a limit is missed."""
    print(markdown(figures))
    sys.exit(not all(figure.kept for figure in figures))


def compile_byte_code(*pythons: str) -> None:
    """Compile first: without .pyc files an import takes up to three times as long."""
    for python in dict.fromkeys(pythons):
        subprocess.run([python, "-c", COMPILE, str(SOURCES)], check=True)


def full_job(gapcalc: list[str], files: Files, output: Path, *more: str) -> list[str]:
    inputs = [str(files.links), str(files.serp)]
    asked = ["--target", TARGET, "--profile", "balanced", "--json", "--output", str(output)]
    return [*gapcalc, *inputs, *asked, *more]


def count_rows(files: Files) -> list[str]:
    return [sys.executable, str(HERE / "duckdb_count.py"), str(files.links)]


def pandas_job(python: str, files: Files) -> list[str]:
    script = str(HERE / "pandas_gap.py")
    return [python, script, str(files.links), str(files.serp), "--target", TARGET, "--pages"]


def bare(script: str, *more: str) -> list[str]:
    return [sys.executable, str(HERE / "bare" / f"{script}.py"), *more]
