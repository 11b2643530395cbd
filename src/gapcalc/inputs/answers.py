"""Writes the lists in a JSON file, such as an API's answer, as CSV, to be read like any export.

A list of objects is a table: their plain values are its cells, under the names of the fields. Lists
at the same place of several answers are one table. In a file of JSON lines every line is an answer
or a row.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from gapcalc.errors import InputError
from gapcalc.formats.base import plain_heading
from gapcalc.inputs.detect import claimants, shorten
from gapcalc.inputs.unpack import File, Member, Unpacking

MOST_BYTES = 64 * 1024 * 1024
"""The largest JSON file that is read at once; reading takes about ten times as much memory."""

_MOST_FIELDS = 1_000
_SHOWN_FIELDS = 8
_FILTERS = ("filters", "backlinks_filters")
"""Where DataForSEO repeats the filters of a request; a filtered list is not whole."""
_MESSAGES = ("error", "status_message", "error_message", "message")
"""Where vendors' answers say why they have no rows."""
_LONGEST_MESSAGE = 80
_ROWS_AT_ONCE = 500
_BEGINNING = rb'(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*(?:\{\s*["}]|\[\s*[\[{"\]])'

_Row = Mapping[str, Any]


def is_json(path: Path) -> bool:
    """Say whether a file begins as JSON does and CSV never does."""
    with path.open("rb") as file:
        return re.match(_BEGINNING, file.read(4096).replace(b"\0", b"")) is not None


def json_members(file: File, unpacking: Unpacking) -> Iterator[Member]:
    """Give every list that a reader knows, as CSV.

    Raises InputError for a file that is damaged or too large, or that has no such list.
    """
    documents = _documents(file)
    each = (one for document in documents for one in _as_list(document))
    if any(map(_is_own_answer, each)):
        raise InputError(
            file.name, "it is an answer of gapcalc", "Give the exports it was made from"
        )
    lists = _find_lists(documents)
    known = {place: rows for place, rows in lists.tables.items() if _is_known(rows)}
    if not known:
        raise InputError(
            file.name,
            f"{_why_unknown(lists.tables)}{_what_it_says(documents)}",
            "Run gapcalc formats to see what is read",
        )
    for place, rows in known.items():
        cut = lists.cut(place)
        name = file.name if len(known) == 1 else f"{file.name}/{place}"
        origin = file.origin._replace(cut=cut)
        if len(known) > 1:
            origin = origin._replace(member=f"{origin.member}/{place}".lstrip("/"))
        target = file._replace(name=name, origin=origin)
        yield Member(name, partial(_as_csv, target, rows, unpacking), place)


def _as_list(document: object) -> Sequence[object]:
    return document if isinstance(document, list) else [document]


def _is_own_answer(document: object) -> bool:
    schema = document.get("schema") if isinstance(document, dict) else None
    return isinstance(schema, str) and schema.startswith("gapcalc.")


def _documents(file: File) -> list[Any]:
    """Read the file as one document, or every line as one."""
    if file.path.stat().st_size > MOST_BYTES:
        reason = f"it is JSON of more than {MOST_BYTES // 1024**2} MB"
        raise InputError(file.name, reason, "Save its rows as CSV")
    try:
        return _parsed(file.path.read_bytes())
    except (ValueError, RecursionError) as error:
        reason = "it is JSON that is damaged or cut off"
        raise InputError(file.name, reason, "Save the answer again") from error


def _parsed(data: bytes) -> list[Any]:
    import json

    text = data.decode(json.detect_encoding(data))
    try:
        return [json.loads(text)]
    except json.JSONDecodeError:
        return [[json.loads(line) for line in text.splitlines() if line.strip()]]


class _Lists(NamedTuple):
    """The lists of a file by place, and the total number of items by place and target.

    `filters` are the filters of the requests, as the answers repeat them.
    """

    tables: dict[str, list[_Row]]
    totals: dict[tuple[str, str], int]
    given: dict[tuple[str, str], int]
    filters: list[str]

    def cut(self, place: str) -> str | None:
        """Say why a list is not whole, going by what the answers state."""
        short = [(self.given[key], total) for key, total in self.totals.items() if key[0] == place]
        had, total = sum(had for had, _ in short), sum(total for _, total in short)
        is_short = any(had < total for had, total in short)
        if self.filters:
            return f"it was asked for with {', '.join(dict.fromkeys(self.filters))}"
        return f"the answer has {had:,} of {total:,} items" if is_short else None


def _find_lists(documents: Sequence[Any]) -> _Lists:
    lists = _Lists({}, {}, {}, [])
    waiting: list[tuple[str, Any]] = [("", document) for document in documents]
    while waiting:
        place, value = waiting.pop()
        if isinstance(value, dict):
            _note_total(place, value, lists)
            lists.filters.extend(name for name in _FILTERS if value.get(name))
            waiting += [(f"{place}/{key}".lstrip("/"), value[key]) for key in reversed(value)]
        elif isinstance(value, list) and value and all(isinstance(each, dict) for each in value):
            lists.tables.setdefault(place, []).extend(value)
            waiting += [(place, each) for each in reversed(value)]
    return lists


def _note_total(place: str, answer: _Row, lists: _Lists) -> None:
    items, total = answer.get("items"), answer.get("total_count")
    if isinstance(items, list) and isinstance(total, int):
        key = f"{place}/items".lstrip("/"), str(answer.get("target"))
        lists.totals[key] = max(total, lists.totals.get(key, 0))
        lists.given[key] = lists.given.get(key, 0) + len(items)


def _fields(rows: Sequence[_Row]) -> tuple[str, ...]:
    """Name the fields with plain values, in the order in which they come."""
    fields = dict.fromkeys(name for row in rows for name, value in row.items() if _is_plain(value))
    return tuple(fields)


def _is_plain(value: object) -> bool:
    return not any(isinstance(item, dict | list) for item in _as_list(value))


def _is_known(rows: Sequence[_Row]) -> bool:
    fields = _fields(rows)
    exports, look_alikes = claimants(tuple(map(plain_heading, fields)))
    return len(fields) <= _MOST_FIELDS and bool(exports or look_alikes)


def _why_unknown(tables: Mapping[str, Sequence[_Row]]) -> str:
    if not tables:
        return "it is JSON without a list of rows"
    fields = _fields(max(tables.values(), key=len))
    shown = ", ".join(map(shorten, fields[:_SHOWN_FIELDS]))
    return f"it is JSON, and the fields of its rows are not known (found: {shown})"


def _what_it_says(documents: Sequence[Any]) -> str:
    """Repeat the message of an answer that is an error, such as one about the account."""
    found: list[str] = []
    waiting = list(documents)
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            found += [text for key in _MESSAGES if isinstance(text := value.get(key), str)]
            waiting += value.values()
        elif isinstance(value, list):
            if value[:1] == ["Error"]:
                found += [str(each[-1]) for each in value[1:] if isinstance(each, list) and each]
            waiting += value
    said = next((text for text in found if text.casefold() not in {"", "ok", "ok."}), None)
    return "" if said is None else f"; it says {said[:_LONGEST_MESSAGE]!r}"


def _as_csv(file: File, rows: Sequence[_Row], unpacking: Unpacking) -> File:
    return file._replace(path=unpacking.write(_blocks(rows)))


def _blocks(rows: Sequence[_Row]) -> Iterator[bytes]:
    fields = _fields(rows)
    for first in range(0, len(rows), _ROWS_AT_ONCE):
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        if not first:
            writer.writerow(fields)
        some = rows[first : first + _ROWS_AT_ONCE]
        writer.writerows([_cell(row.get(field)) for field in fields] for row in some)
        yield text.getvalue().encode(errors="replace")


def _cell(value: object) -> str:
    match value:
        case None | dict():
            return ""
        case bool():
            return "true" if value else "false"
        case list():
            return ",".join(map(_cell, value))
        case _:
            return re.sub("[\r\n]+", " ", str(value))
