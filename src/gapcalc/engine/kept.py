"""The optional columns of ``link_row``: each further one slows reading."""

from collections.abc import Sequence
from typing import NamedTuple

from gapcalc.inputs.source import Source
from gapcalc.rules.base import FIELDS

VENDOR_CELL, SOURCE, SEEN = "vendor_cell", "source", "seen"
LOST_ON = "lost_on"
"""The day on which a link was lost: its date if the file has it, else when it was last seen."""


class KeptColumn(NamedTuple):
    """An optional column of ``link_row``, which exists only when something needs it.

    `field` is the link column that it keeps, for all links or only for links that fail the
    condition of the rule `failing`.
    """

    name: str
    field: str
    failing: str | None = None

    @property
    def type(self) -> str:
        """The SQL type."""
        return "date" if self.name in {SEEN, LOST_ON} else FIELDS.get(self.field, "varchar")


def seen_field(source: Source) -> str | None:
    """Name the column that tells when links were seen: for the last time, else for the first."""
    return next((field for field in ("last_seen", "first_seen") if field in source.places), None)


def to_tell_links_apart(kept: Sequence[KeptColumn]) -> tuple[KeptColumn, ...]:
    """Name the missing columns that tell links apart when a vendor has several files."""
    names = {column.name for column in kept}
    needed = (KeptColumn(SOURCE, "source_url"), KeptColumn("anchor", "anchor"))
    return tuple(column for column in needed if column.name not in names)
