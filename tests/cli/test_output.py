"""Streams that are closed or full, and odd locales: the exit code is always the documented one."""

import itertools
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from running import COMMAND, FIXTURES, PATIENCE, run, run_process

SERP = "vendors/gapcalc-serp.csv"
KEPT = (SERP, "--own-rds", "3", "--fail-over", "50")
EXCEEDED = (SERP, "--own-rds", "3", "--fail-over", "5")
PROBLEMS = (*KEPT, "broken/ragged-rows.csv")
CLOSED = ("2>&-", "2>/dev/full", "2>&- <&-")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full"),
]


def run_in_shell(arguments: Sequence[str], redirections: str) -> int:
    """Run with the shell's redirections, and give the exit code."""
    done = subprocess.run(
        ["/bin/sh", "-c", f'exec "$@" {redirections}', "sh", *COMMAND, *arguments],
        cwd=FIXTURES,
        env={**os.environ, "COLUMNS": "100"},
        capture_output=True,
        check=False,
        timeout=PATIENCE,
    )
    assert b"Traceback" not in done.stderr
    return done.returncode


@pytest.mark.parametrize(
    ("arguments", "code", "stderr"),
    [
        pytest.param(KEPT, 0, "2>&-", id="limit kept"),
        pytest.param(EXCEEDED, 1, "2>/dev/full", id="limit exceeded"),
        *(pytest.param(PROBLEMS, 0, stderr, id=f"messages {stderr}") for stderr in CLOSED),
        *(pytest.param(("nowhere.csv",), 3, stderr, id=f"no file {stderr}") for stderr in CLOSED),
        pytest.param((SERP, "--top", "x"), 2, "2>&-", id="a bad value"),
        pytest.param(("-",), 3, "2>/dev/full", id="standard input"),
        pytest.param(("-",), 3, "2>&- <&-", id="no standard input"),
    ],
)
def test_messages_that_nobody_takes_change_no_exit_code(
    arguments: Sequence[str], code: int, stderr: str
) -> None:
    assert run_in_shell(arguments, f"{stderr} {'' if '<' in stderr else '</dev/null'}") == code


@pytest.mark.parametrize(
    ("arguments", "stdout"),
    [
        *itertools.product((KEPT, ("--help",)), (">&-", ">/dev/full", ">&- 2>&-")),
        (EXCEEDED, ">&-"),
        ((), ">/dev/full"),
        (("--version",), ">&-"),
        (("gap", "--help"), ">/dev/full"),
        (("schema", "gap"), ">&-"),
        (("rules",), ">/dev/full"),
        (("formats", "--json"), ">&-"),
        (("benchmark",), ">/dev/full"),
        (("config",), ">&-"),
    ],
)
def test_an_answer_that_cannot_be_written_is_a_usage_error(
    arguments: Sequence[str], stdout: str
) -> None:
    assert run_in_shell(arguments, stdout) == 2


@pytest.mark.parametrize("arguments", [("--help",), ("gap", "--help"), ("schema", "gap"), (SERP,)])
def test_a_reader_that_goes_away_is_no_exceeded_limit(arguments: Sequence[str]) -> None:
    ours, its = os.pipe()
    os.close(ours)
    done = subprocess.run(
        [*COMMAND, *arguments], cwd=FIXTURES, stdout=its, stderr=subprocess.PIPE, check=False
    )
    os.close(its)

    assert (done.returncode, done.stderr) == (141, b"")


def test_an_output_is_written_though_stdout_is_closed(tmp_path: Path) -> None:
    file = tmp_path / "answer.json"

    assert run_in_shell((*EXCEEDED, "--json", "-o", str(file)), ">&- 2>&- <&-") == 1
    assert file.read_bytes().startswith(b"{")


@pytest.mark.parametrize(
    "arguments", [("gap", "--help"), (SERP,), ("rules",), ("n\u00f6where.csv",)], ids=" ".join
)
def test_output_is_utf_8_in_any_locale(arguments: Sequence[str]) -> None:
    ascii_only = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    ask = run_process if "--help" in arguments else run  # the help names the program
    usual = ask(*arguments)

    for more in ({}, {"PYTHONIOENCODING": "ascii"}):
        done = run_process(*arguments, environment={**ascii_only, **more})
        assert (done.code, done.out) == (usual.code, usual.out)


@pytest.mark.parametrize("length", [244, 255, 300])
def test_a_long_output_name_is_written_or_refused(tmp_path: Path, length: int) -> None:
    file = tmp_path / ("a" * length)

    done = run(SERP, "--output", file)

    assert done.code == (0 if length <= 255 else 2)
    assert "Traceback" not in done.err
    assert [path.name for path in tmp_path.iterdir()] == (["a" * length] if length <= 255 else [])


def test_an_output_keeps_its_mode_and_a_link_to_itself_is_refused(tmp_path: Path) -> None:
    private, loop = tmp_path / "private.txt", tmp_path / "loop"
    private.touch(mode=0o600)
    loop.symlink_to("loop")

    assert run(SERP, "--output", private).code == 0
    assert private.stat().st_mode & 0o777 == 0o600
    assert run(SERP, "--output", loop).code == 2


def test_a_folder_that_was_removed_or_may_not_be_read_has_no_settings(tmp_path: Path) -> None:
    serp = FIXTURES / SERP
    script = f'mkdir gone; cd gone; rmdir ../gone; exec "$@" {serp} -q'

    done = subprocess.run(
        ["/bin/sh", "-c", script, "sh", *COMMAND], cwd=tmp_path, capture_output=True, check=False
    )

    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("form", ["html", "xlsx", "csv"])
def test_a_folder_that_was_removed_keeps_nothing_from_being_written(
    tmp_path: Path, form: str
) -> None:
    (tmp_path / "block.txt").write_text("a.example\n")
    script = 'mkdir gone; cd gone; rmdir ../gone; exec "$@"'
    arguments = (str(FIXTURES / SERP), "-q", "-o", str(tmp_path / f"o.{form}"))

    done = subprocess.run(
        ["/bin/sh", "-c", script, "sh", *COMMAND, *arguments],
        cwd=tmp_path,
        env={**os.environ, "GAPCALC_BLOCK_DOMAINS": str(tmp_path / "block.txt")},
        capture_output=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, b"")
    assert (tmp_path / f"o.{form}").exists()
