"""Where a provider is asked: its own address, or the one the environment names."""

from contextlib import suppress
from ipaddress import ip_address
from urllib.parse import urlsplit

from gapcalc.errors import UsageError
from gapcalc.providers.secret import redact


def check_address(variable: str, address: str) -> str:
    """Check where a provider is said to be; raises UsageError where a key would travel in clear."""
    url = urlsplit(address)
    if url.scheme not in {"http", "https"} or not url.hostname or "@" in url.netloc:
        raise UsageError(
            f"{variable}: {redact(address)!r} is no address; write https://host[:port]"
        )
    if url.scheme == "http" and not is_loopback(address):
        raise UsageError(
            f"{variable}: http:// would send the key unprotected; use https:// "
            "(http:// is for this machine's own 127.0.0.1 alone)"
        )
    return address.rstrip("/")


def is_loopback(address: str) -> bool:
    """Say whether an address is this machine's own."""
    host = urlsplit(address).hostname or ""
    with suppress(ValueError):
        return ip_address(host).is_loopback
    return host == "localhost"
