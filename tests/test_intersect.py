"""The vendors' intersect exports: who links to the sites of rivals and not to ours.

The case of this file, worked out by hand. Three rivals (a, b, c) and ours are compared, a row for a domain:

    press    a b c      a lead, to all
    blog     a   c      a lead, authority 40
    weak       b c      a lead, authority 10
    friend   a b   us   links to us
    single   a          one site only
    reddit   a b        a platform
    rival-a    b c      a lead: a rival may link to us too
    ours     a b        our own site
"""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from gapcalc.results.prospects import ProspectsResult
from running import FIXTURES, result, run

OURS = "https://www.ours.example/table/"
SITES = ("ours.example", "rival-a.example", "rival-b.example", "rival-c.example")
ROWS = {
    "press.example": (60, 0, 1, 2, 3),
    "blog.example": (40, 0, 1, 0, 5),
    "weak.example": (10, 0, 0, 1, 1),
    "friend.example": (50, 2, 1, 1, 0),
    "single.example": (70, 0, 9, 0, 0),
    "reddit.com": (95, 0, 4, 4, 0),
    "rival-a.example": (30, 0, 0, 2, 2),
    "ours.example": (20, 0, 3, 1, 0),
}


def write_gap(
    path: Path, rows: Mapping[str, Sequence[object]] | None = None, sites: tuple[str, ...] = SITES
) -> Path:
    """Write a Semrush Backlink Gap: the score of each domain, then its links to each site."""
    lines: list[tuple[object, ...]] = [("Domain", "Domain ascore", *sites, "Matches")]
    for name, (score, *links) in (rows or ROWS).items():
        lines.append((name, score, *links, sum(bool(count) for count in links)))
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(lines)
    return path


def ask(*arguments: object, cwd: Path = FIXTURES) -> dict[str, Any]:
    return result("prospects", *arguments, "--target", OURS, cwd=cwd)


def names(answer: dict[str, Any]) -> list[str]:
    return [lead["domain"].partition(".")[0] for lead in answer["site_leads"]]


# --- worked out by hand --------------------------------------------------------------------------


def test_leads_link_to_two_sites_or_more_and_not_to_ours(tmp_path: Path) -> None:
    answer = ask(write_gap(tmp_path / "gap.csv"))

    assert names(answer) == ["press", "blog", "rival-a", "weak"]
    assert [lead["competitors"] for lead in answer["site_leads"]] == [3, 2, 2, 2]
    assert [lead["tier"] for lead in answer["site_leads"]] == [
        "all",
        "several",
        "several",
        "several",
    ]
    assert answer["site_leads"][1] == {
        "domain": "blog.example",
        "level": "site",
        "competitors": 2,
        "tier": "several",
        "authority": {"metric": "Authority Score", "value": 40},
        "traffic": None,
        "url": None,
        "title": None,
        "sites": ["rival-a.example", "rival-c.example"],
        "links_to_my_site": False,
        "is_page_lead": False,
        "vendors": ["semrush"],
    }


def test_every_domain_of_the_export_is_accounted_for(tmp_path: Path) -> None:
    answer = ask(write_gap(tmp_path / "gap.csv"), cwd=tmp_path)

    assert answer["site_level"] == {
        "inputs": [str(tmp_path / "gap.csv")],
        "sites": ["rival-a.example", "rival-b.example", "rival-c.example"],
        "own_sites": ["ours.example"],
        "behind": 8,
        "enough": 7,
        "links_to_my_site": 1,
        "own_site": 1,
        "excluded": 0,
        "platform": 1,
        "leads": 4,
    }


def test_sites_are_no_pages_so_no_lead_of_pages_comes_of_them(tmp_path: Path) -> None:
    answer = ask(write_gap(tmp_path / "gap.csv"))

    assert (answer["prospects"], answer["keywords"], answer["lost_to_us"]) == ([], [], [])
    assert [item["kind"] for item in answer["inputs"]] == ["intersect"]


@pytest.mark.parametrize(("least", "found"), [(1, 5), (3, 1)])
def test_how_many_sites_a_lead_links_to_can_be_chosen(
    tmp_path: Path, least: int, found: int
) -> None:
    answer = ask(write_gap(tmp_path / "gap.csv"), "--min-competitors", least)

    assert answer["site_level"]["leads"] == len(answer["site_leads"]) == found


def test_an_excluded_site_is_neither_compared_nor_a_lead(tmp_path: Path) -> None:
    answer = ask(write_gap(tmp_path / "gap.csv"), "--exclude", "rival-a.example")

    # Without a, only press and weak link to two sites; rival-a does too, and is excluded itself.
    assert names(answer) == ["press", "weak"]
    assert answer["site_level"]["sites"] == ["rival-b.example", "rival-c.example"]
    assert answer["site_level"]["excluded"] == 1


def test_an_unknown_number_of_links_is_no_link_and_leaves_open_who_links_to_us(
    tmp_path: Path,
) -> None:
    rows: dict[str, tuple[object, ...]] = {
        "press.example": (60, "", 1, 1, ""),
        "blog.example": (40, 0, 1, "", 1),
    }
    press, blog = ask(write_gap(tmp_path / "gap.csv", rows))["site_leads"]

    assert (press["competitors"], press["links_to_my_site"]) == (2, None)
    assert (blog["competitors"], blog["links_to_my_site"]) == (2, False)


def test_without_a_column_of_ours_nobody_knows_who_links_to_us(tmp_path: Path) -> None:
    rows: dict[str, tuple[object, ...]] = {"press.example": (60, 1, 1)}
    answer = ask(write_gap(tmp_path / "gap.csv", rows, SITES[1:3]))

    assert answer["site_leads"][0]["links_to_my_site"] is None
    assert [caution["code"] for caution in answer["cautions"]] == ["no-own-site"]
    assert "some of these domains may link to your site" in answer["cautions"][0]["text"]
    screen = run("prospects", tmp_path / "gap.csv", "--target", OURS).out
    assert "1 domain links to 2 or more of 2 sites; whether to yours, it does not say." in screen


def test_several_exports_are_put_together_by_domain_and_scores_are_not_mixed(
    tmp_path: Path,
) -> None:
    ahrefs = tmp_path / "ahrefs.csv"
    ahrefs.write_text(
        "Domain\tDomain rating\tDomain traffic\tIntersect\tours.example/\trival-d.example/\n"
        "weak.example\t90\t700\t1\t0\t4\n"
        "new.example\t80\t500\t1\t0\t2\n",
        encoding="utf-8",
    )
    answer = ask(write_gap(tmp_path / "gap.csv"), ahrefs)

    # weak links to a third site by Ahrefs; Semrush knows more scores, so its score is shown.
    assert names(answer) == ["press", "weak", "blog", "rival-a"]
    weak = answer["site_leads"][1]
    assert weak["sites"] == ["rival-b.example", "rival-c.example", "rival-d.example"]
    assert weak["authority"] == {"metric": "Authority Score", "value": 10}
    assert (weak["traffic"], weak["vendors"]) == (700, ["ahrefs", "semrush"])


def test_hosts_of_one_domain_are_one_lead(tmp_path: Path) -> None:
    rows: dict[str, tuple[object, ...]] = {
        "news.press.example": (30, 0, 1, 0, 0),
        "www.press.example": (35, 0, 0, 1, 0),
    }
    (lead,) = ask(write_gap(tmp_path / "gap.csv", rows))["site_leads"]

    assert (lead["domain"], lead["competitors"]) == ("press.example", 2)
    assert lead["authority"]["value"] == 35


# --- beside leads of pages -----------------------------------------------------------------------


@pytest.mark.slow
def test_leads_of_pages_stay_as_they_are_and_both_are_marked(tmp_path: Path) -> None:
    rows: dict[str, tuple[object, ...]] = {
        "woodblog.example": (50, 0, 1, 1, 1),
        "press.example": (60, 0, 1, 1, 0),
    }
    gap = write_gap(tmp_path / "gap.csv", rows, ("oakhome.example", *SITES[1:]))
    target = ("--target", "https://www.oakhome.example/benches/")
    alone = result("prospects", "leads/oak-bench", *target)
    both = result("prospects", "leads/oak-bench", gap, *target)

    for key in ("prospects", "keywords", "lost_to_us"):
        assert both[key] == alone[key]
    assert (alone["site_level"], alone["site_leads"]) == (None, [])
    assert [(lead["domain"], lead["is_page_lead"]) for lead in both["site_leads"]] == [
        ("woodblog.example", True),
        ("press.example", False),
    ]
    screen = run("prospects", "leads/oak-bench", gap, *target).out
    assert screen.index("LEADS  6 domains") < screen.index(
        "SITES  2 domains link to 2 or more of 3"
    )
    assert "p is a lead of pages as well." in screen


def test_the_csv_marks_each_row_with_its_level(tmp_path: Path) -> None:
    gap = write_gap(tmp_path / "gap.csv", {"press.example": (60, 0, 1, 1, 0)})
    out = run("prospects", "leads/oak-bench", gap, "--target", OURS, "--format", "csv").out
    rows = list(csv.DictReader(io.StringIO(out)))

    assert {row["level"] for row in rows[:-1]} == {"page"}
    last = rows[-1]
    assert (last["domain"], last["list"], last["level"]) == ("press.example", "site-lead", "site")
    assert (last["sites"], last["linked_sites"]) == ("2", "rival-a.example rival-b.example")
    assert (last["competitors"], last["tier"], last["url"], last["contact"]) == ("", "", "", "")


def test_json_lines_end_with_the_leads_of_sites(tmp_path: Path) -> None:
    gap = write_gap(tmp_path / "gap.csv")
    lines = run("prospects", "leads/oak-bench", gap, "--target", OURS, "--format", "jsonl").out
    *keywords, sites = map(json.loads, lines.splitlines())

    assert len(keywords) == 1
    assert sites["site_level"]["leads"] == len(sites["site_leads"]) == 4


def test_the_answer_fits_its_schema(tmp_path: Path) -> None:
    answer = ask(write_gap(tmp_path / "gap.csv"))

    TypeAdapter(ProspectsResult).validate_python(answer)


# --- every vendor's form -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "found"),
    [
        ("semrush-backlink-gap.csv", 9),
        ("ahrefs-link-intersect.csv", 2),
        ("ahrefs-link-intersect-pages.csv", 2),
        ("moz-link-intersect.csv", 2),
    ],
)
@pytest.mark.parametrize("columns", [80, 100])
def test_every_vendors_export_is_read(file: str, found: int, columns: int) -> None:
    target = ("--target", "https://www.lampkin.example/desk-lamp/")
    done = run("prospects", f"vendors/{file}", *target, columns=columns)

    assert (done.code, done.err) == (0, "")
    assert f"SITES  {found} domains link to 2 or more of" in done.out
    assert max(map(len, done.out.splitlines())) <= columns


def test_an_export_of_pages_shows_the_page_that_links_to_most_sites() -> None:
    found = result(
        *("prospects", "vendors/ahrefs-link-intersect-pages.csv"),
        *("--target", "https://www.lampkin.example/desk-lamp/"),
    )["site_leads"]

    assert [(lead["domain"], lead["url"], lead["title"]) for lead in found] == [
        ("northjournal.example", "https://northjournal.example/studio", 'The "studio" list'),
        ("nordicnotes.example", "https://nordicnotes.example/ten-lamps", "Ten lamps we like"),
    ]


# --- what other commands say, and bad files ------------------------------------------------------


@pytest.mark.parametrize("command", ["gap", "plan", "audit", "export"])
def test_other_commands_say_what_the_file_is_and_who_reads_it(command: str, tmp_path: Path) -> None:
    output = ("-o", f"{tmp_path}/rows/") if command == "export" else ("--target", OURS)
    done = run(command, "vendors/semrush-backlink-gap.csv", *output)

    assert (done.code, done.out) == (3, "")
    assert done.err == (
        "gapcalc: vendors/semrush-backlink-gap.csv: this is Semrush Backlink Gap: it tells which "
        "domains link to whole sites, not to pages, and gapcalc prospects reads it. For a gap, export "
        "Backlinks for the exact URL\n"
    )


def test_in_a_folder_of_lists_the_gap_passes_over_it_and_says_so(tmp_path: Path) -> None:
    for name in ("serp.csv", "benchguide.csv"):
        (tmp_path / name).write_bytes((FIXTURES / "leads/oak-bench" / name).read_bytes())
    write_gap(tmp_path / "gap.csv")
    answer = result(tmp_path, "--target", OURS)

    (skipped,) = [item for item in answer["inputs"] if item["format"] is None]
    assert "gapcalc prospects reads it" in skipped["note"]


def test_a_file_whose_columns_name_no_site_is_refused(tmp_path: Path) -> None:
    (tmp_path / "gap.csv").write_text("Domain,Domain ascore,Us,Them,Matches\na.example,1,0,2,1\n")
    done = run("prospects", "gap.csv", "--target", OURS, cwd=tmp_path)

    assert done.code == 3
    assert done.err == (
        "gapcalc: gap.csv: this is Semrush Backlink Gap, and none of its headings names a site. "
        "Export it again, with a column for each site\n"
    )


def test_a_file_of_which_no_row_can_be_read_is_refused(tmp_path: Path) -> None:
    rows: dict[str, tuple[object, ...]] = {"no host": (60, 0, 1, 1, 1)}
    done = run("prospects", write_gap(tmp_path / "gap.csv", rows), "--target", OURS)

    assert (done.code, done.out) == (3, "")
    assert "none of its rows can be read (row not read: 'no host' is not a URL)" in done.err


def test_a_bad_cell_is_reported_and_unknown(tmp_path: Path) -> None:
    rows: dict[str, tuple[object, ...]] = {
        "press.example": (60, 0, "lots", 1, 1),
        **{f"d{number}.example": (5, 0, 1, 1, 0) for number in range(30)},
    }
    done = run("prospects", write_gap(tmp_path / "gap.csv", rows), "--target", OURS, "--json")

    assert "gap.csv:2: column 'rival-a.example' is unknown: " in done.err
    answer = json.loads(done.out)
    (press,) = [x for x in answer["site_leads"] if x["domain"] == "press.example"]
    assert press["sites"] == ["rival-b.example", "rival-c.example"]
    assert [caution["code"] for caution in answer["cautions"]] == ["unreadable-cells"]


@pytest.mark.parametrize("place", [1, 2], ids=["ours", "a rival's"])
def test_a_file_with_an_unreadable_column_of_a_site_is_refused(tmp_path: Path, place: int) -> None:
    rows: dict[str, list[object]] = {name: [*row] for name, row in ROWS.items()}
    for row in rows.values():
        row[place] = "x" if row[place] else ""
    done = run("prospects", write_gap(tmp_path / "gap.csv", rows), "--target", OURS)

    assert (done.code, done.out) == (3, "")
    assert f"its column '{SITES[place - 1]}' has cells that cannot be read: 'x' on line" in done.err


def test_two_columns_of_one_site_are_put_together(tmp_path: Path) -> None:
    rows = {name: (*row, 0) for name, row in ROWS.items()}
    answer = ask(write_gap(tmp_path / "gap.csv", rows, (*SITES, "www.ours.example")))

    assert names(answer) == ["press", "blog", "rival-a", "weak"]
    assert answer["site_level"]["links_to_my_site"] == 1


def test_a_list_cut_at_a_limit_of_the_vendor_is_reported(tmp_path: Path) -> None:
    rows: dict[str, tuple[object, ...]] = {
        f"d{number}.example": (5, 0, 1, 1, 0) for number in range(1000)
    }
    answer = ask(write_gap(tmp_path / "gap.csv", rows))

    assert answer["inputs"][0]["complete"] is False
    assert [caution["code"] for caution in answer["cautions"]] == ["cut-intersect"]


@pytest.mark.parametrize("order", [1, -1])
def test_the_order_of_files_changes_no_lead(tmp_path: Path, order: int) -> None:
    items = list(ROWS.items())
    files = [
        write_gap(tmp_path / "first.csv", dict(items[:4])),
        write_gap(tmp_path / "second.csv", dict(items[4:])),
    ]
    whole = ask(write_gap(tmp_path / "whole.csv"))

    assert ask(*files[::order])["site_leads"] == whole["site_leads"]
