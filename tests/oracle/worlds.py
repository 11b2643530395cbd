"""Invents small worlds: a SERP, link lists of its pages, and the options of a question."""

from dataclasses import dataclass
from random import Random
from typing import NamedTuple

from oracle.forms import LINK_FORMS, SERP_FORMS, Form


class Link(NamedTuple):
    """One link, every fact of it; None is "not said". `links` is how many similar ones it is."""

    source: str
    target: str
    anchor: str | None = ""
    lost: bool | None = False
    status: int | None = 200
    spam: bool | None = False
    sponsored: bool | None = False
    ugc: bool | None = False
    nofollow: bool | None = False
    sitewide: bool | None = False
    kind: str | None = "text"
    chain: str | None = ""
    page_type: str | None = ""
    authority: float | None = None
    traffic: int | None = None
    external: int | None = None
    links: int | None = 1


class Result(NamedTuple):
    """One row of a SERP; `total` are the referring domains that the vendor prints."""

    position: int
    url: str
    kind: str = "Organic"
    total: int | None = None
    authority: int = 30


class Listing(NamedTuple):
    """A link file: its form, the page it is bound to (None: its links name their targets)."""

    form: Form
    page: str | None
    links: tuple[Link, ...]


class Serp(NamedTuple):
    """A SERP file."""

    form: Form
    rows: tuple[Result, ...]


@dataclass(frozen=True)
class World:
    """A question with its inputs; pages are written as URLs."""

    keyword: str | None
    target: str
    serp: Serp | None
    competitors: tuple[str, ...]
    lists: tuple[Listing, ...]
    profile: str = "balanced"
    icann: bool = False
    basis: str | None = None
    top: int = 10
    tolerance: str = "0.25"
    own_rds: int | None = None
    min_authority: int | None = None


SITES = (
    *("alpha.com", "beta.co.uk", "gamma.de", "delta.com.au", "epsilon.example", "zeta.co.jp"),
    *(
        "one.blogspot.com",
        "two.blogspot.com",
        "blogspot.com",
        "kid.github.io",
        "blog.kid.github.io",
    ),
    *("203.0.113.9", "203.0.113.10", "münchen-möbel.de", "xn--mnchen-mbel-yfb4e.de", "日本.jp"),
    *(
        "co.uk",
        "a.b.kawasaki.jp",
        "city.kawasaki.jp",
        "www.ck",
        "shop.x.ck",
        "eta.org",
        "theta.net",
    ),
    *("iota.io", "kappa.fr", "lambda.pl", "mu.ru", "nu.ch", "xi.es", "omicron.info", "pi.name"),
)
PAGES = (
    *(
        "https://rival-one.com/desk",
        "https://www.rival-two.co.uk/a/b/",
        "http://three.blogspot.com/x",
    ),
    *("https://four.de/?id=7&a=1", "https://www.five.example/", "https://six.org/caf%C3%A9/desk"),
    *("https://poker-tables.com/guide", "https://eight.net/B", "https://nine.fr:8443/desk"),
    *("https://ten.pl/desk.html", "https://shop.rival-one.com/other", "https://twelve.es/mesa"),
)
OWN = "https://www.ours.com/desk/"
OWN_TOO = "https://blog.ours.com/other"
KEYWORDS = ("standing desk", "casino chairs")
ANCHORS = (
    *(
        "desk",
        "",
        "here",
        "Best; desk, ever",
        'a "good" desk',
        "stół — mesa",
        "casinoroyal",
        "12,5",
    ),
    *("Casino bonus", "cheap-VIAGRA!", "poker desk", "online pills", "ours.com"),
)
TYPES = ("",) * 6 + ("Article > Guide", "User content > Comment", "User content > Forum")


def make_world(dice: Random, forms: tuple[Form, ...] = LINK_FORMS) -> World:
    """Invent a world from lists of one of these forms, or of up to four."""
    forms = tuple(dice.sample(forms, min(len(forms), dice.choice((1, 1, 2, 4)))))
    pages = dice.sample(PAGES, dice.randint(3, 9))
    serp = _serp(dice, pages) if dice.random() < 0.75 else None
    keyword = dice.choice(KEYWORDS) if serp else None
    return World(
        keyword=keyword,
        target=dice.choice((OWN, "http://ours.com/desk#top", "ours.com/desk?utm_source=x")),
        serp=serp,
        competitors=() if serp else tuple(pages),
        lists=_lists(dice, pages, forms, stray=serp is not None),
        profile=dice.choice(("balanced", "balanced", "strict", "all")),
        icann=dice.random() < 0.2,
        basis=dice.choice((None, None, None, "raw", "kept", "followed")),
        top=dice.choice((10, 10, 5)),
        tolerance=dice.choice(("0.25", "0.25", "0.3", "0.07")),
        own_rds=dice.choice((None, None, None, 4, 0)),
        min_authority=dice.choice((None, None, None, 30)),
    )


def _serp(dice: Random, pages: list[str]) -> Serp:
    form = dice.choice(SERP_FORMS)
    ranked = [*pages]
    if dice.random() < 0.6:
        ranked.insert(dice.randrange(len(ranked) + 1), OWN)
    if dice.random() < 0.2:
        ranked.insert(dice.randrange(len(ranked) + 1), OWN_TOO)
    known = dice.choice((0.0, 0.6, 1.0, 1.0))
    large = dice.random() < 0.3
    rows = []
    for position, url in enumerate(ranked, start=dice.choice((1, 1, 1, 3))):
        total = dice.randint(800, 20_000) if large and dice.random() < 0.5 else dice.randint(0, 14)
        said = total if dice.random() < known else None
        rows.append(Result(position, url, total=said, authority=dice.randint(0, 99)))
        if "kind" in form.says and dice.random() < 0.15:
            kind = dice.choice(("Sponsored", "Image pack", "People also ask"))
            rows.append(Result(position, _spelt(dice, dice.choice(ranked)), kind))
    return Serp(form, tuple(rows))


def _lists(
    dice: Random, pages: list[str], forms: tuple[Form, ...], *, stray: bool
) -> tuple[Listing, ...]:
    """Make the lists of the pages, some of several vendors; `stray` adds one of another page."""
    web = [_source(dice, site) for site in dice.sample(SITES, dice.randint(4, 20))]
    lists: list[Listing] = []
    for page in (*pages, OWN):
        chosen = dice.sample(forms, min(len(forms), dice.choice((0, 1, 1, 1, 1, 1, 1, 2))))
        if len({form.vendor for form in chosen}) < len(chosen):
            chosen = chosen[:1]
        empty = dice.random() < (0.25 if page == OWN else 0.04)
        for form in chosen:
            links = () if empty and not form.cut else _links(dice, web, page, form)
            names = form.names_target and links
            lists.append(Listing(form, None if names else page, links))
    if len(pages) > 1 and dice.random() < 0.2:
        lists = _joined(lists)
    further = [_elsewhere(dice, web, forms)] if stray and dice.random() < 0.1 else []
    return (*lists, *further)


def _joined(lists: list[Listing]) -> list[Listing]:
    """Put lists of one form into one file, where their links name their targets."""
    free = [listing for listing in lists if listing.page is None]
    forms = dict.fromkeys(listing.form for listing in free)
    joined = [
        Listing(form, None, tuple(li for own in free if own.form == form for li in own.links))
        for form in forms
    ]
    return [*(listing for listing in lists if listing.page is not None), *joined]


def _elsewhere(dice: Random, web: list[str], forms: tuple[Form, ...]) -> Listing:
    """Make a list of a page that is in no SERP; it must play no part."""
    form = next((form for form in forms if form.names_target), None)
    page = "https://elsewhere.example/page"
    if form is None:
        return Listing(forms[0], page, _links(dice, web, page, forms[0]))
    return Listing(form, None, _links(dice, web, page, form))


def _links(dice: Random, web: list[str], page: str, form: Form) -> tuple[Link, ...]:
    sources = dice.choices(web, k=dice.randint(1, 14))
    if form.by_domain:
        sources = sorted({source.lower() for source in dice.sample(web, dice.randint(1, len(web)))})
    return tuple(_link(dice, source, page, form) for source in sources)


def _link(dice: Random, source: str, page: str, form: Form) -> Link:
    def often(share: float) -> bool:
        return dice.random() < share

    if often(0.05) and not form.by_domain:
        source = "www.ours.com" if "ours" in page else page.split("/")[2].split(":", maxsplit=1)[0]
    target = _spelt(dice, page)
    return Link(
        source=source if form.by_domain else _address(dice, source),
        target=target,
        anchor=dice.choice(ANCHORS),
        lost=often(0.15),
        status=404 if often(0.06) else 200,
        spam=often(0.12),
        sponsored=often(0.06),
        ugc=often(0.08),
        nofollow=often(0.25),
        sitewide=often(0.06),
        kind=dice.choice(("text",) * 9 + ("image", "redirect", "canonical")),
        chain=_chain(dice, page) if often(0.08) else "",
        page_type=dice.choice(TYPES),
        authority=dice.choice((dice.randint(0, 99), round(dice.uniform(0, 99), 1))),
        traffic=int(10 ** dice.uniform(0, 7)),
        external=int(10 ** dice.uniform(0, 3.3)),
        links=dice.choice((1, 1, 1, 2, 3, 120)),
    )


def _chain(dice: Random, page: str) -> str:
    """Redirects on the way to the page: hops within it, or from another page."""
    bare = page.split("://")[1].removeprefix("www.")
    within = (f"http://{bare}", f"http://{bare}, https://{bare}", f"https://www.{bare}")
    return dice.choice((*within, "http://old.example/x", f"http://old.example/x, http://{bare}"))


def _source(dice: Random, site: str) -> str:
    plain = site.replace(".", "").isdigit() or site in {"co.uk", "www.ck", "blogspot.com"}
    return site if plain else dice.choice(("", "", "www.", "blog.", "a.b.")) + site


def _address(dice: Random, host: str) -> str:
    """Write a page of the host in one of the ways in which exports do."""
    host = dice.choice((host, host, host, host.upper() if host.isascii() else host, host + "."))
    path = dice.choice(("/", "", "/page-1", "/p?x=1&y=a,b", "/thread#comment-12", "/forum/x"))
    starts = ("https://", "https://", "http://", "HTTP://", "", "https://user:pw@")
    return dice.choice(starts) + host + dice.choice(("",) * 6 + (":8080",)) + path


def _spelt(dice: Random, page: str) -> str:
    """Write the same page otherwise."""
    scheme, _, rest = page.partition("://")
    host, slash, path = rest.partition("/")
    if dice.random() < 0.2 and ":" not in host:
        scheme = "http" if scheme == "https" else "https"
    if dice.random() < 0.2 and "blogspot" not in host:
        host = host.removeprefix("www.") if host.startswith("www.") else "www." + host
    host = host.upper() if dice.random() < 0.1 else host
    path = path.rstrip("/") if dice.random() < 0.2 else path
    tail = dice.choice(("", "", "", "#top", "&utm_source=x" if "?" in path else "?utm_medium=y"))
    return f"{scheme}://{host}{slash}{path}{tail}"
