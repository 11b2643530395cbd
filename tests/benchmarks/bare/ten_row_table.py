"""The least that a Typer program costs which prints ten rows: the floor for `gapcalc SERP.csv`.

python tests/benchmarks/bare/ten_row_table.py
"""

import typer
from rich.console import Console
from rich.table import Table

app = typer.Typer()


@app.command()
def show() -> None:
    """Print a table of ten pages."""
    table = Table("#", "URL", "RD")
    for position in range(1, 11):
        table.add_row(str(position), f"https://site-{position:02}.example/guide/", str(position))
    Console().print(table)


if __name__ == "__main__":
    app()
