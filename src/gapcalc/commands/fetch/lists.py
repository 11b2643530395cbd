"""Writes a page's list of links in the vendor's own form, and says whether it is whole."""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gapcalc.analyses.wholeness import is_whole
from gapcalc.commands.fetch.estimate import rows_wanted
from gapcalc.commands.fetch.order import Order
from gapcalc.formats.base import Export
from gapcalc.inputs.manifest import ManifestEntry
from gapcalc.providers.session import Session
from gapcalc.providers.steps import Count, Links
from gapcalc.urls import host_of

_BREAKS = re.compile(r"[\r\n\x00]+")
_STANDS = ("", "false")
"""What the column `lost` holds for a link that is still there."""


@dataclass(frozen=True)
class _Found:
    """What a list holds: rows, those of live links among them, and the domains of these."""

    rows: int
    live: int
    domains: int


def write_list(order: Order, session: Session, url: str, count: Count, path: Path) -> ManifestEntry:
    """Write the list of a page, piece by piece, and tell whether it is whole."""
    links, rows, live = session.provider.links, 0, 0
    domains: set[str] = set()
    with path.open("w", encoding="utf-8", errors="replace", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_headings(links.export, links.fields))
        for _, piece in session.walk(links, url, rows_wanted(count, order), ask=True):
            for row in piece.rows if piece else ():
                writer.writerow(_BREAKS.sub(" ", row.get(field, "")) for field in links.fields)
                rows += 1
                live += row.get("lost", "") in _STANDS
                domains |= _live_domain(row, order)
    found = _Found(rows, live, len(domains))
    cut = _why_cut(links, found, count, rows_wanted(count, order))
    notes = [note for note in (cut, links.note) if note]
    return ManifestEntry(url, complete=cut is None, note="; ".join(notes) or None)


def _headings(export: Export, fields: Sequence[str]) -> Iterable[str]:
    names = {column.field: column.headings[0] for column in reversed(export.columns)}
    return (names[field] for field in fields)


def _live_domain(row: Mapping[str, str], order: Order) -> set[str]:
    host = host_of(row.get("source_url", ""))
    if host is None or row.get("lost", "") not in _STANDS:
        return set()
    return {order.suffixes.domain(host)}


def _why_cut(links: Links, found: _Found, count: Count, asked: int) -> str | None:
    """Say why rows must be missing from a list, None when nothing hints at it.

    No provider says so itself: rows that end just where the question did, or a plan does, or
    domains that the provider counted and did not list, are all there is to go by.
    """
    rows, total, of = found.rows, count.rows, count.domains
    if rows and rows >= asked and (total is None or total > found.live):
        return f"{rows:,} rows asked for" + ("" if total is None else f", of {total:,}")
    # Links that are grouped make fewer rows than were counted; only missing domains tell.
    if rows in links.caps and rows < asked and (of is None or found.domains < of):
        return f"{rows:,} rows, where a plan of the provider ends"
    if of is not None and not is_whole(found.domains, of):
        return f"{found.domains:,} of the {of:,} domains that the provider counts"
    return None
