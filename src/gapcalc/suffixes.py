"""Which registrable domain does a host belong to? The Public Suffix List, as plain rules."""

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from gapcalc.data import read_whole
from gapcalc.errors import UsageError, unreadable
from gapcalc.urls import is_ip

MAX_LABELS = 9
"""The longest rule has 7 labels; nothing before the last nine can matter."""

_RULE = re.compile(r"^(?!//)[^\S\n]*(\S+)", re.MULTILINE)
"""A rule ends at the first space; lines that begin with slashes are comments."""
_PRIVATE = "===BEGIN PRIVATE DOMAINS==="


class SuffixRules(NamedTuple):
    """A Public Suffix List: the rules as written there (``co.uk``, ``*.ck``, ``!www.ck``)."""

    written: frozenset[str]
    date: str | None
    section: str

    @property
    def rules(self) -> frozenset[str]:
        """Give the rules in A-labels."""
        return _in_a_labels(self.written)

    def registrable(self, host: str) -> str | None:
        """Give the registrable domain of a normalised host; None if it is itself a suffix.

        The algorithm is publicsuffix.org's: exceptions first, else the longest match, else the
        last label alone is the suffix.
        """
        # Few hosts have A-labels. Converting all rules takes longer than reading the list.
        rules = self.rules if "xn--" in host else self.written
        domain, before, tail, is_found = None, None, host, False
        while tail:
            if "!" + tail in rules:
                return tail
            rest = tail.partition(".")[2]
            if not is_found and (tail in rules or "*." + rest in rules or not rest):
                domain, is_found = before, True
            before, tail = tail, rest
        return domain

    def domain(self, host: str) -> str:
        """Give the domain that a normalised host counts as; IPs and suffixes count as themselves.

        >>> default_rules().domain("www.shop.example.co.uk")
        'example.co.uk'
        """
        return host if is_ip(host) else self.registrable(host) or host


@cache
def default_rules(*, private: bool = True) -> SuffixRules:
    """Read the dated list inside the publicsuffixlist package (its import would cost 18 ms)."""
    return parse_rules(_packaged_list().read_bytes().decode(), private=private)


def list_date() -> str | None:
    """Give the date of the packaged list, without parsing it."""
    with _packaged_list().open(encoding="utf-8") as file:
        return _version_date(file.read(2000))


def _packaged_list() -> Path:
    spec = find_spec("publicsuffixlist")
    if spec is None or spec.origin is None:
        message = "the package publicsuffixlist is missing; install gapcalc again"
        raise UsageError(message)
    return Path(spec.origin).with_name("public_suffix_list.dat")


def load_rules(path: Path, *, private: bool) -> SuffixRules:
    """Read a list from a file in the form of publicsuffix.org.

    Raises UsageError when the file cannot be read or holds no rules.
    """
    try:
        text = read_whole(path).decode("utf-8-sig")
    except OSError as error:
        raise unreadable("--psl", path, error) from error
    except UnicodeError as error:
        raise UsageError(f"--psl {path}: it is not UTF-8 text, so not a suffix list") from error
    rules = parse_rules(text, private=private)
    if "com" not in rules.written:
        message = f"--psl {path}: not a suffix list (the rule 'com' is missing); get one from publicsuffix.org"
        raise UsageError(message)
    return rules


def parse_rules(text: str, *, private: bool) -> SuffixRules:
    """Parse the text of a Public Suffix List, with or without its private section."""
    rules = _RULE.findall(text if private else text.partition(_PRIVATE)[0])
    return SuffixRules(
        written=frozenset(rules),
        date=_version_date(text),
        section="icann+private" if private else "icann",
    )


@cache
def _in_a_labels(rules: frozenset[str]) -> frozenset[str]:
    return frozenset(rule if rule.isascii() else _ascii_rule(rule) for rule in rules)


def _ascii_rule(rule: str) -> str:
    """Write a rule in A-labels; the list is normalised already, so punycode alone does it."""
    return ".".join(
        label if label.isascii() else "xn--" + label.encode("punycode").decode("ascii")
        for label in rule.split(".")
    )


def _version_date(text: str) -> str | None:
    start = text.find("VERSION: ")
    return text[start + 9 : start + 19] if start >= 0 else None
