"""The rule on source domains that the user names."""

from gapcalc.rules.base import Aggregate, Known, Parameters, Rule, Value


def _blocked(_: Parameters, known: Known) -> dict[str, Value]:
    return {"blocked": sorted(known.blocked)}


BLOCKLIST = Rule(
    id="blocklist",
    drops_when="the source domain stands in --block-domains FILE",
    reason="only if given: nobody knows your blocked domains but you",
    source="the user's list",
    aggregate=Aggregate("select unnest($blocked::varchar[]) as domain", values=_blocked),
    needs_for_aggregate=("source_url", "source_domain"),
    given=("block_domains",),
)
