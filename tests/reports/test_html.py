"""The HTML report: the same numbers as the JSON, the same bytes twice, strangers' text as text."""

import json
import re
from collections.abc import Iterator, Sequence
from functools import cache
from math import ceil
from pathlib import Path
from typing import Any

import pytest

from gapcalc.settings import options_of
from reading_html import read_report, table_of
from running import FIXTURES, command_after, run, run_process
from tables import write_rows

DESK = ("standing-desk", "--target", "https://www.deskwise.example/standing-desk/")
WHOLE = (*DESK, "--sensitivity", "--title", "Autumn review", "--client", "Deskwise & Sons")
"""The report of one keyword with all that it may hold; drawn once for most tests."""
EIGHT = (
    "eight-keywords/serps.csv",
    *sorted(str(p.relative_to(FIXTURES)) for p in FIXTURES.glob("eight-keywords/www*.csv")),
    *("--site", "oakdesk.example"),
)
AUDIT = ("audit", "audit", "--target", "https://www.lampkin.example/desk-lamp/")
PLAN = ("plan", "growing-rivals", "--target", "https://www.ours.example/oak-table/")
LEADS = ("prospects", *DESK)
CASES: dict[str, Sequence[str]] = {
    "one keyword": WHOLE,
    "eight keywords": EIGHT,
    "audit": AUDIT,
    "leads": LEADS,
    "plan": (*PLAN, "--price", "150"),
    "plan of several": ("plan", *EIGHT, "--price", "99.5"),
    "nothing comparable": (
        *("vendors/ahrefs-backlinks-2026.csv", "--target", "https://nobody.example/x"),
    ),
    "links of a site": ("links-of-a-site/links.csv",),
    "hostile": ("broken/hostile.csv",),
}

REPORTS = FIXTURES / "reports"
# Cases of the whole outputs that cover what the cases above do not.
CASES |= {
    name: (REPORTS / name / "args.txt").read_text(encoding="utf-8").splitlines()
    for name in (
        *("hostile-keywords", "links-alone", "no-links-yet"),
        *("serp-only", "several-keywords", "two-vendors"),
    )
}


@cache
def html(*arguments: str) -> str:
    done = run(*arguments, "--format", "html")
    assert done.code == 0, done.err
    return done.out


@cache
def json_of(*arguments: str) -> dict[str, Any]:
    done = run(*arguments, "--json")
    found: dict[str, Any] = json.loads(done.out) if done.code == 0 else {}
    return found


def numbers_in(value: object) -> Iterator[float]:
    """Give every number of a JSON, the length of every list, and the numbers that texts hold."""
    match value:
        case bool() | None:
            return
        case int() | float():
            yield value
        case str():
            yield from (float(found) for found in re.findall(r"\d+(?:\.\d+)?", value))
        case dict():
            for one in value.values():
                yield from numbers_in(one)
        case list():
            yield len(value)
            for one in value:
                yield from numbers_in(one)
        case _:
            raise TypeError(value)


def every_json(arguments: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Give the JSON of the command, and of those whose answers stand in its report."""
    commands = {"audit", "plan", "prospects"}
    own, inputs = (arguments[0], arguments[1:]) if arguments[0] in commands else ("gap", arguments)
    more = ("--links",) if own == "audit" else ()
    yield json_of(own, *inputs, *more)
    beside = {"gap": ("prospects", "plan"), "plan": ("gap",)}.get(own, ())
    for other in beside:
        yield json_of(other, *_what_it_takes(other, inputs))


def _what_it_takes(command: str, arguments: Sequence[str]) -> Iterator[str]:
    """Leave out options that another command does not have, each with its value."""
    flags = {flag for declared in options_of(command) for flag in declared.flags}
    taken = True
    for argument in arguments:
        taken = argument in flags if argument.startswith("--") else taken
        if taken:
            yield argument


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_every_number_of_the_page_is_one_of_the_json(case: str) -> None:
    known: set[float] = set()
    for found in every_json(CASES[case]):
        known |= set(numbers_in(found))
    known |= {float(ceil(number)) for number in known}
    # Shares are shown in per cent.
    known |= {float(int(100 * number + 0.5)) for number in known if 0 <= number <= 1}

    shown = set(read_report(html(*CASES[case])).numbers)

    assert shown
    assert {number for number in shown if number not in known} == set()


@pytest.mark.slow
def test_the_pages_have_the_numbers_of_the_json() -> None:
    (answer,) = json_of("gap", *DESK)["keywords"]

    table = table_of(html(*WHOLE), "pages", "Counted")

    for head, key in {"#": "position", "Counted": "kept", "Followed": "followed"}.items():
        assert table.column(head) == [page[key] for page in answer["pages"]]
    assert table.column("Raw") == [page["listed"] for page in answer["pages"]]
    assert table.column("DR") == [page["authority"]["value"] for page in answer["pages"]]
    assert table.column("Chart") == [
        None if page["left_out"] not in {None, "own-page"} else page["count"]
        for page in answer["pages"]
    ]
    assert [row[1].href for row in table.rows] == [page["url"] for page in answer["pages"]]


@pytest.mark.slow
def test_the_keywords_have_the_numbers_of_the_json_and_lead_to_their_chapters() -> None:
    keywords = json_of("gap", *EIGHT)["keywords"]

    page = html(*EIGHT)
    table = next(table for table in read_report(page).tables if "Verdict" in table.heads)

    assert table.texts("Keyword") == [one["keyword"] for one in keywords]
    assert table.column("Volume") == [one["volume"] for one in keywords]
    assert table.column("KD") == [one["kd"] for one in keywords]
    assert table.column("Yours") == [one["summary"]["own"] for one in keywords]
    links = [row[0].href for row in table.rows]
    assert links == [f"#keyword-{number}" for number in range(1, 9)]
    assert all(f'<details id="keyword-{number}" open>' in page for number in range(1, 9))


@pytest.mark.slow
def test_the_leads_have_the_numbers_of_the_json() -> None:
    leads = json_of(*LEADS)["prospects"]

    table = table_of(html(*LEADS), "leads", "Best linking page")

    assert table.texts("Domain") == [lead["domain"] for lead in leads]
    assert table.column("Pages") == [lead["competitors"] for lead in leads]
    assert table.column("DR") == [
        lead["authority"] and lead["authority"]["value"] for lead in leads
    ]
    assert table.column("Traffic") == [lead["traffic"] for lead in leads]


@pytest.mark.slow
def test_a_report_has_title_client_dates_and_the_command_that_makes_it() -> None:
    page = html(*WHOLE)

    assert f"<title>Autumn review {DASH} Deskwise &amp; Sons</title>" in page
    assert re.search(r"<h1>Autumn review</h1>", page)
    assert "SERP 11 Nov 2026" in page
    assert '<time datetime="2026-11-20">20 Nov 2026</time>' in page
    command = (
        "gapcalc gap standing-desk --target https://www.deskwise.example/standing-desk/ "
        "--sensitivity --title &#39;Autumn review&#39; --client &#39;Deskwise &amp; Sons&#39; "
        "--as-of 2026-11-20 -o report.html"
    )
    assert f"<code>{command}</code>" in page


@pytest.mark.slow
def test_the_command_holds_the_settings_of_the_environment_and_the_file_and_no_key(
    tmp_path: Path,
) -> None:
    (tmp_path / "gapcalc.toml").write_text(
        'tolerance = 0.5\nsensitivity = true\nblock_domains = "bad.txt"\n'
        'links_for = ["https://our.example/=ours.csv"]\n'
    )
    (tmp_path / "bad.txt").write_text("bad.example\n")
    (tmp_path / "ours.csv").write_text("source_url\nhttps://s.example/a\n")
    serp = write_rows(
        tmp_path / "serp.csv",
        [
            {
                "keyword": "desk",
                "position": n,
                "url": f"https://r{n}.example/",
                "referring_domains": n,
            }
            for n in range(1, 5)
        ],
    )
    environment = {"GAPCALC_PACE": "4", "AHREFS_API_KEY": "secret", "GAPCALC_KEYS": "keys.toml"}

    done = run(serp.name, "--format", "html", cwd=tmp_path, environment=environment)

    assert (
        "<code>gapcalc gap serp.csv --links-for https://our.example/=ours.csv --tolerance 0.5 "
        "--pace 4 --sensitivity --block-domains bad.txt --as-of 2026-11-20 -o report.html</code>"
    ) in done.out
    assert "secret" not in done.out
    assert "keys.toml" not in done.out


@pytest.mark.slow
def test_the_same_run_gives_the_same_bytes_in_a_file_too(tmp_path: Path) -> None:
    file = tmp_path / "one.htm"

    assert run(*WHOLE, "-o", file).code == 0

    assert file.read_text(encoding="utf-8") == html(*WHOLE)


def test_a_usual_report_is_small() -> None:
    assert (
        max(len(html(*CASES[case]).encode()) for case in ("one keyword", "eight keywords"))
        < 400_000
    )


@pytest.mark.slow
def test_a_thousand_keywords_fit_into_five_megabytes_and_the_page_says_what_is_cut(
    tmp_path: Path,
) -> None:
    serps = write_rows(
        tmp_path / "serps.csv",
        [
            {
                "keyword": f"desk number {number}",
                "position": position,
                "url": f"https://site{(number * position) % 97}.example/guide-{number}",
                "referring_domains": (number * 7 + position * 13) % 240,
            }
            for number in range(1000)
            for position in range(1, 11)
        ],
    )

    page = html(str(serps), "--site", "site7.example", "--pace", "5")

    assert len(page.encode()) < 5_000_000
    (table,) = (t for t in read_report(page).tables if "Verdict" in t.heads and len(t.rows) > 100)
    assert len(table.rows) == 1000
    assert page.count("<details id=") == 100
    assert "The other 900 are in the table only" in page


DASH = "\u2013"
HOSTILE = (
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', '=HYPERLINK("x")', "{{ 7*7 }}",
    "{% raw %}", "a\u202eb", "\x1b[31mred", "</title>", "</style>", "&amp;", "'onclick='alert(1)",
)  # fmt: skip
URLS = (
    "javascript:alert(1)", "data:text/html,x", "https://user@e.example/", 'https://e.example/"><b>',
    "//e.example/x", "https://e.example/ x", "file:///etc/passwd", "https://[e.example/",
)  # fmt: skip


@pytest.mark.slow
def test_the_name_of_an_option_is_not_broken_at_its_hyphens() -> None:
    page = html("standing-desk", "--target", "https://newbrand.example/desk/", "--own-rds", "0")

    assert "<code>--own-rds</code>" in page
    assert ":not(pre) > code { font-size: .95em; white-space: nowrap; }" in page


@pytest.mark.slow
def test_strangers_text_is_escaped_everywhere(tmp_path: Path) -> None:
    # Every text is part of a keyword, a title and an address.
    rows = [
        {
            "keyword": " ".join(texts),
            "position": position,
            "url": f"https://r{position}.example/{text}",
            "referring_domains": position * 3,
            "title": text,
        }
        for texts in (HOSTILE[:4], HOSTILE[4:8], HOSTILE[8:])
        for position, text in enumerate(texts, start=1)
    ]
    serp = write_rows(tmp_path / "serp.csv", rows)

    page = html(str(serp), "--title", HOSTILE[1], "--client", HOSTILE[0], "--own-rds", "3")

    assert page.count("<script") == 1
    assert "<img" not in page
    # Only the closing quote ends an attribute.
    without_values = re.sub(r'="[^"<>]*"', "", page.partition("</style>")[2])
    assert not re.search(r"<[^>]*\son\w+", without_values.partition("<script>")[0])
    assert page.count("</title>") == 1 + page.count('<title id="chart-')
    assert page.count("</style>") == 1
    assert "\x1b" not in page
    assert "\u202e" not in page
    assert "{{ 7*7 }}" in page


@pytest.mark.slow
def test_a_url_that_may_do_harm_is_no_link(tmp_path: Path) -> None:
    links = write_rows(
        tmp_path / "links.csv",
        [
            {"source_url": url, "target_url": target, "anchor": "a"}
            for url in URLS
            for target in ("https://r1.example/", "https://r2.example/", "https://r3.example/")
        ],
    )

    done = run("prospects", links, "--target", "https://our.example/x", "--format", "html")

    followed = [link for link in read_report(done.out).links if not link.startswith("#")]
    assert all(re.match(r"https?://[\w.-]+/?[^\s\"<>@]*$", link) for link in followed)
    assert not set(URLS) & set(followed)


def test_a_link_tells_no_site_where_it_is_followed_from() -> None:
    page = html(*WHOLE)

    outside = re.findall(r'<a href="http[^>]*>', page)
    assert outside
    assert all('rel="noopener noreferrer nofollow"' in link for link in outside)


@pytest.mark.slow
@pytest.mark.parametrize("module", ["jinja2", "altair", "vl_convert"])
def test_without_the_extra_the_message_says_how_to_install_it(module: str, tmp_path: Path) -> None:
    command = command_after(f"import sys; sys.modules['{module}'] = None")
    output = tmp_path / "report.html"

    done = run_process(*DESK, "-o", str(output), command=command)

    assert (done.code, done.out) == (2, "")
    assert "pip install 'gapcalc[report]'" in done.err
    assert "Traceback" not in done.err
    assert not output.exists()


def test_a_command_without_a_report_has_no_such_option() -> None:
    done = run("rules", "--client", "x")

    assert done.code == 2
