"""How numbers, names and strangers' text are written."""

import json
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gapcalc.text import safe, safe_json

# Signs of numbers and verses: Unicode has them among the controls, but they are seen.
VISIBLE = {*map(chr, range(0x600, 0x606)), *"\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"}


def test_every_character_that_controls_or_hides_is_shown_as_an_escape() -> None:
    hidden = {"Cc", "Cf", "Cs", "Zl", "Zp"}

    for character in map(chr, range(sys.maxunicode + 1)):
        if unicodedata.category(character) in hidden and character not in VISIBLE:
            assert safe(character).isascii(), hex(ord(character))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\u200bb", "a\\u200bb"),
        ("soft\u00adhyphen", "soft\\xadhyphen"),
        ("word\u2060joiner", "word\\u2060joiner"),
        ("mark\ufeffinside", "mark\\ufeffinside"),
        ("\U000e0068\U000e0069", "\\U000e0068\\U000e0069"),
        ("\ufff9note\ufffb", "\\ufff9note\\ufffb"),
        ("a\ufe0f", "a\\ufe0f"),
        ("a\U000e0100", "a\\U000e0100"),
        ("❤\ufe0f\ufe0f", "❤\ufe0f\\ufe0f"),
        ("❤\ufe00", "❤\\ufe00"),
    ],
)
def test_invisible_text_is_shown(text: str, shown: str) -> None:
    assert safe(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        "Schreibtischlampe für 2 €",
        "電気スタンド",
        "مصباح",
        "❤\ufe0f 1\ufe0f⃣ ☎\ufe0e",
        "👍🏽",
    ],
)
def test_ordinary_text_and_emoji_stay_as_they_are(text: str) -> None:
    assert safe(text) == text


@given(st.text(st.characters(exclude_categories=[])))
def test_json_says_the_very_text_and_shows_no_harm(text: str) -> None:
    written = safe_json(json.dumps(text, ensure_ascii=False))

    assert json.loads(written) == text
    assert safe(written) == written
