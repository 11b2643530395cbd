"""Two SERPs of one keyword are never mixed: one is used, and the answer says which."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from running import ask, cautions, result, run
from tables import OURS, write_rows


def serp(
    path: Path, counts: Sequence[int], *, day: str = "", vendor: str = "ahrefs", name: str = "a"
) -> Path:
    rows = [
        {
            "keyword": "Desk" if name == "b" else "desk",
            "position": place,
            "url": f"https://{name}{place}.example/p",
            "referring_domains": count,
            "vendor": vendor,
            "date": day,
        }
        for place, count in enumerate(counts, start=1)
    ]
    return write_rows(path, rows)


def test_the_newer_serp_counts_and_the_older_one_is_named(tmp_path: Path) -> None:
    october = serp(tmp_path / "october.csv", [50, 55, 60], day="2026-10-05")
    november = serp(tmp_path / "november.csv", [500, 550, 600], day="2026-11-05", name="b")

    for files in ((october, november), (november, october)):
        answer = ask(*files)

        assert (answer["goals"]["n"], answer["goals"]["median"]) == (3, 550)
        (said,) = (text for text in cautions(answer) if "older SERP" in text)
        assert "october.csv" in said
        assert "2026-11-05" in said


@pytest.mark.parametrize(
    "days", [("", ""), ("2026-10-05", ""), ("2026-10-05", "2026-10-05")], ids=repr
)
def test_two_serps_without_an_order_are_an_error_that_names_both(
    tmp_path: Path, days: Sequence[str]
) -> None:
    one = serp(tmp_path / "one.csv", [50, 55, 60], day=days[0])
    two = serp(tmp_path / "two.csv", [500, 550, 600], day=days[1], name="b")

    done = run(one, two)

    assert (done.code, done.out) == (3, "")
    assert "one.csv" in done.err
    assert "two.csv" in done.err


def test_the_same_serp_given_twice_is_one(tmp_path: Path) -> None:
    one = serp(tmp_path / "one.csv", [50, 55, 60])
    two = serp(tmp_path / "two.csv", [50, 55, 60])

    assert ask(one, two)["goals"]["n"] == 3


@pytest.mark.parametrize("name", ["a", "b"], ids=["the same pages", "other pages"])
def test_two_serps_in_one_file_are_an_error(tmp_path: Path, name: str) -> None:
    one = serp(tmp_path / "one.csv", [50, 55, 60])
    two = serp(tmp_path / "two.csv", [500, 550, 600], name=name)
    both = tmp_path / "both.csv"
    both.write_text(one.read_text() + "".join(two.read_text().splitlines(keepends=True)[1:]))

    done = run(both)

    assert done.code == 3
    assert "lines 2 and 5 both have position 1" in done.err


def test_two_days_in_one_file_are_two_serps(tmp_path: Path) -> None:
    one = serp(tmp_path / "one.csv", [50, 55, 60], day="2026-10-05")
    two = serp(tmp_path / "two.csv", [500, 550, 600], day="2026-11-05", name="b")
    both = tmp_path / "both.csv"
    both.write_text(one.read_text() + "".join(two.read_text().splitlines(keepends=True)[1:]))

    assert ask(both)["goals"]["median"] == 550


def test_several_results_of_one_feature_are_one_serp(tmp_path: Path) -> None:
    rows = [
        {"position": 1, "url": "https://a.example/", "referring_domains": 5, "type": "AI overview"},
        {"position": 1, "url": "https://b.example/", "referring_domains": 5, "type": "AI overview"},
        {"position": 1, "url": "https://c.example/p", "referring_domains": 5, "type": "organic"},
    ]

    answer = ask(write_rows(tmp_path / "s.csv", [{"keyword": "desk", **row} for row in rows]))

    assert (answer["goals"]["n"], answer["left_out_features"]) == (1, 2)


def test_of_several_vendors_the_first_given_is_the_serp(tmp_path: Path) -> None:
    ahrefs = serp(tmp_path / "ahrefs.csv", [50, 55, 60])
    semrush = serp(tmp_path / "semrush.csv", [500, 550, 600], vendor="semrush", name="b")

    for files, median in (((ahrefs, semrush), 55), ((semrush, ahrefs), 550)):
        answer = ask(*files)

        assert (answer["goals"]["n"], answer["goals"]["median"]) == (3, median)
        assert any("given first, is used" in text for text in cautions(answer))


def test_the_serp_of_another_vendor_gives_totals(tmp_path: Path) -> None:
    ahrefs = serp(tmp_path / "ahrefs.csv", [50, 55, 60])
    rows = [{"keyword": "desk", "position": 4, "url": OURS, "referring_domains": 9}]
    semrush = write_rows(tmp_path / "semrush.csv", [{**row, "vendor": "semrush"} for row in rows])

    answer = ask(ahrefs, semrush, "--target", OURS)

    own = answer["target_page"]
    assert (own["raw"], own["position"], own["total_vendor"]) == (9, None, "semrush")
    assert any("(Ahrefs: a1.example/p" in text for text in cautions(answer))


def test_the_day_of_a_serp_stands_beside_the_input(tmp_path: Path) -> None:
    file = serp(tmp_path / "one.csv", [50, 55, 60], day="2026-10-05")

    (told,) = result(file)["inputs"]

    assert (told["from"], told["to"]) == ("2026-10-05", "2026-10-05")


@pytest.mark.parametrize("word", ["Orgánico", "organisch", "Organique", "orgânico", "Organiczny"])
def test_an_organic_result_is_known_in_other_languages(tmp_path: Path, word: str) -> None:
    rows = [
        {"position": 1, "url": "https://a.example/p", "referring_domains": 5, "type": word},
        {"position": 2, "url": "https://b.example/p", "referring_domains": 7, "type": "Anuncio"},
        {"position": 3, "url": "https://c.example/p", "referring_domains": 9, "type": word},
    ]

    answer = ask(write_rows(tmp_path / "s.csv", [{"keyword": "desk", **row} for row in rows]))

    assert (answer["goals"]["median"], answer["left_out_features"]) == (7, 1)


@pytest.mark.parametrize("word", ["non-organic", "Non organic", "Not organic", "Inorganic"])
def test_what_is_not_organic_is_a_feature(tmp_path: Path, word: str) -> None:
    kinds = ("Organic", word, "Organic, Sitelinks")
    rows = [
        {"keyword": "desk", "position": n, "url": f"https://s{n}.example/", "type": kind}
        for n, kind in enumerate(kinds, start=1)
    ]

    answer = ask(write_rows(tmp_path / "s.csv", rows))

    assert ([page["position"] for page in answer["pages"]], answer["left_out_features"]) == (
        [1, 3],
        1,
    )


@pytest.mark.parametrize(("countries", "found"), [("us,US", {"us"}), ("us,de", {"us", "de", None})])
def test_a_row_without_a_country_belongs_to_the_only_one(
    tmp_path: Path, countries: str, found: set[str | None]
) -> None:
    rows = [
        {"keyword": "desk", "country": country, "position": n, "url": f"https://s{n}.example/"}
        for n, country in enumerate([*countries.split(","), ""], start=1)
    ]

    keywords = result(write_rows(tmp_path / "s.csv", rows))["keywords"]

    assert {k["country"] and k["country"].lower() for k in keywords} == found
    assert sum(len(k["pages"]) for k in keywords) == len(rows)


@pytest.mark.parametrize("command", ["gap", "plan"])
def test_a_serp_without_organic_results_says_so(tmp_path: Path, command: str) -> None:
    rows = [
        {"position": place, "url": f"https://s{place}.example/p", "type": "Web"} for place in (1, 2)
    ]
    file = write_rows(tmp_path / "s.csv", [{"keyword": "desk", **row} for row in rows])

    done = run(command, file, "--own-rds", "0")

    assert done.code == 0
    assert "none of its rows is an organic result" in " ".join(done.out.split())
    assert "('Web')" in done.out


@pytest.mark.parametrize(
    "named", [[0], [0, 1], [0, 2]], ids=["merged cells", "two of three", "gap"]
)
def test_rows_without_the_keyword_of_the_others_are_named(
    tmp_path: Path, named: Sequence[int]
) -> None:
    rows = [
        {
            "keyword": "desk" if n in named else "",
            "position": n + 1,
            "url": f"https://s{n}.example/p",
        }
        for n in range(3)
    ]
    told = result(write_rows(tmp_path / "s.csv", rows), "--own-rds", "0")

    (said,) = (text for text in cautions(told) if "name no keyword" in text)
    assert f"{3 - len(named)} of its rows" in said
