"""Says what the KD scale and the published figures say."""

from gapcalc.commands.benchmark import BenchmarkResult
from gapcalc.reports.document import Column, Document, Grid, Section
from gapcalc.reports.json import dump
from gapcalc.scale import rd_for_kd
from gapcalc.text import show


def view(found: BenchmarkResult) -> Document:
    """Say what was asked for, then the scale, then the figures."""
    scale = found.scale
    asked = Section(lines=tuple(_asked(found)), stress=True)
    points = Section(
        f"Referring domains for the top 10, by Ahrefs KD ({scale.date})",
        (
            f"Source: {scale.source}.",
            f"Between the points the curve k x KD / (100 - KD), +-{scale.band:.0%}.",
        ),
        _scale_grid(found),
    )
    figures = Section(
        "Published figures, for context",
        ("Figures of whole sites and counts of links do not compare with counts per page.",),
        _figure_grid(found),
    )
    sections = (asked, points, figures) if asked.lines else (points, figures)
    return Document("KD benchmark", sections)


def _asked(found: BenchmarkResult) -> list[str]:
    lines = []
    if found.for_kd is not None:
        kd = found.for_kd
        if kd.over is not None:
            about = (
                ""
                if kd.over == kd.rd
                else f" (about {show(kd.rd)} if the curve continues; extrapolated)"
            )
            lines.append(f"KD {kd.kd:g}: over {show(kd.over)} referring domains{about}.")
        else:
            lines.append(
                f"KD {kd.kd:g}: about {show(kd.rd)} referring domains "
                f"({show(kd.low or 0)}-{show(kd.high or 0)})."
            )
    if found.rd is not None and found.for_rd is not None:
        beyond = ", beyond the published scale" if found.for_rd.extrapolated else ""
        lines.append(f"{show(found.rd)} referring domains: about KD {found.for_rd.kd:g}{beyond}.")
    return lines


def _scale_grid(found: BenchmarkResult) -> Grid:
    rows = [rd_for_kd(point.kd, found.scale) for point in found.scale.points]
    columns = (Column("KD", "number"), Column("RD", "number"), Column("Band"))
    return Grid(
        columns,
        tuple((row.kd, row.rd, f"{show(row.low or 0)}-{show(row.high or 0)}") for row in rows),
    )


def _figure_grid(found: BenchmarkResult) -> Grid:
    columns = (
        Column("Source"),
        Column("Value", "number"),
        Column("What"),
        Column("Level"),
    )
    rows = tuple(
        (
            _dated(str(figure["source"]), str(figure["date"])),
            float(figure["value"]),
            f"{figure['statistic']} {figure['unit']}, {figure['subject']}",
            f"{figure['level']}" + ("" if figure["comparable"] else ", not comparable"),
        )
        for figure in found.figures
    )
    return Grid(columns, rows)


def _dated(source: str, date: str) -> str:
    return source if date in source else f"{source}, {date}"


def write(found: BenchmarkResult) -> str:
    """Write it as JSON."""
    points = [point._asdict() for point in found.scale.points]
    return dump(
        {
            **found._asdict(),
            "scale": {**vars(found.scale), "points": points},
            "for_kd": found.for_kd and found.for_kd._asdict(),
            "for_rd": found.for_rd and found.for_rd._asdict(),
        }
    )
