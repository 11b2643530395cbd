"""Draws the pictures of docs/images from real output: `python tests/draw_images.py`."""

import io
import re
from datetime import date
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
COMMAND = f"gapcalc fixtures/standing-desk \\\n    --target {TARGET}"


def draw_standing_desk() -> str:
    """Draw the screen of the README's example, in colour, as SVG without fonts from elsewhere."""
    result = find_gap([ROOT / "fixtures" / "standing-desk"], Settings(target=TARGET, as_of=AS_OF))
    answer = write(report(result), Screen(WIDTH, colour=True))
    console = Console(file=io.StringIO(), width=WIDTH, record=True)
    console.print(Text(f"$ {COMMAND}"))
    console.print(Text.from_ansi(answer))
    drawn = re.sub(
        r"@font-face \{.*?\}\s*", "", console.export_svg(title="gapcalc"), flags=re.DOTALL
    )
    return "".join(f"{line.rstrip()}\n" for line in drawn.splitlines())


PICTURES = {"standing-desk.svg": draw_standing_desk}

if __name__ == "__main__":
    IMAGES.mkdir(exist_ok=True)
    for name, draw in PICTURES.items():
        (IMAGES / name).write_text(draw(), encoding="utf-8")
