"""Fetches through the cache: nothing known is requested again; answers are kept before reading."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TypeVar

from gapcalc.errors import OfflineError, ProviderError
from gapcalc.providers.base import (
    Answer,
    BatchStep,
    Left,
    LinkRows,
    LinksStep,
    Part,
    Provider,
    Request,
    UnreadableError,
)
from gapcalc.providers.cache import DAY, Cache
from gapcalc.providers.client import Client
from gapcalc.providers.failures import date_of

Item = TypeVar("Item")
_ASKED = 2
"""How often a request is sent whose complete answers cannot be read."""
_ROW_LIMIT = "row limit of {}"


class NotUnderstoodError(ProviderError):
    """An answer came whole and cannot be understood; `is_page` says that it is a web page."""

    def __init__(self, provider: str, about: str, reason: str, *, is_page: bool) -> None:
        self.is_page = is_page
        advice = "A later version may read it; the same command asks once more"
        if is_page:
            reason = f"it is a web page, perhaps that of a network or a proxy{reason}"
            advice = "Log in to the network, or check the proxy; the same command asks once more"
        said = f"the answer came whole and cannot be understood: {reason}"
        super().__init__(provider, about, said, advice)


class Session:
    """A provider and the cache during one run; without a `client` nothing is requested."""

    def __init__(self, provider: Provider, cache: Cache, client: Client | None) -> None:
        self.provider, self._cache, self._client = provider, cache, client
        self.asks = client is not None
        self._clock_is_told = False

    def peek(self, request: Request, read: Callable[[Answer], Item]) -> tuple[Item, float] | None:
        """Give a cached, readable answer with the time at which it came."""
        found = self._cache.get(request.key)
        if found is None:
            return None
        try:
            return _read(read, found[1]), found[1].kept_at or 0.0
        except UnreadableError:
            return None

    def get(self, request: Request, read: Callable[[Answer], Item]) -> Item:
        """Give the answer; raises OfflineError, ProviderError, CostLimitError."""
        kept = self.peek(request, read)
        if kept is not None:
            return kept[0]
        with self._held(request, [request.key]):
            # Another process may have asked while this one waited.
            kept = self.peek(request, read)
            return kept[0] if kept is not None else self._ask(request, read, ())

    def ask_balance(self) -> Left:
        """Fetch the balance. It is not cached, since it changes; its row limit is.

        Raises ProviderError, NotUnderstoodError.
        """
        step = self.provider.balance
        request = step.ask()
        answer = self._send(request)
        try:
            left = _read(step.read, answer)
        except UnreadableError as error:
            raise self._not_understood(request, answer, error) from error
        self._cache.remember(_ROW_LIMIT.format(self.provider.name), left.rows)
        return left

    @property
    def row_limit(self) -> int | None:
        """The most rows of a list that the user's plan allows, if the provider ever stated it."""
        return self._cache.recall(_ROW_LIMIT.format(self.provider.name))

    def get_batch(self, batch: BatchStep[Item], items: Sequence[str]) -> dict[str, Item]:
        """Give the values of several pages or keywords; one request fetches the missing ones."""
        keys = [batch.ask((item,)).key for item in items]
        with self._held(batch.ask(items), keys):
            known, missing = self.look_up(batch, items)
            if missing:
                parts = [batch.ask((item,)).key for item in missing]
                known |= self._ask(batch.ask(missing), batch.read, parts)
            return known

    def look_up(
        self, batch: BatchStep[Item], items: Sequence[str]
    ) -> tuple[dict[str, Item], list[str]]:
        """Give the cached values for pages or keywords, and those still to be requested.

        Those that were requested but are not in the answer are in neither.
        """
        known: dict[str, Item] = {}
        missing: list[str] = []
        answers: dict[str, dict[str, Item] | None] = {}
        for item in items:
            found = self._cache.get(batch.ask((item,)).key)
            if found is not None and found[0] not in answers:
                answers[found[0]] = _read_or_none(batch, found[1])
            said = None if found is None else answers[found[0]]
            if said is None:
                missing.append(item)
            elif item in said:
                known[item] = said[item]
        return known, missing

    def walk(
        self, links: LinksStep, url: str, rows: int, *, ask: bool
    ) -> Iterator[tuple[Part, LinkRows | None]]:
        """Yield the parts of a page's list, up to a number of rows.

        Without `ask`, a part that is not cached is given as None and ends the list.
        """
        taken, token = 0, None
        while taken < rows:
            part = Part(url, min(links.size or rows, rows - taken), taken, token)
            request = links.ask(part)
            if ask:
                piece: LinkRows | None = self.get(request, links.read)
            else:
                kept = self.peek(request, links.read)
                piece = kept[0] if kept else None
            yield part, piece
            if piece is None or len(piece.rows) < (1 if links.capped else part.rows):
                return
            taken, token = taken + len(piece.rows), piece.token
            if token is None and links.farthest is not None and taken > links.farthest:
                return

    def _held(self, request: Request, keys: Sequence[str]) -> AbstractContextManager[None]:
        """Lock the requests about to be sent, so that no other process sends them."""
        client = self._client
        if client is None:
            return nullcontext()

        def waits() -> None:
            client.options.tell(
                f"{self.provider.title}, {request.about}: waiting for another gapcalc that asks "
                "the same"
            )

        return self._cache.locked(keys, client.options.stop, waits)

    def _ask(self, request: Request, read: Callable[[Answer], Item], parts: Sequence[str]) -> Item:
        """Send, keep and read; an answer that cannot be read is requested at most once more.

        An unreadable answer of an earlier run counts as one attempt: it was paid for, too.
        """
        asked = any(self._cache.get(key) is not None for key in (request.key, *parts[:1]))
        for _ in range(_ASKED - asked):
            answer = self._send(request)
            self._cache.put(self.provider.name, request, answer, parts)
            try:
                return _read(read, answer)
            except UnreadableError as error:
                fault = error
        kept = self._cache.write_out(request.key, self.provider.name)
        raise self._not_understood(request, answer, fault, f", and is kept in {kept}")

    def _send(self, request: Request) -> Answer:
        if self._client is None:
            raise OfflineError(self.provider.title, request.about)
        self._cache.check_room()
        answer = self._client.send(request)
        server = date_of(answer.headers.get("date", ""))
        if server is not None:
            self._check_clock(server, self._client)
        return answer

    def _check_clock(self, server: float, client: Client) -> None:
        ahead = self._cache.confirm(server)
        if ahead and not self._clock_is_told:
            self._clock_is_told = True
            days, which = f"{abs(ahead) / DAY:.0f} days", "ahead" if ahead > 0 else "behind"
            client.options.tell(
                f"The clock of this machine is {days} {which} of {self.provider.title}'s; answers "
                "are kept with the provider's time"
            )

    def _not_understood(
        self, request: Request, answer: Answer, error: UnreadableError, kept: str = ""
    ) -> NotUnderstoodError:
        is_page = answer.text.lstrip().startswith("<")
        reason = kept if is_page else f"{error}{kept}"
        return NotUnderstoodError(self.provider.title, request.about, reason, is_page=is_page)


def _read(read: Callable[[Answer], Item], answer: Answer) -> Item:
    """Read an answer; raises UnreadableError, also for values that no reader expects."""
    try:
        return read(answer)
    except (ArithmeticError, LookupError, RecursionError, TypeError, ValueError) as error:
        raise UnreadableError(f"a value in it makes no sense ({type(error).__name__})") from error


def _read_or_none(batch: BatchStep[Item], answer: Answer) -> dict[str, Item] | None:
    try:
        return dict(_read(batch.read, answer))
    except UnreadableError:
        return None
