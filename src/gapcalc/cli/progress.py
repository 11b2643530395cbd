"""The progress bar: on stderr, for a person at a terminal."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from gapcalc.cli.output import silent, tell
from gapcalc.settings import Settings
from gapcalc.text import safe
from gapcalc.workspace import Workspace, private_workspace

if TYPE_CHECKING:
    from rich.progress import Progress

MANY_FILES = 100
"""Fewer files are done before a bar could be read."""


class Bar:
    """Shows how far a step is, what is spent by now, and why it waits; leaves nothing behind.

    Where it is not shown, `tell` is given a line for every wait.
    """

    def __init__(self, *, shown: bool, tell: Callable[[str], None] = silent) -> None:
        self._shown, self._tell = shown, tell
        self._bar: Progress | None = None

    def start(self, step: str, total: int) -> None:
        """Begin a step of so many parts."""
        if not self._shown:
            return
        from rich.console import Console
        from rich.progress import MofNCompleteColumn, Progress, TextColumn

        columns = (*Progress.get_default_columns(), MofNCompleteColumn())
        note = TextColumn("{task.fields[note]}", markup=False)
        self._bar = Progress(*columns, note, console=Console(stderr=True), transient=True)
        self._bar.add_task(step, total=total, note="")
        self._bar.start()

    def advance(self, spent: str) -> None:
        """Tell that one more part is done, and what is spent by now."""
        if self._bar is not None:
            self._bar.update(self._bar.task_ids[0], advance=1, note=f"{spent} spent")

    def wait(self, why: str) -> None:
        """Tell why nothing moves for some seconds."""
        if self._bar is None:
            self._tell(why)
        else:
            self._bar.update(self._bar.task_ids[0], note=safe(why))

    def show_files(self, what: str, done: int, total: int) -> None:
        """Tell how many of how many files are done, and what is done to them."""
        if total < MANY_FILES:
            return
        if self._bar is None:
            self.start(what, total)
        if self._bar is not None:
            self._bar.update(self._bar.task_ids[0], description=what, completed=done, total=total)
        if done == total:
            self.end()

    def end(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None


@contextmanager
def working(settings: Settings) -> Iterator[Workspace]:
    """Give a private workspace whose steps a bar shows on a terminal, unless --quiet is given."""
    with (
        progress_bar(shown=not settings.quiet and sys.stderr.isatty()) as bar,
        private_workspace(silent if settings.quiet else tell, bar.show_files) as workspace,
    ):
        yield workspace


@contextmanager
def progress_bar(*, shown: bool) -> Iterator[Bar]:
    """Give a bar that is gone at the end, whichever way that comes."""
    bar = Bar(shown=shown)
    try:
        yield bar
    finally:
        bar.end()
