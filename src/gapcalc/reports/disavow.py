"""A list of domains in Google's disavow format."""

from collections.abc import Iterator
from itertools import groupby
from textwrap import wrap

from gapcalc.results.audit import AuditResult, Disavowable
from gapcalc.rules import RULES
from gapcalc.text import safe

WARNING = (
    "Disavowing is rarely the right move: Google ignores most spam by itself, and a domain that is "
    "disavowed by mistake no longer helps. It is meant for sites that have a manual action for "
    "links, or fear one for links that they had placed. Read every line before you upload the file."
)
_SOURCE = "https://support.google.com/webmasters/answer/2648487"
_WIDTH = 98


def write_disavow(result: AuditResult) -> str:
    """Write the domains of harmful links, grouped by the rule that takes them out."""
    return "".join(f"{line}\n" for line in _lines(result))


def _lines(result: AuditResult) -> Iterator[str]:
    found = result.disavow or ()
    opening = f"Domains that link to {safe(result.target.url)}, by gapcalc, {result.as_of}."
    for text in (opening, WARNING, _SOURCE):
        yield from (f"# {line}" for line in wrap(text, _WIDTH))
    if not found:
        yield "# No domain has only links that a rule on harmful links takes out."
    order = [rule.id for rule in RULES]
    reasons = {rule.id: rule.drops_when for rule in RULES}
    ranked = sorted(found, key=lambda one: (order.index(one.rule), one.domain))
    for rule, group in groupby(ranked, key=_rule):
        domains = list(group)
        reason = f"The rule {rule} drops a link when {reasons[rule]}. It drops every live link of:"
        yield from ("", *(f"# {line}" for line in wrap(reason, _WIDTH)))
        yield f"# Domains: {len(domains):,}. Links: {sum(one.links for one in domains):,}."
        yield from (f"domain:{one.domain}" for one in domains)


def _rule(one: Disavowable) -> str:
    return one.rule
