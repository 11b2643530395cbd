"""Several vendors' links make one union: every figure equals that of a second count, row by row."""

import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from build import NO_RULES, PAGE, TARGET, count_links, open_source, write_links
from gapcalc.engine.count import open_links
from gapcalc.results.gap import KnownDomain, VendorFigures
from gapcalc.rows import PageLinks
from gapcalc.rules import choose
from gapcalc.suffixes import default_rules
from gapcalc.urls import host_of, page_of
from gapcalc.workspace import Workspace

Link = Mapping[str, str]
Lists = Mapping[str, Sequence[Link]]

RULES = choose("strict", {"min_authority": 20})
QUESTION = NO_RULES._replace(rules=tuple(a for a in RULES if a.id in {"nofollow", "authority"}))
SOURCES = [
    f"{scheme}{site}/{path}"
    for scheme in ("https://", "http://www.")
    for site in ("a.example", "blog.a.example", "b.example", "c.blogspot.com", "target.example")
    for path in ("", "post", "post/")
]
links = st.fixed_dictionaries(
    {
        "source_url": st.sampled_from(SOURCES),
        "nofollow": st.sampled_from(("true", "false")),
        "lost": st.sampled_from(("true", "false")),
        "authority": st.sampled_from(("", "10", "30")),
    }
)
lists = st.dictionaries(
    st.sampled_from(("ahrefs", "moz", "semrush")), st.lists(links, max_size=12), min_size=2
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> "Folder":
    return Folder(tmp_path_factory)


class Folder:
    def __init__(self, factory: pytest.TempPathFactory) -> None:
        self.path = factory.mktemp("vendors")

    def count(self, told: Lists) -> PageLinks:
        headings = {"vendor": "", "source_url": "", "nofollow": "", "lost": "", "authority": ""}
        paths = [
            write_links(
                self.path / f"{vendor}.csv", [{**headings, **row, "vendor": vendor} for row in rows]
            )
            for vendor, rows in told.items()
        ]
        return count_links(paths, QUESTION).pages[PAGE]


def domain(url: str) -> str:
    return default_rules().domain(host_of(url) or "")


def verdict(link: Link) -> str:
    if link["nofollow"] == "true":
        return "nofollow"
    return "authority" if link["authority"] == "10" else "kept"


ORDER = ("nofollow", "authority", "kept")


def best_verdicts(rows: Sequence[Link]) -> dict[str, str]:
    """Give the verdict on the best link of each live external domain."""
    found: dict[str, str] = {}
    for link in rows:
        name = domain(link["source_url"])
        if link["lost"] == "false" and name != "target.example":
            found[name] = max(found.get(name, "nofollow"), verdict(link), key=ORDER.index)
    return found


def lost_links(told: Lists) -> int:
    """Count the links that no vendor shows as live; each counts once, even if several show it."""
    shown: dict[str, Counter[str]] = defaultdict(Counter)
    live: dict[str, Counter[str]] = defaultdict(Counter)
    for vendor, rows in told.items():
        for link in rows:
            if domain(link["source_url"]) != "target.example":
                page = page_of(link["source_url"]) or ""
                shown[page][vendor] += 1
                live[page][vendor] += link["lost"] == "false"
    return sum(max(shown[page].values()) - max(live[page].values()) for page in shown)


@pytest.mark.slow
@settings(derandomize=True, max_examples=12, deadline=None)
@given(lists)
def test_every_figure_equals_a_counting_row_by_row(folder: Folder, told: Lists) -> None:
    told = {vendor: rows for vendor, rows in told.items() if rows}
    if len(told) < 2:
        return
    counted = folder.count(told)
    by_vendor = {vendor: best_verdicts(rows) for vendor, rows in told.items()}
    every = {name for known in by_vendor.values() for name in known}
    told_of = {
        name: {known[name] for known in by_vendor.values() if name in known} for name in every
    }
    known_by = Counter(name for known in by_vendor.values() for name in known)
    assert counted.raw == len(every)
    assert counted.kept == sum("kept" in verdicts for verdicts in told_of.values())
    assert counted.shared == sum(count > 1 for count in known_by.values())
    assert counted.disputed == sum(
        "kept" in verdicts and len(verdicts) > 1 for verdicts in told_of.values()
    )
    assert counted.lost == lost_links(told)
    assert counted.by_vendor == {
        vendor: VendorFigures(
            raw=len(known),
            kept=sum(word == "kept" for word in known.values()),
            followed=sum(word == "kept" for word in known.values()),
            only=sum(known_by[name] == 1 for name in known),
        )
        for vendor, known in sorted(by_vendor.items())
    }


@pytest.mark.slow
@settings(derandomize=True, max_examples=5, deadline=None)
@given(lists, st.randoms(use_true_random=False))
def test_the_order_of_files_and_rows_changes_nothing(
    folder: Folder, told: Lists, chance: random.Random
) -> None:
    told = {vendor: list(rows) for vendor, rows in told.items() if rows}
    if not told:
        return
    shuffled = {v: chance.sample(list(rows), len(rows)) for v, rows in reversed(told.items())}
    numbered = folder.count(told)._replace(inputs=frozenset(), url="")
    assert folder.count(shuffled)._replace(inputs=frozenset(), url="") == numbered


def test_the_domains_are_listed_with_every_vendors_verdict(folder: Folder) -> None:
    row = {"nofollow": "false", "lost": "false", "authority": "30", "target_url": TARGET}
    told = {
        "ahrefs": [{**row, "source_url": "https://a.example/"}],
        "semrush": [
            {**row, "source_url": "https://blog.a.example/", "nofollow": "true"},
            {**row, "source_url": "https://b.example/", "nofollow": "true"},
            {**row, "source_url": "https://gone.example/", "lost": "true"},
        ],
    }
    paths = [
        write_links(folder.path / f"{v}-listed.csv", [{"vendor": v, **row} for row in rows])
        for v, rows in told.items()
    ]
    workspace = Workspace()
    with open_links(list(enumerate(map(open_source, paths))), QUESTION, workspace) as (counts, _):
        listed = counts.domains(["nofollow"], [PAGE])
    workspace.remove()
    assert listed == {
        PAGE: (
            KnownDomain("a.example", True, {"ahrefs": "kept", "semrush": "nofollow"}),  # noqa: FBT003
            KnownDomain("b.example", False, {"semrush": "nofollow"}),  # noqa: FBT003
        )
    }


@pytest.mark.parametrize(
    ("ahrefs", "semrush", "kept", "disputed"),
    [
        pytest.param({"home": 120}, {"desk": 70, "lamp": 60}, 1, 1, id="one vendor's alone"),
        pytest.param({"home": 60}, {"home": 60}, 1, 0, id="together, but in no vendor's list"),
        pytest.param({"home": 120}, {"home": 100}, 0, 0, id="in both vendors' lists"),
    ],
)
def test_a_vendors_many_links_with_one_anchor_drop_that_vendors_links_alone(
    folder: Folder,
    ahrefs: Mapping[str, int],
    semrush: Mapping[str, int],
    kept: int,
    disputed: int,
) -> None:
    paths = []
    for vendor, groups in {"ahrefs": ahrefs, "semrush": semrush}.items():
        rows = [
            {"vendor": vendor, "anchor": anchor, "links": str(n)} for anchor, n in groups.items()
        ]
        rows = [{**row, "source_url": "https://a.example/", "target_url": TARGET} for row in rows]
        paths.append(write_links(folder.path / f"{vendor}-anchors.csv", rows))
    sitewide = NO_RULES._replace(rules=tuple(a for a in RULES if a.id == "sitewide"))
    page = count_links(paths, sitewide).pages[PAGE]
    assert (page.raw, page.kept, page.disputed) == (1, kept, disputed)
