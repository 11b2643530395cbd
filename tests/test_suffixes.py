"""The registrable domain of a host, checked with the Public Suffix List's own test vectors."""

import re
from pathlib import Path

import pytest
from publicsuffixlist import PublicSuffixList

from gapcalc.errors import UsageError
from gapcalc.suffixes import (
    SuffixRules,
    default_rules,
    list_date,
    load_rules,
    parse_rules,
)
from gapcalc.urls import normalise_host
from vectors import LIST, list_rules, vectors

VECTORS = vectors()
RULES = default_rules()
ICANN = default_rules(private=False)
SHORT_LIST = """\
// VERSION: 2026-01-31_00-00-00_UTC
// ===BEGIN ICANN DOMAINS===
com
uk
co.uk
*.ck
!www.ck
公司.cn
// ===END ICANN DOMAINS===
// ===BEGIN PRIVATE DOMAINS===
blogspot.com  a comment may follow
// ===END PRIVATE DOMAINS===
"""


def test_the_vectors_are_all_there() -> None:
    assert len(VECTORS) == 78


@pytest.mark.parametrize(
    ("host", "domain"), VECTORS, ids=[host or "no host" for host, _ in VECTORS]
)
def test_every_vector_of_the_list_holds(host: str, domain: str | None) -> None:
    normalised = normalise_host(host)
    found = None if normalised is None else RULES.registrable(normalised)
    assert found == (domain and normalise_host(domain))


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        pytest.param("a.blogspot.com", "a.blogspot.com", id="blogspot"),
        pytest.param("www.a.blogspot.com", "a.blogspot.com", id="below blogspot"),
        pytest.param("blogspot.com", "blogspot.com", id="blogspot itself"),
        pytest.param("me.github.io", "me.github.io", id="github.io"),
        pytest.param("x.wordpress.com", "wordpress.com", id="wordpress.com is in no section"),
    ],
)
def test_private_suffixes_part_sites(host: str, domain: str) -> None:
    assert RULES.domain(host) == domain
    assert RULES.section == "icann+private"


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        pytest.param("a.blogspot.com", "blogspot.com", id="blogspot"),
        pytest.param("www.a.blogspot.com", "blogspot.com", id="below blogspot"),
        pytest.param("me.github.io", "github.io", id="github.io"),
        pytest.param("www.example.co.uk", "example.co.uk", id="ICANN suffix"),
        pytest.param("a.test.ck", "a.test.ck", id="ICANN wildcard"),
        pytest.param("a.www.ck", "www.ck", id="ICANN exception"),
    ],
)
def test_without_the_private_section_they_are_one(host: str, domain: str) -> None:
    assert ICANN.domain(host) == domain
    assert ICANN.section == "icann"


@pytest.mark.parametrize(
    "host",
    [
        pytest.param("203.0.113.24", id="IPv4"),
        pytest.param("[2001:db8::1]", id="IPv6"),
        pytest.param("com", id="suffix of one label"),
        pytest.param("co.uk", id="suffix of two labels"),
        pytest.param("test.ck", id="suffix by wildcard"),
        pytest.param("github.io", id="private suffix"),
        pytest.param("unlisted", id="label in no rule"),
        pytest.param("xn--55qx5d.cn", id="punycode suffix"),
    ],
)
def test_an_address_and_a_suffix_stand_for_themselves(host: str) -> None:
    assert RULES.domain(host) == host


def test_a_suffix_in_unicode_and_in_punycode_is_one_suffix() -> None:
    unicode = [rule.lstrip("!*.") for rule in list_rules() if not rule.isascii()]
    assert len(unicode) > 400
    for rule in unicode:
        suffix = normalise_host(rule)
        assert suffix is not None
        assert suffix.isascii()
        assert RULES.domain(f"shop.example.{suffix}") == f"example.{suffix}"


@pytest.mark.slow
@pytest.mark.parametrize("private", [True, False], ids=["with private rules", "ICANN only"])
def test_every_rule_is_read_as_the_package_reads_it(*, private: bool) -> None:
    package = PublicSuffixList(only_icann=not private)
    rules = default_rules(private=private)
    for rule in list_rules():
        suffix = normalise_host(rule.lstrip("!*."))
        assert suffix is not None
        # The package applies *.nom.br to nom.br as well; publicsuffix.org does not.
        itself = [] if rule.startswith("*") else [suffix]
        for host in (*itself, f"a.{suffix}", f"b.a.{suffix}", f"d.c.b.a.{suffix}"):
            assert rules.registrable(host) == package.privatesuffix(host), host


def test_labels_far_in_front_change_nothing() -> None:
    for count in range(1, 40):
        assert RULES.domain("a." * count + "example.co.uk") == "example.co.uk"


def test_the_list_has_the_date_of_its_version() -> None:
    version = re.search(r"VERSION: (\S{10})", LIST.read_text(encoding="utf-8"))
    assert version is not None
    assert RULES.date == ICANN.date == list_date() == version.group(1)
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", version.group(1))


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(SHORT_LIST.encode(), id="as published"),
        pytest.param(SHORT_LIST.replace("\n", "\r\n").encode(), id="CRLF"),
        pytest.param(SHORT_LIST.encode("utf-8-sig"), id="byte order mark"),
    ],
)
def test_a_list_of_ones_own_is_read(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "list.dat"
    path.write_bytes(data)
    rules = load_rules(path, private=True)
    assert rules.rules == {
        "com", "uk", "co.uk", "*.ck", "!www.ck", "xn--55qx5d.cn", "blogspot.com"
    }  # fmt: skip
    assert rules.date == "2026-01-31"
    assert load_rules(path, private=False).rules == rules.rules - {"blogspot.com"}


def test_a_list_without_a_version_has_no_date() -> None:
    assert parse_rules("com\nco.uk\n", private=True) == SuffixRules(
        frozenset({"com", "co.uk"}), None, "icann+private"
    )


@pytest.mark.parametrize(
    ("data", "says"),
    [
        pytest.param(None, "it cannot be read", id="missing"),
        pytest.param("com\ncaf\xe9\n".encode("latin-1"), "it is not UTF-8 text", id="not UTF-8"),
        pytest.param(b"", "not a suffix list (the rule 'com' is missing)", id="empty"),
        pytest.param(b"<!doctype html>\n<p>Not found", "not a suffix list", id="a web page"),
        pytest.param(b"domain,rank\nexample.com,1\n", "not a suffix list", id="a CSV"),
    ],
)
def test_what_is_no_list_is_refused_by_name(tmp_path: Path, data: bytes | None, says: str) -> None:
    path = tmp_path / "list.dat"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(UsageError, match=r"^--psl ") as error:
        load_rules(path, private=True)
    assert str(path) in str(error.value)
    assert says in str(error.value)


def test_a_folder_is_no_list(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="it cannot be read"):
        load_rules(tmp_path, private=True)
