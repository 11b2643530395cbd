"""Says what fetching costs: the estimate before it, the bill after it, what is left."""

from gapcalc.commands.fetch.plan import Estimate, StepCost
from gapcalc.commands.fetch.write import Bill
from gapcalc.providers.base import Left
from gapcalc.reports.document import Cell, Column, Document, Grid, Section

_ONE_PERCENT = 0.01


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
        (Section(grid=Grid(columns, tuple(rows))), Section(lines=tuple(lines))),
    )


def _share(known: Estimate, units: int) -> str:
    """Say how much of what is left an amount is, where the provider says what is left."""
    if not known.left or not units:
        return ""
    share = units / known.left
    text = f"{share:.0%}" if share >= _ONE_PERCENT else "under 1%"
    return f" ({text} of the {known.unit.show(known.left)} left)"


def _bound(step: StepCost, text: str) -> str:
    return text if step.exact else f"<= {text}"


def view_bill(bill: Bill, where: str | None) -> Document:
    """Say what each step was estimated to cost, what it did cost, and where the files are."""
    known, unit = bill.estimate, bill.estimate.unit
    columns = (Column("Step"), Column("Estimated"), Column("Spent"))
    rows: list[tuple[Cell, ...]] = [
        (step.step, _bound(step, unit.show(step.units)), unit.show(bill.spent.get(step.step, 0)))
        for step in known.steps
    ]
    rows.append(("all", unit.show(known.units), unit.show(sum(bill.spent.values()))))
    lines = [where] if where else []
    if bill.lost:
        lines.append(
            f"Answers that did not arrive, or made no sense, may have cost up to "
            f"{unit.show(bill.lost)} more."
        )
    sections = [Section(grid=Grid(columns, tuple(rows)))]
    if lines:
        sections.append(Section(lines=tuple(lines)))
    return Document(known.provider, tuple(sections))


def view_balance(provider: str, left: Left) -> Document:
    """Say what is left at a provider."""
    columns = (Column("What"), Column("How much"))
    return Document(provider, (Section(grid=Grid(columns, left.lines)),))
