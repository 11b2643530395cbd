"""Keeps paid answers, as they came, in a small database that only the user can read."""

import json
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from threading import Lock

from platformdirs import user_cache_path

from gapcalc.errors import UsageError
from gapcalc.providers.base import Answer, Request

NAME = "answers.sqlite"
DAY = 86_400
_SCHEMA = """
create table if not exists answer (
    key text primary key, provider text not null, at real not null, status integer not null,
    headers text not null, asked text not null, units integer not null, body blob not null
);
create table if not exists part (key text primary key, answer text not null);
create table if not exists renewal (what text primary key, at real not null);
"""
_HEADERS = ("content-type", "x-api-")
"""What is kept of the headers; others say nothing of the data, and could hold a session."""


def cache_folder(named: Path | None) -> Path:
    """Say where answers are kept: where the user said, or in the user's cache folder."""
    if named is not None:
        return named
    return user_cache_path("gapcalc", appauthor=False)


class Cache:
    """The answers of earlier runs and of this one, by a key that holds no secret.

    `since` is the moment before which an answer is too old to be used; what is older than `days`
    is deleted when the cache is opened.
    """

    def __init__(self, folder: Path, *, days: int, now: Callable[[], float], write: bool) -> None:
        self._now, self._lock = now, Lock()
        self.since = now() - days * DAY
        self.path = folder / NAME
        try:
            self._connection = _open(self.path) if write or self.path.exists() else _in_memory()
            with self._lock, self._connection as connection:
                connection.executescript(_SCHEMA)
                self._purge(connection)
        except (OSError, sqlite3.Error) as error:
            raise self._broken(error) from error

    def _purge(self, connection: sqlite3.Connection) -> None:
        connection.execute("delete from answer where at < ?", [self.since])
        connection.execute("delete from part where answer not in (select key from answer)")

    def put(self, provider: str, request: Request, answer: Answer, parts: list[str]) -> None:
        """Keep an answer; `parts` are the keys of the questions that it answers besides its own."""
        headers = {n: v for n, v in answer.headers.items() if n.startswith(_HEADERS)}
        row = [
            request.key,
            provider,
            self._now(),
            answer.status,
            json.dumps(headers),
            json.dumps(answer.asked),
            answer.units,
            answer.body,
        ]
        try:
            with self._lock, self._connection as connection:
                connection.execute("insert or replace into answer values (?,?,?,?,?,?,?,?)", row)
                connection.executemany(
                    "insert or replace into part values (?, ?)", [(p, request.key) for p in parts]
                )
        except sqlite3.Error as error:
            raise self._broken(error) from error

    def get(self, key: str) -> tuple[str, Answer] | None:
        """Give the answer to a question, alone or among others, with the key it is kept under."""
        try:
            with self._lock, closing(self._connection.cursor()) as cursor:
                row = cursor.execute(
                    "select key, status, headers, asked, units, body from answer where at >= ?2"
                    " and (key = ?1 or key = (select answer from part where key = ?1))",
                    [key, self.since],
                ).fetchone()
        except sqlite3.Error as error:
            raise self._broken(error) from error
        if row is None:
            return None
        kept, status, headers, asked, units, body = row
        return kept, Answer(status, json.loads(headers), body, tuple(json.loads(asked)), units)

    def renew(self, what: str, *, begin: bool) -> None:
        """Take every answer so far for too old.

        A renewal of the same that did not come to its end goes on: what it paid for is fresh.
        Without `begin` none is noted down.
        """
        now = self._now()
        try:
            with self._lock, self._connection as connection:
                connection.execute("delete from renewal where at < ?", [now - DAY])
                if begin:
                    connection.execute("insert or ignore into renewal values (?, ?)", [what, now])
                found = connection.execute("select at from renewal where what = ?", [what])
                self.since = next(found, (now,))[0]
        except sqlite3.Error as error:
            raise self._broken(error) from error

    def end_renewal(self, what: str) -> None:
        """Let the next renewal of the same begin anew."""
        try:
            with self._lock, self._connection as connection:
                connection.execute("delete from renewal where what = ?", [what])
        except sqlite3.Error as error:
            raise self._broken(error) from error

    def close(self) -> None:
        """Close the database."""
        self._connection.close()

    def _broken(self, error: Exception) -> UsageError:
        return UsageError(
            f"the cache {self.path} cannot be used ({error}). "
            "Name another folder with --cache, or delete the file"
        )


def _in_memory() -> sqlite3.Connection:
    return sqlite3.connect(":memory:", check_same_thread=False)


def _open(path: Path) -> sqlite3.Connection:
    """Open the file; it and its folder are made for the owner alone, whatever the umask is."""
    if not path.parent.exists():
        path.parent.mkdir(parents=True, mode=0o700)
        path.parent.chmod(0o700)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    path.chmod(0o600)
    return sqlite3.connect(path, timeout=30, check_same_thread=False)
