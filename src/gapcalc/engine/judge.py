"""Judges links by more than their own row: the site's other links, a list of domains, the page.

Each rule declares what it needs; no rule is named here.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from gapcalc.connection import Engine
from gapcalc.engine import schema
from gapcalc.engine.kept import KeptColumn
from gapcalc.rules.base import ActiveRule, Aggregate, Known, PageException
from gapcalc.suffixes import SuffixRules

NETWORK = "network"
"""The rule whose domains can only be found once the compared pages are known."""


class CountRequest(NamedTuple):
    """How links are to be judged and counted.

    `bound` gives the page of files without a target column, by input number. `known` is what rules
    may use besides the links. Only `pages` are counted, or every page where that is None; the pages
    of `site`, a registrable domain, are counted with them. `whole` checks every cell and keeps the
    rows in order, as writing them out again needs. `fields` are the columns that ``link`` gets for
    further queries: some of `FIELDS` and `LOST_ON`. `explain` names the file that the statements
    are written to. `passes` is the number of this pass over the links, and of all passes.
    """

    rules: tuple[ActiveRule, ...]
    suffixes: SuffixRules
    bound: Mapping[int, str] = {}
    known: Known = Known()
    pages: frozenset[str] | None = None
    site: str | None = None
    sensitivity: bool = False
    whole: bool = False
    fields: tuple[str, ...] = ()
    memory: str | None = None
    explain: Path | None = None
    passes: tuple[int, int] = (1, 1)


def columns_to_keep(request: CountRequest) -> tuple[KeptColumn, ...]:
    """Name the columns of ``link_row`` that judging needs; every further one slows reading."""
    fields = [name for _, aggregate in _aggregates(request) for name in aggregate.columns]
    doubtful = [
        KeptColumn(_column(active), exception.column, active.id)
        for active, exception in _exceptions(request)
    ]
    return (
        *doubtful,
        *(KeptColumn(name, name) for name in dict.fromkeys((*fields, *request.fields))),
    )


def changes_links(request: CountRequest, kept: Sequence[KeptColumn]) -> bool:
    """Say whether `judge` will change links, where ``link_row`` has these further columns."""
    marked_later = any(active.id == NETWORK for active in request.rules)
    return marked_later or bool(_aggregates(request)) or any(column.failing for column in kept)


def judge(engine: Engine, request: CountRequest, kept: Sequence[KeptColumn]) -> None:
    """Apply to ``link`` what the rules in effect say about more than one row."""
    failing = {column.failing for column in kept}
    for active in request.rules:
        if active.rule.exception and active.id in failing:
            _let_pass(engine, active, active.rule.exception, request.known)
    aggregates = _aggregates(request)
    fields = {name: None for _, aggregate in aggregates for name in aggregate.columns}
    if aggregates:
        columns = "".join(f", {name}" for name in fields)
        engine.execute(schema.LIVE_LINK.replace("{kept_columns}", columns))
    for active, aggregate in aggregates:
        _fail(engine, active, aggregate, request.known)


def _aggregates(request: CountRequest) -> Sequence[tuple[ActiveRule, Aggregate]]:
    return [(active, active.aggregate) for active in request.rules if active.aggregate]


def _exceptions(request: CountRequest) -> Sequence[tuple[ActiveRule, PageException]]:
    """Give the rules that make an exception for one of the requested pages."""
    return [
        (active, exception)
        for active in request.rules
        if (exception := active.rule.exception)
        and (
            request.pages is None
            or exception.values(active.parameters, request.known, sorted(request.pages))
        )
    ]


def _column(active: ActiveRule) -> str:
    return f'"failed_{active.id}"'


def _let_pass(engine: Engine, active: ActiveRule, exception: PageException, known: Known) -> None:
    fails = f"mask & {active.bit} <> 0"
    pages = engine.query(
        f"select distinct page from page join link on page_id = id where {fails} order by page"
    )
    statement = f"""
-- {active.id}: links that pass after all, for the page they go to.
update link set mask = mask & ~{active.bit}
where {fails}
    and page_id in (select id from page where page in (select unnest($pages)))
    and not coalesce({exception.unless.replace("{column}", _column(active))}, false)
"""
    names = [page for (page,) in pages]
    for values, concerned in exception.values(active.parameters, known, names):
        engine.execute(statement, {**values, "pages": list(concerned)})


def _fail(engine: Engine, active: ActiveRule, aggregate: Aggregate, known: Known) -> None:
    same = " and ".join(f"failing.{key} = link.{key}" for key in aggregate.keys)
    statement = f"""
-- {active.id}: links of domains that fail as a whole.
update link set mask = mask | {active.bit}
from ({aggregate.select}) as failing
where {same}
"""
    engine.execute(statement, dict(aggregate.values(active.parameters, known)))
