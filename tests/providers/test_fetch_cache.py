"""Paid answers are kept safely, and for the promised time."""

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from fake_providers import TARGET, World
from fetching import (
    AHREFS,
    DATAFORSEO,
    SEMRUSH,
    SERVICES,
    Desk,
    Service,
    at_desk,
    fast_time,
    keys_for,
)
from gapcalc.commands.fetch import run as fetch_run
from gapcalc.providers.client import Clock
from running import PATIENCE, run

pytestmark = pytest.mark.slow

WORLD = World(keywords=1, rankings=4, crowd=10)
DAY = 86_400


@pytest.fixture(autouse=True)
def fast() -> Iterator[None]:
    with fast_time():
        yield


def later(patch: pytest.MonkeyPatch, days: float) -> None:
    """Let a number of days pass."""
    clock: Clock = fetch_run.CLOCK
    now = clock.now() + days * DAY
    patch.setattr(fetch_run, "CLOCK", replace(clock, now=lambda: now))


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_nobody_else_can_read_the_cache(tmp_path: Path) -> None:
    with at_desk(AHREFS, tmp_path, WORLD) as desk:
        old = os.umask(0)
        try:
            desk.fetch()
        finally:
            os.umask(old)
    folder = tmp_path / "cache"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


def aged(folder: Path, days: float) -> None:
    """Make all kept answers a number of days older."""
    with closing(sqlite3.connect(folder / "cache" / "answers.sqlite")) as database, database:
        database.execute("update answer set at = at - ?", [days * DAY])


def kept(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "cache" / "answers.sqlite")) as database:
        return int(database.execute("select count(*) from answer").fetchone()[0])


def test_answers_are_used_for_a_week_and_deleted_after_a_month(tmp_path: Path) -> None:
    with at_desk(AHREFS, tmp_path, WORLD) as desk:
        desk.fetch()
        cost, answers = desk.fake.books.cost, kept(tmp_path)
        aged(tmp_path, 6.9)
        desk.fetch()
        assert desk.fake.books.cost == cost
        aged(tmp_path, 0.2)
        desk.fetch("--dry-run")
        desk.fetch("--offline")
        assert kept(tmp_path) == answers
        desk.fetch()
        assert desk.fake.books.cost == 2 * cost
        aged(tmp_path, 31)
        desk.fetch("--depth", "counts")
        assert 0 < kept(tmp_path) < answers, "those of the lists are gone"


def test_answers_can_be_kept_longer_but_not_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with at_desk(AHREFS, tmp_path, WORLD) as desk:
        desk.fetch("--cache-days", 30)
        cost = desk.fake.books.cost
        later(monkeypatch, 29)
        desk.fetch("--cache-days", 30)
        assert desk.fake.books.cost == cost
        assert desk.fetch("--cache-days", 31).code == 2
    done = run("fetch", "x", "--dry-run", environment={"GAPCALC_CACHE_DAYS": "31"})
    assert done.code == 2


def test_refresh_asks_everything_again(tmp_path: Path) -> None:
    with at_desk(AHREFS, tmp_path, WORLD) as desk:
        desk.fetch()
        cost = desk.fake.books.cost
        desk.fetch("--refresh")
        assert desk.fake.books.cost == 2 * cost
        desk.fetch()
        assert desk.fake.books.cost == 2 * cost


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_offline_needs_neither_network_nor_key(service: Service, tmp_path: Path) -> None:
    with at_desk(service, tmp_path, WORLD) as desk:
        desk.fetch()
        files = desk.files
    common = ("--provider", service.provider, "--cache", tmp_path / "cache", "--offline")
    order = ("--target", TARGET, "--depth", "links", "-o", tmp_path / "out", *common)
    keys = {"SEMRUSH_V4_KEY": "semrtkn-x"} if service.name == "semrush-v4" else {}
    assert run("fetch", "desk lamp 0", *order, environment=keys).code == 0
    assert desk.files == files
    missing = run("fetch", "desk lamp 1", *order, environment=keys)
    assert missing.code == 5
    assert "SERP of 'desk lamp 1': it is not in the cache. Run it without --offline" in missing.err
    assert desk.files == files, "what was there before stays"


def test_a_cache_that_cannot_be_used_is_reported(tmp_path: Path) -> None:
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "answers.sqlite").write_text("this is no database, and long enough")
    with at_desk(AHREFS, tmp_path, WORLD) as desk:
        done = desk.fetch()
    assert done.code == 2
    assert "answers.sqlite cannot be used" in done.err
    assert "move it away rather than delete it, or name another folder with --cache" in done.err


def test_without_a_terminal_nothing_is_spent_unasked(tmp_path: Path) -> None:
    with at_desk(AHREFS, tmp_path, WORLD) as desk:
        where = ("-o", tmp_path / "out", "--depth", "links")
        order = ("fetch", "desk lamp 0", "--target", TARGET, *where)
        done = desk.run(*order)
        assert done.code == 2
        assert "no terminal to ask on. Give --yes to spend it" in done.err
        assert not desk.fake.books.paid
        desk.fetch()
        assert desk.run(*order).code == 0, "what is at hand costs nothing"


# --- clocks --------------------------------------------------------------------------------------


@pytest.mark.parametrize("days", [8, 400, -400])
def test_a_clock_that_is_wrong_deletes_nothing(
    days: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with at_desk(AHREFS, tmp_path, WORLD) as desk:
        desk.fetch()
        cost, answers = desk.fake.books.cost, kept(tmp_path)
        with monkeypatch.context() as patch:
            later(patch, days)
            desk.fetch("--dry-run")
            desk.fetch("--offline")
            done = desk.fetch()
            assert done.code == 0, done.err
            which = "ahead" if days > 0 else "behind"
            assert f"The clock of this machine is {abs(days)} days {which} of Ahrefs's" in done.err
        assert kept(tmp_path) == answers
        spent = desk.fake.books.cost
        assert desk.fetch().code == 0
        assert desk.fake.books.cost == spent == cost, "the provider's time says how old answers are"


def test_a_refresh_with_a_clock_that_is_behind_asks_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with at_desk(AHREFS, tmp_path, WORLD) as desk:
        desk.fetch()
        cost = desk.fake.books.cost
        later(monkeypatch, -1 / 24)
        assert desk.fetch("--refresh").code == 0
        assert desk.fake.books.cost == 2 * cost


def test_answers_of_the_future_are_not_used_for_longer(tmp_path: Path) -> None:
    with at_desk(AHREFS, tmp_path, WORLD) as desk:
        desk.fetch()
        cost = desk.fake.books.cost
        aged(tmp_path, -365)
        desk.fetch()
        assert desk.fake.books.cost == 2 * cost


# --- damage --------------------------------------------------------------------------------------

DAMAGE = {
    "headers": "update answer set headers = '{no json'",
    "headers of another kind": "update answer set headers = '[1]'",
    "things asked for": "update answer set asked = '5'",
    "text instead of bytes": "update answer set body = cast(body as text)",
    "flipped": "update answer set body = cast(substr(body, 1, 40) || 'x' || substr(body, 42) as blob)",
    "an odd time": "update answer set at = 'yesterday'",
    "no status": "update answer set status = 'fine'",
}


@pytest.mark.parametrize("name", DAMAGE)
def test_damaged_answers_are_as_if_they_were_not_there_and_that_is_said(
    name: str, tmp_path: Path
) -> None:
    with at_desk(AHREFS, tmp_path, WORLD) as desk:
        desk.fetch()
        files, cost = desk.files, desk.fake.books.cost
        with closing(sqlite3.connect(tmp_path / "cache" / "answers.sqlite")) as database, database:
            database.execute(DAMAGE[name])
        done = desk.fetch()
        assert done.code == 0, done.err
        assert (desk.files, desk.fake.books.cost) == (files, 2 * cost)
    if name != "an odd time":
        assert "kept answers are damaged, and were left aside" in done.err


# --- the folder ----------------------------------------------------------------------------------

posix = pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes and links")


@posix
def test_a_folder_that_everybody_may_write_to_is_refused(tmp_path: Path) -> None:
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache").chmod(0o777)
    with at_desk(AHREFS, tmp_path, WORLD) as desk:
        done = desk.fetch()
    assert done.code == 2
    assert f"everybody may write to its folder; chmod 700 {tmp_path}/cache" in done.err


@posix
def test_a_link_in_place_of_the_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "cache").mkdir()
    (tmp_path / "mine.txt").write_text("mine")
    (tmp_path / "mine.txt").chmod(0o644)
    (tmp_path / "cache" / "answers.sqlite").symlink_to(tmp_path / "mine.txt")
    with at_desk(AHREFS, tmp_path, WORLD) as desk:
        assert desk.fetch().code == 2
    assert (tmp_path / "mine.txt").read_text() == "mine"
    assert (tmp_path / "mine.txt").stat().st_mode & 0o777 == 0o644


def test_a_full_disk_is_reported_before_the_next_paid_request(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with at_desk(AHREFS, tmp_path, WORLD) as desk:
        desk.fetch("--depth", "counts")
        cost = desk.fake.books.cost
        usage = shutil.disk_usage(tmp_path)
        with monkeypatch.context() as patch:
            patch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=5 * 2**20))
            full = desk.fetch()
        assert full.code == 2
        assert "has 5 MiB left: answers that are paid for could not be kept" in full.err
        assert "delete" not in full.err
        assert desk.fake.books.cost == cost
        assert desk.fetch().code == 0


# --- two runs at once ----------------------------------------------------------------------------


def start(desk: Desk, number: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [
            *(sys.executable, "-m", "gapcalc", "fetch", *desk.fake.world.phrases, "--yes"),
            *("--provider", desk.service.provider, "--target", TARGET, "--depth", "links"),
            *("-o", str(desk.folder / f"out{number}"), "--cache", str(desk.folder / "cache")),
        ],
        env={**os.environ, **keys_for(desk.service, desk.fake)},
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("service", [SEMRUSH, DATAFORSEO], ids=lambda service: service.name)
def test_two_fetches_at_once_pay_once(service: Service, tmp_path: Path) -> None:
    world = World(keywords=2, rankings=6, crowd=40)
    with at_desk(service, tmp_path / "alone", world) as desk:
        desk.fetch()
        cost, files = desk.fake.books.cost, desk.files
    with at_desk(service, tmp_path / "both", world, delay=0.3) as desk:
        runs = [start(desk, number) for number in range(2)]
        said = [run.communicate(timeout=PATIENCE)[1] for run in runs]
        assert [run.returncode for run in runs] == [0, 0], said
        assert desk.fake.books.cost == cost
    for number in range(2):
        folder = tmp_path / "both" / f"out{number}"
        assert {p.name: p.read_bytes() for p in folder.glob("*.csv")} == files
    assert any("waiting for another gapcalc that asks the same" in text for text in said)


def test_a_run_that_was_killed_holds_no_question(tmp_path: Path) -> None:
    with at_desk(SEMRUSH, tmp_path, WORLD, delay=2.0) as desk:
        killed = start(desk, 0)
        end = time.monotonic() + PATIENCE
        while len(desk.fake.books.entries) < 1:
            assert time.monotonic() < end
            time.sleep(0.02)
        killed.kill()
        killed.communicate(timeout=PATIENCE)
        desk.fake.delay = 0.0
        assert desk.fetch().code == 0
