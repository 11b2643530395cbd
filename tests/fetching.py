"""Runs `gapcalc fetch` against the fake providers, with a faster clock."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from fake_providers import (
    EVERYWHERE,
    INNER,
    TARGET,
    FakeAhrefs,
    FakeDataForSEO,
    FakeSemrush,
    Fault,
    Provider,
    World,
)
from fake_providers.exports import Vendor
from gapcalc.commands.fetch import run as fetch_run
from gapcalc.providers import client
from gapcalc.providers.client import Clock
from running import Run, run

DONE, FAILED, TOO_DEAR = 0, 5, 6
LOOSE: Mapping[str, Any] = {"limits": ()}
"""Settings of a provider whose pace is not the question."""


@dataclass(frozen=True)
class Service:
    """A way to fetch: a provider, and which of its keys the user has.

    `knows_rel` is whether it tells ugc and sponsored links from others.
    """

    name: str
    make: Callable[..., Provider]
    keys: Callable[[Any], dict[str, str]]
    faults: tuple[Fault, ...] = EVERYWHERE
    knows_rel: bool = True

    @property
    def provider(self) -> str:
        """Give what --provider is called."""
        return self.name.partition("-")[0]

    @property
    def exported(self) -> Vendor:
        """Give the vendor whose exports hold the same."""
        vendors: tuple[Vendor, ...] = ("ahrefs", "semrush", "dataforseo")
        return next(vendor for vendor in vendors if vendor == self.provider)


AHREFS = Service("ahrefs", FakeAhrefs, lambda fake: {"AHREFS_API_KEY": fake.key})
SEMRUSH = Service(
    "semrush",
    FakeSemrush,
    lambda fake: {"SEMRUSH_API_KEY": fake.key},
    faults=(*EVERYWHERE, "ERROR line"),
    knows_rel=False,
)
SEMRUSH_V4 = Service(
    "semrush-v4",
    FakeSemrush,
    lambda fake: {"SEMRUSH_API_KEY": fake.key, "SEMRUSH_V4_KEY": fake.key_v4},
    faults=(*EVERYWHERE, "ERROR line"),
)
DATAFORSEO = Service(
    "dataforseo",
    FakeDataForSEO,
    lambda fake: {"DATAFORSEO_LOGIN": fake.login, "DATAFORSEO_PASSWORD": fake.password},
    faults=(*EVERYWHERE, *INNER),
)
SERVICES = (AHREFS, SEMRUSH, SEMRUSH_V4, DATAFORSEO)


def keys_for(service: Service, fake: Provider) -> dict[str, str]:
    """Give the environment that leads to a fake, with all keys that it asks for and no other."""
    names = (
        "AHREFS_API_KEY",
        "SEMRUSH_API_KEY",
        "SEMRUSH_V4_KEY",
        "DATAFORSEO_LOGIN",
        "DATAFORSEO_PASSWORD",
    )
    address = {f"GAPCALC_{service.provider.upper()}_URL": fake.address}
    return {**dict.fromkeys(names, ""), **address, **service.keys(fake)}


@dataclass(frozen=True)
class Desk:
    """A user at work: a service, its fake, and a folder for the cache and what is fetched."""

    service: Service
    fake: Provider
    folder: Path

    def fetch(self, *arguments: object, keywords: int | None = None) -> Run:
        """Fetch all keywords of the world, or the first so many, into the folder `out`.

        Links are fetched too, unless another depth is given.
        """
        phrases = self.fake.world.phrases[:keywords]
        depth = () if "--depth" in arguments else ("--depth", "links")
        order = (*phrases, "--target", TARGET, "-o", self.folder / "out")
        return self.run("fetch", *order, "--yes", *depth, *arguments)

    def run(self, *arguments: object) -> Run:
        """Run a command that fetches."""
        common = ("--provider", self.service.provider, "--cache", self.folder / "cache")
        return run(*arguments, *common, environment=keys_for(self.service, self.fake))

    @property
    def files(self) -> dict[str, bytes]:
        """Give the files that were fetched, without the manifest, which tells the time."""
        paths = sorted((self.folder / "out").glob("*.csv"))
        return {path.name: path.read_bytes() for path in paths}


@contextmanager
def fast_time(speed: float = 200.0, attempts: int = 100) -> Iterator[None]:
    """Speed up time by a factor, and limit the attempts for each request.

    The duration of an answer and its deadlines stay in real time.
    """

    def ticks() -> float:
        return time.monotonic() * speed

    def sleep(seconds: float, stop: Event) -> None:
        stop.wait(seconds / speed)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fetch_run, "CLOCK", Clock(ticks=ticks, sleep=sleep))
        patch.setattr(client, "ATTEMPTS", attempts)
        yield


@contextmanager
def at_desk(service: Service, folder: Path, world: World, **settings: Any) -> Iterator[Desk]:  # noqa: ANN401  (as the fakes take)
    """Give a desk whose fake runs, with no limit of pace unless one is given."""
    with service.make(world, **{**LOOSE, **settings}) as fake:
        yield Desk(service, fake, folder)


@dataclass(frozen=True)
class Outcome:
    """What it took to fetch everything: exit codes of the runs, and the books of all of them.

    `repeatable_rows` were billed in answers that came whole and could not be understood.
    """

    codes: tuple[int, ...]
    errors: str
    files: Mapping[str, bytes]
    answers: int
    faulty: int
    rows: int
    lost_rows: int
    repeatable_rows: int
    cost: Decimal
    lost_cost: Decimal
    repeatable_cost: Decimal


def fetch_until_done(desk: Desk, *arguments: object, runs: int = 1) -> Outcome:
    """Fetch again and again, as an analyst would, until all is there or the runs are used up."""
    codes: list[int] = []
    errors = ""
    while len(codes) < runs and (not codes or codes[-1] == FAILED):
        done = desk.fetch(*arguments)
        codes.append(done.code)
        errors += done.err
    books = desk.fake.books
    return Outcome(
        codes=tuple(codes),
        errors=errors,
        files=desk.files,
        answers=len(books.entries),
        faulty=len(books.faults),
        rows=books.rows,
        lost_rows=books.lost_rows,
        repeatable_rows=sum(entry.rows for entry in books.not_understood),
        cost=books.cost,
        lost_cost=books.lost_cost,
        repeatable_cost=sum((entry.cost for entry in books.not_understood), Decimal(0)),
    )
