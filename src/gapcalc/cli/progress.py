"""A progress bar on stderr, on a terminal alone."""

from typing import TYPE_CHECKING

from gapcalc.cli.bar import start_bar

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


class Bar:
    """Shows how far a step is and what is spent by now; does nothing unless it is shown."""

    def __init__(self, *, shown: bool) -> None:
        self._shown = shown
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
        )
        self._task = self._bar.add_task(step, total=questions, spent="")

    def advance(self, spent: str) -> None:
        """Tell that a question is answered, and what is spent by now."""
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, advance=1, spent=f"{spent} spent")

    def end(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None
