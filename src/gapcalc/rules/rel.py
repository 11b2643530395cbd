"""Rules on how vendor or linking page mark the link: spam, sponsored, ugc, nofollow."""

from gapcalc import data
from gapcalc.rules.base import Bound, Parameters, Rule


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
