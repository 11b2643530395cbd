"""The output formats: the one list of them, and which of them a run writes."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from gapcalc.errors import UsageError, nearest

if TYPE_CHECKING:
    from gapcalc.reports.document import Report, Screen


class Output(NamedTuple):
    """An output format.

    `endings` are those of the files it is written to. `writer` names, as ``module:function``, what
    turns a Report and a Screen into text or bytes; it is imported when it is needed. With `bom`, a
    file begins with a byte order mark, by which Excel knows UTF-8; standard output never does.
    What is `sent` to somebody has the leads and the plan with a gap.
    """

    name: str
    endings: tuple[str, ...]
    writer: str
    bom: bool = False
    sent: bool = False

    def write(self, report: "Report", screen: "Screen") -> str | bytes:
        """Write a report; the screen matters to what is drawn for one."""
        module, _, name = self.writer.partition(":")
        write: Callable[[Report, Screen], str | bytes] = getattr(import_module(module), name)
        return write(report, screen)


OUTPUTS = (
    Output("table", (".txt",), "gapcalc.reports.table:write"),
    Output("json", (".json",), "gapcalc.reports.json:write"),
    Output("jsonl", (".jsonl",), "gapcalc.reports.json:write_lines"),
    Output("csv", (".csv",), "gapcalc.reports.csv:write", bom=True),
    Output("markdown", (".md",), "gapcalc.reports.markdown:write"),
    Output("html", (".html", ".htm"), "gapcalc.reports.html:write", sent=True),
    Output("xlsx", (".xlsx",), "gapcalc.reports.xlsx:write", sent=True),
)
FORMATS = {output.name: output for output in OUTPUTS}
ENDINGS = {ending: output for output in OUTPUTS for ending in output.endings}


def format_for(output: Path | None, format: str | None) -> Output:  # noqa: A002  (the option's name)
    """Choose the output format by its name or by the ending of the file; a table without either.

    A name goes with a file of an unknown ending, or of none. Raises UsageError for an unknown
    format, an unknown ending without a format, and an ending that contradicts the format.
    """
    named = None if format is None else _named(format)
    ending = output.suffix.lower() if output else ""
    meant = ENDINGS.get(ending)
    if named is None and meant is None and ending:
        raise UsageError(
            f"--output {output}: no output format has the ending {ending}. End the name in "
            f"{' '.join(ENDINGS)}, or choose one with --format {'|'.join(FORMATS)}"
        )
    if named and meant and named != meant:
        raise UsageError(
            f"--output {output}: {ending} stands for {meant.name}, but the format is {named.name}. "
            f"Leave --format out, or end the name in {named.endings[0]}"
        )
    return named or meant or OUTPUTS[0]


def _named(name: str) -> Output:
    if name not in FORMATS:
        hint = nearest(name, FORMATS, f"the formats are {', '.join(FORMATS)}")
        raise UsageError(f"--format {name}: there is no such format; {hint}")
    return FORMATS[name]
