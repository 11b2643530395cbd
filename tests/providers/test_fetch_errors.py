"""An error names page and provider and says what to do; nothing is requested twice."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fake_providers import Chaos, World
from fake_providers.server import Answer as Said
from fetching import AHREFS, SEMRUSH, SERVICES, Service, at_desk, fast_time
from gapcalc.providers.base import Answer, Terms, declare, market
from gapcalc.providers.base import Fault as Judged
from gapcalc.words import ProviderName
from running import run

WORLD = World(keywords=1, rankings=4, crowd=10)
ATTEMPTS = 3
services = pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)


@pytest.fixture(autouse=True)
def fast() -> Iterator[None]:
    with fast_time(attempts=ATTEMPTS):
        yield


def judge(provider: ProviderName, status: int, body: str) -> Judged | None:
    terms = Terms(market("us"), top=10, reads=frozenset())
    return declare(provider, terms).judge(Answer(status, {}, body.encode()))


@pytest.mark.parametrize(
    ("provider", "status", "body", "kind", "said"),
    [
        ("ahrefs", 401, '{"error": "Unauthorized"}', "key", "Unauthorized"),
        ("ahrefs", 403, '{"error": "API units limit reached."}', "units", "API units limit reached."),
        ("ahrefs", 400, '{"error": "bad select"}', "refused", "bad select"),
        ("ahrefs", 429, "<html>slow down</html>", "again", "<html>slow down</html>"),
        ("ahrefs", 502, "", "again", ""),
        ("semrush", 403, "ERROR 120 :: WRONG KEY - ID PAIR", "key", "ERROR 120 :: WRONG KEY - ID PAIR"),
        ("semrush", 200, "ERROR 120 :: WRONG KEY - ID PAIR", "key", "ERROR 120 :: WRONG KEY - ID PAIR"),
        ("semrush", 403, "ERROR 132 :: API UNITS BALANCE IS ZERO\n", "units", "ERROR 132 :: API UNITS BALANCE IS ZERO"),
        ("semrush", 200, "ERROR 500 :: INTERNAL\n", "again", "ERROR 500 :: INTERNAL"),
        ("semrush", 400, "ERROR 605 :: Invalid\n", "refused", "ERROR 605 :: Invalid\n"),
        ("semrush", 200, '{"errors": [{"message": "invalid api key: x"}]}', "key", "the key is not accepted"),
        ("semrush", 403, '{"error": {"code": 403, "message": "Forbidden"}}', "key", "Forbidden"),
        ("semrush", 403, '{"error": {"code": 403, "message": "Not enough API units"}}', "units", "Not enough API units"),
        ("semrush", 409, '{"error": {"code": 409, "message": "Conflict"}}', "again", "Conflict"),
        ("semrush", 400, '{"error": {"code": 400, "message": "no", "retryable": true}}', "again", "no"),
        ("dataforseo", 200, '{"status_code": 20000, "tasks": [{"status_code": 40501, "status_message": "Invalid Field"}]}', "refused", "40501 Invalid Field"),
        ("dataforseo", 200, '{"status_code": 20000, "tasks": [{"status_code": 40202}]}', "again", "40202 "),
        ("dataforseo", 200, '{"status_code": 40210, "status_message": "Insufficient Funds."}', "units", "40210 Insufficient Funds."),
        ("dataforseo", 200, '{"status_code": 40207, "status_message": "IP"}', "refused", "40207 IP"),
        ("dataforseo", 401, '{"status_code": 40100, "status_message": "No"}', "key", "40100 No"),
        ("dataforseo", 500, "<html></html>", "again", "<html></html>"),
        ("dataforseo", 402, "pay", "units", "pay"),
    ],
)  # fmt: skip
def test_answers_are_judged_in_the_provider_s_own_words(
    provider: ProviderName, status: int, body: str, kind: str, said: str
) -> None:
    assert judge(provider, status, body) == Judged(kind, said, cost=0)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("provider", "body"),
    [
        ("ahrefs", '{"positions": []}'),
        ("semrush", "ERROR 50 :: NOTHING FOUND\n"),
        ("semrush", "Position;Url\n"),
        ("semrush", '{"meta": {"success": true}, "data": []}'),
        ("dataforseo", '{"status_code": 20000, "tasks": [{"status_code": 20000, "result": null}]}'),
        ("dataforseo", '{"status_code": 20000, "tasks": [{"status_code": 40102, "result": null}]}'),
    ],
)
def test_finding_nothing_is_no_error(provider: ProviderName, body: str) -> None:
    assert judge(provider, 200, body) is None


def test_units_that_run_out_are_reported_with_what_to_do(tmp_path: Path) -> None:
    with at_desk(AHREFS, tmp_path, WORLD, units=160) as desk:
        done = desk.fetch()
    assert done.code == 5
    assert "Ahrefs, links of https://www." in done.err
    assert "HTTP 403: API units limit reached. Expected usage:" in done.err
    assert "gapcalc fetch --balance --provider ahrefs shows what is left" in done.err
    assert "the same command goes on from there" in done.err


@services
def test_what_may_pass_is_asked_again_and_then_told(service: Service, tmp_path: Path) -> None:
    with at_desk(service, tmp_path, WORLD, chaos=Chaos(1.0, faults=("500 as HTML",))) as desk:
        done = desk.fetch()
        attempts = {e.path: 0 for e in desk.fake.books.entries}
        for entry in desk.fake.books.entries:
            attempts[entry.path] += 1
    assert done.code == 5
    assert "HTTP 500: a web page instead of an answer" in done.err
    assert "<html>" not in done.err
    assert "Run the same command again later" in done.err
    assert max(attempts.values()) == ATTEMPTS


@services
def test_what_will_not_pass_is_asked_once(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with at_desk(service, tmp_path, WORLD) as desk:
        monkeypatch.setattr(desk.fake, "answer", lambda _: Said(404, b"no such thing"))
        done = desk.fetch("--depth", "counts")
        paths = [e.path for e in desk.fake.books.entries]
    assert done.code == 5
    assert len(paths) == len(set(paths))


def test_an_unknown_keyword_is_reported(tmp_path: Path) -> None:
    with at_desk(SEMRUSH, tmp_path, WORLD) as desk:
        done = desk.run("fetch", "zzz", "-o", tmp_path / "out", "--yes")
    assert done.code == 5
    assert "SERP of 'zzz': it knows no results in US. Check the keyword" in done.err


def test_a_redirect_is_not_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with at_desk(AHREFS, tmp_path, WORLD) as desk:
        elsewhere = {"Location": f"{desk.fake.address}/v3/elsewhere"}
        monkeypatch.setattr(desk.fake, "answer", lambda _: Said(302, b"", headers=elsewhere))
        done = desk.fetch("--depth", "counts")
        assert done.code == 5
        assert "HTTP 302" in done.err
        assert not [e for e in desk.fake.books.entries if "elsewhere" in e.path]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("x", "--dry-run"), "no provider. Name one with --provider: ahrefs, semrush, dataforseo"),
        (("--provider", "ahrefs", "--dry-run"), "no keyword. Name one or more"),
        (("x", "--provider", "ahrefs"), "no folder to write. Name one with -o DIR"),
        (
            ("x", "--provider", "ahrefs", "--country", "xx"),
            "--country xx: there is no such country",
        ),
        (("x", "--provider", "semrush", "--country", "ke", "--dry-run"), "Semrush has no database"),
        (
            ("x", "--provider", "semrush", "--one-per-domain", "--dry-run"),
            "Semrush lists every link",
        ),
    ],
)
def test_an_impossible_request_is_reported(arguments: tuple[str, ...], said: str) -> None:
    done = run("fetch", *arguments)
    assert done.code == 2
    assert said in done.err
