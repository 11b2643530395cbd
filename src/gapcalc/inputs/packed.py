"""What comes out of containers: files of their own in the private workspace, within limits."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from gapcalc.errors import InputError, TemporarySpaceError
from gapcalc.inputs.sheet import Origin
from gapcalc.workspace import Workspace

GIB = 1024**3
MOST_BYTES = 20 * GIB
"""What one file may unpack to in all; no export is near it."""

MOST_TIMES = 200
"""How many times its own size a file may unpack to: exports unpack to five or twenty times."""

_SMALL = 100 * 1024 * 1024
"""Up to here it does not matter how many times its size a file unpacks to."""

BLOCK = 64 * 1024
"""Even where each block unpacks to a thousand times its size, it fits into memory."""

AGAIN = "Export or download it again"


class Allowance:
    """Counts what one file of the user's unpacks to, on every level, and refuses what is absurd."""

    def __init__(self, name: str, size: int) -> None:
        self.name, self.size = name, size
        self.taken = 0

    def take(self, size: int) -> None:
        """Count bytes that are about to be written; raises InputError beyond the limits."""
        self.taken += size
        if self.taken > MOST_BYTES:
            raise self._refusal(f"{MOST_BYTES // GIB} GiB")
        if self.taken > max(_SMALL, MOST_TIMES * self.size):
            raise self._refusal(f"{MOST_TIMES} times its size, as no export does")

    def _refusal(self, most: str) -> InputError:
        return InputError(self.name, f"it unpacks to more than {most}", "Give the exports alone")


class File(NamedTuple):
    """A file by the name that is shown; its bytes are at `path`, which may be a temporary one."""

    name: str
    path: Path
    origin: Origin


class Member(NamedTuple):
    """Something in a container that can become a file.

    `unpack` raises InputError when that cannot be done, TemporarySpaceError when the disk is full.
    """

    name: str
    unpack: Callable[[], File]


class Unpacking(NamedTuple):
    """Where the contents of one file of the user's go, and how much of it is allowed."""

    workspace: Workspace
    allowance: Allowance

    def write(self, blocks: Iterable[bytes]) -> Path:
        """Write blocks to a new temporary file, whole or not at all."""
        path = self.workspace.new_path(".unpacked")
        whole = False
        try:
            with path.open("wb") as out:
                for block in blocks:
                    self.allowance.take(len(block))
                    out.write(block)
            whole = True
        except OSError as error:
            raise TemporarySpaceError(str(self.workspace.folder), error.strerror) from error
        finally:
            if not whole:
                path.unlink(missing_ok=True)
        return path


def blocks_of(file: File) -> Iterator[bytes]:
    """Read a file in blocks; raises InputError when that fails."""
    try:
        with file.path.open("rb") as source:
            while block := source.read(BLOCK):
                yield block
    except OSError as error:
        reason = f"it cannot be read ({error.strerror or error})"
        raise InputError(file.name, reason, "Check the disk it is on") from error
