"""The least that a Typer program with DuckDB costs: the floor for `gapcalc LINKS SERP`.

python tests/benchmarks/bare/ten_row_table_duckdb.py
"""

import duckdb
import typer
from rich.console import Console
from rich.table import Table

app = typer.Typer()


@app.command()
def show() -> None:
    """Print a table of ten pages, counted by a database."""
    with duckdb.connect() as connection:
        counts = connection.execute("select range + 1 from range(10)").fetchall()
    table = Table("#", "URL", "RD")
    for (position,) in counts:
        table.add_row(str(position), f"https://site-{position:02}.example/guide/", str(position))
    Console().print(table)


if __name__ == "__main__":
    app()
