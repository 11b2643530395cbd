"""Lists of pages give totals, lists of keywords the KD: where they are used, and where not."""

from pathlib import Path

import pytest

from running import FIXTURES, ask, cautions, result, run
from tables import OURS, rival, write_ahrefs, write_links, write_rows, write_serp

VENDORS = FIXTURES / "vendors"
LAMP = "https://www.lampkin.example/desk-lamp/"
Counts = dict[str, int]


def best_by_links(path: Path, counts: Counts) -> Path:
    """Write Ahrefs' list of a site's pages."""
    return write_rows(
        path,
        [
            {"Page URL": url, "Referring domains": count, "Top DR": 50, "Links to target": 9}
            for url, count in counts.items()
        ],
    )


def indexed_pages(path: Path, counts: Counts) -> Path:
    """Write Semrush's list of a site's pages."""
    return write_rows(
        path,
        [
            {"Source url": url, "Response code": 200, "Backlinks": 99, "Domains": count}
            for url, count in counts.items()
        ],
    )


def keywords(path: Path, kd: str, *, keyword: str = "desk lamp", country: str = "us") -> Path:
    """Write a list of one keyword as Ahrefs' Keywords Explorer does."""
    cells = {"Keyword": keyword, "Country": country, "Difficulty": kd, "Volume": 10}
    return write_rows(path, [cells])


def semrush_keywords(path: Path, kd: str) -> Path:
    cells = {"Keyword": "Desk Lamp", "Intent": "", "Volume": 10, "Keyword Difficulty": kd}
    return write_rows(path, [cells])


def ahrefs_screen(path: Path, counts: list[int]) -> Path:
    rows = [
        {"#": number, "URL": rival(number), "DR": 40, "Referring domains": count}
        for number, count in enumerate(counts, start=1)
    ]
    return write_rows(path, rows)


# --- totals --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "listed",
    [
        OURS,
        OURS.replace("https:", "http:"),
        OURS.replace("://", "://www."),
        OURS + "/",
        OURS + "?utm_source=mail#top",
    ],
)
def test_the_own_count_comes_from_a_list_of_pages_in_any_spelling(
    tmp_path: Path, listed: str
) -> None:
    serp = write_serp(tmp_path / "serp.csv", [10, 20, 30])
    pages = best_by_links(tmp_path / "pages.csv", {listed: 12, "https://our.example/other": 99})

    answer = ask(serp, pages, "--target", OURS)

    own = answer["target_page"]
    assert (own["raw"], own["source"], own["vendor_total"]) == (12, "vendor", 12)
    assert answer["gap"]["to_median"] == 8


def test_a_list_of_pages_fills_a_page_of_the_serp_and_a_named_competitor(tmp_path: Path) -> None:
    serp = write_serp(tmp_path / "serp.csv", [10, None, 30])
    pages = best_by_links(tmp_path / "pages.csv", {rival(2): 21, rival(9): 500})

    answer = ask(serp, pages, "--own-rds", 0, "--competitor", rival(9))

    assert [page["raw"] for page in answer["pages"]] == [10, 21, 30, 500]
    assert answer["goals"]["median"] == 25.5


def test_the_serps_own_figure_beats_a_list_of_pages(tmp_path: Path) -> None:
    serp = write_serp(tmp_path / "serp.csv", [10, 20, 30], ours=(4, 5))
    pages = best_by_links(tmp_path / "pages.csv", {OURS: 400, rival(1): 999})

    answer = ask(serp, pages, "--target", OURS)

    assert answer["target_page"]["raw"] == 5
    assert answer["goals"]["median"] == 20


def test_the_vendor_of_the_serp_is_preferred_then_the_largest_count(tmp_path: Path) -> None:
    serp = ahrefs_screen(tmp_path / "serp.csv", [10, 20, 30])
    ahrefs = best_by_links(tmp_path / "ahrefs.csv", {OURS: 12, f"{OURS}/": 14})
    semrush = indexed_pages(tmp_path / "semrush.csv", {OURS: 40})

    for files in ((ahrefs, semrush), (semrush, ahrefs)):
        answer = ask(serp, *files, "--target", OURS)

        assert answer["target_page"]["raw"] == 14
        assert (
            "Lists of pages give our.example/page 12, 14 and 40 referring domains, under several "
            "addresses or by several vendors. Used: 14, the largest of Ahrefs; the true count may "
            "be higher."
        ) in cautions(answer)


def test_totals_of_two_vendors_in_one_answer_are_said(tmp_path: Path) -> None:
    serp = ahrefs_screen(tmp_path / "serp.csv", [10, 20, 30])
    semrush = indexed_pages(tmp_path / "semrush.csv", {OURS: 8})

    answer = ask(serp, semrush, "--target", OURS)

    assert answer["gap"]["to_median"] == 12
    assert (
        "Pages are measured with different vendors, so the gap may be skewed (Ahrefs: "
        "rival1.example/guide, rival2.example/guide, rival3.example/guide; Semrush: "
        "our.example/page)."
    ) in cautions(answer)


@pytest.mark.slow
def test_a_total_of_the_same_vendor_shows_that_a_list_of_links_is_cut(tmp_path: Path) -> None:
    serp = write_serp(tmp_path / "serp.csv", [10, 20, 30])
    links = write_ahrefs(
        tmp_path / "links.csv", OURS, [f"https://source{n}.example/post" for n in range(10)]
    )
    same = best_by_links(tmp_path / "same.csv", {OURS: 100})
    other = indexed_pages(tmp_path / "other.csv", {OURS: 100})

    assert ask(serp, links, same, "--target", OURS)["target_page"]["complete"] is False
    own = ask(serp, links, other, "--target", OURS)["target_page"]
    assert (own["complete"], own["vendor_total"]) == (None, None)


def test_pages_without_a_number_of_domains_stay_unknown(tmp_path: Path) -> None:
    serp = write_serp(tmp_path / "serp.csv", [10, 20, 30])
    pages = write_rows(
        tmp_path / "pages.csv",
        [
            {"Page URL": url, "Referring domains": count, "Top DR": 1, "Links to target": 1}
            for url, count in ((OURS, ""), ("https://our.example/b", "many"), ("https://", 3))
        ],
    )

    done = run(serp, pages, "--target", OURS, "--json")

    assert '"code": "own-count-unknown"' in done.out
    assert "pages.csv:3: column 'Referring domains' is unknown" in done.err
    assert "pages.csv:4: row not read: 'https://' is not a URL" in done.err


@pytest.mark.parametrize(
    ("name", "total"),
    [
        ("ahrefs-best-by-links.csv", 122),
        ("ahrefs-top-pages.csv", 124),
        ("moz-top-pages.csv", 264),
        ("semrush-indexed-pages.csv", 18),
    ],
)
def test_every_list_of_pages_gives_the_own_count(name: str, total: int) -> None:
    answer = ask("checks/10-20-30-41.csv", f"vendors/{name}", "--target", LAMP)

    assert (answer["target_page"]["raw"], answer["target_page"]["source"]) == (total, "vendor")


# --- keywords ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("country", "of_list", "kd"),
    [
        ("us", "US", 34),
        ("uk", "GB", 34),
        ("USA", "us", 34),
        ("", "us", 34),
        ("us", "", None),
        ("us", "gb", None),
    ],
)
def test_a_list_of_keywords_gives_the_kd_of_its_country(
    tmp_path: Path, country: str, of_list: str, kd: int | None
) -> None:
    serp = write_serp(tmp_path / "serp.csv", [10, 20, 30], more={"country": country})
    file = keywords(tmp_path / "kd.csv", "34", keyword="Desk Lamp", country=of_list)

    answer = ask(serp, file, "--own-rds", 0)

    assert answer["kd"] == kd
    assert (answer["benchmark"] is None) is (kd is None)


@pytest.mark.parametrize(
    ("of_list", "whose"), [("gb", "of gb"), ("", "of no country that it names")]
)
def test_a_kd_that_is_not_of_the_country_is_named(tmp_path: Path, of_list: str, whose: str) -> None:
    serp = write_serp(tmp_path / "serp.csv", [10, 20, 30], more={"country": "us"})
    file = keywords(tmp_path / "kd.csv", "34", country=of_list)

    answer = result(serp, file, "--own-rds", 0)

    said = f"KD 34 in {file} is {whose}, and this SERP is of us, so it is not used."
    assert said in cautions(answer["keywords"][0])
    assert cautions(answer) == []


def test_a_kd_among_those_of_several_countries_is_that_of_the_serp(tmp_path: Path) -> None:
    serp = write_serp(tmp_path / "serp.csv", [10, 20, 30], more={"country": "us"})
    files = [
        keywords(tmp_path / f"{c}.csv", kd, country=c) for c, kd in (("au", "61"), ("us", "20"))
    ]

    assert ask(serp, *files, "--own-rds", 0)["kd"] == 20


def test_the_kd_of_the_serp_beats_that_of_a_list(tmp_path: Path) -> None:
    serp = write_serp(tmp_path / "serp.csv", [10, 20, 30], more={"kd": 20})
    answer = ask(serp, keywords(tmp_path / "kd.csv", "34"), "--own-rds", 0)

    assert answer["kd"] == 20
    assert "A list of keywords says KD 34; the SERP's own KD is used." in cautions(answer)


def test_a_semrush_difficulty_is_named_and_never_used(tmp_path: Path) -> None:
    serp = write_serp(tmp_path / "serp.csv", [10, 20, 30])
    semrush = semrush_keywords(tmp_path / "magic.csv", "71")

    alone = ask(serp, semrush, "--own-rds", 0)
    both = ask(serp, semrush, keywords(tmp_path / "kd.csv", "34"), "--own-rds", 0)

    said = (
        "The Semrush difficulty in the input is not Ahrefs KD and does not fit the Ahrefs scale, "
        "so it is not used."
    )
    assert (alone["kd"], alone["benchmark"]) == (None, None)
    assert both["kd"] == 34
    assert said in cautions(alone)
    assert said in cautions(both)


@pytest.mark.parametrize("name", ["ahrefs-keywords.csv", "ahrefs-organic-keywords.csv"])
def test_a_keyword_without_a_serp_has_its_kd_by_name(name: str) -> None:
    answer = ask(f"vendors/{name}", "vendors/gapcalc-links.csv", "--keyword", "desk lamp")

    assert answer["kd"] is not None


@pytest.mark.parametrize("name", ["semrush-keywords.csv", "semrush-positions.csv"])
def test_keywords_of_semrush_never_enter_the_scale(name: str) -> None:
    answer = ask("vendors/gapcalc-serp.csv", f"vendors/{name}", "--own-rds", 0)

    assert answer["kd"] is None
    assert any("Semrush difficulty" in caution for caution in cautions(answer))


# --- what is said of them ------------------------------------------------------------------------


def test_lists_appear_among_the_inputs_with_kind_and_rows() -> None:
    answer = result("vendors/gapcalc-serp.csv", "vendors/ahrefs-best-by-links.csv", "--own-rds", 0)

    _, pages = answer["inputs"]
    assert (pages["kind"], pages["rows"], pages["vendor"]) == ("pages", 9, "ahrefs")


def test_a_list_that_says_nothing_of_what_is_asked_is_named(tmp_path: Path) -> None:
    serp = write_serp(tmp_path / "serp.csv", [10, 20, 30])
    pages = best_by_links(tmp_path / "pages.csv", {"https://our.example/other": 99})
    other = keywords(tmp_path / "kd.csv", "34", keyword="floor lamp")
    empty = semrush_keywords(tmp_path / "magic.csv", "")

    found = cautions(result(serp, pages, other, empty, "--target", OURS))

    assert found == [
        f"{pages} is not used: none of its pages takes part in the answer.",
        f"{other} is not used: it has the difficulty of none of these keywords.",
        f"{empty} is not used: it has the difficulty of none of these keywords.",
    ]


def test_lists_alone_are_no_answer_and_the_message_says_what_lacks() -> None:
    names = ("vendors/ahrefs-best-by-links.csv", "vendors/ahrefs-keywords.csv")
    done = run(*names, "--target", LAMP)

    assert done.code == 2
    assert done.err == (
        f"gapcalc: there are no pages to compare with: {', '.join(names)} gave totals or "
        "difficulties, but neither a SERP nor links were given. Add a SERP export or table or "
        "link exports, or name pages with --competitor\n"
    )


def test_lists_of_pages_and_named_competitors_are_enough(tmp_path: Path) -> None:
    counts = {rival(number): number * 10 for number in (1, 2, 3)}
    pages = best_by_links(tmp_path / "pages.csv", {**counts, OURS: 5})
    named = [word for url in counts for word in ("--competitor", url)]

    answer = ask(pages, "--target", OURS, *named)

    assert (answer["goals"]["median"], answer["gap"]["to_median"]) == (20, 15)


@pytest.mark.parametrize("name", ["ahrefs-best-by-links.csv", "ahrefs-keywords.csv"])
def test_a_list_is_not_bound_to_a_page(name: str) -> None:
    done = run("vendors/gapcalc-serp.csv", "--links-for", f"{LAMP}=vendors/{name}")

    assert done.code == 2
    assert ", not a list of links" in done.err


def test_a_list_with_no_rows_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "pages.csv"
    path.write_text("Page URL,Referring domains,Top DR,Links to target\n", encoding="utf-8")

    done = run("vendors/gapcalc-serp.csv", path)

    assert done.code == 3
    assert "it has the header of Ahrefs Best by links and no rows" in done.err


def test_links_of_other_vendors_do_not_need_lists(tmp_path: Path) -> None:
    links = write_links(tmp_path / "links.csv", {rival(1): 3, rival(2): 4, rival(3): 5, OURS: 1})

    assert ask(links, "--target", OURS)["gap"]["to_median"] == 3
