"""The command `gap`: its questions, where the answer goes, how it is configured."""

import contextlib
import csv
import io
import json
import os
import re
import subprocess
import sys
from codecs import BOM_UTF8
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from gapcalc.outputs import FORMATS
from running import COMMAND, FIXTURES, PATIENCE, ask, cautions, result, run, run_piped
from tables import (
    OURS,
    links_to,
    rival,
    sources,
    write_ahrefs,
    write_links,
    write_rows,
    write_serp,
)

SERP = "vendors/gapcalc-serp.csv"
LAMP = "https://www.lampkin.example/desk-lamp/"
DESK = ("standing-desk", "--target", "https://www.deskwise.example/standing-desk/")
SOME_OF_DESK = ("standing-desk/www*.csv", *DESK[1:])  # the lists of four rivals and the own one
RULES = ("spam", "sponsored", "ugc", "outbound", "anchor")


def counts_of(answer: Mapping[str, Any]) -> dict[str, int | None]:
    return {page["page"]: page["count"] for page in answer["pages"]}


def test_the_command_may_be_left_out() -> None:
    assert run(SERP, anew=True) == run("gap", SERP)


# --- what the inputs say -------------------------------------------------------------------------


def test_a_serp_alone_gives_the_target_on_the_vendors_counts() -> None:
    answer = ask(SERP)

    assert (answer["basis"], answer["verdict"]["code"]) == ("raw", "own-count-unknown")
    assert (answer["goals"]["median"], answer["target_page"]) == (28.5, None)
    assert {page["source"] for page in answer["pages"]} == {"vendor"}


def test_a_serp_with_all_link_lists_is_answered_on_kept_counts() -> None:
    answer = ask(*DESK)

    assert (answer["basis"], answer["goals"]["n"]) == ("kept", 9)
    kept = {page["position"]: page["kept"] for page in answer["pages"] if page["comparable"]}
    assert kept == {1: 95, 2: 72, 3: 80, 4: 22, 5: 58, 6: 28, 7: 52, 8: 41, 10: 47}
    assert (answer["target_page"]["kept"], answer["gap"]["to_median"]) == (15, 37)


@pytest.mark.slow
def test_a_page_without_a_list_keeps_the_answer_on_raw_and_is_named() -> None:
    lists = sorted((FIXTURES / "standing-desk").glob("*backlinks*.csv"))

    answer = ask("standing-desk/serp.csv", *lists[1:], *DESK[1:])

    assert answer["basis"] == "raw"
    assert any("https://buyersbench.example" in caution for caution in cautions(answer))
    assert ask("standing-desk/serp.csv", *lists, *DESK[1:])["basis"] == "kept"


def test_the_list_of_each_page_alone_makes_it_comparable(tmp_path: Path) -> None:
    files = [
        write_ahrefs(tmp_path / f"{n}.csv", rival(n), sources(count))
        for n, count in enumerate((10, 20, 30), start=1)
    ]
    own = write_ahrefs(tmp_path / "own.csv", OURS, sources(4))

    answer = ask(*files, own, "--target", OURS)

    assert answer["keyword"] is None
    comparable = [page["page"] for page in answer["pages"] if page["comparable"]]
    assert comparable == ["rival3.example/guide", "rival2.example/guide", "rival1.example/guide"]
    assert (answer["goals"]["median"], answer["gap"]["to_median"]) == (20, 16)
    assert answer["goals"]["stretch"] is None


def site_export(path: Path) -> Path:
    """Write an export of a whole site: three of its pages."""
    counts = {"a": 5, "b": 6, "c": 7}
    pages = {f"https://site.example/{name}": count for name, count in counts.items()}
    return write_links(path, pages, rel="")


@pytest.mark.slow
def test_no_page_of_a_site_scope_export_is_comparable_until_it_is_named(tmp_path: Path) -> None:
    site = site_export(tmp_path / "site.csv")
    single = write_links(tmp_path / "single.csv", {rival(1): 3}, rel="")

    plain = ask(site, single)
    named = ask(site, single, "--competitor", "http://www.site.example/b/?utm_source=x")

    assert {page["page"]: page["left_out"] for page in plain["pages"]} == {
        "rival1.example/guide": None,
        "site.example/a": "site-scope",
        "site.example/b": "site-scope",
        "site.example/c": "site-scope",
    }
    assert plain["goals"]["n"] == 1
    assert any("--competitor" in caution for caution in cautions(plain))
    assert {p["page"]: p["left_out"] for p in named["pages"]}["site.example/b"] is None
    assert (named["goals"]["n"], named["goals"]["max"]) == (2, 6)


def test_the_lists_of_two_pages_of_one_site_are_no_site_scope_export(tmp_path: Path) -> None:
    pages = {"https://site.example/one": 5, "https://site.example/two": 7}
    lists = [
        write_ahrefs(tmp_path / f"{count}.csv", page, sources(count))
        for page, count in pages.items()
    ]

    answer = ask(*lists)

    assert counts_of(answer) == {"site.example/one": 5, "site.example/two": 7}
    assert [page["left_out"] for page in answer["pages"]] == [None, None]


def test_a_named_competitor_without_a_figure_is_shown_as_unknown(tmp_path: Path) -> None:
    links = write_links(tmp_path / "links.csv", {rival(1): 3}, rel="")

    answer = ask(links, "--competitor", "https://elsewhere.example/lamp")

    assert counts_of(answer)["elsewhere.example/lamp"] is None
    assert answer["goals"]["n"] == 1


def test_an_empty_list_bound_to_the_page_is_a_known_0() -> None:
    answer = ask(
        SERP, "--target", OURS, "--links-for", f"{OURS}=broken/header-only.csv", "--basis", "raw"
    )

    own = answer["target_page"]
    assert (own["raw"], own["kept"], own["followed"], own["source"]) == (0, 0, 0, "links")
    assert (answer["gap"]["to_median"], answer["verdict"]["code"]) == (29, "gap")


def test_a_file_named_as_input_and_bound_is_read_once() -> None:
    bound = ("--links-for", f"{OURS}=broken/header-only.csv")

    twice = result(SERP, "broken/header-only.csv", *bound, "--target", OURS)

    assert [item["name"] for item in twice["inputs"]] == [SERP, "broken/header-only.csv"]
    assert twice["keywords"][0]["target_page"]["kept"] == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "raw"),
    [
        pytest.param("vendors/ahrefs-refdomains.tsv", 22, id="Ahrefs, two of 24 lost"),
        pytest.param("vendors/semrush-refdomains.csv", 24, id="Semrush, which names no lost ones"),
    ],
)
def test_a_domain_level_export_counts_for_the_page_it_is_bound_to(file: str, raw: int) -> None:
    answer = ask("--links-for", f"{LAMP}={file}", file)

    assert counts_of(answer) == {"lampkin.example/desk-lamp": answer["pages"][0]["kept"]}
    assert answer["pages"][0]["raw"] == raw
    inputs = result("--links-for", f"{LAMP}={file}", file)["inputs"]
    assert inputs[0]["note"].endswith("bound to lampkin.example/desk-lamp")
    assert ("all count as live" in inputs[0]["note"]) is (raw == 24)


def test_a_file_that_is_bound_need_not_be_named_again() -> None:
    binding = ("--links-for", f"{LAMP}=vendors/ahrefs-refdomains.tsv")

    assert ask(*binding) == ask(*binding, "vendors/ahrefs-refdomains.tsv")


def test_the_page_of_a_binding_may_hold_an_equals_sign(tmp_path: Path) -> None:
    page = "https://our.example/lamp?size=2"

    answer = ask(
        write_serp(tmp_path / "s.csv", [1, 2, 3]),
        *("--target", page),
        *("--links-for", f"{page}={FIXTURES / 'vendors/ahrefs-refdomains.tsv'}"),
    )

    assert answer["target_page"]["raw"] == 22


def test_standard_input_can_be_bound_to_a_page() -> None:
    data = (FIXTURES / "vendors/ahrefs-refdomains.tsv").read_bytes()

    done = run(SERP, "--target", OURS, "--links-for", f"{OURS}=-", "--json", stdin=data)

    assert done.code == 0, done.err
    assert json.loads(done.out)["keywords"][0]["target_page"]["raw"] == 22


@pytest.mark.parametrize("file", ["vendors", "vendors/*.tsv"])
def test_a_page_is_bound_to_one_file_and_not_to_many(file: str) -> None:
    done = run(SERP, "--links-for", f"{OURS}={file}")

    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"gapcalc: --links-for {OURS}={file}: ")


def test_one_list_is_not_bound_to_two_pages() -> None:
    file = "vendors/ahrefs-refdomains.tsv"

    done = run(SERP, "--links-for", f"{OURS}={file}", "--links-for", f"{LAMP}={file}")

    assert (done.code, done.out) == (2, "")
    assert file in done.err


def test_a_domain_level_export_that_is_bound_to_no_page_is_a_caution_not_a_count() -> None:
    found = result("vendors/ahrefs-refdomains.tsv", SERP)

    (caution,) = cautions(found)
    assert caution == (
        "vendors/ahrefs-refdomains.tsv does not say which page its links point to, so it is not "
        "counted: add --links-for URL=vendors/ahrefs-refdomains.tsv"
    )
    assert {page["source"] for page in found["keywords"][0]["pages"]} == {"vendor"}


# --- the own page --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "target",
    [
        pytest.param(LAMP, id="as the file has it"),
        pytest.param("http://lampkin.example/desk-lamp#top", id="another spelling"),
        pytest.param("LAMPKIN.example/desk-lamp", id="no scheme"),
    ],
)
def test_the_own_page_in_the_serp_is_not_measured_against(target: str) -> None:
    answer = ask(SERP, "--target", target)

    (own,) = (page for page in answer["pages"] if page["left_out"] == "own-page")
    assert (own["position"], own["comparable"]) == (6, False)
    assert answer["target_page"]["url"] == LAMP
    assert (answer["target_page"]["position"], answer["target_page"]["count"]) == (6, 21)
    assert answer["goals"]["n"] == 9
    assert answer["gap"]["to_median"] == 36 - 21


def test_another_page_of_the_own_site_is_left_out_as_own_domain() -> None:
    answer = ask(SERP, "--target", "https://shop.lampkin.example/other")

    assert {p["left_out"] for p in answer["pages"] if p["left_out"]} == {"own-domain"}
    assert answer["target_page"]["count"] is None


def test_the_own_page_below_the_compared_positions_keeps_its_place_and_count(
    tmp_path: Path,
) -> None:
    serp = write_serp(tmp_path / "s.csv", [90, 80, 70, 60, 50], ours=(23, 9))

    answer = ask(serp, "--target", OURS)

    assert (answer["target_page"]["position"], answer["target_page"]["count"]) == (23, 9)
    assert answer["goals"]["n"] == 5
    assert answer["goals"]["outranking"] == {"min": 50, "median": 70}


def test_the_own_page_inside_the_top_is_not_replaced_by_a_later_one(tmp_path: Path) -> None:
    serp = write_serp(tmp_path / "s.csv", [90, 80, 70, 60], ours=(2, 9))

    assert ask(serp, "--target", OURS, "--top", "3")["goals"]["n"] == 2


@pytest.mark.slow
def test_the_own_page_outside_the_serp_is_shown_and_measured_from_its_list(tmp_path: Path) -> None:
    lists = {rival(1): 9, rival(2): 8, rival(3): 7, OURS: 2}
    links = write_links(tmp_path / "links.csv", lists, rel="")
    serp = write_serp(tmp_path / "s.csv", [None] * 3)

    answer = ask(serp, links, "--target", OURS)

    assert (answer["target_page"]["position"], answer["target_page"]["kept"]) == (None, 2)
    assert answer["gap"]["to_median"] == 6
    assert "your page" in run(serp, links, "--target", OURS).out


def test_a_given_own_count_is_used_where_no_file_has_one() -> None:
    answer = ask(SERP, "--own-rds", "5")

    own = answer["target_page"]
    assert (own["count"], own["raw"], own["source"], own["url"]) == (5, 5, "given", None)
    assert (own["vendor_total"], answer["gap"]["to_median"]) == (None, 24)
    assert "Yours: as given with --own-rds." in run(SERP, "--own-rds", "5").out


def test_a_given_own_count_yields_to_the_count_of_a_file_and_that_is_said() -> None:
    answer = ask(SERP, "--target", LAMP, "--own-rds", "5")

    assert answer["target_page"]["count"] == 21
    assert "--own-rds 5 is not used: the input has a count for your page." in cautions(answer)


@pytest.mark.slow
def test_a_given_own_count_is_a_raw_one(tmp_path: Path) -> None:
    lists = [write_ahrefs(tmp_path / f"{n}.csv", rival(n), sources(n)) for n in (7, 8, 9)]

    raw = ask(*lists, "--own-rds", "5")
    kept = ask(*lists, "--own-rds", "5", "--basis", "kept")

    assert (raw["basis"], raw["gap"]["to_median"]) == ("raw", 3)
    assert (kept["gap"]["to_median"], kept["verdict"]["code"]) == (None, "own-count-unknown")
    assert any("--own-rds is a raw count" in caution for caution in cautions(kept))


# --- which pages ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "left_out"),
    [
        pytest.param([], {}, id="nothing asked"),
        pytest.param(["--drop", "platform"], {3: "platform"}, id="platforms"),
        pytest.param(
            ["--drop", "homepage, duplicate-domain"],
            {2: "homepage", 5: "duplicate-domain"},
            id="two at once",
        ),
        pytest.param(
            ["--exclude", "lightfolk-example.co.uk"], {9: "excluded"}, id="a domain by name"
        ),
        pytest.param(
            ["--exclude", "https://www.brightbench.example/led"], {5: "excluded"}, id="one page"
        ),
        pytest.param(
            ["--exclude", "brightbench.example", "--exclude", "studyroom.example"],
            {1: "excluded", 5: "excluded", 4: "excluded"},
            id="two domains",
        ),
    ],
)
def test_pages_are_left_out_on_request_and_stay_in_the_list(
    options: Sequence[str], left_out: Mapping[int, str]
) -> None:
    answer = ask(SERP, *options)

    found = {page["position"]: page["left_out"] for page in answer["pages"] if page["left_out"]}
    assert found == left_out
    assert answer["goals"]["n"] == 10 - len(left_out)
    assert len(answer["pages"]) == 10


def test_a_home_page_is_not_flagged_when_the_target_is_one() -> None:
    pages = ask(SERP, "--target", "https://lampkin.example")["pages"]
    flags = {page["position"]: page["flags"] for page in pages}

    assert flags[2] == []


@pytest.mark.parametrize(
    ("typed", "matches"),
    [
        ("brightbench.example", True),
        ("https://www.brightbench.example/led", True),
        ("brightbench.exmaple", False),
        ("https://www.brightbench.example/lde", False),
    ],
)
def test_an_exclusion_that_leaves_out_nothing_is_told(
    typed: str, *, matches: bool, tmp_path: Path
) -> None:
    told = f"--exclude {typed}: no page here matches it. Check how it is written\n"
    (tmp_path / "gapcalc.toml").write_text(f'exclude = ["{typed}"]\n')

    assert run(SERP, "--exclude", typed).err == ("" if matches else told)
    assert run(SERP, "--exclude", typed, "-q").err == ""
    assert run(FIXTURES / SERP, cwd=tmp_path).err == ""


def test_a_list_that_is_bound_to_no_page_of_the_answer_is_told() -> None:
    serp, domains = FIXTURES / "vendors/gapcalc-serp.csv", "vendors/ahrefs-refdomains.tsv"
    own = "https://www.lampkin.example/desk-lamp/"
    wrong = f"--links-for={own}x={domains}"

    right, told = (
        run(serp, "--target", own, "--links-for", f"{own}{x}={domains}") for x in ("", "x")
    )

    assert "--links-for" not in right.err
    assert (
        f"{wrong.replace('for=', 'for ')}: no page here has this URL, so the file is not used\n"
        in told.err
    )
    assert run(serp, "--target", own, wrong, "-q").err == ""


def test_the_second_page_of_a_site_is_no_duplicate_when_the_first_is_excluded() -> None:
    answer = ask(SERP, "--exclude", "https://brightbench.example/desk-lamps/")

    assert {page["position"]: page["flags"] for page in answer["pages"]}[5] == []


@pytest.mark.parametrize(("top", "n"), [("1", 1), ("3", 3), ("10", 10), ("99", 10)])
def test_top_says_how_far_down_pages_are_compared(top: str, n: int) -> None:
    answer = ask(SERP, "--top", top)

    assert (answer["goals"]["n"], len(answer["pages"])) == (n, n)


@pytest.mark.slow
def test_serp_features_are_counted_and_never_compared() -> None:
    answer = ask(*DESK)

    assert answer["left_out_features"] == 6
    assert {page["left_out"] for page in answer["pages"]} == {None, "own-page"}
    serp = next(i for i in result(*DESK)["inputs"] if i["kind"] == "serp")
    assert serp["note"] == "4 rows of SERP features name no page"


@pytest.mark.parametrize(
    ("basis", "median", "own"), [("kept", 52, 15), ("raw", 71, 22), ("followed", 40, 11)]
)
def test_the_basis_can_be_forced(basis: str, median: int, own: int) -> None:
    answer = ask(*DESK, "--basis", basis)

    assert (answer["basis"], answer["goals"]["median"]) == (basis, median)
    assert (answer["target_page"]["count"], answer["gap"]["to_median"]) == (own, median - own)
    assert {page["count"] for page in answer["pages"] if page["comparable"]} == {
        page[basis] for page in answer["pages"] if page["comparable"]
    }


def test_a_forced_basis_leaves_pages_without_such_a_figure_unknown() -> None:
    answer = ask(SERP, "--basis", "kept")

    assert (answer["goals"]["n"], answer["goals"]["median"]) == (0, None)
    assert set(counts_of(answer).values()) == {None}


@pytest.mark.parametrize(("tolerance", "start"), [("0", 36), ("0.2", 29), ("0.3", 26), ("1", 0)])
def test_the_competitive_range_starts_the_tolerance_below_the_median(
    tolerance: str, start: int
) -> None:
    answer = ask(SERP, "--target", LAMP, "--tolerance", tolerance)

    competitive = (answer["goals"]["competitive"], answer["gap"]["to_competitive"])
    assert competitive == (start, max(0, start - 21))


def test_private_suffixes_make_two_blogs_two_domains_unless_icann_is_asked_for(
    tmp_path: Path,
) -> None:
    rows = [
        {"source_url": f"https://{blog}.blogspot.com/a", "target_url": rival(1), "rel": ""}
        for blog in ("one", "two", "three")
    ]
    links = write_rows(tmp_path / "l.csv", rows)

    private = result(links)
    icann = result(links, "--icann-suffixes")

    assert private["keywords"][0]["pages"][0]["raw"] == 3
    assert icann["keywords"][0]["pages"][0]["raw"] == 1
    assert private["method"]["suffixes"] == "icann+private"
    assert icann["method"]["suffixes"] == "icann"


def test_another_suffix_list_can_be_given(tmp_path: Path) -> None:
    rules = tmp_path / "psl.dat"
    rules.write_text("// VERSION: 2020-01-02_03-04-05_UTC\ncom\nexample\nlamps.example\n")
    rows = [
        {"source_url": f"https://{shop}.lamps.example/a", "target_url": rival(1), "rel": ""}
        for shop in ("one", "two")
    ]
    links = write_rows(tmp_path / "l.csv", rows)

    found = result(links, "--psl", rules)

    assert found["keywords"][0]["pages"][0]["raw"] == 2
    assert result(links)["keywords"][0]["pages"][0]["raw"] == 1
    assert found["tool"]["psl_date"] == "2020-01-02"


# --- several keywords and several inputs ---------------------------------------------------------


def test_several_keywords_are_summed_up_in_a_row_each() -> None:
    lines = run("vendors/ahrefs-serps.csv").out.splitlines()

    assert lines[0].startswith("2 keywords ")
    assert [line.split("  ")[0] for line in lines[5:7]] == ["desk lamp", "led desk lamp with usb"]
    found = result("vendors/ahrefs-serps.csv")["keywords"]
    assert [k["keyword"] for k in found] == ["desk lamp", "led desk lamp with usb"]
    assert [k["goals"]["median"] for k in found] == [28.5, 21]


@pytest.mark.parametrize("keyword", ["led desk lamp with usb", "LED Desk Lamp with USB"])
def test_one_of_several_keywords_is_shown_in_full(keyword: str) -> None:
    answer = ask("vendors/ahrefs-serps.csv", "--keyword", keyword)

    assert (answer["keyword"], answer["goals"]["n"]) == ("led desk lamp with usb", 5)
    assert "Top 10 (median)" in run("vendors/ahrefs-serps.csv", "--keyword", keyword).out


def test_a_keyword_names_the_table_that_has_none() -> None:
    answer = ask("vendors/serp-table-ahrefs-screen.txt", "--keyword", "desk lamp")

    assert (answer["keyword"], answer["goals"]["n"]) == ("desk lamp", 10)


def test_the_same_keyword_in_two_countries_is_two_questions(tmp_path: Path) -> None:
    one = write_serp(tmp_path / "us.csv", [10, 20, 30], more={"country": "us"})
    two = write_serp(tmp_path / "de.csv", [40, 50, 60], more={"country": "de"})

    found = result(one, two)["keywords"]

    said = {answer["country"]: answer["goals"]["median"] for answer in found}
    assert said == {"de": 50, "us": 20}


@pytest.mark.slow
def test_a_folder_a_glob_and_the_files_by_name_give_the_same_answer() -> None:
    files = sorted(path.as_posix() for path in (FIXTURES / "standing-desk").iterdir())
    names = [str(Path(file).relative_to(FIXTURES)) for file in files]

    folder = run(*DESK, "--json")

    assert folder == run("standing-desk/*.csv", *DESK[1:], "--json")
    assert folder == run(*names, *DESK[1:], "--json")


def test_standard_input_is_an_input() -> None:
    data = (FIXTURES / SERP).read_bytes()

    done = run("-", "--json", stdin=data)

    assert json.loads(done.out)["inputs"][0]["name"] == "-"
    assert json.loads(done.out)["keywords"] == result(SERP)["keywords"]


def test_links_come_from_standard_input_too() -> None:
    data = (FIXTURES / "vendors/ahrefs-backlinks-2026.csv").read_bytes()

    (answer,) = json.loads(run("-", "--json", stdin=data).out)["keywords"]

    assert (answer["pages"][0]["raw"], answer["pages"][0]["kept"]) == (22, 16)


@pytest.mark.slow
@pytest.mark.parametrize("file", [SERP, "vendors/ahrefs-backlinks-2026.csv"])
def test_a_pipe_in_place_of_a_file_is_read_like_standard_input(file: str) -> None:
    data = (FIXTURES / file).read_bytes()

    piped = run_piped(data, "--json")

    assert piped.code == 0, piped.err
    assert json.loads(piped.out)["keywords"] == result(file)["keywords"]


@pytest.mark.slow
def test_a_file_that_is_named_twice_is_read_once() -> None:
    file, folder, pattern = (
        "standing-desk/serp.csv",
        "./standing-desk/../standing-desk",
        "standing-desk/s*.csv",
    )

    assert result(*DESK, file, folder, pattern) == result(*DESK)


def test_a_file_reached_through_a_symbolic_link_is_read_once(tmp_path: Path) -> None:
    serp = write_serp(tmp_path / "s.csv", [1, 2, 3])
    (tmp_path / "t.csv").symlink_to(serp)

    assert len(result(serp, tmp_path / "t.csv")["inputs"]) == 1


def test_standard_input_that_is_named_twice_is_read_once() -> None:
    data = (FIXTURES / SERP).read_bytes()

    assert run("-", "-", stdin=data) == run("-", stdin=data)


def test_in_a_folder_what_cannot_be_read_is_listed_as_skipped(tmp_path: Path) -> None:
    write_serp(tmp_path / "serp.csv", [10, 20, 30])
    for name in ("unknown.csv", "binary.csv", "empty.csv"):
        (tmp_path / name).write_bytes((FIXTURES / "broken" / name).read_bytes())
    (tmp_path / ".hidden").write_text("not looked at")

    done = run(".", "--json", cwd=tmp_path)

    found = json.loads(done.out)["inputs"]
    skipped = {item["name"]: item["note"] for item in found if item["format"] is None}
    assert sorted(skipped) == ["binary.csv", "empty.csv", "unknown.csv"]
    assert all(note.startswith("skipped: ") for note in skipped.values())
    assert done.code == 0
    assert "empty.csv: skipped: the file is empty" in done.err


def test_in_a_folder_a_list_without_a_row_is_skipped(tmp_path: Path) -> None:
    write_serp(tmp_path / "serp.csv", [10, 20, 30])
    header = (FIXTURES / "broken/header-only.csv").read_bytes()
    (tmp_path / "links.csv").write_bytes(header)

    done = run(tmp_path, "--json")

    assert done.code == 0, done.err
    assert [item["format"] for item in json.loads(done.out)["inputs"]] == [None, "gapcalc-serp"]


def test_file_names_with_pattern_characters_are_taken_literally(tmp_path: Path) -> None:
    write_links(tmp_path / "r[1].csv", {rival(1): 3}, rel="")
    write_links(tmp_path / "r1.csv", {rival(2): 4}, rel="")

    assert counts_of(ask("r[1].csv", cwd=tmp_path)) == {"rival1.example/guide": 3}


# --- where the answer goes -----------------------------------------------------------------------


def test_json_is_the_format_json() -> None:
    assert run(SERP, "--json") == run(SERP, "--format", "json")


def test_jsonl_is_an_object_for_each_keyword_with_its_schema() -> None:
    lines = run("vendors/ahrefs-serps.csv", "--format", "jsonl").out.splitlines()

    whole = result("vendors/ahrefs-serps.csv")
    assert [json.loads(line) for line in lines] == [
        {"schema": "gapcalc.gap/1", **answer} for answer in whole["keywords"]
    ]


def test_csv_lists_every_page_and_the_own_one() -> None:
    text = run(SERP, "--target", OURS, "--own-rds", "3", "--format", "csv").out

    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["position"] for row in rows] == [*map(str, range(1, 11)), ""]
    assert [row["raw"] for row in rows] == [
        *["88", "240", "17", "36", "21", "21", "44", "9", "61", "13"],
        "3",
    ]
    assert rows[-1]["left_out"] == "own-page"
    assert {row["kept"] for row in rows} == {""}


def test_a_long_serp_is_cut_in_the_table_and_complete_in_csv_and_json(tmp_path: Path) -> None:
    serp = write_serp(tmp_path / "s.csv", range(50))

    assert "+20 more; --format csv lists all of them" in run(serp, "--top", "50").out
    assert len(run(serp, "--top", "50", "--format", "csv").out.splitlines()) == 51
    assert len(ask(serp, "--top", "50")["pages"]) == 50


def test_the_own_page_is_in_the_table_however_far_down_it_stands(tmp_path: Path) -> None:
    serp = write_serp(tmp_path / "s.csv", range(50), ours=(40, 7))

    out = run(serp, "--target", OURS, "--top", "50").out

    assert re.search(r"^ *40  our\.example/page .* your page", out, re.MULTILINE)


def test_a_target_that_is_a_lower_bound_is_marked_in_the_summary_too(tmp_path: Path) -> None:
    rows = [f"https://source{n % 5}.example/{n}" for n in range(1000)]
    lists = [write_ahrefs(tmp_path / "cut.csv", rival(1), rows)]
    lists += [write_ahrefs(tmp_path / f"{n}.csv", rival(n), sources(20 * n)) for n in (2, 3)]
    one = write_serp(tmp_path / "one.csv", [None] * 3)
    other = write_serp(tmp_path / "other.csv", [9, 8, 7], more={"keyword": "other lamp"})

    shown = run(one, other, *lists).out

    (line,) = (x for x in shown.splitlines() if x.startswith("desk lamp"))
    assert " 40+ " in line
    assert "+ at least, as a link list is incomplete" in shown


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="the system has no such terminals")
def test_colour_is_for_terminals_alone_and_says_nothing_more() -> None:
    plain = run(SERP).out

    coloured = on_a_terminal(SERP)

    assert "\x1b[" in coloured
    bare = re.sub(r"\x1b\[[0-9;]*m", "", coloured).replace("\r\n", "\n")
    assert [line.rstrip() for line in bare.splitlines()] == plain.splitlines()
    assert "\x1b" not in on_a_terminal(SERP, "--no-color")
    assert "\x1b" not in on_a_terminal(SERP, environment={"NO_COLOR": "1"})
    assert "\x1b" not in on_a_terminal(SERP, environment={"TERM": "dumb"})


def on_a_terminal(*arguments: str, environment: Mapping[str, str] | None = None) -> str:
    """Run as a process whose output is a terminal of 100 columns."""
    ours, its = os.openpty()
    process = subprocess.Popen(
        [*COMMAND, *arguments],
        cwd=FIXTURES,
        env={**os.environ, "COLUMNS": "100", "TERM": "xterm", **(environment or {})},
        stdout=its,
        stderr=its,
    )
    os.close(its)
    said = b""
    # The system ends the stream of a terminal that nobody writes to any more with an error.
    with contextlib.suppress(OSError):
        while block := os.read(ours, 65536):
            said += block
    os.close(ours)
    assert process.wait(timeout=PATIENCE) == 0
    return said.decode()


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMATS)
def test_output_goes_to_the_file_as_it_would_to_the_screen(tmp_path: Path, form: str) -> None:
    file = tmp_path / "answer"
    file.write_text("what was there before")

    done = run(SERP, "--format", form, "--output", file)

    assert (done.code, done.out) == (0, "")
    assert file.read_bytes().removeprefix(BOM_UTF8) == run(SERP, "--format", form).data
    assert [path.name for path in tmp_path.iterdir()] == ["answer"]


def test_a_failed_run_leaves_the_old_output_alone(tmp_path: Path) -> None:
    file = tmp_path / "answer.json"
    file.write_text("what was there before")

    done = run("broken/binary.csv", "--output", file)

    assert done.code == 3
    assert file.read_text() == "what was there before"
    assert [path.name for path in tmp_path.iterdir()] == ["answer.json"]


@pytest.mark.slow
def test_an_answer_written_among_the_inputs_is_not_taken_for_one(tmp_path: Path) -> None:
    write_serp(tmp_path / "serp.csv", [50, 40, 30, 20, 10], ours=(6, 4))
    write_links(tmp_path / "links.csv", {rival(1): 3}, rel="")
    before = ask(".", "--target", OURS, cwd=tmp_path)

    # An answer about the SERP alone takes a fraction of the time, and has the same form.
    for form in FORMATS:
        output = ("--format", form, "--output", f"answer.{form}")
        assert run("serp.csv", "--target", OURS, *output, cwd=tmp_path).code == 0

    assert ask(".", "--target", OURS, cwd=tmp_path) == before


@pytest.mark.slow
def test_messages_go_to_stderr_and_quiet_silences_them() -> None:
    loud = run("broken/ragged-rows.csv")
    quiet = run("broken/ragged-rows.csv", "-q")

    assert loud.err.splitlines() == [
        "broken/ragged-rows.csv:4: row not read: 11 cells where the header has 19",
        "broken/ragged-rows.csv:7: row not read: 21 cells where the header has 19",
    ]
    assert (quiet.out, quiet.err) == (loud.out, "")


def test_errors_are_printed_even_when_quiet() -> None:
    assert run("nowhere.csv", "-q") == run("nowhere.csv")


def test_verbose_names_the_format_of_every_input_and_lists_every_problem(tmp_path: Path) -> None:
    bad = [{"source_url": "https://a.example/", "target_url": f"no url {n}"} for n in range(25)]
    write_rows(tmp_path / "links.csv", [*links_to(rival(1), 2), *bad])

    brief = run("links.csv", cwd=tmp_path).err.splitlines()
    full = run("links.csv", "-v", cwd=tmp_path).err.splitlines()

    assert brief[-1] == "and 15 more; -v lists every one"
    assert len(brief) == 11
    assert full[0] == "links.csv: gapcalc-links, 27 rows (25 rows of it cannot be read)"
    assert full[1] == "links.csv:4: row not counted: the target 'no url 0' is not a URL"
    assert len(full) == 26


def test_stdout_is_utf_8(tmp_path: Path) -> None:
    serp = write_serp(tmp_path / "s.csv", [1, 2], more={"keyword": "Schreibtischlämpchen 電気"})

    assert run(serp).out.startswith("Schreibtischlämpchen 電気 ")


# --- exit codes ----------------------------------------------------------------------------------


TWO_PAGES = ("--top", "2", "--own-rds", "1")


@pytest.mark.parametrize(
    ("options", "code"),
    [
        pytest.param(["--target", LAMP], 0, id="no limit"),
        pytest.param(["--target", LAMP, "--fail-over", "15"], 0, id="at the limit"),
        pytest.param(["--target", LAMP, "--fail-over", "14"], 1, id="over the limit"),
        pytest.param(["--fail-over", "14"], 4, id="gap unknown"),
        pytest.param(["--fail-over", "14", "--allow-unknown"], 0, id="unknown allowed"),
        pytest.param(["--fail-unknown"], 4, id="no own count"),
        pytest.param(["--target", LAMP, "--fail-unknown"], 0, id="all known"),
        pytest.param(["--top", "2", "--own-rds", "1", "--fail-unknown"], 4, id="too few pages"),
        pytest.param([*TWO_PAGES, "--fail-over", "999"], 4, id="few pages, within a limit"),
        pytest.param([*TWO_PAGES, "--fail-over", "0"], 4, id="few pages, over a limit"),
        pytest.param(
            ["--fail-over", "14", "--allow-unknown", "--fail-unknown"], 4, id="both, unknown"
        ),
        pytest.param(
            ["--target", LAMP, "--fail-over", "14", "--fail-unknown"], 1, id="over, and known"
        ),
    ],
)
def test_the_exit_code_says_how_the_gap_stands_to_the_limit(
    options: Sequence[str], code: int
) -> None:
    done = run(SERP, *options)

    assert done.code == code
    assert done.out.startswith("desk lamp ")


def test_a_gap_over_the_limit_outranks_an_unknown_one(tmp_path: Path) -> None:
    known = write_serp(tmp_path / "known.csv", [50, 50, 50], ours=(9, 1))
    unknown = write_serp(tmp_path / "unknown.csv", [9, 9, 9], more={"keyword": "other lamp"})

    both = (known, unknown, "--target", OURS)

    assert run(*both, "--fail-over", "40").code == 1
    assert run(*both, "--fail-over", "60").code == 4
    assert run(*both, "--fail-over", "40", "--fail-unknown").code == 1
    assert run(*both, "--fail-over", "60", "--allow-unknown").code == 0


def test_a_missing_input_outranks_every_limit() -> None:
    assert run(SERP, "nowhere.csv", "--target", LAMP, "--fail-over", "0").code == 3


# --- settings ------------------------------------------------------------------------------------


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Make a folder with a SERP at its top and a working folder below."""
    write_serp(tmp_path / "serp.csv", [50, 40, 30, 20, 10], ours=(6, 4))
    (tmp_path / "deep" / "down").mkdir(parents=True)
    return tmp_path


def median_of(folder: Path, *options: object, environment: Mapping[str, str] | None = None) -> int:
    places = (place / "serp.csv" for place in (folder, *folder.parents))
    serp = next(place for place in places if place.exists())
    done = run(serp, *options, "--json", cwd=folder, environment=environment)
    assert done.code == 0, done.err
    median: int = json.loads(done.out)["keywords"][0]["goals"]["median"]
    return median


def test_flag_beats_environment_beats_file_beats_default(project: Path) -> None:
    down = project / "deep" / "down"
    assert median_of(down, "--target", OURS) == 30
    (project / "gapcalc.toml").write_text(f'target = "{OURS}"\ntop = 3\n')
    assert median_of(down) == 40
    assert median_of(down, environment={"GAPCALC_TOP": "1"}) == 50
    assert median_of(down, "--top", "4", environment={"GAPCALC_TOP": "1"}) == 35


def test_the_nearest_settings_file_upwards_is_the_one_used(project: Path) -> None:
    (project / "gapcalc.toml").write_text("top = 3\n")
    (project / "deep" / "gapcalc.toml").write_text("top = 1\n")

    assert median_of(project) == 40
    assert median_of(project / "deep" / "down") == 50
    assert median_of(project / "deep", "--config", project / "gapcalc.toml") == 40


def test_paths_in_a_settings_file_are_relative_to_it(project: Path) -> None:
    (project / "gapcalc.toml").write_text('output = "answer.csv"\nformat = "csv"\n')

    done = run(project / "serp.csv", cwd=project / "deep" / "down")

    assert (done.code, done.out) == (0, "")
    assert (project / "answer.csv").read_text(encoding="utf-8-sig").startswith("keyword,")


def test_the_file_of_a_binding_in_the_settings_is_relative_to_them(project: Path) -> None:
    data = (FIXTURES / "vendors/ahrefs-refdomains.tsv").read_bytes()
    (project / "own.tsv").write_bytes(data)
    (project / "gapcalc.toml").write_text(f'target = "{OURS}"\nlinks_for = ["{OURS}=own.tsv"]\n')

    done = run(project / "serp.csv", "--json", cwd=project / "deep")

    assert done.code == 0, done.err
    assert json.loads(done.out)["keywords"][0]["target_page"]["listed"] == 22


def test_every_kind_of_option_can_be_set_in_the_file(project: Path) -> None:
    (project / "gapcalc.toml").write_text(
        f"""
target = "{OURS}"
top = 4
own_rds = 3
tolerance = 0.3
drop = ["homepage"]
exclude = ["rival1.example"]
icann_suffixes = true
profile = "strict"
no_rule = ["spam"]
min_authority = 30
pace = 2.5
as_of = 2026-01-31
format = "json"
"""
    )

    unset = {"GAPCALC_AS_OF": ""}
    found = json.loads(run(project / "serp.csv", cwd=project, environment=unset).out)

    rules = {rule["id"]: rule["parameters"] for rule in found["method"]["rules"]}
    assert (found["as_of"], found["method"]["top"], found["method"]["tolerance"]) == (
        "2026-01-31",
        4,
        0.3,
    )
    assert (found["method"]["profile"], found["method"]["suffixes"]) == ("strict", "icann")
    assert "spam" not in rules
    assert rules["authority"] == {"min_authority": 30}
    assert found["keywords"][0]["goals"]["n"] == 3
    assert found["keywords"][0]["plan"]["pace"] == {"low": 2.5, "middle": 2.5, "high": 2.5}


@pytest.mark.parametrize(
    ("name", "value", "key", "expected"),
    [
        pytest.param("TOP", "2", "top", 2, id="a number"),
        pytest.param("TOLERANCE", "0.5", "tolerance", 0.5, id="a share"),
        pytest.param("PROFILE", "strict", "profile", "strict", id="a word"),
        pytest.param("ICANN_SUFFIXES", "true", "suffixes", "icann", id="a switch"),
    ],
)
def test_an_option_can_be_set_in_the_environment(
    name: str, value: str, key: str, expected: object
) -> None:
    done = run(SERP, "--json", environment={f"GAPCALC_{name}": value})

    assert json.loads(done.out)["method"][key] == expected


@pytest.mark.parametrize(
    ("name", "value", "n"),
    [
        pytest.param("DROP", "platform,homepage", 8, id="words"),
        pytest.param("EXCLUDE", "studyroom.example,brightbench.example", 7, id="sites"),
    ],
)
def test_a_list_in_the_environment_has_commas(name: str, value: str, n: int) -> None:
    done = run(SERP, "--json", environment={f"GAPCALC_{name}": value})

    assert json.loads(done.out)["keywords"][0]["goals"]["n"] == n


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("tpo = 3", "there is no option tpo; did you mean top?", id="a slip"),
        pytest.param("[gap]\ntop = 3", "there is no option gap; ", id="a table"),
        pytest.param("quux = 1", "there is no option quux; see gapcalc gap --help", id="no idea"),
        pytest.param('top = "x"', "top: 'x' is not a whole number", id="a wrong type"),
        pytest.param("top = 0", "top: ", id="a number out of range"),
        pytest.param("tolerance = 2", "tolerance: ", id="a share beyond 1"),
        pytest.param("own_rds = -1", "own_rds: ", id="a count below 0"),
        pytest.param("pace = 0", "pace: ", id="no pace at all"),
        pytest.param("horizon = 0", "horizon: ", id="no month"),
        pytest.param("fail_over = -1", "fail_over: ", id="a limit below 0"),
        pytest.param("min_authority = 101", "min_authority: ", id="a score over 100"),
        pytest.param("top = true", "top: ", id="a switch for a number"),
        pytest.param('profile = "lax"', "profile: 'lax' is not one of all, ", id="an unknown word"),
        pytest.param("top = ", "is not valid TOML: ", id="no TOML"),
    ],
)
def test_a_bad_settings_file_is_refused_with_its_name_and_key(
    project: Path, text: str, message: str
) -> None:
    (project / "gapcalc.toml").write_text(text)

    done = run("serp.csv", cwd=project)

    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"gapcalc: {project / 'gapcalc.toml'}")
    assert message in done.err
    assert done.err.count("\n") == 1


@pytest.mark.parametrize(
    ("text", "kd"),
    [
        pytest.param("kd = 34", 34, id="a number"),
        pytest.param("kd = 34.5", 34.5, id="a fraction"),
        pytest.param('kd = "34"', 34, id="a text"),
    ],
)
def test_a_kd_in_the_file_may_be_written_as_a_number(project: Path, text: str, kd: float) -> None:
    (project / "gapcalc.toml").write_text(text)

    assert ask("serp.csv", cwd=project)["kd"] == kd


def test_a_bad_variable_is_refused_with_where_it_stands() -> None:
    done = run(SERP, environment={"GAPCALC_TOP": "many"})

    assert done.code == 2
    assert done.err.startswith("gapcalc: GAPCALC_TOP: 'many' is not a whole number")


def test_the_date_of_the_answer_can_be_set() -> None:
    assert result(SERP, "--as-of", "2026-01-31")["as_of"] == "2026-01-31"


# --- sensitivity and profiles --------------------------------------------------------------------


@pytest.mark.slow
def test_sensitivity_switches_off_exactly_the_rules_that_count() -> None:
    assert tuple(ask(*DESK, "--sensitivity")["sensitivity"]) == RULES
    assert ask(*DESK)["sensitivity"] is None
    assert ask(SERP, "--sensitivity")["sensitivity"] is None


@pytest.mark.slow
def test_sensitivity_says_what_the_answer_is_without_each_rule() -> None:
    strict = (*SOME_OF_DESK, "--profile", "strict")
    switched = ask(*strict, "--sensitivity")["sensitivity"]

    assert {*RULES, "nofollow", "authority", "traffic"} <= set(switched)
    assert len({str(answer) for answer in switched.values()}) > 4
    for rule in switched:
        without = ask(*strict, "--no-rule", rule)
        assert switched[rule] == {
            "median": without["goals"]["median"],
            "need": without["gap"]["to_median"],
        }, rule


@pytest.mark.slow
def test_sensitivity_is_about_counted_domains_on_every_basis() -> None:
    on_kept = ask(*SOME_OF_DESK, "--sensitivity")["sensitivity"]

    for basis in ("followed", "raw"):
        assert ask(*SOME_OF_DESK, "--basis", basis, "--sensitivity")["sensitivity"] == on_kept
    without = ask(*SOME_OF_DESK, "--no-rule", "ugc")
    assert on_kept["ugc"] == {
        "median": without["goals"]["median"],
        "need": without["gap"]["to_median"],
    }


def test_sensitivity_is_unknown_where_no_page_has_a_link_list(tmp_path: Path) -> None:
    serp = write_serp(tmp_path / "serp.csv", [10, 20, 30])
    own = write_links(tmp_path / "own.csv", {OURS: 4}, rel="")

    switched = ask(serp, own, "--target", OURS, "--sensitivity")["sensitivity"]

    assert switched["ugc"] == {"median": None, "need": None}


def test_a_list_of_a_page_that_does_not_rank_is_a_caution() -> None:
    found = result(SERP, "checks/43-178-221/links-first.csv")

    told = (*cautions(found), *cautions(found["keywords"][0]))
    assert any("first-check.example/guide" in caution for caution in told)


def test_profile_all_keeps_every_domain() -> None:
    answer = ask(*DESK, "--profile", "all")

    listed = {page["page"]: (page["kept"], page["listed"]) for page in answer["pages"]}
    assert all(kept == raw for kept, raw in listed.values())
    assert (answer["waterfall"], answer["goals"]["median"]) == ({}, 71)


@pytest.mark.slow
def test_a_rule_can_be_added_to_a_profile_and_taken_from_it() -> None:
    def rules(*options: str) -> set[str]:
        return {rule["id"] for rule in result(*DESK, *options)["method"]["rules"]}

    assert rules("--rule", "nofollow") - rules() == {"nofollow"}
    assert rules() - rules("--no-rule", "ugc") == {"ugc"}
    assert rules("--min-authority", "30") - rules() == {"authority"}


def test_under_the_nofollow_rule_every_kept_domain_is_followed() -> None:
    answer = ask(*DESK, "--rule", "nofollow")

    pages = [page for page in answer["pages"] if page["listed"] is not None]
    assert [page["kept"] for page in pages] == [page["followed"] for page in pages]
