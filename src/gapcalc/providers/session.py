"""Asks a provider through the cache: what is known is not asked, what comes is kept before it is read."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

from gapcalc.errors import OfflineError
from gapcalc.providers.base import Answer, Batch, Links, Listed, Part, Provider, Request
from gapcalc.providers.cache import Cache
from gapcalc.providers.client import Client

Item = TypeVar("Item")


class Session:
    """A provider as one run sees it; without a `client` nothing is asked."""

    def __init__(self, provider: Provider, cache: Cache, client: Client | None) -> None:
        self.provider, self._cache, self._client = provider, cache, client
        self.asks = client is not None

    def peek(self, request: Request) -> Answer | None:
        """Give an answer that is at hand."""
        found = self._cache.get(request.key)
        return found[1] if found else None

    def get(self, request: Request) -> Answer:
        """Give the answer; raises OfflineError, ProviderError, CostLimitError."""
        return self.peek(request) or self._fetch(request, ())

    def have(self, request: Request) -> None:
        """See to it that the answer is at hand."""
        self.get(request)

    def ask(self, request: Request) -> Answer:
        """Give a fresh answer that is not kept: how much is left is soon out of date."""
        if self._client is None:
            raise OfflineError(self.provider.title, request.about)
        return self._client.send(request)

    def get_batch(self, batch: Batch[Item], items: Sequence[str]) -> None:
        """Have the answer for several things kept, each to be found by itself."""
        self._fetch(batch.ask(items), [batch.ask((item,)).key for item in items])

    def _fetch(self, request: Request, parts: Sequence[str]) -> Answer:
        answer = self.ask(request)
        self._cache.put(self.provider.name, request, answer, list(parts))
        return answer

    def look_up(
        self, batch: Batch[Item], items: Sequence[str]
    ) -> tuple[dict[str, Item], list[str]]:
        """Give what is known of the things, and which are still to be asked for."""
        known: dict[str, Item] = {}
        missing: list[str] = []
        last_key, last = "", dict[str, Item]()
        for item in items:
            found = self._cache.get(batch.ask((item,)).key)
            if found is None:
                missing.append(item)
                continue
            if found[0] != last_key:
                last_key, last = found[0], dict(batch.read(found[1]))
            known[item] = last[item]
        return known, missing

    def walk(
        self, links: Links, url: str, rows: int, *, ask: bool
    ) -> Iterator[tuple[Part, Listed | None]]:
        """Go through the pieces of a page's list, up to so many rows.

        Without `ask` a piece that is not at hand is given as None, and is the last.
        """
        taken, token = 0, None
        while taken < rows:
            part = Part(url, min(links.size or rows, rows - taken), taken, token)
            request = links.ask(part)
            answer = self.get(request) if ask else self.peek(request)
            piece = None if answer is None else links.read(answer)
            yield part, piece
            if piece is None or len(piece.rows) < part.rows:
                return
            taken, token = taken + len(piece.rows), piece.token
            if token is None and links.farthest is not None and taken > links.farthest:
                return
