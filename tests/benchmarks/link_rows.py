"""The rows of a large Ahrefs Backlinks export.

Rows are put together from pieces drawn from pools, so that a million of them take seconds. Source
domains follow Zipf's law. Used by generate.py; nothing to run here.
"""

from collections.abc import Sequence
from random import Random

from pools import HOST_STARTS, LIVE_CODES, PREFIXES, RANK_VARIANTS, Pools
from targets import POSSIBLE_DOMAINS

SCATTER = 999_983  # a prime: neighbours in rank get unlike names
LOST = 0.10
INTERNAL = 0.01
REDIRECTED = 0.02

Row = tuple[str, ...]
Columns = dict[str, list[str]]


def draw_rows(rng: Random, pools: Pools, count: int) -> list[Row]:
    """Each row as its pieces in writing order: joined they are its text, line end included."""
    ranks = [int(POSSIBLE_DOMAINS ** rng.random()) for _ in range(count)]
    names = [rank * SCATTER % POSSIBLE_DOMAINS for rank in ranks]
    standings = [rank.bit_length() * RANK_VARIANTS + rank % RANK_VARIANTS for rank in ranks]

    def drawn(pool: Sequence[str]) -> list[str]:
        return rng.choices(pool, k=count)

    columns = {
        "title": drawn(pools.titles),
        "prefix": drawn(PREFIXES),
        "host start": [pools.host_starts[name % HOST_STARTS] for name in names],
        "host end": [pools.host_ends[name // HOST_STARTS] for name in names],
        "path": drawn(pools.paths),
        "audience": [pools.audiences[standing] for standing in standings],
        "code": drawn(LIVE_CODES),
        "standing": [pools.standings[standing] for standing in standings],
        "figures": drawn(pools.page_figures),
        "target": drawn(pools.targets),
        "before": drawn(pools.before_links),
        "after": drawn(pools.after_links),
        "flags": drawn(pools.flags),
        "end": drawn(pools.live_ends),
    }
    _lose_some(rng, columns, pools)
    _redirect_some(rng, columns, pools)
    _make_some_internal(rng, columns, pools)
    return list(zip(*columns.values(), strict=True))


def _some(rng: Random, columns: Columns, share: float) -> list[int]:
    rows = len(columns["title"])
    return rng.sample(range(rows), k=round(rows * share))


def _lose_some(rng: Random, columns: Columns, pools: Pools) -> None:
    for row in _some(rng, columns, LOST):
        columns["code"][row], columns["end"][row] = rng.choice(pools.lost_ends)


def _redirect_some(rng: Random, columns: Columns, pools: Pools) -> None:
    for row in _some(rng, columns, REDIRECTED):
        columns["before"][row], columns["after"][row] = rng.choice(pools.redirects)


def _make_some_internal(rng: Random, columns: Columns, pools: Pools) -> None:
    for row in _some(rng, columns, INTERNAL):
        columns["host start"][row] = pools.sites[columns["target"][row]]
        columns["host end"][row] = ""
