"""Strangers' text does no harm, no files are left behind, nothing goes over the network."""

import csv
import errno
import html
import io
import json
import os
import resource
import signal
import subprocess
import sys
import time
import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from running import COMMAND, FIXTURES, PATIENCE, TEXT_FORMATS, command_after, run, run_process
from tables import write_rows, write_serp

pytestmark = pytest.mark.slow

HOSTILE = "broken/hostile.csv"
KEYWORDS = ("[bold red]desk lamp[/bold red]", '=HYPERLINK("https://evil.example")')
ESCAPES = "\x1b[31m\x9b2J\x07\x7f"
BIDI = "\u202e\u2066\u200f\u061c"
HIDDEN = "\u200b\u200c\u200d\u2060\u00ad\ufeff\U000e0041\ufff9\ufffb\ufe01\U000e0101\u2028"
WIDTHS = (80, 100)
FORMS_AND_WIDTHS = [
    (form, columns) for form in TEXT_FORMATS for columns in (WIDTHS if form == "table" else (100,))
]
"""Only tables depend on the width of the screen."""
PLAIN = {"table", "json", "jsonl", "csv", "markdown"}
"""Formats that show a tag as text; what Markdown does with it, its own tests say."""


def harmful(text: str) -> set[str]:
    """Give characters that control a terminal, change the direction of text, or are invisible."""
    return {
        character
        for character in set(text) - {"\n"}
        if unicodedata.category(character) in {"Cc", "Cf", "Zl", "Zp"}
        or unicodedata.name(character, "").startswith("VARIATION SELECTOR")
    }


def hostile_serp(path: Path) -> Path:
    """Write a SERP with harm in every cell that may reach the reader's screen."""
    harm = f"{ESCAPES}{BIDI}{HIDDEN}[red]x[/red]<script>x</script>"
    cells = {
        "keyword": f"lamp{harm}",
        "country": f"us{harm}",
        "metric": "\x1b[2J",
        "authority": 7,
        "kd": 5,
        "kd_vendor": f"me{harm}",
    }
    rows = [
        {**cells, "position": n, "url": f"https://rival{n}.example/{harm}", "referring_domains": n}
        for n in (1, 2, 3)
    ]
    bad = {**cells, "position": 4, "url": f"no url {harm}", "kd": f"no {harm}"}
    return write_rows(path, [*rows, bad])


def test_what_counts_as_harm_is_seen() -> None:
    every = ESCAPES + BIDI + HIDDEN
    assert harmful(every) == set(every) - set("[31m2J")
    assert harmful("[red]plain[/red]\n") == set()


@pytest.mark.parametrize(
    ("options", "columns"),
    [
        *(pytest.param([], columns, id=f"summary-{columns}") for columns in WIDTHS),
        *(
            pytest.param(["--keyword", keyword], columns, id=f"{keyword[:5]}-{columns}")
            for keyword in KEYWORDS
            for columns in WIDTHS
        ),
        *(
            pytest.param(["--format", form], columns, id=f"{form}-{columns}")
            for form, columns in FORMS_AND_WIDTHS
        ),
    ],
)
def test_hostile_text_reaches_the_screen_without_its_harm(
    options: Sequence[str], columns: int
) -> None:
    done = run(HOSTILE, "-v", *options, columns=columns)

    assert done.code == 0
    assert harmful(done.out) == set()
    assert harmful(done.err) == set()


@pytest.mark.parametrize(("form", "columns"), FORMS_AND_WIDTHS)
def test_no_cell_of_a_file_can_harm_the_screen(tmp_path: Path, form: str, columns: int) -> None:
    serp = hostile_serp(tmp_path / f"s{ESCAPES}{BIDI}{HIDDEN}.csv")

    done = run(serp, "-v", "--format", form, columns=columns)

    assert done.code == 0
    assert done.err.count("\n") == 3
    assert harmful(done.out) == set()
    assert form in PLAIN or "<script>x" not in done.out
    assert harmful(done.err) == set()


@pytest.mark.parametrize("form", ["table", "json", "csv", "markdown", "html", "xlsx"])
@pytest.mark.parametrize("command", ["gap", "prospects", "audit", "plan"])
def test_no_command_shows_hidden_text_of_links(tmp_path: Path, command: str, form: str) -> None:
    harm = f"{ESCAPES}{BIDI}{HIDDEN}"
    serp = hostile_serp(tmp_path / "serp.csv")
    page = f"https://rival1.example/{harm}[red]x[/red]<script>x</script>"
    rows = [
        {
            "source_url": f"https://s{number}.example/{harm}",
            "target_url": target,
            "anchor": f"=1{harm}",
            "source_title": f"\uff1d1{harm}",
            "nofollow": "false",
        }
        for number in range(5)
        for target in (page, "https://me.example/")[: 1 + (number < 2)]
    ]
    links = write_rows(tmp_path / f"links{harm}.csv", rows)
    named = {"GAPCALC_TITLE": f"=T{harm}", "GAPCALC_CLIENT": f"@C{harm}"}
    target = ("--target", "https://me.example/", "--format", form)

    done = run(command, *([serp] if command != "audit" else []), links, *target, environment=named)

    shown = [done.out]
    if form == "xlsx":
        with zipfile.ZipFile(io.BytesIO(done.data)) as book:
            parts = [name for name in book.namelist() if name.endswith(".xml")]
            shown = [book.read(name).decode() for name in parts]
    assert done.code == 0
    assert harmful(html.unescape("".join(shown)).replace("\r\n", "\n")) == set()
    assert form != "xlsx" or "<f>" not in "".join(shown)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(f"{ESCAPES}{BIDI},b\n1,2\n", id="unknown headings"),
        pytest.param(f"keyword,position,url\n{BIDI}{ESCAPES[:4]},1,https://a.example\n", id="rows"),
    ],
)
def test_no_error_message_carries_harm(tmp_path: Path, data: str) -> None:
    (tmp_path / "bad.csv").write_text(data)

    done = run("bad.csv", "--keyword", f"x{ESCAPES}", cwd=tmp_path)

    assert done.code in {2, 3}
    assert harmful(done.err) == set()


def test_markup_is_shown_as_it_is_written() -> None:
    assert KEYWORDS[0] in run(HOSTILE).out
    full = run(HOSTILE, "--keyword", KEYWORDS[0]).out
    assert full.startswith(f"{KEYWORDS[0]} ")
    assert "a.example/[link=https://evil.example]x[/link]" in full
    assert "d.example/<script>alert(1)</script>" in full


def test_what_is_escaped_can_still_be_told_apart() -> None:
    assert "b.example/?q=\\x1b[31mred" in run(HOSTILE, "--keyword", KEYWORDS[0]).out


@pytest.mark.parametrize("keyword", ["می\u200cز", "👩\u200d💻 desk", "👁️\u200d🗨️", "क्\u200dष"])
def test_words_that_need_a_joiner_are_shown_as_they_are_written(
    tmp_path: Path, keyword: str
) -> None:
    serp = write_serp(tmp_path / "s.csv", [1, 2, 3], more={"keyword": keyword})

    assert run(serp).out.startswith(f"{keyword} ")


def test_json_gives_the_very_text_back() -> None:
    pages = json.loads(run(HOSTILE, "--keyword", KEYWORDS[0], "--json").out)["keywords"][0]["pages"]

    assert pages[1]["url"] == "https://b.example/?q=\x1b[31mred"
    assert pages[2]["url"] == "https://c.example/\u202egnp.exe"


FORMULA_STARTS = "=+-@\t\r\uff1d\uff0b\uff0d\uff20"


def test_no_csv_cell_starts_as_a_formula_does(tmp_path: Path) -> None:
    rows = [
        {
            "keyword": f"{start}1+{n}",
            "country": f"{start}cmd",
            "metric": f"{start}A1",
            "position": 1,
            "url": url,
            "referring_domains": 1,
            "authority": 1,
        }
        for n, start in enumerate(FORMULA_STARTS)
        for url in ("=a.example", "https://b.example/x")
    ]

    done = run(write_rows(tmp_path / "s.csv", rows), "--format", "csv")

    written = {row["keyword"][-1]: row for row in csv.DictReader(io.StringIO(done.out))}
    for n, start in enumerate(FORMULA_STARTS):
        assert written[str(n)]["keyword"].endswith(f"1+{n}"), repr(start)
        for name, cell in written[str(n)].items():
            assert not cell.startswith(tuple(FORMULA_STARTS)), (start, name)
    assert len(written) == len(FORMULA_STARTS)


def test_a_formula_is_written_with_an_apostrophe_and_nothing_lost() -> None:
    text = run(HOSTILE, "--keyword", KEYWORDS[1], "--format", "csv").out

    (row,) = csv.DictReader(io.StringIO(text))
    assert row["keyword"] == f"'{KEYWORDS[1]}"


# --- nothing goes out ----------------------------------------------------------------------------

NO_NETWORK = """
import os, sys

def watch(event, _arguments):
    if event.startswith("socket."):
        os.write(2, f"{event} was called".encode())
        os._exit(99)

sys.addaudithook(watch)
"""


QUESTIONS = {
    "every format": ["gap", "vendors"],
    "a full answer": ["gap", "standing-desk", "--sensitivity", "--json"],
    "benchmark": ["benchmark"],
    "rules": ["rules"],
    "schema": ["schema", "gap"],
    "version": ["--version"],
}


def test_no_command_opens_a_socket() -> None:
    # One process for all questions: the last that is named is the one that opens a socket.
    program = f"""
{NO_NETWORK}
from gapcalc.cli import main
for name, arguments in {QUESTIONS!r}.items():
    os.write(2, f"<{{name}}>".encode())
    try:
        main(arguments)
    except SystemExit as end:
        assert not end.code, (name, end.code)
"""

    done = run_process(command=(sys.executable, "-c", program))

    assert done.code == 0, done.err
    assert "socket" not in done.err
    assert all(f"<{name}>" in done.err for name in QUESTIONS)


def test_the_watch_on_sockets_would_see_one() -> None:
    done = run_process(command=command_after(f"{NO_NETWORK}import socket; socket.socket()"))

    assert (done.code, done.err) == (99, "socket.__new__ was called")


# --- nothing is left behind ----------------------------------------------------------------------


def everything_in(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["vendors"], id="an answer"),
        pytest.param(["standing-desk", "--memory-limit", "40MB"], id="little memory"),
        pytest.param(["broken/binary.csv"], id="an error"),
        pytest.param(["standing-desk", "--keyword", "none"], id="a question that cannot be asked"),
    ],
)
def test_a_run_leaves_no_file_anywhere(tmp_path: Path, arguments: Sequence[str]) -> None:
    for name in ("here", "home", "temporary"):
        (tmp_path / name).mkdir()
    (tmp_path / "here" / "fixtures").symlink_to(FIXTURES)
    before = everything_in(tmp_path)
    names = [f"fixtures/{arguments[0]}", *arguments[1:]]
    places = {"HOME": str(tmp_path / "home"), "TMPDIR": str(tmp_path / "temporary")}

    run_process(*names, cwd=tmp_path / "here", environment=places)

    assert everything_in(tmp_path) == before


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(("serp.csv", "-o", "serp.csv"), id="the answer"),
        pytest.param((".", "-o", "serp.csv"), id="a file in a folder"),
        pytest.param(("serp.csv", "-o", "link.csv"), id="a link to it"),
        pytest.param(("serp.csv", "--explain", "serp.csv"), id="the SQL"),
        pytest.param(("export", "serp.csv", "-o", "serp.csv"), id="an export"),
        pytest.param(("export", "serp.zip", "-o", "serp.zip"), id="an archive"),
        pytest.param(("serp.csv", "--targets", "t.csv", "-o", "t.csv"), id="the list of targets"),
    ],
)
def test_no_output_is_written_over_an_input(tmp_path: Path, arguments: Sequence[str]) -> None:
    data = (FIXTURES / "checks/28-43-19.csv").read_bytes()
    (tmp_path / "serp.csv").write_bytes(data)
    with zipfile.ZipFile(tmp_path / "serp.zip", "w") as archive:
        archive.write(tmp_path / "serp.csv", "serp.csv")
    (tmp_path / "t.csv").write_text("keyword,url\nlamp,https://a.example/\n")
    (tmp_path / "link.csv").symlink_to("serp.csv")
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    done = run(*arguments, cwd=tmp_path)
    assert done.code == 2
    assert done.err.endswith(f"{arguments[-1]}: this file is an input. Name another one\n")
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_an_output_that_is_a_link_is_written_through(tmp_path: Path) -> None:
    serp = write_serp(tmp_path / "s.csv", [1, 2, 3])
    (tmp_path / "real.csv").write_text("old")
    (tmp_path / "link.csv").symlink_to("real.csv")

    run(serp, "--format", "csv", "--output", tmp_path / "link.csv")

    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "real.csv").read_text(encoding="utf-8-sig").startswith("keyword,")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_an_output_that_is_no_plain_file_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    # Such are /dev/null and /dev/stdout: replacing them, as root can, would break the system.
    serp = write_serp(tmp_path / "s.csv", [1, 2, 3])
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)

    done = run(serp, "--format", "csv", "--output", pipe)

    said = os.read(reader, 65536).decode()
    os.close(reader)
    assert (done.code, pipe.is_fifo()) == (0, True)
    assert said == run(serp, "--format", "csv").out


# --- signals -------------------------------------------------------------------------------------

SIGNALS = [
    pytest.param(signal.SIGINT, 130, id="Ctrl-C"),
    pytest.param(signal.SIGTERM, 143, id="SIGTERM"),
    pytest.param(signal.SIGHUP, 129, id="SIGHUP"),
]


def start(
    folder: Path,
    *arguments: object,
    output: str = "answer.json",
    command: Sequence[str] = COMMAND,
) -> subprocess.Popen[bytes]:
    """Start a run whose temporary files and output go to a folder."""
    (folder / "temporary").mkdir()
    return subprocess.Popen(
        [*command, *map(str, arguments), "--output", str(folder / output)],
        env={**os.environ, "TMPDIR": str(folder / "temporary")},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def wait_for_temporary_files(
    folder: Path, process: subprocess.Popen[bytes], what: str = "*"
) -> None:
    end = time.monotonic() + PATIENCE
    while not any((folder / "temporary").glob(what)):
        assert process.poll() is None, "the run ended before it could be stopped"
        assert time.monotonic() < end, "no temporary file came"
        time.sleep(0.002)


def stop(process: subprocess.Popen[bytes], number: int) -> tuple[int, str]:
    process.send_signal(number)
    try:  # standard input stays open: only the signal may end the run
        code = process.wait(timeout=PATIENCE)
    finally:
        process.kill()
        _, err = process.communicate()
    return code, err.decode()


@pytest.mark.parametrize(("number", "code"), SIGNALS)
def test_a_signal_while_input_comes_in_leaves_nothing(
    tmp_path: Path, number: int, code: int
) -> None:
    process = start(tmp_path, "-")
    assert process.stdin
    process.stdin.write(b"source_url,target_url\nhttps://a.example/x,https://b.example/y\n" * 9999)
    process.stdin.flush()
    wait_for_temporary_files(tmp_path, process)
    time.sleep(0.1)  # until it waits for more: Python acts on a signal before it waits, or after

    assert stop(process, number) == (code, "")
    assert everything_in(tmp_path) == {"temporary"}


@pytest.fixture(scope="module")
def many_links(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write enough links to keep the engine busy for a while."""
    path = tmp_path_factory.mktemp("many") / "links.csv"
    block = "".join(
        f"https://source{n}.example/{n},https://rival{n % 7}.example/x,nofollow,anchor {n}\n"
        for n in range(50_000)
    )
    path.write_text("source_url,target_url,rel,anchor\n" + 20 * block)
    return path


@pytest.mark.parametrize(("number", "code"), SIGNALS)
def test_a_signal_while_links_are_counted_leaves_nothing(
    tmp_path: Path, many_links: Path, number: int, code: int
) -> None:
    process = start(tmp_path, many_links)
    wait_for_temporary_files(tmp_path, process)
    time.sleep(0.1)

    assert stop(process, number) == (code, "")
    assert everything_in(tmp_path) == {"temporary"}


@pytest.mark.parametrize(
    ("number", "code", "what"),
    [
        pytest.param(signal.SIGINT, 130, "*", id="reading, Ctrl-C"),
        pytest.param(signal.SIGINT, 130, "**/*.parquet", id="writing, Ctrl-C"),
        pytest.param(signal.SIGTERM, 143, "**/*.parquet", id="writing, SIGTERM"),
    ],
)
def test_a_signal_while_links_are_written_again_leaves_nothing(
    tmp_path: Path, many_links: Path, what: str, number: int, code: int
) -> None:
    process = start(tmp_path, "export", many_links, output="again.parquet")
    wait_for_temporary_files(tmp_path, process, what)

    assert stop(process, number) == (code, "")
    assert everything_in(tmp_path) == {"temporary"}


@pytest.mark.parametrize(
    ("number", "code", "second"),
    [
        (signal.SIGINT, 130, signal.SIGINT),
        (signal.SIGTERM, 143, signal.SIGHUP),
        (signal.SIGHUP, 129, signal.SIGTERM),
    ],
)
def test_a_second_signal_stops_no_tidying(
    tmp_path: Path, many_links: Path, number: int, code: int, second: int
) -> None:
    process = start(tmp_path, many_links)
    wait_for_temporary_files(tmp_path, process)
    process.send_signal(number)
    time.sleep(0.02)
    for _ in range(3):
        process.send_signal(second)

    ended, err = stop(process, second)

    # Signals that arrive before the first one is acted on come in the order of their numbers.
    assert ended in {code, 128 + second, -second}
    assert err == ""
    assert everything_in(tmp_path) == {"temporary"}


@pytest.mark.parametrize(
    ("number", "code", "wait"),
    [(signal.SIGINT, 130, 0.05), (signal.SIGTERM, 143, 0.15), (signal.SIGHUP, 129, 0.3)],
)
def test_a_signal_while_the_program_starts_leaves_nothing(
    tmp_path: Path, many_links: Path, wait: float, number: int, code: int
) -> None:
    # Before Python itself has started, a signal ends it as any other program.
    process = start(tmp_path, many_links, command=command_after("import os; os.write(2, b'!')"))
    assert process.stderr
    assert process.stderr.read(1) == b"!"
    time.sleep(wait)

    ended, err = stop(process, number)

    assert ended in {code, -number}
    assert "Exception ignored" not in err
    assert everything_in(tmp_path) == {"temporary"}


def test_a_signal_that_a_library_swallows_still_ends_the_run(tmp_path: Path) -> None:
    serp = write_serp(tmp_path / "s.csv", [1, 2, 3])
    script = """
import os, signal
import gapcalc.commands.prepare as prepare
find = prepare.find_sources
def swallow(*arguments):
    try:
        os.kill(os.getpid(), signal.SIGTERM)
    except BaseException:
        pass
    return find(*arguments)
prepare.find_sources = swallow
"""

    done = run_process(serp, "-o", "answer.json", cwd=tmp_path, command=command_after(script))

    assert (done.code, done.out) == (143, "")
    assert not (tmp_path / "answer.json").exists()


def test_a_signal_during_an_import_ends_the_run_after_the_import(tmp_path: Path) -> None:
    serp = write_serp(tmp_path / "s.csv", [1, 2, 3])
    (tmp_path / "native.py").write_text(
        """
import os, signal, time
try:
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(0.05)
except BaseException:
    os.abort()
print("imported")
"""
    )
    script = """
import sys, time
import gapcalc.commands.prepare as prepare
sys.path.insert(0, "")
def find_sources(*arguments):
    import native
    time.sleep(60)
prepare.find_sources = find_sources
"""

    done = run_process(serp, "-o", "answer.json", cwd=tmp_path, command=command_after(script))

    assert (done.code, done.out, done.err) == (143, "imported\n", "")
    assert not (tmp_path / "answer.json").exists()


def test_a_run_that_was_told_to_outlive_its_terminal_does(tmp_path: Path) -> None:
    ignoring = "import signal, os; signal.signal(signal.SIGHUP, signal.SIG_IGN)"
    serp = write_serp(tmp_path / "s.csv", [1, 2, 3])
    hang_up = "import gapcalc.commands.prepare as p; find = p.find_sources"
    then = "p.find_sources = lambda *a: (os.kill(os.getpid(), signal.SIGHUP), find(*a))[1]"

    done = run_process(serp, command=command_after(f"{ignoring}\n{hang_up}\n{then}"))

    assert (done.code, done.err) == (0, "")


def test_a_reader_that_goes_away_ends_the_run_quietly() -> None:
    process = subprocess.Popen(
        [*COMMAND, "vendors/gapcalc-serp.csv"],
        cwd=FIXTURES,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout
    process.stdout.close()
    with process:
        assert process.stderr
        err = process.stderr.read()

    assert (process.returncode, err) == (141, b"")


def test_a_program_that_calls_the_command_line_lives_on() -> None:
    program = """
import sys
from gapcalc.cli import main
for _ in range(3):
    try:
        main(["checks/28-43-19.csv", "--json"])
    except SystemExit as end:
        assert not end.code, end.code
"""

    done = run_process(command=(sys.executable, "-c", program))

    assert (done.code, done.err) == (0, "")


# --- full disks ----------------------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Give a disk of one megabyte, if the system allows it."""
    place = tmp_path / "small"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)]
    if os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no disk can be mounted here")
    yield place
    subprocess.run(["umount", str(place)], check=True)  # noqa: S607  (wherever the system has it)


def full_disk_run(
    command: Sequence[str], arguments: Sequence[object], temporary: Path, stdin: Path
) -> tuple[int, bytes, str]:
    with stdin.open("rb") as stream:
        done = subprocess.run(
            [*command, *map(str, arguments)],
            env={**os.environ, "TMPDIR": str(temporary)},
            stdin=stream,
            capture_output=True,
            check=False,
            timeout=PATIENCE,
        )
    return done.returncode, done.stdout, done.stderr.decode()


def in_utf_16(path: Path) -> Path:
    """Write links in an encoding that the tool must rewrite before it can count them."""
    block = "https://source.example/1,https://rival.example/x\n" * 50_000
    path.write_text("source_url,target_url\n" + block, encoding="utf-16")
    return path


@pytest.mark.parametrize("way", ["rewritten", "through standard input", "spilt while counting"])
def test_a_full_temporary_disk_is_a_clear_error(
    tmp_path: Path, small_disk: Path, many_links: Path, way: str
) -> None:
    arguments: dict[str, Sequence[object]] = {
        "rewritten": [in_utf_16(tmp_path / "links.csv")],
        "through standard input": ["-"],
        "spilt while counting": [many_links, "--memory-limit", "100MB"],
    }
    output = ("--output", tmp_path / "answer.json")

    code, out, err = full_disk_run(COMMAND, [*arguments[way], *output], small_disk, many_links)

    assert (code, out) == (3, b"")
    assert err.startswith(f"gapcalc: the temporary folder {small_disk}")
    assert err.endswith("Free some space there, or set TMPDIR to a folder on a larger disk.\n")
    assert err.count("\n") == 1
    assert everything_in(small_disk) == set()
    assert not any(path.name.endswith(".part") for path in tmp_path.iterdir())


def test_a_file_that_may_not_grow_is_a_clear_error_too(tmp_path: Path, many_links: Path) -> None:
    (tmp_path / "temporary").mkdir()
    limited = f"import resource; resource.setrlimit({resource.RLIMIT_FSIZE}, (100_000, 100_000))"
    links = in_utf_16(tmp_path / "links.csv")

    code, out, err = full_disk_run(
        command_after(limited), ["gap", links], tmp_path / "temporary", many_links
    )

    assert (code, out) == (3, b"")
    assert err.startswith(f"gapcalc: the temporary folder {tmp_path / 'temporary'}")
    assert os.strerror(errno.EFBIG).casefold() in err.casefold()
    assert everything_in(tmp_path / "temporary") == set()


def test_an_output_on_a_full_disk_is_a_clear_error_and_leaves_nothing(
    tmp_path: Path, small_disk: Path
) -> None:
    serp = write_serp(tmp_path / "s.csv", [1, 2, 3])
    (small_disk / "fill").write_bytes(bytes(2**20 - 4096))
    (small_disk / "answer").write_text("old")

    done = run(serp, "--output", small_disk / "answer")

    assert done.code == 2
    assert done.err == (
        f"gapcalc: --output {small_disk / 'answer'}: it cannot be written "
        "(No space left on device)\n"
    )
    assert everything_in(small_disk) == {"fill", "answer"}
    assert (small_disk / "answer").read_text() == "old"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no full device")
def test_a_full_standard_output_is_a_clear_error() -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*COMMAND, "vendors/gapcalc-serp.csv"],
            cwd=FIXTURES,
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )

    assert done.returncode == 2
    assert done.stderr.decode() == (
        "gapcalc: the answer cannot be written (No space left on device)\n"
    )


def test_too_little_memory_is_a_clear_error(tmp_path: Path, many_links: Path) -> None:
    done = run(many_links, "--memory-limit", "1MB", cwd=tmp_path)

    assert (done.code, done.out, done.err) == (
        2,
        "",
        (
            "gapcalc: the counting does not fit into 1MB of memory. Raise --memory-limit, or give "
            "fewer files at once.\n"
        ),
    )
    assert everything_in(tmp_path) == set()
