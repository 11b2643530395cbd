"""The command `benchmark`: what does a KD score mean, and what are the published figures?"""

from pathlib import Path
from typing import Annotated

import typer


def benchmark(
    *,
    kd: Annotated[
        str | None, typer.Option(metavar="N", help="An Ahrefs KD: how many referring domains?")
    ] = None,
    rd: Annotated[
        int | None, typer.Option(metavar="N", min=0, help="Referring domains: what KD?")
    ] = None,
    kd_scale: Annotated[Path | None, typer.Option(help="A KD scale to use instead (TOML).")] = None,
    json: Annotated[bool, typer.Option("--json", help="Write JSON.", show_default=False)] = False,
) -> None:
    """Show what a KD score means in referring domains, and the published figures."""
    from gapcalc.cli.streams import exit_codes, print_report
    from gapcalc.commands.benchmark import find_benchmark
    from gapcalc.reports.views.benchmark import report

    with exit_codes():
        print_report(report(find_benchmark(kd, rd, kd_scale)), json=json)
