"""Keys come from the environment, or from a file that nobody else can read."""

import base64
import html
import json
import os
import unicodedata
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from fake_providers import TARGET, World
from fake_providers.server import Answer as Said
from fetching import AHREFS, DATAFORSEO, SEMRUSH, at_desk, fast_time, keys_for
from gapcalc.providers.keys import Secret, basic, redact
from running import Run, run

WORLD = World(keywords=1, rankings=3, crowd=5)


def fetch(tmp_path: Path, environment: dict[str, str], provider: str = "ahrefs") -> Run:
    arguments = ("desk lamp 0", "--provider", provider, "--target", TARGET, "--depth", "counts")
    cache = ("-o", tmp_path / "out", "--cache", tmp_path / "cache", "--yes")
    with fast_time(attempts=2):
        return run("fetch", *arguments, *cache, environment=environment)


def key_file(tmp_path: Path, text: str, mode: int = 0o600) -> Path:
    path = tmp_path / "keys.toml"
    path.write_text(text)
    path.chmod(mode)
    return path


def test_a_missing_key_is_reported_before_any_request(tmp_path: Path) -> None:
    with at_desk(AHREFS, tmp_path, WORLD) as desk:
        environment = keys_for(AHREFS, desk.fake) | {"AHREFS_API_KEY": " "}
        done = fetch(tmp_path, environment | {"GAPCALC_KEYS": str(key_file(tmp_path, ""))})
        assert done.code == 2
        assert "AHREFS_API_KEY is not set. Put the key into" in done.err
        assert not desk.fake.books.entries


def test_the_key_file_serves_where_the_environment_has_no_key(tmp_path: Path) -> None:
    with at_desk(SEMRUSH, tmp_path, WORLD) as desk:
        given = keys_for(SEMRUSH, desk.fake)
        path = key_file(tmp_path, f'SEMRUSH_API_KEY = "{given["SEMRUSH_API_KEY"]}"\n')
        environment = given | {"SEMRUSH_API_KEY": "", "GAPCALC_KEYS": str(path)}
        assert fetch(tmp_path, environment, "semrush").code == 0


def test_the_environment_beats_the_key_file(tmp_path: Path) -> None:
    with at_desk(AHREFS, tmp_path, WORLD) as desk:
        path = key_file(tmp_path, 'AHREFS_API_KEY = "another-key-1"\n')
        environment = keys_for(AHREFS, desk.fake) | {"GAPCALC_KEYS": str(path)}
        assert fetch(tmp_path, environment).code == 0


def test_the_login_of_dataforseo_goes_by_either_name(tmp_path: Path) -> None:
    with at_desk(DATAFORSEO, tmp_path, WORLD) as desk:
        given = keys_for(DATAFORSEO, desk.fake)
        login = {"DATAFORSEO_LOGIN": "", "DATAFORSEO_USERNAME": given["DATAFORSEO_LOGIN"]}
        assert fetch(tmp_path, given | login, "dataforseo").code == 0


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o700])
def test_a_key_file_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = key_file(tmp_path, 'AHREFS_API_KEY = "sesame-open"\n', mode)
    done = fetch(tmp_path, {"GAPCALC_KEYS": str(path), "AHREFS_API_KEY": ""})
    assert done.code == 2
    assert f"must be yours alone (its mode is {mode:04o}): chmod 600" in done.err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param('AHREFS_API_KEY = "sesame-open', "is not valid TOML", id="half a line"),
        pytest.param('AHREFS_KEY = "sesame-open"', "texts named AHREFS_API_KEY", id="another name"),
        pytest.param("AHREFS_API_KEY = 12", "texts named AHREFS_API_KEY", id="a number"),
        pytest.param('AHREFS_API_KEY = "a b"', "holds characters that no key has", id="a space"),
    ],
)
def test_a_wrong_key_file_is_reported_without_its_keys(
    tmp_path: Path, text: str, said: str
) -> None:
    path = key_file(tmp_path, text)
    done = fetch(tmp_path, {"GAPCALC_KEYS": str(path), "AHREFS_API_KEY": ""})
    assert done.code == 2
    assert said in done.err
    assert "sesame" not in done.err


def test_a_named_key_file_must_be_there(tmp_path: Path) -> None:
    done = fetch(tmp_path, {"GAPCALC_KEYS": str(tmp_path / "none.toml")})
    assert done.code == 2
    assert "GAPCALC_KEYS: there is no file" in done.err


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("http://api.example", "http:// would send the key unprotected"),
        ("http://127.0.0.1.api.example", "http:// would send the key unprotected"),
        ("ftp://127.0.0.1", "is not an address"),
        ("https://me:secret@api.example", "it holds a login; write https://host[:port] alone"),
        ("api.example", "is not an address"),
    ],
)
def test_a_key_is_sent_only_where_it_is_safe(tmp_path: Path, address: str, said: str) -> None:
    environment = {"AHREFS_API_KEY": "sesame-open", "GAPCALC_AHREFS_URL": address}
    done = fetch(tmp_path, environment)
    assert done.code == 2
    assert "GAPCALC_AHREFS_URL" in done.err
    assert said in done.err
    assert "me:secret" not in done.err


def test_a_settings_file_cannot_say_where_keys_go(tmp_path: Path) -> None:
    (tmp_path / "gapcalc.toml").write_text('ahrefs_url = "https://evil.example"\n')
    done = run("fetch", "x", "--provider", "ahrefs", "--dry-run", cwd=tmp_path)
    assert done.code == 2
    assert "there is no option ahrefs_url" in done.err


def test_a_secret_is_shown_to_nobody() -> None:
    secret = Secret("open/se%same+1")
    assert f"{secret} {secret!r} {[secret]}" == "Secret(***) Secret(***) [Secret(***)]"
    assert redact("?key=open%2Fse%25same%2B1&x=open%2fse%25same%2b1") == "?key=***&x=***"
    assert redact("an open door") == "an open door"


HARD = "pä\"ss/w<o>r&d'+=%"
"""A password with something in it for every coding to change."""


@pytest.mark.parametrize(
    "write",
    [
        html.escape,
        lambda text: html.escape(text, quote=False),
        lambda text: html.escape(text).replace("&#x27;", "&#39;"),
        json.dumps,
        lambda text: json.dumps(text, ensure_ascii=False),
        lambda text: json.dumps(text).replace("/", "\\/"),
        lambda text: base64.b64encode(text.encode()).decode(),
        lambda text: base64.b64encode(text.encode()).decode().rstrip("="),
        lambda text: base64.urlsafe_b64encode(text.encode()).decode(),
        lambda text: base64.b64encode(f"me@a.example:{text}".encode()).decode().rstrip("="),
        lambda text: base64.urlsafe_b64encode(f"me@a.example:{text}".encode()).decode(),
        lambda text: f"me@a.example:{text}".encode().hex(),
        lambda text: text.encode().hex(),
        lambda text: text.encode().hex().upper(),
        lambda text: quote(text, safe="", encoding="latin-1"),
        lambda text: quote(quote(text, safe=""), safe=""),
        lambda text: quote(text, safe="").lower(),
        lambda text: unicodedata.normalize("NFD", text),
        str.upper,
        repr,
    ],
)
def test_a_password_is_masked_in_whatever_coding_a_page_quotes_it(
    write: Callable[[str], str],
) -> None:
    basic(Secret("me@a.example"), Secret(HARD))
    written = write(HARD)
    masked = redact(f"the page said: {written} and no more")
    assert masked.startswith("the page said: ")
    assert len(masked) < len("the page said: *** and no more") + 4, masked


def test_a_kept_answer_that_quotes_a_key_holds_it_no_more(tmp_path: Path) -> None:
    with at_desk(DATAFORSEO, tmp_path, WORLD) as desk:
        quoting = f"<p>{desk.fake.secrets}</p>".encode()
        good = desk.fake.answer
        said = Said(200, quoting)
        desk.fake.answer = lambda request: good(request) if "user_data" in request.path else said  # type: ignore[method-assign]
        assert desk.fetch().code == 5
    for path in (tmp_path / "cache").iterdir():
        for secret in desk.fake.secrets:
            assert secret.encode() not in path.read_bytes(), path
