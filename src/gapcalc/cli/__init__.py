"""The command line: parse, call, present; no decisions."""

import gc
import os
import sys
import traceback
from collections.abc import Sequence

import typer

from gapcalc.cli.benchmark import benchmark
from gapcalc.cli.export import export
from gapcalc.cli.fetch import fetch
from gapcalc.cli.formats import formats
from gapcalc.cli.gap import gap
from gapcalc.cli.rules import rules
from gapcalc.cli.schema import schema

app = typer.Typer(
    name="gapcalc",
    help="How many referring domains does this page need to compete for this keyword?",
    epilog="gapcalc FILE... is short for gapcalc gap FILE...",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
CRASHED = 70
"""The exit code of a fault of the program itself (EX_SOFTWARE)."""

COMMANDS = ("gap", "fetch", "export", "benchmark", "formats", "rules", "schema")
app.command()(gap)
app.command()(fetch)
app.command()(export)
app.command()(benchmark)
app.command()(formats)
app.command()(rules)
app.command()(schema)


def _show_version(value: bool) -> None:
    if value:
        from gapcalc import __version__
        from gapcalc.suffixes import list_date

        typer.echo(f"gapcalc {__version__} (public suffix list of {list_date() or 'unknown date'})")
        raise typer.Exit


@app.callback()
def options(
    *,
    _version: bool = typer.Option(
        False, "--version", callback=_show_version, is_eager=True, help="Show the version and exit."
    ),
) -> None:
    """How many referring domains does this page need to compete for this keyword?"""


def with_default_command(arguments: Sequence[str]) -> list[str]:
    """Put `gap` in front when the first argument is no command.

    >>> with_default_command(["keyword.csv"]), with_default_command(["rules"])
    (['gap', 'keyword.csv'], ['rules'])
    """
    if not arguments or arguments[0] in COMMANDS or arguments[0] in {"--help", "--version"}:
        return list(arguments)
    return ["gap", *arguments]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; exits with the codes of the README."""
    app(args=with_default_command(sys.argv[1:] if arguments is None else arguments))


def run() -> None:
    """Run the command line as a process of its own, and end it without tidying up memory.

    Giving back a million links piece by piece takes longer than counting them. A fault of the
    program ends with a code of its own: 1 would say that a limit is exceeded.
    """
    code = CRASHED
    # A run makes few cycles and ends soon; looking for them takes longer than they are large.
    gc.disable()
    try:
        main()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 0
    finally:
        if code == CRASHED:
            sys.stderr.write(_without_keys(traceback.format_exc()))
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _without_keys(text: str) -> str:
    """Mask the keys of providers, if any was ever read."""
    from gapcalc.providers.keys import redact

    return redact(text)
