"""A fake Semrush: v3 as text on `/` and `/analytics/v1/`, v4 as JSON on `/apis/v4/`."""

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Unpack

from .books import Window
from .chaos import Fault
from .semrush_columns import (
    BACKLINKS,
    COMPARISON,
    DIFFICULTY,
    ORGANIC,
    OVERVIEW,
    REFDOMAINS,
    Column,
    Hosts,
    Scope,
)
from .semrush_v4 import SemrushV4, error
from .server import Answer, Provider, Request, Settings, as_json, as_text
from .world import Link, World

KEY = "0123456789abcdef0123456789abcdef"
KEY_V4 = "semrtkn-Fake/Key+4=tests"
EVERYTHING = 10_000
"""The lines of a report whose `display_limit` is not given."""
_DATABASES = ("us", "uk", "de", "fr", "es", "it", "ca", "au")


class ReportError(Exception):
    """The report is refused; the text is Semrush's and does not depend on the HTTP status."""

    def __init__(self, status: int, text: str) -> None:
        self.status = status
        super().__init__(text)


NOTHING_FOUND = ReportError(200, "ERROR 50 :: NOTHING FOUND")


class FakeSemrush(Provider):
    """Serves all of Semrush from one account; `units` are its balance, None for unlimited.

    Habits: with `export_escape` the rows are quoted, as recorded answers are, and the header is
    too where `quoted_header` says so; `page_cap` is how many rows v4 gives at once, whatever is
    asked for.
    """

    name = "semrush"
    quoted_header = False
    page_cap = 1000

    def __init__(
        self,
        world: World | None = None,
        *,
        key: str = KEY,
        key_v4: str = KEY_V4,
        units: int | None = None,
        **settings: Unpack[Settings],
    ) -> None:
        settings.setdefault("limits", (Window(10, 1.0),))
        settings.setdefault("at_once", 10)
        super().__init__(world, **settings)
        self.key, self.key_v4, self.units = key, key_v4, units
        self.v4 = SemrushV4(self)

    def key_of(self, request: Request) -> str | None:
        if _is_v4(request):
            kind, _, key = (request.authorization or "").partition(" ")
            return key if kind == "Apikey" else None
        return request.parameters.get("key")

    @property
    def secrets(self) -> tuple[str, ...]:
        return (self.key, self.key_v4)

    def too_many(self, request: Request, *, at_once: bool) -> Answer:
        if _is_v4(request):
            return error(429, "Too Many Requests")
        return as_text("ERROR 429 :: TOO MANY REQUESTS\n", 429)

    def broken(self, request: Request, status: int) -> Answer:
        if _is_v4(request):
            return error(status, "Internal Server Error")
        return as_text("ERROR 500 :: INTERNAL SERVER ERROR\n", status)

    def misbehave(self, request: Request, fault: Fault) -> Answer | None:
        if fault == "ERROR line":
            return self.broken(request, 500 if _is_v4(request) else 200)
        return super().misbehave(request, fault)

    def answer(self, request: Request) -> Answer:
        if _is_v4(request):
            return self.v4.answer(request, self.key_of(request))
        if request.path == "/users/countapiunits.html":
            return self._balance(request)
        if request.path not in ("/", "/analytics/v1/"):
            return as_text("Not found", 404)
        try:
            self._check_key(self.key_of(request))
            return self._report(request)
        except ReportError as error:
            return as_text(f"{error}\n", error.status)

    def pay(self, cost: int) -> None:
        """Take units off the balance."""
        if self.units is not None:
            self.units -= cost

    def _check_key(self, key: str | None) -> None:
        if key == self.key:
            return
        if key and re.fullmatch("[0-9a-f]{32}", key):
            raise ReportError(403, "ERROR 120 :: WRONG KEY - ID PAIR")
        raise ReportError(403, "ERROR 122 :: WRONG FORMAT OR EMPTY KEY")

    def _balance(self, request: Request) -> Answer:
        if (key := self.key_of(request)) != self.key:
            message = f"invalid api key: {key}"
            return as_json({"errors": [{"field": "key", "message": message}]})
        return as_text(f"{1_000_000 if self.units is None else self.units:,}")

    def _report(self, request: Request) -> Answer:
        reports: Mapping[tuple[str, str], Callable[[Request], Answer]] = {
            ("/", "phrase_organic"): self._organic,
            ("/", "phrase_kdi"): self._kdi,
            ("/", "phrase_these"): self._these,
            ("/analytics/v1/", "backlinks"): self._backlinks,
            ("/analytics/v1/", "backlinks_refdomains"): self._refdomains,
            ("/analytics/v1/", "backlinks_overview"): self._overview,
            ("/analytics/v1/", "backlinks_comparison"): self._comparison,
        }
        _need(request, "type")
        report = reports.get((request.path, request.parameters["type"]))
        if report is None:
            raise ReportError(400, "ERROR 135 :: API REPORT TYPE DISABLED")
        if self.units == 0:
            raise ReportError(403, "ERROR 132 :: API UNITS BALANCE IS ZERO")
        return report(request)

    def _organic(self, request: Request) -> Answer:
        _need(request, "phrase")
        _database(request)
        every = request.parameters.get("positions_type", "organic") == "all"
        serp = self.world.serp(request.parameters["phrase"])
        rows = [row for row in serp if row.organic or (every and row.url)]
        price = 50 if "display_date" in request.parameters else 10
        return self._lines(request, ORGANIC, rows, price, default=("Dn", "Ur", "Fk"))

    def _kdi(self, request: Request) -> Answer:
        return self._difficulty(request, 50, ("Ph", "Kd"))

    def _these(self, request: Request) -> Answer:
        return self._difficulty(request, 10, ("Ph", "Nq", "Cp", "Co", "Nr"))

    def _difficulty(self, request: Request, price: int, default: Sequence[str]) -> Answer:
        _need(request, "phrase")
        _database(request)
        phrases = request.parameters["phrase"].split(";")[:100]
        rows = [(text, kd) for text in phrases if (kd := self.world.difficulty(text)) is not None]
        return self._lines(request, DIFFICULTY, rows, price, default=default)

    def _backlinks(self, request: Request) -> Answer:
        links = _filtered(request, self._scope(request).links)
        default = ("page_ascore", "source_title", "source_url", "target_url", "anchor")
        return self._lines(request, BACKLINKS, links, 40, default=default)

    def _refdomains(self, request: Request) -> Answer:
        hosts = Hosts.of(self._scope(request).links)
        default = ("domain_ascore", "domain", "backlinks_num", "ip", "country")
        return self._lines(request, REFDOMAINS, hosts, 40, default=default)

    def _overview(self, request: Request) -> Answer:
        scope = self._scope(request)
        rows = [scope] if scope.links else []
        return self._lines(request, OVERVIEW, rows, 40, default=tuple(OVERVIEW))

    def _comparison(self, request: Request) -> Answer:
        targets = request.lists.get("targets[]", [])
        kinds = request.lists.get("target_types[]", [])
        if not 1 <= len(targets) <= 200 or len(kinds) != len(targets):
            raise ReportError(400, "ERROR 44 :: MANDATORY PARAMETER targets NOT SET OR EMPTY")
        rows = [self.covered(*pair) for pair in zip(targets, kinds, strict=True)]
        return self._lines(request, COMPARISON, rows, 40, default=tuple(COMPARISON))

    def _scope(self, request: Request) -> Scope:
        _need(request, "target", "target_type")
        return self.covered(request.parameters["target"], request.parameters["target_type"])

    def covered(self, target: str, kind: str) -> Scope:
        """Give the links to a page, or to the site that it is on."""
        if kind not in ("root_domain", "domain", "url"):
            raise ReportError(400, "ERROR 45 :: MANDATORY PARAMETER target_type NOT SET OR EMPTY")
        links = self.world.links(target) if kind == "url" else self.world.site_links(target)
        return Scope(target, kind, self.world.site_rating(target), tuple(links))

    def _lines(
        self,
        request: Request,
        known: Mapping[str, Column],
        rows: Sequence[object],
        price: int,
        *,
        default: Sequence[str],
    ) -> Answer:
        """Write the part of a report that was asked for and can be paid."""
        columns = request.parameters.get("export_columns", "").split(",")
        columns = list(default) if columns == [""] else columns
        if not set(columns) <= set(known):
            raise ReportError(400, "ERROR 46 :: WRONG export_columns")
        rows = rows[_part(request)]
        if not rows:
            raise NOTHING_FOUND
        if self.units is not None:
            rows = rows[: self.units // price]
        if not rows:
            raise ReportError(403, "ERROR 132 :: API UNITS BALANCE IS ZERO")
        self.pay(len(rows) * price)
        by_code = request.path == "/analytics/v1/"
        header = [code if by_code else known[code].heading for code in columns]
        table = [[known[code].value(row) for code in columns] for row in rows]
        quoted = request.parameters.get("export_escape") == "1"
        head = write_lines([header], quoted=quoted and self.quoted_header)
        body = (head + write_lines(table, quoted=quoted)).encode()
        return Answer(200, body, "text/plain", rows=len(rows), cost=Decimal(len(rows) * price))


def _is_v4(request: Request) -> bool:
    return request.path.startswith("/apis/v4/")


def write_lines(rows: Sequence[Sequence[str]], *, quoted: bool) -> str:
    """Write lines as v3 does: without quotes a semicolon or a line break in a value is lost."""
    if not quoted:
        return "".join(";".join(row) + "\n" for row in rows)
    text = io.StringIO()
    csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _need(request: Request, *names: str) -> None:
    for number, name in enumerate(names, start=40):
        if not request.parameters.get(name):
            raise ReportError(
                400, f'ERROR {number} :: MANDATORY PARAMETER "{name}" NOT SET OR EMPTY'
            )


def _database(request: Request) -> None:
    if request.parameters.get("database", "us") not in _DATABASES:
        raise ReportError(403, "ERROR 133 :: DB ACCESS DENIED")


def _part(request: Request) -> slice:
    """Give the lines that limit and offset leave: the limit counts from the first line."""
    limit = int(request.parameters.get("display_limit") or 0) or EVERYTHING
    if "display_offset" not in request.parameters:
        return slice(0, limit)
    text = request.parameters["display_offset"]
    if not text.isdecimal() or not 0 < int(text) < limit:
        raise ReportError(
            400,
            "ERROR 605 :: Invalid display_offset parameter, must be a positive integer number and "
            "less then display_limit or it should be skipped",
        )
    return slice(int(text), limit)


def _filtered(request: Request, links: Sequence[Link]) -> Sequence[Link]:
    """Apply the filters on the kind of link, written `sign|field|operation|value|sign|...`."""
    text = request.parameters.get("display_filter", "")
    words = text.split("|") if text else []
    if len(words) % 4:
        raise ReportError(400, "ERROR 47 :: WRONG display_filter")
    for sign, field, _, value in zip(*[iter(words)] * 4, strict=False):
        test = _FILTERS.get((field, value))
        if sign not in "+-" or test is None:
            raise ReportError(400, "ERROR 47 :: WRONG display_filter")
        links = [link for link in links if test(link) == (sign == "+")]
    return links


_FILTERS: Mapping[tuple[str, str], Callable[[Link], bool]] = {
    ("type", "follow"): lambda link: link.followed,
    ("type", "nofollow"): lambda link: not link.followed,
    ("lostlink", ""): lambda link: link.lost is not None,
}
