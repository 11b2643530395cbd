"""Starting is quick: heavy modules are imported only on the path that needs them."""

import re
import sys
from functools import cache
from pathlib import Path

import pytest

from gapcalc.cli import COMMANDS
from gapcalc.outputs import FORMATS
from running import run_process

pytestmark = pytest.mark.slow

HEAVY = frozenset(
    {
        "altair",
        "duckdb",
        "gapcalc.engine",
        "httpx",
        "jinja2",
        "publicsuffixlist",
        "pydantic",
        "rich.table",
        "sqlite3",
        "ssl",
        "vl_convert",
        "xlsxwriter",
    }
)


@cache
def heavy_imports(*command: str) -> frozenset[str]:
    """Give the heavy modules that a Python program imports."""
    done = run_process(command=(sys.executable, "-X", "importtime", *command))
    assert done.code == 0, done.err
    return HEAVY & set(re.findall(r"^import time: .*\| +(\S+)$", done.err, re.MULTILINE))


def test_the_version_costs_nothing_heavy() -> None:
    assert heavy_imports("-m", "gapcalc", "--version") == set()


@pytest.mark.parametrize("command", [(), *((command.name,) for command in COMMANDS)], ids=" ".join)
def test_help_costs_nothing_heavy(command: tuple[str, ...]) -> None:
    assert heavy_imports("-m", "gapcalc", *command, "--help") == set()


def test_a_serp_starts_no_database_and_validates_nothing() -> None:
    assert heavy_imports("-m", "gapcalc", "vendors/gapcalc-serp.csv") <= {"rich.table"}


@pytest.mark.parametrize("form", sorted(set(FORMATS) - {"table"}))
def test_without_a_table_nothing_is_drawn(form: str) -> None:
    needed = set(FORMATS[form].needs)
    brought_along = {"ssl"} if "altair" in needed else set()

    imported = heavy_imports("-m", "gapcalc", "vendors/gapcalc-serp.csv", "--format", form)

    assert imported - brought_along == needed


def test_a_settings_file_is_checked_without_pydantic(tmp_path: Path) -> None:
    (tmp_path / "gapcalc.toml").write_text('top = 3\nformat = "json"\n')

    config = ("--config", str(tmp_path / "gapcalc.toml"))

    assert heavy_imports("-m", "gapcalc", "vendors/gapcalc-serp.csv", *config) == set()


def test_links_need_the_database() -> None:
    assert {"duckdb", "gapcalc.engine"} <= heavy_imports(
        "-m", "gapcalc", "vendors/gapcalc-links.csv"
    )


@pytest.mark.parametrize(
    "module", ["gapcalc", "gapcalc.cli", "gapcalc.results.gap", "gapcalc.urls"]
)
def test_importing_the_package_imports_nothing_heavy(module: str) -> None:
    assert heavy_imports("-c", f"import {module}") == set()
