"""Presents what gapcalc knows by itself: the KD scale, the settings, the formats, the rules."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

from gapcalc.given import Given
from gapcalc.reports.document import (
    Block,
    Details,
    Document,
    Grid,
    GridColumn,
    Items,
    Report,
    Section,
    Sentence,
    Span,
    numbers,
)
from gapcalc.settings import Settings, declarations
from gapcalc.text import show, vendor_name

if TYPE_CHECKING:
    from gapcalc.commands.benchmark import BenchmarkResult
    from gapcalc.formats.base import Export, Kind, LookAlike
    from gapcalc.rules import Rule
    from gapcalc.rules.base import Parameter
    from gapcalc.scale import Benchmark

_DEFAULT = "default"
Value = str | int | float | bool | list[str] | None
KINDS: dict["Kind", str] = {
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
HOW_RULES_JUDGE = (
    (
        "A link that fails several rules is charged to the first; a domain counts as long as one of "
        "its links passes all."
    ),
    (
        "A rule never drops a link for what is unknown, and does not apply to a file that lacks its "
        "column."
    ),
)


def report_benchmark(found: "BenchmarkResult") -> Report:
    """Give the benchmark in every form that output formats are made from."""
    points = [point._asdict() for point in found.scale.points]
    data = {
        **found._asdict(),
        "scale": {**vars(found.scale), "points": points},
        "for_kd": found.for_kd and found.for_kd._asdict(),
        "for_rd": found.for_rd and found.for_rd._asdict(),
    }
    return Report(data, partial(_view_benchmark, found))


def _view_benchmark(found: "BenchmarkResult") -> Document:
    """Give the requested conversion, then the scale, then the figures."""
    scale = found.scale
    asked = tuple(Sentence(text, stress=True) for text in _asked(found))
    points = Section(
        f"Referring domains for the top 10, by Ahrefs KD ({scale.date})",
        (
            Sentence(f"Source: {scale.source}."),
            Sentence(f"Between the points the curve k x KD / (100 - KD), +-{scale.band:.0%}."),
            _scale_grid(found),
        ),
    )
    limits = "Figures of whole sites and counts of links do not compare with counts per page."
    context = (Sentence(limits), _figure_grid(found))
    figures = Section("Published figures, for context", context)
    opening = (Section(None, asked),) if asked else ()
    return Document("KD benchmark", (*opening, points, figures))


def _asked(found: "BenchmarkResult") -> Iterator[str]:
    if found.for_kd is not None:
        yield f"KD {found.for_kd.kd:g}: {_amount(found.for_kd)}."
    if found.rd is not None and found.for_rd is not None:
        beyond = ", beyond the published scale" if found.for_rd.extrapolated else ""
        yield f"{show(found.rd)} referring {_domains(found.rd)}: about KD {found.for_rd.kd:g}{beyond}."


def _amount(kd: "Benchmark") -> str:
    if kd.over is None:
        band = f"{show(kd.low or 0)}-{show(kd.high or 0)}"
        return f"about {show(kd.rd)} referring {_domains(kd.rd)} ({band})"
    if kd.over == kd.rd:
        return f"over {show(kd.over)} referring domains"
    about = f"about {show(kd.rd)} if the curve continues; extrapolated"
    return f"over {show(kd.over)} referring domains ({about})"


def _domains(count: float) -> str:
    return "domain" if count == 1 else "domains"


def _scale_grid(found: "BenchmarkResult") -> Grid:
    from gapcalc.scale import rd_for_kd

    points = [rd_for_kd(point.kd, found.scale) for point in found.scale.points]
    return Grid(
        (*numbers("KD", "RD"), GridColumn("Band")),
        tuple((row.kd, row.rd, Span(row.low or 0, row.high or 0)) for row in points),
    )


def _figure_grid(found: "BenchmarkResult") -> Grid:
    rows = tuple(
        (
            _dated(str(figure["source"]), str(figure["date"])),
            float(figure["value"]),
            f"{figure['statistic']} {figure['unit']}, {figure['subject']}",
            f"{figure['level']}" + ("" if figure["comparable"] else ", not comparable"),
        )
        for figure in found.figures
    )
    return Grid(
        (GridColumn("Source"), *numbers("Value"), GridColumn("What"), GridColumn("Level")), rows
    )


def _dated(source: str, date: str) -> str:
    return source if date in source else f"{source}, {date}"


# --- settings --------------------------------------------------------------------------------------


def report_config(settings: Settings, given: Mapping[str, Given]) -> Report:
    """Give every option that a settings file can set, and where it was given."""
    rows = [
        {"name": n, "value": v, "given_by": place} for n, v, place in _settings(settings, given)
    ]
    return Report(
        {"schema": "gapcalc.config/1", "settings": rows}, lambda: _view_config(settings, given)
    )


def _view_config(settings: Settings, given: Mapping[str, Given]) -> Document:
    columns = (GridColumn("Option"), GridColumn("Value"), GridColumn("Given by"))
    rows = [(name, _written(value), place) for name, value, place in _settings(settings, given)]
    marked = sum(place != _DEFAULT for *_, place in rows)
    rows.sort(key=lambda row: row[2] == _DEFAULT)
    said = f"Set: {marked} of {len(rows)} options. They come first."
    lead = said if marked else f"All {len(rows)} options have their defaults."
    grid = Grid(columns, tuple(rows), frozenset(range(marked)))
    return Document("Settings in force", (Section(None, (Sentence(lead), grid)),))


def _settings(settings: Settings, given: Mapping[str, Given]) -> Iterator[tuple[str, Value, str]]:
    for declared in declarations():
        if "file" in declared.option.where:
            value = getattr(settings, declared.name)
            place = given[declared.name].place if declared.name in given else _DEFAULT
            yield declared.name, _plain(value), place


def _plain(value: object) -> Value:
    if isinstance(value, tuple):
        return [str(part) for part in value]
    return value if isinstance(value, str | int | float | None) else str(value)


def _written(value: Value) -> str:
    if isinstance(value, list):
        return ", ".join(value)
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


# --- formats ---------------------------------------------------------------------------------------


def report_formats() -> Report:
    """Give the formats in every form that output formats are made from."""
    from gapcalc.formats import EXPORTS, LOOK_ALIKES

    data = {
        "schema": "gapcalc.formats/1",
        "formats": [_export(export) for export in EXPORTS],
        "refused": [_refused(look) for look in LOOK_ALIKES],
    }
    return Report(data, partial(_view_formats, EXPORTS, LOOK_ALIKES))


def _view_formats(exports: Sequence["Export"], refused: Sequence["LookAlike"]) -> Document:
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
        for vendor, of_vendor in groupby(exports, key=lambda export: export.vendor)
    )
    reasons = tuple(f"{look.title}: {look.reason}. {look.advice}." for look in refused)
    last = Section("Recognised, and refused", (Items(reasons),))
    return Document("Formats that are read", (Section(None, opening), *read, last))


def _blocks(export: "Export") -> tuple[Block, ...]:
    details = [
        f"columns: {', '.join(export.needs)}",
        f"export: {export.how}",
        f"known from: {GRADES[export.evidence.grade]}",
    ]
    if export.partial:
        details.append(f"never complete: {export.partial}")
    title = f"{export.title} ({export.id}): {KINDS[export.kind]}"
    return (Sentence(title), Details(tuple(details)))


def _export(export: "Export") -> dict[str, object]:
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


def _refused(look: "LookAlike") -> dict[str, object]:
    return {
        "id": look.id,
        "title": look.title,
        "columns": look.headings,
        "reason": look.reason,
        "advice": look.advice,
    }


# --- rules -----------------------------------------------------------------------------------------


def report_rules() -> Report:
    """Give the rules in every form that output formats are made from."""
    from gapcalc.rules import RULES

    data = {"schema": "gapcalc.rules/1", "rules": [_rule(rule) for rule in RULES]}
    return Report(data, partial(_view_rules, RULES))


def _view_rules(every: Sequence["Rule"]) -> Document:
    """Describe each rule: when it drops a link, where it is on, why, and how to change it."""
    opening = tuple(map(Sentence, (*HOW_RULES_JUDGE, "The profile `all` uses no rule.")))
    rules = tuple(
        Section(f"{place}. {rule.id}", (Details(tuple(_details(rule))),))
        for place, rule in enumerate(every, start=1)
    )
    return Document("Quality rules, in their order", (Section(None, opening), *rules))


def _details(rule: "Rule") -> Iterator[str]:
    from gapcalc.rules import PROFILES

    yield f"drops a link when {rule.drops_when}"
    yield f"why: {rule.reason}"
    yield f"source: {rule.source}"
    yield "; ".join(
        f"{name}: {_state(rule.parameters(name))}" for name in PROFILES if name != "all"
    )
    if rule.given:
        yield f"set with {', '.join(_options(rule))}"


def _options(rule: "Rule") -> list[str]:
    return ["--" + name.replace("_", "-") for name in rule.given]


def _state(parameters: Mapping[str, "Parameter"] | None) -> str:
    if parameters is None:
        return "off"
    shown = ", ".join(f"{name} {_show(value)}" for name, value in parameters.items())
    return f"on ({shown})" if shown else "on"


def _show(value: "Parameter") -> str:
    return " ".join(value) if isinstance(value, tuple) else str(value)


def _rule(rule: "Rule") -> dict[str, object]:
    return {
        "id": rule.id,
        "drops_when": rule.drops_when,
        "reason": rule.reason,
        "source": rule.source,
        "needs": [*rule.needs_any_of],
        "balanced": rule.balanced,
        "strict": rule.strict,
        "options": _options(rule),
    }
