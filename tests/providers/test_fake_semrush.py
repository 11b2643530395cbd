"""The fake Semrush says what both of Semrush's APIs say, oddities included."""

import csv
import io
from collections.abc import Iterator
from urllib.parse import quote

import pytest

from calling import call, semrush, semrush_v4
from fake_providers import TARGET, FakeSemrush, Window, World

LINKS = "/analytics/v1/"
PAGE = {"target": TARGET, "target_type": "url"}
OFTEN = (Window(10_000, 1.0),)
OFFSET = (
    "ERROR 605 :: Invalid display_offset parameter, must be a positive integer number and less "
    "then display_limit or it should be skipped\n"
)


@pytest.fixture
def fake() -> Iterator[FakeSemrush]:
    with FakeSemrush(units=1_000_000, limits=OFTEN) as provider:
        yield provider


def test_nothing_found_is_an_error_text_at_200_and_free(fake: FakeSemrush) -> None:
    empty = fake.world.serp("desk lamp 0")[5].url
    assert empty
    for report in ("backlinks", "backlinks_overview", "backlinks_refdomains"):
        said = semrush(fake, LINKS, type=report, target=empty, target_type="url")
        assert (said.status, said.text) == (200, "ERROR 50 :: NOTHING FOUND\n")
    assert fake.books.cost == 0


def test_keys_are_refused_by_kind_at_403(fake: FakeSemrush) -> None:
    def refusal(key: str) -> tuple[int, str]:
        said = call(fake, f"/?type=phrase_organic&phrase=x&database=us&key={quote(key)}")
        return said.status, said.text

    assert refusal("f" * 32) == (403, "ERROR 120 :: WRONG KEY - ID PAIR\n")
    assert refusal("") == (403, "ERROR 122 :: WRONG FORMAT OR EMPTY KEY\n")
    assert refusal(fake.key_v4) == (403, "ERROR 122 :: WRONG FORMAT OR EMPTY KEY\n")


def test_an_empty_balance_is_refused_at_403() -> None:
    with FakeSemrush(units=0) as fake:
        said = semrush(fake, LINKS, type="backlinks", **PAGE)
    assert (said.status, said.text) == (403, "ERROR 132 :: API UNITS BALANCE IS ZERO\n")


def test_a_small_balance_gives_a_short_list_without_a_word() -> None:
    with FakeSemrush(units=40 * 5 + 39) as fake:
        said = semrush(fake, LINKS, type="backlinks", export_columns="source_url", **PAGE)
        assert said.status == 200
        assert len(said.lines) == 1 + 5
        refused = semrush(fake, LINKS, type="backlinks", **PAGE)
        assert refused.text == "ERROR 132 :: API UNITS BALANCE IS ZERO\n"
        assert semrush(fake, "/users/countapiunits.html").text == "39"


def test_seo_reports_are_headed_in_words_and_link_reports_in_codes(fake: FakeSemrush) -> None:
    ask = {"type": "phrase_organic", "phrase": "desk lamp 0", "database": "us"}
    serp = semrush(fake, "/", **ask, export_columns="Po,Pt,Dn,Ur", display_limit=10)
    assert serp.lines[0] == "Position;Position type;Domain;Url"
    assert serp.lines[8] == f"8;0;our-shop.example;{TARGET}"
    assert len(serp.lines) == 1 + 10
    default = semrush(fake, "/", **ask, display_limit=1)
    assert default.lines[0] == "Domain;Url;Keywords SERP Features"
    columns = "page_ascore,source_url,nofollow,lostlink"
    links = semrush(fake, LINKS, type="backlinks", **PAGE, export_columns=columns)
    assert links.lines[0] == columns.replace(",", ";")
    assert fake.books.cost == 10 * 10 + 10 + 40 * 26


def test_flags_are_words_and_times_are_unix_seconds(fake: FakeSemrush) -> None:
    columns = "nofollow,lostlink,first_seen,last_seen"
    said = semrush(fake, LINKS, type="backlinks", **PAGE, export_columns=columns)
    rows = [line.split(";") for line in said.lines[1:]]
    assert {row[0] for row in rows} == {row[1] for row in rows} == {"true", "false"}
    assert all(1_500_000_000 < int(row[2]) < int(row[3]) < 1_800_000_000 for row in rows)


def test_escaped_values_are_quoted_and_keep_semicolons_and_line_breaks(fake: FakeSemrush) -> None:
    ask = {"type": "backlinks", **PAGE, "export_columns": "anchor,source_url"}
    bare = semrush(fake, LINKS, **ask)
    assert len(bare.lines) > 1 + 26
    said = semrush(fake, LINKS, **ask, export_escape=1)
    assert said.text.startswith('anchor;source_url\n"')
    fake.quoted_header = True
    assert semrush(fake, LINKS, **ask, export_escape=1).text.startswith('"anchor";"source_url"\n"')
    rows = list(csv.reader(io.StringIO(said.text, newline=""), delimiter=";"))
    assert len(rows) == 1 + 26
    anchors = [row[0] for row in rows]
    assert "two\nlines" in anchors
    assert any(";" in anchor for anchor in anchors)


def test_the_limit_counts_from_the_first_line_whatever_the_offset(fake: FakeSemrush) -> None:
    def lines(**part: int) -> list[str]:
        columns = {"export_columns": "source_url"}
        return semrush(fake, LINKS, type="backlinks", **PAGE, **columns, **part).lines[1:]

    assert lines(display_limit=10) == lines()[:10]
    assert lines(display_limit=10, display_offset=6) == lines()[6:10]
    for part in ({"display_limit": 10, "display_offset": 0}, {"display_offset": 10_000}):
        said = semrush(fake, LINKS, type="backlinks", **PAGE, **part)
        assert (said.status, said.text) == (400, OFFSET)


@pytest.mark.slow
def test_a_list_without_a_limit_costs_ten_thousand_lines() -> None:
    world = World(keywords=1, crowd=10_050)
    crowded = world.serp("desk lamp 0")[3].url
    with FakeSemrush(world) as fake:
        ask = {"type": "backlinks", "target": crowded, "target_type": "url"}
        said = semrush(fake, LINKS, **ask, export_columns="nofollow")
    assert len(said.lines) == 1 + 10_000
    assert fake.books.cost == 400_000


def test_a_page_is_a_url_and_a_domain_is_the_whole_site(fake: FakeSemrush) -> None:
    def total(kind: str) -> int:
        ask = {"type": "backlinks_overview", "target": TARGET, "target_type": kind}
        return int(semrush(fake, LINKS, **ask, export_columns="total").lines[1])

    assert total("url") < total("domain")


def test_the_overview_and_the_comparison_agree_with_the_list(fake: FakeSemrush) -> None:
    empty = fake.world.serp("desk lamp 0")[5].url
    assert empty
    overview = semrush(fake, LINKS, type="backlinks_overview", **PAGE)
    assert overview.lines[0] == (
        "ascore;total;domains_num;urls_num;ips_num;ipclassc_num;follows_num;nofollows_num;"
        "sponsored_num;ugc_num;texts_num;images_num;forms_num;frames_num"
    )
    domains = overview.lines[1].split(";")[2]
    compared = semrush(
        fake,
        LINKS,
        ("targets[]", TARGET),
        ("target_types[]", "url"),
        ("targets[]", empty),
        ("target_types[]", "url"),
        type="backlinks_comparison",
        export_columns="target,domains_num",
    )
    assert compared.lines == ["target;domains_num", f"{TARGET};{domains}", f"{empty};0"]
    live = {link.domain for link in fake.world.links(TARGET) if link.lost is None}
    assert int(domains) == len(live)
    assert fake.books.cost == 40 + 80


def test_difficulty_is_a_decimal_and_comes_a_fifth_cheaper(fake: FakeSemrush) -> None:
    ask = {"phrase": "desk lamp 0;unheard;desk lamp 1", "database": "us"}
    kdi = semrush(fake, "/", type="phrase_kdi", **ask)
    these = semrush(fake, "/", type="phrase_these", **ask, export_columns="Ph,Kd")
    assert kdi.lines[0] == "Keyword;Keyword Difficulty Index"
    assert kdi.lines == these.lines
    assert [line.split(";")[0] for line in kdi.lines[1:]] == ["desk lamp 0", "desk lamp 1"]
    assert kdi.lines[1].endswith(".00")
    assert fake.books.cost == 2 * 50 + 2 * 10


def test_great_britain_is_uk_and_never_gb(fake: FakeSemrush) -> None:
    def status(database: str) -> int:
        ask = {"type": "phrase_organic", "phrase": "desk lamp 0"}
        return semrush(fake, "/", **ask, database=database, display_limit=1).status

    assert [status(database) for database in ("uk", "gb")] == [200, 403]


def test_the_balance_has_commas_and_a_bad_key_is_said_back(fake: FakeSemrush) -> None:
    assert semrush(fake, "/users/countapiunits.html").text == "1,000,000"
    said = call(fake, "/users/countapiunits.html?key=not-mine")
    assert said.json == {"errors": [{"field": "key", "message": "invalid api key: not-mine"}]}


def test_more_than_ten_requests_a_second_are_too_many() -> None:
    with FakeSemrush(limits=(Window(10, 60.0),)) as fake:
        answers = [semrush(fake, "/users/countapiunits.html").status for _ in range(12)]
    assert answers == [200] * 10 + [429] * 2


def test_v4_wraps_rows_and_numbers_in_an_envelope(fake: FakeSemrush) -> None:
    links = semrush_v4(fake, "backlinks/v1/links", url=TARGET, scope="PAGE", limit=2)
    assert (links.status, links.json["meta"]["success"]) == (200, True)
    assert len(links.json["data"]) == 2
    assert {"source_url", "is_nofollow", "is_ugc", "is_sponsored", "is_lost"} <= set(
        links.json["data"][0]
    )
    overview = semrush_v4(fake, "backlinks/v1/overview", url=TARGET, scope="PAGE")
    assert overview.json["data"]["domains_count"] == fake.world.totals(TARGET).domains
    domains = semrush_v4(fake, "backlinks/v1/ref-domains", url=TARGET, scope="PAGE", limit=1)
    assert "is_follow" in domains.json["data"][0]
    compared = semrush_v4(fake, "backlinks/v1/comparison", urls=f"{TARGET},x", scope="PAGE")
    assert [row["domains_count"] for row in compared.json["data"]] == [
        fake.world.totals(TARGET).domains,
        0,
    ]
    metrics = semrush_v4(fake, "keywords/v1/metrics", keyword="desk lamp 0", country="US")
    assert metrics.json["data"]["cpc"] == "1245"
    assert isinstance(metrics.json["data"]["keyword_difficulty"], int)
    assert fake.books.cost == 2 * 45 + 45 + 40 + 2 * 45 + 20


def test_v4_pages_by_an_ordinary_offset(fake: FakeSemrush) -> None:
    ask = {"url": TARGET, "scope": "PAGE", "fields": "source_url"}
    pages = [
        semrush_v4(fake, "backlinks/v1/links", **ask, limit=10, offset=offset).json["data"]
        for offset in (0, 10, 20, 30)
    ]
    assert [len(page) for page in pages] == [10, 10, 6, 0]
    assert [row for page in pages for row in page] == [
        {"source_url": link.source_url} for link in fake.world.links(TARGET)
    ]


def test_v4_filters_by_its_own_grammar_and_v3_by_signs(fake: FakeSemrush) -> None:
    live = [link.source_url for link in fake.world.links(TARGET) if link.lost is None]
    ask = {"url": TARGET, "scope": "PAGE", "fields": "source_url"}
    said = semrush_v4(fake, "backlinks/v1/links", **ask, filter="is_lost IN (false)")
    assert [row["source_url"] for row in said.json["data"]] == live
    few = semrush_v4(
        fake,
        "backlinks/v1/links",
        **ask,
        filter="page_score > 20 AND is_lost NOT_IN (true)",
    )
    assert 0 < len(few.json["data"]) < len(live)
    wrong = semrush_v4(fake, "backlinks/v1/links", **ask, filter="is_lost = false")
    assert wrong.status == 400
    columns = {"export_columns": "source_url", "display_filter": "-|lostlink||"}
    assert semrush(fake, LINKS, type="backlinks", **PAGE, **columns).lines[1:] == live
    wrong = semrush(fake, LINKS, type="backlinks", **PAGE, display_filter="lostlink")
    assert wrong.status == 400


def test_v4_refuses_the_wrong_kind_of_key_in_its_envelope(fake: FakeSemrush) -> None:
    path = "/apis/v4/backlinks/v1/overview?url=x&scope=PAGE"
    said = call(fake, path, headers={"Authorization": f"Apikey {fake.key}"})
    assert said.status == 403
    assert said.json["meta"] == {
        "success": False,
        "status_code": 403,
        "request_id": "a29952029c10a47e5876d86256e59455",
    }
    assert said.json["error"] == {
        "code": 403,
        "message": "Forbidden",
        "retryable": False,
        "details": {},
    }
    assert call(fake, path).status == 401
    assert call(fake, path, headers={"Authorization": f"Bearer {fake.key_v4}"}).status == 401


@pytest.mark.parametrize(
    "wrong", [{}, {"scope": "PAGE"}, {"url": TARGET}, {"url": TARGET, "scope": "url"}], ids=str
)
def test_v4_wants_a_url_and_a_scope(fake: FakeSemrush, wrong: dict[str, str]) -> None:
    assert semrush_v4(fake, "backlinks/v1/links", **wrong).status == 400
