"""Which URLs name the same page, which name none, and which host they are on."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gapcalc.urls import (
    host_of,
    host_of_page,
    is_home,
    is_ip,
    normalise_host,
    page_of,
    split_authority,
    split_url,
    strip_www,
)
from made import hosts, paths, urls

LONG_LABEL = "a" * 63


@pytest.mark.parametrize(
    ("url", "page"),
    [
        pytest.param("http://example.com/a", "example.com/a", id="http"),
        pytest.param("https://example.com/a", "example.com/a", id="https"),
        pytest.param("HTTPS://example.com/a", "example.com/a", id="capital scheme"),
        pytest.param("//example.com/a", "example.com/a", id="scheme left open"),
        pytest.param("example.com/a", "example.com/a", id="no scheme"),
        pytest.param(" https://example.com/a \t", "example.com/a", id="outer space"),
        pytest.param("https://www.example.com/a", "example.com/a", id="www"),
        pytest.param("https://WWW.Example.COM/a", "example.com/a", id="capital www"),
        pytest.param("https://www.www.example.com/a", "example.com/a", id="www twice"),
        pytest.param("https://www.com/a", "www.com/a", id="www that is the name"),
        pytest.param("https://www2.example.com/a", "www2.example.com/a", id="www2 is a host"),
        pytest.param("https://blog.example.com/a", "blog.example.com/a", id="subdomain"),
        pytest.param("http://example.com:80/a", "example.com/a", id="default port of http"),
        pytest.param("https://example.com:443/a", "example.com/a", id="default port of https"),
        pytest.param("http://example.com:443/a", "example.com:443/a", id="the other's port"),
        pytest.param("https://example.com:8080/a", "example.com:8080/a", id="another port"),
        pytest.param("example.com:8080/a", "example.com:8080/a", id="port without scheme"),
        pytest.param("https://example.com:/a", "example.com/a", id="port left empty"),
        pytest.param("https://example.com/a#top", "example.com/a", id="fragment"),
        pytest.param("https://example.com#top", "example.com", id="fragment behind the host"),
        pytest.param("https://example.com/a#b?c=d", "example.com/a", id="query in a fragment"),
        pytest.param("https://example.com/#!/a", "example.com", id="hash bang"),
        pytest.param("https://example.com", "example.com", id="home without slash"),
        pytest.param("https://example.com/", "example.com", id="home with slash"),
        pytest.param("https://example.com///", "example.com", id="home with slashes"),
        pytest.param("https://example.com/a/", "example.com/a", id="trailing slash"),
        pytest.param("https://example.com/a///", "example.com/a", id="trailing slashes"),
        pytest.param("https://example.com//a", "example.com//a", id="inner slashes stay"),
        pytest.param("https://example.com/a/?b=c", "example.com/a?b=c", id="slash before query"),
        pytest.param("https://example.com/?b=c", "example.com?b=c", id="query of the home page"),
        pytest.param("https://example.com?b=c", "example.com?b=c", id="query without a path"),
        pytest.param("https://example.com/a?b=c/", "example.com/a?b=c/", id="slash in query stays"),
        pytest.param("https://example.com/A", "example.com/A", id="capitals of a path stay"),
        pytest.param("https://example.com/a.html", "example.com/a.html", id="extension"),
        pytest.param("https://example.com/a/../b", "example.com/a/../b", id="dots stay"),
        pytest.param("https://example.com\\a", "example.com/a", id="backslash behind the host"),
    ],
)
def test_a_page_is_its_host_path_and_query_alone(url: str, page: str) -> None:
    assert page_of(url) == page


@pytest.mark.parametrize(
    ("url", "page"),
    [
        pytest.param("https://e.com/%c3%bc", "e.com/%C3%BC", id="escapes in capitals"),
        pytest.param("https://e.com/%7Ea%2Db%2e%5f", "e.com/~a-b._", id="unreserved decoded"),
        pytest.param("https://e.com/%41%7a%30", "e.com/Az0", id="letters and digits decoded"),
        pytest.param("https://e.com/a%2Fb", "e.com/a%2Fb", id="escaped slash is no slash"),
        pytest.param("https://e.com/a%2fb", "e.com/a%2Fb", id="escaped slash in capitals"),
        pytest.param("https://e.com/a%2F", "e.com/a%2F", id="escaped slash at the end"),
        pytest.param("https://e.com/a%2F/", "e.com/a%2F", id="slash behind an escaped one"),
        pytest.param("https://e.com/a%3Fb", "e.com/a%3Fb", id="escaped question mark"),
        pytest.param("https://e.com/a%20b", "e.com/a%20b", id="escaped space"),
        pytest.param("https://e.com/a b", "e.com/a%20b", id="raw space"),
        pytest.param("https://e.com/%20", "e.com/%20", id="space as a path"),
        pytest.param("https://e.com/a\tb\nc", "e.com/a%09b%0Ac", id="raw control characters"),
        pytest.param("https://e.com/ü", "e.com/%C3%BC", id="raw letter"),
        pytest.param("https://e.com/食", "e.com/%E9%A3%9F", id="raw ideograph"),
        pytest.param("https://e.com/\N{CHAIR}", "e.com/%F0%9F%AA%91", id="raw emoji"),
        pytest.param("https://e.com/<a>", "e.com/%3Ca%3E", id="raw angle brackets"),
        pytest.param('https://e.com/"a"', "e.com/%22a%22", id="raw quotes"),
        pytest.param("https://e.com/[a]", "e.com/%5Ba%5D", id="raw square brackets"),
        pytest.param("https://e.com/{a}|^`", "e.com/%7Ba%7D%7C%5E%60", id="raw braces and others"),
        pytest.param("https://e.com/a\\b", "e.com/a%5Cb", id="raw backslash in a path"),
        pytest.param("https://e.com/100%", "e.com/100%25", id="per cent sign alone"),
        pytest.param("https://e.com/%zz", "e.com/%25zz", id="escape that is none"),
        pytest.param("https://e.com/%%34%31", "e.com/%2541", id="escape made by decoding"),
        pytest.param(
            "https://e.com/!$&'()*+,;=:@", "e.com/!$&'()*+,;=:@", id="reserved characters stay"
        ),
        pytest.param("https://e.com/%21%2B", "e.com/%21%2B", id="reserved escapes stay"),
        pytest.param("https://e.com/?a=%2f%7e", "e.com?a=%2F~", id="escapes in a query"),
        pytest.param("https://e.com/?a=b c", "e.com?a=b%20c", id="raw space in a query"),
        pytest.param("https://e.com/?a=b+c", "e.com?a=b+c", id="plus stays"),
        pytest.param("https://e.com/?a=b?c/d", "e.com?a=b?c/d", id="question mark in a query"),
        pytest.param("https://e.com/?ü=é", "e.com?%C3%BC=%C3%A9", id="raw letters in a query"),
    ],
)
def test_escapes_are_normalised_as_rfc_3986_says(url: str, page: str) -> None:
    assert page_of(url) == page


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        pytest.param("", "", id="empty"),
        pytest.param("utm_source=a", "", id="utm_source"),
        pytest.param("utm_anything=a&UTM_ID=2", "", id="any utm, in capitals too"),
        pytest.param("%75tm_source=a", "", id="escaped utm"),
        pytest.param("utm=a", "utm=a", id="utm alone is none"),
        pytest.param("gclid=1", "", id="gclid"),
        pytest.param("fbclid=1", "", id="fbclid"),
        pytest.param("msclkid=1", "", id="msclkid"),
        pytest.param("srsltid=1", "", id="srsltid"),
        pytest.param("mc_cid=1&mc_eid=2", "", id="mc_cid and mc_eid"),
        pytest.param("GCLID=1", "", id="capital gclid"),
        pytest.param("gclid", "", id="bare gclid"),
        pytest.param("gclidx=1", "gclidx=1", id="a longer name stays"),
        pytest.param("b=2&gclid=1&a=1", "a=1&b=2", id="tracking between others"),
        pytest.param("b=2&a=1", "a=1&b=2", id="sorted by name"),
        pytest.param("a=2&a=1", "a=1&a=2", id="sorted by value"),
        pytest.param("a=10&a=9", "a=10&a=9", id="values as text"),
        pytest.param("b=1&B=1", "B=1&b=1", id="names keep their case"),
        pytest.param("a", "a=", id="bare name"),
        pytest.param("a=", "a=", id="empty value"),
        pytest.param("a&b=1&a=1", "a=&a=1&b=1", id="bare name among others"),
        pytest.param("=1", "=1", id="no name"),
        pytest.param("a=1&&b=2&", "a=1&b=2", id="empty parts"),
        pytest.param("a=b=c", "a=b=c", id="two equals signs"),
        pytest.param("a=1;b=2", "a=1;b=2", id="semicolon separates nothing"),
        pytest.param("a=1&a=1", "a=1&a=1", id="repeated parameter"),
    ],
)
def test_a_query_is_sorted_and_freed_of_tracking(query: str, kept: str) -> None:
    assert page_of(f"https://example.com/p?{query}") == "example.com/p" + (kept and f"?{kept}")


@pytest.mark.parametrize(
    ("url", "page"),
    [
        pytest.param("http://MÜNCHEN.example/", "xn--mnchen-3ya.example", id="Unicode host"),
        pytest.param("http://xn--mnchen-3ya.example/", "xn--mnchen-3ya.example", id="punycode"),
        pytest.param("http://XN--MNCHEN-3YA.example", "xn--mnchen-3ya.example", id="in capitals"),
        pytest.param("http://faß.de", "xn--fa-hia.de", id="sharp s of IDNA 2008"),
        pytest.param("http://食狮。公司。cn/a", "xn--85x722f.xn--55qx5d.cn/a", id="wide stops"),
        pytest.param(
            "http://\N{FULLWIDTH LATIN SMALL LETTER A}.com", "a.com", id="full-width letter"
        ),
        pytest.param("http://\N{SNOWMAN}.net/", "xn--n3h.net", id="emoji host"),
        pytest.param("http://203.0.113.24/a", "203.0.113.24/a", id="IPv4"),
        pytest.param("http://203.0.113.24:8080/a", "203.0.113.24:8080/a", id="IPv4 with port"),
        pytest.param("http://203.0.113.24./a", "203.0.113.24/a", id="IPv4 with a dot"),
        pytest.param("http://[2001:DB8:0:0::1]/a", "[2001:db8::1]/a", id="IPv6"),
        pytest.param("http://[2001:db8::1]:80/a", "[2001:db8::1]/a", id="IPv6, default port"),
        pytest.param("https://[2001:db8::1]:8443", "[2001:db8::1]:8443", id="IPv6, other port"),
        pytest.param("https://user:pass@example.com/a", "example.com/a", id="credentials"),
        pytest.param("user:pass@example.com/a", "example.com/a", id="credentials, no scheme"),
        pytest.param("https://user@example.com:8080", "example.com:8080", id="user and port"),
        pytest.param("https://a@b@example.com", "example.com", id="two at signs"),
        pytest.param("https://my_blog.example.com/", "my_blog.example.com", id="underscore"),
        pytest.param("https://example.com./a", "example.com/a", id="trailing dot"),
        pytest.param("https://-a.example.com", "-a.example.com", id="leading hyphen"),
        pytest.param(f"https://{LONG_LABEL}.com", f"{LONG_LABEL}.com", id="longest label"),
    ],
)
def test_a_host_has_one_spelling(url: str, page: str) -> None:
    assert page_of(url) == page


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("   ", id="spaces"),
        pytest.param("#top", id="fragment"),
        pytest.param("/a/b", id="path"),
        pytest.param("?a=b", id="query"),
        pytest.param("mailto:me@example.com", id="mailto"),
        pytest.param("xmpp:me@example.com/home", id="chat"),
        pytest.param("javascript:void(0)", id="javascript"),
        pytest.param("tel:+491234", id="tel"),
        pytest.param("ftp://example.com/a", id="ftp"),
        pytest.param("data:text/html,a", id="data"),
        pytest.param("android-app://com.example/http/example.com", id="app"),
        pytest.param("http://", id="scheme alone"),
        pytest.param("http:///a", id="no host"),
        pytest.param("http:/example.com", id="one slash"),
        pytest.param("http://localhost/a", id="host without a dot"),
        pytest.param("example", id="word"),
        pytest.param("not a url", id="words"),
        pytest.param("http://exa mple.com/", id="space in the host"),
        pytest.param("http://a..com", id="empty label"),
        pytest.param("http://.a.com", id="leading dot"),
        pytest.param("http://a.com..", id="two trailing dots"),
        pytest.param("http://a,b.com", id="comma in the host"),
        pytest.param("http://a.com:port/", id="port that is none"),
        pytest.param("http://256.1.1.1/", id="IPv4 out of range"),
        pytest.param("http://1.2.3/", id="three numbers"),
        pytest.param("http://1.2.3.4.5/", id="five numbers"),
        pytest.param("http://[::g]/", id="IPv6 that is none"),
        pytest.param("http://[1:2]/", id="IPv6 too short"),
        pytest.param(f"http://{LONG_LABEL}a.com", id="label too long"),
        pytest.param("http://" + "a." * 130 + "com", id="host too long"),
        pytest.param(f"http://{'食' * 200_000}.com", id="endless label that would be encoded"),
        pytest.param("=1+1", id="formula"),
    ],
)
def test_what_is_no_web_address_names_neither_page_nor_host(text: str) -> None:
    assert page_of(text) is None
    assert host_of(text) is None


@pytest.mark.parametrize(
    ("url", "host"),
    [
        pytest.param("https://www.Example.com:8080/a?b", "www.example.com", id="www stays"),
        pytest.param("example.com", "example.com", id="bare"),
        pytest.param("example.com/a:b", "example.com", id="colon in a path"),
        pytest.param("//cdn.example.com/x", "cdn.example.com", id="scheme left open"),
        pytest.param("http://example.com?a=http://b.com", "example.com", id="URL in a query"),
        pytest.param("http://example.com#a/b", "example.com", id="fragment behind the host"),
        pytest.param("http://example.com\\a", "example.com", id="backslash"),
        pytest.param("https://user:pass@example.com/a", "example.com", id="credentials"),
        pytest.param("http://example.com.", "example.com", id="trailing dot"),
        pytest.param("http://sub_domain.example.com", "sub_domain.example.com", id="underscore"),
        pytest.param("http://203.0.113.24:81/", "203.0.113.24", id="IPv4"),
        pytest.param("http://[2001:db8::1]:81/", "[2001:db8::1]", id="IPv6"),
        pytest.param("http://한국.kr/", "xn--3e0b707e.kr", id="Unicode"),
    ],
)
def test_a_url_stands_on_its_host(url: str, host: str) -> None:
    assert host_of(url) == host


@pytest.mark.slow
@given(urls)
@settings(derandomize=True, max_examples=500)
@example("http://a.com/%%34%31")
@example("http://a.com/?%3D=1&=2")
@example("http://www.www.com/")
def test_the_page_of_a_page_is_the_page(url: str) -> None:
    page = page_of(url)
    assert page is not None
    assert page_of(page) == page


@pytest.mark.slow
@given(st.text(max_size=40))
@settings(derandomize=True, max_examples=500)
def test_any_text_names_one_page_or_none(text: str) -> None:
    page = page_of(text)
    assert (page is None) == (host_of(text) is None)
    assert page is None or page_of(page) == page


@pytest.mark.slow
@given(hosts, paths)
@settings(derandomize=True, max_examples=300)
def test_scheme_www_slashes_fragment_and_tracking_tell_no_pages_apart(host: str, path: str) -> None:
    plain = f"http://{host}/{path}"
    page = page_of(plain)
    assert page_of(f"https://{host}/{path}") == page
    assert page_of(f"{plain}//#top") == page
    assert page_of(f"{plain}?utm_source=a&fbclid=b") == page
    assert host.startswith("[") or host[:1].isdigit() or page_of(f"//www.{host}/{path}") == page


@pytest.mark.slow
@given(urls)
@settings(derandomize=True, max_examples=300)
def test_the_host_of_a_page_is_the_host_of_its_url_without_www(url: str) -> None:
    page, host = page_of(url), host_of(url)
    assert page is not None
    assert host is not None
    assert host_of_page(page) == strip_www(host)


@pytest.mark.parametrize(
    ("page", "home"),
    [
        pytest.param("example.com", True, id="host"),
        pytest.param("example.com:8080", True, id="host and port"),
        pytest.param("example.com/a", False, id="path"),
        pytest.param("example.com?a=", False, id="query"),
    ],
)
def test_a_home_page_is_a_host_alone(page: str, *, home: bool) -> None:
    assert is_home(page) is home


@pytest.mark.parametrize(
    ("host", "ip"),
    [
        pytest.param("203.0.113.24", True, id="IPv4"),
        pytest.param("[2001:db8::1]", True, id="IPv6"),
        pytest.param("example.com", False, id="name"),
        pytest.param("4.example.com", False, id="name with a number"),
        pytest.param("1.2.3.4.example", False, id="name that begins with an address"),
    ],
)
def test_addresses_are_told_from_names(host: str, *, ip: bool) -> None:
    assert is_ip(host) is ip


@pytest.mark.parametrize(
    ("authority", "parts"),
    [
        pytest.param("example.com", ("example.com", ""), id="host"),
        pytest.param("example.com:80", ("example.com", "80"), id="port"),
        pytest.param("example.com:", ("example.com", ""), id="empty port"),
        pytest.param("u:p@example.com:80", ("example.com", "80"), id="credentials"),
        pytest.param("u:80@example.com", ("example.com", ""), id="password of digits"),
        pytest.param("[::1]", ("[::1]", ""), id="IPv6"),
        pytest.param("[::1]:80", ("[::1]", "80"), id="IPv6 and port"),
        pytest.param("::1", ("::1", ""), id="IPv6 without brackets"),
        pytest.param("example.com:x", ("example.com:x", ""), id="no port"),
    ],
)
def test_an_authority_is_cut_into_host_and_port(authority: str, parts: tuple[str, str]) -> None:
    assert split_authority(authority) == parts


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        pytest.param("https://a.com/b?c#d", ("https", "a.com", "/b?c"), id="whole"),
        pytest.param("HTTP://a.com", ("http", "a.com", ""), id="host alone"),
        pytest.param("a.com/b", ("", "a.com", "/b"), id="no scheme"),
        pytest.param("//a.com/b", ("", "a.com", "/b"), id="scheme left open"),
        pytest.param("a.com:80/b", ("", "a.com:80", "/b"), id="port without scheme"),
        pytest.param("a.com?b", ("", "a.com", "?b"), id="query"),
        pytest.param("http://a.com\\b", ("http", "a.com", "/b"), id="backslash"),
        pytest.param("mailto:a@b.com", None, id="no web URL"),
    ],
)
def test_a_url_is_cut_into_scheme_authority_and_rest(
    url: str, parts: tuple[str, str, str] | None
) -> None:
    assert split_url(url) == parts


def test_a_host_normalised_twice_is_the_host_normalised_once() -> None:
    for text in ("Example.COM.", "MÜNCHEN.de", "[2001:DB8::1]", "食狮.公司.cn", "203.0.113.24"):
        host = normalise_host(text)
        assert host is not None
        assert normalise_host(host) == host
