"""The SQL that names pages, hosts and domains gives the same results as the functions."""

from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gapcalc.connection import Engine, connect
from gapcalc.engine import schema
from gapcalc.engine.names import (
    MACROS,
    create_suffixes,
    find_domains,
    name_hosts,
    name_pages,
    walk_domains,
)
from gapcalc.suffixes import SuffixRules, default_rules
from gapcalc.urls import host_of, normalise_host, page_of
from gapcalc.workspace import Workspace
from made import hosts, urls
from vectors import list_rules, vectors

RULES = default_rules()
LONG = "a" * 63
ODD_HOSTS = (
    "",
    " ",
    ".",
    "com",
    "localhost",
    "example.com",
    "EXAMPLE.com",
    "example.com.",
    "example.com..",
    ".example.com",
    "a..com",
    "-a.com",
    "a-.com",
    "a.-b.com",
    "a.b-.com",
    "my_blog.example.com",
    "_dmarc.example.com",
    "user@example.com",
    "example.com:8080",
    "example.com:80:80",
    "203.0.113.24",
    "203.0.113.24:8080",
    "203.0.113.256",
    "1.2.3",
    "1.2.3.4.5",
    "1.2.3.4a",
    "1.2.3.a4",
    "[2001:db8::1]",
    "[2001:DB8::1]:8080",
    "[::g]",
    "::1",
    "münchen.example",
    "xn--mnchen-3ya.example",
    "食狮.公司.cn",
    "食狮。公司。cn",
    "\N{SNOWMAN}.net",
    "\N{FULLWIDTH LATIN SMALL LETTER A}.com",
    "a b.com",
    "a,b.com",
    "a/b",
    "a.com/b/c",
    "a.com?b",
    "a.com#b",
    "a.com\\b",
    "mailto:a@b.com",
    "it's.com",
    "'; drop table suffix; --.com",
    f"{LONG}.com",
    f"{LONG}a.com",
    ".".join(["abcdefghi"] * 8),
    "a." * 124 + "com",
    "a." * 130 + "com",
    "a.b.c.d.e.f.g.h.i.j.k.example.co.uk",
    "www.co.uk",
    "www.com",
)
ODD_URLS = (
    "https://www.example.com/a/",
    "https://www.www.example.com/a/",
    "https://www.com/",
    "http://www.com/www.a.b/",
    "https://www.a.b",
    "https://example.com//",
    "https://example.com//a//",
    "https://example.com/a/../b/./",
    "https://example.com/a~b_c-d.html",
    "HTTPS://example.com/a",
    "https://Example.com/a",
    "https://example.com:443/a",
    "https://example.com/a?b=1&a=2",
    "https://example.com/a?utm_source=x",
    "https://example.com/a#b",
    "https://example.com/%7Ea",
    "https://example.com/a b",
    "https://example.com/ü",
    "https:///a",
    "https://",
    "http://localhost/a",
    "http://203.0.113.24/a",
    "http://1.2.3/a",
    f"https://{LONG}.com/a",
    f"https://{LONG}a.com/a",
    f"https://a.{LONG}.com/",
    "https://example.com/" + "a" * 5000,
    "https://it's.example/'; drop table target_url; --",
)


@contextmanager
def opened() -> Iterator[Engine]:
    workspace = Workspace()
    with closing(connect(workspace, [], None)) as engine:
        engine.execute(MACROS)
        yield engine
    workspace.remove()


@pytest.fixture
def engine() -> Iterator[Engine]:
    with opened() as engine:
        yield engine


def hosts_in_sql(engine: Engine, texts: Iterable[str]) -> dict[str, str | None]:
    give(engine, "link_row", "host", [*texts, None])
    name_hosts(engine)
    return dict(engine.query("select host, name from host_name"))


def pages_in_sql(engine: Engine, texts: Iterable[str]) -> dict[str, str | None]:
    give(engine, "link_row", "target", [*texts, None])
    engine.execute("alter table link_row add column file integer default 0")
    name_pages(engine)
    return dict(engine.query("select url, page from target_url where url is not null"))


def domains_in_sql(engine: Engine, rules: SuffixRules, names: Iterable[str]) -> dict[str, str]:
    give(engine, "given", "name", names)
    create_suffixes(engine, rules)
    engine.execute(schema.HOST_DOMAIN)
    walk_domains(engine, "host_domain", "select name as key, name from given")
    return dict(engine.query("select host, domain from host_domain"))


def give(engine: Engine, table: str, column: str, texts: Iterable[str | None]) -> None:
    engine.execute(f"create or replace table {table} ({column} varchar)")
    engine.insert(table, [(text,) for text in texts])


def below(suffix: str) -> list[str]:
    return [suffix, f"a.{suffix}", f"b.a.{suffix}", f"d.c.b.a.{suffix}"]


def normalised(texts: Iterable[str]) -> set[str]:
    return {host for text in texts if (host := normalise_host(text)) is not None}


def test_the_host_of_an_odd_host_is_the_same_in_sql(engine: Engine) -> None:
    texts = {*ODD_HOSTS, *(host for host, _ in vectors())}
    assert hosts_in_sql(engine, texts) == {text: host_of(text) for text in texts}


def test_the_page_of_an_odd_url_is_the_same_in_sql(engine: Engine) -> None:
    texts = {*ODD_URLS, *ODD_HOSTS, *(f"https://{host}/a/" for host in ODD_HOSTS)}
    assert pages_in_sql(engine, texts) == {text: page_of(text) for text in texts}


@pytest.mark.slow
@pytest.mark.parametrize("private", [True, False], ids=["with private rules", "ICANN only"])
def test_the_domain_is_the_same_in_sql_under_every_rule_of_the_list(
    engine: Engine, *, private: bool
) -> None:
    rules = default_rules(private=private)
    suffixes = normalised(rule.lstrip("!*.") for rule in list_rules())
    names = {host for suffix in suffixes for host in below(suffix)}
    found = domains_in_sql(engine, rules, names)
    assert found == {name: rules.domain(name) for name in names}


def test_the_domain_of_a_vector_is_the_same_in_sql(engine: Engine) -> None:
    expected = {
        host: normalise_host(domain) if domain else host
        for text, domain in vectors()
        if (host := normalise_host(text)) is not None
    }
    assert len(expected) > 60
    assert domains_in_sql(engine, RULES, expected) == expected


def test_the_domain_of_an_odd_host_is_the_same_in_sql(
    engine: Engine,
) -> None:
    names = normalised(ODD_HOSTS)
    found = domains_in_sql(engine, RULES, names)
    assert found == {name: RULES.domain(name) for name in names}


def test_a_list_of_ones_own_gives_the_same_domains_in_sql(
    engine: Engine,
) -> None:
    rules = SuffixRules(
        frozenset({"com", "*.com", "!a.com", "b.c.com", "*.d.com", "!e.d.com"}), None, "own"
    )
    names = {host for rule in rules.rules for host in below(rule.lstrip("!*."))}
    assert domains_in_sql(engine, rules, names) == {name: rules.domain(name) for name in names}


@pytest.mark.parametrize("count", [0, 1, 3_000], ids=["none", "one", "thousands"])
def test_few_hosts_and_many_get_the_same_domains(engine: Engine, count: int) -> None:
    names = {f"www.shop.site{number}.co.uk" for number in range(count)}
    hosts_in_sql(engine, names)
    engine.execute("create table page (page varchar)")
    engine.insert("page", [(f"{name}/p",) for name in names])
    find_domains(engine, RULES)
    found: dict[str, str] = dict(engine.query("select host, domain from host_domain"))
    assert found == {name: name.removeprefix("www.shop.") for name in names}
    sites: dict[str, str] = dict(engine.query("select page, site from page_site"))
    assert sites == {f"{name}/p": domain for name, domain in found.items()}


def test_values_that_stand_twice_are_named_once(engine: Engine) -> None:
    hosts_in_sql(engine, ["a.com", "a.com", "A.com", "A.com"])
    assert engine.query("select count(*) from host_name") == [(2,)]


few = settings(derandomize=True, max_examples=8)


@pytest.mark.slow
@given(st.lists(urls, min_size=40, max_size=60))
@few
def test_the_page_of_any_url_is_the_same_in_sql(texts: list[str]) -> None:
    with opened() as engine:
        assert pages_in_sql(engine, texts) == {text: page_of(text) for text in texts}


@pytest.mark.slow
@given(st.lists(st.one_of(hosts, urls), min_size=40, max_size=60))
@few
def test_the_host_of_any_host_is_the_same_in_sql(texts: list[str]) -> None:
    with opened() as engine:
        assert hosts_in_sql(engine, texts) == {text: host_of(text) for text in texts}


@pytest.mark.slow
@given(st.lists(hosts, min_size=40, max_size=60))
@few
def test_the_domain_of_any_host_is_the_same_in_sql(texts: list[str]) -> None:
    names = normalised(texts)
    with opened() as engine:
        found = domains_in_sql(engine, RULES, names)
    assert found == {name: RULES.domain(name) for name in names}
