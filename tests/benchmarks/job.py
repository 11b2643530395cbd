"""The commands that the benchmarks time, and what must be done once before timing them."""

import subprocess
import sys
from pathlib import Path

from exports import Files

HERE = Path(__file__).parent
SOURCES = HERE.parents[1] / "src"
TARGET = "https://mine.example/kw-0001/"
COMPILE = """
import compileall, sys, sysconfig
for folder in {*map(sysconfig.get_path, ("purelib", "platlib")), *sys.argv[1:]}:
    compileall.compile_dir(folder, quiet=2)
"""


def compile_byte_code(*pythons: str) -> None:
    """Without .pyc files an import takes up to three times as long, and says nothing about us."""
    for python in dict.fromkeys(pythons):
        subprocess.run([python, "-c", COMPILE, str(SOURCES)], check=True)


def full_job(gapcalc: str, files: Files, output: Path, *options: str) -> list[str]:
    inputs = [str(files.links), str(files.serp)]
    asked = ["--target", TARGET, "--profile", "balanced", "--json", "--output", str(output)]
    return [gapcalc, *inputs, *asked, *options]


def count_rows(files: Files) -> list[str]:
    return [sys.executable, str(HERE / "duckdb_count.py"), str(files.links)]


def pandas_job(python: str, files: Files) -> list[str]:
    script = str(HERE / "pandas_gap.py")
    return [python, script, str(files.links), str(files.serp), "--target", TARGET, "--pages"]


def bare(script: str, *options: str) -> list[str]:
    return [sys.executable, str(HERE / "bare" / f"{script}.py"), *options]
