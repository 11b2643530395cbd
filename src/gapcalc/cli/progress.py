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
    from threading import Timer

    from rich.progress import Progress, ProgressColumn

_APPEARS_AFTER = 1.0
"""Seconds: a shorter run is over before a bar could be read."""
_WIDEST = 100


class Bar:
    """Shows how far a step is, what is spent by now, and why it waits; leaves nothing behind.

    Where it is not shown, `tell` is given a line for every wait.
    """

    def __init__(self, *, shown: bool, tell: Callable[[str], None] = silent) -> None:
        self._shown, self._tell = shown, tell
        self._bar: Progress | None = None
        self._timer: Timer | None = None
        self._step: tuple[str, int, int | None] = "", 0, None

    def start(self, step: str, total: int) -> None:
        """Begin a step of so many parts."""
        if self._shown:
            from rich.progress import MofNCompleteColumn, Progress

            columns = (*Progress.get_default_columns(), MofNCompleteColumn())
            self._bar = self._open(*columns, step=step, total=total)

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

    def show_step(self, what: str, done: int, total: int | None) -> None:
        """Tell what is done now, and how far it is if that is known.

        Each step shows as long as the next has not begun.
        """
        if not self._shown:
            return
        self._step = what, done, total
        if self._bar is not None:
            self._show(self._bar)
        elif self._timer is None:
            from threading import Timer

            self._timer = Timer(_APPEARS_AFTER, self._appear)
            self._timer.daemon = True
            self._timer.start()

    def _appear(self) -> None:
        from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
        from rich.table import Column

        what = TextColumn("{task.description}", markup=False)
        since = TimeElapsedColumn(Column(min_width=7))
        columns = (what, BarColumn(bar_width=None), since)
        self._bar = self._open(*columns, step=self._step[0], total=None)
        self._show(self._bar)

    def _show(self, bar: "Progress") -> None:
        what, done, total = self._step
        one = not total or total == 1
        bar.update(
            bar.task_ids[0],
            description=what,
            completed=done,
            total=None if one else total,
            note="" if one else f"{done:,} of {total:,}",
        )

    def _open(self, *columns: "ProgressColumn", step: str, total: int | None) -> "Progress":
        from rich.console import Console
        from rich.progress import Progress, TextColumn

        console = Console(stderr=True)
        console.width = min(console.width, _WIDEST)
        note = TextColumn("{task.fields[note]}", markup=False)
        bar = Progress(*columns, note, console=console, transient=True, expand=True)
        bar.add_task(step, total=total, note="")
        bar.start()
        return bar

    def end(self) -> None:
        """Take the bar away."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer.join()
            self._timer = None
        if self._bar is not None:
            self._bar.stop()
            self._bar = None


@contextmanager
def working(settings: Settings) -> Iterator[Workspace]:
    """Give a private workspace whose steps a bar shows on a terminal, unless --quiet is given."""
    with (
        progress_bar(shown=not settings.quiet and sys.stderr.isatty()) as bar,
        private_workspace(silent if settings.quiet else tell, bar.show_step) as workspace,
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
