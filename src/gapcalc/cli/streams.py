"""Where words go: the answer to stdout or a file, everything else to stderr; errors to exit codes."""

import os
import shutil
import sys
from codecs import BOM_UTF8
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import typer

from gapcalc.errors import GapcalcError, UsageError
from gapcalc.reports import FORMATS
from gapcalc.reports.document import Document, Report, Screen
from gapcalc.results import Input
from gapcalc.rows import Problem
from gapcalc.text import safe
from gapcalc.workspace import Terminated

_SHOWN_PROBLEMS = 10
INTERRUPTED, TERMINATED, PIPE_CLOSED = 130, 143, 141


def tell(message: str) -> None:
    """Write a line to stderr; strangers' text in it can do no harm."""
    sys.stderr.write(safe(message) + "\n")


def silent(_message: str) -> None:
    """Say nothing, where messages are not wanted."""


@contextmanager
def exit_codes() -> Iterator[None]:
    """Turn errors and signals into a line on stderr and the exit code that belongs to them."""
    try:
        yield
    except GapcalcError as error:
        tell(f"gapcalc: {error}")
        raise typer.Exit(error.exit_code) from error
    except BrokenPipeError as error:
        _forget_stdout()
        raise typer.Exit(PIPE_CLOSED) from error
    except KeyboardInterrupt as error:
        raise typer.Exit(INTERRUPTED) from error
    except Terminated as error:
        raise typer.Exit(TERMINATED) from error


def screen(*, colour: bool = False) -> Screen:
    """Give the screen: as wide as the terminal, or 100 columns where there is none."""
    return Screen(shutil.get_terminal_size((100, 24)).columns, colour)


def drawn(document: Document) -> str:
    """Draw a document for the screen, without colours."""
    from gapcalc.reports.table import draw

    return draw(document, screen())


def print_report(report: Report, *, json: bool) -> None:
    """Write a report to stdout, as a table or as JSON."""
    deliver(FORMATS["json" if json else "table"].write(report, screen()), None)


def deliver(text: str | bytes, output: Path | None, *, bom: bool = False) -> None:
    """Write the answer as UTF-8, to stdout or, whole or not at all, to a file.

    A file, and nothing but a file, begins with a byte order mark where `bom` says so.
    Raises UsageError when the file cannot be written.
    """
    data = text if isinstance(text, bytes) else text.encode("utf-8", "backslashreplace")
    if output is None:
        _print(data)
        return
    if output.exists() and not output.is_file():
        with _told_as_usage(output):
            output.write_bytes(data)  # a device or a pipe takes what comes; a folder refuses it
        return
    with _in_place_of(output) as partial:
        partial.write_bytes(BOM_UTF8 + data if bom else data)


def deliver_made(made: Path, output: Path) -> None:
    """Put a file or folder that was made elsewhere where it was asked for, whole or not at all.

    Raises UsageError when that cannot be done.
    """
    with _in_place_of(output) as partial:
        if made.is_dir():
            shutil.copytree(made, partial)
        else:
            shutil.copyfile(made, partial)


@contextmanager
def _in_place_of(output: Path) -> Iterator[Path]:
    """Give a path beside `output` that takes its place once all is written, or is gone."""
    # A link keeps pointing where it does: the file behind it is the one to replace.
    target = output.resolve()
    partial = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with _told_as_usage(output):
            yield partial
            partial.replace(target)
    finally:
        with suppress(OSError):
            shutil.rmtree(partial) if partial.is_dir() else partial.unlink()


@contextmanager
def _told_as_usage(output: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UsageError(f"--output {output}: it cannot be written ({error.strerror})") from error


def tell_inputs(inputs: Sequence[Input], problems: Sequence[Problem], *, verbose: bool) -> None:
    """Name the inputs that were skipped, or every one, and what could not be read."""
    for item in inputs:
        if item.format is None:
            tell(f"{item.name}: {item.note}")
        elif verbose:
            note = f" ({item.note})" if item.note else ""
            tell(f"{item.name}: {item.format}, {item.rows} rows{note}")
    tell_problems(problems, every=verbose)


def _print(data: bytes) -> None:
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        _forget_stdout()
        raise UsageError(f"the answer cannot be written ({error.strerror})") from error


def _forget_stdout() -> None:
    """Keep Python from complaining once more when it flushes at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def tell_problems(problems: Sequence[Problem], *, every: bool) -> None:
    """List what could not be read as ``file:line: reason``; the first ones, or every one."""
    shown = problems if every else problems[:_SHOWN_PROBLEMS]
    for problem in shown:
        where = problem.input if problem.line is None else f"{problem.input}:{problem.line}"
        tell(f"{where}: {problem.reason}")
    if len(shown) < len(problems):
        tell(f"and {len(problems) - len(shown):,} more; -v lists every one")
