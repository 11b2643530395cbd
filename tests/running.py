"""Runs the command line, in this process or in its own, and keeps its output."""

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from gapcalc.cli import main, with_default_command
from gapcalc.outputs import FORMATS
from gapcalc.reports.document import Screen
from gapcalc.reports.views import audit, prospects
from gapcalc.results.audit import AuditResult
from gapcalc.results.prospects import ProspectsResult

FIXTURES = Path(__file__).parents[1] / "fixtures"
TEXT_FORMATS = tuple(name for name in FORMATS if name != "xlsx")
CHROMIUM = Path("/usr/bin/chromium")
CHROMIUM_ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--no-first-run"),
)
COMMAND = (sys.executable, "-m", "gapcalc")
PATIENCE = 300
"""Seconds after which a process hangs; on a busy machine a start may take many."""


def command_after(preparation: str) -> tuple[str, str, str]:
    """Give a command that first changes its process, and then runs gapcalc."""
    start = "import runpy; runpy.run_module('gapcalc', run_name='__main__')"
    return sys.executable, "-c", f"{preparation}\n{start}"


@dataclass(frozen=True)
class Run:
    code: int
    out: str
    err: str

    @property
    def data(self) -> bytes:
        """The output as bytes, where it is no text."""
        return self.out.encode("utf-8", "surrogateescape")


_KEPT: dict[tuple[object, ...], Run] = {}
"""What was said to questions about fixtures alone, which are asked by many tests."""


def run(
    *arguments: object,
    cwd: Path = FIXTURES,
    stdin: bytes = b"",
    environment: Mapping[str, str] | None = None,
    columns: int = 100,
    anew: bool = False,
) -> Run:
    """Run in this process, which takes a tenth of the time of a new one.

    A question about fixtures alone is asked once; `anew` asks it again.
    """
    named = cwd == FIXTURES and not stdin and all(map(_names_no_other_file, arguments))
    given = with_default_command([str(argument) for argument in arguments])
    key = (*given, columns, *sorted((environment or {}).items()))
    if not named or anew:
        return _run(arguments, cwd, stdin, settled(environment, columns))
    if key not in _KEPT:
        _KEPT[key] = _run(arguments, cwd, stdin, settled(environment, columns))
    return _KEPT[key]


def drawn(command: str, *arguments: object, columns: int = 100, form: str = "table") -> str:
    """Draw the answer to a question about fixtures, which is asked once for all widths and forms."""
    return draw(command, run(command, *arguments, "--json").out, columns=columns, form=form)


def draw(command: str, text: str, *, columns: int = 100, form: str = "table") -> str:
    """Draw an answer of `audit` or `prospects` from its JSON, as the command line writes it."""
    if command == "audit":
        report = audit.report(TypeAdapter(AuditResult).validate_json(text))
    else:
        report = prospects.report(TypeAdapter(ProspectsResult).validate_json(text))
    return str(FORMATS[form].write(report, Screen(columns)))


def _names_no_other_file(argument: object) -> bool:
    places = re.findall(r"(?:^|=)(/.*)", str(argument))
    return all(Path(place).is_relative_to(FIXTURES) for place in places)


def _run(arguments: Sequence[object], cwd: Path, stdin: bytes, more: Mapping[str, str]) -> Run:
    # Output that is not text, such as a workbook, is kept byte for byte too.
    out = io.TextIOWrapper(io.BytesIO(), "utf-8", "surrogateescape", newline="")
    err = io.TextIOWrapper(io.BytesIO(), "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(cwd)
        for name, value in more.items():
            patch.setenv(name, value)
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), "utf-8"))
        patch.setattr(sys, "stdout", out)
        patch.setattr(sys, "stderr", err)
        try:
            main([str(argument) for argument in arguments])
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
    return Run(code, _text(out), _text(err))


def settled(environment: Mapping[str, str] | None, columns: int) -> dict[str, str]:
    # A fixed day: data older than 90 days would be warned about.
    return {"COLUMNS": str(columns), "GAPCALC_AS_OF": "2026-11-20", **(environment or {})}


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    stream.seek(0)
    return stream.read()


def run_process(
    *arguments: object,
    cwd: Path = FIXTURES,
    environment: Mapping[str, str] | None = None,
    command: Sequence[str] = COMMAND,
) -> Run:
    """Run as a process: for streams, signals, imports and other state of a process."""
    done = subprocess.run(
        [*command, *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, **settled(environment, 100)},
        capture_output=True,
        check=False,
        timeout=PATIENCE,
    )
    out = done.stdout.decode("utf-8", "surrogateescape")
    return Run(done.returncode, out, done.stderr.decode())


def run_piped(data: bytes, *arguments: object) -> Run:
    """Run on a pipe with a file name, as a shell gives for ``<(command)``."""
    ours, its = os.pipe()
    process = subprocess.Popen(
        [*COMMAND, f"/dev/fd/{ours}", *map(str, arguments)],
        pass_fds=[ours],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    os.close(ours)
    with open(its, "wb") as pipe:  # noqa: PTH123  (it has no path)
        pipe.write(data)
    out, err = process.communicate(timeout=PATIENCE)
    return Run(process.returncode, out.decode(), err.decode())


def result(*arguments: object, cwd: Path = FIXTURES) -> dict[str, Any]:
    """Give the whole JSON of an answer; the run must succeed."""
    done = run(*arguments, "--json", cwd=cwd)
    assert done.code == 0, done.err
    answer: dict[str, Any] = json.loads(done.out)
    return answer


def ask(*arguments: object, cwd: Path = FIXTURES) -> dict[str, Any]:
    """Give the answer for the only keyword."""
    (keyword,) = result(*arguments, cwd=cwd)["keywords"]
    answer: dict[str, Any] = keyword
    return answer


def cautions(answer: Mapping[str, Any]) -> list[str]:
    """Give the sentences of the cautions of an answer, or of a whole result."""
    return [caution["text"] for caution in answer["cautions"]]
