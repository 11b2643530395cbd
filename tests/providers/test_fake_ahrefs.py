"""The fake Ahrefs answers as Ahrefs answers, and bills as Ahrefs bills."""

import json
from collections.abc import Iterator

import pytest

from calling import ahrefs, call
from fake_providers import TARGET, FakeAhrefs, Window, World

LINKS = "site-explorer/all-backlinks"
PAGE = {"target": TARGET, "mode": "exact", "protocol": "both"}
OFTEN = (Window(10_000, 60.0),)


@pytest.fixture
def fake() -> Iterator[FakeAhrefs]:
    with FakeAhrefs(limits=OFTEN) as provider:
        yield provider


def test_a_wrong_key_is_unauthorized_and_bills_nothing(fake: FakeAhrefs) -> None:
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {fake.key}"}):
        said = call(fake, "/v3/subscription-info/limits-and-usage", headers=headers)
        assert (said.status, said.json) == (401, {"error": "Unauthorized"})
    assert fake.books.cost == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"select": ""},
        {"select": "url_from,domain"},
        {"select": "is_homepage_link"},
        {"where": "not json"},
        {"where": json.dumps({"field": "no_such", "is": ["eq", 1]})},
        {"where": json.dumps({"field": "anchor", "is": ["gte", 20]})},
        {"where": json.dumps({"field": "anchor", "modifier": "uppercase", "is": ["eq", "A"]})},
        {"order_by": "link_group_count:desc"},
        {"mode": "page"},
        {"history": "recent"},
        {"limit": "0"},
    ],
    ids=str,
)
def test_a_wrong_parameter_is_a_bad_request(fake: FakeAhrefs, wrong: dict[str, str]) -> None:
    said = ahrefs(fake, LINKS, **{**PAGE, "select": "url_from", **wrong})
    assert said.status == 400
    assert list(said.json) == ["error"]


def test_every_endpoint_has_a_wrapper_key_of_its_own(fake: FakeAhrefs) -> None:
    today = {"target": TARGET, "mode": "exact", "date": "2026-11-20"}
    serp = {"keyword": "desk lamp 0", "country": "us"}
    answers = {
        "backlinks": ahrefs(fake, LINKS, **PAGE, select="url_from"),
        "refdomains": ahrefs(fake, "site-explorer/refdomains", **PAGE, select="domain"),
        "metrics": ahrefs(fake, "site-explorer/backlinks-stats", **today),
        "positions": ahrefs(fake, "serp-overview/serp-overview", **serp, select="url"),
        "keywords": ahrefs(
            fake, "keywords-explorer/overview", keywords="x", country="us", select="keyword"
        ),
        "limits_and_usage": ahrefs(fake, "subscription-info/limits-and-usage"),
        "targets": ahrefs(
            fake,
            "batch-analysis/batch-analysis",
            body={
                "select": ["index"],
                "targets": [{"url": TARGET, "mode": "exact", "protocol": "both"}],
            },
        ),
    }
    for wrapper, said in answers.items():
        assert (said.status, list(said.json)) == (200, [wrapper])


def test_only_the_selected_fields_come_back(fake: FakeAhrefs) -> None:
    said = ahrefs(fake, LINKS, **PAGE, select="url_from,is_dofollow", limit=2)
    assert [list(row) for row in said.json["backlinks"]] == [["url_from", "is_dofollow"]] * 2


def test_units_are_rows_times_all_fields_read_and_at_least_fifty(fake: FakeAhrefs) -> None:
    few = ahrefs(fake, LINKS, **PAGE, select="url_from", limit=10)
    assert few.headers["x-api-rows"] == "10"
    assert few.headers["x-api-units-cost-row"] == "5"
    assert few.headers["x-api-units-cost-total"] == "50"
    assert few.headers["x-api-units-cost-total-actual"] == "50"
    assert few.headers["x-api-cache"] == "no_cache"
    where = json.dumps({"field": "traffic", "is": ["gte", 0]})
    many = ahrefs(
        fake,
        LINKS,
        **PAGE,
        select="url_from,anchor",
        where=where,
        order_by="anchor,refdomains_source:desc",
        limit=10,
    )
    assert many.headers["x-api-units-cost-row"] == "17"
    assert many.headers["x-api-units-cost-total"] == "170"
    assert fake.books.cost == 220


def test_a_list_without_a_limit_has_a_thousand_rows_at_most(fake: FakeAhrefs) -> None:
    crowded = fake.world.serp("desk lamp 0")[3].url
    assert crowded
    rows = ahrefs(fake, LINKS, target=crowded, mode="exact", select="url_from").json["backlinks"]
    assert len(rows) == 1000
    offset = ahrefs(
        fake, LINKS, target=crowded, mode="exact", select="url_from", limit=5, offset=5
    ).json["backlinks"]
    assert offset == rows[:5], "there is no offset to go on from"


def test_lost_links_are_listed_unless_only_live_ones_are_wanted(fake: FakeAhrefs) -> None:
    def lost(**more: str) -> set[bool]:
        said = ahrefs(fake, LINKS, **PAGE, select="is_lost,last_seen", **more)
        rows = said.json["backlinks"]
        assert all(row["is_lost"] == (row["last_seen"] is not None) for row in rows)
        return {row["is_lost"] for row in rows}

    assert lost() == lost(history="all_time") == {True, False}
    assert lost(history="live") == {False}


def test_without_a_mode_the_whole_site_is_meant(fake: FakeAhrefs) -> None:
    page = ahrefs(fake, LINKS, **PAGE, select="url_to")
    site = ahrefs(fake, LINKS, target=TARGET, select="url_to")
    assert len(site.json["backlinks"]) > len(page.json["backlinks"])


def test_a_page_is_found_as_written_or_with_the_other_scheme(fake: FakeAhrefs) -> None:
    def rows(url: str) -> int:
        said = ahrefs(fake, LINKS, target=url, mode="exact", select="url_from")
        return len(said.json["backlinks"])

    assert rows(TARGET) == rows(TARGET.replace("https", "http")) == 26
    assert rows(TARGET.removesuffix("/")) == 0


def test_aggregation_decides_what_a_row_is(fake: FakeAhrefs) -> None:
    def rows(**more: str) -> list[dict[str, object]]:
        said = ahrefs(fake, LINKS, **PAGE, select="root_name_source", **more)
        found: list[dict[str, object]] = said.json["backlinks"]
        return found

    groups = ahrefs(fake, LINKS, **PAGE, select="link_group_count").json["backlinks"]
    assert len(groups) == len(rows())
    assert len(rows(aggregation="all")) == sum(row["link_group_count"] for row in groups)
    domains = [row["root_name_source"] for row in rows(aggregation="1_per_domain")]
    assert len(domains) == len(set(domains)) <= len(rows())
    refused = ahrefs(fake, LINKS, **PAGE, select="link_group_count", aggregation="all")
    assert refused.status == 400


def test_where_keeps_the_rows_that_fit(fake: FakeAhrefs) -> None:
    where = {
        "and": [
            {"field": "domain_rating_source", "is": ["gte", 50]},
            {"not": {"field": "is_spam", "is": ["eq", True]}},
        ]
    }
    said = ahrefs(
        fake, LINKS, **PAGE, select="domain_rating_source,is_spam", where=json.dumps(where)
    )
    rows = said.json["backlinks"]
    assert 0 < len(rows) < 26
    assert all(row["domain_rating_source"] >= 50 and not row["is_spam"] for row in rows)


def test_the_plan_caps_the_rows_in_silence() -> None:
    with FakeAhrefs(World(crowd=300), row_cap=100, limits=OFTEN) as fake:
        crowded = fake.world.serp("desk lamp 0")[3].url
        assert crowded
        said = ahrefs(fake, LINKS, target=crowded, mode="exact", select="url_from", limit=250)
        stats = ahrefs(
            fake,
            "site-explorer/backlinks-stats",
            target=crowded,
            mode="exact",
            date="2026-11-20",
        )
    assert (said.status, said.headers["x-api-rows"]) == (200, "100")
    assert stats.json["metrics"]["live_refdomains"] > 100
    assert stats.headers["x-api-units-cost-total"] == "50"


def test_exhausted_units_are_a_403_that_says_so() -> None:
    with FakeAhrefs(units=60, limits=OFTEN) as fake:
        ahrefs(fake, LINKS, **PAGE, select="url_from", limit=1)
        said = ahrefs(fake, LINKS, **PAGE, select="url_from", limit=1)
        left = ahrefs(fake, "subscription-info/limits-and-usage").json["limits_and_usage"]
    text = "API units limit reached. Expected usage: 50, API units left: 10."
    assert (said.status, said.json) == (403, {"error": text})
    assert fake.books.cost == 50
    assert left["units_limit_workspace"] - left["units_usage_workspace"] == 10
    assert left["units_limit_api_key"] is None


def test_the_sixty_first_request_within_a_minute_is_too_many() -> None:
    with FakeAhrefs() as fake:
        answers = [ahrefs(fake, "subscription-info/limits-and-usage").status for _ in range(62)]
    assert answers == [200] * 60 + [429] * 2
    assert fake.books.busiest(60) == 62


def test_a_serp_mixes_features_without_urls_among_the_pages(fake: FakeAhrefs) -> None:
    ask = {"keyword": "desk lamp 0", "country": "us", "top_positions": 10}
    said = ahrefs(fake, "serp-overview/serp-overview", **ask, select="position,type,url,refdomains")
    rows = said.json["positions"]
    organic = [row for row in rows if "organic" in row["type"]]
    assert [row["position"] for row in organic] == list(range(1, 11))
    assert organic[0]["type"] == ["organic", "snippet"]
    assert [row["type"] for row in rows if row["url"] is None] == [["ai_overview"], ["question"]]
    assert rows[0]["position"] == rows[1]["position"] == 1
    assert organic[7]["url"] == TARGET
    assert organic[3]["refdomains"] == 0
    assert organic[1]["refdomains"] > 500
    assert int(said.headers["x-api-units-cost-total"]) == len(rows) * 8
    only = ahrefs(fake, "serp-overview/serp-overview", **ask, select="url", type="organic")
    assert len(only.json["positions"]) == 10


def test_great_britain_is_gb_and_never_uk(fake: FakeAhrefs) -> None:
    def status(country: str) -> int:
        path = "serp-overview/serp-overview"
        return ahrefs(fake, path, keyword="x", country=country, select="url").status

    assert [status(country) for country in ("gb", "uk", "GB")] == [200, 400, 400]


def test_an_unknown_keyword_is_a_row_of_nulls_or_no_row(fake: FakeAhrefs) -> None:
    ask = {"keywords": "unheard,desk lamp 0", "country": "us", "select": "keyword,difficulty"}
    unheard, known = ahrefs(fake, "keywords-explorer/overview", **ask).json["keywords"]
    assert unheard == {"keyword": "unheard", "difficulty": None}
    assert isinstance(known["difficulty"], int)
    with FakeAhrefs(unknown_keywords=False) as other:
        rows = ahrefs(other, "keywords-explorer/overview", **ask).json["keywords"]
    assert rows == [known]


def test_a_batch_counts_up_to_a_hundred_pages_in_order(fake: FakeAhrefs) -> None:
    urls = [row.url for row in fake.world.serp("desk lamp 0") if row.organic][:10]
    targets = [{"url": url, "mode": "exact", "protocol": "both"} for url in urls]
    select = ["index", "url", "refdomains", "refdomains_dofollow"]
    path = "batch-analysis/batch-analysis"
    said = ahrefs(fake, path, body={"select": select, "targets": targets})
    rows = said.json["targets"]
    assert [row["index"] for row in rows] == list(range(10))
    assert rows[3] == {"index": 3, "url": urls[3], "refdomains": 0, "refdomains_dofollow": 0}
    assert rows[1]["refdomains"] > rows[1]["refdomains_dofollow"] > 0
    assert said.headers["x-api-units-cost-total"] == "120"
    for body in (
        {"targets": targets},
        {"select": select, "targets": []},
        {"select": select, "targets": targets * 11},
        {"select": select, "targets": [{"url": TARGET}]},
        {"select": ["live"], "targets": targets},
    ):
        assert ahrefs(fake, path, body=body).status == 400


def test_rows_of_domains_name_hosts_and_what_they_lost(fake: FakeAhrefs) -> None:
    select = "domain,is_root_domain,links_to_target,dofollow_links,last_seen"
    everything = ahrefs(fake, "site-explorer/refdomains", **PAGE, select=select)
    rows = everything.json["refdomains"]
    assert {row["is_root_domain"] for row in rows} == {True, False}
    assert all((row["links_to_target"] == 0) == (row["last_seen"] is not None) for row in rows)
    live = ahrefs(fake, "site-explorer/refdomains", **PAGE, select=select, history="live")
    assert len(live.json["refdomains"]) < len(rows)


def test_the_same_seed_gives_the_same_answers() -> None:
    def rows() -> object:
        with FakeAhrefs(World(seed=3)) as fake:
            return ahrefs(fake, LINKS, **PAGE, select="url_from,anchor,first_seen_link").json

    assert rows() == rows()
