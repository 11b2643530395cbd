"""Finds pages and registrable domains of whole columns: plain ones in SQL, odd ones in Python.

The SQL gives the same results as `urls.page_of`, `urls.host_of` and `suffixes.SuffixRules.domain`.
It works on distinct values only; odd values go through those functions and are joined back.
"""

from collections.abc import Callable

from gapcalc.connection import Engine, quote
from gapcalc.engine import schema
from gapcalc.suffixes import MAX_LABELS, SuffixRules
from gapcalc.urls import PLAIN_HOST, PLAIN_URL, host_of, host_of_page, page_of

_FEW = 10_000
"""Up to this many hosts, Python finishes before the engine has planned the SQL."""

# A host that was cut out of a URL begins with //, so that //user:word@site.example is not taken
# for a URL with the scheme user.
MACROS = f"""
-- plain_page: the page of a URL that is written plainly, else NULL.
create temp macro without_end(url) as rtrim(regexp_replace(url, '^https?://', ''), '/');
create temp macro without_slash(page) as
    case when contains(page, '/?') then regexp_replace(page, '/+[?]', '?') else page end;
create temp macro without_www(page) as
    case when regexp_matches(page, '^www[.][^./?]+[.]') then substr(page, 5) else page end;
create temp macro plain_page(url) as
    case when regexp_full_match(url, {quote(PLAIN_URL)})
            and strlen(split_part(url, '/', 3)) < 64
            and not contains(url, '://www.www.')
        then without_www(without_slash(without_end(url))) end;
-- plain_host: a host that is written plainly, without slashes before it, else NULL.
create temp macro plain_host(host) as
    case when regexp_full_match(host, {quote("(//)?" + PLAIN_HOST)}) and strlen(host) < 64
        then case when starts_with(host, '//') then substr(host, 3) else host end end;
"""

_HOSTS = "select host as key, name from host_name"
_LONG_NAMES = f"select name from host_name where name like '%.%.%' limit {_FEW + 1}"
_MOST_DOTS = "select coalesce(max(strlen(name) - strlen(replace(name, '.', ''))), 0) from ({names})"


def name_pages(engine: Engine) -> None:
    """Make ``target_url`` from ``link_row``."""
    engine.execute(schema.TARGET_URL)
    _name_odd(engine, "target_url", ("url", "page"), page_of)


def name_sources(engine: Engine, rows: str) -> None:
    """Make ``source_name`` from the column `source` of some rows: a table or a query in brackets."""
    engine.execute(schema.SOURCE_NAME.replace("{rows}", rows))
    _name_odd(engine, "source_name", ("url", "page"), page_of)


def name_hosts(engine: Engine) -> None:
    """Make ``host_name`` from ``link_row``."""
    engine.execute(schema.HOST_NAME)
    _name_odd(engine, "host_name", ("host", "name"), host_of)


def _name_odd(
    engine: Engine, table: str, columns: tuple[str, str], function: Callable[[str], str | None]
) -> None:
    """Name the values that the SQL left NULL, with a Python function."""
    given, made = columns
    left = engine.query(f"select {given} from {table} where {made} is null and {given} is not null")
    if odd := list(dict.fromkeys(value for (value,) in left)):
        statement = f"""
update {table} set {made} = odd.made
from (select unnest($given::varchar[]) as given, unnest($made::varchar[]) as made) as odd
where odd.given = {given}
"""
        engine.execute(statement, {"given": odd, "made": [function(value) for value in odd]})


def find_domains(engine: Engine, suffixes: SuffixRules) -> None:
    """Make ``host_domain`` from ``host_name``, and ``page_site`` from ``page``."""
    engine.execute(schema.HOST_DOMAIN + schema.PAGE_SITE)
    pages = {page: host_of_page(page) for (page,) in engine.query("select page from page")}
    sites = {host: suffixes.domain(host) for host in set(pages.values())}
    engine.insert("page_site", [(page, sites[host]) for page, host in pages.items()])
    names = [name for (name,) in engine.query(_LONG_NAMES)]
    if len(names) > _FEW:
        create_suffixes(engine, suffixes)
        walk_domains(engine, "host_domain", _HOSTS)
        return
    known = ((name, suffixes.domain(name)) for name in names)
    # Handing every domain over is slower than finding the usual ones again in SQL.
    odd = {name: domain for name, domain in known if domain.count(".") != 1}
    values = {"names": list(odd), "domains": list(odd.values())}
    engine.execute(schema.DOMAINS_OF_FEW, values)


def create_suffixes(engine: Engine, suffixes: SuffixRules) -> None:
    """Make ``suffix``."""
    engine.execute(schema.SUFFIX, {"rules": " ".join(sorted(suffixes.rules))})


def walk_domains(engine: Engine, table: str, names: str) -> None:
    """Find domains in SQL, from a query of ``key, name`` (a host), by means of ``suffix``.

    The walk is that of publicsuffix.org: every tail of the host is looked up. An exception rule
    wins, else the longest match, else the last label is the suffix.
    """
    ((most_dots,),) = engine.query(_MOST_DOTS.format(names=names))
    tails = range(min(MAX_LABELS, most_dots + 1) + 1)
    steps = ",\n".join(_without_a_label(place) for place in tails[:-1])
    joins = "\n".join(f"left join suffix s{n} on s{n}.name = t.tail{n}" for n in tails)
    engine.execute(f"""
-- tail0 is the host, each further tail is one label shorter; all of them are looked up.
insert into {table}
with t0 as (
    select key, name as host, {_last_labels(most_dots)} as tail0
    from ({names}) where name is not null
),
{steps}
select key, {_domain_case(tails)} as domain
from t{tails[-1]} as t
{joins}
""")


def _last_labels(most_dots: int) -> str:
    """Give the SQL of a host's last labels, as many as the longest rule has."""
    most = MAX_LABELS - 1
    if most_dots <= most:
        return "name"
    dots = "strlen(name) - strlen(replace(name, '.', ''))"
    last = f"regexp_extract(name, '(([^.]+[.]){{{most}}}[^.]+)$', 1)"
    return f"case when {dots} > {most} then {last} else name end"


def _without_a_label(place: int) -> str:
    shorter = f"substr(tail{place}, strpos(tail{place}, '.') + 1)"
    return (
        f"t{place + 1} as (select *, case when contains(tail{place}, '.') then {shorter} end "
        f"as tail{place + 1} from t{place})"
    )


def _domain_case(tails: range) -> str:
    exceptions = [f"when s{n}.kinds & 4 <> 0 then t.tail{n}" for n in tails]
    matches = [
        f"when s{n}.kinds & 1 <> 0 or s{n + 1}.kinds & 2 <> 0 "
        f"then {'host' if n == 0 else f't.tail{n - 1}'}"
        for n in tails[:-1]
    ]
    # No rule ends with a number or a bracket, so addresses come to the last case.
    is_address = "starts_with(host, '[') or regexp_full_match(host, '([0-9]{1,3}[.]){3}[0-9]{1,3}')"
    last_two = "regexp_extract(host, '([^.]+[.][^.]+)$', 1)"
    cases = "\n        ".join([*exceptions, *matches])
    return (
        f"case {cases}\n        when {is_address} then host\n"
        f"        else coalesce(nullif({last_two}, ''), host) end"
    )


def is_of_site(domain: str) -> str:
    """Give the SQL condition that `page` is of a domain, or of one below it."""
    host = "regexp_extract(page, '^[^/:?]*')"
    return f"{host} = {quote(domain)} or ends_with({host}, {quote('.' + domain)})"
