"""Through faults of every kind a fetch arrives at the right answer, and pays nothing twice."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fake_providers import Chaos, World
from fetching import DONE, FAILED, SERVICES, Service, Voyage, at_desk, fast_time, sail

WORLD = World(keywords=2, rankings=10, crowd=60)
services = pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)


@pytest.fixture(autouse=True)
def fast(request: pytest.FixtureRequest) -> Iterator[None]:
    attempts = 2 if "stops" in request.node.name else 100
    with fast_time(attempts=attempts):
        yield


def fetch_all(service: Service, folder: Path, chaos: Chaos, runs: int = 1) -> Voyage:
    with at_desk(service, folder, WORLD, chaos=chaos) as desk:
        return sail(desk, runs=runs)


def assert_arrived(voyage: Voyage, clean: Voyage) -> None:
    assert clean.codes == (DONE,), clean.errors
    assert voyage.codes[-1] == DONE, voyage.errors
    assert voyage.faulty >= 3
    assert voyage.files == clean.files
    assert voyage.cost <= clean.cost + voyage.lost_cost
    assert voyage.rows <= clean.rows + voyage.lost_rows


@services
def test_a_third_of_all_answers_may_be_faulty(service: Service, tmp_path: Path) -> None:
    chaos = Chaos(0.3, 1, service.faults, drip=0.02, retry_after="2")
    clean = fetch_all(service, tmp_path / "clean", Chaos())
    assert_arrived(fetch_all(service, tmp_path / "chaos", chaos), clean)


@services
def test_a_run_that_stops_goes_on_where_it_was(service: Service, tmp_path: Path) -> None:
    chaos = Chaos(0.4, 2, service.faults, drip=0.02, retry_after="2")
    clean = fetch_all(service, tmp_path / "clean", Chaos())
    voyage = fetch_all(service, tmp_path / "chaos", chaos, runs=60)
    assert_arrived(voyage, clean)
    assert voyage.codes[0] == FAILED, "else nothing is tried here"
    assert set(voyage.codes) == {FAILED, DONE}


@services
def test_a_run_that_stops_leaves_no_half_written_folder(service: Service, tmp_path: Path) -> None:
    chaos = Chaos(1.0, faults=("500",))
    with at_desk(service, tmp_path, WORLD, chaos=chaos) as desk:
        done = desk.fetch()
    assert done.code == FAILED
    assert "same command" in done.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cache"]
