"""The command `rules`: which links count, and why do the others not?"""

from typing import Annotated

import typer


def rules(
    *, json: Annotated[bool, typer.Option("--json", help="Write JSON.", show_default=False)] = False
) -> None:
    """Explain each quality rule, with what it does in every profile."""
    from gapcalc.cli.streams import exit_codes, print_report
    from gapcalc.reports.views.rules import report

    with exit_codes():
        print_report(report(), json=json)
