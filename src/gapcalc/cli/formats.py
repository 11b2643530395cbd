"""The command `formats`: which files are read, and how are they exported?"""

from typing import Annotated

import typer


def formats(
    *, json: Annotated[bool, typer.Option("--json", help="Write JSON.", show_default=False)] = False
) -> None:
    """List every export that is read, and those that are recognised and refused."""
    from gapcalc.cli.streams import deliver, exit_codes
    from gapcalc.reports.views.formats import view, write

    with exit_codes():
        if json:
            deliver(write(), None)
            return
        from gapcalc.cli.answer import drawn

        deliver(drawn(view()), None)
