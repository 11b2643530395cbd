"""Runs the command `fetch`: shows the cost, asks for leave, fetches, writes, shows the bill."""

import gc
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import typer

from gapcalc.cli.given import settings_of
from gapcalc.cli.progress import Bar
from gapcalc.cli.streams import deliver, exit_codes, silent, tell
from gapcalc.commands.fetch.plan import Estimate, Order, StepCost, make_order
from gapcalc.commands.fetch.run import (
    Prompts,
    RunOptions,
    ask_balance,
    estimate_cost,
)
from gapcalc.commands.fetch.write import Bill, fetch_folder
from gapcalc.errors import UsageError
from gapcalc.providers.base import Unit
from gapcalc.reports.document import Document
from gapcalc.reports.table import draw
from gapcalc.reports.views.fetch import view_balance, view_bill, view_estimate
from gapcalc.settings import Settings, environment
from gapcalc.workspace import Workspace, private_workspace

_LOGGED = 2
"""-v so many times lists every request."""

Options = Mapping[str, object]


def run_fetch(options: Options, keywords: Sequence[str]) -> None:
    """Do what the command line of `fetch` says."""
    with exit_codes(), private_workspace(silent):
        settings = replace(settings_of({**options, "output": None}), output=None)
        if options["balance"]:
            shown = view_balance(*ask_balance(settings, _run_options(None, options)))
        elif options["dry_run"]:
            shown = _dry_run(make_order(settings, keywords), settings, options)
        else:
            shown = _fetch_to(options["output"], make_order(settings, keywords), settings, options)
        deliver(_drawn(shown), None)


def _drawn(document: Document) -> str:
    return draw(document, width=shutil.get_terminal_size((100, 24)).columns, colour=False)


def _dry_run(order: Order, settings: Settings, options: Options) -> Document:
    known = estimate_cost(order, settings, _run_options(order, options))
    return view_estimate(known, _about(order))


def _fetch_to(output: object, order: Order, settings: Settings, options: Options) -> Document:
    if not isinstance(output, Path):
        raise UsageError("no folder to write. Name one with -o DIR, or give --dry-run")
    bill = _fetch(order, settings, options, output)
    return view_bill(bill, f"{len(bill.files)} files in {output}")


def _fetch(order: Order, settings: Settings, options: Options, folder: Path) -> Bill:
    # Unlike an answer from files, a fetch can take hours, and every request leaves cycles behind.
    gc.enable()
    return fetch_folder(order, settings, _run_options(order, options), folder)


def fetch_for_gap(
    inputs: Sequence[str], settings: Settings, options: Options, workspace: Workspace
) -> list[str]:
    """Fetch what `gap` is to answer from, and give it as its input; show the cost alone if so asked."""
    if inputs:
        raise UsageError(f"--provider fetches what is needed; leave {inputs[0]} out, or --provider")
    if not settings.keyword:
        raise UsageError("no keyword. Name what is to be fetched with --keyword")
    order = make_order(settings, [settings.keyword])
    if options["dry_run"]:
        deliver(_drawn(_dry_run(order, settings, options)), None)
        raise typer.Exit
    folder = workspace.folder / (settings.provider or "")
    bill = _fetch(order, settings, options, folder)
    if not options["quiet"]:
        sys.stderr.write(_drawn(view_bill(bill, None)))
    return [str(folder)]


def _run_options(order: Order | None, options: Options) -> RunOptions:
    quiet, verbose = bool(options["quiet"]), options["verbose"]
    prompts = Prompts(
        show=partial(_show, about=_about(order) if order else "", quiet=quiet),
        agree=partial(_agree, options=options),
        refine=partial(_refine, quiet=quiet),
        note=silent if quiet else tell,
        progress=Bar(shown=sys.stderr.isatty() and not quiet, tell=silent if quiet else tell),
    )
    return RunOptions(
        environment=environment(),
        prompts=prompts,
        log=tell if isinstance(verbose, int) and verbose >= _LOGGED else silent,
        offline=bool(options["offline"]),
        refresh=order.key if order and options["refresh"] else None,
    )


def _about(order: Order) -> str:
    number = len(order.keywords)
    what = repr(order.keywords[0]) if number == 1 else f"{number} keywords"
    return f"{what}, {order.country}, top {order.question.top}, {order.depth}"


def _show(known: Estimate, *, about: str, quiet: bool) -> None:
    if not quiet:
        sys.stderr.write(_drawn(view_estimate(known, about)))


def _agree(known: Estimate, *, options: Options) -> None:
    """Have the user's leave to spend; raises UsageError without."""
    if options["yes"] or options["offline"] or not known.units:
        return
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError(
            f"this costs up to {known.unit.show(known.units)}, and nobody is there to ask. "
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
