"""Fetched data gives the same answer as exported data."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fake_providers import TARGET, World
from fetching import AHREFS, DATAFORSEO, SERVICES, Service, at_desk, fast_time
from running import result, run

pytestmark = pytest.mark.slow

WORLD = World(keywords=2, rankings=12, crowd=120)
ELSEWHERE = "www.elsewhere.example/new-page/"
services = pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)


@pytest.fixture(autouse=True)
def fast() -> Iterator[None]:
    with fast_time():
        yield


def manifest(folder: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((folder / "gapcalc-manifest.json").read_bytes())
    return told


@services
def test_gap_fetches_and_answers_in_one_go(service: Service, tmp_path: Path) -> None:
    with at_desk(service, tmp_path, WORLD) as desk:
        desk.fetch(keywords=1)
        asked = len(desk.fake.books.entries)
        order = ("--keyword", "desk lamp 0", "--target", TARGET, "--depth", "links")
        done = desk.run("gap", *order, "--yes", "--json")
        assert done.code == 0, done.err
        assert len(desk.fake.books.entries) == asked, "the cache is the same"
    written = run(tmp_path / "out", "--target", TARGET, "--json").out
    assert done.out == written.replace((tmp_path / "out").as_posix(), service.provider)


@services
def test_counts_alone_answer_with_vendor_totals(service: Service, tmp_path: Path) -> None:
    with at_desk(service, tmp_path, WORLD) as desk:
        assert desk.fetch("--depth", "counts", keywords=1).code == 0
        assert not [
            e for e in desk.fake.books.entries if e.path.endswith(("links", "/backlinks/live"))
        ]
        totals = [
            WORLD.totals(row.url or "").domains for row in WORLD.serp("desk lamp 0") if row.organic
        ]
    (answer,) = result(tmp_path / "out", "--target", TARGET)["keywords"]
    assert answer["basis"] == "raw"
    assert [page["raw"] for page in answer["pages"]] == totals[:10]
    assert answer["target_page"]["raw"] == WORLD.totals(TARGET).domains


@services
def test_an_own_page_that_does_not_rank_is_measured_too(service: Service, tmp_path: Path) -> None:
    with at_desk(service, tmp_path, WORLD) as desk:
        order = ("desk lamp 1", "--target", ELSEWHERE, "--depth", "links")
        done = desk.run("fetch", *order, "-o", tmp_path / "out", "--yes")
        assert done.code == 0, done.err
    (answer,) = result(tmp_path / "out", "--target", ELSEWHERE)["keywords"]
    own = answer["target_page"]
    assert (own["position"], own["raw"], own["kept"]) == (None, 0, 0)
    assert answer["basis"] == "kept"


def test_ahrefs_difficulty_comes_along(tmp_path: Path) -> None:
    with at_desk(AHREFS, tmp_path, WORLD) as desk:
        desk.fetch("--depth", "counts")
    answers = result(tmp_path / "out", "--target", TARGET)["keywords"]
    assert [answer["kd"] for answer in answers] == [WORLD.difficulty(p) for p in WORLD.phrases]
    assert all(answer["benchmark"] for answer in answers)


def test_columns_are_bought_for_the_rules_in_effect(tmp_path: Path) -> None:
    with at_desk(AHREFS, tmp_path, WORLD) as desk:
        desk.fetch("--profile", "all", keywords=1)
        desk.fetch("--rule", "traffic", keywords=1)
        asked = [str(e.parameters["select"]) for e in desk.fake.books.of("all-backlinks")]
    half = len(asked) // 2
    assert not [fields for fields in asked[:half] if "anchor" in fields]
    assert all("anchor" in fields and "traffic_domain" in fields for fields in asked[half:])


@pytest.mark.parametrize("service", [AHREFS, DATAFORSEO], ids=lambda service: service.name)
def test_one_link_per_domain_finds_the_domains(service: Service, tmp_path: Path) -> None:
    with at_desk(service, tmp_path, WORLD) as desk:
        assert desk.fetch("--one-per-domain", keywords=1).code == 0
    (answer,) = result(tmp_path / "out", "--target", TARGET)["keywords"]
    for page in answer["pages"]:
        assert page["raw"] == WORLD.totals(page["url"]).domains
    notes = [file["note"] for file in manifest(tmp_path / "out")["files"] if file["page"]]
    assert all(note.startswith("one link of each domain") for note in notes)


def test_gap_takes_inputs_or_a_provider() -> None:
    done = run("gap", "x.csv", "--provider", "ahrefs", "--keyword", "x")
    assert done.code == 2
    assert "leave x.csv out, or --provider" in done.err


def test_gap_shows_the_cost_alone_when_asked_to(tmp_path: Path) -> None:
    done = run(
        *("gap", "--provider", "ahrefs", "--keyword", "x", "--dry-run", "--cache", tmp_path / "c")
    )
    assert done.code == 0
    assert "COST  At most" in done.out
    assert not (tmp_path / "c").exists()
