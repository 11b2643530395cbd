"""A bar shows how far the work is: on a terminal, with many files, and never elsewhere."""

import os
import sys
from pathlib import Path

import pytest

from running import COMMAND, FIXTURES, run_process

pytestmark = pytest.mark.slow

SERP = (FIXTURES / "vendors/gapcalc-serp.csv").read_bytes()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    for number in range(120):
        (tmp_path / "in" / f"{number:03}.csv").write_bytes(SERP)
    return tmp_path


def said_on_a_terminal(folder: Path, *options: str) -> str:
    """Give what is written to stderr where that is a terminal."""
    pty = pytest.importorskip("pty")
    ours, its = pty.openpty()
    pid = os.posix_spawn(
        sys.executable,
        [*COMMAND, str(folder / "in"), "--output", str(folder / "answer.txt"), *options],
        {**os.environ, "TERM": "xterm"},
        file_actions=[(os.POSIX_SPAWN_DUP2, its, 2)],
    )
    os.close(its)
    said = b""
    try:
        while block := os.read(ours, 65_536):
            said += block
    except OSError:
        pass  # how Linux says that the other end was closed
    os.close(ours)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    return said.decode()


def test_many_files_show_a_bar_on_a_terminal(folder: Path) -> None:
    assert "Opening files" in said_on_a_terminal(folder)


def test_quiet_shows_none(folder: Path) -> None:
    assert said_on_a_terminal(folder, "-q") == ""


def test_a_pipe_gets_none(folder: Path) -> None:
    assert run_process("in", cwd=folder).err == ""
