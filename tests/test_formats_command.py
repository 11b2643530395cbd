"""`gapcalc formats` names everything that is read and everything that is refused."""

import json

import pytest

from gapcalc.formats import EXPORTS, LOOK_ALIKES
from running import run


@pytest.mark.parametrize("columns", [80, 100])
def test_every_format_is_listed_and_no_line_is_too_long(columns: int) -> None:
    done = run("formats", columns=columns)

    assert (done.code, done.err) == (0, "")
    assert max(map(len, done.out.splitlines())) <= columns
    joined = " ".join(done.out.split())
    for export in EXPORTS:
        assert f"{export.title} ({export.id}): " in joined
        assert f"columns: {', '.join(export.needs)} " in joined
        assert f"export: {export.how} " in joined
    for look in LOOK_ALIKES:
        assert f"- {look.title}: {look.reason}. {look.advice}." in joined


def test_the_formats_of_a_vendor_stand_together() -> None:
    lines = run("formats").out.splitlines()

    for heading in ("Ahrefs", "Semrush", "Moz", "Majestic", "DataForSEO", "Any source"):
        assert lines.count(heading) == 1


def test_the_json_holds_the_declarations() -> None:
    told = json.loads(run("formats", "--json").out)

    assert told["schema"] == "gapcalc.formats/1"
    assert [item["id"] for item in told["formats"]] == [export.id for export in EXPORTS]
    assert [item["id"] for item in told["refused"]] == [look.id for look in LOOK_ALIKES]
    moz = next(item for item in told["formats"] if item["id"] == "moz-inbound-links")
    assert (moz["vendor"], moz["kind"], moz["metric"]) == ("moz", "links", "DA")
    assert moz["evidence"]["grade"] == "bytes"
    assert {"field": "lost", "headings": ["link state"], "required": False} in [
        {name: column[name] for name in ("field", "headings", "required")}
        for column in moz["columns"]
    ]
