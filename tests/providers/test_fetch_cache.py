"""What was paid for is kept, safely, and for so long as was said."""

import os
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from fake_providers import TARGET, World
from fetching import AHREFS, SERVICES, Service, at_desk, fast_time
from gapcalc.commands.fetch import run as fetch_run
from gapcalc.providers.client import Clock
from running import run

WORLD = World(keywords=1, rankings=4, crowd=10)
DAY = 86_400


@pytest.fixture(autouse=True)
def fast() -> Iterator[None]:
    with fast_time():
        yield


def later(patch: pytest.MonkeyPatch, days: float) -> None:
    """Let so many days pass."""
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
    assert [path.stat().st_mode & 0o777 for path in folder.iterdir()] == [0o600]


def test_answers_are_used_for_a_week_and_then_deleted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with at_desk(AHREFS, tmp_path, WORLD) as desk:
        desk.fetch()
        cost = desk.fake.books.cost
        later(monkeypatch, 6.9)
        desk.fetch()
        assert desk.fake.books.cost == cost
        later(monkeypatch, 0.2)
        desk.fetch("--dry-run")
        with sqlite3.connect(tmp_path / "cache" / "answers.sqlite") as database:
            assert database.execute("select count(*) from answer").fetchone() == (0,)
            assert database.execute("select count(*) from part").fetchone() == (0,)
        desk.fetch()
        assert desk.fake.books.cost == 2 * cost


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
    order = ("--target", TARGET, "-o", tmp_path / "out", *common)
    keys = {"SEMRUSH_V4_KEY": "semrtkn-x"} if service.name == "semrush-v4" else {}
    assert run("fetch", "desk lamp 0", *order, environment=keys).code == 0
    assert desk.files == files
    missing = run("fetch", "desk lamp 1", *order, environment=keys)
    assert missing.code == 5
    assert "SERP of 'desk lamp 1': it is not in the cache. Run it without --offline" in missing.err
    assert desk.files == files, "what was there before stays"


def test_a_cache_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "answers.sqlite").write_text("this is no database, and long enough")
    with at_desk(AHREFS, tmp_path, WORLD) as desk:
        done = desk.fetch()
    assert done.code == 2
    assert "answers.sqlite cannot be used" in done.err
    assert "Name another folder with --cache, or delete the file" in done.err


def test_without_a_terminal_nothing_is_spent_unasked(tmp_path: Path) -> None:
    with at_desk(AHREFS, tmp_path, WORLD) as desk:
        order = ("fetch", "desk lamp 0", "--target", TARGET, "-o", tmp_path / "out")
        done = desk.run(*order)
        assert done.code == 2
        assert "nobody is there to ask. Give --yes to spend it" in done.err
        assert not desk.fake.books.entries
        desk.fetch()
        assert desk.run(*order).code == 0, "what is at hand costs nothing"
