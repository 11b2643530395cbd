"""Says what fetching costs: the estimate before it, the bill after it, what is left."""

from gapcalc.commands.fetch.plan import Estimate, StepCost
from gapcalc.commands.fetch.write import Bill
from gapcalc.providers.base import Left, Unit
from gapcalc.reports.document import (
    Cell,
    Document,
    Grid,
    GridColumn,
    Section,
    Sentence,
    bounded,
    numbers,
)

_ONE_PERCENT = 0.01


def view_estimate(known: Estimate, about: str) -> Document:
    """Say what each step costs at most."""
    unit = known.unit
    columns = (
        GridColumn("Step"),
        *numbers("Requests", "Rows"),
        GridColumn("Cost"),
        *numbers("In the cache"),
        GridColumn("By way of"),
    )
    rows = [
        (
            step.step,
            bounded(_bound(step), step.requests),
            bounded(_bound(step), step.rows),
            _cost(step, unit),
            step.kept,
            step.via,
        )
        for step in known.steps
    ]
    exact = all(step.exact for step in known.steps)
    word = "exactly" if exact else "at most"
    lines = [f"All together, {word}: {unit.show(known.units)}{_share(known, known.units)}"]
    if known.links is not None and known.links.units:
        amount = unit.show(known.links.units)
        lines.append(
            f"With --depth links, at most {amount} more{_share(known, known.links.units)}: "
            f"{known.links.via}"
        )
    return Document(
        f"{known.provider}: {about}",
        (
            Section(None, (Grid(columns, tuple(rows)),)),
            Section(None, tuple(map(Sentence, lines))),
        ),
    )


def _share(known: Estimate, units: int) -> str:
    """Say how much of what is left an amount is, where the provider says what is left."""
    if not known.left or not units:
        return ""
    share = units / known.left
    text = f"{share:.0%}" if share >= _ONE_PERCENT else "under 1%"
    return f" ({text} of the {known.unit.show(known.left)} left)"


def _bound(step: StepCost) -> str:
    return "exact" if step.exact else "<="


def _cost(step: StepCost, unit: Unit) -> str:
    return unit.show(step.units) if step.exact else f"<= {unit.show(step.units)}"


def view_bill(bill: Bill, where: str | None) -> Document:
    """Say what each step was estimated to cost, what it did cost, and where the files are."""
    known, unit = bill.estimate, bill.estimate.unit
    columns = (GridColumn("Step"), GridColumn("Estimated"), GridColumn("Spent"))
    rows: list[tuple[Cell, ...]] = [
        (step.step, _cost(step, unit), unit.show(bill.spent.get(step.step, 0)))
        for step in known.steps
    ]
    rows.append(("all", unit.show(known.units), unit.show(sum(bill.spent.values()))))
    lines = [where] if where else []
    if bill.lost:
        lines.append(
            "Answers that did not arrive, or made no sense, may have cost up to "
            f"{unit.show(bill.lost)} more."
        )
    sections = [Section(None, (Grid(columns, tuple(rows)),))]
    if lines:
        sections.append(Section(None, tuple(map(Sentence, lines))))
    return Document(known.provider, tuple(sections))


def view_balance(provider: str, left: Left) -> Document:
    """Say what is left at a provider."""
    columns = (GridColumn("What"), GridColumn("How much"))
    return Document(provider, (Section(None, (Grid(columns, left.lines),)),))
