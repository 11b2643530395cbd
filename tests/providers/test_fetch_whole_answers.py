"""An answer that arrived whole is paid once: it is kept before it is read."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from fake_providers import Chaos, World
from fake_providers.server import Answer as Said
from fetching import (
    AHREFS,
    DATAFORSEO,
    DONE,
    FAILED,
    SEMRUSH,
    SEMRUSH_V4,
    SERVICES,
    Service,
    at_desk,
    fast_time,
)
from running import result, run

pytestmark = pytest.mark.slow

WORLD = World(keywords=1, rankings=4, crowd=10)
services = pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)


@pytest.fixture(autouse=True)
def fast() -> Iterator[None]:
    with fast_time():
        yield


@services
def test_a_balance_that_makes_no_sense_does_not_end_a_fetch(
    service: Service, tmp_path: Path
) -> None:
    with at_desk(service, tmp_path, WORLD) as desk:
        good = desk.fake.answer
        free = ("limits-and-usage", "countapiunits", "user_data")
        odd = Said(200, b'{"unheard": 2026}')
        desk.fake.answer = lambda request: (  # type: ignore[method-assign]
            odd if any(name in request.path for name in free) else good(request)
        )
        done = desk.fetch("--depth", "counts")
        assert done.code == DONE, done.err
        assert "does not say what is left" in done.err
        balance = desk.run("fetch", "--balance")
    assert balance.code == FAILED
    assert "the answer came whole and cannot be understood" in balance.err


@services
def test_a_paid_answer_is_asked_twice_at_most_and_once_by_every_later_run(
    service: Service, tmp_path: Path
) -> None:
    with at_desk(service, tmp_path, WORLD) as desk:
        good = desk.fake.answer

        def answer(request: object) -> Said:
            said = good(request)  # type: ignore[arg-type]
            return (
                Said(200, b"<html>pay</html>", cost=said.cost, rows=said.rows)
                if said.cost
                else said
            )

        desk.fake.answer = answer  # type: ignore[method-assign]
        for asked in (2, 3, 4):
            done = desk.fetch("--depth", "counts")
            assert done.code == FAILED
            questions = [entry.path for entry in desk.fake.books.paid]
            most = max(questions.count(path) for path in questions)
            assert 2 <= most <= asked, "twice in the first run, once in every later one"
        kept = re.search(r"is kept in (\S+unread-\S+\.txt)", done.err)
        assert kept, done.err
        assert Path(kept[1]).read_bytes() == b"<html>pay</html>"
        assert "it is a web page" in done.err
        desk.fake.answer = good  # type: ignore[method-assign]
        assert desk.fetch("--depth", "counts").code == DONE


def test_a_version_that_understands_a_kept_answer_pays_nothing(tmp_path: Path) -> None:
    with at_desk(AHREFS, tmp_path, WORLD) as desk:
        assert desk.fetch().code == DONE
        cost, files = desk.fake.books.cost, desk.files
        database = tmp_path / "cache" / "answers.sqlite"
        with closing(sqlite3.connect(database)) as connection, connection:
            # The database of an earlier version, which had no digests.
            connection.execute("update answer set digest = ''")
        assert desk.fetch().code == DONE
        assert (desk.fake.books.cost, desk.files) == (cost, files)


def test_a_serp_without_usable_rows_ends_with_what_came(tmp_path: Path) -> None:
    body = b'Rank;Domain;Url\n"first";"a.example";"https://a.example/"\n'
    with at_desk(SEMRUSH, tmp_path, WORLD) as desk:
        good = desk.fake.answer
        desk.fake.answer = lambda request: Said(200, body) if request.path == "/" else good(request)  # type: ignore[method-assign]
        done = desk.fetch()
    assert done.code == FAILED
    assert "Semrush, SERP of 'desk lamp 0'" in done.err
    assert "1 rows came, and none has a position and a URL (the first: Rank: first" in done.err
    assert not (tmp_path / "out").exists()


@services
def test_a_result_without_a_url_is_a_counted_problem(service: Service, tmp_path: Path) -> None:
    url = (WORLD.serp("desk lamp 0")[1].url or "").encode()
    serps: list[Said] = []
    with at_desk(service, tmp_path, WORLD) as desk:
        good = desk.fake.answer

        def answer(request: object) -> Said:
            said = good(request)  # type: ignore[arg-type]
            if serps or url not in said.body:
                return said
            serps.append(said)
            return replace(said, body=said.body.replace(url, b""))

        desk.fake.answer = answer  # type: ignore[method-assign]
        done = desk.fetch("--depth", "counts")
        said = "gives 1 of 4 results for 'desk lamp 0' without a URL or a position"
        assert (done.code, said in done.err) == (DONE, True), done.err
        told = run(tmp_path / "out", "--target", "https://our.example/")
    assert re.search(r"serp-\S+\.csv:\d+: row not read: no URL", told.err)


@pytest.mark.parametrize("quoted", [True, False])
def test_semrush_is_read_with_and_without_a_quoted_header(tmp_path: Path, *, quoted: bool) -> None:
    with at_desk(SEMRUSH, tmp_path, WORLD, habits={"quoted_header": quoted}) as desk:
        assert desk.fetch().code == DONE
        assert sum(name.startswith("links-") for name in desk.files) >= 4


@services
def test_an_empty_serp_is_said_to_come_from_the_cache(service: Service, tmp_path: Path) -> None:
    with at_desk(service, tmp_path, WORLD) as desk:
        order = ("fetch", "zzqx", "-o", tmp_path / "out", "--yes")
        fresh = desk.run(*order)
        assert "it knows no results in US. Check" in fresh.err
        kept = desk.run(*order)
    assert (fresh.code, kept.code) == (FAILED, FAILED)
    assert re.search(
        r"it knows no results in US \(so it said on \d{4}-\d\d-\d\d; --refresh asks again\)",
        kept.err,
    )


TRACKED = World(
    keywords=1, rankings=4, crowd=40, tracked="?srsltid=AfmBOoq01&utm_source=x#:~:text=lamp"
)


@services
def test_pages_are_asked_for_without_tracking_parameters(service: Service, tmp_path: Path) -> None:
    plain = World(keywords=1, rankings=4, crowd=40)
    with at_desk(service, tmp_path / "plain", plain) as desk:
        desk.fetch()
        wanted = result(tmp_path / "plain" / "out", "--target", plain.serp("desk lamp 0")[1].url)
    with at_desk(service, tmp_path / "shop", TRACKED) as desk:
        desk.fetch()
        found = result(tmp_path / "shop" / "out", "--target", plain.serp("desk lamp 0")[1].url)
    pages = [
        [(p["page"], p["raw"], p["kept"]) for p in r["keywords"][0]["pages"]]
        for r in (found, wanted)
    ]
    assert pages[0] == pages[1]
    assert any(raw for _, raw, _ in pages[0])


@pytest.mark.parametrize(
    ("service", "habits"),
    [
        (DATAFORSEO, {"echo": lambda url: url.replace("https://www.", "http://").rstrip("/")}),
        (AHREFS, {"numbered": False}),
    ],
    ids=["dataforseo", "ahrefs"],
)
def test_targets_echoed_in_another_form_keep_their_counts(
    service: Service, habits: dict[str, object], tmp_path: Path
) -> None:
    with at_desk(service, tmp_path / "a", WORLD) as desk:
        desk.fetch("--depth", "counts")
        files = desk.files
    with at_desk(service, tmp_path / "b", WORLD, habits=habits) as desk:
        done = desk.fetch("--depth", "counts")
        assert desk.files == files
    assert "says nothing of" not in done.err


@pytest.mark.parametrize("service", [AHREFS, DATAFORSEO], ids=lambda service: service.name)
def test_a_target_that_is_not_echoed_is_a_counted_problem(service: Service, tmp_path: Path) -> None:
    left_out = WORLD.serp("desk lamp 0")[1].url or ""
    habits = {"echo": lambda url: None if url == left_out else url}
    with at_desk(service, tmp_path, WORLD, habits=habits) as desk:
        for _ in range(2):
            done = desk.fetch("--depth", "counts")
            assert done.code == DONE
            assert (
                f"{desk.service.provider.lower()} says nothing of 1 of 5 pages" in done.err.lower()
            )
            assert left_out in done.err
        assert (
            len(desk.fake.books.of("batch-analysis" if service is AHREFS else "domains/live")) == 1
        )


def test_v4_goes_on_by_the_rows_that_came_until_a_page_is_empty(tmp_path: Path) -> None:
    world = World(keywords=1, rankings=3, crowd=450)
    with at_desk(SEMRUSH_V4, tmp_path / "whole", world) as desk:
        desk.fetch()
        files, cost = desk.files, desk.fake.books.cost
    with at_desk(SEMRUSH_V4, tmp_path / "capped", world, habits={"page_cap": 100}) as desk:
        assert desk.fetch().code == DONE
        assert (desk.files, desk.fake.books.cost) == (files, cost)
        assert len(desk.fake.books.of("v1/links")) > 4


def test_the_plan_s_row_limit_bounds_what_is_asked_for_and_reckoned(tmp_path: Path) -> None:
    world = World(keywords=1, rankings=3, crowd=300)
    with at_desk(AHREFS, tmp_path, world, row_cap=100, habits={"plan": "Lite"}) as desk:
        assert desk.fetch().code == DONE
        limits = [int(str(e.parameters["limit"])) for e in desk.fake.books.of("all-backlinks")]
        assert max(limits) == 100
        again = desk.fetch("--offline")
        assert again.code == DONE, again.err
        assert desk.fetch("--dry-run").out.count("0 units") >= 3
    balance = desk_balance(tmp_path, world)
    assert "rows of one list, by the plan" in balance


def desk_balance(folder: Path, world: World) -> str:
    with at_desk(AHREFS, folder / "b", world, habits={"plan": "Lite"}) as desk:
        return desk.run("fetch", "--balance").out


def test_a_plan_without_the_question_is_no_lack_of_units(tmp_path: Path) -> None:
    with at_desk(AHREFS, tmp_path, WORLD) as desk:
        good = desk.fake.answer
        refused = Said(403, b'["Error","Forbidden"]')
        desk.fake.answer = lambda request: good(request) if "limits" in request.path else refused  # type: ignore[method-assign]
        done = desk.fetch()
        assert done.code == FAILED
        assert "HTTP 403: Forbidden. Your plan may not include this question" in done.err
        desk.fake.answer = good  # type: ignore[method-assign]
    with at_desk(
        AHREFS, tmp_path / "w", WORLD, key="another", habits={"lists_errors": True}
    ) as desk:
        environment = {"AHREFS_API_KEY": "wrong", "GAPCALC_AHREFS_URL": desk.fake.address}
        done = run("fetch", "--provider", "ahrefs", "--balance", environment=environment)
        assert "HTTP 401: Unauthorized. Check AHREFS_API_KEY" in done.err


def test_what_an_error_costs_counts_as_spent(tmp_path: Path) -> None:
    chaos = Chaos(0.5, seed=4, faults=("inner 50000, billed",))
    with at_desk(DATAFORSEO, tmp_path, WORLD, chaos=chaos) as desk:
        done = desk.fetch()
        assert done.code == DONE, done.err
        assert desk.fake.books.faults
        total = f"{desk.fake.books.cost:f}".rstrip("0")
        assert re.search(rf"^all .*US\$ {total}0*$", done.out, re.MULTILINE), done.out


ODD_BODIES = {
    "inf": b'{"positions": [{"position": 1e999, "url": "https://a.example/", "type": ["organic"]}]}',
    "digits": b'{"positions": [{"position": ' + b"9" * 4000 + b', "url": "https://a.example/"}]}',
    "type": b'{"positions": 5, "keywords": {}}',
    "deep": b"[" * 200_000,
    "surrogate": b'{"positions": [{"position": 1, "url": "\\ud800", "type": ["organic"]}]}',
}


@pytest.mark.parametrize("name", ODD_BODIES)
def test_an_odd_answer_ends_with_the_provider_s_name_and_is_not_kept_as_good(
    name: str, tmp_path: Path
) -> None:
    with at_desk(AHREFS, tmp_path, WORLD) as desk:
        good = desk.fake.answer
        odd = Said(200, ODD_BODIES[name], rows=1)
        desk.fake.answer = lambda request: odd if "serp-overview" in request.path else good(request)  # type: ignore[method-assign]
        for asked in (2, 3):
            done = desk.fetch()
            assert done.code == FAILED
            assert "Ahrefs, SERP of 'desk lamp 0'" in done.err
            assert len(desk.fake.books.of("serp-overview")) == asked
        desk.fake.answer = good  # type: ignore[method-assign]
        assert desk.fetch().code == DONE
        assert len(desk.fake.books.of("serp-overview")) == 4


def test_what_is_written_has_no_formula_and_no_nul_and_is_read_again(tmp_path: Path) -> None:
    with at_desk(AHREFS, tmp_path, WORLD) as desk:
        good = desk.fake.answer

        def answer(request: object) -> Said:
            said = good(request)  # type: ignore[arg-type]
            body = said.body.replace(b"Page 1 on desk", b"=1+1 \\u0000 \\ud800 desk")
            return Said(said.status, body, headers=said.headers, rows=said.rows, cost=said.cost)

        desk.fake.answer = answer  # type: ignore[method-assign]
        assert desk.fetch().code == DONE
        for name, data in desk.files.items():
            assert b"\0" not in data, name
            cells = re.split(rb"[,\n]", data)
            assert not [cell for cell in cells if cell.lstrip(b'"')[:1] in b"=+@\t" and cell], name
        assert any(b"'=cmd()" in data for data in desk.files.values())
    assert run(tmp_path / "out", "--json").code == 0
