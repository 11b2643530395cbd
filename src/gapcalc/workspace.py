"""A private folder for temporary files that is gone whichever way the run ends."""

import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import current_thread, main_thread
from types import FrameType
from typing import BinaryIO, NoReturn

from gapcalc.errors import TemporarySpaceError

_LARGE = 10**9


Advance = Callable[[str, int, int], None]
"""Takes what is done, how many files are finished, and how many there are."""


def _unseen(_what: str, _done: int, _total: int) -> None:
    pass


class Terminated(BaseException):
    """The process was asked to end (SIGTERM)."""


class Workspace:
    """The folder, made when first needed, readable by its owner alone.

    `terminated` tells that a SIGTERM has come, for whoever swallows the exception it raises.
    `advance` is told how many files of how many are done, and what is done to them.
    """

    def __init__(
        self, announce: Callable[[str], None] = lambda _message: None, advance: Advance = _unseen
    ) -> None:
        self._folder: Path | None = None
        self._paths = 0
        self.terminated = False
        self.advance = advance
        self._announce = announce

    @property
    def folder(self) -> Path:
        """The private folder under the system's temporary one (or TMPDIR)."""
        if self._folder is None:
            from tempfile import mkdtemp

            self._folder = Path(mkdtemp(prefix="gapcalc-"))
        return self._folder

    def expect(self, name: str, size: int) -> None:
        """Announce that `size` bytes of a file are about to be written here, when that is much."""
        if size >= _LARGE:
            self._announce(f"{name}: rewriting up to {size / 1e9:.1f} GB into {self.folder}")

    def new_path(self, suffix: str) -> Path:
        """Give a path for a temporary file that does not exist yet."""
        self._paths += 1
        return self.folder / f"{self._paths:06d}{suffix}"

    def show(self, path: Path) -> str:
        """Write a path for the user; of a file in the private folder only what is below it."""
        ours = self._folder is not None and path.is_relative_to(self._folder)
        return (path.relative_to(self._folder) if ours and self._folder else path).as_posix()

    def keep_stream(self, stream: BinaryIO) -> Path:
        """Keep what a stream holds in a file, and give its path."""
        path = self.new_path(".stdin")
        try:
            with path.open("wb") as file:
                shutil.copyfileobj(stream, file)
        except OSError as error:
            raise TemporarySpaceError(str(self.folder), error.strerror) from error
        return path

    def remove(self) -> None:
        """Remove the folder and all in it."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None


@contextmanager
def private_workspace(
    announce: Callable[[str], None], advance: Advance = _unseen
) -> Iterator[Workspace]:
    """Give a workspace that is removed on return, error, SIGINT and SIGTERM alike."""
    workspace = Workspace(announce, advance)

    def terminate(_signal: int, _frame: FrameType | None) -> NoReturn:
        workspace.terminated = True
        raise Terminated

    # Python lets only the main thread handle signals; elsewhere they stay the caller's.
    in_charge = current_thread() is main_thread()
    previous = signal.signal(signal.SIGTERM, terminate) if in_charge else None
    try:
        yield workspace
    finally:
        workspace.remove()
        if in_charge:
            signal.signal(signal.SIGTERM, previous)
