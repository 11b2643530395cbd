"""Bugs that were found once: each stays fixed."""

from pathlib import Path

import pytest

from build import NO_RULES, PAGE, TARGET, count_links, links_from, write_links
from gapcalc.rules import choose
from gapcalc.urls import host_of, page_of

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", ["links.csv.gz", "links.csv.zst"])
def test_plain_text_named_as_if_compressed_is_read(tmp_path: Path, name: str) -> None:
    path = write_links(tmp_path / name, links_from("a.example"))
    assert count_links([path]).pages[PAGE].raw == 1


def test_a_port_of_thousands_of_digits_is_not_a_port() -> None:
    assert page_of("http://a.example:" + "1" * 5000 + "/") is None


@pytest.mark.parametrize("odd", [b"\r", b"\r\n"], ids=["CR", "CRLF"])
def test_an_odd_line_end_far_down_counts_rows_once(tmp_path: Path, odd: bytes) -> None:
    rows = [
        {
            "source_url": f"https://s{i}.example/",
            "anchor": "abc",
            "lost": "true" if i % 2 else "false",
        }
        for i in range(20000)
    ]
    path = write_links(tmp_path / "l.csv", rows)
    lines = path.read_bytes().split(b"\n")
    lines[15000] += odd.replace(b"\n", b"") if odd == b"\r\n" else b""
    data = (
        b"\n".join(lines)
        if odd == b"\r\n"
        else b"\n".join(lines[:15000]) + b"\r" + b"\n".join(lines[15000:])
    )
    path.write_bytes(data)
    counted = count_links([path])
    assert counted.files[0].rows == 20000
    assert counted.pages[PAGE].lost == 10000


def test_rows_after_an_open_quote_are_not_lost_silently(tmp_path: Path) -> None:
    path = tmp_path / "l.csv"
    path.write_text(
        "source_url,target_url,rel,anchor\n"
        f'https://bad0.example/,{TARGET},,"open\n'
        f"https://g1.example/,{TARGET},,x\n"
        f"https://g2.example/,{TARGET},,x\n"
        f'"https://bad3.example/","{TARGET}","a "b" c","x"\n'
        f"https://g4.example/,{TARGET},,x\n"
    )
    counted = count_links([path])
    assert counted.pages[PAGE].raw == 3
    assert [line for line, _ in counted.said] == [2, 5]


def test_a_sound_record_of_two_lines_after_an_open_quote(tmp_path: Path) -> None:
    path = tmp_path / "l.csv"
    path.write_text(
        "source_url,target_url,rel,anchor\n"
        f'https://bad0.example/,{TARGET},,"open\n'
        f"https://g1.example/,{TARGET},,x\n"
        f'https://g2.example/,{TARGET},"","a\nb"\n'
        f"https://g4.example/,{TARGET},,x\n"
    )
    counted = count_links([path])
    assert counted.pages[PAGE].raw == 3
    assert [line for line, _ in counted.said] == [2]


def test_a_repeated_header_after_an_open_quote_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "l.csv"
    head = "source_url,target_url,rel,anchor\n"
    path.write_text(
        head
        + f'https://b.example/,{TARGET},,"open\n'
        + head
        + f'https://g.example/,{TARGET},,"a, b"\n'
    )
    assert [line for line, _ in count_links([path]).said] == [2, 3]


@pytest.mark.parametrize(
    "source",
    ["https://user:secret@a.example/x", "https://a.example:/x", "https://user:@a.example/"],
)
def test_credentials_and_an_empty_port_lose_no_link(tmp_path: Path, source: str) -> None:
    assert host_of(source) == "a.example"
    counted = count_links(
        [write_links(tmp_path / "l.csv", [{"source_url": source}, *links_from("b.example")])]
    )
    assert counted.pages[PAGE].raw == 2


def test_links_of_www_gov_uk_to_itself_are_internal(tmp_path: Path) -> None:
    rows = [
        {"source_url": "https://www.gov.uk/a", "target_url": "https://www.gov.uk/b"},
        {"source_url": "https://x.example/", "target_url": "https://www.gov.uk/b"},
    ]
    (page,) = count_links([write_links(tmp_path / "l.csv", rows)]).pages.values()
    assert (page.raw, page.internal) == (1, 1)


def test_sitewide_does_not_fire_without_anchors(tmp_path: Path) -> None:
    path = write_links(tmp_path / "l.csv", links_from(*["a.example"] * 120))
    q = NO_RULES._replace(rules=tuple(a for a in choose("strict", {}) if a.id == "sitewide"))
    assert count_links([path], q).pages[PAGE].kept == 1


def test_a_source_with_the_word_page_before_a_url_is_no_internal_link(tmp_path: Path) -> None:
    (page,) = count_links(
        [
            write_links(
                tmp_path / "l.csv", [{"source_url": f"page {PAGE}"}, *links_from("b.example")]
            )
        ]
    ).pages.values()
    assert (page.raw, page.internal) == (1, 0)


def test_a_target_that_reads_page_and_a_bound_page(tmp_path: Path) -> None:
    a = write_links(
        tmp_path / "a.csv",
        [
            {"source_url": "https://x.example/", "target_url": f"page {PAGE}"},
            *links_from("b.example"),
        ],
    )
    b = tmp_path / "b.csv"
    b.write_text("Domain ascore,Domain,Backlinks,First seen\n5,c.example,1,2026-01-01\n")
    assert count_links([a, b], NO_RULES._replace(bound={1: PAGE})).pages[PAGE].raw == 2


def test_last_line_without_end_after_an_open_quote_with_crlf(tmp_path: Path) -> None:
    path = tmp_path / "l.csv"
    path.write_bytes(
        (
            "source_url,target_url,anchor\r\n"
            f'https://b.example/,{TARGET},"open\r\n'
            f"https://c.example/,{TARGET},x\r\n"
            f"https://d.example/,{TARGET},x"
        ).encode()
    )
    assert [line for line, _ in count_links([path]).said] == [2]


def test_sound_lines_of_a_rewritten_crlf_file(tmp_path: Path) -> None:
    path = tmp_path / "l.csv"
    path.write_bytes(
        (
            "A title\r\nsource_url,target_url,anchor\r\n"
            f'https://b.example/,{TARGET},"open\r\n'
            f"https://c.example/,{TARGET},x\r\n"
            f'https://d.example/,{TARGET},"a, b"\r\n'
        ).encode()
    )
    assert [line for line, _ in count_links([path]).said] == [3]
