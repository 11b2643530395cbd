"""Rules on what the link says: its anchor, and the words around it."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from gapcalc import data
from gapcalc.rules.base import Bound, Known, PageException, Parameters, Rule, Value, any_word
from gapcalc.urls import host_of_page

_LONG = 5
"""Words with at least this many letters are found inside names too; sex is in Essex by chance."""


_BETWEEN_WORDS = re.compile(r"[\W_]+")


def _words(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, tuple) else ()


def _blocked_words(parameters: Parameters) -> tuple[str, ...]:
    """Give the words that the rule `anchor` blocks: the packaged ones, then the user's."""
    packaged = tuple(data.load("patterns")["anchor"]["words"])
    return packaged + _words(parameters.get("block_anchor", ()))


def _anchor_pattern(parameters: Parameters) -> dict[str, Bound]:
    return {"anchor_pattern": any_word(_blocked_words(parameters))}


def _allow_words(
    parameters: Parameters, known: Known, pages: Iterable[str]
) -> Sequence[tuple[Mapping[str, Value], Sequence[str]]]:
    """Group the pages that allow some words, by the words that stay blocked."""
    words = _blocked_words(parameters)
    groups: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for page in pages:
        groups[_still_blocked(words, known.words_of(page), host_of_page(page))].append(page)
    groups.pop(words, None)
    return [
        ({"still_blocked": any_word(blocked) if blocked else "$^"}, found)
        for blocked, found in groups.items()
    ]


def _still_blocked(words: tuple[str, ...], text: str, host: str) -> tuple[str, ...]:
    """Give the words that stand neither in the page's text, as whole words, nor in its host."""
    padded = f" {_BETWEEN_WORDS.sub(' ', text.casefold()).strip()} "
    parts, joined = host.replace("-", ".").split("."), host.replace("-", "")
    if not _any_of(words).search(f"{padded}.{joined}"):
        return words

    def is_allowed(word: str) -> bool:
        name = word.replace(" ", "")
        return f" {word} " in padded or name in parts or (len(name) >= _LONG and name in joined)

    return tuple(word for word in words if not is_allowed(word))


@cache
def _any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    """Compile a pattern that rules out most pages in one search."""
    return re.compile("|".join(re.escape(word).replace(r"\ ", " ?") for word in words))


ANCHOR = Rule(
    id="anchor",
    drops_when="the anchor holds a word of the block list (pills, casino, adult, ...) that is not"
    " in the keyword, --topic or the page's own host",
    reason="hacked pages and link farms are known by what they sell",
    source="data/patterns.toml",
    needs=("anchor",),
    condition="regexp_matches(coalesce(anchor, ''), $anchor_pattern)",
    balanced={"list": "packaged"},
    strict={"list": "packaged"},
    given=("block_anchor",),
    bind=_anchor_pattern,
    exception=PageException("anchor", "regexp_matches({column}, $still_blocked)", _allow_words),
)


def _topic_pattern(parameters: Parameters) -> dict[str, Bound]:
    return {"topic_pattern": any_word(_words(parameters["topic"]))}


TOPIC = Rule(
    id="topic",
    drops_when="no word of --topic stands in title, anchor, surrounding text or source URL",
    reason="only if asked for: relevance by words misses synonyms",
    source="the user's choice",
    needs=("title", "anchor", "context_left", "source_url"),
    also_reads=("context_right",),
    condition="not regexp_matches(nullif(concat_ws(' ', title, context_left, anchor,"
    " context_right, source_url), ''), $topic_pattern)",
    given=("topic",),
    bind=_topic_pattern,
)
