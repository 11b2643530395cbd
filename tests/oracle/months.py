"""When a page won and lost its domains, by docs/method.md, in plain Python over the rows of a file."""

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from publicsuffixlist import PublicSuffixList

_SUFFIXES = PublicSuffixList()


class DatedLink(NamedTuple):
    """A link of a page as a file tells it; `won` and `gone` are days, None where not said."""

    source: str
    won: date | None
    is_lost: bool
    gone: date | None
    passes: bool = True


def months_of(
    links: Iterable[DatedLink], own: str = "target.example"
) -> tuple[dict[int, int], dict[int, int]]:
    """Count the domains won and lost in each month; a month is 12 times the year, and its place."""
    by_domain: dict[str, list[DatedLink]] = defaultdict(list)
    for link in links:
        domain = domain_of(link.source)
        if domain is not None and domain != own and link.passes:
            by_domain[domain].append(link)
    won: Counter[int] = Counter()
    lost: Counter[int] = Counter()
    for found in by_domain.values():
        first = [link.won for link in found if link.won]
        last = [link.gone for link in found if link.gone]
        won.update(_months([min(first)] if first else []))
        lost.update(_months([max(last)] if last and all(link.is_lost for link in found) else []))
    return dict(won), dict(lost)


def _months(days: Sequence[date]) -> list[int]:
    return [day.year * 12 + day.month - 1 for day in days]


def domain_of(source: str) -> str | None:
    """Give the registrable domain of a URL or host; None for what is neither."""
    host = urlsplit(source if "://" in source else f"http://{source}").hostname or ""
    labels = host.removesuffix(".").split(".")
    if len(labels) == 1:
        return None
    name = ".".join(label if label.isascii() else label.encode("idna").decode() for label in labels)
    return name if name.replace(".", "").isdigit() else _SUFFIXES.privatesuffix(name) or name


def read_dated_links(path: Path) -> list[DatedLink]:
    """Read an export of Ahrefs, Semrush or Majestic."""
    data = path.read_bytes()
    text = data.decode("utf-16" if data[:2] == b"\xff\xfe" else "utf-8-sig", errors="replace")
    delimiter = "\t" if "\t" in text.partition("\n")[0] else ","
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    headings = [heading.strip().lower() for heading in next(rows)]
    return [
        _link(dict(zip(headings, cells, strict=True)))
        for cells in rows
        if len(cells) == len(headings)
    ]


def _link(row: Mapping[str, str]) -> DatedLink:
    found = (row.get(name) for name in ("referring page url", "source url", "domain"))
    source = next(value for value in found if value is not None)
    last = _day(_starting(row, "last seen", "lastlinkdate_"))
    lost = row.get("lost", row.get("lost link", ""))
    is_lost = lost.lower() not in {"", "false"}
    gone = _day(lost) or last if is_lost else None
    return DatedLink(source, _day(_starting(row, "first seen", "firstlinkdate_")), is_lost, gone)


def _starting(row: Mapping[str, str], *names: str) -> str:
    return next((row[heading] for heading in row for name in names if heading.startswith(name)), "")


def _day(cell: str) -> date | None:
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(cell[:10], form).date()  # noqa: DTZ007  (a day, of no zone)
        except ValueError:
            continue
    return None
