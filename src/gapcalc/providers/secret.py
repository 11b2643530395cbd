"""Keys that can be handed to a provider and shown to nobody."""

from base64 import b64encode
from urllib.parse import quote, quote_plus

MASK = "***"
_written: set[str] = set()
"""Every form in which a secret of this process can stand in a text."""


class Secret:
    """A key: its text is only to be had by asking for it, never by printing it."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text
        _written.update({text, quote(text, safe=""), quote_plus(text)} - {""})

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
