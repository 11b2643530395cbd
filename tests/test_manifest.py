"""A manifest beside the files says which pages the lists are of and whether they are complete."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from gapcalc.inputs.manifest import NAME, ManifestEntry, read_manifest, write_manifest
from running import cautions, result, run
from tables import OURS, links_to, rival, write_ahrefs, write_rows, write_serp

REFDOMAINS = "Domain\tDR\tDofollow links\tLinks to target\tTraffic\tFirst seen\tLost\n"


def a_folder(tmp_path: Path, **told: Mapping[str, object]) -> Path:
    """Make a folder with a SERP, a list of our page, and a manifest that tells of `ours.tsv`."""
    folder = tmp_path / "fetched"
    folder.mkdir()
    write_serp(folder / "serp.csv", [10, 20, 30])
    rows = "".join(f"site{n}.example\t50\t1\t1\t0\t2026-01-01\t\n" for n in range(4))
    (folder / "ours.tsv").write_text(REFDOMAINS + rows)
    tell(folder, [{"name": f"{name}.tsv", **facts} for name, facts in told.items()])
    return folder


def tell(folder: Path, files: list[Mapping[str, object]], **more: object) -> None:
    manifest = {"schema": "gapcalc.manifest/1", "made_by": "a test", "files": files, **more}
    (folder / NAME).write_text(json.dumps(manifest))


def answer(*arguments: object) -> tuple[dict[str, Any], dict[str, Any]]:
    """Give the answer of the one keyword, and the input `ours.tsv`."""
    whole = result(*arguments, "--target", OURS)
    (ours,) = (item for item in whole["inputs"] if item["name"].endswith("ours.tsv"))
    return whole["keywords"][0], ours


def test_a_list_is_bound_to_the_page_that_the_manifest_tells(tmp_path: Path) -> None:
    folder = a_folder(tmp_path, ours={"page": OURS})
    keyword, ours = answer(folder)
    assert keyword["target_page"]["raw"] == 4
    assert ours["note"] == "bound to our.example/page"
    assert len(result(folder)["inputs"]) == 2, "the manifest itself is no input"


@pytest.mark.parametrize("name", ["ours.tsv", "*"])
def test_a_manifest_entry_holds_however_the_file_is_named(tmp_path: Path, name: str) -> None:
    folder = a_folder(tmp_path, ours={"page": OURS, "complete": False, "note": "500 of 900 rows"})
    keyword, ours = answer(folder / "serp.csv", folder / name)
    assert (keyword["target_page"]["raw"], keyword["target_page"]["complete"]) == (4, False)
    assert ours["note"] == "500 of 900 rows; bound to our.example/page"
    assert keyword["gap"]["bound"] == "at most"


def test_a_page_named_on_the_command_line_beats_the_manifest(tmp_path: Path) -> None:
    folder = a_folder(tmp_path, ours={"page": "https://elsewhere.example/"})
    keyword, _ = answer(folder, "--links-for", f"{OURS}={folder / 'ours.tsv'}")
    assert keyword["target_page"]["raw"] == 4


def test_an_empty_list_with_a_stated_page_is_a_known_zero(tmp_path: Path) -> None:
    folder = a_folder(tmp_path, ours={"page": OURS})
    (folder / "ours.tsv").write_text(REFDOMAINS)
    keyword, _ = answer(folder)
    assert (keyword["target_page"]["raw"], keyword["gap"]["to_median"]) == (0, 20)


def test_a_list_that_names_its_targets_keeps_them(tmp_path: Path) -> None:
    folder = a_folder(tmp_path)
    write_rows(folder / "ours.csv", links_to(OURS, 3) + links_to(rival(1), 2))
    tell(folder, [{"name": "ours.csv", "page": OURS, "complete": True}])
    assert result(folder, "--target", OURS)["keywords"][0]["target_page"]["raw"] == 3


def test_a_list_stated_as_incomplete_counts_as_cut(tmp_path: Path) -> None:
    keyword, ours = answer(a_folder(tmp_path, ours={"page": OURS, "complete": False}))
    assert ours["complete"] is False
    assert ours["note"].startswith("it was cut off when it was fetched")
    assert 'so the gap is "at most"' in " ".join(cautions(keyword))


@pytest.mark.slow
def test_a_list_stated_as_complete_is_not_taken_for_cut_at_a_round_number(tmp_path: Path) -> None:
    folder = a_folder(tmp_path)
    links = [f"https://s{n}.example/p" for n in range(1_000)]
    write_ahrefs(folder / "ours.tsv", OURS, links)
    keyword, ours = answer(folder)
    assert (ours["complete"], keyword["target_page"]["complete"]) == (False, False)
    tell(folder, [{"name": "ours.tsv", "page": OURS, "complete": True}])
    keyword, ours = answer(folder)
    assert (ours["complete"], keyword["target_page"]["complete"]) == (True, True)
    assert keyword["gap"]["bound"] == "exact"


def test_a_list_stated_as_complete_still_shows_one_link_per_domain(tmp_path: Path) -> None:
    folder = a_folder(tmp_path)
    write_ahrefs(folder / "ours.tsv", OURS, [f"https://s{n}.example/p" for n in range(10)])
    text = (folder / "ours.tsv").read_bytes().decode("utf-16")
    text += text.splitlines()[1].replace("s0.", "s10.").replace(OURS, rival(1)) + "\n"
    (folder / "ours.tsv").write_text(text)
    tell(folder, [{"name": "ours.tsv", "complete": True}])
    _, ours = answer(folder)
    assert ours["complete"] is False
    assert "one link per domain" in ours["note"]


def test_a_page_is_complete_only_when_all_its_lists_are(tmp_path: Path) -> None:
    folder = a_folder(tmp_path, ours={"page": OURS, "complete": True})
    write_rows(folder / "more.csv", links_to(OURS, 3))
    keyword, ours = answer(folder)
    assert (ours["complete"], keyword["target_page"]["complete"]) == (True, None)


def test_a_file_that_the_manifest_lists_must_be_there(tmp_path: Path) -> None:
    folder = a_folder(tmp_path, ours={}, theirs={"page": rival(1)})
    done = run(folder, "--target", OURS)
    assert done.code == 3
    assert "it lists theirs.tsv, which is not there. Put the file back, or take" in done.err


def test_a_file_that_the_manifest_lists_must_be_readable(tmp_path: Path) -> None:
    folder = a_folder(tmp_path, ours={"page": OURS})
    (folder / "ours.tsv").write_text("a,b\n1,2\n")
    done = run(folder, "--target", OURS)
    assert done.code == 3
    assert "ours.tsv: its headings are not known" in done.err


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("{", "it is not a manifest (Invalid JSON", id="no JSON"),
        pytest.param("[]", "it is not a manifest (", id="another shape"),
        pytest.param(
            '{"schema": "gapcalc.manifest/1"}', "not a manifest (files: ", id="without files"
        ),
        pytest.param(
            '{"schema": "gapcalc.manifest/2", "files": []}',
            "its schema is 'gapcalc.manifest/2', not 'gapcalc.manifest/1'",
            id="another schema",
        ),
        pytest.param(
            '{"schema": "gapcalc.manifest/1", "files": [{"name": "ours.tsv", "complete": "no"}]}',
            "files.0.complete: Input should be a valid boolean",
            id="a word for a truth value",
        ),
        pytest.param(
            '{"schema": "gapcalc.manifest/1", "files": [{"name": "a"}, {"name": "a"}]}',
            "it lists 'a' twice",
            id="one file twice",
        ),
        pytest.param(
            '{"schema": "gapcalc.manifest/1", "files": [{"name": "a", "page": "no page"}]}',
            "the page of 'a' is not a URL: 'no page'",
            id="a page that is none",
        ),
    ],
)
def test_a_manifest_that_cannot_be_used_is_reported(tmp_path: Path, text: str, reason: str) -> None:
    folder = a_folder(tmp_path)
    (folder / NAME).write_text(text)
    done = run(folder, "--target", OURS)
    assert done.code == 3
    assert f"{NAME}: " in done.err
    assert reason in done.err
    assert "Fix it, or delete it" in done.err


@pytest.mark.parametrize("name", ["../secret.csv", "/etc/passwd", "a\\b.csv", "..", "", "C:x"])
def test_a_manifest_cannot_name_files_elsewhere(tmp_path: Path, name: str) -> None:
    folder = a_folder(tmp_path)
    tell(folder, [{"name": name}])
    done = run(folder, "--target", OURS)
    assert done.code == 3
    assert "which is no name of a file beside it" in done.err


def test_keys_that_a_later_version_adds_are_passed_over(tmp_path: Path) -> None:
    folder = a_folder(tmp_path)
    tell(folder, [{"name": "ours.tsv", "page": OURS, "rows": 4}], units={"spent": 12})
    assert answer(folder)[0]["target_page"]["raw"] == 4


def test_a_manifest_is_read_as_it_was_written() -> None:
    told = {
        "a.csv": ManifestEntry("https://ä.example/?q=\"'", complete=False, note="500 of 900 rows"),
        "b.csv": ManifestEntry(complete=True, vendor="semrush"),
        "c.csv": ManifestEntry(),
    }
    text = write_manifest(told, "a test", {"provider": "ahrefs", "units": {"spent": 12}})
    assert read_manifest(text.encode(), NAME) == told
    assert json.loads(text)["units"] == {"spent": 12}
