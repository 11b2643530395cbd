"""Measure what gapcalc adds to the start of bare programs built on the same libraries.

    python tests/benchmarks/startup.py FOLDER [--gapcalc gapcalc] [--runs 21]

Run it with the interpreter that gapcalc is installed for, on a calm machine. FOLDER takes two small
exports. Prints a Markdown table of figures and limits; ends with 1 when a limit is missed.
"""

import argparse
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from exports import Export, provide
from figures import Figure, at_most, markdown
from job import TARGET, bare, compile_byte_code
from paired import Command, paired, ratio

ONE_KEYWORD = Export(1_000, keywords=1)
SERP_ROWS = 10


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--gapcalc", default="gapcalc", help="the executable")
    parser.add_argument("--runs", type=int, default=21)
    arguments = parser.parse_args()
    compile_byte_code(sys.executable)
    figures = list(start_ups(arguments.gapcalc, arguments.folder, arguments.runs))
    print(markdown(figures))
    sys.exit(not all(figure.kept for figure in figures))


def start_ups(gapcalc: str, folder: Path, runs: int) -> Iterator[Figure]:
    links = str(provide(folder, ONE_KEYWORD).links)
    serp = str(ten_row_serp(folder))
    one_command: Command = bare("one_command_typer", "--help")
    table: Command = bare("ten_row_table")
    database: Command = bare("ten_row_table_duckdb")
    trials = (
        ("--help / bare --help", [gapcalc, "--help"], one_command, 1.3),
        ("--version / bare --help", [gapcalc, "--version"], one_command, 1.3),
        ("SERP of 10 rows / bare table", [gapcalc, serp], table, 1.5),
        (
            "SERP and 1,000 links / bare table with duckdb",
            [gapcalc, links, serp, "--target", TARGET],
            database,
            1.5,
        ),
    )
    for what, command, base, limit in trials:
        ours, theirs = paired([command, base], runs)
        name = what.partition(" / ")[0]
        yield Figure(name, f"{ours.seconds * 1000:.0f} ms")
        yield Figure(what.partition(" / ")[2], f"{theirs.seconds * 1000:.0f} ms")
        yield at_most(what, ratio(ours, theirs), limit)


def ten_row_serp(folder: Path) -> Path:
    whole = provide(folder, ONE_KEYWORD).serp
    short = folder / "serp-10-rows.csv"
    with whole.open(encoding="utf-8") as lines:
        short.write_text("".join(islice(lines, 1 + SERP_ROWS)), encoding="utf-8")
    return short


if __name__ == "__main__":
    main()
