"""The HTTP under the fake providers: real sockets on loopback, faults, limits, and the books."""

import contextlib
import json
import socket
import ssl
import struct
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self, TypedDict, Unpack
from urllib.parse import parse_qsl, urlsplit

from .books import Books, Entry, Window, clock
from .chaos import DRIPPING, LOST, NOT_UNDERSTOOD, Chaos, Fault
from .world import World

HTML = "<html><head><title>{0}</title></head><body><h1>{0}</h1><hr>cloudfront</body></html>"


@dataclass(frozen=True)
class Request:
    """A client's request; `parameters` has the last value of each name, `lists` all of them."""

    method: str
    path: str
    parameters: Mapping[str, str]
    lists: Mapping[str, list[str]]
    authorization: str | None
    body: bytes
    target: str

    @property
    def identity(self) -> str:
        """Give a value that is equal for equal requests, whoever sends them."""
        named = sorted((name, *values) for name, values in self.lists.items() if name != "key")
        return f"{self.method} {self.path} {named} {self.body!r}"

    def json(self) -> object:
        """Give the body, None where it is no JSON."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


@dataclass(frozen=True)
class Answer:
    """A provider's answer, and what it bills for it."""

    status: int
    body: bytes
    kind: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    rows: int = 0
    cost: Decimal = Decimal(0)


def as_json(data: object, status: int = 200) -> Answer:
    return Answer(status, json.dumps(data).encode())


def as_text(text: str, status: int = 200) -> Answer:
    return Answer(status, text.encode(), "text/plain")


def as_html(status: int, title: str) -> Answer:
    return Answer(status, HTML.format(title).encode(), "text/html")


_PLAIN: Mapping[Fault, Answer] = {
    "429 as HTML": as_html(429, "429 Too Many Requests"),
    "500 as HTML": as_html(500, "500 Internal Server Error"),
    "captive portal": as_html(200, "Log in to this network"),
    "200 and nothing": as_text(""),
    "200 and {}": as_json({}),
    "200 and an error": as_json({"error": "Something went wrong"}),
}
"""Faults that are the same at every provider."""


_OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
_CHUNKED = _OK + b"Transfer-Encoding: chunked\r\n"
_ENDLESS: Mapping[Fault, tuple[bytes, bytes]] = {
    "headers without end": (b"HTTP/1.1 200 OK\r\nX-More: ", b"x"),
    "1xx answers without end": (b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"),
    "a chunk extension without end": (_CHUNKED + b"\r\n2;x=", b"x"),
    "trailers without end": (_CHUNKED + b"\r\n2\r\n{}\r\n0\r\nX-More: ", b"x"),
    "a gzip name without end": (
        _CHUNKED + b"Content-Encoding: gzip\r\n\r\na\r\n\x1f\x8b\x08\x08\0\0\0\0\0\x03\r\n",
        b"1\r\nx\r\n",
    ),
    "a body without end": (_CHUNKED + b"\r\n", b"1\r\n \r\n"),
}
"""How an answer begins that never ends, and what is said again and again."""


class Settings(TypedDict, total=False):
    """What can be set for any of the providers.

    `limits` are the windows of the rate limit, in seconds of the server's clock: to try in seconds
    what takes minutes, give shorter windows. `at_once` is how many requests may be in flight.
    `delay` is how many seconds each answer takes. With `tls` it speaks https. `habits` are further
    peculiarities of a provider, by the name of the attribute.
    """

    chaos: Chaos
    limits: tuple[Window, ...]
    at_once: int | None
    delay: float
    port: int
    tls: ssl.SSLContext
    habits: Mapping[str, object]


class Provider:
    """A fake provider, serving from a thread while it is entered as a context."""

    name = "provider"

    def __init__(self, world: World | None = None, **settings: Unpack[Settings]) -> None:
        self.world = world or World()
        self.chaos = settings.get("chaos") or Chaos()
        self.limits = settings.get("limits", ())
        self.at_once = settings.get("at_once")
        self.delay = settings.get("delay", 0.0)
        self.books = Books()
        self.crashes: list[BaseException] = []
        self._lock = threading.Lock()
        self._server = _Server(self, settings.get("port", 0))
        for name, value in settings.get("habits", {}).items():
            assert hasattr(self, name), name
            setattr(self, name, value)
        self._tls = settings.get("tls")
        if self._tls is not None:
            self._server.socket = self._tls.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )

    @property
    def address(self) -> str:
        scheme = "http" if self._tls is None else "https"
        return f"{scheme}://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.hang_up()
        self._server.server_close()
        self._thread.join()
        if self.crashes and error is None:
            raise self.crashes[0]

    # What a provider defines.

    def key_of(self, request: Request) -> str | None:
        """Give the key that a request carries, right or wrong."""
        raise NotImplementedError

    def answer(self, request: Request) -> Answer:
        """Answer and bill; called by one thread at a time."""
        raise NotImplementedError

    def too_many(self, request: Request, *, at_once: bool) -> Answer:
        """Say that the rate limit is exceeded."""
        raise NotImplementedError

    def misbehave(self, request: Request, fault: Fault) -> Answer | None:
        """Give the answer that a fault consists of, None where it is one of transport."""
        match fault:
            case "429" | "429 with Retry-After":
                answer = self.too_many(request, at_once=False)
                more = {} if fault == "429" else {"Retry-After": self.chaos.retry_after}
                return replace(answer, headers={**answer.headers, **more})
            case "500" | "503":
                return self.broken(request, int(fault))
            case "500 that quotes the request" | "403 that quotes the request":
                quoted = f"{request.method} {request.target} {request.authorization}"
                text = f"cannot handle {quoted} {self.key_of(request)} {self.secrets}"
                return as_text(text, int(fault[:3]))
            case "a redirect":
                return Answer(302, b"", headers={"Location": f"{self.address}/elsewhere"})
            case _:
                return _PLAIN.get(fault)

    @property
    def secrets(self) -> tuple[str, ...]:
        """Give the secrets that only client and server may see."""
        raise NotImplementedError

    def broken(self, request: Request, status: int) -> Answer:
        """Say that the server failed."""
        raise NotImplementedError

    # What happens to every request.

    def take(self, request: Request, at: float, now: int) -> tuple[Answer, Fault | None]:
        if self.at_once is not None and now > self.at_once:
            return self.too_many(request, at_once=True), None
        if not all(limit.admits(at) for limit in self.limits):
            return self.too_many(request, at_once=False), None
        fault = self.chaos.fault(request.identity)
        if fault == "reset before the request is worked on":
            return Answer(0, b""), fault
        wrong = self.misbehave(request, fault) if fault else None
        if wrong is None:
            with self._lock:
                wrong = self.answer(request)
            if fault == NOT_UNDERSTOOD:
                wrong = replace(wrong, body=b'{"unheard": ["of", 2026]}')
        return wrong, fault


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, provider: Provider, port: int) -> None:
        self.provider = provider
        self.open: set[socket.socket] = set()
        self.closing = threading.Event()
        super().__init__(("127.0.0.1", port), _Handler)

    def handle_error(self, *_: object) -> None:
        error = sys.exception()
        if error is not None and not isinstance(error, ConnectionError | TimeoutError):
            self.provider.crashes.append(error)

    def hang_up(self) -> None:
        """End connections that clients keep alive."""
        self.closing.set()
        for connection in list(self.open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server
    connection: socket.socket

    def setup(self) -> None:
        super().setup()
        self.server.open.add(self.connection)

    def finish(self) -> None:
        self.server.open.discard(self.connection)
        with contextlib.suppress(OSError, ValueError):
            super().finish()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Write no log: the books have every request."""

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def _serve(self) -> None:
        provider = self.server.provider
        request = self._request()
        with provider.books.open_request() as now:
            at = clock()
            answer, fault = provider.take(request, at, now)
            if provider.delay:
                time.sleep(provider.delay)
        # Recorded before sending, so that a client with the answer finds the entry in the books.
        entry = Entry(
            at=at,
            method=request.method,
            path=request.path,
            parameters={**request.parameters, "body": request.json()},
            key=provider.key_of(request),
            status=answer.status,
            rows=answer.rows,
            cost=answer.cost,
            fault=fault,
            arrived=fault not in (*LOST, *DRIPPING, "silence") and bool(answer.status),
        )
        provider.books.write(entry)
        try:
            self._deliver(answer, fault)
        except OSError:
            entry.arrived = False
            self.close_connection = True

    def _request(self) -> Request:
        url = urlsplit(self.path)
        lists: dict[str, list[str]] = {}
        for name, value in parse_qsl(url.query, keep_blank_values=True):
            lists.setdefault(name, []).append(value)
        return Request(
            method=self.command,
            path=url.path,
            parameters={name: values[-1] for name, values in lists.items()},
            lists=lists,
            authorization=self.headers.get("Authorization"),
            body=self.rfile.read(int(self.headers.get("Content-Length") or 0)),
            target=self.path,
        )

    def _deliver(self, answer: Answer, fault: Fault | None) -> None:
        """Send an answer, or what the fault leaves of it."""
        match fault:
            case "reset before the request is worked on" | "reset before the body":
                self._reset()
            case "reset within the body":
                self._send(answer, answer.body[: len(answer.body) // 2], len(answer.body))
                self._reset()
            case "shorter than its Content-Length":
                self._send(answer, _cut(answer.body), len(answer.body))
                self.close_connection = True
            case "cut, with a fitting Content-Length":
                self._send(answer, _cut(answer.body), len(_cut(answer.body)))
            case "slow body":
                self._drip(answer)
            case "silence":
                self.server.closing.wait()
                self.close_connection = True
            case str() if fault in _ENDLESS:
                self._drip_for_ever(*_ENDLESS[fault])
            case _:
                self._send(answer, answer.body, len(answer.body))

    def _send(self, answer: Answer, body: bytes, length: int) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.kind)
        self.send_header("Content-Length", str(length))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def _drip(self, answer: Answer, pieces: int = 8) -> None:
        self._send(answer, b"", len(answer.body))
        size = max(1, -(-len(answer.body) // pieces))
        for start in range(0, len(answer.body), size):
            time.sleep(self.server.provider.chaos.drip / pieces)
            self.wfile.write(answer.body[start : start + size])
            self.wfile.flush()

    def _drip_for_ever(self, start: bytes, drop: bytes) -> None:
        self.close_connection = True
        self.wfile.write(start)
        while not self.server.closing.wait(self.server.provider.chaos.drip):
            self.wfile.write(drop)
            self.wfile.flush()

    def _reset(self) -> None:
        """End the connection as a crash would: the client gets RST, not an end of file."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()


def _cut(body: bytes) -> bytes:
    """Cut a body where the loss shows: within its last line, or within its JSON."""
    text = body.rstrip(b"\n")
    start = text.rfind(b"\n") + 1
    return text[: start + (len(text) - start) // 2]
