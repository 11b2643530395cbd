"""A progress bar on stderr, for a person at a terminal who gave many files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from gapcalc.workspace import Advance

if TYPE_CHECKING:
    from rich.progress import Progress, ProgressColumn

MANY = 100
"""Fewer files are done before a bar could be read."""


@contextmanager
def progress_bar(*, shown: bool) -> Iterator[Advance]:
    """Give what draws the bar when told how far the work is; it is gone when all is done."""
    bar: Progress | None = None

    def advance(what: str, done: int, total: int) -> None:
        nonlocal bar
        if not shown or total < MANY:
            return
        if bar is None:
            bar = start_bar(*_columns())
            bar.add_task("")
        bar.update(bar.task_ids[0], description=what, completed=done, total=total)
        if done == total:
            bar.stop()
            bar = None

    try:
        yield advance
    finally:
        if bar is not None:
            bar.stop()


def _columns() -> Sequence[ProgressColumn | str]:
    from rich.progress import MofNCompleteColumn, Progress

    return (*Progress.get_default_columns(), MofNCompleteColumn())


def start_bar(*columns: ProgressColumn | str) -> Progress:
    """Start a bar on stderr that leaves nothing behind."""
    from rich.console import Console
    from rich.progress import Progress

    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    bar.start()
    return bar
