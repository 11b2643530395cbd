"""The estimate holds: it is never exceeded, and exact where every factor is known."""

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from fake_providers import TARGET, Chaos, World
from fetching import (
    AHREFS,
    DATAFORSEO,
    DONE,
    FAILED,
    SEMRUSH,
    SERVICES,
    TOO_DEAR,
    Desk,
    Service,
    at_desk,
    fast_time,
)

pytestmark = pytest.mark.slow

WORLD = World(keywords=1, rankings=6, crowd=60)
LONG = World(keywords=1, rankings=5, crowd=1100)  # a page's links fill more than one answer
services = pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
AMOUNT = r"(?:US\$ ([0-9.,]+)|([0-9,]+) units)"


@pytest.fixture(autouse=True)
def fast() -> Iterator[None]:
    with fast_time():
        yield


def amounts(text: str) -> list[Decimal]:
    """Give the amounts of units or dollars in a text."""
    return [Decimal((a or b).replace(",", "")) for a, b in re.findall(AMOUNT, text)]


def estimated(desk: Desk, *arguments: object) -> tuple[Decimal, bool]:
    """Give the total cost that --dry-run states, and whether it is exact."""
    asked_before = len(desk.fake.books.entries)
    done = desk.fetch("--dry-run", *arguments)
    assert done.code == DONE, done.err
    assert len(desk.fake.books.entries) == asked_before, "an estimate asks nothing"
    (line,) = [line for line in done.out.splitlines() if line.startswith("COST  ")]
    return amounts(line)[0], "Exactly" in line


def billed(out: str) -> dict[str, tuple[Decimal, Decimal, bool]]:
    """Give per step of a bill what was estimated, what was spent, and whether it was exact."""
    steps = {}
    for line in out.splitlines():
        if len(found := amounts(line)) == 2:
            steps[line.split()[0]] = found[0], found[1], "<=" not in line
    return steps


@services
@pytest.mark.parametrize("depth", ["counts", "links"])
def test_nothing_costs_more_than_it_was_said_to(
    service: Service, depth: str, tmp_path: Path
) -> None:
    with at_desk(service, tmp_path, LONG) as desk:
        bound, exact = estimated(desk, "--depth", depth)
        done = desk.fetch("--depth", depth)
        spent = desk.fake.books.cost
        assert done.code == DONE, done.err
    assert not exact, "nobody knows the pages yet"
    assert 0 < spent <= bound
    steps = billed(done.out)
    assert list(steps) == ["serp", "counts", *(["links"] if depth == "links" else []), "all"]
    assert steps["all"][1] == spent, "what was spent is read from the answers"
    assert all(of <= said for said, of, _ in steps.values())


@services
def test_the_counts_are_reckoned_exactly_once_the_pages_are_known(
    service: Service, tmp_path: Path
) -> None:
    with at_desk(service, tmp_path, WORLD) as desk:
        done = desk.fetch("--depth", "counts")
        said, spent, exact = billed(done.out)["counts"]
    assert exact
    assert said == spent


@services
def test_the_lists_are_reckoned_by_the_counts(service: Service, tmp_path: Path) -> None:
    with at_desk(service, tmp_path, LONG) as desk:
        desk.fetch("--depth", "counts")
        before = desk.fake.books.cost
        bound, exact = estimated(desk)
        desk.fetch()
        spent = desk.fake.books.cost - before
    assert 0 < spent <= bound
    # Only Semrush counts links the way it lists them; Ahrefs counts what it lists in groups, and
    # DataForSEO does not count links at all.
    assert (spent == bound) == (service.provider == "semrush")
    assert not exact or spent == bound


@pytest.mark.parametrize("service", [AHREFS, DATAFORSEO], ids=lambda service: service.name)
def test_lists_of_one_link_per_domain_are_reckoned_exactly_or_not_said_to_be(
    service: Service, tmp_path: Path
) -> None:
    with at_desk(service, tmp_path, WORLD) as desk:
        desk.fetch("--depth", "counts", "--one-per-domain")
        before = desk.fake.books.cost
        bound, exact = estimated(desk, "--one-per-domain")
        assert desk.fetch("--one-per-domain").code == DONE
        spent = desk.fake.books.cost - before
    assert 0 < spent <= bound
    assert exact == (spent == bound)


@services
def test_what_was_fetched_costs_nothing_again(service: Service, tmp_path: Path) -> None:
    with at_desk(service, tmp_path, WORLD) as desk:
        desk.fetch()
        files, cost = desk.files, desk.fake.books.cost
        assert estimated(desk)[0] == 0
        assert desk.fetch().code == DONE
        assert desk.fetch("--depth", "counts").code == DONE
        assert desk.fetch("--offline").code == DONE
        assert (desk.files, desk.fake.books.cost) == (files, cost)


@services
def test_a_limit_is_kept_to_the_unit(service: Service, tmp_path: Path) -> None:
    with at_desk(service, tmp_path, WORLD) as desk:
        desk.fetch("--depth", "counts")
        known = desk.fake.books.cost
        bound, _ = estimated(desk)
        least = Decimal("0.00001" if service.provider == "dataforseo" else 1)
        refused = desk.fetch("--max-units", bound - least)
        assert refused.code == TOO_DEAR, refused.err
        assert "COST  " in refused.err, "what it would cost is shown all the same"
        assert desk.fake.books.cost == known
        assert desk.fetch("--max-units", bound).code == DONE


@services
def test_a_limit_holds_when_answers_are_lost(service: Service, tmp_path: Path) -> None:
    chaos = Chaos(0.5, seed=3, faults=("reset within the body", "reset before the body"))
    with at_desk(service, tmp_path, WORLD, chaos=chaos) as desk:
        bound, _ = estimated(desk, "--depth", "counts")
        code = desk.fetch("--depth", "counts", "--max-units", bound).code
        assert code in (DONE, FAILED, TOO_DEAR)
        assert desk.fake.books.cost <= bound


@services
def test_a_page_that_ranks_for_several_keywords_is_paid_once(
    service: Service, tmp_path: Path
) -> None:
    world = World(keywords=2, rankings=6, crowd=40, shared=6)
    with at_desk(service, tmp_path, world) as desk:
        desk.fetch(keywords=1)
        first = len(desk.fake.books.entries)
        desk.fetch()
    more = desk.fake.books.entries[first:]
    assert more
    assert not [entry for entry in more if "links" in entry.path or "batch" in entry.path]


@services
def test_a_first_fetch_stops_at_the_counts_and_says_what_links_would_cost(
    service: Service, tmp_path: Path
) -> None:
    with at_desk(service, tmp_path, WORLD) as desk:
        order = ("fetch", *WORLD.phrases, "--target", TARGET, "-o", tmp_path / "out", "--yes")
        dry = desk.run(*order, "--dry-run")
        said = re.search(r"With --depth links, at most (.*) more", dry.out)
        assert said, dry.out
        beside = amounts(said[1])[0]
        done = desk.run(*order)
        assert done.code == DONE
        assert not [name for name in desk.files if name.startswith("links-")]
        before = desk.fake.books.cost
        assert before < beside
        assert desk.fetch().code == DONE
        assert desk.fake.books.cost - before <= beside


@pytest.mark.parametrize(
    ("service", "settings", "left"),
    [
        (AHREFS, {"units": 200_000}, "200,000 units left"),
        (SEMRUSH, {"units": 50_000}, "50,000 units left"),
        (DATAFORSEO, {"money": Decimal(50)}, r"US\$ 50.00 left"),
    ],
    ids=["ahrefs", "semrush", "dataforseo"],
)
def test_the_estimate_says_what_share_of_the_account_it_is(
    service: Service, settings: dict[str, object], left: str, tmp_path: Path
) -> None:
    with at_desk(service, tmp_path, WORLD, **settings) as desk:
        done = desk.fetch("--depth", "counts")
    assert re.search(rf"COST  At most .* \((under 1|\d+)% of the {left}\)", done.err)
    assert re.search(rf"With --depth links, at most .* \(\d+% of the {left}\)", done.err), done.err
