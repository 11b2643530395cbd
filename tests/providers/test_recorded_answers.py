"""Answers in recorded or documented shapes are read correctly."""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from gapcalc.errors import UsageError
from gapcalc.providers.base import (
    Answer,
    Count,
    Fault,
    Part,
    Provider,
    Ranked,
    Request,
    Terms,
    UnreadableError,
    declare,
    market,
)
from gapcalc.urls import without_tracking
from gapcalc.words import ProviderName
from running import FIXTURES

API = FIXTURES / "api"
V4 = frozenset({"SEMRUSH_V4_KEY"})


def provider(
    name: ProviderName, *, top: int = 10, keys: frozenset[str] = frozenset(), one: bool = False
) -> Provider:
    reads = frozenset({"authority", "anchor", "links"})
    return declare(name, Terms(market("us"), top, reads, one_per_domain=one, keys=keys))


def answer(name: str, *, status: int = 200) -> Answer:
    return Answer(status, {}, (API / name).read_bytes())


def said(data: object, *asked: str, status: int = 200) -> Answer:
    return Answer(status, {}, json.dumps(data).encode(), asked)


def task(result: object, **more: object) -> dict[str, object]:
    inner = {"status_code": 20000, "result": [result], **more}
    return {"status_code": 20000, "cost": more.get("cost", 0.002), "tasks": [inner]}


def lists(name: ProviderName, came: Answer, **terms: Any) -> Sequence[Mapping[str, str]]:  # noqa: ANN401
    return provider(name, **terms).links.read(came).rows


# --- Semrush v3 ----------------------------------------------------------------------------------

PAGES = [
    (1, "https://www.lamphouse.example/desk-lamps/"),
    (2, "https://brightdesk.example/lamps;jsessionid=9?a=1"),
    (3, "https://glow.example/guide"),
]


@pytest.mark.parametrize("shape", ["rows-quoted", "mixed"])
def test_cells_follow_the_rules_of_csv_whatever_the_header_looks_like(shape: str) -> None:
    found = provider("semrush").serp.read(answer(f"semrush-v3-serp.{shape}.csv"))
    assert [(ranked.position, ranked.url) for ranked in found] == PAGES


def test_an_answer_without_quotes_is_read_too() -> None:
    found = provider("semrush").serp.read(answer("semrush-v3-serp.plain.csv"))
    assert [ranked.position for ranked in found] == [1, 2, 3]
    assert found[0].url == PAGES[0][1]


def test_rows_without_a_usable_position_are_no_empty_serp() -> None:
    with pytest.raises(UnreadableError) as raised:
        provider("semrush").serp.read(answer("semrush-v3-serp.no-position.csv"))
    assert "2 rows came, and none has a position and a URL" in str(raised.value)
    assert "Rank: first, Domain: www.lamphouse.example" in str(raised.value)


def test_quotes_semicolons_and_line_breaks_stay_in_their_cell() -> None:
    first, second = lists("semrush", answer("semrush-v3-links.rows-quoted.csv"))
    assert first["anchor"] == 'a "bright" lamp; tested'
    assert (second["anchor"], second["source_url"]) == ("two\nlines", "https://ref2.example/2")
    assert (first["last_seen"], second["last_seen"]) == ("2025-10-09", ""), (
        "milliseconds are no date"
    )


def test_plain_rows_keep_what_looks_like_quotes() -> None:
    first, second = lists("semrush", answer("semrush-v3-links.plain.csv"))
    assert (first["source_url"], first["anchor"]) == ("https://video.example/watch", "")
    assert second["anchor"] == '"lamp" review; new'


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<html></html>",
        "Position;Url\n1;https://a.example/\n2",
        '"Position";"Url"\n"1";"https://a.ex',
    ],
)
def test_half_a_report_is_not_taken_for_a_whole_one(body: str) -> None:
    with pytest.raises(UnreadableError):
        provider("semrush").serp.read(Answer(200, {}, body.encode()))


def test_the_score_of_a_domain_comes_with_the_links_of_v4() -> None:
    row = {
        "source_url": "https://a.example/",
        "target_url": "https://b.example/",
        "domain_score": 63,
    }
    (link,) = lists("semrush", said({"meta": {}, "data": [row]}), keys=V4)
    assert link["authority"] == "63"
    asked = provider("semrush", keys=V4).links.ask(Part("https://b.example/", 10))
    assert "domain_score" in str(asked.params["fields"])
    assert asked.bound == 450, "it costs nothing"


# --- DataForSEO ----------------------------------------------------------------------------------


def serp_request(phrase: str = "desk lamp", top: int = 10) -> tuple[Request, Mapping[str, Any]]:
    request = provider("dataforseo", top=top).serp.ask(phrase)
    return request, request.body[0]


def test_the_bound_of_a_serp_holds_when_a_second_page_is_billed() -> None:
    came = answer("dataforseo-serp.two-pages-billed.json")
    request, asked = serp_request()
    billed = provider("dataforseo").bill(request, came)
    assert billed == 3_500
    assert billed <= request.bound
    assert asked["max_crawl_pages"] == 2
    assert [ranked.position for ranked in provider("dataforseo").serp.read(came)] == [1, 2]


@pytest.mark.parametrize(("top", "dollars"), [(10, "0.0035"), (11, "0.005"), (200, "0.032")])
def test_further_pages_cost_three_quarters_of_the_first(top: int, dollars: str) -> None:
    request, asked = serp_request(top=top)
    assert request.bound == Decimal(dollars) * 10**6
    assert asked["max_crawl_pages"] == asked["depth"] / 10 + 1


def test_a_serp_is_asked_for_without_the_parameters_of_shops() -> None:
    assert "srsltid" in serp_request()[1]["remove_from_url"]
    assert len(serp_request()[1]["remove_from_url"]) <= 10


def test_a_page_is_asked_for_without_the_parameters_of_shops() -> None:
    (found,) = provider("dataforseo").serp.read(answer("dataforseo-serp.shop-parameters.json"))
    assert without_tracking(found.url) == "https://www.lamphouse.example/desk-lamps"


@pytest.mark.parametrize(
    ("phrase", "sent"),
    [("c++ course", "c%2B%2B course"), ("50% off", "50%25 off"), ("100%25", "100%2525")],
)
def test_a_keyword_is_written_so_that_decoding_gives_it_back(phrase: str, sent: str) -> None:
    assert serp_request(phrase)[1]["keyword"] == sent


@pytest.mark.parametrize(
    "phrase", ["site:a.example lamp", "lamp -site:a.example", "InTitle:lamp", "cache:a.example"]
)
def test_search_operators_which_cost_fivefold_are_refused(phrase: str) -> None:
    with pytest.raises(UsageError, match="search operator"):
        serp_request(phrase)


def test_more_results_than_there_can_be_are_refused() -> None:
    with pytest.raises(UsageError, match="--top 201: DataForSEO gives 200 results at most"):
        provider("dataforseo", top=201)


def test_a_row_stands_for_the_links_that_its_mode_counts() -> None:
    as_is = lists("dataforseo", answer("dataforseo-links.as-is.json"))
    assert [row["links"] for row in as_is] == ["3", "1"], "0 is read as 1"
    item = {
        "url_from": "https://a.example/",
        "url_to": "https://b.example/",
        "links_count": 1,
        "group_count": 7,
    }
    (row,) = lists("dataforseo", said(task({"items": [item]})), one=True)
    assert row["links"] == "7"


def test_what_an_error_costs_is_booked() -> None:
    came = said(task(None, status_code=50000, status_message="Internal Error.", cost=0.02))
    assert provider("dataforseo").judge(came) == Fault(
        "again", "50000 Internal Error.", cost=20_000
    )


# --- Ahrefs --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "status", "kind", "words"),
    [
        ("ahrefs-error-401.json", 401, "key", "Unauthorized"),
        ("ahrefs-error-403.json", 403, "plan", "Forbidden"),
        ("ahrefs-error-403-plan.json", 403, "plan", "Insufficient plan"),
    ],
)
def test_errors_are_told_apart_in_either_form(
    name: str, status: int, kind: str, words: str
) -> None:
    fault = provider("ahrefs").judge(answer(name, status=status))
    assert (fault.kind, fault.said) == (kind, words) if fault else fault


@pytest.mark.parametrize(
    ("plan", "rows"),
    [("Lite", 100), ("standard", 250), ("Advanced", 500), ("Enterprise", None), (None, None)],
)
def test_the_plan_says_how_long_a_list_can_be(plan: str | None, rows: int | None) -> None:
    usage = {
        "subscription": plan,
        "units_limit_workspace": 1000,
        "units_usage_workspace": 250,
        "units_limit_api_key": 500,
        "units_usage_api_key": 100,
    }
    left = provider("ahrefs").balance.read(said({"limits_and_usage": usage}))
    assert (left.rows, left.units) == (rows, 400)


# --- targets, and odd values ---------------------------------------------------------------------

ASKED = ("https://a.example/x/", "https://b.example/y", "https://c.example/z")


def test_targets_are_matched_by_page_and_a_missing_one_stays_out() -> None:
    items = [
        {"target": "http://b.example/y/", "referring_main_domains": 2, "referring_domains": 2},
        {"target": "https://www.a.example/x", "referring_main_domains": 1, "referring_domains": 1},
    ]
    found = provider("dataforseo").counts.read(said(task({"items": items}), *ASKED))
    assert found == {ASKED[0]: Count(1, None), ASKED[1]: Count(2, None)}


def test_ahrefs_rows_without_places_are_taken_in_order_when_none_is_missing() -> None:
    rows = [{"refdomains": n, "backlinks": 9} for n in (1, 2, 3)]
    read = provider("ahrefs").counts.read
    assert [c.domains for c in read(said({"targets": rows}, *ASKED)).values()] == [1, 2, 3]
    assert read(said({"targets": rows[:2]}, *ASKED)) == {}


def ahrefs_serp(**more: object) -> Answer:
    row = {
        "position": 1,
        "url": "https://a.example/",
        "type": ["organic"],
        "title": "t",
        "domain_rating": 1.5,
    }
    good = {**row, "position": 2, "url": "https://b.example/"}
    return said({"positions": [{**row, **more}, good]})


ODD: list[Mapping[str, object]] = [
    {"position": float("inf")},
    {"position": "9" * 5000},
    {"position": [1]},
    {"position": None},
    {"domain_rating": float("inf")},
    {"domain_rating": "high"},
    {"title": "nul\0 and \ud800"},
    {"title": {"a": 1}},
    {"type": None},
    {"type": [["organic"]]},
]


@pytest.mark.parametrize("odd", ODD, ids=str)
def test_an_odd_value_is_unknown_and_the_rest_is_read(odd: Mapping[str, object]) -> None:
    found = provider("ahrefs").serp.read(ahrefs_serp(**odd))
    assert found[-1] == Ranked(2, "https://b.example/", "organic", "t", 1.5)
    for ranked in found:
        assert ranked.position in (1, 2, None)
        assert ranked.authority in (1.5, None)
        assert (ranked.title or "").encode().count(b"\0") == 0


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("ahrefs", b'{"positions": 5}'),
        ("ahrefs", b'{"positions": 5, "keywords": {}}'),
        ("ahrefs", b'{"positions": ["x"]}'),
        ("ahrefs", b'{"positions": [{"url": "https://a.example/", "position": 1e999, "type": "organic"}]}'),
        ("ahrefs", b"[" * 200_000),
        ("ahrefs", b'{"positions": [{"position": ' + b"9" * 5000 + b"}]}"),
        ("ahrefs", b"\xff\xfe\0"),
        ("semrush", b'{"unheard": 1}'),
        ("semrush", b"Position;Domain;Url\n" + b"9" * 5000 + b";a.example;https://a.example/\n"),
        ("dataforseo", b'{"tasks": 5}'),
        ("dataforseo", b'{"tasks": [{"status_code": 20000, "result": [{"items": 7}]}]}'),
        ("dataforseo", b"null"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_unreadable_and_no_error_of_the_program(
    name: ProviderName, body: bytes
) -> None:
    came = Answer(200, {}, body)
    declared = provider(name)
    assert declared.judge(came) is None
    declared.bill(declared.serp.ask("x"), came)
    with pytest.raises(UnreadableError):
        declared.serp.read(came)


def test_units_that_nobody_can_have_spent_are_unknown() -> None:
    request = provider("ahrefs").serp.ask("x")
    odd = Answer(200, {"x-api-units-cost-total-actual": "9" * 5000, "x-api-rows": "2"}, b"{}")
    assert provider("ahrefs").bill(request, odd) == 50


def test_every_recorded_answer_is_read_by_a_test() -> None:
    text = Path(__file__).read_text(encoding="utf-8")
    names = {path.name for path in API.iterdir()} - {"README.md"}
    shapes = {
        name: name.replace("rows-quoted", "{shape}").replace("mixed", "{shape}") for name in names
    }
    assert [name for name, shape in shapes.items() if name not in text and shape not in text] == []
