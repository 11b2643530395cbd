"""Rules on the source of the link: its domain, its authority and traffic, its page, its network."""

from gapcalc.rules.base import Aggregate, Bound, Parameters, Rule, escape

AUTHORITY = Rule(
    id="authority",
    drops_when="the source's authority is below min_authority, in the score of the file's vendor",
    reason="scores differ by vendor, so the threshold is read in each file's own scale",
    source="practitioners' habit; off in balanced because weak sites can be the relevant ones",
    needs=("authority",),
    condition="authority < $min_authority",
    strict={"min_authority": 20},
    given=("min_authority",),
)
TRAFFIC = Rule(
    id="traffic",
    drops_when="the source domain's monthly organic traffic is below min_traffic",
    reason="a site that nobody finds in search is often built for links",
    source="practitioners' habit; off in balanced because vendors estimate small traffic badly",
    needs=("domain_traffic",),
    condition="domain_traffic < $min_traffic",
    strict={"min_traffic": 100},
    given=("min_traffic",),
)
OUTBOUND = Rule(
    id="outbound",
    drops_when="the source page has more than max_outbound external links",
    reason="link lists and scraped directories pass next to nothing through each link",
    source="practitioners' habit",
    needs=("external_links",),
    condition="external_links > $max_outbound",
    balanced={"max_outbound": 500},
    strict={"max_outbound": 200},
    given=("max_outbound",),
)


def _language_pattern(parameters: Parameters) -> dict[str, Bound]:
    languages = parameters["language"]
    wanted = "|".join(map(escape, languages)) if isinstance(languages, tuple) else ""
    return {"language_pattern": f"(?i)(^|[ ,])({wanted})($|[ ,_-])"}


LANGUAGE = Rule(
    id="language",
    drops_when="none of the source page's languages is among --language",
    reason="only if asked for: links in other languages can be genuine",
    source="the user's choice",
    needs=("language",),
    condition="not regexp_matches(language, $language_pattern)",
    given=("language",),
    bind=_language_pattern,
)

NETWORK = Rule(
    id="network",
    drops_when="its domain belongs to a group of 5 or more, of median authority below 20, that link to"
    " exactly the same compared pages: 3 or more, or with one anchor or from one /24 address range",
    reason="such groups are often one owner's; it is a pattern and not proof, so balanced only shows it",
    source="practitioners' habit; thresholds are gapcalc's",
    needs=("authority",),
    strict={},
)
"""The groups are found once it is known which pages are compared; see `engine.networks`."""


BLOCKLIST = Rule(
    id="blocklist",
    drops_when="the source domain stands in --block-domains FILE",
    reason="only if given: nobody knows your blocked domains but you",
    source="the user's list",
    aggregate=Aggregate(
        "select unnest($blocked::varchar[]) as domain",
        values=lambda _, known: {"blocked": sorted(known.blocked)},
    ),
    needs_for_aggregate=("source_url", "source_domain"),
    given=("block_domains",),
)
