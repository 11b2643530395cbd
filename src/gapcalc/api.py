"""The Python interface: the answer of the command line, as a value."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from gapcalc.commands.gap import answer_gap
from gapcalc.results.gap import GapResult
from gapcalc.settings import Settings
from gapcalc.workspace import private_workspace

__all__ = ["GapResult", "Settings", "find_gap"]


def find_gap(
    inputs: str | Path | Sequence[str | Path], settings: Settings | None = None
) -> GapResult:
    """Answer the gap question for files, folders or globs, or for one of them.

    The settings are the options of the command line; gapcalc.toml and the environment are not read.
    Raises GapcalcError for every error that the caller can fix. The result's inputs list what was
    skipped or could not be read.
    """
    with private_workspace(lambda _message: None) as workspace:
        named = [inputs] if isinstance(inputs, str | Path) else inputs
        names = [str(name) for name in named]
        today = date.today()  # noqa: DTZ011  (the user's day)
        return answer_gap(names, settings or Settings(), today, workspace).result
