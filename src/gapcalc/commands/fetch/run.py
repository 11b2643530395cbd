"""Fetches an order step by step; an interrupted one goes on where it stopped."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from threading import Event
from typing import Protocol

from gapcalc.commands.fetch.plan import (
    Estimate,
    Order,
    estimate,
    find_pages,
    missing_parts,
    missing_serps,
    rows_wanted,
)
from gapcalc.commands.question import active_rules, make_question, suffixes_for
from gapcalc.errors import ProviderError, UsageError
from gapcalc.providers.base import Batch, Count, Provider, StepName, Terms
from gapcalc.providers.budget import Budget
from gapcalc.providers.cache import Cache, cache_folder
from gapcalc.providers.client import Client, ClientOptions, Clock, check_address
from gapcalc.providers.columns import columns_read
from gapcalc.providers.keys import Keys, load_keys
from gapcalc.providers.registry import PROVIDERS, market
from gapcalc.providers.session import Item, Session
from gapcalc.settings import Settings

CLOCK = Clock()
Query = Callable[[], object]


class Progress(Protocol):
    """Shows how far a step is."""

    def start(self, step: StepName, questions: int) -> None:
        """Begin a step of so many questions."""
        ...

    def advance(self, spent: str) -> None:
        """Tell that a question is answered, and what is spent by now."""
        ...

    def end(self) -> None:
        """Tell that the step is over, one way or the other."""
        ...


@dataclass(frozen=True)
class Prompts:
    """What the user hears: the cost (`show`), then whether to go on (`agree`), later what it comes to."""

    show: Callable[[Estimate], None]
    agree: Callable[[Estimate], None]
    refine: Callable[[Estimate], None]
    note: Callable[[str], None]
    progress: Progress


@dataclass(frozen=True)
class Run:
    """One run: whom it asks, what that costs, how it is stopped, who is told."""

    session: Session
    budget: Budget
    stop: Event
    prompts: Prompts


@dataclass(frozen=True)
class RunOptions:
    """How to go about it: whether to ask at all, what to make of old answers, whom to tell.

    `refresh` names the order whose answers are to be asked for again.
    """

    environment: Mapping[str, str]
    prompts: Prompts
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
    budget = Budget(provider.unit, None if limit is None else round(limit * provider.unit.parts))
    stop = Event()
    asks = not (way.dry or way.offline)
    folder = cache_folder(settings.cache)
    cache = Cache(folder, days=settings.cache_days, now=CLOCK.now, write=not way.dry)
    if way.refresh:
        cache.renew(way.refresh, begin=not way.dry)
    client = None
    try:
        if asks:
            _check_keys(provider, keys)
            address = way.environment.get(provider.variable)
            checked = check_address(provider.variable, address) if address else None
            client = Client(provider, ClientOptions(keys, budget, stop, CLOCK, checked, way.log))
        yield Run(Session(provider, cache, client), budget, stop, way.prompts)
        if way.refresh and not way.dry:
            cache.end_renewal(way.refresh)
    finally:
        stop.set()
        if client is not None:
            client.close()
        cache.close()


def _check_keys(provider: Provider, keys: Keys) -> None:
    """Miss a key now, not after the first paid answers."""
    for access in (provider.serp.ask("").access, provider.counts.ask(("",)).access):
        for name in access.keys:
            keys.get(name)


def fetch(order: Order, run: Run) -> Estimate:
    """Have all answers of the order in the cache; give what each step was estimated to cost.

    Raises CostLimitError before a step that could exceed the limit, FundsError, ProviderError,
    OfflineError; what came until then is kept.
    """
    first = estimate(order, run.session)
    run.prompts.show(first)
    run.budget.check(first.certain(), "this order")
    run.prompts.agree(first)
    if first.units and run.session.asks:
        _learn_balance(run)
    _answer(run, "serp", _serp_questions(order, run.session))
    _note_unknown(order, run)
    second = _next(order, run, "counts")
    _answer(run, "counts", _count_questions(order, run.session))
    if order.depth == "counts":
        return Estimate(first.provider, first.unit, (first.steps[0], second.steps[1]))
    third = _next(order, run, "links")
    run.prompts.refine(third)
    _answer(run, "links", _link_questions(order, run.session))
    return Estimate(first.provider, first.unit, (first.steps[0], second.steps[1], third.steps[2]))


def _learn_balance(run: Run) -> None:
    """Query what is left, which is free, where a provider short of units answers in part."""
    provider = run.session.provider
    if provider.balance.units is None:
        return
    question = provider.balance.ask()
    try:
        left = provider.balance.units(run.session.ask(question))
    except ProviderError:
        left = None
    if left is None:
        run.prompts.note(
            f"{provider.title} does not say how many units are left; should they run out, "
            "it ends lists early, without a word"
        )
    else:
        run.budget.fund(question.access, left)


def _note_unknown(order: Order, run: Run) -> None:
    """Name the keywords that the provider has no results for; raises ProviderError if all are such."""
    provider, session = run.session.provider, run.session
    unknown = [
        k for k in order.keywords if not provider.serp.read(session.get(provider.serp.ask(k)))
    ]
    if len(unknown) == len(order.keywords):
        raise ProviderError(
            provider.title,
            f"SERP of {unknown[0]!r}",
            f"it knows no results in {order.country}",
            "Check the keyword and --country",
        )
    for keyword in unknown:
        run.prompts.note(f"{provider.title} knows no results for {keyword!r}; it is left out")


def _next(order: Order, run: Run, step: StepName) -> Estimate:
    """Reckon anew with what came, and see whether the next step fits into the limit."""
    known = estimate(order, run.session)
    cost = next(cost for cost in known.steps if cost.step == step)
    run.budget.check(cost.units, f"the step {step}")
    return known


def _serp_questions(order: Order, session: Session) -> list[Query]:
    questions: list[Query] = [partial(session.have, r) for r in missing_serps(order, session)]
    if session.provider.difficulty is not None:
        questions += _batches(session, session.provider.difficulty, order.keywords)
    return questions


def _count_questions(order: Order, session: Session) -> list[Query]:
    return _batches(session, session.provider.counts, find_pages(order, session).urls)


def _batches(session: Session, batch: Batch[Item], items: Sequence[str]) -> list[Query]:
    _, missing = session.look_up(batch, items)
    return [
        partial(session.get_batch, batch, missing[start : start + batch.size])
        for start in range(0, len(missing), batch.size)
    ]


def _link_questions(order: Order, session: Session) -> list[Query]:
    urls = find_pages(order, session).urls
    known, _ = session.look_up(session.provider.counts, urls)
    return [
        partial(_fetch_list, order, session, url, known.get(url))
        for url in urls
        if missing_parts(order, session, url, known.get(url))
    ]


def _fetch_list(order: Order, session: Session, url: str, count: Count | None) -> None:
    for _ in session.walk(session.provider.links, url, rows_wanted(count, order), ask=True):
        pass


def _answer(run: Run, step: StepName, questions: Sequence[Query]) -> None:
    """Ask the questions of a step, several at once.

    When one fails, or the user ends the run, nothing further is asked, and answers on their way
    are waited for and kept: they are paid.
    """
    if not run.session.asks:
        # One after the other: what is missing first is what is told.
        for question in questions:
            question()
    if not questions or not run.session.asks:
        return
    progress, unit = run.prompts.progress, run.budget.unit
    pool = ThreadPoolExecutor(run.session.provider.at_once)
    progress.start(step, len(questions))
    try:
        for done in as_completed([pool.submit(question) for question in questions]):
            done.result()
            progress.advance(unit.show(run.budget.total))
    except KeyboardInterrupt:
        run.stop.set()
        run.prompts.note("waiting for answers on their way, to keep them; Ctrl-C again leaves them")
        raise
    except BaseException:
        run.stop.set()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        progress.end()
