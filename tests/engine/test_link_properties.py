"""Properties of all links: the waterfall adds up; neither order nor format changes a count."""

import random
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from build import NO_RULES, PAGE, TARGET, Counted, Form, count_links, open_source, write_links
from gapcalc.formats import own
from gapcalc.formats.cells import Value
from gapcalc.inputs.records import read_records
from gapcalc.rows import PageLinks
from gapcalc.rules import choose
from gapcalc.rules.base import Known

pytestmark = pytest.mark.slow

Link = dict[str, str]

# Without `sitewide`: under it, a site's hundredth link makes its first links fail too.
STRICT = NO_RULES._replace(
    rules=tuple(
        active for active in choose("strict", {"topic": ("desk",)}) if active.id != "sitewide"
    ),
    known=Known({"b.example/q": "casino"}),
    sensitivity=True,
)
few = settings(derandomize=True, max_examples=3, deadline=None)


SITES = ("a.example", "b.example", "c.co.uk", "e.blogspot.com", "f.example", "f.example")
URLS = tuple(
    f"https://{sub}{site}/{path}"
    for sub in ("", "www.", "blog.")
    for site in SITES
    for path in ("", "p", "forum/1", "p#comment-1", "desk")
)
CELLS = {
    "source_url": URLS,
    "target_url": ("https://www.b.example/q/", "http://b.example/q#x", TARGET),
    "nofollow": ("false", "true", ""),
    "ugc": ("false", "true", "", "true", "maybe"),
    "sponsored": ("false", "true"),
    "spam": ("false", "true", ""),
    "anchor": ("desk", "casino", 'say "hi", there', "two\nlines", "'=1", "\N{DESERT}; ok"),
    "kind": ("text", "redirect", ""),
    "authority": ("20", "19.9", "0", "--", "high"),
    "domain_traffic": ("1.2K", "99", "0", ""),
    "external_links": ("1", "201", "1,000"),
    "links": ("1", "40", "120"),
    "lost": ("false", "true", ""),
    "title": ("a desk", "Über uns", ""),
}
"""What stands in a link's cells; where rules look, what passes them all comes first."""
drawn = {heading: st.sampled_from(cells) for heading, cells in CELLS.items()}
links = st.fixed_dictionaries(
    {heading: cells for heading, cells in drawn.items() if heading.endswith("_url")},
    optional={heading: cells for heading, cells in drawn.items() if not heading.endswith("_url")},
)
some_links = st.lists(links, min_size=1, max_size=25)


class Folder:
    """Writes one link file after the other into a folder of the test."""

    def __init__(self, factory: pytest.TempPathFactory) -> None:
        self.path = factory.mktemp("links")

    def count(self, *files: Sequence[Link], form: Form | None = None) -> Counted:
        paths = [
            write_links(self.path / f"{number}.csv", file, form or Form())
            for number, file in enumerate(files)
        ]
        return count_links(paths, STRICT)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    return Folder(tmp_path_factory)


def without_inputs(counted: Counted) -> dict[str, PageLinks]:
    return {
        page: links._replace(inputs=frozenset(), url="") for page, links in counted.pages.items()
    }


@given(rows=some_links)
@few
def test_raw_minus_the_domains_dropped_is_kept_on_every_page(
    folder: Folder, rows: list[Link]
) -> None:
    for page in folder.count(rows).pages.values():
        assert page.raw - sum(page.dropped.values()) == page.kept
        for kept, followed in page.without.values():
            assert page.kept <= kept <= page.raw
            assert followed <= kept
        assert page.followed is None or page.followed <= page.kept


@given(rows=some_links)
@few
def test_every_link_is_live_lost_or_internal_on_one_page(folder: Folder, rows: list[Link]) -> None:
    counted = folder.count(rows)
    aside = sum(page.lost + page.internal for page in counted.pages.values())
    lost = sum(row.get("lost") == "true" for row in rows)
    assert counted.files[0].rows == len(rows)
    assert lost <= aside <= len(rows)
    assert sum(page.raw for page in counted.pages.values()) <= len(rows) - aside


@given(rows=some_links, seed=st.integers())
@few
def test_the_order_of_the_rows_changes_nothing(folder: Folder, rows: list[Link], seed: int) -> None:
    shuffled = random.Random(seed).sample(rows, len(rows))
    assert folder.count(shuffled).pages == folder.count(rows).pages


@given(rows=some_links, cuts=st.lists(st.integers(0, 25), max_size=3))
@few
def test_a_file_in_pieces_counts_as_the_file(
    folder: Folder, rows: list[Link], cuts: list[int]
) -> None:
    headings = {heading: "" for row in rows for heading in row}
    whole = [{**headings, **row} for row in rows]
    pieces = [
        whole[start:end]
        for start, end in pairwise(sorted({0, len(rows), *(c for c in cuts if c < len(rows))}))
    ]
    assert without_inputs(folder.count(*pieces)) == without_inputs(folder.count(whole))


@given(first=some_links, second=some_links)
@few
def test_the_order_of_the_files_changes_nothing(
    folder: Folder, first: list[Link], second: list[Link]
) -> None:
    forward, backward = folder.count(first, second), folder.count(second, first)
    assert without_inputs(forward) == without_inputs(backward)


@given(rows=some_links)
@few
def test_a_file_given_twice_counts_once(folder: Folder, rows: list[Link]) -> None:
    assert without_inputs(folder.count(rows, rows)) == without_inputs(folder.count(rows))


@given(rows=some_links, more=links)
@few
def test_one_more_link_never_lowers_a_count(folder: Folder, rows: list[Link], more: Link) -> None:
    headings = {heading: "" for row in (*rows, more) for heading in row}
    before = folder.count([{**headings, **row} for row in rows]).pages
    after = folder.count([{**headings, **row} for row in (*rows, more)]).pages
    for page, counted in before.items():
        assert after[page].raw >= counted.raw
        assert after[page].kept >= counted.kept


FORMS = [
    pytest.param(Form(encoding="utf-8-sig", quote_all=True), id="UTF-8 with a mark, all quoted"),
    pytest.param(Form(encoding="utf-16", delimiter=";"), id="UTF-16, semicolon"),
    pytest.param(Form(encoding="utf-16-le", delimiter="\t", quote_all=True), id="UTF-16, no mark"),
    pytest.param(Form(encoding="utf-16-be", eol="\r\n"), id="UTF-16 big endian, CRLF"),
    pytest.param(Form(preamble="Links of a page\nExported,2026-11-20\n\n"), id="preamble"),
    pytest.param(Form(preamble="A title\n", eol="\r\n", delimiter=";"), id="preamble, CRLF"),
]


@pytest.fixture(scope="module")
def many_links() -> list[Link]:
    dice = random.Random(7)

    def cell(heading: str, cells: Sequence[str]) -> str:
        harmless = not heading.endswith("_url") and dice.random() < 0.8
        text = cells[0] if harmless else dice.choice(cells)
        return text.replace("f.example", f"f{dice.randrange(50)}.example")

    return [{h: cell(h, cells) for h, cells in CELLS.items()} for _ in range(90)]


@pytest.fixture(scope="module")
def plainly(folder: Folder, many_links: list[Link]) -> Counted:
    return folder.count(many_links)


@pytest.mark.parametrize("form", FORMS)
def test_the_form_of_a_file_changes_no_count(
    folder: Folder, form: Form, many_links: list[Link], plainly: Counted
) -> None:
    written = folder.count(many_links, form=form)
    assert written.pages == plainly.pages
    shift = form.preamble.count("\n")
    assert written.said == [((line or 0) + shift, reason) for line, reason in plainly.said]


def test_the_links_counted_in_every_form_are_of_every_kind(plainly: Counted) -> None:
    for page in plainly.pages.values():
        assert 0 < page.kept < page.raw
        assert page.lost
    assert plainly.pages["b.example/q"].internal
    assert plainly.problems


texts = st.text(
    st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\ufeff\u2028\u2029"),
    max_size=20,
)
values: dict[str, st.SearchStrategy[Value]] = {
    "source_url": st.just("https://a.example/"),
    "target_url": st.just(TARGET),
    "anchor": st.one_of(
        texts, st.sampled_from(("=1+1", "'=1", "-5", "@x", "\t=1", 'a "b"', "a\nb"))
    ),
    "title": texts,
    "kind": texts,
    "language": texts,
    "context_left": texts,
    "context_right": texts,
    "redirects": texts,
    "page_type": texts,
    "metric": texts,
    "vendor": st.just("ahrefs"),
    "ip": texts,
    "nofollow": st.booleans(),
    "ugc": st.booleans(),
    "sponsored": st.booleans(),
    "spam": st.booleans(),
    "sitewide": st.booleans(),
    "lost": st.booleans(),
    "authority": st.integers(0, 1000).map(lambda tenths: tenths / 10),
    "page_authority": st.integers(0, 100),
    "rank": st.integers(0, 1000),
    "domain_traffic": st.integers(0, 10**17),
    "page_traffic": st.integers(0, 10**9),
    "external_links": st.integers(0, 10**6),
    "links": st.integers(1, 10**6),
    "first_seen": st.dates(date(1990, 1, 1), date(2099, 12, 31)),
    "last_seen": st.dates(date(1990, 1, 1), date(2099, 12, 31)),
}
native_rows = st.lists(
    st.fixed_dictionaries(
        {name: values[name] for name in ("source_url", "target_url")},
        optional={name: kind for name, kind in values.items() if not name.endswith("_url")},
    ),
    min_size=1,
    max_size=8,
)


def test_every_field_of_a_native_link_is_tried() -> None:
    assert {column.field for column in own.LINKS.columns} == set(values)


@given(rows=native_rows)
@settings(few, max_examples=60)
def test_links_that_were_written_are_read_again(
    folder: Folder, rows: list[dict[str, Value]]
) -> None:
    path = folder.path / "written.csv"
    path.write_text(own.write(own.LINKS, rows), encoding="utf-8", newline="")
    source = open_source(path)
    places = source.export.places(source.plain_header)
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)[1:]
    read = [
        {name: cell.parse(record.cells[index]) for name, (index, cell) in places.items()}
        for record in read_records(lines, source.delimiter, len(source.header))
    ]
    expected = [{name: row.get(name) or None for name in places} for row in rows]
    assert [{name: value or None for name, value in row.items()} for row in read] == expected


@given(rows=native_rows)
@few
def test_links_that_were_written_are_counted_whole(
    folder: Folder, rows: list[dict[str, Value]]
) -> None:
    path = folder.path / "written.csv"
    path.write_text(own.write(own.LINKS, rows), encoding="utf-8", newline="")
    counted = count_links([path])
    assert counted.problems == ()
    assert counted.files[0].rows == len(rows)
    live = [row for row in rows if not row.get("lost")]
    page = counted.pages[PAGE]
    assert (page.raw, page.lost) == (bool(live), len(rows) - len(live))
    if page.followed is not None:
        followed = [
            row
            for row in live
            if row.get("nofollow") is False and not row.get("ugc") and not row.get("sponsored")
        ]
        assert page.followed == bool(followed)


@given(rows=native_rows)
@few
def test_a_serp_that_was_written_has_the_headings_of_its_values(
    rows: list[dict[str, Value]],
) -> None:
    serp = [
        {"keyword": row.get("anchor"), "position": number, "url": TARGET, "title": row.get("title")}
        for number, row in enumerate(rows, start=1)
    ]
    header = own.write(own.SERP, serp).partition("\n")[0]
    has_title = any(row["title"] is not None for row in serp)
    assert header == "keyword,position,url" + (",title" if has_title else "")
