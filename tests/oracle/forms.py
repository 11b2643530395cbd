"""The forms in which vendors write lists: what stands under which heading, and what it says."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from oracle.worlds import Link

Write = Callable[[Any], str]


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
    sees: "Callable[[Link], Link]" = lambda link: link

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
_SHEETS = {
    **_AHREFS,
    **{name: (fact, lambda v: flag(v).upper()) for name, (fact, _) in _FLAGS.items()},
}
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
    Form(
        "ahrefs-refdomains-compared.tsv",
        "ahrefs",
        _AHREFS_DOMAINS,
        names_target=False,
        by_domain=True,
    ),
    Form("semrush-backlinks.csv", "semrush", _SEMRUSH),
    Form("semrush-backlinks-semicolon.csv", "semrush", _SEMRUSH),
    Form(
        "semrush-refdomains.csv",
        "semrush",
        {
            "Domain ascore": ("authority", lambda v: str(int(v))),
            "Domain": ("source", text),
            "Backlinks": ("links", text),
        },
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
    Form(
        "search-console-latest-links.csv",
        "google",
        {"Linking page": ("source", text)},
        names_target=False,
        cut=True,
        wide=True,
    ),
    Form(
        "search-console-more-sample-links.csv",
        "google",
        {"Linking page": ("source", text)},
        names_target=False,
        cut=True,
        wide=True,
    ),
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
            "links_count": ("links", text),
        },
        more=("ugc", "sponsored"),
        sees=lambda link: link._replace(nofollow=link.nofollow or link.ugc or link.sponsored),
    ),
    Form(
        "dataforseo-refdomains.csv",
        "dataforseo",
        {
            "domain": ("source", text),
            "backlinks": ("links", text),
            "lost_date": ("lost", _when("2026-03-14 07:08:09 +00:00")),
        },
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
        {
            "source_url": ("source", text),
            "target_url": ("target", text),
            "rel": ("*", _rel),
            "anchor": ("anchor", text),
        },
        more=("nofollow", "ugc", "sponsored"),
    ),
    Form(
        "gapcalc-domains.csv",
        None,
        {
            "source_domain": ("source", text),
            "target_url": ("target", text),
            "links": ("links", text),
        },
        by_domain=True,
    ),
)

SERP_FORMS = (
    Form(
        "gapcalc-serp.csv",
        None,
        {
            "keyword": ("keyword", text),
            "position": ("position", text),
            "url": ("url", text),
            "referring_domains": ("total", text),
        },
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
        {
            "#": ("position", text),
            "URL": ("url", text),
            "DR": ("authority", text),
            "Referring domains": ("total", lambda v: "-" if v is None else f"{v:,}"),
        },
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
