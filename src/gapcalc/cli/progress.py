"""A progress bar on stderr, on a terminal alone."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from gapcalc.cli.bar import start_bar
from gapcalc.text import safe

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


class Bar:
    """Shows how far a step is, what is spent by now, and why it waits.

    Where it is not shown, `tell` is given a line for every wait.
    """

    def __init__(self, *, shown: bool, tell: Callable[[str], None]) -> None:
        self._shown, self._tell = shown, tell
        self._bar: Progress | None = None
        self._task: TaskID | None = None

    def start(self, step: str, questions: int) -> None:
        """Begin a step of so many questions."""
        if not self._shown:
            return
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn

        self._bar = start_bar(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[spent]}"),
            TextColumn("{task.fields[why]}", markup=False),
        )
        self._task = self._bar.add_task(step, total=questions, spent="", why="")

    def advance(self, spent: str) -> None:
        """Tell that a question is answered, and what is spent by now."""
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, advance=1, spent=f"{spent} spent", why="")

    def wait(self, why: str) -> None:
        """Tell why nothing moves for some seconds."""
        if self._bar is None or self._task is None:
            self._tell(why)
        else:
            self._bar.update(self._task, why=safe(why))

    def end(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None
