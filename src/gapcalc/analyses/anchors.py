"""Of which class is an anchor: naked URL, brand, exact, partial, generic, or other?"""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Literal, NamedTuple, get_args

from gapcalc import data
from gapcalc.suffixes import SuffixRules
from gapcalc.urls import host_of

AnchorClass = Literal["empty-image", "naked-url", "brand", "exact", "partial", "generic", "other"]
CLASSES: tuple[AnchorClass, ...] = get_args(AnchorClass)
"""The classes in their order: a text is of the first that fits."""
_WORD = re.compile(r"[^\W_]+")
_ADDRESS = re.compile(r"(?:[a-z]*://|www\.)\S", re.IGNORECASE)
_BARE_ADDRESS = re.compile(r"[^\s@]+\.[^\s@]+")
_LONG_NAME = 5
"""Letters from which on a name is looked for within words too: hp stands in php by chance."""
_LONG_KEYWORD = 4
"""Words from which on a partial anchor may lack one."""


class AnchorReader(NamedTuple):
    """What the anchors of one list are read by: its site, its names, the keyword's words."""

    domain: str
    names: tuple[tuple[str, ...], ...]
    keyword: tuple[str, ...]
    suffixes: SuffixRules

    def classify(self, text: str) -> AnchorClass:
        """Give the class of an anchor; without a keyword none is exact or partial."""
        text = text.strip()
        if not text:
            return "empty-image"
        if self._is_address(text):
            return "naked-url"
        words = words_of(text)
        if any(_has_name(words, name) for name in self.names):
            return "brand"
        if self.keyword and words == self.keyword:
            return "exact"
        if self.keyword and _has_most(words, self.keyword):
            return "partial"
        return "generic" if words in _generic() else "other"

    def _is_address(self, text: str) -> bool:
        if _ADDRESS.match(text):
            return True
        host = host_of(text) if _BARE_ADDRESS.fullmatch(text) else None
        known = host and host.rpartition(".")[2] in self.suffixes.rules
        return bool(host and (known or self.suffixes.domain(host) == self.domain))

    def count_domains(self, texts: Sequence[tuple[str, str]]) -> Mapping[AnchorClass, int]:
        """Count the domains that have an anchor of a class, from domains and their distinct texts.

        A domain counts in each class that it has an anchor of.
        """
        known = {text: self.classify(text) for text in {text for _, text in texts}}
        counts = Counter(name for _, name in {(domain, known[text]) for domain, text in texts})
        return {name: counts[name] for name in CLASSES}


def read_anchors(
    domain: str, suffixes: SuffixRules, *, keyword: str | None, brands: Sequence[str] = ()
) -> AnchorReader:
    """Make the reader for links to a site; its name and `brands` are what it is called."""
    names = (site_name(domain), *brands)
    known = tuple(dict.fromkeys(words for name in names if name and (words := words_of(name))))
    return AnchorReader(domain, known, words_of(keyword or ""), suffixes)


def site_name(domain: str) -> str | None:
    """Give a registrable domain without its suffix, None for an address of numbers.

    >>> site_name("deskwise.co.uk"), site_name("192.0.2.1")
    ('deskwise', None)
    """
    label = domain.partition(".")[0]
    if label.startswith("xn--"):
        return label.removeprefix("xn--").encode().decode("punycode", "replace")
    return None if label.startswith("[") or label.isdigit() else label


def words_of(text: str) -> tuple[str, ...]:
    """Take a text apart into its words, without regard to case and punctuation.

    >>> words_of("Best Standing-Desk!")
    ('best', 'standing', 'desk')
    """
    return tuple(_WORD.findall(unicodedata.normalize("NFKC", text).casefold()))


def _has_name(words: tuple[str, ...], name: tuple[str, ...]) -> bool:
    joined = "".join(name)
    if len(joined) >= _LONG_NAME:
        return joined in "".join(words)
    size = len(name)
    return any(words[start : start + size] == name for start in range(len(words) - size + 1))


def _has_most(words: tuple[str, ...], keyword: tuple[str, ...]) -> bool:
    missing = len(set(keyword) - set(words))
    return missing == 0 or (missing == 1 and len(set(keyword)) >= _LONG_KEYWORD)


@cache
def _generic() -> frozenset[tuple[str, ...]]:
    return frozenset(map(words_of, data.load("anchors")["generic"]["texts"]))
