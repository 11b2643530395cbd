"""Several exports of one vendor for one page are one list; lists show the days of their data."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from running import result
from tables import OURS, rival, write_ahrefs, write_rows

pytestmark = pytest.mark.slow

Link = tuple[str, Mapping[str, object]]
LIVE, GONE = {"lost": "false"}, {"lost": "true"}
SEPTEMBER, OCTOBER = "2026-09-30", "2026-10-31"


def write_export(
    path: Path, day: str, links: Sequence[Link], vendor: str = "ahrefs", target: str = OURS
) -> Path:
    plain = {"vendor": vendor, "target_url": target, "anchor": "lamp", "nofollow": "false"}
    rows = [
        {"source_url": url, **plain, "lost": "", "last_seen": day, **cells} for url, cells in links
    ]
    return write_rows(path, rows)


def counts_of(answer: Mapping[str, Any]) -> tuple[int, int, int, int]:
    """Give the raw and followed domains of our page, and its lost and internal links."""
    return counts_by_page(answer)[OURS]


def counts_by_page(answer: Mapping[str, Any]) -> dict[str, tuple[int, int, int, int]]:
    (keyword,) = answer["keywords"]
    return {
        page["url"]: (
            *(page["raw"], page["followed"]),
            *(page["set_aside"]["lost"], page["set_aside"]["internal"]),
        )
        for page in (keyword["target_page"], *keyword["pages"])
    }


def notes(answer: Mapping[str, Any], *files: Path) -> str:
    """Give what is noted of some of the files."""
    names = {str(file) for file in files}
    return " ".join(str(read["note"]) for read in answer["inputs"] if read["name"] in names)


def ask_both(*files: Path, options: Sequence[str] = ()) -> Mapping[str, Any]:
    """Ask with the files in both orders; the answers must be equal."""
    there = result(*files, "--target", OURS, *options)
    back = result(*reversed(files), "--target", OURS, *options)
    assert there["keywords"] == back["keywords"]
    return there


A, B = "https://a.example/post", "https://b.example/post"
OURSELF = "https://our.example/blog"
NOFOLLOW = {"nofollow": "true"}


def test_a_list_given_twice_counts_every_link_once(tmp_path: Path) -> None:
    # The second file spells the second and the third link in another way.
    first = (A, "https://c.example/post", "https://d.example/post")
    again = (A, "http://www.c.example/post/", "https://D.example/post#x")
    links = [(B, GONE), (OURSELF, {}), (OURSELF, {})]
    one, two = (
        write_export(tmp_path / name, OCTOBER, [*((url, {}) for url in spelled), *links])
        for name, spelled in (("one.csv", first), ("two.csv", again))
    )

    assert counts_of(result(one, "--target", OURS)) == (3, 3, 1, 2)
    assert counts_of(ask_both(one, two)) == (3, 3, 1, 2)


CHANGES: Mapping[str, tuple[Mapping[str, object], Mapping[str, object]]] = {
    "lost since": (LIVE, GONE),
    "found again": (GONE, LIVE),
    "nofollow since": ({}, NOFOLLOW),
    "followed since": (NOFOLLOW, {}),
}
"""How two exports can disagree about a link: the older says the first, the newer the second."""


def test_where_two_exports_disagree_the_newer_holds(tmp_path: Path) -> None:
    # 1, 2, 4 and 8 domains: each count tells which of the changes are in it.
    domains = {change: 2**place for place, change in enumerate(CHANGES)}
    old, new = (
        write_export(
            tmp_path / name,
            day,
            [
                (f"https://{change.replace(' ', '-')}{number}.example/post", CHANGES[change][place])
                for change, count in domains.items()
                for number in range(count)
            ],
        )
        for place, (name, day) in enumerate((("old.csv", SEPTEMBER), ("new.csv", OCTOBER)))
    )

    answer = ask_both(old, new)

    raw, followed, lost, internal = counts_of(answer)
    found = {change: (raw & n, followed & n, lost & n) for change, n in domains.items()}
    assert found == {
        "lost since": (0, 0, 1),
        "found again": (2, 2, 0),
        "nofollow since": (4, 0, 0),
        "followed since": (8, 8, 0),
    }
    assert (max(raw, followed, lost) < 2 ** len(CHANGES), internal) == (True, 0)
    assert answer["inputs"][0]["note"] == (
        "a link that is in new.csv too counts once, as the file with the newest date has it"
    ).replace("new.csv", str(new))


def test_a_link_from_a_public_suffix_is_one_link_with_www_and_without(tmp_path: Path) -> None:
    sites = ("gov.uk", "www.ro", "a.example")
    bare = [(f"https://{site}/post", GONE) for site in sites]
    old = write_export(tmp_path / "old.csv", SEPTEMBER, bare)
    www = [(f"https://www.{site}/post", LIVE) for site in sites]
    new = write_export(tmp_path / "new.csv", OCTOBER, www)

    # None is lost, and none is two: each site is one domain.
    assert counts_of(ask_both(old, new)) == (3, 3, 0, 0)


def test_where_no_dates_tell_which_is_newer_live_beats_lost(tmp_path: Path) -> None:
    days = {OURS: ("", ""), rival(1): (SEPTEMBER, ""), rival(2): (OCTOBER, OCTOBER)}
    files = {
        page: (
            write_export(tmp_path / f"{n}-1.csv", one, [(A, GONE), (B, LIVE)], target=page),
            write_export(tmp_path / f"{n}-2.csv", two, [(A, LIVE), (B, GONE)], target=page),
        )
        for n, (page, (one, two)) in enumerate(days.items())
    }

    answer = ask_about(files)

    for page, pair in files.items():
        assert counts_by_page(answer)[page] == (2, 2, 0, 0), days[page]
        assert "as live if any file has it as live" in notes(answer, pair[0]), days[page]


def ask_about(files: Mapping[str, Sequence[Path]]) -> Mapping[str, Any]:
    """Ask about our page and those of rivals, each with its own files, in both orders."""
    rivals = [word for page in files if page != OURS for word in ("--competitor", page)]
    return ask_both(*(file for pair in files.values() for file in pair), options=rivals)


SPAM = {"spam": "true", "external_links": "3"}
CROWDED = {"spam": "false", "external_links": "900"}


def test_exports_that_disagree_give_one_answer_in_any_order(tmp_path: Path) -> None:
    here = {**SPAM, "authority": "20", "first_seen": "2026-01-01"}
    there = {**CROWDED, "authority": "60", "first_seen": "2026-05-05"}
    links = [(A, {}), *_posts(*range(9))]
    files = [
        write_export(tmp_path / f"{n}.csv", "", [(url, {**cells, **more}) for url, cells in links])
        for n, more in enumerate((here, there, here))
    ]
    for command in ("gap", "audit"):
        answers = [
            {**result(command, *order, "--target", OURS), "inputs": (), "method": ()}
            for order in (files, [files[1], files[0], files[2]])
        ]
        assert answers[0] == answers[1], command


def test_parts_of_one_list_add_up(tmp_path: Path) -> None:
    one = write_export(tmp_path / "one.csv", SEPTEMBER, [(A, {}), (A, {"anchor": "desk"})])
    two = write_export(tmp_path / "two.csv", OCTOBER, [(B, {}), (A, {"anchor": "chair"})])

    assert counts_of(ask_both(one, two)) == (2, 2, 0, 0)


def _posts(*numbers: int) -> list[Link]:
    return [(f"https://site{number}.example/post", {}) for number in numbers]


PARTS: Mapping[str, tuple[Sequence[int], Sequence[int], tuple[int, int, int, int]]] = {
    "an old and a new export": ((1, 2, 3, 4), (1, 2, 3, 5), (4, 4, 1, 0)),
    "two parts": ((1, 2), (3, 4), (4, 4, 0, 0)),
    "parts that overlap a little": ((1, 2, 3, 4), (1, 5), (5, 5, 0, 0)),
    "nothing gone": ((1, 2), (1, 2, 3), (3, 3, 0, 0)),
}
"""The links of an older and of a newer export, and what both together count."""


def test_a_link_that_only_an_older_export_of_the_list_has_is_lost(tmp_path: Path) -> None:
    pages = dict(zip(PARTS, (OURS, rival(1), rival(2), rival(3)), strict=True))
    files = {
        pages[case]: (
            write_export(tmp_path / f"{case}-1.csv", SEPTEMBER, _posts(*older), target=pages[case]),
            write_export(tmp_path / f"{case}-2.csv", OCTOBER, _posts(*newer), target=pages[case]),
        )
        for case, (older, newer, _) in PARTS.items()
    }

    answer = ask_about(files)

    for case, (_, _, counts) in PARTS.items():
        assert counts_by_page(answer)[pages[case]] == counts, case
        noted = notes(answer, *files[pages[case]])
        said = "links from 1 page that the newer export lacks count as lost" in noted
        assert said is (counts[2] == 1), case


def test_what_a_newer_export_that_was_cut_lacks_is_not_lost(tmp_path: Path) -> None:
    old = write_export(tmp_path / "old.csv", SEPTEMBER, _posts(1, 2, 3))
    new = write_export(tmp_path / "new.csv", OCTOBER, _posts(*range(2, 1002)))

    assert counts_of(result(old, new, "--target", OURS))[0] == 1001


@pytest.mark.parametrize(
    "other", [{"vendor": "moz"}, {"target": "https://rival.example/p"}], ids=["vendor", "page"]
)
def test_lists_of_another_vendor_or_page_are_no_second_export(
    tmp_path: Path, other: dict[str, str]
) -> None:
    old = write_export(tmp_path / "old.csv", SEPTEMBER, [(A, LIVE)])
    new = write_export(tmp_path / "new.csv", OCTOBER, [(A, GONE)], **other)

    answer = ask_both(old, new)

    assert counts_of(answer)[0] == 1
    assert "counts once" not in f"{answer['inputs']}"


def test_sitewide_sees_a_link_of_two_exports_once(tmp_path: Path) -> None:
    links: list[Link] = [(f"https://a.example/{number}", {}) for number in range(60)]
    one = write_export(tmp_path / "one.csv", SEPTEMBER, links)
    two = write_export(tmp_path / "two.csv", OCTOBER, links)

    answer = ask_both(one, two, options=("--profile", "strict"))

    assert answer["keywords"][0]["target_page"]["dropped"]["sitewide"] == 0


def test_a_link_list_tells_the_first_and_the_last_day_of_its_data(tmp_path: Path) -> None:
    days = [{"last_seen": day} for day in (OCTOBER, SEPTEMBER, "", f"{SEPTEMBER} 12:30:00")]
    links = [(f"https://s{n}.example/", cells) for n, cells in enumerate(days)]
    path = write_export(tmp_path / "l.csv", "", links)

    (read,) = result(path, "--target", OURS)["inputs"]

    assert (read["from"], read["to"]) == (SEPTEMBER, OCTOBER)


@pytest.mark.parametrize(
    ("heading", "days"), [("first_seen", (None, OCTOBER)), ("title", (None, None))]
)
def test_a_list_that_does_not_tell_when_links_were_seen_last(
    tmp_path: Path, heading: str, days: tuple[str | None, str | None]
) -> None:
    path = write_rows(tmp_path / "l.csv", [{"source_url": A, "target_url": OURS, heading: OCTOBER}])

    answer = result(path, "--target", OURS, "--as-of", "2027-12-31")

    assert (answer["inputs"][0]["from"], answer["inputs"][0]["to"]) == days
    assert not answer["cautions"]


@pytest.mark.parametrize(("as_of", "is_old"), [("2027-01-29", False), ("2027-01-30", True)])
def test_data_older_than_90_days_is_a_caution(tmp_path: Path, as_of: str, is_old: bool) -> None:  # noqa: FBT001  (a column of the table)
    path = write_ahrefs(tmp_path / "a.csv", OURS, [A], **{"Last seen": "2026-10-31 10:00:00"})

    answer = result(path, "--target", OURS, "--as-of", as_of)

    said = [caution["text"] for caution in answer["cautions"] if caution["code"] == "old-data"]
    sentence = (
        f"The data of {path} ends more than 90 days before {as_of} (on 2026-10-31). Links come and go: "
        "export it again."
    )
    assert said == [sentence] * is_old


CLEAN = {"spam": "false"}
FULL: list[Link] = [
    (A, LIVE | CLEAN),
    (B, GONE | CLEAN),
    ("https://c.example/post", LIVE | {"spam": "true"}),
]


def write_cells(path: Path, *cells: str) -> Path:
    path.write_text("".join(f"{row}\n" for row in cells), encoding="utf-8")
    return path


POORER = {
    "domains": ("source_domain,vendor", *(f"{host}.example,ahrefs" for host in "abc")),
    "a copy with fewer columns": (
        "source_url,target_url,vendor,nofollow",
        *(f"https://{host}.example/post,{OURS},ahrefs,false" for host in "abc"),
    ),
    "a copy without anchors, of other pages": (
        "source_url,target_url,vendor",
        *(f"https://{host}.example/,{OURS},ahrefs" for host in "abc"),
    ),
}


@pytest.mark.parametrize("rows", POORER.values(), ids=POORER)
def test_a_list_that_says_less_revives_no_lost_link(tmp_path: Path, rows: Sequence[str]) -> None:
    full = write_export(tmp_path / "full.csv", "", FULL)
    poor = write_cells(tmp_path / "poor.csv", *rows)
    binding = ["--links-for", f"{OURS}={poor}"] if rows == POORER["domains"] else []
    answer = ask_both(full, poor, options=binding)
    own = answer["keywords"][0]["target_page"]
    assert (own["raw"], own["kept"], own["followed"]) == (2, 1, 1)
    assert [c["code"] for c in answer["cautions"]] == ["file-not-used"]
    assert "poor.csv is not used: " in answer["cautions"][0]["text"]


def test_a_list_that_says_less_adds_the_domains_that_the_other_lacks(tmp_path: Path) -> None:
    full = write_export(tmp_path / "full.csv", "", FULL)
    rows = ["source_domain,vendor", *(f"{host}.example,ahrefs" for host in "adefg")]
    poor = write_cells(tmp_path / "poor.csv", *rows)
    answer = ask_both(full, poor, options=["--links-for", f"{OURS}={poor}"])
    assert counts_of(answer)[0] == 6
    assert "columns-missing" not in [c["code"] for c in answer["cautions"]]
