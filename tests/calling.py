"""Calls a fake provider with plain HTTP requests, to see its answers."""

import base64
import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from fake_providers import FakeAhrefs, FakeDataForSEO, FakeSemrush, Provider


@dataclass(frozen=True)
class Said:
    """An answer as it came over the wire; `headers` are in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    @property
    def json(self) -> Any:  # noqa: ANN401  (whatever JSON holds)
        return json.loads(self.body)


def call(
    provider: Provider, path: str, *, headers: Mapping[str, str] | None = None, body: object = None
) -> Said:
    """Send one request on a connection of its own. OSError, HTTPException for a broken answer."""
    connection = http.client.HTTPConnection(urlsplit(provider.address).netloc, timeout=10)
    try:
        data = None if body is None else json.dumps(body).encode()
        connection.request("GET" if body is None else "POST", path, data, dict(headers or {}))
        with connection.getresponse() as response:
            named = {name.lower(): value for name, value in response.getheaders()}
            return Said(response.status, named, response.read())
    finally:
        connection.close()


def ahrefs(provider: FakeAhrefs, path: str, *, body: object = None, **parameters: object) -> Said:
    query = f"?{urlencode(parameters)}" if parameters else ""
    authorization = {"Authorization": f"Bearer {provider.key}"}
    return call(provider, f"/v3/{path}{query}", headers=authorization, body=body)


def semrush(provider: FakeSemrush, path: str, *more: tuple[str, str], **parameters: object) -> Said:
    pairs = [("key", provider.key), *more, *parameters.items()]
    return call(provider, f"{path}?{urlencode(pairs)}")


def semrush_v4(provider: FakeSemrush, path: str, **parameters: object) -> Said:
    authorization = {"Authorization": f"Apikey {provider.key_v4}"}
    return call(provider, f"/apis/v4/{path}?{urlencode(parameters)}", headers=authorization)


def dataforseo(provider: FakeDataForSEO, path: str, *tasks: Mapping[str, object]) -> Said:
    login = base64.b64encode(f"{provider.login}:{provider.password}".encode()).decode()
    authorization = {"Authorization": f"Basic {login}"}
    return call(provider, f"/v3/{path}", headers=authorization, body=list(tasks) or None)
