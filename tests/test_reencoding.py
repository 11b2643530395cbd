"""However a table is encoded and packed, the answer is the same to the byte."""

import gzip
import json
import re
from collections.abc import Sequence
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from build import Form
from packing import write_parquet, write_workbook, write_zip
from running import run
from tables import OURS, rival

pytestmark = pytest.mark.slow

Table = list[list[str]]

_texts = st.lists(
    st.sampled_from(
        ("desk", "lamp", " ", ",", ";", "\t", '"', "\n", "'", "ü", "食", "😀", "=1", "7")
    ),
    max_size=6,
).map("".join)
_counts = st.sampled_from(("", "0", "7", "12", "1,234", "1.5K", "--", "many"))
_scores = st.sampled_from(("", "0", "7", "40.5", "100", "high"))
_dates = st.sampled_from(("", "2026-01-31", "2026-01-31 10:05:00", "soon"))
_flags = st.sampled_from(("true", "false", "TRUE", "", "maybe"))
_hosts = st.sampled_from(("a.example", "www.b.example", "c.co.uk", "münchen.example", "no host"))
_sources = _hosts.map(lambda host: f"https://{host}/post")
_targets = st.sampled_from((OURS, rival(1), rival(2), rival(3)))
_places = st.sampled_from(("1", "2", "3", "4"))

FORMATS = {
    "gapcalc-serp": {
        "keyword": st.just("desk lamp"),
        "position": _places,
        "url": _targets,
        "referring_domains": _counts,
        "title": _texts,
        "authority": _scores,
    },
    "serp-table": {
        "Position": _places,
        "URL": _targets,
        "Referring domains": _counts,
        "Title": _texts,
    },
    "gapcalc-links": {
        "source_url": _sources,
        "target_url": _targets,
        "anchor": _texts,
        "nofollow": _flags,
        "authority": _scores,
        "first_seen": _dates,
    },
    "semrush-backlinks": {
        "Page ascore": _scores,
        "Source title": _texts,
        "Source url": _sources,
        "Target url": _targets,
        "Anchor": _texts,
        "External links": _counts,
        "Nofollow": _flags,
        "First seen": _dates,
        "Lost link": _flags,
    },
}


def tables(columns: dict[str, st.SearchStrategy[str]]) -> st.SearchStrategy[Table]:
    rows = st.lists(st.tuples(*columns.values()).map(list), min_size=1, max_size=8)
    return rows.map(lambda found: [list(columns), *found])


forms = st.builds(
    Form,
    delimiter=st.sampled_from((",", "\t", ";")),
    eol=st.sampled_from(("\n", "\r\n")),
    encoding=st.sampled_from(("utf-8", "utf-8-sig", "utf-16")),
    quote_all=st.booleans(),
    preamble=st.sampled_from(("", "A report\n", "A report\n\nmade today\n")),
)


def as_text(path: Path, table: Table, form: Form) -> None:
    path.write_bytes(form.text(table).encode(form.encoding))


def as_gzip(path: Path, table: Table, form: Form) -> None:
    path.write_bytes(gzip.compress(form.text(table).encode(form.encoding)))


def as_zip(path: Path, table: Table, form: Form) -> None:
    write_zip(path, {"in/side.csv": form.text(table).encode(form.encoding)})


def as_workbook(path: Path, table: Table, form: Form) -> None:
    above = [[line] for line in form.preamble.splitlines()]
    write_workbook(path, {"Sheet": [*above, *([typed(cell) for cell in row] for row in table)]})


def as_parquet(path: Path, table: Table, form: Form) -> None:
    del form
    write_parquet(path, table[0], table[1:])


def typed(cell: str) -> object:
    """Give a cell with the type that a spreadsheet gives it when saving."""
    if cell in {"true", "TRUE", "false"}:
        return cell.lower() == "true"
    try:
        number = float(cell)
    except ValueError:
        return cell
    return number if str(number) == cell or str(int(number)) == cell else cell


def answer(path: Path) -> str:
    """Give the JSON of the one file `path`, without the names and line numbers of its container."""
    done = run(path.name, "--target", OURS, "--json", "--as-of", "2026-11-20", cwd=path.parent)
    if done.code:
        return f"{done.code}"
    json.loads(done.out)
    return re.sub(r"\(line \d+\)", "", done.out.replace(f"{path.name}/in/side.csv", path.name))


@pytest.mark.parametrize("format_", FORMATS)
def test_the_same_table_gives_the_same_bytes_in_every_form(format_: str) -> None:
    @settings(max_examples=2, deadline=None, database=None, derandomize=True)
    @given(tables(FORMATS[format_]), forms, st.integers(0, 10**6))
    def same(table: Table, form: Form, seed: int) -> None:
        with TemporaryDirectory() as place:
            path = Path(place) / "t"
            as_text(path, table, Form())
            plain = answer(path)
            packed = (as_text, as_gzip, as_zip)[seed % 3]
            for write in (packed, as_workbook, as_parquet):
                write(path, shuffled(table, seed), form)
                assert answer(path) == plain, write.__name__

    same()


def shuffled(table: Table, seed: int) -> Table:
    order: Sequence[int] = Random(seed).sample(range(len(table[0])), len(table[0]))
    return [[row[at] for at in order] for row in table]
