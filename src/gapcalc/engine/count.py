"""Counts referring domains per page; the best link of each domain decides whether it counts."""

import shutil
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from gapcalc.connection import Row, Values, quote
from gapcalc.engine import schema
from gapcalc.engine.judge import CountRequest
from gapcalc.engine.load import Loaded, load_links
from gapcalc.engine.vendors import Shared, count_shared, list_domains
from gapcalc.errors import UsageError
from gapcalc.inputs.source import Source
from gapcalc.results.gap import KnownDomain, VendorFigures
from gapcalc.rows import LinkFile, PageLinks, Problem, is_unreadable_sql
from gapcalc.rules.base import ActiveRule
from gapcalc.workspace import Workspace

Figure = TypeVar("Figure")

_PAGE_COUNT = f"""
with page_verdict as (
    -- How many domains of a page have a best link of the same rank.
    select page_id, best, count(*) as domains, sum(unjudged) as unjudged, sum(lost) as lost,
        sum(internal) as internal
    from page_domain group by page_id, best
)
-- The referring domains of every page. raw: all with a link that takes part. kept: those whose best
-- link passes. followed: those whose best link is followed. Followed is only what is known to be;
-- followed is NULL if a file lacks rel, or if too many domains do not tell. dropped: those that
-- rules dropped, by the bit of the rule.
select page.page, url, site,
    coalesce(sum(domains) filter (best is not null), 0)::bigint as raw,
    coalesce(sum(domains) filter (best >= {schema.KEPT}), 0)::bigint as kept,
    case when coalesce(says_rel, true) and not {
    is_unreadable_sql(
        f"coalesce(sum(domains) filter (best = {schema.MAYBE_FOLLOWED}), 0)",
        f"coalesce(sum(domains) filter (best >= {schema.KEPT}), 0)",
    )
} then coalesce(sum(domains) filter (best = {schema.FOLLOWED}), 0)::bigint end as followed,
    coalesce(sum(unjudged), 0)::bigint as unjudged,
    coalesce(sum(lost), 0)::bigint as lost,
    coalesce(sum(internal), 0)::bigint as internal,
    coalesce(files, []) as files,
    list((best, domains)) filter (best < {schema.KEPT}) as dropped
from page
join page_site using (page)
left join page_files using (page)
left join page_verdict on page_id = id
group by page.page, url, site, says_rel, files
order by page.page
"""

# With one rule switched off, a domain is kept if one of its links fails no other rule.
_WITHOUT_A_RULE = """
with page_domain_alone as (
    select page_id, domain, bool_or(failed = 0) as kept, bool_or(failed = 0 and followed) as follows,
        coalesce(bit_or(failed) filter (bit_count(failed) = 1), 0) as alone,
        coalesce(bit_or(failed) filter (bit_count(failed) = 1 and followed), 0) as alone_followed
    from judged_link({rules}) where failed is not null group by all
)
select page, bit, count(*) filter (kept or alone & bit <> 0),
    count(*) filter (follows or alone_followed & bit <> 0)
from page_domain_alone join page on id = page_id cross join (select unnest($bits::integer[]) as bit)
group by page, bit
"""

_UNMARK = "update link set mask = mask & ~{bit} where mask & {bit} <> 0"

_MARK = """
update link set mask = mask | {bit}
from (
    select id, domain
    from (select unnest($pages) as page, unnest($domains) as domain) join page using (page)
) as failing
where failing.id = link.page_id and failing.domain = link.domain
"""

_FOR_THE_SHELL = f"select page, raw, kept, followed from ({_PAGE_COUNT}) order by page"

# What the statements created: before a further pass, the script drops it.
_MADE = """
select 'table', table_name from duckdb_tables() where not internal
union all select 'view', view_name from duckdb_views() where not internal
union all select 'macro', function_name from duckdb_functions()
    where not internal and function_type = 'macro'
union all select 'macro table', function_name from duckdb_functions()
    where not internal and function_type = 'table_macro'
order by all
"""


@contextmanager
def open_links(
    sources: Sequence[tuple[int, Source]], request: CountRequest, workspace: Workspace
) -> Iterator[tuple["Counts", list[Problem]]]:
    """Give the counts of all link files, and the problems found in them.

    Raises TemporarySpaceError or EngineMemoryError when disk or memory run out.
    """
    with load_links(sources, request, workspace) as loaded:
        yield Counts(loaded, request), loaded.problems


class Counts:
    """The counted links of all files; it keeps the engine open for further counts."""

    def __init__(self, loaded: Loaded, request: CountRequest) -> None:
        self._loaded, self._request = loaded, request
        self._engine = loaded.engine
        self._counted: dict[frozenset[str], Mapping[str, PageLinks]] = {}
        self._listed: dict[frozenset[str], Mapping[str, tuple[KnownDomain, ...]]] = {}
        self._page_domain_rules: frozenset[str] | None = None
        self._asked: frozenset[str] = frozenset()
        self._failing: dict[str, frozenset[tuple[str, str]]] = {}
        self._engine.execute(schema.COUNTING)

    @property
    def files(self) -> tuple[LinkFile, ...]:
        """Give the link files, in the order of the inputs."""
        return self._loaded.files

    @cached_property
    def pages(self) -> Mapping[str, str]:
        """Give every counted page, with one of the URLs that name it."""
        return dict(self._engine.query("select page, url from page order by page"))

    def count(self, rules: Collection[str]) -> Mapping[str, PageLinks]:
        """Count every page under the named rules; each set of rules is counted only once.

        A domain's best link is the one whose first failing rule comes latest. If that link fails
        too, the domain is charged to its first failing rule. So kept is raw minus the domains
        charged (docs/method.md, Counting).
        """
        self._asked = frozenset(rules)
        if self._asked not in self._counted:
            self._counted[self._asked] = self._count(self._asked)
        return self._counted[self._asked]

    def create_page_domain(self, rules: Collection[str] | None = None) -> None:
        """Make ``page_domain`` under the named rules.

        Without named rules, an existing table is kept, whatever its rules; else every rule applies.
        """
        if rules is None and self._page_domain_rules is not None:
            return
        every = frozenset(rule for file in self.files for rule in file.rules)
        wanted = every if rules is None else frozenset(rules)
        if wanted == self._page_domain_rules:
            return
        judging = self._judging(wanted)
        facts = [
            fact for fields, fact in schema.DOMAIN_FACTS if set(fields) <= {*self._request.fields}
        ]
        statement = schema.PAGE_DOMAIN.replace("{facts}", "".join(f",\n    {f}" for f in facts))
        names = ", ".join(active.id for active in judging) or "none"
        rules_bits = str(sum(active.bit for active in judging))
        self._engine.execute(
            f"-- Count under the rules: {names}." + statement.replace("{rules}", rules_bits)
        )
        self._page_domain_rules = wanted

    def domains(
        self, rules: Collection[str], pages: Collection[str]
    ) -> Mapping[str, tuple[KnownDomain, ...]]:
        """List the live referring domains of pages under the named rules, by name.

        All pages are listed in one query, which takes hardly longer than one page alone.
        """
        judging = frozenset(rules)
        if judging not in self._listed:
            self._listed[judging] = list_domains(self._engine, self._judging(rules))
        return {page: self._listed[judging].get(page, ()) for page in pages}

    def query(
        self, statement: str, rules: Collection[str], values: Values | None = None
    ) -> list[Row]:
        """Run a further query; ``{rules}`` in it stands for the bits of the named rules."""
        bits = sum(active.bit for active in self._judging(rules))
        return self._engine.query(statement.replace("{rules}", str(bits)), values)

    def stream(
        self, statement: str, rules: Collection[str], values: Values | None = None
    ) -> Iterator[Row]:
        """Run a further query with a large result, and yield its rows."""
        bits = sum(active.bit for active in self._judging(rules))
        return self._engine.stream(statement.replace("{rules}", str(bits)), values)

    def run(
        self, statement: str, rules: Collection[str] = (), values: Values | None = None
    ) -> None:
        """Run a statement that makes a table for further queries; ``{rules}`` is as in `query`."""
        bits = sum(active.bit for active in self._judging(rules))
        self._engine.execute(statement.replace("{rules}", str(bits)), values)

    def has_columns(self, *fields: str) -> bool:
        """Say whether ``link`` has these columns for further queries."""
        return set(fields) <= set(self._request.fields)

    def applies(self, rule: str) -> bool:
        """Say whether a rule is in effect."""
        return any(active.id == rule for active in self._request.rules)

    def fail(self, rule: str, pairs: Collection[tuple[str, str]]) -> bool:
        """Make the links of these (page, domain) pairs fail a rule in effect, and no other links.

        Returns whether that changed anything.
        """
        bits = [active.bit for active in self._request.rules if active.id == rule]
        if not bits or self._failing.get(rule, frozenset()) == frozenset(pairs):
            return False
        self._failing[rule] = frozenset(pairs)
        self._counted.clear()
        self._listed.clear()
        self._page_domain_rules = None
        columns = {
            "pages": [page for page, _ in sorted(pairs)],
            "domains": [domain for _, domain in sorted(pairs)],
        }
        self._engine.execute(_UNMARK.replace("{bit}", str(bits[0])))
        self._engine.execute(_MARK.replace("{bit}", str(bits[0])), columns)
        return True

    def explain(self) -> None:
        """Write the statements of this run; the last one gives the latest counts.

        Does nothing unless the request names a file for them. Raises UsageError when it cannot be
        written.
        """
        path = self._request.explain
        if path is None or self._engine.script is None:
            return
        self.create_page_domain(self._asked)
        self._engine.show(_FOR_THE_SHELL)
        number, passes = self._request.passes
        if number < passes:
            for kind, name in self._engine.query(_MADE):
                self._engine.show(f"drop {kind} {name}")
        try:
            script = _script(path, self._loaded, "\n".join(self._engine.script))
            with path.open("w" if number == 1 else "a", encoding="utf-8") as file:
                file.write(f"-- Pass {number} of {passes}.\n{script}" if passes > 1 else script)
        except OSError as error:
            reason = error.strerror or error
            raise UsageError(f"--explain {path}: it cannot be written ({reason})") from error

    def _judging(self, rules: Collection[str]) -> list[ActiveRule]:
        return [active for active in self._request.rules if active.id in rules]

    def _count(self, rules: frozenset[str]) -> Mapping[str, PageLinks]:
        judging = self._judging(rules)
        self.create_page_domain(rules)
        bits = {active.bit: active.id for active in judging}
        nothing = dict.fromkeys(bits.values(), 0)
        hiding = {file.input for file in self.files if file.hides_lost}
        filled = {file.input for file in self.files if file.rows}
        without = self._without_a_rule(judging if self._request.sensitivity else [])
        counted = {}
        for page, url, site, *numbers, files, dropped in self._engine.query(_PAGE_COUNT):
            raw, kept, followed, unjudged, lost, internal = numbers
            unread = hiding if raw or lost or internal else filled
            counted[page] = PageLinks(
                page,
                url,
                site,
                raw,
                kept,
                followed,
                nothing | {bits[bit]: domains for bit, domains in dropped or ()},
                without=without[page],
                lost=lost,
                internal=internal,
                unjudged=unjudged,
                inputs=frozenset(files),
                is_unknown=not unread.isdisjoint(files),
            )
        if len({file.vendor for file in self.files}) == 1:
            return {page: self._of_one(links) for page, links in counted.items()}
        shared = count_shared(self._engine, judging)
        return {page: self._of_several(links, shared[page]) for page, links in counted.items()}

    def _without_a_rule(
        self, judging: Sequence[ActiveRule]
    ) -> dict[str, dict[str, tuple[int, int]]]:
        """Give kept and followed domains with one rule switched off, by page and rule."""
        names = {active.bit: active.id for active in judging}
        found = _by_page(names, (0, 0))
        if not names:
            return found
        statement = _WITHOUT_A_RULE.replace("{rules}", str(sum(names)))
        for page, bit, kept, followed in self._engine.query(statement, {"bits": list(names)}):
            found[page][names[bit]] = (kept, followed)
        return found

    def _of_one(self, links: PageLinks) -> PageLinks:
        alone = VendorFigures(links.raw, links.kept, links.followed, links.raw)
        return links._replace(by_vendor=dict.fromkeys(self._vendors(links), alone))

    def _of_several(self, links: PageLinks, shared: Shared) -> PageLinks:
        by_vendor = {}
        for vendor, has_rel in sorted(self._vendors(links).items()):
            known = shared.by_vendor.get(vendor, VendorFigures(0, 0, 0, 0))
            by_vendor[vendor] = known if has_rel else replace(known, followed=None)
        return links._replace(
            by_vendor=by_vendor,
            shared=shared.shared,
            disputed=shared.disputed,
            lost=shared.lost,
            internal=shared.internal,
            unjudged=shared.unjudged,
        )

    def _vendors(self, links: PageLinks) -> dict[str, bool]:
        """Give the vendors with files about a page, and whether every file of each states rel."""
        says: dict[str, bool] = {}
        for file in self.files:
            if file.input in links.inputs:
                says[file.vendor] = says.get(file.vendor, True) and file.has_rel
        return says


def _by_page(names: Mapping[int, str], nothing: Figure) -> dict[str, dict[str, Figure]]:
    return defaultdict(lambda: dict.fromkeys(names.values(), nothing))


def _script(path: Path, loaded: Loaded, script: str) -> str:
    """List the files a script reads; save beside it the text of those that were rewritten."""
    lines = [
        "-- The statements of one run of gapcalc, in order, for the duckdb shell.",
        f"--     duckdb < {path.name!r}",
        "-- The last one gives the referring domains of every page. The files read:",
    ]
    folder = path.with_name(f"{path.name}.files")
    for file in loaded.readable:
        origin = file.source.sheet.origin
        lines.append(f"-- {file.input}: {str(origin.file)!r} {origin.member!r}".removesuffix(" ''"))
        if file.path != origin.file:
            folder.mkdir(exist_ok=True)
            kept = folder.resolve() / f"{file.input}{file.path.suffix}"
            shutil.copyfile(file.path, kept)
            lines.append(f"--    read as UTF-8 text from {str(kept)!r}")
            script = script.replace(quote(str(file.path)), quote(str(kept)))
    return "\n".join(lines) + "\n\n" + script
