"""The command `export`: what was understood of these files?"""

from pathlib import Path
from typing import Annotated

import typer

from gapcalc.cli.common import Config, Quiet


def export(
    inputs: Annotated[
        list[str],
        typer.Argument(metavar="INPUT...", help="Files, folders, globs, or - for standard input."),
    ],
    *,
    output: Annotated[
        str,
        typer.Option(
            "-o", "--output", help="NAME.csv, NAME.parquet, NAME.zip or DIR/.", show_default=False
        ),
    ],
    links_for: Annotated[
        list[str] | None,
        typer.Option(help="The page that a link file without targets is of.", metavar="URL=FILE"),
    ] = None,
    config: Config = None,
    quiet: Quiet = False,
    verbose: Annotated[
        bool,
        typer.Option(
            "-v", "--verbose", help="Name formats, list every problem.", show_default=False
        ),
    ] = False,
) -> None:
    """Write the inputs as they were understood, normalised, to be read again with the same results.

    One input becomes a CSV or a Parquet file; several become a folder or an archive.
    """
    from gapcalc.cli.streams import deliver_made, exit_codes, silent, tell, tell_inputs
    from gapcalc.commands.export import export_inputs
    from gapcalc.settings import environment, settle
    from gapcalc.workspace import private_workspace

    with exit_codes():
        flags = {"links_for": tuple(links_for)} if links_for else {}
        settings = settle(flags, environment(), config, Path.cwd())
        with private_workspace(silent if quiet else tell) as workspace:
            made = export_inputs(inputs, settings, output, workspace)
            if not quiet:
                tell_inputs(made.inputs, made.problems, verbose=verbose)
            deliver_made(made.path, Path(output))
