"""Requests keep to each provider's limits, by the provider's own clock."""

from pathlib import Path

import pytest

from fake_providers import Chaos, Window, World
from fetching import AHREFS, DATAFORSEO, DONE, SEMRUSH, SEMRUSH_V4, Service, at_desk, fast_time

pytestmark = pytest.mark.slow

# More requests than a window of the limit holds, in a second or two: time runs faster for both.
PACES = [
    pytest.param(
        AHREFS, Window(60, 60.0), 30.0, World(keywords=14, rankings=6, crowd=60), id="ahrefs"
    ),
    pytest.param(
        SEMRUSH, Window(10, 1.0), 1.5, World(keywords=2, rankings=5, crowd=60), id="semrush"
    ),
    pytest.param(
        SEMRUSH_V4, Window(10, 1.0), 1.5, World(keywords=2, rankings=4, crowd=60), id="semrush-v4"
    ),
    pytest.param(
        DATAFORSEO, Window(34, 1.02), 1.0, World(keywords=6, rankings=7, crowd=60), id="dataforseo"
    ),
]


@pytest.mark.parametrize(("service", "limit", "speed", "world"), PACES)
def test_requests_are_no_more_frequent_than_the_limit_allows(
    service: Service, limit: Window, speed: float, world: World, tmp_path: Path
) -> None:
    window = limit.seconds / speed
    with fast_time(speed), at_desk(service, tmp_path, world, delay=0.002) as desk:
        done = desk.fetch()
        books = desk.fake.books
    assert done.code == DONE, done.err
    asked = len(books.entries)
    assert asked > limit.requests
    times = sorted(entry.at for entry in books.entries)
    # On a busy machine some requests start late, and stand nearer to the next than they should.
    assert times[-1] - times[0] >= 0.95 * (asked - 1) * window / limit.requests
    assert books.busiest(window) <= 1.25 * limit.requests


@pytest.mark.parametrize(("service", "at_once"), [(SEMRUSH, 10), (DATAFORSEO, 30)])
def test_no_more_requests_are_open_than_are_allowed(
    service: Service, at_once: int, tmp_path: Path
) -> None:
    world = World(keywords=4, rankings=10, crowd=60)
    with (
        fast_time(1000.0),
        at_desk(service, tmp_path, world, at_once=at_once, delay=0.03) as desk,
    ):
        assert desk.fetch().code == DONE
        assert 1 < desk.fake.books.most_at_once <= at_once


def test_a_pause_that_the_provider_asks_for_is_kept_by_all(tmp_path: Path) -> None:
    chaos = Chaos(0.3, seed=5, faults=("429 with Retry-After",), retry_after="20")
    with (
        fast_time(100.0),
        at_desk(AHREFS, tmp_path, World(keywords=3, crowd=60), chaos=chaos) as desk,
    ):
        assert desk.fetch().code == DONE
        entries = desk.fake.books.entries
    refused = [number for number, entry in enumerate(entries) if entry.fault]
    assert refused
    for number in refused[:-1]:
        later = [entry.at - entries[number].at for entry in entries[number + 1 :]]
        # Requests that were under way already are not held back; the next ones are, for 0.2 s.
        assert sum(wait < 0.19 for wait in later) <= 8
