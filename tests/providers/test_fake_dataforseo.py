"""The fake DataForSEO answers as DataForSEO does: HTTP 200, with the error inside."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import pytest

from calling import Said, call, dataforseo
from fake_providers import TARGET, FakeDataForSEO, Window, World

LINKS = "backlinks/backlinks/live"
SERP = "serp/google/organic/live/advanced"
BULK = "backlinks/bulk_referring_domains/live"
DIFFICULTY = "dataforseo_labs/google/bulk_keyword_difficulty/live"
US = {"location_code": 2840, "language_code": "en"}


@pytest.fixture
def fake() -> Iterator[FakeDataForSEO]:
    with FakeDataForSEO() as provider:
        yield provider


def result(said: Said) -> Any:  # noqa: ANN401  (whatever JSON holds)
    (task,) = said.json["tasks"]
    assert (said.status, said.json["status_code"], task["status_code"]) == (200, 20000, 20000)
    return task["result"][0]


def test_a_wrong_login_is_the_one_thing_that_http_says(fake: FakeDataForSEO) -> None:
    for headers in ({}, {"Authorization": "Basic d3Jvbmc6d3Jvbmc="}):
        said = call(fake, "/v3/appendix/user_data", headers=headers)
        assert (said.status, said.json["status_code"], said.json["tasks"]) == (401, 40100, [])


def test_the_second_of_two_tasks_fails(fake: FakeDataForSEO) -> None:
    said = dataforseo(fake, LINKS, {"target": TARGET}, {"target": TARGET})
    assert (said.status, said.json["status_code"]) == (200, 20000)
    assert (said.json["tasks_count"], said.json["tasks_error"]) == (2, 1)
    first, second = said.json["tasks"]
    assert first["status_code"] == 20000
    assert (second["status_code"], second["status_message"], second["result"]) == (
        40000,
        "You can set only one task at a time.",
        None,
    )


@pytest.mark.parametrize(
    ("path", "task", "field"),
    [
        (LINKS, {}, "target"),
        (LINKS, {"target": TARGET, "limit": 1001}, "limit"),
        (LINKS, {"target": TARGET, "offset": 20_001}, "offset"),
        (LINKS, {"target": TARGET, "search_after_token": "5.0"}, "search_after_token"),
        (LINKS, {"target": TARGET, "mode": "all"}, "mode"),
        (SERP, {"keyword": "x", "language_code": "en", "location_code": 0}, "location_code"),
        (SERP, {"keyword": "x", "location_code": 2840}, "language_code"),
        (SERP, {"keyword": "x", **US, "depth": 201}, "depth"),
        (BULK, {"targets": []}, "targets"),
        (DIFFICULTY, US, "keywords"),
    ],
)
def test_a_wrong_field_is_an_error_within_a_200_and_costs_nothing(
    fake: FakeDataForSEO, path: str, task: Mapping[str, object], field: str
) -> None:
    said = dataforseo(fake, path, task)
    (told,) = said.json["tasks"]
    assert (said.status, said.json["status_code"], told["status_code"]) == (200, 20000, 40501)
    assert told["status_message"] == f"Invalid Field: '{field}'."
    assert (told["result"], told["result_count"]) == (None, 0)
    assert fake.books.cost == 0


def test_no_data_is_a_result_of_null_that_is_billed(fake: FakeDataForSEO) -> None:
    said = dataforseo(fake, LINKS, {"target": "https://nobody.example/"})
    (task,) = said.json["tasks"]
    assert (task["status_code"], task["result_count"], task["result"]) == (20000, 0, None)
    assert said.json["cost"] == task["cost"] == 0.02003


def test_a_list_is_paged_by_offset_and_each_row_is_billed(fake: FakeDataForSEO) -> None:
    ask = {"target": TARGET, "backlinks_status_type": "all"}
    first = dataforseo(fake, LINKS, {**ask, "limit": 20})
    second = dataforseo(fake, LINKS, {**ask, "limit": 20, "offset": 20})
    assert (first.json["cost"], second.json["cost"]) == (0.0206, 0.02018)
    pages = [result(first), result(second)]
    assert [page["items_count"] for page in pages] == [20, 6]
    assert {page["total_count"] for page in pages} == {26}
    assert [item["url_from"] for page in pages for item in page["items"]] == [
        link.source_url for link in fake.world.links(TARGET)
    ]


@pytest.mark.slow
def test_beyond_twenty_thousand_rows_only_the_token_leads_on() -> None:
    world = World(keywords=1, crowd=24_300)
    crowded = world.serp("desk lamp 0")[3].url
    ask = {"target": crowded, "limit": 1000, "mode": "as_is"}
    with FakeDataForSEO(world) as fake:
        page = result(dataforseo(fake, LINKS, {**ask, "offset": 20_000}))
        assert page["search_after_token"]
        other = {**ask, "limit": 999, "search_after_token": page["search_after_token"]}
        assert dataforseo(fake, LINKS, other).json["tasks"][0]["status_code"] == 40501
        seen = 21_000
        while token := page["search_after_token"]:
            page = result(dataforseo(fake, LINKS, {**ask, "search_after_token": token}))
            seen += page["items_count"]
    assert 21_000 < seen == page["total_count"] < 24_300


def test_live_links_are_the_default_and_lost_ones_can_be_asked_for(fake: FakeDataForSEO) -> None:
    def lost(**more: str) -> set[bool]:
        page = result(dataforseo(fake, LINKS, {"target": TARGET, **more}))
        return {item["is_lost"] for item in page["items"]}

    assert lost() == {False}
    assert lost(backlinks_status_type="all") == {True, False}
    assert lost(backlinks_status_type="lost") == {True}


def test_items_say_rel_as_words_and_times_in_their_own_way(fake: FakeDataForSEO) -> None:
    items = result(dataforseo(fake, LINKS, {"target": TARGET}))["items"]
    assert all(item["dofollow"] == (item["attributes"] is None) for item in items)
    assert {True, False} == {item["dofollow"] for item in items}
    assert all(item["first_seen"].endswith(" +00:00") for item in items)
    assert {item["item_type"] for item in items} <= {"anchor", "image", "redirect", "canonical"}
    assert None in {item["prev_seen"] for item in items}


def test_a_target_that_is_no_url_is_a_whole_site(fake: FakeDataForSEO) -> None:
    page = result(dataforseo(fake, LINKS, {"target": TARGET}))
    site = result(dataforseo(fake, LINKS, {"target": TARGET.removeprefix("https://")}))
    assert site["total_count"] > page["total_count"]


def test_a_serp_lists_features_beside_the_pages(fake: FakeDataForSEO) -> None:
    found = result(dataforseo(fake, SERP, {"keyword": "desk lamp 0", **US, "depth": 10}))
    kinds = [item["type"] for item in found["items"]]
    assert kinds.count("organic") == 10
    assert {"ai_overview", "people_also_ask", "video"} <= set(kinds)
    organic = [item for item in found["items"] if item["type"] == "organic"]
    assert [item["rank_group"] for item in organic] == list(range(1, 11))
    assert organic[-1]["rank_absolute"] == len(found["items"])
    assert organic[7]["url"] == TARGET
    assert "url" not in found["items"][0]
    assert (found["pages_count"], fake.books.cost) == (2, Decimal("0.0035")), "nine on each page"
    more = result(dataforseo(fake, SERP, {"keyword": "desk lamp 0", **US, "depth": 11}))
    assert more["items_count"] > found["items_count"]
    assert fake.books.cost == Decimal("0.007")
    (first,) = dataforseo(fake, SERP, {"keyword": "desk lamp 0", **US, "max_crawl_pages": 1}).json[
        "tasks"
    ]
    assert first["cost"] == 0.002


def test_keywords_are_decoded_and_operators_cost_fivefold(fake: FakeDataForSEO) -> None:
    found = result(dataforseo(fake, SERP, {"keyword": "desk+lamp%200", **US}))
    assert found["keyword"] == "desk lamp 0"
    dataforseo(fake, SERP, {"keyword": "site:a.example", **US})
    assert fake.books.entries[-1].cost == Decimal("0.010")


def test_a_search_without_results_has_a_code_of_its_own(fake: FakeDataForSEO) -> None:
    (task,) = dataforseo(fake, SERP, {"keyword": "unheard", **US}).json["tasks"]
    assert (task["status_code"], task["status_message"]) == (40102, "No Search Results.")


def test_bulk_counts_tell_hosts_from_main_domains(fake: FakeDataForSEO) -> None:
    crowded = fake.world.serp("desk lamp 0")[3].url
    empty = fake.world.serp("desk lamp 0")[5].url
    said = dataforseo(fake, BULK, {"targets": [crowded, empty]})
    crowd, none = result(said)["items"]
    totals = fake.world.totals(crowded or "")
    assert crowd["referring_main_domains"] == totals.domains < crowd["referring_domains"]
    assert (none["target"], none["referring_main_domains"]) == (empty, 0)
    assert said.json["cost"] == 0.02006


def test_referring_domains_count_main_domains_and_can_be_followed_ones(
    fake: FakeDataForSEO,
) -> None:
    path, ask = "backlinks/referring_domains/live", {"target": TARGET, "limit": 1000}
    everything = result(dataforseo(fake, path, ask))
    totals = fake.world.totals(TARGET)
    assert everything["total_count"] == len(everything["items"]) == totals.domains
    followed = result(dataforseo(fake, path, {**ask, "backlinks_filters": ["dofollow", "=", True]}))
    assert followed["total_count"] == totals.followed_domains < totals.domains


def test_difficulty_is_null_for_an_unknown_keyword_and_keywords_are_lowered(
    fake: FakeDataForSEO,
) -> None:
    said = dataforseo(fake, DIFFICULTY, {"keywords": ["Desk Lamp 0", "unheard"], **US})
    known, unheard = result(said)["items"]
    assert known["keyword"] == "desk lamp 0"
    assert isinstance(known["keyword_difficulty"], int)
    assert unheard["keyword_difficulty"] is None
    assert said.json["cost"] == 0.0102


def test_too_little_money_is_an_error_within_a_200() -> None:
    with FakeDataForSEO(money=Decimal("0.03")) as fake:
        assert result(dataforseo(fake, BULK, {"targets": [TARGET]}))
        (task,) = dataforseo(fake, BULK, {"targets": [TARGET]}).json["tasks"]
        assert (task["status_code"], task["status_message"]) == (40210, "Insufficient Funds.")
        left = result(dataforseo(fake, "appendix/user_data"))["money"]["balance"]
    assert left == pytest.approx(0.03 - 0.02003)


def test_the_pace_limit_is_an_error_within_a_200_and_shown_in_headers() -> None:
    with FakeDataForSEO(limits=(Window(3, 60.0),)) as fake:
        answers = [dataforseo(fake, "appendix/user_data") for _ in range(4)]
    assert {said.headers["x-ratelimit-limit"] for said in answers} == {"3"}
    assert [said.headers["x-ratelimit-remaining"] for said in answers] == ["2", "1", "0", "0"]
    assert [said.json["tasks"][0]["status_code"] for said in answers] == [20000] * 3 + [40202]
