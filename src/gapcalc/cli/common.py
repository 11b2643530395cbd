"""The options that `export` and `fetch` have in the same words."""

from pathlib import Path
from typing import Annotated

import typer

Config = Annotated[
    Path | None, typer.Option(help="Settings file. (default: gapcalc.toml, found upwards)")
]
Quiet = Annotated[bool, typer.Option("-q", "--quiet", help="No messages.", show_default=False)]
