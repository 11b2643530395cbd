"""Lists the formats that are read or refused, from their own declarations."""

from itertools import groupby

from gapcalc.formats import EXPORTS, LOOK_ALIKES
from gapcalc.formats.base import Export, Kind, LookAlike
from gapcalc.reports.document import (
    Block,
    Details,
    Document,
    Items,
    Report,
    Section,
    Sentence,
)
from gapcalc.text import vendor_name

KINDS: dict[Kind, str] = {
    "serp": "the SERP",
    "links": "links",
    "domains": "referring domains of one page",
    "pages": "totals of a site's pages",
    "keywords": "keywords' difficulty",
    "intersect": "domains that link to several sites",
}
GRADES = {
    "bytes": "real files",
    "text": "the text of real files",
    "code": "programs that read such files",
    "page": "descriptions",
    "guess": "guesses: no file or description of it was found",
    "own": "gapcalc itself",
}


def report() -> Report:
    """Give the formats in every form that output formats are made from."""
    data = {
        "schema": "gapcalc.formats/1",
        "formats": [_export(export) for export in EXPORTS],
        "refused": [_refused(look) for look in LOOK_ALIKES],
    }
    return Report(data, _view)


def _view() -> Document:
    """Describe each format, vendor by vendor: its content, its columns, how to export it."""
    opening = (
        Sentence("A file is known by its header alone, whatever its name."),
        Sentence("Capitals, order and further columns do not matter; * stands for any text."),
    )
    read = tuple(
        Section(
            vendor_name(vendor) if vendor else "Any source",
            tuple(block for export in of_vendor for block in _blocks(export)),
        )
        for vendor, of_vendor in groupby(EXPORTS, key=lambda export: export.vendor)
    )
    reasons = tuple(f"{look.title}: {look.reason}. {look.advice}." for look in LOOK_ALIKES)
    last = Section("Recognised, and refused", (Items(reasons),))
    return Document("Formats that are read", (Section(None, opening), *read, last))


def _blocks(export: Export) -> tuple[Block, ...]:
    details = [
        f"columns: {', '.join(export.needs)}",
        f"export: {export.how}",
        f"known from: {GRADES[export.evidence.grade]}",
    ]
    if export.partial:
        details.append(f"never complete: {export.partial}")
    title = f"{export.title} ({export.id}): {KINDS[export.kind]}"
    return (Sentence(title), Details(tuple(details)))


def _export(export: Export) -> dict[str, object]:
    return {
        "id": export.id,
        "title": export.title,
        "vendor": export.vendor,
        "kind": export.kind,
        "metric": export.metric,
        "needs": export.needs,
        "columns": [
            {"field": c.field, "headings": c.headings, "required": c.required, "cell": c.cell.name}
            for c in export.columns
        ],
        "how": export.how,
        "evidence": {
            "grade": export.evidence.grade,
            "files": export.evidence.files or None,
            "told": export.evidence.reported or None,
        },
        "never_complete": export.partial,
    }


def _refused(look: LookAlike) -> dict[str, object]:
    return {
        "id": look.id,
        "title": look.title,
        "columns": look.headings,
        "reason": look.reason,
        "advice": look.advice,
    }
