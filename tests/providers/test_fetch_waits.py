"""Temporary failures are waited out; everything else ends at once, with its cause."""

import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import formatdate
from pathlib import Path

import pytest

from fake_providers import DRIPPING, Chaos, Fault, World
from fake_providers.server import as_html
from fetching import (
    AHREFS,
    DATAFORSEO,
    DONE,
    FAILED,
    SEMRUSH,
    SERVICES,
    Service,
    at_desk,
    fast_time,
)
from gapcalc.providers import client
from running import Run, run

pytestmark = pytest.mark.slow

WORLD = World(keywords=1, rankings=4, crowd=10)
services = pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)


@pytest.fixture(autouse=True)
def fast() -> Iterator[None]:
    with fast_time(attempts=8):
        yield


def fetch_from(address: str, folder: Path, **environment: str) -> tuple[Run, float]:
    """Fetch from an address, and give how long that took by the clock on the wall."""
    given = {"AHREFS_API_KEY": "key-of-tests", "GAPCALC_AHREFS_URL": address, **environment}
    began = time.monotonic()
    order = (
        "fetch",
        "x",
        "--provider",
        "ahrefs",
        "--cache",
        folder / "cache",
        "-o",
        folder / "out",
    )
    done = run(*order, "--yes", environment=given)
    return done, time.monotonic() - began


@contextmanager
def refusing_port() -> Iterator[int]:
    """Give a port of this machine that nothing listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


def test_a_refused_connection_is_tried_three_times_within_five_seconds(tmp_path: Path) -> None:
    with fast_time(speed=1.0), refusing_port() as port:
        done, seconds = fetch_from(f"http://127.0.0.1:{port}", tmp_path)
    assert done.code == FAILED
    assert "127.0.0.1 cannot be reached: the connection is refused (3 attempts)" in done.err
    assert "Check the network; where a proxy is needed, HTTPS_PROXY names it" in done.err
    assert seconds < 30, "three of them are waited for, the rest is a busy machine"


def test_a_host_that_is_not_found_is_named(tmp_path: Path) -> None:
    done, _ = fetch_from("https://api.nowhere.invalid", tmp_path, HTTPS_PROXY="", https_proxy="")
    assert done.code == FAILED
    assert "api.nowhere.invalid is not found" in done.err


def test_a_dead_proxy_is_named_by_its_variable_and_not_by_its_address(tmp_path: Path) -> None:
    with refusing_port() as port:
        proxy = f"http://me:sesame@127.0.0.1:{port}"
        names = {"all_proxy": "", "NO_PROXY": "", "no_proxy": ""}
        done, _ = fetch_from("https://api.ahrefs.com", tmp_path, https_proxy=proxy, **names)
    assert done.code == FAILED
    assert "Check the network, and the proxy that https_proxy names" in done.err
    assert "api.ahrefs.com cannot be reached: the connection is refused" in done.err
    assert "sesame" not in done.err


@services
def test_a_redirect_is_named_and_not_followed(service: Service, tmp_path: Path) -> None:
    with at_desk(service, tmp_path, WORLD, chaos=Chaos(1.0, faults=("a redirect",))) as desk:
        done = desk.fetch()
        assert done.code == FAILED
        assert "HTTP 302: it redirects to 127.0.0.1. gapcalc follows no redirects" in done.err
        assert f"GAPCALC_{service.provider.upper()}_URL" in done.err
        assert len(desk.fake.books.entries) == 1


@pytest.mark.skipif(shutil.which("openssl") is None, reason="it makes the certificate")
def test_a_bad_certificate_is_tried_once(tmp_path: Path) -> None:
    with tls(tmp_path) as context, at_desk(AHREFS, tmp_path, WORLD, tls=context) as desk:
        done = desk.fetch("-vv")
        assert done.code == FAILED
        assert "the certificate of 127.0.0.1 is not trusted. Nothing was sent" in done.err
        assert "attempts" not in done.err
        assert done.err.count("GET ") == 1


@contextmanager
def tls(folder: Path) -> Iterator[ssl.SSLContext]:
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    subject = ("-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1")
    make = ("openssl", "req", "-x509", "-nodes", "-newkey", "rsa:2048", "-days", "1", *subject)
    subprocess.run(
        [*make, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    yield context


@services
def test_when_the_first_question_cannot_be_put_nothing_else_is_tried(
    service: Service, tmp_path: Path
) -> None:
    with at_desk(service, tmp_path, WORLD, chaos=Chaos(1.0, faults=("500",))) as desk:
        done = desk.fetch()
        assert done.code == FAILED
        assert "balance: " in done.err
        assert len({entry.path for entry in desk.fake.books.entries}) == 1


@pytest.mark.parametrize(
    ("asked", "words"),
    [("3600", "60 minutes"), ("999999999999", "277778 hours"), ("date", "60 minutes")],
)
def test_a_pause_of_more_than_a_minute_ends_the_run_and_says_how_long(
    asked: str, words: str, tmp_path: Path
) -> None:
    value = formatdate(time.time() + 3600, usegmt=True) if asked == "date" else asked
    chaos = Chaos(1.0, faults=("429 with Retry-After",), retry_after=value)
    with at_desk(AHREFS, tmp_path, WORLD, chaos=chaos) as desk:
        done = desk.fetch()
        assert done.code == FAILED
        assert f"it asks to wait {words}. Run the same command again later" in done.err
        assert len(desk.fake.books.entries) == 1


@pytest.mark.parametrize(
    "asked", ["0", "-5", "soon", "9" * 40 + "x", "Wed, 21 Oct 2015 07:28:00 GMT"]
)
def test_an_invalid_pause_is_ignored(asked: str, tmp_path: Path) -> None:
    chaos = Chaos(0.5, seed=1, faults=("429 with Retry-After",), retry_after=asked)
    with at_desk(AHREFS, tmp_path, WORLD, chaos=chaos) as desk:
        assert desk.fetch("--depth", "counts").code == DONE


def test_waits_of_more_than_two_seconds_are_announced_in_one_line(tmp_path: Path) -> None:
    chaos = Chaos(1.0, faults=("503",))
    with at_desk(SEMRUSH, tmp_path, WORLD, chaos=chaos) as desk:
        done = desk.fetch()
        quiet = desk.fetch("--quiet")
    told = [line for line in done.err.splitlines() if "waiting" in line]
    assert told[0].startswith("Semrush: HTTP 503: ERROR 500 :: INTERNAL SERVER ERROR; waiting ")
    assert "s before attempt 3" in told[0] or "s before attempt 4" in told[0]
    assert len(told) in (5, 6), "those of one and two seconds need no word"
    assert "waiting" not in quiet.err


def test_a_pause_that_is_asked_for_is_announced(tmp_path: Path) -> None:
    chaos = Chaos(0.4, seed=5, faults=("429 with Retry-After",), retry_after="20")
    with at_desk(AHREFS, tmp_path, WORLD, chaos=chaos) as desk:
        done = desk.fetch()
    assert done.code == DONE
    assert "Ahrefs: HTTP 429: Too many requests; waiting 20 s before attempt 2" in done.err


@pytest.mark.parametrize(
    ("service", "constant"),
    [(AHREFS, "SILENCE"), (SEMRUSH, "SILENCE"), (DATAFORSEO, "SLOW_SILENCE")],
    ids=lambda value: getattr(value, "name", value),
)
def test_a_silent_server_is_given_up_after_one_attempt(
    service: Service, constant: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, constant, 0.5)
    with at_desk(service, tmp_path, WORLD) as desk:
        desk.fake.chaos = _after_the_balance("silence")
        done = desk.fetch("--depth", "counts")
        paths = [entry.path for entry in desk.fake.books.entries]
    assert done.code == FAILED
    assert "no whole answer in time. It may have been billed" in done.err
    assert len(paths) == len(set(paths)), "nothing is asked twice"


class _AfterTheBalance(Chaos):
    def fault(self, request: str) -> Fault | None:
        free = ("limits-and-usage", "countapiunits", "user_data")
        return None if any(name in request for name in free) else super().fault(request)


def _after_the_balance(fault: Fault) -> Chaos:
    return _AfterTheBalance(1.0, faults=(fault,), drip=0.02)


def test_live_questions_may_take_longer_than_others() -> None:
    assert (client.SILENCE, client.SLOW_SILENCE, client.DEADLINE) == (60, 150, 300)


@pytest.mark.parametrize("fault", DRIPPING)
def test_a_server_that_drips_is_given_up_at_the_deadline(
    fault: Fault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "DEADLINE", 1.0)
    with at_desk(AHREFS, tmp_path, WORLD) as desk:
        desk.fake.chaos = _after_the_balance(fault)
        began = time.monotonic()
        done = desk.fetch("--depth", "counts")
        seconds = time.monotonic() - began
        paths = [entry.path for entry in desk.fake.books.entries]
    assert done.code == FAILED
    assert "no whole answer in time" in done.err
    assert seconds < 30
    assert len(paths) == len(set(paths)), "nothing is asked twice"


def test_a_captive_portal_is_asked_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with at_desk(SEMRUSH, tmp_path, WORLD) as desk:
        portal = as_html(200, "Log in to this network")
        monkeypatch.setattr(desk.fake, "answer", lambda _: portal)
        done = desk.fetch()
        assert done.code == FAILED
        assert "it is a web page, perhaps that of a network or a proxy" in done.err
        assert len(desk.fake.books.entries) == 1


def test_an_odd_proxy_is_reported(tmp_path: Path) -> None:
    done, _ = fetch_from(
        "https://api.ahrefs.com", tmp_path, HTTPS_PROXY="nonsense://x", https_proxy="nonsense://x"
    )
    assert done.code == 2
    assert "https_proxy does not name a proxy that can be used" in done.err
