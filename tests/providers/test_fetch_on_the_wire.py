"""The requests to a provider, and the handling of answers that are short, cut or refused."""

import json
import os
import shutil
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from fake_providers import TARGET, Entry, World
from fetching import (
    AHREFS,
    DATAFORSEO,
    DONE,
    FAILED,
    SEMRUSH,
    SERVICES,
    Desk,
    Service,
    at_desk,
    fast_time,
    keys_for,
)
from running import PATIENCE, cautions, result

pytestmark = pytest.mark.slow

WORLD = World(keywords=1, rankings=6, crowd=90)
services = pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)


@pytest.fixture(autouse=True)
def fast() -> Iterator[None]:
    with fast_time():
        yield


@pytest.fixture(scope="module")
def clean_desk(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Service], Desk]:
    """Give the desk of a service after a whole fetch, which each does once."""

    @cache
    def fetched(service: Service) -> Desk:
        with at_desk(service, tmp_path_factory.mktemp("clean"), WORLD) as desk:
            assert desk.fetch().code == DONE
        return desk

    return fetched


def asked(entry: Entry) -> Mapping[str, Any]:
    """Give the parameters of a request, from URL or body."""
    body: Any = entry.parameters["body"]
    return body[0] if isinstance(body, list) else body or entry.parameters


def manifest(desk: Desk) -> Any:  # noqa: ANN401  (whatever JSON holds)
    return json.loads((desk.folder / "out" / "gapcalc-manifest.json").read_text("utf-8"))


def told_of(desk: Desk, url: str) -> Any:  # noqa: ANN401  (whatever JSON holds)
    (told,) = [file for file in manifest(desk)["files"] if file["page"] == url]
    return told


def crowded(world: World) -> str:
    return str(world.serp("desk lamp 0")[3].url)


EXPLICIT: Mapping[str, tuple[str, Mapping[str, object]]] = {
    "ahrefs": (
        "all-backlinks",
        {"mode": "exact", "protocol": "both", "history": "live", "limit": True},
    ),
    "semrush": ("/analytics/v1/", {"display_limit": True, "target_type": "url"}),
    "semrush-v4": ("v1/links", {"scope": "PAGE", "limit": True}),
    "dataforseo": (
        "backlinks/live",
        {"mode": "as_is", "backlinks_status_type": "live", "limit": True},
    ),
}


@services
def test_every_list_is_asked_for_with_scope_history_and_limit(
    service: Service, clean_desk: Callable[[Service], Desk]
) -> None:
    path, wanted = EXPLICIT[service.name]
    lists = [
        asked(entry)
        for entry in clean_desk(service).fake.books.of(path)
        if entry.parameters.get("type", "backlinks") == "backlinks"
    ]
    assert lists
    for name, value in wanted.items():
        assert all(name in said and value in (True, said[name]) for said in lists)


@pytest.mark.parametrize("code", ["GB", "uk"])
@pytest.mark.parametrize(
    ("service", "name", "value"),
    [
        (AHREFS, "country", "gb"),
        (SEMRUSH, "database", "uk"),
        (DATAFORSEO, "location_code", 2826),
    ],
)
def test_one_code_names_a_country_at_all_providers(
    service: Service, name: str, value: object, code: str, tmp_path: Path
) -> None:
    with at_desk(service, tmp_path, WORLD) as desk:
        assert desk.fetch("--country", code, "--depth", "counts").code == DONE
        assert asked(desk.fake.books.paid[0])[name] == value


@services
def test_an_unknown_keyword_is_named_and_the_others_are_fetched(
    service: Service, tmp_path: Path
) -> None:
    with at_desk(service, tmp_path, WORLD) as desk:
        done = desk.fetch("zzqx unheard")
        assert done.code == DONE, done.err
        assert "zzqx unheard" in done.err
        assert "desk lamp 0" in str(manifest(desk))
        alone = desk.run("fetch", "zzqx unheard", "-o", tmp_path / "none", "--yes")
        assert alone.code == FAILED
        assert "zzqx unheard" in alone.err
    assert not (tmp_path / "none").exists()


def test_lists_for_another_keyword_of_the_folder_are_no_surprise(tmp_path: Path) -> None:
    with at_desk(AHREFS, tmp_path, World(keywords=2, rankings=3, crowd=20)) as desk:
        assert desk.fetch().code == DONE
    answer = result(tmp_path / "out", "--target", TARGET, "--keyword", "desk lamp 0")
    assert not [said for said in cautions(answer["keywords"][0]) if "is not used" in said]


@services
def test_a_page_without_links_is_a_known_zero(
    service: Service, clean_desk: Callable[[Service], Desk]
) -> None:
    empty = str(WORLD.serp("desk lamp 0")[5].url)
    assert not WORLD.links(empty)
    assert told_of(clean_desk(service), empty)["complete"] is True


@services
@pytest.mark.parametrize(
    "world",
    [
        World(keywords=1, rankings=3, crowd=1250),
        World(keywords=1, rankings=3, crowd=1158, seed=8),
    ],
    ids=["within a piece", "at the end of a piece"],
)
def test_a_long_list_is_fetched_whole_by_whatever_paging_there_is(
    service: Service, world: World, tmp_path: Path
) -> None:
    live = [link for link in world.links(crowded(world)) if link.lost is None]
    assert (len(live) == 1000) == (world.seed == 8)
    with at_desk(service, tmp_path, world) as desk:
        assert desk.fetch("--max-rows", 5000).code == DONE
        told = told_of(desk, crowded(world))
        assert told["complete"] is True, told
        assert desk.files[told["name"]].decode().count("\n") == 1 + len(live)


def test_beyond_the_farthest_offset_a_token_leads_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("gapcalc.providers.dataforseo", "fake_providers.dataforseo"):
        assert import_module(module).FARTHEST_OFFSET == 20_000
        monkeypatch.setattr(f"{module}.FARTHEST_OFFSET", 1_000)
    world = World(keywords=1, rankings=2, crowd=2_350)
    live = sum(link.lost is None for link in world.links(crowded(world)))
    assert live > 2_000
    with at_desk(DATAFORSEO, tmp_path, world) as desk:
        assert desk.fetch("--max-rows", 50_000).code == DONE
        tokens = [bool(asked(entry).get("search_after_token")) for entry in desk.fake.books.paid]
        assert any(tokens)
        told = told_of(desk, crowded(world))
        assert told["complete"] is True, told
        assert desk.files[told["name"]].decode().count("\n") == 1 + live


@services
def test_a_list_that_is_longer_than_was_paid_for_is_marked(
    service: Service, tmp_path: Path
) -> None:
    with at_desk(service, tmp_path, WORLD) as desk:
        assert desk.fetch("--max-rows", 20).code == DONE
        told = told_of(desk, crowded(WORLD))
    assert told["complete"] is False
    assert "20 rows" in told["note"]


def test_a_list_that_the_plan_cuts_in_silence_is_marked(tmp_path: Path) -> None:
    world = World(keywords=1, rankings=3, crowd=300)
    with at_desk(AHREFS, tmp_path, world, row_cap=100) as desk:
        assert desk.fetch().code == DONE
        told = told_of(desk, crowded(world))
    assert (told["complete"], "plan" in told["note"]) == (False, True)


@pytest.mark.parametrize(("service", "units"), [(AHREFS, 700), (SEMRUSH, 3000)])
def test_an_empty_account_stops_the_run_and_a_filled_one_goes_on(
    service: Service, units: int, tmp_path: Path, clean_desk: Callable[[Service], Desk]
) -> None:
    clean = clean_desk(service)
    with at_desk(service, tmp_path / "poor", WORLD, units=units) as desk:
        stopped = desk.fetch()
        assert stopped.code == FAILED, stopped.err
        assert "--balance" in stopped.err or "account" in stopped.err
        setattr(desk.fake, "units", 10**6)  # noqa: B010  (only two of the fakes have it)
        assert desk.fetch().code == DONE
        paid = desk.fake.books.cost
    assert desk.files == clean.files
    assert paid <= clean.fake.books.cost


@pytest.mark.parametrize("units", [45, 600, 40 * 40])
def test_no_part_of_an_answer_is_taken_for_the_whole_when_the_units_run_out(
    units: int, tmp_path: Path, clean_desk: Callable[[Service], Desk]
) -> None:
    clean = clean_desk(SEMRUSH)
    with at_desk(SEMRUSH, tmp_path, WORLD, units=units) as desk:
        stopped = desk.fetch()
        assert stopped.code == FAILED, stopped.err
        assert "account" in stopped.err
        setattr(desk.fake, "units", 10**6)  # noqa: B010  (only two of the fakes have it)
        assert desk.fetch().code == DONE
    assert desk.files == clean.files
    assert desk.fake.books.cost == clean.fake.books.cost


@pytest.mark.skipif(shutil.which("openssl") is None, reason="it makes the certificate")
def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-nodes", "-newkey", "rsa:2048", "-days", "1"),
            *("-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"),
            *("-keyout", str(key), "-out", str(certificate)),
        ],
        check=True,
        capture_output=True,
    )
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)
    with at_desk(AHREFS, tmp_path, WORLD, tls=tls) as desk, fast_time(attempts=2):
        done = desk.fetch()
        assert done.code == FAILED, done.err
        assert "certificate" in done.err
        assert not desk.fake.books.entries, "no key has left"


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGKILL])
def test_a_run_that_is_ended_loses_no_more_than_what_was_under_way(
    end: signal.Signals, tmp_path: Path
) -> None:
    world = World(keywords=2, rankings=10, crowd=60)
    with at_desk(SEMRUSH, tmp_path / "clean", world) as clean:
        clean.fetch()
    with at_desk(SEMRUSH, tmp_path, world, delay=0.1) as desk:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "gapcalc", "fetch", *world.phrases, "--yes"),
                *("--provider", "semrush", "--target", TARGET, "-q", "--depth", "links"),
                *("-o", str(tmp_path / "out"), "--cache", str(tmp_path / "cache")),
            ],
            env={**os.environ, **keys_for(SEMRUSH, desk.fake)},
            stderr=subprocess.PIPE,
        )
        _wait_for(desk, answers=8)
        process.send_signal(end)
        _, err = process.communicate(timeout=PATIENCE)
        assert b"Traceback" not in err
        assert not (tmp_path / "out").exists()
        # On its way to us, or here and not yet kept.
        under_way = 2 * desk.fake.books.most_at_once if end == signal.SIGKILL else 0
        desk.fake.delay = 0.0
        assert desk.fetch().code == DONE
        repeated = len(desk.fake.books.paid) - len(clean.fake.books.paid)
    assert repeated <= under_way
    assert desk.files == clean.files


def _wait_for(desk: Desk, answers: int) -> None:
    end = time.monotonic() + PATIENCE
    while len(desk.fake.books.entries) < answers:
        assert time.monotonic() < end
        time.sleep(0.02)
