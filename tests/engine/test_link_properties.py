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


def drawn_links(seed: int, count: int) -> list[Link]:
    """Draw links with some of the columns each."""
    dice = random.Random(seed)
    return [
        {
            heading: dice.choice(cells)
            for heading, cells in CELLS.items()
            if heading.endswith("_url") or dice.random() < 0.5
        }
        for _ in range(count)
    ]


DRAWN = drawn_links(1, 25), drawn_links(2, 9)
for_some_links = pytest.mark.parametrize("rows", DRAWN, ids=["many", "few"])
ONE_MORE = drawn_links(3, 1)[0]


class Folder:
    """Writes one link file after the other into a folder of the test, and counts each once."""

    def __init__(self, factory: pytest.TempPathFactory) -> None:
        self.path = factory.mktemp("links")
        self.counted: dict[str, Counted] = {}

    def count(self, *files: Sequence[Link]) -> Counted:
        if (key := repr(files)) not in self.counted:
            paths = [
                write_links(self.path / f"{number}.csv", file) for number, file in enumerate(files)
            ]
            self.counted[key] = count_links(paths, STRICT)
        return self.counted[key]


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    return Folder(tmp_path_factory)


def without_inputs(counted: Counted) -> dict[str, PageLinks]:
    return {
        page: links._replace(inputs=frozenset(), url="") for page, links in counted.pages.items()
    }


@for_some_links
def test_raw_minus_the_domains_dropped_is_kept_on_every_page(
    folder: Folder, rows: list[Link]
) -> None:
    for page in folder.count(rows).pages.values():
        assert page.raw - sum(page.dropped.values()) == page.kept
        for kept, followed in page.without.values():
            assert page.kept <= kept <= page.raw
            assert followed <= kept
        assert page.followed is None or page.followed <= page.kept


@for_some_links
def test_every_link_is_live_lost_or_internal_on_one_page(folder: Folder, rows: list[Link]) -> None:
    counted = folder.count(rows)
    aside = sum(page.lost + page.internal for page in counted.pages.values())
    lost = sum(row.get("lost") == "true" for row in rows)
    assert counted.files[0].rows == len(rows)
    assert lost <= aside <= len(rows)
    assert sum(page.raw for page in counted.pages.values()) <= len(rows) - aside


@for_some_links
def test_the_order_of_the_rows_changes_nothing(folder: Folder, rows: list[Link]) -> None:
    shuffled = random.Random(4).sample(rows, len(rows))
    assert shuffled != rows
    assert folder.count(shuffled).pages == folder.count(rows).pages


def with_all_headings(rows: Sequence[Link]) -> list[Link]:
    headings = dict.fromkeys(CELLS, "")
    return [{**headings, **row} for row in rows]


@for_some_links
def test_a_file_in_pieces_counts_as_the_file(folder: Folder, rows: list[Link]) -> None:
    # Whether a column can be read is told file by file, so every cell can be.
    unread = "maybe", "high"
    whole = [
        {heading: "" if cell in unread else cell for heading, cell in row.items()}
        for row in with_all_headings(rows)
    ]
    pieces = [whole[start:end] for start, end in pairwise((0, 1, len(rows) // 3, len(rows)))]
    assert without_inputs(folder.count(*pieces)) == without_inputs(folder.count(whole))


def test_the_order_of_the_files_changes_nothing(folder: Folder) -> None:
    forward, backward = folder.count(*DRAWN), folder.count(*reversed(DRAWN))
    assert without_inputs(forward) == without_inputs(backward)


@for_some_links
def test_a_file_given_twice_counts_once(folder: Folder, rows: list[Link]) -> None:
    assert without_inputs(folder.count(rows, rows)) == without_inputs(folder.count(rows))


@for_some_links
def test_one_more_link_never_lowers_a_count(folder: Folder, rows: list[Link]) -> None:
    before = folder.count(with_all_headings(rows)).pages
    after = folder.count(with_all_headings([*rows, ONE_MORE])).pages
    for page, counted in before.items():
        assert after[page].raw >= counted.raw
        assert after[page].kept >= counted.kept


FORMS = {
    "plain": Form(),
    "UTF-8 with a mark, all quoted": Form(encoding="utf-8-sig", quote_all=True),
    "UTF-16, semicolon": Form(encoding="utf-16", delimiter=";"),
    "UTF-16, no mark": Form(encoding="utf-16-le", delimiter="\t", quote_all=True),
    "UTF-16 big endian, CRLF": Form(encoding="utf-16-be", eol="\r\n"),
    "preamble": Form(preamble="Links of a page\nExported,2026-11-20\n\n"),
    "preamble, CRLF": Form(preamble="A title\n", eol="\r\n", delimiter=";"),
}
PAGES = "b{}.example/q", "target{}.example/page"


def links_of_every_kind(number: int) -> list[Link]:
    """Give the same links to pages that have a number in their host."""
    dice = random.Random(7)

    def cell(heading: str, cells: Sequence[str]) -> str:
        harmless = not heading.endswith("_url") and dice.random() < 0.8
        text = cells[0] if harmless else dice.choice(cells)
        text = text.replace("f.example", f"f{dice.randrange(50)}.example")
        hosts = text.replace("b.example", f"b{number}.example")
        return hosts.replace("target.example", f"target{number}.example")

    return [{h: cell(h, cells) for h, cells in CELLS.items()} for _ in range(90)]


@pytest.fixture(scope="module")
def in_all_forms(folder: Folder) -> Counted:
    """Count a file in every form, each of pages of its own."""
    paths = [
        write_links(folder.path / f"form{number}.csv", links_of_every_kind(number), form)
        for number, form in enumerate(FORMS.values())
    ]
    known = Known({PAGES[0].format(number): "casino" for number in range(len(FORMS))})
    return count_links(paths, STRICT._replace(known=known))


def test_the_form_of_a_file_changes_no_count(in_all_forms: Counted) -> None:
    pages = without_inputs(in_all_forms)
    said = [
        [(one.line or 0, one.reason) for one in in_all_forms.problems if one.input == file]
        for file in (f"form{number}.csv" for number in range(len(FORMS)))
    ]
    assert len(pages) == len(PAGES) * len(FORMS)
    for number, (name, form) in enumerate(FORMS.items()):
        for page in PAGES:
            named = pages[page.format(number)]
            plain = pages[page.format(0)]
            assert named == plain._replace(page=named.page, domain=named.domain), name
        shift = form.preamble.count("\n")
        assert said[number] == [(line + shift, reason) for line, reason in said[0]], name


def test_the_links_counted_in_every_form_are_of_every_kind(in_all_forms: Counted) -> None:
    for page in in_all_forms.pages.values():
        assert 0 < page.kept < page.raw
        assert page.lost
    for number in range(len(FORMS)):
        assert in_all_forms.pages[PAGES[0].format(number)].internal
    assert in_all_forms.problems


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
