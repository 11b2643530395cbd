"""Writes a page's list of links in the vendor's own form, and says whether it is whole."""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from gapcalc.analyses.measure import is_clearly_fewer
from gapcalc.jobs.fetching.estimate import rows_wanted
from gapcalc.jobs.fetching.order import Order
from gapcalc.providers.base import Count, Links
from gapcalc.providers.session import Session
from gapcalc.readers.export import Export
from gapcalc.readers.manifest import Told
from gapcalc.urls import host_of

_BREAKS = re.compile(r"[\r\n\x00]+")


def write_list(order: Order, session: Session, url: str, count: Count, path: Path) -> Told:
    """Write the list of a page, piece by piece, and tell whether it is whole."""
    links, rows = session.provider.links, 0
    domains: set[str] = set()
    with path.open("w", encoding="utf-8", errors="replace", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_headings(links.export, links.fields))
        for _, piece in session.walk(links, url, rows_wanted(count, order), ask=True):
            for row in piece.rows if piece else ():
                writer.writerow(_BREAKS.sub(" ", row.get(field, "")) for field in links.fields)
                rows += 1
                domains |= _live_domain(row, order)
    cut = _why_cut(links, rows, len(domains), count, rows_wanted(count, order))
    notes = [note for note in (cut, links.note) if note]
    return Told(url, complete=cut is None, note="; ".join(notes) or None)


def _headings(export: Export, fields: Sequence[str]) -> Iterable[str]:
    names = {column.field: column.headings[0] for column in reversed(export.columns)}
    return (names[field] for field in fields)


def _live_domain(row: Mapping[str, str], order: Order) -> set[str]:
    host = host_of(row.get("source_url", ""))
    lost = row.get("lost", "") not in {"", "false"}
    return set() if host is None or lost else {order.suffixes.domain(host)}


def _why_cut(links: Links, rows: int, domains: int, count: Count, asked: int) -> str | None:
    """Say why rows must be missing from a list, None when nothing hints at it.

    No provider says so itself: rows that end just where the question did, or a plan does, or
    domains that the provider counted and did not list, are all there is to go by.
    """
    total, of = count.rows, count.domains
    more = total is None or total > rows
    if rows and rows == asked and more:
        return f"{rows:,} rows asked for" + ("" if total is None else f", of {total:,}")
    if rows < asked and more and rows in links.caps:
        return f"{rows:,} rows, where a plan of the provider ends"
    if of is not None and is_clearly_fewer(domains, of):
        return f"{domains:,} of the {of:,} domains that the provider counts"
    return None
