"""The documents are right: their commands run, their outputs match, their tables are complete.

Tables between `<!-- generated: ... -->` and `<!-- end -->`, and outputs shown without a cut, are
written anew by `pytest tests/test_docs.py --update-golden`.
"""

import re
import shlex
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from pathlib import Path
from textwrap import dedent
from typing import Any, get_args, get_type_hints

import pytest

from draw_images import IMAGES, PICTURES, REPORT, digest, digest_in, draw_report, write_report
from gapcalc.formats import EXPORTS, LOOK_ALIKES, own
from gapcalc.formats.base import Export
from gapcalc.option import Declared
from gapcalc.reports.views.formats import GRADES, KINDS
from gapcalc.reports.views.rows import COLUMNS
from gapcalc.results.gap import GapResult
from gapcalc.rules import RULES
from gapcalc.rules.base import Parameters
from gapcalc.settings import declarations, options_of
from gapcalc.text import vendor_name
from running import PATIENCE, run

ROOT = Path(__file__).parents[1]
DOCUMENTS = ("README.md", *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")))
NOT_RUN = (
    ("pip install", "the tests run in an environment where it is installed"),
    ("python3 -m venv", "makes an environment for the installation"),
    ("python tests/", "checks, fixtures and benchmarks are no examples, and take long"),
)
OPTIONS_OF_OTHERS = {
    *("--by-processor", "--editable", "--large", "--pandas-python", "--quick", "--update-golden"),
    *(
        "--chaos",
        "--files",
        "--keep",
        "--odd",
        "--run",
        "--seed",
        "--seeds",
        "--service",
        "--worlds",
    ),
}
"""Options of pip, pytest, the benchmarks and the fake providers."""
CUT = "..."
ANALYSES = {"gap", "prospects", "audit", "plan"}
FEW = 3
"""A tool with fewer formats has no table of its own."""
BINDING = "; bind it with --links-for URL=FILE"
ENVIRONMENT = {
    "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
    "COLUMNS": "100",
    "LANG": "C.UTF-8",
}


# --- what a document holds -----------------------------------------------------------------------


@dataclass(frozen=True)
class Block:
    """A fenced block; `title` names the file that it is, for the commands of its section."""

    document: str
    line: int
    language: str
    title: str | None
    text: str
    section: int

    @property
    def place(self) -> str:
        return f"{self.document}:{self.line}"


@dataclass(frozen=True)
class Command:
    """A command, the exit code that a comment `# exit N` on its line states, the output shown."""

    text: str
    output: str | None = None

    @property
    def code(self) -> int:
        stated = re.search(r"# exit (\d+)", self.text)
        return int(stated[1]) if stated else 0


@cache
def read(document: str) -> str:
    return (ROOT / document).read_text(encoding="utf-8")


@cache
def blocks() -> tuple[Block, ...]:
    return tuple(block for document in DOCUMENTS for block in _blocks_of(document))


def _blocks_of(document: str) -> Iterator[Block]:
    text = read(document)
    for fence in re.finditer(
        r'^```(\w*)(?: title="([^"]+)")?\n(.*?)^```$', text, re.MULTILINE | re.DOTALL
    ):
        before = text[: fence.start()]
        yield Block(
            document,
            before.count("\n") + 1,
            language=fence[1],
            title=fence[2],
            text=fence[3],
            section=len(re.findall(r"^## ", before, re.MULTILINE)),
        )


def commands_in(block: Block) -> list[Command]:
    match block.language:
        case "console":
            steps = re.finditer(
                r"^\$ (.*\n(?:> .*\n)*)((?:(?!\$ ).*\n)*)", block.text, re.MULTILINE
            )
            return [
                Command(re.sub("^> ", "", step[1], flags=re.MULTILINE), step[2]) for step in steps
            ]
        case "sh" if block.text.startswith("#!"):
            return [Command(block.text)]
        case "sh":
            joined = block.text.replace("\\\n", "")
            return [Command(line) for line in joined.splitlines() if line and line[0] != "#"]
        case "yaml":
            return [Command(line) for line in _steps(block.text)]
        case _:
            return []


def _steps(workflow: str) -> Iterator[str]:
    """Give the commands of a workflow: `run: command`, or `run: |` and an indented script."""
    for step in re.finditer(r"^([ -]*)run: (.+)\n", workflow, re.MULTILINE):
        deeper = re.compile(rf"(?: {{{len(step[1]) + 1},}}.*\n)*")
        script = deeper.match(workflow, step.end())
        yield dedent(script[0]) if script and step[2] == "|" else step[2]


def is_run(command: Command) -> bool:
    return not any(text in command.text for text, _ in NOT_RUN)


RUN_BLOCKS = [block for block in blocks() if any(map(is_run, commands_in(block)))]


# --- commands and outputs ------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("block", RUN_BLOCKS, ids=lambda block: block.place)
def test_commands_end_with_the_stated_code_and_print_what_is_shown(
    block: Block, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    (tmp_path / "fixtures").symlink_to(ROOT / "fixtures")
    for other in blocks():
        if other.title and (other.document, other.section) == (block.document, block.section):
            _write(tmp_path / other.title, other.text)
    for command in filter(is_run, commands_in(block)):
        code, printed = _run_in(tmp_path, command)
        assert code == command.code, f"{block.place}: {command.text}\n{printed}"
        if command.output is not None and not _fits(command.output, printed):
            if request.config.getoption("--update-golden") and CUT not in command.output:
                _replace(block.document, command.output, printed)
            else:
                assert printed == command.output, block.place


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    read.cache_clear()


def _run_in(folder: Path, command: Command) -> tuple[int, str]:
    """Run a command in this process, if it needs no shell; give its exit code and its output."""
    line = command.text.replace("\\\n", "").strip()
    name, *arguments = shlex.split(line, comments=True) or [""]
    if name == "gapcalc" and not re.search(r"[\n|<>;$*]", line):
        # An empty variable is as none: the date is that of today.
        done = run(*arguments, cwd=folder, environment={"GAPCALC_AS_OF": ""})
        if not (done.out and done.err):  # in one stream, they have an order
            return done.code, done.out + done.err
    in_shell = subprocess.run(
        ["/bin/bash", "-o", "pipefail", "-c", command.text],
        cwd=folder,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
        timeout=PATIENCE,
    )
    return in_shell.returncode, in_shell.stdout


def _fits(shown: str, printed: str) -> bool:
    """Say whether the lines shown are those printed; a line `...` stands for any number of them."""
    lines = [
        r"(?:.*\n)*?" if line == CUT else re.escape(line) + r"\n"
        for line in shown.strip("\n").split("\n")
    ]
    return re.fullmatch("".join(lines), printed.strip("\n") + "\n") is not None


def _replace(document: str, old: str, new: str) -> None:
    path = ROOT / document
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{document}: the same output is shown twice; write it by hand"
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_every_document_has_commands_that_run_or_needs_none() -> None:
    without = set(DOCUMENTS) - {block.document for block in RUN_BLOCKS}

    assert without <= {
        *("docs/contributing.md", "docs/performance.md", "docs/reliability.md"),
        *("docs/comparison.md", "docs/glossary.md", "docs/options.md"),
    }


@pytest.mark.slow
@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_shows_the_answer_of_today(name: str, request: pytest.FixtureRequest) -> None:
    drawn = PICTURES[name]()
    if request.config.getoption("--update-golden"):
        _write(IMAGES / name, drawn)
    else:
        assert (IMAGES / name).read_text(encoding="utf-8") == drawn


@pytest.mark.slow
def test_the_picture_of_the_report_was_taken_of_the_report_of_today(
    request: pytest.FixtureRequest,
) -> None:
    report = write_report()
    if request.config.getoption("--update-golden"):
        (IMAGES / REPORT).write_bytes(draw_report(report))

    assert digest_in((IMAGES / REPORT).read_bytes()) == digest(report)


# --- tables from declarations --------------------------------------------------------------------


def table(*rows: Sequence[str]) -> str:
    head, *body = [
        f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows
    ]
    return "\n".join([head, "|" + "---|" * len(rows[0]), *body]) + "\n"


def code(words: Sequence[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def render_formats() -> str:
    exports = [export for export in EXPORTS if not export.id.startswith("gapcalc-")]
    vendors = Counter(export.vendor for export in exports)
    by_tool: dict[str, list[str]] = {}
    for export in exports:
        few = export.vendor and vendors[export.vendor] < FEW
        tool = "Other tools" if few else vendor_name(export.vendor or "Any source")
        by_tool.setdefault(tool, []).append(_format_line(export))
    return "\n".join(f"### {tool}\n\n{''.join(lines)}" for tool, lines in by_tool.items())


def _format_line(export: Export) -> str:
    how = export.how.removesuffix(BINDING)
    mark = r" \*" if how != export.how else ""
    how = re.sub(r",? as (JSON, JSON lines or CSV|CSV, JSON or JSON lines)", "", how)
    gives = KINDS[export.kind].removesuffix(" of one page")
    return f"- `{export.id}`{mark} ({gives}): {_capital(how)}\n"


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def render_evidence() -> str:
    by_grade = {grade: [e.id for e in EXPORTS if e.evidence.grade == grade] for grade in GRADES}
    return table(
        ("known from", "formats"),
        *((words, code(by_grade[grade])) for grade, words in GRADES.items()),
    )


def render_look_alikes() -> str:
    return "; ".join(dict.fromkeys(_capital(look.title) for look in LOOK_ALIKES)) + ".\n"


def render_rules() -> str:
    return table(
        ("rule", "drops a link when", "`balanced`", "`strict`", "needs one of the columns"),
        *(
            (
                f"`{rule.id}`",
                rule.drops_when,
                _state(rule.balanced),
                _state(rule.strict),
                code(rule.needs_any_of),
            )
            for rule in RULES
        ),
    )


def render_options() -> str:
    panels: dict[str, list[Declared]] = {}
    for declared in declarations():
        panels.setdefault(declared.option.panel or "The common ones", []).append(declared)
    return "\n".join(_panel(name, options) for name, options in panels.items())


def _panel(name: str, options: Sequence[Declared]) -> str:
    """Write a panel; its heading has the commands of most options, a line has what differs."""
    commands = [_commands(declared.option.commands) for declared in options]
    common, _ = Counter(commands).most_common(1)[0]
    lines = [
        f"- {_flags(declared)}: {declared.help}{'' if its == common else f' ({its})'}\n"
        for declared, its in zip(options, commands, strict=True)
    ]
    return f"### {name} ({common})\n\n{''.join(lines)}"


def _commands(names: Sequence[str]) -> str:
    rest = [name for name in names if name not in ANALYSES]
    return ", ".join(["all", *rest] if set(names) >= ANALYSES else names)


def _flags(declared: Declared) -> str:
    where = declared.option.where
    if "flag" not in where:
        return f"{code([declared.variable])} only"
    metavar = "" if declared.is_switch else f" {declared.option.metavar}".rstrip()
    flags = code([*declared.flags[:-1], f"{declared.flags[-1]}{metavar}"])
    return flags if "file" in where else f"{flags} ({'no file' if len(where) > 1 else 'flag only'})"


def _state(parameters: Parameters | None) -> str:
    if parameters is None:
        return "off"
    shown = [
        f"{name} {', '.join(value) if isinstance(value, tuple) else value}"
        for name, value in parameters.items()
        if name != "list"
    ]
    return "; ".join(["on", *shown])


GENERATED: dict[str, tuple[str, Callable[[], str]]] = {
    "formats": ("docs/exporting.md", render_formats),
    "evidence": ("docs/formats.md", render_evidence),
    "look-alikes": ("docs/formats.md", render_look_alikes),
    "rules": ("docs/rules.md", render_rules),
    "options": ("docs/options.md", render_options),
}


@pytest.mark.parametrize("name", GENERATED)
def test_a_generated_section_equals_the_declarations(
    name: str, request: pytest.FixtureRequest
) -> None:
    document, render = GENERATED[name]
    text = (ROOT / document).read_text(encoding="utf-8")
    start, end = f"<!-- generated: {name} -->\n", "<!-- end -->"
    before, _, rest = text.partition(start)
    section, _, after = rest.partition(end)
    if request.config.getoption("--update-golden"):
        _write(ROOT / document, f"{before}{start}\n{render()}\n{end}{after}")
    else:
        assert section == f"\n{render()}\n"


def first_column(document: str, heading: str) -> list[str]:
    """Give the code words in the first column of the first table under a heading."""
    section = read(document).partition(f"\n{heading}\n")[2]
    rows = re.search(r"(?:^\|.*\n)+", section, re.MULTILINE)
    cells = re.findall(r"^\| ([^|]+) \|", rows[0], re.MULTILINE) if rows else []
    return [word for cell in cells for word in re.findall(r"`([^`]+)`", cell)]


def test_the_columns_of_the_csv_output_are_explained_in_their_order() -> None:
    assert first_column("docs/output.md", "## CSV") == list(COLUMNS)


@pytest.mark.parametrize(
    ("heading", "export"),
    [
        ("### SERP: `gapcalc-serp`", own.SERP),
        ("### Links: `gapcalc-links`", own.LINKS),
        ("### Pages: `gapcalc-pages`", own.PAGES),
        ("### Keywords: `gapcalc-keywords`", own.KEYWORDS),
    ],
    ids=["serp", "links", "pages", "keywords"],
)
def test_the_columns_of_the_own_csvs_are_explained(heading: str, export: Export) -> None:
    declared = {column.headings[0] for column in export.columns}
    explained = first_column("docs/formats.md", heading)

    assert sorted(explained) == sorted(declared)


def test_the_own_csvs_of_links_and_of_domains_differ_in_one_column() -> None:
    links, domains = (
        {column.headings[0] for column in export.columns} for export in (own.LINKS, own.DOMAINS)
    )

    assert links - domains == {"source_url"}
    assert domains - links == {"source_domain"}


def test_every_format_says_what_it_was_verified_on() -> None:
    section = read("docs/formats.md").partition("\n## What was verified\n")[2]

    assert {e.id for e in EXPORTS} <= set(re.findall(r"`([a-z0-9-]+)`", section))


def test_every_key_of_the_json_is_explained() -> None:
    explained = set(re.findall(r"`(\w+)`", read("docs/output.md")))

    assert set(_keys(GapResult)) - explained == set()


def test_every_code_of_a_caution_is_explained() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))
    codes = set(re.findall(r'Caution\(\s*"([a-z-]+)"', source))

    assert len(codes) > 40
    assert codes - set(re.findall(r"`([a-z-]+)`", "".join(map(read, DOCUMENTS)))) == set()


def _keys(kind: Any) -> Iterator[str]:  # noqa: ANN401  (any type may be part of a result)
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        for field in fields(kind):
            yield field.name.rstrip("_")
            yield from _keys(hints[field.name])
    for part in get_args(kind):
        yield from _keys(part)


# --- options and links ---------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["gap", "fetch"])
def test_every_option_is_explained(command: str) -> None:
    explained = {option for document in DOCUMENTS for option in _options(read(document))}

    assert {declared.flags[-1] for declared in options_of(command)} - explained == set()


def test_no_option_is_named_that_does_not_exist() -> None:
    known = {"--help", "--version"}
    for declared in declarations():
        known |= {*declared.flags, declared.off_flag or ""}

    for document in DOCUMENTS:
        assert _options(read(document)) - known - OPTIONS_OF_OTHERS == set(), document


def _options(text: str) -> set[str]:
    return set(re.findall(r"(?<![\w-])--[a-z][a-z-]*[a-z]", text))


def test_every_document_is_linked_from_the_readme() -> None:
    linked = set(re.findall(r"\]\(([^)#]+)", read("README.md")))

    assert {"CHANGELOG.md", "LICENSE", *DOCUMENTS[1:]} <= linked


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_lead_somewhere(document: str) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)", read(document))

    missing = [
        t for t in targets if "://" not in t and not (ROOT / document).parent.joinpath(t).exists()
    ]
    assert missing == []
