"""How each vendor writes a list: headings, cells, encoding, taken from the fixture of that form."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from oracle.worlds import Link, Listing, Serp

FIXTURES = Path(__file__).parents[2] / "fixtures" / "vendors"
Grid = list[list[str]]
Write = Callable[[Any], str]


class Style(NamedTuple):
    """How a text file is written."""

    encoding: str
    delimiter: str
    line_end: str
    quote_all: bool


def flag(value: bool | None) -> str:  # noqa: FBT001  (a cell's value)
    """Write a flag as most vendors do."""
    return "" if value is None else "true" if value else "false"


def text(value: object) -> str:
    """Write any other value."""
    return "" if value is None else str(value).removesuffix(".0")


def _digit(value: bool) -> str:  # noqa: FBT001  (a cell's value)
    return "1" if value else "0"


def _when(date: str) -> Write:
    return lambda lost: date if lost else ""


def _bare(url: str) -> str:
    return url.rpartition("//")[2].removeprefix("user:pw@")


def _rel(link: "Link") -> str:
    return " ".join(name for name in ("nofollow", "ugc", "sponsored") if getattr(link, name))


class Form(NamedTuple):
    """One form of one vendor's list.

    `cells` tells, by heading, the fact and how it is written (a fact ``*`` is the whole row);
    other columns hold what the fixture has there. `more` are facts said by a ``*``. `names_target`
    says whether rows name their target, `cut` that no such list is ever whole, `wide` that
    it may hold links to the whole site, `sees` how the vendor describes a link.
    """

    fixture: str
    vendor: str | None
    cells: Mapping[str, tuple[str, Write]]
    more: tuple[str, ...] = ()
    names_target: bool = True
    by_domain: bool = False
    cut: bool = False
    wide: bool = False
    sees: "Callable[[Link], Link]" = lambda link: link  # noqa: E731

    def __hash__(self) -> int:
        return hash(self.fixture)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Form) and self.fixture == other.fixture

    def __ne__(self, other: object) -> bool:
        return not self == other

    @property
    def name(self) -> str:
        """The form's name in tables."""
        return self.fixture.rpartition(".")[0]

    @property
    def says(self) -> frozenset[str]:
        """The facts that such a list tells."""
        return frozenset([fact for fact, _ in self.cells.values() if fact != "*"] + [*self.more])


_FLAGS = {
    "Nofollow": ("nofollow", flag),
    "UGC": ("ugc", flag),
    "Sponsored": ("sponsored", flag),
}
_AHREFS = {
    "Referring page URL": ("source", text),
    "Referring page HTTP code": ("status", text),
    "Domain rating": ("authority", text),
    "Domain traffic": ("traffic", text),
    "External links": ("external", text),
    "Target URL": ("target", text),
    "Anchor": ("anchor", text),
    "Redirect Chain URLs": ("chain", text),
    "Type": ("kind", text),
    **_FLAGS,
    "Lost": ("lost", _when("2026-03-14 07:08:09")),
    "Links in group": ("links", text),
}
_SHEETS = {**_AHREFS, **{name: (fact, lambda v: flag(v).upper()) for name, (fact, _) in _FLAGS.items()}}
_SEMRUSH = {
    "Source url": ("source", text),
    "Target url": ("target", text),
    "Anchor": ("anchor", text),
    "External links": ("external", text),
    "Nofollow": ("nofollow", flag),
    "Sponsored": ("sponsored", flag),
    "Ugc": ("ugc", flag),
    "Sitewide": ("sitewide", flag),
    "Lost link": ("lost", flag),
}
_AHREFS_DOMAINS = {
    "Domain": ("source", text),
    "Is spam": ("spam", flag),
    "DR": ("authority", text),
    "Traffic ": ("traffic", text),
    "Links to target": ("links", text),
    "Dofollow links": ("nofollow", lambda v: "0" if v else "1"),
    "Lost": ("lost", _when("2026-03-14 07:08:09")),
}

LINK_FORMS = (
    Form(
        "ahrefs-backlinks-2020.csv",
        "ahrefs",
        {
            "Domain Rating": ("authority", text),
            "Referring Page URL": ("source", text),
            "External Links Count": ("external", text),
            "Link URL": ("target", text),
            "Link Anchor": ("anchor", text),
            "Type": ("*", lambda _: "Dofollow"),
            "Day Lost": ("lost", _when("2026-03-14 07:08:09")),
        },
        more=("kind",),
        sees=lambda link: link._replace(kind="text"),
    ),
    Form("ahrefs-backlinks-2025-comma.csv", "ahrefs", _AHREFS),
    Form(
        "ahrefs-backlinks-2026.csv",
        "ahrefs",
        {**_AHREFS, "Is spam": ("spam", flag), "Page type": ("page_type", text)},
    ),
    Form("ahrefs-backlinks-google-sheets.csv", "ahrefs", _SHEETS),
    Form("ahrefs-refdomains.tsv", "ahrefs", _AHREFS_DOMAINS, names_target=False, by_domain=True),
    Form("ahrefs-refdomains-compared.tsv", "ahrefs", _AHREFS_DOMAINS, names_target=False, by_domain=True),
    Form("semrush-backlinks.csv", "semrush", _SEMRUSH),
    Form("semrush-backlinks-semicolon.csv", "semrush", _SEMRUSH),
    Form(
        "semrush-refdomains.csv",
        "semrush",
        {"Domain ascore": ("authority", lambda v: str(int(v))), "Domain": ("source", text), "Backlinks": ("links", text)},
        names_target=False,
        by_domain=True,
    ),
    Form(
        "semrush-backlink-audit.csv",
        "semrush",
        {
            "Domain Authority Score": ("authority", text),
            "Source URL": ("source", text),
            "Target URL": ("target", text),
            "Anchor": ("anchor", text),
            "No Follow": ("nofollow", flag),
        },
        cut=True,
    ),
    Form(
        "moz-inbound-links.csv",
        "moz",
        {
            "URL": ("source", _bare),
            "Target URL": ("target", _bare),
            "Anchor Text": ("anchor", text),
            "DA": ("authority", text),
            "Link Type": ("nofollow", lambda v: "nofollow" if v else "follow"),
            "Link State": ("lost", lambda v: "deleted" if v else "active"),
        },
    ),
    Form(
        "majestic-backlinks.csv",
        "majestic",
        {
            "SourceURL": ("source", text),
            "TargetURL": ("target", text),
            "AnchorText": ("anchor", text),
            "FlagNoFollow": ("nofollow", _digit),
            "FlagDeleted": ("lost", _digit),
            "DateLost": ("lost", _when("14/03/2026 00:00")),
            "FlagRedirect": ("kind", lambda v: _digit(v == "redirect")),
        },
        sees=lambda link: link._replace(kind="redirect" if link.kind == "redirect" else "text"),
    ),
    Form(
        "majestic-backlinks-spaced.csv",
        "majestic",
        {
            "Source URL": ("source", text),
            "Target URL": ("target", text),
            "Anchor Text": ("anchor", text),
            "Domain Trust Flow": ("authority", lambda v: str(int(v))),
        },
    ),
    Form(
        "majestic-refdomains-page.csv",
        "majestic",
        {"Domain": ("source", text), "TrustFlow": ("authority", lambda v: str(int(v)))},
        names_target=False,
        by_domain=True,
    ),
    Form("search-console-latest-links.csv", "google", {"Linking page": ("source", text)}, names_target=False, cut=True, wide=True),
    Form("search-console-more-sample-links.csv", "google", {"Linking page": ("source", text)}, names_target=False, cut=True, wide=True),
    Form(
        "dataforseo-backlinks.csv",
        "dataforseo",
        {
            "url_from": ("source", text),
            "url_to": ("target", text),
            "is_lost": ("lost", flag),
            "page_from_external_links": ("external", text),
            "item_type": ("kind", lambda v: "anchor" if v == "text" else v),
            "attributes": ("*", lambda link: ",".join(_rel(link).split())),
            "dofollow": ("nofollow", lambda v: flag(not v)),
            "anchor": ("anchor", text),
            "group_count": ("links", text),
        },
        more=("ugc", "sponsored"),
        sees=lambda link: link._replace(nofollow=link.nofollow or link.ugc or link.sponsored),
    ),
    Form(
        "dataforseo-refdomains.csv",
        "dataforseo",
        {"domain": ("source", text), "backlinks": ("links", text), "lost_date": ("lost", _when("2026-03-14 07:08:09 +00:00"))},
        names_target=False,
        by_domain=True,
    ),
    Form(
        "se-ranking-backlinks.csv",
        "se-ranking",
        {
            "url_from": ("source", text),
            "url_to": ("target", text),
            "anchor": ("anchor", text),
            "nofollow": ("nofollow", flag),
            "domain_inlink_rank": ("authority", lambda v: str(int(v))),
        },
    ),
    Form(
        "gapcalc-links.csv",
        None,
        {"source_url": ("source", text), "target_url": ("target", text), "rel": ("*", _rel), "anchor": ("anchor", text)},
        more=("nofollow", "ugc", "sponsored"),
    ),
    Form("gapcalc-domains.csv", None, {"source_domain": ("source", text), "target_url": ("target", text), "links": ("links", text)}, by_domain=True),
)

SERP_FORMS = (
    Form(
        "gapcalc-serp.csv",
        None,
        {"keyword": ("keyword", text), "position": ("position", text), "url": ("url", text), "referring_domains": ("total", text)},
    ),
    Form(
        "ahrefs-serps.csv",
        "ahrefs",
        {
            "Keyword": ("keyword", text),
            "URL": ("url", text),
            "Referring Domains": ("total", text),
            "Domain rating": ("authority", text),
            "Position": ("position", text),
            "Type": ("kind", text),
        },
    ),
    Form(
        "serp-table-ahrefs-screen.txt",
        "ahrefs",
        {"#": ("position", text), "URL": ("url", text), "DR": ("authority", text), "Referring domains": ("total", lambda v: "-" if v is None else f"{v:,}")},
    ),
    Form(
        "serp-table-semrush-screen.csv",
        "semrush",
        {
            "Position": ("position", text),
            "URL": ("url", text),
            "Page AS": ("authority", text),
            "Ref. Domains": ("total", lambda v: "-" if v is None else str(v)),
        },
    ),
)


@lru_cache
def _fixture(name: str) -> tuple[Style, Grid]:
    data = (FIXTURES / name).read_bytes()
    marks = {b"\xff\xfe": "utf-16", b"\xef\xbb": "utf-8-sig"}
    encoding = marks.get(data[:2], "utf-8")
    content = data.decode(encoding)
    first = content.strip("-\r\n").split("\n")[0] if name.startswith("moz") else content.split("\n")[0]
    delimiter = max(",;\t", key=first.count)
    line_end = "\r\n" if "\r\n" in content else "\n"
    style = Style(encoding, delimiter, line_end, content.startswith('"'))
    return style, list(csv.reader(io.StringIO(content, newline=""), delimiter=delimiter))


def grid_of(form: Form, rows: Iterable[Any], page: str | None) -> tuple[Style, Grid]:
    """Write rows in a form, below its preamble; `page` is the one that headings or lines name."""
    style, fixture = _fixture(form.fixture)
    marker = next(iter(form.cells))
    top = next(place for place, row in enumerate(fixture) if marker in row)
    header, filler = fixture[top], fixture[top + 1 :]
    heads = [[_named(cell, page or "https://site.example/") for cell in row] for row in fixture[: top + 1]]

    def cell(column: int, number: int, row: Any) -> str:  # noqa: ANN401  (a link or a result)
        if header[column] not in form.cells:
            return filler[number % len(filler)][column]
        fact, write = form.cells[header[column]]
        return write(row if fact == "*" else getattr(row, fact))

    return style, [*heads, *([cell(c, n, row) for c in range(len(header))] for n, row in enumerate(rows))]


def _named(cell: str, page: str) -> str:
    return cell.replace("https://www.lampkin.example/desk-lamp/", page).replace("www.lampkin.example/desk-lamp/", _bare(page))


class _Row(NamedTuple):
    keyword: str | None
    position: int
    url: str
    kind: str
    total: int | None
    authority: int


def grid_of_serp(serp: "Serp", keyword: str | None) -> tuple[Style, Grid]:
    """Write a SERP in its form."""
    rows = [_Row(keyword, r.position, r.url, r.kind, r.total, r.authority) for r in serp.rows]
    return grid_of(serp.form, rows, None)


def said(link: "Link", form: Form) -> "Link":
    """Keep of a link what a list of this form says of it."""
    unsaid = {fact: None for fact in link._fields if fact not in {*form.says, "source", "target"}}
    return form.sees(link)._replace(**unsaid)


def grid_of_list(listing: "Listing") -> tuple[Style, Grid]:
    """Write a link list in its form."""
    form = listing.form
    return grid_of(form, map(form.sees, listing.links), listing.page)
