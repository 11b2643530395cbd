"""The HTML report in a real browser: it works, asks for nothing, can be read by everybody, prints."""

import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it has no types
from playwright.sync_api import Browser, Page, sync_playwright

from gapcalc.formats.own import shield
from running import CHROMIUM, CHROMIUM_ARGUMENTS, FIXTURES, run
from tables import write_rows

PHONE, DESKTOP = 360, 1280
LEADS = 300
ANCHORS = ("garden bench", "=1+1", "@sum(1)", 'a "quoted", text', "-2", "+3")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="there is no /usr/bin/chromium"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """Write a report of each kind, once for all tests."""
    folder = tmp_path_factory.mktemp("reports")
    eight = (
        "eight-keywords/serps.csv",
        *map(str, FIXTURES.glob("eight-keywords/www*.csv")),
        *("--site", "oakdesk.example"),
    )
    cases: Mapping[str, Sequence[object]] = {
        "one": (
            *("standing-desk", "--target", "https://www.deskwise.example/standing-desk/"),
            *("--client", "Deskwise"),
        ),
        "eight": eight,
        "mixed": (
            *("vendors/ahrefs-backlinks-2026.csv", "vendors/semrush-backlinks.csv"),
            *("vendors/gapcalc-serp.csv", "--target", "https://lampkin.example/desk-lamp/"),
        ),
        "audit": ("audit", "audit", "--target", "https://www.lampkin.example/desk-lamp/"),
        "leads": ("prospects", *_many_leads(folder), "--target", "https://our.example/"),
        "nothing": ("vendors/ahrefs-backlinks-2026.csv", "--target", "https://nobody.example/"),
        "hostile": (_hostile_serp(folder), "--title", "<script>document.title = 1</script>"),
        "plan": ("plan", *eight),
    }
    for name, arguments in cases.items():
        done = run(*arguments, "-o", folder / f"{name}.html")
        assert done.code == 0, done.err
    return {name: folder / f"{name}.html" for name in cases}


def _many_leads(folder: Path) -> Sequence[Path]:
    """Write the links of many domains to two rivals; every anchor has a number of its own."""
    rivals = ("https://rival1.example/", "https://rival2.example/")
    serp = write_rows(
        folder / "serp.csv",
        [
            {"keyword": "bench", "position": place, "url": url}
            for place, url in enumerate((*rivals, "https://our.example/"), start=1)
        ],
    )
    links = [
        {
            "source_url": f"https://site-{number:04}.example/{'garden-benches-' * 4}{number}",
            "target_url": rival,
            "anchor": f"{ANCHORS[number % len(ANCHORS)]} begin{number:04} {'words ' * 12}end{number:04}",
            "authority": number % 90,
        }
        for number in range(LEADS)
        for rival in rivals
    ]
    return serp, write_rows(folder / "links.csv", links)


def _hostile_serp(folder: Path) -> Path:
    texts = (
        "<img src=x onerror='document.title = 1'>", "</script><script>document.title = 1</script>",
        "\"><svg onload='document.title = 1'>", "javascript:document.title=1", "{{ 7 * 7 }}",
    )  # fmt: skip
    return write_rows(
        folder / "hostile.csv",
        [
            {
                "keyword": text,
                "position": place,
                "url": f"https://r{place}.example/{text}",
                "referring_domains": place * 5,
            }
            for text in texts
            for place in range(1, 5)
        ],
    )


NAMES = ("one", "eight", "mixed", "audit", "leads", "nothing", "hostile", "plan")


def show(browser: Browser, path: Path, *, width: int = DESKTOP, **options: object) -> Page:
    """Open a report in a context of its own."""
    context = browser.new_context(viewport={"width": width, "height": 900}, **options)  # type: ignore[arg-type]  # its options are typed one by one
    page = context.new_page()
    page.goto(path.as_uri())
    return page


@pytest.mark.parametrize("name", NAMES)
def test_it_asks_for_nothing_complains_of_nothing_and_fits_on_a_phone(
    name: str, browser: Browser, reports: Mapping[str, Path]
) -> None:
    context = browser.new_context(viewport={"width": PHONE, "height": 740})
    page = context.new_page()
    said, asked = [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))

    page.goto(reports[name].as_uri())
    for button in page.locator("thead button").all()[:3]:
        button.click()

    assert said == []
    assert asked == [reports[name].as_uri()]
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE
    assert page.title() != "1"
    assert page.locator("h1").count() == 1
    context.close()


@pytest.mark.parametrize(
    ("name", "scheme"),
    [
        *((name, "light") for name in ("one", "eight", "audit", "nothing", "plan")),
        *((name, "dark") for name in ("eight", "audit")),
    ],
)
def test_axe_finds_no_serious_fault(
    name: str, scheme: str, browser: Browser, reports: Mapping[str, Path]
) -> None:
    page = show(browser, reports[name], color_scheme=scheme)
    page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")

    # In the dark only colours change: the same report in the light is checked for all else.
    dark = {"runOnly": ["color-contrast"]} if scheme == "dark" else {}
    options = {"resultTypes": ["violations"], **dark}
    found = Axe().run(page, options=options).response["violations"]

    faults = [one for one in found if one["impact"] in {"serious", "critical"}]
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in faults] == []
    page.context.close()


def test_the_leads_are_sorted_filtered_and_copied_without_formulas(
    browser: Browser, reports: Mapping[str, Path]
) -> None:
    page = show(browser, reports["leads"], permissions=["clipboard-read", "clipboard-write"])
    box = page.locator("#leads .table")
    head = box.get_by_role("columnheader", name="Auth.")

    head.get_by_role("button").click()
    head.get_by_role("button").click()
    assert head.get_attribute("aria-sort") == "descending"
    assert box.locator("tbody tr").first.locator("td[data-value]").nth(1).inner_text() == "89"

    box.get_by_label("Filter").fill("site-00 BEGIN001")
    assert box.locator("tbody tr:visible").count() == 10
    assert box.locator("output").inner_text() == f"10 of {LEADS} rows"

    box.get_by_role("button", name="Copy as CSV").click()
    page.wait_for_function("document.querySelector('#leads output').value === 'Copied.'")
    lines = page.evaluate("navigator.clipboard.readText()").splitlines()
    assert len(lines) == 11
    assert lines[0].startswith("Domain,Pages,Auth.,Best linking page,Anchor")
    for line in lines[1:]:
        number = int(re.search(r"begin(\d+)", line)[1])  # type: ignore[index]  # each line has one
        anchor = f"{ANCHORS[number % len(ANCHORS)]} begin{number:04} {'words ' * 12}end{number:04}"
        cell = shield(anchor)
        quoted = '"' + cell.replace('"', '""') + '"' if '"' in cell else cell
        url = f"https://site-{number:04}.example/{'garden-benches-' * 4}{number}"
        assert line.startswith(f"site-{number:04}.example,2,{number % 90},{url},{quoted},")
    page.context.close()


def test_a_keyword_opens_when_its_link_is_followed(
    browser: Browser, reports: Mapping[str, Path]
) -> None:
    page = show(browser, reports["eight"])
    assert page.locator("details[open]").count() == 0

    page.get_by_role("link", name="oak desk", exact=True).first.click()

    assert page.locator("details[open] summary").inner_text().startswith("oak desk")
    page.context.close()


@pytest.mark.parametrize("name", ["one", "eight", "leads"])
def test_everything_can_be_read_without_script(
    name: str, browser: Browser, reports: Mapping[str, Path]
) -> None:
    page = show(browser, reports[name], java_script_enabled=False)

    assert page.locator("button, input").count() == 0
    for fold in page.locator("details").all():
        assert fold.locator("table").first.is_visible()
    assert page.locator("tbody tr").last.is_visible()
    page.context.close()


@pytest.mark.parametrize("paper", ["A4", "Letter"])
@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="there is no pdftotext")
def test_no_row_is_cut_where_a_printed_page_ends(
    paper: str, browser: Browser, reports: Mapping[str, Path], tmp_path: Path
) -> None:
    page = show(browser, reports["leads"])
    page.pdf(path=tmp_path / "leads.pdf", format=paper)
    page.context.close()

    pages = _pages_of(tmp_path / "leads.pdf")

    rows = pages[1:]
    begun = [set(re.findall(r"begin(\d{4})", text)) for text in rows]
    ended = [set(re.findall(r"end(\d{4})", text)) for text in rows]
    assert begun == ended
    assert set.union(*begun) == {f"{number:04}" for number in range(LEADS)}
    with_rows = [text for text, numbers in zip(rows, begun, strict=True) if numbers]
    assert all("Best linking page" in text for text in with_rows)


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="there is no pdftotext")
def test_the_first_printed_page_is_for_the_client_and_folded_keywords_are_printed(
    browser: Browser, reports: Mapping[str, Path], tmp_path: Path
) -> None:
    for name in ("one", "eight"):
        page = show(browser, reports[name])
        page.pdf(path=tmp_path / f"{name}.pdf", format="A4")
        page.context.close()

    first, second, *_ = _pages_of(tmp_path / "one.pdf")
    keywords = _pages_of(tmp_path / "eight.pdf")

    assert "BEHIND" in first
    assert "Confidence" in first
    assert "The pages that rank" not in first
    assert second.startswith("The pages that rank")
    assert "oak desk" in keywords[0]
    assert sum("On every basis" in text for text in keywords) >= 4


def _pages_of(pdf: Path) -> list[str]:
    done = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, check=True)  # noqa: S607  (Debian's)
    return done.stdout.decode().split("\f")[:-1]
