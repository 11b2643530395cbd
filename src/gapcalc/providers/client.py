"""Sends requests: paced, retried where that can help, errors told without a key or a URL."""

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address
from threading import Event, Lock
from urllib.parse import urlsplit

import httpx
import stamina
from stamina.instrumentation import set_on_retry_hooks

from gapcalc.errors import ProviderError, UsageError
from gapcalc.providers.base import Answer, Fault, Provider, Request
from gapcalc.providers.budget import Budget
from gapcalc.providers.keys import Keys, basic, redact


def check_address(variable: str, address: str) -> str:
    """Check where a provider is said to be; raises UsageError where a key would travel in clear."""
    url = urlsplit(address)
    if url.scheme not in {"http", "https"} or not url.hostname or "@" in url.netloc:
        raise UsageError(
            f"{variable}: {redact(address)!r} is no address; write https://host[:port]"
        )
    if url.scheme == "http" and not is_loopback(address):
        raise UsageError(
            f"{variable}: http:// would send the key unprotected; use https:// "
            "(http:// is for this machine's own 127.0.0.1 alone)"
        )
    return address.rstrip("/")


def is_loopback(address: str) -> bool:
    """Say whether an address is this machine's own."""
    host = urlsplit(address).hostname or ""
    with suppress(ValueError):
        return ip_address(host).is_loopback
    return host == "localhost"


def _sleep(seconds: float, stop: Event) -> None:
    stop.wait(seconds)


@dataclass(frozen=True, slots=True)
class Clock:
    """Where time comes from, and how it is waited for: until the end, or until all stops."""

    now: Callable[[], float] = time.time
    ticks: Callable[[], float] = time.monotonic
    sleep: Callable[[float, Event], None] = _sleep


class Pace:
    """Hands out moments to start at, at least `spacing` seconds apart, to all threads in turn."""

    def __init__(self, spacing: float, clock: Clock, stop: Event) -> None:
        self._spacing, self._clock, self._stop = spacing, clock, stop
        self._next = 0.0
        self._lock = Lock()

    def wait(self) -> None:
        """Wait for the next free moment."""
        with self._lock:
            now = self._clock.ticks()
            start = max(now, self._next)
            self._next = start + self._spacing
        if start > now:
            self._clock.sleep(start - now, self._stop)

    def hold(self, seconds: float) -> None:
        """Let nobody start for so long: the provider has asked for a pause."""
        with self._lock:
            self._next = max(self._next, self._clock.ticks() + seconds)


ATTEMPTS = 8
_FIRST_WAIT, _LONGEST_WAIT, _JITTER = 1.0, 30.0, 1.0
_LONGEST_PAUSE = 60.0
_TIMEOUT = httpx.Timeout(10.0, read=150.0)
"""DataForSEO works on a live question for up to 120 seconds."""
_DEADLINE = 300.0
"""Seconds after which a body that still drips is given up."""
_LARGEST = 256 * 2**20
_LONGEST_SAID = 300
_ADVICE = {
    "key": "Check {keys}; gapcalc fetch --balance --provider {name} tries it for free",
    "units": "gapcalc fetch --balance --provider {name} shows what is left. What came is kept: "
    "the same command goes on from there",
    "refused": "What came is kept: the same command goes on from there",
    "again": "Run the same command again later: it goes on where it stopped, and pays nothing twice",
}


class _AgainError(Exception):
    """An attempt that failed in a way that the next may not; `pause` is what was asked for."""

    def __init__(self, said: str, pause: float | None = None) -> None:
        self.said, self.pause = said, pause
        super().__init__(said)


@dataclass(frozen=True, slots=True)
class ClientOptions:
    """What a connection needs besides its provider.

    `address` stands in for the provider's own, `stop` ends all waiting, `log` is given a line
    for every attempt.
    """

    keys: Keys
    budget: Budget
    stop: Event
    clock: Clock
    address: str | None = None
    log: Callable[[str], None] = lambda _line: None


class Client:
    """A provider's connection: paced, patient with what passes, closed to what does not."""

    def __init__(self, provider: Provider, line: ClientOptions) -> None:
        self._provider, self._line = provider, line
        self._pace = Pace(provider.spacing, line.clock, line.stop)
        _silence()
        # A proxy of the environment is for the world, not for this machine's own server.
        local = line.address is not None and is_loopback(line.address)
        self._client = httpx.Client(
            timeout=_TIMEOUT,
            follow_redirects=False,
            verify=True,
            trust_env=not local,
            headers={"User-Agent": "gapcalc"},
            limits=httpx.Limits(max_connections=provider.at_once),
        )

    def close(self) -> None:
        """Hang up."""
        self._client.close()

    def send(self, request: Request) -> Answer:
        """Ask until there is an answer; raises ProviderError, CostLimitError."""
        try:
            for attempt in stamina.retry_context(
                on=self._wait_for,
                attempts=ATTEMPTS,
                timeout=None,
                wait_initial=_FIRST_WAIT,
                wait_max=_LONGEST_WAIT,
                wait_jitter=_JITTER,
            ):
                with attempt:
                    return self._attempt(request)
        except _AgainError as error:
            said = f"{error.said} ({ATTEMPTS} attempts)"
        raise self._failed(request, Fault("again", said))

    def _wait_for(self, error: Exception) -> bool | float:
        if not isinstance(error, _AgainError) or self._line.stop.is_set():
            return False
        if error.pause is None:
            return True
        # All wait, not only who was told to: the limit is the account's.
        self._pace.hold(error.pause)
        return 0.0

    def _attempt(self, request: Request) -> Answer:
        self._pace.wait()
        if self._line.stop.is_set():
            raise self._failed(request, Fault("again", "the run was ended"))
        self._line.budget.reserve(request)
        started = self._line.clock.ticks()
        try:
            answer = self._exchange(request)
        except httpx.HTTPError as error:
            # What was sent may have been worked on and billed, and nobody here can know.
            self._line.budget.release(request, lost=not isinstance(error, _NEVER_SENT))
            said = _name_of(error)
            self._log(request, started, said)
        except BaseException:
            self._line.budget.release(request, lost=True)
            raise
        else:
            return self._judged(request, answer, started)
        # Outside the handler, so that no error with a URL in it hangs on to this one.
        raise _AgainError(said)

    def _judged(self, request: Request, answer: Answer, started: float) -> Answer:
        """Book a good answer; raises what a bad one calls for."""
        budget, fault = self._line.budget, self._provider.judge(answer)
        if fault is None:
            units = self._provider.bill(request, answer)
            budget.settle(request, units)
            self._log(request, started, f"{answer.status}, {budget.unit.show(units)}")
            return Answer(answer.status, answer.headers, answer.body, request.asked, units)
        budget.release(request, lost=fault.billed)
        said = _shorten(fault.said, answer.status)
        self._log(request, started, said)
        if fault.kind == "again":
            raise _AgainError(said, _pause(answer))
        raise self._failed(request, Fault(fault.kind, said))

    def _exchange(self, request: Request) -> Answer:
        """Send once, and read the body whole; raises httpx.HTTPError."""
        headers, params = self._proof(request)
        url = (self._line.address or request.address) + request.path
        deadline = self._line.clock.ticks() + _DEADLINE
        body = bytearray()
        with self._client.stream(
            request.method,
            url,
            params={**request.params, **params},
            json=request.body,
            headers=headers,
        ) as response:
            for piece in response.iter_bytes():
                body += piece
                if self._line.clock.ticks() > deadline or len(body) > _LARGEST:
                    raise httpx.ReadTimeout("")
            return Answer(
                response.status_code,
                {name.lower(): value for name, value in response.headers.items()},
                bytes(body),
                request.asked,
            )

    def _proof(self, request: Request) -> tuple[dict[str, str], dict[str, str]]:
        """Give the headers and the parameters that hold the key."""
        keys = [self._line.keys.get(name) for name in request.access.keys]
        match request.access.way:
            case "bearer":
                return {"Authorization": f"Bearer {keys[0].reveal()}"}, {}
            case "apikey":
                return {"Authorization": f"Apikey {keys[0].reveal()}"}, {}
            case "basic":
                return {"Authorization": f"Basic {basic(*keys).reveal()}"}, {}
            case "query":
                return {}, {"key": keys[0].reveal()}

    def _failed(self, request: Request, fault: Fault) -> ProviderError:
        keys = " and ".join(request.access.keys)
        advice = _ADVICE[fault.kind].format(keys=keys, name=self._provider.name)
        return ProviderError(self._provider.title, request.about, redact(fault.said), advice)

    def _log(self, request: Request, started: float, result: str) -> None:
        params = "&".join(f"{name}={value}" for name, value in request.params.items())
        took = self._line.clock.ticks() - started
        line = f"{request.method} {request.path}?{params} ({request.about}): {result}, {took:.1f} s"
        self._line.log(redact(line))


_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_NAMES: tuple[tuple[type[httpx.HTTPError], str], ...] = (
    (httpx.TimeoutException, "no answer in time"),
    (httpx.ConnectError, "no connection"),
    (httpx.RemoteProtocolError, "the connection broke off"),
    (httpx.HTTPError, "the connection failed"),
)


def _name_of(error: httpx.HTTPError) -> str:
    """Name what went wrong, without the error's own text, which can hold the URL."""
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return "nobody vouches for its certificate"
    return next(name for kind, name in _NAMES if isinstance(error, kind))


def _shorten(said: str, status: int) -> str:
    """Give what a provider said on one line; of an HTML page only that it is one."""
    # Masked before it is cut, for half a key is found by no mask.
    said = " ".join(redact(said).split())
    if said[:1] == "<":
        said = "a web page instead of an answer"
    if len(said) > _LONGEST_SAID:
        said = said[:_LONGEST_SAID] + "…"
    return said if status == httpx.codes.OK else f"HTTP {status}: {said}"


def _pause(answer: Answer) -> float | None:
    """Give the seconds that Retry-After asks for, no more than a minute; dates are not heeded."""
    asked = answer.headers.get("retry-after", "").strip()
    seconds = float(asked) if asked.isdecimal() and asked.isascii() else 0.0
    return min(seconds, _LONGEST_PAUSE) or None


def _silence() -> None:
    """Keep libraries from logging URLs, which can hold a key, and from printing retries."""
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    set_on_retry_hooks(())
