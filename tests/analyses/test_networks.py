"""Networks: groups of weak domains behind exactly the same pages; a pattern, not proof."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from running import ask, cautions, result, run
from tables import OURS, Row, rival, write_rows

pytestmark = pytest.mark.slow

Cells = Mapping[str, object]


def world(
    folder: Path, plain: Sequence[int], groups: Sequence[tuple[Sequence[int], int, Cells]]
) -> Path:
    """Write a SERP and lists: a number of own domains for each page, and the groups.

    A group is a tuple: the numbers of its pages, its size, and the cells of its links.
    """
    rows: list[Row] = [
        {
            "source_url": f"https://own{page}-{n}.example/",
            "target_url": rival(page),
            "authority": 40,
        }
        for page, count in enumerate(plain, start=1)
        for n in range(count)
    ]
    for number, (pages, size, cells) in enumerate(groups):
        rows += [
            {
                "source_url": f"https://net{number}-{n}.example/{page}",
                "target_url": rival(page),
                "authority": 8,
                "anchor": f"words {number} {n} {page}",
                "ip": f"203.0.{n}.7",
                **cells,
            }
            for n in range(size)
            for page in pages
        ]
    fields = {name: "" for row in rows for name in row}
    write_rows(folder / "links.csv", [{**fields, **row} for row in rows])
    serp = [
        {"keyword": "desk", "position": page, "url": rival(page)}
        for page in range(1, len(plain) + 1)
    ]
    write_rows(folder / "serp.csv", serp)
    return folder


def groups_of(answer: Mapping[str, Any]) -> list[tuple[int, int]]:
    """Give the size of each network, and the number of its pages."""
    return [(len(one["domains"]), len(one["pages"])) for one in answer["networks"]]


WEAK: Cells = {"authority": 19.9}


@pytest.mark.parametrize(
    ("pages", "size", "cells", "found"),
    [
        pytest.param((1, 2, 3), 5, {}, True, id="three pages in common"),
        pytest.param((1, 2, 3), 4, {}, False, id="four domains"),
        pytest.param((1, 2, 3), 5, {"authority": 20}, False, id="a median of 20"),
        pytest.param((1, 2, 3), 5, WEAK, True, id="a median just below"),
        pytest.param((1, 2, 3), 5, {"authority": ""}, False, id="authority unknown"),
        pytest.param((1, 2), 5, {}, False, id="two pages and nothing else"),
        pytest.param((1, 2), 5, {"anchor": "best desk"}, True, id="one anchor"),
        pytest.param((1, 2), 5, {"anchor": ""}, False, id="no anchor is none in common"),
        pytest.param((1, 2), 5, {"ip": "198.51.100.9"}, True, id="one address range"),
        pytest.param((1,), 5, {"anchor": "best desk"}, False, id="one page"),
    ],
)
def test_a_network_is_weak_large_enough_and_has_one_more_thing_in_common(
    tmp_path: Path,
    pages: Sequence[int],
    size: int,
    cells: Cells,
    found: bool,  # noqa: FBT001  (the expected value)
) -> None:
    answer = ask(world(tmp_path, [3, 3, 3], [(pages, size, cells)]), "--own-rds", 0)

    assert groups_of(answer) == ([(size, len(pages))] if found else [])


def test_a_domain_that_links_to_one_more_page_is_in_no_group_of_those_that_do_not(
    tmp_path: Path,
) -> None:
    folder = world(tmp_path, [3, 3, 3], [((1, 2), 4, {"anchor": "a"}), ((1, 2, 3), 1, {})])

    assert groups_of(ask(folder)) == []


def test_the_evidence_is_shown(tmp_path: Path) -> None:
    cells = {"anchor": "Best Desk", "ip": "198.51.100.9"}
    answer = ask(world(tmp_path, [3, 3, 3], [((1, 3), 5, cells)]), "--own-rds", 0)

    (network,) = answer["networks"]
    assert network == {
        "domains": [f"net0-{n}.example" for n in range(5)],
        "pages": ["rival1.example/guide", "rival3.example/guide"],
        "median_authority": 8,
        "address_range": "198.51.100.0/24",
        "anchors": ["best desk"],
    }
    # The counts are 8, 3 and 8; without the network 3, 3 and 3.
    assert answer["network_effect"] == {
        "domains": 5,
        "dropped": False,
        "median_with": 8,
        "median_without": 3,
        "need_with": 8,
        "need_without": 3,
        "bounds": dict.fromkeys(
            ("median_with", "median_without", "need_with", "need_without"), "exact"
        ),
    }
    assert (
        "5 domains may be a network (net0-0.example, net0-1.example ...): 5 link to the same 2 pages "
        "only, median authority 8, all in 198.51.100.0/24, the same anchors. Pattern, not proof. "
        "Without them (--rule network) the median is 3 instead of 8, the need 3 instead of 8."
    ) in cautions(answer)


def test_the_rule_is_off_unless_it_is_named_and_then_drops_the_network(tmp_path: Path) -> None:
    folder = world(tmp_path, [3, 3, 3], [((1, 2, 3), 5, {})])
    off, on = ask(folder), ask(folder, "--rule", "network")

    assert (off["goals"]["median"], on["goals"]["median"]) == (8, 3)
    assert on["waterfall"]["network"] == 15
    assert on["network_effect"]["median_with"] == 8
    assert on["networks"] == off["networks"]


def test_the_published_case_falls_from_546_to_217(tmp_path: Path) -> None:
    # The network's domains link to pages 3, 4 and 5 (117), to 3 and 4 (171), to 4 and 5 (41):
    # 491 - 288 = 203, 546 - 329 = 217, 635 - 158 = 477.
    plain = [100, 150, 203, 217, 477, 900, 17525]
    one = {"anchor": "best offer"}
    folder = world(tmp_path, plain, [((3, 4, 5), 117, one), ((3, 4), 171, one), ((4, 5), 41, one)])
    off, on = ask(folder), ask(folder, "--rule", "network")

    assert [page["kept"] for page in off["pages"]] == [100, 150, 491, 546, 635, 900, 17525]
    assert [page["kept"] for page in on["pages"]] == plain
    assert (off["goals"]["median"], on["goals"]["median"]) == (546, 217)
    assert off["network_effect"]["median_without"] == 217


def two_keywords(folder: Path) -> Path:
    """Write a keyword with a network, and one whose pages its domains link to differently.

    Page 4 ranks for the second keyword only, and some of the domains link to it as well.
    """
    world(folder, [3, 3, 3], [((1, 2, 3), 5, {})])
    more = [
        {"source_url": f"https://net0-{n}.example/", "target_url": rival(4), "authority": 8}
        for n in range(2)
    ]
    write_rows(folder / "more.csv", more)
    second = [{"keyword": "table", "position": page, "url": rival(page)} for page in (1, 2, 3, 4)]
    write_rows(folder / "second.csv", second)
    return folder


def test_a_network_of_one_keyword_is_no_lead_of_that_one_only(tmp_path: Path) -> None:
    arguments = ("prospects", two_keywords(tmp_path), "--target", OURS, "--rule", "network")
    together = result(*arguments)

    assert [one["counts"]["leads"] for one in together["keywords"]] == [0, 5]
    for place, name in enumerate(("desk", "table")):
        alone = result(*arguments, "--keyword", name)
        assert alone["keywords"] == [together["keywords"][place]]
        assert [(one["domain"], one["linking_pages"]) for one in alone["prospects"]] == [
            (one["domain"], one["linking_pages"])
            for one in together["prospects"]
            if name in {keyword["keyword"] for keyword in one["keywords"]}
        ]


def test_the_effect_of_a_network_is_at_least_so_much_where_lists_are_cut(tmp_path: Path) -> None:
    # The list of page 2 has 8 domains, and its vendor counts 40: the median is 8 or more.
    folder = world(tmp_path, [3, 3, 30], [((1, 2), 5, {"anchor": "best desk"})])
    serp = [
        {"keyword": "desk", "position": page, "url": rival(page), "referring_domains": total}
        for page, total in ((1, 8), (2, 40), (3, 30))
    ]
    write_rows(folder / "serp.csv", serp)
    answer = ask(folder, "--own-rds", 0)

    effect = answer["network_effect"]
    assert (effect["median_with"], effect["median_without"]) == (8, 3)
    assert effect["bounds"] == {
        "median_with": "at least",
        "median_without": "at least",
        "need_with": "at least",
        "need_without": "at least",
    }
    (said,) = [c["text"] for c in answer["cautions"] if c["code"] == "network"]
    assert "the median is at least 3 instead of at least 8, the need at least 3 instead of" in said
    shown = " ".join(run(folder, "--own-rds", 0).out.split())
    assert "Without them you need at least 3, not at least 8 (--rule network)." in shown


def test_networks_that_change_nothing_are_said_to(tmp_path: Path) -> None:
    groups: Sequence[tuple[Sequence[int], int, Cells]] = [
        ((1, 2), 5, {"anchor": "best desk"}),
        ((1, 2, 3), 5, {}),
    ]
    folder = world(tmp_path, [50, 60, 70, 9, 9, 9, 9], groups)

    (said,) = [text for text in cautions(ask(folder, "--own-rds", 0)) if "a network" in text]
    shown = " ".join(run(folder, "--own-rds", 0).out.split())

    assert said.endswith(
        "median authority 8, the same anchors and 1 more group. Pattern, not proof. Without them "
        "(--rule network) median and need are the same."
    )
    assert "10 domains may be one network. Without them you need 9 as well" in shown


def test_a_network_of_one_keyword_is_dropped_in_that_one_only(tmp_path: Path) -> None:
    arguments = (two_keywords(tmp_path), "--rule", "network")
    together = {one["keyword"]: one for one in result(*arguments)["keywords"]}

    assert groups_of(together["desk"]) == [(5, 3)]
    assert groups_of(together["table"]) == []
    for name, answer in together.items():
        alone = ask(*arguments, "--keyword", name)
        assert alone["pages"] == answer["pages"]
        assert alone["goals"] == answer["goals"]


def test_the_leads_show_the_networks_and_which_of_them_belong_to_one(tmp_path: Path) -> None:
    folder = world(tmp_path, [3, 3, 3], [((1, 2, 3), 5, {}), ((1, 2), 1, {"authority": 60})])
    answer = result("prospects", folder, "--target", OURS)

    assert [one["in_network"] for one in answer["prospects"]] == [True] * 5 + [False]
    assert groups_of(answer["keywords"][0]) == [(5, 3)]
    dropped = result("prospects", folder, "--target", OURS, "--rule", "network")
    assert [one["domain"] for one in dropped["prospects"]] == ["net1-0.example"]
