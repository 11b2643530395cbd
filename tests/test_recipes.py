"""The recipes of docs/contributing.md work: each is followed in a copy of the project.

An addition consists only of the files and lines that its recipe names, and the project's tests
check it without being changed.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
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
        ignored = shutil.ignore_patterns("benchmarks")  # what is compiled need not be again
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

    def holds(self, *arguments: str) -> None:
        """Run tests of the copy: there must be some, and all must pass."""
        done = self.python("-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments)
        assert done.code == 0, done.out


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


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
    project.add(FORMAT)

    file = "fixtures/vendors/acme-backlinks.csv"
    answer = project.gapcalc(file, "--target", "https://www.lampkin.example/desk-lamp/", "--json")
    (keyword,) = json.loads(answer)["keywords"]
    assert (keyword["target_page"]["raw"], keyword["target_page"]["kept"]) == (2, 1)
    assert "Acme Backlinks (acme-backlinks)" in project.gapcalc("formats")
    cases = ("tests/inputs", "tests/test_export.py", "tests/test_docs.py")
    project.holds(*cases, "-k", "acme or generated or verified", "--update-golden")


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
    project.add(RULE)

    assert "nobody clicks what cannot be seen" in project.gapcalc("rules")
    cases = ("tests/rules/test_bare.py", "tests/test_docs.py")
    project.holds(*cases, "-k", "bare or generated or verified", "--update-golden")


# --- an output -----------------------------------------------------------------------------------

OUTPUT = Addition(
    files={
        "src/gapcalc/reports/lines.py": '''\
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
            '    Output("lines", (".lines",), "gapcalc.reports.lines:write"),\n',
        ),
    ),
)


def test_an_output_is_added(project: Project) -> None:
    project.add(OUTPUT)

    given = ("fixtures/standing-desk", "--target", "https://www.deskwise.example/standing-desk/")
    assert project.gapcalc(*given, "--format", "lines", "-q").startswith("standing desk")
    cases = ("tests/test_whole_outputs.py", "tests/test_safety.py", "tests/test_gap_cli.py")
    project.holds(*cases, "tests/reports", "-k", "lines", "--update-golden")
