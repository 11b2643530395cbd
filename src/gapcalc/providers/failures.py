"""Describes failures between gapcalc and a provider in words without keys and URLs."""

import ssl
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from socket import gaierror
from typing import Literal, NamedTuple

import httpx

from gapcalc.providers.base import Answer
from gapcalc.providers.keys import redact

_LONGEST_SAID = 300
_HOUR, _FEW = 3600, 2
ADVICE = {
    "key": "Check {keys}; gapcalc fetch --balance --provider {name} tries it for free",
    "plan": "Your plan may not include this question. gapcalc fetch --balance --provider {name} "
    "shows the plan. What came is kept: the same command goes on from there",
    "units": "gapcalc fetch --balance --provider {name} shows what is left. What came is kept: "
    "the same command goes on from there",
    "refused": "What came is kept: the same command goes on from there",
    "again": "Run the same command again later: it goes on where it stopped, and pays nothing twice",
    "redirect": "gapcalc follows no redirects: log in to this network if it asks for that, and "
    "check {variable} and the proxy",
    "silent": "It may have been billed. Run the same command again later: it goes on where it stopped",
    "certificate": "Nothing was sent. A proxy or this network may be reading along",
}
"""What to do, by the kind of failure."""


class Cause(NamedTuple):
    """Why an exchange failed: whether a retry may help, its words, whether all was sent.

    `unreachable` never had a connection, `broken` lost it, `garbled` cannot be unpacked, `silent`
    gave no whole answer in time.
    """

    kind: Literal["certificate", "unreachable", "broken", "garbled", "silent"]
    said: str
    sent: bool = True


_CAUSES: tuple[tuple[type[BaseException], Cause], ...] = (
    (
        ssl.SSLCertVerificationError,
        Cause("certificate", "the certificate of {host} is not trusted", sent=False),
    ),
    (gaierror, Cause("unreachable", "{host} is not found", sent=False)),
    (
        ConnectionRefusedError,
        Cause("unreachable", "{host} cannot be reached: the connection is refused", sent=False),
    ),
    (
        httpx.ProxyError,
        Cause("unreachable", "{host} cannot be reached: the proxy refuses", sent=False),
    ),
    (
        httpx.ConnectTimeout,
        Cause("unreachable", "{host} cannot be reached: nothing answers there", sent=False),
    ),
    (httpx.ConnectError, Cause("unreachable", "{host} cannot be reached", sent=False)),
    (httpx.PoolTimeout, Cause("broken", "no connection was free", sent=False)),
    (httpx.TimeoutException, Cause("silent", "no whole answer in time")),
    (httpx.RemoteProtocolError, Cause("broken", "the connection broke off")),
    (httpx.DecodingError, Cause("garbled", "the answer cannot be unpacked")),
    (httpx.HTTPError, Cause("broken", "the connection failed")),
)


def cause_of(error: httpx.HTTPError) -> Cause:
    """Name what went wrong, without the error's own text, which can hold the URL."""
    errors = tuple(_chain(error))
    return next(
        cause for kind, cause in _CAUSES if any(isinstance(found, kind) for found in errors)
    )


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Give an error and its causes, the outermost first."""
    found: BaseException | None = error
    while found is not None:
        yield found
        found = found.__cause__ or found.__context__


def shorten(said: str, status: int) -> str:
    """Give a provider's words on one line; for an HTML page, only that it is one."""
    # Keys are masked before the text is cut, because half a key would not be found.
    said = " ".join(redact(said).split())
    if said[:1] == "<":
        said = "a web page instead of an answer"
    if len(said) > _LONGEST_SAID:
        said = said[:_LONGEST_SAID] + "…"
    return said if status == httpx.codes.OK else f"HTTP {status}: {said}"


def pause_asked(answer: Answer, now: float) -> float | None:
    """Give the wait in seconds that Retry-After states, as a number or a date; else None."""
    asked = answer.headers.get("retry-after", "").strip()
    if asked.isdecimal() and asked.isascii():
        return float(asked[:9]) or None
    until, said_at = date_of(asked), date_of(answer.headers.get("date", ""))
    pause = (until - (said_at or now)) if until else 0.0
    return pause if pause > 0 else None


def date_of(header: str) -> float | None:
    """Give the time (Unix seconds) of an HTTP date; None for anything else."""
    try:
        return parsedate_to_datetime(header).timestamp()
    except (ValueError, OverflowError):
        return None


def in_words(seconds: float) -> str:
    """Write a time to wait.

    >>> in_words(90), in_words(3600), in_words(200_000)
    ('2 minutes', '60 minutes', '56 hours')
    """
    hours = seconds / _HOUR
    return f"{seconds / 60:.0f} minutes" if hours <= _FEW else f"{hours:.0f} hours"
