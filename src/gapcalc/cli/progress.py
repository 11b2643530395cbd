"""A progress bar on stderr, on a terminal alone."""

from typing import TYPE_CHECKING

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
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[spent]}"),
            console=Console(stderr=True),
            transient=True,
        )
        self._bar.start()
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
