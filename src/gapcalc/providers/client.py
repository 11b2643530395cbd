"""Sends requests: paced, repeated where that can help; errors show no key and no URL."""

import logging
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address
from random import SystemRandom
from threading import Event, Lock, Thread
from urllib.parse import urlsplit

import httpx

from gapcalc.errors import ProviderError, UsageError
from gapcalc.providers import failures
from gapcalc.providers.base import Answer, Provider, Request
from gapcalc.providers.budget import Budget
from gapcalc.providers.keys import Keys, basic, redact

ATTEMPTS = 8
"""How often a request is sent to a provider that is busy, or whose answers break off."""
CONNECTING = 3
UNREACHABLE_AFTER = 5.0
"""Attempts at a connection, and the seconds within which they are made."""
SILENCE, SLOW_SILENCE = 60.0, 150.0
"""Seconds without a byte after which a server is given up; DataForSEO's live answers take 120."""
DEADLINE = 300.0
"""Seconds for a whole exchange, headers and trailers included."""
LONGEST_PAUSE = 60.0
"""Seconds that a provider may ask to wait; if it asks for more, the run ends."""
_ANNOUNCED = 2.0
_FIRST_WAIT, _LONGEST_WAIT = 1.0, 30.0
_JITTER = SystemRandom()
"""Random waits, so that requests that were refused together do not return together."""
_LARGEST = 256 * 2**20


class _FailedError(Exception):
    """A failed attempt that is worth repeating; `pause` is the wait that the provider asked for."""

    def __init__(self, kind: str, said: str, pause: float | None = None) -> None:
        self.kind, self.said, self.pause = kind, said, pause
        super().__init__(said)


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock, and a way to wait: for the full time, or until the run is stopped."""

    now: Callable[[], float] = time.time
    ticks: Callable[[], float] = time.monotonic
    sleep: Callable[[float, Event], object] = lambda seconds, stop: stop.wait(seconds)


class RequestPace:
    """Gives all threads their turns to start, at least `spacing` seconds apart."""

    def __init__(self, spacing: float, clock: Clock, stop: Event) -> None:
        self._spacing, self._clock, self._stop = spacing, clock, stop
        self._next = 0.0
        self._lock = Lock()

    def wait(self) -> None:
        """Wait for the next turn."""
        with self._lock:
            now = self._clock.ticks()
            start = max(now, self._next)
            self._next = start + self._spacing
        if start > now:
            self._clock.sleep(start - now, self._stop)

    def hold(self, seconds: float) -> None:
        """Delay all turns for this long: the provider has asked for a pause."""
        with self._lock:
            self._next = max(self._next, self._clock.ticks() + seconds)


@dataclass(frozen=True, slots=True)
class ClientOptions:
    """What a connection needs beside its provider.

    `address` stands in for the provider's own, `proxies` are the variables that name a proxy.
    `stop` ends all waiting; `log` gets a line for every attempt, `tell` one for every wait.
    """

    keys: Keys
    budget: Budget
    stop: Event
    clock: Clock
    address: str | None = None
    proxies: tuple[str, ...] = ()
    log: Callable[[str], None] = lambda _line: None
    tell: Callable[[str], None] = lambda _line: None


class Client:
    """A provider's connection: paced; temporary failures are retried, others are raised."""

    def __init__(self, provider: Provider, options: ClientOptions) -> None:
        self._provider, self.options = provider, options
        self._pace = RequestPace(provider.spacing, options.clock, options.stop)
        for name in ("httpx", "httpcore"):  # These libraries log URLs, and a URL can hold a key.
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
        # A proxy from the environment is not used for a server on this machine.
        local = options.address is not None and is_loopback(options.address)
        try:
            self._client = httpx.Client(
                follow_redirects=False,
                verify=True,
                trust_env=not local,
                headers={"User-Agent": "gapcalc"},
                limits=httpx.Limits(max_connections=provider.at_once),
            )
        except ValueError as error:
            names = " or ".join(options.proxies)
            raise UsageError(f"{names} does not name a proxy that can be used") from error

    def close(self) -> None:
        """Hang up."""
        self._client.close()

    def send(self, request: Request) -> Answer:
        """Send until an answer arrives, readable or not; raises ProviderError, CostLimitError."""
        began, attempt = self.options.clock.ticks(), 0
        while True:
            attempt += 1
            try:
                return self._attempt(request)
            except _FailedError as error:
                failed = error
            wait = self._wait_after(failed, attempt, self.options.clock.ticks() - began)
            if wait is None:
                raise self._given_up(request, failed, attempt)
            self._sit_out(wait, failed, attempt)

    def _wait_after(self, failed: _FailedError, attempt: int, elapsed: float) -> float | None:
        """Give the seconds to wait before the next attempt; None for no further attempt."""
        if self.options.stop.is_set():
            return None
        if failed.pause is not None:
            return failed.pause if attempt < ATTEMPTS else None
        wait = min(_FIRST_WAIT * 2 ** (attempt - 1), _LONGEST_WAIT)
        match failed.kind:
            case "unreachable":
                return wait if attempt < CONNECTING and elapsed + wait < UNREACHABLE_AFTER else None
            case "garbled":
                return wait if attempt == 1 else None
            case _:
                return wait + _JITTER.random() if attempt < ATTEMPTS else None

    def _sit_out(self, wait: float, failed: _FailedError, attempt: int) -> None:
        if wait > _ANNOUNCED:
            self.options.tell(
                f"{self._provider.title}: {failed.said}; waiting {wait:.0f} s before attempt "
                f"{attempt + 1}"
            )
        if failed.pause is not None:
            # All threads wait, not only the refused one: the limit is the account's.
            self._pace.hold(failed.pause)
        else:
            self.options.clock.sleep(wait, self.options.stop)

    def _given_up(self, request: Request, failed: _FailedError, attempts: int) -> ProviderError:
        said = failed.said if attempts == 1 else f"{failed.said} ({attempts} attempts)"
        if failed.kind == "unreachable":
            return ProviderError(self._provider.title, request.about, said, self._proxy_advice())
        return self._error(request, "again", said)

    def _proxy_advice(self) -> str:
        if self.options.proxies:
            named = " and ".join(self.options.proxies)
            return f"Check the network, and the proxy that {named} names"
        return "Check the network; where a proxy is needed, HTTPS_PROXY names it"

    def _attempt(self, request: Request) -> Answer:
        self._pace.wait()
        if self.options.stop.is_set():
            raise self._error(request, "again", "the run was ended")
        budget = self.options.budget
        budget.reserve(request)
        started = self.options.clock.ticks()
        try:
            answer = self._exchange(request)
        except httpx.HTTPError as error:
            cause = failures.cause_of(error)
        except BaseException:
            budget.lose(request)
            raise
        else:
            return self._judged(request, answer, started)
        # Raised outside the handler, so that no error with a URL in it is chained to this one.
        raise self._failure(request, cause, started)

    def _failure(self, request: Request, cause: failures.Cause, started: float) -> Exception:
        """Book a failed exchange, and give the error to raise for it."""
        host = urlsplit(self.options.address or request.address).hostname or ""
        said = cause.said.format(host=host)
        if cause.sent:
            # The provider may have processed and billed the request; gapcalc cannot know.
            self.options.budget.lose(request)
        else:
            self.options.budget.settle(request, 0)
        self._log(request, started, said)
        if cause.kind in {"certificate", "silent"}:
            return self._error(request, cause.kind, said)
        return _FailedError(cause.kind, said)

    def _judged(self, request: Request, answer: Answer, started: float) -> Answer:
        """Book an answer; raises the error that fits a refusal or a redirect."""
        budget = self.options.budget
        if httpx.codes.is_redirect(answer.status):
            budget.settle(request, 0)
            to = urlsplit(answer.headers.get("location", "")).hostname or "elsewhere"
            said = f"HTTP {answer.status}: it redirects to {to}"
            self._log(request, started, said)
            raise self._error(request, "redirect", said)
        fault = self._provider.judge(answer)
        if fault is not None:
            budget.settle(request, fault.cost)
            said = failures.shorten(fault.said, answer.status)
            self._log(request, started, said)
            if fault.kind == "again":
                raise self._busy(request, said, answer)
            raise self._error(request, fault.kind, said)
        units = self._provider.bill(request, answer)
        if units is None:
            budget.lose(request)
        else:
            budget.settle(request, units)
        cost = "cost unknown" if units is None else budget.unit.show(units)
        self._log(request, started, f"{answer.status}, {cost}")
        return answer

    def _busy(self, request: Request, said: str, answer: Answer) -> Exception:
        pause = failures.pause_asked(answer, self.options.clock.now())
        if pause is not None and pause > LONGEST_PAUSE:
            asked = f"{said}; it asks to wait {failures.in_words(pause)}"
            return self._error(request, "again", asked)
        return _FailedError("busy", said, pause)

    def _exchange(self, request: Request) -> Answer:
        """Send once and read the whole answer before the deadline; raises httpx.HTTPError.

        The exchange has a thread of its own: while a server sends headers, trailers or the name of
        a compressed file byte by byte, the library does not return and could not be stopped
        otherwise.
        """
        box: Future[Answer] = Future()

        def work() -> None:
            try:
                box.set_result(self._transfer(request))
            except BaseException as error:  # noqa: BLE001  (raised again by whoever waits for it)
                box.set_exception(error)

        Thread(target=work, daemon=True).start()
        try:
            return box.result(timeout=DEADLINE)
        except TimeoutError:
            pass
        raise httpx.ReadTimeout("deadline")

    def _transfer(self, request: Request) -> Answer:
        headers, params = self._proof(request)
        body = bytearray()
        with self._client.stream(
            request.method,
            (self.options.address or request.address) + request.path,
            params={**request.params, **params},
            json=request.body,
            headers=headers,
            timeout=httpx.Timeout(
                SILENCE, connect=UNREACHABLE_AFTER, read=SLOW_SILENCE if request.slow else SILENCE
            ),
        ) as response:
            for piece in response.iter_bytes():
                body += piece
                if len(body) > _LARGEST:
                    raise httpx.ReadTimeout("endless")
            return Answer(
                response.status_code,
                {name.lower(): value for name, value in response.headers.items()},
                bytes(body),
                request.asked,
            )

    def _proof(self, request: Request) -> tuple[dict[str, str], dict[str, str]]:
        """Give the headers and the parameters that hold the key."""
        keys = [self.options.keys.get(name) for name in request.access.keys]
        match request.access.place:
            case "bearer":
                return {"Authorization": f"Bearer {keys[0].reveal()}"}, {}
            case "apikey":
                return {"Authorization": f"Apikey {keys[0].reveal()}"}, {}
            case "basic":
                return {"Authorization": f"Basic {basic(*keys).reveal()}"}, {}
            case "query":
                return {}, {"key": keys[0].reveal()}

    def _error(self, request: Request, kind: str, said: str) -> ProviderError:
        keys = " and ".join(request.access.keys)
        names = {"keys": keys, "name": self._provider.name, "variable": self._provider.variable}
        advice = failures.ADVICE[kind].format(**names)
        return ProviderError(self._provider.title, request.about, redact(said), advice)

    def _log(self, request: Request, started: float, result: str) -> None:
        params = "&".join(f"{name}={value}" for name, value in request.params.items())
        took = self.options.clock.ticks() - started
        line = f"{request.method} {request.path}?{params} ({request.about}): {result}, {took:.1f} s"
        self.options.log(redact(line))


def check_address(variable: str, address: str) -> str:
    """Check a provider's address; raises UsageError if the key would be sent unencrypted."""
    url = urlsplit(address)
    if "@" in url.netloc:
        raise UsageError(f"{variable}: it holds a login; write https://host[:port] alone")
    if url.scheme not in {"http", "https"} or not url.hostname:
        raise UsageError(
            f"{variable}: {redact(address)!r} is not an address; write https://host[:port]"
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
