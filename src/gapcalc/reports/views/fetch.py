"""Says what fetching costs: the estimate before it, the bill after it, what is left."""

from collections.abc import Mapping, Sequence

from gapcalc.commands.fetch.plan import Estimate, StepCost
from gapcalc.providers.base import StepName
from gapcalc.reports.document import Cell, Column, Document, Grid, Section


def view_estimate(known: Estimate, about: str) -> Document:
    """Say what each step costs at most."""
    unit = known.unit
    columns = (
        Column("Step"),
        Column("Requests", "number"),
        Column("Rows", "number"),
        Column("Cost"),
        Column("In the cache", "number"),
        Column("By way of"),
    )
    rows = [
        (
            step.step,
            _bound(step, f"{step.requests:,}"),
            _bound(step, f"{step.rows:,}"),
            _bound(step, unit.show(step.units)),
            step.cached,
            step.via,
        )
        for step in known.steps
    ]
    exact = all(step.exact for step in known.steps)
    word = "exactly" if exact else "at most"
    lines = (f"All together, {word}: {unit.show(known.units)}",)
    return Document(
        f"{known.provider}: {about}",
        (Section(grid=Grid(columns, tuple(rows))), Section(lines=lines)),
    )


def _bound(step: StepCost, text: str) -> str:
    return text if step.exact else f"<= {text}"


def view_bill(
    known: Estimate, spent: Mapping[StepName, int], lost: int, where: str | None
) -> Document:
    """Say what each step was estimated to cost, what it did cost, and where the files are."""
    unit = known.unit
    columns = (Column("Step"), Column("Estimated"), Column("Spent"))
    rows: list[tuple[Cell, ...]] = [
        (step.step, _bound(step, unit.show(step.units)), unit.show(spent.get(step.step, 0)))
        for step in known.steps
    ]
    rows.append(("all", unit.show(known.units), unit.show(sum(spent.values()))))
    lines = [where] if where else []
    if lost:
        lines.append(f"Answers lost on the way may have cost up to {unit.show(lost)} more.")
    sections = [Section(grid=Grid(columns, tuple(rows)))]
    if lines:
        sections.append(Section(lines=tuple(lines)))
    return Document(known.provider, tuple(sections))


def view_balance(provider: str, left: Sequence[tuple[str, str]]) -> Document:
    """Say what is left at a provider."""
    columns = (Column("What"), Column("How much"))
    return Document(provider, (Section(grid=Grid(columns, tuple(left))),))
