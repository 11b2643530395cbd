"""Writes numbers as people do, and strangers' text so that it can do no harm."""

import re
from math import floor

# C0 and C1 controls, DEL, line and paragraph separators, marks that turn the direction of text,
# surrogates without a partner, and the byte order mark.
_HARMFUL = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]"
)


def safe(text: str) -> str:
    r"""Show every harmful character as its escape.

    >>> safe("\x1b[31mred")
    '\\x1b[31mred'
    """
    return _HARMFUL.sub(lambda match: _escape(match.group()), text)


def safe_json(text: str) -> str:
    """Escape the harmful characters in JSON text, where they can stand only inside strings."""
    return _HARMFUL.sub(
        lambda match: match.group() if match.group() == "\n" else f"\\u{ord(match.group()):04x}",
        text,
    )


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"  # noqa: PLR2004  (one byte)


def cut_middle(text: str, width: int) -> str:
    """Cut a long text in the middle, where a URL says least.

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


def show(number: float) -> str:
    """Write a count or a median as people do: 1,234 or 24.5, halves rounded up.

    >>> show(1234), show(24.5), show(25.25)
    ('1,234', '24.5', '25.3')
    """
    tenths = floor(round(number * 10, 6) + 0.5)
    return f"{tenths // 10:,}" if tenths % 10 == 0 else f"{tenths / 10:,.1f}"
