"""The first screen: the verdict, the goals, the pages, what to check and what to do."""

import csv
import json
from pathlib import Path

import pytest

from gapcalc.reports.document import BarCell, Document, Grid, GridColumn, Notes, Screen, Section
from gapcalc.reports.table import draw
from running import FIXTURES, ask, cautions, result, run
from tables import OURS, write_links, write_rows, write_serp

DESK = ("standing-desk", "--as-of", "2026-11-20")
MINE = "https://www.deskwise.example/standing-desk/"
EIGHT = ("eight-keywords", "--site", "oakdesk.example", "--as-of", "2026-11-20")
SERP = "standing-desk/serp.csv"
SITE = "https://worksitter.example/desks/standing-desk/"


def screen_of(*arguments: object) -> str:
    return run(*arguments, columns=80).out


def test_the_headline_has_the_verdict_the_two_numbers_and_the_need() -> None:
    lines = screen_of(*DESK, "--target", MINE).splitlines()

    assert lines[2:4] == [
        "BEHIND  Your page has 15 referring domains, the typical top-10 page has 52. It",
        "        needs 37 more to match it, 24 more to be competitive.",
    ]


@pytest.mark.parametrize(
    ("counts", "own", "word"),
    [
        ([40, 50], 5, "TOO LITTLE DATA"),
        ([40, 50, 60], None, "GOAL ONLY"),
        ([40, 50, 60, 20], 60, "AHEAD"),
        ([40, 50, 60], 50, "LEVEL"),
        ([49, 50, 40, 60], 50, "LEVEL"),
        ([50, 60, 70], 49, "WITHIN RANGE"),
        ([40, 50, 60], 5, "BEHIND"),
    ],
)
def test_each_verdict_has_a_word(
    tmp_path: Path, counts: list[int], own: int | None, word: str
) -> None:
    serp = write_serp(tmp_path / "s.csv", counts, ours=(1, own))

    assert screen_of(serp, "--target", OURS).splitlines()[2].startswith(f"{word}  ")


def test_goals_are_whole_domains_on_screen_and_exact_in_json(tmp_path: Path) -> None:
    serp = write_serp(tmp_path / "s.csv", [40, 49, 50, 60], ours=(9, 5))

    assert ask(serp, "--target", OURS)["goals"]["median"] == 49.5
    (line,) = (n for n in screen_of(serp, "--target", OURS).splitlines() if "Top 10 (" in n)
    assert line.split()[-2:] == ["50", "+45"]


def test_a_verdict_does_not_contradict_a_small_gap_beside_it(tmp_path: Path) -> None:
    shown = screen_of(write_serp(tmp_path / "s.csv", [4, 4, 4, 4], ours=(9, 2)), "--target", OURS)

    assert shown.splitlines()[2].startswith("NOT A LINK PROBLEM  ")
    said = "It needs 2 more to match it, but at such small counts other things decide."
    assert said in " ".join(shown.split())


def test_a_top_three_with_fewer_links_than_the_rest_is_explained(tmp_path: Path) -> None:
    serp = write_serp(tmp_path / "s.csv", [150, 100, 491, 546, 635, 900, 17525], ours=(9, 5))
    shown = " ".join(screen_of(serp, "--target", OURS, "--details").split())

    assert "The top three rank with fewer links (median 150) than the lower half." in shown


def test_two_pages_have_no_goal_that_contradicts_the_verdict(tmp_path: Path) -> None:
    shown = screen_of(write_serp(tmp_path / "s.csv", [40, 50], ours=(9, 5)), "--target", OURS)

    assert "TOO LITTLE DATA" in shown
    assert "You need" not in shown


def test_a_page_that_does_not_rank_is_answered_with_the_one_that_does() -> None:
    answer = ask(*DESK, "--target", "https://worksitter.example/")

    said = f"https://worksitter.example/ does not rank here. Did you mean {SITE} (#10, 47 counted domains)?"
    assert said in cautions(answer)
    assert answer["target_page"]["chosen"] == "named"


def test_a_domain_stands_for_its_best_ranking_page_and_that_is_said() -> None:
    answer = ask(*DESK, "--target", "worksitter.example")

    own = answer["target_page"]
    assert (own["url"], own["position"], own["kept"]) == (SITE, 10, 47)
    assert own["chosen"] == "best-ranking"
    assert (
        "--target worksitter.example is a site. Its best-ranking page stands for it: "
        f"{SITE} (#10)." in cautions(answer)
    )


def test_of_two_pages_of_a_site_the_one_that_ranks_best_is_taken() -> None:
    answer = ask(SERP, "--target", "homeofficelab.example")

    assert answer["target_page"]["position"] == 2


def test_a_domain_without_a_page_in_the_serp_is_its_home_page() -> None:
    own = ask(SERP, "--target", "newbrand.example", "--own-rds", "0")["target_page"]

    assert (own["page"], own["chosen"]) == ("newbrand.example", "named")


@pytest.mark.parametrize(
    "written",
    [
        "https://www.worksitter.example/DESKS/Standing-Desk/",
        "https://worksitter.example/Desks/standing-desk",
    ],
)
def test_letter_case_hides_no_page_and_that_is_said(written: str) -> None:
    answer = ask(*DESK, "--target", written)

    assert (answer["target_page"]["position"], answer["target_page"]["kept"]) == (10, 47)
    said = f"--target {written} is taken as {SITE}: they differ only in upper and lower case."
    assert said in cautions(answer)


def test_a_page_that_is_written_in_another_case_is_itself_when_it_is_there(tmp_path: Path) -> None:
    lists = {"https://a.example/Page": 3, "https://a.example/page": 5}
    links = write_links(tmp_path / "links.csv", lists, rel="")

    assert ask(links, "--target", "https://a.example/Page")["target_page"]["raw"] == 3


def test_a_pace_and_a_share_are_shown_as_they_were_given(tmp_path: Path) -> None:
    serp = write_serp(tmp_path / "s.csv", [40, 50, 60], ours=(9, 5))
    asked = (serp, "--target", OURS, "--pace", 2.25)
    both = (serp, write_serp(tmp_path / "t.csv", [40, 50, 60], more={"keyword": "oak"}), *asked[1:])
    plan = run("plan", *asked).out

    assert "if it gets 2.25 new domains a month" in run(*asked).out
    assert "At 2.25 a month that takes 20 months." in " ".join(plan.split())
    assert "your pace             2.25      20" in plan
    assert "At 2.25 new domains a month, that takes" in " ".join(run(*both).out.split())
    assert "at 2.25 a month" in run("plan", *both).out
    assert "Competitive (87.5% of the median)" in run(*asked, "--tolerance", 0.125).out
    assert "to be competitive (87.5% of the goal)" in run(*both, "--tolerance", 0.125).out


def test_large_numbers_in_sentences_have_separators(tmp_path: Path) -> None:
    counts = [10_000, 30_000, 50_000, 70_000, 90_000]
    serp = write_serp(tmp_path / "s.csv", counts, ours=(9, 5))
    answer = ask(serp, "--target", OURS, "--pace", 20)

    assert (
        "at 20 a month that takes 2,500 months, more than the 24" in answer["summary"]["sentence"]
    )
    assert "(10,000-90,000)" in answer["goals"]["confidence_reason"]


def test_a_cost_is_the_same_in_gap_and_plan(tmp_path: Path) -> None:
    asked = (write_serp(tmp_path / "s.csv", [8, 8, 8], ours=(9, 1)), "--target", OURS, "--pace", 1)

    gap = run(*asked, "--price", 0.25, "--details").out
    plan = run("plan", *asked, "--price", 0.25).out
    page = run("plan", *asked, "--price", 0.25, "--format", "html").out

    assert "Cost        1.75\n" in gap
    assert "Cost: 1.75, at the price given." in gap
    assert "Cost      1.75: 7 domains at 0.25" in plan
    assert '<b data-value="1.75">1.75</b>' in page


@pytest.mark.parametrize(
    ("asked", "said"),
    [("--rd", "1 referring domain: about KD 1.1."), ("--kd", "about 1 referring domain (1-1).")],
)
def test_one_domain_is_singular(asked: str, said: str) -> None:
    assert said in run("benchmark", asked, 1).out


def test_a_keyword_in_place_of_a_file_is_answered_with_what_to_type() -> None:
    done = run("standing desk")

    assert done.code == 3
    assert 'gapcalc fetch "standing desk" --provider' in done.err


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (("gapp",), "there is no file or command gapp; did you mean gapcalc gap?"),
        (("audits",), "did you mean gapcalc audit?"),
        (("Prospekts", "standing-desk", "--target", MINE), "did you mean gapcalc prospects?"),
        (("prospekts", "--help"), "did you mean gapcalc prospects?"),
        (("help", "audit"), "gapcalc --help lists the commands"),
        ((DESK[0], "--json", "--format", "csv"), "--json contradicts --format csv. Leave one of"),
        (
            (DESK[0], "--site", "oakdesk"),
            "--site 'oakdesk' is not a domain; write it as example.com",
        ),
        (("standing-dsk",), "there is no such file. Did you mean standing-desk?"),
        (("standing-desk/sepr.csv",), "Did you mean serp.csv?"),
        (
            ("export", "standing-desk", "--top", "5"),
            "gap, prospects, audit, plan and fetch have it.",
        ),
        (("rules", "--no-details"), "rules has no option --no-details; gap has it"),
        (("prospects", "x.csv", "--basis", "raw"), "prospects has no option --basis; gap and plan"),
    ],
)
def test_a_typo_is_answered_with_the_likely_value(arguments: tuple[str, ...], hint: str) -> None:
    assert hint in run(*arguments).err


def test_a_page_that_does_not_rank_for_several_keywords_is_answered_with_the_site() -> None:
    shown = " ".join(screen_of("vendors/ahrefs-serps.csv", "--target", "lampkin.example/").split())

    said = "name no page for them, and --site DOMAIN takes the best-ranking page of each."
    assert f"For 2 keywords another page of your site ranks: {said}" in shown


@pytest.mark.slow
def test_a_narrow_screen_cuts_no_number_and_keeps_the_own_page_marked() -> None:
    lines = run(*DESK, "--target", MINE, columns=40).out.splitlines()

    assert " 1  stand…esks     71  129       95" in lines
    assert " 9  deskw…desk     41   22       15  ◄" in lines


@pytest.mark.slow
def test_an_exceeded_limit_is_reported_with_the_keyword_and_the_excess() -> None:
    done = run(*DESK, "--target", MINE, "--fail-over", "20")

    assert done.code == 1
    assert done.err == "--fail-over 20: standing desk: the gap is 37, 17 too many\n"


@pytest.mark.slow
def test_an_unknown_gap_is_reported_where_it_fails_a_limit() -> None:
    done = run(SERP, "--fail-over", "20")

    assert (done.code, done.err) == (4, "--fail-over 20: standing desk: the gap is unknown\n")


@pytest.mark.parametrize(
    ("arguments", "code", "exit_code", "place"),
    [
        (("nowhere.csv",), "input", 3, ("nowhere.csv", None)),
        (("broken/unknown.csv",), "unknown-format", 3, ("broken/unknown.csv", None)),
        (("-",), "input", 3, ("-", 3)),
        (("standing-desk", "--drop", "plaform"), "usage", 2, (None, None)),
        (("standing-desk", "--no-such-option"), "usage", 2, (None, None)),
        (("*.xyz",), "nothing-readable", 3, ("*.xyz", None)),
    ],
)
def test_an_error_under_json_is_one_object(
    arguments: tuple[str, ...], code: str, exit_code: int, place: tuple[str | None, int | None]
) -> None:
    unreadable = b"keyword,position,url,referring_domains\nlamp,1,https://a.example/,7\nlamp,2,https://b.example/,many\nlamp,3,https://c.example/,lots\n"
    done = run(*arguments, "--json", stdin=unreadable)

    error = json.loads(done.err)["error"]
    assert (done.code, done.out) == (exit_code, "")
    assert list(error) == ["code", "exit", "message", "file", "line", "advice"]
    assert (error["code"], error["exit"]) == (code, exit_code)
    assert (error["file"], error["line"]) == place
    assert error["message"].endswith(error["advice"] or "")
    assert bool(error["advice"]) is (exit_code == 3)


@pytest.mark.parametrize(
    ("option", "value", "hint"),
    [
        ("--drop", "plaform", "did you mean platform?"),
        ("--tolerance", "25", "write 0.25"),
        ("--tolerance", "30%", "a share is written as 0.3"),
        ("--basis", "counted", "did you mean kept?"),
        ("--format", "MD", "did you mean markdown?"),
        ("--format", "jsn", "did you mean json?"),
        ("--rule", "nofolow", "did you mean nofollow?"),
        ("--taget", "x", "--target"),
    ],
)
def test_a_near_miss_is_answered_with_the_value_that_is_meant(
    option: str, value: str, hint: str
) -> None:
    assert hint in run(*DESK, option, value).err


@pytest.mark.slow
def test_a_sites_own_links_are_a_profile_and_a_sentence_on_what_to_add() -> None:
    shown = screen_of("links-of-a-site")

    assert "lakehotel.example has 15 live referring domains on 4 pages; 14" in shown
    assert "add the SERP export of a keyword" in shown
    assert "site-scope" not in shown
    assert len(shown.splitlines()) < 20
    assert ask("links-of-a-site")["site_profile"] == {
        "site": "lakehotel.example", "pages": 4, "domains": 15, "kept": 14, "lost": 0,
    }  # fmt: skip


@pytest.mark.slow
def test_data_of_more_than_90_days_ago_are_warned_about() -> None:
    def said(day: str) -> list[str]:
        found = result("standing-desk", "--as-of", day)["cautions"]
        return [caution["text"] for caution in found if caution["code"] == "old-data"]

    assert said("2027-02-01") == []
    (old,) = said("2027-02-10")
    assert old.startswith(
        "The data of 11 files end more than 90 days before 2027-02-10 (the oldest on"
    )


def test_the_details_have_every_caution_and_basis() -> None:
    shown = screen_of(*DESK, "--target", MINE, "--details")

    assert "On every basis" in shown
    assert "More " not in shown


def test_colour_is_for_the_verdict_and_the_own_row_only() -> None:
    grid = Grid(
        (GridColumn("Page", "url"), GridColumn("", "bar")),
        (("a.example", BarCell(3)),),
        frozenset(),
    )
    own = grid._replace(marked=frozenset({0}))
    document = Document("desk", (Section(None, (Notes((("BEHIND", "By 3."),), "bad"), grid, own)),))

    plain, coloured = draw(document, Screen(80)), draw(document, Screen(80, colour=True))

    assert "\x1b" not in plain
    styled = [line for line in coloured.splitlines() if "\x1b[1" in line]
    assert len(styled) == 3, "the title, the verdict and the own row"
    assert styled[1].startswith("\x1b[1;31mBEHIND")
    assert coloured.count("\x1b[1;3") == 1, "only the verdict has a colour"


def test_the_longest_bar_fills_its_room_and_the_own_one_leaves_room_for_its_mark() -> None:
    bars = (BarCell(40, "◄ your page"), BarCell(20), BarCell(0), BarCell(None))
    grid = Grid((GridColumn("", "bar"),), tuple((bar,) for bar in bars))

    lines = draw(Document("t", (Section(None, (grid,)),)), Screen(20)).splitlines()[2:]

    assert lines[:2] == ["━━━━━━━━ ◄ your page", "━━━━"]
    assert not any(line.strip() for line in lines[2:])


SCREENS = {
    "the example": (*DESK, "--target", MINE),
    "no page of ours": DESK,
    "a new page": (*DESK, "--target", "newbrand.example/desk", "--own-rds", "0"),
    "vendor totals": (SERP, "--target", MINE),
    "three pages": (*DESK, "--top", "3", "--target", MINE),
}


@pytest.mark.slow
@pytest.mark.parametrize("arguments", SCREENS.values(), ids=SCREENS)
def test_the_answer_of_a_top_ten_fits_40_lines_at_80_columns(arguments: tuple[str, ...]) -> None:
    lines = screen_of(*arguments).splitlines()

    assert len(lines) <= 40
    first = " ".join(lines[:20])
    assert "referring domains" in first
    assert "Confidence  " in first


def test_cautions_that_do_not_fit_40_lines_are_counted_and_stand_in_the_details() -> None:
    other = "https://www.upliftwood.example/collections/standing-desks"
    links = f"{other}=vendors/semrush-refdomains.csv"
    case = ("standing-desk", "--target", MINE, "--links-for", links, "--as-of", "2027-11-20")

    screen, details = screen_of(*case), screen_of(*case, "--details")

    assert len(screen.splitlines()) <= 40
    assert "2 more can change the answer: --details shows them." in screen
    assert "has no column of lost links" not in screen
    assert "has no column of lost links" in details


def test_the_confidence_of_a_sure_answer_and_its_time_take_a_line_each() -> None:
    lines = screen_of(*DESK, "--target", MINE).splitlines()

    (place,) = (n for n, line in enumerate(lines) if line.startswith("Confidence"))
    assert lines[place : place + 2] == [
        "Confidence  high: 9 similar pages; without any one of them the median is 50-55",
        "Time        1-3 months, if all of 15-40 new domains a month go to this page",
    ]


@pytest.mark.slow
def test_a_network_is_told_by_what_it_changes_and_in_full_among_the_details() -> None:
    short = " ".join(screen_of(*DESK, "--target", MINE).split())
    full = " ".join(screen_of(*DESK, "--target", MINE, "--details").split())

    said = "6 domains may be one network. Without them you need 32, not 37 (--rule network)."
    assert said in short
    assert "bestpicks-01.example" not in short
    assert "6 link to the same 3 pages only, median authority 6.9, the same anchors." in full


def test_several_keywords_begin_with_what_they_add_up_to() -> None:
    keywords = ("eight-keywords/serps.csv", "--site", "oakdesk.example")
    lines = screen_of(*keywords).splitlines()

    assert lines[2].startswith("KEYWORDS  ")
    said = " ".join(" ".join(lines[4:8]).split())
    assert said.startswith(
        "NEED Your 7 pages need at least 1,363 domains together, 68 of them within reach; 1 page is"
    )
    assert "A page counts once, with its largest need. At 15-40 new domains a month" in said


def test_the_details_of_several_keywords_are_a_sentence_for_each() -> None:
    keywords = ("eight-keywords/serps.csv", "--site", "oakdesk.example")
    short, full = screen_of(*keywords), screen_of(*keywords, "--details")

    said = "AHEAD       Your page has 45 referring domains, the typical top-10 page has 30."
    assert said not in short
    assert said in full
    assert full.count("\nConfidence  ") == 8


@pytest.mark.parametrize("provider", ["ahrefs", "semrush", "dataforseo"])
def test_an_estimate_begins_with_the_price_and_breaks_no_endpoint(
    tmp_path: Path, provider: str
) -> None:
    asked = ("fetch", "desk", "--provider", provider, "--dry-run", "--cache", tmp_path / "c")
    lines = screen_of(*asked).splitlines()

    assert lines[2].startswith("COST  At most ")
    assert lines[0].endswith("top 10, counts"), "a fetch is the cheap one unless more is asked for"
    asks = {"ahrefs": "keywords-explorer/overview", "semrush": "v3 backlinks_comparison"}
    assert any(asks.get(provider, "serp/google/organic/live/advanced") in line for line in lines)


def test_a_text_column_gives_way_before_it_breaks_a_word() -> None:
    columns = (GridColumn("Page", "url"), GridColumn("Verdict"))
    rows = (("example.com/a/rather/long/path/to/a/page", "NOT A LINK PROBLEM AT-ANY-RATE"),)

    drawn = draw(Document("t", (Section(None, (Grid(columns, rows),)),)), Screen(30))

    assert "AT-ANY-RATE" in drawn


def test_an_option_in_brackets_stays_in_one_line_with_its_value() -> None:
    shown = screen_of(*DESK, "--target", MINE)

    assert "(--drop homepage,platform,duplicate-domain)" in shown
    assert "(--rule network)" in shown


@pytest.mark.parametrize("columns", [80, 100, 140])
def test_a_row_of_several_keywords_is_one_line(columns: int) -> None:
    lines = run(*EIGHT, columns=columns).out.splitlines()

    first = next(n for n, line in enumerate(lines) if line.startswith("Keyword  "))
    rows = lines[first + 1 : first + 9]
    assert lines[first + 9].startswith("Need: ")
    assert [row.rpartition("  ")[2] for row in rows if "desk legs" in row] == ["NOT A LINK PROBLEM"]


def test_one_keyword_and_one_page_are_spoken_of_in_the_singular() -> None:
    several = screen_of(*EIGHT)
    one = screen_of(*DESK, "--top", "3", "--target", MINE)

    assert "1 keyword has no page of yours" in several
    assert "h home page: without it the median is 84" in one


def test_where_a_label_has_several_texts_their_further_lines_stand_further_in() -> None:
    long = "A sentence that is longer than the room there is."
    notes = Notes((("Check", long), ("", "Another.")))

    lines = draw(Document("t", (Section(None, (notes,)),)), Screen(40)).splitlines()[2:]

    assert lines == [
        "Check  A sentence that is longer than",
        "         the room there is.",
        "       Another.",
    ]


def test_a_cut_list_marks_every_number_that_rests_on_it() -> None:
    shown = screen_of("cut-list", "--target", "ourshelf.example/oak-shelf")

    assert "Top 10 (median)                    at least 24  at least +17" in shown
    assert "18+      18+" in shown
    assert "The link list of nordwood.example/oak-shelf is incomplete, so the" in shown
    assert 'Export all links of the pages with a "+"' in shown


def test_an_answer_without_pages_is_shown(tmp_path: Path) -> None:
    (tmp_path / "serp.csv").write_text(
        "keyword,position,url,referring_domains\ndesk lamp,,https://a.example/p,7\n"
    )

    done = run("serp.csv", "--own-rds", "0", cwd=tmp_path)

    assert done.code == 0
    assert "No page to compare with has a known count" in " ".join(done.out.split())


LACKING = "No list has a readable column for these rules: {}."
ALL_LIVE = "No list has its column of lost links: they may count as live."


@pytest.mark.parametrize(
    ("taken", "said"),
    [
        pytest.param([], [], id="no column"),
        pytest.param(["External links"], [LACKING.format("outbound")], id="one rule's column"),
        pytest.param(
            ["Is spam", "Anchor", "Lost"],
            [LACKING.format("spam, anchor"), ALL_LIVE],
            id="three columns",
        ),
    ],
)
def test_a_column_that_no_list_has_is_told_on_the_screen(
    tmp_path: Path, taken: list[str], said: list[str]
) -> None:
    inputs = (SERP, tmp_path, *DESK[1:]) if taken else DESK
    case = (*inputs, "--target", MINE)
    for path in (FIXTURES / "standing-desk").glob("*backlinks*.csv") if taken else ():
        with path.open(encoding="utf-16", newline="") as file:
            links = list(csv.DictReader(file, delimiter="\t"))
        write_rows(
            tmp_path / path.name,
            [{name: cell for name, cell in link.items() if name not in taken} for link in links],
        )

    screen, raw = screen_of(*case), screen_of(*case, "--basis", "raw")

    lines = (line.removeprefix("Check  ").strip() for line in screen.splitlines())
    assert [line for line in lines if "No list has" in line] == said
    assert len(screen.splitlines()) <= 40
    assert LACKING[:20] not in raw
    assert (ALL_LIVE in raw) == (ALL_LIVE in said)
