"""Measure the source as docs/contributing.md states it.

    python tests/measure_source.py

The lines of a function exclude its docstring. A file of three lines or fewer does not count.
`tests/test_source.py` holds the limits.
"""

import ast
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from statistics import median_high
from typing import NamedTuple

SOURCE = Path(__file__).parents[1] / "src" / "gapcalc"
_SHORTEST_FILE = 4
_IGNORE = re.compile(
    r"#\s*(?:noqa|type:\s*ignore|pragma:\s*no cover)\b[:\s]*"
    r"(?:\[[\w, -]+\]|[A-Z]+\d+(?:,\s*[A-Z]+\d+)*)?[\s#(]*(?P<reason>[^)]*)"
)


class Size(NamedTuple):
    """How many lines something has, and where it stands."""

    lines: int
    place: str


class Ignore(NamedTuple):
    """A line that silences a checker, and the reason that it gives, if any."""

    place: str
    reason: str


class Measures(NamedTuple):
    """What the source is measured by."""

    files: Sequence[Size]
    functions: Sequence[Size]
    repeated_classes: Sequence[str]
    ignores: Sequence[Ignore]


def measure(source: Path = SOURCE) -> Measures:
    """Measure every Python file below a folder."""
    texts = {
        path.relative_to(source).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(source.rglob("*.py"))
    }
    nodes = [(name, node) for name, text in texts.items() for node in ast.walk(ast.parse(text))]
    lengths = [Size(text.count("\n"), name) for name, text in texts.items()]
    classes = Counter(node.name for _, node in nodes if isinstance(node, ast.ClassDef))
    return Measures(
        files=[size for size in lengths if size.lines >= _SHORTEST_FILE],
        functions=list(_functions(nodes)),
        repeated_classes=sorted(name for name, times in classes.items() if times > 1),
        ignores=[ignore for name, text in texts.items() for ignore in _ignores(name, text)],
    )


def _functions(nodes: Iterable[tuple[str, ast.AST]]) -> Iterator[Size]:
    for name, node in nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            docstring = 0 if ast.get_docstring(node) is None else _lines(node.body[0])
            yield Size(_lines(node) - docstring, f"{name}:{node.lineno} {node.name}")


def _ignores(name: str, text: str) -> Iterator[Ignore]:
    for number, line in enumerate(text.splitlines(), start=1):
        if found := _IGNORE.search(line):
            yield Ignore(f"{name}:{number}", found["reason"].strip())


def _lines(node: ast.stmt) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def median(sizes: Sequence[Size]) -> int:
    """Give the length in the middle, the higher of two."""
    return median_high(size.lines for size in sizes)


def percentile_95(sizes: Sequence[Size]) -> int:
    """Give the length that 95 of 100 do not exceed."""
    return sorted(size.lines for size in sizes)[math.ceil(len(sizes) * 0.95) - 1]


def main() -> None:
    measures = measure()
    for name in ("files", "functions"):
        sizes: Sequence[Size] = getattr(measures, name)
        total, longest = sum(size.lines for size in sizes), max(sizes)
        print(f"{len(sizes)} {name} of {total:,} lines: median {median(sizes)}, ", end="")
        print(f"p95 {percentile_95(sizes)}, longest {longest.lines} ({longest.place})")
    print("class names used twice:", ", ".join(measures.repeated_classes) or "none")
    without = sum(not ignore.reason for ignore in measures.ignores)
    print(f"noqa and ignore: {len(measures.ignores)}, {without} of them without a reason")


if __name__ == "__main__":
    main()
