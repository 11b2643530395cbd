"""The JSON is the contract: every key, its type, unknown as null, the same bytes every time."""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from gapcalc.reports.data import dump
from gapcalc.results.gap import GapResult
from running import FIXTURES, ask, command_after, result, run, run_process
from tables import OURS, rival, write_links, write_rows, write_serp

DESK = ("standing-desk", "--target", "https://www.deskwise.example/standing-desk/")
LAMP = "https://www.lampkin.example/desk-lamp/"
SERP = "vendors/gapcalc-serp.csv"
SCENARIOS = [
    pytest.param(DESK, id="everything"),
    pytest.param((*DESK, "--sensitivity", "--pace", "4"), id="sensitivity and plan"),
    pytest.param((*DESK, "--profile", "strict", "--basis", "followed"), id="strict, followed"),
    pytest.param((*DESK, "--drop", "platform,homepage", "--basis", "raw"), id="pages dropped"),
    pytest.param((SERP,), id="a SERP alone"),
    pytest.param((SERP, "--own-rds", "5", "--kd", "95"), id="an own count and a KD given"),
    pytest.param((SERP, "--target", LAMP), id="own page in the SERP"),
    pytest.param(
        (SERP, "--target", OURS, "--links-for", f"{OURS}=broken/header-only.csv"), id="a known 0"
    ),
    pytest.param(("vendors/ahrefs-serps.csv",), id="several keywords"),
    pytest.param(("vendors",), id="every format at once", marks=pytest.mark.slow),
    pytest.param(("vendors/semrush-backlinks.csv",), id="links alone"),
    pytest.param(("vendors/ahrefs-backlinks-2026.csv", "--target", LAMP), id="only own links"),
    pytest.param(
        ("--links-for", f"{LAMP}=vendors/ahrefs-refdomains.tsv", SERP), id="domain-level links"
    ),
    pytest.param(("vendors/semrush-refdomains.csv",), id="links of an unknown page"),
    pytest.param(("checks/43-178-221", "--sensitivity"), id="a worked example"),
    pytest.param(("broken/hostile.csv",), id="hostile text"),
    pytest.param(("broken/ragged-rows.csv",), id="bad rows"),
]


@cache
def said(*arguments: str) -> str:
    done = run(*arguments, "--json")
    assert done.code == 0, done.err
    return done.out


def answers(arguments: Sequence[str]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(said(*arguments))["keywords"]
    return found


# --- the contract, key by key --------------------------------------------------------------------


@dataclass(frozen=True)
class Each:
    """An object with any keys, and what stands under each."""

    shape: object


@dataclass(frozen=True)
class Word:
    """One of a few words."""

    words: tuple[str, ...]


NUMBER = (int, float)
COUNT = (int, None)
FIGURE = (int, float, None)
TEXT = (str, None)
BASIS = Word(("kept", "raw", "followed"))
VERDICT = Word(
    (
        "too-little-data",
        "own-count-unknown",
        "no-gap",
        "links-not-the-lever",
        "within-range",
        "out-of-reach",
        "gap",
    )
)
AUTHORITY = ({"metric": str, "value": NUMBER}, None)
SET_ASIDE = ({"lost": int, "internal": int}, None)
COUNTS = {"raw": COUNT, "kept": COUNT, "followed": COUNT, "count": COUNT}
TARGET_PAGE = {
    "url": TEXT,
    "page": TEXT,
    "position": COUNT,
    **COUNTS,
    "source": (Word(("links", "vendor", "given")), None),
    "complete": (bool, None),
    "authority": AUTHORITY,
    "chosen": Word(("named", "best-ranking", "given", "new")),
}
PAGE = {
    "position": COUNT,
    "url": str,
    "page": str,
    "domain": str,
    "authority": AUTHORITY,
    **COUNTS,
    "source": (Word(("links", "vendor")), None),
    "complete": (bool, None),
    "comparable": bool,
    "left_out": TEXT,
    "flags": [str],
    "set_aside": SET_ASIDE,
    "dropped": (Each(int), None),
}
BOUND = Word(("exact", "at least", "at most"))
GOALS = {
    "n": int,
    "median": FIGURE,
    "bound": (Word(("exact", "at least")), None),
    "entry": FIGURE,
    "stretch": FIGURE,
    "stretch_pages": int,
    "competitive": COUNT,
    "leader": ({"url": str, "count": int}, None),
    "outranking": ({"min": int, "median": NUMBER}, None),
    "mean": (float, None),
    "mean_to_median": (float, None),
    "min": COUNT,
    "max": COUNT,
    "spread": ({"low": int, "high": int, "coverage": float}, None),
    "leave_one_out": ({"low": NUMBER, "high": NUMBER}, None),
    "without_flagged": ({"median": FIGURE, "n": int}, None),
    "bounds": Each((BOUND, None)),
    "at_most": Each(FIGURE),
    "confidence": Word(("high", "medium", "low")),
    "confidence_reason": str,
}
GAP = {
    "to_median": COUNT,
    "to_entry": COUNT,
    "to_stretch": COUNT,
    "to_competitive": COUNT,
    "surplus": {"median": COUNT, "entry": COUNT, "stretch": COUNT},
    "bound": (BOUND, None),
    "bounds": Each((BOUND, None)),
    "least": COUNT,
    "most": COUNT,
    "under_own_rules": ({"left_out": [str], "median": FIGURE, "need": COUNT}, None),
}
BY_BASIS = {
    "n": int,
    "median": FIGURE,
    "bound": (Word(("exact", "at least")), None),
    "own": COUNT,
    "need": COUNT,
    "need_bound": (BOUND, None),
    "verdict": VERDICT,
}
SUMMARY = {
    "verdict": VERDICT,
    "own": COUNT,
    "goal": FIGURE,
    "need": COUNT,
    "to_competitive": COUNT,
    "months_middle": COUNT,
    "confidence": Word(("high", "medium", "low")),
    "sentence": str,
}
CAUTION = {"code": str, "text": str}
PROFILE = {"site": (str, None), "pages": int, "domains": int, "kept": int, "lost": int}
PLAN = {
    "pace": {"low": NUMBER, "middle": NUMBER, "high": NUMBER},
    "pace_source": str,
    "months": {"low": int, "middle": int, "high": int},
}
STRENGTH = {
    "metric": str,
    "own": NUMBER,
    "median": NUMBER,
    "similar_n": int,
    "similar_median": FIGURE,
}
BENCHMARK = {
    "kd": NUMBER,
    "rd": int,
    "low": COUNT,
    "high": COUNT,
    "scale": str,
    "source": str,
    "extrapolated": bool,
}
NETWORK = {
    "domains": [str],
    "pages": [str],
    "median_authority": NUMBER,
    "address_range": TEXT,
    "anchors": ([str], None),
}
NETWORK_EFFECT = {
    "domains": int,
    "dropped": bool,
    "median_with": FIGURE,
    "median_without": FIGURE,
    "need_with": COUNT,
    "need_without": COUNT,
    "bounds": Each((Word(("exact", "at least", "at most")), None)),
}
KEYWORD = {
    "keyword": TEXT,
    "country": TEXT,
    "volume": COUNT,
    "kd": FIGURE,
    "basis": BASIS,
    "summary": SUMMARY,
    "target_page": (TARGET_PAGE, None),
    "pages": [PAGE],
    "left_out_features": int,
    "waterfall": Each(int),
    "goals": GOALS,
    "gap": GAP,
    "by_basis": {"kept": BY_BASIS, "raw": BY_BASIS, "followed": BY_BASIS},
    "site_strength": (STRENGTH, None),
    "benchmark": (BENCHMARK, None),
    "sensitivity": (Each({"median": FIGURE, "need": COUNT}), None),
    "plan": (PLAN, None),
    "site_profile": (PROFILE, None),
    "networks": [NETWORK],
    "network_effect": (NETWORK_EFFECT, None),
    "verdict": {"code": VERDICT, "sentence": str},
    "cautions": [CAUTION],
}
CONTRACT = {
    "schema": Word(("gapcalc.gap/1",)),
    "tool": {"name": Word(("gapcalc",)), "version": str, "psl_date": TEXT},
    "as_of": str,
    "inputs": [
        {
            "name": str,
            "format": TEXT,
            "vendor": TEXT,
            "kind": (Word(("serp", "links", "domains", "keywords", "pages")), None),
            "rows": COUNT,
            "problems": int,
            "complete": (bool, None),
            "from": TEXT,
            "to": TEXT,
            "note": TEXT,
        }
    ],
    "method": {
        "statistic": Word(("median",)),
        "top": int,
        "tolerance": float,
        "profile": Word(("all", "balanced", "strict")),
        "suffixes": str,
        "rules": [{"id": str, "parameters": dict, "applicable": bool}],
    },
    "keywords": [KEYWORD],
    "cautions": [CAUTION],
}


def faults(value: object, shape: object, where: str = "$") -> Iterator[str]:
    """Say where a value is not of a shape; keys beyond the contract are allowed."""
    if isinstance(shape, tuple):
        fit = any(not any(faults(value, one, where)) for one in shape)
    else:
        fit = fits(value, shape)
    if not fit:
        yield f"{where} is {value!r}"
    elif not isinstance(shape, tuple):
        for name, part, inner in parts(value, shape):
            yield from faults(part, inner, f"{where}.{name}")


def fits(value: object, shape: object) -> bool:
    match shape:
        case dict() | Each():
            return isinstance(value, dict)
        case list():
            return isinstance(value, list)
        case Word():
            return value in shape.words
        case type():
            return type(value) is shape
        case _:
            return value is shape


def parts(value: object, shape: object) -> Iterator[tuple[str, object, object]]:
    match value, shape:
        case dict(), dict():
            # A missing key is an ellipsis, which is of no shape.
            yield from ((key, value.get(key, ...), inner) for key, inner in shape.items())
        case dict(), Each():
            yield from ((key, item, shape.shape) for key, item in value.items())
        case list(), list():
            yield from ((str(place), item, shape[0]) for place, item in enumerate(value))
        case _:
            return


@pytest.mark.slow
@pytest.mark.parametrize("arguments", SCENARIOS)
def test_every_key_of_the_contract_is_there_with_its_type(arguments: Sequence[str]) -> None:
    assert list(faults(json.loads(said(*arguments)), CONTRACT)) == []


@pytest.mark.slow
def test_each_line_of_jsonl_is_a_keyword_of_the_contract() -> None:
    found = run("vendors/ahrefs-serps.csv", "--format", "jsonl").out.splitlines()
    lines = [json.loads(line) for line in found]

    assert len(lines) == 2
    for line, answer in zip(lines, answers(("vendors/ahrefs-serps.csv",)), strict=True):
        assert list(faults(line, {"schema": CONTRACT["schema"], **KEYWORD})) == []
        assert {name: line[name] for name in answer} == answer


@pytest.mark.parametrize("arguments", SCENARIOS)
def test_the_output_is_read_back_as_the_result_it_was_written_from(
    arguments: Sequence[str],
) -> None:
    text = said(*arguments)

    assert dump(TypeAdapter(GapResult).validate_json(text)) == text


def against_schema(value: object, schema: Mapping[str, Any], root: Mapping[str, Any]) -> bool:
    """Say whether a value is what a JSON Schema allows, as far as pydantic writes schemas."""
    if "$ref" in schema:
        return against_schema(value, root["$defs"][schema["$ref"].rpartition("/")[2]], root)
    if "anyOf" in schema:
        return any(against_schema(value, one, root) for one in schema["anyOf"])
    if "enum" in schema and value not in schema["enum"]:
        return False
    match value:
        case dict():
            named, other = schema.get("properties", {}), schema.get("additionalProperties", True)
            return (
                schema["type"] == "object"
                and set(schema.get("required", ())) <= set(value)
                and all(
                    against_schema(item, named[key], root)
                    if key in named
                    else other is True
                    or (isinstance(other, dict) and against_schema(item, other, root))
                    for key, item in value.items()
                )
            )
        case list():
            first = schema.get("prefixItems", ())
            rest = schema.get("items", {})
            return schema["type"] == "array" and all(
                against_schema(item, first[place] if place < len(first) else rest, root)
                for place, item in enumerate(value)
            )
        case _:
            return not schema or schema["type"] in TYPES[type(value)]


TYPES: Mapping[type, tuple[str, ...]] = {
    bool: ("boolean",),
    int: ("integer", "number"),
    float: ("number",),
    str: ("string",),
    type(None): ("null",),
}


@pytest.mark.parametrize("arguments", SCENARIOS)
def test_the_output_is_what_its_published_schema_says(arguments: Sequence[str]) -> None:
    schema = json.loads(run("schema", "gap").out)

    assert schema["$id"] == "gapcalc.gap/1"
    assert against_schema(json.loads(said(*arguments)), schema, schema)


def test_the_schema_requires_every_key_of_the_contract() -> None:
    schema = json.loads(run("schema", "gap").out)

    assert set(CONTRACT) <= set(schema["required"])
    assert set(KEYWORD) <= set(schema["$defs"]["KeywordResult"]["required"])
    assert not against_schema({**result(SERP), "as_of": 5}, schema, schema)
    assert not against_schema({"schema": "gapcalc.gap/1"}, schema, schema)


# --- what the numbers must hold among themselves -------------------------------------------------


@pytest.mark.parametrize("arguments", SCENARIOS)
def test_what_the_list_held_less_what_was_dropped_is_kept(arguments: Sequence[str]) -> None:
    for answer in answers(arguments):
        own = [answer["target_page"]] if answer["target_page"] else []
        for page in (*answer["pages"], *own):
            if page["listed"] is None:
                unknown = (page["kept"], page["followed"]) if page["raw"] else ()
                assert (page["dropped"], *unknown) == (None,) * (1 + len(unknown))
                continue
            assert page["listed"] - sum(page["dropped"].values()) == page["kept"]
            assert page["followed"] is None or page["followed"] <= page["kept"] <= page["listed"]
            assert page["raw"] in {page["listed"], page["vendor_total"]}


@pytest.mark.parametrize("arguments", SCENARIOS)
def test_the_waterfall_adds_up_over_the_comparable_pages(arguments: Sequence[str]) -> None:
    for answer in answers(arguments):
        pages = [p for p in answer["pages"] if p["comparable"] and p["listed"] is not None]
        listed, kept = (sum(page[name] for page in pages) for name in ("listed", "kept"))
        assert listed - sum(answer["waterfall"].values()) == kept


@pytest.mark.parametrize("arguments", SCENARIOS)
def test_counts_gap_and_goal_belong_to_one_basis(arguments: Sequence[str]) -> None:
    for answer in answers(arguments):
        basis, goals, gap = answer["basis"], answer["goals"], answer["gap"]
        own = answer["target_page"]["count"] if answer["target_page"] else None
        assert answer["by_basis"][basis] == {
            "n": goals["n"],
            "median": goals["median"],
            "bound": goals["bound"],
            "own": own,
            "need": gap["to_median"],
            "need_bound": gap["bound"],
            "verdict": answer["verdict"]["code"],
        }
        assert all(page["count"] == page[basis] for page in answer["pages"])
        known = [p for p in answer["pages"] if p["comparable"] and p["count"] is not None]
        assert len(known) == goals["n"]


@pytest.mark.parametrize("arguments", SCENARIOS)
def test_the_summary_repeats_the_answer(arguments: Sequence[str]) -> None:
    for answer in answers(arguments):
        goals, gap, plan = answer["goals"], answer["gap"], answer["plan"]
        tells = answer["verdict"]["code"] not in {"too-little-data", "own-count-unknown"}
        assert answer["summary"] == {
            "verdict": answer["verdict"]["code"],
            "own": answer["target_page"]["count"] if answer["target_page"] else None,
            "goal": goals["median"] if goals["n"] >= 3 else None,
            "need": gap["to_median"] if tells else None,
            "to_competitive": gap["to_competitive"] if tells else None,
            "months_middle": plan["months"]["middle"] if tells and plan else None,
            "confidence": goals["confidence"],
            "sentence": answer["verdict"]["sentence"],
        }


@pytest.mark.parametrize("arguments", SCENARIOS)
def test_a_gap_has_a_bound_for_every_number_and_none_without(arguments: Sequence[str]) -> None:
    for answer in answers(arguments):
        gap = answer["gap"]
        known = {name for name in gap if name.startswith("to_") and gap[name] is not None}
        assert {name for name in gap["bounds"] if name.startswith("to_")} == known
        assert gap["bound"] == gap["bounds"].get("to_median")


# --- unknown is null, integers stay integers -----------------------------------------------------


@pytest.mark.parametrize("cell", ["", "-", "n/a", "—", "-1"])
def test_an_unknown_count_is_null_and_never_0(tmp_path: Path, cell: str) -> None:
    row = {"keyword": "lamp", "position": 1, "url": rival(1), "referring_domains": cell}

    page = ask(write_rows(tmp_path / "s.csv", [row]))["pages"][0]

    assert [page[name] for name in ("raw", "kept", "followed", "count", "source")] == [None] * 5


def test_a_count_of_0_is_a_0(tmp_path: Path) -> None:
    page = ask(write_serp(tmp_path / "s.csv", [0]))["pages"][0]

    assert (page["raw"], page["source"]) == (0, "vendor")


def test_followed_is_null_where_the_vendor_does_not_say_rel(tmp_path: Path) -> None:
    silent = write_links(tmp_path / "silent.csv", {rival(1): 3})
    spoken = write_links(tmp_path / "spoken.csv", {rival(2): 3}, rel="nofollow")

    pages = ask(silent, spoken)["pages"]

    assert [(page["kept"], page["followed"]) for page in pages] == [(3, None), (3, 0)]


def test_without_pages_every_figure_is_null() -> None:
    answer = ask("vendors/semrush-refdomains.csv")

    goals = answer["goals"]
    known = {"n": 0, "stretch_pages": 0, "bounds": {}, "at_most": {}}
    words = {"bound", "confidence", "confidence_reason"}
    assert {k: v for k, v in goals.items() if k not in words} == {
        **dict.fromkeys(set(goals) - words),
        **known,
    }
    assert answer["gap"]["to_median"] is None


FRACTIONS = {"mean", "mean_to_median", "coverage", "tolerance", "band"}


def whole_floats(value: object, key: str = "") -> Iterator[str]:
    match value:
        case float() if value.is_integer() and key not in FRACTIONS:
            yield key
        case dict():
            for name, item in value.items():
                yield from whole_floats(item, name)
        case list():
            for item in value:
                yield from whole_floats(item, key)
        case _:
            return


@pytest.mark.parametrize("arguments", SCENARIOS)
def test_integers_stay_integers(arguments: Sequence[str]) -> None:
    assert list(whole_floats(json.loads(said(*arguments)))) == []


def test_integers_stay_integers_in_the_benchmark() -> None:
    text = run("benchmark", "--kd", "77", "--rd", "353", "--json").out

    assert list(whole_floats(json.loads(text))) == []


# --- the same bytes ------------------------------------------------------------------------------


# The other outputs of this case are compared to files (tests/test_whole_outputs.py), and the page is
# drawn twice in tests/reports/test_html.py.
@pytest.mark.slow
@pytest.mark.parametrize("form", ["json", "xlsx"])
def test_the_same_input_gives_the_same_bytes(form: str) -> None:
    asked = (*DESK, "--json") if form == "json" else (*DESK, "--format", form)

    assert run(*asked, anew=True) == run(*asked)


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="the system binds no processors")
def test_the_number_of_threads_changes_no_byte(tmp_path: Path) -> None:
    for number in range(1, 9):
        pages = {f"https://rival{number}.example/{part}": 900 for part in "abc"}
        write_links(tmp_path / f"{number}.csv", pages, rel="", anchor="lamp")
    bound = "import os; os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})"
    arguments = ("gap", ".", "--json", "--profile", "strict", "--as-of", "2026-11-20")

    one = run_process(*arguments, cwd=tmp_path, command=command_after(bound))
    all_of_them = run_process(*arguments, cwd=tmp_path)

    assert one.code == 0, one.err
    assert one == all_of_them


@pytest.mark.slow
def test_every_vendor_fixture_is_part_of_a_scenario() -> None:
    text = said("vendors")
    names = {item["name"] for item in json.loads(text)["inputs"]}

    assert run("vendors", "--json", anew=True).out == text
    assert names == {f"vendors/{path.name}" for path in (FIXTURES / "vendors").iterdir()}
