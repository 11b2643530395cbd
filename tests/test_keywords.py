"""Many keywords: our page for each, their order, their totals; each is answered as if alone."""

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gapcalc.commands.targets import read_targets
from gapcalc.suffixes import default_rules
from running import FIXTURES, cautions, result, run
from tables import OURS, links_to, rival, sources, write_ahrefs, write_links, write_rows, write_serp

EIGHT = FIXTURES / "eight-keywords"
EXAMPLE: tuple[object, ...] = (
    EIGHT / "serps.csv",
    EIGHT / "www.oakdesk.example-backlinks-subdomains_2026-11-17_10-00-00.csv",
    "--site",
    "oakdesk.example",
    "--targets",
    EIGHT / "targets.csv",
)

BY_TOTALS = (EXAMPLE[0], *EXAMPLE[2:])
"""The example without its list of links, where only order and form matter."""


def csv_rows(*arguments: object) -> list[dict[str, str]]:
    done = run(*arguments, "--format", "csv")
    assert done.code == 0, done.err
    return list(csv.DictReader(io.StringIO(done.out)))


def by_name(*arguments: object) -> dict[str, dict[str, Any]]:
    return {answer["keyword"]: answer for answer in result(*arguments)["keywords"]}


def serp_of(folder: Path, keywords: Mapping[str, Mapping[str, int | None]]) -> Path:
    """Write SERPs: for each keyword the URLs by position, with their totals."""
    return write_rows(
        folder / "serp.csv",
        [
            {"keyword": keyword, "position": place, "url": url, "referring_domains": count}
            for keyword, pages in keywords.items()
            for place, (url, count) in enumerate(pages.items(), start=1)
        ],
    )


# --- the worked example --------------------------------------------------------------------------

# Our site is oakdesk.example with DR 32, so its pace is 15-40 a month, 27.5 in the middle. Totals:
#   corner desk: 50 30 40 20 10 -> median 30, and /corner-desk/ has 45: no gap.
#   oak desk: 10 20 30 40 -> median 25, competitive from 19 (three quarters of 25 is 18.75);
#     /oak-desk/ has 24: within range, 1 to the median, a month.
#   desk legs: 9 4 3 4 2 -> median 4, the top three 9 4 3 have 4: links decide nothing. The file
#     names /parts/desk-legs/, which does not rank; the export of our site gives it 3 domains.
#   standing desk: 60 50 40 30 20 -> median 40, competitive from 30; /standing-desk/ has 12:
#     18 and 28 to go, 28 / 27.5 -> 2 months.
#   electric standing desk: 90 80 70 60 50 -> median 70, competitive from 53 (52.5); the same page:
#     41 and 58, 58 / 27.5 -> 3 months.
#   office desk: 900 1500 1200 2000 1100 1300 1400 -> median 1300, competitive from 975;
#     /office-desk/ has 5: 970 and 1295, 1295 / 27.5 -> 48 months, and 33 at 40 a month, over 24.
#   desk with drawers: 8 6 4 2 7 -> median 6, competitive from 5 (4.5). No page of ours: 5 and 6.
#     Nothing in its SERP tells our DR, so the months are unknown.
#   monitor arm: two totals are too few for a median.
WORKED = [
    # keyword, volume, KD, page, chosen, position, own, goal, competitive, median, months, verdict
    ("corner desk", 2900, 18, "corner-desk", "best-ranking", 3, 45, 30, 0, 0, 0, "no-gap"),
    ("oak desk", 900, 12, "oak-desk", "best-ranking", 2, 24, 25, 0, 1, 1, "within-range"),
    ("desk legs", 700, 3, "parts/desk-legs", "named", None, 3, 4, 0, 1, 1, "links-not-the-lever"),
    ("standing desk", 12100, 34, "standing-desk", "best-ranking", 5, 12, 40, 18, 28, 2, "gap"),
    ("electric standing desk", 4400, 41, "standing-desk", "best-ranking", 4, 12, 70, 41, 58, 3, "gap"),
    ("office desk", 22200, 77, "office-desk", "best-ranking", 8, 5, 1300, 970, 1295, 48, "out-of-reach"),
    ("desk with drawers", 1600, 4, None, "new", None, 0, 6, 5, 6, None, "gap"),
    ("monitor arm", 3600, 9, "monitor-arm", "best-ranking", 3, 2, 20, 13, 18, 1, "too-little-data"),
]  # fmt: skip


def test_eight_keywords_are_answered_in_the_order_in_which_they_can_be_won() -> None:
    found = [
        (
            answer["keyword"],
            answer["volume"],
            answer["kd"],
            own["page"] and own["page"].removeprefix("oakdesk.example/"),
            own["chosen"],
            own["position"],
            own["count"],
            answer["goals"]["median"],
            answer["gap"]["to_competitive"],
            answer["gap"]["to_median"],
            answer["plan"] and answer["plan"]["months"]["middle"],
            answer["verdict"]["code"],
        )
        for answer in result(*EXAMPLE)["keywords"]
        for own in [answer["target_page"]]
    ]

    assert found == WORKED


def test_the_sum_has_each_page_once_with_its_largest_need() -> None:
    # /office-desk 1295, /standing-desk the larger of 28 and 58, the new page 6, /oak-desk 1,
    # /parts/desk-legs 1, /corner-desk 0: 1361. /monitor-arm is unknown, so it is at least that.
    totals = result(*EXAMPLE)["totals"]

    assert [(page["page"], page["need"], page["keywords"]) for page in totals["pages"]] == [
        ("oakdesk.example/office-desk", 1295, 1),
        ("oakdesk.example/standing-desk", 58, 2),
        (None, 6, 1),
        ("oakdesk.example/oak-desk", 1, 1),
        ("oakdesk.example/parts/desk-legs", 1, 1),
        ("oakdesk.example/corner-desk", 0, 1),
        ("oakdesk.example/monitor-arm", None, 1),
    ]
    assert (totals["need"], totals["bound"], totals["unknown"]) == (1361, "at least", 1)
    # 1361 / 15, / 27.5 and / 40, rounded up.
    assert totals["months"] == {"low": 91, "middle": 50, "high": 35}


def test_a_count_without_a_page_is_that_of_one_page_for_all_keywords(tmp_path: Path) -> None:
    counts = {"lamp": (10, 20, 30), "desk": (40, 50, 60)}
    pages = {k: {rival(n): count for n, count in enumerate(c)} for k, c in counts.items()}
    asked = (serp_of(tmp_path, pages), "--own-rds", 5, "--pace", 5)

    totals = result(*asked)["totals"]
    screen, plan = (run(*command, *asked).out for command in ((), ("plan",)))

    assert (len(totals["pages"]), totals["need"], totals["months"]["middle"]) == (1, 45, 9)
    assert "Your page needs 45 domains, the largest need of its keywords." in screen
    assert "1 page of yours needs 45 domains, which takes 9 months at 5 a month" in plan
    assert "    9  your page        5  desk" in plan


@pytest.mark.slow
@pytest.mark.parametrize(
    ("total", "cell", "word"),
    [
        pytest.param(30, "20-27", "", id="whole"),
        pytest.param(60, "20-27+", "at least ", id="cut off"),
        pytest.param(10, "~20-27", "about ", id="of another scope"),
    ],
)
def test_need_total_and_plan_of_a_page_have_one_bound(
    tmp_path: Path, total: int, cell: str, word: str
) -> None:
    pages = {rival(1): None, rival(2): total, rival(3): None, OURS: None}
    serp = serp_of(tmp_path, {"lamp": pages, "desk": pages})
    lists = [
        write_ahrefs(tmp_path / f"{count}.csv", page, sources(count))
        for page, count in zip(pages, (20, 30, 40, 3), strict=True)
    ]
    asked = (serp, *lists, "--target", OURS, "--pace", 9)

    screen, plan = (run(*command, *asked).out for command in ((), ("plan",)))

    assert screen.count(f"  {cell}  ") == 2
    assert f"Your page needs {word}27 domains, the largest need of its keywords." in screen
    assert f"1 page of yours needs {word}27 domains, which takes {word}3 months" in plan


def test_a_page_of_which_one_keyword_is_unknown_needs_at_least_the_others(tmp_path: Path) -> None:
    known, unknown = ({rival(n): 20 for n in range(3)}, {rival(1): 20, rival(2): 20})
    serp = serp_of(tmp_path, {"lamp": known, "desk": unknown, "oak": known})

    plan = run("plan", serp, "--target", OURS, "--own-rds", 5, "--pace", 5).out

    assert "1 page of yours needs at least 15 domains, which takes at least 3 months" in plan


@pytest.mark.slow
def test_thousands_have_separators_everywhere(tmp_path: Path) -> None:
    pages = {rival(n): 20 for n in range(3)}
    serp = serp_of(tmp_path, {f"lamp {n}": pages for n in range(1000)})
    asked = (serp, "--site", "our.example", "--pace", 5)

    screen, plan = (run(*command, *asked).out for command in ((), ("plan",)))

    assert screen.startswith("1,000 keywords ")
    assert "KEYWORDS  1,000 BEHIND." in screen
    assert "Your 1,000 pages need 20,000 domains together." in screen
    assert "1,000 keywords have no page of yours" in screen
    assert "(--skip-missing leaves them out)" in " ".join(screen.split())
    assert plan.startswith("Plan for 1,000 keywords ")


def test_pages_that_need_nothing_are_said_to(tmp_path: Path) -> None:
    pages = {rival(n): 20 for n in range(3)}
    serp = serp_of(tmp_path, {"lamp": pages, "desk": pages})
    asked = (serp, "--target", OURS, "--own-rds", 50, "--pace", 5)

    assert "NEED      Your page needs no more domains.\n" in run(*asked).out
    assert "PLAN  No page of yours needs more domains.\n" in run("plan", *asked).out


def test_a_row_of_the_csv_is_a_keyword_with_all_its_figures() -> None:
    rows = csv_rows(*EXAMPLE)

    assert [row["keyword"] for row in rows] == [worked[0] for worked in WORKED]
    standing = rows[3]
    assert standing | {"sentence": ""} == {
        "keyword": "standing desk", "country": "us", "volume": "12100", "kd": "34",
        "url": "https://www.oakdesk.example/standing-desk/", "page": "oakdesk.example/standing-desk",
        "chosen": "best-ranking", "position": "5", "basis": "raw", "own": "12", "goal": "40",
        "goal_bound": "exact", "to_competitive": "18", "to_median": "28", "need_bound": "exact",
        "months_low": "2", "months_middle": "2", "months_high": "1", "pages": "5",
        "confidence": "medium", "verdict": "gap", "sentence": "", "error": "",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "heading", "count"), [("keywords", "verdict", 8), ("pages", "left_out", 47)]
)
def test_rows_may_be_keywords_or_pages(kind: str, heading: str, count: int) -> None:
    rows = csv_rows(*BY_TOTALS, "--rows", kind)

    assert heading in rows[0]
    assert len(rows) == count


def test_rows_may_be_the_domains_of_pages() -> None:
    rows = csv_rows(*EXAMPLE, "--rows", "domains", "--keyword", "desk legs")

    assert [row["referring_domain"] for row in rows if row["page"].endswith("parts/desk-legs")] == [
        "blog48.example", "blog49.example", "blog50.example",
    ]  # fmt: skip


def test_of_one_keyword_rows_are_pages_unless_keywords_are_wanted() -> None:
    one = (*BY_TOTALS, "--keyword", "oak desk")

    assert len(csv_rows(*one)) == 5
    assert [row["verdict"] for row in csv_rows(*one, "--rows", "keywords")] == ["within-range"]


def test_each_line_of_jsonl_is_a_keyword() -> None:
    lines = run(*EXAMPLE, "--format", "jsonl").out.splitlines()

    assert [json.loads(line)["keyword"] for line in lines] == [worked[0] for worked in WORKED]


# --- our page for each keyword -------------------------------------------------------------------


def test_a_site_is_a_host_with_what_is_below_it(tmp_path: Path) -> None:
    serp = serp_of(
        tmp_path,
        {
            "lamp": {
                **{rival(n): 10 for n in range(1, 5)},
                "https://shop.our.example/lamp": 4,
                "https://blog.our.example/lamp": 3,
            }
        },
    )

    def chosen(site: str) -> object:
        return by_name(serp, "--site", site)["lamp"]["target_page"]["page"]

    assert chosen("our.example") == chosen("https://www.our.example/") == "shop.our.example/lamp"
    assert chosen("blog.our.example") == "blog.our.example/lamp"


def test_another_page_of_ours_is_never_compared_with(tmp_path: Path) -> None:
    pages = {**{rival(n): 10 for n in range(1, 5)}, "https://shop.our.example/lamp": 400}
    serp = serp_of(tmp_path, {"lamp": pages})

    answer = by_name(serp, "--site", "blog.our.example")["lamp"]

    assert answer["target_page"]["chosen"] == "new"
    assert (answer["goals"]["n"], answer["gap"]["to_median"]) == (4, 10)


@pytest.mark.parametrize("basis", ["raw", "kept", "followed"])
def test_a_new_page_has_no_domain_on_any_basis(tmp_path: Path, basis: str) -> None:
    serp = serp_of(tmp_path, {"lamp": {rival(n): None for n in range(1, 5)}})
    links = write_rows(
        tmp_path / "links.csv",
        [row for n in range(1, 5) for row in links_to(rival(n), 10, rel="", anchor="x")],
    )

    answer = by_name(serp, links, "--site", "our.example", "--basis", basis)["lamp"]

    assert answer["target_page"] == answer["target_page"] | {"count": 0, "url": None, "page": None}
    assert answer["gap"]["to_median"] == 10
    assert "new-page" in [caution["code"] for caution in answer["cautions"]]


def test_the_file_of_targets_comes_before_the_site(tmp_path: Path) -> None:
    pages = {**{rival(n): 10 for n in range(1, 5)}, OURS: 4, "https://our.example/b": 3}
    serp = serp_of(tmp_path, {"lamp": pages, "desk lamp": pages, "led": {rival(1): 1}})
    targets = write_rows(
        tmp_path / "t.csv",
        [
            {"keyword": "Desk  LAMP", "url": "our.example/b", "kd": 20},
            {"keyword": "led", "url": ""},
        ],
    )

    found = by_name(serp, "--site", "our.example", "--targets", targets)

    assert [
        (found[name]["target_page"]["page"], found[name]["target_page"]["chosen"], found[name]["kd"])
        for name in ("lamp", "desk lamp", "led")
    ] == [
        ("our.example/page", "best-ranking", None),
        ("our.example/b", "named", 20),
        (None, "new", None),
    ]  # fmt: skip


def test_without_a_site_a_keyword_that_the_file_lacks_has_a_new_page(tmp_path: Path) -> None:
    serp = serp_of(tmp_path, {"lamp": {rival(n): 10 for n in range(1, 5)}})
    targets = write_rows(tmp_path / "t.csv", [{"keyword": "desk", "url": OURS}])

    whole = result(serp, "--targets", targets)

    assert whole["keywords"][0]["target_page"]["chosen"] == "new"
    assert f"No SERP covers these keywords of {targets}: desk (line 2)." in cautions(whole)


def test_keywords_without_a_page_can_be_left_out() -> None:
    whole = result(*BY_TOTALS, "--skip-missing")

    assert len(whole["keywords"]) == 7
    assert "1 keyword has no page of yours and is left out (--skip-missing)." in cautions(whole)
    done = run(EIGHT / "serps.csv", "--site", "nobody.example", "--skip-missing")
    assert (done.code, "no page of yours" in done.err) == (2, True)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--site", "our.example", "--target", OURS), "--target names one page for every keyword"),
        (("--site", "our.example/page"), "this is one page. Write a domain"),
        (("--site", "nonsense"), "is not a domain"),
    ],
)
def test_what_cannot_be_asked_is_refused(options: Sequence[str], said: str) -> None:
    done = run(EIGHT / "serps.csv", *options)

    assert (done.code, said in done.err) == (2, True), done.err


@pytest.mark.parametrize(
    ("site", "said"),
    [
        ("oakdsk.example", "is on --site oakdsk.example. Did you mean oakdesk.example?"),
        ("quite-another.test", "No result of any SERP is on --site quite-another.test."),
    ],
)
def test_a_site_that_ranks_nowhere_may_be_a_typo(site: str, said: str) -> None:
    told = [c["text"] for c in result(f"{EIGHT}/serps.csv", "--site", site)["cautions"]]
    skipped = run(f"{EIGHT}/serps.csv", "--site", site, "--skip-missing")

    assert any(text.endswith(said) for text in told)
    assert skipped.code == 2
    assert skipped.err.rstrip().endswith(said)
    assert "site-not-found" not in cautions(
        result(f"{EIGHT}/serps.csv", "--site", "oakdesk.example")
    )


def test_a_site_without_a_serp_is_refused() -> None:
    done = run("vendors/semrush-backlinks.csv", "--site", "our.example")

    assert (done.code, "no SERP was given" in done.err) == (2, True)


# --- one export of our site ----------------------------------------------------------------------


def write_semrush(path: Path, counts: Mapping[str, int]) -> Path:
    rows = [
        {"Page ascore": 20, "Source title": "t", "Source url": row["source_url"],
         "Target url": target, "Anchor": "a", "External links": 3, "Internal links": 3,
         "Nofollow": "false", "Sponsored": "false", "Ugc": "false", "Lost link": "false",
         "First seen": "2026-01-02"}
        for target, count in counts.items()
        for row in links_to(target, count)
    ]  # fmt: skip
    return write_rows(path, rows)


@pytest.mark.parametrize("vendor", ["ahrefs", "semrush"])
def test_one_export_of_the_whole_site_counts_the_page_of_each_keyword(
    tmp_path: Path, vendor: str
) -> None:
    pages = [f"https://www.our.example/{name}" for name in ("a", "b", "c")]
    rivals = {rival(n): 10 for n in range(1, 5)}
    serp = serp_of(
        tmp_path, {f"k{place}": {**rivals, url: None} for place, url in enumerate(pages)}
    )
    counts = dict(zip(pages, (3, 5, 7), strict=True))
    if vendor == "semrush":
        export = write_semrush(tmp_path / "our.example-backlinks.csv", counts)
    else:
        export = tmp_path / "our.example-backlinks-subdomains.csv"
        parts = [
            write_ahrefs(tmp_path / "x", url, [str(row["source_url"]) for row in links_to(url, n)])
            .read_text("utf-16")
            .partition("\n")
            for url, n in counts.items()
        ]
        text = parts[0][0] + "\n" + "".join(rows for _, _, rows in parts)
        export.write_text(text, encoding="utf-16", newline="")

    found = by_name(serp, export, "--site", "our.example")

    assert [found[f"k{n}"]["target_page"]["raw"] for n in range(3)] == [3, 5, 7]
    assert [found[f"k{n}"]["gap"]["to_median"] for n in range(3)] == [7, 5, 3]


UNLISTED = "https://www.our.example/c"


def ask_unlisted(
    folder: Path, export: Path, *options: object, total: int | None = None
) -> dict[str, Any]:
    """Ask about a page that ranks and that the export of its site has no link to."""
    serp = serp_of(folder, {"k": {**{rival(n): 10 for n in range(1, 5)}, UNLISTED: total}})
    return by_name(serp, export, *(options or ("--site", "our.example")))["k"]


def export_of_site(folder: Path, pages: Sequence[str] = ("a", "b")) -> Path:
    counts = {f"https://www.our.example/{name}": 3 for name in pages}
    return write_semrush(folder / "our.example-backlinks.csv", counts)


def test_a_ranking_page_without_a_link_in_the_export_of_its_site_has_none(tmp_path: Path) -> None:
    found = ask_unlisted(tmp_path, export_of_site(tmp_path))

    own = found["target_page"]
    assert (own["url"], own["raw"], own["complete"]) == (UNLISTED, 0, None)
    assert found["gap"]["to_median"] == 10
    assert found["gap"]["bound"] == "exact"
    assert "page-not-in-site-export" in {caution["code"] for caution in found["cautions"]}
    (shown,) = [page for page in found["pages"] if page["left_out"] == "own-page"]
    assert shown["raw"] == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("case", "raw", "kept"),
    [
        ("a page that does not rank", None, None),
        ("one page listed", None, None),
        ("cut at a limit", None, None),
        ("another site", None, None),
        ("a table of our own", None, None),
        ("the vendor counts seven", 7, None),
        # A list that lacks two domains at most counts as whole.
        ("the vendor counts two", 2, 0),
        ("the user counts five", 5, None),
    ],
)
def test_a_page_has_no_links_only_if_the_export_holds_all_links(
    tmp_path: Path, case: str, raw: int | None, kept: int | None
) -> None:
    export, options, total = export_of_site(tmp_path), ["--site", "our.example"], None
    if case == "a page that does not rank":
        options = ["--target", "https://www.our.example/elsewhere"]
    elif case == "one page listed":
        export = export_of_site(tmp_path, ["a"])
    elif case == "cut at a limit":
        counts = {f"https://www.our.example/{name}": 500 for name in "ab"}
        export = write_semrush(tmp_path / "our.example-backlinks.csv", counts)
    elif case == "another site":
        counts = {"https://a.example/x": 2, "https://a.example/y": 3}
        export = write_semrush(tmp_path / "a.csv", counts)
    elif case == "a table of our own":
        export = write_links(
            tmp_path / "links.csv", {f"https://www.our.example/{name}": 3 for name in "ab"}
        )
    elif case == "the user counts five":
        options += ["--own-rds", "5"]
    else:
        total = 7 if case.endswith("seven") else 2
    found = ask_unlisted(tmp_path, export, *options, total=total)

    own = found["target_page"]
    assert (own["raw"], own["kept"]) == (raw, kept)


# --- the file of targets -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("", "it is empty", id="empty"),
        pytest.param("keyword,url\n", "it has a header and no rows", id="header only"),
        pytest.param("keyword,page\na,b.example\n", "line 1: there is no column url", id="no url"),
        pytest.param("keywrod,url\n", "there is no column keyword (is it keywrod?)", id="typo"),
        pytest.param("keyword,url,url\n", "line 1: the column url appears twice", id="twice"),
        pytest.param("keyword,url\n\na,no url\n", "line 3: 'no url' is not a URL", id="bad URL"),
        pytest.param("keyword,url\n,a.example/\n", "line 2: the keyword is empty", id="no keyword"),
        pytest.param(
            "keyword,url\na,a.example/\nb,b.example/\n A ,c.example/\n",
            "line 4: the keyword 'A' stands on line 2 already", id="a keyword twice",
        ),
        pytest.param("keyword,url\na,b,c\n", "line 2: 3 cells where the header has 2", id="ragged"),
        pytest.param('keyword,url\n"a,b\n', "line 2: a quote is opened and not closed", id="quote"),
        pytest.param("keyword,url,kd\na,,101\n", "line 2: 101 is not a Keyword Difficulty", id="KD"),
        pytest.param("keyword,url,kd\na,,55%\n", "line 2: Semrush (KD %) difficulty", id="KD %"),
        pytest.param("keyword,url,price\na,,1e400\n", "line 2: price '1e400' is not", id="price"),
        pytest.param("keyword,url,price\na,,-1\n", "line 2: price '-1' is not", id="below 0"),
        pytest.param("keyword,url,limit\na,,1.5\n", "line 2: limit '1.5' is not", id="limit"),
        pytest.param("keyword,url\na\0,b\n", "it is not text", id="NUL"),
    ],
)  # fmt: skip
def test_a_fault_in_the_file_of_targets_is_named_with_its_line(
    tmp_path: Path, text: str, said: str
) -> None:
    path = tmp_path / "targets.csv"
    path.write_text(text)

    done = run(EIGHT / "serps.csv", "--targets", path)

    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert "targets.csv" in done.err


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_file_of_targets_may_come_from_any_spreadsheet(
    tmp_path: Path, encoding: str, delimiter: str
) -> None:
    path = tmp_path / "targets.csv"
    rows = ["Note,URL,Keyword", "x,oakdesk.example/parts/desk-legs/,desk legs"]
    text = "\r\n".join(rows).replace(",", delimiter)
    path.write_text(text, encoding=encoding, newline="")

    whole = result(EIGHT / "serps.csv", "--targets", path, "--keyword", "desk legs")

    assert whole["keywords"][0]["target_page"]["page"] == "oakdesk.example/parts/desk-legs"
    assert f"{path} has columns that are not read: note." in cautions(whole)


@pytest.mark.slow
def test_the_file_of_targets_may_lie_among_the_inputs() -> None:
    whole = result(EIGHT, *EXAMPLE[2:])

    assert "not-read" not in {caution["code"] for caution in whole["cautions"]}
    assert whole["keywords"] == result(*EXAMPLE)["keywords"]


def test_the_file_of_targets_gives_kd_price_and_limit(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("limit,price,kd,url,keyword\n10,99.50,34,our.example/a,Desk Lamp\n,,,,led\n")

    rows = read_targets(path, default_rules()).rows

    lamp, led = rows["desk lamp"], rows["led"]
    assert (lamp.line, lamp.kd, lamp.price, lamp.limit) == (2, 34, 99.5, 10)
    assert lamp.target is not None
    assert (lamp.target.page, lamp.target.domain) == ("our.example/a", "our.example")
    assert led == led._replace(line=3, target=None, kd=None, price=None, limit=None)


def write_targets(path: Path, *rows: str) -> Path:
    path.write_text("\n".join(("keyword,url,price,limit", *rows)) + "\n", encoding="utf-8")
    return path


def test_a_keyword_has_its_own_price_in_plan_and_gap(tmp_path: Path) -> None:
    targets = write_targets(tmp_path / "t.csv", "Standing Desk,,99.50,", "desk legs,,,")
    arguments = (f"{EIGHT}/serps.csv", "--site", "oakdesk.example", "--targets", targets)
    plan = {k["keyword"]: k for k in result("plan", *arguments, "--price", 10)["keywords"]}
    gap = {k["keyword"]: k for k in result(*arguments, "--price", 10)["keywords"]}

    # standing desk needs 28 domains at 99.50, its own price; every other keyword has that of --price.
    assert [plan["standing desk"][name] for name in ("need", "price", "cost")] == [28, 99.5, 2786]
    assert [plan["oak desk"][name] for name in ("need", "price", "cost")] == [1, 10, 10]
    assert gap["standing desk"]["plan"]["cost"] == 2786
    assert gap["oak desk"]["plan"]["cost"] == 10


def test_without_a_price_only_keywords_with_one_of_their_own_have_a_cost(tmp_path: Path) -> None:
    targets = write_targets(tmp_path / "t.csv", "standing desk,,100,")
    arguments = (f"{EIGHT}/serps.csv", "--site", "oakdesk.example", "--targets", targets)
    costs = {k["keyword"]: k["cost"] for k in result("plan", *arguments)["keywords"]}

    assert costs.pop("standing desk") == 2800
    assert set(costs.values()) == {None}


@pytest.mark.parametrize(
    ("rows", "given", "code", "said"),
    [
        # desk legs (its best-ranking page has 1) needs 3, standing desk 28.
        (
            ("desk legs,,,0",),
            2000,
            1,
            "limit 0 in t.csv, line 2: desk legs: the gap is 3, 3 too many",
        ),
        (("desk legs,,,3", "standing desk,,,28"), 2000, 0, ""),
        (("standing desk,,,27",), 2000, 1, "line 2: standing desk: the gap is 28, 1 too many"),
        # A wider limit of its own outranks a narrow one for all.
        (("standing desk,,,500",), 27, 1, "--fail-over 27: electric standing desk: the gap is 58"),
    ],
)
def test_a_limit_in_the_file_of_targets_outranks_fail_over(
    tmp_path: Path, rows: Sequence[str], given: int, code: int, said: str
) -> None:
    write_targets(tmp_path / "t.csv", *rows)
    serps = FIXTURES / EIGHT / "serps.csv"
    arguments = (serps, "--site", "oakdesk.example", "--targets", "t.csv", "--allow-unknown")
    for command in ("gap", "plan"):
        done = run(command, *arguments, "--fail-over", given, cwd=tmp_path)

        assert done.code == code
        assert said in done.err


def test_a_limit_in_the_file_is_judged_only_if_asked(tmp_path: Path) -> None:
    targets = write_targets(tmp_path / "t.csv", "desk legs,,,0")
    arguments = (f"{EIGHT}/serps.csv", "--site", "oakdesk.example", "--targets", targets)

    assert run(*arguments).code == 0


def test_a_missing_file_of_targets_is_named() -> None:
    done = run(EIGHT / "serps.csv", "--targets", "nowhere.csv", "--json")

    error = json.loads(done.err)["error"]
    assert (done.code, error["file"], error["line"]) == (2, "nowhere.csv", None)


# --- the table -----------------------------------------------------------------------------------


def test_the_table_shows_25_keywords_and_says_how_many_follow(tmp_path: Path) -> None:
    pages = {rival(n): 10 for n in range(1, 4)}
    serp = serp_of(tmp_path, {f"keyword {n:02}": pages for n in range(40)})

    lines = run(serp, "--site", "our.example", columns=80).out.splitlines()

    assert sum(line.startswith("keyword ") for line in lines) == 25
    assert "+15 more; --format csv lists all of them" in lines
    assert len(csv_rows(serp, "--site", "our.example")) == 40


@pytest.mark.slow
@pytest.mark.parametrize(
    ("order", "first", "last"),
    [
        ("months", "corner desk", "monitor arm"),
        ("need", "corner desk", "monitor arm"),
        ("volume", "office desk", "desk legs"),
        ("kd", "desk legs", "office desk"),
        ("position", "oak desk", "desk with drawers"),
        ("keyword", "corner desk", "standing desk"),
    ],
)
def test_keywords_can_be_sorted_in_other_ways(order: str, first: str, last: str) -> None:
    whole = result(*BY_TOTALS, "--sort", order)
    names = [answer["keyword"] for answer in whole["keywords"]]

    assert whole["sorted_by"] == order
    assert (names[0], {names[-1], names[-2]} >= {last}) == (first, True), names


def test_strangers_text_in_the_file_of_targets_is_shown_as_text(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("keyword,url\n\x1b[31mred,a.example/\n")

    done = run(EIGHT / "serps.csv", "--targets", path)

    assert "\x1b" not in done.out
    assert r"\x1b[31mred (line 2)" in " ".join(done.out.split())


# --- a broken keyword ----------------------------------------------------------------------------


def with_broken(folder: Path) -> tuple[Path, Path]:
    """Write two SERPs: of `broken` they say different things, of `fine` only one says anything."""
    rows = [
        {"keyword": name, "position": place, "url": rival(place), "referring_domains": 10 * place}
        for name in ("broken", "fine")
        for place in range(1, 5)
    ]
    return (
        write_rows(folder / "one.csv", rows),
        write_rows(folder / "two.csv", [rows[0] | {"referring_domains": 99}]),
    )


def test_a_broken_keyword_does_not_stop_the_others(tmp_path: Path) -> None:
    files = with_broken(tmp_path)

    whole = result(*files, "--site", "our.example")

    assert [answer["keyword"] for answer in whole["keywords"]] == ["fine"]
    (broken,) = whole["unanswered"]
    assert broken["keyword"] == "broken"
    assert "another SERP of 'broken'" in broken["reason"]
    shown = run(*files, "--site", "our.example").out
    assert shown.startswith("1 keyword ")
    assert "No answer  broken:" in shown
    lines = run(*files, "--site", "our.example", "--format", "jsonl")
    assert lines.err.startswith("no answer for broken: ")
    rows = csv_rows(*files, "--site", "our.example")
    assert [(row["keyword"], bool(row["error"])) for row in rows] == [
        ("fine", False),
        ("broken", True),
    ]


@pytest.mark.parametrize("command", ["audit", "prospects"])
def test_a_broken_keyword_is_named_by_commands_about_links_too(
    tmp_path: Path, command: str
) -> None:
    links = write_links(tmp_path / "links.csv", {OURS: 3, rival(1): 4, rival(2): 5})

    found = result(command, *with_broken(tmp_path), links, "--target", OURS)

    said = [c["text"] for c in found["cautions"] if c["code"] == "keyword-left-out"]
    assert [text.partition(":")[0] for text in said] == ["'broken' is left out"]


def test_a_broken_keyword_has_no_gap_that_keeps_a_limit(tmp_path: Path) -> None:
    files = with_broken(tmp_path)

    done = run(*files, "--site", "our.example", "--fail-over", "1000")

    assert done.code == 4
    assert "--fail-over 1000: broken: there is no answer" in done.err
    assert run(*files, "--site", "our.example", "--fail-over", "1").code == 1


def test_a_broken_keyword_alone_is_an_error(tmp_path: Path) -> None:
    done = run(*with_broken(tmp_path), "--keyword", "broken")

    assert (done.code, "another SERP of 'broken'" in done.err) == (3, True)


# --- as if alone ---------------------------------------------------------------------------------

KEYWORDS = ("desk lamp", "casino desk", "led lamp")
POOL = [rival(1), rival(2), rival(3), rival(4), OURS, "https://our.example/other"]
places = st.permutations(POOL).map(lambda pages: pages[:5])
link = st.fixed_dictionaries(
    {
        "source_url": st.builds(
            "https://source{}.example/{}".format, st.integers(0, 6), st.just("x")
        ),
        "target_url": st.sampled_from(POOL),
        "anchor": st.sampled_from(["lamp", "casino", "casino desk", ""]),
    }
)
worlds = st.tuples(
    st.tuples(places, places, places),
    st.lists(link, min_size=1, max_size=25),
    st.lists(link, min_size=1, max_size=10),
)
World = tuple[tuple[list[str], ...], list[dict[str, str]], list[dict[str, str]]]


def write_world(folder: Path, world: World) -> tuple[list[Path], list[Path]]:
    """Write a SERP file for each keyword, and two lists, of which one lacks columns."""
    serps = [
        write_rows(
            folder / f"{place}.csv",
            [
                {"keyword": keyword, "position": n, "url": url, "referring_domains": 3 * n}
                for n, url in enumerate(pages, start=1)
            ],
        )
        for place, (keyword, pages) in enumerate(zip(KEYWORDS, world[0], strict=True))
    ]
    full = [{**row, "rel": "nofollow" if "1" in row["source_url"] else ""} for row in world[1]]
    lists = [
        write_rows(folder / "full.csv", full),
        write_rows(folder / "bare.csv", [{**row, "vendor": "acme"} for row in world[2]]),
    ]
    return serps, lists


@pytest.mark.slow
@settings(
    derandomize=True,
    max_examples=2,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(worlds, st.randoms(use_true_random=False), st.sampled_from([(), ("--target", OURS)]))
def test_a_keyword_in_a_batch_gives_exactly_what_it_gives_alone(
    tmp_path: Path, world: World, chance: Random, options: tuple[str, ...]
) -> None:
    serps, lists = write_world(tmp_path, world)
    asked = options or ("--site", "our.example")
    shuffled = [*serps, *lists]
    chance.shuffle(shuffled)

    batch = result(*shuffled, *asked)["keywords"]

    assert {answer["keyword"] for answer in batch} == set(KEYWORDS)
    for answer in batch:
        serp = serps[KEYWORDS.index(answer["keyword"])]
        (alone,) = result(serp, *lists, *asked)["keywords"]
        assert answer == alone
    assert batch == result(*serps, *lists, *asked)["keywords"]


@pytest.mark.slow
@settings(
    derandomize=True,
    max_examples=2,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(worlds, st.randoms(use_true_random=False), st.sampled_from([(), ("--target", OURS)]))
def test_a_keyword_in_a_batch_has_exactly_the_leads_that_it_has_alone(
    tmp_path: Path, world: World, chance: Random, options: tuple[str, ...]
) -> None:
    serps, lists = write_world(tmp_path, world)
    asked = ("prospects", *(options or ("--site", "our.example")), "--min-competitors", 1)
    shuffled = [*serps, *lists]
    chance.shuffle(shuffled)

    batch = result(*asked, *shuffled)

    for answer in batch["keywords"]:
        name = answer["keyword"]
        alone = result(*asked, serps[KEYWORDS.index(name)], *lists)
        assert [answer] == alone["keywords"]
        for kind in ("prospects", "lost_to_us"):
            assert leads_for(batch[kind], name) == leads_for(alone[kind], name)


def leads_for(leads: Sequence[dict[str, Any]], name: str) -> dict[str, Any]:
    """Give what a keyword's leads are to it."""
    return {
        lead["domain"]: keyword
        for lead in leads
        for keyword in lead["keywords"]
        if keyword["keyword"] == name
    }


def test_a_lead_by_a_word_that_one_keyword_allows_is_none_of_the_others(tmp_path: Path) -> None:
    pages = {rival(n): None for n in range(1, 5)}
    serp = serp_of(tmp_path, {"casino desk": pages, "oak desk": pages})
    rows = [r for n in range(1, 5) for r in links_to(rival(n), 2, anchor="casino", rel="")]
    links = write_rows(tmp_path / "links.csv", rows)

    found = result("prospects", serp, links, "--target", OURS)

    assert [one["counts"]["leads"] for one in found["keywords"]] == [2, 0]
    assert [[k["keyword"] for k in lead["keywords"]] for lead in found["prospects"]] == [
        ["casino desk"],
        ["casino desk"],
    ]


def test_a_keyword_allows_its_words_in_anchors_for_itself_alone(tmp_path: Path) -> None:
    # Every link says casino: the keyword with that word keeps them, the other drops them all.
    pages = {rival(n): None for n in range(1, 5)}
    serp = serp_of(tmp_path, {"casino desk": pages, "oak desk": pages})
    rows = [r for n in range(1, 5) for r in links_to(rival(n), 9, anchor="casino", rel="")]
    links = write_rows(tmp_path / "links.csv", rows)

    whole = result(serp, links, "--site", "our.example")

    goals = {answer["keyword"]: answer["goals"]["median"] for answer in whole["keywords"]}
    assert goals == {"casino desk": 9, "oak desk": 0}
    assert [caution["code"] for caution in whole["cautions"]] == ["site-not-found"]


def test_a_list_of_other_pages_takes_no_rule_from_a_keyword(tmp_path: Path) -> None:
    serp = serp_of(tmp_path, {"lamp": {rival(n): None for n in range(1, 5)}})
    rows = [r for n in range(1, 5) for r in links_to(rival(n), 9, anchor="casino", rel="")]
    links = write_rows(tmp_path / "links.csv", rows)
    other = write_rows(tmp_path / "other.csv", links_to("https://else.example/", 3))

    (alone,) = result(serp, links, "--site", "our.example")["keywords"]
    (beside,) = result(serp, links, other, "--site", "our.example")["keywords"]

    assert alone == beside


def test_lists_of_other_keywords_need_no_word_where_one_is_asked_for(tmp_path: Path) -> None:
    pages = {"lamp": [rival(1), rival(2), rival(3)], "desk": [rival(4)]}
    serp = serp_of(tmp_path, {name: dict.fromkeys(urls) for name, urls in pages.items()})
    lists = [
        write_links(tmp_path / f"{n}.csv", {rival(n): 20 + n}, rel="") for n in (1, 2, 3, 4, 9)
    ]

    said = cautions(result(serp, *lists, "--keyword", "lamp"))

    assert [text.partition(":")[0] for text in said] == [
        f"{tmp_path}/9.csv is not used",
    ]


def test_two_countries_of_a_keyword_are_two_rows(tmp_path: Path) -> None:
    one = write_serp(tmp_path / "us.csv", [10, 20, 30], more={"country": "us"})
    two = write_serp(tmp_path / "de.csv", [40, 50, 60], more={"country": "de"})

    rows = csv_rows(one, two, "--site", "our.example")

    assert [(row["country"], row["goal"]) for row in rows] == [("us", "20"), ("de", "50")]


def test_what_the_rows_of_keywords_have_no_room_for_is_said(tmp_path: Path) -> None:
    pages = {rival(1): 10, rival(2): 20, rival(3): 30, OURS: 1}
    serp = serp_of(tmp_path, {"lamp": pages, "desk": pages})
    lists = [
        write_ahrefs(tmp_path / f"{count}.csv", page, sources(count))
        for page, count in pages.items()
    ]
    asked = (serp, *lists, "--target", OURS, "--pace", 9)

    plain, said = run(*asked).out, run(*asked, "--price", 100, "--sensitivity").out

    assert "--price" not in plain
    assert "--price shows in gapcalc plan, with --keyword NAME, and in JSON." in said
    assert "--sensitivity shows with --keyword NAME, and in JSON." in said


@pytest.mark.parametrize("command", ["gap", "plan"])
def test_wherever_keywords_are_listed_two_countries_of_one_are_told_apart(
    command: str, tmp_path: Path
) -> None:
    one = write_serp(tmp_path / "us.csv", [10, 20, 30], more={"country": "us"})
    two = write_serp(tmp_path / "de.csv", [40, 50, 60], more={"country": "de"})
    asked = (command, one, two, "--own-rds", 1, "--pace", 3)

    table, page = run(*asked), run(*asked, "--format", "html")
    judged = run(*asked, "--fail-over", 10, "-o", tmp_path / "x.txt")

    for name in ("desk lamp · us", "desk lamp · de"):
        assert re.search(f"^{name} +", table.out, re.MULTILINE)
        assert name in page.out
        assert f"{name}: the gap is" in judged.err
    assert "desk lamp (2)" not in page.out
