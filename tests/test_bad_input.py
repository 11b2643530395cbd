"""Unreadable inputs and bad options get one line: what, where, what to do; and an exit code."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from running import FIXTURES, ask, result, run
from tables import OURS, links_to, rival, write_rows, write_serp

BROKEN = FIXTURES / "broken"
SERP = "../vendors/gapcalc-serp.csv"
LINKS = "../vendors/gapcalc-links.csv"
RULE_NAMES = (
    "spam, sponsored, ugc, nofollow, sitewide, redirect, authority, traffic, outbound, anchor, "
    "language, topic, network, blocklist"
)


# --- files that cannot be read -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "message"),
    [
        pytest.param("nowhere.csv", "there is no such file. Check the path", id="missing file"),
        pytest.param("empty.csv", "the file is empty. Export it again", id="empty file"),
        pytest.param(
            "header-only.csv",
            "it has the header of Semrush Backlinks and no rows. Export it again; an empty link "
            "list of a page is bound with --links-for URL=FILE",
            id="header only",
        ),
        pytest.param(
            "binary.csv", "it is binary data, not text. Give a CSV or TSV export", id="binary"
        ),
        pytest.param(
            "utf16-cut.csv",
            "it ends in the middle of a character: the download was cut off. Export it again",
            id="truncated UTF-16",
        ),
        pytest.param(
            "two-formats.csv",
            "its header fits more than one format: Ahrefs Backlinks and Semrush Backlinks. Delete "
            "the columns of the other one, or export the file again",
            id="two formats claim it",
        ),
        pytest.param(
            "missing-column.csv",
            "its headings are not known (found: Page ascore, Source title, Source url, Anchor, "
            "External links, Internal links, Nofollow, Sponsored and 10 more). Nearest is Semrush "
            "Backlinks, which also needs: target url",
            id="a required column is missing",
        ),
        pytest.param(
            "unknown.csv",
            "its headings are not known (found: Invoice, Customer, Issued, Due, Net, VAT, Gross, "
            "Paid). Run gapcalc formats to see what is read, or give a CSV with "
            "keyword,position,url,referring_domains",
            id="something else altogether",
        ),
        pytest.param(
            "../lookalikes/semrush-bulk-comparison.csv",
            "this is Semrush Bulk backlink comparison: it has one row per target, mostly whole "
            "sites, and no SERP positions. Export Backlinks for the exact URL instead",
            id="a look-alike",
        ),
    ],
)
def test_a_named_file_that_cannot_be_read_is_an_error_with_a_way_out(
    name: str, message: str
) -> None:
    done = run(name, cwd=BROKEN)

    assert (done.code, done.out, done.err) == (3, "", f"gapcalc: {name}: {message}\n")


def test_the_first_unreadable_input_ends_the_run_though_others_are_fine() -> None:
    assert run(SERP, "empty.csv", cwd=BROKEN) == run("empty.csv", cwd=BROKEN)


def test_a_file_without_headings_is_no_export(tmp_path: Path) -> None:
    (tmp_path / "bare.csv").write_text("https://a.example/,https://b.example/\n")

    done = run("bare.csv", cwd=tmp_path)

    assert done.code == 3
    assert done.err.startswith("gapcalc: bare.csv: it has no line of headings, only rows. ")


def test_of_a_long_unknown_line_only_a_part_is_shown(tmp_path: Path) -> None:
    (tmp_path / "long.csv").write_text("x" * 10**5 + "," + "y" * 10**5 + "\n1,2\n")

    done = run("long.csv", cwd=tmp_path)

    assert done.code == 3
    assert len(done.err) < 1000


def test_an_empty_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()

    done = run("empty", cwd=tmp_path)

    assert (done.code, done.out, done.err) == (
        3,
        "",
        (
            "gapcalc: empty: nothing in it can be read (it holds no files). Put exports there "
            "(gapcalc formats lists what is read), or name a file.\n"
        ),
    )


def test_a_folder_without_a_readable_file_is_an_error_that_names_each(tmp_path: Path) -> None:
    for name in ("binary.csv", "empty.csv"):
        (tmp_path / name).write_bytes((BROKEN / name).read_bytes())

    done = run(".", cwd=tmp_path)

    assert (done.code, done.out, done.err) == (
        3,
        "",
        (
            "gapcalc: .: nothing in it can be read (binary.csv: it is binary data, not text; "
            "empty.csv: the file is empty). Put exports there (gapcalc formats lists what is read), or name a file.\n"
        ),
    )


def test_a_glob_that_matches_nothing_is_an_error(tmp_path: Path) -> None:
    done = run("*.csv", cwd=tmp_path)

    assert (done.code, done.err) == (
        3,
        (
            "gapcalc: *.csv: nothing in it can be read (no file matches it). Put exports there "
            "(gapcalc formats lists what is read), or name a file.\n"
        ),
    )


@pytest.mark.parametrize(
    ("stdin", "message"),
    [
        pytest.param(b"", "the file is empty. Export it again", id="nothing"),
        pytest.param(b"\x89PNG\r\n\0\0", "it is binary data, not text.", id="a picture"),
        pytest.param(
            b"\x7fELF\2\1\1" + b"\0" * 9 + b"\3\0>\0\1\0\0\0" * 200,
            "it is binary data, not text.",
            id="a program",
        ),
    ],
)
def test_bad_standard_input_is_an_error_too(stdin: bytes, message: str) -> None:
    done = run("-", stdin=stdin)

    assert (done.code, done.out) == (3, "")
    assert done.err.startswith(f"gapcalc: -: {message}")


# --- rows and cells that cannot be read ----------------------------------------------------------


@pytest.mark.slow
def test_rows_with_too_few_or_too_many_cells_are_listed_and_the_good_ones_counted() -> None:
    done = run("ragged-rows.csv", cwd=BROKEN)

    assert done.code == 0
    assert done.err == (
        "ragged-rows.csv:4: row not read: 11 cells where the header has 19\n"
        "ragged-rows.csv:7: row not read: 21 cells where the header has 19\n"
    )
    (told,) = result("ragged-rows.csv", cwd=BROKEN)["inputs"]
    assert (told["rows"], told["problems"]) == (6, 2)


@pytest.mark.slow
def test_impossible_numbers_and_dates_are_unknown_and_their_rows_still_count() -> None:
    done = run("bad-numbers.csv", cwd=BROKEN)

    assert done.code == 0
    assert done.err.splitlines() == [
        (
            "bad-numbers.csv:3: column 'Domain rating' cannot be read: 2 of 7 filled cells, the first "
            "is 'high'; it is not used"
        ),
        "bad-numbers.csv:5: column 'External links' is unknown: a whole number expected, found '-3'",
        (
            "bad-numbers.csv:6: column 'First seen' is unknown: a date as 2026-01-31 expected, found "
            "'2026-02-31 10:00:00'"
        ),
    ]
    (told,) = result("bad-numbers.csv", cwd=BROKEN)["inputs"]
    assert told["problems"] == 3
    lines = (BROKEN / "bad-numbers.csv").read_text(encoding="utf-8").splitlines()
    assert told["rows"] == len(lines) - 1


def test_a_target_that_is_no_url_is_listed_and_not_counted() -> None:
    done = run("no-urls.csv", cwd=BROKEN)

    assert (done.code, done.err) == (
        0,
        "no-urls.csv:3: row not counted: the target 'not a url' is not a URL\n",
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "problems", "raw"),
    [
        pytest.param("million-characters.csv", [], 5, id="a cell of a million characters"),
        pytest.param("preamble.csv", [], 5, id="lines above the header"),
        pytest.param("bare-quote.csv", [], 5, id="a quote inside a plain cell"),
        pytest.param(
            "mixed-line-ends.csv",
            [f"{n}: the line ends unlike the others; the row was read" for n in (3, 6, 9)],
            5,
            id="two kinds of line ends",
        ),
        pytest.param(
            "latin1.csv",
            ["5: bytes that are no text were replaced; the row was read"],
            5,
            id="a byte that is no UTF-8",
        ),
        pytest.param(
            "repeated-header.csv",
            ["6: row not read: the header is repeated here"],
            5,
            id="the header again",
        ),
        pytest.param(
            "unterminated-quote.csv",
            ["5: row not read: a quote is opened and not closed"],
            4,
            id="a quote that is not closed",
        ),
    ],
)
def test_a_fault_in_a_row_costs_no_other_row(name: str, problems: Sequence[str], raw: int) -> None:
    done = run(name, "-v", cwd=BROKEN)

    assert done.code == 0
    assert done.err.splitlines()[1:] == [f"{name}:{problem}" for problem in problems]
    assert ask(name, cwd=BROKEN)["pages"][0]["raw"] == raw


def test_bad_rows_of_a_serp_are_listed_by_line_and_the_good_ones_compared(tmp_path: Path) -> None:
    (tmp_path / "serp.csv").write_text(
        "keyword,position,url,referring_domains,kd\n"
        "lamp,first,https://a.example/x,5,140\n"
        "lamp,2,https://b.example/x,,\n"
        "lamp,3,not a url,5,\n"
        "lamp,4,,5,\n"
        "lamp,5,https://d.example/x\n"
        "lamp,6,https://e.example/x,9,,\n"
        "lamp,7,https://f.example/x,9,\n"
    )

    done = run("serp.csv", cwd=tmp_path)

    assert done.err.splitlines() == [
        "serp.csv:2: column 'kd' cannot be read: 1 of 1 filled cells, the first is '140'; it is not used",
        "serp.csv:2: column 'position' is unknown: a whole number expected, found 'first'",
        "serp.csv:2: row not read: no position",
        "serp.csv:4: row not read: 'not a url' is not a URL",
        "serp.csv:5: row not read: no URL",
        "serp.csv:6: row not read: 3 cells where the header has 5",
        "serp.csv:7: row not read: 6 cells where the header has 5",
    ]
    pages = ask("serp.csv", cwd=tmp_path)["pages"]
    assert {page["position"]: page["raw"] for page in pages} == {2: None, 7: 9}


def test_a_serp_cell_of_a_million_characters_is_read(tmp_path: Path) -> None:
    serp = write_serp(tmp_path / "s.csv", [1, 2, 3], more={"title": "x" * 10**6})

    assert (run(serp).code, ask(serp)["goals"]["n"]) == (0, 3)


def test_a_link_list_of_which_no_row_counts_gives_no_page(tmp_path: Path) -> None:
    rows = [{"source_url": "https://a.example/x", "target_url": "nowhere"}]

    done = run(write_rows(tmp_path / "l.csv", rows))

    assert done.code == 0
    assert "l.csv:2: row not counted: the target 'nowhere' is not a URL" in done.err
    assert "TOO LITTLE DATA" in done.out


# --- options that make no sense ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(
            ["gap"],
            "no input. Name a SERP export or link exports; see gapcalc gap --help",
            id="no input",
        ),
        pytest.param(
            ["https://a.example/lamp"],
            "https://a.example/lamp is a URL, and inputs are files. Give the page with --target, "
            "exports as files",
            id="a URL as input",
        ),
        pytest.param(
            [SERP, "--keyword", "desk"],
            "--keyword 'desk' is in none of the inputs; they have 1, among them: desk lamp",
            id="a keyword that is not there",
        ),
        pytest.param(
            [SERP, "--rule", "links"],
            f"there is no rule named links; the rules are {RULE_NAMES}",
            id="a rule that is none",
        ),
        pytest.param(
            [SERP, "--no-rule", "no-follow"],
            "there is no rule named no-follow; did you mean nofollow?",
            id="a rule misspelt",
        ),
        pytest.param(
            [SERP, "--rule", "topic"],
            "the rule topic needs --topic",
            id="a rule without what it needs",
        ),
        pytest.param(
            [SERP, "--as-of", "31.1.2026"],
            "--as-of: '31.1.2026' is not a date; write it as 2026-01-31",
            id="a date in another form",
        ),
        pytest.param(
            [SERP, "--as-of", "2026-02-30"],
            "--as-of: '2026-02-30' is not a date; write it as 2026-01-31",
            id="a date that never was",
        ),
        pytest.param(
            [SERP, "--kd", "101"],
            "--kd 101 is not a Keyword Difficulty; it is a number from 0 to 100",
            id="a KD over 100",
        ),
        pytest.param(
            [SERP, "--kd", "nan"],
            "--kd nan is not a Keyword Difficulty; it is a number from 0 to 100",
            id="a KD that is no number",
        ),
        pytest.param(
            [SERP, "--links-for", LINKS],
            f"--links-for '{LINKS}': write it as URL=FILE, the page and its link file",
            id="a binding without a page",
        ),
        pytest.param(
            [SERP, "--links-for", f"lamp={LINKS}"],
            f"--links-for 'lamp={LINKS}': write it as URL=FILE, the page and its link file",
            id="a binding to what is not a URL",
        ),
        pytest.param(
            ["--links-for", f"{OURS}={SERP}", SERP],
            f"--links-for {OURS}={SERP}: this is gapcalc SERP CSV, not a list of links",
            id="a SERP bound to a page",
        ),
        pytest.param(
            [LINKS, "--links-for", f"{OURS}={LINKS}"],
            f"--links-for {OURS}={LINKS}: the file names the target of every link itself. Leave "
            "it out",
            id="a binding that the file contradicts",
        ),
        pytest.param(
            [LINKS, "--memory-limit", "lots"],
            "--memory-limit: 'lots' is not understood; write it as 512MB or 2GB",
            id="no amount of memory",
        ),
        pytest.param(
            [SERP, "--memory-limit", "lots"],
            "--memory-limit: 'lots' is not understood; write it as 512MB or 2GB",
            id="no amount of memory, though no links are counted",
        ),
        pytest.param(
            [SERP, "--output", "no/such/folder/answer.csv"],
            "--output no/such/folder/answer.csv: there is no folder no/such/folder. "
            "Create it first",
            id="an output in no folder",
        ),
        pytest.param(
            [SERP, "--output", "."],
            "--output .: it cannot be written (Is a directory)",
            id="a folder as output",
        ),
        pytest.param(
            [SERP, "--psl", SERP],
            f"--psl {SERP}: not a suffix list (the rule 'com' is missing); get one from "
            "publicsuffix.org",
            id="a suffix list that is none",
        ),
        pytest.param(
            [SERP, "--psl", "nowhere.dat"],
            "--psl nowhere.dat: it cannot be read (No such file or directory)",
            id="a suffix list that is missing",
        ),
        pytest.param(
            [SERP, "--kd-scale", "nowhere.toml"],
            "--kd-scale nowhere.toml: it cannot be read (No such file or directory)",
            id="a scale that is missing",
        ),
        pytest.param(
            [SERP, "--config", "nowhere.toml"],
            "--config nowhere.toml: it cannot be read (No such file or directory)",
            id="settings that are missing",
        ),
        pytest.param(
            [LINKS, "--block-domains", "nowhere.txt"],
            "--block-domains nowhere.txt: it cannot be read (No such file or directory)",
            id="a block list that is missing",
        ),
        pytest.param(
            [SERP, "--drop", "shop"],
            "--drop: 'shop' is not one of platform, homepage, duplicate-domain",
            id="a reason that is none",
        ),
        pytest.param(
            [SERP, "--target", "our page"],
            "--target 'our page' is not a URL; write it as https://example.com/page/",
            id="a target that is not a URL",
        ),
        pytest.param(
            [SERP, "--target", ""],
            "--target '' is not a URL; write it as https://example.com/page/",
            id="an empty target, as an unset variable gives",
        ),
        pytest.param(
            [SERP, "--competitor", "mailto:me@example.com"],
            "--competitor 'mailto:me@example.com' is not a URL; write it as https://example.com/page/",
            id="a competitor that is no web page",
        ),
        pytest.param(
            [SERP, "--exclude", "!"],
            "--exclude '!' is not a domain or URL; write it as example.com or "
            "https://example.com/page/",
            id="an exclusion that is not a URL",
        ),
    ],
)
def test_what_cannot_be_asked_is_refused_in_one_line(
    arguments: Sequence[str], message: str
) -> None:
    done = run(*arguments, cwd=BROKEN)

    assert (done.code, done.out, done.err) == (2, "", f"gapcalc: {message}\n")


def test_an_invalid_scale_is_refused_with_the_place_of_the_fault(tmp_path: Path) -> None:
    falling = tmp_path / "scale.toml"
    falling.write_text(
        'vendor = "ahrefs"\ndate = "2026"\nsource = "me"\npoints = [[0, 0], [10, 9], [20, 5]]\n'
    )

    junk = run("gap", SERP, "--kd-scale", SERP, cwd=BROKEN)
    bad = run("benchmark", "--kd-scale", falling)

    assert (junk.code, bad.code) == (2, 2)
    assert junk.err.startswith(f"gapcalc: --kd-scale: {SERP} is not valid TOML: ")
    assert bad.err == (
        f"gapcalc: --kd-scale: {falling}: KD and referring domains rise from point to point, but "
        "[20, 5] follows [10, 9]\n"
    )


def test_a_block_list_with_a_line_that_is_no_domain_names_it(tmp_path: Path) -> None:
    (tmp_path / "block.txt").write_text("# disavow\ndomain:bad.example\n\nnot a domain\n")
    write_rows(tmp_path / "l.csv", links_to(rival(1), 3))

    done = run("l.csv", "--block-domains", "block.txt", cwd=tmp_path)

    assert (done.code, done.err) == (
        2,
        "gapcalc: --block-domains block.txt: line 4 is no domain; write one a line\n",
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["--top", "0"], "--top: 0 is out of range; it is at least 1", id="0"),
        pytest.param(["--top", "many"], "--top: 'many' is not a whole number", id="a word"),
        pytest.param(
            ["--tolerance", "25"],
            "--tolerance: 25 is out of range; it is from 0 to 1: write 0.25",
            id="a percentage",
        ),
        pytest.param(
            ["--own-rds", "-1"], "--own-rds: -1 is out of range; it is at least 0", id="below 0"
        ),
        pytest.param(
            ["--basis", "all"], "--basis: 'all' is not one of kept, raw, followed", id="a basis"
        ),
        pytest.param(
            ["--format", "xls"],
            "--format: 'xls' is not one of table, json, jsonl, csv, markdown, html, xlsx; did you mean "
            "xlsx?",
            id="a form that there is not",
        ),
        pytest.param(
            ["--profile", "strct"],
            "--profile: 'strct' is not one of all, balanced, strict; did you mean strict?",
            id="a profile misspelt",
        ),
        pytest.param(
            ["--drop", "homepage,plaform"],
            "--drop: 'plaform' is not one of platform, homepage, duplicate-domain; did you mean "
            "platform?",
            id="a kind misspelt",
        ),
        pytest.param(
            ["--pace", "inf", "--own-rds", "1"], "--pace: 'inf' is not a number", id="no end"
        ),
        pytest.param(
            ["--targte", OURS],
            "No such option: --targte (Possible options: --target, --targets, --title)",
            id="an option",
        ),
        pytest.param(["--top"], "Option '--top' requires an argument.", id="nothing"),
        pytest.param(
            [""],
            "an input has an empty name: '', perhaps an unset variable. Name a file",
            id="an input without a name",
        ),
    ],
)
def test_a_value_that_an_option_does_not_take_is_refused(
    arguments: Sequence[str], message: str
) -> None:
    done = run(SERP, *arguments, cwd=BROKEN)

    assert (done.code, done.out, done.err) == (2, "", f"gapcalc: {message}\n")


@pytest.mark.slow
def test_an_error_of_any_kind_is_no_traceback() -> None:
    for path in sorted(BROKEN.iterdir()):
        done = run(path.name, cwd=BROKEN)
        assert "Traceback" not in done.err
        assert done.code in {0, 3}
