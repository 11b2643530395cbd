"""The command line: parse, call, present; no decisions."""

import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress

import typer

from gapcalc.cli.options import (
    Command,
    PlainCommand,
    flag,
    function_for,
    show_help,
    with_parameters,
)
from gapcalc.cli.output import INTERRUPTED, close_streams, deliver, exit_code_of, open_streams
from gapcalc.errors import USAGE

CRASHED = 70
"""The exit code of a fault of the program itself (EX_SOFTWARE)."""
QUESTION = "How many referring domains does this page need to compete for this keyword?"

COMMANDS = (
    Command(
        "gap",
        "INPUT",
        "Show how many referring domains your page lacks for a keyword.",
        (
            "gapcalc serp.csv",
            "gapcalc serp.csv backlinks-*.csv --target https://example.com/desk/",
            "gapcalc folder --target https://example.com/desk/ --json",
        ),
        "INPUT is a file, a folder, a glob, or - for standard input. A SERP export says which "
        "pages rank, link exports give their links. Files are recognised by their column headings.",
        "With --provider and --keyword, both come from there instead (gapcalc fetch).",
    ),
    Command(
        "prospects",
        "INPUT",
        "List the domains that link to pages you compete with and not to yours.",
        (
            "gapcalc prospects *.csv --target https://example.com/desk/",
            "gapcalc prospects *.csv --target https://example.com/desk/ -o leads.csv",
        ),
        "INPUT is as for gapcalc gap: a SERP export, and link exports of the pages and of yours.",
    ),
    Command(
        "audit",
        "INPUT",
        "Show the link profile of your page or site, and why each link counts or does not.",
        (
            "gapcalc audit backlinks-*.csv --target https://example.com/desk/",
            "gapcalc audit folder --target example.com/desk --links -o links.csv",
            "gapcalc audit backlinks-*.csv --target example.com --brand Acme",
        ),
        "A target with a path is a page; a bare domain is the whole site. Shares stand beside those of "
        "the pages that rank, where their lists are given too.",
    ),
    Command(
        "plan",
        "INPUT",
        "Show how many months and how much it takes until the gap is closed.",
        (
            "gapcalc plan folder --target https://example.com/desk/",
            "gapcalc plan folder --target https://example.com/desk/ --pace 6 --price 250",
            "gapcalc plan folder --target https://example.com/desk/ -o plan.csv",
        ),
        "INPUT is as for gapcalc gap. Dates in link exports tell how fast rivals grow.",
    ),
    Command(
        "fetch",
        "KEYWORD",
        "Get SERPs, counts and link lists from a provider, as files that gapcalc reads.",
        (
            'gapcalc fetch "desk lamp" --provider ahrefs --dry-run',
            'gapcalc fetch "desk lamp" --provider ahrefs -o desk-lamp',
            "gapcalc fetch --provider ahrefs --balance",
        ),
        "The cost is shown before anything is asked, and what is paid for is kept: run the same "
        "command again after an error, and it goes on where it stopped.",
        "Keys come from the environment or a file.",
    ),
    Command(
        "export",
        "INPUT",
        "Write the inputs as they were understood, to be read again with the same results.",
        (
            "gapcalc export serp.csv -o serp.parquet",
            "gapcalc export serp.csv backlinks-*.csv -o desk.zip",
            "gapcalc export folder -o normalised/",
        ),
        "One input becomes a CSV or a Parquet file; several become a folder or an archive.",
    ),
    Command(
        "benchmark",
        None,
        "Show what a KD score means in referring domains, and the published figures.",
        ("gapcalc benchmark", "gapcalc benchmark --kd 34", "gapcalc benchmark --rd 50"),
    ),
    Command(
        "formats",
        None,
        "List every export that is read, and those that are recognised and refused.",
        ("gapcalc formats", "gapcalc formats --json"),
    ),
    Command(
        "rules",
        None,
        "Explain each quality rule, with what it does in every profile.",
        ("gapcalc rules", "gapcalc rules --json"),
    ),
    Command(
        "config",
        None,
        "Show the settings in force, and where each of them was given.",
        ("gapcalc config", "gapcalc config --json"),
    ),
    Command(
        "schema",
        "NAME",
        "Print the JSON Schema of a command's JSON output, or of the settings file.",
        ("gapcalc schema gap", "gapcalc schema settings"),
    ),
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; ends with SystemExit and one of the exit codes of the README.

    Without any argument the help is shown, and the code says that a command is missing.
    """
    given = with_default_command(sys.argv[1:] if arguments is None else arguments)
    asked = given or ["--help"]
    code = exit_code_of(
        lambda: _app(asked)(args=asked, standalone_mode=False), json=_wants_json(asked)
    )
    sys.exit(code if given else code or USAGE)


def _wants_json(arguments: Sequence[str]) -> bool:
    """Say whether JSON was asked for, before the options are read: they may be what is wrong."""
    pairs = zip(arguments, [*arguments[1:], ""], strict=True)
    return any(
        one in {"--json", "--format=json"} or (one, other) == ("--format", "json")
        for one, other in pairs
    )


def with_default_command(arguments: Sequence[str]) -> list[str]:
    """Put `gap` in front when the first argument is no command.

    >>> with_default_command(["keyword.csv"]), with_default_command(["rules"])
    (['gap', 'keyword.csv'], ['rules'])
    """
    names = {command.name for command in COMMANDS}
    if not arguments or arguments[0] in {*names, "--help", "--version"}:
        return list(arguments)
    return ["gap", *arguments]


def _show_version(*, wanted: bool) -> None:
    if wanted:
        from gapcalc import __version__
        from gapcalc.suffixes import list_date

        deliver(f"gapcalc {__version__} (public suffix list of {list_date() or 'unknown date'})\n")
        raise typer.Exit


def _app(arguments: Sequence[str]) -> typer.Typer:
    """Make the program: with the one command that is asked for, or with all for the overview."""
    app = typer.Typer(
        name="gapcalc",
        help=QUESTION,
        epilog="gapcalc FILE... is short for gapcalc gap FILE...",
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )

    def overview(**_typed: object) -> None:
        pass

    options = [
        flag("version", ["--version"], "Show the version and exit.", callback=_show_version),
        flag("help", ["--help"], "Show this page and exit.", callback=show_help),
    ]
    app.callback(add_help_option=False)(with_parameters(overview, options))
    for command in COMMANDS:
        if arguments[0] in {command.name, "--help", "--version"}:
            # The overview shows names and summaries alone.
            function = function_for(command) if arguments[0] == command.name else overview
            app.command(
                command.name,
                cls=PlainCommand,
                help=command.help,
                short_help=command.summary,
                add_help_option=False,
            )(function)
    return app


def run() -> None:
    """Run the command line as a process of its own, and end it without tidying up memory.

    Giving back a million links piece by piece takes longer than counting them. A fault of the
    program ends with a code of its own: 1 would say that a limit is exceeded.
    """
    code = CRASHED
    try:
        if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        open_streams()
        main()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else CRASHED
    except KeyboardInterrupt:
        code = INTERRUPTED
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        if code == CRASHED:
            import traceback

            with suppress(OSError, ValueError):
                sys.stderr.write(_without_keys(traceback.format_exc()))
        close_streams()
        os._exit(code)


def _without_keys(text: str) -> str:
    """Mask the keys of providers, if any was ever read."""
    from gapcalc.providers.keys import redact

    return redact(text)
