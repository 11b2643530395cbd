"""The peculiarities of each vendor's link files: lost links, flags, preambles, targets."""

from pathlib import Path

import pytest

from build import FIXTURES, PAGE, TARGET, Form, count_links, open_source, write_table
from gapcalc.errors import RefusedFormatError
from gapcalc.formats.majestic import read_target
from gapcalc.formats.moz import read_preamble
from running import ask, cautions, result, run

pytestmark = pytest.mark.slow

VENDORS = FIXTURES / "vendors"
LAMP = "https://www.lampkin.example/desk-lamp/"
LAMP_PAGE = "lampkin.example/desk-lamp"
MOZ = [
    "URL",
    "Title",
    "Anchor Text",
    "Spam Score",
    "PA",
    "DA",
    "Target URL",
    "Link Type",
    "Link State",
    "Date Lost",
]
DATAFORSEO = [
    "url_from",
    "url_to",
    "dofollow",
    "attributes",
    "is_lost",
    "item_type",
    "domain_from_rank",
]
MAJESTIC = [
    *("SourceURL", "TargetURL", "SourceTrustFlow", "FlagDeleted", "FlagNoFollow", "FlagRedirect"),
    *("DateLost", "FirstIndexedDate"),
]


def moz(folder: Path, *rows: tuple[str, ...], filters: str = "external+all") -> Path:
    preamble = f"Inbound Links for,target.example/page\nScope,page\nFilters:,{filters}\n\n"
    cells = [
        (f"site{n}.example/a", "t", "x", "4%", "9", "20", "target.example/page", *row)
        for n, row in enumerate(rows)
    ]
    form = Form(eol="\r\n", encoding="utf-8-sig", preamble=preamble)
    return write_table(folder / "moz.csv", [MOZ, *cells], form)


# --- Moz -----------------------------------------------------------------------------------------


def test_in_moz_the_state_decides_what_is_lost_not_the_date(tmp_path: Path) -> None:
    path = moz(
        tmp_path,
        ("follow", "active", "2022-01-31"),
        ("nofollow", "active", "--"),
        ("follow", "deleted", "2022-02-01"),
    )

    counted = count_links([path])

    links = counted.pages[PAGE]
    assert (links.raw, links.followed, links.lost) == (2, 1, 1)
    assert counted.said == []


def test_a_state_or_type_that_moz_was_not_seen_to_write_is_unknown_and_told(tmp_path: Path) -> None:
    path = moz(tmp_path, ("redirect", "active", "--"), ("follow", "resting", "--"))

    counted = count_links([path])

    assert counted.pages[PAGE].raw == 2
    assert counted.said == [
        (6, "column 'Link Type' is unknown: nofollow or follow expected, found 'redirect'"),
        (7, "column 'Link State' is unknown: deleted or active expected, found 'resting'"),
    ]


@pytest.mark.parametrize(
    ("line", "cut"),
    [
        pytest.param("Filters:,external+not_deleted", None, id="what is set aside anyway"),
        pytest.param("Filters:,all", None, id="all"),
        pytest.param("Filters:,external+follow", "the filter follow", id="followed only"),
        pytest.param("Anchor text,casino", "the filter anchor text casino", id="an anchor"),
        pytest.param("Source PLD,a.example", "the filter source pld a.example", id="a source"),
        pytest.param('"Filters:","external+nofollow"', "the filter nofollow", id="quoted"),
    ],
)
def test_a_filter_of_moz_that_takes_out_live_links_makes_the_list_incomplete(
    line: str, cut: str | None
) -> None:
    found = read_preamble([f"{line}\r\n"], MOZ).cut

    assert found == (None if cut is None else f"it was exported with {cut}")


def test_the_preamble_of_moz_stands_in_the_note(tmp_path: Path) -> None:
    path = moz(tmp_path, ("follow", "active", "--"), filters="external+not_deleted+follow")
    (told,) = result(path, "--target", TARGET)["inputs"]

    assert told["complete"] is False
    assert told["note"] == (
        "it was exported with the filter follow; links to target.example/page (scope page); "
        "lost links were left out of the export"
    )


def test_the_spam_score_of_moz_drops_nothing() -> None:
    answer = result("vendors/moz-inbound-links.csv", "--target", LAMP)
    (spam,) = [rule for rule in answer["method"]["rules"] if rule["id"] == "spam"]

    assert spam["not_applicable_to"] == ["vendors/moz-inbound-links.csv"]


# --- Majestic ------------------------------------------------------------------------------------


def test_a_page_in_majestics_headings_binds_the_file() -> None:
    answer = result("vendors/majestic-refdomains-page.csv", "--target", LAMP)

    assert answer["keywords"][0]["target_page"]["raw"] == 24
    assert answer["inputs"][0]["note"] == (
        "its headings name the page; no column tells which links are lost, so all count as live; "
        f"bound to {LAMP_PAGE}"
    )


def test_a_site_in_majestics_headings_is_no_page() -> None:
    answer = result("vendors/majestic-refdomains.csv", "--target", LAMP)

    assert answer["keywords"][0]["target_page"]["raw"] is None
    (caution,) = cautions(answer)
    assert caution == (
        "vendors/majestic-refdomains.csv is of the whole site lampkin.example, not of one page, so "
        "it is not counted: add --links-for URL=vendors/majestic-refdomains.csv"
    )


@pytest.mark.parametrize(
    "name", ["majestic-refdomains.csv", "search-console-latest-links.csv"], ids=["site", "property"]
)
def test_a_sites_links_bound_to_a_page_leave_the_gap_unsure(name: str) -> None:
    file = f"vendors/{name}"
    answer = result(
        "checks/10-20-30-41.csv", file, "--links-for", f"{LAMP}={file}", "--target", LAMP
    )

    assert answer["keywords"][0]["gap"]["bound"] is None
    assert "so its count may be too high" in cautions(answer)[0]


def test_a_page_in_the_headings_is_not_overruled() -> None:
    file = "vendors/majestic-refdomains-page.csv"
    done = run(file, "--links-for", f"https://other.example/={file}")

    assert done.code == 2
    assert "the file is bound to another page already" in done.err


@pytest.mark.parametrize(
    ("target", "page", "site"),
    [
        ("site.example", None, "the whole site site.example"),
        ("www.site.example/", None, "the whole site www.site.example/"),
        ("https://site.example/", "https://site.example/", None),
        ("site.example/page", "site.example/page", None),
    ],
)
def test_majestics_target_is_a_page_or_a_site(
    target: str, page: str | None, site: str | None
) -> None:
    about = read_target([], ["Domain", f"BackLinks_{target}"])

    assert (about.page, about.site) == (page, site)


def test_majestic_with_several_targets_is_refused(tmp_path: Path) -> None:
    headings = ["Domain", "TrustFlow", "CitationFlow", "BackLinks_a.example", "BackLinks_b.example"]
    path = write_table(tmp_path / "two.csv", [headings, ["c.example", "1", "1", "4", "0"]])

    with pytest.raises(RefusedFormatError, match="it compares 2 targets"):
        open_source(path)


def test_an_unknown_trust_flow_is_not_a_weak_one(tmp_path: Path) -> None:
    headings = ["Domain", "TrustFlow", "CitationFlow", f"BackLinks_{TARGET}"]
    rows = [
        ["a.example", "-1", "1", "4"],
        ["b.example", "0", "1", "4"],
        ["c.example", "30", "1", "4"],
    ]
    path = write_table(tmp_path / "majestic.csv", [headings, *rows])

    own = ask(path, "--target", TARGET, "--min-authority", 10)["target_page"]

    assert (own["raw"], own["kept"], own["unjudged"]) == (3, 2, 1)


def test_flags_of_majestics_backlinks_say_lost_nofollow_and_redirect(tmp_path: Path) -> None:
    rows = [
        [f"https://site{n}.example/a", TARGET, "20", *flags, "", "08/05/2013 00:00"]
        for n, flags in enumerate(("000", "100", "010", "001"))
    ]
    path = write_table(tmp_path / "majestic.csv", [MAJESTIC, *rows])

    own = ask(path, "--target", TARGET, "--profile", "strict", "--no-rule", "nofollow")

    page = own["target_page"]
    assert (page["raw"], page["followed"], page["set_aside"]["lost"]) == (3, 1, 1)
    assert page["dropped"]["redirect"] == 1


def test_without_the_flag_a_date_of_loss_decides(tmp_path: Path) -> None:
    headings = [name for name in MAJESTIC if name != "FlagDeleted"]
    rows = [
        [f"https://site{n}.example/a", TARGET, "20", "0", "0", lost, ""]
        for n, lost in enumerate(("", "31/12/2025", "2025-12-31", "-"))
    ]
    links = count_links([write_table(tmp_path / "majestic.csv", [headings, *rows])]).pages[PAGE]

    assert (links.raw, links.lost) == (2, 2)


# --- DataForSEO, Search Console, Semrush's audit ------------------------------------------------


def test_dataforseos_attributes_say_more_than_dofollow(tmp_path: Path) -> None:
    rows = [
        [f"https://site{n}.example/a", TARGET, *cells, "anchor", "950"]
        for n, cells in enumerate(
            (
                ("true", "", "false"),
                ("false", '["ugc"]', "false"),
                ("false", "nofollow,sponsored", "false"),
                ("True", "null", "False"),
                ("true", "", "true"),
            )
        )
    ]
    path = write_table(tmp_path / "dump.csv", [DATAFORSEO, *rows])

    page = ask(path, "--target", TARGET)["target_page"]

    assert (page["raw"], page["kept"], page["followed"]) == (4, 2, 2)
    assert (page["dropped"]["ugc"], page["dropped"]["sponsored"]) == (1, 1)
    assert page["set_aside"]["lost"] == 1


def test_dataforseos_rank_is_no_authority() -> None:
    answer = result("vendors/dataforseo-backlinks.csv", "--min-authority", 20, "--target", LAMP)
    (rule,) = [rule for rule in answer["method"]["rules"] if rule["id"] == "authority"]

    assert rule["applicable"] is False


def test_only_a_date_shows_that_a_domain_of_dataforseo_is_lost(tmp_path: Path) -> None:
    headings = ["domain", "backlinks", "first_seen", "lost_date", "backlinks_spam_score"]
    rows = [
        [f"site{n}.example", "3", "2019-09-17 05:41:24 +00:00", lost, "5"]
        for n, lost in enumerate(("", "2025-09-17 05:41:24 +00:00", "null", "soon"))
    ]
    path = write_table(tmp_path / "dump.csv", [headings, *rows])
    done = run(path, "--links-for", f"{TARGET}={path}", "--target", TARGET, "--json")

    assert '"raw": 3,' in done.out
    assert "column 'lost_date' is unknown: a date as 2026-01-31 expected" in done.err


def test_search_consoles_links_are_a_sample_and_need_a_page() -> None:
    file = "vendors/search-console-more-sample-links.csv"
    alone = result(file, "--target", LAMP)
    bound = result("--links-for", f"{LAMP}={file}", file, "--target", LAMP)

    assert cautions(alone)[0].startswith(f"{file} is of a whole property of Search Console")
    assert (bound["inputs"][0]["rows"], bound["inputs"][0]["complete"]) == (9, False)
    assert bound["inputs"][0]["note"].startswith("it is Google's sample of the links")
    assert bound["keywords"][0]["target_page"]["followed"] is None


def test_a_backlink_audit_is_known_to_be_incomplete() -> None:
    (told,) = result("vendors/semrush-backlink-audit.csv", "--target", LAMP)["inputs"]

    assert told["complete"] is False
    assert "one link per host" in told["note"]


@pytest.mark.parametrize(
    "name",
    [
        "moz-inbound-links.csv",
        "majestic-backlinks.csv",
        "dataforseo-backlinks.csv",
        "ahrefs-backlinks-2026.csv",
    ],
)
def test_every_vendors_words_for_the_same_links_give_the_same_domains(name: str) -> None:
    links = count_links([VENDORS / name]).pages[LAMP_PAGE]

    assert (links.raw, links.internal) == (22, 1)
