"""The recipes of docs/contributing.md work: all are followed in one copy of the project.

An addition consists only of the files and lines that its recipe names, and the project's tests
check it without being changed. They start once, for all additions.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import pytest

from running import PATIENCE, Run

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
COPIED = (
    "src",
    "tests",
    "fixtures",
    "docs",
    "README.md",
    "CHANGELOG.md",
    "LICENSE",
    "pyproject.toml",
)


class Change(NamedTuple):
    """A text to insert before a text that occurs once in a file."""

    file: str
    before: str
    put: str


class Addition(NamedTuple):
    """The changes of a recipe: new files by their paths, and lines in registries."""

    files: Mapping[str, str]
    lines: Sequence[Change]


class Project:
    """A copy of the project, to which things are added."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        ignored = shutil.ignore_patterns("benchmarks")
        if sys.pycache_prefix:  # what is compiled need not be again
            compiled = Path(sys.pycache_prefix, *ROOT.parts[1:])
            copied = Path(sys.pycache_prefix, *folder.parts[1:])
            for name in ("src", "tests"):
                if (compiled / name).is_dir():
                    shutil.copytree(compiled / name, copied / name, dirs_exist_ok=True)
        for name in COPIED:
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, folder / name, ignore=ignored)
            else:
                shutil.copy(ROOT / name, folder)

    def add(self, addition: Addition) -> None:
        for name, text in addition.files.items():
            assert not (self.folder / name).exists()
            (self.folder / name).parent.mkdir(exist_ok=True)
            (self.folder / name).write_text(text, encoding="utf-8")
        for change in addition.lines:
            file = self.folder / change.file
            text = file.read_text(encoding="utf-8")
            assert text.count(change.before) == 1, change
            file.write_text(text.replace(change.before, change.put + change.before), "utf-8")

    def python(self, *arguments: object) -> Run:
        done = subprocess.run(
            [sys.executable, *map(str, arguments)],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(self.folder / "src")},
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )
        return Run(done.returncode, done.stdout, done.stderr)

    def gapcalc(self, *arguments: object) -> str:
        done = self.python("-m", "gapcalc", *arguments)
        assert done.code == 0, done.err
        return done.out

    @cached_property
    def tested(self) -> str:
        """Run the tests of the copy that are about the additions, and give a line for each."""
        words = f"(acme or test_bare or headlines) and not ({SLOW}) or generated or verified"
        options = ("-v", "-p", "no:cacheprovider", "--update-golden", "-k", words)
        return self.python("-m", "pytest", *options, *TESTS).out

    def holds(self, *words: str) -> None:
        """Find tests of the copy with each of the words: all must have passed."""
        lines = [line for line in self.tested.splitlines() if "::" in line]
        for word in words:
            named = [line for line in lines if word in line]
            assert named, f"no test is about {word}:\n{self.tested}"
            assert all(" PASSED " in line for line in named), f"{word}:\n{self.tested}"


TESTS = (
    *("tests/inputs/test_detect.py", "tests/inputs/test_samples.py", "tests/test_export.py"),
    *("tests/test_docs.py", "tests/rules/test_bare.py", "tests/test_whole_outputs.py"),
    *("tests/test_safety.py", "tests/test_gap_cli.py", "tests/reports/test_choosing_an_output.py"),
)
SLOW = " or ".join(
    (
        *("read_again", "in_the_engine"),  # they read the samples of every format
        *("eight", "links-alone", "no-links", "semrush", "sensitivity", "several", "two-vendors"),
    )
)
"""Tests that show no more of the additions than the others do."""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Follow every recipe in one copy."""
    project = Project(tmp_path_factory.mktemp("copy"))
    for addition in (FORMAT, RULE, OUTPUT):
        project.add(addition)
    return project


# --- a format ------------------------------------------------------------------------------------

FORMAT = Addition(
    files={
        "src/gapcalc/formats/acme.py": '''\
"""Acme's export of backlinks, declared."""

from gapcalc.formats.base import Column, Evidence, Export
from gapcalc.formats.cells import COUNT, SCORE, TEXT, URL

BACKLINKS = Export(
    id="acme-backlinks",
    title="Acme Backlinks",
    vendor="acme",
    kind="links",
    metric="Acme Power",
    how="Links, Export",
    evidence=Evidence("code", reported="invented by a test"),
    columns=(
        Column("source_url", ("link from",), URL, required=True),
        Column("target_url", ("link to",), URL, required=True),
        Column("anchor", ("link text",), TEXT),
        Column("authority", ("acme power",), SCORE),
        Column("external_links", ("links out",), COUNT),
    ),
)
''',
        "fixtures/vendors/acme-backlinks.csv": """\
Link from,Link to,Link text,Acme power,Links out
https://a.example/post,https://www.lampkin.example/desk-lamp/,a desk lamp,41,7
https://b.example/,https://www.lampkin.example/desk-lamp/,Lampkin,,"1,200"
""",
        "fixtures/rows/acme-backlinks.jsonl": """\
{"anchor": "a desk lamp", "authority": 41.0, "external_links": 7, "metric": "Acme Power", "source_url": "https://a.example/post", "target_url": "https://www.lampkin.example/desk-lamp/", "vendor": "acme"}
{"anchor": "Lampkin", "external_links": 1200, "source_url": "https://b.example/", "target_url": "https://www.lampkin.example/desk-lamp/", "vendor": "acme"}
""",
    },
    lines=(
        Change("src/gapcalc/formats/__init__.py", "    ahrefs,\n", "    acme,\n"),
        Change(
            "src/gapcalc/formats/__init__.py", "    ahrefs.BACKLINKS,\n", "    acme.BACKLINKS,\n"
        ),
    ),
)


def test_a_format_is_added(project: Project) -> None:
    file = "fixtures/vendors/acme-backlinks.csv"
    answer = project.gapcalc(file, "--target", "https://www.lampkin.example/desk-lamp/", "--json")
    (keyword,) = json.loads(answer)["keywords"]
    assert (keyword["target_page"]["raw"], keyword["target_page"]["kept"]) == (2, 1)
    assert "Acme Backlinks (acme-backlinks)" in project.gapcalc("formats")
    project.holds("acme", "generated", "verified")


# --- a rule --------------------------------------------------------------------------------------

RULE = Addition(
    files={
        "src/gapcalc/rules/bare.py": '''\
"""The rule on links that show the reader no text."""

from gapcalc.rules.base import Rule

BARE = Rule(
    id="bare",
    drops_when="its anchor is empty",
    reason="nobody clicks what cannot be seen",
    source="invented by a test",
    needs=("anchor",),
    condition="trim(anchor) = ''",
    strict={},
)
''',
        "tests/rules/test_bare.py": """\
from pathlib import Path

import pytest

from running import ask
from tables import OURS, write_links


@pytest.mark.parametrize(("anchor", "dropped"), [("a desk lamp", 0), (" ", 2), ("-", 0)])
def test_a_link_without_text_is_dropped(tmp_path: Path, anchor: str, dropped: int) -> None:
    links = write_links(tmp_path / "links.csv", {OURS: 2}, anchor=anchor)
    page = ask(links, "--target", OURS, "--profile", "all", "--rule", "bare")["target_page"]
    assert (page["raw"], page["kept"]) == (2, 2 - dropped)
""",
    },
    lines=(
        Change("src/gapcalc/rules/__init__.py", "link, source", "bare, "),
        Change("src/gapcalc/rules/__init__.py", "    link.SPAM,\n", "    bare.BARE,\n"),
    ),
)


def test_a_rule_is_added(project: Project) -> None:
    assert "nobody clicks what cannot be seen" in project.gapcalc("rules")
    project.holds("test_bare.py", "generated", "verified")


# --- an output -----------------------------------------------------------------------------------

OUTPUT = Addition(
    files={
        "src/gapcalc/reports/headlines.py": '''\
"""Writes the headings of a document, fit to be pasted into HTML."""

from html import escape

from gapcalc.reports.document import Report, Screen
from gapcalc.text import safe


def write(report: Report, _screen: Screen) -> str:
    """Write the title and the headings."""
    document = report.document()
    lines = (document.title, *(section.heading for section in document.sections))
    return "".join(f"{escape(safe(line))}\\n" for line in lines if line)
''',
    },
    lines=(
        Change(
            "src/gapcalc/outputs.py",
            '    Output("markdown", ',
            '    Output("headlines", (".headlines",), "gapcalc.reports.headlines:write"),\n',
        ),
    ),
)


def test_an_output_is_added(project: Project) -> None:
    given = ("fixtures/standing-desk", "--target", "https://www.deskwise.example/standing-desk/")
    assert project.gapcalc(*given, "--format", "headlines", "-q").startswith("standing desk")
    project.holds("headlines")
