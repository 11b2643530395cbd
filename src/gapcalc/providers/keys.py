"""Loads keys, and keeps them out of everything that is shown or stored."""

import json
import os
import re
import stat
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache
from html import escape
from pathlib import Path
from unicodedata import normalize
from urllib.parse import quote, quote_plus

from platformdirs import user_config_path

from gapcalc.data import read
from gapcalc.errors import MissingKeyError, UsageError

MASK = "***"
_SHORTEST_IN_BODY = 8
"""Shorter secrets are not masked in kept answers: they occur in ordinary words."""
_forms: set[str] = set()
"""Every spelling of a secret of this process that a text may hold."""


class Secret:
    """A key: printing it shows no text; only `reveal` gives the text."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text
        if text:
            _forms.update(_written(text))
            _patterns.cache_clear()

    def reveal(self) -> str:
        """Give the key itself, for use in a request."""
        return self._text

    def __repr__(self) -> str:
        return f"Secret({MASK})"

    __str__ = __repr__


def _written(text: str) -> Iterator[str]:
    """Give the spellings of a text in error pages and logs; case does not matter."""
    for form in {text, normalize("NFC", text), normalize("NFD", text)}:
        escaped = {quote(form, safe=""), quote(form), quote_plus(form)}
        with suppress(UnicodeEncodeError):
            escaped |= {quote(form, safe="", encoding="latin-1")}
        yield from {form, repr(form)[1:-1], *escaped, *map(quote, escaped)}
        yield from {
            escape(form),
            escape(form, quote=False),
            escape(form).replace("&#x27;", "&#39;"),
        }
        for plain in (json.dumps(form)[1:-1], json.dumps(form, ensure_ascii=False)[1:-1]):
            yield from {plain, plain.replace("/", "\\/")}
        data = form.encode("utf-8", "surrogatepass")
        yield data.hex()
        # Without the padding, so that both forms are found.
        yield from {
            b64encode(data).decode().rstrip("="),
            urlsafe_b64encode(data).decode().rstrip("="),
        }


def basic(login: Secret, password: Secret) -> Secret:
    """Encode login and password for HTTP Basic; the result is as secret as the password."""
    pair = f"{login.reveal()}:{password.reveal()}"
    Secret(pair)
    return Secret(b64encode(pair.encode()).decode())


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[bytes]]:
    """Give patterns for every spelling in a text, and for longer ones in an answer's bytes."""
    forms = sorted(filter(None, _forms), key=len, reverse=True) or ["(?!)"]
    joined = "|".join(map(re.escape, forms)) if _forms else "(?!)"
    long = [re.escape(f.encode("utf-8", "replace")) for f in forms if len(f) >= _SHORTEST_IN_BODY]
    return re.compile(joined, re.IGNORECASE), re.compile(b"|".join(long) or b"(?!)", re.IGNORECASE)


def redact(text: str) -> str:
    """Mask every secret of this process in a text, in whatever spelling."""
    return _patterns()[0].sub(MASK, text)


def redact_body(body: bytes) -> bytes:
    """Mask the secrets in an answer that quotes the request it answers."""
    return _patterns()[1].sub(MASK.encode(), body)


ALIASES = {"DATAFORSEO_LOGIN": ("DATAFORSEO_USERNAME",)}
NAMES = (
    "AHREFS_API_KEY",
    "SEMRUSH_API_KEY",
    "SEMRUSH_V4_KEY",
    "DATAFORSEO_LOGIN",
    "DATAFORSEO_PASSWORD",
)
FILE_VARIABLE = "GAPCALC_KEYS"


class Keys:
    """The keys at hand, by the name of the variable that may hold them."""

    def __init__(self, keys: Mapping[str, Secret], file: Path) -> None:
        self._keys, self._file = keys, file

    @property
    def names(self) -> frozenset[str]:
        """Name the keys that are at hand."""
        return frozenset(self._keys)

    def get(self, name: str) -> Secret:
        """Give a key; raises MissingKeyError, and UsageError for one that cannot be sent."""
        if name not in self._keys:
            raise MissingKeyError(name, str(self._file))
        key = self._keys[name]
        if not _can_be_sent(name, key.reveal()):
            raise UsageError(f"{name} holds characters that no key has; copy the key again")
        return key


def load_keys(environment: Mapping[str, str]) -> Keys:
    """Load the keys; the environment beats the file; a blank key counts as missing.

    Raises UsageError for a file that others can read, or that is not a table of keys.
    """
    file = key_file(environment)
    found = {**_from_file(file, named=FILE_VARIABLE in environment), **_present(environment)}
    return Keys({name: Secret(text) for name, text in found.items()}, file)


def key_file(environment: Mapping[str, str]) -> Path:
    """Give the path of the key file."""
    named = environment.get(FILE_VARIABLE)
    if named:
        return Path(named)
    return user_config_path("gapcalc", appauthor=False) / "keys.toml"


def _present(texts: Mapping[str, str]) -> dict[str, str]:
    found = {}
    for name in NAMES:
        given = (texts.get(alias, "").strip() for alias in (name, *ALIASES.get(name, ())))
        text = next(filter(None, given), None)
        if text:
            found[name] = text
    return found


def _can_be_sent(name: str, text: str) -> bool:
    """Say whether a header can carry a key; logins and passwords are encoded first."""
    return not name.endswith("_KEY") or (text.isascii() and text.isprintable() and " " not in text)


def _from_file(file: Path, *, named: bool) -> dict[str, str]:
    try:
        _check_private(file)
        values = read(file)
    except FileNotFoundError as error:
        if named:
            raise UsageError(f"{FILE_VARIABLE}: there is no file {file}") from error
        return {}
    except OSError as error:
        raise UsageError(f"the key file {file} cannot be read ({error.strerror})") from error
    except ValueError as error:
        # The message does not quote the faulty line, which may hold a key.
        raise UsageError(f'{file} is not valid TOML; write lines as {NAMES[0]} = "..."') from error
    for name, value in values.items():
        if name not in NAMES or not isinstance(value, str):
            known = ", ".join(NAMES)
            raise UsageError(f"{file}: a key file holds texts named {known}, and nothing else")
    return _present(values)


def _check_private(file: Path) -> None:
    """Refuse a file that anybody else could read or have written.

    Windows has no such modes; there the permissions of the user's folder protect the file.
    """
    if os.name == "nt":
        return
    state = file.stat()
    if not stat.S_ISREG(state.st_mode):
        raise UsageError(f"the key file {file} is no file")
    if stat.S_IMODE(state.st_mode) & ~0o600 or state.st_uid != os.getuid():
        mode = stat.S_IMODE(state.st_mode)
        raise UsageError(
            f"the key file {file} must be yours alone (its mode is {mode:04o}): chmod 600 {file}"
        )
