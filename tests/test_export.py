"""What `export` writes gives the same results when read again, whatever the inputs were."""

import csv
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import ZipFile

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from build import open_source
from exported import export_all, is_link_list, not_naming_targets
from gapcalc.formats import EXPORTS
from gapcalc.formats.base import LINK_KINDS, Export
from gapcalc.formats.own import own_export, shield, shield_sql
from gapcalc.inputs.manifest import NAME, ManifestEntry, read_manifest, write_manifest
from made import urls
from running import FIXTURES, command_after, result, run, run_process
from tables import OURS, rival, write_ahrefs, write_rows, write_serp

pytestmark = pytest.mark.slow

VENDORS = FIXTURES / "vendors"
SERP, LINKS = VENDORS / "gapcalc-serp.csv", VENDORS / "gapcalc-links.csv"
LAMP = "https://www.lampkin.example/desk-lamp/"
DESK = "https://www.deskwise.example/standing-desk/"
STRICT = ("--profile", "strict", "--topic", "desk", "--sensitivity")


UNREADABLE = re.compile(r"column '.*?' cannot be read: .*? filled cells, .*? \(line \d+\)")

FILES = ["out.csv", "out.parquet"]
MANY = ["out/", "out.zip"]
SAMPLES = sorted(path.name for path in VENDORS.iterdir())


def export(output: Path | str, *inputs: object, options: Sequence[object] = ()) -> Path:
    done = run("export", *inputs, "-o", output, *options)
    assert (done.code, done.out) == (0, ""), done.err
    return Path(output)


def answer(*arguments: object) -> dict[str, Any]:
    return comparable(result(*arguments, *STRICT))


def answer_if_read(*arguments: object) -> dict[str, Any] | None:
    """Give an answer, or None where nothing in one of the files can be read."""
    done = run(*arguments, *STRICT, "--json")
    return None if done.code else comparable(json.loads(done.out))


def comparable(whole: dict[str, Any]) -> dict[str, Any]:
    """Leave out what belongs to the files: names, forms, headings, lines, problems.

    An export says that a link was lost, and not when; so how fast rivals grow is left out too.
    """
    whole["inputs"] = [item for item in whole["inputs"] if item["format"]]
    text = json.dumps(whole)
    for number, item in enumerate(whole["inputs"]):
        text = text.replace(json.dumps(item["name"])[1:-1], f"<input {number}>")
    same: dict[str, Any] = json.loads(text)
    for item in same["inputs"]:
        del item["name"], item["format"], item["problems"]
    for keyword in same["keywords"]:
        del keyword["velocity"]
        if keyword["plan"]:
            del keyword["plan"]["moving"]
    same["cautions"] = without_bad_cells(same["cautions"])
    for caution in same["cautions"]:
        caution["text"] = UNREADABLE.sub("a column cannot be read", caution["text"])
    return same


def without_bad_cells(cautions: list[dict[str, str]]) -> list[dict[str, str]]:
    """Leave out what is said of single cells: in an export they are empty."""
    return [caution for caution in cautions if caution["code"] != "unreadable-cells"]


# --- what we ship --------------------------------------------------------------------------------


KEPT_IN_FOLDERS = {
    "bing-refdomains.csv": "it is of a whole site",
    "majestic-refdomains.csv": "it is of a whole site",
    "search-console-latest-links.csv": "it is a sample",
    "search-console-latest-links-spanish.csv": "it is a sample",
    "search-console-more-sample-links.csv": "it is a sample",
    "semrush-backlink-audit.csv": "it shows one link per host",
    "semrush-backlink-audit-other-era.csv": "it shows one link per host",
}
"""Exports of which more is known than their rows tell, so that one file cannot keep it."""
BOUND = (
    "ahrefs-backlinks-no-target.csv",
    "search-console-latest-links.csv",
    "search-console-latest-links-spanish.csv",
    "search-console-more-sample-links.csv",
    "url-list.csv",
    "url-list-no-heading.csv",
)
"""Lists that do not say which page they are of."""


OF_SITES = (
    "ahrefs-link-intersect-pages.csv",
    "ahrefs-link-intersect.csv",
    "moz-link-intersect.csv",
    "semrush-backlink-gap.csv",
)
"""Exports that compare whole sites, which only prospects reads."""


def one_of_each_format() -> list[str]:
    """Give a sample of each format: tests/inputs compares the rows of all others."""
    by_format = {open_source(VENDORS / name).export.id: name for name in reversed(SAMPLES)}
    return sorted({*by_format.values(), *KEPT_IN_FOLDERS, *BOUND, *OF_SITES})


EACH = one_of_each_format()


@pytest.fixture(scope="module")
def again(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """Export one of each format in one run; give the file of each."""
    names = [name for name in EACH if name not in OF_SITES and not is_list_of_pages(name)]
    bound = [name for name in names if name in BOUND]
    return export_all(names, tmp_path_factory.mktemp("each"), bound=bound)


class Answers(NamedTuple):
    """What is answered of many lists in one run: of the files, and of what was exported of them."""

    names: Sequence[str]
    before: Mapping[str, Any]
    after: Mapping[str, Any]

    def of(self, name: str) -> list[tuple[object, object]]:
        """Give what is said of a list, before and after: of the file, and of its keyword."""
        place = self.names.index(name)
        before, after = (
            (answered["inputs"][1 + place], _keyword(answered, place))
            for answered in (self.before, self.after)
        )
        return list(zip(before, after, strict=True))


def _keyword(answered: Mapping[str, Any], place: int) -> Mapping[str, Any]:
    (found,) = (one for one in answered["keywords"] if one["keyword"] == f"desk lamp {place}")
    return dict(found)


def of_its_own(text: str, place: int) -> str:
    """Move all sites to domains of their own, so that no two lists are of one page."""
    return re.sub(
        r"\bexample\b", f"example{place}", text.replace("desk lamp,", f"desk lamp {place},")
    )


def is_list_of_pages(name: str) -> bool:
    """Say whether a list can be answered among others: it is one of links, known by its rows."""
    if name in {*OF_SITES, *KEPT_IN_FOLDERS} or not is_link_list(name):
        return False
    return name in BOUND or not not_naming_targets([name])


@pytest.fixture(scope="module")
def together(tmp_path_factory: pytest.TempPathFactory) -> Answers:
    """Ask about many lists in one run, each with a SERP and a page of its own."""
    names = [name for name in EACH if is_list_of_pages(name)]
    folder = tmp_path_factory.mktemp("together")
    header, _, rows = SERP.read_text(encoding="utf-8").partition("\n")
    numbers = range(len(names))
    serp = folder / "serp.csv"
    serp.write_text("\n".join([header, *(of_its_own(rows, place) for place in numbers)]), "utf-8")
    pages = [of_its_own(LAMP, place) for place in numbers]
    targets = [{"keyword": f"desk lamp {place}", "url": page} for place, page in enumerate(pages)]
    wanted = ("--targets", write_rows(folder / "targets.csv", targets))
    files, bound = [], []
    for place, name in enumerate(names):
        text, encoding = text_of(VENDORS / name)
        file = folder / f"{place:02}-{name}"
        file.write_text(of_its_own(text, place), encoding, newline="")
        files.append(file)
        bound += ["--links-for", f"{pages[place]}={file}"] if name in BOUND else []
    export(f"{folder}/out/", *files, options=bound)
    written = sorted((folder / "out").glob("*.csv"))
    before = answer(serp, *files, *bound, *wanted)
    return Answers(names, without_notes(before), without_notes(answer(serp, *written, *wanted)))


def text_of(path: Path) -> tuple[str, str]:
    """Give the text of a file and its encoding."""
    data = path.read_bytes()
    encoding = "utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8"
    return data.decode(encoding), encoding


def test_many_lists_are_read_again_with_the_same_results(together: Answers) -> None:
    """An export has every column, so that beside others no list is said to lack that of lost links."""
    lacking = "has no column of lost links, which other lists have"
    said = [one for one in together.before["cautions"] if lacking not in one["text"]]
    assert together.after == {**together.before, "cautions": said}


@pytest.mark.parametrize("name", EACH)
def test_every_format_is_read_again_with_the_same_results(
    tmp_path: Path, name: str, request: pytest.FixtureRequest
) -> None:
    file = VENDORS / name
    if is_list_of_pages(name):
        for before, after in request.getfixturevalue("together").of(name):
            assert after == before
        return
    again: Mapping[str, Path] = request.getfixturevalue("again")
    if name in OF_SITES:
        assert "gapcalc prospects reads it" in run("export", file, "-o", tmp_path / "out.csv").err
        return
    bound = ("--links-for", f"{LAMP}={file}") if name in BOUND else ()
    others = () if name == SERP.name else (SERP,)
    if name in KEPT_IN_FOLDERS:
        assert "more is known of" in run("export", file, *bound, "-o", tmp_path / "out.csv").err

    before = answer(*others, file, *bound, "--target", LAMP)
    after = answer(*others, again[name], "--target", LAMP)

    # What is noted of a list is noted beside the others that were exported with it.
    assert without_notes(after) == without_notes(before)


def without_notes(answered: Mapping[str, Any]) -> dict[str, Any]:
    inputs = [{key: item[key] for key in item if key != "note"} for item in answered["inputs"]]
    return {**answered, "inputs": inputs}


def test_a_whole_folder_is_read_again_with_the_same_results(tmp_path: Path) -> None:
    before = answer(FIXTURES / "standing-desk", "--target", DESK)
    folder, archive = (export(f"{tmp_path}/{name}", FIXTURES / "standing-desk") for name in MANY)
    assert contents(archive) == {path.name: path.read_bytes() for path in folder.iterdir()}
    assert answer(archive, "--target", DESK) == before


def contents(archive: Path) -> dict[str, bytes]:
    with ZipFile(archive) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def test_a_list_stays_bound_to_its_page(tmp_path: Path) -> None:
    domains = VENDORS / "ahrefs-refdomains.tsv"
    bound = ("--links-for", f"{LAMP}={domains}")
    before = answer(domains, *bound, "--target", LAMP)
    for output in (*FILES, "out.zip"):
        after = answer(export(f"{tmp_path}/{output}", domains, options=bound), "--target", LAMP)
        # A single file names its page itself, so that nothing needs to be noted.
        noted = without_notes if output in FILES else dict
        assert noted(after) == noted(before), output


def test_a_written_file_is_written_the_same_again(tmp_path: Path) -> None:
    first = export(tmp_path / "first.csv", VENDORS / "ahrefs-backlinks-2026.csv")
    second = export(tmp_path / "second.csv", first)
    assert second.read_bytes() == first.read_bytes()


# --- whatever there may be -----------------------------------------------------------------------

texts = st.one_of(
    st.sampled_from(
        ("desk", "=1+1", "'=1", "''@x", "-5", "\t=1", 'a "b", c', "a\nb", "a\r\nb", "'", ";|", "—")
    ),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=8),
)
flags = st.sampled_from(("true", "false", "FALSE", ""))
scores = st.sampled_from(("0", "20", "19.9", "7,25", "100", "--", "0.00001", "high"))
counts = st.sampled_from(("1", "3", "1,234", "1.2K", "12.0", "", "-1", "many"))
dates = st.sampled_from(("2024-02-29", "2025-01-31 10:00:00", "", "2025-02-30"))
PAGES = (OURS, rival(1), rival(2), "http://www.rival2.example/guide/#top", "rival3.example/guide")

ahrefs = st.fixed_dictionaries(
    {
        "Referring page URL": urls,
        "Target URL": st.sampled_from(PAGES) | urls,
        "Anchor": texts,
        "Left context": texts,
        "Right context": texts,
        "Type": st.sampled_from(("text", "redirect", "")),
        "Redirect Chain URLs": st.sampled_from(("", OURS, "https://old.example/")),
        "Nofollow": flags,
        "UGC": flags,
        "Sponsored": flags,
        "Is spam": flags,
        "Domain rating": scores,
        "Domain traffic": counts,
        "External links": counts,
        "First seen": dates,
        "Lost": st.sampled_from(("", "2025-01-01", "removed")),
        "Referring page HTTP code": st.sampled_from(("200", "404", "410", "")),
    }
)
semrush = st.fixed_dictionaries(
    {
        "Source url": urls,
        "Target url": st.sampled_from(PAGES),
        "Lost link": flags,
        "Page ascore": scores,
        "Source title": texts,
        "Anchor": texts,
        "Nofollow": flags,
        "Sitewide": flags,
        "External links": counts,
        "Last seen": dates,
    }
)
own = st.fixed_dictionaries(
    {
        "source_url": urls,
        "target_url": st.sampled_from(PAGES),
        "rel": st.sampled_from(("", "nofollow", "ugc nofollow", "sponsored")),
        "anchor": texts,
        "authority": scores,
        "links": counts,
    }
)
domains = st.fixed_dictionaries(
    {
        "Domain": urls.map(lambda url: url.partition("//")[2].partition("/")[0] or "a.example"),
        "DR": scores,
        "Links to target": counts,
        "Dofollow links": counts,
        "First seen": dates,
        "Lost": st.sampled_from(("", "2025-01-01")),
    }
)
serps = st.fixed_dictionaries(
    {
        "Keyword": st.sampled_from(("desk lamp", "=desk", "Desk lamp")),
        "URL": st.sampled_from(PAGES) | urls | st.just(""),
        "Position": st.sampled_from(("1", "2", "3", "7", "11")),
        "Type": st.sampled_from(("Organic", "Organic, sitelinks", "Ads", "People also ask")),
        "Referring domains": counts,
        "Difficulty": scores,
        "Country": st.sampled_from(("us", "")),
        "Domain rating": scores,
        "Title": texts,
    }
)


class Made(NamedTuple):
    """Input files, and the page of one of them."""

    files: Sequence[Path]
    bound: tuple[str, str] | tuple[()]


def rows_of(cells: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(cells, min_size=1, max_size=6)


@st.composite
def tables(draw: st.DrawFn) -> Mapping[str, Sequence[Mapping[str, str]]]:
    """Draw the rows of some files; the list of referring domains may have none."""
    drawn = {
        "serp.csv": rows_of(serps),
        "a.csv": rows_of(ahrefs),
        "s.csv": rows_of(semrush),
        "own.csv": rows_of(own),
    }
    names = draw(st.sets(st.sampled_from(sorted(drawn)), min_size=1))
    made = {name: draw(drawn[name]) for name in sorted(names)}
    if draw(st.booleans()):
        made["domains.csv"] = draw(st.lists(domains, max_size=4))
    return made


def write(folder: Path, rows: Mapping[str, Sequence[Mapping[str, str]]]) -> Made:
    folder.mkdir()
    for name, table in rows.items():
        headings = list(table[0]) if table else ["Domain", "DR", "Links to target"]
        headings += [] if table else ["Dofollow links", "Lost"]
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerows([headings, *(list(row.values()) for row in table)])
    bound = ("--links-for", f"{OURS}={folder / 'domains.csv'}") if "domains.csv" in rows else ()
    return Made([folder / name for name in rows], bound)


tries = settings(
    derandomize=True,
    max_examples=4,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@settings(tries, max_examples=3)
@given(rows=tables(), output=st.sampled_from(MANY))
def test_whatever_is_exported_is_read_again_with_the_same_results(
    tmp_path_factory: pytest.TempPathFactory, rows: Mapping[str, Any], output: str
) -> None:
    folder = tmp_path_factory.mktemp("any")
    made = write(folder / "in", rows)
    before = answer_if_read(*made.files, *made.bound, "--target", OURS)
    if before:
        again = export(f"{folder}/{output}", *made.files, options=made.bound)
        assert answer(again, "--target", OURS) == before


@tries
@given(
    kind=st.sampled_from(("serp.csv", "a.csv", "s.csv", "own.csv")),
    place=st.integers(0, 1),
    data=st.data(),
)
def test_whatever_one_file_holds_is_read_again_with_the_same_results(
    tmp_path_factory: pytest.TempPathFactory, kind: str, place: int, data: st.DataObject
) -> None:
    cells: Mapping[str, st.SearchStrategy[Any]] = {
        "serp.csv": serps,
        "a.csv": ahrefs,
        "s.csv": semrush,
        "own.csv": own,
    }
    folder = tmp_path_factory.mktemp("one")
    made = write(folder / "in", {kind: data.draw(rows_of(cells[kind]))})
    before = answer_if_read(*made.files, "--target", OURS)
    if before:
        # A list with many bad rows counts as cut, which only a manifest beside it can tell.
        cut = any(item["complete"] is False for item in before["inputs"])
        again = export(f"{folder}/{(MANY if cut else FILES)[place]}", *made.files)
        assert answer(again, "--target", OURS) == before


# --- what is known of a file beyond its rows -----------------------------------------------------


def test_a_round_number_of_rows_stays_an_export_limit(tmp_path: Path) -> None:
    links = [f"https://s{n}.example/p" for n in range(1_000)]
    file = write_ahrefs(tmp_path / "ours.tsv", OURS, links)
    again = export(tmp_path / "out.csv", file)
    (item,) = answer(again, "--target", OURS)["inputs"]
    assert (item["complete"], item["vendor"]) == (False, "ahrefs")
    assert item["note"] == "it holds exactly 1,000 rows, an export limit"


def test_what_a_manifest_states_is_passed_on(tmp_path: Path) -> None:
    fetched = tmp_path / "fetched"
    fetched.mkdir()
    write_ahrefs(fetched / "ours.tsv", OURS, ["https://a.example/", "https://b.example/"])
    write_serp(fetched / "serp.csv", [3, 4, 5])
    told = {
        "ours.tsv": ManifestEntry(OURS, complete=False, note="2 of 900 rows"),
        "serp.csv": ManifestEntry(complete=True, note="depth 10"),
    }
    (fetched / NAME).write_text(write_manifest(told, "a test"))
    again = export(f"{tmp_path}/out/", fetched)
    assert answer(again, "--target", OURS) == answer(fetched, "--target", OURS)
    told_on = read_manifest((again / NAME).read_bytes(), NAME)
    assert told_on["1-ours.csv"] == ManifestEntry(
        None, complete=False, note="2 of 900 rows", vendor="ahrefs"
    )

    for name in told:
        done = run("export", fetched / name, "-o", tmp_path / "one.csv")
        assert done.code == 2
        assert "more is known of" in done.err
        assert "Name a folder DIR/ or an archive NAME.zip" in done.err


def test_an_empty_list_keeps_its_page_in_a_folder_only(tmp_path: Path) -> None:
    empty = write_ahrefs(tmp_path / "ours.tsv", OURS, [])
    bound = ("--links-for", f"{OURS}={empty}")
    after = answer(export(f"{tmp_path}/out/", empty, options=bound), "--target", OURS)
    assert after == answer(empty, *bound, "--target", OURS)
    assert after["keywords"][0]["target_page"]["raw"] == 0

    done = run("export", empty, *bound, "-o", tmp_path / "one.csv")
    assert done.code == 2
    assert "more is known of" in done.err


@pytest.mark.parametrize(
    "export_format", [e for e in EXPORTS if e.kind in LINK_KINDS], ids=lambda export: export.id
)
def test_every_column_of_a_link_format_has_its_own_column(export_format: Export) -> None:
    ours = {column.field for column in own_export(export_format.kind).columns}
    theirs = {column.field for column in export_format.columns}
    assert theirs - ours <= {"status"}, "an answer may rest on a column that is not written"


# --- what is written -----------------------------------------------------------------------------


def written(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_links_are_written_in_plain_values(tmp_path: Path) -> None:
    cells = {"Domain rating": "66.0", "Links in group": "1,234", "Lost": "gone", "UGC": "TRUE"}
    cells |= {"First seen": "2025-01-31 10:00:00", "Anchor": "=1+1", "Domain traffic": "--"}
    file = write_ahrefs(tmp_path / "ours.tsv", OURS, ["https://a.example/"], **cells)
    (row,) = written(export(tmp_path / "out.csv", file))
    assert (row["authority"], row["metric"], row["vendor"]) == ("66", "DR", "ahrefs")
    assert (row["links"], row["lost"], row["ugc"]) == ("1234", "true", "true")
    assert (row["first_seen"], row["anchor"]) == ("2025-01-31", "'=1+1")
    assert (row["domain_traffic"], row["nofollow"]) == ("", "false")


def test_parquet_holds_typed_values_and_formulas_as_they_are(tmp_path: Path) -> None:
    cells = {"Domain rating": "66.5", "First seen": "2025-01-31", "Anchor": "=1+1"}
    file = write_ahrefs(tmp_path / "ours.tsv", OURS, ["https://a.example/"], **cells)
    again = export(tmp_path / "out.parquet", file)
    fields = "source_url, anchor, authority, first_seen::varchar, lost, links"
    row = duckdb.connect().execute(f"select {fields} from '{again}'").fetchone()
    assert row == ("https://a.example/", "=1+1", 66.5, "2025-01-31", False, None)


def test_a_serp_becomes_parquet_as_well(tmp_path: Path) -> None:
    again = export(tmp_path / "out.parquet", VENDORS / "ahrefs-serps.csv")
    kinds = dict(
        duckdb.connect()
        .execute(f"select column_name, column_type from (describe '{again}')")
        .fetchall()
    )
    assert (kinds["position"], kinds["kd"], kinds["url"]) == ("BIGINT", "DOUBLE", "VARCHAR")
    assert duckdb.connect().execute(f"select count(*) from '{again}'").fetchone() == (18,)


def test_a_serp_that_asks_for_the_word_keyword_keeps_it(tmp_path: Path) -> None:
    serp = write_rows(
        tmp_path / "serp.csv", [{"keyword": "keyword", "position": 1, "url": rival(1)}]
    )
    again = export(tmp_path / "out.parquet", serp)
    assert duckdb.connect().execute(f"select keyword from '{again}'").fetchall() == [("keyword",)]


def test_links_come_in_the_order_of_the_file(tmp_path: Path) -> None:
    links = [f"https://s{n}.example/p" for n in range(3_000)]
    file = write_ahrefs(tmp_path / "ours.tsv", OURS, links)
    assert [row["source_url"] for row in written(export(tmp_path / "out.csv", file))] == links


def test_an_archive_holds_what_a_folder_holds_and_nothing_of_the_day(tmp_path: Path) -> None:
    inputs = (VENDORS / "ahrefs-serps.csv", VENDORS / "ahrefs-backlinks-2026.csv")
    folder = export(f"{tmp_path}/out/", *inputs)
    first, second = (export(tmp_path / name, *inputs) for name in ("a.zip", "b.zip"))
    assert first.read_bytes() == second.read_bytes()
    assert contents(first) == {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_order_of_the_inputs_is_kept(tmp_path: Path) -> None:
    inputs = [write_serp(tmp_path / f"{n}.csv", [n]) for n in range(11)]
    folder = export(f"{tmp_path}/out/", *reversed(inputs))
    names = sorted(path.name for path in folder.iterdir() if path.name != NAME)
    assert names == [f"{place:02}-{11 - place}.csv" for place in range(1, 12)]


@pytest.mark.parametrize(
    "text", ["=1", "'=1", "''=1", "a", "'", "\t", "\r=", "-", "a\n=1", "@", ""]
)
def test_formulas_are_shielded_alike_by_the_engine(text: str) -> None:
    (engine,) = (
        duckdb.connect().execute(f"select {shield_sql('$text')}", {"text": text}).fetchone() or ()
    )
    assert engine == shield(text)


def test_unreadable_rows_are_reported_and_the_others_written(tmp_path: Path) -> None:
    ragged = FIXTURES / "broken" / "ragged-rows.csv"
    done = run("export", ragged, "-o", f"{tmp_path}/out/")
    assert done.code == 0
    assert "ragged-rows.csv:4: row not read: 11 cells where the header has 19" in done.err
    assert answer(tmp_path / "out", "--own-rds", "0") == answer(ragged, "--own-rds", "0")


@pytest.mark.parametrize("name", sorted(path.name for path in (FIXTURES / "broken").glob("*.csv")))
def test_faulty_files_are_read_again_with_the_same_results(tmp_path: Path, name: str) -> None:
    broken = FIXTURES / "broken" / name
    refused = run("export", broken, "-o", f"{tmp_path}/out/").code
    if refused:
        assert (refused, run(broken, "--own-rds", "0").code) in {(2, 2), (3, 3)}
        return
    before, after = (answer(path, "--own-rds", "0") for path in (broken, tmp_path / "out"))
    for item in (*before["inputs"], *after["inputs"]):
        del item["rows"]
    before["cautions"] = without_bad_cells(before["cautions"])
    assert after == before


# --- what is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        pytest.param("out.csv", "one file cannot hold 2 inputs", id="several inputs to one file"),
        pytest.param("out.xlsx", "the name says what is written: a file NAME.csv", id="a suffix"),
        pytest.param("-", "the name says what is written", id="standard output"),
        pytest.param("full/", "the folder is not empty", id="a folder with files"),
        pytest.param("nowhere/out.zip", "it cannot be written (No such file", id="no folder"),
    ],
)
def test_what_cannot_be_written_is_reported_and_leaves_nothing(
    tmp_path: Path, output: str, reason: str
) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").touch()
    done = run("export", SERP, LINKS, "-o", output, cwd=tmp_path)
    assert done.code == 2
    assert reason in done.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["full"]


def test_an_input_that_cannot_be_read_leaves_nothing(tmp_path: Path) -> None:
    done = run("export", SERP, FIXTURES / "broken" / "binary.csv", "-o", f"{tmp_path}/out/")
    assert done.code == 3
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_reported(tmp_path: Path) -> None:
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))"
    ignore = "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)"
    command = command_after(f"{limit}; {ignore}")
    # Byte code would be cut off too, and break the next run.
    whole = {"PYTHONDONTWRITEBYTECODE": "1"}
    asked = ("export", SERP, "-o", tmp_path / "out.csv")
    done = run_process(*asked, command=command, environment=whole)
    assert done.code == 3
    assert "cannot be written (File too large). Free some space there" in done.err
    assert list(tmp_path.iterdir()) == []


def test_an_existing_file_is_replaced_whole(tmp_path: Path) -> None:
    (tmp_path / "out.csv").write_text("before")
    export(tmp_path / "out.csv", SERP)
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]
    assert written(tmp_path / "out.csv")[0]["keyword"] == "desk lamp"


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    assert (export(tmp_path, SERP) / NAME).is_file()
