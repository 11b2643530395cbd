"""Changes every column declaration in turn; the samples' rows must notice each change.

    python tests/benchmarks/mutate_columns.py [FORMAT ...]

It swaps the fields of each pair of columns, drops each column, and gives each column every other
cell type; for lists of links it also changes the SQL of each column alone. A change that no sample
in `fixtures/vendors` notices is printed, and the exit code is then 1.
"""

import sys
from collections import Counter
from collections.abc import Iterator
from functools import partial
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from build import open_source
from exported import (
    SAMPLES,
    VENDORS,
    as_lines,
    expected_in_sql,
    expected_rows,
    read_in_python,
    read_in_sql,
)
from gapcalc.formats import EXPORTS, cells
from gapcalc.formats.base import LINK_KINDS, Column, Export
from gapcalc.formats.cells import Cell
from gapcalc.inputs.detect import claimants

TYPES = tuple(value for value in vars(cells).values() if isinstance(value, Cell))
READS_THE_SAME = {
    ("follow or nofollow", "rel=nofollow"): "they differ only in cells that hold neither word",
    ("text", "URL"): "one type under two names",
    ("URL", "text"): "one type under two names",
    ("date", "date, day first"): "every ISO date is read by both",
    ("score", "rank"): "every number up to 100 is read by both",
}
"""Pairs of a cell type and another that reads all its cells alike."""


class Mutant(NamedTuple):
    """A changed declaration: what was done to it, and the export with the change."""

    sort: str
    change: str
    export: Export
    in_sql: bool = False


def main() -> int:
    """Try every mutant of the named formats, or of all; give 1 where one survives."""
    chosen = [export for export in EXPORTS if not sys.argv[1:] or export.id in sys.argv[1:]]
    tried, survived = Counter[str](), 0
    for export in chosen:
        samples = [name for name in SAMPLES if open_source(VENDORS / name).export is export]
        for mutant in _mutants(export):
            tried[mutant.sort] += 1
            if not any(_notices(name, export, mutant) for name in samples):
                survived += 1
                print(f"{export.id}: nothing notices that {mutant.change}")
    counts = ", ".join(f"{count} {sort}" for sort, count in tried.items())
    print(f"{tried.total()} mutants of {len(chosen)} formats ({counts}), {survived} survived")
    return int(survived > 0)


def _mutants(export: Export) -> Iterator[Mutant]:
    columns = export.columns
    change = partial(_changed, export)
    for (i, one), (j, two) in combinations(enumerate(columns), 2):
        if one.field != two.field:
            swapped = {i: one._replace(field=two.field), j: two._replace(field=one.field)}
            yield Mutant("swapped", f"{_name(one)} and {_name(two)} are swapped", change(swapped))
    for i, column in enumerate(columns):
        others = (*columns[:i], *columns[i + 1 :])
        yield Mutant("dropped", f"{_name(column)} is dropped", export._replace(columns=others))
        for cell in TYPES:
            if (
                column.cell.name,
                cell.name,
            ) not in READS_THE_SAME and column.cell.name != cell.name:
                said = f"{_name(column)} is read as {cell.name}"
                yield Mutant("mistyped", said, change({i: column._replace(cell=cell)}))
        if export.kind in LINK_KINDS:
            said = f"the engine finds no {_name(column)}"
            empty = column._replace(cell=_never_known_in_sql(column.cell))
            yield Mutant("unread by the engine", said, change({i: empty}), in_sql=True)


def _never_known_in_sql(cell: Cell) -> Cell:
    return cell._replace(sql=lambda column: f"nullif({cell.sql(column)}, {cell.sql(column)})")


def _changed(export: Export, changes: dict[int, Column]) -> Export:
    columns = tuple(changes.get(i, column) for i, column in enumerate(export.columns))
    return export._replace(columns=columns)


def _name(column: Column) -> str:
    return f"{column.field} ({column.headings[0]})"


def _notices(sample: str, export: Export, mutant: Mutant) -> bool:
    if mutant.in_sql:
        return _notices_in_sql(sample, export, mutant)
    source = open_source(VENDORS / sample)._replace(export=mutant.export)
    return as_lines(read_in_python(source)) != as_lines(expected_rows(sample))


def _notices_in_sql(sample: str, export: Export, mutant: Mutant) -> bool:
    exports = tuple(mutant.export if e is export else e for e in EXPORTS)
    with pytest.MonkeyPatch.context() as patch, TemporaryDirectory() as folder:
        patch.setattr("gapcalc.inputs.detect.EXPORTS", exports)
        claimants.cache_clear()
        return as_lines(read_in_sql(sample, Path(folder))) != as_lines(expected_in_sql(sample))


if __name__ == "__main__":
    sys.exit(main())
