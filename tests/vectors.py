"""The Public Suffix List's own test vectors and rules, read from the package that brings them."""

import re
from pathlib import Path

import publicsuffixlist

_PACKAGE = Path(publicsuffixlist.__file__).parent
LIST = _PACKAGE / "public_suffix_list.dat"


def vectors() -> list[tuple[str, str | None]]:
    """Give (host, registrable domain) of every vector; a missing host is an empty text."""
    text = (_PACKAGE / "test_psl.txt").read_text(encoding="utf-8")
    found = re.findall(r"^checkPublicSuffix\((null|'.*'), (null|'.*')\);$", text, re.MULTILINE)
    return [(_text(host) or "", _text(domain)) for host, domain in found]


def _text(literal: str) -> str | None:
    return None if literal == "null" else literal.strip("'")


def list_rules(*, private: bool = True) -> list[str]:
    """Give the rules as written in the list."""
    text = LIST.read_text(encoding="utf-8")
    counted = text if private else text.partition("===BEGIN PRIVATE DOMAINS===")[0]
    lines = (line.strip() for line in counted.splitlines())
    return [line for line in lines if line and not line.startswith("//")]
