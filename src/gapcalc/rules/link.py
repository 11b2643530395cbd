"""Rules on the link itself: how it is marked, how it reaches the page, what it says."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from gapcalc import data
from gapcalc.rules.base import (
    Aggregate,
    Bound,
    Known,
    PageException,
    Parameters,
    Rule,
    Value,
    any_word,
)
from gapcalc.urls import host_of_page


def _ugc_pattern(parameters: Parameters) -> dict[str, Bound]:
    kinds = parameters["ugc_patterns"]
    patterns = data.load("patterns")["ugc"]
    wanted = kinds if isinstance(kinds, tuple) else (str(kinds),)
    return {
        # Searching for one word first is several times cheaper than a pattern. It must be a `case`,
        # because the engine evaluates both sides of an `and`.
        "ugc_hint": "comment" if wanted == ("comment",) else "",
        "ugc_pattern": "|".join(pattern for kind in wanted for pattern in patterns[kind]),
        "ugc_types": f"(?i){'|'.join(wanted)}",
    }


SPAM = Rule(
    id="spam",
    drops_when="the vendor flags it as spam",
    reason="a link the vendor's own classifier calls spam earns no position",
    source="Ahrefs, column 'Is spam'",
    needs=("spam",),
    condition="spam",
    balanced={},
    strict={},
)
SPONSORED = Rule(
    id="sponsored",
    drops_when="it is marked rel=sponsored",
    reason="a paid link, declared as such, is not meant to count",
    source="Google Search Central, Qualify your outbound links",
    needs=("sponsored",),
    condition="sponsored",
    balanced={},
    strict={},
)
UGC = Rule(
    id="ugc",
    drops_when="it is marked rel=ugc, or the vendor's type or the URL says comment"
    " (strict: also forum and profile)",
    reason="anyone can place it; business profiles and forums stay in balanced, they can be earned",
    source="Google Search Central, Qualify your outbound links; data/patterns.toml",
    needs=("ugc", "source_url"),
    also_reads=("page_type",),
    condition="ugc or coalesce(regexp_matches(page_type, $ugc_types), false)"
    " or case when contains(source_url, $ugc_hint)"
    " then regexp_matches(source_url, $ugc_pattern) else false end",
    balanced={"ugc_patterns": ("comment",)},
    strict={"ugc_patterns": ("comment", "forum", "profile")},
    given=("ugc_patterns",),
    bind=_ugc_pattern,
)
NOFOLLOW = Rule(
    id="nofollow",
    drops_when="it is marked rel=nofollow",
    reason="off in balanced: the correlation with rankings is the same with and without (0.334"
    " and 0.340); the followed count stands beside it",
    source="docs/method.md, Quality rules",
    needs=("nofollow",),
    condition="nofollow",
    strict={},
)

# Two vendors may show the same links, so each vendor's links are added up and judged on their own.
_MANY_WITH_ONE_ANCHOR = """
select page_id, domain, vendor
from (
    select page_id, domain, vendor, anchor, sum(links) as links
    from live_link
    where anchor is not null
    group by all
)
group by page_id, domain, vendor
having sum(links) >= $sitewide_links and max(links) >= $sitewide_share * sum(links)
"""

SITEWIDE = Rule(
    id="sitewide",
    drops_when="the vendor marks it sitewide (strict: also when the domain sends sitewide_links or"
    " more live links to the page, sitewide_share of them with one anchor)",
    reason="a footer or blogroll link is one decision, not many; balanced trusts only the flag",
    source="Semrush, column 'Sitewide'; thresholds are gapcalc's",
    needs=("sitewide",),
    condition="sitewide",
    aggregate=Aggregate(
        _MANY_WITH_ONE_ANCHOR,
        keys=("page_id", "domain", "vendor"),
        columns=("anchor", "links"),
        when=("sitewide_links", "sitewide_share"),
    ),
    needs_for_aggregate=("anchor",),
    balanced={},
    strict={"sitewide_links": 100, "sitewide_share": 0.9},
    given=("sitewide_links", "sitewide_share"),
)

_TRACKING = r"([?&])(utm_[^=&#]*|gclid|fbclid|msclkid|srsltid|mc_cid|mc_eid)=[^&#]*"


def _page(url: str) -> str:
    """Give the SQL of a URL without the parts that do not change the page."""
    short = f"regexp_replace(split_part({url}, '#', 1), '{_TRACKING}', '\\1', 'g')"
    bare = f"regexp_replace(rtrim({short}, '?&/'), '(?i)^https?://(www[.])?', '')"
    host = f"split_part({bare}, '/', 1)"
    return f"lower({host}) || substr({bare}, length({host}) + 1)"


# A URL may hold a comma, so a chain is cut only before the next scheme.
_HOPS = (
    r"string_split_regex(regexp_replace(trim(redirects), '[,;]?\s*(https?://)', ' \1', 'g'), '\s+')"
)
_ANOTHER_PAGE = f"hop <> '' and {_page('hop')} <> {_page('target_url')}"

REDIRECT = Rule(
    id="redirect",
    drops_when="it reaches the page only through a redirect or canonical",
    reason="it is unclear what a redirect passes on; hops within one page (http to https, with and"
    " without www.) are no redirect",
    source="Ahrefs, columns 'Type' and 'Redirect Chain URLs'",
    needs=("kind",),
    also_reads=("redirects", "target_url"),
    condition="lower(kind) in ('redirect', 'canonical')"
    f" or coalesce(len(list_filter({_HOPS}, lambda hop: {_ANOTHER_PAGE})) > 0, false)",
    strict={},
)

_LONG = 5
"""Words with at least this many letters are found inside names too; sex is in Essex by chance."""
_BETWEEN_WORDS = re.compile(r"[\W_]+")


def _words(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, tuple) else ()


def _blocked_words(parameters: Parameters) -> tuple[str, ...]:
    """Give the words that the rule `anchor` blocks: the packaged ones, then the user's."""
    packaged = tuple(data.load("patterns")["anchor"]["words"])
    return packaged + _words(parameters.get("block_anchor", ()))


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
    bind=lambda parameters: {"anchor_pattern": any_word(_blocked_words(parameters))},
    exception=PageException("anchor", "regexp_matches({column}, $still_blocked)", _allow_words),
)


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
    bind=lambda parameters: {"topic_pattern": any_word(_words(parameters["topic"]))},
)
