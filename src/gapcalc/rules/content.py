"""Rules on what the link says: its anchor, and the words around it."""

from gapcalc import data
from gapcalc.rules.base import Bound, Parameters, Rule, any_word


def _words(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, tuple) else ()


def blocked_words(parameters: Parameters) -> tuple[str, ...]:
    """Give the words that the rule `anchor` blocks: the packaged ones, then the user's."""
    packaged = tuple(data.load("patterns")["anchor"]["words"])
    return packaged + _words(parameters.get("block_anchor", ()))


def _anchor_pattern(parameters: Parameters) -> dict[str, Bound]:
    return {"anchor_pattern": any_word(blocked_words(parameters))}


ANCHOR = Rule(
    id="anchor",
    drops_when="the anchor holds a word of the block list (pills, casino, adult, ...) that is not"
    " in the keyword, --topic or the page's own host",
    reason="hacked pages and link farms give themselves away by what they sell",
    source="data/patterns.toml",
    needs=("anchor",),
    condition="regexp_matches(coalesce(anchor, ''), $anchor_pattern)",
    balanced={"list": "packaged"},
    strict={"list": "packaged"},
    given=("block_anchor",),
    bind=_anchor_pattern,
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
