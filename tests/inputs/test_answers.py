"""Answers of APIs are read as they come: JSON and JSON lines, flattened to the same declarations."""

import json
from pathlib import Path
from typing import Any

import pytest

from running import result, run
from tables import OURS

A, B = "https://a.example/1", "https://b.example/2"
Json = dict[str, Any]


def dataforseo(*items: Json, **more: object) -> Json:
    found = {"target": OURS, "total_count": len(items), "items": list(items), **more}
    return {"status_code": 20000, "tasks": [{"id": "1", "result": [found]}]}


def item(url: str, **more: object) -> Json:
    return {"url_from": url, "url_to": OURS, "dofollow": True, "is_lost": False, **more}


ROWS = [item(A, attributes=["ugc", "noopener"], rank={"deep": 1}), item(B, dofollow=False)]
AHREFS = {
    "backlinks": [
        {"url_from": A, "url_to": OURS, "domain_rating_source": 63.5, "is_lost": False},
        {"url_from": B, "url_to": OURS, "domain_rating_source": 0.0, "is_lost": True},
    ]
}


def read(path: Path, text: str | bytes, *more: object) -> Json:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return result(path.name, "--target", OURS, *more, cwd=path.parent)


def own(answer: Json) -> tuple[int, int]:
    page = answer["keywords"][0]["target_page"]
    return page["raw"], page["followed"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        pytest.param(json.dumps(dataforseo(*ROWS)), id="an answer"),
        pytest.param(json.dumps(dataforseo(*ROWS), indent=2), id="over many lines"),
        pytest.param(json.dumps(dataforseo(*ROWS)).encode("utf-16"), id="UTF-16"),
        pytest.param(json.dumps(dataforseo(*ROWS)).encode("utf-8-sig"), id="UTF-8 with a mark"),
        pytest.param(json.dumps(ROWS), id="the items alone"),
        pytest.param("\n".join(map(json.dumps, ROWS)), id="JSON lines of items"),
        pytest.param(
            "\n".join(json.dumps(dataforseo(row)) for row in ROWS) + "\n\n",
            id="JSON lines of answers",
        ),
        pytest.param(
            json.dumps({"tasks": [*dataforseo(ROWS[0])["tasks"], *dataforseo(ROWS[1])["tasks"]]}),
            id="several tasks",
        ),
    ],
)
@pytest.mark.parametrize("name", ["answer.json", "answer.csv"])
def test_an_answer_is_read_in_every_form(tmp_path: Path, text: str | bytes, name: str) -> None:
    answer = read(tmp_path / name, text)

    (told,) = answer["inputs"]
    assert (told["name"], told["format"], told["rows"]) == (name, "dataforseo-backlinks", 2)
    assert own(answer) == (2, 0)


def test_an_answer_of_ahrefs_is_read_with_its_lost_links(tmp_path: Path) -> None:
    answer = read(tmp_path / "a.jsonl", json.dumps(AHREFS))

    assert answer["inputs"][0]["format"] == "ahrefs-api-backlinks"
    assert answer["keywords"][0]["target_page"]["raw"] == 1


def test_a_list_of_domains_is_bound_to_its_page(tmp_path: Path) -> None:
    rows = [{"domain": "a.example", "domain_rating": 5, "links_to_target": 1, "dofollow_links": 0}]
    answer = read(
        tmp_path / "a.json", json.dumps({"refdomains": rows}), "--links-for", f"{OURS}=a.json"
    )

    assert answer["inputs"][0]["format"] == "ahrefs-api-refdomains"
    assert own(answer) == (1, 0)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        pytest.param(dataforseo(*ROWS, total_count=500), "the answer has 2 of 500 items", id="cut"),
        pytest.param(
            {**dataforseo(*ROWS), "data": {"filters": ["dofollow", "=", True]}},
            "it was asked for with filters",
            id="filtered",
        ),
    ],
)
def test_an_answer_that_is_not_whole_says_so(tmp_path: Path, answer: Json, says: str) -> None:
    (told,) = read(tmp_path / "a.json", json.dumps(answer))["inputs"]

    assert told["complete"] is False
    assert says in told["note"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param(
            '{"error": "no units"}',
            "it is JSON without a list of rows; it says 'no units'. Run",
            id="an error",
        ),
        pytest.param(
            '["Error", ["APIError", "Insufficient plan"]]',
            "it is JSON without a list of rows; it says 'Insufficient plan'. Run",
            id="an error of Ahrefs",
        ),
        pytest.param(
            '{"status_message": "Ok.", "tasks": [{"status_message": "Invalid Field."}]}',
            "it is JSON, and the fields of its rows are not known (found: status_message); it says "
            "'Invalid Field.'. Run",
            id="an error of DataForSEO",
        ),
        pytest.param(
            '[{"invoice": 1}]', "it is JSON, and the fields of its rows are not known", id="other"
        ),
        pytest.param('{"backlinks": [{"url_from":', "it is JSON that is damaged", id="cut off"),
        pytest.param("[" * 100_000 + '"', "it is JSON that is damaged or cut off", id="deep"),
        pytest.param('{"n": ' + "9" * 5000 + "}", "it is JSON that is damaged", id="huge number"),
    ],
)
def test_other_json_is_refused_in_a_sentence(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "a.json").write_text(text)

    done = run("a.json", cwd=tmp_path)

    assert done.code == 3
    assert done.err.startswith(f"gapcalc: a.json: {says}")
    assert done.err.count("\n") == 1


def test_odd_text_in_an_answer_is_read(tmp_path: Path) -> None:
    odd = json.dumps({"backlinks": [{**AHREFS["backlinks"][0], "anchor": "\ud800 \n x"}]})

    assert own(read(tmp_path / "a.json", odd))[0] == 1


def test_a_csv_whose_first_heading_is_in_brackets_is_no_json(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("[Title],Source url,Target url\nx,https://a.example/," + OURS)

    assert result("a.csv", cwd=tmp_path)["inputs"][0]["format"] == "link-table"
