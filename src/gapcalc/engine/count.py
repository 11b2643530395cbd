"""Reduces links to counts: per page and domain the best link decides, per page domains are counted."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import duckdb

from gapcalc.engine.best import BEST, JUDGED, KEPT
from gapcalc.engine.vendors import Shared, count_shared, list_domains
from gapcalc.results import KnownDomain, VendorFigures
from gapcalc.rows import LinkFile, PageLinks
from gapcalc.rules.base import ActiveRule

CREATE_TARGETS = """
create table target_of as select piece, target as url, count(*) as rows from found group by all
"""

_CREATE_AIMED = """
create table aimed as
select input, vendor, rows, coalesce(file.page, page_name.page) as page
from file left join target_of using (piece) left join page_name using (url)
"""

_CREATE_PAGES = """
create table page as
select row_number() over (order by page) as id, page, min(url) as url from (
    select page, url from page_name where page is not null
    union all select page, page as url from file where page is not null
) where {wanted} group by page
"""

NAMES = """
select host as key, name from host_name
union all
select chr(1) || page as key,
    regexp_replace(split_part(split_part(page, '/', 1), '?', 1), ':[0-9]+$', '') as name
from page
"""

# A bound page is aimed at by name, a written target by its URL, so that one join finds either; a
# character that no URL holds keeps the two apart. Where a page's host is a public suffix without its
# www. (www.gov.uk), the site is that host with it.
_CREATE_LINKS = """
create temp table aim as
select aim, page.id as page_id, site.domain as own, 'www.' || site.domain as own_www
from (
    select url as aim, page from page_name
    union all select distinct chr(1) || page, page from file
)
join page using (page)
join domain_of site on site.key = chr(1) || page.page;

create temp {kind} link as
select file.vendor, page_id, domain, (domain = own or domain = own_www) as internal, lost, mask,
    unjudged, followed{extras}
from found
join file using (piece)
join aim on aim.aim = coalesce(chr(1) || file.page, found.target)
join domain_of on domain_of.key = found.host
"""


def create_pages_wanted(
    connection: duckdb.DuckDBPyConnection, pages: Collection[str] | None
) -> None:
    """Make ``page (id, page, url)``: the pages that links were found for, or those of `pages`."""
    connection.execute(
        "create temp table wanted as select unnest($pages) as page", {"pages": sorted(pages or ())}
    )
    connection.execute(_CREATE_AIMED)
    wanted = "true" if pages is None else "page in (select page from wanted)"
    connection.execute(_CREATE_PAGES.replace("{wanted}", wanted))


def create_links(
    connection: duckdb.DuckDBPyConnection, extras: Sequence[str], *, stored: bool
) -> None:
    """From ``found``, ``file``, ``page`` and the tables of names make ``link``.

    It is a table where it is `stored`, to be changed or read often; else a view is read faster
    than a million links are written.
    """
    statement = _CREATE_LINKS.replace("{kind}", "table" if stored else "view")
    connection.execute(statement.replace("{extras}", "".join(f", {e}" for e in extras)))


def add_bit(connection: duckdb.DuckDBPyConnection, domains: str, bit: int) -> None:
    """Mark links as failing a rule: those whose page and domain are in a query's result."""
    connection.execute(
        f"update link set mask = mask | {bit} from ({domains}) as facts "
        "where facts.domain = link.domain "
        "and coalesce(facts.page_id = link.page_id, true)"
    )


class Counts:
    """The counted links of all files; it keeps the engine open for further counts."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        files: Sequence[LinkFile],
        rules: Sequence[ActiveRule],
        *,
        sensitivity: bool,
    ) -> None:
        self._connection, self._files, self._rules = connection, tuple(files), tuple(rules)
        self._sensitivity = sensitivity
        self._counted: dict[frozenset[str], Mapping[str, PageLinks]] = {}

    @property
    def files(self) -> tuple[LinkFile, ...]:
        """Give the link files, in the order of the inputs."""
        return self._files

    def count(self, rules: Collection[str]) -> Mapping[str, PageLinks]:
        """Count every page under the named rules; the same rules are counted once.

        A domain is charged to the rule that failed its best link, the one whose first failing
        rule comes latest; so raw minus the domains charged is kept (docs/method.md, Counting).
        """
        key = frozenset(rules)
        if key not in self._counted:
            self._counted[key] = self._count(key)
        return self._counted[key]

    def _count(self, rules: frozenset[str]) -> Mapping[str, PageLinks]:
        judged = [active for active in self._rules if active.id in rules]
        switched = judged if self._sensitivity else []
        rows = self._connection.execute(
            _count_statement(judged, switched), {"rules": sum(active.bit for active in judged)}
        ).fetchall()
        silent = frozenset(file.input for file in self._files if not file.says_rel)
        counted = {row[0]: _page_links(row, judged, switched, silent) for row in rows}
        if len({file.vendor for file in self._files}) == 1:
            return {page: self._of_one(links) for page, links in counted.items()}
        shared = count_shared(self._connection, judged)
        return {page: self._of_several(links, shared[page]) for page, links in counted.items()}

    def _of_one(self, links: PageLinks) -> PageLinks:
        alone = VendorFigures(links.raw, links.kept, links.followed, links.raw)
        return links._replace(by_vendor=dict.fromkeys(self._vendors(links), alone))

    def _of_several(self, links: PageLinks, shared: Shared) -> PageLinks:
        by_vendor = {}
        for vendor, says_rel in sorted(self._vendors(links).items()):
            known = shared.by_vendor.get(vendor, VendorFigures(0, 0, 0, 0))
            by_vendor[vendor] = known if says_rel else replace(known, followed=None)
        return links._replace(
            by_vendor=by_vendor,
            shared=shared.shared,
            disputed=shared.disputed,
            lost=shared.lost,
            internal=shared.internal,
            unjudged=shared.unjudged,
        )

    def _vendors(self, links: PageLinks) -> dict[str, bool]:
        """Give the vendors whose files concern a page, and whether all of each one's say rel."""
        says: dict[str, bool] = {}
        for file in self._files:
            if file.input in links.inputs:
                says[file.vendor] = says.get(file.vendor, True) and file.says_rel
        return says

    def domains(
        self, rules: Collection[str], pages: Collection[str]
    ) -> Mapping[str, tuple[KnownDomain, ...]]:
        """List the live referring domains of pages under the named rules, by name."""
        judged = [active for active in self._rules if active.id in rules]
        return list_domains(self._connection, judged, pages)


def _count_statement(judged: Sequence[ActiveRule], switched: Sequence[ActiveRule]) -> str:
    without = "".join(
        f", bool_or(failed & ~{a.bit} = 0) as kept_without_{a.id}"
        f", bool_or(failed & ~{a.bit} = 0 and followed) as followed_without_{a.id}"
        for a in switched
    )
    dropped = "".join(f", count(*) filter (best = {active.bit})" for active in judged)
    counted_without = "".join(
        f", count(*) filter ({basis}_without_{a.id})"
        for basis in ("kept", "followed")
        for a in switched
    )
    return f"""
with {JUDGED},
best as (
    select page_id, domain, count(*) filter (gone) as lost, count(*) filter (internal) as internal,
        {BEST} as best, count(*) filter (failed = 0 and unjudged) as unjudged{without}
    from judged group by page_id, domain
),
counted as (
    select page_id, count(best) as raw, count(*) filter (best >= {KEPT}) as kept,
        count(*) filter (best > {KEPT}) as followed, sum(unjudged) as unjudged,
        [0{dropped}] as dropped, [0{counted_without}] as without,
        sum(lost) as lost, sum(internal) as internal
    from best group by page_id
),
given as (
    select page, list(distinct input) as inputs from aimed where page is not null group by page
)
select page.page, page.url, site.domain, coalesce(raw, 0), coalesce(kept, 0),
    coalesce(followed, 0), coalesce(unjudged, 0), dropped, without,
    coalesce(lost, 0), coalesce(internal, 0), coalesce(inputs, [])
from page
join domain_of site on site.key = chr(1) || page.page
left join counted on counted.page_id = page.id
left join given using (page)
order by page.page
"""


def _page_links(
    row: tuple[object, ...],
    judged: Sequence[ActiveRule],
    switched: Sequence[ActiveRule],
    silent: frozenset[int],
) -> PageLinks:
    page, url, domain, raw, kept, followed, unjudged, dropped, without, lost, internal, inputs = row
    numbers = frozenset(map(_integer, inputs)) if isinstance(inputs, list) else frozenset()
    return PageLinks(
        page=str(page),
        url=str(url),
        domain=str(domain),
        raw=_integer(raw),
        kept=_integer(kept),
        followed=None if numbers & silent else _integer(followed),
        dropped=_by_rule(judged, dropped),
        without=_without(switched, without),
        lost=_integer(lost),
        internal=_integer(internal),
        unjudged=_integer(unjudged),
        inputs=numbers,
    )


def _without(rules: Sequence[ActiveRule], counts: object) -> dict[str, tuple[int, int]]:
    half = len(rules)
    numbers = counts[1:] if isinstance(counts, list) else [0] * 2 * half
    both = zip(rules, numbers[:half], numbers[half:], strict=True)
    return {active.id: (int(kept), int(followed)) for active, kept, followed in both}


def _integer(value: object) -> int:
    return int(str(value))


def _by_rule(rules: Sequence[ActiveRule], counts: object) -> dict[str, int]:
    numbers = counts[1:] if isinstance(counts, list) else [0] * len(rules)
    return {active.id: int(number) for active, number in zip(rules, numbers, strict=True)}
