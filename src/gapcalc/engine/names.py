"""Finds pages and registrable domains for whole columns: in SQL where plain, by function where odd.

The SQL says the same as `urls.page_of`, `urls.host_of` and `suffixes.SuffixRules.domain`; it works
on distinct values only, and what is not plain goes through those functions and is joined back.
"""

from collections.abc import Callable
from typing import NamedTuple

import duckdb

from gapcalc.connection import quote
from gapcalc.suffixes import MAX_LABELS, SuffixRules
from gapcalc.urls import PLAIN_HOST, PLAIN_URL, host_of, page_of

_PLAIN, _WILDCARD, _EXCEPTION = 1, 2, 4
_FEW = 2_000


def create_suffixes(connection: duckdb.DuckDBPyConnection, suffixes: SuffixRules) -> None:
    """Write the suffix rules as the table ``suffix (name, kinds)``."""
    connection.execute(
        f"""
create table suffix as
select ltrim(ltrim(rule, '!'), '*.') as name,
    sum(distinct case when rule[1] = '!' then {_EXCEPTION}
                      when rule[1] = '*' then {_WILDCARD} else {_PLAIN} end)::utinyint as kinds
from (select unnest(string_split($rules, ' ')) as rule) group by all
""",
        {"rules": " ".join(sorted(suffixes.rules))},
    )


def create_pages(
    connection: duckdb.DuckDBPyConnection, urls: str, table: str = "page_name"
) -> None:
    """From a query with a column ``url`` make the table ``page_name (url, page)``, distinct."""
    bare = "regexp_replace(url, '^https?://', '')"
    cut = f"rtrim({bare}, '/')"
    page = (
        f"case when regexp_matches({cut}, '^www[.][^./]+[.]') then substr({cut}, 5) else {cut} end"
    )
    plain = (
        f"regexp_full_match(url, {quote(PLAIN_URL)}) and strlen(split_part(url, '/', 3)) < 64 "
        "and not contains(url, '://www.www.')"
    )
    _create(connection, _Naming(table, "url", "page", plain, page, page_of), urls)


def create_hosts(connection: duckdb.DuckDBPyConnection, hosts: str) -> None:
    """From a query with a column ``host`` make the table ``host_name (host, name)``, distinct.

    A host that was cut out of a URL begins with ``//``, so that ``//user:word@site.example`` is
    not taken for a URL with the scheme ``user``.
    """
    plain = f"regexp_full_match(host, {quote('(//)?' + PLAIN_HOST)}) and strlen(host) < 64"
    name = "case when starts_with(host, '//') then substr(host, 3) else host end"
    naming = _Naming("host_name", "host", "name", plain, name, host_of)
    _create(connection, naming, hosts)


class _Naming(NamedTuple):
    """A table of distinct values and their names: where `plain` holds, `expression` names them."""

    table: str
    given: str
    made: str
    plain: str
    expression: str
    function: Callable[[str], str | None]


def _create(connection: duckdb.DuckDBPyConnection, naming: _Naming, source: str) -> None:
    table, given, made = naming.table, naming.given, naming.made
    connection.execute(
        f"create table {table} as select {given}, "
        f"case when {naming.plain} then {naming.expression} end as {made} "
        f"from (select {source}) where {given} is not null group by all"
    )
    odd = connection.execute(f"select {given} from {table} where {made} is null").fetchall()
    if odd:
        connection.execute(
            f"create or replace temp table odd as select unnest($given) as {given}, "
            f"unnest($made) as {made}",
            {
                "given": [value for (value,) in odd],
                "made": [naming.function(value) for (value,) in odd],
            },
        )
        connection.execute(
            f"update {table} set {made} = odd.{made} from odd where odd.{given} = {table}.{given}"
        )


def create_domains(
    connection: duckdb.DuckDBPyConnection, names: str, suffixes: SuffixRules
) -> None:
    """From a query of ``key, name`` (a host) make the table ``domain_of (key, domain)``.

    For a few hosts the function is done before the engine has made a plan for the same in SQL.
    """
    few = connection.execute(f"from ({names}) where name is not null limit {_FEW + 1}").fetchall()
    if len(few) > _FEW:
        create_suffixes(connection, suffixes)
        walk_domains(connection, names)
        return
    connection.execute(
        "create table domain_of as select unnest($keys) as key, unnest($domains) as domain",
        {
            "keys": [key for key, _ in few],
            "domains": [suffixes.domain(name) for _, name in few],
        },
    )


def walk_domains(connection: duckdb.DuckDBPyConnection, names: str) -> None:
    """Do the same in SQL, with the table ``suffix``.

    The walk is that of publicsuffix.org: every tail of the host is looked up; an exception rule
    wins, else the longest match, else the last label is the suffix.
    """
    dots = "strlen(name) - strlen(replace(name, '.', ''))"
    ((most,),) = connection.execute(f"select coalesce(max({dots}), 0) from ({names})").fetchall()
    tails = range(min(MAX_LABELS, most + 1) + 1)
    steps = ",\n".join(
        f"t{i + 1} as (select *, case when contains(a{i}, '.') "
        f"then substr(a{i}, strpos(a{i}, '.') + 1) end as a{i + 1} from t{i})"
        for i in tails[:-1]
    )
    joins = "\n".join(f"left join suffix s{i} on s{i}.name = t.a{i}" for i in tails)
    labels = MAX_LABELS - 1
    last = f"regexp_extract(name, '(([^.]+[.]){{{labels}}}[^.]+)$', 1)"
    end = f"case when {dots} > {labels} then {last} else name end" if most > labels else "name"
    connection.execute(f"""
create table domain_of as
with t0 as (select key, name as host, {end} as a0 from ({names}) where name is not null),
{steps}
select key, {_domain_case(tails)} as domain
from t{tails[-1]} t
{joins}
""")


def _domain_case(tails: range) -> str:
    exceptions = [f"when s{i}.kinds & {_EXCEPTION} <> 0 then t.a{i}" for i in tails]
    matches = [
        f"when s{i}.kinds & {_PLAIN} <> 0 or s{i + 1}.kinds & {_WILDCARD} <> 0 "
        f"then {'host' if i == 0 else f't.a{i - 1}'}"
        for i in tails[:-1]
    ]
    # No rule ends with a number or a bracket, so that addresses come to the last case.
    is_address = "starts_with(host, '[') or regexp_full_match(host, '([0-9]{1,3}[.]){3}[0-9]{1,3}')"
    last_two = "regexp_extract(host, '([^.]+[.][^.]+)$', 1)"
    return (
        f"case {' '.join(exceptions + matches)} when {is_address} then host "
        f"else coalesce(nullif({last_two}, ''), host) end"
    )
