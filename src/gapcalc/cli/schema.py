"""The command `schema`: what does a JSON output look like, exactly?"""

from typing import Annotated, Literal

import typer


def schema(
    command: Annotated[Literal["gap"], typer.Argument(help="The command whose output it is.")],
) -> None:
    """Print the JSON Schema of a command's JSON output."""
    from gapcalc.cli.streams import deliver
    from gapcalc.reports.schema import write_schema

    deliver(write_schema(command), None)
