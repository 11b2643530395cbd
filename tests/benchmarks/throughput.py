"""Measure how fast and how lean gapcalc reads large exports, beside DuckDB's floor and pandas.

    python tests/benchmarks/throughput.py FOLDER --pandas-python PYTHON [--gapcalc gapcalc]
                                          [--runs 5]

Run it with the interpreter that gapcalc is installed for, on a calm machine. FOLDER takes the
exports (9 GB with the 5,000,000 rows), made once. PYTHON is an interpreter with pandas and
publicsuffixlist. Prints a Markdown table of figures and limits; ends with 1 when a limit is missed.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from answers import differences, differences_from_pandas, gapcalc_answers
from exports import MILLION, Export, Files, provide
from figures import Figure, at_least, at_most, markdown, must_be_empty, seconds
from job import compile_byte_code, count_rows, full_job, pandas_job
from paired import MIB, Timing, paired, ratio

GIB = 1024 * MIB
LARGE_RUNS = 3


@dataclass(frozen=True, slots=True)
class Bench:
    folder: Path
    answers: Path
    gapcalc: str
    pandas_python: str
    runs: int

    def files(self, rows: int, *, utf16: bool = False) -> Files:
        return provide(self.folder, Export(rows, utf16=utf16))

    def job(self, files: Files, answer: str, *options: str) -> list[str]:
        return full_job(self.gapcalc, files, self.answers / answer, *options)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pandas-python", required=True, metavar="PYTHON")
    parser.add_argument("--gapcalc", default="gapcalc", help="the executable")
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    compile_byte_code(sys.executable, arguments.pandas_python)
    with tempfile.TemporaryDirectory() as answers:
        bench = Bench(answers=Path(answers), **vars(arguments))
        figures = [
            *at_100_thousand(bench),
            *at_1_million(bench),
            *with_100_keywords(bench),
            *at_5_million(bench),
        ]
    print(markdown(figures))
    sys.exit(not all(figure.kept for figure in figures))


def at_100_thousand(bench: Bench) -> Iterator[Figure]:
    files = bench.files(MILLION // 10)
    job, count = paired([bench.job(files, "100k.json"), count_rows(files)], bench.runs)
    yield seconds("full job, 100k rows", job.seconds)
    yield Figure("full job / count(*), 100k rows", f"{ratio(job, count):.2f} x")


def at_1_million(bench: Bench) -> Iterator[Figure]:
    files, utf16_files = bench.files(MILLION), bench.files(MILLION, utf16=True)
    pandas_command = pandas_job(bench.pandas_python, files)
    commands = [
        bench.job(files, "1m.json"),
        count_rows(files),
        pandas_command,
        bench.job(utf16_files, "1m-utf16.json"),
    ]
    job, count, pandas, utf16 = paired(commands, bench.runs)
    yield from _absolute("1M rows", job, MILLION)
    yield seconds("count(*), 1M rows", count.seconds)
    yield at_most("full job / count(*), 1M rows", ratio(job, count), 2.5)
    yield seconds("pandas, 1M rows", pandas.seconds)
    yield at_least("pandas / full job, 1M rows", ratio(pandas, job), 4)
    yield _memory("pandas, 1M rows", pandas)
    answers = gapcalc_answers(bench.answers / "1m.json")
    by_pandas = json.loads(subprocess.run(pandas_command, check=True, capture_output=True).stdout)
    yield must_be_empty(
        "keywords answered unlike pandas", differences_from_pandas(answers, by_pandas)
    )
    yield from _absolute("1M rows in UTF-16", utf16, MILLION)
    yield at_most("UTF-16 / UTF-8, 1M rows", ratio(utf16, job), 2.5)
    yield must_be_empty(
        "keywords answered unlike UTF-8",
        differences(answers, gapcalc_answers(bench.answers / "1m-utf16.json")),
    )


def with_100_keywords(bench: Bench) -> Iterator[Figure]:
    files = provide(bench.folder, Export(MILLION, keywords=100))
    job, count = paired([bench.job(files, "100-keywords.json"), count_rows(files)], bench.runs)
    yield seconds("full job, 1M rows, 100 keywords", job.seconds)
    yield Figure("full job / count(*), 1M rows, 100 keywords", f"{ratio(job, count):.2f} x")


def at_5_million(bench: Bench) -> Iterator[Figure]:
    small, large = bench.files(MILLION), bench.files(5 * MILLION)
    commands = [
        bench.job(large, "5m.json"),
        count_rows(large),
        bench.job(large, "5m-limited.json", "--memory-limit", "512MB"),
        bench.job(small, "1m-again.json"),
    ]
    job, count, limited, fifth = paired(commands, min(bench.runs, LARGE_RUNS))
    yield from _absolute("5M rows", job, 5 * MILLION)
    yield at_most("peak memory, 5M rows", job.peak_bytes / GIB, 1.2, "GiB")
    yield seconds("count(*), 5M rows", count.seconds)
    yield Figure("full job / count(*), 5M rows", f"{ratio(job, count):.2f} x")
    yield at_most("5M rows / 1M rows", ratio(job, fifth), 5.5)
    yield from _absolute("5M rows, --memory-limit 512MB", limited, 5 * MILLION)
    yield must_be_empty(
        "keywords answered unlike without the limit",
        differences(
            gapcalc_answers(bench.answers / "5m.json"),
            gapcalc_answers(bench.answers / "5m-limited.json"),
        ),
    )


def _absolute(what: str, timing: Timing, rows: int) -> Iterator[Figure]:
    yield seconds(f"full job, {what}", timing.seconds)
    yield Figure(f"rows a second, {what}", f"{rows / timing.seconds:,.0f}")
    yield _memory(f"full job, {what}", timing)


def _memory(what: str, timing: Timing) -> Figure:
    return Figure(f"peak memory, {what}", f"{timing.peak_bytes / MIB:,.0f} MiB")


if __name__ == "__main__":
    main()
