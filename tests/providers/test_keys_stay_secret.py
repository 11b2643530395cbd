"""No byte that gapcalc writes holds a key, in whatever spelling, however the run ends."""

import base64
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest

from fake_providers import QUOTING, TARGET, Chaos, Fault, World
from fetching import (
    AHREFS,
    DATAFORSEO,
    SEMRUSH_V4,
    SERVICES,
    Desk,
    Service,
    at_desk,
    fast_time,
    keys_for,
)
from running import PATIENCE, command_after, run, run_process

pytestmark = pytest.mark.slow

WORLD = World(keywords=1, rankings=6, crowd=40)
services = pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
all_keys = pytest.mark.parametrize(
    "service", [AHREFS, SEMRUSH_V4, DATAFORSEO], ids=lambda service: service.name
)
"""Every kind of key is in use with these; they are for what takes a process of its own."""

KEEP_EVERYTHING = """
import os, pathlib, shutil, tempfile
shutil.rmtree = lambda *_, **__: None
os.unlink = os.remove = lambda *_, **__: None
pathlib.Path.unlink = lambda *_, **__: None
"""
"""Lets no file be deleted, so that what was there for a moment can be read, too."""

IN_NO_TIME = """
import time
from gapcalc.commands.fetch import run as fetch_run
from gapcalc.providers.client import Clock
fetch_run.CLOCK = Clock(
    ticks=lambda: time.monotonic() * 200, sleep=lambda seconds, stop: stop.wait(seconds / 200)
)
from gapcalc.providers import client
client.ATTEMPTS = 2
"""

CRASH = """
import httpx
def crash(self, *_, **__):
    request = self.request
    raise RuntimeError(f"{request.url!r} {request.url} {dict(request.headers)} {request.headers.raw}")
httpx.Response.iter_bytes = crash
"""
"""Ends in a fault of the program, whose text tells all that must not be told."""


def spellings(secret: str) -> set[bytes]:
    """Give the ways in which a secret could be written down."""
    escaped = quote(secret, safe="")
    lowered = re.sub("%..", lambda found: found[0].lower(), escaped)
    plain = {secret, escaped, lowered, quote(secret), quote_plus(secret), repr(secret)[1:-1]}
    data = secret.encode()
    coded = [base64.b64encode(data), base64.urlsafe_b64encode(data), data.hex().encode()]
    return {text.encode() for text in plain} | {code.rstrip(b"=") for code in coded}


def assert_silent(desk: Desk, *said: str, inside: Path) -> None:
    """Fail if a key is in the output, or in any file or name below a folder."""
    written = [(path.as_posix(), path.as_posix().encode()) for path in inside.rglob("*")]
    written += [(p.as_posix(), p.read_bytes()) for p in inside.rglob("*") if p.is_file()]
    written += [("a stream", text.encode()) for text in said]
    known = {*desk.service.keys(desk.fake).values(), getattr(desk.fake, "key", "")}
    # A key that the user does not have cannot be masked.
    for secret in known & set(desk.fake.secrets):
        for spelling in spellings(secret):
            for place, data in written:
                assert spelling not in data, f"{place} holds {spelling!r}"


@pytest.fixture(autouse=True)
def fast() -> Iterator[None]:
    with fast_time(attempts=2):
        yield


@all_keys
def test_a_run_that_succeeds_writes_no_key(service: Service, tmp_path: Path) -> None:
    home = {name: str(tmp_path / "home") for name in ("HOME", "XDG_CACHE_HOME", "TMPDIR")}
    (tmp_path / "home").mkdir()
    with at_desk(service, tmp_path, WORLD) as desk:
        done = run_process(
            *("fetch", *WORLD.phrases, "--target", TARGET, "-o", tmp_path / "out", "--yes", "-vv"),
            *("--depth", "links"),
            *("--provider", service.provider, "--cache", tmp_path / "cache"),
            environment={**keys_for(service, desk.fake), **home, "HTTPX_LOG_LEVEL": "trace"},
            command=command_after(KEEP_EVERYTHING + IN_NO_TIME),
            cwd=tmp_path,
        )
        assert done.code == 0, done.err
        assert len(done.err.splitlines()) > 10, "-vv lists every request"
        assert len(list(tmp_path.rglob("*"))) > 8
        assert_silent(desk, done.out, done.err, inside=tmp_path)


@all_keys
def test_a_crash_writes_no_key(service: Service, tmp_path: Path) -> None:
    with at_desk(service, tmp_path, WORLD) as desk:
        done = run_process(
            *("fetch", *WORLD.phrases, "--target", TARGET, "-o", tmp_path / "out", "--yes", "-vv"),
            *("--depth", "links"),
            *("--provider", service.provider, "--cache", tmp_path / "cache"),
            environment=keys_for(service, desk.fake),
            command=command_after(KEEP_EVERYTHING + IN_NO_TIME + CRASH),
            cwd=tmp_path,
        )
        assert desk.fake.books.entries
        assert "Traceback" in done.err
        assert "RuntimeError" in done.err
        assert_silent(desk, done.out, done.err, inside=tmp_path)


@services
@pytest.mark.parametrize("fault", [*QUOTING, "reset before the body", "429 as HTML"])
def test_a_run_that_fails_writes_no_key(service: Service, fault: Fault, tmp_path: Path) -> None:
    chaos = Chaos(1.0, faults=(fault,))
    with at_desk(service, tmp_path, WORLD, chaos=chaos) as desk:
        done = desk.fetch("-vv")
        balance = desk.run("fetch", "--balance", "-vv")
        assert (done.code, balance.code) == (5, 5), done.err + balance.err
        assert_silent(desk, done.out, done.err, balance.out, balance.err, inside=tmp_path)


@services
def test_faults_in_the_middle_of_a_run_write_no_key(service: Service, tmp_path: Path) -> None:
    chaos = Chaos(0.4, faults=(*service.faults, *QUOTING))
    with at_desk(service, tmp_path, WORLD, chaos=chaos) as desk:
        for _ in range(4):
            done = desk.fetch("-vv")
            assert_silent(desk, done.out, done.err, inside=tmp_path)


@services
def test_a_refused_key_is_not_repeated(service: Service, tmp_path: Path) -> None:
    with at_desk(service, tmp_path, WORLD) as desk:
        wrong = {
            name: value[::-1] if name.endswith(("KEY", "PASSWORD")) else value
            for name, value in keys_for(service, desk.fake).items()
        }
        for command in (
            ("fetch", "desk lamp 0", "-o", tmp_path / "out", "--yes", "-vv"),
            ("fetch", "--balance", "-vv"),
            (
                "gap",
                "--keyword",
                "desk lamp 0",
                "--target",
                TARGET,
                "--yes",
                "-vv",
                "--depth",
                "links",
            ),
        ):
            common = ("--provider", service.provider, "--cache", tmp_path / "cache")
            done = run(*command, *common, environment=wrong)
            assert done.code == 5, done.err
            for key in filter(None, wrong.values()):
                if not key.startswith("http"):
                    assert not any(s.decode() in done.out + done.err for s in spellings(key))
        assert desk.fake.books.cost == 0


@services
def test_an_unreachable_server_is_reported_without_a_key(service: Service, tmp_path: Path) -> None:
    with at_desk(service, tmp_path, WORLD) as desk:
        pass
    done = desk.fetch("-vv")
    assert done.code == 5
    assert_silent(desk, done.out, done.err, inside=tmp_path)


@services
def test_the_balance_and_the_estimate_show_no_key(service: Service, tmp_path: Path) -> None:
    with at_desk(service, tmp_path, WORLD) as desk:
        said = [
            desk.run("fetch", "--balance", "-vv"),
            desk.run("fetch", "x", "--dry-run", "-vv"),
            desk.run(
                "gap",
                "--keyword",
                "desk lamp 0",
                "--target",
                TARGET,
                "--yes",
                "-vv",
                "--depth",
                "links",
            ),
        ]
        assert [done.code for done in said] == [0, 0, 0], said
        for done in said:
            assert_silent(desk, done.out, done.err, inside=tmp_path)


def test_a_run_that_is_ended_shows_neither_key_nor_traceback(tmp_path: Path) -> None:
    service = SEMRUSH_V4
    with at_desk(service, tmp_path, WORLD, delay=0.5) as desk:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "gapcalc", "fetch", *WORLD.phrases, "-vv", "--yes"),
                *("--provider", service.provider, "--target", TARGET),
                *("-o", str(tmp_path / "out"), "--cache", str(tmp_path / "cache")),
            ],
            env={**os.environ, **keys_for(service, desk.fake)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        end = time.monotonic() + PATIENCE
        while not desk.fake.books.most_at_once:
            assert time.monotonic() < end
            time.sleep(0.02)
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=PATIENCE)
        assert process.returncode == 143
        assert "Traceback" not in err
        assert_silent(desk, out, err, inside=tmp_path)
