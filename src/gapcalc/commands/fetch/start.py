"""Makes an order and a run out of settings: words become pages, prices, a connection."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event

from gapcalc.commands.fetch.order import Order
from gapcalc.commands.fetch.run import Prompts, Run
from gapcalc.commands.question import active_rules, make_question, suffixes_for
from gapcalc.errors import UsageError
from gapcalc.providers.address import check_address
from gapcalc.providers.cache import Cache, cache_folder
from gapcalc.providers.countries import market
from gapcalc.providers.fields import columns_read
from gapcalc.providers.keys import Keys, load_keys
from gapcalc.providers.ledger import Ledger
from gapcalc.providers.pace import Clock
from gapcalc.providers.registry import PROVIDERS
from gapcalc.providers.session import Session
from gapcalc.providers.steps import Provider, Terms
from gapcalc.providers.wire import ClientOptions, Wire
from gapcalc.settings import Settings

CLOCK = Clock()


@dataclass(frozen=True)
class RunOptions:
    """How to go about it: whether to ask at all, what to make of old answers, whom to tell.

    `refresh` names the order whose answers are to be asked for again.
    """

    environment: Mapping[str, str]
    talk: Prompts
    log: Callable[[str], None] = lambda _line: None
    dry: bool = False
    offline: bool = False
    refresh: str | None = None


def make_order(settings: Settings, keywords: Sequence[str]) -> Order:
    """Understand what is to be fetched; raises UsageError."""
    plain = tuple(dict.fromkeys(" ".join(keyword.split()) for keyword in keywords))
    if not plain or "" in plain:
        raise UsageError("no keyword. Name one or more; see gapcalc fetch --help")
    for text in (*plain, settings.target or ""):
        _check_text(text)
    suffixes = suffixes_for(settings)
    return Order(
        keywords=plain,
        country=market(settings.country).code,
        question=make_question(settings, suffixes, active_rules(settings)),
        suffixes=suffixes,
        depth=settings.depth,
        max_rows=settings.max_rows,
        one_per_domain=settings.one_per_domain,
    )


def _check_text(text: str) -> None:
    """Refuse bytes of the command line that are no text: they cannot be asked for."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise UsageError(f"{text!r} holds bytes that are no UTF-8 text; type it again") from error


def find_provider(settings: Settings, keys: Keys) -> Provider:
    """Give the provider that is named, as it is asked under these settings; raises UsageError."""
    if settings.provider is None:
        raise UsageError(f"no provider. Name one with --provider: {', '.join(PROVIDERS)}")
    terms = Terms(
        market=market(settings.country),
        top=settings.top,
        reads=columns_read(active_rules(settings)),
        one_per_domain=settings.one_per_domain,
        keys=keys.names,
    )
    return PROVIDERS[settings.provider](terms)


@contextmanager
def open_run(settings: Settings, way: RunOptions) -> Iterator[Run]:
    """Open cache and connection for one run; raises UsageError, also for a missing key."""
    keys = load_keys(way.environment)
    provider = find_provider(settings, keys)
    limit = settings.max_units
    ledger = Ledger(provider.unit, None if limit is None else round(limit * provider.unit.parts))
    stop = Event()
    asks = not (way.dry or way.offline)
    folder = cache_folder(settings.cache)
    cache = Cache(folder, days=settings.cache_days, now=CLOCK.now, write=not way.dry)
    if way.refresh:
        cache.renew(way.refresh, begin=not way.dry)
    wire = None
    try:
        if asks:
            _check_keys(provider, keys)
            address = way.environment.get(provider.variable)
            checked = check_address(provider.variable, address) if address else None
            wire = Wire(provider, ClientOptions(keys, ledger, stop, CLOCK, checked, way.log))
        yield Run(Session(provider, cache, wire), ledger, stop, way.talk)
        if way.refresh and not way.dry:
            cache.end_renewal(way.refresh)
    finally:
        stop.set()
        if wire is not None:
            wire.close()
        cache.close()


def _check_keys(provider: Provider, keys: Keys) -> None:
    """Miss a key now, not after the first paid answers."""
    for access in (provider.serp.ask("").access, provider.counts.ask(("",)).access):
        for name in access.keys:
            keys.get(name)
