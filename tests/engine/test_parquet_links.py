"""A Parquet file of links is counted like the same links in a CSV, whatever its types."""

import random
from pathlib import Path

import duckdb
import pytest

from build import NO_RULES, PAGE, TARGET, Counted, count_links, write_links, write_links_as_parquet
from gapcalc.errors import InputError
from gapcalc.rules import choose
from packing import write_parquet, write_query

pytestmark = pytest.mark.slow

TYPED = f"""
select
    'https://s' || (n % 50) || '.example/p' as source_url, '{TARGET}' as target_url,
    n % 3 = 0 as nofollow, n % 5 = 0 as spam, case when n % 7 > 0 then n % 11 = 0 end as lost,
    case when n % 13 > 0 then (n % 100)::double end as authority,
    (n % 100 / 2)::float as page_authority, (n * 7)::decimal(12, 2) as external_links,
    case when n % 4 > 0 then n * 1000 end as domain_traffic, (1 + n % 3)::utinyint as links,
    date '2026-01-01' + n::integer as first_seen,
    timestamp '2026-01-01 10:00:00' + to_days(n::integer) as last_seen,
    ['en', 'de'][1:1 + n % 2] as language, case n % 9 when 0 then '' else 'a ' || n end as anchor
from range(1000) numbers(n)
"""
STRICT = NO_RULES._replace(
    rules=choose("strict", {"language": ("de",)}, off=["redirect"]), sensitivity=True
)


def as_text(query: str) -> str:
    """Give a query with every column as the text that a CSV holds."""
    columns = "coalesce(columns(* exclude language)::varchar, '')"
    return f"select {columns}, array_to_string(language, ',') as language from ({query})"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("parquet")


@pytest.fixture(scope="module")
def from_csv(folder: Path) -> Counted:
    path = folder / "links.csv"
    duckdb.connect().execute(f"copy ({as_text(TYPED)}) to '{path}' (format csv, header true)")
    return count_links([path], STRICT)


def test_native_types_count_as_their_text(folder: Path, from_csv: Counted) -> None:
    counted = count_links([write_query(folder / "typed.parquet", TYPED)], STRICT)
    assert counted.pages == from_csv.pages
    assert counted.files == from_csv.files
    assert counted.problems == ()
    page = counted.pages[PAGE]
    assert 0 < page.kept < page.raw
    assert page.lost > 0
    assert len([count for count in page.dropped.values() if count]) > 2


def test_text_counts_as_text(folder: Path, from_csv: Counted) -> None:
    counted = count_links([write_query(folder / "text.parquet", as_text(TYPED))], STRICT)
    assert counted.pages == from_csv.pages


def test_bytes_that_are_text_count_as_text(folder: Path) -> None:
    query = f"select encode('https://a.example/') as source_url, encode('{TARGET}') as target_url"
    assert count_links([write_query(folder / "bytes.parquet", query)]).pages[PAGE].raw == 1


def test_row_groups_of_any_size_are_read(tmp_path: Path) -> None:
    query = (
        "select 'https://s' || n || '.example/' as source_url, repeat('x', 500) || n as title, "
        f"'{TARGET}' as target_url from range(300000) numbers(n)"
    )
    path = write_query(tmp_path / "links.parquet", query, row_group_size=300_000)
    counted = count_links([path], NO_RULES._replace(memory="400MB"))
    assert (counted.files[0].rows, counted.pages[PAGE].raw) == (300_000, 300_000)


def test_faulty_rows_are_reported_by_the_row_below_the_header(tmp_path: Path) -> None:
    links = [
        {"source_url": "https://a.example/", "authority": "high", "anchor": "two\nlines"},
        {"source_url": "https://b.example/", "authority": "5", "anchor": "x"},
        {"source_url": "no url", "authority": "", "anchor": 'say "hi", there'},
        {"source_url": "https://c.example/", "target_url": "", "authority": "9"},
        {
            "source_url": "source_url",
            "target_url": "target_url",
            "authority": "authority",
            "anchor": "anchor",
        },
    ]
    counted = count_links([write_links_as_parquet(tmp_path / "l.parquet", links)])
    assert counted.said == [
        (2, "column 'authority' is unknown: a score from 0 to 100 expected, found 'high'"),
        (4, "row not counted: the source 'no url' is not a URL"),
        (5, "row not counted: the target '' is not a URL"),
        (6, "row not read: the header is repeated here"),
    ]
    assert counted.files[0].rows == 4


def test_many_rows_are_reported_alike_in_both_forms(tmp_path: Path) -> None:
    dice = random.Random(3)
    cells = {
        "source_url": ("https://a.example/", "HTTP://B.example:80/x", "mailto:x", "", "c.example"),
        "target_url": (TARGET, "javascript:", "", f"{TARGET}#x"),
        "authority": ("1", "1.5", "many", "-", ""),
        "nofollow": ("true", "FALSE", "perhaps", ""),
        "domain_traffic": ("1,234", "5K", "-3", "7"),
    }
    links = [{name: dice.choice(texts) for name, texts in cells.items()} for _ in range(400)]
    text = count_links([write_links(tmp_path / "l", links)], STRICT)
    parquet = count_links([write_links_as_parquet(tmp_path / "l", links)], STRICT)
    assert parquet.pages == text.pages
    assert parquet.said == text.said
    assert len(parquet.problems) > 100


@pytest.mark.parametrize("name", ["file_row_number", "path", "c0", "file", "filename", "plain"])
def test_a_column_of_any_name_harms_nothing(tmp_path: Path, name: str) -> None:
    header = ("source_url", "target_url", "authority", name)
    rows = [(f"https://{host}.example/", TARGET, "5", "x") for host in "ab"]
    path = write_parquet(tmp_path / "l.parquet", header, [*rows, (*rows[0][:2], "high", "x")])
    counted = count_links([path])
    assert counted.pages[PAGE].raw == 2
    assert [line for line, _ in counted.said] == [4]


def test_a_damaged_page_of_data_is_reported(tmp_path: Path) -> None:
    query = f"select 'https://s' || n || '.example/' as source_url, '{TARGET}' as target_url"
    path = write_query(tmp_path / "l.parquet", f"{query} from range(500000) numbers(n)")
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 100_000] = bytes(100_000)
    path.write_bytes(data)
    with pytest.raises(InputError, match="it is a damaged Parquet file, or none"):
        count_links([path])


def test_vendors_that_mix_far_down_are_refused(tmp_path: Path) -> None:
    query = (
        f"select 'https://s' || n || '.example/' as source_url, '{TARGET}' as target_url, "
        "case when n < 900 then 'ahrefs' else 'Moz ' end as vendor from range(1000) numbers(n)"
    )
    path = write_query(tmp_path / "l.parquet", query)
    with pytest.raises(InputError, match=r"its column vendor mixes vendors \(ahrefs, moz\)"):
        count_links([path])
