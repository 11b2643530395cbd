"""Semrush API v3: lines of text, errors as a line of text, prices by the line."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from gapcalc.formats.semrush import BACKLINKS
from gapcalc.providers.base import (
    HALF,
    Access,
    Answer,
    Fault,
    FaultKind,
    Price,
    Request,
    StepName,
)
from gapcalc.providers.fields import Field, write_row
from gapcalc.providers.reading import whole
from gapcalc.providers.steps import Batch, Count, Links, Listed, Part
from gapcalc.urls import page_of

ADDRESS = "https://api.semrush.com"
ACCESS = Access(("SEMRUSH_API_KEY",), "query")
_PATH = "/analytics/v1/"
_LINE = 40
_TARGETS = 20
"""Of 200 allowed: their URLs stand in the address of the request, which may not grow too long."""
_NOTHING_FOUND = 50
_HEADINGS = ("Url", "target", "source_url")
"""Of these every report that is asked for has one."""
_KINDS: Mapping[int, FaultKind] = {
    120: "key",
    121: "key",
    122: "key",
    130: "key",
    131: "units",
    132: "units",
    134: "units",
    429: "again",
    500: "again",
}


def day_of(seen: Any) -> str:  # noqa: ANN401  (text or number)
    """Write a date, which v3 gives in seconds since 1970 and v4 perhaps as ISO 8601.

    >>> day_of("1707574800"), day_of("2024-02-10T14:20:00Z"), day_of("")
    ('2024-02-10', '2024-02-10', '')
    """
    seconds = whole(seen)
    if seconds is not None:
        return datetime.fromtimestamp(seconds, UTC).date().isoformat() if seconds else ""
    found = re.match(r"\d{4}-\d{2}-\d{2}", str(seen or ""))
    return found[0] if found else ""


_FIELDS = (
    Field("page_authority", "page_ascore"),
    Field("source_url", "source_url"),
    Field("target_url", "target_url"),
    Field("external_links", "external_num"),
    Field("nofollow", "nofollow"),
    Field("sitewide", "sitewide"),
    Field("lost", "lostlink"),
    Field("first_seen", "first_seen", write=day_of),
    Field("last_seen", "last_seen", write=day_of),
    # Last, because it is free text: what is too much for a line belongs to it.
    Field("anchor", "anchor"),
)


def _ask_counts(urls: Sequence[str]) -> Request:
    params: dict[str, str | tuple[str, ...]] = {
        "type": "backlinks_comparison",
        "targets[]": tuple(urls),
        "target_types[]": ("url",) * len(urls),
        "export_columns": "target,backlinks_num,domains_num",
    }
    about = f"counts of {urls[0]}" if len(urls) == 1 else f"counts of {len(urls)} pages"
    return _get("counts", about, params, len(urls), urls)


def _get(
    step: StepName,
    about: str,
    params: Mapping[str, str | tuple[str, ...]],
    rows: int,
    asked: Sequence[str] = (),
) -> Request:
    return Request(
        step=step,
        about=about,
        access=ACCESS,
        address=ADDRESS,
        path=_PATH,
        params=params,
        price=Price(row=_LINE),
        rows=rows,
        asked=tuple(asked),
    )


def _read_counts(answer: Answer) -> dict[str, Count]:
    known = {page_of(row.get("target", "")): row for row in rows_of(answer)}
    lines = ((url, known.get(page_of(url), {})) for url in answer.asked)
    return {
        url: Count(whole(line.get("domains_num")), whole(line.get("backlinks_num")))
        for url, line in lines
    }


def _ask_links(part: Part) -> Request:
    params = {
        "type": "backlinks",
        "target": part.url,
        "target_type": "url",
        "export_columns": ",".join(field.theirs for field in _FIELDS),
        "export_escape": "1",
        # Lost links are billed like live ones, and none of them counts.
        "display_filter": "-|lostlink||",
        "display_limit": str(part.rows),
    }
    return _get("links", f"links of {part.url}", params, part.rows)


def _read_links(answer: Answer) -> Listed:
    return Listed(tuple(write_row(_FIELDS, row) for row in rows_of(answer)))


COUNTS = Batch(
    via="v3 backlinks_comparison (deprecated)", size=_TARGETS, ask=_ask_counts, read=_read_counts
)
LINKS = Links(
    via="v3 backlinks (deprecated)",
    export=BACKLINKS,
    fields=tuple(field.name for field in _FIELDS),
    ask=_ask_links,
    read=_read_links,
)


def rows_of(answer: Answer) -> list[dict[str, str]]:
    """Give the lines as rows by heading, none for an answer that found nothing."""
    if _error(answer) is not None:
        return []
    lines = [cells for cells in _cells(answer.text) if cells]
    header, rows = lines[0] if lines else [], lines[1:]
    last = len(header) - 1
    return [
        dict(zip(header, [*cells[:last], ";".join(cells[last:])], strict=False)) for cells in rows
    ]


def _cells(lines: str) -> list[list[str]]:
    quoted = lines.startswith('"')
    file = io.StringIO(lines, newline="")
    if quoted:
        return list(csv.reader(file, delimiter=";", strict=True))
    return list(csv.reader(file, delimiter=";", quoting=csv.QUOTE_NONE))


def _error(answer: Answer) -> tuple[int, str] | None:
    found = re.match(r"\s*ERROR (\d+) ::\s*(.*)", answer.text)
    return (int(found[1]), found[0].strip()) if found else None


def judge(answer: Answer) -> Fault | None:
    """Tell an error line from a report, and a report from half of one."""
    error = _error(answer)
    if error is not None and error[0] == _NOTHING_FOUND:
        return None
    if error is not None and error[0] in _KINDS:
        return Fault(_KINDS[error[0]], error[1])
    match answer.status:
        case 200 if error is None:
            return Fault("again", HALF, billed=True) if _is_cut(answer.text) else None
        case status if status == 429 or status >= 500:  # noqa: PLR2004  (HTTP)
            return Fault("again", answer.text)
        case _:
            return Fault("refused", answer.text)


def _is_cut(lines: str) -> bool:
    """Say whether a report breaks off, or is no report: the last line lacks cells or its quote."""
    if not lines.strip() or lines.lstrip().startswith("<"):
        return True
    try:
        rows = [cells for cells in _cells(lines) if cells]
    except csv.Error:
        return True
    is_report = any(heading in rows[0] for heading in _HEADINGS)
    is_balance = whole(lines.replace(",", "")) is not None
    return len(rows[-1]) < len(rows[0]) or not (is_report or is_balance)
