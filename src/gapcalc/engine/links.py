"""The statement that reads link files: one row per page, host and fate, judged as it is read."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from gapcalc.connection import quote
from gapcalc.formats.cells import Cell
from gapcalc.inputs.detect import Source
from gapcalc.rules.base import FIELDS, ActiveRule, Bound

CREATE_TABLES = """
create table file (piece integer, path varchar, input integer, page varchar, vendor varchar);
create table found (
    piece integer, target varchar, host varchar, plain boolean, lost boolean, mask integer, unjudged boolean, followed boolean{extras}
);
create table suspect (piece integer, address varchar)
"""

EXTRAS = {"hit": "varchar", "anchor": "varchar", "links": "bigint", "source": "varchar"}
"""Columns of ``found`` that are only there when something needs them: the anchor that a rule
blocked, every anchor, how many links a row stands for, the address of the linking page."""

_LONGEST = 16 * 1024 * 1024
"""Bytes of the longest row that is read. A core reads as many in one go: with more of them one of
two cores is done well before the other."""

_ALWAYS = ("source_url", "source_domain", "target_url", "lost", "nofollow", "ugc", "sponsored")

_Value = Callable[[str, int, Cell], str]


class Reading(NamedTuple):
    """How one kind of file is read: its format, its header, the rules that apply to it.

    `extras` are the columns of `EXTRAS` that are wanted; `thorough` has every cell checked, also in columns that nothing uses; without it a bad cell
    there goes unnoticed, and so does no answer.
    """

    source: Source
    rules: tuple[ActiveRule, ...]
    extras: tuple[str, ...]
    thorough: bool

    @property
    def places(self) -> dict[str, tuple[int, Cell]]:
        """Index and cell type of every field that the header holds."""
        return self.source.export.places(self.source.plain_header)

    @property
    def heading(self) -> dict[str, Bound]:
        """The parameter by which a repeated header is known."""
        return {"first_heading": self.source.header[self.marker]}

    @property
    def bound(self) -> dict[str, Bound]:
        """The values of the statement's parameters."""
        values: dict[str, Bound] = dict(self.heading)
        for active in self._judged():
            bound = active.rule.bind(active.parameters)
            condition = str(active.rule.condition)
            values |= {name: bound[name] for name in bound if f"${name}" in condition}
        return values

    def _judged(self) -> list[ActiveRule]:
        fields = frozenset(self.places)
        return [active for active in self.rules if active.judges_links(fields)]

    @property
    def marker(self) -> int:
        """The index of the column that names the source: filled in every row that is a link."""
        places = self.places
        return places.get("source_url", places.get("source_domain", (0, None)))[0]

    def scan(self) -> str:
        """Give the table function that reads files of this kind, ``$files`` with or without $header."""
        names = ", ".join(f"c{index}: 'VARCHAR'" for index in range(len(self.source.header)))
        return (
            f"read_csv($files, columns = {{{names}}}, header = $header, "
            f"auto_detect = false, delim = {quote(self.source.delimiter)}, quote = '\"', "
            "escape = '\"', filename = 'path', store_rejects = true, rejects_limit = 0, "
            "rejects_table = 'rejects', rejects_scan = 'reject_scans', "
            f"compression = 'none', max_line_size = {_LONGEST}, buffer_size = {_LONGEST})"
        )

    def insert_plain(self, number: str) -> str:
        """Give the statement that judges the rows of ``$files`` and adds them to ``found``.

        `number` is the SQL of the file's number. Every cell is read the quick way; rows where
        that is not good enough are marked as not plain, to be read again by `insert_aside`.
        """
        table = f"(select *, {number} as piece from {self._plain_rows(number)})"
        return self._insert(table)

    def select_aside(self, number: str) -> str:
        """Give the statement that lists the rows of ``$files`` that are not written plainly."""
        cells = ", ".join(f"c{index}" for index in self.columns)
        return f"select {number} as piece, {cells} from {self._plain_rows(number)} where not plain"

    def select_vendors(self, number: str) -> str | None:
        """Give the statement that lists the vendors each of ``$files`` names; None without any."""
        index, _ = self.places.get("vendor", (None, None))
        if index is None:
            return None
        name = f"lower(trim(c{index}, ' '))"
        return (
            f"select {number} as piece, list(distinct {name} order by {name}) "
            f"from {self._rows(number)} where {name} <> '' and c{index} <> 'vendor' group by all"
        )

    def _rows(self, number: str) -> str:
        scan = self.scan()
        return scan if number.isdigit() else f"{scan} as row join file using (path)"

    def _plain_rows(self, number: str) -> str:
        read = self._read(self._rows(number), careful=False)
        return f"(select *, {self._plain()} as plain from {read}) as file"

    def _read(self, table: str, *, careful: bool) -> str:
        """Read once what several expressions use: each cell that can be bad, named by its field."""
        cells = "".join(
            f", {(cell.sql if careful else cell.cast)(f'c{index}')} as {_read_of(field)}"
            for field, index, cell in self._checked()
        )
        return f"(select *{cells} from {table})"

    def insert_aside(self, table: str) -> str:
        """Give the statement that judges the links of `table`, whatever their cells look like.

        The table has the column ``piece``, the file's number, and those of `columns`. A repeated
        header and a row without any cell are no links.
        """
        every = ", ".join(f"c{index}" for index in self.columns)
        link = f"coalesce({every}) is not null and coalesce(c{self.marker} <> $first_heading, true)"
        links = f"(select *, true as plain from {table} where {link})"
        return self._insert(self._read(links, careful=True))

    def insert_suspect(self, table: str) -> str:
        """Give the statement that notes the rows of `table` with something to report."""
        bad = [cell.bad(f"c{index}") for _, index, cell in self._checked()]
        odd = " or ".join([*bad, f"c{self.marker} = $first_heading"])
        return f"insert into suspect select piece, c{self.marker} from {table} where {odd}"

    def _insert(self, table: str) -> str:
        """Write the statement; each level names what the next uses twice, so it is done once."""
        judged = self._judged()
        hit = "case when fails_anchor then anchor end" if _has(judged, "anchor") else "null"
        anchor = "coalesce(anchor, '')" if "anchor" in self.places else "null"
        written = {"hit": hit, "anchor": anchor, "links": "links", "source": "address"}
        extras = "".join(f", {written[extra]} as {extra}" for extra in self.extras)
        values = ", ".join(f"{value} as {name}" for name, value in self._values(_named).items())
        return f"""
insert into found
select piece, target,
    coalesce(nullif(regexp_extract(address, '^https?:(//[^/]*)', 1), ''), address) as host,
    plain, lost,
    {_mask(judged)} as mask, {_unjudged(judged)} as unjudged, followed{extras}
from (
    select piece, plain, anchor, target_url as target, lost, links, address,
        coalesce(not (nofollow or coalesce(ugc, false) or coalesce(sponsored, false)), false)
            as followed{"".join(f", {a.rule.condition} as fails_{a.id}" for a in judged)}
    from (select *, {values} from {table})
)
"""

    @property
    def columns(self) -> tuple[int, ...]:
        """The indices of the columns that are read at all, in order."""
        places = self.places.items()
        return tuple(sorted({index for field, (index, cell) in places if self._reads(field, cell)}))

    def _reads(self, field: str, cell: Cell) -> bool:
        used = field in _ALWAYS or any(field in active.rule.reads for active in self.rules)
        return used or (self.thorough and cell.fails)

    def _checked(self) -> list[tuple[str, int, Cell]]:
        """Give field, index and type of the cells that are read and can be bad."""
        columns = self.columns
        places = self.places.items()
        return [(f, i, cell) for f, (i, cell) in places if cell.fails and i in columns]

    def _plain(self) -> str:
        """Write the condition that every cell is written plainly and the row is a link."""
        conditions = [
            cell.plain.condition(f"c{index}", _read_of(field))
            for field, index, cell in self._checked()
            if cell.plain and not cell.plain.pattern
        ]
        patterns = [
            (f"c{index}", cell.plain.pattern)
            for _, index, cell in self._checked()
            if cell.plain and cell.plain.pattern
        ]
        if patterns:
            cells = ", '|', ".join(column for column, _ in patterns)
            pattern = "[|]".join(pattern for _, pattern in patterns)
            joined = f"concat({cells})" if len(patterns) > 1 else f"coalesce({cells}, '')"
            conditions.append(f"regexp_full_match({joined}, {quote(pattern)})")
        return " and ".join([f"coalesce(c{self.marker} <> $first_heading, false)", *conditions])

    @property
    def is_lost(self) -> str:
        """The SQL that says whether a link is gone, whatever its cells look like."""
        return self._values(lambda _, index, cell: cell.sql(f"c{index}"))["lost"]

    def _values(self, read: _Value) -> dict[str, str]:
        """Give the SQL of every value that judging uses, from that of each cell."""
        columns = self.columns
        places = {f: place for f, place in self.places.items() if place[0] in columns}

        def value(field: str, otherwise: str) -> str:
            index, cell = places.get(field, (0, None))
            return otherwise if cell is None else read(field, index, cell)

        values = {name: value(name, f"cast(null as {kind})") for name, kind in FIELDS.items()}
        gone = f"{value('status', 'null')} in (404, 410)" if "status" in places else "false"
        values["lost"] = f"coalesce({value('lost', gone)}, false)"
        values["links"] = f"coalesce({value('links', '1')}, 1)"
        values["address"] = value("source_url", value("source_domain", "null"))
        return values


def _has(judged: Sequence[ActiveRule], name: str) -> bool:
    return any(active.id == name for active in judged)


def _mask(judged: Sequence[ActiveRule]) -> str:
    bits = [f"case when fails_{active.id} then {active.bit} else 0 end" for active in judged]
    return "(" + " + ".join(bits or ["0"]) + ")::integer"


def _unjudged(judged: Sequence[ActiveRule]) -> str:
    return " or ".join(f"fails_{active.id} is null" for active in judged) or "false"


def _read_of(field: str) -> str:
    return f"read_{field}"


def _named(field: str, index: int, cell: Cell) -> str:
    return _read_of(field) if cell.fails else cell.sql(f"c{index}")
