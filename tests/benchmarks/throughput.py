"""Measure how fast and how lean gapcalc reads large exports, beside DuckDB's floor and pandas.

    python tests/benchmarks/throughput.py FOLDER [--only 1m,5m] [--pandas-python PYTHON]
                                          [--gapcalc gapcalc] [--runs 5] [--by-processor]

Run it with the interpreter that gapcalc is installed for. FOLDER takes the exports (12 GB with the
5,000,000 rows), made once. PYTHON is an interpreter with pandas and publicsuffixlist; without it
pandas is left out. Prints a Markdown table of figures and limits; ends with 1 when a limit is missed.
"""

import json
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from answers import differences, differences_from_pandas, gapcalc_answers
from exports import MILLION, Export, Files, provide
from figures import Figure, at_least, at_most, must_be_empty, seconds
from job import Bench, bench, compile_byte_code, count_rows, end, full_job, options, pandas_job
from paired import MIB, Timing, paired

GIB = 1024 * MIB
LARGE_RUNS = 3
MOST_1M, MOST_5M, MOST_UTF16, MOST_KEYWORDS = 2.1, 2.2, 2.0, 1.1


class Jobs(NamedTuple):
    """What the jobs of one size need: the exports, a place for the answers, the interpreter of pandas."""

    bench: Bench
    answers: Path
    pandas_python: str | None

    def files(self, rows: int, *, utf16: bool = False, keywords: int = 10) -> Files:
        return provide(self.bench.folder, Export(rows, utf16=utf16, keywords=keywords))

    def job(self, files: Files, answer: str, *more: str) -> list[str]:
        return full_job(self.bench.gapcalc, files, self.answers / answer, *more)


def main() -> None:
    parser = options(__doc__, 5)
    parser.add_argument("--pandas-python", metavar="PYTHON")
    parser.add_argument("--only", default=",".join(SIZES), help="of these: %(default)s")
    arguments = parser.parse_args()
    if arguments.pandas_python:
        compile_byte_code(arguments.pandas_python)
    with tempfile.TemporaryDirectory() as answers:
        jobs = Jobs(bench(arguments), Path(answers), arguments.pandas_python)
        end([figure for name in arguments.only.split(",") for figure in SIZES[name](jobs)])


def at_100_thousand(jobs: Jobs) -> Iterator[Figure]:
    files = jobs.files(MILLION // 10)
    job, count = paired([jobs.job(files, "100k.json"), count_rows(files)], jobs.bench.runs)
    yield seconds("full job, 100k rows", job)
    yield Figure("full job / count(*), 100k rows", f"{jobs.bench.ratio(job, count):.2f} x")


def at_1_million(jobs: Jobs) -> Iterator[Figure]:
    files = jobs.files(MILLION)
    job, count = paired([jobs.job(files, "1m.json"), count_rows(files)], jobs.bench.runs)
    yield from _absolute("1M rows", job, MILLION)
    yield seconds("count(*), 1M rows", count)
    yield jobs.bench.compared("full job / count(*), 1M rows", job, count, MOST_1M)


def in_utf16(jobs: Jobs) -> Iterator[Figure]:
    files = [jobs.files(MILLION, utf16=utf16) for utf16 in (False, True)]
    names = ("1m-utf8.json", "1m-utf16.json")
    commands = [jobs.job(file, name) for file, name in zip(files, names, strict=True)]
    utf8, utf16 = paired(commands, jobs.bench.runs)
    yield from _absolute("1M rows in UTF-16", utf16, MILLION)
    yield jobs.bench.compared("UTF-16 / UTF-8, 1M rows", utf16, utf8, MOST_UTF16)
    unlike = differences(*(gapcalc_answers(jobs.answers / name) for name in names))
    yield must_be_empty("keywords answered unlike UTF-8", unlike)


def beside_pandas(jobs: Jobs) -> Iterator[Figure]:
    if jobs.pandas_python is None:
        return
    files = jobs.files(MILLION)
    command = pandas_job(jobs.pandas_python, files)
    pandas, job = paired([command, jobs.job(files, "1m-pandas.json")], jobs.bench.runs)
    yield seconds("pandas, 1M rows", pandas)
    yield at_least("pandas / full job, 1M rows", jobs.bench.ratio(pandas, job), 4)
    yield _memory("pandas, 1M rows", pandas)
    theirs = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    unlike = differences_from_pandas(gapcalc_answers(jobs.answers / "1m-pandas.json"), theirs)
    yield must_be_empty("keywords answered unlike pandas", unlike)


def with_100_keywords(jobs: Jobs) -> Iterator[Figure]:
    """Ask about ten keywords and about a hundred, each with a million links to their pages."""
    exports = [jobs.files(MILLION, keywords=keywords) for keywords in (100, 10)]
    names = ("100-keywords.json", "10-keywords.json")
    commands = [jobs.job(files, name) for files, name in zip(exports, names, strict=True)]
    hundred, ten = paired(commands, jobs.bench.runs)
    yield seconds("full job, 1M rows, 100 keywords", hundred)
    yield jobs.bench.compared("100 keywords / 10 keywords, 1M rows", hundred, ten, MOST_KEYWORDS)
    each = (hundred.processor_seconds - ten.processor_seconds) / 90 * 1000
    yield at_most("a further keyword, processor time", each, 1, "ms")


def at_5_million(jobs: Jobs) -> Iterator[Figure]:
    small, large = jobs.files(MILLION), jobs.files(5 * MILLION)
    commands = [
        jobs.job(large, "5m.json"),
        count_rows(large),
        jobs.job(large, "5m-limited.json", "--memory-limit", "512MB"),
        jobs.job(small, "1m-again.json"),
    ]
    job, count, limited, fifth = paired(commands, min(jobs.bench.runs, LARGE_RUNS))
    yield from _absolute("5M rows", job, 5 * MILLION)
    yield at_most("peak memory, 5M rows", job.peak_bytes / GIB, 0.75, "GiB")
    yield seconds("count(*), 5M rows", count)
    yield jobs.bench.compared("full job / count(*), 5M rows", job, count, MOST_5M)
    yield jobs.bench.compared("5M rows / 1M rows", job, fifth, 5.5)
    yield from _absolute("5M rows, --memory-limit 512MB", limited, 5 * MILLION)
    unlike = differences(
        gapcalc_answers(jobs.answers / "5m.json"), gapcalc_answers(jobs.answers / "5m-limited.json")
    )
    yield must_be_empty("keywords answered unlike without the limit", unlike)


SIZES: Mapping[str, Callable[[Jobs], Iterator[Figure]]] = {
    "100k": at_100_thousand,
    "1m": at_1_million,
    "utf16": in_utf16,
    "pandas": beside_pandas,
    "keywords": with_100_keywords,
    "5m": at_5_million,
}


def _absolute(what: str, timing: Timing, rows: int) -> Iterator[Figure]:
    yield seconds(f"full job, {what}", timing)
    yield Figure(f"rows a second, {what}", f"{rows / timing.seconds:,.0f}")
    yield _memory(f"full job, {what}", timing)


def _memory(what: str, timing: Timing) -> Figure:
    return Figure(f"peak memory, {what}", f"{timing.peak_bytes / MIB:,.0f} MiB")


if __name__ == "__main__":
    main()
