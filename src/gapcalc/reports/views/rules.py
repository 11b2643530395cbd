"""Explains the quality rules, from their own declarations."""

from collections.abc import Mapping

from gapcalc.reports.document import Document, Section
from gapcalc.reports.json import dump
from gapcalc.rules import PROFILES, RULES, Rule
from gapcalc.rules.base import Parameter


def view() -> Document:
    """Say each rule: when it drops a link, where it is on, why, and how it is changed."""
    sections = tuple(
        Section(f"{place}. {rule.id}", tuple(_lines(rule)))
        for place, rule in enumerate(RULES, start=1)
    )
    opening = Section(
        lines=(
            "A link that fails several rules is charged to the first; a domain counts as long as one of",
            "its links passes all. A rule never drops a link for what is unknown, and does not apply",
            "to a file that lacks its column. The profile `all` uses no rule.",
        )
    )
    return Document("Quality rules, in their order", (opening, *sections))


def _lines(rule: Rule) -> list[str]:
    states = [f"{name}: {_state(rule.parameters(name))}" for name in PROFILES if name != "all"]
    lines = [
        f"  drops a link when {rule.drops_when}",
        f"  why: {rule.reason}",
        f"  source: {rule.source}",
        f"  {'; '.join(states)}",
    ]
    if rule.given:
        options = ", ".join("--" + name.replace("_", "-") for name in rule.given)
        lines.append(f"  set with {options}")
    return lines


def _state(parameters: Mapping[str, Parameter] | None) -> str:
    if parameters is None:
        return "off"
    shown = ", ".join(f"{name} {_show(value)}" for name, value in parameters.items())
    return f"on ({shown})" if shown else "on"


def _show(value: Parameter) -> str:
    return " ".join(value) if isinstance(value, tuple) else str(value)


def write() -> str:
    """Write the rules as JSON."""
    return dump(
        {
            "schema": "gapcalc.rules/1",
            "rules": [
                {
                    "id": rule.id,
                    "drops_when": rule.drops_when,
                    "reason": rule.reason,
                    "source": rule.source,
                    "needs": [*rule.needs_any_of],
                    "balanced": rule.balanced,
                    "strict": rule.strict,
                    "options": ["--" + name.replace("_", "-") for name in rule.given],
                }
                for rule in RULES
            ],
        }
    )
