"""Starting is quick: what is heavy is imported on the path that needs it."""

import re
import sys
from functools import cache
from pathlib import Path

import pytest

from running import run_process

pytestmark = pytest.mark.slow

HEAVY = frozenset(
    {
        "altair",
        "duckdb",
        "gapcalc.engine",
        "httpx",
        "publicsuffixlist",
        "pydantic",
        "rich.table",
        "sqlite3",
        "ssl",
    }
)
# The least Typer program with an argument and an option: what it imports, Typer imports for anyone.
BARE = """
from typing import Annotated
import typer
app = typer.Typer()

@app.command()
def one(files: list[str], name: Annotated[str, typer.Option()] = "x") -> None: pass

@app.command()
def two() -> None: pass

app()
"""


@cache
def heavy_imports(*command: str) -> frozenset[str]:
    """Give the heavy modules that a Python program imports."""
    done = run_process(command=(sys.executable, "-X", "importtime", *command))
    assert done.code == 0, done.err
    return HEAVY & set(re.findall(r"^import time: .*\| +(\S+)$", done.err, re.MULTILINE))


def bare(tmp_path: Path, *arguments: str) -> frozenset[str]:
    program = tmp_path / "bare.py"
    program.write_text(BARE)
    return heavy_imports(str(program), *arguments)


def test_the_version_costs_nothing_heavy() -> None:
    assert heavy_imports("-m", "gapcalc", "--version") == set()


@pytest.mark.parametrize(
    "command", [(), ("gap",), ("export",), ("benchmark",), ("rules",), ("schema",)]
)
def test_help_costs_no_more_than_the_help_of_any_typer_program(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    ours = heavy_imports("-m", "gapcalc", *command, "--help")

    assert ours <= bare(tmp_path, *("one",) * len(command), "--help")


def test_a_serp_starts_no_database_and_validates_nothing(tmp_path: Path) -> None:
    ours = heavy_imports("-m", "gapcalc", "vendors/gapcalc-serp.csv")

    assert ours - {"rich.table"} <= bare(tmp_path, "one", "x.csv")


@pytest.mark.parametrize("form", ["json", "jsonl", "csv"])
def test_without_a_table_nothing_is_drawn(tmp_path: Path, form: str) -> None:
    ours = heavy_imports("-m", "gapcalc", "vendors/gapcalc-serp.csv", "--format", form)

    assert ours <= bare(tmp_path, "one", "x.csv")


def test_links_need_the_database() -> None:
    assert {"duckdb", "gapcalc.engine"} <= heavy_imports(
        "-m", "gapcalc", "vendors/gapcalc-links.csv"
    )


@pytest.mark.parametrize("module", ["gapcalc", "gapcalc.cli", "gapcalc.results", "gapcalc.urls"])
def test_importing_the_package_imports_nothing_heavy(module: str) -> None:
    assert heavy_imports("-c", f"import {module}") == set()
