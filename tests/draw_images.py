"""Draws the pictures of docs/images from real output: `python tests/draw_images.py`."""

import io
import re
from collections.abc import Callable
from contextlib import chdir
from datetime import date
from functools import partial
from hashlib import sha256
from pathlib import Path
from struct import pack
from tempfile import TemporaryDirectory
from zlib import crc32

from playwright.sync_api import sync_playwright
from rich.console import Console
from rich.text import Text

from gapcalc import Settings, find_gap
from gapcalc.reports.document import Screen
from gapcalc.reports.table import write
from gapcalc.reports.views.gap import report
from running import CHROMIUM, CHROMIUM_ARGUMENTS, run

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "images"
WIDTH = 80
TARGET = "https://www.deskwise.example/standing-desk/"
AS_OF = date(2026, 11, 20)


def draw(folder: str, command: str, settings: Settings) -> str:
    """Draw the screen of an answer, in colour, as SVG without external fonts."""
    with chdir(ROOT):  # file names are shown as a user who types the command sees them
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

REPORT = "report.png"
_REPORT_SIZE = (1000, 1010)


def write_report() -> str:
    """Write the report of the README's example as HTML."""
    return run(
        *("fixtures/standing-desk", "--target", TARGET, "--client", "Deskwise"),
        *("--as-of", AS_OF.isoformat(), "--format", "html"),
        cwd=ROOT,
    ).out


def digest(report: str) -> str:
    """Give a digest of a report without its charts, whose bytes depend on the libraries' versions."""
    return sha256(re.sub(r"<svg.*?</svg>", "", report, flags=re.DOTALL).encode()).hexdigest()


def draw_report(report: str) -> bytes:
    """Take a picture of a report's first screen in Chromium; the PNG holds the report's digest."""
    width, height = _REPORT_SIZE
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        path = Path(folder) / "report.html"
        path.write_text(report, encoding="utf-8")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        page = browser.new_page(viewport={"width": width, "height": height})
        page.goto(path.as_uri())
        picture = page.screenshot()
        browser.close()
    return _with_text(picture, digest(report))


def digest_in(picture: bytes) -> str | None:
    """Give the digest that is stored in a PNG."""
    found = re.search(rb"tEXtReport\0([0-9a-f]{64})", picture)
    return found[1].decode() if found else None


def _with_text(picture: bytes, text: str) -> bytes:
    """Add a text to a PNG: a chunk before the last one, which is 12 bytes long."""
    body = b"tEXtReport\0" + text.encode()
    chunk = pack(">I", len(body) - 4) + body + pack(">I", crc32(body))
    return picture[:-12] + chunk + picture[-12:]


if __name__ == "__main__":
    IMAGES.mkdir(exist_ok=True)
    for name, drawing in PICTURES.items():
        (IMAGES / name).write_text(drawing(), encoding="utf-8")
    (IMAGES / REPORT).write_bytes(draw_report(write_report()))
