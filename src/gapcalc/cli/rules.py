"""The command `rules`: which links count, and why do the others not?"""

from typing import Annotated

import typer


def rules(
    *, json: Annotated[bool, typer.Option("--json", help="Write JSON.", show_default=False)] = False
) -> None:
    """Explain each quality rule, with what it does in every profile."""
    from gapcalc.cli.streams import deliver, exit_codes
    from gapcalc.reports.views.rules import view, write

    with exit_codes():
        if json:
            deliver(write(), None)
            return
        from gapcalc.cli.answer import drawn

        deliver(drawn(view()), None)
