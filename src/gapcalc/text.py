"""Writes numbers, names and strangers' text, on screen and in every output."""

import re
from collections.abc import Sequence
from math import floor
from typing import Final

from gapcalc.words import UNNAMED

_HIDDEN: Final = (
    "\x00-\x1f\x7f-\x9f"  # controls of terminals
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200d\u2060-\u2065\u3164\uffa0"  # no width
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f"  # the direction of text
    "\u2028\u2029"  # separators of lines and paragraphs
    "\ufe00-\ufe0f\U000e0100-\U000e01ef"  # variation selectors
    "\ufeff\ufff0-\ufffb\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"  # marks
    "\U000e0000-\U000e00ff"  # tags
    "\ud800-\udfff"  # halves of a surrogate pair
)
_EMOJI: Final = "#*0-9\u00a9\u00ae\u203c-\u3299\U0001f000-\U0001faff"
# The last two selectors choose between text and emoji style, and stand in order behind an emoji.
# Persian, languages of India, and emoji need the two joiners.
_JOINED: Final = "\u0620-\u06ff\u0750-\u077f\u08a0-\u08ff\u0900-\u0dff\ufe0f\U0001f000-\U0001faff"
_HARMFUL = re.compile(f"[{_HIDDEN}](?<![{_EMOJI}][\ufe0e\ufe0f])(?<![{_JOINED}][\u200c\u200d])")
_PLAIN_SPACE = re.compile(r"[\t\n]")
_SHORTEST_HOST = 8
_ONE_BYTE, _TWO_BYTES = 0x100, 0x10000

VENDORS = {
    "ahrefs": "Ahrefs",
    "semrush": "Semrush",
    "moz": "Moz",
    "majestic": "Majestic",
    "google": "Google Search Console",
    "dataforseo": "DataForSEO",
    "se-ranking": "SE Ranking",
    "bing": "Bing Webmaster Tools",
    UNNAMED: "vendor unnamed",
}
"""The vendors by their names in results."""


def vendor_name(vendor: str) -> str:
    """Write a vendor's name in the vendor's own spelling.

    >>> vendor_name("dataforseo"), vendor_name("acme")
    ('DataForSEO', 'Acme')
    """
    return VENDORS.get(vendor.casefold(), vendor.capitalize())


def show(number: float) -> str:
    """Write a count or a median as people do: 1,234 or 24.5, halves rounded up.

    >>> show(1234), show(24.5), show(25.25)
    ('1,234', '24.5', '25.3')
    """
    tenths = floor(round(number * 10, 6) + 0.5)
    return f"{tenths // 10:,}" if tenths % 10 == 0 else f"{tenths / 10:,.1f}"


def count_of(count: int, noun: str) -> str:
    """Write a number of things.

    >>> count_of(1, "page"), count_of(3000, "page")
    ('1 page', '3,000 pages')
    """
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def count_pages(count: int) -> str:
    """Write a number of pages."""
    return count_of(count, "page")


def name_first(names: Sequence[str], most: int = 3, mark: str = ", ") -> str:
    """Write the first names, and count the others.

    >>> name_first(["a", "b"]), name_first(["a", "b", "c", "d"])
    ('a, b', 'a, b, c and 1 more')
    """
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return f"{mark.join(names[:most])}{more}"


def with_bound(bound: str | None, figure: str) -> str:
    """Write a figure with its bound, None where the truth may lie on both sides.

    >>> with_bound("exact", "52"), with_bound("at least", "52"), with_bound(None, "52")
    ('52', 'at least 52', 'about 52')
    """
    return figure if bound == "exact" else f"{bound or 'about'} {figure}"


def bare_url(url: str) -> str:
    """Write a URL without scheme and www., and without a slash at the end of a path.

    >>> bare_url("https://www.example.com/page/"), bare_url("http://example.com/")
    ('example.com/page', 'example.com/')
    """
    bare = url.removeprefix("https://").removeprefix("http://").removeprefix("www.")
    return bare.removesuffix("/") if bare.count("/") > 1 else bare


def safe(text: str) -> str:
    r"""Escape every character that controls a terminal or is invisible.

    >>> safe("\x1b[31mred"), safe("a\u200bb"), safe("\U000e0041")
    ('\\x1b[31mred', 'a\\u200bb', '\\U000e0041')
    """
    return _HARMFUL.sub(lambda match: _escape(ord(match.group())), text)


def _escape(code: int) -> str:
    if code < _ONE_BYTE:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < _TWO_BYTES else f"\\U{code:08x}"


def safe_json(text: str) -> str:
    r"""Escape the characters of `safe` in JSON text, where they can only occur inside strings.

    >>> safe_json('"\u200b\U000e0041"')
    '"\\u200b\\udb40\\udc41"'
    """
    if text.isascii() and "\x7f" not in text:
        return text  # JSON escapes the controls below the space by itself
    return _HARMFUL.sub(lambda match: _escape_json(match.group()), text)


def safe_sql(text: str) -> str:
    r"""Escape the characters of `safe` in an SQL string, as UTF-8 bytes; tabs and line ends stay.

    >>> safe_sql("it's"), safe_sql("a\u200b")
    ("'it''s'", "E'a\\xe2\\x80\\x8b'")
    """
    quoted = "'" + text.replace("'", "''") + "'"
    if not _HARMFUL.search(_PLAIN_SPACE.sub("", quoted)):
        return quoted

    def escaped(match: re.Match[str]) -> str:
        return "".join(f"\\x{byte:02x}" for byte in match[0].encode("utf-8", "surrogatepass"))

    return "E" + _HARMFUL.sub(escaped, quoted.replace("\\", "\\\\"))


def _escape_json(character: str) -> str:
    if character == "\n":
        return character
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i : i + 2].hex()}" for i in range(0, len(units), 2))


def cut_url(url: str, width: int) -> str:
    """Cut a long URL after the beginning of its host, so that its last part can be read.

    >>> cut_url("example.com/a/very/long/path", 16)
    'example.co…/path'
    """
    slash = url.rfind("/")
    last = url[slash:]
    room = width - 1 - len(last)
    if len(url) <= width or slash < 0 or room < _SHORTEST_HOST:
        return cut_middle(url, width)
    return f"{url[:room]}…{last}"


def cut_middle(text: str, width: int) -> str:
    """Cut a long text in the middle, the least telling part of a URL.

    >>> cut_middle("example.com/a/very/long/path", 16)
    'example.…ng/path'
    """
    if len(text) <= width:
        return text
    if width <= 1:
        return "…"[:width]
    head = width // 2
    tail = width - 1 - head
    return text[:head] + "…" + (text[-tail:] if tail else "")
