"""The rule on source domains that the user names."""

from gapcalc.rules.base import Rule

BLOCKLIST = Rule(
    id="blocklist",
    drops_when="the source domain stands in --block-domains FILE",
    reason="only if given: nobody knows your blocked domains but you",
    source="the user's list",
    gathers=("source_url", "source_domain"),
    given=("block_domains",),
)
