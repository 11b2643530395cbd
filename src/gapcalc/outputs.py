"""The list of all output formats, and the choice of the one that a run writes."""

from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from gapcalc.errors import UsageError, nearest

if TYPE_CHECKING:
    from gapcalc.reports.document import Report, Screen


class Output(NamedTuple):
    """An output format.

    `endings` are the endings of its files. `writer` names, as ``module:function``, the function
    that turns a Report and a Screen into text or bytes; it is imported when needed. With `bom`, a
    file begins with a byte order mark, which tells Excel that it is UTF-8; standard output never
    has one. A format that is `sent` to somebody adds the leads and the plan to a gap. `needs` are
    packages of the extra `report` without which it cannot be written.
    """

    name: str
    endings: tuple[str, ...]
    writer: str
    bom: bool = False
    sent: bool = False
    needs: tuple[str, ...] = ()

    def write(self, report: "Report", screen: "Screen") -> str | bytes:
        """Write a report; the screen matters only to formats that are drawn for one."""
        module, _, name = self.writer.partition(":")
        write: Callable[[Report, Screen], str | bytes] = getattr(import_module(module), name)
        return write(report, screen)


OUTPUTS = (
    Output("table", (".txt",), "gapcalc.reports.table:write"),
    Output("json", (".json",), "gapcalc.reports.data:write"),
    Output("jsonl", (".jsonl",), "gapcalc.reports.data:write_lines"),
    Output("csv", (".csv",), "gapcalc.reports.data:write_csv", bom=True),
    Output("markdown", (".md",), "gapcalc.reports.markdown:write"),
    Output(
        "html",
        (".html", ".htm"),
        "gapcalc.reports.html:write",
        sent=True,
        needs=("altair", "jinja2", "vl_convert"),
    ),
    Output("xlsx", (".xlsx",), "gapcalc.reports.xlsx:write", sent=True, needs=("xlsxwriter",)),
)
INSTALL = "pip install 'gapcalc[report]'"
"""The command that installs what reports and charts need."""
CHART_FORMS: Mapping[str, Literal["svg", "png"]] = {".svg": "svg", ".png": "png"}
"""The form of a chart, by the ending of its file."""
FORMATS = {output.name: output for output in OUTPUTS}
ENDINGS = {ending: output for output in OUTPUTS for ending in output.endings}


def format_for(output: Path | None, format: str | None) -> Output:  # noqa: A002  (the option's name)
    """Choose the output format by its name or by the ending of the file; a table without either.

    A named format may be written to a file with an unknown ending, or with none. Raises UsageError
    for an unknown format, an unknown ending without a format, an ending that contradicts the
    format, and a format whose packages are not installed.
    """
    if str(output) == "-":
        raise UsageError("--output -: leave --output out to write to standard output")
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
    chosen = named or meant or OUTPUTS[0]
    _check_packages(chosen.needs, f"the format {chosen.name}")
    return chosen


def chart_form(chart: Path) -> Literal["svg", "png"]:
    """Choose the form of a chart; raises UsageError for an unknown ending, or without the extra."""
    form = CHART_FORMS.get(chart.suffix.lower())
    if form is None:
        known = " or ".join(CHART_FORMS)
        raise UsageError(f"--chart {chart}: a chart is drawn to a file that ends in {known}")
    _check_packages(("altair", "vl_convert"), "a chart")
    return form


def _check_packages(needs: tuple[str, ...], what: str) -> None:
    if any(find_spec(package) is None for package in needs):
        raise UsageError(f"{what} needs packages that are not installed. Install them: {INSTALL}")


def _named(name: str) -> Output:
    if name not in FORMATS:
        hint = nearest(name, FORMATS, f"the formats are {', '.join(FORMATS)}")
        raise UsageError(f"--format {name}: there is no such format; {hint}")
    return FORMATS[name]
