"""Which export a file is: its header alone decides, whatever surrounds it."""

import re
from pathlib import Path

import pytest

from build import FIXTURES, REAL_EXPORTS, Form, open_source, write_table
from gapcalc.errors import InputError, RefusedFormatError, UnknownFormatError
from gapcalc.formats import EXPORTS, LOOK_ALIKES
from gapcalc.formats.base import Export, LookAlike, plain_heading

SEMRUSH = [
    "Page ascore",
    "Source title",
    "Source url",
    "Target url",
    "Anchor",
    "External links",
    "Internal links",
    "Nofollow",
    "Sponsored",
    "Ugc",
    "Text",
    "Frame",
    "Form",
    "Image",
    "Sitewide",
    "First seen",
    "Last seen",
    "New link",
    "Lost link",
]
ROW = ["7"] * len(SEMRUSH)
HEADINGS = {export.id: list(dict.fromkeys(export.needs)) for export in EXPORTS}
UTF_16 = "utf-16"

VENDORS = sorted(path.name for path in (FIXTURES / "vendors").iterdir())
LOOKALIKES = {
    "ahrefs-refips.csv": "Ahrefs Referring IPs",
    "ahrefs-top-pages-2025.tsv": "Ahrefs Top pages",
    "screaming-frog-outlinks.csv": "Screaming Frog All Outlinks",
    "semrush-bulk-comparison.csv": "Semrush Bulk backlink comparison",
    "semrush-outgoing-domains.csv": "Semrush Outgoing domains",
}
REAL_READ = {
    "ahrefs-backlinks": "ahrefs-backlinks",
    "ahrefs-best-by-links": "ahrefs-best-by-links",
    "ahrefs-keywords": "ahrefs-keywords",
    "ahrefs-organic-keywords": "ahrefs-organic-keywords",
    "gsc-latest-links": "search-console-latest-links",
    "gsc-more-sample-links": "search-console-sample-links",
    "majestic-refdomains": "majestic-refdomains",
    "semrush-backlink-gap": "semrush-backlink-gap",
    "semrush-backlinks": "semrush-backlinks",
    "semrush-indexed-pages": "semrush-indexed-pages",
    "semrush-keywords": "semrush-keywords",
    "semrush-positions": "semrush-positions",
    "semrush-refdomains": "semrush-refdomains",
}
REAL_REFUSED = {
    "ahrefs-refips": "Ahrefs Referring IPs",
    "ahrefs-top-pages": "Ahrefs Top pages",
    "screaming-frog-outlinks": "Screaming Frog All Outlinks",
    "semrush-bulk-comparison": "Semrush Bulk backlink comparison",
    "semrush-keyword-gap": "Semrush Keyword Gap",
    "semrush-organic-pages": "Semrush Organic pages",
    "semrush-outgoing-domains": "Semrush Outgoing domains",
}
REFUSALS = {
    "binary.csv": "binary.csv: it is binary data, not text. Give a CSV or TSV export",
    "empty.csv": "empty.csv: the file is empty. Export it again",
    "missing-column.csv": (
        "missing-column.csv: its headings are not known (found: Page ascore, Source title, "
        "Source url, Anchor, External links, Internal links, Nofollow, Sponsored and 10 more). "
        "Nearest is Semrush Backlinks, which also needs: target url"
    ),
    "two-formats.csv": (
        "two-formats.csv: its header fits more than one format: Ahrefs Backlinks and Semrush "
        "Backlinks. Delete the columns of the other one, or export the file again"
    ),
    "unknown.csv": (
        "unknown.csv: its headings are not known (found: Invoice, Customer, Issued, Due, Net, VAT, "
        "Gross, Paid). Run gapcalc formats to see what is read, or give a CSV with "
        "keyword,position,url,referring_domains"
    ),
    "utf16-cut.csv": (
        "utf16-cut.csv: it ends in the middle of a character: the download was cut off. "
        "Export it again"
    ),
}

needs_real_exports = pytest.mark.skipif(
    not REAL_EXPORTS.is_dir(), reason="the real exports are not at hand"
)


def claimants(header: tuple[str, ...]) -> list[str]:
    return [export.id for export in EXPORTS if export.claims(header)]


def real(folder: str) -> list[Path]:
    return sorted((REAL_EXPORTS / folder).glob("*.csv"))


@pytest.mark.parametrize("name", VENDORS)
def test_every_vendor_fixture_is_claimed_by_one_export(name: str) -> None:
    source = open_source(FIXTURES / "vendors" / name)
    assert source.assumed or claimants(source.plain_header) == [source.export.id]
    assert source.has_rows


@pytest.mark.parametrize(("name", "title"), LOOKALIKES.items(), ids=list(LOOKALIKES))
def test_every_look_alike_is_refused_by_name_with_advice(name: str, title: str) -> None:
    with pytest.raises(RefusedFormatError) as error:
        open_source(FIXTURES / "lookalikes" / name)
    (look,) = [look for look in LOOK_ALIKES if look.title == title]
    assert error.value.reason == f"this is {title}: {look.reason}"
    assert str(error.value) == f"{name}: {error.value.reason}. {look.advice}"


def test_the_table_names_every_look_alike_fixture() -> None:
    assert {path.name for path in (FIXTURES / "lookalikes").iterdir()} == set(LOOKALIKES)


@pytest.mark.parametrize("look", LOOK_ALIKES, ids=[look.id for look in LOOK_ALIKES])
def test_every_declared_look_alike_is_refused(tmp_path: Path, look: LookAlike) -> None:
    headings = list(look.headings)
    path = write_table(tmp_path / "look.csv", [headings, ["1"] * len(headings)])
    with pytest.raises(RefusedFormatError, match="this is ") as error:
        open_source(path)
    assert look.title in error.value.reason


def all_headings(export: Export) -> list[str]:
    return list(dict.fromkeys([*(c.headings[0] for c in export.columns), *export.needs]))


@pytest.mark.parametrize("headings", [HEADINGS, {e.id: all_headings(e) for e in EXPORTS}])
@pytest.mark.parametrize("export", EXPORTS, ids=[export.id for export in EXPORTS])
def test_no_export_claims_the_header_of_another(
    export: Export, headings: dict[str, list[str]]
) -> None:
    assert claimants(tuple(headings[export.id])) == [export.id]


@pytest.mark.parametrize("look", LOOK_ALIKES, ids=[look.id for look in LOOK_ALIKES])
def test_no_export_claims_the_header_of_a_look_alike(look: LookAlike) -> None:
    assert claimants(look.headings) == []


@needs_real_exports
@pytest.mark.parametrize(("folder", "export"), REAL_READ.items(), ids=list(REAL_READ))
def test_every_real_export_that_is_read_is_known(folder: str, export: str) -> None:
    paths = real(folder)
    assert paths
    for path in paths:
        source = open_source(path)
        assert source.export.id == export
        assert claimants(source.plain_header) == [export]


@needs_real_exports
@pytest.mark.parametrize(("folder", "title"), REAL_REFUSED.items(), ids=list(REAL_REFUSED))
def test_every_other_real_export_is_refused_by_name(folder: str, title: str) -> None:
    paths = real(folder)
    assert paths
    for path in paths:
        with pytest.raises(RefusedFormatError, match=f"this is {re.escape(title)}: "):
            open_source(path)


@needs_real_exports
def test_the_tables_name_every_kind_of_real_export() -> None:
    folders = {path.name for path in REAL_EXPORTS.iterdir() if path.is_dir()}
    assert folders == {*REAL_READ, *REAL_REFUSED}


def test_a_format_is_said_to_be_seen_on_real_files_only_where_they_are_tested() -> None:
    seen = {e.id for e in EXPORTS if e.evidence.files and e.evidence.grade != "own"}
    # Of Top pages, the form without referring domains is at hand, and it is refused.
    assert seen == {*REAL_READ.values(), "ahrefs-top-pages"}


@pytest.mark.parametrize(("name", "message"), REFUSALS.items(), ids=list(REFUSALS))
def test_a_broken_file_that_cannot_be_read_says_why(name: str, message: str) -> None:
    with pytest.raises(InputError) as error:
        open_source(FIXTURES / "broken" / name)
    assert str(error.value) == message


def test_every_other_broken_file_is_known_all_the_same() -> None:
    paths = [p for p in (FIXTURES / "broken").iterdir() if p.name not in REFUSALS]
    assert len(paths) > 10
    for path in paths:
        assert open_source(path).export.kind in {"links", "serp"}


@pytest.mark.parametrize("export", EXPORTS, ids=[export.id for export in EXPORTS])
def test_the_required_headings_are_enough(tmp_path: Path, export: Export) -> None:
    headings = HEADINGS[export.id]
    path = write_table(tmp_path / "file.csv", [headings, ["1"] * len(headings)])
    assert open_source(path).export is export


@pytest.mark.parametrize(
    "form",
    [
        pytest.param(Form(), id="comma"),
        pytest.param(Form(delimiter=";"), id="semicolon"),
        pytest.param(Form(delimiter="\t"), id="tab"),
        pytest.param(Form(delimiter="|"), id="bar"),
        pytest.param(Form(quote_all=True), id="all quoted"),
        pytest.param(Form(eol="\r\n"), id="CRLF"),
        pytest.param(Form(eol="\r"), id="CR"),
        pytest.param(Form(encoding="utf-8-sig"), id="UTF-8 with a mark"),
        pytest.param(Form(encoding=UTF_16), id="UTF-16 with a mark"),
        pytest.param(Form(encoding="utf-16-le"), id="UTF-16 little endian without a mark"),
        pytest.param(Form(encoding="utf-16-be"), id="UTF-16 big endian without a mark"),
        pytest.param(Form(preamble="A title line\nExported,2026\n\n"), id="preamble"),
        pytest.param(Form(preamble="\n" * 25), id="blank lines in front"),
    ],
)
def test_a_header_is_found_in_every_form(tmp_path: Path, form: Form) -> None:
    for export in EXPORTS:
        headings = HEADINGS[export.id]
        path = write_table(tmp_path / "file.csv", [headings, ["1"] * len(headings)], form)
        source = open_source(path)
        assert source.export is export
        assert source.delimiter == form.delimiter or len(headings) == 1
        assert source.header_line == 1 + form.preamble.count("\n")
        assert source.header == tuple(headings)


@pytest.mark.parametrize(
    "headings",
    [
        pytest.param([heading.upper() for heading in SEMRUSH], id="capitals"),
        pytest.param([heading.lower() for heading in SEMRUSH], id="small letters"),
        pytest.param([f"  {heading} " for heading in SEMRUSH], id="outer spaces"),
        pytest.param([heading.replace(" ", "   ") for heading in SEMRUSH], id="repeated spaces"),
        pytest.param(
            [heading.replace(" ", "\N{NO-BREAK SPACE}") for heading in SEMRUSH], id="hard spaces"
        ),
        pytest.param(["\ufeff" + SEMRUSH[0], *SEMRUSH[1:]], id="a mark within the first cell"),
        pytest.param(SEMRUSH[::-1], id="other order"),
        pytest.param(["#", *SEMRUSH, "Price", ""], id="unknown extras"),
        pytest.param([*SEMRUSH, *SEMRUSH], id="every heading twice"),
    ],
)
def test_headings_are_known_however_they_are_written(tmp_path: Path, headings: list[str]) -> None:
    path = write_table(tmp_path / "file.csv", [headings, ["7"] * len(headings)])
    source = open_source(path)
    assert source.export.id == "semrush-backlinks"
    places = source.export.places(source.plain_header)
    assert plain_heading(headings[places["lost"][0]]) == "lost link"


@pytest.mark.parametrize("sign", ["_", ".", "-"])
@pytest.mark.parametrize("vendor", ["ahrefs-backlinks-2026.csv", "semrush-backlinks.csv"])
def test_headings_are_known_with_other_signs_for_spaces(
    tmp_path: Path, vendor: str, sign: str
) -> None:
    whole = open_source(FIXTURES / "vendors" / vendor)
    headings = [heading.lower().replace(" ", sign) for heading in whole.header]
    source = open_source(write_table(tmp_path / "file.csv", [headings, ["7"] * len(headings)]))
    assert source.export.vendor == whole.export.vendor
    known = {"source_url", "target_url", "nofollow", "ugc", "sponsored", "external_links", "lost"}
    assert known <= {*source.places}


@pytest.mark.parametrize("dropped", ["source url", "target url"])
def test_a_required_heading_that_lacks_is_named(tmp_path: Path, dropped: str) -> None:
    headings = [heading for heading in SEMRUSH if heading.lower() != dropped]
    with pytest.raises(UnknownFormatError, match=f"also needs: {dropped}$"):
        open_source(write_table(tmp_path / "file.csv", [headings, ROW[:-1]]))


def test_a_header_too_far_down_is_not_looked_for(tmp_path: Path) -> None:
    with pytest.raises(UnknownFormatError):
        open_source(write_table(tmp_path / "file.csv", [SEMRUSH, ROW], Form(preamble="a\n" * 40)))


def test_a_file_of_line_ends_alone_is_empty(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(b"\r\n \n\n")
    with pytest.raises(InputError, match=r"^file\.csv: the file is empty\. "):
        open_source(path)


@pytest.mark.parametrize(
    ("start", "says"),
    [
        pytest.param(
            b"\xd0\xcf\x11\xe0",
            "it is an old spreadsheet (XLS) or one with a password",
            id="XLS",
        ),
        pytest.param(b"%PDF", "it is a PDF", id="PDF"),
        pytest.param(b"{\\rtf1\\ansi Links}", "it is an RTF document", id="RTF"),
    ],
)
def test_other_kinds_of_files_are_refused_by_name(tmp_path: Path, start: bytes, says: str) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(start + b"-1.7 and so on")
    with pytest.raises(InputError) as error:
        open_source(path)
    assert error.value.reason == says


def test_a_missing_file_is_reported(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such file"):
        open_source(tmp_path / "none.csv")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="it cannot be opened"):
        open_source(tmp_path)


def test_text_in_a_national_code_page_is_read_and_noted(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    rows = [SEMRUSH, *([*ROW[:-1], "caf\xe9"] for _ in range(20))]
    write_table(path, rows, Form(encoding="latin-1"))
    sheet = open_source(path).sheet
    assert sheet.encoding == "cp1252"
    assert sheet.origin.note == "it is not UTF-8 text and was read as cp1252"


@pytest.mark.parametrize(
    ("below", "has_rows"),
    [
        pytest.param("", False, id="nothing"),
        pytest.param("\n  \n", False, id="blank lines"),
        pytest.param("\n7", True, id="a row"),
    ],
)
def test_a_header_alone_is_distinguished_from_a_header_with_rows(
    tmp_path: Path, below: str, *, has_rows: bool
) -> None:
    path = tmp_path / "file.csv"
    path.write_text(",".join(SEMRUSH) + "\n" + below, encoding="utf-8")
    assert open_source(path).has_rows is has_rows


@pytest.mark.parametrize(
    ("heading", "plain"),
    [
        pytest.param("Referring page URL", "referring page url", id="capitals"),
        pytest.param("Traffic ", "traffic", id="space at the end"),
        pytest.param(" Keyword", "keyword", id="space in front"),
        pytest.param("\ufeffKeyword", "keyword", id="byte order mark"),
        pytest.param("Page  AS", "page as", id="two spaces"),
        pytest.param("KD\t%", "kd %", id="tab"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_a_heading_is_written_one_way(heading: str, plain: str) -> None:
    assert plain_heading(heading) == plain
