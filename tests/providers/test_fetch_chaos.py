"""A fetch gets the right answer despite faults of every kind, and pays nothing twice."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from fake_providers import HOLLOW, Chaos, World
from fetching import (
    DONE,
    FAILED,
    SEMRUSH,
    SERVICES,
    Outcome,
    Service,
    at_desk,
    fast_time,
    fetch_until_done,
)

pytestmark = pytest.mark.slow

WORLD = World(keywords=2, rankings=7, crowd=60)
services = pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)


@pytest.fixture(autouse=True)
def fast(request: pytest.FixtureRequest) -> Iterator[None]:
    attempts = 2 if "stops" in request.node.name else 100
    with fast_time(attempts=attempts):
        yield


def fetch_all(service: Service, folder: Path, chaos: Chaos, runs: int = 1) -> Outcome:
    with at_desk(service, folder, WORLD, chaos=chaos) as desk:
        return fetch_until_done(desk, runs=runs)


@pytest.fixture(scope="module")
def clean_fetch(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Service], Outcome]:
    """Give the outcome of a service without faults, which each asks once."""
    return cache(lambda service: fetch_all(service, tmp_path_factory.mktemp("clean"), Chaos()))


def assert_arrived(outcome: Outcome, clean: Outcome) -> None:
    assert clean.codes == (DONE,), clean.errors
    assert outcome.codes[-1] == DONE, outcome.errors
    assert outcome.faulty >= 3
    assert outcome.files == clean.files
    assert outcome.cost <= clean.cost + outcome.lost_cost + outcome.repeatable_cost
    assert outcome.rows <= clean.rows + outcome.lost_rows + outcome.repeatable_rows


@services
def test_faults_of_every_kind_do_not_change_the_answer(
    service: Service, tmp_path: Path, clean_fetch: Callable[[Service], Outcome]
) -> None:
    chaos = Chaos(0.5, 1, service.faults, drip=0.02, retry_after="2")
    clean = clean_fetch(service)
    # An answer that is cut and whole all the same is asked for twice, and may be cut twice.
    assert_arrived(fetch_all(service, tmp_path / "chaos", chaos, runs=9), clean)


@services
def test_a_run_that_stops_goes_on_where_it_was(
    service: Service, tmp_path: Path, clean_fetch: Callable[[Service], Outcome]
) -> None:
    chaos = Chaos(0.4, 2, service.faults, drip=0.02, retry_after="2")
    clean = clean_fetch(service)
    outcome = fetch_all(service, tmp_path / "chaos", chaos, runs=60)
    assert_arrived(outcome, clean)
    assert outcome.codes[0] == FAILED, "else nothing is tried here"
    assert set(outcome.codes) == {FAILED, DONE}


@services
def test_a_tenth_of_answers_that_make_no_sense_is_paid_twice_at_most(
    service: Service, tmp_path: Path, clean_fetch: Callable[[Service], Outcome]
) -> None:
    chaos = Chaos(0.3, 4, service.faults, drip=0.02, retry_after="2", odd=0.1)
    clean = clean_fetch(service)
    outcome = fetch_all(service, tmp_path / "chaos", chaos, runs=60)
    assert_arrived(outcome, clean)


@services
def test_what_is_no_answer_is_no_page_without_links(
    service: Service, tmp_path: Path, clean_fetch: Callable[[Service], Outcome]
) -> None:
    clean = clean_fetch(service)
    outcome = fetch_all(service, tmp_path / "chaos", Chaos(0.4, 3, HOLLOW), runs=60)
    assert_arrived(outcome, clean)
    assert outcome.cost == clean.cost


def test_a_refresh_that_stops_goes_on_too_and_the_next_one_begins_anew(tmp_path: Path) -> None:
    with at_desk(SEMRUSH, tmp_path, WORLD) as desk:
        desk.fetch()
        clean = desk.fake.books.cost
        desk.fake.chaos = Chaos(0.4, 2, ("500", "503"))
        codes = [desk.fetch("--refresh").code]
        while codes[-1] == FAILED:
            desk.fetch("--dry-run", "--refresh")
            codes.append(desk.fetch("--refresh").code)
        assert len(codes) > 1, "else nothing is tried here"
        assert desk.fake.books.cost == 2 * clean
        desk.fake.chaos = Chaos()
        desk.fetch("--dry-run", "--refresh")
        desk.fetch("--refresh")
        assert desk.fake.books.cost == 3 * clean
