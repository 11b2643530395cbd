"""From link files to counts: reads them, names pages and domains, gathers facts, counts."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field

import duckdb

from gapcalc.engine import names
from gapcalc.engine.connection import connect, plain_errors
from gapcalc.engine.count import NAMES, Counts, add_bit, create_links, create_pages_wanted
from gapcalc.engine.files import describe_files
from gapcalc.engine.links import Reading
from gapcalc.engine.load import Loader
from gapcalc.engine.locate import SMALL, locate_problems
from gapcalc.errors import InputError
from gapcalc.facts import LinkFile, Problem
from gapcalc.readers.detect import Source
from gapcalc.readers.pieces import Piece, cut_pieces
from gapcalc.rules.base import ActiveRule, any_word
from gapcalc.rules.content import blocked_words
from gapcalc.suffixes import SuffixRules
from gapcalc.urls import host_of_page
from gapcalc.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Question:
    """How links are to be judged and counted.

    `bound` gives the page of files without a target column, by input number. `allowed` gives the
    words (keyword, topic) that the anchor rule does not block for a page, `allowed_elsewhere`
    those for all other pages. `blocked` are the source domains of the rule `blocklist`.
    Only `pages` are counted, or every page where that is None.
    """

    rules: tuple[ActiveRule, ...]
    suffixes: SuffixRules
    bound: Mapping[int, str] = field(default_factory=dict)
    allowed: Mapping[str, str] = field(default_factory=dict)
    allowed_elsewhere: str = ""
    blocked: frozenset[str] = frozenset()
    pages: frozenset[str] | None = None
    sensitivity: bool = False
    memory: str | None = None


_LONG = 5


@contextmanager
def open_links(
    sources: Sequence[tuple[int, Source]], question: Question, workspace: Workspace
) -> Iterator[tuple[Counts, list[Problem]]]:
    """Give the counts of all link files, and what in them could not be read.

    Raises TemporarySpaceError or EngineMemoryError when disk or memory do not suffice.
    """
    with plain_errors(workspace, question.memory):
        pieces = [piece for cut in cut_pieces(sources, workspace) for piece in cut]
        paths = [piece.path for piece in pieces]
        with closing(connect(workspace, paths, question.memory)) as connection:
            loader = Loader(connection, question.bound, workspace)
            for reading, alike in _readings(pieces, question):
                loader.load(reading, alike)
            problems = loader.problems
            _name(connection, question)
            files = describe_files(connection, sources, question.rules, question.bound)
            problems += locate_problems(connection, loader.pieces, {p.input for p in problems})
            _refuse_unread(sources, files, problems)
            _gather(connection, question)
            yield (
                Counts(connection, files, question.rules, sensitivity=question.sensitivity),
                sorted(
                    dict.fromkeys(problems),
                    key=lambda problem: (problem.input, problem.line or 0, problem.reason),
                ),
            )


def _readings(pieces: Sequence[Piece], question: Question) -> list[tuple[Reading, list[Piece]]]:
    """Put files of one kind together: same format, same header, same delimiter."""
    kinds: dict[tuple[str, str, tuple[str, ...]], list[Piece]] = defaultdict(list)
    for piece in pieces:
        source = piece.source
        kinds[source.export.id, source.delimiter, source.header].append(piece)
    by_anchor = _sitewide(question.rules) is not None
    thorough = sum(piece.path.stat().st_size for piece in pieces) < SMALL
    readings = []
    for alike in kinds.values():
        source = alike[0].source
        fields = frozenset(source.export.places(source.plain_header))
        rules = tuple(active for active in question.rules if active.applies_to(fields))
        readings.append((Reading(source, rules, by_anchor, thorough), alike))
    return readings


def _refuse_unread(
    sources: Sequence[tuple[int, Source]], files: Sequence[LinkFile], problems: Sequence[Problem]
) -> None:
    """Refuse a file that has rows of which none could be read: it must not pass for an empty list."""
    for (_, source), file in zip(sources, files, strict=True):
        if file.rows == 0 and source.has_rows:
            faults = [p for p in problems if p.input == source.sheet.name]
            first = f" (line {faults[0].line}: {faults[0].reason})" if faults else ""
            raise InputError(
                source.sheet.name,
                f"it has rows below its header, and none can be read{first}",
                "Export it again",
            )


def _sitewide(rules: Sequence[ActiveRule]) -> ActiveRule | None:
    return next((a for a in rules if a.id == "sitewide" and "sitewide_links" in a.parameters), None)


def _name(connection: duckdb.DuckDBPyConnection, question: Question) -> None:
    names.create_pages(connection, "target as url from found where record = 0")
    names.create_hosts(connection, "host from found where record = 0")
    create_pages_wanted(connection, question.pages)
    names.create_domains(connection, NAMES, question.suffixes)
    create_links(connection)


def _gather(connection: duckdb.DuckDBPyConnection, question: Question) -> None:
    """Judge by the rules that look at more than one link, or at more than the link."""
    for active in question.rules:
        if active.id == "anchor":
            _allow_words(connection, active, question)
        elif active.id == "blocklist":
            connection.execute(
                "create temp table blocked as "
                "select unnest($blocked) as domain, null::bigint as page_id",
                {"blocked": sorted(question.blocked)},
            )
            add_bit(connection, "select * from blocked", active.bit)
    sitewide = _sitewide(question.rules)
    if sitewide is not None:
        _gather_sitewide(connection, sitewide)


def _gather_sitewide(connection: duckdb.DuckDBPyConnection, active: ActiveRule) -> None:
    connection.execute(
        """
create temp table sitewide as
select page_id, domain from (
    select page_id, domain, anchor, sum(links) as links
    from link where not lost and not internal group by all
) group by page_id, domain
having sum(links) >= $sitewide_links and max(links) >= $sitewide_share * sum(links)
""",
        {name: active.parameters[name] for name in ("sitewide_links", "sitewide_share")},
    )
    add_bit(connection, "select * from sitewide", active.bit)


def _allow_words(
    connection: duckdb.DuckDBPyConnection, active: ActiveRule, question: Question
) -> None:
    """Take back the anchor rule's verdict where every word it found is allowed for the page."""
    words = blocked_words(active.parameters)
    pages = connection.execute(
        "select distinct id, page from page join link on page_id = id where hit is not null"
    ).fetchall()
    groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, page in pages:
        text = question.allowed.get(page, question.allowed_elsewhere)
        left = _still_blocked(words, text, host_of_page(page))
        if left != words:
            groups[left].append(number)
    for left, numbers in groups.items():
        connection.execute(
            f"update link set mask = mask & ~{active.bit} where hit is not null "
            "and page_id in (select unnest($pages)) and not regexp_matches(hit, $pattern)",
            {"pages": numbers, "pattern": any_word(left) if left else "$^"},
        )


def _still_blocked(words: tuple[str, ...], text: str, host: str) -> tuple[str, ...]:
    """Give the words that stand neither in the text, as words, nor in the host."""
    spoken = "".join(c if c.isalnum() else " " for c in text.casefold())
    padded = f" {' '.join(spoken.split())} "
    parts, joined = host.replace("-", ".").split("."), host.replace("-", "")

    def is_allowed(word: str) -> bool:
        name = word.replace(" ", "")
        # A short word hides in many names (sex in Essex): it must be a whole part of the host.
        return f" {word} " in padded or name in parts or (len(name) >= _LONG and name in joined)

    return tuple(word for word in words if not is_allowed(word))
