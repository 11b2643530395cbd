"""The least that a Typer program with one command costs: the floor for `gapcalc --help`.

python tests/benchmarks/bare/one_command_typer.py --help
"""

from typing import Annotated

import typer

app = typer.Typer()


@app.command()
def greet(name: Annotated[str, typer.Option(help="Whom to greet.")] = "world") -> None:
    """Greet somebody."""
    typer.echo(f"Hello, {name}!")


if __name__ == "__main__":
    app()
