"""Answer 1,000 keywords at once: 10,000 pages with 10,000,000 links in Parquet files.

    python tests/benchmarks/many_keywords.py FOLDER [--keywords 1000] [--links 1000] [--gapcalc PATH]

Writes the SERPs and the links (Ahrefs columns, ten files) into FOLDER unless they are there, then runs
`gap` and `prospects` over all of them, and DuckDB's `count(*)` over the same files; then SERPs with
counts of 100 and of 1,000 keywords, which tell what a further keyword costs. The links of a page come from some 700 domains: most of the keyword's own field of 60,000 domains, some of 2,000 that
link to everybody. Ends with 1 when a limit is missed.
"""

import argparse
import csv
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import duckdb
from figures import Figure, at_most, markdown
from paired import MIB, Run, measure, paired

PAGES, FILES = 10, 10
FEW, MANY, RUNS = 100, 1000, 5
MOST_MS = 1
MOST_GIB = 2
OWN = "oursite.example"

_WRITE = """
copy (
    with link as (
        select n // $links as page, n, hash(n) as h, hash(n, 'b') as g from range($first, $last) as t(n)
    ),
    placed as (
        select page, page // $pages as keyword, n, h, g,
            case when h % 100 < 15 then 'known' || (g % 2000)
                else 'field' || (page // $pages) || 'x' || (g % 60000) end as name
        from link
    )
    select
        'Page ' || n as "Referring page title",
        'https://' || name || '.example/post-' || (h % 3) as "Referring page URL",
        'en' as "Language",
        (hash(name) % 901 / 10.0)::double as "Domain rating",
        (hash(name, 't') % 50000)::bigint as "Domain traffic",
        (h % 120)::bigint as "External links",
        'https://www.' || case when page % $pages = 4 then '{own}'
            else 'site' || page || '.example' end || '/guide-' || keyword as "Target URL",
        case when h % 11 = 0 then 'best guide' else 'guide ' || (h % 5000) end as "Anchor",
        'text' as "Type", h % 40 = 0 as "Is spam", h % 5 = 0 as "Nofollow", h % 60 = 0 as "UGC",
        h % 70 = 0 as "Sponsored",
        (date '2024-01-01' + (g % 1000)::integer)::timestamp as "First seen",
        date '2026-11-01'::timestamp as "Last seen",
        case when h % 9 = 0 then timestamp '2026-09-01 10:00:00' end as "Lost"
    from placed order by n
) to '{out}' (format parquet)
"""


def main() -> int:
    """Make the files, run the commands, print the table; 1 if a limit is missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--keywords", type=int, default=1000)
    parser.add_argument("--links", type=int, default=1000, help="links of a page")
    parser.add_argument("--gapcalc", default=f"{sys.executable} -m gapcalc")
    parser.add_argument("--write", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.write:
        write(given.folder, given.keywords, given.links)
        return 0
    if not (given.folder / "serps.csv").exists():
        # In a child, because no child that is measured later can hold less than this process.
        subprocess.run([sys.executable, *sys.argv, "--write"], check=True)
    gapcalc = given.gapcalc.split()
    figures = [*run(given.folder, gapcalc), *further_keyword(given.folder, gapcalc)]
    print(markdown(figures))
    return int(any(not figure.kept for figure in figures))


def write(folder: Path, keywords: int, links: int) -> None:
    """Write the SERPs and the links."""
    folder.mkdir(parents=True, exist_ok=True)
    total = keywords * PAGES * links
    with duckdb.connect() as engine:
        for n in range(FILES):
            bounds = {"first": total * n // FILES, "last": total * (n + 1) // FILES}
            out = folder / f"links-{n}.parquet"
            statement = _WRITE.replace("{own}", OWN).replace("{out}", str(out))
            engine.execute(statement, {**bounds, "links": links, "pages": PAGES})
    with (folder / "serps.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(("keyword", "position", "url", "authority", "metric", "type"))
        for page in range(keywords * PAGES):
            keyword, place = divmod(page, PAGES)
            site = OWN if place == 4 else f"site{page}.example"
            url = f"https://www.{site}/guide-{keyword}"
            rows.writerow((f"guide {keyword:04}", place + 1, url, 40, "DR", "Organic"))
    for count in (FEW, MANY):
        _write_counts(folder / f"serps-{count}.csv", count)


def _write_counts(path: Path, keywords: int) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(("keyword", "position", "url", "referring_domains", "authority", "metric"))
        for page in range(keywords * PAGES):
            keyword, place = divmod(page, PAGES)
            url = f"https://{OWN if place == 4 else f'site{place}.example'}/guide-{keyword}"
            rows.writerow((f"guide {keyword}", place + 1, url, page * 37 % 400, 40, "DR"))


def run(folder: Path, gapcalc: list[str]) -> Iterator[Figure]:
    """Run the commands once each, and give the figures."""
    files = [str(folder / "serps.csv"), *(str(folder / f"links-{n}.parquet") for n in range(FILES))]
    counted = measure([sys.executable, "-c", _COUNT, *files[1:]])
    gap = measure([*gapcalc, *files, "--site", OWN, "-q"])
    page = f"https://www.{OWN}/guide-0"
    leads = measure([*gapcalc, "prospects", *files, "--target", page, "-q"])
    yield Figure("count(*), which reads only the files' metadata", f"{counted.wall:.2f} s")
    yield from _figures("gap", gap, counted)
    yield from _figures("prospects", leads, counted)


def further_keyword(folder: Path, gapcalc: list[str]) -> Iterator[Figure]:
    """Give the processor time of one more keyword with ten pages, output included."""
    for form in ("table", "csv", "json", "jsonl"):
        few, many = paired(
            [
                [*gapcalc, str(folder / f"serps-{n}.csv"), "--site", OWN, "--format", form, "-q"]
                for n in (FEW, MANY)
            ],
            RUNS,
        )
        more = median(m.processor - f.processor for f, m in zip(few.runs, many.runs, strict=True))
        yield at_most(f"a further keyword, {form}", more / (MANY - FEW) * 1000, MOST_MS, "ms")


_COUNT = """
import sys, duckdb
duckdb.execute("set enable_progress_bar = false")
print(duckdb.execute("select count(*) from read_parquet($1)", [sys.argv[1:]]).fetchall())
"""


def _figures(name: str, done: Run, counted: Run) -> Iterator[Figure]:
    yield Figure(name, f"{done.wall:.1f} s")
    yield Figure(f"{name}, processor time", f"{done.processor:.1f} s")
    yield Figure(f"{name} / count(*)", f"{done.wall / counted.wall:.0f} x")
    yield at_most(f"peak memory, {name}", done.peak_bytes / MIB / 1024, MOST_GIB, "GiB")


if __name__ == "__main__":
    sys.exit(main())
