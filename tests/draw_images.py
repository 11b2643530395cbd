"""Draws the pictures of docs/images from real output: `python tests/draw_images.py`."""

import io
import re
from collections.abc import Callable
from contextlib import chdir
from datetime import date
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.text import Text

from gapcalc import Settings, find_gap
from gapcalc.reports.document import Screen
from gapcalc.reports.table import write
from gapcalc.reports.views.gap import report

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "images"
WIDTH = 80
TARGET = "https://www.deskwise.example/standing-desk/"
AS_OF = date(2026, 11, 20)


def draw(folder: str, command: str, settings: Settings) -> str:
    """Draw the screen of an answer, in colour, as SVG without fonts from elsewhere."""
    with chdir(ROOT):  # names of files are those that somebody sees who types the command
        result = find_gap([f"fixtures/{folder}"], settings)
    answer = write(report(result), Screen(WIDTH, colour=True))
    console = Console(file=io.StringIO(), width=WIDTH, record=True)
    console.print(Text(f"$ {command}"))
    console.print(Text.from_ansi(answer))
    drawn = re.sub(
        r"@font-face \{.*?\}\s*", "", console.export_svg(title="gapcalc"), flags=re.DOTALL
    )
    return "".join(f"{line.rstrip()}\n" for line in drawn.splitlines())


PICTURES: dict[str, Callable[[], str]] = {
    "standing-desk.svg": partial(
        draw,
        "standing-desk",
        f"gapcalc fixtures/standing-desk \\\n    --target {TARGET}",
        Settings(target=TARGET, as_of=AS_OF),
    ),
    "eight-keywords.svg": partial(
        draw,
        "eight-keywords",
        "gapcalc fixtures/eight-keywords --site oakdesk.example",
        Settings(site="oakdesk.example", as_of=AS_OF),
    ),
}

if __name__ == "__main__":
    IMAGES.mkdir(exist_ok=True)
    for name, drawing in PICTURES.items():
        (IMAGES / name).write_text(drawing(), encoding="utf-8")
