"""The v4 side of the fake Semrush: JSON in envelopes, keys of its own."""

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from .ahrefs_fields import stamp
from .filters import BadFilterError, compile_filter
from .semrush_columns import Hosts
from .server import Answer, Request, as_json
from .world import Link, Totals, site

if TYPE_CHECKING:
    from .semrush import FakeSemrush

_REQUEST_ID = "a29952029c10a47e5876d86256e59455"
_SCOPES = ("ROOT_DOMAIN", "SUBDOMAIN", "SUBFOLDER", "PAGE")

LINKS: Mapping[str, Callable[[Link], Any]] = {
    "source_url": lambda link: link.source_url,
    "target_url": lambda link: link.target_url,
    "anchor": lambda link: link.anchor,
    "domain_score": lambda link: round(link.rating),
    "page_score": lambda link: round(link.page_rating),
    "is_nofollow": lambda link: link.nofollow,
    "is_ugc": lambda link: link.ugc,
    "is_sponsored": lambda link: link.sponsored,
    "is_lost": lambda link: link.lost is not None,
    "is_new": lambda _: False,
    "is_sitewide_main": lambda link: link.sitewide,
    "is_image": lambda link: link.kind == "image",
    "is_form": lambda _: False,
    "is_frame": lambda _: False,
    "external_links_count": lambda link: link.external,
    "internal_links_count": lambda link: link.internal,
    "response_code": lambda _: 200,
    "redirect_url": lambda _: "",
    "lang": lambda link: link.language or "",
    "ip_address": lambda _: "203.0.113.7",
    "first_seen_at": lambda link: stamp(link.first_seen),
    "last_seen_at": lambda link: stamp(link.last_seen),
}

REFDOMAINS: Mapping[str, Callable[[Hosts], Any]] = {
    "domain": lambda row: row.host,
    "domain_score": lambda row: round(row.links[0].rating),
    "backlinks_count": lambda row: len(row.links),
    "country": lambda _: "us",
    "ip_address": lambda _: "203.0.113.7",
    "is_follow": lambda row: any(link.followed for link in row.links),
    "is_new": lambda _: False,
    "is_lost": lambda _: False,
    "first_seen_at": lambda row: stamp(min(link.first_seen for link in row.links)),
    "last_seen_at": lambda row: stamp(max(link.last_seen for link in row.links)),
}


class RefusedError(Exception):
    """The request is refused with a status and a message."""

    def __init__(self, status: int, message: str) -> None:
        self.status = status
        super().__init__(message)


class SemrushV4:
    """Answers for v4, on the account of the whole fake."""

    def __init__(self, account: "FakeSemrush") -> None:
        self.account = account

    def answer(self, request: Request, key: str | None) -> Answer:
        operations = {
            "backlinks/v1/links": self._links,
            "backlinks/v1/ref-domains": self._refdomains,
            "backlinks/v1/overview": self._overview,
            "backlinks/v1/comparison": self._comparison,
            "keywords/v1/metrics": self._metrics,
        }
        if key != self.account.key_v4:
            return error(401, "Unauthorized") if key is None else error(403, "Forbidden")
        operation = operations.get(request.path.removeprefix("/apis/v4/"))
        try:
            return operation(request) if operation else error(404, "Not Found")
        except RefusedError as refused:
            return error(refused.status, str(refused))

    def _links(self, request: Request) -> Answer:
        return self._rows(request, LINKS, self._covered(request), 45)

    def _refdomains(self, request: Request) -> Answer:
        return self._rows(request, REFDOMAINS, Hosts.of(self._covered(request)), 40)

    def _overview(self, request: Request) -> Answer:
        totals = Totals.of(self._covered(request), grouped=False)
        rating = self.account.world.site_rating(request.parameters["url"])
        return self._billed(_counts(totals, rating), rows=1, cost=45)

    def _comparison(self, request: Request) -> Answer:
        urls = [url for url in request.parameters.get("urls", "").split(",") if url]
        if not 1 <= len(urls) <= 10:
            raise RefusedError(400, "urls: between 1 and 10 are required")
        world = self.account.world
        rows = [
            {"url": url, **_counts(Totals.of(self._within(url, request), grouped=False), rating)}
            for url in urls
            for rating in [world.site_rating(url)]
        ]
        return self._billed(rows, rows=len(rows), cost=45 * len(rows))

    def _metrics(self, request: Request) -> Answer:
        keyword = request.parameters.get("keyword", "")
        if not 1 <= len(keyword) <= 255:
            raise RefusedError(400, "keyword: between 1 and 255 characters are required")
        data = {
            "competitive_density": 58,
            "cpc": "1245",
            "intents": ["commercial"],
            "keyword_difficulty": self.account.world.difficulty(keyword),
            "number_of_results": "1850000",
            "search_volume": "2400",
            "serp_features": ["sitelinks"],
            "trends": [100, 81],
        }
        return self._billed(data, rows=1, cost=20)

    def _covered(self, request: Request) -> Sequence[Link]:
        if not request.parameters.get("url"):
            raise RefusedError(400, "url is required")
        return self._within(request.parameters["url"], request)

    def _within(self, url: str, request: Request) -> Sequence[Link]:
        scope = request.parameters.get("scope")
        if scope not in _SCOPES:
            raise RefusedError(400, f"scope must be one of {', '.join(_SCOPES)}")
        world = self.account.world
        return world.links(url) if scope == "PAGE" else world.site_links(site(url))

    def _rows(
        self,
        request: Request,
        known: Mapping[str, Callable[[Any], Any]],
        rows: Sequence[object],
        price: int,
    ) -> Answer:
        asked = request.parameters
        fields = [name for name in asked.get("fields", "").split(",") if name] or list(known)
        if not set(fields) <= set(known):
            raise RefusedError(400, "fields: unknown field")
        if text := asked.get("filter"):
            rows = _filtered(text, known, rows)
        limit, offset = asked.get("limit", "100"), asked.get("offset", "0")
        if not re.fullmatch("[1-9][0-9]*", limit) or not re.fullmatch("[0-9]+", offset):
            raise RefusedError(400, "limit and offset must be numbers")
        page = rows[int(offset) : int(offset) + min(int(limit), self.account.page_cap)]
        data = [{name: known[name](row) for name in fields} for row in page]
        return self._billed(data, len(data), price * len(data))

    def _billed(self, data: object, rows: int, cost: int) -> Answer:
        units = self.account.units
        if units is not None and cost > units:
            raise RefusedError(403, "Not enough API units")
        self.account.pay(cost)
        meta = {"success": True, "status_code": 200, "request_id": _REQUEST_ID}
        said = as_json({"meta": meta, "data": data})
        return Answer(200, said.body, rows=rows, cost=Decimal(cost))


def _filtered(
    text: str, known: Mapping[str, Callable[[Any], Any]], rows: Sequence[object]
) -> Sequence[object]:
    try:
        test = compile_filter(text, known)
        return [row for row in rows if test({name: cell(row) for name, cell in known.items()})]
    except (BadFilterError, ValueError) as wrong:
        raise RefusedError(400, str(wrong)) from wrong


def error(status: int, message: str) -> Answer:
    """Give the envelope of an error."""
    retryable = status in (409, 429, 499, 500, 503, 504)
    meta = {"success": False, "status_code": status, "request_id": _REQUEST_ID}
    fault = {"code": status, "message": message, "retryable": retryable, "details": {}}
    return as_json({"meta": meta, "error": fault}, status)


def _counts(totals: Totals, rating: float) -> dict[str, int]:
    return {
        "score": round(rating),
        "backlinks_count": totals.links,
        "domains_count": totals.domains,
        "urls_count": totals.links,
        "ips_count": totals.domains,
        "ip_class_c_count": totals.domains,
        "follows_count": totals.followed_links,
        "nofollows_count": totals.links - totals.followed_links,
        "sponsored_count": 0,
        "ugc_count": 0,
        "new_count": 0,
        "lost_count": totals.ever_links - totals.links,
        "texts_count": totals.links,
        "images_count": 0,
        "forms_count": 0,
        "frames_count": 0,
    }
