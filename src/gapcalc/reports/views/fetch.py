"""Presents what fetching costs: the estimate before, the bill after, the balance."""

from collections.abc import Iterator

from gapcalc.commands.fetch.plan import Estimate, StepCost
from gapcalc.commands.fetch.write import Bill
from gapcalc.providers.base import Left, Unit
from gapcalc.reports.document import (
    Cell,
    Document,
    Grid,
    GridColumn,
    Notes,
    Section,
    Sentence,
    bounded,
    labelled,
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
    )
    rows = [
        (
            step.step,
            bounded(_bound(step), step.requests),
            bounded(_bound(step), step.rows),
            _cost(step, unit),
            step.kept,
        )
        for step in known.steps
    ]
    costs = Grid(columns, tuple(rows))
    blocks = (Notes(tuple(_price(known))), costs, Notes(tuple(_endpoints(known))))
    return Document(f"{known.provider}: {about}", tuple(Section(None, (b,)) for b in blocks))


def _price(known: Estimate) -> Iterator[tuple[str, str]]:
    """Say what is paid in total, and what links would cost on top."""
    word = "exactly" if all(step.exact for step in known.steps) else "at most"
    yield "COST", f"{word.capitalize()} {known.unit.show(known.units)}{_share(known, known.units)}"
    if known.links is not None and known.links.units:
        amount = known.unit.show(known.links.units)
        said = f"With --depth links, at most {amount} more{_share(known, known.links.units)}"
        yield "", said


def _endpoints(known: Estimate) -> Iterator[tuple[str, str]]:
    """Say which endpoint each step uses."""
    yield from labelled("Asks", (f"{step.step}: {step.via}" for step in known.steps))
    if known.links is not None and known.links.units:
        yield "", f"--depth links: {known.links.via}"


def _share(known: Estimate, units: int) -> str:
    """Say what share of the balance an amount is, if the provider states the balance."""
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
    """Give the estimated and the actual cost of each step, and the place of the files."""
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
    """Present the balance at a provider."""
    columns = (GridColumn("What"), GridColumn("How much"))
    return Document(provider, (Section(None, (Grid(columns, left.lines),)),))
