"""A fake Ahrefs API v3."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeVar, Unpack

from .ahrefs_fields import (
    BACKLINKS,
    BATCH,
    KEYWORDS,
    REFDOMAINS,
    SERP,
    Field,
    Phrase,
    Ranked,
    Referring,
    Target,
)
from .books import Window
from .filters import BadFilterError, compile_where
from .server import Answer, Provider, Request, Settings, as_json
from .world import Link, World, site

T = TypeVar("T")

KEY = "ahr3fs+Fake/Key=for%tests"
FLOOR = 50
"""The units of the smallest request."""
_MODES = ("exact", "prefix", "domain", "subdomains")


class RefusalError(Exception):
    """The request cannot be answered; `status` and the English text say why."""

    def __init__(self, status: int, text: str) -> None:
        self.status = status
        super().__init__(text)


class FakeAhrefs(Provider):
    """Serves under `/v3`. `row_cap` is the plan's row limit, `units` are left for the month.

    The cap cuts lists without a note, the worse of its two possible behaviours. `unknown_keywords`
    says whether a keyword that Ahrefs does not know is a row of nulls, or no row.

    Habits: `plan` is what the account says of itself; `lists_errors` tells whether an error comes
    in an array, as was measured; `echo` is how a target of a batch is written in the answer, None
    where it is left out; `numbered` tells whether each carries its place.
    """

    name = "ahrefs"
    plan = "Enterprise"
    lists_errors = False
    numbered = True
    echo: Callable[[str], str | None] = staticmethod(lambda target: target)

    def __init__(
        self,
        world: World | None = None,
        *,
        key: str = KEY,
        units: int | None = None,
        row_cap: int | None = None,
        unknown_keywords: bool = True,
        **settings: Unpack[Settings],
    ) -> None:
        settings.setdefault("limits", (Window(60, 60.0),))
        super().__init__(world, **settings)
        self.key, self.units, self.row_cap = key, units, row_cap
        self.unknown_keywords = unknown_keywords
        self.used = 0

    def key_of(self, request: Request) -> str | None:
        kind, _, key = (request.authorization or "").partition(" ")
        return key if kind == "Bearer" else None

    @property
    def secrets(self) -> tuple[str, ...]:
        return (self.key,)

    def too_many(self, request: Request, *, at_once: bool) -> Answer:
        return _error(429, "Too many requests")

    def broken(self, request: Request, status: int) -> Answer:
        return _error(status, "Internal server error")

    def answer(self, request: Request) -> Answer:
        if self.key_of(request) != self.key:
            return (
                _listed(401, "Unauthorized") if self.lists_errors else _error(401, "Unauthorized")
            )
        operations = {
            ("GET", "/v3/serp-overview/serp-overview"): self._serp,
            ("GET", "/v3/site-explorer/all-backlinks"): self._backlinks,
            ("GET", "/v3/site-explorer/refdomains"): self._refdomains,
            ("GET", "/v3/site-explorer/backlinks-stats"): self._stats,
            ("GET", "/v3/keywords-explorer/overview"): self._keywords,
            ("POST", "/v3/batch-analysis/batch-analysis"): self._batch,
            ("GET", "/v3/subscription-info/limits-and-usage"): self._limits,
        }
        operation = operations.get((request.method, request.path))
        try:
            return operation(request) if operation else _error(404, "Not found")
        except RefusalError as refusal:
            return _error(refusal.status, str(refusal))

    def _serp(self, request: Request) -> Answer:
        _need(request, "select", "keyword", "country")
        _country(request)
        top = _whole(request, "top_positions")
        kinds = _names(request.parameters.get("type", ""))
        rows = self.world.serp(request.parameters["keyword"])
        organic = [place for place, row in enumerate(rows) if row.organic]
        if top is not None and top < len(organic):
            rows = rows[: organic[top - 1] + 1]
        ranked = [Ranked(self.world, row) for row in rows]
        if kinds:
            ranked = [row for row in ranked if set(kinds) & set(SERP["type"].value(row))]
        return self._table(request, "positions", SERP, ranked)

    def _backlinks(self, request: Request) -> Answer:
        _need(request, "select", "target")
        links = self._links(request)
        match request.parameters.get("aggregation", "similar_links"):
            case "similar_links":
                rows = links
            case "1_per_domain":
                rows = list({link.domain: link for link in reversed(links)}.values())[::-1]
            case "all":
                rows = [link for link in links for _ in range(link.group)]
            case _:
                raise RefusalError(400, "bad aggregation")
        if request.parameters.get("aggregation") == "all":
            fields = {n: field for n, field in BACKLINKS.items() if n != "link_group_count"}
            return self._table(request, "backlinks", fields, rows)
        return self._table(request, "backlinks", BACKLINKS, rows)

    def _refdomains(self, request: Request) -> Answer:
        _need(request, "select", "target")
        hosts: dict[str, list[Link]] = {}
        for link in self._links(request):
            hosts.setdefault(link.host, []).append(link)
        rows = [Referring(host, tuple(links)) for host, links in hosts.items()]
        return self._table(request, "refdomains", REFDOMAINS, rows)

    def _links(self, request: Request) -> list[Link]:
        history = request.parameters.get("history", "all_time")
        if history not in ("live", "all_time") and not re.fullmatch(
            r"since:\d{4}-\d\d-\d\d", history
        ):
            raise RefusalError(400, "bad history")
        mode = request.parameters.get("mode", "subdomains")
        protocol = request.parameters.get("protocol", "both")
        links = self._covered(request.parameters["target"], mode, protocol)
        return [link for link in links if link.lost is None or history != "live"]

    def _covered(self, target: str, mode: str, protocol: str) -> Sequence[Link]:
        if mode not in _MODES or protocol not in ("both", "http", "https"):
            raise RefusalError(400, "bad mode or protocol")
        return self.world.links(target) if mode == "exact" else self.world.site_links(site(target))

    def _stats(self, request: Request) -> Answer:
        _need(request, "target", "date")
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", request.parameters["date"]):
            raise RefusalError(400, "bad date")
        mode = request.parameters.get("mode", "subdomains")
        protocol = request.parameters.get("protocol", "both")
        links = self._covered(request.parameters["target"], mode, protocol)
        live = [link for link in links if link.lost is None]
        metrics = {
            "live": sum(link.group for link in live),
            "all_time": sum(link.group for link in links),
            "live_refdomains": len({link.domain for link in live}),
            "all_time_refdomains": len({link.domain for link in links}),
        }
        return self._billed({"metrics": metrics}, rows=1, row_cost=12)

    def _keywords(self, request: Request) -> Answer:
        _need(request, "select", "country", "keywords")
        _country(request)
        phrases = [
            Phrase(text, self.world.difficulty(text))
            for text in _names(request.parameters["keywords"])
        ]
        if not self.unknown_keywords:
            phrases = [phrase for phrase in phrases if phrase.difficulty is not None]
        return self._table(request, "keywords", KEYWORDS, phrases)

    def _batch(self, request: Request) -> Answer:
        match request.json():
            case {"select": [*select], "targets": [*targets]} if 1 <= len(targets) <= 100:
                pass
            case _:
                raise RefusalError(400, "bad body: select and 1 to 100 targets are required")
        rows = []
        for index, target in enumerate(targets):
            match target:
                case {"url": str(url), "mode": str(mode), "protocol": str(protocol)}:
                    links = tuple(self._covered(url, mode, protocol))
                    rating = self.world.site_rating(url)
                    rows.append(Target(index, url, mode, protocol, rating, links))
                case _:
                    raise RefusalError(400, "bad target: url, mode and protocol are required")
        fields = _selected(list(map(str, select)), BATCH)
        data = [
            {name: BATCH[name].value(row) for name in fields if name != "index" or self.numbered}
            | ({"url": echoed} if "url" in fields else {})
            for row in rows
            if (echoed := self.echo(row.url)) is not None
        ]
        return self._billed({"targets": data}, len(rows), _row_cost(fields, BATCH))

    def _limits(self, _: Request) -> Answer:
        limit = None if self.units is None else self.units + self.used
        usage = {
            "subscription": self.plan,
            "usage_reset_date": "2026-12-01",
            "units_limit_workspace": limit,
            "units_usage_workspace": None if limit is None else self.used,
            "units_limit_api_key": None,
            "units_usage_api_key": self.used,
            "api_key_expiration_date": "2027-01-01T00:00:00Z",
        }
        return as_json({"limits_and_usage": usage})

    def _table(
        self, request: Request, wrapper: str, known: Mapping[str, Field[T]], rows: Sequence[T]
    ) -> Answer:
        """Filter, sort, cut and select, as all row reports do."""
        asked = request.parameters
        select = _selected(_names(asked["select"]), known)
        test, billed = _where(asked.get("where"), known)
        order = _order(asked.get("order_by", ""), known)
        kept = [row for row in rows if test({n: known[n].value(row) for n in billed})]
        for name, descending in reversed(order):
            kept.sort(key=lambda row: _sortable(known[name].value(row)), reverse=descending)
        limit = _whole(request, "limit")
        if wrapper != "positions":
            kept = kept[: 1000 if limit is None else limit]
        kept = kept[: self.row_cap]
        fields = {*select, *billed, *(name for name, _ in order)}
        data = [{name: known[name].value(row) for name in select} for row in kept]
        return self._billed({wrapper: data}, len(kept), _row_cost(fields, known))

    def _billed(self, data: object, rows: int, row_cost: int) -> Answer:
        cost = max(FLOOR, rows * row_cost)
        if self.units is not None and cost > self.units:
            text = "API units limit reached. Expected usage: {}, API units left: {}."
            raise RefusalError(403, text.format(cost, self.units))
        self.used += cost
        if self.units is not None:
            self.units -= cost
        shown = row_cost if rows * row_cost >= FLOOR or not rows else FLOOR / rows
        headers = {
            "x-api-rows": str(rows),
            "x-api-units-cost-row": f"{shown:g}",
            "x-api-units-cost-total": str(cost),
            "x-api-units-cost-total-actual": str(cost),
            "x-api-cache": "no_cache",
        }
        body = json.dumps(data).encode()
        return Answer(200, body, headers=headers, rows=rows, cost=Decimal(cost))


def _error(status: int, text: str) -> Answer:
    return as_json({"error": text}, status)


def _listed(status: int, text: str) -> Answer:
    return as_json(["Error", text], status)


def _need(request: Request, *names: str) -> None:
    for name in names:
        if not request.parameters.get(name):
            raise RefusalError(400, f"missing required parameter '{name}'")


def _country(request: Request) -> None:
    country = request.parameters["country"]
    if not re.fullmatch("[a-z]{2}", country) or country == "uk":
        raise RefusalError(400, f"bad country '{country}'")


def _names(text: str) -> list[str]:
    return [name for name in text.split(",") if name]


def _whole(request: Request, name: str) -> int | None:
    text = request.parameters.get(name)
    if text is None:
        return None
    if not re.fullmatch("[1-9][0-9]*", text):
        raise RefusalError(400, f"bad {name}")
    return int(text)


def _selected(names: Sequence[str], known: Mapping[str, Field[T]]) -> list[str]:
    for name in names:
        if name not in known or known[name].only_filter:
            raise RefusalError(400, f"bad select: column '{name}' not found")
    return list(dict.fromkeys(names))


def _where(text: str | None, known: Mapping[str, Field[T]]) -> tuple[Any, set[str]]:
    if not text:
        return (lambda _: True), set()
    try:
        return compile_where(json.loads(text), {n: field.type for n, field in known.items()})
    except (ValueError, BadFilterError) as error:
        raise RefusalError(400, str(error)) from error


def _order(text: str, known: Mapping[str, Field[T]]) -> list[tuple[str, bool]]:
    order = []
    for part in _names(text):
        name, _, direction = part.partition(":")
        if name not in known or name == "link_group_count" or direction not in ("", "asc", "desc"):
            raise RefusalError(400, f"bad order_by: column '{name}' not found")
        order.append((name, direction == "desc"))
    return order


def _sortable(value: Any) -> tuple[bool, Any]:  # noqa: ANN401  (whatever JSON holds)
    return (value is not None, value)


def _row_cost(names: Sequence[str] | set[str], known: Mapping[str, Field[T]]) -> int:
    return sum(known[name].cost for name in set(names))
