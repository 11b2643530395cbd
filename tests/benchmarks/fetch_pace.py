"""Fetches 100 keywords with 10 pages each as fast as each provider allows, by the provider's clock.

    python tests/benchmarks/fetch_pace.py [--keywords 10 100] [--service ahrefs]

Each fetch is a process of its own. Ahrefs allows 60 requests a minute, which takes 20 minutes:
time runs 20 times faster there, for client and limit alike. Prints how close the requests came
to the limit, how often it was exceeded, and the memory that the process took at most.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from fake_providers import TARGET, Window, World
from fetching import AHREFS, DATAFORSEO, SEMRUSH, SEMRUSH_V4, Service, at_desk, keys_for
from running import command_after


@dataclass(frozen=True)
class Pace:
    """What a provider allows, and how many times faster its time runs here."""

    service: Service
    requests: int
    seconds: float
    at_once: int | None
    speed: float = 1.0


PACES = (
    Pace(AHREFS, 60, 60.0, None, speed=20),
    Pace(SEMRUSH, 10, 1.0, 10),
    Pace(SEMRUSH_V4, 10, 1.0, 10),
    Pace(DATAFORSEO, 2000, 60.0, 30),
)
FASTER = """
import time
from gapcalc.commands.fetch import run as fetch_run
from gapcalc.providers.client import Clock
fetch_run.CLOCK = Clock(
    ticks=lambda: time.monotonic() * {speed},
    sleep=lambda seconds, stop: stop.wait(seconds / {speed}),
)
"""
HEAD = (
    "service",
    "keywords",
    "requests",
    "seconds",
    "most in a window of the limit",
    "the limit",
    "most at once",
    "refused",
    "peak memory, MiB",
)
MEBIBYTE = 1024  # Linux counts in KiB


def main() -> None:
    """Print a line for every fetch."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keywords", type=int, nargs="+", default=[10, 100])
    parser.add_argument("--service", choices=[pace.service.name for pace in PACES])
    parser.add_argument("--delay", type=float, default=0.05, help="seconds an answer takes")
    asked = parser.parse_args()
    print("|", " | ".join(HEAD), "|\n|", "--- | " * len(HEAD))
    for pace in PACES:
        if asked.service in (None, pace.service.name):
            for keywords in asked.keywords:
                cells = measure(pace, keywords, asked.delay)
                print("|", " | ".join(map(str, cells)), "|", flush=True)


def measure(pace: Pace, keywords: int, delay: float) -> tuple[object, ...]:
    """Fetch so many keywords, and give the cells of a line."""
    window = pace.seconds / pace.speed
    with (
        tempfile.TemporaryDirectory() as folder,
        at_desk(
            pace.service,
            Path(folder),
            World(keywords=keywords, rankings=10),
            limits=(Window(pace.requests, window),),
            at_once=pace.at_once,
            delay=delay / pace.speed,
        ) as desk,
    ):
        process = subprocess.Popen(
            [
                *command_after(FASTER.format(speed=pace.speed)),
                *("fetch", *desk.fake.world.phrases, "--target", TARGET, "--yes", "--quiet"),
                *("--depth", "links"),
                *("--provider", pace.service.provider),
                *("--cache", str(desk.folder / "cache"), "-o", str(desk.folder / "out")),
            ],
            env={**os.environ, **keys_for(pace.service, desk.fake)},
            stdout=subprocess.DEVNULL,
        )
        start = time.monotonic()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        books = desk.fake.books
    # DataForSEO refuses within a 200, and bills all else that it is asked here.
    refused = [
        entry
        for entry in books.entries
        if entry.status == 429 or (pace.service is DATAFORSEO and not entry.cost)
    ]
    return (
        pace.service.name if process.returncode == 0 else f"exit {process.returncode}",
        keywords,
        len(books.entries),
        f"{(time.monotonic() - start) * pace.speed:.0f}",
        books.busiest(window),
        f"{pace.requests} in {pace.seconds:g} s",
        books.most_at_once,
        len(refused),
        f"{used.ru_maxrss / MEBIBYTE:.0f}",
    )


if __name__ == "__main__":
    main()
