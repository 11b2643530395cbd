"""`gapcalc audit`: the profile of a page's own list, what stands out, each link's fate."""

import csv
import io
import json
from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from gapcalc.results.audit import AuditResult
from running import FIXTURES, Run, draw, drawn, run
from tables import links_to, rival, write_ahrefs, write_links, write_rows, write_serp

PAGE = "https://www.lampkin.example/desk-lamp/"
AUDIT = ("audit", "audit", "--target", PAGE)
DESK = ("audit", "standing-desk", "--target", "https://www.deskwise.example/standing-desk/")
OURS = "https://our.example/page"


@cache
def answer(*arguments: object, cwd: Path = FIXTURES) -> dict[str, Any]:
    done = run(*arguments, "--json", cwd=cwd)
    assert done.code == 0, done.err
    found: dict[str, Any] = json.loads(done.out)
    return found


def rows(done: Run) -> list[dict[str, str]]:
    assert done.code == 0, done.err
    return list(csv.DictReader(io.StringIO(done.out)))


def counts(shares: Mapping[str, Mapping[str, int]]) -> dict[str, tuple[int, int]]:
    return {name: (share["count"], share["known"]) for name, share in shares.items()}


# --- worked out by hand --------------------------------------------------------------------------


@pytest.mark.slow
def test_the_worked_example_has_the_figures_of_its_table() -> None:
    """fixtures/audit: ours.csv has 21 live links of the 20 domains d01 to d20, and no more of x1, x2.

    Live: d19 links twice, every other once. A lost link of d10 and one from our own blog play no
    part. Rules: d20 is spam, d16 sponsored, d18 ugc; d17 is nofollow, which counts. 20 - 3 = 17.
    Followed: not d16, d17, d18; d19 has a nofollow link and a followed one, so it is. 17 of 20.
    Anchors: exact is "desk lamp" of d01 to d08, d19, d20: 10. Brand: d09, d10, and d11, whose
    "Lampkin desk lamp" has the keyword too: 3. Partial: d12, "best lamp for a desk". Generic: d13
    "Click here", and d19 again with "here": 2. Empty: d14. Naked: d15, d16. Other: "desk lampshade"
    of d17 and "nice light" of d18.
    Authority is 5 for d01-d04, 15 for d05-d10, 30 for d11-d16, 50 for d17-d19, unknown for d20.
    Languages: en d01-d16, de d16 and d17, the others unknown: 17 known.
    d05's link stands for 120. Of 21 source pages, only that of d20 has more than 500 links.
    """
    result = answer(*AUDIT)

    assert result["schema"] == "gapcalc.audit/1"
    assert result["keyword"] == "desk lamp"
    assert result["brands"] == ["lampkin"]
    assert result["target"] == {
        "scope": "page",
        "url": PAGE,
        "page": "lampkin.example/desk-lamp",
        "domain": "lampkin.example",
        "pages": 1,
        "complete": None,
    }
    assert result["domains"] == {
        "live": 20,
        "bound": "exact",
        "counted": 17,
        "dropped": {"spam": 1, "sponsored": 1, "ugc": 1},
        "lost": 2,
    }
    assert result["links_listed"] == {
        "live": 21,
        "counted": 18,
        "dropped": {"spam": 1, "sponsored": 1, "ugc": 1},
        "lost": 3,
        "internal": 1,
    }
    assert {group: counts(shares) for group, shares in result["shares"].items()} == {
        "rel": {
            "followed": (17, 20),
            "nofollow": (3, 20),
            "ugc": (1, 20),
            "sponsored": (1, 20),
        },
        "spam": {"spam": (1, 20)},
        "anchors": {
            "empty-image": (1, 20),
            "naked-url": (2, 20),
            "brand": (3, 20),
            "exact": (10, 20),
            "partial": (1, 20),
            "generic": (2, 20),
            "other": (2, 20),
        },
        "kinds": {"text": (19, 20), "image": (1, 20)},
        "authority": {
            "0-9": (4, 19),
            "10-19": (6, 19),
            "20-39": (6, 19),
            "40-59": (3, 19),
            "60-79": (0, 19),
            "80+": (0, 19),
        },
        "traffic": {
            "0": (10, 20),
            "1-99": (0, 20),
            "100-999": (10, 20),
            "1000-9999": (0, 20),
            "10000-99999": (0, 20),
            "100000+": (0, 20),
        },
        "languages": {"en": (16, 17), "de": (2, 17)},
        "many_links": {"100+ links": (1, 20)},
        "outbound": {"over 500 links": (1, 21)},
    }
    assert result["many_links"] == [{"domain": "d05.example", "links": 120}]


def test_the_worked_example_has_its_domains_by_month() -> None:
    """January: d11, and x1 and x2, lost since. Then d12, d13, d14, a month each.

    May: d01 to d09, d15, d16, and d10, whose first link was seen then; its live one is of July.
    June: d17. July: d18 and d19. d20 has no date. Of 3 1 1 1 12 1 2 the median is 1.
    x1 was last seen in March, x2 in June. Of the rivals brightly and glowhouse have dates: one domain
    a month, four in July. They show no lost links.
    """
    history = answer(*AUDIT)["history"]

    assert [tuple(month.values()) for month in history["months"]] == [
        ("2026-01", 3, 0, 1, None),
        ("2026-02", 1, 0, 1, None),
        ("2026-03", 1, 1, 1, None),
        ("2026-04", 1, 0, 1, None),
        ("2026-05", 12, 0, 1, None),
        ("2026-06", 1, 1, 1, None),
        ("2026-07", 2, 0, 4, None),
    ]
    assert (history["median_new"], history["undated_new"], history["undated_lost"]) == (1, 1, 0)


def test_the_worked_example_stands_beside_the_medians_of_the_lists_that_tell() -> None:
    """Ten domains each. Exact: brightly 1, glowhouse 2, shadeworks 0. Followed: 8, 10, unknown."""
    result = answer(*AUDIT)
    shares = result["shares"]

    assert shares["anchors"]["exact"]["rivals"] == {"n": 3, "median": 0.1, "most": 0.2}
    assert shares["rel"]["followed"]["rivals"] == {"n": 2, "median": 0.9, "most": 1.0}
    assert [one["url"] for one in result["compared"]] == [
        "https://brightly.example/lamps",
        "https://glowhouse.example/lamps",
        "https://shadeworks.example/lamps",
    ]


def test_the_worked_example_says_what_stands_out() -> None:
    """Exact: 10 of 20, above 20 % and twice 10 %. Spam: 1 of 20 beside none. May: 12, 10 times 1."""
    findings = answer(*AUDIT)["findings"]

    assert [(found["code"], found["value"], found["threshold"]) for found in findings] == [
        ("exact-anchors", 0.5, 0.2),
        ("spam", 0.05, 0.0),
        ("spike", 12, 10),
    ]
    assert [found["sentence"].partition(". ")[0] for found in findings] == [
        "10 of 20 domains (50%) have the keyword itself as anchor",
        "1 of 20 domains (5%) has a link that the vendor flags as spam",
        "12 domains were new in 2026-05; the median month has 1",
    ]


def test_each_link_has_its_fate() -> None:
    listed = rows(run(*AUDIT, "--links", "--format", "csv"))

    assert len(listed) == 25
    assert Counter(row["fate"] for row in listed) == {
        "counted": 18,
        "lost": 3,
        "spam": 1,
        "sponsored": 1,
        "ugc": 1,
        "internal": 1,
    }
    by_source = {row["source"]: row for row in listed}
    assert by_source["https://d20.example/post"] == {
        "source": "https://d20.example/post",
        "target": PAGE,
        "domain": "d20.example",
        "fate": "spam",
        "anchor": "desk lamp",
        "anchor_class": "exact",
        "vendor": "other",
    }
    assert by_source["https://blog.lampkin.example/news"]["fate"] == "internal"
    assert by_source["https://d10.example/old"]["fate"] == "lost"


# --- what the figures are of ---------------------------------------------------------------------


@pytest.mark.slow
def test_the_figures_are_those_of_the_gap() -> None:
    gap = json.loads(run("gap", *DESK[1:], "--json").out)["keywords"][0]["target_page"]
    domains = answer(*DESK)["domains"]

    assert (domains["live"], domains["counted"]) == (gap["listed"], gap["kept_by_own_rules"])
    assert domains["live"] - sum(domains["dropped"].values()) == domains["counted"]
    assert domains["dropped"] == {rule: n for rule, n in gap["dropped"].items() if n}


@pytest.mark.slow
def test_a_file_without_columns_gives_unknown_shares(tmp_path: Path) -> None:
    file = write_links(tmp_path / "links.csv", {OURS: 3})

    result = answer("audit", file, "--target", OURS)

    unknown = {"count": None, "known": 0, "share": None, "rivals": None}
    assert result["shares"] == {
        "rel": dict.fromkeys(("followed", "nofollow", "ugc", "sponsored"), unknown),
        "spam": {"spam": unknown},
        "anchors": dict.fromkeys(
            ("empty-image", "naked-url", "brand", "exact", "partial", "generic", "other"), unknown
        ),
        "kinds": {},
        "authority": {},
        "traffic": {},
        "languages": {},
        "many_links": {"100+ links": {"count": 0, "known": 3, "share": 0.0, "rivals": None}},
        "outbound": {"over 500 links": unknown},
    }
    assert result["history"] is None
    assert result["domains"]["lost"] is None
    screen = draw("audit", json.dumps(result))
    assert "0%" not in screen.replace("100+ links", "").replace("0     0%", "")


def test_a_domain_whose_links_do_not_all_tell_is_unknown_unless_one_tells_yes(
    tmp_path: Path,
) -> None:
    links = [
        {"source_url": f"https://{source}/{place}", "target_url": OURS, "spam": spam}
        for source, cells in {
            "a.example": ("true", ""),
            "b.example": ("false", ""),
            "c.example": ("false", "false"),
        }.items()
        for place, spam in enumerate(cells)
    ]
    write_rows(tmp_path / "links.csv", links)

    shares = answer("audit", "links.csv", "--target", OURS, cwd=tmp_path)["shares"]

    assert counts(shares["spam"]) == {"spam": (1, 2)}


def test_each_share_of_a_group_can_be_unknown_alone(tmp_path: Path) -> None:
    write_links(tmp_path / "links.csv", {OURS: 2}, nofollow="true")

    said = run("audit", "links.csv", "--target", OURS, columns=80, cwd=tmp_path).out.split("\n")

    (place,) = [place for place, line in enumerate(said) if line.startswith("Rel ")]
    assert [" ".join(line.split()) for line in said[place : place + 4]] == [
        "Rel followed 0 0%",
        "not followed 2 100%",
        "ugc: unknown - -",
        "sponsored: unknown - -",
    ]


@pytest.mark.slow
def test_two_exports_of_one_vendor_are_one_list(tmp_path: Path) -> None:
    own = FIXTURES / "audit" / "ours.csv"
    (tmp_path / "again.csv").write_bytes(own.read_bytes())

    once = answer("audit", own, "--target", PAGE)
    twice = answer("audit", own, "again.csv", "--target", PAGE, cwd=tmp_path)

    for part in ("domains", "links_listed", "shares", "many_links", "history"):
        assert twice[part] == once[part], part


def test_an_empty_list_has_no_domains_and_unknown_shares() -> None:
    result = answer("audit", "--links-for", f"{OURS}=broken/header-only.csv", "--target", OURS)

    assert result["domains"]["live"] == 0
    assert {s["share"] for group in result["shares"].values() for s in group.values()} == {None}


@pytest.mark.slow
def test_a_cut_list_has_at_least_its_domains(tmp_path: Path) -> None:
    file = write_ahrefs(
        tmp_path / "links.csv", OURS, [f"https://s{n}.example/" for n in range(1000)]
    )

    result = answer("audit", file, "--target", OURS)

    assert (result["domains"]["live"], result["domains"]["bound"]) == (1000, "at least")
    screen = draw("audit", json.dumps(result))
    assert "at least 1,000 live referring domains" in " ".join(screen.split())


def test_scores_of_two_vendors_are_not_put_together(tmp_path: Path) -> None:
    """Ahrefs knows more domains, so only its scores are used."""
    write_ahrefs(
        tmp_path / "a.csv",
        OURS,
        ["https://a.example/", "https://b.example/"],
        **{"Domain rating": 50},
    )
    write_rows(tmp_path / "b.csv", links_to(OURS, 1, authority=5, vendor="semrush", anchor="x"))

    result = answer("audit", "a.csv", "b.csv", "--target", OURS, cwd=tmp_path)

    assert result["measures"]["authority"] == "Ahrefs DR"
    assert result["shares"]["authority"]["40-59"]["count"] == 2
    assert result["shares"]["authority"]["0-9"]["count"] == 0
    assert result["domains"]["live"] == 3


# --- a whole site --------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_bare_domain_is_the_whole_site(tmp_path: Path) -> None:
    """The domain a links to two pages and counts once; b's link is to a host below it."""
    targets = {"https://our.example/": "a", "https://our.example/x": "a"}
    links = [
        {"source_url": f"https://{name}.example/1", "target_url": target, "anchor": "x"}
        for target, name in {**targets, "https://shop.our.example/y": "b"}.items()
    ]
    links.append({"source_url": "https://c.example/1", "target_url": "https://not-our.example/"})
    write_rows(tmp_path / "links.csv", links)

    result = answer("audit", "links.csv", "--target", "our.example", cwd=tmp_path)

    assert (result["target"]["scope"], result["target"]["pages"]) == ("site", 3)
    assert result["domains"]["live"] == 2
    assert "The whole site, 3 pages with links, has 2" in draw("audit", json.dumps(result))
    page = answer("audit", "links.csv", "--target", "https://our.example/", cwd=tmp_path)
    assert (page["target"]["scope"], page["domains"]["live"]) == ("page", 1)


@pytest.mark.slow
def test_a_site_is_compared_with_the_sites_that_are_named(tmp_path: Path) -> None:
    write_rows(
        tmp_path / "links.csv",
        [
            *links_to("https://our.example/a", 2, spam="true"),
            *links_to("https://rival1.example/a", 4, spam="false"),
            *links_to("https://rival1.example/b", 4, spam="false"),
        ],
    )
    site = ("audit", "links.csv", "--target", "our.example")

    result = answer(*site, "--competitor", "rival1.example", cwd=tmp_path)
    refused = run(*site, "--competitor", rival(1), cwd=tmp_path)

    assert result["compared"] == [
        {"url": "rival1.example", "domain": "rival1.example", "domains": 4}
    ]
    assert result["shares"]["spam"]["spam"]["rivals"] == {"n": 1, "median": 0, "most": 0}
    assert refused.code == 2
    assert "Name sites to compare with" in refused.err


def test_a_list_of_a_whole_site_that_names_no_pages_is_that_of_the_site() -> None:
    result = answer("audit", "vendors/majestic-refdomains.csv", "--target", "lampkin.example")

    assert result["domains"]["live"] > 0
    assert result["target"]["pages"] is None
    assert "file-of-a-site" not in {caution["code"] for caution in result["cautions"]}


# --- what stands out -----------------------------------------------------------------------------


def with_exact(folder: Path, own: tuple[int, int], rivals: list[int]) -> list[str]:
    """Write lists: `own` is our (exact anchors, domains); `rivals` the exact ones of 20 each."""
    lists = {OURS: own, **{rival(n): (exact, 20) for n, exact in enumerate(rivals, start=1)}}
    links = [
        {
            "source_url": f"https://s{place}.example/",
            "target_url": target,
            "anchor": "desk lamp" if place < exact else "a lamp",
        }
        for target, (exact, domains) in lists.items()
        for place in range(domains)
    ]
    write_rows(folder / "links.csv", links)
    write_serp(folder / "serp.csv", [None] * len(rivals), ours=(9, None))
    result = answer("audit", "links.csv", "serp.csv", "--target", OURS, cwd=folder)
    return [found["code"] for found in result["findings"]]


def test_without_a_keyword_its_anchors_are_unknown_in_words_too(tmp_path: Path) -> None:
    links = write_links(tmp_path / "links.csv", {rival(1): 3}, rel="", anchor="lamp")

    said = run("audit", links, "--target", rival(1)).out

    assert "exact keyword: unknown" in said
    assert "Without a keyword, exact and partial anchors are unknown: name one with" in said


@pytest.mark.slow
@pytest.mark.parametrize(
    ("own", "rivals", "found"),
    [
        pytest.param(
            (9, 20), [2, 4, 8], ["exact-anchors"], id="above the largest, twice the median"
        ),
        pytest.param((8, 20), [2, 4, 8], [], id="as the largest"),
        pytest.param((9, 20), [5, 5, 8], [], id="not twice the median"),
        pytest.param((10, 20), [5, 5, 8], ["exact-anchors"], id="just twice the median"),
        pytest.param((9, 19), [2, 4, 8], [], id="fewer than 20 domains"),
        pytest.param((9, 20), [2, 4], [], id="fewer than three rivals"),
        pytest.param((1, 20), [0, 0, 0], ["exact-anchors"], id="where nobody else has any"),
        pytest.param((0, 20), [0, 0, 0], [], id="none"),
    ],
)
def test_exact_anchors_stand_out_above_all_rivals(
    own: tuple[int, int], rivals: list[int], found: list[str], tmp_path: Path
) -> None:
    assert with_exact(tmp_path, own, rivals) == found


@pytest.mark.parametrize(
    ("gains", "found"),
    [
        pytest.param([1, 1, 1, 10], ["spike"], id="ten times the median"),
        pytest.param([1, 1, 1, 9], [], id="nine times"),
        pytest.param([2, 2, 2, 19], [], id="ten domains are not ten times two"),
        pytest.param([1, 0, 0, 9], [], id="a median of 0 makes no spike of few"),
        pytest.param([1, 0, 0, 10], ["spike"], id="ten beside a median of 0"),
    ],
)
def test_a_month_with_ten_times_the_median_gain_stands_out(
    gains: list[int], found: list[str], tmp_path: Path
) -> None:
    links = [
        {
            "source_url": f"https://s{month}-{place}.example/",
            "target_url": OURS,
            "first_seen": f"2026-0{month}-05",
        }
        for month, gain in enumerate(gains, start=1)
        for place in range(gain)
    ]
    write_rows(tmp_path / "links.csv", links)

    result = answer("audit", "links.csv", "--target", OURS, cwd=tmp_path)

    assert [finding["code"] for finding in result["findings"]] == found


@pytest.mark.slow
def test_no_answer_speaks_of_a_penalty_but_to_deny_it() -> None:
    said = run(*AUDIT).out

    assert "not signs of a penalty" in said
    assert said.count("penalty") == 1


# --- the disavow file ----------------------------------------------------------------------------


@pytest.mark.slow
def test_a_disavow_file_names_the_domains_that_only_have_harmful_links(tmp_path: Path) -> None:
    """Of a all links are spam, of b one of two; c a blocked anchor; d is only nofollow."""
    links = [
        {"source_url": "https://a.example/1", "spam": "true", "anchor": "x"},
        {"source_url": "https://www.b.example/1", "spam": "true", "anchor": "x"},
        {"source_url": "https://b.example/2", "spam": "false", "anchor": "x"},
        {"source_url": "https://c.co.uk/1", "spam": "false", "anchor": "best casino"},
        {"source_url": "https://d.example/1", "spam": "false", "anchor": "x", "nofollow": "true"},
        {"source_url": "https://our.example/2", "spam": "true", "anchor": "x"},
    ]
    write_rows(
        tmp_path / "links.csv",
        [{"nofollow": "false", **link, "target_url": OURS} for link in links],
    )

    done = run(
        "audit",
        "links.csv",
        "--target",
        OURS,
        "--disavow",
        "no.txt",
        "--format",
        "csv",
        cwd=tmp_path,
    )

    lines = (tmp_path / "no.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line and line[0] != "#"] == [
        "domain:a.example",
        "domain:c.co.uk",
    ]
    assert lines[lines.index("domain:a.example") - 1] == "# Domains: 1. Links: 1."
    assert "the vendor flags it as spam" in " ".join(lines)
    for told in (done.err, " ".join(line.removeprefix("# ") for line in lines)):
        assert "Disavowing is rarely the right move" in told
    assert len(rows(done)) > 10
    again = run("gap", "links.csv", "--target", OURS, "--block-domains", "no.txt", cwd=tmp_path)
    assert again.code == 0


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (
            ("--disavow", "missing/no.txt"),
            "--disavow missing/no.txt: there is no folder missing. Create it",
        ),
        (("--disavow", "a.csv", "-o", "a.csv"), "the answer is written to the same file"),
    ],
)
def test_a_disavow_file_that_cannot_be_written_is_an_error(
    options: tuple[str, ...], told: str, tmp_path: Path
) -> None:
    write_links(tmp_path / "links.csv", {OURS: 2})

    done = run("audit", "links.csv", "--target", OURS, *options, cwd=tmp_path)

    assert (done.code, done.out) == (2, "")
    assert told in done.err
    assert [path.name for path in tmp_path.iterdir()] == ["links.csv"]


def test_no_disavow_file_is_written_unless_it_is_asked_for(tmp_path: Path) -> None:
    write_links(tmp_path / "links.csv", {OURS: 2})
    (tmp_path / "gapcalc.toml").write_text('disavow = "no.txt"\n', encoding="utf-8")

    done = run("audit", "links.csv", "--target", OURS, cwd=tmp_path)

    assert done.code == 2
    assert "disavow can only be given on the command line" in done.err


# --- outputs and mistakes ------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("columns", [80, 100])
def test_the_screen_keeps_to_its_width(columns: int) -> None:
    for arguments in (AUDIT, (*DESK, "--links")):
        screen = drawn(*arguments, columns=columns)
        assert max(map(len, screen.splitlines())) <= columns
        assert screen.count("\n") < 80


@pytest.mark.slow
def test_the_same_input_gives_the_same_bytes() -> None:
    asked = (*AUDIT, "--links")
    assert run(*asked, "--json", anew=True).out == run(*asked, "--json").out != ""
    for form in ("table", "csv", "markdown"):
        # What is drawn rests on another run.
        assert run(*asked, "--format", form).out == drawn(*asked, form=form) != "", form


@pytest.mark.slow
def test_the_json_is_what_its_schema_says() -> None:
    for arguments in (AUDIT, (*DESK, "--links", "--disavow", "/dev/null")):
        TypeAdapter(AuditResult).validate_python(answer(*arguments), strict=False)
    schema = json.loads(run("schema", "audit").out)
    assert set(schema["properties"]) == set(answer(*AUDIT))


@pytest.mark.slow
def test_strangers_text_is_harmless_in_every_output(tmp_path: Path) -> None:
    evil = {"anchor": "=cmd|'/c calc'!A1", "kind": "\x1b[31mred", "language": "en"}
    write_rows(tmp_path / "links.csv", links_to(OURS, 1, **evil))

    audit = ("audit", "links.csv", "--target", OURS)
    said = run(*audit, "--json", cwd=tmp_path)
    assert said.code == 0
    assert "\x1b" not in said.out
    for form in ("table", "markdown", "csv"):
        assert "\x1b" not in draw("audit", said.out, form=form), form
    listed = rows(run(*audit, "--links", "--format", "csv", cwd=tmp_path))
    assert listed[0]["anchor"].startswith("'=")


def test_an_audit_beside_several_keywords_names_those_that_the_page_ranks_for() -> None:
    page = "https://www.oakdesk.example/standing-desk/"
    done = run("audit", "eight-keywords", "--target", page)

    assert done.code == 2
    assert done.err.endswith("Yours ranks for: electric standing desk, standing desk\n")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("standing-desk",), "--target is missing"),
        ((), "no input"),
        (
            ("standing-desk", "--target", "https://nobody.example/x"),
            "none of the inputs has links to",
        ),
        (("vendors/gapcalc-serp.csv", "--target", PAGE), "no list of links was given"),
        (
            ("vendors/ahrefs-serps.csv", "--target", PAGE),
            "an audit compares with the pages of one: name it with --keyword",
        ),
        (("standing-desk", "--target", PAGE, "--format", "jsonl"), "none of the inputs"),
    ],
)
def test_a_mistake_is_reported_with_what_to_do(arguments: tuple[str, ...], told: str) -> None:
    done = run("audit", *arguments)

    assert (done.code, done.out) == (2, "")
    assert told in done.err
