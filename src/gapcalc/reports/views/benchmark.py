"""Presents the KD scale and the published figures."""

from collections.abc import Iterator
from functools import partial

from gapcalc.commands.benchmark import BenchmarkResult
from gapcalc.reports.document import (
    Document,
    Grid,
    GridColumn,
    Report,
    Section,
    Sentence,
    Span,
    numbers,
)
from gapcalc.scale import Benchmark, rd_for_kd
from gapcalc.text import show


def report(found: BenchmarkResult) -> Report:
    """Give the benchmark in every form that output formats are made from."""
    points = [point._asdict() for point in found.scale.points]
    data = {
        **found._asdict(),
        "scale": {**vars(found.scale), "points": points},
        "for_kd": found.for_kd and found.for_kd._asdict(),
        "for_rd": found.for_rd and found.for_rd._asdict(),
    }
    return Report(data, partial(_view, found))


def _view(found: BenchmarkResult) -> Document:
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


def _asked(found: BenchmarkResult) -> Iterator[str]:
    if found.for_kd is not None:
        yield f"KD {found.for_kd.kd:g}: {_amount(found.for_kd)}."
    if found.rd is not None and found.for_rd is not None:
        beyond = ", beyond the published scale" if found.for_rd.extrapolated else ""
        yield f"{show(found.rd)} referring {_domains(found.rd)}: about KD {found.for_rd.kd:g}{beyond}."


def _amount(kd: Benchmark) -> str:
    if kd.over is None:
        band = f"{show(kd.low or 0)}-{show(kd.high or 0)}"
        return f"about {show(kd.rd)} referring {_domains(kd.rd)} ({band})"
    if kd.over == kd.rd:
        return f"over {show(kd.over)} referring domains"
    about = f"about {show(kd.rd)} if the curve continues; extrapolated"
    return f"over {show(kd.over)} referring domains ({about})"


def _domains(count: float) -> str:
    return "domain" if count == 1 else "domains"


def _scale_grid(found: BenchmarkResult) -> Grid:
    points = [rd_for_kd(point.kd, found.scale) for point in found.scale.points]
    return Grid(
        (*numbers("KD", "RD"), GridColumn("Band")),
        tuple((row.kd, row.rd, Span(row.low or 0, row.high or 0)) for row in points),
    )


def _figure_grid(found: BenchmarkResult) -> Grid:
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
