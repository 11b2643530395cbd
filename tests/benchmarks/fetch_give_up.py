"""Measures how long `gapcalc fetch` takes to give up, by the clock on the wall.

    python tests/benchmarks/fetch_give_up.py [--service ahrefs semrush] [--only silence]

Each fetch is a process of its own that asks a server on this machine, or one that is not there.
Prints a line for every fault: seconds, how often the server was asked, and what was said. Every
run must end with exit code 5.
"""

import argparse
import os
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from fake_providers import Chaos, Fault, World
from fetching import FAILED, SERVICES, Desk, Service, at_desk, keys_for

WORLD = World(keywords=1, rankings=4, crowd=10)
NO_PROXY = dict.fromkeys(
    ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "no_proxy", "NO_PROXY"), ""
)
CASES = (
    "connection refused",
    "unknown host",
    "dead proxy",
    "bad certificate",
    "captive portal",
    "Retry-After 3600",
    "silence",
)


@dataclass(frozen=True)
class GivenUp:
    """How a run ended: seconds, exit code, questions that the server got, the last line said."""

    seconds: float
    code: int
    questions: int
    said: str


class Silence(Chaos):
    """Answers the balance request, and then nothing more."""

    def fault(self, request: str) -> Fault | None:
        free = ("limits-and-usage", "countapiunits", "user_data")
        return None if any(name in request for name in free) else "silence"


def main() -> None:
    """Print a line for every fault, and end with 1 if a run ended with another code than 5."""
    parser = argparse.ArgumentParser(description=__doc__)
    names = [service.name for service in SERVICES]
    parser.add_argument("--service", nargs="+", choices=names, default=["ahrefs", "semrush"])
    parser.add_argument("--only", choices=CASES)
    asked = parser.parse_args()
    wrong = False
    print("| fault | service | seconds | questions | said |\n|---|---|--:|--:|---|")
    for case in CASES:
        for service in SERVICES:
            if asked.only in (None, case) and service.name in asked.service:
                found = measure(service, case)
                wrong |= found.code != FAILED
                row = (case, service.name, f"{found.seconds:.1f}", found.questions, found.said)
                print("|", " | ".join(map(str, row)), "|", flush=True)
    sys.exit(wrong)


def measure(service: Service, case: str) -> GivenUp:
    """Fetch through a fault."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        tls = certificate(folder) if case == "bad certificate" else nullcontext()
        with tls as context:
            settings = {"tls": context} if context else {}
            with at_desk(service, folder, WORLD, **settings) as desk:
                desk.fake.chaos = {
                    "captive portal": Chaos(1.0, faults=("captive portal",)),
                    "Retry-After 3600": Chaos(
                        1.0, faults=("429 with Retry-After",), retry_after="3600"
                    ),
                    "silence": Silence(),
                }.get(case, Chaos())
                with nobody_there() as port:
                    return fetch(desk, elsewhere(service, case, port))


def elsewhere(service: Service, case: str, port: int) -> dict[str, str]:
    """Give the environment that leads a run to a faulty address."""
    variable = f"GAPCALC_{service.provider.upper()}_URL"
    match case:
        case "connection refused":
            return {variable: f"http://127.0.0.1:{port}"}
        case "unknown host":
            return NO_PROXY | {variable: "https://api.nowhere.invalid"}
        case "dead proxy":
            return NO_PROXY | {variable: "", "https_proxy": f"http://127.0.0.1:{port}"}
        case _:
            return {}


def fetch(desk: Desk, environment: dict[str, str]) -> GivenUp:
    """Fetch in its own process."""
    order = ("fetch", *WORLD.phrases, "--provider", desk.service.provider, "--yes", "--quiet")
    folders = ("--cache", str(desk.folder / "cache"), "-o", str(desk.folder / "out"))
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "gapcalc", *order, *folders],
        env={**os.environ, **keys_for(desk.service, desk.fake), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    said = done.stderr.strip().splitlines()[-1].removeprefix("gapcalc: ")
    questions = len(desk.fake.books.entries)
    return GivenUp(time.monotonic() - began, done.returncode, questions, said.partition(". ")[0])


@contextmanager
def nobody_there() -> Iterator[int]:
    """Give a port that nothing listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


@contextmanager
def certificate(folder: Path) -> Iterator[ssl.SSLContext]:
    """Make a self-signed certificate."""
    key, own = folder / "key.pem", folder / "certificate.pem"
    subject = ("-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1")
    make = ("openssl", "req", "-x509", "-nodes", "-newkey", "rsa:2048", "-days", "1", *subject)
    command = [*make, "-keyout", str(key), "-out", str(own)]
    subprocess.run(command, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own, key)
    yield context


if __name__ == "__main__":
    main()
