"""What a quality rule is: a name, an SQL condition on one link, parameters, a reason."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from gapcalc.words import Profile

Parameter = int | float | str | tuple[str, ...]
Parameters = Mapping[str, Parameter]
Bound = int | float | str

PROFILES: tuple[Profile, ...] = ("all", "balanced", "strict")

FIELDS: Mapping[str, str] = {
    "source_url": "varchar",
    "anchor": "varchar",
    "context_left": "varchar",
    "context_right": "varchar",
    "title": "varchar",
    "kind": "varchar",
    "redirects": "varchar",
    "target_url": "varchar",
    "page_type": "varchar",
    "language": "varchar",
    "nofollow": "boolean",
    "ugc": "boolean",
    "sponsored": "boolean",
    "spam": "boolean",
    "sitewide": "boolean",
    "authority": "double",
    "domain_traffic": "bigint",
    "external_links": "bigint",
}
"""The link columns that a condition may use, with their SQL types."""


def _same(parameters: Parameters) -> dict[str, Bound]:
    return {name: value for name, value in parameters.items() if not isinstance(value, tuple)}


class Rule(NamedTuple):
    """One quality rule.

    `condition` is SQL over the columns of `FIELDS`, true where the link is dropped, NULL where a
    value it needs is unknown; parameters stand in it as ``$name``. `needs` names the columns of
    which a file must have at least one for it. `gathers` names, likewise, the columns from which
    facts about a domain are gathered, which a rule with parameters is judged on as well;
    `also_reads` names further columns that the condition uses where they are there.
    `balanced` and `strict` hold the parameters of those profiles, None where the rule is off; a
    rule also comes on when one of the parameters in `given` is set. `bind` turns parameters into
    the values of the ``$names``.
    """

    id: str
    drops_when: str
    reason: str
    source: str
    needs: tuple[str, ...] = ()
    condition: str | None = None
    gathers: tuple[str, ...] = ()
    also_reads: tuple[str, ...] = ()
    balanced: Parameters | None = None
    strict: Parameters | None = None
    given: tuple[str, ...] = ()
    bind: Callable[[Parameters], dict[str, Bound]] = _same

    @property
    def reads(self) -> tuple[str, ...]:
        """Name every link column that judging by the rule may use."""
        return (*self.needs, *self.gathers, *self.also_reads)

    def parameters(self, profile: Profile) -> Parameters | None:
        """Give the parameters in a profile, None when the rule is off there."""
        match profile:
            case "all":
                return None
            case "balanced":
                return self.balanced
            case "strict":
                return self.strict


class ActiveRule(NamedTuple):
    """A rule in effect, with its parameters and its bit in the mask of failed rules."""

    rule: Rule
    parameters: Parameters
    bit: int

    @property
    def id(self) -> str:
        """The rule's name."""
        return self.rule.id

    def applies_to(self, fields: frozenset[str]) -> bool:
        """Say whether a file with these link columns can be judged by the rule."""
        gathers = self.rule.gathers if self.parameters else ()
        return any(name in fields for name in (*self.rule.needs, *gathers))

    def judges_links(self, fields: frozenset[str]) -> bool:
        """Say whether the rule's condition can be judged on single links of such a file."""
        return self.rule.condition is not None and any(n in fields for n in self.rule.needs)


def any_word(words: tuple[str, ...]) -> str:
    """Give an RE2 pattern, fit for Python too, that finds any of the words as whole words.

    A letter before or after makes it another word; letters of every script count.
    """
    escaped = "|".join(escape(word) for word in sorted(words, key=lambda w: (-len(w), w)))
    return rf"(?i)(^|[^\pL\pN])({escaped})($|[^\pL\pN])"


def escape(word: str) -> str:
    """Write a word as an RE2 pattern that finds just it."""
    return "".join(c if c.isalnum() or c in " _" else f"\\x{{{ord(c):x}}}" for c in word)
