"""The engine is locked down: it reads exactly the named files, and nothing else."""

import signal
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from build import (
    NO_RULES,
    PAGE,
    count_links,
    links_from,
    open_source,
    write_links,
    write_links_as_parquet,
    write_table,
)
from gapcalc.connection import connect
from gapcalc.engine.count import open_links
from gapcalc.errors import EngineMemoryError, UsageError
from gapcalc.rules import choose
from gapcalc.rules.base import Known
from gapcalc.workspace import Workspace, private_workspace

pytestmark = pytest.mark.slow

INJECTION = "x'); drop table link; --"


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    made = Workspace()
    yield made
    made.remove()


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def raw_of(*paths: Path) -> int:
    return count_links(paths).pages[PAGE].raw


BESIDE: dict[str, list[str]] = {
    "r[1].csv": ["r1.csv"],  # brackets
    "r*.csv": ["r1.csv", "r2.csv"],  # star
    "r?.csv": ["r1.csv"],  # question mark
    "r[[]1].csv": ["r[1].csv", "r1.csv"],  # escaped brackets
    "**.csv": ["r1.csv"],  # two stars
    "{r1,r2}.csv": ["r1.csv", "r2.csv"],  # braces
    "r1 (1).csv": ["r1.csv"],  # a browser's copy
    f"{INJECTION}.csv": ["x.csv"],  # SQL
    '"; drop table link; --.csv': [],  # SQL in double quotes
    "it's.csv": [],  # apostrophe
    "$files.csv": [],  # parameter
    "a\\'b.csv": [],  # backslash and apostrophe
    "Übersicht 한국.csv": [],  # Unicode
    "links": [],  # no extension
    "links.parquet": [],  # an extension that lies
    "-": [],  # hyphen
    "a\\[b].csv": ["ab.csv", "a\\b.csv"],  # backslash and brackets
    "a\\*.csv": ["ab.csv", "a\\b.csv"],  # backslash and star
}
"""Names of files, and those of others that a pattern of this name would find."""


def test_a_file_is_read_as_itself_whatever_its_name(tmp_path: Path) -> None:
    paths = []
    for number, (name, beside) in enumerate(BESIDE.items()):
        folder, target = tmp_path / f"{number}", f"https://target{number}.example/page"
        folder.mkdir()
        for other in beside:
            strangers = links_from(*(f"other{i}.example" for i in range(5)), target_url=target)
            write_links(folder / other, strangers)
        links = links_from("a.example", "b.example", target_url=target)
        paths.append(write_links(folder / name, links))

    counted = count_links(paths)

    raw = [counted.pages[f"target{number}.example/page"].raw for number in range(len(BESIDE))]
    assert dict(zip(BESIDE, raw, strict=True)) == dict.fromkeys(BESIDE, 2)
    assert counted.problems == ()


def test_faults_are_found_in_a_file_with_an_odd_name(tmp_path: Path) -> None:
    write_links(tmp_path / "r1.csv", links_from("x.example"))
    path = write_links(tmp_path / "r[1].csv", links_from("a.example", "b.example"))
    path.write_text(path.read_text(encoding="utf-8") + "short\n", encoding="utf-8")
    counted = count_links([path])
    assert counted.said == [(4, "row not read: 1 cell where the header has 2")]
    assert counted.pages[PAGE].raw == 2


def test_a_folder_with_an_odd_name_is_no_pattern(tmp_path: Path) -> None:
    for folder, hosts in (("a[b]*", ["a.example"]), ("ab1", ["b.example", "c.example"])):
        (tmp_path / folder).mkdir()
        write_links(tmp_path / folder / "links.csv", links_from(*hosts))
    assert raw_of(tmp_path / "a[b]*" / "links.csv") == 1


ODD_FOLDERS = ["~", "file:", "http:", "a\\[b", "**", "a[!b]", "{a,b}", "$HOME", " "]


@pytest.mark.parametrize("folder", ODD_FOLDERS)
def test_a_folder_is_itself_whatever_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    write_links(home / "links.csv", links_from(*(f"secret{n}.example" for n in range(3))))
    monkeypatch.setenv("HOME", str(home))
    for number, other in enumerate(ODD_FOLDERS):
        (tmp_path / other).mkdir()
        hosts = [f"other{number}.example"] * 4 if other != folder else ["a.example", "b.example"]
        write_links(tmp_path / other / "links.csv", links_from(*hosts))
    monkeypatch.chdir(tmp_path)
    assert raw_of(Path(folder) / "links.csv", tmp_path / folder / "links.csv") == 2


def test_a_link_to_a_file_is_read_as_the_file(tmp_path: Path) -> None:
    path = write_links(tmp_path / "links.csv", links_from("a.example"))
    (tmp_path / "folder").mkdir()
    link = tmp_path / "folder" / "link[1].csv"
    link.symlink_to(path)
    assert raw_of(link) == 1


LINKS_OF_KINDS = [
    *links_from("a.example", "b.example", lost="false", nofollow="false", spam="false"),
    *links_from("c.example", lost="true", nofollow="false", spam="false"),
    *links_from("d.example", lost="false", nofollow="true", spam="true"),
]


LIKE_COLUMNS = (
    *("lost=true", "nofollow=true", "spam=true", "target_url=x", "source_url=x", "path=q"),
    *("c0=", "c1=https:", "address=x", "file=7", "piece=7", "filename=x", "plain=false"),
    *("file_row_number=1", "a=1/lost=true"),
)


@pytest.mark.parametrize("write", [write_links, write_links_as_parquet], ids=["CSV", "Parquet"])
def test_no_name_of_a_folder_is_taken_for_a_column(
    tmp_path: Path, write: Callable[..., Path]
) -> None:
    question = NO_RULES._replace(rules=choose("all", {}, on=["spam", "nofollow"]))
    plain = count_links([write(tmp_path / "links", LINKS_OF_KINDS)], question).pages
    folder = tmp_path.joinpath(*LIKE_COLUMNS)  # every folder of a path could be a column
    folder.mkdir(parents=True)
    assert count_links([write(folder / "links", LINKS_OF_KINDS)], question).pages == plain


def test_a_relative_path_is_read_from_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_links(tmp_path / "links.csv", links_from("a.example"))
    monkeypatch.chdir(tmp_path)
    assert raw_of(Path("links.csv")) == 1


@pytest.mark.parametrize(
    "heading",
    [
        pytest.param('"; drop table link; --', id="double quote"),
        pytest.param(INJECTION, id="apostrophe"),
        pytest.param("c0", id="a column's own name"),
        pytest.param("path", id="the path's name"),
        pytest.param("$files", id="parameter"),
        pytest.param("source_url'", id="almost a heading"),
        pytest.param("", id="nothing"),
        pytest.param("a\\", id="backslash"),
    ],
)
def test_a_heading_is_no_sql(tmp_path: Path, heading: str) -> None:
    headings = [heading, "source_url", "target_url", heading]
    rows = [[heading, f"https://{h}.example/", "https://target.example/page", "x"] for h in "ab"]
    counted = count_links([write_table(tmp_path / "links.csv", [headings, *rows])])
    assert counted.pages[PAGE].raw == 2
    assert counted.problems == ()


@pytest.mark.parametrize("heading", ["Source url", '"Source url"', " Source  url "])
def test_the_heading_that_marks_a_repeated_header_is_no_sql(tmp_path: Path, heading: str) -> None:
    headings = [heading, "Target url", "Lost link", "Page ascore'; --"]
    headings[3] = "Page ascore"
    rows = [[f"https://{h}.example/", "https://target.example/page", "false", "3"] for h in "ab"]
    path = tmp_path / "links.csv"
    text = ",".join(h if h.startswith('"') else f'"{h}"' for h in headings)
    body = "\n".join(",".join(row) for row in rows)
    path.write_text(f"{text}\n{body}\n{text}\n", encoding="utf-8")
    counted = count_links([path])
    assert counted.pages[PAGE].raw == 2
    assert counted.said == [(4, "row not read: the header is repeated here")]


@pytest.mark.parametrize("text", [INJECTION, '"; drop table link; --', "$rules", "%(x)s", "\\', '"])
def test_a_cell_is_no_sql(tmp_path: Path, text: str) -> None:
    links = links_from("a.example", "b.example", anchor=text, title=text, kind=text, language=text)
    links += [{"source_url": f"https://{text}/", "anchor": "x"}]
    question = NO_RULES._replace(
        rules=choose(
            "balanced", {"topic": ("a.example", text), "block_anchor": (text,), "language": (text,)}
        ),
        known=Known({PAGE: text}, text, frozenset({text})),
    )
    page = count_links([write_links(tmp_path / "links.csv", links)], question).pages[PAGE]
    assert page.raw == 2


def test_nothing_is_written_to_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_links(tmp_path / "links.csv", links_from("a.example", "b.example"))
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    assert raw_of(path) == 2
    assert names_in(tmp_path / "empty") == []
    assert names_in(home) == []
    assert names_in(tmp_path) == ["empty", "home", "links.csv"]


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        pytest.param("autoinstall_known_extensions", False, id="no extension is installed"),
        pytest.param("autoload_known_extensions", False, id="none is loaded"),
        pytest.param("allow_community_extensions", False, id="none of strangers is allowed"),
        pytest.param("enable_external_access", False, id="no file and no network"),
        pytest.param("lock_configuration", True, id="no setting can be changed"),
        pytest.param("enable_progress_bar", False, id="no progress bar"),
    ],
)
def test_the_settings_are_closed(workspace: Workspace, setting: str, *, value: bool) -> None:
    with closing(connect(workspace, [], None)) as engine:
        found = engine.query("select current_setting($name)", {"name": setting})
    assert found == [(value,)]


def test_temporary_files_lie_in_the_private_folder(workspace: Workspace) -> None:
    with closing(connect(workspace, [], None)) as engine:
        ((folder,),) = engine.query("select current_setting('temp_directory')")
    assert Path(folder).parent == workspace.folder
    assert workspace.folder.stat().st_mode & 0o077 == 0


def test_only_named_files_can_be_read(tmp_path: Path, workspace: Workspace) -> None:
    named, other = (write_links(tmp_path / n, links_from("a.example")) for n in ("a", "b"))
    with closing(connect(workspace, [named], None)) as engine:
        read = "select count(*) from read_csv($path, header = true)"
        assert engine.query(read, {"path": str(named)}) == [(1,)]
        with pytest.raises(duckdb.PermissionException):
            engine.query(read, {"path": str(other)})


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("select * from read_text('/etc/passwd')", id="a file of the system"),
        pytest.param("select * from glob('/*')", id="a folder"),
        pytest.param("copy (select 1) to '/tmp/gapcalc-never.csv'", id="writing"),
        pytest.param("attach '/tmp/gapcalc-never.db'", id="a database"),
        pytest.param("select * from 'https://example.com/a.csv'", id="the network"),
        pytest.param("install httpfs", id="installing"),
        pytest.param("load httpfs", id="loading"),
        pytest.param("set enable_external_access = true", id="opening it again"),
        pytest.param("set memory_limit = '1GB'", id="a setting"),
    ],
)
def test_nothing_else_can_be_reached(workspace: Workspace, statement: str) -> None:
    with closing(connect(workspace, [], None)) as engine, pytest.raises(duckdb.Error):
        engine.execute(statement)
    assert not Path("/tmp/gapcalc-never.csv").exists()  # noqa: S108  (the engine must not make it)


@pytest.mark.parametrize("memory", ["much", "12 bananas", "GB", "'; drop"])
def test_an_invalid_amount_of_memory_is_reported(
    tmp_path: Path, workspace: Workspace, memory: str
) -> None:
    with pytest.raises(UsageError) as error:
        connect(workspace, [], memory)
    assert str(error.value) == (
        f"--memory-limit {memory} is not an amount of memory; write it as 512MB or 2GB"
    )
    path = write_links(tmp_path / "links.csv", links_from("a.example"))
    with pytest.raises(UsageError):
        count_links([path], NO_RULES._replace(memory=memory))


@pytest.mark.parametrize("memory", ["512MB", "2GB", "1.5 GiB", "800000kb"])
def test_an_amount_of_memory_is_taken(workspace: Workspace, memory: str) -> None:
    connect(workspace, [], memory).close()


def test_too_little_memory_is_reported_with_what_to_do(tmp_path: Path) -> None:
    path = write_links(tmp_path / "links.csv", links_from("a.example"))
    with pytest.raises(EngineMemoryError, match="does not fit into 1MB of memory"):
        count_links([path], NO_RULES._replace(memory="1MB"))


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


def test_the_private_folder_is_gone_after_success(tmp_path: Path, temporary: Path) -> None:
    path = write_links(tmp_path / "links.csv", links_from("a.example"))
    path.write_text("a title\n" + path.read_text(), encoding="utf-8")
    workspace = Workspace()
    with open_links([(1, open_source(path))], NO_RULES, workspace):
        assert [entry.parent for entry in workspace.folder.iterdir()] != []
        assert names_in(temporary) == [workspace.folder.name]
    workspace.remove()
    assert names_in(temporary) == []


def test_the_private_folder_is_gone_after_an_error(tmp_path: Path, temporary: Path) -> None:
    path = write_links(tmp_path / "links.csv", links_from("a.example"))
    with pytest.raises(EngineMemoryError):
        count_links([path], NO_RULES._replace(memory="1MB"))
    assert names_in(temporary) == []


def test_a_workspace_makes_no_folder_before_it_needs_one(temporary: Path) -> None:
    workspace = Workspace()
    assert names_in(temporary) == []
    first, second = workspace.new_path(".a"), workspace.new_path(".a")
    assert first != second
    assert len(names_in(temporary)) == 1
    workspace.remove()
    workspace.remove()
    assert names_in(temporary) == []


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_a_private_workspace_is_gone_whichever_way_it_ends(
    temporary: Path, error: type[BaseException]
) -> None:
    before = signal.getsignal(signal.SIGTERM)
    with private_workspace(print) as workspace:
        workspace.new_path(".a").touch()
        assert names_in(temporary) == [workspace.folder.name]
    assert names_in(temporary) == []
    with pytest.raises(error), private_workspace(print) as workspace:  # noqa: PT012  (the state inside matters)
        workspace.new_path(".a").touch()
        raise error
    assert names_in(temporary) == []
    assert signal.getsignal(signal.SIGTERM) == before
