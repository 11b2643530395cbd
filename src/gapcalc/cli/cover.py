"""What stands on a report that is handed over: its title, the client, the command that makes it."""

import os
import shlex
from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from gapcalc.cli.options import Call
from gapcalc.option import Declared
from gapcalc.settings import options_of

if TYPE_CHECKING:
    from gapcalc.reports.document import Cover, FullReport, Report

_NO_PART = (
    *("as_of", "chart", "config", "disavow", "explain", "format", "json", "no_color", "output"),
    *("quiet", "verbose", "yes"),
)
"""Options that leave a report as it is, or are written in any case."""


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
