"""Writes link files in every format, opens them, and counts them with the engine."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from gapcalc.engine.count import open_links
from gapcalc.engine.judge import CountRequest
from gapcalc.engine.velocity import FIELDS, find_months
from gapcalc.inputs.detect import detect
from gapcalc.inputs.find import find_sources
from gapcalc.inputs.sheet import open_sheet
from gapcalc.inputs.source import Source
from gapcalc.rows import DomainMonths, LinkFile, PageLinks, Problem
from gapcalc.rules import choose
from gapcalc.rules.base import ActiveRule
from gapcalc.suffixes import default_rules
from gapcalc.workspace import Workspace
from packing import write_parquet

ROOT = Path(__file__).parents[1]
FIXTURES = ROOT / "fixtures"
REAL_EXPORTS = ROOT / ".." / "shared" / "exports"
TARGET = "https://target.example/page"
PAGE = "target.example/page"

NO_RULES = CountRequest(rules=(), suffixes=default_rules())


@dataclass(frozen=True)
class Counted:
    pages: Mapping[str, PageLinks]
    files: tuple[LinkFile, ...]
    problems: tuple[Problem, ...]

    @property
    def said(self) -> list[tuple[int | None, str]]:
        return [(problem.line, problem.reason) for problem in self.problems]

    @property
    def figures(self) -> dict[str, tuple[int, int | None, int, int]]:
        """Give raw, followed, lost and internal of every page."""
        return {
            page: (links.raw, links.followed, links.lost, links.internal)
            for page, links in self.pages.items()
        }


def open_source(path: Path) -> Source:
    return detect(open_sheet(path.name, path))


def count_links(paths: Iterable[Path], question: CountRequest = NO_RULES) -> Counted:
    """Count link files under all rules of the request."""
    workspace = Workspace()
    try:
        sources = [(n, _source_of(path, workspace)) for n, path in enumerate(paths)]
        with open_links(sources, question, workspace) as (counts, problems):
            pages = counts.count([active.id for active in question.rules])
            return Counted(pages, counts.files, tuple(problems))
    finally:
        workspace.remove()


def count_months(
    paths: Iterable[Path],
    as_of: date,
    rules: Sequence[ActiveRule] = choose("balanced", {}, on=(), off=()),
    bound: Mapping[int, str] | None = None,
) -> Mapping[str, DomainMonths]:
    """Give when pages won and lost domains, under the rules of the default profile or others."""
    question = NO_RULES._replace(rules=tuple(rules), fields=FIELDS, bound=bound or {})
    workspace = Workspace()
    try:
        sources = [(n, _source_of(path, workspace)) for n, path in enumerate(paths)]
        with open_links(sources, question, workspace) as (counts, _):
            return find_months(counts, [active.id for active in rules], as_of)
    finally:
        workspace.remove()


def _source_of(path: Path, workspace: Workspace) -> Source:
    if path.read_bytes()[:4] != b"PAR1":
        return open_source(path)
    (source,) = find_sources([str(path)], workspace)
    assert isinstance(source, Source)
    return source._replace(sheet=source.sheet._replace(name=path.name))


@dataclass(frozen=True)
class Form:
    """How a table is written down."""

    delimiter: str = ","
    eol: str = "\n"
    encoding: str = "utf-8"
    quote_all: bool = False
    preamble: str = ""

    def text(self, rows: Iterable[Sequence[str]]) -> str:
        text = io.StringIO(newline="")
        csv.writer(
            text,
            delimiter=self.delimiter,
            lineterminator=self.eol,
            quoting=csv.QUOTE_ALL if self.quote_all else csv.QUOTE_MINIMAL,
        ).writerows(rows)
        return self.preamble.replace("\n", self.eol) + text.getvalue()


PLAIN = Form()


def write_table(path: Path, rows: Iterable[Sequence[str]], form: Form = PLAIN) -> Path:
    path.write_bytes(form.text(rows).encode(form.encoding))
    return path


def write_links_as_parquet(path: Path, links: Sequence[Mapping[str, str]]) -> Path:
    """Write links as gapcalc's own columns, all of them text."""
    headings = list(dict.fromkeys(("source_url", "target_url", *(h for row in links for h in row))))
    rows = [
        [{"target_url": TARGET, **row}.get(heading, "") for heading in headings] for row in links
    ]
    return write_parquet(path, headings, rows)


def write_links(path: Path, links: Sequence[Mapping[str, str]], form: Form = PLAIN) -> Path:
    """Write links as gapcalc's own CSV, or under the headings given."""
    headings = list(dict.fromkeys(("source_url", "target_url", *(h for row in links for h in row))))
    base = {"target_url": TARGET}
    rows = [[{**base, **row}.get(heading, "") for heading in headings] for row in links]
    return write_table(path, [headings, *rows], form)


def links_from(*hosts: str, **cells: str) -> list[dict[str, str]]:
    """Give a link to the target from each host."""
    return [{"source_url": f"https://{host}/post", **cells} for host in hosts]
