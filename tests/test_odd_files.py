"""Files with odd names, odd kinds or no permission are reported; no other file is lost."""

import os
import shutil
import socket
import sys
import time
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from gapcalc.inputs.find import find_sources
from packing import write_parquet, write_workbook
from running import COMMAND, FIXTURES, Run, ask, run, run_process
from tables import OURS, links_to, write_links, write_rows, write_serp

MANIFEST = "gapcalc-manifest.json"
NOT_UTF_8 = os.fsdecode(b"bad\xff.csv")
LONG = "a" * 300 + ".csv"
DEEP = ("a" * 200 + "/") * 30 + "b"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes"),
]

_AS_ANYBODY = (
    *("setpriv", "--bounding-set", "-dac_override,-dac_read_search"),
    *("--inh-caps", "-dac_override,-dac_read_search"),
)


def told(done: Run, *codes: int) -> bool:
    """Say whether a run ended with one of the codes and with one sentence."""
    return (
        done.code in codes
        and "Traceback" not in done.err
        and done.err.startswith("gapcalc: ")
        and done.err.count("\n") == 1
    )


@pytest.fixture
def place(tmp_path: Path) -> Path:
    write_serp(tmp_path / "serp.csv", [5, 4, 3])
    write_links(tmp_path / "links.csv", {OURS: 3})
    return tmp_path


# --- names ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [LONG, DEEP, "loop/below.csv", ""])
@pytest.mark.parametrize(
    "arguments",
    [
        ("{}",),
        ("*{}",),
        ("serp.csv", "--links-for", OURS + "={}"),
        ("serp.csv", "--output", "{}"),
        ("serp.csv", "--config", "{}"),
        ("serp.csv", "--psl", "{}"),
        ("serp.csv", "--kd-scale", "{}"),
        ("links.csv", "--block-domains", "{}"),
        ("links.csv", "--explain", "{}"),
        ("export", "serp.csv", "-o", "{}.csv"),
        ("export", "serp.csv", "-o", "{}/"),
        ("benchmark", "--kd-scale", "{}"),
    ],
    ids=" ".join,
)
def test_a_name_that_leads_nowhere_is_reported(
    place: Path, arguments: Sequence[str], name: str
) -> None:
    (place / "loop").symlink_to("loop")
    (place / "loop.csv").symlink_to("loop.csv")
    named = [argument.replace("{}", name) for argument in arguments]
    if name == "" and arguments[0] in {"*{}", "export"}:
        pytest.skip("that is a name")

    assert told(run(*named, cwd=place), 2, 3)
    assert (place / "loop.csv").is_symlink()


@pytest.mark.parametrize("name", [NOT_UTF_8, "link.csv", "nowhere.csv", "empty.csv"])
def test_a_bad_name_in_a_folder_loses_no_other_file(place: Path, name: str) -> None:
    folder = place / "folder"
    folder.mkdir()
    shutil.copy(place / "serp.csv", folder)
    if name == "link.csv":
        (folder / name).symlink_to(name)
    elif name == "nowhere.csv":
        (folder / name).symlink_to("nothing")
    elif name == "empty.csv":
        (folder / name).touch()
    else:
        shutil.copy(place / "links.csv", folder / name)

    done = run("folder", "-v", cwd=place)

    assert done.code == 0
    assert done.err.count("\n") == 2
    assert "folder/serp.csv: gapcalc-serp, 3 rows" in done.err


def test_a_name_that_is_no_utf_8_is_read_like_any_other(place: Path) -> None:
    files = [place / folder / NOT_UTF_8 for folder in (".", os.fsdecode(b"d\xfe"))]
    for file in files:
        file.parent.mkdir(exist_ok=True)
        shutil.copy(place / "links.csv", file)

        (page,) = ask(file, cwd=place)["pages"]

        assert page["raw"] == 3, ascii(file)

    written = run_process("export", files[1], "-o", place / "o.csv")
    assert written.code == 0, written.err


# --- kinds ---------------------------------------------------------------------------------------


def _fifo(path: Path) -> None:
    os.mkfifo(path)


def _endless(path: Path) -> None:
    path.symlink_to("/dev/zero")


def _folder(path: Path) -> None:
    path.mkdir()


def _huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(10**9)


@pytest.mark.parametrize("make", [_fifo, _endless, _folder, _huge])
@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        (MANIFEST, (".",)),
        (MANIFEST, ("serp.csv",)),
        ("x", ("serp.csv", "--psl", "x")),
        ("x", ("serp.csv", "--kd-scale", "x")),
        ("x", ("links.csv", "--block-domains", "x")),
        ("x", ("serp.csv", "--config", "x")),
        ("x", ("benchmark", "--kd-scale", "x")),
    ],
)
def test_what_is_no_small_file_is_not_read(
    place: Path, name: str, arguments: Sequence[str], make: Callable[[Path], None]
) -> None:
    make(place / name)

    assert told(run(*arguments, cwd=place), 2, 3)


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as opened:
        opened.bind(path.name)


def _device(path: Path) -> None:
    path.symlink_to("/dev/null")


@pytest.mark.parametrize(
    ("named", "make"),
    [(".", _fifo), ("*.csv", _endless), (".", _socket), ("*.csv", _device)],
)
def test_what_is_no_file_in_a_folder_is_said_and_not_waited_for(
    place: Path, monkeypatch: pytest.MonkeyPatch, named: str, make: Callable[[Path], None]
) -> None:
    monkeypatch.chdir(place)
    make(place / "odd.csv")

    done = run(named, cwd=place)

    assert done.code == 0
    assert "odd.csv: skipped: it is a pipe or device, and no file" in done.err
    assert "odd.csv (it is a pipe or device, and no file)" in " ".join(done.out.split())


def test_an_impossible_duration_is_reported(place: Path) -> None:
    header = ["keyword", "position", "url", "referring_domains", "x"]
    numbers = (10**9, 10.0**10, -(10.0**10), 1e300)
    for number in numbers:
        row = ["lamp", 1, "https://a.example/", 5, (number, "[h]:mm")]
        write_workbook(place / f"of{number}.xlsx", {"S": [header, row]})

        done = run(f"of{number}.xlsx", cwd=place)

        assert told(done, 3), number
        assert "a cell holds a duration of a billion days or more" in done.err, number

    beside = run(".", cwd=place)

    assert beside.code == 0
    assert [f"of{number}.xlsx" in beside.err for number in numbers] == [True] * len(numbers)


def test_a_member_without_a_name_loses_no_other(place: Path) -> None:
    with zipfile.ZipFile(place / "a.zip", "w") as archive:
        nameless = zipfile.ZipInfo("x")
        nameless.filename = ""
        archive.writestr(nameless, "junk")
        archive.write(place / "serp.csv", "serp.csv")

    assert ask("a.zip", cwd=place)["goals"]["n"] == 3


# --- leave ---------------------------------------------------------------------------------------


@pytest.mark.skipif(not shutil.which("setpriv"), reason="setpriv is not installed")
@pytest.mark.parametrize(
    ("arguments", "codes", "mode"),
    [
        (("closed/serp.csv",), (3,), 0o600),
        (("closed/serp.csv",), (0,), 0o300),
        (("closed/serp.csv",), (3,), 0o000),
        (("closed",), (3,), 0o300),
        (("closed/*",), (3,), 0o000),
        (("serp.csv", "--output", "closed/o.txt"), (2,), 0o600),
        (("export", "serp.csv", "-o", "closed/o.csv"), (0,), 0o300),
        (("export", "serp.csv", "-o", "closed/d/"), (2,), 0o000),
        (("serp.csv", "--links-for", f"{OURS}=closed/links.csv"), (3,), 0o600),
        (("serp.csv", "--psl", "closed/serp.csv"), (2,), 0o000),
    ],
)
def test_a_folder_without_permission_is_reported(
    place: Path, arguments: Sequence[str], codes: Sequence[int], mode: int
) -> None:
    closed = place / "closed"
    closed.mkdir()
    shutil.copy(place / "serp.csv", closed)
    write_rows(closed / "links.csv", [{"source_url": "https://a.example/x", "anchor": "a"}])
    closed.chmod(mode)

    done = run_process(*arguments, cwd=place, command=(*_AS_ANYBODY, *COMMAND))
    closed.chmod(0o700)

    assert done.code in codes
    assert done.code == 0 or told(done, 2, 3)


# --- change --------------------------------------------------------------------------------------

_CHANGES: Mapping[str, Callable[[Path], object]] = {
    "deleted": Path.unlink,
    "shrunk": lambda path: os.truncate(path, 200),
    "emptied": lambda path: os.truncate(path, 0),
    "grown": lambda path: path.write_bytes(path.read_bytes() + b"x"),
    "replaced": lambda path: path.write_bytes(b"x" * path.stat().st_size),
}


_CHANGED = (
    "gapcalc: {}: it was changed while it was read. Run it again when nothing writes to the file\n"
)


def change_once_opened(monkeypatch: pytest.MonkeyPatch, path: Path, change: str) -> None:
    """Change a file once all inputs were opened, without changing what the program does."""

    def then_change(*arguments: Any) -> Any:  # noqa: ANN401  (whatever find_sources takes)
        found = find_sources(*arguments)
        _CHANGES[change](path)
        return found

    monkeypatch.setattr("gapcalc.commands.prepare.find_sources", then_change)


@pytest.mark.parametrize("change", ["deleted", "shrunk", "replaced"])
@pytest.mark.parametrize("command", ["prospects", "audit", "plan"])
def test_every_command_tells_that_a_file_changes(
    place: Path, monkeypatch: pytest.MonkeyPatch, command: str, change: str
) -> None:
    inputs = ("serp.csv", "links.csv")[command == "audit" :]
    change_once_opened(monkeypatch, place / "links.csv", change)

    done = run(command, *inputs, "--target", OURS, "-o", "answer.html", cwd=place)

    assert (done.code, done.err) == (3, _CHANGED.format("links.csv"))
    assert not (place / "answer.html").exists()


@pytest.mark.parametrize("change", _CHANGES)
@pytest.mark.parametrize("name", ["serp.csv", "links.csv", "wide.csv", "links.parquet"])
@pytest.mark.parametrize("command", ["gap", "export"])
def test_a_file_that_changes_while_it_is_read_is_reported(
    place: Path, monkeypatch: pytest.MonkeyPatch, command: str, name: str, change: str
) -> None:
    if name == "wide.csv":
        text = write_rows(place / name, links_to(OURS, 3)).read_text()
        (place / name).write_text(text, encoding="utf-16")
    if name == "links.parquet":
        rows = [[str(cell) for cell in row.values()] for row in links_to(OURS, 3)]
        write_parquet(place / name, ["source_url", "target_url"], rows)
    change_once_opened(monkeypatch, place / name, change)
    more = ["-o", "o.zip"] if command == "export" else []

    done = run(command, name, *more, cwd=place)

    assert (done.code, done.err) == (3, _CHANGED.format(name))
    assert not (place / "o.zip").exists()


# --- outputs -------------------------------------------------------------------------------------


@pytest.mark.parametrize("mask", [0o022, 0o077])
def test_a_new_output_follows_the_mask_and_an_old_one_keeps_its_mode(
    place: Path, mask: int
) -> None:
    for name in ("old.csv", "old.zip"):
        (place / name).touch(mode=0o640)
        (place / name).chmod(0o640)

    before = os.umask(mask)
    try:
        for name in ("old.csv", "new.csv", "old.zip", "new.zip", "new/"):
            start = ("export",) if name[-4:] != ".csv" else ("gap",)
            assert run(*start, "serp.csv", "-o", name, cwd=place).code == 0, name
    finally:
        os.umask(before)

    modes = {path.name: path.stat().st_mode & 0o777 for path in place.glob("*.[cz][si][vp]")}
    assert modes["old.csv"] == modes["old.zip"] == 0o640
    assert modes["new.csv"] == modes["new.zip"] == 0o666 & ~mask
    assert (place / "new" / MANIFEST).stat().st_mode & 0o777 == 0o666 & ~mask


@pytest.mark.parametrize("output", ["old/", "linked/"])
def test_a_folder_that_is_replaced_keeps_its_mode(place: Path, output: str) -> None:
    (place / "old").mkdir(mode=0o700)
    (place / "linked").symlink_to("old")

    assert run("export", "serp.csv", "links.csv", "-o", output, cwd=place).code == 0
    assert (place / "linked").is_symlink()
    assert (place / "old" / MANIFEST).exists()
    assert (place / "old").stat().st_mode & 0o777 == 0o700


def test_what_is_exported_to_a_pipe_goes_through_it(place: Path) -> None:
    # Replacing a device, as root can, would break the system.
    os.mkfifo(place / "pipe")
    (place / "pipe.csv").symlink_to("pipe")
    reader = os.open(place / "pipe", os.O_RDONLY | os.O_NONBLOCK)

    done = run("export", "links.csv", "-o", "pipe.csv", cwd=place)

    said = os.read(reader, 65536)
    os.close(reader)
    run("export", "links.csv", "-o", "plain.csv", cwd=place)
    assert (done.code, (place / "pipe").is_fifo()) == (0, True)
    assert said == (place / "plain.csv").read_bytes()


def test_what_a_killed_run_left_is_removed_by_the_next(place: Path) -> None:
    script = """
import os, shutil
from gapcalc.cli import output, run
shutil.copymode = lambda *_: os.kill(os.getpid(), 9)
run()
"""
    (place / "o.csv").touch()
    (place / "other.csv").touch()
    before = set(place.iterdir())
    run_process("serp.csv", "-o", "o.csv", cwd=place, command=(sys.executable, "-c", script))
    left = set(place.iterdir()) - before

    run("serp.csv", "-o", "other.csv", cwd=place)
    after_another = set(place.iterdir()) - before
    run("serp.csv", "-o", "o.csv", cwd=place)

    assert len(left) == 1
    assert after_another == left
    assert set(place.iterdir()) == before


def test_an_export_is_read_again_whatever_characters_are_in_it(place: Path) -> None:
    odd = "\x9b\u202e\u2028\ufeff\u200b\U000e0041"
    rows = [*links_to(OURS, 300, anchor="a"), *links_to(OURS, 1, anchor=f"a\0{odd}")]
    write_rows(place / f"odd{odd}.csv", rows)

    for name in ("o.csv", "o.parquet", "o.zip", "o/"):
        assert run("export", f"odd{odd}.csv", "-o", name, cwd=place).code == 0
        assert ask(name, cwd=place)["pages"][0]["raw"] == 300
    (csv,) = (place / "o").glob("*.csv")
    assert b"\0" not in csv.read_bytes() + (place / "o.csv").read_bytes()
    assert not set(odd) & set((place / "o" / MANIFEST).read_text(encoding="utf-8"))


# --- linear --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments", [("--x\u202e\u2028",), ("{}", "--top", "\u202e"), ("schema", "\x1b")]
)
def test_an_argument_in_an_error_is_shown_harmless(arguments: Sequence[str]) -> None:
    done = run(*[a.replace("{}", str(FIXTURES / "vendors/gapcalc-serp.csv")) for a in arguments])

    assert done.code == 2
    assert not set("\u202e\u2028\x1b") & set(done.err)


def _seconds(place: Path, rows: int, line: str) -> float:
    header = "keyword,position,url,referring_domains,title,a,b,c,d,e,f,g,h"
    (place / "t.csv").write_text(f"{header}\n" + line * rows)
    start = time.process_time()
    run("t.csv", "-q", cwd=place)
    return time.process_time() - start


@pytest.mark.parametrize(
    "line",
    [
        pytest.param('lamp,1,"open\n', id="an open quote a line"),
        pytest.param("lamp,1,https://a.example/\n", id="short rows"),
        pytest.param('lamp,1,https://a.example/,5,"""\n', id="quotes alone"),
        pytest.param(f"lamp,1,https://{'食' * 70}.example/,5,,,,,,,,,\n", id="long labels"),
    ],
)
def test_time_grows_as_the_file_does(place: Path, line: str) -> None:
    _seconds(place, 10, line)

    assert _seconds(place, 16_000, line) < 8 * max(_seconds(place, 4_000, line), 0.1)


def test_a_header_may_be_long_and_its_rows_lie_far_down(place: Path) -> None:
    for columns in (9_000, 20_000):
        more = "".join(f",h{number}" for number in range(columns))
        row = f"https://a.example/,{OURS}{',x' * columns}\n"
        (place / f"{columns}.csv").write_text(f"source_url,target_url{more}\n{row}")

    (page,) = ask("9000.csv", cwd=place)["pages"]
    done = run("20000.csv", cwd=place)

    assert page["raw"] == 1
    assert told(done, 3)
    assert "20000.csv: its header is longer than 64 kB" in done.err


@pytest.mark.parametrize("shares", [True, False], ids=["of one page", "of a page each"])
def test_time_grows_as_the_number_of_files_in_an_archive(place: Path, shares: bool) -> None:  # noqa: FBT001  (a parameter of the test)
    def seconds(files: int) -> float:
        with zipfile.ZipFile(place / "lists.zip", "w") as archive:
            for number in range(files):
                target = OURS if shares else f"https://page{number}.example/"
                row = f"https://site{number}.example/,{target}\n"
                archive.writestr(f"{number}.csv", f"source_url,target_url\n{row}")
        start = time.process_time()
        assert run("lists.zip", "-q", cwd=place).code == 0
        return time.process_time() - start

    seconds(10)
    assert seconds(400) < 8 * seconds(100)
