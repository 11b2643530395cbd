"""From link files to the tables of the schema: reads them, names pages and domains, judges."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from typing import NamedTuple

from gapcalc.connection import Engine, connect, plain_errors, plainly_named
from gapcalc.engine import names, schema
from gapcalc.engine.files import (
    describe_files,
    fields_used,
    with_bad_cells,
    with_lacking_rows,
    without_covered,
    without_gone_links,
)
from gapcalc.engine.insert import Loader
from gapcalc.engine.judge import CountRequest, changes_links, columns_to_keep, judge
from gapcalc.engine.kept import (
    SEEN,
    SOURCE,
    VENDOR_CELL,
    KeptColumn,
    seen_field,
    to_tell_links_apart,
)
from gapcalc.engine.problems import SMALL, find_problems
from gapcalc.engine.read import Reading
from gapcalc.errors import InputError
from gapcalc.inputs.source import Source, mixed_vendors, share_a_target, vendor_of
from gapcalc.inputs.utf8 import ReadableFile, make_readable
from gapcalc.rows import LinkFile, Problem
from gapcalc.rules.base import ActiveRule
from gapcalc.words import UNNAMED
from gapcalc.workspace import Workspace


class Loaded(NamedTuple):
    """Link files that were read: the engine with their rows, their descriptions, their problems."""

    engine: Engine
    kept: tuple[KeptColumn, ...]
    readable: tuple[ReadableFile, ...]
    files: tuple[LinkFile, ...]
    problems: list[Problem]


@contextmanager
def load_links(
    sources: Sequence[tuple[int, Source]], request: CountRequest, workspace: Workspace
) -> Iterator[Loaded]:
    """Read all link files into the engine, name their pages and domains, judge their links.

    Raises TemporarySpaceError or EngineMemoryError when disk or memory run out, InputError for a
    file in which nothing can be read.
    """
    with plain_errors(workspace, request.memory):
        readable = [
            file._replace(path=plainly_named(file.path, workspace))
            for file in make_readable(sources, workspace)
        ]
        checks_all = request.whole or sum(map(_size, readable)) < SMALL
        kept = _kept(sources, request, checks_all=checks_all)
        with ExitStack() as opened:
            loader = opened.enter_context(
                _read(readable, request, workspace, kept, checks_all=checks_all)
            )
            more = () if request.whole else to_tell_links_apart(kept)
            # Usually no page has two files of one vendor.
            if more and loader.engine.query("from shared_page limit 1"):
                opened.close()
                kept = (*kept, *more)
                loader = opened.enter_context(
                    _read(readable, request, workspace, kept, checks_all=checks_all)
                )
            engine = loader.engine
            sources = [(number, loader.files[number].source) for number, _ in sources]
            used = fields_used(request.rules, kept)
            covered = {} if request.whole else without_covered(engine, sources, used)
            _join_links(engine, request, kept)
            files = describe_files(engine, sources, request.rules, request.bound, kept)
            files = tuple(file._replace(covered=covered.get(file.input)) for file in files)
            problems = find_problems(engine, list(loader.files.values()), loader.problems)
            problems = _by_row(sources, problems)
            _refuse_unread(sources, files, problems)
            files = tuple(with_bad_cells(sources, files, problems, used))
            found = with_lacking_rows(sources, files, problems)
            files = tuple(found if request.whole else without_gone_links(engine, [*found]))
            yield Loaded(engine, kept, tuple(loader.files.values()), files, _in_order(problems))


@contextmanager
def _read(
    readable: Sequence[ReadableFile],
    request: CountRequest,
    workspace: Workspace,
    kept: tuple[KeptColumn, ...],
    *,
    checks_all: bool,
) -> Iterator["Loader"]:
    """Read files into an engine of their own, and name the pages and domains in them."""
    engine = connect(
        workspace,
        [file.path for file in readable],
        request.memory,
        ordered=request.whole,
        small=sum(_size(f) * (_PACKED if f.is_parquet else 1) for f in readable) < _FEW,
    )
    with closing(engine):
        engine.script = None if request.explain is None else []
        loader = Loader(engine, workspace, request)
        loader.create_tables(kept)
        for reading, alike in _readings(readable, request.rules, kept, checks_all=checks_all):
            loader.load(reading, alike)
        _refuse_mixed_vendors(engine, {f.input: f.source for f in readable}, kept)
        _name(engine, request, kept)
        yield loader


_FEW = 2 * 1024 * 1024
"""Up to this many bytes of CSV, one thread is the quickest."""
_PACKED = 12
"""A list of links takes this many times as many bytes in CSV as in Parquet."""


def _size(file: ReadableFile) -> int:
    return file.path.stat().st_size


def _kept(
    sources: Sequence[tuple[int, Source]], request: CountRequest, *, checks_all: bool
) -> tuple[KeptColumn, ...]:
    """Name the further columns of ``link_row`` that this request and these files need."""
    kept = columns_to_keep(request)
    if checks_all and not any(column.field == "links" for column in kept):
        kept = (*kept, KeptColumn("links", "links"))
    if len({vendor_of(source) or UNNAMED for _, source in sources}) > 1:
        kept = (*kept, KeptColumn(SOURCE, "source_url"))
    if any("vendor" in source.places for _, source in sources):
        kept = (*kept, KeptColumn(VENDOR_CELL, "vendor"))
    if any(seen_field(source) for _, source in sources):
        kept = (*kept, KeptColumn(SEEN, SEEN))
    if not request.whole and share_a_target([source for _, source in sources]):
        kept = (*kept, *to_tell_links_apart(kept))
    return kept


def _readings(
    files: Sequence[ReadableFile],
    active: Sequence[ActiveRule],
    kept: tuple[KeptColumn, ...],
    *,
    checks_all: bool,
) -> list[tuple[Reading, list[ReadableFile]]]:
    """Group files of one kind: same format, same header, same delimiter."""
    kinds: dict[tuple[str, str, tuple[str, ...]], list[ReadableFile]] = defaultdict(list)
    for file in files:
        source = file.source
        kinds[source.export.id, source.delimiter, source.header].append(file)
    readings = []
    for alike in kinds.values():
        source = alike[0].source
        readings.append((Reading(source, tuple(active), kept, checks_all).of(source), alike))
    return readings


def _refuse_mixed_vendors(
    engine: Engine, sources: Mapping[int, Source], kept: Sequence[KeptColumn]
) -> None:
    """Refuse a list that mixes links of several vendors; the first rows need not show it."""
    if not any(column.name == VENDOR_CELL for column in kept):
        return
    mixed = engine.query(f"""
select file, list(distinct {VENDOR_CELL} order by {VENDOR_CELL}) as vendors
from link_row where {VENDOR_CELL} is not null
group by file having len(vendors) > 1 order by file
""")
    for number, vendors in mixed:
        raise mixed_vendors(sources[number], vendors)


def _name(engine: Engine, request: CountRequest, kept: Sequence[KeptColumn]) -> None:
    """Name the pages, hosts and domains, and find the days of the data."""
    engine.execute(names.MACROS)
    names.name_pages(engine)
    names.name_hosts(engine)
    engine.execute(schema.FILE_PAGE)
    wanted = "page in (select unnest($pages::varchar[]))" + (
        f" or {names.is_of_site(request.site)}" if request.site else ""
    )
    if request.pages is None:
        engine.execute(schema.PAGE.replace("{wanted}", "true"))
    else:
        engine.execute(schema.PAGE.replace("{wanted}", wanted), {"pages": sorted(request.pages)})
    names.find_domains(engine, request.suffixes)
    engine.execute(schema.PAGE_TARGET)
    columns = {column.name for column in kept}
    days = schema.FILE_DAYS.replace("{seen}", SEEN if SEEN in columns else "null")
    engine.execute(days.replace("{links}", "links" if "links" in columns else "null"))
    engine.execute(schema.SHARED_PAGE)


def _join_links(engine: Engine, request: CountRequest, kept: Sequence[KeptColumn]) -> None:
    """Make ``link``, with each link once, and judge the links."""
    columns = [c.name for c in kept if c.name not in {VENDOR_CELL, SEEN}]
    kept_columns = "".join(f", {name}" for name in columns)
    repeats = not request.whole and bool(engine.query("from shared_page limit 1"))
    ((several_vendors,),) = engine.query("select min(vendor) < max(vendor) from file")
    engine.execute(schema.PAGE_ROW)
    if repeats:
        engine.execute(schema.REPEATED_ROW + schema.COMPARED_ROW)
    if repeats or several_vendors:
        names.name_sources(engine, "link_row" if several_vendors else schema.ROWS_TO_NAME)
    if repeats:
        engine.execute(schema.HIDDEN_ROW.replace("{kept_columns}", kept_columns))
    # A view saves writing a million links. A table is needed where rules update links. It also pays
    # with several vendors, where every count reads the links three times.
    kind = "table" if changes_links(request, kept) or SOURCE in columns else "view"
    engine.execute(
        schema.LINK.replace("{kind}", kind)
        .replace("{but_hidden}", schema.BUT_HIDDEN if repeats else "")
        .replace("{kept_columns}", kept_columns)
    )
    judge(engine, request, kept)


def _by_row(sources: Sequence[tuple[int, Source]], problems: Sequence[Problem]) -> list[Problem]:
    """Give problems in spreadsheets their row numbers instead of line numbers."""
    origins = {source.sheet.name: source.sheet.origin for _, source in sources}
    return [
        problem._replace(line=problem.line and origins[problem.input].row(problem.line))
        for problem in problems
    ]


def _in_order(problems: Iterable[Problem]) -> list[Problem]:
    return sorted(
        dict.fromkeys(problems),
        key=lambda problem: (problem.input, problem.line or 0, problem.reason),
    )


def _refuse_unread(
    sources: Sequence[tuple[int, Source]], files: Sequence[LinkFile], problems: Sequence[Problem]
) -> None:
    """Refuse a file with rows if none could be read: it must not pass for an empty list."""
    for (_, source), file in zip(sources, files, strict=True):
        if file.rows == 0 and source.has_rows:
            faults = [p for p in problems if p.input == source.sheet.name]
            first = f" (line {faults[0].line}: {faults[0].reason})" if faults else ""
            raise InputError(
                source.sheet.name,
                f"it has rows below its header, and none can be read{first}",
                "Export it again",
                faults[0].line if faults else None,
            )
