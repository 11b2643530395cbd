"""The invented exports that the benchmarks read, made by generate.py when a folder lacks them."""

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

GENERATE = Path(__file__).with_name("generate.py")
KEYWORDS = 10
MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Export:
    rows: int
    utf16: bool = False
    faulty: bool = False
    keywords: int = KEYWORDS

    @property
    def links(self) -> str:
        form = "-utf16" if self.utf16 else ""
        damage = "-faults" if self.faulty else ""
        return f"links-{self._size}{form}{damage}.csv"

    @property
    def serp(self) -> str:
        return f"serp-{self._size}.csv"

    @property
    def options(self) -> list[str]:
        return [
            f"--keywords={self.keywords}",
            *(["--utf16"] if self.utf16 else []),
            *(["--faults"] if self.faulty else []),
        ]

    @property
    def _size(self) -> str:
        rows = f"{self.rows // MILLION}m" if self.rows % MILLION == 0 else f"{self.rows // 1000}k"
        return rows if self.keywords == KEYWORDS else f"{rows}-{self.keywords}-keywords"


@dataclass(frozen=True, slots=True)
class Files:
    links: Path
    serp: Path


def provide(folder: Path, export: Export) -> Files:
    """Find the export in the folder, or make it; a half-made one is never left."""
    files = Files(folder / export.links, folder / export.serp)
    if not (files.links.exists() and files.serp.exists()):
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as unfinished:
            _generate(Path(unfinished), export)
            for file in Path(unfinished).iterdir():
                file.replace(folder / file.name)
    return files


def _generate(folder: Path, export: Export) -> None:
    out = folder / export.links
    print(f"making {out.name}", file=sys.stderr)
    command = [sys.executable, str(GENERATE), str(export.rows), str(out), *export.options]
    subprocess.run([*command, f"--serp={folder / export.serp}"], check=True)


def provide_folder(folder: Path, write: Callable[[Path], None]) -> Path:
    """Find a folder of files made from an export, or make it; a half-made one is never left."""
    if not folder.exists():
        with tempfile.TemporaryDirectory(dir=folder.parent) as unfinished:
            made = Path(unfinished) / "made"
            made.mkdir()
            write(made)
            made.rename(folder)
    return folder


def records(lines: Iterator[bytes]) -> Iterator[bytes]:
    """Put lines together to records: inside a cell a quote is always doubled."""
    record = b""
    for line in lines:
        record += line
        if record.count(b'"') % 2 == 0:
            yield record
            record = b""
