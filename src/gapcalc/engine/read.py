"""The statements that read link files into the schema.

    raw_row (cells as text, c0, c1 ...) -> read_row (cells read) -> named_row (fields of a link)
    -> judged_row (what each rule says) -> link_row

Cells are read twice as fast if they are written plainly, as nearly all are. So every row is first
read that way, and the few with a cell that needs more care are read again.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from gapcalc.connection import quote
from gapcalc.engine.kept import LOST_ON, SEEN, SOURCE, VENDOR_CELL, KeptColumn, seen_field
from gapcalc.formats.cells import DATE, DAY_FIRST, Cell
from gapcalc.inputs.source import Source
from gapcalc.rules.base import FIELDS, ActiveRule, Bound

_ALWAYS = ("source_url", "source_domain", "target_url", "lost", "nofollow", "ugc", "sponsored")


class Reading(NamedTuple):
    """How files of one kind are read: their format and header, the rules that apply, what is kept.

    With `checks_all` every cell is checked. Otherwise columns that nothing uses are not checked;
    the counts stay equal. The columns of the fields in `odd` are read with care, the others as
    plain.
    """

    source: Source
    rules: tuple[ActiveRule, ...]
    kept: tuple[KeptColumn, ...]
    checks_all: bool
    odd: frozenset[str] = frozenset()

    def of(self, source: Source) -> "Reading":
        """Give the reading of a source, with the rules that its columns allow."""
        fields = frozenset(source.places)
        rules = tuple(active for active in self.rules if active.applies_to(fields))
        return self._replace(source=source, rules=rules)

    @property
    def places(self) -> Mapping[str, tuple[int, Cell]]:
        """Index and cell type of every field that the header holds."""
        return self.source.places

    @property
    def marker(self) -> int:
        """The index of the column that names the source: filled in every row that is a link."""
        places = self.places
        return places.get("source_url", places.get("source_domain", (0, None)))[0]

    @property
    def heading(self) -> str:
        """The heading of the marker column, by which a repeated header is recognised."""
        return self.source.header[self.marker]

    @property
    def values(self) -> dict[str, Bound]:
        """The values of the rules' parameters."""
        return {
            name: value
            for active in self.judging
            for name, value in active.rule.bind(active.parameters).items()
            if f"${name}" in str(active.rule.condition)
        }

    @property
    def judging(self) -> list[ActiveRule]:
        """The rules that can be judged row by row."""
        fields = frozenset(self.places)
        return [active for active in self.rules if active.judges_links(fields)]

    @property
    def checked(self) -> list[tuple[str, int, Cell]]:
        """Field, index and type of the cells that can be bad."""
        return [(field, index, cell) for field, (index, cell) in self.places.items() if cell.fails]

    @property
    def doubtful(self) -> list[tuple[str, int, Cell]]:
        """Field, index and type of the cells whose column is read with care."""
        return [found for found in self.checked if found[0] in self.odd]

    @property
    def telling(self) -> list[tuple[str, int, Cell]]:
        """Field, index and type of the cells that may show how their column is read.

        Among plainly written cells, only dates that begin with the day do.
        """
        return [found for found in self.checked if found[0] in self.odd or found[2] is DAY_FIRST]

    @property
    def used(self) -> list[tuple[str, int, Cell]]:
        """Field, index and type of the cells that are read at all."""
        return [found for found in self.checked if self.checks_all or self._uses(found[0])]

    @property
    def columns(self) -> tuple[int, ...]:
        """The indices of the columns that are used or can be bad, in order."""
        places = self.places.items()
        return tuple(sorted({i for name, (i, cell) in places if cell.fails or self._uses(name)}))

    def _uses(self, field: str) -> bool:
        return (
            field in _ALWAYS
            or (field == "status" and "lost" not in self.places)
            or any(field in active.rule.reads for active in self.rules)
            or any(field == kept.field for kept in self.kept)
            or (field == "last_seen" and any(kept.name == LOST_ON for kept in self.kept))
        )

    def insert_rows(self, raw_row: str) -> str:
        """Give the statement that adds the rows of a query to ``link_row``, cells read as plain."""
        return self._insert(raw_row, self._plain(self.used))

    def insert_recheck(self, raw_row: str) -> str:
        """Give the statement that adds rows with a cell that is not plain to ``recheck``.

        It checks every cell. `used` says whether one of the odd cells is used.
        """
        columns = ", ".join(f"c{index}" for index in self.columns)
        return f"""
insert into recheck
with raw_row as not materialized (
    {raw_row}
),
read_row as not materialized (
    select *{_read(self.checked, frozenset())}
    from raw_row
)
select file, not {self._plain(self.used)} as used, {columns} from read_row
where not {self._plain(self.checked)}
"""

    def create_recheck(self) -> str:
        """Give the statement that makes ``recheck``."""
        columns = ", ".join(f"c{index} varchar" for index in self.columns)
        return f"""
-- recheck: a row with a cell that is not written plainly, as text.
create or replace temp table recheck (file integer, used boolean, {columns})
"""

    def find_clues(self) -> str:
        """Give the query of the notations that the columns of each file in ``recheck`` show."""
        clues = ", ".join(cell.clues_sql(f"c{index}") for _, index, cell in self.telling)
        return f"select file, {clues or 'null'} from recheck group by file"

    def find_odd(self) -> str:
        """Give the query of the columns in ``recheck`` that have cells which are not plain."""
        odd = ", ".join(
            f"bool_or(not coalesce({' and '.join(_plainly_written([found]))}, false))"
            for found in self.checked
        )
        return (
            f"select {odd} from (select *{_read(self.checked, frozenset())} from recheck) "
            f"where {self._no_header}"
        )

    def count_bad(self) -> str:
        """Give the query that counts bad cells in ``recheck``, for $files, by doubtful column."""
        bad = ", ".join(
            f"count(*) filter ({cell.bad(f'c{index}')})" for _, index, cell in self.doubtful
        )
        return (
            f"select file, {bad} from recheck where {self._no_header} "
            "and file in (select unnest($files)) group by file"
        )

    def count_filled(self, raw_row: str, columns: Sequence[tuple[str, int, Cell]]) -> str:
        """Give the query that counts the filled cells of some columns, by file."""
        filled = ", ".join(f"count(*) filter ({cell.filled(f'c{i}')})" for _, i, cell in columns)
        return f"select file, {filled} from ({raw_row}) where {self._no_header} group by file"

    @property
    def _no_header(self) -> str:
        return f"coalesce(c{self.marker} <> {quote(self.heading)}, true)"

    def insert_rechecked(self) -> str:
        """Give the statement that adds the links in ``recheck`` to ``link_row``, of $files.

        A repeated header and a row without any cell are no links.
        """
        cells = ", ".join(f"c{index}" for index in self.columns)
        raw_row = (
            f"select * from recheck where used and coalesce({cells}) is not null "
            f"and {self._no_header} and file in (select unnest($files))"
        )
        return self._insert(raw_row)

    def insert_faulty(self) -> str:
        """Give the statement that adds rows of $files with a bad cell to ``faulty_row``."""
        bad = [cell.bad(f"c{index}") for _, index, cell in self.doubtful]
        faults = "\n    or ".join([*bad, f"c{self.marker} = {quote(self.heading)}"])
        return f"""
insert into faulty_row
select file, c{self.marker} from recheck
where file in (select unnest($files)) and ({faults})
"""

    def _insert(self, raw_row: str, plain: str | None = None) -> str:
        """Write the chain of steps; each names what the next uses more than once.

        Without the condition `plain`, every row counts as read: it was read with care.
        """
        cells = {**self._cells_of(_named), **self._seen()}
        fields = ",\n        ".join(f"{value} as {name}" for name, value in cells.items())
        verdicts = "".join(
            f",\n        {active.rule.condition} as {_fails(active.id)}" for active in self.judging
        )
        kept = "".join(f",\n    {self._kept(kept)} as {kept.name}" for kept in self.kept)
        return f"""
-- {self.source.export.title}{", rows that needed more care" if plain is None else ""}.
insert into link_row
with raw_row as not materialized (
    {raw_row}
),
read_row as not materialized (
    select *{_read(self.used, self.odd)}
    from raw_row
),
named_row as not materialized (
    select file, {plain or "true"} as plain,
        {fields}
    from read_row
),
judged_row as not materialized (
    select *,
        not (nofollow or coalesce(ugc, false) or coalesce(sponsored, false)) as followed{verdicts}
    from named_row
)
select file, target_url as target,
    coalesce(nullif(regexp_extract(address, '^https?:(//[^/]*)', 1), ''), address) as host,
    plain, lost,
    {_mask(self.judging, "")} as mask,
    {_mask(self.judging, " is null")} as unjudged, followed{kept}
from judged_row
"""

    def _kept(self, kept: KeptColumn) -> str:
        if kept.name == SOURCE:
            return "address"
        if kept.name in {VENDOR_CELL, SEEN, LOST_ON}:
            return kept.name
        if kept.failing:
            fails = any(active.id == kept.failing for active in self.judging)
            return f"case when {_fails(kept.failing)} then {kept.field} end" if fails else "null"
        if kept.type == "varchar":
            return f"coalesce({kept.field}, '')" if kept.field in self.places else "null"
        return kept.field

    def _plain(self, cells: Sequence[tuple[str, int, Cell]]) -> str:
        """Write the condition that cells are written plainly and the row is a link."""
        is_link = f"coalesce(c{self.marker} <> {quote(self.heading)}, false)"
        return "(" + "\n        and ".join([is_link, *_plainly_written(cells)]) + ")"

    @property
    def is_lost(self) -> str:
        """The SQL that says whether a link is gone, whatever its cells look like."""
        return self._cells_of(lambda _, index, cell: cell.sql(f"c{index}"))["lost"]

    def _cells_of(self, read: Callable[[str, int, Cell], str]) -> Mapping[str, str]:
        """Give the SQL of every field that judging uses, from that of each cell."""
        places = {
            name: (index, cell)
            for name, (index, cell) in self.places.items()
            if self._uses(name) or (self.checks_all and cell.fails)
        }

        def value(field: str, otherwise: str) -> str:
            return read(field, *places[field]) if field in places else otherwise

        needed = {"target_url", "nofollow", "ugc", "sponsored", *(kept.field for kept in self.kept)}
        needed.update(*(active.rule.reads for active in self.judging))
        fields = {
            name: value(name, f"cast(null as {kind})")
            for name, kind in FIELDS.items()
            if name in needed
        }
        gone = f"{value('status', 'null')} in (404, 410)" if "status" in places else "false"
        fields["lost"] = f"coalesce({value('lost', gone)}, false)"
        if "links" in fields:
            fields["links"] = f"coalesce({value('links', '1')}, 1)"
        fields["address"] = value("source_url", value("source_domain", "null"))
        if any(kept.name == VENDOR_CELL for kept in self.kept):
            index, _ = self.places.get("vendor", (None, None))
            name = f"nullif(lower(trim(c{index}, ' ')), '')"
            fields[VENDOR_CELL] = "null" if index is None else name
        if any(kept.name == LOST_ON for kept in self.kept):
            index, cell = self.places.get("lost", (None, None))
            # A cast is far quicker; only columns of plain dates allow it.
            plain = cell is not None and cell.plain is DATE.plain and "lost" not in self.odd
            written = "null" if index is None else (DATE.cast if plain else DATE.sql)(f"c{index}")
            last = value("last_seen", "cast(null as date)")
            fields[LOST_ON] = f"case when {fields['lost']} then coalesce({written}, {last}) end"
        return fields

    def _seen(self) -> Mapping[str, str]:
        """Give the SQL of the day when a link was seen, if it is kept.

        Like every column that nothing else uses, it is not checked in big files.
        """
        if not any(kept.name == SEEN for kept in self.kept):
            return {}
        field = seen_field(self.source)
        if field is None:
            return {SEEN: "cast(null as date)"}
        index, cell = self.places[field]
        if (field, index, cell) in self.used:
            return {SEEN: f"read_{field}"}
        return {SEEN: (cell.sql if field in self.odd else cell.cast)(f"c{index}")}


def _read(cells: Sequence[tuple[str, int, Cell]], odd: frozenset[str]) -> str:
    """Read once what several expressions use: each cell that can be bad, named by its field."""
    return "".join(
        f",\n        {(cell.sql if field in odd else cell.cast)(f'c{index}')} as read_{field}"
        for field, index, cell in cells
    )


def _plainly_written(cells: Sequence[tuple[str, int, Cell]]) -> Iterator[str]:
    """Yield the conditions that cells are written plainly; their patterns are tested in one go."""
    patterns = []
    for field, index, cell in cells:
        if cell.plain and cell.plain.pattern:
            patterns.append((f"c{index}", cell.plain.pattern))
        elif cell.plain:
            yield cell.plain.condition(f"c{index}", f"read_{field}")
    if patterns:
        texts = ", '|', ".join(column for column, _ in patterns)
        joined = f"concat({texts})" if len(patterns) > 1 else f"coalesce({texts}, '')"
        pattern = "[|]".join(pattern for _, pattern in patterns)
        yield f"regexp_full_match({joined}, {quote(pattern)})"


def _named(field: str, index: int, cell: Cell) -> str:
    return f"read_{field}" if cell.fails else cell.sql(f"c{index}")


def _fails(rule: str) -> str:
    return f'"fails_{rule}"'


def _mask(judging: Sequence[ActiveRule], fact: str) -> str:
    """Write the sum of the bits of the rules for which a fact is true."""
    bits = [f"case when {_fails(a.id)}{fact} then {a.bit} else 0 end" for a in judging]
    return "(" + " + ".join(bits or ["0"]) + ")::integer"
