"""Where words go: the answer to stdout or a file, messages to stderr; errors become exit codes."""

import io
import os
import shutil
import stat
import sys
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

import typer

from gapcalc.errors import GapcalcError, UsageError
from gapcalc.given import environment
from gapcalc.outputs import FORMATS, format_for
from gapcalc.settings import Settings
from gapcalc.text import safe, safe_json
from gapcalc.workspace import Terminated, real_path

if TYPE_CHECKING:
    from gapcalc.reports.document import Document, Report, Screen
    from gapcalc.results.gap import Unanswered
    from gapcalc.results.shared import Input
    from gapcalc.rows import Problem

_SHOWN_PROBLEMS = 10
INTERRUPTED, PIPE_CLOSED = 130, 141
_SIGNALLED = 128
"""Shells give this and the number of the signal that ended a program."""


def exit_code_of(command_line: Callable[[], object], *, json: bool = False) -> int:
    """Run a command line, tell what went wrong in a line on stderr, and give the exit code.

    With `json` the line is one JSON object.
    """
    try:
        code = command_line()
    except GapcalcError as error:
        write_message(_error_object(error)) if json else tell(f"gapcalc: {error}")
        return error.exit_code
    except typer.TyperException as error:
        if message := error.format_message():  # none where the help was printed
            usage = UsageError(message)
            write_message(_error_object(usage)) if json else tell(f"gapcalc: {message}")
        return error.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED
    except Terminated as ended:
        return _SIGNALLED + ended.number
    except SystemExit:  # how Typer and Rich end when nobody reads on
        return PIPE_CLOSED
    return code if isinstance(code, int) else 0


def _error_object(error: GapcalcError) -> str:
    import json

    facts = {
        "code": error.code,
        "exit": error.exit_code,
        "message": str(error),
        "file": error.file,
        "line": error.line,
        "advice": error.advice,
    }
    return safe_json(json.dumps({"error": facts}, ensure_ascii=False)) + "\n"


def open_streams() -> None:
    """Write UTF-8 whatever the locale; let a closed stream be one that cannot be written to.

    Otherwise the next file that is opened would take the place of the stream.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            os.open(os.devnull, os.O_RDONLY)
            mode = "w" if number else "r"
            setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115  (they stay open)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def close_streams() -> None:
    """Write what is still held back, if anybody takes it."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()


def tell(message: str) -> None:
    """Write a line to stderr; strangers' text in it can do no harm.

    When nobody takes it, neither the answer nor the exit code changes.
    """
    write_message(safe(message) + "\n")


def write_message(text: str) -> None:
    """Write text to stderr as it is, if anybody takes it."""
    with suppress(OSError):
        sys.stderr.write(text)
        sys.stderr.flush()


def silent(_message: str) -> None:
    """Say nothing, where messages are not wanted."""


@contextmanager
def to_stdout() -> Iterator[None]:
    """Do what writes to stdout; raises UsageError when it cannot be written."""
    try:
        yield
        sys.stdout.flush()
    except (BrokenPipeError, SystemExit) as error:
        _forget_stdout()
        raise typer.Exit(PIPE_CLOSED) from error
    except OSError as error:
        _forget_stdout()
        raise UsageError(f"the answer cannot be written ({error.strerror})") from error


def _forget_stdout() -> None:
    """Keep Python from complaining once more when it flushes at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def deliver(
    text: str | bytes, output: Path | None = None, *, bom: bool = False, option: str = "--output"
) -> None:
    """Write the answer as UTF-8, to stdout or, whole or not at all, to a file.

    A file, and nothing but a file, begins with a byte order mark where `bom` says so. `option` is
    the one that named the file.

    Raises UsageError when it cannot be written.
    """
    data = text if isinstance(text, bytes) else text.encode("utf-8", "backslashreplace")
    if output is None:
        with to_stdout():
            sys.stdout.flush()
            sys.stdout.buffer.write(data)
        return
    with _told_as_usage(output, option):
        if _takes_what_comes(output):
            output.write_bytes(data)
            return
        with _in_place_of(output) as partial:
            partial.write_bytes(BOM_UTF8 + data if bom else data)


def deliver_made(made: Path, output: Path) -> None:
    """Put a file or folder that was made elsewhere where it was asked for, whole or not at all.

    Raises UsageError when that cannot be done.
    """
    with _told_as_usage(output):
        if made.is_dir():
            with _in_place_of(output) as partial:
                shutil.copytree(made, partial)
        elif _takes_what_comes(output):
            with made.open("rb") as source, output.open("wb") as target:
                shutil.copyfileobj(source, target)
        else:
            with _in_place_of(output) as partial:
                shutil.copyfile(made, partial)


def _takes_what_comes(output: Path) -> bool:
    """Say whether it is a device or a pipe. A folder is too, and refuses what is written to it."""
    try:
        return not stat.S_ISREG(output.stat().st_mode)
    except FileNotFoundError:
        return False


@contextmanager
def _in_place_of(output: Path) -> Iterator[Path]:
    """Give a path beside `output` that takes its place once all is written, or is gone."""
    # A link keeps pointing where it does: the file behind it is the one to replace.
    with suppress(FileNotFoundError):
        output.stat()  # a link that leads to itself is an OSError
    target = real_path(output)
    name = f".gapcalc-{crc32(os.fsencode(target.name)):08x}"
    _remove_left_behind(target.parent, name)
    partial = target.with_name(f"{name}.{os.getpid()}.part")
    try:
        yield partial
        if target.exists():
            shutil.copymode(target, partial)
        partial.replace(target)
    finally:
        _remove(partial)


def _remove_left_behind(folder: Path, name: str) -> None:
    """Remove what runs that were killed left of the same output."""
    for path in folder.glob(f"{name}.*.part"):
        number = path.name.split(".")[-2]
        if number.isdecimal() and not _is_running(int(number)):
            _remove(path)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:  # it is somebody else's
        return True
    return True


def _remove(path: Path) -> None:
    with suppress(OSError):
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()


@contextmanager
def _told_as_usage(output: Path, option: str = "--output") -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or "not every file can be copied"
        raise UsageError(f"{option} {output}: it cannot be written ({reason})") from error


def today() -> date:
    """Give the user's day."""
    return date.today()  # noqa: DTZ011  (the user's day)


def screen(*, colour: bool = False) -> "Screen":
    """Give the screen: as wide as the terminal, or 100 columns where there is none."""
    from gapcalc.reports.document import Screen

    return Screen(shutil.get_terminal_size((100, 24)).columns, colour)


def _has_colour(settings: Settings) -> bool:
    """Say whether an answer is coloured: on a terminal, unless the user wants none."""
    said = environment()
    plain = settings.no_color or said.get("NO_COLOR") or said.get("TERM") == "dumb"
    return sys.stdout.isatty() and not plain and not settings.output


def write_answer(
    report: "Report",
    settings: Settings,
    inputs: "Sequence[Input]",
    problems: "Sequence[Problem]",
    unanswered: "Sequence[Unanswered]" = (),
) -> str | bytes:
    """Write an answer in the wanted format, and tell what it lacks and could not be read."""
    form = format_for(settings.output, settings.format)
    text = form.write(report, screen(colour=_has_colour(settings)))
    if not settings.quiet:
        tell_inputs(inputs, problems, verbose=settings.verbose > 0)
        for missing in unanswered:
            tell(f"no answer for {missing.keyword or 'the keyword'}: {missing.reason}")
    return text


def drawn(document: "Document") -> str:
    """Draw a document for the screen, without colours."""
    from gapcalc.reports.table import draw

    return draw(document, screen())


def print_report(report: "Report", *, json: bool) -> int:
    """Write a report to stdout, as a table or as JSON, and give the exit code 0."""
    deliver(FORMATS["json" if json else "table"].write(report, screen()))
    return 0


def tell_inputs(inputs: "Sequence[Input]", problems: "Sequence[Problem]", *, verbose: bool) -> None:
    """Name the inputs that were skipped, or every one, and what could not be read."""
    for item in inputs:
        if item.format is None:
            tell(f"{item.name}: {item.note}")
        elif verbose:
            note = f" ({item.note})" if item.note else ""
            tell(f"{item.name}: {item.format}, {item.rows} rows{note}")
    _tell_problems(problems, every=verbose)


def _tell_problems(problems: "Sequence[Problem]", *, every: bool) -> None:
    """List what could not be read as ``file:line: reason``; the first ones, or every one."""
    shown = problems if every else problems[:_SHOWN_PROBLEMS]
    for problem in shown:
        where = problem.input if problem.line is None else f"{problem.input}:{problem.line}"
        tell(f"{where}: {problem.reason}")
    if len(shown) < len(problems):
        tell(f"and {len(problems) - len(shown):,} more; -v lists every one")
