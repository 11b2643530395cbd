"""What commands that answer from files share: the checks before, the cover, the delivery."""

import os
import shlex
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from gapcalc.cli.options import Call
from gapcalc.cli.output import deliver, tell
from gapcalc.errors import UsageError
from gapcalc.option import Declared
from gapcalc.outputs import Output, chart_form, format_for
from gapcalc.settings import Settings, options_of

if TYPE_CHECKING:
    from gapcalc.commands.gap import Answered
    from gapcalc.reports.document import Cover

_NO_PART = (
    *("as_of", "chart", "config", "disavow", "explain", "format", "json", "no_color", "output"),
    *("quiet", "verbose", "yes"),
)
"""Options that leave a report as it is, or are written in any case."""


def check(name: str, call: Call, wanted: str | None) -> Output:
    """Refuse what cannot be done before anybody waits, and give the format of the answer.

    `wanted` says which files to name, None where none are.
    """
    settings = call.settings
    if wanted:
        require_input(name, call, wanted)
    form = format_for(settings.output, settings.format)
    if settings.chart:
        chart_form(settings.chart)
    for option in ("output", "chart", "disavow", "explain"):
        file: Path | None = getattr(settings, option)
        if file and option != "output" and file == settings.output:
            raise UsageError(f"--{option} {file}: the answer is written to the same file")
        if file and _lacks_folder(file):
            raise UsageError(
                f"--{option} {file}: there is no folder {file.parent}. Create it first"
            )
    return form


def require_input(name: str, call: Call, wanted: str) -> None:
    """Refuse a command without files; `wanted` says which to name."""
    if not call.arguments and not call.settings.links_for:
        raise UsageError(f"no input. Name {wanted}; see gapcalc {name} --help")


def _lacks_folder(file: Path) -> bool:
    try:
        file.parent.stat()
    except FileNotFoundError:
        return True
    except OSError:  # told when the file is written
        return False
    return False


def cover_of(name: str, as_of: str, call: Call) -> "Cover":
    """Give the cover of a report, with the command that makes it again."""
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
    """Draw its chart if there is anything to draw, and put an answer where it was asked for."""
    if settings.chart is not None:
        _deliver_chart(name, result, settings.chart)
    deliver(text, settings.output, bom=format_for(settings.output, settings.format).bom)


def _deliver_chart(name: str, result: object, chart: Path) -> None:
    from gapcalc.reports.draw import draw
    from gapcalc.reports.views.pictures import PICTURES

    picture = PICTURES[name](result)
    if picture is None:
        tell(f"--chart {chart}: this answer has nothing to draw; no file was written")
    else:
        deliver(draw(picture, chart_form(chart), titled=True), chart, option="--chart")


def judge(answered: "Answered", settings: Settings) -> int:
    """Tell which keywords do not keep their limits, and give the exit code for all together."""
    from gapcalc.commands.limits import judge_limits, tell_exceeded

    if not settings.quiet:
        for message in tell_exceeded(answered.result, answered.targets, settings):
            tell(message)
    return judge_limits(answered.result, answered.targets, settings)
