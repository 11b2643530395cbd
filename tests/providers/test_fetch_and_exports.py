"""Fetching and exporting by hand give the same answer, for every provider."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fake_providers import TARGET, World
from fake_providers.exports import Habit, write_exports
from fetching import AHREFS, DATAFORSEO, SERVICES, Service, at_desk, fast_time
from running import result

pytestmark = pytest.mark.slow

WORLD = World(keywords=2, rankings=8, crowd=100)


@pytest.fixture(autouse=True)
def fast() -> Iterator[None]:
    with fast_time():
        yield


def answers(*arguments: object) -> list[Any]:
    """Give the answers without figures based on dates, which a fetch does not buy."""
    found: list[Any] = result(*arguments, "--target", TARGET)["keywords"]
    for answer in found:
        del answer["velocity"]
        if answer["plan"]:
            del answer["plan"]["moving"]
    return found


@pytest.mark.parametrize(
    ("service", "profile"),
    [*((service, "balanced") for service in SERVICES), (AHREFS, "strict"), (DATAFORSEO, "strict")],
    ids=lambda value: getattr(value, "name", value),
)
def test_a_fetched_keyword_is_answered_like_its_exports(
    service: Service, profile: str, tmp_path: Path
) -> None:
    with at_desk(service, tmp_path, WORLD) as desk:
        done = desk.fetch("--profile", profile, keywords=1)
        assert done.code == 0, done.err
    habit = Habit(service.exported, lost=False, rel=service.knows_rel)
    exports = write_exports(WORLD, "desk lamp 0", tmp_path / "exports", habit)
    (fetched,) = answers(tmp_path / "out", "--profile", profile)
    (exported,) = answers(*exports.arguments, "--profile", profile)
    assert fetched == exported
