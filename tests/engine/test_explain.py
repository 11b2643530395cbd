"""The script of --explain runs in a separate database and gives the counts of the answer."""

import re
from datetime import date
from pathlib import Path

import duckdb
import pytest

from build import FIXTURES, TARGET, Form, links_from, write_links
from gapcalc.commands.gap import answer_gap
from gapcalc.errors import UsageError
from gapcalc.results.gap import GapResult, KeywordResult, Page, TargetPage
from gapcalc.settings import Settings
from gapcalc.text import safe
from gapcalc.workspace import Workspace
from packing import write_gzip, write_parquet
from running import run
from tables import write_rows

pytestmark = pytest.mark.slow

Counts = dict[str, tuple[int, int | None, int | None]]

LINKS = [
    *links_from("a.example", "www.b.example", anchor="casino", nofollow="false"),
    *links_from("c.co.uk", anchor="desk lamp", nofollow="true", authority="high"),
    *links_from("Ä.example", anchor="it's $rules; --", nofollow="false", ugc="true"),
    *links_from(
        "d.example", nofollow="false", target_url="HTTPS://Target.example/page?utm_source=x"
    ),
    *links_from("e.example", nofollow="false", lost="true"),
    *links_from("target.example", nofollow="false"),
    *links_from("f.example", nofollow="false", anchor="two\nlines", target_url=f"{TARGET}/other"),
    *links_from(*["g.example"] * 120, anchor="home", nofollow="false"),
]
HEADINGS = {heading: "" for link in LINKS for heading in link}
ROWS = [{**HEADINGS, "target_url": TARGET, **link} for link in LINKS]


def explained(folder: Path, names: list[str], **options: object) -> tuple[GapResult, Path]:
    script = folder / "explained.sql"
    workspace = Workspace()
    try:
        settings = Settings(explain=script, **options)  # type: ignore[arg-type]  # any option
        answered = answer_gap(names, settings, date(2026, 11, 20), workspace)
    finally:
        workspace.remove()
    return answered.result, script


def counted(result: GapResult) -> Counts:
    (keyword,) = result.keywords
    return counted_for(keyword)


def counted_for(keyword: KeywordResult) -> Counts:
    pages: list[Page | TargetPage] = [*keyword.pages]
    pages += [keyword.target_page] if keyword.target_page else []
    return {page.page: (page.raw or 0, page.kept, page.followed) for page in pages if page.page}


def run_script(script: Path) -> Counts:
    with duckdb.connect() as connection:
        rows = connection.execute(script.read_text(encoding="utf-8")).fetchall()
    return {page: (raw, kept, followed) for page, raw, kept, followed in rows}


def in_form(folder: Path, form: str) -> Path:
    if form == "parquet":
        return write_parquet(folder / "l.parquet", list(ROWS[0]), [tuple(r.values()) for r in ROWS])
    if form == "gzip":
        return write_gzip(folder / "l.csv.gz", write_links(folder / "l.csv", ROWS).read_bytes())
    forms = {
        "CSV": Form(),
        "CSV with CRLF": Form(eol="\r\n"),
        "UTF-16": Form(encoding="utf-16", delimiter="\t"),
        "preamble": Form(preamble="A title\n"),
    }
    return write_links(folder / "it's [1].csv", ROWS, forms[form])


FORMS = ("CSV", "CSV with CRLF", "UTF-16", "preamble", "gzip", "parquet")


@pytest.mark.parametrize(
    ("form", "profile"), [*((form, "balanced") for form in FORMS), ("CSV", "strict")]
)
def test_the_statements_give_the_counts_of_the_answer(
    tmp_path: Path, form: str, profile: str
) -> None:
    path = in_form(tmp_path, form)
    blocked = tmp_path / "blocked.txt"
    blocked.write_text("d.example\n", encoding="utf-8")
    result, script = explained(
        tmp_path,
        [str(path)],
        target=TARGET,
        competitor=(f"{TARGET}/other",),
        profile=profile,
        topic=("casino",),
        block_domains=blocked,
    )
    counts = counted(result)
    assert counts[TARGET.removeprefix("https://")][0] == 6
    assert run_script(script) == counts


BACKLINKS = sorted(path.name for path in (FIXTURES / "vendors").glob("*backlinks*"))
OF_EACH_VENDOR = {name.partition("-")[0]: name for name in reversed(BACKLINKS)}


@pytest.mark.parametrize("name", [*OF_EACH_VENDOR.values()])
def test_the_statements_of_vendors_files_give_their_counts(tmp_path: Path, name: str) -> None:
    result, script = explained(tmp_path, [str(FIXTURES / "vendors" / name)], own_rds=5)
    found = run_script(script)
    assert {page: found[page] for page in counted(result)} == counted(result)


def test_several_vendors_and_faulty_rows_are_counted_alike(tmp_path: Path) -> None:
    ours = write_links(tmp_path / "a.csv", [{**row, "vendor": "ahrefs"} for row in ROWS])
    with ours.open("a", encoding="utf-8") as file:
        file.write("too,short\n" + ours.read_text(encoding="utf-8").splitlines()[1] + ",long\n")
    theirs = write_links(tmp_path / "b.csv", [{**row, "vendor": "moz"} for row in ROWS[:4]])
    result, script = explained(tmp_path, [str(ours), str(theirs)], target=TARGET)
    assert run_script(script) == counted(result)


PHRASES = ("casino desk", "oak desk", "poker desk")


def keywords_apart(folder: Path) -> tuple[Path, Path]:
    """Write a SERP whose keywords allow different anchors to the same pages, and their links."""
    places = [(phrase, place) for phrase in PHRASES for place in range(1, 5)]
    ranking = [{"keyword": name, "position": n, "url": f"{TARGET}/{n}"} for name, n in places]
    serp = write_rows(folder / "serp.csv", ranking)
    rows = [
        {**link, "target_url": f"{TARGET}/{place}"}
        for place in range(1, 5)
        for anchor, domains in {"casino": 9, "poker": 5, "desk": 3}.items()
        for link in links_from(*(f"{anchor}{n}.example" for n in range(domains)), anchor=anchor)
    ]
    return serp, write_links(folder / "links.csv", rows)


@pytest.mark.parametrize("form", [".csv", ".csv.gz"])
def test_keywords_that_are_counted_apart_have_their_statements_in_order(
    tmp_path: Path, form: str
) -> None:
    serp, links = keywords_apart(tmp_path)
    if form == ".csv.gz":
        links = write_gzip(tmp_path / "links.csv.gz", links.read_bytes())
    (tmp_path / "explained.sql").write_text("an earlier run", encoding="utf-8")

    result, script = explained(tmp_path, [str(serp), str(links)], own_rds=5)

    with duckdb.connect() as connection:
        shown = [
            {page: (raw, kept, followed) for page, raw, kept, followed in counts}
            for statement in duckdb.extract_statements(script.read_text(encoding="utf-8"))
            if (counts := connection.execute(statement).fetchall())
            and statement.type == duckdb.StatementType.SELECT
        ]
    answers = {keyword.keyword: counted_for(keyword) for keyword in result.keywords}
    assert shown == [answers[phrase] for phrase in PHRASES]
    assert len({str(counts) for counts in shown}) == len(PHRASES)


def test_leads_of_keywords_that_are_counted_apart_are_explained_in_order(tmp_path: Path) -> None:
    serp, links = keywords_apart(tmp_path)
    script = tmp_path / "explained.sql"

    done = run("prospects", serp, links, "--target", TARGET, "--explain", script)

    assert done.code == 0, done.err
    text = script.read_text(encoding="utf-8")
    assert re.findall("^-- Pass .*", text, re.MULTILINE) == [
        f"-- Pass {number} of 3." for number in (1, 2, 3)
    ]
    with duckdb.connect() as connection:
        connection.execute(text)


@pytest.fixture(scope="module")
def plainly(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Give a plain file of links, and the script that explains its counts."""
    folder = tmp_path_factory.mktemp("plain")
    path = write_links(folder / "links.csv", ROWS)
    return path, explained(folder, [str(path)], target=TARGET)[1]


def test_every_table_is_explained_in_a_sentence(plainly: tuple[Path, Path]) -> None:
    text = plainly[1].read_text(encoding="utf-8")
    made = re.findall(
        r"^(.*)\ncreate (?:or replace )?(?:temp )?(?:table|view) (\w+)", text, re.MULTILINE
    )
    assert len(made) > 10
    for line, name in made:
        assert line.startswith("-- ") or name == "odd"


def test_files_that_are_read_where_they_lie_are_named_and_not_copied(
    plainly: tuple[Path, Path],
) -> None:
    path, script = plainly
    assert str(path) in script.read_text(encoding="utf-8")
    assert not script.with_name("explained.sql.files").exists()


def test_without_the_option_nothing_is_written(tmp_path: Path) -> None:
    path = write_links(tmp_path / "links.csv", ROWS)
    workspace = Workspace()
    answer_gap([str(path)], Settings(target=TARGET), date(2026, 11, 20), workspace)
    workspace.remove()
    assert [item.name for item in tmp_path.iterdir()] == ["links.csv"]


def test_a_serp_alone_has_no_statements(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no list of links was given"):
        explained(tmp_path, [str(FIXTURES / "vendors" / "ahrefs-serps.csv")], own_rds=5)


def test_a_place_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    path = write_links(tmp_path / "links.csv", ROWS)
    (tmp_path / "explained.sql").mkdir()
    with pytest.raises(UsageError, match=r"--explain .*: it cannot be written \(Is a directory\)"):
        explained(tmp_path, [str(path)], target=TARGET)


def test_hidden_text_is_escaped_in_the_script_and_means_the_same(tmp_path: Path) -> None:
    odd = "\x1b\x9b\u202e\u200b\u2028\U000e0041\\n"
    target = f"https://target.example/{odd}"
    links = links_from("a.example", "b.example", nofollow="false", target_url=target)
    path = write_links(tmp_path / f"l{odd}.csv", links)
    result, script = explained(tmp_path, [str(path)], block_anchor=(f"casino{odd}",), target=target)

    text = script.read_text(encoding="utf-8")
    assert run_script(script) == counted(result)
    assert safe(text.replace("\n", "")) == text.replace("\n", "")
