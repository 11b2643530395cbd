"""Audits compared with a second profile in plain Python, which shares no code with gapcalc."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any, TypeVar

import pytest

from build import REAL_EXPORTS
from gapcalc.analyses.anchors import read_anchors
from gapcalc.suffixes import default_rules
from oracle.months import domain_of
from oracle.profile import (
    CLASSES,
    Line,
    Share,
    Site,
    class_of,
    median_of,
    months_of,
    read_lines,
    shares_of,
)
from running import result
from tables import Row, write_rows

Cell = TypeVar("Cell")
EXPORTS = sorted(
    path
    for folder in ("ahrefs-backlinks", "semrush-backlinks")
    for path in REAL_EXPORTS.glob(f"{folder}/*.csv")
)
KEYWORD = "best online desk lamp"


@pytest.mark.slow
@pytest.mark.parametrize(
    "path",
    EXPORTS or [pytest.param(None, marks=pytest.mark.skip("the real exports are not at hand"))],
    ids=lambda path: path and "/".join(path.parts[-2:]),
)
def test_real_exports_have_the_profile_of_plain_python(path: Path) -> None:
    lines = read_lines(path)
    domain = Counter(domain_of(line.target) for line in lines).most_common(1)[0][0] or ""
    mine = [line for line in lines if domain_of(line.target) == domain]

    found = result("audit", path, "--target", domain, "--keyword", KEYWORD)

    one_each = found["target"]["complete"] is False
    expected = shares_of(mine, Site(domain, KEYWORD))
    assert found["domains"]["live"] == len({li.domain for li in mine if not li.lost} - {domain})
    assert shares_in(found) == {group: known(shares) for group, shares in expected.items()}
    assert (
        found["history"] is None if one_each else months_in(found) == months_of(mine, Site(domain))
    )


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_random_lists_have_the_profile_of_plain_python(seed: int, tmp_path: Path) -> None:
    """Of four pages with their lists the first is ours; the file has all columns, eight, or four."""
    dice = Random(seed)
    pages = [f"https://www.page{number}.example/x" for number in range(4)]
    for columns in (COLUMNS, dice.sample(COLUMNS, 8), dice.sample(COLUMNS, 4)):
        made = {
            page: [random_line(dice, page) for _ in range(dice.randint(1, 60))] for page in pages
        }
        seen = {page: [as_told(line, columns) for line in lines] for page, lines in made.items()}
        rows = [row_of(line, columns) for lines in made.values() for line in lines]
        dice.shuffle(rows)
        write_rows(tmp_path / "links.csv", rows)
        serp = [
            {"keyword": KEYWORD, "position": place, "url": page}
            for place, page in enumerate(pages, start=1)
        ]
        write_rows(tmp_path / "serp.csv", serp)

        found = result(
            "audit",
            "links.csv",
            "serp.csv",
            "--target",
            pages[0],
            "--brand",
            "desk club",
            cwd=tmp_path,
        )

        assert_profile(found, pages, seen)


def assert_profile(
    found: Mapping[str, Any], pages: Sequence[str], seen: Mapping[str, Sequence[Line]]
) -> None:
    sites = [Site(domain_of(page) or "", KEYWORD) for page in pages]
    sites[0] = sites[0]._replace(brands=("desk club",))
    own, *rivals = (shares_of(seen[page], site) for page, site in zip(pages, sites, strict=True))
    assert shares_in(found) == {group: known(shares) for group, shares in own.items()}
    for group, shares in found["shares"].items():
        for name, share in shares.items():
            others = [of_rival(rival[group], name) for rival in rivals]
            beside = share["rivals"] and share["rivals"]["median"]
            assert beside == median_of(others), (group, name)
    new, lost = months_of(seen[pages[0]], sites[0])
    if found["history"] is None:
        assert not new
    else:
        tells_lost = any(line.lost for line in seen[pages[0]] if line.domain != sites[0].domain)
        assert months_in(found) == (new, lost if tells_lost else Counter())


def of_rival(shares: Mapping[str, Share], name: str) -> Share:
    return shares.get(name, (0, max((known for _, known in shares.values()), default=0)))


def known(shares: Mapping[str, Share]) -> dict[str, tuple[int | None, int]]:
    return {name: share if share[1] else (None, 0) for name, share in shares.items()}


def shares_in(found: Mapping[str, Any]) -> dict[str, dict[str, tuple[int | None, int]]]:
    return {
        group: {name: (share["count"], share["known"]) for name, share in shares.items()}
        for group, shares in found["shares"].items()
    }


def months_in(found: Mapping[str, Any]) -> tuple[dict[str, int], dict[str, int]]:
    months = found["history"]["months"]
    return (
        {month["month"]: month["new"] for month in months if month["new"]},
        {month["month"]: month["lost"] for month in months if month["lost"]},
    )


# --- made-up lists -------------------------------------------------------------------------------


COLUMNS = (
    *("anchor", "kind", "language", "nofollow", "ugc", "sponsored", "spam", "authority"),
    *("traffic", "external", "links", "first", "lost", "gone"),
)
NAMES = {
    "traffic": "domain_traffic",
    "external": "external_links",
    "first": "first_seen",
    "gone": "last_seen",
}
WORDS = (
    "best",
    "online",
    "desk",
    "lamp",
    "club",
    "here",
    "page0",
    "read",
    "more",
    "lámpara",
    "desk-lamp",
)
ODD = (
    "",
    " ",
    "page0.example",
    "https://x.example/a b",
    "wikipedia.org",
    "node.js",
    "a@b.com",
    "«здесь»",
)
SOURCES = (
    "a.example",
    "b.co.uk",
    "c.blogspot.com",
    "d.blogspot.com",
    "page0.example",
    "münchen.de",
)


def random_line(dice: Random, page: str) -> Line:
    def maybe(value: Cell) -> Cell | None:
        return value if dice.random() < 0.85 else None

    site = dice.choice((*SOURCES, *(f"s{number}.example" for number in range(12))))
    source = f"https://{dice.choice(('', 'www.', 'x.'))}{site}/{dice.randint(1, 9)}"
    lost = dice.random() < 0.3
    return Line(
        source,
        domain_of(source) or "",
        page,
        random_anchor(dice),
        dice.choice(("text", "image", "Text", "")),
        dice.choice(("en", "de-AT", "en,fr", "", "EN_us")),
        maybe(dice.random() < 0.3),
        maybe(dice.random() < 0.1),
        maybe(dice.random() < 0.1),
        maybe(dice.random() < 0.2),
        maybe(dice.choice((0, 9, 9.5, 10, 39, 79.9, 80, 100))),
        maybe(dice.choice((0, 1, 99, 100, 9999, 100000))),
        maybe(dice.choice((1, 500, 501, 900))),
        dice.choice((1, 2, 50, 100, 120)),
        maybe(date(2026, 1, 1) + timedelta(days=dice.randint(0, 300))),
        lost,
        maybe(date(2026, 6, 1) + timedelta(days=dice.randint(0, 150))) if lost else None,
    )


def random_anchor(dice: Random) -> str:
    if dice.random() < 0.2:
        return dice.choice(ODD)
    return " ".join(dice.choice(WORDS) for _ in range(dice.randint(1, 5)))


def as_told(line: Line, columns: Sequence[str]) -> Line:
    """Give a link as a file with only these columns tells it."""
    usual = Line(line.source, line.domain, line.target)
    return line._replace(
        **{field: getattr(usual, field) for field in COLUMNS if field not in columns}
    )


def row_of(line: Line, columns: Sequence[str]) -> Row:
    cells = {NAMES.get(field, field): _cell(getattr(line, field)) for field in columns}
    return {"source_url": line.source, "target_url": line.target, **cells}


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def test_a_thousand_random_anchors_have_the_class_of_plain_python() -> None:
    dice = Random(0)
    for domain in ("page0.example", "desk.example", "hp.co.uk"):
        reader = read_anchors(domain, default_rules(), keyword=KEYWORD, brands=("club",))
        site = Site(domain, KEYWORD, ("club",))
        texts = [random_anchor(dice) for _ in range(400)]
        assert [reader.classify(text) for text in texts] == [class_of(text, site) for text in texts]
        assert {class_of(text, site) for text in texts} <= set(CLASSES)
