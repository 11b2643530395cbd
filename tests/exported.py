"""Reads every field of every row of an export, both in Python and through the engine."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

from build import FIXTURES, open_source
from gapcalc.formats.base import LINK_KINDS
from gapcalc.formats.cells import Value
from gapcalc.inputs.rows import own_rows
from gapcalc.inputs.source import Source
from gapcalc.urls import page_of
from running import run

VENDORS = FIXTURES / "vendors"
ROWS = FIXTURES / "rows"
SAMPLES = sorted(path.name for path in VENDORS.iterdir())
PAGE = "https://www.lampkin.example/desk-lamp/"

Row = dict[str, Value]


def rows_path(sample: str) -> Path:
    """Give the file with the rows that a sample must become."""
    return ROWS / f"{Path(sample).stem}.jsonl"


def expected_rows(sample: str) -> list[Row]:
    """Read the rows that a sample must become."""
    lines = rows_path(sample).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def as_lines(rows: Iterable[Row]) -> list[str]:
    """Write rows as JSON, without unknown fields.

    The types of values can be told apart: 1, 1.0, true, "1", and "date 2026-01-31" for a date.
    """
    return [
        json.dumps(
            {field: _plain(value) for field, value in row.items() if value is not None},
            ensure_ascii=False,
            sort_keys=True,
        )
        for row in rows
    ]


def _plain(value: Value) -> Value:
    return f"date {value.isoformat()}" if isinstance(value, date) else value


def read_in_python(source: Source) -> list[Row]:
    """Read a file with the parsers of its columns."""
    return list(own_rows(source))


def read_in_sql(sample: str, folder: Path) -> list[Row]:
    """Read a list of links as `gapcalc export` writes it, which is the work of the engine."""
    (written,) = export_all([sample], folder, bound=not_naming_targets([sample])).values()
    return read_in_python(open_source(written))


def export_all(
    samples: Sequence[str], folder: Path, *, bound: Collection[str]
) -> Mapping[str, Path]:
    """Export samples in one run, some of them bound to a page; give the file of each."""
    paths = {sample: VENDORS / sample for sample in samples}
    named = [word for sample in bound for word in ("--links-for", f"{PAGE}={paths[sample]}")]
    done = run("export", *paths.values(), *named, "-o", f"{folder}/rows/")
    assert done.code == 0, done.err
    return dict(zip(samples, sorted((folder / "rows").glob("*.csv")), strict=True))


def not_naming_targets(samples: Iterable[str]) -> list[str]:
    """Choose the lists that do not say which page their links go to."""
    return [sample for sample in samples if not _names_targets(VENDORS / sample)]


def expected_in_sql(sample: str) -> list[Row]:
    """Give the rows that `gapcalc export` must write: with one flag for lost links, and the page."""
    path = VENDORS / sample
    fields = _fields(path)
    page: Row = {} if _names_targets(path) else {"target_url": page_of(PAGE)}
    return [
        {field: value for field, value in row.items() if field != "status"}
        | page
        | _lost(row, fields)
        for row in expected_rows(sample)
    ]


def _lost(row: Row, fields: frozenset[str]) -> Row:
    if fields.isdisjoint(("lost", "status")):
        return {}
    return {"lost": bool(row.get("lost", row.get("status") in {404, 410}))}


def is_link_list(sample: str) -> bool:
    """Say whether a sample is read by the engine."""
    return open_source(VENDORS / sample).export.kind in LINK_KINDS


def _names_targets(path: Path) -> bool:
    return "target_url" in _fields(path)


def _fields(path: Path) -> frozenset[str]:
    source = open_source(path)
    return frozenset(source.export.places(source.plain_header))
