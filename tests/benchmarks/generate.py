"""Write a large Ahrefs Backlinks export, invented but true to form, and its SERP file.

    python tests/benchmarks/generate.py ROWS OUT [--utf16] [--faults [N]] [--seed 7]
                                        [--serp FILE] [--keywords 10]

The form is that of 2026-02: 37 columns, every cell quoted, about 870 bytes a row. UTF-8 with
commas, or with --utf16 as downloaded: UTF-16 little endian with tabs, the same data row by row.
The same arguments give the same bytes; --faults adds damage without touching the good rows and
writes OUT.faults.json, a list of {kind, line}, where `line` is the physical line (from 1) on which
the faulty record starts.
"""

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path
from random import Random

from damage import (
    ODD_LINE_END,
    Dialect,
    Fault,
    FoundFault,
    faulty_record,
    spread_faults,
    with_odd_line_end,
)
from headers import BACKLINKS
from link_rows import Row, draw_rows
from pools import build_pools
from targets import TargetPage, serp_text, spelled_targets, target_pages

BLOCK = 10_000
UTF8 = Dialect(",", "utf-8")
UTF16 = Dialect("\t", "utf-16-le", byte_order_mark="\ufeff")


@dataclass(frozen=True, slots=True)
class Order:
    rows: int
    dialect: Dialect
    faults: int
    seed: int
    keywords: int

    @property
    def pages(self) -> list[TargetPage]:
        return target_pages(self.keywords, self.seed)


def main() -> None:
    arguments = _arguments()
    order = Order(
        rows=arguments.rows,
        dialect=UTF16 if arguments.utf16 else UTF8,
        faults=arguments.faults,
        seed=arguments.seed,
        keywords=arguments.keywords,
    )
    faults = write_links(arguments.out, order)
    if order.faults:
        report = json.dumps([asdict(fault) for fault in faults], indent=1)
        Path(f"{arguments.out}.faults.json").write_text(report + "\n")
    if arguments.serp:
        serp = serp_text(order.pages, order.rows, order.seed)
        arguments.serp.write_text(serp, encoding="utf-8", newline="\n")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("rows", type=int)
    parser.add_argument("out", type=Path)
    parser.add_argument("--utf16", action="store_true", help="UTF-16LE with BOM and tabs")
    parser.add_argument("--faults", type=int, nargs="?", const=25, default=0, metavar="N")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--serp", type=Path, metavar="FILE", help="also write the SERP file")
    parser.add_argument("--keywords", type=int, default=10)
    arguments = parser.parse_args()
    if arguments.faults >= arguments.rows:
        parser.error("more faults than rows to hold them")
    return arguments


def write_links(path: Path, order: Order) -> list[FoundFault]:
    found = []
    line = 1
    with path.open("wb") as file:
        for kind, text in _chunks(order):
            if kind:
                found.append(FoundFault(kind, line))
            file.write(order.dialect.encoded(text))
            line += text.count("\n")
    return found


def _chunks(order: Order) -> Iterator[tuple[str | None, str]]:
    """Yield the file in pieces of any size, each with the fault it is, if it is one."""
    rng = Random(order.seed)
    targets = spelled_targets(order.pages, rng)
    pools = build_pools(rng, order.dialect.separator, targets)
    faults = list(spread_faults(order.faults, order.rows))
    yield None, order.dialect.byte_order_mark + order.dialect.line(BACKLINKS)
    for first in range(0, order.rows, BLOCK):
        rows = draw_rows(rng, pools, min(BLOCK, order.rows - first))
        due = [fault for fault in faults if first < fault.after_row <= first + len(rows)]
        yield from _with_faults(rows, first, due, order.dialect)


def _with_faults(
    rows: list[Row], first: int, due: list[Fault], dialect: Dialect
) -> Iterator[tuple[str | None, str]]:
    written = 0
    for fault in due:
        here = fault.after_row - first
        yield None, _joined(rows[written : here - 1])
        good_row = _joined(rows[here - 1 : here])
        if fault.kind == ODD_LINE_END:
            yield fault.kind, with_odd_line_end(good_row)
        else:
            yield None, good_row
            yield fault.kind, faulty_record(fault, good_row, dialect)
        written = here
    yield None, _joined(rows[written:])


def _joined(rows: list[Row]) -> str:
    return "".join(chain.from_iterable(rows))


if __name__ == "__main__":
    main()
