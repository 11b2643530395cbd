"""Fetches an order step by step; an interrupted one goes on where it stopped."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from functools import partial
from threading import Event
from typing import Protocol

from gapcalc.commands.fetch.estimate import (
    Estimate,
    estimate,
    missing_parts,
    missing_serps,
    rows_wanted,
)
from gapcalc.commands.fetch.order import Order, find_pages
from gapcalc.errors import ProviderError
from gapcalc.providers.base import StepName
from gapcalc.providers.ledger import Ledger
from gapcalc.providers.session import Item, Session
from gapcalc.providers.steps import Batch, Count

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
    ledger: Ledger
    stop: Event
    talk: Prompts


def fetch(order: Order, run: Run) -> Estimate:
    """Have all answers of the order in the cache; give what each step was estimated to cost.

    Raises CostLimitError before a step that could exceed the limit, FundsError, ProviderError,
    OfflineError; what came until then is kept.
    """
    first = estimate(order, run.session)
    run.talk.show(first)
    run.ledger.check(first.certain(), "this order")
    run.talk.agree(first)
    if first.units and run.session.asks:
        _learn_balance(run)
    _answer(run, "serp", _serp_questions(order, run.session))
    _note_unknown(order, run)
    second = _next(order, run, "counts")
    _answer(run, "counts", _count_questions(order, run.session))
    if order.depth == "counts":
        return Estimate(first.provider, first.unit, (first.steps[0], second.steps[1]))
    third = _next(order, run, "links")
    run.talk.refine(third)
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
        run.talk.note(
            f"{provider.title} does not say how many units are left; should they run out, "
            "it ends lists early, without a word"
        )
    else:
        run.ledger.fund(question.access, left)


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
        run.talk.note(f"{provider.title} knows no results for {keyword!r}; it is left out")


def _next(order: Order, run: Run, step: StepName) -> Estimate:
    """Reckon anew with what came, and see whether the next step fits into the limit."""
    known = estimate(order, run.session)
    cost = next(cost for cost in known.steps if cost.step == step)
    run.ledger.check(cost.units, f"the step {step}")
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
    progress, unit = run.talk.progress, run.ledger.unit
    pool = ThreadPoolExecutor(run.session.provider.at_once)
    progress.start(step, len(questions))
    try:
        for done in as_completed([pool.submit(question) for question in questions]):
            done.result()
            progress.advance(unit.show(run.ledger.total))
    except KeyboardInterrupt:
        run.stop.set()
        run.talk.note("waiting for answers on their way, to keep them; Ctrl-C again leaves them")
        raise
    except BaseException:
        run.stop.set()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        progress.end()
