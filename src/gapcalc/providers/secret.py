"""Keys that can be handed to a provider and shown to nobody."""

import re
from base64 import b64encode
from urllib.parse import quote, quote_plus

MASK = "***"
_ESCAPE = re.compile("%[0-9A-F]{2}")
_written: set[str] = set()
"""Every form in which a secret of this process can stand in a text."""


class Secret:
    """A key: its text is only to be had by asking for it, never by printing it."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text
        escaped = {quote(text, safe=""), quote(text), quote_plus(text)}
        lowered = {_ESCAPE.sub(lambda found: found[0].lower(), form) for form in escaped}
        _written.update({text, repr(text)[1:-1], *escaped, *lowered} - {""})

    def reveal(self) -> str:
        """Give the key itself, for the request it belongs into."""
        return self._text

    def __repr__(self) -> str:
        return f"Secret({MASK})"

    __str__ = __repr__


def basic(login: Secret, password: Secret) -> Secret:
    """Give the two as HTTP Basic wants them: as secret as the password itself."""
    pair = f"{login.reveal()}:{password.reveal()}"
    return Secret(b64encode(pair.encode()).decode())


def redact(text: str) -> str:
    """Mask every secret of this process in a text, however it is written there."""
    for secret in sorted(_written, key=len, reverse=True):
        text = text.replace(secret, MASK)
    return text
