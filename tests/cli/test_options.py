"""Command lines are made from the declared options; their help teaches."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gapcalc.cli import COMMANDS
from gapcalc.cli.options import Command
from gapcalc.settings import options_of
from running import FIXTURES, run


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_help_shows_every_option_whole_at_80_columns(command: Command) -> None:
    text = run(command.name, "--help", columns=80).out

    assert max(map(len, text.splitlines())) <= 80
    assert "…" not in text
    for declared in options_of(command.name):
        assert re.search(rf"^  (-., )?{declared.flags[-1]} ", text, re.MULTILINE), declared.name
        assert declared.option.metavar in text or declared.is_switch
        assert declared.help in " ".join(text.split())
    assert not re.search(r"<(str|int|float|bool|path|list)", text)


def examples() -> Iterator[Any]:
    for command in COMMANDS:
        assert 2 <= len(command.examples) <= 3
        for example in command.examples:
            yield pytest.param(command.name, example, id=example)


@pytest.mark.slow
@pytest.mark.parametrize(("command", "example"), list(examples()))
def test_the_examples_of_the_help_run(tmp_path: Path, command: str, example: str) -> None:
    assert example in run(command, "--help", columns=80).out
    if "-o desk-lamp" in example or "--balance" in example:
        pytest.skip("asks a provider; tests/providers does")
    desk = FIXTURES / "standing-desk"
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder/serp.csv").write_bytes((desk / "serp.csv").read_bytes())
    (tmp_path / "serp.csv").write_bytes((desk / "serp.csv").read_bytes())
    for number, file in enumerate(sorted(desk.glob("*backlinks*.csv"))):
        (tmp_path / f"backlinks-{number}.csv").write_bytes(file.read_bytes())
        if command == "audit":
            (tmp_path / f"folder/backlinks-{number}.csv").write_bytes(file.read_bytes())

    if command == "audit":  # it needs the links of the page that is named
        example = example.replace("example.com/desk", "www.deskwise.example/standing-desk")
        example = example.replace("example.com", "deskwise.example")

    done = run(*shlex.split(example)[1:], cwd=tmp_path, environment={"AHREFS_API_KEY": "x" * 40})

    assert (done.code, done.err) == (0, "")


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_the_ten_common_options_come_first(command: Command) -> None:
    text = run(command.name, "--help", columns=80).out

    first, *panels = re.findall(r"^(\w.*):$", text, re.MULTILINE)
    shown = re.findall(
        r"^  .*?(--[a-z-]+)", text.partition("Options:")[2].partition("\n\n")[0], re.MULTILINE
    )
    assert first == "Options"
    assert len(shown) <= 12
    assert shown[-1] == "--help"
    assert "Output and messages" not in panels[:-1]


def test_the_overview_begins_with_examples() -> None:
    text = run("--help", columns=80).out

    assert "gapcalc serp.csv --target https://example.com/desk/" in text
    assert text.index("Examples:") < text.index("Commands")
