"""Fetches an order step by step; an interrupted one goes on where it stopped."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from threading import Event
from time import gmtime, strftime
from typing import Protocol

from gapcalc.commands.fetch import plan
from gapcalc.errors import ProviderError
from gapcalc.providers.base import BatchStep, Left, Provider, Request, StepName, Unit
from gapcalc.providers.budget import Budget
from gapcalc.providers.cache import Cache, cache_folder
from gapcalc.providers.client import Client, ClientOptions, Clock, check_address
from gapcalc.providers.keys import Keys, load_keys
from gapcalc.providers.session import Item, NotUnderstoodError, Session
from gapcalc.settings import Settings
from gapcalc.text import name_first

CLOCK = Clock()
_PROXIES = ("https_proxy", "all_proxy")
_SHOWN = 5

Query = Callable[[], None]


class Progress(Protocol):
    """Shows how far a step is."""

    def start(self, step: StepName, questions: int) -> None:
        """Begin a step of so many questions."""

    def advance(self, spent: str) -> None:
        """Tell that a question is answered, and what is spent by now."""

    def wait(self, why: str) -> None:
        """Tell why nothing moves for some seconds."""

    def end(self) -> None:
        """Tell that the step is over, one way or the other."""


@dataclass(frozen=True)
class Prompts:
    """What the user hears: the cost (`show`), whether to go on (`agree`), later the exact cost."""

    show: Callable[[plan.Estimate], None]
    agree: Callable[[plan.Estimate], None]
    refine: Callable[[plan.StepCost, Unit], None]
    note: Callable[[str], None]
    progress: Progress


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


@dataclass(frozen=True)
class Run:
    """One run: whom it asks, what that costs, how it is stopped, who is told."""

    session: Session
    budget: Budget
    stop: Event
    prompts: Prompts


@contextmanager
def open_run(settings: Settings, options: RunOptions) -> Iterator[Run]:
    """Open cache and connection for one run; raises UsageError, also for a missing key."""
    keys = load_keys(options.environment)
    provider = plan.find_provider(settings, keys)
    limit = settings.max_units
    budget = Budget(provider.unit, None if limit is None else round(limit * provider.unit.parts))
    stop = Event()
    folder, days = cache_folder(settings.cache), settings.cache_days
    cache = Cache(folder, days=days, now=CLOCK.now, write=not options.dry)
    client = None
    try:
        if options.refresh:
            cache.refresh(options.refresh, begin=not options.dry)
        if not (options.dry or options.offline):
            _check_keys(provider, keys)
            client = Client(provider, _client_options(options, provider, keys, budget, stop))
        yield Run(Session(provider, cache, client), budget, stop, options.prompts)
        if options.refresh and not options.dry:
            cache.end_refresh(options.refresh)
    finally:
        stop.set()
        if client is not None:
            client.close()
        cache.close()
        if cache.damaged:
            options.prompts.note(
                f"{cache.path}: {cache.damaged} kept answers are damaged, and were left aside"
            )


def _client_options(
    options: RunOptions, provider: Provider, keys: Keys, budget: Budget, stop: Event
) -> ClientOptions:
    address = options.environment.get(provider.variable)
    return ClientOptions(
        keys=keys,
        budget=budget,
        stop=stop,
        clock=CLOCK,
        address=check_address(provider.variable, address) if address else None,
        proxies=tuple(_proxy_variables(options.environment)),
        log=options.log,
        tell=options.prompts.progress.wait,
    )


def _proxy_variables(environment: Mapping[str, str]) -> Iterator[str]:
    """Name the variables that name a proxy; one in small letters hides its twin in capitals."""
    for name in _PROXIES:
        variable = name if name in environment else name.upper()
        if environment.get(variable):
            yield variable


def _check_keys(provider: Provider, keys: Keys) -> None:
    """Miss a key now, not after the first paid answers."""
    for access in (provider.serp.ask("").access, provider.counts.ask(("",)).access):
        for name in access.keys:
            keys.get(name)


def fetch(order: plan.Order, run: Run) -> tuple[plan.Found, plan.Estimate]:
    """Have all answers of the order in the cache; give what they tell, and what was estimated.

    Raises CostLimitError before a step that could exceed the limit, FundsError, ProviderError,
    OfflineError; what came until then is kept.
    """
    session, prompts = run.session, run.prompts
    found = plan.read_kept(order, session)
    first = _begin(run, found)
    _answer(run, "serp", _serp_questions(found))
    _note_empty(run, found)
    _note_unusable(run, found)
    found.add_kept_counts()
    counts = found.counts_cost()
    run.budget.check(counts.units, "the step counts")
    _answer(run, "counts", _count_questions(found))
    _note_uncounted(run, found)
    if order.depth == "counts":
        return found, replace(first, steps=(first.steps[0], counts))
    missing = found.missing_lists()
    links = found.links_cost(missing)
    run.budget.check(links.units, "the step links")
    prompts.refine(links, session.provider.unit)
    _answer(run, "links", _link_questions(found, missing))
    return found, replace(first, steps=(first.steps[0], counts, links))


def estimate_cost(order: plan.Order, settings: Settings, options: RunOptions) -> plan.Estimate:
    """Give what an order would cost; nothing is asked, and no key is needed."""
    with open_run(settings, replace(options, dry=True)) as run:
        return plan.read_kept(order, run.session).estimate()


def ask_balance(settings: Settings, options: RunOptions) -> tuple[str, Left]:
    """Give the provider's name and what is left there; raises UsageError, ProviderError."""
    with open_run(settings, options) as run:
        return run.session.provider.title, run.session.ask_balance()


def _begin(run: Run, found: plan.Found) -> plan.Estimate:
    """Show what the order costs, and of how much, and have leave to spend it."""
    first, limit = found.estimate(), run.budget.left()
    if first.units and run.session.asks and (limit is None or first.certain() <= limit):
        # The free question comes first: where it cannot be put, nothing else is tried.
        left = _ask_balance(run)
        if left is not None and left.rows != found.row_limit:
            found.row_limit = left.rows
            first = found.estimate()
        first = replace(first, left=left.units if left is not None else None)
    run.prompts.show(first)
    run.budget.check(first.certain(), "this order")
    run.prompts.agree(first)
    return first


def _ask_balance(run: Run) -> Left | None:
    """Give what is left, None where the answer does not say; raises ProviderError.

    A provider that answers in part when units run out is asked for no more than is left.
    """
    provider = run.session.provider
    try:
        left = run.session.ask_balance()
    except NotUnderstoodError as error:
        if error.is_page:
            raise
        left = None
    if left is None or (provider.partial and left.units is None):
        risk = "; if the units run out, it cuts lists short without a warning"
        run.prompts.note(
            f"{provider.title} does not say what is left{risk if provider.partial else ''}"
        )
    elif provider.partial and left.units is not None:
        run.budget.fund(provider.balance.ask().access, left.units)
    return left


def _note_empty(run: Run, found: plan.Found) -> None:
    """Name the keywords that the provider has no results for; raises ProviderError if all are such."""
    title, order = run.session.provider.title, found.order
    empty = [keyword for keyword in order.keywords if not found.serps[keyword]]
    kept = [_kept_on(found, keyword) for keyword in empty]
    if len(empty) == len(order.keywords):
        raise ProviderError(
            title,
            f"SERP of {empty[0]!r}",
            f"it knows no results in {order.country}{kept[0]}",
            "Check the keyword and --country",
        )
    for keyword, when in zip(empty, kept, strict=True):
        run.prompts.note(f"{title} knows no results for {keyword!r}{when}; it is left out")


def _note_unusable(run: Run, found: plan.Found) -> None:
    """Say how many results of each keyword cannot be compared."""
    for keyword in found.order.keywords:
        results = found.serps[keyword]
        unusable = sum(not result.is_usable for result in results)
        if unusable:
            run.prompts.note(
                f"{run.session.provider.title} gives {unusable} of {len(results)} results for "
                f"{keyword!r} without a URL or a position; they are not compared"
            )


def _kept_on(found: plan.Found, keyword: str) -> str:
    """Say of an answer from the cache that it is one: an empty SERP need not stay empty."""
    at = found.kept_at.get(keyword)
    day = "" if at is None else strftime("%Y-%m-%d", gmtime(at))
    return day and f" (so it said on {day}; --refresh asks again)"


def _note_uncounted(run: Run, found: plan.Found) -> None:
    missing = found.uncounted()
    if missing:
        pages = len(found.pages().urls)
        run.prompts.note(
            f"{run.session.provider.title} says nothing of {len(missing)} of {pages} pages, whose "
            f"counts stay unknown: {name_first(missing, _SHOWN)}"
        )


def _serp_questions(found: plan.Found) -> list[Query]:
    session, keywords, provider = found.session, found.order.keywords, found.session.provider

    def ask(keyword: str) -> None:
        request = provider.serp.ask(keyword)
        found.serps[keyword] = session.get(request, lambda a: plan.read_results(provider.serp, a))

    questions: list[Query] = [partial(ask, k) for k in keywords if k not in found.serps]
    if provider.difficulty is not None:
        missing = [keyword for keyword in keywords if keyword not in found.difficulty]
        questions += _batches(session, provider.difficulty, missing, found.difficulty)
    return questions


def _count_questions(found: plan.Found) -> list[Query]:
    missing = [url for url in found.pages().urls if url not in found.asked_for]
    found.asked_for |= set(missing)
    return _batches(found.session, found.session.provider.counts, missing, found.counts)


def _batches(
    session: Session, batch: BatchStep[Item], missing: Sequence[str], into: dict[str, Item]
) -> list[Query]:
    def ask(items: Sequence[str]) -> None:
        into.update(session.get_batch(batch, items))

    starts = range(0, len(missing), batch.size)
    return [partial(ask, missing[start : start + batch.size]) for start in starts]


def _link_questions(found: plan.Found, missing: Mapping[str, Sequence[Request]]) -> list[Query]:
    session = found.session

    def ask(url: str) -> None:
        for _ in session.walk(session.provider.links, url, found.rows_wanted(url), ask=True):
            pass

    return [partial(ask, url) for url, parts in missing.items() if parts]


def _answer(run: Run, step: StepName, questions: Sequence[Query]) -> None:
    """Ask the questions of a step, several at once.

    When one fails, or the user ends the run, nothing further is asked, and answers on their way
    are waited for and kept: they are paid.
    """
    if not (questions and run.session.asks):
        # In order, so that the first answer that is missing is the one that is named.
        for question in questions:
            question()
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
        run.prompts.note("waiting for answers under way, to keep them; Ctrl-C again leaves them")
        raise
    except BaseException:
        run.stop.set()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        progress.end()
