"""The fakes fail as configured, and record what was billed but never arrived."""

import http.client
import json
import threading
import time
from collections.abc import Callable
from contextlib import suppress

import pytest

from calling import Said, ahrefs, dataforseo, semrush, semrush_v4
from fake_providers import (
    EVERYWHERE,
    REFUSED,
    TARGET,
    Chaos,
    FakeAhrefs,
    FakeDataForSEO,
    FakeSemrush,
    Fault,
    Window,
    World,
)

OFTEN = (Window(10_000, 60.0),)


def always(fault: Fault) -> Chaos:
    return Chaos(share=1.0, faults=(fault,), retry_after="7")


def list_links(fake: FakeAhrefs) -> Said:
    ask = {"target": TARGET, "mode": "exact", "select": "url_from"}
    return ahrefs(fake, "site-explorer/all-backlinks", **ask)


@pytest.mark.parametrize("fault", [fault for fault in REFUSED if "reset" not in fault])
def test_a_refused_request_is_not_billed(fault: Fault) -> None:
    with FakeAhrefs(chaos=always(fault)) as fake:
        said = list_links(fake)
    assert said.status == int(fault[:3])
    assert said.headers.get("retry-after") == ("7" if "Retry" in fault else None)
    if "HTML" in fault:
        assert said.headers["content-type"] == "text/html"
        assert said.text.startswith("<html>")
    else:
        assert list(said.json) == ["error"]
    assert fake.books.cost == fake.books.lost_cost == 0


@pytest.mark.parametrize(
    ("fault", "billed"),
    [
        ("reset before the request is worked on", False),
        ("reset before the body", True),
        ("reset within the body", True),
    ],
)
def test_a_reset_connection_may_have_been_billed(fault: Fault, *, billed: bool) -> None:
    with FakeAhrefs(chaos=always(fault)) as fake:
        with pytest.raises((ConnectionError, http.client.HTTPException)):
            list_links(fake)
        assert fake.books.cost == fake.books.lost_cost == 50 * billed
        assert fake.books.lost_rows == 26 * billed


def test_a_body_shorter_than_announced_is_billed_and_lost() -> None:
    with FakeAhrefs(chaos=always("shorter than its Content-Length")) as fake:
        with pytest.raises(http.client.IncompleteRead):
            list_links(fake)
        assert fake.books.lost_cost == 50


def test_a_cut_body_can_be_announced_rightly_and_is_no_json() -> None:
    with FakeAhrefs(chaos=always("cut, with a fitting Content-Length")) as fake:
        said = list_links(fake)
        assert (said.status, len(said.body)) == (200, int(said.headers["content-length"]))
        with pytest.raises(json.JSONDecodeError):
            json.loads(said.body)
        assert fake.books.lost_cost == 50


def test_a_cut_table_ends_within_a_line() -> None:
    with FakeSemrush(chaos=always("cut, with a fitting Content-Length")) as fake:
        ask = {"target": TARGET, "target_type": "url", "export_columns": "source_url,lostlink"}
        said = semrush(fake, "/analytics/v1/", type="backlinks", **ask)
    assert not said.text.endswith("\n")
    assert ";" not in said.lines[-1]


def test_a_slow_body_arrives_whole() -> None:
    with FakeAhrefs(chaos=Chaos(1.0, faults=("slow body",), drip=0.08)) as fake:
        start = time.monotonic()
        assert len(list_links(fake).json["backlinks"]) == 26
        assert time.monotonic() - start >= 0.07
        assert fake.books.lost_cost == 0


@pytest.mark.parametrize("code", [50000, 50401, 40202, 40209])
def test_dataforseo_fails_within_a_200_at_no_cost(code: int) -> None:
    faults: tuple[Fault, ...] = ("inner 50000", "inner 50401", "inner 40202", "inner 40209")
    fault = faults[(50000, 50401, 40202, 40209).index(code)]
    with FakeDataForSEO(chaos=always(fault)) as fake:
        said = dataforseo(fake, "backlinks/backlinks/live", {"target": TARGET})
    (task,) = said.json["tasks"]
    assert (said.status, task["status_code"], task["result"]) == (200, code, None)
    assert fake.books.cost == 0


def test_semrush_fails_in_a_line_at_200_and_v4_in_its_envelope() -> None:
    with FakeSemrush(chaos=always("ERROR line")) as fake:
        ask = {"type": "backlinks", "target": TARGET, "target_type": "url"}
        said = semrush(fake, "/analytics/v1/", **ask)
        v4 = semrush_v4(fake, "backlinks/v1/overview", url=TARGET, scope="PAGE")
    assert (said.status, said.text) == (200, "ERROR 500 :: INTERNAL SERVER ERROR\n")
    assert (v4.status, v4.json["error"]["retryable"]) == (500, True)


def test_an_error_page_can_quote_the_key() -> None:
    with FakeAhrefs(chaos=always("403 that quotes the request")) as fake:
        said = list_links(fake)
    assert said.status == 403
    assert f"Bearer {fake.key}" in said.text


def test_the_share_of_faulty_answers_is_as_set_and_follows_the_seed() -> None:
    def faults(seed: int) -> list[Fault | None]:
        chaos = Chaos(share=0.3, seed=seed)
        return [chaos.fault(f"request {number}") for number in range(2000)]

    assert faults(1) == faults(1) != faults(2)
    hit = [fault for fault in faults(1) if fault]
    assert 0.27 < len(hit) / 2000 < 0.33
    assert set(hit) == set(EVERYWHERE)


def test_faults_do_not_depend_on_the_order_of_requests() -> None:
    names = [f"request {number}" for number in range(50)]
    one, other = Chaos(share=0.5, seed=1), Chaos(share=0.5, seed=1)
    forth = {name: one.fault(name) for name in names}
    assert forth == {name: other.fault(name) for name in reversed(names)}


def test_mercy_ends_a_row_of_faults() -> None:
    chaos = Chaos(share=1.0, at_most=2)
    assert [chaos.fault("a") is None for _ in range(6)] == [False, False, True] * 2


def test_requests_at_the_same_time_are_counted_and_limited() -> None:
    with FakeDataForSEO(at_once=3, delay=0.2) as fake:
        said: list[int] = []

        def ask() -> None:
            answer = dataforseo(fake, "appendix/user_data")
            said.append(answer.json["tasks"][0]["status_code"])

        threads = [threading.Thread(target=ask) for _ in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert fake.books.most_at_once == 5
    assert sorted(said) == [20000] * 3 + [40209] * 2


def test_the_books_hold_every_request_with_key_rows_and_cost() -> None:
    with FakeAhrefs(limits=OFTEN) as fake:
        list_links(fake)
        with suppress(OSError):
            ahrefs(fake, "no/such/thing")
        first, second = fake.books.entries
    assert first.path == "/v3/site-explorer/all-backlinks"
    assert first.parameters["mode"] == "exact"
    assert (first.key, first.status, first.rows) == (fake.key, 200, 26)
    assert second.status == 404
    assert [first.cost, second.cost] == [50, 0]
    assert fake.books.rows == 26
    assert fake.books.paid == [first]


@pytest.mark.parametrize(
    "check",
    [
        lambda world: any(not world.links(url) for url in world.pages),
        lambda world: any(len(world.links(url)) > 1000 for url in world.pages),
        lambda world: all(sum(row.organic for row in world.serp(p)) >= 10 for p in world.phrases),
        lambda world: World(seed=8).links(TARGET) != world.links(TARGET),
        lambda world: {link.domain for link in world.links(TARGET) if link.nofollow} != set(),
        lambda world: (
            World(shared=2).serp("desk lamp 2")[1] == world.serp("desk lamp 0")[1]
            or World(shared=2).serp("desk lamp 2")[1].url == world.serp("desk lamp 0")[1].url
        ),
    ],
    ids=["empty", "crowded", "long serps", "seeded", "nofollow", "shared"],
)
def test_the_world_has_what_is_hard(check: Callable[[World], bool]) -> None:
    assert check(World())
