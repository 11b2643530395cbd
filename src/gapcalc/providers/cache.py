"""Keeps paid answers, unchanged, in a small database that only the user can read.

Nothing here relies on a correct clock: an answer is too old, dated in the future, or usable.
Answers are only deleted when a provider has confirmed the clock.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import stat
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from threading import Event, Lock

from platformdirs import user_cache_path

from gapcalc.errors import UsageError
from gapcalc.providers.base import Answer, Request
from gapcalc.providers.keys import redact_body

NAME = "answers.sqlite"
LOCKS = "answers.lock"
DAY = 86_400
LONGEST = 30
"""Days after which answers are deleted: Semrush's terms allow a month."""
ROOM = 64 * 2**20
"""Bytes that must be free before a request is paid for: enough for all answers under way."""
_POLL = 0.2
_SCHEMA = """
create table if not exists answer (
    key text primary key, provider text not null, at real not null, status integer not null,
    headers text not null, asked text not null, units integer not null, body blob not null,
    digest text not null default ''
);
create table if not exists part (key text primary key, answer text not null);
create table if not exists refresh (what text primary key, since integer not null, at real not null);
create table if not exists fact (name text primary key, value integer not null);
"""
_KEPT_HEADERS = ("content-type", "x-api-")
"""The headers that are kept; others say nothing about the data, and could hold a session."""


def cache_folder(named: Path | None) -> Path:
    """Give the folder for answers: the one the user named, or one in the user's cache folder."""
    return user_cache_path("gapcalc", appauthor=False) if named is None else named


class Cache:
    """The answers of earlier runs and of this one, by a key that holds no secret.

    Answers are numbered as they come. Answers of this run are usable, and so are older ones of the
    last `days` that are not being refreshed. `damaged` counts kept answers that cannot be used.
    """

    def __init__(self, folder: Path, *, days: int, now: Callable[[], float], write: bool) -> None:
        self.path, self.damaged = folder / NAME, 0
        self._days, self._now, self._ahead = days, now, 0.0
        self._confirmed = False
        self._lock, self._locks = Lock(), None if not write else _Locks(folder / LOCKS)
        try:
            self._connection = _open(self.path, make=write)
            with self._writing() as connection:
                connection.executescript(_SCHEMA)
                _add_digest(connection)
                self._first = _last_number(connection)
        except (OSError, sqlite3.Error) as error:
            raise self._broken(error) from error
        self._since = 0

    def time(self) -> float:
        """Give the time (Unix seconds), corrected where a provider says that the clock is wrong."""
        return self._now() - self._ahead

    def confirm(self, server: float) -> float:
        """Note a provider's time; give how many seconds this machine's clock is ahead of it."""
        ahead = self._now() - server
        self._ahead = ahead if abs(ahead) > DAY else 0.0
        self._confirmed = True
        return self._ahead

    def put(self, provider: str, request: Request, answer: Answer, parts: Sequence[str]) -> None:
        """Keep an answer; `parts` are the keys of the other requests that it answers too."""
        headers = {n: v for n, v in answer.headers.items() if n.startswith(_KEPT_HEADERS)}
        words = json.dumps(headers), json.dumps(answer.asked)
        body = redact_body(answer.body)
        digest = _digest(answer.status, *words, body)
        row = [request.key, provider, self.time(), answer.status, *words, 0, body, digest]
        with self._writing() as connection:
            connection.execute("insert or replace into answer values (?,?,?,?,?,?,?,?,?)", row)
            connection.executemany(
                "insert or replace into part values (?, ?)", [(p, request.key) for p in parts]
            )

    def get(self, key: str) -> tuple[str, Answer] | None:
        """Give the answer to a request, or a batch that holds it, with the key it is kept under."""
        statement = (
            "select rowid, key, at, status, headers, asked, body, digest from answer where key = ?1"
            " or key = (select answer from part where key = ?1) order by rowid desc"
        )
        try:
            with self._lock, closing(self._connection.cursor()) as cursor:
                rows = cursor.execute(statement, [key]).fetchall()
        except sqlite3.Error as error:
            raise self._broken(error) from error
        for number, kept, at, *said in rows:
            if self._is_usable(number, at):
                answer = _sound(at, said)
                if answer is not None:
                    return str(kept), answer
                self.damaged += 1
        return None

    def _is_usable(self, number: int, at: object) -> bool:
        if number > self._first:
            return True
        age = self.time() - at if isinstance(at, int | float) else None
        return age is not None and number > self._since and -DAY <= age <= self._days * DAY

    def write_out(self, key: str, provider: str) -> Path:
        """Write the body of a kept answer into a file beside the database, and give its name."""
        path = self.path.with_name(f"unread-{provider}-{key[:12]}.txt")
        with self._lock, closing(self._connection.cursor()) as cursor:
            found = cursor.execute("select body from answer where key = ?", [key]).fetchone()
        body = found[0] if found and isinstance(found[0], bytes) else b""
        try:
            with os.fdopen(_private(path, os.O_WRONLY | os.O_TRUNC), "wb") as file:
                file.write(body)
        except OSError as error:
            raise self._broken(error) from error
        return path

    def refresh(self, what: str, *, begin: bool) -> None:
        """Treat every answer so far as too old.

        An unfinished refresh of the same order, begun less than a day ago, continues: answers it
        paid for are fresh. Without `begin`, no new refresh is noted.
        """
        now = self.time()
        with self._writing() as connection:
            connection.execute("delete from refresh where abs(at - ?) > ?", [now, DAY])
            last = _last_number(connection)
            if begin:
                note = [what, last, now]
                connection.execute("insert or ignore into refresh values (?, ?, ?)", note)
            found = connection.execute("select since from refresh where what = ?", [what])
            self._since = next(found, (last,))[0]

    def end_refresh(self, what: str) -> None:
        """End a refresh, so that the next one of the same order starts from the beginning."""
        with self._writing() as connection:
            connection.execute("delete from refresh where what = ?", [what])

    def remember(self, name: str, value: int | None) -> None:
        """Keep a number that a provider stated about the user's account; None forgets it."""
        with self._writing() as connection:
            connection.execute("delete from fact where name = ?", [name])
            if value is not None:
                connection.execute("insert into fact values (?, ?)", [name, value])

    def recall(self, name: str) -> int | None:
        """Give a number that was remembered."""
        with self._lock, closing(self._connection.cursor()) as cursor:
            found = cursor.execute("select value from fact where name = ?", [name]).fetchone()
        return found[0] if found and isinstance(found[0], int) else None

    @contextmanager
    def locked(self, keys: Sequence[str], stop: Event, waits: Callable[[], None]) -> Iterator[None]:
        """Lock requests, so that no other process sends them; `waits` is called before waiting."""
        if self._locks is None:
            yield
            return
        places = sorted({int(key[:15], 16) for key in keys})
        held: list[int] = []
        try:
            for place in places:
                told = False
                while not self._locks.take(place) and not stop.is_set():
                    if not told:
                        waits()
                    told = True
                    stop.wait(_POLL)
                held.append(place)
            yield
        finally:
            for place in held:
                self._locks.give_back(place)

    def check_room(self) -> None:
        """Raise UsageError if the answers may not fit on the disk."""
        free = shutil.disk_usage(self.path.parent).free
        if free < ROOM:
            raise UsageError(
                f"the disk with the cache {self.path.parent} has {free / 2**20:,.0f} MiB left: "
                "answers that are paid for could not be kept. Free some space, or name a folder "
                "on another disk with --cache"
            )

    def close(self) -> None:
        """Delete what is older than a month, if a provider has confirmed the clock, and close."""
        try:
            if self._confirmed:
                self._purge()
        finally:
            self._connection.close()
            if self._locks is not None:
                self._locks.close()

    def _purge(self) -> None:
        oldest = self.time() - LONGEST * DAY
        with self._writing() as connection:
            connection.execute("delete from answer where at < ?", [oldest])
            connection.execute("delete from part where answer not in (select key from answer)")
        for path in self.path.parent.glob("unread-*.txt"):
            if path.stat().st_mtime < oldest:
                path.unlink(missing_ok=True)

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        try:
            with self._lock, self._connection as connection:
                yield connection
        except sqlite3.Error as error:
            raise self._broken(error) from error

    def _broken(self, error: Exception) -> UsageError:
        return UsageError(
            f"the cache {self.path} cannot be used ({error}). It may hold paid answers: move it "
            "away rather than delete it, or name another folder with --cache"
        )


def _sound(at: float, row: Sequence[object]) -> Answer | None:
    """Give a kept answer; None if it no longer is what was written."""
    match row:
        case [int(status), str(headers), str(asked), bytes(body), digest] if digest in (
            "",
            _digest(status, headers, asked, body),
        ):
            pass
        case _:
            return None
    try:
        names, things = json.loads(headers), json.loads(asked)
    except ValueError:
        return None
    if not isinstance(names, dict) or not isinstance(things, list):
        return None
    return Answer(status, names, body, tuple(map(str, things)), kept_at=at)


def _digest(status: int, headers: str, asked: str, body: bytes) -> str:
    return hashlib.sha256(f"{status}\n{headers}\n{asked}\n".encode() + body).hexdigest()


def _last_number(connection: sqlite3.Connection) -> int:
    number: int = connection.execute("select coalesce(max(rowid), 0) from answer").fetchone()[0]
    return number


def _add_digest(connection: sqlite3.Connection) -> None:
    """Bring a database of an earlier version up to date; its answers are used as they are."""
    names = [row[1] for row in connection.execute("pragma table_info(answer)")]
    if "digest" not in names:
        connection.execute("alter table answer add column digest text not null default ''")


def _open(path: Path, *, make: bool) -> sqlite3.Connection:
    """Open the file, or memory if there is no file and none is to be made.

    The file and its folder are made for the owner alone, whatever the umask is.
    """
    if not make and not path.exists():
        return sqlite3.connect(":memory:", check_same_thread=False)
    if not path.parent.exists():
        path.parent.mkdir(parents=True, mode=0o700)
        path.parent.chmod(0o700)
    os.close(_private(path, os.O_RDWR))
    return sqlite3.connect(path, timeout=30, check_same_thread=False)


def _private(path: Path, flags: int) -> int:
    """Open a file of the user's own, made for the owner alone; raises OSError for any other.

    A symbolic link is refused, and so is a folder that everybody may write to: somebody else may
    have put the file there.
    """
    if os.name == "nt":
        return os.open(path, flags | os.O_CREAT)
    folder = path.parent.stat().st_mode
    if folder & stat.S_IWOTH and not folder & stat.S_ISVTX:
        raise OSError(f"everybody may write to its folder; chmod 700 {path.parent}")
    handle = os.open(path, flags | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    state = os.fstat(handle)
    if state.st_uid != os.getuid() or not stat.S_ISREG(state.st_mode):
        os.close(handle)
        raise OSError("it is not a file of yours")
    os.fchmod(handle, 0o600)
    return handle


class _Locks:
    """Locks one byte of a file for every request; the system unlocks them when a process ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None
        self._opening = Lock()

    def take(self, place: int) -> bool:
        """Lock a byte, unless another process has it."""
        with self._opening:
            if self._handle is None:
                self._handle = _private(self._path, os.O_RDWR)
        try:
            _lock_byte(self._handle, place, hold=True)
        except (BlockingIOError, PermissionError):
            return False
        except OSError:
            pass  # Some network disks have no locks; then gapcalc works without them.
        return True

    def give_back(self, place: int) -> None:
        """Free a byte."""
        if self._handle is not None:
            with suppress(OSError):
                _lock_byte(self._handle, place, hold=False)

    def close(self) -> None:
        """Unlock everything."""
        if self._handle is not None:
            os.close(self._handle)


if sys.platform == "win32":
    import msvcrt

    def _lock_byte(handle: int, place: int, *, hold: bool) -> None:
        os.lseek(handle, place % 2**31, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK if hold else msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _lock_byte(handle: int, place: int, *, hold: bool) -> None:
        kind = fcntl.LOCK_EX | fcntl.LOCK_NB if hold else fcntl.LOCK_UN
        fcntl.lockf(handle, kind, 1, place)
