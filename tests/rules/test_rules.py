"""Which links each rule drops, in which profiles, and which domains are charged to it."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

import pytest

from build import (
    FIXTURES,
    NO_RULES,
    PAGE,
    TARGET,
    Counted,
    count_links,
    links_from,
    open_source,
    write_links,
    write_table,
)
from gapcalc.errors import UsageError
from gapcalc.formats.base import LINK_KINDS
from gapcalc.rows import PageLinks
from gapcalc.rules import RULES, ActiveRule, Rule, choose
from gapcalc.rules.base import Aggregate, Known, PageException, Parameter
from gapcalc.words import Profile

CHAIN = "Redirect Chain URLs"
Cells = Mapping[str, str]
Fate = Literal["kept", "dropped"]


class Case(NamedTuple):
    """A link's cells, and what becomes of it under one rule, with its own or other parameters."""

    rule: str
    cells: Cells
    fate: Fate
    id: str
    parameters: Mapping[str, Parameter] | None = None


def only(
    rule: str, profile: Profile = "balanced", parameters: Mapping[str, Parameter] | None = None
) -> tuple[ActiveRule, ...]:
    rules = choose(profile, parameters or {}, on=[] if parameters else [rule])
    return tuple(active for active in rules if active.id == rule)


def write_one(path: Path, cells: Cells) -> Path:
    """Write one link, as Ahrefs does where its cells have Ahrefs' headings."""
    return write_each(path, [cells])


def write_each(path: Path, links: Sequence[Cells]) -> Path:
    """Write links of which the same is known."""
    ahrefs = any(heading[0].isupper() for heading in links[0])
    names = ("Referring page URL", "Target URL") if ahrefs else ("source_url", "target_url")
    usual = dict(zip(names, ("https://source.example/post", TARGET), strict=True))
    rows = [{**usual, **cells} for cells in links]
    return write_table(path, [list(rows[0]), *(list(row.values()) for row in rows)])


def count_one(folder: Path, cells: Cells, rules: Sequence[ActiveRule]) -> Counted:
    path = write_one(folder / "links.csv", cells)
    return count_links([path], NO_RULES._replace(rules=tuple(rules)))


def count_each(
    folder: Path, lists: Sequence[Sequence[Mapping[str, str]]], rules: Sequence[ActiveRule]
) -> list[PageLinks]:
    """Count lists in one run, a page each; give their pages."""
    paths = [
        write_links(
            folder / f"{number}.csv",
            [
                {
                    **row,
                    "target_url": row.get("target_url", TARGET).replace("target", f"to{number}"),
                }
                for row in rows
            ],
        )
        for number, rows in enumerate(lists)
    ]
    pages = count_links(paths, NO_RULES._replace(rules=tuple(rules))).pages
    return [pages[PAGE.replace("target", f"to{number}")] for number in range(len(paths))]


def fates(folder: Path, cases: Sequence[Case], profile: Profile = "balanced") -> dict[str, Fate]:
    """Give in one run what becomes of links under their rule; each has a target of its own."""
    files: dict[tuple[str, ...], list[Cells]] = {}
    for number, case in enumerate(cases):
        ahrefs = any(heading[0].isupper() for heading in case.cells)
        cells = {"Target URL" if ahrefs else "target_url": TARGET, **case.cells}
        own = {head: re.sub("(?i)target", rf"\g<0>{number}", cells[head]) for head in cells}
        files.setdefault(tuple(own), []).append(own)
    paths = [write_each(folder / f"{n}.csv", rows) for n, rows in enumerate(files.values())]
    rules = only(cases[0].rule, profile, cases[0].parameters)
    counted = count_links(paths, NO_RULES._replace(rules=rules)).pages
    pages = [counted[PAGE.replace("target", f"target{number}")] for number in range(len(cases))]
    for page in pages:
        assert page.raw == 1
        assert page.dropped == {active.id: 1 - page.kept for active in rules}
    return {
        case.id: "kept" if page.kept else "dropped" for case, page in zip(cases, pages, strict=True)
    }


CHAINS: Mapping[str, Fate] = {
    "": "kept",
    "http://www.target.example/page/": "kept",
    "http://target.example/page, https://target.example/page#top": "kept",
    "HTTPS://WWW.TARGET.example/page/?utm_source=a&srsltid=b": "kept",
    "https://old.example/": "dropped",
    "http://target.example/page,https://old.example/a,b": "dropped",
    "https://target.example/Page": "dropped",
}
"""Redirects on the way to a page: hops within it, or from another page."""
CASES = (
    Case("spam", {"spam": "true"}, "dropped", id="spam"),
    Case("spam", {"spam": "false"}, "kept", id="no spam"),
    Case("spam", {"Is spam": "TRUE"}, "dropped", id="spam in Ahrefs' column"),
    Case("sponsored", {"sponsored": "true"}, "dropped", id="sponsored"),
    Case("sponsored", {"sponsored": "false"}, "kept", id="not sponsored"),
    Case("sponsored", {"rel": "nofollow sponsored"}, "dropped", id="sponsored by rel"),
    Case("sponsored", {"rel": "nofollow"}, "kept", id="another rel"),
    Case("sponsored", {"rel": ""}, "kept", id="no rel"),
    Case("ugc", {"ugc": "true"}, "dropped", id="ugc"),
    Case("ugc", {"ugc": "false"}, "kept", id="no ugc"),
    Case("ugc", {"rel": "ugc"}, "dropped", id="ugc by rel"),
    Case("ugc", {"source_url": "https://a.example/p#comment-17"}, "dropped", id="comment's anchor"),
    Case(
        "ugc", {"source_url": "https://a.example/p/comment-page-2/"}, "dropped", id="comment page"
    ),
    Case("ugc", {"source_url": "https://a.example/comments/12"}, "dropped", id="numbered comments"),
    Case("ugc", {"source_url": "https://a.example/commentary/12"}, "kept", id="commentary"),
    Case("ugc", {"source_url": "https://a.example/forum/12"}, "kept", id="forum stays in balanced"),
    Case("ugc", {"source_url": "https://a.example/user/me"}, "kept", id="profile stays"),
    Case("ugc", {"Page type": "Article > Comment", "UGC": ""}, "dropped", id="page type"),
    Case("ugc", {"Page type": "Article > Guide", "UGC": "false"}, "kept", id="article"),
    Case("nofollow", {"nofollow": "true"}, "dropped", id="nofollow"),
    Case("nofollow", {"nofollow": "false"}, "kept", id="not nofollow"),
    Case("nofollow", {"rel": "nofollow"}, "dropped", id="nofollow by rel"),
    Case("nofollow", {"rel": "ugc"}, "kept", id="ugc is another rule's"),
    Case("redirect", {"kind": "redirect"}, "dropped", id="redirect"),
    Case("redirect", {"kind": "Canonical"}, "dropped", id="canonical, in any case"),
    Case("redirect", {"kind": "text"}, "kept", id="text link"),
    Case("redirect", {"kind": "image"}, "kept", id="image link"),
    *(
        Case("redirect", {"Type": "text", CHAIN: chain}, fate, id=f"chain '{chain}'")
        for chain, fate in CHAINS.items()
    ),
    Case("authority", {"authority": "19.9"}, "dropped", id="authority below 20"),
    Case("authority", {"authority": "20"}, "kept", id="authority 20"),
    Case("authority", {"authority": "0"}, "dropped", id="authority 0"),
    Case("authority", {"Domain rating": "3.5"}, "dropped", id="Ahrefs' rating"),
    Case("traffic", {"domain_traffic": "99"}, "dropped", id="traffic below 100"),
    Case("traffic", {"domain_traffic": "100"}, "kept", id="traffic 100"),
    Case("traffic", {"domain_traffic": "1.2K"}, "kept", id="traffic in thousands"),
    Case("traffic", {"domain_traffic": "4,796,259,328"}, "kept", id="vast traffic"),
    Case("outbound", {"external_links": "501"}, "dropped", id="501 links"),
    Case("outbound", {"external_links": "500"}, "kept", id="500 links"),
    Case("outbound", {"external_links": "1,200"}, "dropped", id="1,200 links"),
    Case("anchor", {"anchor": "casino"}, "dropped", id="blocked word"),
    Case("anchor", {"anchor": "Best CASINO online"}, "dropped", id="in a phrase"),
    Case("anchor", {"anchor": "cheap-viagra!"}, "dropped", id="between signs"),
    Case("anchor", {"anchor": "payday loans"}, "dropped", id="blocked phrase"),
    Case("anchor", {"anchor": "лучшее КАЗИНО"}, "dropped", id="other script"),
    Case("anchor", {"anchor": "Essex"}, "kept", id="within another word"),
    Case("anchor", {"anchor": "casinos2go"}, "kept", id="with more letters"),
    Case("anchor", {"anchor": "loans on payday"}, "kept", id="phrase turned around"),
    Case("anchor", {"anchor": "desk lamp"}, "kept", id="harmless"),
    Case("anchor", {"anchor": "'=casino"}, "dropped", id="behind a shield"),
)


@pytest.mark.parametrize("rule", dict.fromkeys(case.rule for case in CASES))
def test_a_rule_drops_what_it_says(tmp_path: Path, rule: str) -> None:
    cases = [case for case in CASES if case.rule == rule]

    assert fates(tmp_path, cases) == {case.id: case.fate for case in cases}


FORUMS, LAMP = {"ugc_patterns": ("forum",)}, {"block_anchor": ("lamp",)}
ENGLISH, DESK = {"language": ("en",)}, {"topic": ("desk",)}
WITH_PARAMETERS = (
    Case("authority", {"authority": "49"}, "dropped", "own authority", {"min_authority": 50}),
    Case("authority", {"authority": "0"}, "kept", "authority 0", {"min_authority": 0}),
    Case("traffic", {"domain_traffic": "5"}, "kept", "traffic", {"min_traffic": 5}),
    Case("outbound", {"external_links": "10"}, "dropped", "outbound", {"max_outbound": 9}),
    Case(
        "ugc",
        {"source_url": "https://a.example/viewtopic.php?t=1"},
        "dropped",
        "forums alone, a forum",
        FORUMS,
    ),
    Case(
        "ugc",
        {"source_url": "https://a.example/p#comment-1"},
        "kept",
        "forums alone, a comment",
        FORUMS,
    ),
    Case("anchor", {"anchor": "a lamp"}, "dropped", "own word", LAMP),
    Case("anchor", {"anchor": "casino"}, "dropped", "packaged as well", LAMP),
    Case("anchor", {"anchor": "c"}, "kept", "signs are literal", {"block_anchor": ("c++", "(")}),
    Case("anchor", {"anchor": "in C++."}, "dropped", "signs are found", {"block_anchor": ("c++",)}),
    Case("language", {"language": "en"}, "kept", "language", ENGLISH),
    Case("language", {"language": "de"}, "dropped", "other one", ENGLISH),
    Case("language", {"language": "EN"}, "kept", "capitals", ENGLISH),
    Case("language", {"language": "uk, en"}, "kept", "among several", ENGLISH),
    Case("language", {"language": "en"}, "kept", "either of two", {"language": ("de", "en")}),
    Case("language", {"language": "en-US"}, "kept", "with a region", ENGLISH),
    Case("language", {"language": "ten"}, "dropped", "part of another", ENGLISH),
    Case("language", {"language": "en"}, "dropped", "signs in it", {"language": (".*", "(")}),
    Case("topic", {"anchor": "My Desk"}, "kept", "in anchor", DESK),
    Case("topic", {"title": "desk!"}, "kept", "in title", DESK),
    Case("topic", {"context": "a desk"}, "kept", "in context", DESK),
    Case("topic", {"Right context": "desk"}, "kept", "right of it", DESK),
    Case("topic", {"source_url": "https://source.example/the-desk"}, "kept", "in the URL", DESK),
    Case("topic", {"anchor": "desktop"}, "dropped", "nowhere", DESK),
    Case("topic", {"title": "standing desk"}, "kept", "two", {"topic": ("lamp", "standing desk")}),
)


@pytest.mark.slow
@pytest.mark.parametrize(
    "parameters",
    {f"{case.parameters}": case.parameters for case in WITH_PARAMETERS}.values(),
    ids=str,
)
def test_a_rule_follows_its_parameters(tmp_path: Path, parameters: Mapping[str, Parameter]) -> None:
    cases = [case for case in WITH_PARAMETERS if case.parameters == parameters]

    assert fates(tmp_path, cases) == {case.id: case.fate for case in cases}


@pytest.mark.slow
def test_strict_takes_forums_and_profiles_for_user_content(tmp_path: Path) -> None:
    content: Mapping[str, Fate] = {
        "https://a.example/p#comment-17": "dropped",
        "https://a.example/forums/x": "dropped",
        "https://forum.a.example/x": "dropped",
        "https://a.example/showthread.php?t=1": "dropped",
        "https://a.example/index?topic=12": "dropped",
        "https://a.example/members/me": "dropped",
        "https://a.example/author/me": "dropped",
        "https://a.example/forumula": "kept",
        "https://a.example/blog/post": "kept",
    }
    cases = [Case("ugc", {"source_url": url}, fate, url) for url, fate in content.items()]

    assert fates(tmp_path, cases, "strict") == content


@pytest.mark.slow
@pytest.mark.parametrize(("profile", "of_forums"), [("balanced", "kept"), ("strict", "dropped")])
def test_the_vendors_page_types_count_as_the_url_patterns_do(
    tmp_path: Path, profile: Profile, of_forums: Fate
) -> None:
    content: Mapping[str, Fate] = {
        "User content > Comments": "dropped",
        "User content > Forum": of_forums,
        "User content > Profile": of_forums,
        "user content > user PROFILE": of_forums,
        "Article > Guide": "kept",
    }
    cases = [
        Case("ugc", {"Page type": name, "UGC": "false"}, fate, name)
        for name, fate in content.items()
    ]

    assert fates(tmp_path, cases, profile) == content


UNKNOWN: Sequence[tuple[str, Cells]] = (
    ("spam", {"spam": ""}),
    ("sponsored", {"sponsored": ""}),
    ("ugc", {"ugc": ""}),
    ("nofollow", {"nofollow": ""}),
    ("sitewide", {"sitewide": ""}),
    ("redirect", {"kind": ""}),
    ("authority", {"authority": ""}),
    ("authority", {"authority": "--"}),
    ("traffic", {"domain_traffic": ""}),
    ("outbound", {"external_links": "-1"}),
)
BAD: Sequence[tuple[str, Cells]] = (
    ("spam", {"spam": "perhaps"}),
    ("authority", {"authority": "140"}),
    ("outbound", {"external_links": "many"}),
)


def judged_alone(folder: Path, cases: Sequence[tuple[str, Cells]]) -> list[tuple[int | None, int]]:
    """Give whether links are kept and unjudged, whose columns one rule each rests on."""
    rules = [active for rule in dict(cases) for active in only(rule)]
    lists = [links_from("source.example", **cells) for _, cells in cases]
    return [(page.kept, page.unjudged) for page in count_each(folder, lists, rules)]


def test_a_rule_never_fires_on_an_unknown_value_and_says_so(tmp_path: Path) -> None:
    found = zip(UNKNOWN, judged_alone(tmp_path, UNKNOWN), strict=True)
    assert list(found) == [(case, (1, 1)) for case in UNKNOWN]


def test_a_rule_takes_a_column_of_nothing_but_bad_cells_for_one_that_is_not_there(
    tmp_path: Path,
) -> None:
    found = zip(BAD, judged_alone(tmp_path, BAD), strict=True)
    assert list(found) == [(case, (1, 0)) for case in BAD]


@pytest.mark.parametrize(
    ("parameters", "cells"),
    [
        pytest.param({"language": ("en",)}, {"language": ""}, id="language"),
        pytest.param({"block_anchor": ("x",)}, {"anchor": ""}, id="anchor"),
    ],
)
def test_no_language_and_no_anchor_offend_nobody(
    tmp_path: Path, parameters: Mapping[str, Parameter], cells: Cells
) -> None:
    assert count_one(tmp_path, cells, choose("all", parameters)).pages[PAGE].kept == 1


def test_a_link_dropped_by_one_rule_is_not_told_as_unjudged_by_another(tmp_path: Path) -> None:
    rules = choose("all", {}, on=["spam", "sponsored"])
    page = count_one(tmp_path, {"spam": "true", "sponsored": ""}, rules).pages[PAGE]
    assert (page.kept, page.unjudged) == (0, 0)


NEEDED = {
    "spam": {"spam"},
    "sponsored": {"sponsored"},
    "rel": {"sponsored", "nofollow"},
    "nofollow": {"nofollow"},
    "kind": {"redirect"},
    "authority": {"authority"},
    "domain_traffic": {"traffic"},
    "external_links": {"outbound"},
    "anchor": {"anchor"},
    "language": {"language"},
    "": set[str](),
}
"""The rules that rest on a column, and on none."""


@pytest.mark.slow
def test_a_rule_without_its_column_is_not_applicable(tmp_path: Path) -> None:
    rules = choose("all", {"language": ("en",)}, on=sorted(set[str]().union(*NEEDED.values())))
    question = NO_RULES._replace(rules=rules)
    paths = {
        heading: write_one(tmp_path / f"{heading}.csv", {heading: ""} if heading else {})
        for heading in NEEDED
    }

    files = count_links(paths.values(), question).files
    bare = count_links([paths[""]], question).pages[PAGE]

    assert {h: file.rules for h, file in zip(NEEDED, files, strict=True)} == NEEDED
    assert (bare.kept, bare.unjudged) == (1, 0)


def test_the_rules_that_apply_are_named_file_by_file(tmp_path: Path) -> None:
    paths = [
        write_links(tmp_path / "spam.csv", links_from("a.example", spam="true")),
        write_links(tmp_path / "anchor.csv", links_from("b.example", anchor="casino")),
    ]
    rules = choose("all", {}, on=["spam", "anchor"])
    counted = count_links(paths, NO_RULES._replace(rules=rules))
    assert [file.rules for file in counted.files] == [{"spam"}, {"anchor"}]
    assert counted.pages[PAGE].dropped == {"spam": 1, "anchor": 1}


FITTING = {
    "ahrefs-backlinks-2026.csv": (
        "spam sponsored ugc nofollow redirect authority traffic outbound anchor language topic"
        " network blocklist"
    ),
    # It has no spam flag.
    "ahrefs-backlinks-2025-comma.csv": (
        "sponsored ugc nofollow redirect authority traffic outbound anchor language topic"
        " network blocklist"
    ),
    "semrush-backlinks.csv": "sponsored ugc nofollow sitewide outbound anchor topic blocklist",
    "ahrefs-refdomains.tsv": "spam nofollow authority traffic network blocklist",
    "semrush-refdomains.csv": "authority network blocklist",
    "gapcalc-links.csv": "sponsored ugc nofollow anchor topic blocklist",
}


def test_the_rules_that_fit_each_export() -> None:
    parameters: dict[str, Parameter] = {"topic": ("x",), "language": ("en",), "block_domains": "x"}
    rules = choose("balanced", parameters, on=[rule.id for rule in RULES])
    question = NO_RULES._replace(rules=rules, bound=dict.fromkeys(range(len(FITTING)), PAGE))

    files = count_links([FIXTURES / "vendors" / name for name in FITTING], question).files

    found = {name: file.rules for name, file in zip(FITTING, files, strict=True)}
    assert found == {name: set(applicable.split()) for name, applicable in FITTING.items()}


ALLOWED = (
    # anchor, keyword, host, whether the link is dropped
    ("casino", "", "target.example", True),  # not allowed
    ("casino", "best casino bonus", "target.example", False),  # in the keyword
    ("casino", "Best CASINO!", "target.example", False),  # in other case
    ("casino", "casinos", "target.example", True),  # keyword has another word
    ("casino", "the casinoroyale", "target.example", True),  # not as a word
    ("casino poker", "casino", "target.example", True),  # another word beside it
    ("payday loans", "payday loans uk", "target.example", False),  # a phrase
    ("payday loans", "loans payday", "target.example", True),  # turned around
    ("casino", "", "casino.example", False),  # in the host
    ("casino", "", "www.royal-casino.example", False),  # in a part of the host
    ("casino", "", "royalcasinoclub.example", False),  # in a name
    ("payday loan", "", "my-payday-loan.example", False),  # phrase in the host
    ("sex", "", "visit-essex.example", True),  # short word within a name
    ("sex", "", "sex-education.example", False),  # short word as a part
    ("poker", "", "casino.example", True),  # host has another word
)


@pytest.mark.slow
def test_words_of_the_keyword_and_the_host_are_not_blocked(tmp_path: Path) -> None:
    pages = [f"{host.removeprefix('www.')}/{n}" for n, (_, _, host, _) in enumerate(ALLOWED)]
    links = [
        {"source_url": "https://a.example/", "target_url": f"https://{host}/{n}", "anchor": anchor}
        for n, (anchor, _, host, _) in enumerate(ALLOWED)
    ]
    known = Known({page: allowed for page, (_, allowed, *_) in zip(pages, ALLOWED, strict=True)})
    question = NO_RULES._replace(rules=only("anchor"), known=known)

    counted = count_links([write_links(tmp_path / "links.csv", links)], question).pages

    found = [
        (*case[:3], counted[page].kept == 0) for case, page in zip(ALLOWED, pages, strict=True)
    ]
    assert found == [*ALLOWED]


def test_words_are_allowed_page_by_page(tmp_path: Path) -> None:
    links = [
        {"source_url": "https://a.example/", "target_url": target, "anchor": "casino"}
        for target in ("https://one.example/", "https://two.example/", "https://three.example/")
    ]
    question = NO_RULES._replace(
        rules=only("anchor"),
        known=Known({"one.example": "casino", "two.example": "lamp"}, "casino"),
    )
    pages = count_links([write_links(tmp_path / "links.csv", links)], question).pages
    assert {page: links.kept for page, links in pages.items()} == {
        "one.example": 1,
        "two.example": 0,
        "three.example": 1,
    }


@pytest.mark.parametrize(
    ("blocked", "kept"),
    [
        pytest.param(set[str](), 2, id="none"),
        pytest.param({"a.example"}, 1, id="a domain"),
        pytest.param({"blog.a.example"}, 2, id="a host is no domain"),
        pytest.param({"a.example", "b.example", "c.example"}, 0, id="all"),
        pytest.param({"me.github.io"}, 2, id="a stranger"),
    ],
)
def test_the_blocklist_drops_domains(tmp_path: Path, blocked: set[str], kept: int) -> None:
    path = write_links(tmp_path / "links.csv", links_from("www.a.example", "b.example"))
    rules = choose("all", {"block_domains": "list.txt"})
    question = NO_RULES._replace(rules=rules, known=Known(blocked=frozenset(blocked)))
    page = count_links([path], question).pages[PAGE]
    assert (page.raw, page.kept, page.dropped) == (2, kept, {"blocklist": 2 - kept})


BALANCED = {"spam", "sponsored", "ugc", "sitewide", "outbound", "anchor"}
STRICT = BALANCED | {"nofollow", "redirect", "authority", "traffic", "network"}


@pytest.mark.parametrize(
    ("profile", "rules"),
    [
        pytest.param("all", set[str](), id="all"),
        pytest.param("balanced", BALANCED, id="balanced"),
        pytest.param("strict", STRICT, id="strict"),
    ],
)
def test_a_profile_has_the_rules_of_the_method(profile: Profile, rules: set[str]) -> None:
    assert {active.id for active in choose(profile, {})} == rules


@pytest.mark.parametrize(
    ("profile", "rule", "parameters"),
    [
        pytest.param("balanced", "outbound", {"max_outbound": 500}, id="outbound, balanced"),
        pytest.param("strict", "outbound", {"max_outbound": 200}, id="outbound, strict"),
        pytest.param("strict", "authority", {"min_authority": 20}, id="authority, strict"),
        pytest.param("strict", "traffic", {"min_traffic": 100}, id="traffic, strict"),
        pytest.param("balanced", "sitewide", {}, id="sitewide, the flag alone"),
        pytest.param(
            "strict",
            "sitewide",
            {"sitewide_links": 100, "sitewide_share": 0.9},
            id="sitewide, strict",
        ),
    ],
)
def test_a_profile_has_the_thresholds_of_the_method(
    profile: Profile, rule: str, parameters: Mapping[str, Parameter]
) -> None:
    (active,) = [active for active in choose(profile, {}) if active.id == rule]
    assert active.parameters == parameters


def test_the_rules_stand_in_the_order_of_the_method() -> None:
    assert [rule.id for rule in RULES] == [
        "spam",
        "sponsored",
        "ugc",
        "nofollow",
        "sitewide",
        "redirect",
        "authority",
        "traffic",
        "outbound",
        "anchor",
        "language",
        "topic",
        "network",
        "blocklist",
    ]


def test_every_rule_has_a_bit_of_its_own_in_their_order() -> None:
    bits = [active.bit for active in choose("strict", {"topic": ("x",), "language": ("en",)})]
    assert bits == sorted(bits)
    assert all(bit.bit_count() == 1 for bit in bits)
    assert len(set(bits)) == len(bits)


def test_a_given_parameter_switches_its_rule_on_and_keeps_the_others() -> None:
    rules = {active.id: active for active in choose("balanced", {"min_authority": 7})}
    assert set(rules) == BALANCED | {"authority"}
    assert rules["authority"].parameters == {"min_authority": 7}


def test_a_rule_named_comes_on_with_the_strict_threshold() -> None:
    rules = {active.id: active for active in choose("all", {}, on=["authority", "nofollow"])}
    assert set(rules) == {"authority", "nofollow"}
    assert rules["authority"].parameters == {"min_authority": 20}


@pytest.mark.parametrize(
    ("rule", "parameters"),
    [
        pytest.param("outbound", {"max_outbound": 200}, id="outbound"),
        pytest.param("ugc", {"ugc_patterns": ("comment", "forum", "profile")}, id="ugc"),
        pytest.param("sitewide", {"sitewide_links": 100, "sitewide_share": 0.9}, id="sitewide"),
        pytest.param("spam", {}, id="spam, which has none"),
    ],
)
def test_a_rule_named_in_a_profile_without_it_has_the_parameters_of_strict(
    rule: str, parameters: Mapping[str, Parameter]
) -> None:
    (active,) = choose("all", {}, on=[rule])
    assert (active.id, active.parameters) == (rule, parameters)


def test_a_rule_named_in_a_profile_that_has_it_keeps_the_parameters_of_the_profile() -> None:
    rules = {active.id: active for active in choose("balanced", {}, on=["outbound"])}
    assert rules["outbound"].parameters == {"max_outbound": 500}


# --- rules that somebody may add -----------------------------------------------------------------

_MADE_UP = Rule("made-up", "made up", "made up", "the test")
SHORT_TITLE = _MADE_UP._replace(
    id="short-title", needs=("title",), condition="strlen(coalesce(title, '')) < 3"
)
WEAK = _MADE_UP._replace(
    id="weak",
    aggregate=Aggregate(
        "select domain from live_link group by domain having max(authority) < $least",
        columns=("authority",),
    ),
    needs_for_aggregate=("authority",),
    given=("least",),
    strict={"least": 20},
)
FEW_LINKS = _MADE_UP._replace(
    id="few",
    aggregate=Aggregate(
        "select page_id, domain from live_link group by all having sum(links) < 3",
        keys=("page_id", "domain"),
        columns=("links",),
    ),
    needs_for_aggregate=("source_url",),
)
LOUD = _MADE_UP._replace(
    id="loud",
    needs=("title",),
    condition="contains(coalesce(title, ''), '!')",
    exception=PageException(
        "title",
        "not contains({column}, $said)",
        lambda _, known, pages: [
            ({"said": known.words_of(p)}, [p]) for p in pages if known.words_of(p)
        ],
    ),
)
RULES_MADE_UP = (SHORT_TITLE, WEAK, FEW_LINKS, LOUD)
LINKS_MADE_UP = [
    *links_from("a.example", title="", authority="30", links="5"),
    *links_from("b.example", title="a long one", authority="5", links="1"),
    *links_from("blog.b.example", title="a long one", authority="15", links="1"),
    *links_from("c.example", title="buy now!", authority="90", links="9"),
    *links_from("d.example", title="desk!", authority="90", links="9"),
]


@pytest.mark.parametrize(
    ("rule", "parameters", "dropped"),
    [
        pytest.param("short-title", {}, 1, id="a condition on one row"),
        pytest.param("weak", {}, 1, id="over all links of a domain"),
        pytest.param("weak", {"least": 10}, 0, id="with a parameter"),
        pytest.param("few", {}, 1, id="over the links of a domain to a page"),
        pytest.param("loud", {}, 1, id="an exception for the page"),
    ],
)
def test_a_rule_that_is_only_declared_is_switched_on_by_its_name_and_works(
    tmp_path: Path, rule: str, parameters: Mapping[str, Parameter], dropped: int
) -> None:
    rules = choose("balanced", parameters, on=[rule], rules=RULES_MADE_UP)
    question = NO_RULES._replace(rules=rules, known=Known({PAGE: "desk"}), sensitivity=True)
    page = count_links([write_links(tmp_path / "links.csv", LINKS_MADE_UP)], question).pages[PAGE]
    assert (page.raw, page.kept, page.dropped) == (4, 4 - dropped, {rule: dropped})
    assert page.without[rule][0] == 4


def test_rules_that_are_only_declared_work_together(tmp_path: Path) -> None:
    names = [rule.id for rule in RULES_MADE_UP]
    rules = choose("all", {}, on=names, rules=RULES_MADE_UP)
    question = NO_RULES._replace(rules=rules, known=Known({PAGE: "desk"}))
    page = count_links([write_links(tmp_path / "links.csv", LINKS_MADE_UP)], question).pages[PAGE]
    assert page.dropped == {"short-title": 1, "weak": 1, "few": 0, "loud": 1}
    assert page.kept == 1


def test_off_beats_everything() -> None:
    rules = choose("strict", {"min_authority": 7}, on=["spam"], off=["authority", "spam"])
    assert {active.id for active in rules} == STRICT - {"authority", "spam"}


@pytest.mark.parametrize(
    ("on", "off", "message"),
    [
        pytest.param(
            ["nofolow"], [], "there is no rule named nofolow; did you mean nofollow?", id="misspelt"
        ),
        pytest.param(
            [], ["Spam"], "there is no rule named Spam; did you mean spam?", id="in capitals"
        ),
        pytest.param(
            [],
            ["xyz"],
            "there is no rule named xyz; the rules are spam, sponsored, ugc, nofollow, sitewide, "
            "redirect, authority, traffic, outbound, anchor, language, topic, network, blocklist",
            id="like none",
        ),
        pytest.param(["language"], [], "the rule language needs --language", id="no language"),
        pytest.param(["topic"], [], "the rule topic needs --topic", id="no topic"),
        pytest.param(["blocklist"], [], "the rule blocklist needs --block-domains", id="no list"),
    ],
)
def test_a_choice_that_cannot_be_made_is_reported(
    on: list[str], off: list[str], message: str
) -> None:
    with pytest.raises(UsageError) as error:
        choose("balanced", {}, on=on, off=off)
    assert str(error.value) == message


def test_a_link_is_charged_to_the_first_rule_it_fails(tmp_path: Path) -> None:
    rules = choose("strict", {})
    cells = {"spam": "true", "nofollow": "true", "anchor": "casino", "authority": "1"}
    page = count_one(tmp_path, cells, rules).pages[PAGE]
    assert {rule: count for rule, count in page.dropped.items() if count} == {"spam": 1}


def test_a_domain_is_charged_to_the_rule_that_failed_its_best_link(tmp_path: Path) -> None:
    links = [
        *links_from("www.a.example", spam="true", anchor="casino"),
        *links_from("blog.a.example", spam="false", anchor="casino"),
        *links_from("b.example", spam="true", anchor="lamp"),
    ]
    question = NO_RULES._replace(rules=choose("all", {}, on=["spam", "anchor"]))
    page = count_links([write_links(tmp_path / "links.csv", links)], question).pages[PAGE]
    assert (page.raw, page.kept, page.dropped) == (2, 0, {"spam": 1, "anchor": 1})


def test_one_good_link_keeps_a_domain_however_many_are_bad(tmp_path: Path) -> None:
    links = [*links_from(*["a.example"] * 10, spam="true"), *links_from("a.example", spam="false")]
    question = NO_RULES._replace(rules=only("spam"))
    page = count_links([write_links(tmp_path / "links.csv", links)], question).pages[PAGE]
    assert (page.raw, page.kept, page.dropped) == (1, 1, {"spam": 0})


def test_a_followed_link_is_neither_nofollow_nor_ugc_nor_sponsored(tmp_path: Path) -> None:
    cases: dict[str, tuple[Cells, int | None]] = {
        "no rel": ({"rel": ""}, 1),
        "nofollow": ({"rel": "nofollow"}, 0),
        "ugc": ({"rel": "ugc"}, 0),
        "sponsored": ({"rel": "sponsored"}, 0),
        "not nofollow, the rest not said": ({"nofollow": "false"}, 1),
        "unknown": ({"nofollow": ""}, None),
        "not said by the file": ({"anchor": "x"}, None),
    }
    lists = [links_from("source.example", **cells) for cells, _ in cases.values()]

    pages = count_each(tmp_path, lists, ())

    found = {name: page.followed for name, page in zip(cases, pages, strict=True)}
    assert found == {name: followed for name, (_, followed) in cases.items()}


def test_only_kept_links_are_followed(tmp_path: Path) -> None:
    rules = only("anchor")
    page = count_one(tmp_path, {"rel": "", "anchor": "casino"}, rules).pages[PAGE]
    assert (page.raw, page.kept, page.followed) == (1, 0, 0)


def test_each_rule_can_be_switched_off_in_turn(tmp_path: Path) -> None:
    links = [
        *links_from("a.example", spam="true", anchor="casino"),
        *links_from("b.example", spam="true", anchor="lamp"),
        *links_from("c.example", spam="false", anchor="casino"),
        *links_from("d.example", spam="false", anchor="lamp"),
    ]
    rules = choose("all", {}, on=["spam", "anchor"])
    path = write_links(tmp_path / "links.csv", links)
    page = count_links([path], NO_RULES._replace(rules=rules, sensitivity=True)).pages[PAGE]
    kept = {rule: counts[0] for rule, counts in page.without.items()}
    assert (page.raw, page.kept, kept) == (4, 1, {"spam": 2, "anchor": 2})
    assert count_links([path], NO_RULES._replace(rules=rules)).pages[PAGE].without == {}


def sitewide_links(count: int, others: int, **cells: str) -> list[dict[str, str]]:
    """Give links from one site: `count` with one anchor, and `others` with one each."""
    return [
        *({**link, "anchor": "home"} for link in links_from(*["a.example"] * count, **cells)),
        *(
            {**link, "anchor": f"no {number}"}
            for number, link in enumerate(links_from(*["a.example"] * others, **cells))
        ),
    ]


SITEWIDE = {
    "100 links, one anchor": (sitewide_links(100, 0), True),
    "99 links": (sitewide_links(99, 0), False),
    "90 per cent with one anchor": (sitewide_links(90, 10), True),
    "89 per cent with one anchor": (sitewide_links(89, 11), False),
    "a group of 100": (sitewide_links(1, 0, links="100"), True),
    "two groups of 50": (sitewide_links(2, 0, links="50"), True),
    "a group of unknown size": (sitewide_links(1, 0, links=""), False),
    "lost ones": ([*sitewide_links(60, 0), *sitewide_links(60, 0, lost="true")], False),
    "over two pages": (
        [
            *sitewide_links(60, 0),
            *sitewide_links(60, 0, target_url="https://target.example/other"),
        ],
        False,
    ),
}


@pytest.mark.slow
def test_strict_takes_many_links_with_one_anchor_for_sitewide(tmp_path: Path) -> None:
    rules = [active for active in choose("strict", {}) if active.id == "sitewide"]

    pages = count_each(tmp_path, [links for links, _ in SITEWIDE.values()], rules)

    for page, (name, (_, dropped)) in zip(pages, SITEWIDE.items(), strict=True):
        assert (page.raw, page.kept) == (1, 1 - dropped), name


def test_balanced_trusts_the_vendors_flag_alone(tmp_path: Path) -> None:
    links = [*sitewide_links(200, 0, sitewide="false"), *links_from("b.example", sitewide="true")]
    question = NO_RULES._replace(rules=only("sitewide"))
    page = count_links([write_links(tmp_path / "links.csv", links)], question).pages[PAGE]
    assert (page.raw, page.kept, page.dropped) == (2, 1, {"sitewide": 1})


def test_the_vendors_flag_counts_in_strict_too(tmp_path: Path) -> None:
    links = [*links_from("a.example", sitewide="true"), *links_from("b.example", sitewide="false")]
    rules = [active for active in choose("strict", {}) if active.id == "sitewide"]
    question = NO_RULES._replace(rules=tuple(rules))
    page = count_links([write_links(tmp_path / "links.csv", links)], question).pages[PAGE]
    assert (page.raw, page.kept, page.dropped) == (2, 1, {"sitewide": 1})


@pytest.mark.slow
@pytest.mark.parametrize("profile", ["all", "strict"])
def test_every_export_can_be_judged_under_every_profile(profile: Profile) -> None:
    sources = {path: open_source(path) for path in sorted(FIXTURES.glob("vendors/*"))}
    lists = {path: s for path, s in sources.items() if s.export.kind in LINK_KINDS}
    bound = {
        number: f"page{number}.example/"
        for number, source in enumerate(lists.values())
        if "target_url" not in source.export.places(source.plain_header)
    }
    question = NO_RULES._replace(rules=choose(profile, {}), bound=bound)
    pages = count_links(list(lists), question).pages
    assert set(bound.values()) <= set(pages)
    assert all(page.raw - sum(page.dropped.values()) == page.kept for page in pages.values())
