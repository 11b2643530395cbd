"""When pages won and lost their counted domains, by month, compared with plain Python."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest

from build import PAGE, REAL_EXPORTS, count_months, write_links
from gapcalc.rows import DomainMonths
from oracle.months import DatedLink, months_of, read_dated_links

AS_OF = date(2026, 11, 20)


def link(
    domain: str, first: str = "", last: str = "2026-11-13", *, lost: bool = False, **cells: str
) -> Mapping[str, str]:
    return {
        "source_url": f"https://{domain}/post",
        "first_seen": first,
        "last_seen": last,
        "lost": "true" if lost else "false",
        **cells,
    }


def months(folder: Path, links: Iterable[Mapping[str, str]], as_of: date = AS_OF) -> DomainMonths:
    path = write_links(folder / "links.csv", list(links))
    return count_months([path], as_of)[PAGE]


def month(year: int, number: int) -> int:
    return year * 12 + number - 1


MAY, AUGUST, OCTOBER, NOVEMBER = (month(2026, number) for number in (5, 8, 10, 11))


def test_a_domain_is_won_with_its_earliest_link_and_lost_with_its_last(tmp_path: Path) -> None:
    """Worked out by hand.

    a links since May, and again since August: won in May. b's links of May and August are lost,
    the last of them in October: won in May, lost in October. c lost one link of two: not lost.
    """
    found = months(
        tmp_path,
        [
            link("a.example", "2026-08-01"),
            link("a.example", "2026-05-31", anchor="again"),
            link("b.example", "2026-05-02", "2026-08-09", lost=True),
            link("b.example", "2026-08-02", "2026-10-30", lost=True, anchor="again"),
            link("c.example", "2025-01-01", "2026-10-01", lost=True),
            link("c.example", "2026-08-01", anchor="again"),
        ],
    )

    assert found.won == {MAY: 2, month(2025, 1): 1}
    assert found.lost == {OCTOBER: 1}
    assert found.shows_lost
    assert found.unknown is None


def test_links_that_a_rule_drops_and_internal_ones_win_nothing(tmp_path: Path) -> None:
    found = months(
        tmp_path,
        [
            link("a.example", "2026-05-01", sponsored="true"),
            link("a.example", "2026-08-01", sponsored="false", anchor="again"),
            link("b.example", "2026-05-01", sponsored="true"),
            link("www.target.example", "2026-05-01", sponsored="false"),
        ],
    )

    assert found.won == {AUGUST: 1}


@pytest.mark.parametrize(
    ("last", "as_of", "end"),
    [
        pytest.param("2026-11-13", AS_OF, NOVEMBER, id="the data ends within a month"),
        pytest.param("2026-10-31", AS_OF, NOVEMBER, id="the data ends with a month"),
        pytest.param("2026-10-30", AS_OF, OCTOBER, id="the data ends a day before"),
        pytest.param("2026-11-13", date(2026, 8, 5), AUGUST, id="the answer is as of a day before"),
    ],
)
def test_only_full_months_before_the_end_of_the_data_count(
    tmp_path: Path, last: str, as_of: date, end: int
) -> None:
    assert months(tmp_path, [link("a.example", "2026-01-01", last)], as_of).end == end


def test_a_list_without_lost_links_shows_no_losses(tmp_path: Path) -> None:
    found = months(tmp_path, [link("a.example", "2026-05-01")])

    assert (found.shows_lost, found.lost) == (False, {})


@pytest.mark.parametrize(
    ("undated", "unknown"),
    [
        pytest.param(20, "its list does not say when links were first seen", id="no date"),
        pytest.param(2, "its list does not say when links were first seen", id="2 of 20"),
        pytest.param(1, None, id="1 of 20"),
        pytest.param(0, None, id="all dated"),
    ],
)
def test_months_are_unknown_where_dates_are_missing(
    tmp_path: Path, undated: int, unknown: str | None
) -> None:
    links = [
        link(f"s{number}.example", "" if number < undated else "2026-05-01") for number in range(20)
    ]

    assert months(tmp_path, links).unknown == unknown


def test_months_are_unknown_where_each_domain_shows_one_link(tmp_path: Path) -> None:
    links = [
        link(f"s{number}.example", "2026-05-01", target_url=f"https://target.example/{number % 2}")
        for number in range(10)
    ]
    path = write_links(tmp_path / "links.csv", links)

    found = count_months([path], AS_OF)

    assert {months.unknown for months in found.values()} == {"its list has one link per domain"}


def test_lists_of_several_vendors_are_one_history(tmp_path: Path) -> None:
    """A domain that one vendor lost and another still has is not lost; the earlier day counts."""
    first = write_links(
        tmp_path / "a.csv",
        [link("a.example", "2026-08-01", "2026-10-01", lost=True, vendor="ahrefs")],
    )
    second = write_links(
        tmp_path / "b.csv",
        [link("a.example", "2026-05-01", vendor="semrush"), link("b.example", "2026-05-01")],
    )

    for paths in ([first, second], [second, first]):
        found = count_months(paths, AS_OF)[PAGE]
        assert (found.won, found.lost) == ({MAY: 2}, {})


# --- held against plain Python -------------------------------------------------------------------


DATED = sorted(
    path
    for folder in ("*-backlinks", "*-refdomains")
    for path in REAL_EXPORTS.glob(f"{folder}/*.csv")
)


@pytest.mark.slow
@pytest.mark.parametrize(
    "path",
    DATED or [pytest.param(None, marks=pytest.mark.skip("the real exports are not at hand"))],
    ids=lambda path: path and "/".join(path.parts[-2:]),
)
def test_real_exports_have_the_months_of_plain_python(path: Path) -> None:
    """The file is read as if all of its links went to one page."""
    found = count_months([path], AS_OF, rules=(), bound={0: PAGE})[PAGE]

    assert (dict(found.won), dict(found.lost)) == months_of(read_dated_links(path))
    assert found.won


@pytest.mark.parametrize("seed", range(2))
def test_random_links_have_the_months_of_plain_python(seed: int, tmp_path: Path) -> None:
    dice = Random(seed)
    pages = [f"https://page{number}.example/x" for number in range(500)]
    made = {page: [random_link(dice) for _ in range(dice.randint(0, 12))] for page in pages}
    rows = [row_of(link, page) for page, links in made.items() for link in links]
    dice.shuffle(rows)

    found = count_months([write_links(tmp_path / "links.csv", rows)], AS_OF)

    for page, links in made.items():
        name = page.removeprefix("https://")
        if links:
            expected = months_of(links, name.partition("/")[0])
            assert (dict(found[name].won), dict(found[name].lost)) == expected


def random_link(dice: Random) -> DatedLink:
    def day() -> date:
        return date(2026, 1, 1) + timedelta(days=dice.randint(-300, 320))

    site = dice.choice(("a.example", "b.co.uk", "c.example", "page3.example", "d.blogspot.com"))
    is_lost = dice.random() < 0.5
    return DatedLink(
        source=f"https://{dice.choice(('', 'www.', 'x.'))}{site}/{dice.randint(1, 9)}",
        won=day() if dice.random() < 0.9 else None,
        is_lost=is_lost,
        gone=day() if is_lost and dice.random() < 0.9 else None,
        passes=dice.random() < 0.8,
    )


def row_of(link: DatedLink, page: str) -> Mapping[str, str]:
    return {
        "source_url": link.source,
        "target_url": page,
        "first_seen": link.won.isoformat() if link.won else "",
        "last_seen": link.gone.isoformat() if link.gone else "",
        "lost": "true" if link.is_lost else "false",
        "sponsored": "false" if link.passes else "true",
    }
