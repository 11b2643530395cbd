"""The source keeps to its budgets; docs/contributing.md has them with today's figures."""

from functools import cache
from pathlib import Path

from measure_source import Measures, measure, median, percentile_95

FILE_LONGEST, FILE_MEDIAN = 350, 185  # the budget is 350 and 100
FUNCTION_LONGEST, FUNCTION_P95 = 40, 20  # the budget is 40 and 20
IGNORES, IGNORES_WITHOUT_REASON = 10, 0  # the budget is 10 and none


@cache
def source() -> Measures:
    return measure()


def test_files_are_short() -> None:
    assert [size for size in source().files if size.lines > FILE_LONGEST] == []
    assert median(source().files) <= FILE_MEDIAN


def test_functions_are_short() -> None:
    assert [size for size in source().functions if size.lines > FUNCTION_LONGEST] == []
    assert percentile_95(source().functions) <= FUNCTION_P95


def test_no_two_classes_have_one_name() -> None:
    assert list(source().repeated_classes) == []


def test_few_lines_silence_a_checker_and_each_says_why() -> None:
    assert len(source().ignores) <= IGNORES
    assert len([place for place in source().ignores if not place.reason]) <= IGNORES_WITHOUT_REASON


def test_the_measures_are_those_of_the_style_guide(tmp_path: Path) -> None:
    (tmp_path / "tiny.py").write_text("A = 1\n")
    (tmp_path / "one.py").write_text(
        "class Same:\n"
        "    def method(self):\n"
        "        '''Says something.\n\n        More.\n        '''\n"
        "        return 1\n"
        "\n\n"
        "def short(): return 1  # noqa: E704  (it is short)\n"
    )
    (tmp_path / "two.py").write_text("class Same: pass\n\n\nx = 1  # type: ignore\n")

    measures = measure(tmp_path)

    assert [size.place for size in measures.files] == ["one.py", "two.py"]
    assert sorted((size.lines, size.place) for size in measures.functions) == [
        (1, "one.py:10 short"),
        (2, "one.py:2 method"),
    ]
    assert measures.repeated_classes == ["Same"]
    assert measures.ignores == [("one.py:10", "it is short"), ("two.py:4", "")]
