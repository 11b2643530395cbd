"""Check that no input costs more than its size: faults, odd cells, and everything doubled.

    python tests/benchmarks/growth.py FOLDER [--only rows,IDN] [--rows 50000] [--gapcalc gapcalc]
                                      [--runs 3]

One fault may cost 1.3 times the sound file, every tenth row at fault 3 times, cells that are
written in another way 1.5 times, twice as much of anything 2.3 times. Each input is made from one
invented export, timed in turn with the one it is compared with, and judged by processor time.
Prints a Markdown table; ends with 1 when a limit is missed.
"""

import csv
import io
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from exports import Export, Files, provide
from figures import Figure
from headers import BACKLINKS
from job import Bench, bench, end, full_job, options
from paired import paired

ONE_FAULT, MANY_FAULTS, OTHER_FORM, DOUBLED = 1.3, 3.0, 1.5, 2.3
SOURCE, TARGET = BACKLINKS.index("Referring page URL"), BACKLINKS.index("Target URL")
RATING, TRAFFIC = BACKLINKS.index("Domain rating"), BACKLINKS.index("Domain traffic")
UGC = BACKLINKS.index("UGC")

Pair = tuple[Files, Files]
Cells = list[str]
Change = Callable[[Cells], Cells]


class Table(NamedTuple):
    """The rows of an invented export, and its SERP."""

    rows: list[Cells]
    serp: Path


def with_cell(index: int, change: Callable[[str], str]) -> Change:
    return lambda cells: [*cells[:index], change(cells[index]), *cells[index + 1 :]]


def with_host(change: Callable[[str], str]) -> Change:
    def changed(url: str) -> str:
        scheme, _, rest = url.partition("://")
        host, slash, path = rest.partition("/")
        return f"{scheme}://{change(host)}{slash}{path}"

    return with_cell(SOURCE, changed)


FAULTS: Mapping[str, Change] = {
    "short rows": lambda cells: cells[:20],
    "long rows": lambda cells: [*cells, "one", "two"],
    "bad numbers": with_cell(RATING, lambda _: "n/k"),
    "bad flags": with_cell(UGC, lambda _: "perhaps"),
    "sources that are no URL": with_cell(SOURCE, lambda text: f"no url {text[-12:]}"),
    "targets that are no URL": with_cell(TARGET, lambda _: "no url"),
    "repeated headers": lambda _: [*BACKLINKS],
}
FORMS: Mapping[str, Change] = {
    "thousands separators": with_cell(TRAFFIC, lambda _: "1,234"),
    "IDN hosts": with_host(lambda host: f"m\u00fcnchen.{host}"),
    "hosts of 22 labels": with_host(lambda host: "a." * 20 + host),
    "upper-case hosts": with_host(str.upper),
}


def main() -> None:
    parser = options(__doc__, 3)
    parser.add_argument("--rows", type=int, default=50_000, help="rows of the smaller inputs")
    parser.add_argument("--only", default="", metavar="WORDS", help="parts of the names to measure")
    arguments = parser.parse_args()
    measured = bench(arguments)._replace(by_processor=True)
    wanted = [word for word in arguments.only.split(",") if word]
    with tempfile.TemporaryDirectory(dir=arguments.folder) as place:
        growth = Growth(measured, Path(place), arguments.rows)
        end(list(growth.figures(wanted)))


class Growth(NamedTuple):
    """Makes the inputs in `place`, with a number of rows, and compares their costs."""

    bench: Bench
    place: Path
    rows: int

    def figures(self, wanted: Sequence[str]) -> Iterator[Figure]:
        for name, make, limit in self.comparisons(self.table(self.rows)):
            if not wanted or any(word in name for word in wanted):
                print(f"measuring {name}", file=sys.stderr)
                yield self.compare(name, make(), limit)

    def comparisons(self, sound: Table) -> Iterator[tuple[str, Callable[[], Pair], float]]:
        plain = self.written("sound", sound)

        def changed(change: Change, every: int) -> Callable[[], Pair]:
            return lambda: (self.faulty(sound, change, every), plain)

        for name, change in FAULTS.items():
            yield f"one of: {name}", changed(change, self.rows), ONE_FAULT
            yield f"a tenth: {name}", changed(change, 10), MANY_FAULTS
        for name, change in FORMS.items():
            yield name, changed(change, 1), OTHER_FORM
        for name, make in self.doublings(sound, plain).items():
            yield f"twice the {name}", make, DOUBLED

    def doublings(self, sound: Table, plain: Files) -> Mapping[str, Callable[[], Pair]]:
        """Make pairs of inputs, the first twice as large as the second."""
        other = with_host(lambda host: f"other-{host}")
        both = Table([*sound.rows, *map(other, sound.rows)], sound.serp)
        same = Table([*sound.rows, *sound.rows], sound.serp)
        bad = FAULTS["bad numbers"]
        return {
            "rows": lambda: (self.written("both", both), plain),
            "hosts": lambda: (self.written("both", both), self.written("same", same)),
            "cells": lambda: (self.written("wide", sound, columns=2 * len(BACKLINKS)), plain),
            "rows in UTF-16": lambda: (
                self.written("both", both, encoding="utf-16"),
                self.written("sound", sound, encoding="utf-16"),
            ),
            "faulty rows": lambda: (self.faulty(both, bad, 10), self.faulty(sound, bad, 10)),
            "files": lambda: (self.in_files(both, 200), self.in_files(sound, 100)),
            "sheets": lambda: (self.in_sheets(sound, 20), self.in_sheets(sound, 10)),
            "keywords": lambda: (self.of_keywords(400), self.of_keywords(200)),
        }

    def compare(self, name: str, pair: Pair, limit: float) -> Figure:
        answer = self.place / "answer.json"
        commands = [full_job(self.bench.gapcalc, files, answer, "--quiet") for files in pair]
        one, other = paired(commands, self.bench.runs)
        return self.bench.compared(name, one, other, limit)

    def of_keywords(self, keywords: int) -> Files:
        return provide(self.bench.folder, Export(self.rows, keywords=keywords))

    def table(self, rows: int) -> Table:
        files = provide(self.bench.folder, Export(rows))
        with files.links.open(encoding="utf-8", newline="") as lines:
            return Table([*csv.reader(lines)][1:], files.serp)

    def faulty(self, table: Table, change: Change, every: int) -> Files:
        """Change each row whose number is divided by `every`."""
        rows = [
            change(row) if number % every == 0 else row
            for number, row in enumerate(table.rows, start=1)
        ]
        return self.written(f"changed-{len(rows)}", Table(rows, table.serp))

    def written(
        self, name: str, table: Table, *, encoding: str = "utf-8", columns: int = len(BACKLINKS)
    ) -> Files:
        more = [""] * (columns - len(BACKLINKS))
        heads = [f"Note {number}" for number in range(len(more))]
        path = self.place / f"{name}-{encoding}-{columns}.csv"
        path.write_bytes(_text(table.rows, heads, more).encode(encoding))
        return Files(path, table.serp)

    def in_files(self, table: Table, count: int) -> Files:
        folder = self.place / f"{count}-files"
        folder.mkdir(exist_ok=True)
        for number in range(count):
            part = table.rows[number::count]
            (folder / f"part-{number:03}.csv").write_text(_text(part), encoding="utf-8")
        return Files(folder, table.serp)

    def in_sheets(self, table: Table, count: int) -> Files:
        from openpyxl import Workbook  # noqa: PLC0415  (only this comparison needs it)

        book = Workbook(write_only=True)
        for number in range(count):
            sheet = book.create_sheet(f"Sheet {number}")
            for row in [[*BACKLINKS], *table.rows[number * 500 : number * 500 + 499]]:
                sheet.append(row)
        path = self.place / f"{count}-sheets.xlsx"
        book.save(path)
        return Files(path, table.serp)


def _text(rows: Sequence[Cells], heads: Sequence[str] = (), more: Sequence[str] = ()) -> str:
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow([*BACKLINKS, *heads])
    writer.writerows([*row, *more] for row in rows)
    return out.getvalue()


if __name__ == "__main__":
    main()
