"""Says what fetching costs: the estimate before it, the bill after it, what is left."""

from collections.abc import Mapping, Sequence

from gapcalc.commands.fetch.estimate import Estimate, StepCost
from gapcalc.providers.base import StepName, Unit
from gapcalc.reports.document import (
    Cell,
    Column,
    Document,
    Grid,
    Section,
    Sentence,
    bounded,
    numbers,
)


def view_estimate(known: Estimate, about: str) -> Document:
    """Say what each step costs at most."""
    unit = known.unit
    columns = (
        Column("Step"),
        *numbers("Requests", "Rows"),
        Column("Cost"),
        *numbers("In the cache"),
        Column("By way of"),
    )
    rows = [
        (
            step.step,
            bounded(_bound(step), step.requests),
            bounded(_bound(step), step.rows),
            _cost(step, unit),
            step.cached,
            step.via,
        )
        for step in known.steps
    ]
    exact = all(step.exact for step in known.steps)
    word = "exactly" if exact else "at most"
    total = Sentence(f"All together, {word}: {unit.show(known.units)}")
    return Document(
        f"{known.provider}: {about}",
        (Section(None, (Grid(columns, tuple(rows)),)), Section(None, (total,))),
    )


def _bound(step: StepCost) -> str:
    return "exact" if step.exact else "<="


def _cost(step: StepCost, unit: Unit) -> str:
    return unit.show(step.units) if step.exact else f"<= {unit.show(step.units)}"


def view_bill(
    known: Estimate, spent: Mapping[StepName, int], lost: int, where: str | None
) -> Document:
    """Say what each step was estimated to cost, what it did cost, and where the files are."""
    unit = known.unit
    columns = (Column("Step"), Column("Estimated"), Column("Spent"))
    rows: list[tuple[Cell, ...]] = [
        (step.step, _cost(step, unit), unit.show(spent.get(step.step, 0))) for step in known.steps
    ]
    rows.append(("all", unit.show(known.units), unit.show(sum(spent.values()))))
    lines = [where] if where else []
    if lost:
        lines.append(f"Answers lost on the way may have cost up to {unit.show(lost)} more.")
    sections = [Section(None, (Grid(columns, tuple(rows)),))]
    if lines:
        sections.append(Section(None, tuple(map(Sentence, lines))))
    return Document(known.provider, tuple(sections))


def view_balance(provider: str, left: Sequence[tuple[str, str]]) -> Document:
    """Say what is left at a provider."""
    columns = (Column("What"), Column("How much"))
    return Document(provider, (Section(None, (Grid(columns, tuple(left)),)),))
