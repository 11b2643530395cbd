"""Measure the start of gapcalc beside bare programs built on the same libraries.

    python tests/benchmarks/startup.py FOLDER [--gapcalc gapcalc] [--runs 21] [--by-processor]

Run it with the interpreter that gapcalc is installed for. FOLDER takes small exports. Prints a
Markdown table of figures and limits; ends with 1 when a limit is missed.
"""

import csv
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from exports import Export, provide, provide_folder, records
from figures import Figure, seconds
from headers import BACKLINKS
from job import TARGET, Bench, bare, bench, end, options
from paired import Command, paired
from targets import site_of

ONE_KEYWORD = Export(1_000, keywords=1)
SERP_ROWS = 10
LISTS = 10
ROWS_OF_A_LIST = 999  # 1,000 would be an export limit
DAILY = Export(50_000, keywords=1)
TARGET_URL = BACKLINKS.index("Target URL")


def main() -> None:
    end(list(start_ups(bench(options(__doc__, 21).parse_args()))))


def start_ups(bench: Bench) -> Iterator[Figure]:
    help_page, table = bare("one_command_typer", "--help"), bare("ten_row_table")
    serp = str(ten_row_serp(bench.folder))
    yield from beside(bench, "--help", ["--help"], help_page, 0.6)
    yield from beside(bench, "--version", ["--version"], help_page, 0.6)
    yield from beside(bench, f"SERP of {SERP_ROWS} rows", [serp], table, 0.7)
    lists = f"SERP and {LISTS} lists of {ROWS_OF_A_LIST:,} rows"
    inputs = [*map(str, daily_lists(bench.folder)), "--target", TARGET]
    yield from beside(bench, lists, inputs, bare("ten_row_table_duckdb"), 1.2)


def beside(
    bench: Bench, what: str, arguments: list[str], base: Command, limit: float
) -> Iterator[Figure]:
    ours, theirs = paired([[*bench.gapcalc, *arguments], base], bench.runs)
    name = Path(base[1]).stem
    yield seconds(what, ours)
    yield seconds(name, theirs)
    yield bench.compared(f"{what} / {name}", ours, theirs, limit)


def ten_row_serp(folder: Path) -> Path:
    whole = provide(folder, ONE_KEYWORD).serp
    short = folder / "serp-10-rows.csv"
    with whole.open(encoding="utf-8") as lines:
        short.write_text("".join(islice(lines, 1 + SERP_ROWS)), encoding="utf-8")
    return short


def daily_lists(folder: Path) -> list[Path]:
    """Give the SERP and the lists of an analyst's morning: the own page's and nine competitors'."""
    whole = provide(folder, DAILY)
    lists = provide_folder(folder / "daily", lambda place: write_lists(whole.links, place))
    return [whole.serp, *sorted(lists.iterdir())]


def write_lists(links: Path, folder: Path) -> None:
    with links.open("rb") as file:
        header = file.readline()
        lists: dict[str, list[bytes]] = {"mine.example": []}
        for record in records(file):
            site = site_of(next(csv.reader([record.decode()]))[TARGET_URL])
            if len(lists) < LISTS or site in lists:
                lists.setdefault(site, []).append(record)
    for site, rows in lists.items():
        (folder / f"{site}.csv").write_bytes(header + b"".join(rows[:ROWS_OF_A_LIST]))


if __name__ == "__main__":
    main()
