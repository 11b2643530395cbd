"""A fake DataForSEO API v3: HTTP 200 for nearly everything; errors are in the inner codes."""

import base64
import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any, Unpack
from urllib.parse import unquote_plus, urlsplit, urlunsplit

from .books import Window
from .chaos import INNER, Fault
from .dataforseo_rows import link_item, referring_item
from .server import Answer, Provider, Request, Settings, as_json
from .world import Link, Totals, World, site

LOGIN = "me+seo@agency.example"
PASSWORD = "Fake/Pass+word=%of tests"  # noqa: S105  (nobody else's)
LOCATIONS = {2840: "us", 2826: "gb", 2276: "de", 2250: "fr", 2724: "es", 2380: "it", 2124: "ca"}
FARTHEST_OFFSET = 20_000

_MESSAGES = {
    20000: "Ok.",
    40000: "You can set only one task at a time.",
    40100: "You are not Authorized to Access this resource.",
    40102: "No Search Results.",
    40202: "The number of requests per minute is exceeded.",
    40209: "The number of simultaneous requests is exceeded.",
    40210: "Insufficient Funds.",
    40400: "Not Found.",
    50000: "Internal Error.",
    50401: "Timeout.",
}
_FIRST_PAGE, _FURTHER_PAGE = Decimal("0.002"), Decimal("0.0015")
_OPERATOR = re.compile(r"\b(site|intitle|inurl|intext|filetype|link|define|info|id):")
_ANY_REQUEST, _ANY_ROW = Decimal("0.02"), Decimal("0.00003")


@dataclass(frozen=True)
class Done:
    """The outcome of a task: the result with its price, or an error code with what is wrong."""

    code: int = 20000
    result: Mapping[str, Any] | None = None
    cost: Decimal = Decimal(0)
    rows: int = 0
    field: str | None = None

    @property
    def message(self) -> str:
        return f"Invalid Field: '{self.field}'." if self.field else _MESSAGES[self.code]


def wrong(field: str) -> Done:
    """Refuse a field; the text of the message is made up."""
    return Done(40501, field=field)


class FakeDataForSEO(Provider):
    """Serves under `/v3`; `money` is the balance in US dollars, None for unlimited.

    Habits: a page of a SERP holds `per_page` organic results; `echo` is how a target of a bulk
    question is written in the answer, None where the answer leaves it out.
    """

    name = "dataforseo"
    per_page = 9
    echo: Callable[[str], str | None] = staticmethod(lambda target: target)

    def __init__(
        self,
        world: World | None = None,
        *,
        login: str = LOGIN,
        password: str = PASSWORD,
        money: Decimal | None = None,
        **settings: Unpack[Settings],
    ) -> None:
        settings.setdefault("limits", (Window(2000, 60.0),))
        settings.setdefault("at_once", 30)
        super().__init__(world, **settings)
        self.key = base64.b64encode(f"{login}:{password}".encode()).decode()
        self.login, self.password, self.money = login, password, money

    def key_of(self, request: Request) -> str | None:
        kind, _, key = (request.authorization or "").partition(" ")
        return key if kind == "Basic" else None

    @property
    def secrets(self) -> tuple[str, ...]:
        return (self.login, self.password, self.key)

    def too_many(self, request: Request, *, at_once: bool) -> Answer:
        return self._envelope(request, [(Done(40209 if at_once else 40202), {})])

    def broken(self, request: Request, status: int) -> Answer:
        return as_json(_head(50000, [], Decimal(0)), status)

    def misbehave(self, request: Request, fault: Fault) -> Answer | None:
        if fault == "inner 50000, billed":
            done = Done(50000, cost=self.answer(request).cost)
            return self._envelope(request, [(done, {})])
        if fault in INNER:
            code = int(fault.removeprefix("inner "))
            return self._envelope(request, [(Done(code), {})])
        return super().misbehave(request, fault)

    def answer(self, request: Request) -> Answer:
        if self.key_of(request) != self.key:
            return as_json(_head(40100, [], Decimal(0)), 401)
        if (request.method, request.path) == ("GET", "/v3/appendix/user_data"):
            return self._envelope(request, [(Done(result=self._user()), {})])
        task = self._tasks.get(request.path) if request.method == "POST" else None
        if task is None:
            return as_json(_head(40400, [], Decimal(0)), 404)
        match request.json():
            case [dict(first), *others]:
                done = self._pay(task(first))
                more = [(Done(40000), other if isinstance(other, dict) else {}) for other in others]
                return self._envelope(request, [(done, first), *more])
            case _:
                return as_json(_head(40501, [], Decimal(0), "Invalid Field: 'POST Data'."))

    @property
    def _tasks(self) -> Mapping[str, Callable[[Mapping[str, Any]], Done]]:
        return {
            "/v3/serp/google/organic/live/advanced": self._serp,
            "/v3/backlinks/backlinks/live": self._backlinks,
            "/v3/backlinks/referring_domains/live": self._referring,
            "/v3/backlinks/bulk_referring_domains/live": self._bulk,
            "/v3/dataforseo_labs/google/bulk_keyword_difficulty/live": self._difficulty,
        }

    def _pay(self, done: Done) -> Done:
        if self.money is not None:
            if done.cost > self.money:
                return Done(40210)
            self.money -= done.cost
        return done

    def _user(self) -> Mapping[str, Any]:
        balance = float(1_000 if self.money is None else self.money)
        return {
            "login": self.login,
            "timezone": None,
            "rates": {"limits": {"minute": {"total": 2000}}},
            "money": {"total": balance, "balance": balance},
        }

    def _serp(self, task: Mapping[str, Any]) -> Done:
        if not isinstance(task.get("keyword"), str):
            return wrong("keyword")
        if (bad := _place(task)) is not None:
            return bad
        depth = task.get("depth", 10)
        if not isinstance(depth, int) or not 1 <= depth <= 200:
            return wrong("depth")
        most = task.get("max_crawl_pages", 100)
        if not isinstance(most, int) or not 1 <= most <= 100:
            return wrong("max_crawl_pages")
        keyword = unquote_plus(task["keyword"])
        items, pages = self._serp_items(keyword, depth, most, task.get("remove_from_url", ()))
        cost = _FIRST_PAGE + _FURTHER_PAGE * (pages - 1)
        if _OPERATOR.search(keyword):
            cost *= 5
        if not items:
            return Done(40102, cost=cost)
        result = {
            "keyword": keyword,
            "type": "organic",
            "se_domain": "google.com",
            "location_code": task["location_code"],
            "language_code": task["language_code"],
            "check_url": "https://www.google.com/search",
            "datetime": "2026-11-18 03:12:45 +00:00",
            "item_types": sorted({str(item["type"]) for item in items}),
            "se_results_count": 0,
            "pages_count": pages,
            "items_count": len(items),
            "items": items,
        }
        return Done(result=result, cost=cost, rows=len(items))

    def _serp_items(
        self, keyword: str, depth: int, most: int, unwanted: Sequence[str]
    ) -> tuple[list[dict[str, Any]], int]:
        """Give the items down to an organic position, and how many pages they were found on."""
        items: list[dict[str, Any]] = []
        organic = 0
        for absolute, row in enumerate(self.world.serp(keyword), start=1):
            if organic + row.organic > min(depth, most * self.per_page):
                break
            organic += row.organic
            kind = {None: "organic", "question": "people_also_ask"}.get(row.feature, row.feature)
            item = {"type": kind, "rank_group": 1, "rank_absolute": absolute}
            if row.organic:
                item |= {"rank_group": organic, "domain": site(row.url or ""), "title": row.title}
            items.append(item | ({"url": _without(row.url, unwanted)} if row.url else {}))
        # A page that holds too few results is followed by the next, which is billed too.
        return items, min(most, max(1, -(-organic // self.per_page)))

    def _backlinks(self, task: Mapping[str, Any]) -> Done:
        links = self._links(task)
        if isinstance(links, Done):
            return links
        mode, every = task.get("mode", "as_is"), links
        if mode == "one_per_domain":
            links = list({link.domain: link for link in reversed(links)}.values())[::-1]
        elif mode != "as_is":
            return wrong("mode")
        item = link_item
        if mode == "one_per_domain":
            item = partial(link_item, of_domain=Counter(link.domain for link in every))
        return _paged(task, links, item, "backlinks", mode=mode, custom_mode=None)

    def _referring(self, task: Mapping[str, Any]) -> Done:
        links = self._links(task)
        if isinstance(links, Done):
            return links
        domains: dict[str, list[Link]] = {}
        for link in links:
            domains.setdefault(link.domain, []).append(link)
        return _paged(task, list(domains.values()), referring_item, "referring_domains")

    def _links(self, task: Mapping[str, Any]) -> list[Link] | Done:
        if not isinstance(task.get("target"), str) or not task["target"]:
            return wrong("target")
        links = list(self._covered(task["target"]))
        match task.get("backlinks_status_type", "live"):
            case "live":
                links = [link for link in links if link.lost is None]
            case "lost":
                links = [link for link in links if link.lost]
            case "all":
                pass
            case _:
                return wrong("backlinks_status_type")
        match task.get("backlinks_filters"):
            case None:
                return links
            case ["dofollow", "=", bool(value)]:
                return [link for link in links if link.followed == value]
            case _:
                return wrong("backlinks_filters")

    def _covered(self, target: str) -> Sequence[Link]:
        """Give a page's links; a target that is not an absolute URL means the whole site."""
        is_page = target.startswith(("http://", "https://"))
        return self.world.links(target) if is_page else self.world.site_links(target)

    def _bulk(self, task: Mapping[str, Any]) -> Done:
        targets = task.get("targets")
        if not isinstance(targets, list) or not 1 <= len(targets) <= 1000:
            return wrong("targets")
        items = []
        for target in targets:
            totals = Totals.of(self._covered(target))
            if (echoed := self.echo(target)) is None:
                continue
            items.append(
                {
                    "target": echoed,
                    "referring_domains": totals.hosts,
                    "referring_domains_nofollow": totals.nofollow_domains,
                    "referring_main_domains": totals.domains,
                    "referring_main_domains_nofollow": totals.nofollow_domains,
                }
            )
        cost = _ANY_REQUEST + _ANY_ROW * len(targets)
        return Done(
            result={"items_count": len(items), "items": items}, cost=cost, rows=len(targets)
        )

    def _difficulty(self, task: Mapping[str, Any]) -> Done:
        keywords = task.get("keywords")
        if not isinstance(keywords, list) or not 1 <= len(keywords) <= 1000:
            return wrong("keywords")
        if (bad := _place(task)) is not None:
            return bad
        items = [
            {
                "se_type": "google",
                "keyword": keyword.casefold(),
                "keyword_difficulty": self.world.difficulty(keyword),
            }
            for keyword in keywords
        ]
        result = {
            "se_type": "google",
            "location_code": task["location_code"],
            "language_code": task["language_code"],
            "total_count": len(items),
            "items_count": len(items),
            "items": items,
        }
        cost = Decimal("0.01") + Decimal("0.0001") * len(items)
        return Done(result=result, cost=cost, rows=len(items))

    def _envelope(
        self, request: Request, outcomes: Sequence[tuple[Done, Mapping[str, Any]]]
    ) -> Answer:
        path = request.path.strip("/").split("/")
        tasks = [
            {
                "id": "09291844-1535-0273-0000-a8b98c0b9eab",
                "status_code": done.code,
                "status_message": done.message,
                "time": "0.7705 sec.",
                "cost": float(done.cost),
                "result_count": int(done.result is not None),
                "path": path,
                "data": {"api": path[1], "function": path[-2], **data},
                "result": None if done.result is None else [done.result],
            }
            for done, data in outcomes
        ]
        cost = sum((done.cost for done, _ in outcomes), Decimal(0))
        said = as_json(_head(20000, tasks, cost))
        rows = sum(done.rows for done, _ in outcomes)
        limit = self.limits[0] if self.limits else Window(2000, 60.0)
        headers = {
            "X-RateLimit-Limit": str(limit.requests),
            "X-RateLimit-Remaining": str(max(0, limit.requests - len(limit.times))),
        }
        return Answer(200, said.body, headers=headers, rows=rows, cost=cost)


def _without(url: str, names: Sequence[str]) -> str:
    parts = urlsplit(url)
    kept = [pair for pair in parts.query.split("&") if pair.partition("=")[0] not in names]
    return urlunsplit(parts._replace(query="&".join(kept)))


def _head(code: int, tasks: list[Any], cost: Decimal, message: str | None = None) -> object:
    return {
        "version": "0.1.20230825",
        "status_code": code,
        "status_message": message or _MESSAGES[code],
        "time": "0.8296 sec.",
        "cost": float(cost),
        "tasks_count": len(tasks),
        "tasks_error": sum(task["status_code"] != 20000 for task in tasks),
        "tasks": tasks,
    }


def _place(task: Mapping[str, Any]) -> Done | None:
    if task.get("location_code") not in LOCATIONS:
        return wrong("location_code")
    return None if isinstance(task.get("language_code"), str) else wrong("language_code")


def _paged(
    task: Mapping[str, Any],
    rows: Sequence[Any],
    item: Callable[[Any], Mapping[str, Any]],
    path: str,
    **more: object,
) -> Done:
    """Give the part of the rows that limit, offset and token ask for."""
    limit, offset = task.get("limit", 100), task.get("offset", 0)
    if not isinstance(limit, int) or not 1 <= limit <= 1000:
        return wrong("limit")
    if not isinstance(offset, int) or not 0 <= offset <= FARTHEST_OFFSET:
        return wrong("offset")
    same = _fingerprint(task)
    if token := task.get("search_after_token"):
        start, _, of = str(token).partition(".")
        if of != same:
            return wrong("search_after_token")
        offset = int(start)
    page = rows[offset : offset + limit]
    cost = _ANY_REQUEST + _ANY_ROW * max(1, len(page))
    if not rows:
        return Done(cost=cost)
    more_to_come = path == "backlinks" and offset + limit < len(rows)
    result = {
        "target": task["target"],
        **more,
        "total_count": len(rows),
        "items_count": len(page),
        "items": [item(row) for row in page],
    }
    if path == "backlinks":
        result["search_after_token"] = f"{offset + limit}.{same}" if more_to_come else None
    return Done(result=result, cost=cost, rows=len(page))


def _fingerprint(task: Mapping[str, Any]) -> str:
    kept = {n: v for n, v in task.items() if n not in ("offset", "search_after_token")}
    return hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()[:16]
