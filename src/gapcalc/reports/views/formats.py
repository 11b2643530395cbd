"""Lists the formats that are read or refused, from their own declarations."""

from itertools import groupby

from gapcalc.formats import EXPORTS
from gapcalc.formats.base import Export, Kind, LookAlike
from gapcalc.formats.lookalikes import LOOK_ALIKES
from gapcalc.reports.document import Document, Section
from gapcalc.reports.json import dump
from gapcalc.words import vendor_name

KINDS: dict[Kind, str] = {
    "serp": "the SERP",
    "links": "links",
    "domains": "referring domains of one page",
    "pages": "totals of a site's pages",
    "keywords": "keywords' difficulty",
}
GRADES = {
    "bytes": "real files",
    "text": "the text of real files",
    "code": "programs that read such files",
    "page": "descriptions",
    "own": "gapcalc itself",
}


def view() -> Document:
    """Say each format, vendor by vendor: what it gives, its columns, how it is exported."""
    opening = Section(
        lines=(
            "A file is known by its header alone, whatever its name.",
            "Capitals, order and further columns do not matter; * stands for any text.",
        )
    )
    groups = groupby(EXPORTS, key=lambda export: export.vendor)
    read = tuple(
        Section(
            vendor_name(vendor) if vendor else "Any source",
            tuple(line for export in exports for line in _lines(export)),
        )
        for vendor, exports in groups
    )
    refused = Section(
        "Recognised, and refused",
        tuple(f"- {look.title}: {look.reason}. {look.advice}." for look in LOOK_ALIKES),
    )
    return Document("Formats that are read", (opening, *read, refused))


def _lines(export: Export) -> list[str]:
    lines = [
        f"{export.title} ({export.id}): {KINDS[export.kind]}",
        f"  columns: {', '.join(export.needs)}",
        f"  export: {export.how}",
        f"  known from: {GRADES[export.evidence.grade]}",
    ]
    return [*lines, f"  never complete: {export.partial}"] if export.partial else lines


def write() -> str:
    """Write the formats as JSON."""
    return dump(
        {
            "schema": "gapcalc.formats/1",
            "formats": [_as_json(export) for export in EXPORTS],
            "refused": [_refused(look) for look in LOOK_ALIKES],
        }
    )


def _as_json(export: Export) -> dict[str, object]:
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
