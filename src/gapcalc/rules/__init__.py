"""The quality rules, in order: a link that fails several is charged to the first."""

from collections.abc import Collection, Mapping, Sequence

from gapcalc.errors import UsageError, nearest
from gapcalc.rules import link, source
from gapcalc.rules.base import PROFILES, ActiveRule, Parameter, Parameters, Rule
from gapcalc.words import Profile

RULES: tuple[Rule, ...] = (
    link.SPAM,
    link.SPONSORED,
    link.UGC,
    link.NOFOLLOW,
    link.SITEWIDE,
    link.REDIRECT,
    source.AUTHORITY,
    source.TRAFFIC,
    source.OUTBOUND,
    link.ANCHOR,
    source.LANGUAGE,
    link.TOPIC,
    source.NETWORK,
    source.BLOCKLIST,
)

__all__ = ["PROFILES", "RULES", "ActiveRule", "Rule", "choose"]


def choose(
    profile: Profile,
    parameters: Mapping[str, Parameter],
    *,
    on: Collection[str] = (),
    off: Collection[str] = (),
    rules: Sequence[Rule] = RULES,
) -> tuple[ActiveRule, ...]:
    """Give the rules in effect: those of the profile, changed by the user's options.

    A rule is switched on by its name in `on`, or by one of its parameters. If the profile has it
    off, it then has the parameters of `strict`. `off` beats everything. Raises UsageError for a
    name that is no rule, or a rule switched on that lacks its parameter.
    """
    for name in (*on, *off):
        _check_name(name, rules)
    chosen = []
    for place, rule in enumerate(rules):
        settled = _settle(rule, profile, parameters, named=rule.id in on)
        if settled is not None and rule.id not in off:
            chosen.append(ActiveRule(rule, settled, 1 << place))
    return tuple(chosen)


def _settle(
    rule: Rule, profile: Profile, parameters: Mapping[str, Parameter], *, named: bool
) -> Parameters | None:
    mine = {name: parameters[name] for name in rule.given if name in parameters}
    base = rule.parameters(profile)
    if base is None and not mine and not named:
        return None
    if base is None:
        base = rule.strict if rule.strict is not None else rule.balanced
    if base is None and not mine and rule.given:
        flags = " or ".join("--" + name.replace("_", "-") for name in rule.given)
        raise UsageError(f"the rule {rule.id} needs {flags}")
    usual = {name: rule.strict[name] for name in rule.given if rule.strict and name in rule.strict}
    return {**(base or {}), **(usual if mine else {}), **mine}


def _check_name(name: str, rules: Sequence[Rule]) -> None:
    names = [rule.id for rule in rules]
    if name not in names:
        hint = nearest(name, names, f"the rules are {', '.join(names)}")
        raise UsageError(f"there is no rule named {name}; {hint}")
