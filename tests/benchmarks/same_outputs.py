"""Runs two versions of gapcalc over every fixture and real export; every byte must be the same.

    python tests/benchmarks/same_outputs.py --before ../old --after .

Both are checkouts of the project; `--inputs` are folders of exports, by default the fixtures of
`--after` and the real exports beside the project, where they are. It compares standard output and
exit code in every format, with `--errors` the messages too, and exits with 1 for a difference.
"""

import argparse
import difflib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

FORMS = ((), ("--format", "csv"), ("--format", "json"), ("--format", "jsonl"))
AS_OF = ("--as-of", "2026-11-20")
_RUNNER = """
import contextlib, io, json, os, sys
from gapcalc.cli import main
for line in sys.stdin:
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8") for _ in range(2))
    sys.stdout, sys.stderr, code = out, err, 0
    try:
        main(json.loads(line))
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except Exception as error:
        code = repr(error)
    said = []
    for stream in (out, err):
        stream.flush()
        said.append(stream.buffer.getvalue().decode())
    sys.stdout, sys.stderr = sys.__stdout__, sys.__stderr__
    print(json.dumps([code, *said]), flush=True)
"""


class Said(NamedTuple):
    """What one run printed, without the versions that every release changes."""

    code: int | str
    out: str
    err: str


def main() -> int:
    """Compare both versions case by case; give 1 where any differs."""
    options = _options()
    inputs = options.inputs or [options.after / "fixtures", options.after / "../shared/exports"]
    cases = [case for folder in inputs if folder.is_dir() for case in _cases(folder.resolve())]
    before, after = (_say(checkout, cases) for checkout in (options.before, options.after))
    different = 0
    for case, old, new in zip(cases, before, after, strict=True):
        pair = (old, new) if options.errors else (old._replace(err=""), new._replace(err=""))
        if pair[0] != pair[1]:
            different += 1
            _show(case, *pair)
    print(f"{len(cases)} runs of each version, {different} different")
    return int(different > 0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--before", type=Path, required=True)
    parser.add_argument("--after", type=Path, default=Path())
    parser.add_argument("--inputs", type=Path, nargs="*")
    parser.add_argument("--errors", action="store_true", help="compare standard error as well")
    return parser.parse_args()


def _cases(folder: Path) -> Iterator[list[str]]:
    for path in sorted(folder.rglob("*")):
        if path.is_dir() and any(item.is_file() for item in path.iterdir()):
            yield from _answers(path)
        elif path.name == "args.txt":
            yield from _golden(path, folder)
        elif path.is_file() and not path.name.startswith("expected"):
            yield from _answers(path)
            yield ["gap", str(path), "--competitor", "https://www.lampkin.example/desk-lamp/"]
            yield ["export", str(path), "--output", "-"]


def _answers(path: Path) -> Iterator[list[str]]:
    for form in FORMS:
        yield ["gap", str(path), "--own-rds", "5", *form, *AS_OF]


def _golden(path: Path, folder: Path) -> Iterator[list[str]]:
    arguments = path.read_text(encoding="utf-8").splitlines()
    placed = [str(folder / text) if (folder / text).exists() else text for text in arguments]
    for form in FORMS:
        yield ["gap", *placed, *form, *AS_OF]
        yield ["gap", *placed, "--sensitivity", "--profile", "strict", *form, *AS_OF]


def _say(checkout: Path, cases: Sequence[Sequence[str]]) -> list[Said]:
    done = subprocess.run(
        [sys.executable, "-c", _RUNNER],
        input="".join(json.dumps(list(case)) + "\n" for case in cases),
        env={**os.environ, "PYTHONPATH": str(checkout.resolve() / "src"), "COLUMNS": "100"},
        capture_output=True,
        text=True,
        check=False,
    )
    lines = done.stdout.splitlines()
    if len(lines) != len(cases):
        raise SystemExit(f"{checkout}: ended after {len(lines)} of {len(cases)}: {done.stderr}")
    said = (Said(*json.loads(line)) for line in lines)
    return [Said(code, _plain(out), err) for code, out, err in said]


def _plain(text: str) -> str:
    return re.sub(r'("version"|"psl_date"): ?"[^"]*"', r'\1: "..."', text)


def _show(case: Sequence[str], old: Said, new: Said) -> None:
    print("gapcalc", *case, f"(exit {old.code}, now {new.code})")
    for name in ("out", "err"):
        lines = [str(getattr(said, name)).splitlines() for said in (old, new)]
        print("\n".join(list(difflib.unified_diff(lines[0], lines[1], lineterm="", n=0))[:20]))


if __name__ == "__main__":
    sys.exit(main())
