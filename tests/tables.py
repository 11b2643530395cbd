"""Writes the small tables that tests ask about; every site in them is invented."""

import csv
import itertools
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from running import FIXTURES

OURS = "https://our.example/page"
Row = Mapping[str, object]

_AHREFS = FIXTURES / "vendors" / "ahrefs-backlinks-2026.csv"


def rival(number: int) -> str:
    return f"https://rival{number}.example/guide"


def write_rows(path: Path, rows: Sequence[Row]) -> Path:
    """Write rows as CSV under the headings of the first."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def write_serp(
    path: Path,
    counts: Sequence[int | None],
    *,
    ours: tuple[int, int | None] | None = None,
    more: Mapping[str, object] | None = None,
) -> Path:
    """Write a SERP: a page of another site for each count, at positions 1, 2, ...

    `ours` is the position and count of our own page, which takes no rival's position; `more` are
    cells that every row has.
    """
    free = (place for place in itertools.count(1) if not ours or place != ours[0])
    pages = [
        (place, rival(number), count)
        for place, (number, count) in zip(free, enumerate(counts, start=1), strict=False)
    ]
    pages += [(ours[0], OURS, ours[1])] if ours else []
    return write_rows(
        path,
        [
            {
                "keyword": "desk lamp",
                "position": position,
                "url": url,
                "referring_domains": "" if count is None else count,
                **(more or {}),
            }
            for position, url, count in pages
        ],
    )


def sources(count: int, *, start: int = 0) -> list[str]:
    """Give pages of as many sites."""
    return [f"https://source{number}.example/post" for number in range(start, start + count)]


def links_to(target: str, count: int, **cells: object) -> list[Row]:
    """Give a link from each of `count` sites to a page; cells are columns of gapcalc's own CSV."""
    return [{"source_url": url, "target_url": target, **cells} for url in sources(count)]


def write_links(path: Path, counts: Mapping[str, int], **cells: object) -> Path:
    """Write the links to each page, from as many sites as its count."""
    return write_rows(
        path, [row for target, count in counts.items() for row in links_to(target, count, **cells)]
    )


def write_ahrefs(path: Path, target: str, links: Iterable[str], **cells: object) -> Path:
    """Write links from source pages to a target in the form of an Ahrefs backlinks export."""
    header = _AHREFS.read_text(encoding="utf-16").partition("\n")[0]
    headings = [heading.strip('"') for heading in header.split("\t")]
    plain = {"Nofollow": "false", "UGC": "false", "Sponsored": "false", "Is spam": "false"}
    with path.open("w", encoding="utf-16", newline="") as file:
        writer = csv.DictWriter(
            file, headings, restval="", delimiter="\t", quoting=csv.QUOTE_ALL, lineterminator="\n"
        )
        writer.writeheader()
        for url in links:
            writer.writerow({"Referring page URL": url, "Target URL": target, **plain, **cells})
    return path
