"""The fake world as exports: gapcalc counts in them what the providers say the pages have."""

from pathlib import Path
from typing import Literal

import pytest

from fake_providers import World
from fake_providers.exports import Habit, ahrefs_backlinks, write_exports
from running import ask


@pytest.mark.slow
@pytest.mark.parametrize("vendor", ["ahrefs", "semrush"])
@pytest.mark.parametrize("lost", [True, False])
def test_exports_of_a_keyword_count_as_the_vendor_does(
    tmp_path: Path, vendor: Literal["ahrefs", "semrush"], *, lost: bool
) -> None:
    world = World(crowd=150)
    files = write_exports(world, "desk lamp 0", tmp_path, Habit(vendor, lost=lost))
    pages = ask(*files.arguments, "--top", 10)["pages"]
    assert len(pages) == 10
    assert {page["url"]: page["raw"] for page in pages} == {
        url: world.totals(url).domains for url in files.links
    }


def test_an_ahrefs_export_has_either_of_its_byte_forms() -> None:
    links = World().links("https://www.rival0-0.example/guide/0/")
    tabs, commas = ahrefs_backlinks(links), ahrefs_backlinks(links, comma=True)
    assert tabs.startswith(b"\xff\xfe")
    assert commas.startswith(b"\xef\xbb\xbf")
    first = tabs.decode("utf-16").partition("\n")[0].replace('"', "").split("\t")
    assert first == commas.decode("utf-8-sig").partition("\n")[0].split(",")
    assert len(first) == 37
