"""Explains the quality rules, from their own declarations."""

from collections.abc import Iterator, Mapping

from gapcalc.reports.document import Details, Document, Report, Section, Sentence
from gapcalc.rules import PROFILES, RULES, Rule
from gapcalc.rules.base import Parameter

HOW_RULES_JUDGE = (
    (
        "A link that fails several rules is charged to the first; a domain counts as long as one of "
        "its links passes all."
    ),
    (
        "A rule never drops a link for what is unknown, and does not apply to a file that lacks its "
        "column."
    ),
)


def report() -> Report:
    """Give the rules in every form that output formats are made from."""
    data = {"schema": "gapcalc.rules/1", "rules": [_rule(rule) for rule in RULES]}
    return Report(data, _view)


def _view() -> Document:
    """Describe each rule: when it drops a link, where it is on, why, and how to change it."""
    opening = tuple(map(Sentence, (*HOW_RULES_JUDGE, "The profile `all` uses no rule.")))
    rules = tuple(
        Section(f"{place}. {rule.id}", (Details(tuple(_details(rule))),))
        for place, rule in enumerate(RULES, start=1)
    )
    return Document("Quality rules, in their order", (Section(None, opening), *rules))


def _details(rule: Rule) -> Iterator[str]:
    yield f"drops a link when {rule.drops_when}"
    yield f"why: {rule.reason}"
    yield f"source: {rule.source}"
    yield "; ".join(
        f"{name}: {_state(rule.parameters(name))}" for name in PROFILES if name != "all"
    )
    if rule.given:
        yield f"set with {', '.join(_options(rule))}"


def _options(rule: Rule) -> list[str]:
    return ["--" + name.replace("_", "-") for name in rule.given]


def _state(parameters: Mapping[str, Parameter] | None) -> str:
    if parameters is None:
        return "off"
    shown = ", ".join(f"{name} {_show(value)}" for name, value in parameters.items())
    return f"on ({shown})" if shown else "on"


def _show(value: Parameter) -> str:
    return " ".join(value) if isinstance(value, tuple) else str(value)


def _rule(rule: Rule) -> dict[str, object]:
    return {
        "id": rule.id,
        "drops_when": rule.drops_when,
        "reason": rule.reason,
        "source": rule.source,
        "needs": [*rule.needs_any_of],
        "balanced": rule.balanced,
        "strict": rule.strict,
        "options": _options(rule),
    }
