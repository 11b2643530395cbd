"""Measure what the same rows cost in many files instead of one: 1,000 files of 1,000 rows.

    python tests/benchmarks/many_files.py FOLDER [--gapcalc gapcalc] [--runs 5] [--by-processor]

Run it with the interpreter that gapcalc is installed for. FOLDER takes the exports (2 GB), made
once. Prints a Markdown table of figures and limits; ends with 1 when a limit is missed, or when the
two give different answers.
"""

import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from answers import differences, gapcalc_answers
from exports import MILLION, Export, Files, provide, provide_folder, records
from figures import Figure, must_be_empty, seconds
from job import Bench, bench, end, full_job, options
from paired import MIB, paired

FILES = 1_000
MOST = 1.6


def main() -> None:
    end(list(many_and_one(bench(options(__doc__, 5).parse_args()))))


def many_and_one(bench: Bench) -> Iterator[Figure]:
    one = provide(bench.folder, Export(MILLION))
    many = Files(provide_parts(one.links), one.serp)
    with tempfile.TemporaryDirectory() as place:
        answers = [Path(place) / "many.json", Path(place) / "one.json"]
        commands = [
            full_job(bench.gapcalc, files, answer)
            for files, answer in zip((many, one), answers, strict=True)
        ]
        many_timing, one_timing = paired(commands, bench.runs)
        unlike = list(differences(*map(gapcalc_answers, answers)))
    what = f"{FILES:,} files of {MILLION // FILES:,} rows"
    yield seconds(what, many_timing)
    yield seconds("one file of the same rows", one_timing)
    yield bench.compared(f"{what} / one file", many_timing, one_timing, MOST)
    yield Figure(f"peak memory, {what}", f"{many_timing.peak_bytes / MIB:,.0f} MiB")
    yield must_be_empty("keywords answered unlike the one file", unlike)


def provide_parts(links: Path) -> Path:
    folder = links.with_name(f"{links.stem}-in-{FILES}-files")
    return provide_folder(folder, lambda place: write_parts(links, place))


def write_parts(links: Path, folder: Path) -> None:
    """Write the parts, 999 and 1,001 rows in turn: exactly 1,000 would be an export limit."""
    with links.open("rb") as file:
        header = file.readline()
        rows = records(file)
        for number in range(FILES):
            part = b"".join(islice(rows, MILLION // FILES + (1 if number % 2 else -1)))
            (folder / f"links-{number:04d}.csv").write_bytes(header + part)


if __name__ == "__main__":
    main()
