"""From link files to counts: reads them, names pages and domains, gathers facts, counts."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from typing import NamedTuple

import duckdb

from gapcalc.connection import connect, plain_errors
from gapcalc.engine import names
from gapcalc.engine.count import (
    CREATE_TARGETS,
    NAMES,
    Counts,
    create_links,
    create_pages_wanted,
)
from gapcalc.engine.files import describe_files
from gapcalc.engine.gather import CountRequest, changes_links, extra_columns, gather
from gapcalc.engine.links import EXTRAS, Reading
from gapcalc.engine.load import Loader
from gapcalc.engine.locate import SMALL, locate_problems
from gapcalc.errors import InputError
from gapcalc.inputs.detect import Source, vendor_of
from gapcalc.inputs.utf8_parts import Piece, cut_pieces
from gapcalc.rows import LinkFile, Problem
from gapcalc.rules.base import ActiveRule
from gapcalc.words import UNNAMED
from gapcalc.workspace import Workspace


class Loaded(NamedTuple):
    """Link files that were read: where their rows are, what they are, what could not be read.

    `extras` are the extra columns of ``found``.
    """

    connection: duckdb.DuckDBPyConnection
    extras: tuple[str, ...]
    pieces: tuple[Piece, ...]
    files: tuple[LinkFile, ...]
    problems: list[Problem]


@contextmanager
def open_links(
    sources: Sequence[tuple[int, Source]], request: CountRequest, workspace: Workspace
) -> Iterator[tuple[Counts, list[Problem]]]:
    """Give the counts of all link files, and what in them could not be read.

    Raises TemporarySpaceError or EngineMemoryError when disk or memory do not suffice.
    """
    with load_links(sources, request, workspace) as loaded:
        gather(loaded.connection, request, loaded.extras)
        counts = Counts(
            loaded.connection, loaded.files, request.rules, sensitivity=request.sensitivity
        )
        yield counts, loaded.problems


@contextmanager
def load_links(
    sources: Sequence[tuple[int, Source]], request: CountRequest, workspace: Workspace
) -> Iterator[Loaded]:
    """Read all link files into the engine and name their pages and domains; errors as above."""
    with plain_errors(workspace, request.memory):
        pieces = [piece for cut in cut_pieces(sources, workspace) for piece in cut]
        paths = [piece.path for piece in pieces]
        thorough = request.whole or sum(path.stat().st_size for path in paths) < SMALL
        vendors = {number: vendor_of(source) or UNNAMED for number, source in sources}
        extras = _extras(request, vendors, thorough=thorough)
        with closing(
            connect(workspace, paths, request.memory, ordered=request.whole)
        ) as connection:
            loader = Loader(connection, (request.bound, vendors), workspace, extras)
            for reading, alike in _readings(pieces, request.rules, extras, thorough=thorough):
                loader.load(reading, alike)
            problems = loader.problems
            _name(connection, request, extras)
            files = describe_files(connection, sources, request.rules, request.bound, extras)
            problems += locate_problems(connection, loader.pieces, {p.input for p in problems})
            problems = _by_row(sources, problems)
            _refuse_unread(sources, files, problems)
            yield Loaded(
                connection, extras, tuple(loader.pieces.values()), files, _in_order(problems)
            )


def _in_order(problems: Iterable[Problem]) -> list[Problem]:
    return sorted(
        dict.fromkeys(problems),
        key=lambda problem: (problem.input, problem.line or 0, problem.reason),
    )


def _extras(
    request: CountRequest, vendors: Mapping[int, str], *, thorough: bool
) -> tuple[str, ...]:
    """Name the extra columns of ``found`` that this request and these files need."""
    wanted = {
        *extra_columns(request),
        *(("links",) if thorough else ()),
        *(("source",) if len(set(vendors.values())) > 1 else ()),
    }
    return tuple(name for name in EXTRAS if name in wanted)


def _readings(
    pieces: Sequence[Piece],
    active: Sequence[ActiveRule],
    extras: tuple[str, ...],
    *,
    thorough: bool,
) -> list[tuple[Reading, list[Piece]]]:
    """Put files of one kind together: same format, same header, same delimiter."""
    kinds: dict[tuple[str, str, tuple[str, ...]], list[Piece]] = defaultdict(list)
    for piece in pieces:
        source = piece.source
        kinds[source.export.id, source.delimiter, source.header].append(piece)
    readings = []
    for alike in kinds.values():
        source = alike[0].source
        fields = frozenset(source.export.places(source.plain_header))
        rules = tuple(rule for rule in active if rule.applies_to(fields))
        readings.append((Reading(source, rules, extras, thorough), alike))
    return readings


def _by_row(sources: Sequence[tuple[int, Source]], problems: Sequence[Problem]) -> list[Problem]:
    """Give problems of spreadsheets with their rows instead of lines."""
    origins = {source.sheet.name: source.sheet.origin for _, source in sources}
    return [
        problem._replace(line=problem.line and origins[problem.input].row(problem.line))
        for problem in problems
    ]


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


def _name(
    connection: duckdb.DuckDBPyConnection, request: CountRequest, extras: tuple[str, ...]
) -> None:
    connection.execute(CREATE_TARGETS)
    names.create_pages(connection, "url from target_of")
    names.create_hosts(connection, "host from found")
    if "source" in extras:
        names.create_pages(connection, "source as url from found", "source_name")
    create_pages_wanted(connection, request.pages)
    names.create_domains(connection, NAMES, request.suffixes)
    # Of several vendors every count reads the links three times.
    stored = changes_links(request, extras) or "source" in extras
    create_links(connection, extras, stored=stored)
