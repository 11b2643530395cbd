"""Headings in practice: aliases, reduced exports, other languages, and unknown ones."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from build import open_source
from exported import read_in_python
from gapcalc.errors import InputError
from running import result, run
from tables import OURS, rival, write_serp

PAIR = ("https://a.example/1", "https://our.example/page")
AHREFS_PAIR = "Referring page URL,Target URL,Referring page HTTP code"
LIVE = "no column tells which links are lost, so all count as live"


def write(path: Path, *rows: str) -> Path:
    path.write_text("".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path


def refused(path: Path) -> InputError:
    with pytest.raises(InputError) as error:
        open_source(path)
    return error.value


@pytest.mark.parametrize("with_keyword", [True, False])
@pytest.mark.parametrize("place", ["Position", "#", "Pos."])
@pytest.mark.parametrize("more", ["", "DR", "Page AS"])
def test_the_counts_of_a_serp_are_known_by_all_their_names(
    tmp_path: Path, place: str, more: str, *, with_keyword: bool
) -> None:
    for heading in (
        "referring_domains",
        "RefDomains",
        "Referring domains",
        "RDs",
        "RD",
        "Ref. domains",
        "ref_domains",
        "Domains",
        "Linking domains",
        "Linking Root Domains",
        "Referring Domains (page)",
    ):
        header = [*(["Keyword"] if with_keyword else []), place, "URL", heading, more]
        if (place, heading, with_keyword) == ("#", "referring_domains", False):
            continue  # it may be a numbered list of pages as well, so it is refused
        row = [*(["desk lamp"] if with_keyword else []), "2", PAIR[0], "88", "40"]
        header, row = (cells if more else cells[:-1] for cells in (header, row))
        source = open_source(write(tmp_path / "serp.csv", ",".join(header), ",".join(row)))

        (read,) = read_in_python(source)

        assert (read["position"], read["url"], read["referring_domains"]) == (2, PAIR[0], 88)
        assert source.export.vendor == {"": None, "DR": "ahrefs", "Page AS": "semrush"}[more]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Referring page URL,Target URL", "ahrefs-backlinks"),
        ("Source url,Target url,Anchor", "semrush-backlinks"),
        ("Source url,Target url,Nofollow,Source title", "semrush-backlinks"),
        ("source_url,target_url,page_ascore", "semrush-api-backlinks"),
        ("URL,Target URL", "moz-inbound-links"),
        ("SourceURL,TargetURL", "majestic-backlinks"),
        ("Source URL,Target URL,Source Trust Flow", "majestic-backlinks"),
        ("Source URL,Target URL,Domain Authority", "ubersuggest-backlinks"),
        ("Source Url,Target Url,Anchor text", "bing-backlinks"),
        ("url_from,url_to,inlink_rank", "se-ranking-backlinks"),
        ("url_from,url_to,dofollow", "dataforseo-backlinks"),
        ("url_from,url_to,domain_rating_source", "ahrefs-api-backlinks"),
        ("Source URL,Target URL", "link-table"),
        ("url_from,url_to", "api-link-table"),
    ],
)
def test_a_list_cut_down_to_source_and_target_is_read(
    tmp_path: Path, header: str, expected: str
) -> None:
    row = ",".join([*PAIR, *["1"] * (header.count(",") - 1)])
    write(tmp_path / "links.csv", header, row)

    answer = result("links.csv", "--target", PAIR[1], cwd=tmp_path)

    (told,) = answer["inputs"]
    assert (told["format"], told["note"]) == (expected, LIVE)
    assert answer["keywords"][0]["target_page"]["raw"] == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("header", "day"),
    [
        ("Página de enlace,Último rastreo", "28 sept 2026"),
        ("Verlinkende Seite,Zuletzt gecrawlt", "28.09.2026"),
        ("Ссылающаяся страница,Последнее сканирование", "2026-09-28"),
        ("リンク元ページ;最終クロール日", "2026年9月28日"),
    ],
)
def test_search_console_is_known_in_every_language(tmp_path: Path, header: str, day: str) -> None:
    mark = ";" if ";" in header else ","
    write(tmp_path / "links.csv", header, f"{PAIR[0]}{mark}{day}", f"https://b.example/{mark}{day}")

    answer = result("links.csv", "--links-for", f"{OURS}=links.csv", "--target", OURS, cwd=tmp_path)

    (told,) = answer["inputs"]
    assert told["format"] == "search-console-latest-links"
    assert "assumed to be Search Console's Latest links" in told["note"]
    assert answer["keywords"][0]["target_page"]["raw"] == 2


@pytest.mark.slow
@pytest.mark.parametrize(
    ("heading", "cells", "expected"),
    [
        (None, ("https://a.example/x,y;z", "http://b.example/"), "url-list"),
        ("URL", ("https://a.example/x,y;z", "http://b.example/"), "url-list"),
        ("My links", ("https://a.example/x,y;z", "http://b.example/"), "url-list"),
        (None, ("a.example", "www.b.example."), "domain-list"),
        ("My links", ("a.example", "www.b.example."), "domain-list"),
        ("Домены", ("bücher.example", "xn--bcher-kva.example"), "domain-list"),
    ],
)
def test_one_column_of_addresses_is_bound_to_a_page(
    tmp_path: Path, heading: str | None, cells: tuple[str, ...], expected: str
) -> None:
    write(tmp_path / "list.txt", *([heading] if heading else []), *cells)

    answer = result("list.txt", "--links-for", f"{OURS}=list.txt", "--target", OURS, cwd=tmp_path)

    (told,) = answer["inputs"]
    assert (told["format"], told["rows"], told["vendor"]) == (expected, 2, None)
    assert answer["keywords"][0]["target_page"]["raw"] == (1 if "bücher.example" in cells else 2)


@pytest.mark.parametrize(
    "rows",
    [
        ("apples", "pears"),
        ("3.14", "2.72"),
        ("https://a.example/", "and more"),
        ("name@a.example", "other@b.example"),
        ("domain:a.example", "domain:b.example"),
        ("a.example", "https://b.example/"),
        ("domain:a.example", "https://b.example/"),
        ("www.a.example.", "https://b.example/", "https://c.example/"),
    ],
)
def test_other_columns_are_no_lists_of_addresses(tmp_path: Path, rows: tuple[str, ...]) -> None:
    assert "not known" in refused(write(tmp_path / "list.txt", *rows)).reason or (
        "only rows" in refused(tmp_path / "list.txt").reason
    )


MESSAGES: Mapping[str, tuple[tuple[str, ...], str]] = {
    "an HTML page": (("<!DOCTYPE html>", "<html><table>"), "it is an HTML page or table"),
    "an HTML table": (
        ("", "  <table border=1><tr><td>URL</td></tr>"),
        "it is an HTML page or table",
    ),
    "a table saved by Excel": (
        ('<?xml version="1.0"?>', "<html xmlns:o='x'>"),
        "it is an HTML page",
    ),
    "rows alone": (
        ("https://a.example/,12,2026-01-31", "https://b.example/,7,2026-01-30"),
        "it has no line of headings, only rows",
    ),
    "a title above the headings": (
        ("Report of today", "", "Invoice,Customer,Paid", "1,Smith,true", "2,Jones,false"),
        "its headings are not known (found: Invoice, Customer, Paid)",
    ),
    "a long title": (
        ("Links of a page, by day, by site, for all of us", "A,B", "x,1", "y,2"),
        "its headings are not known (found: A, B)",
    ),
    "top linking sites": (
        ("Site,Linking pages,Target pages", "a.example,3,1"),
        "this is Search Console Top linking sites: it counts the links of each site",
    ),
    "top linked pages": (
        ("Target page,Incoming links,Linking sites", "https://a.example/,3,1"),
        "this is Search Console Top linked pages: it counts the linking sites in Google's sample",
    ),
    "top linking text": (
        ("Top linking text,Links", "lamp,3"),
        "this is Search Console Top linking text: it lists anchors, not links",
    ),
    "keywords without KD": (
        ("Keyword,Country,Volume,Organic traffic,Current position", "lamp,us,10,1,3"),
        "this is Ahrefs Organic keywords: it lacks the column KD, and it is not a SERP",
    ),
}


@pytest.mark.parametrize(("rows", "reason"), MESSAGES.values(), ids=list(MESSAGES))
def test_what_a_file_is_stands_in_one_sentence(
    tmp_path: Path, rows: tuple[str, ...], reason: str
) -> None:
    assert refused(write(tmp_path / "file.xls", *rows)).reason.startswith(reason)


@pytest.mark.parametrize(
    ("header", "advice"),
    [
        ("Page ascore,Source url,External links", "Nearest is Semrush Backlinks, which also needs"),
        (
            "Referring page title,Anchor,Left context",
            "Nearest is Ahrefs Backlinks, which also needs",
        ),
        (
            "TrustFlow,CitationFlow,Domain",
            "Nearest is Majestic Referring domains, which also needs",
        ),
        ("Title,Type,Traffic", "Run gapcalc formats"),
        ("Page ascore,Left context,Anchor", "Run gapcalc formats"),
    ],
)
def test_the_nearest_format_is_of_the_same_vendor(tmp_path: Path, header: str, advice: str) -> None:
    said = refused(write(tmp_path / "file.csv", header, "a,b,c")).advice
    assert said is not None
    assert said.startswith(advice)


@pytest.mark.parametrize("heading", ["Backlink domains", "Linking sites", "RD count"])
def test_a_serp_without_counts_names_the_nearest_heading(tmp_path: Path, heading: str) -> None:
    write(tmp_path / "serp.csv", f"Keyword,Position,URL,{heading}", f"lamp,1,{rival(1)},88")

    (caution,) = result("serp.csv", "--own-rds", "0", cwd=tmp_path)["cautions"]

    assert caution["code"] == "columns-missing"
    assert caution["text"] == (
        "serp.csv has no column of referring domains. "
        f"If {heading!r} holds them, call it referring_domains."
    )


@pytest.mark.parametrize("first", ["referring_domains", "Referring domains", "RDs"])
@pytest.mark.parametrize("second", ["referring_domains", "Linking domains"])
def test_a_serp_with_two_columns_of_counts_says_which_is_read(
    tmp_path: Path, first: str, second: str
) -> None:
    header = f"keyword,position,url,{first},{second}"
    write(tmp_path / "serp.csv", header, f"lamp,1,{rival(1)},88,999")

    told = result("serp.csv", "--own-rds", "0", cwd=tmp_path)

    (caution,) = told["cautions"]
    read = told["keywords"][0]["pages"][0]["raw"]
    column, heading = (4, first) if read == 88 else (5, second)
    assert caution["code"] == "columns-not-read"
    assert f"{heading!r} (column {column}) is read" in caution["text"]


def test_a_list_that_lacks_columns_of_others_is_named(tmp_path: Path) -> None:
    write_serp(tmp_path / "serp.csv", [5, 6])
    lost = "Source url,Target url,Anchor,Nofollow,Lost link"
    write(tmp_path / "one.csv", lost, f"{PAIR[0]},{rival(1)},lamp,false,false")
    write(tmp_path / "two.csv", "Source url,Target url,Anchor", f"{PAIR[0]},{rival(2)},lamp")

    found = result("serp.csv", "one.csv", "two.csv", "--own-rds", "0", cwd=tmp_path)["cautions"]

    assert [each["text"] for each in found if each["code"] == "columns-missing"] == [
        "two.csv has no column of lost links, which other lists have: its lost links count as live."
    ]


@pytest.mark.parametrize(
    ("heading", "renamed", "note"),
    [
        ("Lost", "Lost date", "those of pages that answer 404 or 410 are"),
        ("Lost", "Lost (UTC)", "those of pages that answer 404 or 410 are"),
        ("Lost link", "Is lost", "so all count as live"),
        ("Lost link", "Lost links", "so all count as live"),
    ],
)
def test_a_renamed_column_of_lost_links_is_named(
    tmp_path: Path, heading: str, renamed: str, note: str
) -> None:
    pair = "Source url,Target url,Page ascore" if "link" in heading else AHREFS_PAIR
    rows = (f"{PAIR[0]},{rival(1)},,gone,2026-05-01", f"https://b.example/,{rival(1)},,,")
    write(tmp_path / "links.csv", f"{pair},Lost status,{renamed}", *rows)

    told = result("links.csv", "--own-rds", "0", "--competitor", rival(1), cwd=tmp_path)

    assert note in told["inputs"][0]["note"]
    (caution,) = told["cautions"]
    assert caution["code"] == "columns-missing"
    assert caution["text"].startswith(
        f"links.csv has no column {heading.lower()!r}, though it has {renamed!r}: its lost links"
    )


@pytest.mark.parametrize("rows", [4_999, 5_000, 5_001, 25_000, 25_001])
def test_a_list_of_a_round_number_of_rows_may_be_cut_off(tmp_path: Path, rows: int) -> None:
    header = "Source url,Target url,Page ascore,Lost link"
    links = (f"https://s{n}.example/p,{rival(1)},5,false" for n in range(rows))
    write(tmp_path / "links.csv", header, *links)

    (told,) = result("links.csv", "--own-rds", "0", cwd=tmp_path)["inputs"]

    assert (told["rows"], told["complete"]) == (rows, None if rows % 1_000 else False)


def test_what_a_folder_holds_besides_is_said_in_the_answer(tmp_path: Path) -> None:
    write_serp(tmp_path / "serp.csv", [5, 6, 7])
    for name in "abcd":
        write(tmp_path / f"notes-{name}.txt", "milk")

    done = run(tmp_path, "--own-rds", "0")

    assert "4 of the inputs were not read" in " ".join(done.out.split())
    assert "and 1 more" in " ".join(done.out.split())


@pytest.mark.parametrize(("rule", "heading"), [("ugc", "UGC?"), ("outbound", "External links (n)")])
def test_a_renamed_column_of_a_rule_is_named(tmp_path: Path, rule: str, heading: str) -> None:
    headings = "Referring page URL,Target URL,Lost,Anchor,Nofollow,Sponsored"
    path = write(
        tmp_path / "list.csv", f"{headings},{heading}", f"{','.join(PAIR)},,x,false,false,1"
    )
    (caution, *_) = result(path, "--own-rds", 1)["cautions"]
    assert caution["code"] == "columns-missing"
    assert f"though it has '{heading}', so these rules go without it: {rule}." in caution["text"]


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        pytest.param(
            (
                "source_url|target_url|anchor",
                "|".join([*PAIR, "a, b; c"]),
                "https://b.example/|too few",
                f'"https://c.example/"|{PAIR[1]}|"d|e"',
            ),
            3,
            id="a bar between cells",
        ),
        pytest.param(
            (
                '"source',
                'url","target',
                'url"',
                ",".join(PAIR),
                "x,y,z",
                f"https://c.ex/,{PAIR[1]}",
            ),
            5,
            id="line breaks in headings",
        ),
    ],
)
def test_rows_below_an_unusual_header_are_read_and_keep_their_lines(
    tmp_path: Path, rows: tuple[str, ...], line: int
) -> None:
    links = write(tmp_path / "links.csv", *rows)

    done = run(links, "--target", OURS, "--format", "csv")

    assert f"{links}:{line}: row not read: " in done.err
    assert result(links, "--target", OURS)["keywords"][0]["target_page"]["raw"] == 2


def test_a_serp_with_line_breaks_in_a_heading_is_read(tmp_path: Path) -> None:
    rows = (f"k,{n},https://r{n}.example/,{n}0" for n in range(1, 4))
    serp = write(tmp_path / "serp.csv", '"Keyword",Position,URL,"Referring', 'domains"', *rows)

    assert result(serp)["keywords"][0]["goals"]["median"] == 20
