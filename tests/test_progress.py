"""A bar shows how far the work is: on a terminal, after a second, and never elsewhere."""

import os
import select
import subprocess
import time
from pathlib import Path

import pytest

from running import COMMAND, FIXTURES, run_process

pytestmark = pytest.mark.slow

SERP = (FIXTURES / "vendors/gapcalc-serp.csv").read_bytes()
LONG = 2.5
"""Seconds for which a run waits for its input: the bar comes after one."""


def said_on_a_terminal(folder: Path, *options: str, late: float = 0, until: bytes = b"") -> str:
    """Give what is written to stderr where that is a terminal.

    The input comes some seconds `late`, or, within a minute, when it is said `until` what it waits.
    """
    pty = pytest.importorskip("pty")
    ours, its = pty.openpty()
    command = [*COMMAND, "-", "--output", str(folder / "answer.txt"), *options]
    environment = {**os.environ, "TERM": "xterm"}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=its, env=environment) as process:
        os.close(its)
        time.sleep(late)
        said = b""
        while until not in said and select.select([ours], [], [], 60)[0]:
            said += os.read(ours, 65_536)
        process.communicate(SERP)
    try:
        while block := os.read(ours, 65_536):
            said += block
    except OSError:
        pass  # how Linux says that the other end was closed
    os.close(ours)
    assert process.returncode == 0
    return said.decode()


def test_a_run_that_takes_long_says_what_it_does_and_leaves_nothing(tmp_path: Path) -> None:
    said = said_on_a_terminal(tmp_path, until=b"Opening files")

    assert said.endswith("\x1b[1A\x1b[2K")  # one line up, and that line erased


def test_quiet_shows_no_bar(tmp_path: Path) -> None:
    assert said_on_a_terminal(tmp_path, "-q", late=LONG) == ""


def test_a_pipe_gets_no_bar(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_bytes(SERP)
    assert run_process("in.csv", cwd=tmp_path).err == ""
