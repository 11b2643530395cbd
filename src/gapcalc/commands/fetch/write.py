"""Writes what was fetched: SERPs and counts in our own form, links in the vendor's, all or nothing."""

import csv
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from glob import escape
from hashlib import sha256
from pathlib import Path

from gapcalc import __version__
from gapcalc.analyses.totals import is_whole
from gapcalc.commands.fetch import run as running
from gapcalc.commands.fetch.plan import Estimate, Found, Order
from gapcalc.commands.fetch.run import Run, RunOptions, fetch, open_run
from gapcalc.data import read_whole
from gapcalc.errors import InputError, UsageError
from gapcalc.formats import own
from gapcalc.formats.base import Export
from gapcalc.formats.cells import Value
from gapcalc.inputs.manifest import NAME, ManifestEntry, read_manifest, write_manifest
from gapcalc.providers.base import Count, LinksStep, StepName
from gapcalc.settings import Settings
from gapcalc.urls import host_of, page_of

MADE_BY = "gapcalc fetch"
_LONGEST_SLUG = 60


@dataclass(frozen=True)
class Bill:
    """What a fetch was estimated to cost, what it did cost, and which files it wrote.

    Amounts are in parts of the provider's unit; `lost` may have been spent on answers that did not
    arrive, or that nobody could understand.
    """

    estimate: Estimate
    spent: Mapping[StepName, int]
    lost: int
    files: tuple[str, ...]


def fetch_folder(order: Order, settings: Settings, options: RunOptions, folder: Path) -> Bill:
    """Fetch an order and write it into a folder, whole or not at all.

    Raises UsageError for a folder that cannot be written before anything is asked, and else as
    `fetch` does.
    """
    check_folder(folder)
    with open_run(settings, options) as run:
        found, known = fetch(order, run)
        with new_folder(folder) as partial:
            files = write_files(run, found, known, partial)
        return Bill(known, run.budget.spent, run.budget.lost, files)


def check_folder(folder: Path) -> None:
    """Refuse a folder that cannot be written, or holds anything but what an earlier fetch wrote.

    Raises UsageError.
    """
    try:
        if not folder.exists():
            there = next(parent for parent in folder.resolve().parents if parent.exists())
            if not os.access(there, os.W_OK | os.X_OK):
                raise UsageError(f"-o {folder}: {there} may not be written")
            return
        if not folder.is_dir():
            raise UsageError(f"-o {folder}: it is a file, and a folder is to be written")
        foreign = sorted({path.name for path in folder.iterdir()} - _written_by_fetch(folder))
    except (OSError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UsageError(f"-o {folder}: it cannot be written ({reason})") from error
    if foreign:
        raise UsageError(
            f"-o {folder}: it holds {foreign[0]}, which gapcalc fetch did not write. "
            "Name a new or an empty folder"
        )


def _written_by_fetch(folder: Path) -> set[str]:
    manifest = folder / NAME
    try:
        data = read_whole(manifest)
        told = read_manifest(data, str(manifest))
    except (OSError, InputError):
        return set()
    return {NAME, *told} if MADE_BY.encode() in data else set()


@contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """Give an empty folder that takes the place of `folder` once all is written into it.

    Raises UsageError when it cannot be written.
    """
    # A link keeps pointing where it does: the folder behind it is the one to replace.
    target = folder.resolve()
    partial, old = (target.with_name(f".{target.name}.{os.getpid()}.{s}") for s in ("part", "old"))
    try:
        _sweep(target)
        partial.mkdir(parents=True)
        yield partial
        check_folder(folder)
        if target.exists():
            shutil.copymode(target, partial)
            target.rename(old)
        partial.rename(target)
    except OSError as error:
        if old.exists() and not target.exists():
            old.rename(target)
        raise UsageError(f"-o {folder}: it cannot be written ({error.strerror})") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


def _sweep(target: Path) -> None:
    """Take away what a killed run left beside its folder; put back a folder that it set aside."""
    for left in target.parent.glob(f".{escape(target.name)}.*.*"):
        _, pid, end = left.name.rsplit(".", 2)
        if end in {"part", "old"} and pid.isdecimal() and not _is_running(int(pid)):
            if end == "old" and not target.exists():
                left.rename(target)
            else:
                shutil.rmtree(left, ignore_errors=True)


def _is_running(pid: int) -> bool:
    if os.name == "nt":  # where signal 0 ends the process
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        pass
    return True


def slug(text: str) -> str:
    """Give a file name for a keyword or a page: readable, and different for different texts.

    >>> slug("Desk lamp?"), slug("desk lamp")
    ('desk-lamp-d0f5f4', 'desk-lamp-295a25')
    """
    plain = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:_LONGEST_SLUG].strip("-")
    mark = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:6]
    return f"{plain}-{mark}" if plain else mark


_BREAKS = re.compile(r"[\r\n\x00]+")
_STANDS = ("", "false")
"""What the column `lost` holds for a link that is still there."""


@dataclass(frozen=True)
class _ListSize:
    """What a list holds: rows, those of live links among them, and the domains of these."""

    rows: int
    live: int
    domains: int


def write_list(found: Found, url: str, path: Path) -> ManifestEntry:
    """Write the list of a page, piece by piece, and say whether it is whole."""
    session, asked, rows, live = found.session, found.rows_wanted(url), 0, 0
    links = session.provider.links
    domains: set[str] = set()
    with path.open("w", encoding="utf-8", errors="replace", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_headings(links.export, links.fields))
        for _, piece in session.walk(links, url, asked, ask=True):
            for row in piece.rows if piece else ():
                cells = (_BREAKS.sub(" ", row.get(field, "")) for field in links.fields)
                writer.writerow(map(own.shield, cells))
                rows += 1
                live += row.get("lost", "") in _STANDS
                domains |= _live_domain(row, found.order)
    count = found.counts.get(url, Count(None, None))
    cut = _why_cut(links, _ListSize(rows, live, len(domains)), count, asked)
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


def _why_cut(links: LinksStep, found: _ListSize, count: Count, asked: int) -> str | None:
    """Say why rows must be missing from a list, None when nothing hints at it.

    No provider says so itself. The signs are: the rows end where the question or the plan does, or
    the provider counts more domains than it lists.
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


def write_files(run: Run, found: Found, known: Estimate, folder: Path) -> tuple[str, ...]:
    """Write every file, the manifest last, and give their names; all answers are in the cache."""
    order, pages = found.order, found.pages()
    entries: dict[str, ManifestEntry] = {}
    for keyword in order.keywords:
        rows = list(_serp_rows(found, keyword))
        if rows:
            name = f"serp-{slug(keyword)}.csv"
            _write(folder / name, own.SERP, rows)
            entries[name] = ManifestEntry()
    count = found.counts.get(pages.own) if pages.own is not None else None
    if pages.own is not None and count is not None and count.domains is not None:
        row: Mapping[str, Value] = {
            "url": pages.own,
            "referring_domains": count.domains,
            "vendor": run.session.provider.name,
        }
        _write(folder / "own-page.csv", own.PAGES, [row])
        entries["own-page.csv"] = ManifestEntry()
    if order.depth == "links":
        for url in pages.urls:
            name = f"links-{slug(url)}.csv"
            entries[name] = write_list(found, url, folder / name)
    text = write_manifest(entries, f"{MADE_BY} {__version__}", _about(order, run, known))
    (folder / NAME).write_text(text, encoding="utf-8", errors="replace", newline="\n")
    return (*entries, NAME)


def _write(path: Path, export: Export, rows: list[Mapping[str, Value]]) -> None:
    text = own.write(export, rows)
    path.write_text(text, encoding="utf-8", errors="replace", newline="\n")


def _serp_rows(found: Found, keyword: str) -> Iterator[Mapping[str, Value]]:
    domains = {page_of(url): count.domains for url, count in found.counts.items()}
    kd, provider = found.difficulty.get(keyword), found.session.provider
    for result in found.serps[keyword]:
        ranked = result.ranked
        yield {
            "keyword": keyword,
            "position": ranked.position,
            "url": ranked.url,
            "referring_domains": domains.get(result.page) if result.page else None,
            "country": found.order.country,
            "type": ranked.kind,
            "title": ranked.title,
            "authority": ranked.authority,
            "metric": None if ranked.authority is None else provider.serp.metric,
            "kd": kd,
            "kd_vendor": None if kd is None else provider.name,
            "vendor": provider.name,
        }


def _about(order: Order, run: Run, known: Estimate) -> dict[str, object]:
    target, unit, budget = order.question.target, known.unit, run.budget
    return {
        "provider": run.session.provider.name,
        "made_at": datetime.fromtimestamp(running.CLOCK.now(), UTC).isoformat(timespec="seconds"),
        "parameters": {
            "keywords": list(order.keywords),
            "country": order.country,
            "target": None if target is None else target.url,
            "top": order.question.top,
            "depth": order.depth,
            "max_rows": order.max_rows,
            "one_per_domain": order.one_per_domain,
            "steps": {step.step: step.via for step in known.steps},
        },
        "units": {
            "unit": unit.name,
            "estimated": unit.write(known.units),
            "spent": unit.write(budget.total),
            "lost": unit.write(budget.lost),
        },
    }
