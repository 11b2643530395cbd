"""A private folder for temporary files that is removed however the run ends."""

import os
import shutil
import signal
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from inspect import currentframe
from pathlib import Path
from threading import current_thread, main_thread
from types import FrameType
from typing import Any, BinaryIO, Literal

from gapcalc.errors import TemporarySpaceError

_LARGE = 10**9


Advance = Callable[[str, int, int | None], None]
"""Takes the current task, the number of finished parts, and the number of all parts, if known."""


def _unseen(_what: str, _done: int, _total: int | None) -> None:
    pass


_SECOND = 1.0
"""A signal that follows another within this time (in seconds) counts as the same one."""

_UNTIL_IMPORTED = 0.01
"""A signal that comes during an import is handled again after this time, in seconds."""

_ENDING = [signal.SIGINT, signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])]


class Terminated(BaseException):
    """The process was asked to end: by SIGTERM, or by SIGHUP when its terminal is closed."""

    def __init__(self, number: int = signal.SIGTERM) -> None:
        self.number = number
        super().__init__(number)


def kind_of(path: str | Path) -> Literal["file", "folder", "pipe", "other"] | None:
    """Say what is at a path; None if nothing is there, or if no file can have this name."""
    try:
        mode = Path(path).stat().st_mode
    except (OSError, ValueError):
        return None
    match stat.S_IFMT(mode):
        case stat.S_IFREG:
            return "file"
        case stat.S_IFDIR:
            return "folder"
        case stat.S_IFIFO:
            return "pipe"
        case _:
            return "other"


def real_path(path: Path) -> Path:
    """Give the absolute path with links resolved as far as possible; raises no error."""
    try:
        return Path(os.path.realpath(path))
    except OSError:  # a relative path in a folder that was removed
        return path


_Handler = Callable[[int, FrameType | None], Any] | int | None


class Workspace:
    """The folder, made when first needed, readable by its owner alone.

    `ended_by` is the exception that a signal raised, for code that would replace it with another.
    `advance` is called for each step that may take long.
    """

    def __init__(
        self, announce: Callable[[str], None] = lambda _message: None, advance: Advance = _unseen
    ) -> None:
        self._folder: Path | None = None
        self._paths = 0
        self.ended_by: BaseException | None = None
        self.advance = advance
        self._announce = announce

    @property
    def folder(self) -> Path:
        """The private folder under the system's temporary one (or TMPDIR).

        Raises TemporarySpaceError when it cannot be made.
        """
        if self._folder is None:
            self._folder = _new_folder_path()
            # The path is stored before the folder is made, so that a signal in between leaves
            # nothing.
            try:
                self._folder.mkdir(mode=0o700)
            except OSError as error:
                raise TemporarySpaceError(str(self._folder.parent), error.strerror) from error
        return self._folder

    def expect(self, name: str, size: int) -> None:
        """Announce that `size` bytes of a file are about to be written here, if that is a lot."""
        if size >= _LARGE:
            self._announce(f"{name}: rewriting up to {size / 1e9:.1f} GB into {self.folder}")

    def new_path(self, suffix: str) -> Path:
        """Give a path for a temporary file that does not exist yet."""
        self._paths += 1
        return self.folder / f"{self._paths:06d}{suffix}"

    def show(self, path: Path) -> str:
        """Write a path for the user; a path in the private folder is shown relative to it."""
        ours = self._folder is not None and path.is_relative_to(self._folder)
        return (path.relative_to(self._folder) if ours and self._folder else path).as_posix()

    def keep_stream(self, stream: BinaryIO) -> Path:
        """Save the content of a stream to a file, and give its path."""
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
            if self._folder.exists():  # a thread of the engine wrote into the folder meanwhile
                shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None


@contextmanager
def _signals_held() -> Iterator[None]:
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _new_folder_path() -> Path:
    from tempfile import gettempdir

    try:
        with _signals_held():  # it tries the folder with a file
            parent = os.path.realpath(gettempdir())
    except OSError as error:
        raise TemporarySpaceError("in TMPDIR", error.strerror) from error
    if not opens_in_engine(parent):
        raise TemporarySpaceError(parent, "its name cannot be used")
    return Path(parent) / f"gapcalc-{os.urandom(8).hex()}"


def opens_in_engine(path: str) -> bool:
    """Say whether the engine, which reads names as UTF-8 patterns, can open a path."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return not ("\\" in path and any(mark in path for mark in "*?["))


@contextmanager
def private_workspace(
    announce: Callable[[str], None], advance: Advance = _unseen
) -> Iterator[Workspace]:
    """Give a workspace that is removed on return, error, SIGINT, SIGTERM and SIGHUP alike."""
    workspace = Workspace(announce, advance)
    ending = _Ending(workspace)
    try:
        # A first signal may come at any point here, even between two of these lines.
        try:
            ending.handle()
            yield workspace
            # A library that is being imported may swallow the exception of a signal.
            if workspace.ended_by is not None:
                raise workspace.ended_by
        finally:
            ending.tidying = True
    finally:
        ending.tidying = True
        workspace.remove()
        ending.restore()


def _imports(frame: FrameType | None) -> int:
    count = 0
    while frame is not None:
        count += frame.f_code.co_filename == "<frozen importlib._bootstrap>"
        frame = frame.f_back
    return count


class _Ending:
    """Turns signals into an exception, once, and not while the workspace is being removed."""

    def __init__(self, workspace: Workspace) -> None:
        self.tidying = False
        self._imports = _imports(currentframe())
        self._workspace, self._last = workspace, -_SECOND
        self._previous: dict[int, _Handler] = {}

    def handle(self) -> None:
        """Handle the signals that end a program, except those that it was started to ignore."""
        # Python lets only the main thread handle signals; elsewhere they stay the caller's.
        if current_thread() is main_thread():
            for number in _ENDING:
                if signal.getsignal(number) not in {signal.SIG_IGN, None}:
                    self._previous[number] = signal.signal(number, self._end)

    def restore(self) -> None:
        """Handle them again as before."""
        if hasattr(signal, "SIGALRM") and signal.SIGALRM in self._previous:
            signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in self._previous.items():
            signal.signal(number, handler)

    def _end(self, number: int, frame: FrameType | None) -> None:
        if self.tidying or time.monotonic() - self._last < _SECOND:
            return
        self._workspace.ended_by = (
            KeyboardInterrupt() if number == signal.SIGINT else Terminated(number)
        )
        # An exception in the middle of an import makes some native libraries abort the process.
        if _imports(frame) > self._imports and hasattr(signal, "setitimer"):
            self._end_later(number)
            return
        self._last = time.monotonic()
        raise self._workspace.ended_by

    def _end_later(self, number: int) -> None:
        before = signal.signal(signal.SIGALRM, lambda _alarm, frame: self._end(number, frame))
        self._previous.setdefault(signal.SIGALRM, before)
        signal.setitimer(signal.ITIMER_REAL, _UNTIL_IMPORTED)
