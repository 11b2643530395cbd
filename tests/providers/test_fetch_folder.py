"""The folder is written whole or not at all, and nothing of the user's is overwritten."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from fake_providers import World
from fetching import AHREFS, Desk, at_desk, fast_time

WORLD = World(keywords=2, rankings=4, crowd=10)


@pytest.fixture(autouse=True)
def fast() -> Iterator[None]:
    with fast_time(attempts=2):
        yield


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with at_desk(AHREFS, tmp_path, WORLD) as desk:
        yield desk


def test_a_folder_of_an_earlier_fetch_is_replaced(desk: Desk, tmp_path: Path) -> None:
    desk.fetch()
    assert sum(name.startswith("serp-") for name in desk.files) == 2
    desk.fetch(keywords=1)
    assert sum(name.startswith("serp-") for name in desk.files) == 1
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_a_folder_with_anything_else_is_left_alone(desk: Desk, tmp_path: Path) -> None:
    desk.fetch()
    (tmp_path / "out" / "notes.txt").write_text("mine")
    files = desk.files
    done = desk.fetch(keywords=1)
    assert done.code == 2
    assert "it holds notes.txt, which gapcalc fetch did not write" in done.err
    assert desk.files == files


def test_what_a_killed_run_left_beside_the_folder_is_taken_away(desk: Desk, tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    desk.fetch()
    for left in (f".out.{ended.pid}.part", f".out.{ended.pid}.old", f".out.{os.getppid()}.part"):
        (tmp_path / left).mkdir()
        (tmp_path / left / "serp.csv").write_text("half of it")
    assert desk.fetch(keywords=1).code == 0
    assert [path.name for path in tmp_path.glob(".out.*")] == [f".out.{os.getppid()}.part"]
    assert "serp.csv" not in desk.files


@pytest.mark.parametrize("name", ["out", "out/gapcalc-manifest.json"])
def test_an_obstacle_is_reported_before_any_request(desk: Desk, tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("mine")
    done = desk.fetch()
    assert done.code == 2
    assert not desk.fake.books.entries
    assert (tmp_path / name).read_text() == "mine"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
@pytest.mark.parametrize("odd", ["pipe", "/dev/zero", "gapcalc-manifest.json"])
def test_a_manifest_that_is_no_file_is_not_waited_for(desk: Desk, tmp_path: Path, odd: str) -> None:
    (tmp_path / "out").mkdir()
    os.mkfifo(tmp_path / "out" / "pipe")
    (tmp_path / "out" / "gapcalc-manifest.json").symlink_to(odd)
    done = desk.fetch()
    assert (done.code, "which gapcalc fetch did not write" in done.err) == (2, True)
    assert not desk.fake.books.entries


def test_an_empty_folder_is_taken_and_keeps_its_mode(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir(mode=0o700)
    assert desk.fetch().code == 0
    assert desk.files
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o700


def test_a_run_that_fails_leaves_nothing(desk: Desk, tmp_path: Path) -> None:
    desk.fake.units = 150  # type: ignore[attr-defined]
    assert desk.fetch().code == 5
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cache"]


def test_names_tell_keywords_and_pages_apart(desk: Desk) -> None:
    desk.fetch()
    names = list(desk.files)
    assert "serp-desk-lamp-0-337de5.csv" in names
    assert all(name.isascii() and len(name) < 90 for name in names)
