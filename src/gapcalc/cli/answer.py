"""What commands that answer from files share: the checks, the report to hand over, the delivery."""

import os
import shlex
from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from gapcalc.cli.options import Call
from gapcalc.cli.output import deliver, tell
from gapcalc.errors import UsageError
from gapcalc.option import Declared
from gapcalc.outputs import chart_form, format_for
from gapcalc.settings import Settings, options_of

if TYPE_CHECKING:
    from gapcalc.commands.gap import Answered
    from gapcalc.reports.document import Cover, FullReport, Report

_NO_PART = (
    *("as_of", "chart", "config", "disavow", "explain", "format", "json", "no_color", "output"),
    *("quiet", "verbose", "yes"),
)
"""Options that leave a report as it is, or are written in any case."""


def require_input(name: str, call: Call, wanted: str) -> None:
    """Refuse a command without files; `wanted` says which to name."""
    if not call.arguments and not call.settings.links_for:
        raise UsageError(f"no input. Name {wanted}; see gapcalc {name} --help")


def check_chart(settings: Settings) -> None:
    """Refuse a chart that cannot be drawn, before anybody waits for an answer."""
    if settings.chart is None:
        return
    chart_form(settings.chart)
    if settings.chart == settings.output:
        raise UsageError(f"--chart {settings.chart}: the answer is written to the same file")


def hand_over(name: str, report: "Report", as_of: str, call: Call, **more: object) -> "Report":
    """Add to a command's report what a file that is sent has: the whole of it, and its cover.

    `more` is what goes into it beside the results of other commands that stand beside this one.
    """
    beside = {other: one.data for other, one in report.beside.items()}

    def full() -> "FullReport":
        composed: FullReport = import_module(f"gapcalc.reports.whole.{name}").compose(
            report.data, **beside, **more
        )
        return composed

    return report._replace(full=full, cover=_cover(name, as_of, call))


def _cover(name: str, as_of: str, call: Call) -> "Cover":
    from gapcalc.reports.document import Cover

    words = ["gapcalc", name, *call.arguments]
    for declared in options_of(name):
        if declared.name in call.given and declared.name not in _NO_PART:
            words += _words(declared, call)
    command = shlex.join([*words, "--as-of", as_of, "-o", "report.html"])
    return Cover(call.settings.title, call.settings.client, command)


def _words(declared: Declared, call: Call) -> Iterator[str]:
    """Give a setting as it would be typed, wherever it was given."""
    value = getattr(call.settings, declared.name)
    write = str if call.was_typed(declared.name) else _near
    for one in value if isinstance(value, tuple) else [value]:
        if isinstance(one, bool):
            yield declared.flags[-1] if one else declared.off_flag or ""
            continue
        yield declared.flags[-1]
        if declared.option.binds:
            url, _, file = one.rpartition("=")
            yield f"{url}={write(Path(file))}"
        else:
            yield str(int(one)) if isinstance(one, float) and one.is_integer() else write(one)


def _near(value: object) -> str:
    """Write a value; of a path, which a settings file makes one from the root, the way from here."""
    if isinstance(value, Path):
        with suppress(OSError, ValueError):  # no current folder any more; another drive
            return os.path.relpath(value)
    return str(value)


def deliver_answer(name: str, text: str | bytes, result: object, settings: Settings) -> None:
    """Put an answer where it was asked for, and its chart if there is anything to draw."""
    deliver(text, settings.output, bom=format_for(settings.output, settings.format).bom)
    if settings.chart is None:
        return
    from gapcalc.reports.draw import draw
    from gapcalc.reports.views.pictures import PICTURES

    chart, picture = settings.chart, PICTURES[name](result)
    if picture is None:
        tell(f"--chart {chart}: this answer has nothing to draw; no file was written")
    else:
        deliver(draw(picture, chart_form(chart), titled=True), chart, option="--chart")


def judge(answered: "Answered", settings: Settings) -> int:
    """Tell which keywords do not keep their limits, and give the exit code for all together."""
    from gapcalc.commands.gap import judge_limits, tell_exceeded

    if not settings.quiet:
        for message in tell_exceeded(answered.result, answered.targets, settings):
            tell(message)
    return judge_limits(answered.result, answered.targets, settings)
