"""The command `fetch`: shows the cost, asks for leave, fetches, writes, shows the bill."""

import gc
import sys
from functools import partial
from pathlib import Path

import typer

from gapcalc.cli.options import Call
from gapcalc.cli.output import deliver, drawn, silent, tell, write_message
from gapcalc.cli.progress import Bar
from gapcalc.commands.fetch.plan import Estimate, Order, StepCost, make_order
from gapcalc.commands.fetch.run import Prompts, RunOptions, ask_balance, estimate_cost
from gapcalc.commands.fetch.write import Bill, fetch_folder
from gapcalc.errors import UsageError
from gapcalc.given import environment
from gapcalc.providers.base import Unit
from gapcalc.reports.document import Document
from gapcalc.reports.views.fetch import view_balance, view_bill, view_estimate
from gapcalc.settings import Settings
from gapcalc.workspace import Workspace, private_workspace

_LOGGED = 2
"""-v so many times lists every request."""


def run(call: Call) -> int:
    """Fetch into a folder, or show what that costs or what is left at the provider."""
    settings = call.settings
    with private_workspace(silent):
        if settings.balance:
            shown = view_balance(*ask_balance(settings, _run_options(None, settings)))
        else:
            order = make_order(settings, call.arguments)
            shown = (
                _cost(order, settings) if settings.dry_run else _fetch_to_folder(order, settings)
            )
        deliver(drawn(shown))
    return 0


def show_cost(call: Call) -> int:
    """Show what it would cost to fetch what `gap` is to answer from."""
    deliver(drawn(_cost(_order_for_gap(call), call.settings)))
    return 0


def fetch_for_gap(call: Call, workspace: Workspace) -> list[str]:
    """Fetch what `gap` is to answer from, and give it as its input."""
    order, settings = _order_for_gap(call), call.settings
    folder = workspace.folder / (settings.provider or "")
    bill = _fetch(order, settings, folder)
    if not settings.quiet:
        write_message(drawn(view_bill(bill, None)))
    return [str(folder)]


def _order_for_gap(call: Call) -> Order:
    if call.arguments:
        name = call.arguments[0]
        raise UsageError(f"--provider fetches what is needed; leave {name} out, or --provider")
    if not call.settings.keyword:
        raise UsageError("no keyword. Name what is to be fetched with --keyword")
    return make_order(call.settings, [call.settings.keyword])


def _cost(order: Order, settings: Settings) -> Document:
    return view_estimate(
        estimate_cost(order, settings, _run_options(order, settings)), _about(order)
    )


def _fetch_to_folder(order: Order, settings: Settings) -> Document:
    output = settings.fetch_to
    if output is None:
        raise UsageError("no folder to write. Name one with -o DIR, or give --dry-run")
    bill = _fetch(order, settings, output)
    return view_bill(bill, f"{len(bill.files)} files in {output}")


def _fetch(order: Order, settings: Settings, folder: Path) -> Bill:
    # Unlike an answer from files, a fetch can take hours, and every request leaves cycles behind.
    gc.enable()
    return fetch_folder(order, settings, _run_options(order, settings), folder)


def _run_options(order: Order | None, settings: Settings) -> RunOptions:
    quiet = settings.quiet
    note = silent if quiet else tell
    prompts = Prompts(
        show=partial(_show, about=_about(order) if order else "", quiet=quiet),
        agree=partial(_agree, settings=settings),
        refine=partial(_refine, quiet=quiet),
        note=note,
        progress=Bar(shown=sys.stderr.isatty() and not quiet, tell=note),
    )
    return RunOptions(
        environment=environment(),
        prompts=prompts,
        log=tell if settings.verbose >= _LOGGED else silent,
        offline=settings.offline,
        refresh=order.key if order and settings.refresh else None,
    )


def _about(order: Order) -> str:
    number = len(order.keywords)
    what = repr(order.keywords[0]) if number == 1 else f"{number} keywords"
    return f"{what}, {order.country}, top {order.question.top}, {order.depth}"


def _show(known: Estimate, *, about: str, quiet: bool) -> None:
    if not quiet:
        write_message(drawn(view_estimate(known, about)))


def _agree(known: Estimate, *, settings: Settings) -> None:
    """Have the user's leave to spend; raises UsageError without."""
    if settings.yes or settings.offline or not known.units:
        return
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError(
            f"this costs up to {known.unit.show(known.units)}, and there is no terminal to ask on. "
            "Give --yes to spend it, and --max-units N to spend no more than that"
        )
    try:
        agreed = typer.confirm("Fetch?", err=True)
    except typer.Abort as error:
        raise KeyboardInterrupt from error
    if not agreed:
        raise UsageError("nothing was fetched, and nothing spent")


def _refine(links: StepCost, unit: Unit, *, quiet: bool) -> None:
    if links.requests and not quiet:
        word = "costs" if links.exact else "costs at most"
        tell(
            f"{links.step}: now that the counts are known, this step {word} "
            f"{unit.show(links.units)} ({links.requests:,} requests, {links.rows:,} rows)"
        )
