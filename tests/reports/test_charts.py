"""Charts say what the results say, in words and drawn, on any ground and without a network."""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from gapcalc.reports.charts import CHARTS
from gapcalc.reports.document import Picture
from gapcalc.reports.draw import draw
from running import command_after, run, run_process
from tables import write_rows, write_serp

DESK = ("standing-desk", "--target", "https://www.deskwise.example/standing-desk/")
AUDIT = ("audit", "audit", "--target", "https://www.lampkin.example/desk-lamp/")
PLAN = ("plan", "growing-rivals", "--target", "https://www.ours.example/oak-table/")
SEVERAL = ("eight-keywords", "--site", "oakdesk.example")
SVG = "{http://www.w3.org/2000/svg}"
Row = Mapping[str, str | int | float | bool | None]
PAGE: Row = {"kind": "page", "measure": "counted", "own": False, "out": False}
PICTURES = (
    Picture(
        "pages",
        "Pages",
        "Two pages.",
        (
            {**PAGE, "name": "1  a.example/x", "raw": 40, "count": 30},
            {**PAGE, "name": "2  b.example/y", "raw": None, "count": None, "own": True},
            {"kind": "goal", "name": "Median", "count": 30, "bound": "at least"},
        ),
    ),
    Picture(
        "kd",
        "KD",
        "KD 3.",
        (
            {"kind": "curve", "kd": 0, "rd": 0},
            {"kind": "curve", "kd": 40, "rd": 60.0},
            {"kind": "point", "kd": 3, "rd": 4, "low": None, "high": None},
        ),
    ),
)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "texts"),
    [
        pytest.param(DESK, ["95 of 129", "Median 52", "15 of 22", "your page"], id="one keyword"),
        pytest.param(SEVERAL, ["+28 (12 of 40)", "+1,295", "bar cut"], id="several"),
        pytest.param(PLAN, ["goal 20", "goal if rivals grow", "reached in month 3"], id="plan"),
        pytest.param(AUDIT, ["May 2026", ">12<"], id="audit"),
    ],
)
def test_a_chart_is_drawn_beside_the_answer(
    arguments: Sequence[str], texts: Sequence[str], tmp_path: Path
) -> None:
    file = tmp_path / "chart.svg"

    done = run(*arguments, "--chart", file)

    assert done.code == 0
    assert len(done.out.splitlines()) > 10
    svg = file.read_text(encoding="utf-8")
    for text in texts:
        assert text in " ".join(svg.split())
    root = ET.fromstring(svg)  # noqa: S314  (we drew it)
    assert root.get("role") == "img"
    named = {element.get("id"): element.text or "" for element in root.iter() if element.get("id")}
    title, described = (named[name] for name in (root.get("aria-labelledby") or "").split())
    assert title
    assert re.search(r"\d", described)


@pytest.mark.slow
def test_what_a_chart_says_in_words_has_every_number_of_the_answer(tmp_path: Path) -> None:
    (one,) = json.loads(run(*DESK, "--json", "--chart", tmp_path / "c.svg").out)["keywords"]

    root = ET.parse(tmp_path / "c.svg").getroot()  # noqa: S314  (we drew it)
    described = root.findtext(f"{SVG}desc") or ""
    assert all(f"{page['count']} of {page['listed']}" in described for page in one["pages"])
    assert described.endswith("Goals: Competitive 39, Entry 41, Median 52.")


@pytest.mark.slow
def test_labels_of_close_lines_stand_apart(tmp_path: Path) -> None:
    serp = write_serp(tmp_path / "serp.csv", [50, 51, 52, 53, 54, 55, 56])

    run("plan", serp, "--own-rds", 50, "--pace", 1, "--chart", tmp_path / "c.svg")

    svg = (tmp_path / "c.svg").read_text(encoding="utf-8")
    found = re.findall(r"<text[^>]* transform=\"translate\(([\d.]+),([\d.]+)\)\"[^>]*>([^<]+)", svg)
    places = {text: (float(x), float(y)) for x, y, text in found}
    yours, goal = places["yours at 1 a month"], places["goal 53"]
    assert yours[0] == goal[0]
    assert goal[1] - yours[1] >= 12


@pytest.mark.slow
def test_a_png_is_one_and_the_same_bytes_each_time(tmp_path: Path) -> None:
    for name in ("a.png", "b.PNG"):
        assert run(*PLAN, "--chart", tmp_path / name).code == 0

    first = (tmp_path / "a.png").read_bytes()
    assert first.startswith(b"\x89PNG")
    assert first == (tmp_path / "b.PNG").read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.chart)
def test_an_svg_takes_the_colour_of_its_page_and_has_ids_of_its_own(picture: Picture) -> None:
    svg, other = draw(picture, "svg"), draw(picture._replace(title="Another"), "svg")

    assert svg == draw(picture, "svg")
    assert isinstance(svg, str)
    assert isinstance(other, str)
    assert 'fill="currentColor"' in svg
    assert "white" not in svg
    ids = [set(re.findall(r'\bid="([^"]*)"', text)) for text in (svg, other)]
    assert ids[0]
    assert ids[0] & ids[1] == set()
    assert "http" not in svg.replace("http://www.w3.org/", "")


def test_hostile_text_in_a_chart_stays_text(tmp_path: Path) -> None:
    texts = ("</title><script>alert(1)</script>", "datum.name", '"><img src=x>', "a\u202eb")
    rows = [
        {
            "keyword": text,
            "position": n,
            "url": f"https://r{n}.example/",
            "referring_domains": n * 9,
        }
        for text in texts
        for n in range(1, 5)
    ]
    serp = write_rows(tmp_path / "serp.csv", rows)

    for name, options in (("all", ()), ("one", ("--keyword", texts[0]))):
        done = run(serp, *options, "--own-rds", "3", "--chart", tmp_path / f"{name}.svg")
        assert done.code == 0, done.err
        root = ET.parse(tmp_path / f"{name}.svg").getroot()  # noqa: S314  (we drew it)
        assert not [e for e in root.iter() if e.tag.removeprefix(SVG) in {"script", "img", "image"}]
        assert "\u202e" not in "".join(root.itertext())


def test_names_that_are_cut_alike_have_a_bar_each(tmp_path: Path) -> None:
    rows = [
        {
            "keyword": f"best reading lamp for {word} desks in a home office",
            "position": n,
            "url": f"https://r{n}.example/",
            "referring_domains": n * 9,
        }
        for word in ("small", "large")
        for n in range(1, 5)
    ]
    serp = write_rows(tmp_path / "s.csv", rows)

    assert run(serp, "--own-rds", "3", "--chart", tmp_path / "c.svg").code == 0
    svg = (tmp_path / "c.svg").read_text(encoding="utf-8")
    assert svg.count("home office<") == svg.count("home office (2)<") == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["--chart", "c.gif"],
            "--chart c.gif: a chart is drawn to a file that ends in .svg or .png",
        ),
        (
            ["--chart", "c.svg", "--format", "csv", "-o", "c.svg"],
            "--chart c.svg: the answer is written to the same file",
        ),
        (
            ["--chart", "no/c.svg", "-o", "x.csv"],
            "--chart no/c.svg: there is no folder no. Create it first",
        ),
    ],
)
def test_a_chart_that_cannot_be_is_refused_before_there_is_an_answer(
    arguments: Sequence[str], message: str, tmp_path: Path
) -> None:
    serp = write_rows(
        tmp_path / "s.csv", [{"keyword": "a", "position": 1, "url": "https://a.example/"}]
    )

    done = run(serp, *arguments, cwd=tmp_path)

    assert (done.code, done.out, done.err) == (2, "", f"gapcalc: {message}\n")
    assert [path.name for path in tmp_path.iterdir()] == ["s.csv"]


def test_an_answer_without_numbers_has_no_chart_and_says_so(tmp_path: Path) -> None:
    serp = write_rows(
        tmp_path / "s.csv", [{"keyword": "a", "position": 1, "url": "https://a.example/"}]
    )

    done = run(serp, "--chart", tmp_path / "c.svg")

    assert done.code == 0
    assert done.err.endswith("this answer has nothing to draw; no file was written\n")
    assert not (tmp_path / "c.svg").exists()


def test_without_the_extra_a_chart_is_one_sentence() -> None:
    hidden = "import sys; sys.modules['vl_convert'] = None"

    done = run_process(
        "vendors/gapcalc-serp.csv", "--chart", "c.svg", command=command_after(hidden)
    )

    assert (done.code, done.out) == (2, "")
    assert done.err == (
        "gapcalc: a chart needs packages that are not installed. Install them: "
        "pip install 'gapcalc[report]'\n"
    )


def test_every_chart_has_a_picture() -> None:
    source = Path(draw.__code__.co_filename).with_name("views") / "pictures.py"

    assert set(re.findall(r'Picture\(\s*"(\w+)"', source.read_text(encoding="utf-8"))) == set(
        CHARTS
    )
