"""Every field of every row of every format: what the samples in `fixtures/vendors` must become.

`fixtures/rows` holds the rows of each sample, a JSON object a line, without unknown fields.
"""

from collections.abc import Mapping
from pathlib import Path

import pytest

from build import open_source
from exported import (
    ROWS,
    SAMPLES,
    VENDORS,
    as_lines,
    expected_in_sql,
    expected_rows,
    export_all,
    is_link_list,
    not_naming_targets,
    read_in_python,
    rows_path,
)
from gapcalc.formats import EXPORTS


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_sample_becomes_its_rows(sample: str, request: pytest.FixtureRequest) -> None:
    read = as_lines(read_in_python(open_source(VENDORS / sample)))
    if request.config.getoption("--update-golden"):
        text = "".join(f"{line}\n" for line in read)
        rows_path(sample).write_text(text, encoding="utf-8", newline="")
    assert read == as_lines(expected_rows(sample))


LISTS = [sample for sample in SAMPLES if is_link_list(sample)]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """Give each list of links as the engine writes it."""
    folder = tmp_path_factory.mktemp("samples")
    return export_all(LISTS, folder, bound=not_naming_targets(LISTS))


@pytest.mark.slow
@pytest.mark.parametrize("sample", LISTS)
def test_a_list_of_links_becomes_the_same_rows_in_the_engine(
    sample: str, written: Mapping[str, Path]
) -> None:
    read = read_in_python(open_source(written[sample]))

    assert as_lines(read) == as_lines(expected_in_sql(sample))


def test_every_format_has_a_sample_and_every_sample_its_rows() -> None:
    assert {open_source(VENDORS / sample).export for sample in SAMPLES} == set(EXPORTS)
    assert {path.name for path in ROWS.iterdir()} == {rows_path(sample).name for sample in SAMPLES}
