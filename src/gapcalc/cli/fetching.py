"""Runs the command `fetch`: shows the cost, asks for leave, fetches, writes, shows the bill."""

import gc
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import typer

from gapcalc.cli.answer import drawn
from gapcalc.cli.given import settings_of
from gapcalc.cli.progress import Bar
from gapcalc.cli.streams import deliver, exit_codes, silent, tell
from gapcalc.commands.fetch.plan import Estimate, Order, estimate
from gapcalc.commands.fetch.run import CLOCK, Prompts, RunOptions, fetch, make_order, open_run
from gapcalc.commands.fetch.write import check_folder, new_folder, write_files
from gapcalc.errors import UsageError
from gapcalc.reports.document import Document
from gapcalc.reports.views.fetch import view_balance, view_bill, view_estimate
from gapcalc.settings import Settings, environment
from gapcalc.workspace import Workspace, private_workspace

_LOGGED = 2
"""-v so many times lists every request."""

Options = Mapping[str, object]


def fetch_folder(options: Options, keywords: Sequence[str]) -> None:
    """Do what the command line of `fetch` says."""
    with exit_codes(), private_workspace(silent):
        settings = replace(settings_of({**options, "output": None}), output=None)
        if options["balance"]:
            shown = _balance(settings, options)
        elif options["dry_run"]:
            shown = dry_run(make_order(settings, keywords), settings, options)
        else:
            shown = _fetch_to(options["output"], make_order(settings, keywords), settings, options)
        deliver(drawn(shown), None)


def dry_run(order: Order, settings: Settings, options: Options) -> Document:
    """Show what an order would cost, and ask nothing."""
    with open_run(settings, replace(_way(order, options), dry=True)) as run:
        return view_estimate(estimate(order, run.session), _about(order))


def _balance(settings: Settings, options: Options) -> Document:
    with open_run(settings, _way(None, options)) as run:
        provider = run.session.provider
        answer = run.session.ask(provider.balance.ask())
        return view_balance(provider.title, provider.balance.read(answer))


def _fetch_to(output: object, order: Order, settings: Settings, options: Options) -> Document:
    if not isinstance(output, Path):
        raise UsageError("no folder to write. Name one with -o DIR, or give --dry-run")
    check_folder(output)
    with new_folder(output) as folder:
        return fetch_into(folder, order, settings, options, output)


def fetch_into(
    folder: Path, order: Order, settings: Settings, options: Options, named: Path | None = None
) -> Document:
    """Fetch an order into an empty folder, which is to be `named` so, and give the bill."""
    # Unlike an answer from files, a fetch can take hours, and every request leaves cycles behind.
    gc.enable()
    with open_run(settings, _way(order, options)) as run:
        known = fetch(order, run)
        files = write_files(order, run, known, CLOCK.now(), folder)
        where = f"{len(files)} files in {named}" if named else None
        return view_bill(known, run.budget.spent, run.budget.lost, where)


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
        deliver(drawn(dry_run(order, settings, options)), None)
        raise typer.Exit
    folder = workspace.folder / (settings.provider or "")
    folder.mkdir()
    bill = fetch_into(folder, order, settings, options)
    if not options["quiet"]:
        sys.stderr.write(drawn(bill))
    return [str(folder)]


def _way(order: Order | None, options: Options) -> RunOptions:
    quiet, verbose = bool(options["quiet"]), options["verbose"]
    prompts = Prompts(
        show=partial(_show, about=_about(order) if order else "", quiet=quiet),
        agree=partial(_agree, options=options),
        refine=partial(_refine, quiet=quiet),
        note=silent if quiet else tell,
        progress=Bar(shown=sys.stderr.isatty() and not quiet),
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
        sys.stderr.write(drawn(view_estimate(known, about)))


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


def _refine(known: Estimate, *, quiet: bool) -> None:
    links = known.steps[-1]
    if links.requests and not quiet:
        word = "costs" if links.exact else "costs at most"
        tell(
            f"{links.step}: now that the counts are known, this step {word} "
            f"{known.unit.show(links.units)} ({links.requests:,} requests, {links.rows:,} rows)"
        )
