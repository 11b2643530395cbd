"""Measure what the same rows cost in many files instead of one: 1,000 files of 1,000 rows.

    python tests/benchmarks/many_files.py FOLDER [--gapcalc gapcalc] [--runs 5]

Run it with the interpreter that gapcalc is installed for, on a calm machine. FOLDER takes the
exports (2 GB), made once. Prints a Markdown table of figures and limits; ends with 1 when a limit
is missed, or when the two give different answers.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from answers import differences, gapcalc_answers
from exports import MILLION, Export, Files, provide
from figures import Figure, at_most, markdown, must_be_empty, seconds
from job import compile_byte_code, full_job
from paired import MIB, paired, ratio

FILES = 1_000
MOST = 3


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--gapcalc", default="gapcalc", help="the executable")
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    compile_byte_code(sys.executable)
    figures = list(many_and_one(arguments.folder, arguments.gapcalc, arguments.runs))
    print(markdown(figures))
    sys.exit(not all(figure.kept for figure in figures))


def many_and_one(folder: Path, gapcalc: str, runs: int) -> Iterator[Figure]:
    one = provide(folder, Export(MILLION))
    many = Files(provide_parts(one.links), one.serp)
    with tempfile.TemporaryDirectory() as place:
        answers = [Path(place) / "many.json", Path(place) / "one.json"]
        commands = [
            full_job(gapcalc, files, answer)
            for files, answer in zip((many, one), answers, strict=True)
        ]
        many_timing, one_timing = paired(commands, runs)
        unlike = list(differences(*map(gapcalc_answers, answers)))
    what = f"{FILES:,} files of {MILLION // FILES:,} rows"
    yield seconds(what, many_timing.seconds)
    yield seconds("one file of the same rows", one_timing.seconds)
    yield at_most(f"{what} / one file", ratio(many_timing, one_timing), MOST)
    yield Figure(f"peak memory, {what}", f"{many_timing.peak_bytes / MIB:,.0f} MiB")
    yield must_be_empty("keywords answered unlike the one file", unlike)


def provide_parts(links: Path) -> Path:
    """Find the folder of the parts of an export, or make it: whole, or not at all."""
    folder = links.with_name(f"{links.stem}-in-{FILES}-files")
    if not folder.exists():
        with tempfile.TemporaryDirectory(dir=links.parent) as unfinished:
            parts = Path(unfinished) / "parts"
            parts.mkdir()
            write_parts(links, parts)
            parts.rename(folder)
    return folder


def write_parts(links: Path, folder: Path) -> None:
    """Write the parts, 999 and 1,001 rows in turn: exactly 1,000 would be an export limit."""
    with links.open("rb") as file:
        header = file.readline()
        rows = _records(file)
        for number in range(FILES):
            part = b"".join(islice(rows, MILLION // FILES + (1 if number % 2 else -1)))
            (folder / f"links-{number:04d}.csv").write_bytes(header + part)


def _records(lines: Iterator[bytes]) -> Iterator[bytes]:
    """Put lines together to records: inside a cell a quote is always doubled."""
    record = b""
    for line in lines:
        record += line
        if record.count(b'"') % 2 == 0:
            yield record
            record = b""


if __name__ == "__main__":
    main()
