"""Which page does a URL name, and which host? Pure functions on text."""

import re
from functools import lru_cache

_SCHEME = re.compile(r"^\s*(?:(https?):)?//", re.IGNORECASE)
_END_OF_AUTHORITY = re.compile(r"[/?\\]")
_OTHER_SCHEME = r"(?i)^\s*[a-z][a-z0-9+.-]*:(?!\d)"
_CREDENTIALS = (
    r"(?i)^\s*(?!(?:mailto|sips?|xmpp|im|skype|callto|facetime|acct|news|mid|cid):)"
    r"[^/?#\\:@]+:[^/?#\\@]*@"
)
_LABEL = re.compile(r"[a-z0-9_-]{1,63}\Z")
_IPV4 = re.compile(r"(?:\d{1,3}\.){3}\d{1,3}$")
_IPV6 = re.compile(r"\[[0-9a-f:.]+\]$")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_DEFAULT_PORTS = {"http": "80", "https": "443"}
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_PATH_CHARACTERS = _UNRESERVED | frozenset("!$&'()*+,;=:@/%")
_QUERY_CHARACTERS = _PATH_CHARACTERS | frozenset("?")
_TRACKING = frozenset({"gclid", "fbclid", "msclkid", "srsltid", "mc_cid", "mc_eid"})
_MAX_HOST = 253
_MAX_LABEL = 63
_LONGEST_PORT = 5

PLAIN_HOST = (
    r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*\.[a-z]([a-z0-9-]*[a-z0-9])?"
)
"""RE2 and Python pattern of the hosts that need no further work: lower-case letters, digits, dots."""

PLAIN_URL = rf"https?://{PLAIN_HOST}(/[A-Za-z0-9._~/-]*([?][a-z]{{1,4}}=[A-Za-z0-9._~-]+)?)?"
"""Pattern of the URLs whose page is found by cutting alone; all others go through `page_of`.

No tracking parameter has such a short name (?p=12).
"""


@lru_cache(maxsize=4096)
def normalise_host(host: str) -> str | None:
    """Normalise a host: lower-case, A-labels, no trailing dot; None if it is not a host.

    Port and credentials must be removed before (`split_authority`).

    >>> normalise_host("WWW.München.example.")
    'www.xn--mnchen-3ya.example'
    """
    host = host.strip().lower()
    if "\ufffd" in host:  # it stands for bytes that are no text
        return None
    if _IPV6.match(host):
        return _normalise_ipv6(host)
    host = _to_ascii(host.translate(_FULL_STOPS).removesuffix(".")) or ""
    if not host or len(host) > _MAX_HOST or not all(map(_LABEL.match, host.split("."))):
        return None
    if host.replace(".", "").isdigit():
        return host if _is_ipv4(host) else None
    return host


_FULL_STOPS = str.maketrans("\u3002\uff0e\uff61", "...")
"""The stops that IDNA treats as dots."""
_LARGEST_OCTET = 255


def is_ip(host: str) -> bool:
    """Say whether a normalised host is an IPv4 or bracketed IPv6 address."""
    return host.startswith("[") or bool(_IPV4.match(host))


def _is_ipv4(host: str) -> bool:
    return bool(_IPV4.match(host)) and all(int(part) <= _LARGEST_OCTET for part in host.split("."))


def _normalise_ipv6(host: str) -> str | None:
    from ipaddress import AddressValueError, IPv6Address

    try:
        return f"[{IPv6Address(host[1:-1]).compressed}]"
    except AddressValueError:
        return None


@lru_cache(maxsize=4096)
def _to_ascii(host: str) -> str | None:
    if host.isascii():
        return host
    labels = host.split(".")
    # Checked first, because encoding takes quadratic time.
    if len(host) > _MAX_HOST or any(len(label) > _MAX_LABEL for label in labels):
        return None
    return ".".join(map(_label_to_ascii, labels))


@lru_cache(maxsize=4096)  # hosts of one site share their labels, and each takes long
def _label_to_ascii(label: str) -> str:
    if label.isascii():
        return label
    import idna

    try:
        return idna.encode(label, uts46=True, transitional=False).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        # Emoji and other labels outside IDNA 2008 do resolve in practice, as plain punycode.
        try:
            return "xn--" + label.encode("punycode").decode("ascii")
        except UnicodeError:
            return ""


_WRAPPERS = {'"': '"', "'": "'", "<": ">", "“": "”", "«": "»"}
"""Signs that some write around a URL, and signs that no URL begins with."""


def split_url(url: str) -> tuple[str, str, str] | None:
    """Cut a URL into (scheme, authority, rest); scheme may be ''. None if it is not a web URL.

    The rest keeps path and query, without the fragment.
    """
    if url[:1] in _WRAPPERS and url[-1:] == _WRAPPERS[url[:1]]:
        url = url[1:-1]
    match = _SCHEME.match(url)
    if match is None and re.match(_OTHER_SCHEME, url) and not re.match(_CREDENTIALS, url):
        return None
    scheme = (match.group(1) or "").lower() if match else ""
    rest = url[match.end() :] if match else url.strip()
    rest = rest.partition("#")[0].strip()
    cut = _END_OF_AUTHORITY.search(rest)
    if cut is None:
        return scheme, rest, ""
    tail = rest[cut.start() :]
    return scheme, rest[: cut.start()], "/" + tail[1:] if tail[0] == "\\" else tail


def split_authority(authority: str) -> tuple[str, str]:
    """Cut an authority into (host, port), dropping credentials; port is '' when there is none.

    >>> split_authority("user:secret@example.com:8080")
    ('example.com', '8080')
    """
    authority = authority.rpartition("@")[2]
    host, colon, port = authority.rpartition(":")
    if colon and (not port or port.isdecimal()) and (not host.count(":") or host.endswith("]")):
        return host, port
    return authority, ""


def host_of(url: str) -> str | None:
    """Give the normalised host of a URL with or without a scheme; None if it names no host.

    >>> host_of("https://www.Example.com:8080/a?b")
    'www.example.com'
    """
    parts = split_url(url)
    if parts is None:
        return None
    return _checked_host(split_authority(parts[1])[0])


def _checked_host(host: str) -> str | None:
    normalised = normalise_host(host)
    if normalised is None or ("." not in normalised and not is_ip(normalised)):
        return None
    return normalised


def page_of(url: str) -> str | None:
    """Give the identity of the page a URL names, ``host[:port]/path?query``; None if it names none.

    Scheme, a leading ``www.``, default port, fragment, trailing slashes and tracking parameters are
    ignored; percent-encoding is normalised as RFC 3986 section 6.2.2 says (docs/method.md,
    Normalisation).

    >>> page_of("http://www.Example.com:80/a/?utm_source=x&b=2&a=1#top")
    'example.com/a?a=1&b=2'
    """
    found = page_and_host(url)
    return found and found[0]


def page_and_host(url: str) -> tuple[str, str] | None:
    """Give the identity of a page and its normalised host; None if the URL names none.

    >>> page_and_host("https://www.example.com/a/")
    ('example.com/a', 'www.example.com')
    """
    parts = split_url(url)
    if parts is None:
        return None
    scheme, authority, rest = parts
    host_text, port = split_authority(authority)
    host = _checked_host(host_text)
    if host is None:
        return None
    port = port.lstrip("0") if port.isascii() else "none"
    if len(port) > _LONGEST_PORT:
        return None
    path, _, query = rest.partition("?")
    shown_port = "" if port in {"", _DEFAULT_PORTS.get(scheme)} else f":{port}"
    path = _normalise_escapes(path, _PATH_CHARACTERS).rstrip("/")
    return strip_www(host) + shown_port + path + _clean_query(query), host


def without_tracking(url: str) -> str:
    """Give the URL without fragment and tracking parameters, otherwise unchanged.

    >>> without_tracking("https://a.example/b/?x=1&srsltid=Af&utm_source=y#:~:text=z")
    'https://a.example/b/?x=1'
    """
    address, question, query = url.partition("#")[0].partition("?")
    kept = [part for part in query.split("&") if not _is_tracking(part.partition("=")[0])]
    return f"{address}{question}{'&'.join(kept)}" if any(kept) else address


def strip_www(host: str) -> str:
    """Drop every leading ``www.``, unless the rest would not be a host.

    Dropping every one makes normalisation idempotent.
    """
    while host.startswith("www.") and "." in host[4:] and not host[4:].replace(".", "").isdigit():
        host = host[4:]
    return host


def is_home(page: str) -> bool:
    """Say whether a page identity is a site's home page."""
    return "/" not in page and "?" not in page


def host_of_page(page: str) -> str:
    """Give the host of a page identity (without ``www.``)."""
    return split_authority(page.partition("/")[0].partition("?")[0])[0]


def _clean_query(query: str) -> str:
    pairs = []
    for part in query.split("&"):
        name, _, value = part.partition("=")
        name = _normalise_escapes(name, _QUERY_CHARACTERS)
        if part and not _is_tracking(name):
            pairs.append((name, _normalise_escapes(value, _QUERY_CHARACTERS)))
    return "?" + "&".join(f"{name}={value}" for name, value in sorted(pairs)) if pairs else ""


def _is_tracking(name: str) -> bool:
    name = name.lower()
    return name.startswith("utm_") or name in _TRACKING


def _normalise_escapes(text: str, allowed: frozenset[str]) -> str:
    if "%" not in text and allowed.issuperset(text):
        return text
    return "".join(_encode(part, allowed) for part in re.split(r"(%[0-9A-Fa-f]{2})", text))


def _encode(part: str, allowed: frozenset[str]) -> str:
    if _ESCAPE.fullmatch(part):
        character = chr(int(part[1:], 16))
        return character if character in _UNRESERVED else part.upper()
    return "".join(
        character
        if character in allowed and character != "%"
        else "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "surrogatepass"))
        for character in part
    )
