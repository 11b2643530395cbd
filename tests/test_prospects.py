"""The leads: who links to the pages that rank and not to the target page.

The fixture `leads` is small enough to be worked out by hand. Three pages rank for "oak bench" above
ours: benchguide (1), timberly (2), seatshop (3). Who links to them, and to us:

    woodblog    1 2 3                     a lead, to all of them
    gardenpost  1 2                       a lead, DR 70
    decorweek   1 3   lost twice          a lead, lost to us on 15 September, the later day
    partner     1 3   our page of sofas   a lead, links to our site
    nofollower  1 2   nofollow            a lead, DR 40 as partner, less traffic
    rankless    2 3                       a lead, DR unknown
    homepaper   2 3   live                links to us
    mixedmag    2 3   one lost, one live  links to us
    reddit      1 2                       a platform
    oakhome     1 2                       our own site
    craftnews   1 2   a comment on 1      only one link counts
    oldmag      1     lost                lost to us on 2 August
    gonemag     3     its link is lost    no lead

For "garden bench" rank seatshop (1) and lawnliving (2). To lawnliving link woodblog, partner and
lawnclub.
"""

import csv
import io
import itertools
import json
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest
from pydantic import TypeAdapter

from gapcalc.results.prospects import ProspectsResult
from oracle.leads import LEAST, faults_of, is_out, real_links
from running import FIXTURES, drawn, result, run
from tables import OURS, links_to, rival, write_links, write_rows, write_serp

ROOT = FIXTURES.parent
OAK = ("leads/oak-bench", "--target", "https://www.oakhome.example/benches/")
BOTH = ("leads/garden-bench", *OAK)


def ask(*arguments: object, cwd: Path = FIXTURES) -> dict[str, Any]:
    return result("prospects", *arguments, cwd=cwd)


def names(leads: Sequence[dict[str, Any]]) -> list[str]:
    return [lead["domain"].partition(".")[0] for lead in leads]


def lead(answer: dict[str, Any], name: str) -> dict[str, Any]:
    (found,) = [one for one in answer["prospects"] if one["domain"] == f"{name}.example"]
    return dict(found)


# --- worked out by hand --------------------------------------------------------------------------


def test_leads_are_in_order_of_pages_then_authority_then_traffic_with_the_unknown_last() -> None:
    answer = ask(*OAK)

    assert names(answer["prospects"]) == [
        *("woodblog", "gardenpost", "decorweek", "partner", "nofollower", "rankless")
    ]
    assert [one["competitors"] for one in answer["prospects"]] == [3, 2, 2, 2, 2, 2]
    assert [one["tier"] for one in answer["prospects"]] == ["all", *["several"] * 5]


def test_every_domain_behind_the_pages_is_accounted_for() -> None:
    (keyword,) = ask(*OAK)["keywords"]

    assert keyword["counts"] == {
        "behind": 12,
        "enough": 10,
        "links_to_target": 2,
        "own_site": 1,
        "excluded": 0,
        "platform": 1,
        "leads": 6,
        "lost_to_us": 2,
    }


def test_a_lead_says_which_pages_it_links_to_and_from_where() -> None:
    found = lead(ask(*OAK), "decorweek")

    assert found["authority"] == {"metric": "DR", "value": 48}
    assert found["traffic"] == 3000
    assert found["linking_pages"] == [
        {
            "position": 1,
            "links_to": "https://benchguide.example/oak/",
            "url": "https://decorweek.example/hall",
            "title": "Small halls",
            "anchor": "a bench for the hall",
            "rel": "follow",
            "first_seen": "2024-01-09",
            "kind": "text",
        },
        {
            "position": 3,
            "links_to": "https://seatshop.example/oak-benches/",
            "url": "https://decorweek.example/oak",
            "title": "Oak week",
            "anchor": "Seatshop",
            "rel": "nofollow",
            "first_seen": "2024-02-09",
            "kind": "text",
        },
    ]
    assert (found["url"], found["anchor"]) == (
        "https://decorweek.example/hall",
        "a bench for the hall",
    )


def test_an_unknown_authority_is_null_and_an_unnamed_title_too() -> None:
    found = lead(ask(*OAK), "rankless")

    assert (found["authority"], found["traffic"], found["title"]) == (None, None, None)


def test_links_to_other_pages_of_my_site_are_told_its_hosts_included() -> None:
    answer = ask(*OAK)

    assert lead(answer, "partner")["links_to_my_site"] is True
    assert lead(answer, "woodblog")["links_to_my_site"] is False


def test_a_domain_whose_every_link_to_us_is_lost_is_lost_to_us_on_the_last_day() -> None:
    lost = ask(*OAK)["lost_to_us"]

    assert [(one["domain"], one["lost_on"], one["competitors"]) for one in lost] == [
        ("decorweek.example", "2026-09-15", 2),
        ("oldmag.example", "2026-08-02", 1),
    ]


def test_min_competitors_of_1_lists_who_links_to_one_page_as_well() -> None:
    answer = ask(*OAK, "--min-competitors", 1)

    assert names(answer["prospects"])[6:] == ["oldmag", "craftnews"]
    assert lead(answer, "craftnews")["tier"] == "one"


def test_excluded_domains_are_no_leads_and_counted() -> None:
    answer = ask(*OAK, "--exclude", "gardenpost.example", "--exclude", "partner.example")

    assert names(answer["prospects"]) == ["woodblog", "decorweek", "nofollower", "rankless"]
    assert answer["keywords"][0]["counts"]["excluded"] == 2


def test_an_excluded_page_is_not_compared() -> None:
    answer = ask(*OAK, "--exclude", "https://seatshop.example/oak-benches/")

    assert names(answer["prospects"]) == ["gardenpost", "woodblog", "nofollower"]
    assert lead(answer, "woodblog")["tier"] == "all"


# --- proof ---------------------------------------------------------------------------------------


def three_rivals(folder: Path, own: int | None, *, ours: tuple[int, int | None]) -> Path:
    """Write a SERP with lists of three rivals that share four domains, and our list."""
    write_serp(folder / "serp.csv", [5, 5, 5], ours=ours)
    lists = {rival(number): 4 for number in (1, 2, 3)}
    write_links(folder / "rivals.csv", lists)
    if own is not None:
        rows = links_to(OURS, own) or [{"source_url": "", "target_url": "", "rel": ""}]
        write_rows(folder / "ours.csv", [{**row, "authority": ""} for row in rows])
    return folder


@pytest.mark.slow
@pytest.mark.parametrize(
    ("own", "total", "more", "proven"),
    [
        pytest.param(1, 1, (), [True] * 3, id="whole"),
        pytest.param(1, 90, (), [False] * 3, id="cut"),
        pytest.param(1, None, (), [None] * 3, id="nobody can tell"),
        pytest.param(None, None, (), [False] * 4, id="no list"),
        pytest.param(None, None, ("--own-rds", 0), [True] * 4, id="declared to have none"),
        pytest.param(None, None, ("--own-rds", 7), [False] * 4, id="only a count"),
    ],
)
def test_a_lead_is_proven_only_where_my_own_list_is_whole(
    tmp_path: Path,
    own: int | None,
    total: int | None,
    more: tuple[object, ...],
    proven: list[bool | None],
) -> None:
    folder = three_rivals(tmp_path, own, ours=(4, total))
    answer = ask(folder, "--target", OURS, *more)

    assert [one["proven"] for one in answer["prospects"]] == proven


@pytest.mark.parametrize(
    ("totals", "said"),
    [
        ((90, None, None), f"The link list of {rival(1)} is incomplete: a lead may"),
        ((90, 90, None), f"The link lists of {rival(1)}, {rival(2)} are incomplete: a lead may"),
    ],
)
def test_incomplete_lists_of_rivals_are_named(
    tmp_path: Path, totals: Sequence[int | None], said: str
) -> None:
    serp = write_serp(tmp_path / "serp.csv", totals)
    lists = write_links(tmp_path / "lists.csv", {rival(n): 9 for n in (1, 2, 3)}, rel="")

    asked = ask(serp, lists, "--target", OURS, "--own-rds", 0)
    (shown,) = [
        caution["text"]
        for caution in asked["keywords"][0]["cautions"]
        if caution["code"] == "incomplete-lists"
    ]

    assert shown.startswith(said)


def test_an_empty_list_of_my_page_proves_that_nobody_links_to_it(tmp_path: Path) -> None:
    three_rivals(tmp_path, None, ours=(4, None))
    (tmp_path / "empty.csv").write_text("source_url,target_url,rel\n")
    answer = ask(
        *("serp.csv", "rivals.csv", "--target", OURS, "--links-for", f"{OURS}=empty.csv"),
        cwd=tmp_path,
    )

    assert [one["proven"] for one in answer["prospects"]] == [True] * 4
    assert answer["prospects"][0]["links_to_my_site"] is None


# --- several keywords ----------------------------------------------------------------------------


def test_over_several_keywords_what_helps_most_of_them_comes_first() -> None:
    answer = ask(*BOTH)

    assert names(answer["prospects"])[:2] == ["woodblog", "partner"]
    found = answer["prospects"][0]
    assert [one["keyword"] for one in found["keywords"]] == ["garden bench", "oak bench"]
    # The page of seatshop ranks for both keywords and counts once.
    assert [one["competitors"] for one in answer["prospects"][:3]] == [4, 3, 2]
    assert "lawnclub" not in names(answer["prospects"])


@pytest.mark.slow
def test_each_keyword_has_the_leads_that_it_has_alone() -> None:
    together, alone = ask(*BOTH), ask(*OAK)

    oak = [
        one["domain"]
        for one in together["prospects"]
        if "oak bench" in {keyword["keyword"] for keyword in one["keywords"]}
    ]
    assert sorted(oak) == sorted(one["domain"] for one in alone["prospects"])
    assert together["keywords"][1]["counts"] == alone["keywords"][0]["counts"]


def test_the_screen_names_the_keywords_and_their_first_leads() -> None:
    shown = run("prospects", *BOTH).out

    assert "garden bench      2  woodblog.example, partner.example" in shown


# --- forms ---------------------------------------------------------------------------------------


def test_the_csv_begins_with_what_outreach_tools_import_and_invents_no_contact() -> None:
    done = run("prospects", *OAK, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(done.out)))

    assert done.out.startswith("domain,url,title,anchor,contact,")
    assert {row["contact"] for row in rows} == {""}
    assert [row["list"] for row in rows] == ["lead"] * 6 + ["lost-to-us"]
    assert rows[0]["positions"] == "1 2 3"


def test_cells_that_a_spreadsheet_would_run_are_made_harmless(tmp_path: Path) -> None:
    write_serp(tmp_path / "serp.csv", [2, 2])
    for number in (1, 2):
        rows = links_to(rival(number), 1, anchor="=1+1", title="=cmd()", authority=5)
        write_rows(tmp_path / f"{number}.csv", rows)
    done = run("prospects", ".", "--target", OURS, "--format", "csv", cwd=tmp_path)

    assert ",'=cmd(),'=1+1,," in done.out


def test_the_screen_says_that_they_are_leads_and_how_little_copying_does() -> None:
    shown = " ".join(run("prospects", *OAK).out.split())

    assert "6 domains link to 2 or more of 3 pages but not to yours." in shown
    assert "These are leads, not links: copying what rivals have does little alone." in shown
    assert "Of the 12 domains behind these pages, 10 link to 2 or more of them." in shown


@pytest.mark.slow
@pytest.mark.parametrize("columns", [80, 100])
def test_no_line_is_wider_than_the_screen(columns: int) -> None:
    for arguments in (OAK, BOTH):
        lines = drawn("prospects", *arguments, columns=columns).splitlines()
        assert max(map(len, lines)) <= columns


@pytest.mark.slow
@pytest.mark.parametrize("columns", [80, 100, 140])
def test_the_domain_of_a_lead_is_whole_on_every_usual_screen(columns: int) -> None:
    asked = ("standing-desk", "--target", "https://www.deskwise.example/standing-desk/")

    lines = drawn("prospects", *asked, columns=columns).splitlines()
    (first,) = (
        n
        for n, line in enumerate(lines)
        if line.startswith("Domain  ") and "DR" in line and "Lost" not in line
    )

    assert not any("…" in line.split()[0] for line in lines[first + 1 : first + 11])


@pytest.mark.slow
@pytest.mark.parametrize("columns", [50, 60])
def test_no_number_is_broken_on_a_narrow_screen(columns: int) -> None:
    desk = ("standing-desk", "--target", "https://www.deskwise.example/standing-desk/")

    leads = drawn("prospects", *BOTH, columns=columns)
    audit = drawn("audit", *desk, columns=columns)

    assert re.search(r"^woo.* 2 +4  55  ", leads, re.MULTILINE)
    assert re.search(r"^2026-10 +0 +1 +0 +0$", audit, re.MULTILINE)


@pytest.mark.slow
def test_markdown_and_jsonl_say_the_same() -> None:
    assert "| woodblog.example" in run("prospects", *OAK, "--format", "markdown").out.replace(
        "`", ""
    )
    lines = run("prospects", *BOTH, "--format", "jsonl").out.splitlines()
    assert [json.loads(line)["keyword"] for line in lines] == ["garden bench", "oak bench"]
    assert names(json.loads(lines[0])["prospects"]) == ["woodblog", "partner"]


@pytest.mark.parametrize("arguments", [OAK, BOTH])
def test_the_json_is_what_its_published_types_say(arguments: Sequence[str]) -> None:
    said = ask(*arguments)
    said["inputs"] = []  # `from` has another name in Python
    kind = TypeAdapter(ProspectsResult)
    read = kind.validate_python(said)

    assert json.loads(kind.dump_json(read)) == said
    assert json.loads(run("schema", "prospects").out)["$id"] == "gapcalc.prospects/1"


# --- what is missing -----------------------------------------------------------------------------


def test_without_my_page_or_any_list_the_message_says_what_to_add() -> None:
    no_target = run("prospects", "leads/oak-bench")
    no_lists = run("prospects", "leads/oak-bench/serp.csv", "--target", OURS)

    assert (no_target.code, no_lists.code) == (2, 2)
    assert "--target" in no_target.err
    assert "Add link exports" in no_lists.err


def test_a_page_without_a_list_is_named() -> None:
    files = ("serp.csv", "benchguide.csv", "timberly.csv", "ours.csv")
    answer = ask(
        *(f"leads/oak-bench/{name}" for name in files), "--target", OAK[2], "--min-competitors", 2
    )
    (caution,) = answer["keywords"][0]["cautions"]

    assert caution["code"] == "no-link-list"
    assert "seatshop.example" in caution["text"]
    assert lead(answer, "woodblog")["tier"] == "all"


def test_without_a_list_of_the_pages_that_rank_the_leads_are_unknown_and_not_0() -> None:
    files = ("leads/oak-bench/serp.csv", "leads/oak-bench/ours.csv", "--target", OAK[2])
    none, one = run("prospects", *files), run("prospects", *files, "leads/oak-bench/timberly.csv")
    several = run("prospects", *files, "leads/garden-bench/serp.csv")

    assert "LEADS  Nobody knows who links to the pages that rank: none of them has a" in none.out
    assert (
        "LEADS  A lead links to 2 or more pages, and there are link lists of only 1 page."
        in one.out
    )
    assert "LEADS  Nobody knows" in several.out
    assert re.search(r"^oak bench +-$", several.out, re.MULTILINE)
    for answer in (none, one, several):
        assert "Export the links to the pages that rank (exact URL) and add them." in answer.out
        assert "0 domains" not in answer.out


# --- against an independent count ----------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("batch", range(2))
def test_the_leads_are_those_of_an_independent_count(tmp_path: Path, batch: int) -> None:
    faults = []
    for seed in range(batch * 4, batch * 4 + 4):
        (tmp_path / str(seed)).mkdir()
        faults += faults_of(str(seed), tmp_path / str(seed), LEAST[seed % len(LEAST)])
    assert not faults, "\n".join(faults)


EXPORTS = sorted((ROOT / ".." / "shared" / "exports").glob("*-backlinks/*.csv"))


@pytest.mark.slow
@pytest.mark.skipif(not EXPORTS, reason="there are no real exports here")
# Each export is read once: as that of the rivals, or as ours.
@pytest.mark.parametrize("place", range(0, len(EXPORTS), 2))
def test_real_exports_give_the_leads_of_an_independent_count(place: int) -> None:
    rivals, ours = real_links(EXPORTS[place]), real_links(EXPORTS[place - 1])
    own = max(sorted(ours), key=lambda page: len(ours[page].live))
    compared = sorted(rivals, key=lambda page: (-len(rivals[page].live), page))[:4]
    answer = ask(
        *(EXPORTS[place], EXPORTS[place - 1], "--target", f"http://{own}", "--profile", "all"),
        *(word for page in compared for word in ("--competitor", f"http://{page}")),
    )

    linked = Counter(domain for page in compared for domain in rivals[page].live)
    free = {d for d in linked if d not in ours[own].live and not is_out(d, own)}
    assert {one["domain"]: one["competitors"] for one in answer["prospects"]} == {
        domain: linked[domain] for domain in free if linked[domain] > 1
    }
    assert {one["domain"] for one in answer["lost_to_us"]} == free & ours[own].lost


@pytest.mark.slow
def test_the_order_of_files_filters_and_keywords_changes_nothing() -> None:
    files = sorted(FIXTURES.glob("leads/*/*.csv"))
    filters = ["--exclude", "gardenpost.example"], ["--exclude", "x.example"], ["--no-rule", "ugc"]
    answers = set()
    for seed in range(2):
        dice = Random(seed)
        shuffled = dice.sample(files, len(files))
        chosen = itertools.chain.from_iterable(dice.sample(filters, len(filters)))
        answer = ask(*shuffled, *OAK[1:], *chosen)
        answers.add(json.dumps([answer["prospects"], answer["lost_to_us"], answer["keywords"]]))
    assert len(answers) == 1


# --- a page of ours for each keyword -------------------------------------------------------------


@pytest.mark.slow
def test_each_keyword_has_its_own_page_by_site_or_by_the_file_of_targets(tmp_path: Path) -> None:
    serp = [
        {"keyword": keyword, "position": place, "url": url}
        for keyword, ours in (("desk", "a"), ("table", "b"))
        for place, url in enumerate((rival(1), rival(2), f"https://our.example/{ours}"), start=1)
    ]
    write_rows(tmp_path / "serp.csv", serp)
    links = [
        {"source_url": f"https://{source}.example/", "target_url": target}
        for source, targets in {
            "both": (rival(1), rival(2)),
            "toa": (rival(1), rival(2), "https://our.example/a"),
            "tob": (rival(1), rival(2), "https://our.example/b"),
        }.items()
        for target in targets
    ]
    write_rows(tmp_path / "links.csv", links)
    (tmp_path / "t.csv").write_text(
        "keyword,url\ntable,https://our.example/b\ndesk,our.example/a\n"
    )
    by_site = ask(tmp_path / "serp.csv", tmp_path / "links.csv", "--site", "our.example")
    by_file = ask(tmp_path / "serp.csv", tmp_path / "links.csv", "--targets", tmp_path / "t.csv")

    for answer in (by_site, by_file):
        helped = {
            one["domain"]: [k["keyword"] for k in one["keywords"]] for one in answer["prospects"]
        }
        assert helped == {
            "both.example": ["desk", "table"],
            "toa.example": ["table"],
            "tob.example": ["desk"],
        }
        assert [one["target_page"]["page"] for one in answer["keywords"]] == [
            "our.example/a",
            "our.example/b",
        ]
    assert lead(by_site, "toa")["links_to_my_site"] is True


def test_a_keyword_without_a_page_of_ours_has_a_new_one_that_nobody_links_to(
    tmp_path: Path,
) -> None:
    files = ("leads/oak-bench", "leads/garden-bench")
    (tmp_path / "t.csv").write_text("keyword,url\noak bench,https://www.oakhome.example/benches/\n")
    answer = ask(*files, "--targets", tmp_path / "t.csv")

    garden, oak = answer["keywords"]
    assert (garden["target_page"]["url"], garden["target_page"]["chosen"]) == (None, "new")
    assert oak["target_page"]["chosen"] == "named"
    assert garden["target_page"]["complete"] is True


def test_target_pages_of_two_sites_are_refused(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(
        "keyword,url\noak bench,a.example/x\ngarden bench,b.example/y\n"
    )
    done = run("prospects", "leads/oak-bench", "--targets", tmp_path / "t.csv")

    assert done.code == 2
    assert "the target pages are on a.example and b.example" in done.err


def test_the_csv_tells_the_place_of_each_lead_in_the_order() -> None:
    rows = list(csv.DictReader(io.StringIO(run("prospects", *OAK, "--format", "csv").out)))

    assert [row["priority"] for row in rows] == ["1", "2", "3", "4", "5", "6", ""]
