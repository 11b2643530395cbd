"""The command `formats`: which files are read, and how are they exported?"""

from typing import Annotated

import typer


def formats(
    *, json: Annotated[bool, typer.Option("--json", help="Write JSON.", show_default=False)] = False
) -> None:
    """List every export that is read, and those that are recognised and refused."""
    from gapcalc.cli.streams import exit_codes, print_report
    from gapcalc.reports.views.formats import report

    with exit_codes():
        print_report(report(), json=json)
