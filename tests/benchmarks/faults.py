"""Check that gapcalc reports every faulty row of a large export and loses no good one.

    python tests/benchmarks/faults.py FOLDER [--gapcalc gapcalc] [--rows 1000000]

Runs gapcalc on the same export with and without faults: each fault has to be named on stderr as
FILE:LINE, and the answers have to be equal. A good row with an odd line end need not be named; it
has to count. Prints a Markdown table; ends with 1 when a limit is missed.
"""

import argparse
import json
import re
import shlex
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from answers import differences, gapcalc_answers
from damage import ODD_LINE_END, FoundFault
from exports import MILLION, Export, Files, provide
from figures import Figure, markdown, must_be_empty
from job import full_job


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--gapcalc", default="gapcalc", help="the executable")
    parser.add_argument("--rows", type=int, default=MILLION)
    arguments = parser.parse_args()
    sound = provide(arguments.folder, Export(arguments.rows))
    faulty = provide(arguments.folder, Export(arguments.rows, faulty=True))
    figures = list(told_and_kept(shlex.split(arguments.gapcalc), sound, faulty))
    print(markdown(figures))
    sys.exit(not all(figure.kept for figure in figures))


def told_and_kept(gapcalc: list[str], sound: Files, faulty: Files) -> Iterator[Figure]:
    faults = _faults_in(faulty.links)
    with tempfile.TemporaryDirectory() as place:
        sound_answer, faulty_answer = Path(place) / "sound.json", Path(place) / "faulty.json"
        subprocess.run(full_job(gapcalc, sound, sound_answer), check=True)
        messages = _messages(full_job(gapcalc, faulty, faulty_answer, "-v"))
        unlike = list(differences(gapcalc_answers(sound_answer), gapcalc_answers(faulty_answer)))
    named = _lines_named(messages, faulty.links.name)
    yield from _by_kind(faults, named)
    yield must_be_empty("faults not named", _unnamed(faults, named))
    yield must_be_empty("sound lines named", _sound_lines(faults, named))
    yield must_be_empty("keywords answered unlike the sound file", unlike)


def _faults_in(links: Path) -> list[FoundFault]:
    written = json.loads(Path(f"{links}.faults.json").read_text(encoding="utf-8"))
    return [FoundFault(**fault) for fault in written]


def _messages(command: list[str]) -> str:
    done = subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    return done.stderr.decode()


def _lines_named(messages: str, file_name: str) -> set[int]:
    return {int(line) for line in re.findall(rf"{re.escape(file_name)}:(\d+)\b", messages)}


def _by_kind(faults: list[FoundFault], named: set[int]) -> Iterator[Figure]:
    made = Counter(fault.kind for fault in faults)
    told = Counter(fault.kind for fault in faults if fault.line in named)
    for kind, number in made.items():
        yield Figure(f"{kind}, named", f"{told[kind]} of {number}")


def _unnamed(faults: list[FoundFault], named: set[int]) -> Iterator[str]:
    for fault in faults:
        if fault.kind != ODD_LINE_END and fault.line not in named:
            yield f"{fault.kind} in line {fault.line}"


def _sound_lines(faults: list[FoundFault], named: set[int]) -> Iterator[str]:
    yield from map(str, sorted(named - {fault.line for fault in faults}))


if __name__ == "__main__":
    main()
