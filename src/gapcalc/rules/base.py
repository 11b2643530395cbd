"""What a quality rule is: a name, conditions in SQL, parameters, a reason."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from gapcalc.words import Profile

Parameter = int | float | str | tuple[str, ...]
Parameters = Mapping[str, Parameter]
Bound = int | float | str
Value = Bound | Sequence[str] | Sequence[int]

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
    "links": "bigint",
    "page_authority": "double",
    "page_traffic": "bigint",
    "ip": "varchar",
    "first_seen": "date",
    "last_seen": "date",
}
"""The link columns that rules and questions may use, with their SQL types."""


class Known(NamedTuple):
    """Facts that rules may use besides the links.

    `words` gives the text (keyword, topic) that anchors of links to a page may repeat,
    `words_elsewhere` the text for every other page. `blocked` are the domains on the user's list.
    """

    words: Mapping[str, str] = {}
    words_elsewhere: str = ""
    blocked: frozenset[str] = frozenset()

    def words_of(self, page: str) -> str:
        """Give the text that anchors of links to a page may repeat."""
        return self.words.get(page, self.words_elsewhere)


def _same(parameters: Parameters) -> dict[str, Bound]:
    return {name: value for name, value in parameters.items() if not isinstance(value, tuple)}


class Aggregate(NamedTuple):
    """Domains that fail a rule by all their links together, or by being on a list.

    `select` is a query whose columns `keys` tell which links fail. It may read ``live_link``: a row
    per link that counts, with page_id, domain, vendor and `columns`, which are link columns; a text
    is empty where the cell is, and NULL where the file has no such column. `values` gives the
    values of its ``$names``. The aggregate is used if the rule has the parameters that `when`
    names.
    """

    select: str
    keys: tuple[str, ...] = ("domain",)
    columns: tuple[str, ...] = ()
    when: tuple[str, ...] = ()
    values: Callable[[Parameters, Known], Mapping[str, Value]] = lambda given, _: _same(given)


class PageException(NamedTuple):
    """An exception: links that fail a rule's condition but pass because of the page they go to.

    A link passes if `unless`, a condition on `column` of the failed link, is not true. `values`
    puts the pages that have exceptions into groups: the values of the condition's ``$names``, each
    with the pages that they hold for.
    """

    column: str
    unless: str
    values: Callable[
        [Parameters, Known, Iterable[str]], Sequence[tuple[Mapping[str, Value], Sequence[str]]]
    ]


class Rule(NamedTuple):
    """One quality rule.

    `condition` is SQL over the columns of `FIELDS`, true where the link is dropped, NULL where a
    value it needs is unknown; parameters stand in it as ``$name``, and `bind` turns parameters into
    their values. `needs` names columns; a file must have at least one of them for the rule to
    apply. `also_reads` names further columns that the condition uses if the file has them.
    `aggregate` drops domains as a whole; `needs_for_aggregate` names its columns, as `needs` does.
    `exception` lets links to certain pages pass. `balanced` and `strict` hold the parameters of
    those profiles, None where the rule is off; a rule is also switched on by its name, or by
    setting one of the parameters in `given`.
    """

    id: str
    drops_when: str
    reason: str
    source: str
    needs: tuple[str, ...] = ()
    condition: str | None = None
    also_reads: tuple[str, ...] = ()
    bind: Callable[[Parameters], dict[str, Bound]] = _same
    aggregate: Aggregate | None = None
    needs_for_aggregate: tuple[str, ...] = ()
    exception: PageException | None = None
    balanced: Parameters | None = None
    strict: Parameters | None = None
    given: tuple[str, ...] = ()

    @property
    def reads(self) -> tuple[str, ...]:
        """Name every link column that judging by the rule may use."""
        gathered = self.aggregate.columns if self.aggregate else ()
        return (*self.needs, *self.needs_for_aggregate, *self.also_reads, *gathered)

    @property
    def needs_any_of(self) -> tuple[str, ...]:
        """Name the columns of which a file must have at least one for the rule or its aggregate."""
        return (*self.needs, *self.needs_for_aggregate)

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

    @property
    def aggregate(self) -> Aggregate | None:
        """The rule's aggregate, if its parameters ask for it."""
        found = self.rule.aggregate
        return found if found and all(name in self.parameters for name in found.when) else None

    def applies_to(self, fields: frozenset[str]) -> bool:
        """Say whether a file with these link columns can be judged by the rule."""
        more = self.rule.needs_for_aggregate if self.aggregate else ()
        return any(name in fields for name in (*self.rule.needs, *more))

    def judges_links(self, fields: frozenset[str]) -> bool:
        """Say whether the rule's condition can be judged on single links of such a file."""
        return self.rule.condition is not None and any(n in fields for n in self.rule.needs)


def any_word(words: tuple[str, ...]) -> str:
    """Give an RE2 pattern, fit for Python too, that finds any of the words as whole words.

    A word with a letter before or after it does not match; letters of every script count.
    """
    escaped = "|".join(escape(word) for word in sorted(words, key=lambda w: (-len(w), w)))
    return rf"(?i)(^|[^\pL\pN])({escaped})($|[^\pL\pN])"


def escape(word: str) -> str:
    """Write a word as an RE2 pattern that matches exactly this word."""
    return "".join(c if c.isalnum() or c in " _" else f"\\x{{{ord(c):x}}}" for c in word)
