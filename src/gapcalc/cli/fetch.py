"""The command `fetch`: get SERPs and link lists by API, as files that every other command reads."""

from pathlib import Path
from typing import Annotated

import typer

from gapcalc.cli import fetch_options as of
from gapcalc.cli.common import Config, Quiet
from gapcalc.words import Profile


def fetch(
    context: typer.Context,
    keywords: Annotated[
        list[str] | None, typer.Argument(metavar="KEYWORD...", help="What people search for.")
    ] = None,
    *,
    provider: of.Provider = None,
    country: of.Country = None,
    target: Annotated[str | None, typer.Option(help="Your own page.", metavar="URL")] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="The folder to write.", metavar="DIR")
    ] = None,
    depth: of.DepthOf = None,
    top: Annotated[
        int | None,
        typer.Option(help="Fetch results down to this position. (default: 10)", min=1),
    ] = None,
    max_rows: of.MaxRows = None,
    one_per_domain: of.OnePerDomain = None,
    profile: Annotated[
        Profile | None,
        typer.Option(help="The rules that decide which columns are bought. (default: balanced)"),
    ] = None,
    rule: Annotated[
        list[str] | None, typer.Option(help="Buy the columns of this rule too; may be repeated.")
    ] = None,
    no_rule: Annotated[
        list[str] | None, typer.Option(help="Do without this rule; may be repeated.")
    ] = None,
    max_units: of.MaxUnits = None,
    yes: of.Yes = False,
    dry_run: of.DryRun = False,
    balance: Annotated[
        bool,
        typer.Option("--balance", help="Show what is left at the provider.", show_default=False),
    ] = False,
    refresh: of.Refresh = False,
    offline: of.Offline = False,
    cache: of.CacheFolder = None,
    cache_days: of.CacheDays = None,
    config: Config = None,
    quiet: Quiet = False,
    verbose: Annotated[
        int,
        typer.Option(
            "-v", "--verbose", count=True, help="-vv lists every request.", show_default=False
        ),
    ] = 0,
) -> None:
    """Get SERPs, counts and link lists from a provider, as files that gapcalc reads.

    The cost is shown before anything is asked, and what is paid for is kept: run the same command
    again after an error, and it goes on where it stopped. Keys come from the environment or a file.
    """
    from gapcalc.cli.fetching import run_fetch

    run_fetch(context.params, keywords or [])
