"""The class of an anchor: the first that fits, in the order of the method."""

import pytest

from gapcalc.analyses.anchors import CLASSES, AnchorReader, read_anchors
from gapcalc.suffixes import default_rules


def reader(
    domain: str = "lampkin.example", keyword: str | None = "desk lamp", *brands: str
) -> AnchorReader:
    return read_anchors(domain, default_rules(), keyword=keyword, brands=brands)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", "empty-image"),
        ("  ", "empty-image"),
        ("https://other.example/a", "naked-url"),
        ("HTTP://OTHER.EXAMPLE", "naked-url"),
        ("www.other.example", "naked-url"),
        ("lampkin.example", "naked-url"),
        ("shop.lampkin.example/desk", "naked-url"),
        ("wikipedia.org", "naked-url"),
        ("münchen.de/lampen", "naked-url"),
        ("node.js", "other"),
        ("me@wikipedia.org", "other"),
        ("see wikipedia.org", "other"),
        ("Lampkin", "brand"),
        ("the LAMPKINs", "brand"),
        ("lamp kin", "brand"),
        ("Lampkin desk lamp", "brand"),
        ("Desk Lamp", "exact"),
        ("  desk-lamp! ", "exact"),
        ("ｄｅｓｋ lamp", "exact"),  # noqa: RUF001  (full-width letters are the point)
        ("lamp for your desk", "partial"),
        ("desk lamps", "other"),
        ("desk", "other"),
        ("Click here!", "generic"),
        ("»weiterlesen«", "generic"),
        ("click here for lamps", "other"),
    ],
)
def test_an_anchor_is_of_the_first_class_that_fits(text: str, found: str) -> None:
    assert reader().classify(text) == found


def test_the_brand_outranks_the_exact_keyword() -> None:
    """A site that is named like its keyword has no exact anchors."""
    assert reader("desklamp.example").classify("desk lamp") == "brand"


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("hp", "hp printers", "brand"),
        ("hp", "php manual", "other"),
        ("hp", "HP", "brand"),
        ("acme", "pacemaker", "other"),
        ("acmes", "pacmesh", "brand"),
        ("Acme & Sons", "by acme sons", "brand"),
        ("Acme & Sons", "acme and sons", "other"),
        ("!", "anything", "other"),
    ],
)
def test_a_short_name_counts_only_as_a_word(name: str, text: str, found: str) -> None:
    assert reader("site.example", "desk lamp", name).classify(text) == found


@pytest.mark.parametrize(
    ("keyword", "text", "found"),
    [
        ("best desk lamp", "desk lamp", "other"),
        ("best desk lamp 2026", "best desk lamp", "partial"),
        ("best desk lamp 2026", "desk lamp", "other"),
        ("desk lamp desk lamp", "desk", "other"),
        ("стол лампа", "Лампа на стол", "partial"),
    ],
)
def test_a_partial_anchor_may_lack_one_of_four_words(keyword: str, text: str, found: str) -> None:
    assert reader("site.example", keyword).classify(text) == found


def test_without_a_keyword_no_anchor_is_exact_or_partial() -> None:
    assert reader("site.example", None).classify("desk lamp") == "other"


def test_an_address_of_numbers_and_a_punycode_host_have_names_as_far_as_they_can() -> None:
    assert reader("192.0.2.7").names == ()
    assert reader("xn--mnchen-3ya.example").names == (("münchen",),)


def test_a_domain_counts_in_every_class_that_it_has_an_anchor_of() -> None:
    texts = [("a.example", "desk lamp"), ("a.example", "here"), ("b.example", "Desk lamp")]

    counts = reader().count_domains(texts)

    assert counts == {**dict.fromkeys(CLASSES, 0), "exact": 2, "generic": 1}
