"""Every option is declared once, and checked in the same way wherever its value comes from."""

import json
import math
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from gapcalc.errors import GapcalcError
from gapcalc.option import Declared
from gapcalc.settings import FILE_NAME, Settings, declarations
from running import Run, run
from tables import write_serp

DEEP = "[" * 5000 + "]" * 5000
IN_FILES = [declared for declared in declarations() if "file" in declared.option.where]
OTHERS = [declared for declared in declarations() if "file" not in declared.option.where]


# --- from Python ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "message"),
    [
        pytest.param({"profile": "bogus"}, "profile: 'bogus' is not one of all, ", id="a word"),
        pytest.param({"profile": None}, "profile: None is not one of all, ", id="no word"),
        pytest.param({"basis": "nonsense"}, "basis: 'nonsense' is not one of kept, ", id="basis"),
        pytest.param({"basis": ["kept"]}, "basis: ['kept'] is not one of kept, ", id="a list"),
        pytest.param({"tolerance": 3}, "tolerance: 3 is out of range; ", id="a range"),
        pytest.param({"tolerance": math.nan}, "tolerance: nan is not a number", id="NaN"),
        pytest.param({"tolerance": "x"}, "tolerance: 'x' is not a number", id="a text"),
        pytest.param({"pace": math.inf}, "pace: inf is not a number", id="infinity"),
        pytest.param({"pace": 1e308}, "is out of range; it is at most a trillion", id="1e308"),
        pytest.param({"top": 10**5000}, "top: a number of thousands of digits is out", id="huge"),
        pytest.param({"top": 1.5}, "top: 1.5 is not a whole number", id="a fraction"),
        pytest.param({"top": True}, "top: True is not a whole number", id="a switch"),
        pytest.param({"top": None}, "top: None is not a whole number", id="nothing"),
        pytest.param({"sensitivity": 2}, "sensitivity: 2 is neither true nor false", id="2"),
        pytest.param({"target": 5}, "target: 5 is not a text; put it between quotes", id="no text"),
        pytest.param({"target": "a\0b"}, "target: 'a\\x00b' holds a NUL character", id="NUL"),
        pytest.param({"keyword": "x" * 20_000}, "is longer than 10,000 characters", id="long"),
        pytest.param({"psl": "\0"}, "psl: '\\x00' holds a NUL character", id="NUL in a path"),
        pytest.param({"psl": Path("\0")}, "holds a NUL character", id="a path with a NUL"),
        pytest.param({"psl": ""}, "psl: the name of the file is empty", id="no path"),
        pytest.param({"as_of": "2026-02-30"}, "as_of: '2026-02-30' is not a date; ", id="a date"),
        pytest.param({"as_of": 7}, "as_of: 7 is not a date; write it as 2026-01-31", id="a number"),
        pytest.param({"exclude": 5}, "exclude: 5 is not a list", id="no list"),
        pytest.param({"exclude": [5]}, "exclude: 5 is not a text", id="a number in a list"),
        pytest.param({"drop": ["shop"]}, "drop: 'shop' is not one of platform, ", id="in a list"),
        pytest.param({"ugc_patterns": ["x"]}, "ugc_patterns: 'x' is not one of comment", id="ugc"),
        pytest.param({"memory_limit": "lots"}, "write it as 512MB or 2GB", id="a size"),
        pytest.param({"kd": [1]}, "kd: [1] is not a text", id="a KD in a list"),
        pytest.param({"kd": True}, "kd: True is not a number", id="a switch for a KD"),
        pytest.param({"language": ["english"]}, "write it as en or de", id="a language's name"),
        pytest.param({"explain": "-"}, "explain: '-' is no file here", id="standard output"),
        pytest.param({"disavow": "-"}, "disavow: '-' is no file here", id="no disavow file"),
    ],
)
def test_a_bad_value_is_a_usage_error(values: dict[str, Any], message: str) -> None:
    with pytest.raises(GapcalcError) as refused:
        Settings(**values)

    assert message in str(refused.value)
    assert len(str(refused.value)) < 300


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param({"top": "3"}, 3, id="a number as text"),
        pytest.param({"top": 3.0}, 3, id="a whole float"),
        pytest.param({"pace": 2}, 2.0, id="an integer for a float"),
        pytest.param({"kd": 34}, 34.0, id="a KD"),
        pytest.param({"kd": "ahrefs:34"}, "ahrefs:34", id="a KD with its vendor"),
        pytest.param({"language": ["de", "pt-BR"]}, ("de", "pt-BR"), id="languages"),
        pytest.param({"sensitivity": "yes"}, True, id="a switch as text"),
        pytest.param({"psl": "list.dat"}, Path("list.dat"), id="a path as text"),
        pytest.param({"as_of": "2026-01-31"}, date(2026, 1, 31), id="a date as text"),
        pytest.param({"drop": ["platform"]}, ("platform",), id="a list"),
        pytest.param({"drop": "platform, homepage"}, ("platform", "homepage"), id="commas"),
        pytest.param({"exclude": ["https://a.example/x,y"]}, ("https://a.example/x,y",), id="one"),
    ],
)
def test_a_value_may_be_written_in_several_ways(values: dict[str, Any], expected: object) -> None:
    (name,) = values
    value = getattr(Settings(**values), name)

    assert (value, type(value)) == (expected, type(expected))


def test_json_is_the_format_json() -> None:
    assert Settings(json=True).format == "json"


# --- from the file and the environment -----------------------------------------------------------


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write_serp(tmp_path / "serp.csv", [50, 40, 30, 20, 10], ours=(6, 4))
    return tmp_path


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("pace = 1e308", "pace: ", id="a number beyond reckoning"),
        pytest.param("tolerance = nan", "tolerance: nan is not a number", id="NaN"),
        pytest.param('psl = "\\u0000"', "psl: ", id="NUL in a path"),
        pytest.param('output = "\\u0000"', "output: ", id="NUL in the output"),
        pytest.param('block_domains = "\\u0000"', "block_domains: ", id="NUL in a list's name"),
        pytest.param('links_for = ["https://a.example/=\\u0000"]', "links_for: ", id="NUL bound"),
        pytest.param(f"a = {DEEP}", "its lists are nested too deeply", id="deep"),
        pytest.param(f"top = {'[' * 90 + ']' * 90}", "is not a whole number", id="deep enough"),
        pytest.param(f"top = {'9' * 4000}", "top: ", id="thousands of digits"),
        pytest.param(f"top = {'9' * 5000}", "is not valid TOML", id="more digits than Python"),
        pytest.param('ugc_patterns = ["x"]', "ugc_patterns: 'x' is not one of", id="a pattern"),
        pytest.param("exclude = 3", "exclude: 3 is not a list", id="a number for a list"),
        pytest.param("yes = true", "yes can only be given on the command line", id="a flag"),
        pytest.param('keys = "k.toml"', "there is no option keys", id="where the keys are"),
        pytest.param('ahrefs_url = "http://x"', "there is no option ahrefs_url", id="an address"),
    ],
)
def test_nothing_in_a_settings_file_is_a_crash(project: Path, text: str, message: str) -> None:
    (project / FILE_NAME).write_text(text)

    done = run("serp.csv", "--own-rds", "1", cwd=project)

    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"gapcalc: {project / FILE_NAME}")
    assert message in done.err
    assert len(done.err) < 400


def test_a_settings_file_of_another_encoding_is_refused_in_words(project: Path) -> None:
    (project / FILE_NAME).write_text("top = 3", encoding="utf-16")

    done = run("serp.csv", cwd=project)

    said = f"gapcalc: {project / FILE_NAME} is not UTF-8 text. Save it as UTF-8\n"
    assert (done.code, done.err) == (2, said)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("GAPCALC_UGC_PATTERNS", "x", "GAPCALC_UGC_PATTERNS: 'x' is not one of comment, "),
        ("GAPCALC_TOLERANCE", "nan", "GAPCALC_TOLERANCE: 'nan' is not a number"),
        ("GAPCALC_TPO", "3", "GAPCALC_TPO: there is no option tpo; did you mean top?"),
        ("GAPCALC_YES", "1", "GAPCALC_YES: yes can only be given on the command line, as --yes"),
    ],
)
def test_a_bad_variable_is_named(name: str, value: str, message: str) -> None:
    done = run("vendors/gapcalc-serp.csv", environment={name: value})

    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"gapcalc: {message}")


def test_a_switch_of_the_file_is_switched_off_by_a_flag(project: Path) -> None:
    (project / FILE_NAME).write_text('icann_suffixes = true\nformat = "json"\n')

    suffixes = [
        json.loads(run("serp.csv", *flags, cwd=project).out)["method"]["suffixes"]
        for flags in ((), ("--no-icann-suffixes",))
    ]

    assert suffixes == ["icann", "icann+private"]


@pytest.mark.parametrize("elsewhere", ["../answer.csv", "/answer.csv", "link/answer.csv"])
def test_a_file_that_was_only_found_writes_nowhere_but_beside_itself(
    tmp_path: Path, elsewhere: str
) -> None:
    folder = tmp_path / "from-a-stranger"
    folder.mkdir()
    (folder / "link").symlink_to(tmp_path)
    write_serp(folder / "serp.csv", [5, 4, 3])
    (folder / FILE_NAME).write_text(f'output = "{elsewhere}"\n')

    found = run("serp.csv", cwd=folder)
    named = run("serp.csv", "--config", FILE_NAME, "-o", tmp_path / "here.txt", cwd=folder)

    assert (found.code, found.out) == (2, "")
    assert "is not in the folder of this file, which was found and not named" in found.err
    assert (named.code, (tmp_path / "here.txt").exists()) == (0, True)
    assert not (tmp_path / "answer.csv").exists()


@pytest.mark.parametrize(
    "path", ["../secret", "/dev/zero", "a/../../secret", "link", "~/../../secret"]
)
@pytest.mark.parametrize(
    "line", ['{} = "{}"', '{} = "x/../{}"'], ids=["as it is", "after a folder"]
)
@pytest.mark.parametrize("name", ["psl", "kd_scale", "block_domains", "cache", "output"])
def test_a_file_that_was_only_found_reads_nothing_elsewhere(
    tmp_path: Path, name: str, path: str, line: str
) -> None:
    done = _in_a_strangers_folder(tmp_path, line.format(name, path))

    assert (done.code, done.out) == (2, "")
    assert f"{name}: " in done.err
    assert "Name the file with --config" in done.err
    assert "confidential" not in done.err


@pytest.mark.parametrize("path", ["../secret", "/dev/zero", "link"])
def test_a_file_that_was_only_found_binds_nothing_elsewhere(tmp_path: Path, path: str) -> None:
    done = _in_a_strangers_folder(tmp_path, f'links_for = ["https://a.example/={path}"]')

    assert (done.code, "Name the file with --config" in done.err) == (2, True)


@pytest.mark.parametrize("path", [".git/config.txt", ".bashrc", "a/.b/c.txt"])
def test_a_file_that_was_only_found_writes_nothing_that_is_hidden(
    tmp_path: Path, path: str
) -> None:
    done = _in_a_strangers_folder(tmp_path, f'output = "{path}"\nformat = "table"')

    assert (done.code, "Name the file with --config" in done.err) == (2, True)


def test_a_file_that_was_only_found_names_what_lies_beside_it(tmp_path: Path) -> None:
    done = _in_a_strangers_folder(tmp_path, 'block_domains = "own.txt"\noutput = "o.txt"')

    assert (done.code, (tmp_path / "stranger" / "o.txt").exists()) == (0, True)


def _in_a_strangers_folder(place: Path, settings: str) -> Run:
    folder = place / "stranger"
    folder.mkdir()
    (place / "secret").write_text("confidential text\n")
    (folder / "link").symlink_to(place / "secret")
    (folder / "own.txt").write_text("a.example\n")
    write_serp(folder / "serp.csv", [5, 4, 3])
    (folder / FILE_NAME).write_text(settings)
    return run("serp.csv", cwd=folder)


@pytest.mark.parametrize("declared", IN_FILES, ids=lambda declared: declared.name)
def test_every_option_of_the_file_is_one_of_the_environment_and_the_command_line(
    declared: Declared,
) -> None:
    assert {"flag", "environment"} <= set(declared.option.where)


def test_what_spends_or_leads_elsewhere_is_not_set_in_a_file() -> None:
    assert {declared.name for declared in OTHERS} >= {
        *("yes", "refresh", "config", "keys", "ahrefs_url", "semrush_url", "dataforseo_url"),
    }


def test_the_settings_in_force_say_where_they_were_given(project: Path) -> None:
    (project / FILE_NAME).write_text("top = 5\nhorizon = 12\n")

    done = run("config", "--json", cwd=project, environment={"GAPCALC_HORIZON": "6"})

    rows = {row["name"]: row for row in json.loads(done.out)["settings"]}
    assert rows["top"] == {"name": "top", "value": 5, "given_by": f"{project / FILE_NAME}: top"}
    assert (rows["horizon"]["value"], rows["horizon"]["given_by"]) == (6, "GAPCALC_HORIZON")
    assert (rows["profile"]["value"], rows["profile"]["given_by"]) == ("balanced", "default")
    assert re.search(r"^horizon +6 +GAPCALC_HORIZON$", _config(project), re.MULTILINE)


def _config(project: Path) -> str:
    return run("config", cwd=project, environment={"GAPCALC_HORIZON": "6"}).out


# --- the schema ----------------------------------------------------------------------------------


def test_the_schema_of_the_file_has_every_option_of_it() -> None:
    schema = json.loads(run("schema", "settings").out)

    assert list(schema["properties"]) == [declared.name for declared in IN_FILES]
    assert schema["additionalProperties"] is False
    assert schema["properties"]["tolerance"] == {
        "description": "The competitive goal is this share below the median. (default: 0.25)",
        "type": "number",
        "minimum": 0,
        "maximum": 1,
        "default": 0.25,
    }
    assert schema["properties"]["drop"]["items"] == {
        "enum": ["platform", "homepage", "duplicate-domain"]
    }


def test_an_unknown_schema_is_refused_with_the_known_names() -> None:
    assert run("schema", "gpa").err == "gapcalc: no schema 'gpa'; did you mean gap?\n"
    assert (
        run("schema").err
        == "gapcalc: no name of a schema. Name one of gap, prospects, audit, plan, settings\n"
    )


def test_the_settings_that_are_set_come_first(tmp_path: Path) -> None:
    (tmp_path / "gapcalc.toml").write_text('topic = ["desk"]\n')

    lines = run("config", cwd=tmp_path).out.splitlines()
    assert re.fullmatch(r"Set: \d of \d+ options. They come first.", lines[2])
    names = [line.split()[0] for line in lines[4:]]
    assert names.index("topic") < names.index("target")
