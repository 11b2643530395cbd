"""Measure Parquet files beside CSV files of the same links.

    python tests/benchmarks/parquet.py FOLDER [--rows 1000000] [--large] [--gapcalc gapcalc]
                                       [--runs 5] [--by-processor]

Run it with the interpreter that gapcalc is installed for. FOLDER takes the exports. The Parquet
files have the engine's usual row groups. `--large` adds a file of twenty times the rows, read once
with 900 MB of memory. Prints a Markdown table; ends with 1 when a limit is missed.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
from answers import differences, gapcalc_answers
from exports import MILLION, Export, Files, provide
from figures import Figure, at_most, must_be_empty, seconds
from job import Bench, bench, end, full_job, options
from paired import MIB, paired

MOST, TIMES, MOST_MIB = 0.6, 20, 1_400
COPY = """
copy (
    select links.* from read_csv($1, all_varchar = true, quote = '"', escape = '"', delim = ',',
        header = true) as links, range({times})
) to '{to}' (format parquet)
"""


def main() -> None:
    parser = options(__doc__, 5)
    parser.add_argument("--rows", type=int, default=MILLION)
    parser.add_argument("--large", action="store_true")
    arguments = parser.parse_args()
    figures = list(beside_csv(bench(arguments), arguments.rows))
    if arguments.large:
        figures += in_little_memory(bench(arguments), arguments.rows)
    end(figures)


def beside_csv(bench: Bench, rows: int) -> Iterator[Figure]:
    text = provide(bench.folder, Export(rows))
    columns = Files(as_parquet(text.links, 1), text.serp)
    with tempfile.TemporaryDirectory() as place:
        answers = [Path(place) / "parquet.json", Path(place) / "csv.json"]
        commands = [
            full_job(bench.gapcalc, files, answer)
            for files, answer in zip((columns, text), answers, strict=True)
        ]
        parquet, csv = paired(commands, bench.runs)
        unlike = list(differences(*map(gapcalc_answers, answers)))
    yield seconds(f"Parquet, {rows:,} rows", parquet)
    yield seconds(f"CSV, {rows:,} rows", csv)
    yield bench.compared("Parquet / CSV", parquet, csv, MOST)
    yield must_be_empty("keywords answered unlike the CSV", unlike)


def in_little_memory(bench: Bench, rows: int) -> Iterator[Figure]:
    text = provide(bench.folder, Export(rows))
    large = Files(as_parquet(text.links, TIMES), text.serp)
    with tempfile.TemporaryDirectory() as place:
        answer = Path(place) / "large.json"
        command = full_job(bench.gapcalc, large, answer, "--memory-limit", "900MB")
        (timing,) = paired([command], runs=1, warm_ups=0)
    what = f"Parquet, {rows * TIMES:,} rows, --memory-limit 900MB"
    yield seconds(what, timing)
    yield at_most(f"peak memory, {what}", timing.peak_bytes / MIB, MOST_MIB, "MiB")


def as_parquet(links: Path, times: int) -> Path:
    """Write the rows of an export as a Parquet file of text, so many times over."""
    made = links.with_name(f"{links.stem}-{times}-times.parquet")
    if not made.exists():
        unfinished = made.with_suffix(".part")
        with duckdb.connect() as connection:
            connection.execute("set enable_progress_bar = false")
            connection.execute(COPY.format(times=times, to=unfinished), [str(links)])
        unfinished.rename(made)
    return made


if __name__ == "__main__":
    main()
